package ask

import (
	"slices"

	"suhbat/facts"
)

// A thing that nothing is said of: its name asks for its profile.

// bareThing composes "who is X", "what is X", "what does X stand for".
func (c *clause) bareThing() {
	naming := c.mentions("full-name") || c.mentions("abbreviation")
	if len(c.rels) > 0 && !naming || len(c.spans) > 0 || len(c.orders) > 0 || c.pick.Kind != NoPick || c.unit != "" {
		return
	}
	if c.wh != nil && !slices.Contains(profiled, c.wh.ID) && !naming {
		return
	}
	if len(c.light) > 0 && !c.introduces() && (len(c.light) > 1 || c.light[0].ID != "hold" || c.wh != nil && c.wh.ID == "who") {
		return // "what did it give", "who held it": the verb would be left unused
	}
	if c.question && c.wh == nil && some(c.atoms, func(a *atom) bool { return a.kind == aTag }) {
		return // "was the round table online?"
	}
	if c.question && c.wh == nil && (c.has("pronoun") || c.has("person-pronoun")) {
		return
	}
	if c.question && c.wh == nil && len(c.things)+len(c.light) > 1 && !naming && !c.has("about-op") {
		return // a yes-or-no question is about more than the thing
	}
	for i := range c.things {
		e, whole := c.narrowed(i)
		if c.things[i].class == nil && len(c.things[i].entities) > 1 {
			c.namesakes(&c.things[i])
			continue
		}
		who := c.wh != nil && c.wh.ID == "who"
		if e != nil && len(c.light) > 0 && e.Type.ID != eventType && !(who && e.Type.ID == personType) {
			continue // "what happened in 1325?"
		}
		if who && e != nil && (e.Type.ID == componentType || isPlace(e)) {
			continue // nobody asks who a component or a country is
		}
		if e == nil || !whole && !c.othersDescribe(e, i) || c.things[i].asked && c.things[i].class.Nth == 0 {
			continue
		}
		if c.many > 1 && e.Type.ID == eventType {
			continue // "session 3 of the conference" is not the conference
		}
		naming := naming && e.Type.ID != componentType // what a component means is told by its profile
		f := c.profile(e, naming)
		if naming {
			f.Words = c.p.bareName(e, &c.atoms[c.things[i].at])
			f.WordsIn = c.p.v.pack.Code
		}
		cost := profileCost
		if c.has("about-op") {
			cost = 0 // "tell me about it" asks for nothing else
		}
		c.p.candidate(&f, cost)
		return
	}
}

// narrowed returns the one thing that thing i means: by itself or, if it counts
// ("the third plan of Kyrgyzstan"), among those that all other things describe;
// whole is true then.
func (c *clause) narrowed(i int) (e *facts.Entity, whole bool) {
	t := &c.things[i]
	if t.class == nil || t.class.Nth == 0 || len(c.things) < 2 {
		return t.entity(c.p.e.world), false
	}
	k := *t.class
	for j := range c.things {
		x := &c.things[j]
		if j != i && (x.class != nil || len(x.entities) != 1 || !k.narrow(x.entities[0])) {
			return nil, false
		}
	}
	e, _ = c.p.e.world.one(&k)
	return e, true
}

// namesakes composes a profile for each thing of one name, if it is all that the
// clause speaks of.
func (c *clause) namesakes(t *thing) {
	if len(c.things) > 1 {
		return
	}
	for _, e := range t.entities {
		about := c.profile(e, false)
		c.p.candidate(&about, profileCost)
	}
}

func (c *clause) profile(e *facts.Entity, naming bool) Form {
	f := Form{Act: About, Subject: Term{Entity: e}, Many: c.many, Listed: c.listed() && len(c.p.e.store.Of(e, c.p.e.world.known.listedIn)) > 0}
	if naming {
		f.Act = Naming
	}
	return f
}

// othersDescribe reports whether every other thing says something true of e.
func (c *clause) othersDescribe(e *facts.Entity, at int) bool {
	for i := range c.things {
		if i == at {
			continue
		}
		t := &c.things[i]
		if t.class != nil && t.class.Type == e.Type && plainClass(t.class) {
			continue // "the prevention pillar"
		}
		if t.class != nil || !slices.ContainsFunc(t.entities, func(x *facts.Entity) bool {
			return c.p.e.world.describes(e, x)
		}) {
			return false
		}
	}
	return true
}
