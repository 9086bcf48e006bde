package ask

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
