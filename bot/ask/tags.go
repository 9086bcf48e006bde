package ask

import (
	"slices"

	"suhbat/facts"
)

// attachTag ties a describing word to the thing beside it that it may describe,
// or else to any in the clause.
func (c *clause) attachTag(atoms []atom, i int) bool {
	tag := atoms[i].concept.ID
	if tag == "women" && c.askedWomen(atoms, i) {
		return true
	}
	for _, step := range []int{1, -1} {
		if t := c.neighbour(atoms, i, step); t != nil && c.describe(t, tag) {
			return true
		}
	}
	if slices.Contains(peopleTags, tag) && (c.neighbour(atoms, i, 1) != nil || actsAlone(atoms, i)) {
		return false // "women of K" are not all of K
	}
	for j := range c.things {
		if c.describe(&c.things[j], tag) {
			return true
		}
	}
	return false
}

// actsAlone reports whether the word at i stands for who does something: "did
// women take part".
func actsAlone(atoms []atom, i int) bool {
	k := skip(atoms, i+1)
	if k < len(atoms) && atoms[k].kind == aRel {
		return true
	}
	k = i - 1
	for k > 0 && (atoms[k].kind == aFiller || atoms[k].is("verify")) {
		k--
	}
	return k == 0 && atoms[k].kind == aRel // a question that begins with the verb
}

// peopleTags are describing words that stand for people, too.
var peopleTags = []string{"women", "leaders", "activists", "youth", "parliamentarians"}

// askedWomen reads "which women": they are who is asked for. Where the verb stands
// at the end, so does a thing that is named behind them: "haýsy zenan Dialoga
// başlyklyk etdi?".
func (c *clause) askedWomen(atoms []atom, i int) bool {
	person := c.p.e.store.Type(personType)
	if person == nil || c.wh == nil {
		return false
	}
	if t := c.neighbour(atoms, i, 1); t != nil && (t.class != nil || !c.p.v.pack.Postpositions) {
		return false
	}
	for k := i - 1; k >= 0; k-- {
		switch {
		case atoms[k].kind == aFiller || atoms[k].kind == aTag || atoms[k].kind == aOrd || atoms[k].is("last"):
			continue
		case k == c.whAt:
			c.things = append(c.things, thing{class: &Class{Type: person, Kind: "person"}, gender: "f", at: i, asked: true})
			return true
		}
		return false
	}
	return false
}

// describe adds a describing word to a thing if it can bear it.
func (c *clause) describe(t *thing, tag string) bool {
	if t.class == nil {
		var kept []*facts.Entity
		for _, e := range t.entities {
			if slices.Contains(e.Tags, tag) || slices.Contains(e.Kinds, tag) {
				kept = append(kept, e)
			}
		}
		if kept != nil {
			t.entities = kept
		}
		return kept != nil
	}
	switch t.class.Type.ID {
	case countryType:
		t.class.Regional = tag == "central-asia" || tag == "regional"
		return t.class.Regional
	case cityType, regionType, positionType:
		return false
	case personType:
		if tag == "women" {
			t.gender = "f"
			return true
		}
		return false
	}
	if !slices.Contains(t.class.Tags, tag) {
		t.class.Tags = append(t.class.Tags, tag)
	}
	return true
}

// markAsked finds the description right behind which, what or how many: it is
// what is asked for. Where postpositions stand behind what they govern, a which at
// the end asks for what stands before it: "биринчи резолюция кайсы?".
func (c *clause) markAsked(atoms []atom) {
	if c.wh == nil {
		c.markSome(atoms)
		return
	}
	switch c.wh.ID {
	case "where", "who":
		if i := c.whAt - 1; i >= 0 && atoms[i].kind == aType && tied(&atoms[i], &atoms[c.whAt]) {
			if t := c.thingAt(i); t != nil && t.class != nil {
				t.asked = true // "the city where it is based"
			}
		}
	case "which", "what", "how-many":
		apart := c.whAt+1 < len(atoms) && atoms[c.whAt+1].kind == aFiller
		if t := c.neighbour(atoms, c.whAt, 1); t != nil && t.class != nil && !(c.wh.ID == "what" && apart && len(c.rels) > 0) {
			t.asked = true // but not in "what was the conference about"
			return
		}
	}
	if c.wh.ID != "which" && c.wh.ID != "how-many" || !c.p.v.pack.Postpositions || skip(atoms, c.whAt+1) < len(atoms) {
		return
	}
	if t := c.neighbour(atoms, c.whAt, -1); t != nil && t.class != nil && t.class.Type.ID != eventType {
		t.asked = true
	}
}

// markSome finds the noun of "did any country abstain?": the answer is which did.
func (c *clause) markSome(atoms []atom) {
	for i := range c.things {
		t := &c.things[i]
		if t.class == nil || t.at == 0 || !plainClass(t.class) || !slices.Contains(persons, t.class.Type.ID) {
			continue
		}
		if a := &atoms[t.at-1]; a.kind == aFiller && a.concept.ID == "some" {
			t.asked, t.some = true, true
			return
		}
	}
}
