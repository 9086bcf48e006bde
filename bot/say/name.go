package say

import (
	"strings"
	"unicode/utf8"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/facts"
	"suhbat/facts/fold"
)

// named says what an abbreviation stands for: the longest name of a thing beside
// its shortest.
func (t *teller) named(r *ask.Result) {
	e := r.Form.Subject.Entity
	long, short := t.longest(e), t.shortest(e)
	text := t.pack.Phrase("named", func(name, _ string) lang.Filled {
		if name == "short" {
			return lang.Filled{Text: short}
		}
		return lang.Filled{Text: long}
	})
	line := message.Paragraph{message.Text(text)}
	for _, c := range t.cite(bearing(r.Facts, long, short)) {
		line = append(line, c)
	}
	t.body = append(t.body, line)
}

// namesOf lists what a thing is called in the reader's language.
func (t *teller) namesOf(e *facts.Entity) []string {
	return append([]string{t.name(e, "")}, e.Aliases[t.lang]...)
}

// longest returns the fullest name, without an abbreviation in brackets.
func (t *teller) longest(e *facts.Entity) string {
	best := ""
	for _, n := range t.namesOf(e) {
		n, _, _ = strings.Cut(n, " (")
		if utf8.RuneCountInString(n) > utf8.RuneCountInString(best) {
			best = n
		}
	}
	return best
}

// shortest returns the first abbreviation, or else the shortest name.
func (t *teller) shortest(e *facts.Entity) string {
	best := t.name(e, "")
	for _, n := range t.namesOf(e) {
		if n == strings.ToUpper(n) && !strings.Contains(n, " ") && !strings.Contains(n, ".") {
			return n
		}
		if utf8.RuneCountInString(n) < utf8.RuneCountInString(best) {
			best = n
		}
	}
	return best
}

// bearing returns the fact whose source gives both names, or else one of them.
func bearing(all []*facts.Fact, long, short string) *facts.Fact {
	best, most := all[0], 0
	for _, f := range all {
		for _, r := range f.References {
			quote, score := fold.Name(r.Quote), 0
			if strings.Contains(quote, fold.Name(long)) {
				score += 2
			}
			if strings.Contains(quote, fold.Name(short)) {
				score++
			}
			if score > most {
				best, most = f, score
			}
		}
	}
	return best
}
