package ask

// Ordinal returns the number that a text is, in words of any language: "2", "the
// second one", «второй». It returns 0 for a text that says anything else.
func (e *Engine) Ordinal(q Question) int {
	text := clean(q.Text)
	if len(text) > maxOrdinal {
		return 0
	}
	p, _ := e.scratch.Get().(*parse)
	defer e.scratch.Put(p)
	p.e, p.q, p.said = e, q, ""
	script, mixed := scriptOf(text)
	for _, r := range e.rank(p, text, script, mixed, q) {
		if !p.read(attempt{voice: r.voice, text: text}) {
			continue
		}
		if n := p.ordinal(); n > 0 {
			return n
		}
	}
	return 0
}

// maxOrdinal bounds the text of an ordinal, in bytes.
const maxOrdinal = 60

// ordinal is the only number among fillers, or 0.
func (p *parse) ordinal() int {
	n := 0
	for i := range p.atoms {
		a := &p.atoms[i]
		switch {
		case a.kind == aOrd, a.kind == aNum && n == 0:
			if n > 0 {
				return 0
			}
			n = a.n
		case a.kind == aNum && a.n == 1: // "the second one"
		case a.kind == aFiller, a.kind == aSuffix:
		default:
			return 0
		}
	}
	return n
}

// someFirst reads "the first three" and "the last two": the number at i says how
// many of those that an order begins or ends with.
func (c *clause) someFirst(atoms []atom, i int) bool {
	if a := &atoms[i]; a.ordinal || a.n < 2 || a.n >= 20 || i == 0 {
		return false
	}
	end := &atoms[i-1]
	first := end.kind == aOrd && end.n == 1 || end.kind == aNum && end.n == 1 && end.ordinal
	if !first && !end.is("last") {
		return false
	}
	kind := Nth
	if !first {
		kind = Last
	}
	for j := range c.things { // the order was taken for that of one thing
		if k := c.things[j].class; k != nil && (k.Nth == 1 || k.Nth == -1) {
			k.Nth = 0
			c.pick = Pick{}
			break
		}
	}
	if c.pick.Kind != NoPick && c.pick.Kind != kind || c.pick.N > 1 {
		return false
	}
	c.pick = Pick{Kind: kind, N: atoms[i].n, All: true}
	return true
}
