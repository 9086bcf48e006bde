package ask

import (
	"slices"
	"strings"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// partOf says what thing t is beside relation rel; other is the thing on the other
// side, or nil.
func (c *clause) partOf(form *Form, rel int, t, other *thing) part {
	switch g := &c.p.v.pack.Grammar; {
	case t.at < len(c.atoms) && c.atoms[t.at].bound:
		return unclear // a pronoun's form is not the name's
	case len(g.Helpers) > 0:
		return c.partByOrder(form, rel, t, other)
	case len(g.Active) > 0:
		return c.partByForm(rel, t, other)
	default:
		return unclear
	}
}

// partByOrder tells parts in a language that marks the agent by a word or by its
// place before an active verb.
func (c *clause) partByOrder(form *Form, rel int, t, other *thing) part {
	g := &c.p.v.pack.Grammar
	if c.markedBy(t.at) {
		return agent
	}
	if some(c.atoms, func(a *atom) bool { return c.p.says(a, "by") }) {
		return patient
	}
	word := c.last(&c.atoms[rel])
	if of, ok := c.ofWhom(rel); ok {
		doer := lang.EndsIn(c.deed(&c.atoms[rel]), g.Doers)
		switch {
		case !doer && !c.atoms[rel].relates(deeds):
			return unclear
		case (of == t.at) == doer:
			return patient
		case of == t.at || other != nil && of == other.at:
			return agent
		}
		return unclear
	}
	if owner, ok := c.ownerOf(rel); ok {
		doer := lang.EndsIn(word, g.Doers)
		switch {
		case !doer && !c.atoms[rel].relates(deeds):
			return unclear
		case (owner == t.at) == doer:
			return patient
		case owner == t.at || other != nil && owner == other.at:
			return agent
		}
		return unclear
	}
	active := len(c.light) == 0 && c.helped(rel) || lang.EndsIn(word, g.Participles) ||
		form.Act == Check && !c.hasAux() && lang.EndsIn(word, g.Active)
	switch {
	case !active || c.inside(t.at):
		return unclear
	case t.at < rel:
		return c.subjectUnless(rel, t)
	default:
		return patient
	}
}

// subjectUnless takes a thing before an active verb for its agent, except where a
// question word stands between them, as in "in the Dialogue, who chairs?".
func (c *clause) subjectUnless(rel int, t *thing) part {
	if c.wh != nil && t.at < c.whAt && c.whAt < rel {
		return unclear
	}
	return agent
}

// markedBy reports whether "by" stands before the thing at atom i, or behind it in
// a language with postpositions.
func (c *clause) markedBy(i int) bool {
	if c.p.v.pack.Postpositions {
		k := i + 1
		for k < len(c.atoms) && c.atoms[k].kind == aFiller {
			k++
		}
		return k < len(c.atoms) && c.p.says(&c.atoms[k], "by")
	}
	for k := i - 1; k >= 0; k-- {
		a := &c.atoms[k]
		if a.kind == aFiller || a.kind == aType || a.kind == aTag {
			continue
		}
		return a.kind != aWh && c.p.says(a, "by") // "by whom was K succeeded" is not by K
	}
	return false
}

// says reports whether a word of an atom is by itself the op of the given name.
func (p *parse) says(a *atom, op string) bool {
	if a.is(op) {
		return true
	}
	if a.kind != aRel && a.kind != aWh || a.to-a.from < 2 {
		return false
	}
	for k := a.from; k < a.to; k++ {
		for _, m := range p.v.lex.Longest(p.words[k : k+1]).Meanings {
			if m.Concept != nil && m.Concept.ID == op && m.Concept.Kind == lang.Op {
				return true
			}
		}
	}
	return false
}

// ofWhom returns the atom of the thing that follows the relation behind "of".
func (c *clause) ofWhom(rel int) (int, bool) {
	g := &c.p.v.pack.Grammar
	of := slices.Contains(g.Of, c.last(&c.atoms[rel]))
	for k := rel + 1; k < len(c.atoms); k++ {
		a := &c.atoms[k]
		switch {
		case a.kind == aFiller || a.is("from"):
			of = of || slices.Contains(g.Of, c.last(a))
		case a.kind == aTag:
		case a.kind == aEntity || a.kind == aType:
			return k, of
		default:
			return 0, false
		}
	}
	return 0, false
}

// ownerOf returns the atom of the thing whose possessive stands right before the
// relation: "its supporters".
func (c *clause) ownerOf(rel int) (int, bool) {
	k := skipBack(c.atoms, rel-1)
	if k < 0 || c.atoms[k].kind != aEntity {
		return 0, false
	}
	name := c.last(&c.atoms[k])
	return k, strings.HasSuffix(name, "'s") || strings.HasSuffix(name, "s'")
}

// helped reports whether a word such as "does" stands before relation rel, and
// makes it active.
func (c *clause) helped(rel int) bool {
	g := &c.p.v.pack.Grammar
	found := false
	for i := range c.atoms[:rel] {
		if a := &c.atoms[i]; a.kind == aFiller && c.atoms[i+1].kind != aNum { // "it has five members" has no other verb
			w := c.last(a)
			found = found && w != "been" && w != "be" || slices.Contains(g.Helpers, w)
		}
	}
	return found
}

// hasAux reports whether the clause has a helping verb.
func (c *clause) hasAux() bool {
	return some(c.atoms, func(a *atom) bool { return a.kind == aFiller && a.concept.ID == "aux" })
}

// auxFirst reports whether a helping verb stands before the unit that is asked
// for: "was it launched in that year", but not "the year it was launched".
func (c *clause) auxFirst() bool {
	aux := indexOf(c.atoms, func(a *atom) bool { return a.kind == aFiller && a.concept.ID == "aux" })
	return aux >= 0 && aux < indexOf(c.atoms, func(a *atom) bool { return a.kind == aUnit })
}

// inside reports whether a thing tells where or when, behind "in", "at" or "in
// which".
func (c *clause) inside(i int) bool {
	for k := i - 1; k >= 0; k-- {
		if a := &c.atoms[k]; a.kind != aFiller && (a.kind != aWh || a.concept.ID != "which") {
			return a.is("in") || a.is("from")
		}
	}
	return false
}

// last returns the folded last word of an atom, deed the last one that is no
// "of".
func (c *clause) last(a *atom) string {
	if a.to <= a.from || a.to > len(c.p.tokens) {
		return ""
	}
	return c.p.tokens[a.to-1].Text
}

func (c *clause) deed(a *atom) string {
	g := &c.p.v.pack.Grammar
	for k := a.to - 1; k >= a.from; k-- {
		if w := c.p.tokens[k].Text; !slices.Contains(g.Of, w) {
			return w
		}
	}
	return ""
}

// partByForm tells parts in a language whose names bend. The order of words tells
// little there, and is asked only where both ways make sense.
func (c *clause) partByForm(rel int, t, other *thing) part {
	g := &c.p.v.pack.Grammar
	a := &c.atoms[rel]
	switch {
	case c.hasVerb(a, g.Passive):
		return c.partOfPassive(rel, t, other)
	case !c.hasVerb(a, g.Active):
		return c.partOfNoun(rel, t, other)
	case !c.plainForm(t) || c.inside(t.at):
		return patient
	case other != nil && (!c.plainForm(other) || c.inside(other.at)):
		return agent
	case other != nil && c.atoms[rel].relates(ordered):
		return byOrder(t, other)
	case other != nil || c.wh == nil:
		return unclear
	case slices.Contains(g.Accusers, c.last(&c.atoms[c.whAt])), c.manyAsked() && !c.hasVerb(a, g.PluralVerbs):
		return agent // "which bodies does it support": the verb is not theirs
	default:
		return unclear
	}
}

// partOfPassive tells parts beside a passive verb.
func (c *clause) partOfPassive(rel int, t, other *thing) part {
	marked := func(t *thing) bool {
		return c.markedBy(t.at) || !c.plainForm(t) && !c.inside(t.at) && lang.EndsIn(c.first(t), c.p.v.pack.Grammar.Agent)
	}
	switch {
	case marked(t):
		return agent
	case other != nil && marked(other):
		return patient
	case other != nil && c.reversible(rel):
		return byOrder(other, t)
	default:
		return unclear
	}
}

// byOrder takes the first of two things for the agent.
func byOrder(t, other *thing) part {
	if t.at < other.at {
		return agent
	}
	return patient
}

// hasVerb reports whether a word of an atom has one of the endings.
func (c *clause) hasVerb(a *atom, endings []string) bool {
	for k := a.from; k < a.to; k++ {
		if lang.EndsIn(c.p.tokens[k].Text, endings) {
			return true
		}
	}
	return false
}

// partOfNoun tells parts beside a noun: "при поддержке A", "партнёр B".
func (c *clause) partOfNoun(rel int, t, other *thing) part {
	g := &c.p.v.pack.Grammar
	if c.atoms[rel].asks {
		return unclear // "on whose initiative" asks who it was
	}
	next := c.owner(rel)
	doer := c.hasVerb(&c.atoms[rel], g.Doers) // "the author of the idea"
	switch {
	case !doer && !c.atoms[rel].relates(deeds):
		return unclear
	case doer && !c.reversible(rel) && !(t.at == next && !c.plainForm(t)) && !(other != nil && other.at == next && !c.plainForm(other)):
		return unclear // "the chair, Kazakhstan"
	case t.at == next && doer, other != nil && other.at == next && !doer:
		return patient
	case t.at == next || other != nil && other.at == next:
		return agent
	default:
		return unclear
	}
}

// owner returns the atom beside a noun that tells whose it is: the one behind it
// («при поддержке A»), or in a language with postpositions the one before it
// («A-нын колдоосу»).
func (c *clause) owner(rel int) int {
	step := 1
	if c.p.v.pack.Postpositions {
		step = -1
	}
	k := rel + step
	for k >= 0 && k < len(c.atoms) && (c.atoms[k].kind == aFiller || c.atoms[k].kind == aTag) {
		k += step
	}
	return k
}

// first returns the folded first word of a thing.
func (c *clause) first(t *thing) string { return c.p.tokens[c.atoms[t.at].from].Text }

// wordAt returns a folded word of the text, or what it was read as.
func (p *parse) wordAt(k int) string {
	t := &p.tokens[k]
	for _, m := range p.misread {
		if m.Typed == p.text[t.Start:t.End] {
			return m.Read
		}
	}
	return t.Text
}

// plainForm reports whether a thing may stand in the form in which names are
// listed: who acts does.
func (c *clause) plainForm(t *thing) bool {
	a := &c.atoms[t.at]
	if t.class != nil || len(t.entities) == 0 {
		return !lang.EndsIn(c.last(a), c.p.v.pack.Grammar.Oblique)
	}
	words := c.p.v.wordsOf(t.typed())
	for k := a.from; k < a.to; k++ {
		if !slices.Contains(words, c.p.wordAt(k)) {
			return false
		}
	}
	return true
}

// wordsOf returns the folded words of the names of a thing, as they are listed.
func (v *voice) wordsOf(e *facts.Entity) []string {
	if known, ok := v.listed.Load(e); ok {
		words, _ := known.([]string)
		return words
	}
	var words []string
	add := func(name string) {
		for _, t := range lang.Tokens(nil, name) {
			words = append(words, t.Text)
		}
	}
	code, base := facts.Lang(v.pack.Code), facts.Lang(v.pack.Base)
	add(e.Names[code].Text)
	for _, alias := range e.Aliases[code] {
		add(alias)
	}
	if base != "" {
		add(v.pack.Rewrite(e.Names[base].Text))
		for _, alias := range e.Aliases[base] {
			add(v.pack.Rewrite(alias))
		}
	}
	v.listed.Store(e, words)
	return words
}
