package ask

// A question may be several: "who hosted and who chaired it?", "when and where
// was it held?", "who chaired in 2021 and 2022?". Division cuts at a
// conjunction, a comma between two of a kind, or the end of a sentence. Two of a
// kind share everything else; two clauses borrow from each other what they lack.
// Either every part is understood, or none is answered.

// divide returns the forms of the parts of atoms, or nil.
func (p *parse) divide(atoms []atom, depth int) []Form {
	for k := len(atoms) - 1; k > 0; k-- {
		a := &atoms[k]
		and := a.is("and") || a.is("or")
		if !and && a.brk != ',' && a.brk != '?' {
			continue
		}
		left, right := k-1, k
		if and {
			right = k + 1
		}
		if forms := p.twins(atoms, skipBack(atoms, left), skip(atoms, right), k, and, depth); forms != nil {
			return forms
		}
		if forms := p.halves(atoms[:left+1], atoms[min(right, len(atoms)):], depth); forms != nil {
			return forms
		}
	}
	return nil
}

func skip(atoms []atom, i int) int {
	for i < len(atoms) && (atoms[i].kind == aFiller || atoms[i].is("in")) {
		i++
	}
	return i
}

func skipBack(atoms []atom, i int) int {
	for i >= 0 && atoms[i].kind == aFiller {
		i--
	}
	return i
}

// twins reads two atoms of a kind as two questions that share the rest.
func (p *parse) twins(atoms []atom, l, r, k int, and bool, depth int) []Form {
	if l < 0 || r >= len(atoms) || kin(&atoms[l]) != kin(&atoms[r]) || kin(&atoms[l]) == 0 {
		return nil
	}
	without := func(drop int) []atom {
		out := make([]atom, 0, len(atoms))
		for i := range atoms {
			if i != drop && (!and || i != k) {
				out = append(out, atoms[i])
			}
		}
		return out
	}
	return p.both(without(r), without(l), depth)
}

// kin groups the kinds of atoms that may be joined.
func kin(a *atom) int {
	switch a.kind {
	case aWh:
		return 1
	case aRel, aUnit:
		return 2
	case aEntity:
		return 3
	case aType:
		return 4
	case aDate, aSpan:
		return 5
	case aOrder:
		return 6
	default:
		return 0
	}
}

// halves reads two clauses. What the second lacks it takes from the first, and
// the other way round.
func (p *parse) halves(left, right []atom, depth int) []Form {
	if len(left) == 0 || len(right) == 0 {
		return nil
	}
	if forms := p.both(left, right, depth); forms != nil {
		return forms
	}
	for _, kinds := range [][]int{{3, 4}, {3, 4, 5}, {2}, {2, 3, 4}, {1}, {1, 2}, {1, 2, 3, 4}} {
		if forms := p.both(left, borrow(right, left, kinds), depth); forms != nil {
			return forms
		}
		if forms := p.both(borrow(left, right, kinds), right, depth); forms != nil {
			return forms
		}
	}
	return nil
}

// borrow returns atoms with those of the given kinds that stand in from, if
// atoms has none of the kind.
func borrow(atoms, from []atom, kinds []int) []atom {
	out := make([]atom, 0, len(atoms)+len(from))
	for i := range from {
		k := kin(&from[i])
		for _, want := range kinds {
			if k == want && !hasKin(atoms, k) {
				out = append(out, from[i])
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, atoms...)
}

func hasKin(atoms []atom, k int) bool {
	for i := range atoms {
		if kin(&atoms[i]) == k {
			return true
		}
	}
	return false
}

// both composes two parts, or nothing.
func (p *parse) both(a, b []atom, depth int) []Form {
	if a == nil || b == nil {
		return nil
	}
	first, choices, bad := p.forms(a, depth+1)
	if bad.bad() || len(choices) > 0 {
		return nil
	}
	second, choices, bad := p.forms(b, depth+1)
	if bad.bad() || len(choices) > 0 {
		return nil
	}
	return append(first, second...)
}
