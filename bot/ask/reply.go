package ask

import (
	"slices"
	"strings"
	"unicode/utf8"

	"suhbat/bot/lang"
)

// In which language a question is answered.

// likeliest returns the language of the reply to a text that was understood in a
// language: a likelier one, if that knows all of its words as well, or if it has all
// of its letters, and the other one has not. «Тәжікстан» is Kazakh, however Kyrgyz
// the words around it may be.
func (p *parse) likeliest(understood string) string {
	own := slices.IndexFunc(p.ranked, func(r ranked) bool { return r.voice.pack.Code == understood })
	if own < 0 {
		return understood
	}
	strange := p.strange(p.ranked[own].voice)
	for i := range p.ranked {
		r := &p.ranked[i]
		better := r.mark > p.ranked[own].mark && r.known == r.words
		if r.mark > otherScript && (better || strange && 2*r.known >= r.words) && !p.strange(r.voice) {
			return r.voice.pack.Code
		}
	}
	return understood
}

// strange reports whether the text has letters that a language is not written with,
// but for names in another script.
func (p *parse) strange(v *voice) bool {
	return some(p.cut[:p.whole], func(w *cutWord) bool {
		if w.token.Number >= 0 || w.seen != nil && !w.seen.fits[v.at].foreign || w.seen == nil && !v.pack.Foreign(w.typed) {
			return false
		}
		script, _ := scriptOf(w.typed)
		return script == v.pack.Script
	})
}

// rate says how well the words of the text fit a language.
func (p *parse) rate(r *ranked) {
	for i := range p.cut[:p.whole] {
		w := &p.cut[i]
		if w.token.Number >= 0 || w.token.Date != [3]int{} {
			continue
		}
		var f fit
		if w.seen != nil {
			f = w.seen.fits[r.voice.at]
		} else {
			f = r.voice.fit(w.token.Text, w.typed, w.heads)
		}
		r.words++
		r.mark += int(f.mark)
		if f.known {
			r.known++
		} else if f.foreign {
			r.mark-- // «аспан» may be of any language, «көк» is not Russian
		}
	}
}

// beforeClitic says how well a word fits the language without what is written onto it:
// «өткөнбү».
func (v *voice) beforeClitic(folded, spelling string, heads []lang.Head) (mark int, known bool) {
	for _, clitic := range v.pack.Clitics {
		word, ok := strings.CutSuffix(folded, clitic)
		if !ok || word == "" {
			continue
		}
		typed := spelling
		for range clitic {
			_, size := utf8.DecodeLastRuneInString(typed)
			typed = typed[:len(typed)-size]
		}
		if mark, known = v.lex.Mark(word, typed, heads); known {
			return mark, known
		}
	}
	return 0, false
}
