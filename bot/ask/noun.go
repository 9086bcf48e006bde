package ask

import (
	"slices"

	"suhbat/facts"
)

// relative reports whether the question word at i only ties a clause to the noun
// before it: "what is the city where it is based".
func (c *clause) relative(i int) bool {
	if c.wh.ID != "what" && c.wh.ID != "which" || i == 0 {
		return false
	}
	k := i - 1
	for k > c.whAt && c.atoms[k].is("in") {
		k--
	}
	wh := c.atoms[i].concept.ID
	switch noun := &c.atoms[k]; noun.kind {
	case aType:
		return tied(noun, &c.atoms[i]) || wh == "which"
	case aUnit:
		return wh == "when" || k < i-1 && wh == "which"
	case aRel:
		return noun.concept.ID == "meeting-number" && wh == "which" // "the number of the meeting at which"
	default:
		return false
	}
}

// tied reports whether a question word asks for what a noun stands for.
func tied(noun, wh *atom) bool {
	return slices.ContainsFunc(noun.concept.Of, func(id string) bool {
		switch wh.concept.ID {
		case "where":
			return facts.ID(id) == cityType || facts.ID(id) == regionType
		case "who":
			return slices.Contains(persons, facts.ID(id))
		default:
			return false
		}
	})
}

func (c *clause) takeType(a *atom, i int) {
	t := c.p.e.store.Type(facts.ID(a.concept.Of[0]))
	th := thing{at: i}
	if t != nil {
		th.class = &Class{Type: t, Kind: a.concept.ID}
		if body := c.p.bodyIn(a); body != nil && t.ID == organisation {
			th.class.Of = []*facts.Entity{body}
		} else {
			th.class.Body = body != nil && t.ID == resolutionType
		}
	}
	if a.concept.ID == "woman" {
		th.gender = "f"
	}
	if th.class == nil {
		return
	}
	if e := c.p.e.world.prominent(t); e != nil && (t.ID == platformType || t.ID == agendaType) {
		c.things = append(c.things, thing{entities: []*facts.Entity{e}, at: i}) // "the platform"
		return
	}
	if n := len(c.things); n > 0 && c.sameNoun(n-1, th) {
		c.things = c.things[:n-1] // "the ten resolutions", where "the ten" says it already
	}
	c.things = append(c.things, th)
}

// sameNoun reports whether thing i is the same bare noun as th; a name may stand
// between them ("the ten WPS resolutions").
func (c *clause) sameNoun(i int, th thing) bool {
	if i > 0 && c.things[i].class == nil && c.things[i].typ().ID == agendaType {
		i--
	}
	t := &c.things[i]
	if t.class == nil || t.class.Type.ID != resolutionType || t.class.Kind != th.class.Kind {
		return false
	}
	if i < len(c.things)-1 { // keep the name
		c.things = append(c.things[:i], c.things[i+1], th)
	}
	return true
}
