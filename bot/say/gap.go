package say

import (
	"suhbat/bot/ask"
	"suhbat/bot/lang"
)

// missing says that the facts do not answer a question that was understood, and
// what they say beside it.
func (t *teller) missing(r *ask.Result) {
	f := &r.Form
	if f.Inner != nil {
		f = f.Inner
	}
	key := "gap-" + string(r.Why)
	question := t.questionOf(r, f)
	if question == "" && r.Why == ask.NotStated {
		key = "gap-"
	}
	if s := f.Subject.Entity; question != "" && r.Why == ask.NotStated && !f.Time.Said.IsZero() && !t.timed && s != nil && s.Type.ID != "event" {
		key = "gap-" + string(ask.NotYet) // the question alone would not say of which time it is
	}
	t.paragraph(t.pack.Phrase(key, func(name, form string) lang.Filled {
		switch name {
		case "question":
			return lang.Filled{Text: question}
		case "time":
			if f.Time.Said.IsZero() && f.Time.Last.Year >= openYear {
				return lang.Filled{} // a time without an end is not named
			}
			return t.span(f.Time, form)
		default:
			return lang.Filled{}
		}
	}))
	if len(r.Nearby) > 0 {
		t.lead("nearby", r.Nearby[:min(len(r.Nearby), maxNearby)])
	}
	if r.IsClosed && r.Why == ask.NotYet {
		t.coverage(r)
	}
}

// openYear is in no question: a time that lasts until then has no end.
const openYear = 9999

// maxNearby is how many facts are told beside a gap.
const maxNearby = 6

// puzzled says why a question was not understood.
func (t *teller) puzzled(a *ask.Answer) {
	key := "puzzled-" + string(a.Reason)
	if _, ok := t.pack.Phrases[key]; !ok {
		key = "puzzled-no-parse"
	}
	t.paragraph(t.pack.Phrase(key, func(string, string) lang.Filled {
		return lang.Filled{Text: t.pack.And(quoted(t.pack, a.Words))}
	}))
	if len(a.Near) == 0 {
		t.paragraph(t.pack.Phrase("for-example", nil))
	}
}

// maxWords is how many strange words are named.
const maxWords = 3

func quoted(p *lang.Pack, words []string) []string {
	out := make([]string, 0, maxWords)
	for _, w := range words[:min(len(words), maxWords)] {
		out = append(out, p.Part("quoted", place("text", w)))
	}
	return out
}
