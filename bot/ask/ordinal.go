package ask

import "slices"

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

// ordinal is the only number among fillers, or 0. What says "and the first?" goes on
// from the question before and chooses nothing.
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
		case a.kind == aFiller && a.concept != nil && a.concept.ID == "follow":
			return 0
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

// attachOrdinal reads "the first resolution". Where postpositions stand behind
// what they govern, "which resolution first was adopted" says when it was adopted.
func (c *clause) attachOrdinal(atoms []atom, i, n int) bool {
	for _, step := range []int{1, -1} {
		t := c.neighbour(atoms, i, step)
		if step < 0 && c.wh != nil && (t == c.neighbour(atoms, c.whAt, 1)) == c.p.v.pack.Postpositions && (c.p.v.pack.Postpositions || i == len(atoms)-1) {
			continue // "which country adopted a plan first" asks for the first of the countries
		}
		if t != nil && t.class != nil && t.class.Nth == 0 && countable(t.class.Type) {
			t.class.Nth = n
			return true
		}
	}
	if c.pick.Kind != NoPick {
		return false
	}
	c.pick = Pick{Kind: Nth, N: n}
	if n == -1 {
		c.pick = Pick{Kind: Last}
	}
	return true
}

// attachNumber reads "the four pillars", "component 4" and "16 days".
func (c *clause) attachNumber(atoms []atom, i int) bool {
	n := atoms[i].n
	if c.someFirst(atoms, i) {
		return true
	}
	if !atoms[i].ordinal && n > 1 && n < 20 && i > 0 && (atoms[i-1].kind == aOrd || atoms[i-1].kind == aNum && atoms[i-1].n == 1 || atoms[i-1].is("last")) {
		return false // "the first three" are not the first one
	}
	if k := i + 2; !atoms[i].ordinal && n > 1 && k < len(atoms) && atoms[i+1].kind == aType && (atoms[k].kind == aOrd || atoms[k].is("last")) {
		return false // nor are they where the order stands behind: tg "се қатъномаи аввал"
	}
	if c.meetingNumber(atoms, i) {
		return true
	}
	named := i > 0 && i+1 < len(atoms) && atoms[i-1].kind == aType && atoms[i+1].kind == aFiller // "session 3 of the conference"
	if t := c.neighbour(atoms, i, 1); t != nil && t.class != nil && c.many == 0 && !atoms[i].ordinal && !named {
		c.many = n
		return true
	}
	if t := c.neighbour(atoms, i, -1); t != nil && t.class != nil && t.class.Nth == 0 && countable(t.class.Type) {
		if c.asksNumber() && !atoms[i].ordinal {
			c.many = n
			return true
		}
		t.class.Nth = n
		return true
	}
	if atoms[i].ordinal {
		return c.attachOrdinal(atoms, i, n)
	}
	if k := i + 1; k < len(atoms) && atoms[k].kind == aRel && atoms[k].concept.ID == "vote" && !atoms[i].ordinal && c.votes == 0 {
		c.votes = n
		return true
	}
	if k := i + 1; k < len(atoms) && atoms[k].kind == aRel && c.many == 0 && !atoms[i].ordinal && n < 20 && (c.wh != nil || len(c.things) > 0 && skip(atoms, 0) < i) {
		c.many = n // "his two titles", but not "did six speak there?"
		return true
	}
	if n == 1 && atoms[i].concept != nil {
		return true // "one" is as good as "a"
	}
	if turns(atoms, i) {
		c.pick = Pick{Kind: Nth, N: n}
		return true
	}
	return false
}

// turns reports whether the number at i counts years: "the 25 anniversary", "turn
// 30", "be 20 years old".
func turns(atoms []atom, i int) bool {
	if i+1 < len(atoms) && (atoms[i+1].is("anniversary") || atoms[i+1].is("age")) || i > 0 && (atoms[i-1].is("anniversary") || atoms[i-1].is("age")) {
		return true
	}
	return i+1 < len(atoms) && atoms[i+1].kind == aUnit && atoms[i+1].concept.ID == "year" &&
		some(atoms, func(a *atom) bool { return a.is("age") || a.is("anniversary") })
}

// meetingNumber reads "the 8514th meeting": no event of ours has such a number,
// but resolutions are adopted at meetings that do.
func (c *clause) meetingNumber(atoms []atom, i int) bool {
	const fewer = 1000
	t := c.neighbour(atoms, i, 1)
	if t == nil {
		t = c.neighbour(atoms, i, -1)
	}
	if atoms[i].n < fewer || t == nil || t.class == nil || t.class.Kind != "meeting" && t.class.Kind != "session" {
		return false
	}
	c.meeting = atoms[i].n
	c.things = slices.DeleteFunc(c.things, func(x thing) bool { return x.class == t.class })
	return true
}

// asksNumber reports whether a number behind the only noun of a yes-or-no question is how
// many there are, and not which one: «верно ли, что компонентов три?».
func (c *clause) asksNumber() bool {
	return (c.has("verify") || c.hasAux() || c.question) && c.wh == nil && len(c.things) == 1 && len(c.rels) == 0 && c.many == 0
}
