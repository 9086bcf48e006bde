package say

import (
	"strconv"
	"strings"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
)

// Question puts a form into words, so that it can be offered and asked again. It
// returns nothing for a form that the pack has no words for.
func Question(p *lang.Pack, f ask.Form) string {
	return newTeller(p).question(&f)
}

// questionOf puts the form of a result into words: who will chair in a year to come
// is no question of the past. It returns nothing where a pack has no words for that.
func (t *teller) questionOf(r *ask.Result, f *ask.Form) string {
	t.ahead, t.tensed, t.timed = r.Ahead, false, false
	defer func() { t.ahead = false }()
	question := t.question(f)
	if r.Ahead && !t.tensed {
		return ""
	}
	return question
}

func (t *teller) question(f *ask.Form) string {
	switch f.Act {
	case ask.About, ask.Naming:
		return t.aboutQuestion(f)
	case ask.Cite, ask.Why:
		return ""
	default:
	}
	if f.Words != "" || f.Country != nil || f.WantOf != nil || f.From != nil {
		return "" // nor for what is described by words of a text, or narrowed: "who came from K?"
	}
	frame := t.frame(f)
	if f.Ask == ask.TimeRole && !f.Time.IsZero() && f.Property.Default == nil {
		return "" // "in which month of 2022 was it held" is not "when was it held"
	}
	if f.Pick.Kind != ask.NoPick {
		return "" // no pack has words for "who chaired after …"
	}
	if frame == nil || f.Ask == ask.TimeRole && f.Subject.IsZero() && f.Property.Default == nil {
		return "" // "When was she appointed head of …?"
	}
	if k := f.Subject.Class; k != nil && f.Property.ID == "adopted" && k.Type.ID != "resolution" {
		return "" // the question about them speaks of resolutions
	}
	key := string(f.Ask)
	switch {
	case f.Act == ask.Count:
		key = "count"
	case f.Act == ask.Check:
		key = "check"
	case f.Ask == ask.ValueRole && f.Time.IsZero() && !frame.Asks["all"].IsZero():
		key = "all"
	}
	ask, ok := frame.Asks[key]
	if !ok || ask.Has("subject") && t.term(f, f.Subject, "").Text == "" || ask.Has("value") && f.Value.Entity == nil {
		return ""
	}
	text, whole := ask.FillWhole(t.formPlaces(f, 0))
	if !whole {
		return ""
	}
	return text
}

func (t *teller) aboutQuestion(f *ask.Form) string {
	e := f.Subject.Entity
	if e == nil {
		return ""
	}
	key := "ask-what"
	if e.Type.ID == "person" {
		key = "ask-who"
	}
	return t.pack.Phrase(key, func(_, form string) lang.Filled { return t.entity(e, form) })
}

// formPlaces fills the places of a question, a title or a count.
func (t *teller) formPlaces(f *ask.Form, n int) lang.FillFunc {
	return func(name, form string) lang.Filled {
		switch name {
		case "subject":
			return t.term(f, f.Subject, form)
		case "value":
			return t.entity(f.Value.Entity, form)
		case "platform", "event", "organisation", "person", "plan":
			if e := f.Subject.Entity; e != nil && string(e.Type.ID) == name {
				return t.entity(e, form)
			}
		case "of":
			return t.entity(f.Of, form)
		case "tense":
			t.tensed = true
			if t.ahead {
				return lang.Filled{Text: " ", Class: "ahead"}
			}
			return lang.Filled{Text: " "}
		case "n":
			return t.number(n)
		case "time":
			t.timed = true
			return t.span(f.Time, form)
		case "at":
			return t.entity(f.At, form)
		case "nth":
			if f.Pick.N > 0 {
				return lang.Filled{Text: strconv.Itoa(f.Pick.N), Class: t.pack.Ordinal(f.Pick.N)}
			}
		}
		return lang.Filled{}
	}
}

// term names an entity; a description is named by the default subject, or not at
// all.
func (t *teller) term(f *ask.Form, x ask.Term, form string) lang.Filled {
	switch {
	case x.Entity != nil:
		return t.entity(x.Entity, form)
	case x.Class != nil && x.Class.Part != nil:
		return t.entity(x.Class.Part, form)
	case f.Property != nil && f.Property.Default != nil:
		return t.entity(f.Property.Default, form)
	default:
		return lang.Filled{}
	}
}

// span names a stretch of time; its ends have the form that the pack asks for.
func (t *teller) span(s ask.Span, form string) lang.Filled {
	switch {
	case s.IsZero():
		return lang.Filled{}
	case !s.Said.IsZero():
		return t.date(s.Said, form)
	}
	text := t.pack.Part("span", func(name, form string) lang.Filled {
		d := s.Last
		if name == "from" {
			d = s.First
		}
		if d.Year <= 1 || d.Year >= 9999 {
			return lang.Filled{} // an open end
		}
		if form == "" {
			form = "since"
		}
		return t.date(d, form)
	})
	return lang.Filled{Text: strings.TrimSpace(text)}
}

// choices offers the readings of an ambiguous question, or questions that can be
// answered in place of one that cannot.
func (t *teller) choices(a *ask.Answer) []message.Choice {
	var out []message.Choice
	forms := a.Choices
	if len(forms) == 0 {
		forms = a.Near
	}
	for i := range forms {
		q := t.question(&forms[i])
		if q != "" && !offered(out, q) && len(out) < maxChoices {
			out = append(out, message.Choice{Label: q, Value: q})
		}
	}
	return out
}

// maxChoices is how many questions are offered at once.
const maxChoices = 3

func offered(all []message.Choice, q string) bool {
	for _, c := range all {
		if c.Label == q {
			return true
		}
	}
	return false
}
