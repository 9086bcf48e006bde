package facts

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

var factRecord = record[factDraft]{"a fact", []field[factDraft]{
	idField("The fact's own id: subject, property, detail, such as dialogue-chair-2022.",
		func(d *factDraft) (*ID, *mark) { return &d.ID, &d.idAt }),
	marked(entityField("subject", "What the fact is about.", func(d *factDraft) **Entity { return &d.Subject }).required(),
		func(d *factDraft) *mark { return &d.at.subject }),
	propertyField("property", "What kind of statement it is.",
		func(d *factDraft) **Property { return &d.Property }).required(),
	marked(field[factDraft]{
		key: "value", doc: "What is said: an entity's id, a date, {number, unit} or {text}.", must: true,
		form: def("value"), read: (*file).value,
	}, func(d *factDraft) *mark { return &d.at.value }),
	{
		key: "qualifiers", doc: "When, where, for whom: what narrows the statement.",
		form: def("qualifiers"),
		read: func(f *file, n *yaml.Node, d *factDraft) { qualifiersRecord.read(f, n, d) },
	},
	marked(yesField("disputed", "Sources disagree; every version is a fact of its own, all of them disputed.",
		func(d *factDraft) *bool { return &d.Disputed }), func(d *factDraft) *mark { return &d.at.disputed }),
	marked(field[factDraft]{
		key: "anniversary", doc: "How the day is remembered each year.", form: def("anniversary"),
		read: func(f *file, n *yaml.Node, d *factDraft) {
			d.Anniversary = new(Anniversary)
			anniversaryRecord.read(f, n, d.Anniversary)
		},
	}, func(d *factDraft) *mark { return &d.at.anniversary }),
	noteField("note", "What a reader should know: what is inferred, what the source leaves open.",
		func(d *factDraft) *Text { return &d.Note }),
	{
		key: "references", doc: "Where it can be read, at least one source.", must: true,
		form: listOf(def("reference"), 1),
		read: func(f *file, n *yaml.Node, d *factDraft) { f.references(n, d) },
	},
}}

var qualifiersRecord = record[factDraft]{"qualifiers", []field[factDraft]{
	dateField("time", "When it held; for a role, the day of the source that says so.",
		func(d *factDraft) *Date { return &d.Qualifiers.Time }),
	marked(dateField("until", "The end of the period.", func(d *factDraft) *Date { return &d.Qualifiers.Until }),
		func(d *factDraft) *mark { return &d.at.until }),
	dateField("as-of", "The day on which a count was right.", func(d *factDraft) *Date { return &d.Qualifiers.AsOf }),
	marked(numberField("ordinal", "The place in an order, from 1.", 1, maxNumber,
		func(d *factDraft) *int { return &d.Qualifiers.Ordinal }), func(d *factDraft) *mark { return &d.at.ordinal }),
	entityField("of", "The body on whose behalf a role is held.",
		func(d *factDraft) **Entity { return &d.Qualifiers.Of }),
	entityField("at", "The occasion.", func(d *factDraft) **Entity { return &d.Qualifiers.At }),
	entityField("country", "The country that a participant stands for.",
		func(d *factDraft) **Entity { return &d.Qualifiers.Country }),
	numberField("against", "Votes against.", 0, maxNumber, func(d *factDraft) *int { return &d.Qualifiers.Against }),
	numberField("abstentions", "Abstentions.", 0, maxNumber,
		func(d *factDraft) *int { return &d.Qualifiers.Abstentions }),
	entityField("replaces", "Who held the place before, where the source says so.",
		func(d *factDraft) **Entity { return &d.Qualifiers.Replaces }),
	wordingField("capacity", "As what someone spoke or took part.",
		func(d *factDraft) *Text { return &d.Qualifiers.Capacity }),
	yesField("announced", "Said in advance, not reported afterwards.",
		func(d *factDraft) *bool { return &d.Qualifiers.Announced }),
	yesField("derived", "Counted from other facts.", func(d *factDraft) *bool { return &d.Qualifiers.Derived }),
}}

var quantityRecord = record[Quantity]{"a quantity", []field[Quantity]{
	numberField("number", "How many.", 1, maxNumber, func(q *Quantity) *int { return &q.Number }).required(),
	wordField("unit", "What is counted, such as votes.", func(q *Quantity) *string { return &q.Unit }).required(),
	yesField("more-than", "The source says only that there are more.", func(q *Quantity) *bool { return &q.MoreThan }),
}}

var textRecord = record[Text]{"a text", []field[Text]{
	{
		key: "text", doc: "The words by language.", must: true, form: def("translations"),
		read: func(f *file, n *yaml.Node, t *Text) { t.In = f.translations(n) },
	},
	{
		key: "original", doc: "The language of the source's own words; left out if the words are ours.",
		form: def("language"),
		read: func(f *file, n *yaml.Node, t *Text) { t.Original = f.lang(n) },
	},
	{
		key: "review", doc: "The languages that no native reader has reviewed: {ru: draft}.",
		form: byLangForm(enum(reviews)),
		read: func(f *file, n *yaml.Node, t *Text) { t.Draft = f.draftLangs(n) },
	},
}}

var referenceRecord = record[Reference]{"a reference", []field[Reference]{
	sourceField("source", "The id of the page.", func(r *Reference) **Source { return &r.Source }).required(),
	{
		key: "quote", doc: "The page's own words, at most " + strconv.Itoa(MaxQuote) + " of them.",
		form: def("words"),
		read: func(f *file, n *yaml.Node, r *Reference) {
			r.Quote = f.text(n, "a quotation")
			if words := len(strings.Fields(r.Quote)); words > MaxQuote {
				f.find(markOf(n), "a quotation of "+strconv.Itoa(words)+" words", "at most "+strconv.Itoa(MaxQuote))
			}
		},
	},
	choiceField("supports", "What of a date this page bears out, if it says less than the fact.",
		[]string{string(ToTheYear), string(ToTheMonth)}, func(r *Reference) *string { return &r.Supports }),
}}

var anniversaryRecord = record[Anniversary]{"an anniversary", []field[Anniversary]{
	choiceField("topic", "What channels subscribe to.", []string{"wps", "dialogue", "observances", "institutions"},
		func(a *Anniversary) *string { return &a.Topic }).required(),
	numberField("weight", "From 1 to 3: of several on one day, the greatest comes first.", 1, maxWeight,
		func(a *Anniversary) *int { return &a.Weight }).required(),
	wordingField("title", "What the day is, without its year.",
		func(a *Anniversary) *Text { return &a.Title }).required(),
	choiceField("leap", "When a 29 February is remembered in common years; the day before if left out.",
		[]string{string(DayAfter), string(LeapYears)}, func(a *Anniversary) *Leap { return &a.Leap }),
	{
		key: "with", doc: "Things that belong to the day, and whose facts are told beside it.", form: listOf(def("id"), 1),
		read: func(f *file, n *yaml.Node, a *Anniversary) {
			a.With = linkList(f, n, "ids of entities", &f.entityLinks)
		},
	},
}}

// maxWeight is the weight of a day that comes before all others.
const maxWeight = 3

// value reads what a fact says. A scalar waits until its property is known.
func (f *file) value(n *yaml.Node, d *factDraft) {
	const want = "an entity's id, a date, {number: …, unit: …} or {text: {en: …, ru: …}}"
	if n.Kind == yaml.ScalarNode && (n.Tag == "!!str" || n.Tag == "!!int" || n.Tag == "!!timestamp") && n.Value != "" {
		d.scalar = n.Value
		return
	}
	for k := range pairs(n) {
		switch {
		case n.Kind != yaml.MappingNode:
		case k.Value == "number" || k.Value == "unit":
			var q Quantity
			quantityRecord.read(f, n, &q)
			d.Value = q
			return
		case k.Value == "text":
			d.Value = f.markedText(n)
			return
		}
	}
	f.find(markOf(n), "found "+describe(n), want)
}

// references reads where a fact can be read.
func (f *file) references(n *yaml.Node, d *factDraft) {
	d.References = slots[Reference](n)
	f.list(n, "references, so that the fact has a source", 1, func(i int, item *yaml.Node) {
		referenceRecord.read(f, item, &d.References[i])
	})
}

// completeness reads where a property's facts are complete.
func (f *file) completeness(n *yaml.Node, p *propertyDraft) {
	p.Complete = slots[Completeness](n)
	f.list(n, "completenesses, {} for everywhere", 1, func(i int, item *yaml.Node) {
		completenessRecord.read(f, item, &p.Complete[i])
		p.completeAt = append(p.completeAt, markOf(item))
	})
}

// slots makes room for the items of a list at once, so that links may point at
// them.
func slots[T any](n *yaml.Node) []T {
	if n.Kind != yaml.SequenceNode {
		return nil
	}
	return make([]T, len(n.Content))
}
