package ask

// granted reads "if Uzbekistan chaired in 2021, who chaired in 2022?" as the question
// alone, where the facts bear out what it takes for granted. Any other condition stays,
// and the question is declined.
func (p *parse) granted() {
	if len(p.atoms) < 4 || !p.atoms[0].is("if") && !p.atoms[0].is("condition") {
		return
	}
	main := indexOf(p.atoms, func(a *atom) bool { return a.kind == aWh })
	k := main
	for k > 1 && p.atoms[k-1].kind == aFiller {
		k--
	}
	if k < 2 || p.atoms[0].to-p.atoms[0].from != 1 {
		return
	}
	forms, choices, bad := p.forms(p.atoms[1:k], maxDepth)
	if bad.bad() || len(choices) > 0 || len(forms) != 1 || forms[0].Act != Check {
		return
	}
	if r := p.e.resolve(&forms[0], p.q.Today); r.Kind == Yes {
		p.atoms = append(p.atoms[:0], p.atoms[main:]...)
	}
}
