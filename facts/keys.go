package facts

import "go.yaml.in/yaml/v4"

// The records below are the format of the data files, key by key.

// fileRecord is a whole file.
var fileRecord = record[file]{"a file", []field[file]{
	{
		key: "languages", doc: "The languages that names and texts must stand in; in one file only.",
		form: def("languages"),
		read: func(f *file, n *yaml.Node, _ *file) {
			langs := languages{at: markOf(n)}
			if languagesRecord.read(f, n, &langs) {
				f.languages = append(f.languages, langs)
			}
		},
	},
	items("types", "The classes of entities.", &typeRecord, "type",
		func(f *file, t *typeDraft, _ Pos) { f.types = append(f.types, t) }),
	items("properties", "The kinds of statements.", &propertyRecord, "property",
		func(f *file, p *propertyDraft, at Pos) { p.Pos = at; f.properties = append(f.properties, p) }),
	items("sources", "The published pages that facts rest on.", &sourceRecord, "source",
		func(f *file, s *sourceDraft, at Pos) { s.Pos = at; f.sources = append(f.sources, s) }),
	items("entities", "The things that facts speak about.", &entityRecord, "entity",
		func(f *file, e *entityDraft, at Pos) { e.Pos = at; f.entities = append(f.entities, e) }),
	items("facts", "Statements, each with its sources.", &factRecord, "fact",
		func(f *file, d *factDraft, at Pos) { d.Pos = at; f.facts = append(f.facts, d) }),
	items("translations", "The texts of facts in one more language each.", &translationRecord, "translation",
		func(f *file, t *translationDraft, _ Pos) { f.translated = append(f.translated, t) }),
}}

var languagesRecord = record[languages]{"languages", []field[languages]{
	langsField("names", "Languages in which every entity must have a name.",
		func(l *languages) *[]Lang { return &l.names }).required(),
	langsField("texts", "Languages in which every text must be written.",
		func(l *languages) *[]Lang { return &l.texts }).required(),
	langsField("notes", "Languages in which every note must be written; those of texts if left out.",
		func(l *languages) *[]Lang { return &l.notes }),
}}

var typeRecord = record[typeDraft]{"a type", []field[typeDraft]{
	idField("The type's own id, such as event.", func(t *typeDraft) (*ID, *mark) { return &t.ID, &t.idAt }),
	propertyField("when", `The property that "when?" asks about.`, func(t *typeDraft) **Property { return &t.When }),
	propertyField("where", `The property that "where?" asks about.`, func(t *typeDraft) **Property { return &t.Where }),
	{
		key: "about", doc: `What "tell me about it" says: properties, in order.`,
		form: listOf(def("id"), 0),
		read: func(f *file, n *yaml.Node, t *typeDraft) {
			t.About = linkList(f, n, "ids of properties", &f.propertyLinks)
		},
	},
}}

var propertyRecord = record[propertyDraft]{"a property", []field[propertyDraft]{
	idField("The property's own id, such as held-on.", func(p *propertyDraft) (*ID, *mark) { return &p.ID, &p.idAt }),
	typesField("domain", "The types of what this may be said of.", nil,
		func(p *propertyDraft) *[]ID { return &p.Domain }).required(),
	typesField("range", "What the value may be: types of entities, date, quantity, text.", literals,
		func(p *propertyDraft) *[]ID { return &p.Range }).required(),
	choiceField("single", "always: one value for ever; year: one a year. Any number if left out.",
		[]string{string(Always), string(EachYear)}, func(p *propertyDraft) *Single { return &p.Single }),
	entityField("default", "The subject that a question means when it names none.",
		func(p *propertyDraft) **Entity { return &p.Default }),
	propertyField("none", "The property whose fact shows that this one has no value.",
		func(p *propertyDraft) **Property { return &p.None }),
	{
		key: "complete", doc: "Where the facts name every value there is.",
		form: listOf(def("completeness"), 1),
		read: func(f *file, n *yaml.Node, p *propertyDraft) { f.completeness(n, p) },
	},
}}

var completenessRecord = record[Completeness]{"a completeness", []field[Completeness]{
	entityField("subject", "The subject about which the facts are complete; every subject if left out.",
		func(c *Completeness) **Entity { return &c.Subject }),
	numberField("from", "The first complete year.", 1, maxYear, func(c *Completeness) *int { return &c.From }),
	numberField("to", "The last complete year.", 1, maxYear, func(c *Completeness) *int { return &c.To }),
	dateField("as-of", "When the facts were complete.", func(c *Completeness) *Date { return &c.AsOf }),
}}

var entityRecord = record[entityDraft]{"an entity", []field[entityDraft]{
	idField("The entity's own id, such as almaty-2023.", func(e *entityDraft) (*ID, *mark) { return &e.ID, &e.idAt }),
	typeField("type", "The id of its type.", func(e *entityDraft) **Type { return &e.Type }).required(),
	wordsField("kinds", "What sort of event, organisation, … it is: conference, forum, committee.",
		func(e *entityDraft) *[]string { return &e.Kinds }),
	{
		key: "names", doc: "Its name in every language.", must: true,
		form: byLangForm(def("name")), read: (*file).names,
	},
	{
		key: "aliases", doc: "What else people call it, by language.",
		form: byLangForm(listOf(def("words"), 1)), read: (*file).aliases,
	},
	{
		key: "hint", doc: "Tells it apart from another entity that shares a name.",
		form: def("translations"),
		read: func(f *file, n *yaml.Node, e *entityDraft) { e.Hint = f.translations(n) },
	},
	{
		key: "of", doc: "The wider things that it belongs to: a city's country, a position's body.",
		form: listOf(def("id"), 0),
		read: func(f *file, n *yaml.Node, e *entityDraft) {
			e.Of = linkList(f, n, "ids of entities", &f.entityLinks)
		},
	},
	wordsField("tags", "Words that may describe it without changing what it is.",
		func(e *entityDraft) *[]string { return &e.Tags }),
	choiceField("gender", "The grammatical gender of the name, where words agree with it: of persons, and of countries.", []string{"f", "m"},
		func(e *entityDraft) *string { return &e.Gender }),
	numberField("number", "The number that people call it by: 1325.", 1, maxNumber,
		func(e *entityDraft) *int { return &e.Number }),
	yesField("prominent", `It is what a bare noun means: "the conference".`,
		func(e *entityDraft) *bool { return &e.Prominent }),
}}

var nameRecord = record[Name]{"a name", append([]field[Name]{
	textField("text", "The name as it stands alone.", func(n *Name) *string { return &n.Text }).required(),
	{
		key: "review", doc: "draft, until a native reader has reviewed the name.",
		form: enum(reviews),
		read: func(f *file, n *yaml.Node, name *Name) { name.Draft = f.choice(n, reviews) == draft },
	},
}, formFields()...)}

var sourceRecord = record[sourceDraft]{"a source", []field[sourceDraft]{
	idField("The source's own id, such as nca-2023-10-17.", func(s *sourceDraft) (*ID, *mark) { return &s.ID, &s.idAt }),
	textField("publisher", "Who published the page.", func(s *sourceDraft) *string { return &s.Publisher }).required(),
	textField("title", "The page's title.", func(s *sourceDraft) *string { return &s.Title }).required(),
	{
		key: "url", doc: "The page's address.", form: schema{"type": "string", "pattern": "^https?://[^ ]+$"},
		read: func(f *file, n *yaml.Node, s *sourceDraft) { s.URL = f.address(n) },
	},
	dateField("date", "When it was published; left out where the page does not say.",
		func(s *sourceDraft) *Date { return &s.Date }),
	{
		key: "language", doc: "The language of the page.", form: def("language"),
		read: func(f *file, n *yaml.Node, s *sourceDraft) { s.Lang = f.lang(n) },
	},
	dateField("checked", "When a curator last read the page.", func(s *sourceDraft) *Date { return &s.Checked }),
	textField("note", "What a curator should know about the page.", func(s *sourceDraft) *string { return &s.Note }),
}}
