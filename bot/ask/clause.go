package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// problem is why a question could not be composed.
type problem struct {
	reason Reason
	words  []string
}

func (b problem) bad() bool { return b.reason != NoReason }

// clause is one simple question, its atoms sorted by what they do.
type clause struct {
	p      *parse
	atoms  []atom
	wh     *lang.Concept
	whAt   int
	unit   string
	rels   []*lang.Concept
	light  []*lang.Concept
	things []thing
	spans  []Span
	now    bool
	orders []order
	pick   Pick
	ops    map[string]int // ops that are left, with their position
	many   int
	not    bool
	// whether is true when a word says that it asks for yes or no.
	whether bool
	// question is true when the text ends as a question, or says so in words.
	question bool
	// meeting is the number of a meeting of the Security Council.
	meeting int
	// votes is how many votes a resolution got.
	votes int
	// asks is true when a relation has the question word inside: "which years".
	asks bool
	// exists is true when it asks whether there were things of a kind.
	exists bool
	// part is true for a part of a question.
	part bool
	// unnamed is true when it describes resolutions without naming the agenda.
	unnamed bool
	// room is where the things, relations and spans of most clauses lie: one piece of
	// memory for all.
	room struct {
		things [3]thing
		rels   [3]*lang.Concept
		spans  [1]Span
		paths  [3]path
	}
}

// thing is an entity or a description that a clause speaks of.
type thing struct {
	entities []*facts.Entity
	capital  *facts.Entity // what was typed, where it stands for its country
	class    *Class
	gender   string
	at       int
	asked    bool // stands right behind which, what or how many
	some     bool // stands behind "any" in a question of yes or no
}

// order is "before X" or "after X".
type order struct {
	entities []*facts.Entity
	to       []*facts.Entity // the other end of "between A and B"
	dir      int
	years    int // how many lie between
	op       string
	direct   bool // nothing may lie between: "right after A"
}

// maxThings bounds the search for places; a simple question has fewer.
const maxThings = 5

// clause sorts atoms. Everything must find a place, or the question is declined.
func (p *parse) clause(atoms []atom) (*clause, problem) {
	c := p.newClause()
	c.p, c.atoms, c.whAt = p, atoms, -1
	c.things, c.rels, c.spans = c.room.things[:0], c.room.rels[:0], c.room.spans[:0]
	for i := range atoms {
		if bad := c.take(atoms, i); bad.bad() {
			return nil, bad
		}
	}
	if len(c.things) > maxThings || len(c.rels) > maxThings {
		return nil, problem{reason: NoParse}
	}
	if c.asksWhoNot() {
		return nil, problem{reason: Negated}
	}
	if c.asksTag() {
		return nil, problem{reason: NoParse}
	}
	c.capitals()
	c.meets(atoms)
	if bad := c.gather(atoms); bad.bad() {
		return nil, bad
	}
	return c, problem{}
}

// take sorts one atom.
func (c *clause) take(atoms []atom, i int) problem {
	a := &atoms[i]
	switch a.kind {
	case aFiller, aTag, aOrd, aNum:
	case aWh:
		return c.takeWh(a, i)
	case aUnit:
		if i > 0 && atoms[i-1].kind == aFiller && atoms[i-1].concept.ID == "demonstrative" {
			return problem{NoParse, []string{c.p.phrase(&atoms[i-1])}} // "that year": which one?
		}
		if c.unit != "" && c.unit != a.concept.ID {
			return problem{reason: NoParse}
		}
		c.unit = a.concept.ID
	case aType:
		if i > 0 && atoms[i-1].kind == aFiller && atoms[i-1].concept.ID == "demonstrative" {
			return problem{NoParse, []string{c.p.phrase(&atoms[i-1])}} // "that meeting": which one?
		}
		c.takeType(a, i)
	case aRel:
		c.asks = c.asks || a.asks
		c.takeRel(a)
	case aEntity:
		c.things = append(c.things, thing{entities: a.entities, at: i, asked: false})
	case aOrder:
		if u := c.p.single(a.from); u != nil && u.Kind == lang.Unit && c.wh != nil && c.wh.ID == "how-many" {
			c.unit = u.ID // "how many years after A"
		}
		c.asks = c.asks || a.asks
		c.orders = append(c.orders, order{entities: a.entities, dir: a.n, years: c.p.yearApart(a), op: a.concept.ID, direct: c.p.directly(a)})
	case aDate, aSpan:
		c.spans = append(c.spans, a.span)
		c.now = c.now || a.n == isNow
	case aOp:
		c.takeAsking(a, i)
		return c.takeOp(a, i)
	case aUncovered:
		return problem{OffTopic, []string{c.p.phrase(a)}}
	case aBlocked, aUnknown, aSuffix, aMonth:
		return problem{OddWord, []string{c.p.phrase(a)}}
	case aChat:
		return problem{OddWord, []string{c.p.phrase(a)}}
	}
	return problem{}
}

func (c *clause) takeWh(a *atom, i int) problem {
	if a.concept.ID == "what" && a.to-a.from == 1 && c.confirms(i) {
		return problem{} // "confirm, please, that …", where "that" is the word for "what"
	}
	if c.wh != nil && (c.relative(i) || c.wh == a.concept && a.concept.ID == "how-many") {
		return problem{} // tg "шумораи қатъномаҳо чанд аст" says it at both ends
	}
	if c.wh != nil && (c.wh.ID != "what" || a.concept.ID != "how-many") { // "what is the number of"
		return problem{reason: NoParse}
	}
	c.wh, c.whAt = a.concept, i
	return problem{}
}

func (c *clause) takeRel(a *atom) {
	if a.concept.Light {
		c.light = append(c.light, a.concept)
		return
	}
	r := a.concept
	if a.alt != nil && a.alt.Kind == lang.Relation { // a word of two relations: the others tell which
		both := *r
		both.Of = append(slices.Clone(r.Of), a.alt.Of...)
		r = &both
	}
	if !slices.Contains(c.rels, r) {
		c.rels = append(c.rels, r)
	}
}

// takeAsking notes that an op asks, as "whom did it succeed" does where it is one
// phrase.
func (c *clause) takeAsking(a *atom, i int) {
	switch {
	case !a.asks || a.is("source") || a.is("list") || a.is("all") || a.is("about-op") || a.is("verify"):
	case c.wh == nil && directionOf(a.concept.ID) != 0:
		c.wh, c.whAt = c.p.e.set.Concepts["who"], i
	case a.is("earlier"), a.is("later"):
		c.asks = true
	}
}

// takeOp notes an op; those that change what is asked and have no meaning here
// stop the question.
func (c *clause) takeOp(a *atom, i int) problem {
	switch a.concept.ID {
	case "not":
		if c.not {
			return problem{reason: Negated} // twice not is no plain question
		}
		c.not = true
		return problem{}
	case "except":
		return problem{reason: Negated}
	case "only", "more-than", "less-than", "condition":
		return problem{Unsupported, []string{c.p.phrase(a)}}
	case "if":
		if !asksWhether(c.atoms[:i]) {
			return problem{Unsupported, []string{c.p.phrase(a)}}
		}
		c.question, c.whether = true, true
		return problem{}
	case "in":
		return problem{}
	case "verify":
		c.question, c.whether = true, true
		return problem{}
	case "last":
		return problem{}
	}
	if c.ops == nil {
		c.ops = make(map[string]int, 2)
	}
	c.ops[a.concept.ID] = i
	return problem{}
}

// nounPhrase reports whether the clause is a noun with what describes it, in a
// language that needs a helping verb to ask for yes or no: "the countries abstaining
// on it?".
func (c *clause) nounPhrase() bool {
	return len(c.p.v.pack.Grammar.Helpers) > 0 && c.wh == nil && !c.whether && !c.hasAux()
}

func (c *clause) has(op string) bool { _, ok := c.ops[op]; return ok }

// gather attaches ordinals, numbers and describing words to what they describe.
func (c *clause) gather(atoms []atom) problem {
	for i := range atoms {
		a := &atoms[i]
		ok := true
		switch {
		case a.kind == aOrd:
			ok = c.attachOrdinal(atoms, i, a.n)
		case a.is("last"):
			ok = c.attachOrdinal(atoms, i, -1)
		case a.kind == aNum:
			ok = c.attachNumber(atoms, i)
		case a.kind == aTag:
			ok = c.attachTag(atoms, i)
		}
		if !ok {
			return problem{OddWord, []string{c.p.phrase(a)}}
		}
	}
	c.markAsked(atoms)
	c.dropAbout()
	return problem{}
}

// dropAbout reads "resolutions about women, peace and security" as "resolutions
// of the agenda", and "about the Dialogue, tell me", where a language puts the two
// words apart, as "tell me about the Dialogue".
func (c *clause) dropAbout() {
	if c.has("about-op") && c.wh == nil {
		c.rels = slices.DeleteFunc(c.rels, func(r *lang.Concept) bool { return r.ID == "about" })
	}
	if len(c.things) == 2 && c.wh != nil && c.things[0].typ().ID == componentType && c.things[1].typ().ID == componentType && c.onlyRels("about") {
		c.rels = nil // "which pillar is about prevention"
	}
	if c.onTheme() {
		c.rels = slices.DeleteFunc(c.rels, func(r *lang.Concept) bool { return r.ID == "about" })
	}
	if len(c.things) == 1 && c.things[0].class != nil && c.things[0].typ().ID == observanceKind && len(c.things[0].class.Tags) > 0 && c.onlyRels("about") {
		c.rels = nil // "which days are about women?"
	}
	described := some(c.things, func(t *thing) bool { return t.class != nil })
	agenda := some(c.things, func(t *thing) bool { return t.class == nil && t.typ().ID == agendaType })
	listed := some(c.things, func(t *thing) bool { return t.class != nil && t.class.Type.ID == resolutionType })
	if described && agenda && !c.asks {
		c.rels = slices.DeleteFunc(c.rels, func(r *lang.Concept) bool { return r.ID == "about" || listed && r.ID == "theme" })
	}
}

// onTheme reports whether "about" stands between an event and a word that describes
// it: "the forum about climate change".
func (c *clause) onTheme() bool {
	when := c.unit != "" || c.wh != nil && (c.wh.ID == "when" || c.wh.ID == "where")
	return (when || len(c.rels) > 1) && some(c.things, func(t *thing) bool {
		k := t.at + 1
		if t.typ().ID != eventType || k >= len(c.atoms) || c.atoms[k].kind != aRel || c.atoms[k].concept.ID != "about" {
			return false
		}
		k = skip(c.atoms, k+1)
		return k < len(c.atoms) && c.atoms[k].kind == aTag
	})
}

// neighbour returns the thing that stands next to atom i in a direction, over
// fillers and describing words.
func (c *clause) neighbour(atoms []atom, i, step int) *thing {
	for k := i + step; k >= 0 && k < len(atoms); k += step {
		switch atoms[k].kind {
		case aFiller, aTag, aOrd, aNum:
			continue
		case aEntity, aOrder:
			if step > 0 && k+1 < len(atoms) && (atoms[k+1].kind == aType || atoms[k+1].kind == aTag) {
				continue // "the first WPS resolution"
			}
			return c.thingAt(k)
		case aType:
			return c.thingAt(k)
		default:
			return nil
		}
	}
	return nil
}

func (c *clause) thingAt(i int) *thing {
	for j := range c.things {
		if c.things[j].at == i {
			return &c.things[j]
		}
	}
	return nil
}

// countable reports whether things of a type stand in an order of their own;
// "the first country" is first only in what it did.
func countable(t *facts.Type) bool {
	switch t.ID {
	case countryType, personType, organisation, cityType, regionType, groupType:
		return false
	}
	return true
}
