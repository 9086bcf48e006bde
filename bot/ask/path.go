package ask

import (
	"slices"
	"strings"

	"suhbat/bot/lang"
	"suhbat/facts"
)

func (c *clause) mentions(rel string) bool {
	for _, r := range c.rels {
		if r.ID == rel {
			return true
		}
	}
	return false
}

// harmless reports whether an op that no special form took adds nothing.
func (c *clause) harmless(op string) bool {
	switch op {
	case "list", "name-it", "all", "about-op", "by", "from":
		return true
	case "next", "previous":
		return len(c.orders) > 0 // "after K, who was next"
	case "age":
		return c.wh != nil && c.wh.ID == "when" && c.pick.Kind == NoPick // "it has existed since when"
	case "person-pronoun":
		return some(c.things, func(t *thing) bool { return t.class == nil && t.typ().ID == personType })
	case "pronoun": // it stands for something that the clause names
		return len(c.orders) > 0 || some(c.things, func(t *thing) bool { return t.class == nil || !t.asked })
	case "since":
		return c.wh != nil && c.wh.ID == "when" || c.unit != ""
	}
	return false
}

// path is a property or one of its qualifiers.
type path struct {
	property *facts.Property
	aspect   string
	// implied is true when no word names the property.
	implied bool
}

// paths lists the properties that the clause may speak of: those that all its
// relations agree on, or else those that its question word implies.
func (c *clause) paths() []path {
	rels := c.rels
	if c.mentions("term") { // "for what term does a country become the chair"
		rels = slices.DeleteFunc(slices.Clone(rels), func(r *lang.Concept) bool { return r.ID == "chair" || r.ID == "handover" })
	}
	if len(rels) > 1 && c.mentions("significance") { // "what was new about it"
		rels = slices.DeleteFunc(slices.Clone(rels), func(r *lang.Concept) bool { return r.ID == "about" })
	}
	if len(rels) > 1 && c.createdBy() { // "what post did resolution 1888 create"
		rels = slices.DeleteFunc(slices.Clone(rels), func(r *lang.Concept) bool { return r.ID == "role" || r.ID == "launch" })
	}
	if len(rels) > 1 && c.mentions("role") && c.mentions("speech") { // "in what capacity did she speak"
		rels = slices.DeleteFunc(slices.Clone(rels), func(r *lang.Concept) bool { return r.ID == "speech" })
	}
	if len(rels) > 1 && c.many > 0 && c.mentions("vote") { // "did 13 members vote for it"
		rels = slices.DeleteFunc(slices.Clone(rels), func(r *lang.Concept) bool { return r.ID == "member" })
	}
	rels = c.withoutEnds(rels)
	if len(rels) > 1 && c.wh != nil && c.wh.ID == "how-many" && c.mentions("vote") { // "with how many votes was it adopted"
		rels = slices.DeleteFunc(slices.Clone(rels), func(r *lang.Concept) bool { return r.ID == "adopt" || r.ID == "hold" })
	}
	if w := &c.p.e.world.known; c.countsPlanners() && w.count != nil {
		return []path{{property: w.count}}
	}
	if w := &c.p.e.world.known; w.vote != nil && c.verifies() && c.has("all") && len(c.rels) == 1 && c.mentions("vote") {
		return []path{{property: w.vote, aspect: "unanimous"}} // "did all members vote for it"
	}
	if c.asksKind() {
		return []path{{property: c.p.e.store.Property("kind")}}
	}
	if c.asksTerm() {
		return []path{{property: c.p.e.store.Property("term")}}
	}
	if len(rels) == 0 {
		rels = c.light
	}
	if len(rels) == 0 {
		return c.impliedPaths()
	}
	out := c.agreed(rels)
	c.headsFirst(out)
	for len(out) == 0 && len(rels) > 1 {
		weakest := 0
		for i, r := range rels {
			if r.Weak > 0 && (rels[weakest].Weak == 0 || r.Weak < rels[weakest].Weak) {
				weakest = i
			}
		}
		if r := rels[weakest]; r.Weak == 0 || c.mentions("say") && (r.ID == "launch" || r.ID == "create") || c.besideChair(r) {
			break // «что она сказала об образовании»: of education, or of how it was formed
		}
		rels = slices.Delete(slices.Clone(rels), weakest, weakest+1)
		out = c.agreed(rels)
	}
	if len(c.rels) == 0 {
		out = append(out, c.impliedPaths()...)
	}
	return out
}

// besideChair reports whether a relation says something of its own beside a chairmanship:
// "which events did K organise during it", "was the Dialogue launched during it".
func (c *clause) besideChair(r *lang.Concept) bool {
	if !c.mentions("chair") {
		return false
	}
	begins := r.ID == "launch" || r.ID == "create"
	what := c.wh != nil && c.wh.ID == "what"
	return c.asksEvent() && (begins || r.ID == "organise") || begins && (c.verifies() || what) || what && r.ID == "adopt"
}

// withoutEnds leaves out words for a beginning or an end where another one says what of it
// is asked for: "at what hour did it end", "is the first cycle over".
func (c *clause) withoutEnds(rels []*lang.Concept) []*lang.Concept {
	hours, status := c.mentions("hours"), c.mentions("status")
	if len(rels) < 2 || !hours && !status {
		return rels
	}
	return slices.DeleteFunc(slices.Clone(rels), func(r *lang.Concept) bool {
		return r.ID == "end" || hours && (r.ID == "launch" || r.ID == "opening-speech")
	})
}

// createdBy reports whether the clause asks what a resolution created.
func (c *clause) createdBy() bool {
	return c.mentions("create") && c.mentions("role") && (c.wh == nil && c.asks || c.wh != nil && (c.wh.ID == "what" || c.wh.ID == "which")) && len(c.things) == 1 &&
		c.things[0].class == nil && c.things[0].typ().ID == resolutionType && c.saidOf(c.things[0].entities[0], "role")
}

// saidOf reports whether what is new in a resolution has the word by which the clause
// names a relation.
func (c *clause) saidOf(e *facts.Entity, rel string) bool {
	for i := range c.atoms {
		if a := &c.atoms[i]; a.kind != aRel || a.concept.ID != rel {
			continue
		}
		for _, x := range c.p.e.store.Of(e, c.p.e.world.known.significance) {
			if c.p.v.says(x, c.last(&c.atoms[i])) {
				return true
			}
		}
	}
	return false
}

// countsPlanners reports whether the clause asks how many countries have, or have
// adopted, action plans.
func (c *clause) countsPlanners() bool {
	return c.wh != nil && c.wh.ID == "how-many" && c.onlyRels("adopt", "plan-of") && len(c.spans)+len(c.orders) == 0 && c.pick.Kind == NoPick &&
		some(c.things, func(t *thing) bool { return t.asked && t.typ().ID == countryType && !t.class.Regional }) &&
		some(c.things, func(t *thing) bool { return t.class != nil && t.typ().ID == planType })
}

// asksKind reports whether the clause asks what sort of thing one is: "what event was
// the Almaty conference?".
func (c *clause) asksKind() bool {
	if c.wh == nil || c.wh.ID != "what" && c.wh.ID != "which" || !c.onlyRels("hold") || len(c.things) != 2 || len(c.spans)+len(c.orders) > 0 || c.pick.Kind != NoPick {
		return false
	}
	a, b := &c.things[0], &c.things[1]
	if a.class != nil {
		a, b = b, a
	}
	return a.class == nil && a.typ().ID == eventType && b.class != nil && b.asked && b.class.Type == a.typ() && plainClass(b.class) &&
		len(c.p.e.store.Of(a.entities[0], c.p.e.store.Property("kind"))) > 0
}

// asksTerm reports whether the clause asks how long a country, no certain one,
// keeps the chair.
func (c *clause) asksTerm() bool {
	return c.wh != nil && c.wh.ID == "how-long" && len(c.rels) == 1 && c.rels[0].ID == "chair" && c.p.e.store.Property("term") != nil &&
		len(c.spans)+len(c.orders) == 0 && !some(c.things, func(t *thing) bool {
		return t.typ().ID != platformType && (t.class == nil || t.typ().ID != countryType)
	})
}

// agreed lists the properties that every relation may stand for.
func (c *clause) agreed(rels []*lang.Concept) []path {
	out := c.room.paths[:0]
	if i := slices.IndexFunc(rels, func(r *lang.Concept) bool { return r.ID == "chairperson" }); i > 0 {
		rels = slices.Clone(rels)
		rels[0], rels[i] = rels[i], rels[0] // "who personally was the chair": the person first
	}
	for _, name := range rels[0].Of {
		id, aspect, _ := strings.Cut(name, ".")
		agreed := true
		for _, r := range rels[1:] {
			agreed = agreed && slices.ContainsFunc(r.Of, func(o string) bool {
				other, sub, _ := strings.Cut(o, ".")
				if other == id && sub != "" {
					aspect = sub
				}
				return other == id
			})
		}
		if prop := c.p.e.store.Property(facts.ID(id)); prop != nil && agreed && !(id == "held-on" && slices.Contains(rels[0].Of, "period") && c.strange(path{property: prop}) > 0) {
			out = append(out, path{property: prop, aspect: aspect}) // an event lasts, not what events are part of
		}
	}
	if c.p.e.set.Concepts[rels[0].ID] != rels[0] { // a word of two relations
		slices.SortStableFunc(out, func(a, b path) int { return c.strange(a) - c.strange(b) })
	}
	return out
}

// strange is 0 for a property that may be stated of one of the things of the
// clause, 1 for another.
func (c *clause) strange(p path) int {
	if some(c.things, func(t *thing) bool { return slices.Contains(p.property.Domain, t.typ().ID) }) {
		return 0
	}
	return 1
}

// impliedPaths lists the properties that a clause without a relation may mean:
// the date of a thing for when, its place for where.
func (c *clause) impliedPaths() []path {
	var out []path
	add := func(p *facts.Property) {
		if p != nil && !slices.ContainsFunc(out, func(x path) bool { return x.property == p }) {
			out = append(out, path{property: p, implied: true})
		}
	}
	w := &c.p.e.world.known
	if c.wh != nil && c.wh.ID == "how-many" {
		add(w.count)
	}
	for _, o := range c.orders {
		switch o.entities[0].Type.ID {
		case countryType:
			add(w.chairedBy)
		case personType:
			add(w.head)
			add(c.p.e.store.Property("chairperson"))
		case resolutionType:
			add(o.entities[0].Type.When)
		case componentType:
			add(c.p.e.world.listing[o.entities[0].Type])
		}
	}
	if len(c.things) == 1 && len(c.spans) == 1 && c.things[0].typ().ID == personType && c.things[0].class == nil && c.wh != nil && slices.Contains(profiled, c.wh.ID) {
		add(w.role)
	}
	if c.goesOn() {
		add(c.p.e.store.Type(eventType).When)
	}
	time := c.wh != nil && c.wh.ID == "when" || c.unit != ""
	place := c.wh != nil && c.wh.ID == "where" || c.asksPlace()
	for _, t := range c.things {
		typ := t.typ()
		if typ.ID == planType {
			add(w.planOf)
		}
		switch {
		case time:
			add(typ.When)
			if typ.When != nil && typ.When.ID == "observed-on" {
				add(w.period)
			}
			if typ.ID == positionType { // "when was A the head of B?"
				add(w.head)
				add(w.role)
			}
		case place:
			add(typ.Where)
		case typ.ID == positionType:
			add(w.role)
			add(w.head)
		case typ.ID == personType && len(c.spans) == 1 && c.wh != nil && (c.wh.ID == "who" || c.wh.ID == "what"):
			add(w.role) // "who was A in 2023?"
		case c.question && c.wh == nil && !c.part:
			if t.class != nil && (len(c.spans) > 0 || c.onlyNamed(&t)) {
				add(typ.When) // "any events in 2021?", "meetings in Bishkek?"
			}
			if t.class == nil || !c.onlyNamed(&t) {
				add(typ.Where)
			}
			add(typ.When)
			if len(c.things) == 2 && t.class == nil && t.typ().ID == platformType && c.standsIn(t.at) {
				add(w.member) // "is K in the Dialogue?"
			}
			if len(c.things) > 1 {
				add(w.participant)
				add(w.listedIn)
			}
		}
		if t.class != nil && !time && !place && len(c.orders) == 0 {
			add(typ.When) // a list of descriptions: "events in 2023"
			add(c.p.e.world.listing[typ])
		}
	}
	return out
}

// goesOn reports whether the clause asks what there was at a time, perhaps in a
// place, and has no other word: "what was there in Ashgabat in May 2022".
func (c *clause) goesOn() bool {
	return c.wh != nil && c.wh.ID == "what" && len(c.spans) == 1 && len(c.orders)+len(c.ops) == 0 && c.unit == "" && c.past() && c.p.e.store.Type(eventType) != nil &&
		!some(c.things, func(t *thing) bool { return t.class != nil || !placeType(t.typ()) })
}

// standsIn reports whether a word says that something is in the thing at an atom, and
// no verb says what it does there.
func (c *clause) standsIn(at int) bool {
	k := skipBack(c.atoms, at-1)
	return len(c.light) == 0 && k >= 0 && c.atoms[k].is("in")
}

// headsFirst lets whoever leads a body that never had a chair be its head.
func (c *clause) headsFirst(out []path) {
	w := &c.p.e.world.known
	if !c.mentions("lead") || !some(c.things, func(t *thing) bool {
		return t.class == nil && t.typ().ID == organisation && len(c.p.e.store.Of(t.entities[0], w.chairedBy)) == 0
	}) {
		return
	}
	slices.SortStableFunc(out, func(a, b path) int {
		switch {
		case a.property == w.head && b.property != w.head:
			return -1
		case b.property == w.head && a.property != w.head:
			return 1
		}
		return 0
	})
}

// onlyNamed reports whether the clause has but a noun in the plural and what
// describes it: a list, even with a question mark behind it.
func (c *clause) onlyNamed(t *thing) bool {
	return len(c.rels)+len(c.light) == 0 && !c.whether && !c.hasAux() && lang.EndsIn(c.last(&c.atoms[t.at]), c.p.v.pack.Grammar.Plural)
}

func (c *clause) asksPlace() bool {
	for _, t := range c.things {
		if t.asked && (t.class.Type.ID == cityType || t.class.Kind == "place") {
			return true
		}
	}
	return false
}

// typ is the type of a thing; of several that share a name, the first one's.
func (t *thing) typ() *facts.Type {
	if t.class != nil {
		return t.class.Type
	}
	return t.entities[0].Type
}
