package say

import (
	"strings"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/facts"
	"suhbat/facts/fold"
)

// named says what an abbreviation stands for.
func (t *teller) named(r *ask.Result) {
	text := t.pack.Phrase("named", func(name, _ string) lang.Filled {
		if name == "short" {
			return lang.Filled{Text: r.Short}
		}
		return lang.Filled{Text: r.Long}
	})
	line := message.Paragraph{message.Text(text)}
	for _, c := range t.cite(nil, bearing(r.Facts, r.Long, r.Short)) {
		line = append(line, c)
	}
	t.body = append(t.body, line)
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
