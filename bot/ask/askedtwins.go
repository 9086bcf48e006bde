package ask

// askedTwins reads two question words with their nouns as two questions that share the
// rest: "which country and which person chaired in 2023?".
func (p *parse) askedTwins(atoms []atom, l, r, depth int) []Form {
	if l < 0 || r+1 >= len(atoms) {
		return nil
	}
	first, last := l, r
	if asksFor(&atoms[l]) && l > 0 {
		first = l - 1
	}
	if asksFor(&atoms[r+1]) {
		last = r + 1
	}
	if atoms[first].kind != aWh || atoms[r].kind != aWh || first == l && last == r || last+1 >= len(atoms) {
		return nil
	}
	left := append(append([]atom{}, atoms[:l+1]...), atoms[last+1:]...)
	right := append(append([]atom{}, atoms[:first]...), atoms[r:]...)
	return p.both(left, right, depth)
}

// asksFor reports whether an atom is a noun for what a question word before it asks.
func asksFor(a *atom) bool { return a.kind == aType || a.kind == aUnit }
