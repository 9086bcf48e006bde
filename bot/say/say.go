package say

import (
	"slices"
	"strconv"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/facts"
)

// Answer puts an answer into words.
func Answer(p *lang.Pack, a *ask.Answer) message.Message {
	t := newTeller(p)
	switch a.Outcome {
	case ask.Chat:
		t.paragraph(p.Phrase("chat-"+a.Chat, nil))
		if p.Draft && a.Chat == aboutItself {
			t.paragraph(p.Phrase("draft", nil))
		}
	case ask.Answered, ask.Unknown:
		for i := range a.Results {
			if r := &a.Results[i]; len(a.Results) > 1 && (r.Kind == ask.Yes || r.Kind == ask.No) {
				t.asked(r)
			}
			t.result(&a.Results[i])
		}
	case ask.Ambiguous:
		t.paragraph(p.Phrase("ambiguous", nil))
	case ask.NotUnderstood:
		t.puzzled(a)
	}
	t.misread(a)
	m := message.Message{Lang: p.Tag, Body: t.body, Notes: t.notes}
	m.Choices = t.choices(a)
	return m
}

// asked says to which question of several a yes or no belongs.
func (t *teller) asked(r *ask.Result) {
	if q := t.question(&r.Form); q != "" {
		t.paragraph(q)
	}
}

// aboutItself is the small talk in which the bot says what it is, and whose words
// it speaks.
const aboutItself = "who-are-you"

// misread says which words were read as others.
func (t *teller) misread(a *ask.Answer) {
	if a.Outcome == ask.NotUnderstood {
		return
	}
	if a.Follows {
		for i := range a.Results {
			if r := &a.Results[i]; r.Kind == ask.Missing && (r.Why == ask.NotStated || r.Why == ask.NotYet) {
				continue // the reply has just said how it was understood
			}
			if q := t.questionOf(&a.Results[i], &a.Results[i].Form); q != "" {
				t.paragraph(t.pack.Phrase("read-text", place("text", q)))
			}
		}
	}
	if a.Read != "" {
		t.paragraph(t.pack.Phrase("read-text", place("text", a.Read)))
	}
	for _, m := range a.Misread {
		t.paragraph(t.pack.Phrase("read-word", func(name, _ string) lang.Filled {
			if name == "typed" {
				return lang.Filled{Text: m.Typed}
			}
			return lang.Filled{Text: m.Read}
		}))
	}
}

// place fills one place of a phrase.
func place(name, text string) lang.FillFunc {
	return func(p, _ string) lang.Filled {
		if p == name {
			return lang.Filled{Text: text}
		}
		return lang.Filled{}
	}
}

// result says one result.
func (t *teller) result(r *ask.Result) {
	if r.Listed > 0 && r.Kind != ask.Missing && r.Kind != ask.Total {
		t.paragraph(t.pack.Phrase("listed", func(string, string) lang.Filled { return t.number(r.Listed) }))
	}
	switch r.Kind {
	case ask.Missing:
		t.missing(r)
	case ask.Yes, ask.No:
		t.verdict(r)
	case ask.Statements:
		t.statements(r)
	case ask.Total:
		t.total(r)
	case ask.Disputed:
		t.lead("disputed", r.Facts)
	case ask.Nobody:
		t.nobody(r)
	case ask.First:
		t.earlier(r)
	case ask.Years:
		t.elapsed(r)
	case ask.Returns:
		t.anniversary(r)
	case ask.Profile:
		t.states(r.Facts)
	case ask.Named:
		t.named(r)
	case ask.Sources:
		t.sources(r.Facts)
	case ask.Instead:
		t.lead("instead", r.Facts)
	}
}

// lead puts a phrase before the statements: on the same line when there is one.
func (t *teller) lead(key string, all []*facts.Fact) {
	var room [few]group
	gs := groups(room[:0], all)
	phrase := t.pack.Phrase(key, nil)
	t.disputed = key == "disputed"
	defer func() { t.disputed = false }()
	if len(gs) == 1 {
		line := append(message.Paragraph{message.Text(phrase + " ")}, t.sentence(gs[0])...)
		t.body = append(t.body, line)
		return
	}
	t.paragraph(phrase)
	t.states(all)
}

func (t *teller) verdict(r *ask.Result) {
	key := "yes"
	if r.Kind == ask.No {
		key = "no"
	}
	t.lead(key, r.Facts)
	if r.Kind == ask.No && len(r.Facts) > 1 {
		t.coverage(r)
	}
}

// statements says what the facts state, with a title above a list.
func (t *teller) statements(r *ask.Result) {
	var room [few]group
	gs := groups(room[:0], r.Facts)
	if len(gs) > 1 && disputed(r.Facts) {
		t.lead("disputed", r.Facts)
		return
	}
	if len(gs) > 1 && r.Listed == 0 {
		t.title(r)
	}
	t.states(r.Facts)
	switch {
	case r.Open:
		t.paragraph(t.pack.Phrase("open-"+openKey(r), nil))
	case len(gs) > 1:
		t.coverage(r)
	}
}

// disputed reports whether the facts are versions of one statement.
func disputed(all []*facts.Fact) bool {
	return !slices.ContainsFunc(all, func(f *facts.Fact) bool { return !f.Disputed || f.Subject != all[0].Subject })
}

// openKey says what the facts cannot vouch for: that nothing came before, or
// after.
func openKey(r *ask.Result) string {
	k := r.Form.Pick.Kind
	c := r.Form.Subject.Class
	switch {
	case r.Form.Pick.Of != nil:
		return "between"
	case k == ask.Last || c != nil && c.Nth < 0:
		return "last"
	default:
		return "first"
	}
}

// title introduces a list.
func (t *teller) title(r *ask.Result) {
	frame := t.frame(&r.Form)
	if frame == nil || frame.Title.IsZero() || r.Form.Ask == ask.NoRole {
		return
	}
	if r.Form.Subject.Entity != nil || !frame.Title.Has("subject") {
		t.paragraph(frame.Title.Fill(t.formPlaces(&r.Form, 0)))
	}
}

func (t *teller) frame(f *ask.Form) *lang.Frame {
	if f.Property == nil {
		return nil
	}
	return t.pack.Frames[string(f.Property.ID)]
}

// total says how many, and which.
func (t *teller) total(r *ask.Result) {
	frame := t.frame(&r.Form)
	text := t.pack.Phrase("total", func(string, string) lang.Filled { return t.number(r.N) })
	if own := r.Form.Pick.Kind == ask.NoPick && (r.Form.Ask != ask.SubjectRole || r.Form.Property.ID == "adopted"); own && frame != nil && !frame.Counts.IsZero() {
		text = frame.Counts.Fill(t.formPlaces(&r.Form, r.N))
	}
	t.paragraph(text)
	t.states(r.Facts)
	t.coverage(r)
}

// coverage says for when the facts are complete.
func (t *teller) coverage(r *ask.Result) {
	if !r.IsClosed {
		return
	}
	c := r.Closed
	key := "covers-asof"
	if c.From > 0 {
		key = "covers-years"
	} else if c.AsOf.IsZero() {
		return
	}
	t.paragraph(t.pack.Phrase(key, func(name, form string) lang.Filled {
		switch name {
		case "first":
			return lang.Filled{Text: strconv.Itoa(c.From)}
		case "last":
			return lang.Filled{Text: strconv.Itoa(c.To)}
		default:
			return t.date(facts.Date{Year: c.AsOf.Year, Month: c.AsOf.Month}, form)
		}
	}))
}

// nobody says that there is none, by the fact that shows it.
func (t *teller) nobody(r *ask.Result) {
	frame := t.frame(&r.Form)
	if frame == nil || frame.None.IsZero() {
		t.lead("none", r.Facts)
		return
	}
	line := message.Paragraph{message.Text(frame.None.Fill(t.formPlaces(&r.Form, 0)) + " ")}
	t.body = append(t.body, append(line, t.sentence(group{facts: r.Facts[:1]})...))
}

// earlier says which came first.
func (t *teller) earlier(r *ask.Result) {
	p := r.Form.Day(r.N)
	key := "earlier"
	if r.Form.Pick.Kind == ask.After {
		key = "later"
	}
	t.paragraph(t.pack.Phrase(key, func(_, form string) lang.Filled {
		if p.Entity == nil {
			return t.date(p.Date, form)
		}
		return t.entity(p.Entity, form)
	}))
	t.states(r.Facts)
}

// elapsed says how long it is between two days: exactly, and by calendar years
// where that is another number, because people count either way.
func (t *teller) elapsed(r *ask.Result) {
	key := "elapsed"
	if r.Form.Points[1].IsZero() && r.Form.Pick.Kind == ask.NoPick {
		key = "elapsed-today"
	}
	apart := ask.Apart(r.From, r.To)
	t.paragraph(t.pack.Phrase(key, func(name, form string) lang.Filled {
		switch name {
		case "from":
			return t.date(r.From, form)
		case "to":
			return t.date(r.To, form)
		case "time":
			return lang.Filled{Text: t.duration(r, apart)}
		case "calendar":
			if years := r.To.Year - r.From.Year; years != apart.Years && r.Form.Unit != "day" && r.Form.Unit != "month" {
				return t.number(years)
			}
		}
		return lang.Filled{}
	}))
	t.states(r.Facts)
}

// duration writes a time in words, in the unit that was asked for.
func (t *teller) duration(r *ask.Result, b ask.Between) string {
	unit := func(key string, n int) string {
		return string(t.pack.Phrases[key].Append(nil, func(string, string) lang.Filled { return t.number(n) }))
	}
	switch r.Form.Unit {
	case "day":
		return unit("days", ask.Days(r.From, r.To))
	case "month":
		return unit("months", 12*b.Years+b.Months)
	}
	var words []string
	for _, x := range []struct {
		key string
		n   int
	}{{"years", b.Years}, {"months", b.Months}, {"days", b.Days}} {
		if x.n > 0 {
			words = append(words, unit(x.key, x.n))
		}
	}
	if len(words) == 0 {
		return unit("days", 0)
	}
	return t.pack.And(words)
}

// anniversary says when a day comes round, or which ones are coming.
func (t *teller) anniversary(r *ask.Result) {
	if r.Form.Subject.Entity == nil {
		t.paragraph(t.pack.Phrase("upcoming", nil))
		t.states(r.Facts)
		return
	}
	t.paragraph(t.pack.Phrase("anniversary", func(name, form string) lang.Filled {
		switch name {
		case "nth":
			return lang.Filled{Text: strconv.Itoa(r.N), Class: t.pack.Ordinal(r.N)}
		case "day":
			return t.date(r.To, form)
		default:
			return t.entity(r.Form.Subject.Entity, form)
		}
	}))
	t.states(r.Facts)
}

// sources lists where an answer can be read, in the sources' own words.
func (t *teller) sources(all []*facts.Fact) {
	t.paragraph(t.pack.Phrase("sources", nil))
	var items [][]message.Inline
	for _, f := range all {
		cites := t.cite(nil, f)
		for i, ref := range f.References {
			item := []message.Inline{message.Text(t.pack.Part("quoted", place("text", ref.Quote)))}
			if i >= len(cites) || ref.Quote == "" {
				continue
			}
			item = append(item, cites[i])
			if !slices.ContainsFunc(items, func(x []message.Inline) bool { return slices.Equal(x, item) }) {
				items = append(items, item) // one passage may bear out several facts
			}
		}
	}
	t.body = append(t.body, message.List{Items: items})
}
