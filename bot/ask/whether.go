package ask

import (
	"suhbat/bot/lang"
)

// asksWhether reports whether an "if" behind these atoms means whether: "I want to
// know if". Otherwise it makes the question hypothetical.
func asksWhether(atoms []atom) bool {
	words := 0
	for i := range atoms {
		if atoms[i].kind != aFiller && !atoms[i].is("verify") && !atoms[i].is("about-op") {
			return false
		}
		words += atoms[i].to - atoms[i].from
	}
	return words > 1
}

// verifies reports whether the clause can only be answered by yes or no.
func (c *clause) verifies() bool { return c.question && c.wh == nil && !c.asks }

// confirms reports whether the word before atom i asks for a yes or no.
func (c *clause) confirms(i int) bool {
	for k := i - 1; k >= 0; k-- {
		if a := &c.atoms[k]; a.kind != aFiller {
			return a.is("verify")
		}
	}
	return false
}

// asksWhoNot reports whether a clause with a question word ends in a tag with a
// negation: "кім қатысқан емес пе?". Such a tag asks for a yes or no, so there it may
// as well turn the question round.
func (c *clause) asksWhoNot() bool {
	return c.wh != nil && some(c.atoms, func(a *atom) bool { return a.is("verify") && c.p.negates(a) })
}

// asksTag reports whether a clause with a question word also asks whether a describing
// word holds: "қашан өтті, онлайн ма?". That is a second question.
func (c *clause) asksTag() bool {
	for i := 1; i < len(c.atoms) && c.wh != nil; i++ {
		if c.atoms[i].is("verify") && c.atoms[i-1].kind == aTag {
			return true
		}
	}
	return false
}

// negates reports whether one of the words of an atom is by itself a negation.
func (p *parse) negates(a *atom) bool {
	for k := a.from; k < a.to; k++ {
		if w := p.single(k); w != nil && w.Kind == lang.Op && w.ID == "not" {
			return true
		}
	}
	return false
}
