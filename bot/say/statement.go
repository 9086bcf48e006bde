package say

import (
	"slices"
	"strconv"

	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/facts"
)

// maxCites is how many sources one statement names; a reader needs one or two.
const maxCites = 3

// teller writes one message.
type teller struct {
	pack  *lang.Pack
	lang  facts.Lang
	notes []message.Note
	cited []*facts.Source
	body  []message.Block
	// disputed is true below a line that says that sources disagree.
	disputed bool
	// ahead is true while a question is put into words that is about a time that is
	// not over; tensed, whether its words were chosen by that.
	ahead, tensed bool
	// timed is whether the question that was said names its time.
	timed bool
}

// newTeller has room for what most messages hold, all in one piece.
func newTeller(p *lang.Pack) *teller {
	var t struct {
		teller
		body  [3]message.Block
		notes [maxCites]message.Note
		cited [maxCites]*facts.Source
	}
	t.teller = teller{pack: p, lang: facts.Lang(p.Code), body: t.body[:0], notes: t.notes[:0], cited: t.cited[:0]}
	return &t.teller
}

// group is facts that one sentence states: the same property of the same thing,
// with several values; or one value, with the words that another fact gives it.
type group struct {
	facts  []*facts.Fact
	detail *facts.Fact
}

// few is how many groups most answers have at most.
const few = 4

// groups puts facts together that make one sentence, in the empty out if it has room.
func groups(out []group, all []*facts.Fact) []group {
	for k, f := range all {
		if n := len(out); n > 0 && details(out[n-1], f) {
			out[n-1].detail = f
			continue
		}
		i := slices.IndexFunc(out, func(g group) bool { return joins(g.facts[0], f) })
		if i < 0 {
			out = append(out, group{facts: all[k : k+1 : k+1]})
			continue
		}
		out[i].facts = append(out[i].facts, f)
	}
	return out
}

// details reports whether f gives the words for the value of the group.
func details(g group, f *facts.Fact) bool {
	ref, ok := g.facts[0].Value.(facts.Ref)
	return ok && ref.Entity == f.Subject && f.Property.ID == "wording" && g.facts[0].Qualifiers.Ordinal > 0
}

// joins reports whether two facts differ in nothing but their values, which are
// things.
func joins(a, b *facts.Fact) bool {
	_, x := a.Value.(facts.Ref)
	_, y := b.Value.(facts.Ref)
	p, q := &a.Qualifiers, &b.Qualifiers
	return x && y && a.Subject == b.Subject && a.Property == b.Property && !a.Disputed && !b.Disputed &&
		p.Ordinal == 0 && p.Time == q.Time &&
		p.Of == q.Of && p.Announced == q.Announced
}

// sentence states a group, with its citations.
func (t *teller) sentence(g group) []message.Inline {
	out := append(make([]message.Inline, 0, 1+maxCites), t.stated(g))
	cites := make([]message.Cite, 0, maxCites)
	add := func(f *facts.Fact) {
		for _, n := range t.cite(cites, f) {
			if !slices.Contains(out, message.Inline(n)) && len(out) <= maxCites {
				out = append(out, n)
			}
		}
	}
	for _, x := range g.facts {
		add(x)
	}
	if g.detail != nil {
		add(g.detail)
	}
	return out
}

// said is what a fact says in a language.
type said struct{ message.Inline }

// stated is the sentence of a group without its citations. A fact that nothing is
// added to always says the same.
func (t *teller) stated(g group) message.Inline {
	f := g.facts[0]
	alone := len(g.facts) == 1 && g.detail == nil && !f.Disputed
	if alone {
		if s, ok := t.pack.Kept(f).(*said); ok {
			return s.Inline
		}
	}
	text := t.state(g)
	if f.Qualifiers.Announced && !t.announces(f) {
		text += " " + t.pack.Part("announced", nil)
	}
	if f.Disputed && !t.disputed {
		text += " " + t.pack.Part("disputed-mark", nil)
	}
	s := said{message.Text(text)}
	if alone {
		t.pack.Keep(f, &s)
	}
	return s.Inline
}

// state fills the property's frame.
func (t *teller) state(g group) string {
	f := g.facts[0]
	frame := t.pack.Frames[string(f.Property.ID)]
	if frame == nil || frame.Says.IsZero() {
		return t.name(f.Subject, "") + " — " + string(f.Property.ID) + ": " + t.values(g, "").Text + "."
	}
	says := frame.Says
	if f.Qualifiers.Announced && t.announces(f) {
		says = frame.Announced
	}
	return says.Fill(func(place, form string) lang.Filled { return t.place(g, place, form) })
}

// announces reports whether the pack has a sentence of its own for what was only
// announced.
func (t *teller) announces(f *facts.Fact) bool {
	frame := t.pack.Frames[string(f.Property.ID)]
	return frame != nil && !frame.Announced.IsZero()
}

// place fills one place of a statement.
func (t *teller) place(g group, place, form string) lang.Filled {
	f := g.facts[0]
	q := &f.Qualifiers
	switch place {
	case "subject":
		return lang.Filled{Text: t.name(f.Subject, form), Class: f.Subject.Gender}
	case "value":
		return t.values(g, form)
	case "n":
		quantity, _ := f.Value.(facts.Quantity)
		return t.number(quantity.Number)
	case "ordinal":
		if q.Ordinal == 0 {
			return lang.Filled{}
		}
		return lang.Filled{Text: strconv.Itoa(q.Ordinal), Class: t.pack.Ordinal(q.Ordinal)}
	case "against":
		return t.number(q.Against)
	case "abstentions":
		return t.number(q.Abstentions)
	case "unanimous":
		if q.Against == 0 && q.Abstentions == 0 {
			return lang.Filled{Text: " "}
		}
	case "morethan":
		if quantity, _ := f.Value.(facts.Quantity); quantity.MoreThan {
			return lang.Filled{Text: " "}
		}
	case "words":
		text, _ := f.Value.(facts.Text)
		return lang.Filled{Text: t.text(text)}
	case "country":
		if ref, ok := f.Value.(facts.Ref); ok && len(ref.Of) > 0 {
			return t.entity(ref.Of[0], form)
		}
	case "counted":
		quantity, _ := f.Value.(facts.Quantity)
		return lang.Filled{Text: t.pack.Part("counted-"+quantity.Unit, func(place, form string) lang.Filled {
			return t.place(g, place, form)
		})}
	case "detail":
		if g.detail != nil {
			return t.value(g.detail, form)
		}
	case "platform", "event", "organisation", "person", "plan":
		if string(f.Subject.Type.ID) == place { // a sentence may differ by what it is about
			return t.entity(f.Subject, form)
		}
	case "sort":
		return lang.Filled{Text: " ", Class: string(f.Subject.Type.ID)}
	case "replaces":
		return t.entity(q.Replaces, form)
	case "of":
		return t.entity(q.Of, form)
	case "at":
		return t.entity(q.At, form)
	case "capacity":
		return lang.Filled{Text: t.text(q.Capacity)}
	default:
		return t.datePlace(f, place, form)
	}
	return lang.Filled{}
}

// datePlace fills the places that hold dates.
func (t *teller) datePlace(f *facts.Fact, place, form string) lang.Filled {
	q := &f.Qualifiers
	own, isDate := f.Value.(facts.Date)
	start := q.Time
	if isDate {
		start = own
	}
	switch place {
	case "time":
		return t.date(q.Time, form)
	case "on":
		if q.Until.IsZero() {
			return t.date(start, form)
		}
	case "from":
		if !q.Until.IsZero() {
			return t.date(start, form)
		}
	case "until":
		return t.date(q.Until, form)
	case "month":
		return t.date(facts.Date{Year: q.Time.Year, Month: q.Time.Month}, form)
	case "asof":
		return t.date(facts.Date{Year: q.AsOf.Year, Month: q.AsOf.Month}, form)
	case "day": // the day that comes round each year
		return t.date(start, form)
	}
	return lang.Filled{}
}

func (t *teller) number(n int) lang.Filled {
	return lang.Filled{Text: strconv.Itoa(n), Class: t.pack.Plural(n)}
}

func (t *teller) date(d facts.Date, form string) lang.Filled {
	if d.IsZero() {
		return lang.Filled{}
	}
	return lang.Filled{Text: t.pack.Date(d.Year, int(d.Month), d.Day, form)}
}

func (t *teller) entity(e *facts.Entity, form string) lang.Filled {
	if e == nil {
		return lang.Filled{}
	}
	return lang.Filled{Text: t.name(e, form), Class: e.Gender}
}

// name returns an entity's name in the reader's language, or in English. A form
// that the facts do not give follows the rules of the language.
func (t *teller) name(e *facts.Entity, form string) string {
	n, ok := e.Names[t.lang]
	if !ok && t.pack.Base != "" {
		n, ok = facts.Name{Text: t.pack.Rewrite(e.Names[facts.Lang(t.pack.Base)].Text)}, true
	}
	if !ok || n.Text == "" {
		return e.Names["en"].Form(form)
	}
	if given, ok := n.Forms[form]; ok {
		return given
	}
	return t.pack.Inflect(n.Text, form)
}

// text returns a text in the reader's language, or in English.
func (t *teller) text(x facts.Text) string {
	if s, ok := x.In[t.lang]; ok {
		return s
	}
	if s := x.In[facts.Lang(t.pack.Base)]; s != "" {
		return t.pack.Rewrite(s)
	}
	return x.In["en"]
}

// values joins the values of a group.
func (t *teller) values(g group, form string) lang.Filled {
	if len(g.facts) == 1 {
		return t.value(g.facts[0], form)
	}
	var words []string
	for _, f := range g.facts {
		if w := t.value(f, form).Text; !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return lang.Filled{Text: t.pack.And(words), Class: "pl"}
}

func (t *teller) value(f *facts.Fact, form string) lang.Filled {
	switch v := f.Value.(type) {
	case facts.Ref:
		return t.entity(v.Entity, form)
	case facts.Text:
		return lang.Filled{Text: t.text(v)}
	case facts.Date:
		return t.date(v, form)
	case facts.Quantity:
		return t.number(v.Number)
	default:
		return lang.Filled{}
	}
}

// cite appends the citations of a fact to out, which is empty, its notes made at
// need.
func (t *teller) cite(out []message.Cite, f *facts.Fact) []message.Cite {
	for _, r := range f.References {
		n := slices.Index(t.cited, r.Source)
		if n < 0 {
			if len(out) == maxCites {
				break
			}
			t.cited = append(t.cited, r.Source)
			t.notes = append(t.notes, t.note(r.Source))
			n = len(t.cited) - 1
		}
		if c := message.Cite(n + 1); !slices.Contains(out, c) {
			out = append(out, c)
		}
		if len(out) == maxCites {
			break
		}
	}
	return out
}

// note names a source in the reader's language.
func (t *teller) note(s *facts.Source) message.Note {
	if n, ok := t.pack.Kept(s).(*message.Note); ok {
		return *n
	}
	n := message.Note{Publisher: s.Publisher, Title: s.Title, URL: s.URL}
	if n.Date = t.date(s.Date, "").Text; n.Date == "" {
		n.Date = t.pack.Part("undated", nil)
	}
	t.pack.Keep(s, &n)
	return n
}

// paragraph adds a block of plain words.
func (t *teller) paragraph(text string) {
	if text != "" {
		t.body = append(t.body, message.Paragraph{message.Text(text)})
	}
}

// states adds sentences: one as a paragraph, several as a list.
func (t *teller) states(all []*facts.Fact) {
	var room [few]group
	gs := groups(room[:0], all)
	if len(gs) == 1 {
		t.body = append(t.body, message.Paragraph(t.sentence(gs[0])))
		t.quote(gs[0].facts[0])
		return
	}
	items := make([][]message.Inline, 0, len(gs))
	for _, g := range gs {
		items = append(items, t.sentence(g))
	}
	if len(items) > 0 {
		t.body = append(t.body, message.List{Items: items})
	}
}

// quote adds the source's own words where a text is a translation of them.
func (t *teller) quote(f *facts.Fact) {
	v, ok := f.Value.(facts.Text)
	if !ok || v.Original == "" || v.Original == t.lang || string(v.Original) == t.pack.Base {
		return
	}
	t.paragraph(t.pack.Phrase("translated", nil))
	t.body = append(t.body, message.Quote{message.Text(v.In[v.Original])})
}
