package ask

import (
	"slices"

	"suhbat/facts"
)

// A capital stands for its country where offices are held: "Tashkent's chairmanship",
// "Astana chaired after Ashgabat". Behind "in", and beside an event, it is where
// something took place.

// capitalKind is the kind of cities that may stand for their country.
const capitalKind = string(countryType)

// countryOf returns the country that a capital may stand for, or nil.
func countryOf(e *facts.Entity) *facts.Entity {
	if e.Type.ID != cityType || len(e.Of) == 0 || !slices.Contains(e.Kinds, capitalKind) {
		return nil
	}
	return e.Of[0]
}

// capitals puts countries in the place of their capitals where the clause speaks of the
// chair.
func (c *clause) capitals() {
	if c.p.v.pack.Postpositions {
		return // a city in which something was is told by its ending alone
	}
	for i := range c.things {
		t := &c.things[i]
		if t.class != nil || len(t.entities) != 1 || !c.chairs() || c.locates(t.at) {
			continue
		}
		if country := countryOf(t.entities[0]); country != nil {
			t.capital, t.entities = t.entities[0], []*facts.Entity{country}
		}
	}
	for i := range c.orders {
		o := &c.orders[i]
		if len(o.entities) != 1 || !c.chairs() && o.op != "successor" && o.op != "predecessor" {
			continue
		}
		if country := countryOf(o.entities[0]); country != nil {
			o.entities = []*facts.Entity{country}
		}
	}
}

// typed is the thing whose name was typed.
func (t *thing) typed() *facts.Entity {
	if t.capital != nil {
		return t.capital
	}
	return t.entities[0]
}

// chairs reports whether the clause speaks of the chair, or of members.
func (c *clause) chairs() bool {
	return c.mentions("chair") || c.mentions("lead") || c.mentions("handover") || c.mentions("member")
}

// locates reports whether the name at an atom tells where something took place.
func (c *clause) locates(at int) bool {
	if at > 0 && (c.atoms[at-1].is("in") || c.atoms[at-1].kind == aType) {
		return true
	}
	return at+1 < len(c.atoms) && (c.atoms[at+1].kind == aType || c.atoms[at+1].kind == aTag)
}
