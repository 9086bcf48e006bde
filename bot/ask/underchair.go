package ask

import (
	"slices"
	"strings"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// Words that only tell whose events are meant, or which side of them: "the members of",
// "under A's chairmanship", "end".

// dropMembers reads "where did the members of the Dialogue meet" as "where did the
// Dialogue meet". It reports whether there was a word to leave out.
func (c *clause) dropMembers() bool {
	if len(c.rels) != 1 || !c.mentions("member") || len(c.light) == 0 ||
		!some(c.things, func(t *thing) bool { return t.class == nil && t.typ().ID == platformType }) {
		return false
	}
	c.rels = nil
	return true
}

// dropEnd reads "when did the conference end" as "when was it": the facts name the last
// day of an event together with the first. It reports whether there was a word to leave
// out.
func (c *clause) dropEnd() bool {
	if c.wh == nil || c.wh.ID != "when" || len(c.rels) != 1 || !c.mentions("end") ||
		len(c.things) != 1 || c.things[0].typ().ID != eventType || c.things[0].class != nil {
		return false
	}
	c.rels = nil
	return true
}

// underChair reads "the closing conference of Kyrgyzstan's chairmanship" as that
// of the year when Kyrgyzstan chaired. It reports whether there was such a year
// to put in place of the words.
func (c *clause) underChair() bool {
	w := c.p.e.world
	if !c.mentions("chair") || (c.mentions("end") || c.mentions("outcome")) && c.anyAsked() || c.wh == nil && c.unit == "" && !c.asks || len(c.spans) > 0 || w.known.chairedBy == nil || c.future() || c.mentions("organise") && c.bySomebody() {
		return false
	}
	if c.wh != nil && c.wh.ID == "how-many" && c.hasAux() && c.onlyRels("chair") && !c.tookPlace() {
		return false // "how many events did K chair": those that it chaired itself
	}
	event := some(c.things, func(t *thing) bool { return t.typ().ID == eventType })
	if !event && c.happened() {
		event = true
		c.things = append(c.things, thing{class: &Class{Type: w.store.Type(eventType), Kind: string(eventType)}, at: max(c.whAt, 0), asked: true})
	}
	i := indexOf(c.things, func(t *thing) bool { return t.class == nil && t.typ().ID == countryType })
	if !event || i < 0 || w.known.chairedBy.Default == nil {
		return false
	}
	for _, f := range w.store.Of(w.known.chairedBy.Default, w.known.chairedBy) {
		if sameValue(f, c.things[i].entities[0]) {
			c.spans = append(c.spans, In(factDate(f)))
			c.things = slices.Delete(c.things, i, i+1)
			c.ofPlatform(f.Subject)
			c.rels = slices.DeleteFunc(c.rels, func(r *lang.Concept) bool { return r.ID == "chair" })
			return true
		}
	}
	return false
}

// underSomebody reports whether a chairmanship is but the time of what is asked about:
// what took place in it, who took part, who organised it.
func (c *clause) underSomebody() bool {
	if !c.mentions("chair") || c.bySomebody() {
		return false
	}
	return c.onlyRels("chair") && c.tookPlace() || len(c.rels) == 2 && (c.mentions("participate") || c.mentions("organise"))
}

// happened reports whether the clause asks what took place while a country chaired:
// "what happened during K's chairmanship?".
func (c *clause) happened() bool {
	what := c.wh != nil && c.wh.ID == "what" || c.wh == nil && c.asks
	return what && c.unit == "" && len(c.rels) == 1 && len(c.orders) == 0 && c.pick.Kind == NoPick &&
		c.tookPlace() && !c.hasAux() && !some(c.things, func(t *thing) bool { return t.class != nil })
}

// tookPlace reports whether a word says that something took place.
func (c *clause) tookPlace() bool {
	return slices.ContainsFunc(c.light, func(r *lang.Concept) bool { return r.ID == "hold" })
}

// ofPlatform keeps the events of a chairmanship to those of the platform that is chaired.
func (c *clause) ofPlatform(e *facts.Entity) {
	c.things = slices.DeleteFunc(c.things, func(t thing) bool { return t.class == nil && t.entities[0] == e })
	for i := range c.things {
		if k := c.things[i].class; k != nil && k.Type.ID == eventType && k.Part == nil && k.Kind != debateKind {
			k.Part = e
		}
	}
}

// duringChair reports whether the clause asks which events there were while a country
// chaired, "during K's chairmanship", not which of them it chaired.
func (c *clause) duringChair() bool {
	if c.wh == nil || !c.onlyRels("chair", "hold") || !c.mentions("chair") || !c.asksEvent() && !c.ranksEvent() {
		return false
	}
	i := indexOf(c.atoms, func(a *atom) bool { return a.kind == aRel && a.concept.ID == "chair" })
	switch {
	case i < 0:
		return false
	case c.p.v.pack.Postpositions:
		return c.saysIn(i+1) || c.p.v.pack.HasForm("loc") && c.p.v.pack.EndsAs(c.last(&c.atoms[i]), "loc")
	case i > 0 && c.atoms[i-1].kind == aEntity && c.ranksEvent() && strings.HasSuffix(c.last(&c.atoms[i-1]), "'s"):
		return true // "the last event of K's chairmanship"
	default:
		return c.saysIn(i-1) || i > 0 && c.atoms[i-1].kind == aEntity && c.saysIn(i-2)
	}
}

// saysIn reports whether the atom at i is a word for "in".
func (c *clause) saysIn(i int) bool { return i >= 0 && i < len(c.atoms) && c.atoms[i].is("in") }

// besideTerm reports whether the clause asks which events there were before or after a
// country chaired: who chaired those says nothing of it.
func (c *clause) besideTerm() bool {
	if !c.mentions("chair") || !c.asksEvent() {
		return false
	}
	return c.has("before") || c.has("after") || slices.ContainsFunc(c.orders, func(o order) bool { return o.entities[0].Type.ID == countryType })
}

// ranksEvent reports whether the first or the last of several events is asked for.
func (c *clause) ranksEvent() bool {
	return some(c.things, func(t *thing) bool {
		return t.class != nil && t.typ().ID == eventType && (t.class.Nth != 0 || c.pick.Kind != NoPick)
	})
}

// asksEvent reports whether events are what is asked for.
func (c *clause) asksEvent() bool {
	return some(c.things, func(t *thing) bool { return t.asked && t.typ().ID == eventType })
}
