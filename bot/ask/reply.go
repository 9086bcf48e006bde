package ask

import (
	"slices"

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
	strange := p.strange(p.ranked[own].voice.pack)
	for i := range p.ranked {
		r := &p.ranked[i]
		better := r.mark > p.ranked[own].mark && r.known == r.words
		if r.mark > otherScript && (better || strange && 2*r.known >= r.words) && !p.strange(r.voice.pack) {
			return r.voice.pack.Code
		}
	}
	return understood
}

// strange reports whether the text has letters that a language is not written with,
// but for names in another script.
func (p *parse) strange(pack *lang.Pack) bool {
	return slices.ContainsFunc(p.cut[:p.whole], func(w cutWord) bool {
		script, _ := scriptOf(w.typed)
		return w.token.Number < 0 && script == pack.Script && pack.Foreign(w.typed)
	})
}
