package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// duration reports whether the clause asks how long, or how many years.
func (c *clause) duration() bool {
	if c.has("ago") || c.has("age") || c.has("elapsed") {
		return c.wh == nil || c.wh.ID != "when" && c.wh.ID != "who" && !(c.wh.ID == "which" && c.anyAsked())
	}
	if c.wh == nil {
		return false
	}
	switch c.wh.ID {
	case "how-long", "how-old":
		return !c.mentions("term") && !c.lasts() && !c.mentions("chair")
	case "how-many":
		return (c.unit == "year" || c.unit == "day" || c.unit == "month") && !c.mentions("term")
	}
	return false
}

// lasts reports whether a relation may speak of a period of what has one.
func (c *clause) lasts() bool {
	if c.mentions("period") {
		return true
	}
	return slices.ContainsFunc(c.rels, func(r *lang.Concept) bool { return slices.Contains(r.Of, "period") }) &&
		some(c.things, func(t *thing) bool { return t.typ().ID == planType || t.typ().ID == observanceKind })
}

// specials compose questions of special kinds; nil is none.
var specials = [...]func(*clause) (*Form, problem){(*clause).recur, (*clause).ownPlan, (*clause).elapsed, (*clause).earlier, (*clause).handover}

// special composes the clause if it is of a special kind.
func (c *clause) special() (*Form, problem) {
	for _, kind := range specials {
		if f, bad := kind(c); f != nil || bad.bad() {
			return f, bad
		}
	}
	return nil, problem{}
}

// elapsed composes "how many years between A and B", "how old is A".
func (c *clause) elapsed() (*Form, problem) {
	if !c.duration() {
		return nil, problem{}
	}
	if c.wh == nil && c.whether {
		return nil, problem{reason: NoParse} // uz "2023-yilda oʻtganmi": it took place then, or did not
	}
	for op := range c.ops {
		switch op {
		case "ago", "age", "elapsed", "between", "since", "until", "and", "after", "before", "from", "by", "pronoun":
		default:
			return nil, problem{reason: NoParse}
		}
	}
	if e := c.covering(); e != nil {
		return &Form{Act: Find, Property: c.p.e.world.known.period, Ask: TimeRole, Subject: Term{Entity: e}}, problem{}
	}
	if len(c.things) == 1 && c.wh != nil && c.wh.ID == "how-long" && c.things[0].typ().ID == observanceKind && c.onlyRels("hold") {
		if e := c.things[0].entity(c.p.e.world); e != nil && len(c.p.e.store.Of(e, c.p.e.world.known.period)) > 0 {
			return &Form{Act: Find, Property: c.p.e.world.known.period, Ask: ValueRole, Subject: Term{Entity: e}}, problem{}
		}
	}
	if c.forYears() {
		return nil, problem{reason: NoParse}
	}
	points, ok := c.points()
	if !ok || len(points) == 0 || len(points) > 2 || c.pick.Kind != NoPick || c.mentions("about") {
		return nil, problem{reason: NoParse} // "how many years does resolution 1325 cover?"
	}
	if len(points) == 1 && points[0].Entity != nil && points[0].Entity.Type.ID == eventType && !c.since() {
		return c.lasted(points[0]) // how long it lasted is not how long ago it was
	}
	f := Form{Act: Elapsed, Unit: c.unit, Listed: c.listed()}
	copy(f.Points[:], points)
	if len(c.orders) == 1 && len(points) == 2 && !c.inOrder(points) {
		return nil, problem{reason: NoParse} // "how many years after B was A", where A was before
	}
	if f.Unit == "day" && c.comesRound(points) {
		f.Pick = Pick{Kind: Next}
		return &f, problem{}
	}
	if len(points) == 1 && (c.has("after") || c.has("before") || c.has("between") || c.has("until")) {
		return nil, problem{reason: NoParse}
	}
	return &f, problem{}
}

// covering is the plan of which it is asked how many years it covers, or nil.
func (c *clause) covering() *facts.Entity {
	if c.wh == nil || c.wh.ID != "how-many" || len(c.things) != 1 || len(c.ops) > 0 || !c.lasts() || c.things[0].typ().ID != planType {
		return nil
	}
	return c.things[0].entity(c.p.e.world)
}

// forYears reports whether the unit that is asked for stands in the dative: for how many
// years something was made, as in uz "necha yilga", is not how long ago that was.
func (c *clause) forYears() bool {
	return c.p.v.pack.Postpositions && len(c.ops) == 0 && some(c.atoms, func(a *atom) bool {
		return a.kind == aUnit && c.p.v.pack.EndsAs(c.last(a), "dat")
	})
}

// comesRound reports whether the clause asks for the time until a day that comes
// round each year: "how many days until International Women's Day?".
func (c *clause) comesRound(points []Point) bool {
	until := c.has("until") || len(c.orders) == 1 && c.orders[0].dir < 0
	return until && len(points) == 1 && points[0].Entity != nil && points[0].Entity.Type.ID == observanceKind
}

// inOrder reports whether two days lie as the word of order between them says; that
// of the thing it governs is the second one.
func (c *clause) inOrder(points []Point) bool {
	a, _ := c.p.e.day(points[0])
	b, _ := c.p.e.day(points[1])
	if c.orders[0].dir < 0 {
		a, b = b, a
	}
	return b.Before(a)
}

// lasted composes "how long did it last": the first and last day of an event that
// the facts give both of.
func (c *clause) lasted(p Point) (*Form, problem) {
	all := c.p.e.store.Of(p.Entity, p.Property)
	if hours := c.p.e.store.Property("hours"); hours != nil && c.wh != nil && c.wh.ID == "how-long" && !c.p.v.pack.Postpositions && len(c.p.e.store.Of(p.Entity, hours)) > 0 {
		return &Form{Act: Find, Property: hours, Ask: ValueRole, Subject: Term{Entity: p.Entity}}, problem{}
	}
	if c.wh.ID == "how-old" || slices.ContainsFunc(all, func(x *facts.Fact) bool { return x.Qualifiers.Until.IsZero() }) {
		return nil, problem{reason: NoParse}
	}
	return (&Form{Act: Find, Property: p.Property, Ask: TimeRole, Subject: Term{Entity: p.Entity}}).only(len(all) > 0), problem{}
}

// since reports whether the clause asks for the time since a day.
func (c *clause) since() bool {
	return c.has("since") || c.has("from") || c.has("ago") || c.has("elapsed") || c.has("age")
}

// ownPlan composes "does A have a second action plan?": what is known of that plan,
// because it may be a draft.
func (c *clause) ownPlan() (*Form, problem) {
	if c.wh != nil || !c.onlyRels("plan-of", "have", "adopt") || len(c.spans)+len(c.orders) > 0 || c.pick.Kind != NoPick ||
		len(c.ops) > 1 || len(c.ops) == 1 && !c.has("pronoun") {
		return nil, problem{}
	}
	var plan *Class
	var country *facts.Entity
	for _, t := range c.things {
		switch {
		case t.class != nil && t.typ().ID == planType && t.class.Nth > 0 && plan == nil:
			k := *t.class
			plan = &k
		case t.class == nil && t.typ().ID == countryType && country == nil:
			country = t.entities[0]
		case t.class == nil && t.typ().ID == planType && len(t.entities) == 1 && len(c.things) == 1 && len(c.rels) == 1 && c.mentions("adopt") && c.verifies():
			return &Form{Act: Check, Property: t.typ().When, Subject: Term{Entity: t.entities[0]}}, problem{}
		case t.class == nil && (t.typ().ID == agendaType || t.typ().ID == resolutionType && len(t.entities) == 1 && t.entities[0].Number == firstResolution):
		default:
			return nil, problem{}
		}
	}
	if plan == nil || country == nil || len(c.light) == 0 && !c.mentions("plan-of") && !c.mentions("adopt") && !c.whether {
		return nil, problem{}
	}
	plan.narrow(country)
	if e, _ := c.p.e.world.one(plan); e != nil {
		if c.mentions("adopt") {
			return &Form{Act: Check, Property: e.Type.When, Subject: Term{Entity: e}}, problem{}
		}
		return &Form{Act: About, Subject: Term{Entity: e}}, problem{}
	}
	return &Form{Act: Check, Property: c.p.e.world.known.planOf, Subject: Term{Class: plan}, Value: Term{Entity: country}}, problem{}
}

// firstResolution is the number of the resolution that action plans are on.
const firstResolution = 1325

// recur composes questions about anniversaries.
func (c *clause) recur() (*Form, problem) {
	when := c.wh != nil && (c.wh.ID == "when" || c.unit == "year" && c.wh.ID == "which")
	turns := c.has("age") && c.pick.Kind == Nth && when // "when will it be 20 years old"
	if !c.has("anniversary") && !turns {
		return nil, problem{}
	}
	bad := problem{reason: NoParse}
	for op := range c.ops {
		switch op {
		case "anniversary", "next", "until", "list", "age":
		default:
			return nil, bad
		}
	}
	f := Form{Act: Recur, Unit: c.unit, Pick: c.pick, Time: c.span(), Listed: c.listed()}
	if len(c.spans) > 1 || len(c.rels) > 2 || len(c.rels) > 1 && !c.mentions("observe") || len(c.orders) > 0 || c.pick.Kind == Last || c.pick.N < 0 {
		return nil, bad
	}
	if f.Time.Said.Day > 0 && (!c.verifies() || len(c.things) == 0) {
		return nil, bad // of a day, one can ask whether it is the anniversary
	}
	switch len(c.things) {
	case 0:
		return f.only(c.pick.Kind == NoPick), bad.unless(c.pick.Kind == NoPick)
	case 1:
		e := c.things[0].entity(c.p.e.world)
		if e == nil || e.Type.When == nil {
			return nil, bad
		}
		f.Subject = Term{Entity: e}
		return &f, problem{}
	}
	return nil, bad
}

// only returns the form if something holds.
func (f *Form) only(holds bool) *Form {
	if holds {
		return f
	}
	return nil
}

func (b problem) unless(ok bool) problem {
	if ok {
		return problem{}
	}
	return b
}

func (c *clause) span() Span {
	if len(c.spans) == 0 {
		return Span{}
	}
	return c.spans[0]
}

// profiled lists the question words that may ask for a profile.
var profiled = []string{"who", "what", "which", "how"}

// profileCost is what a profile costs: whatever else a question may ask is
// likelier.
const profileCost = 6
