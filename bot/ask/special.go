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
		slices.ContainsFunc(c.things, func(t thing) bool { return t.typ().ID == planType || t.typ().ID == observanceKind })
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
	if len(c.things) == 1 && c.wh != nil && c.wh.ID == "how-long" && c.things[0].typ().ID == observanceKind && c.onlyRels("hold") {
		if e := c.things[0].entity(c.p.e.world); e != nil && len(c.p.e.store.Of(e, c.p.e.world.known.period)) > 0 {
			return &Form{Act: Find, Property: c.p.e.world.known.period, Ask: ValueRole, Subject: Term{Entity: e}}, problem{}
		}
	}
	points, ok := c.points()
	if !ok || len(points) == 0 || len(points) > 2 || c.pick.Kind != NoPick {
		return nil, problem{reason: NoParse}
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

// earlier composes "which came first, A or B" and "is A older than B".
func (c *clause) earlier() (*Form, problem) {
	first := c.pick == Pick{Kind: Nth, N: 1} && (c.has("or") || c.has("and"))
	side := c.has("or") && c.wh == nil && len(c.orders) == 1 && (c.has("before") || c.has("after")) // "before or after B"
	if !c.has("earlier") && !c.has("later") && !first && !side {
		return nil, problem{}
	}
	points, ok := c.points()
	if !ok || len(points) != 2 || points[0].Entity == nil && points[1].Entity == nil {
		return nil, problem{reason: NoParse}
	}
	if c.p.v.pack.Postpositions && c.wh == nil && !c.asks && !c.has("or") && !c.compared(points) {
		return nil, problem{reason: NoParse}
	}
	f := Form{Act: Earlier, Pick: Pick{Kind: Before}, Listed: c.listed() && !c.bareAsked()}
	if c.has("later") {
		f.Pick.Kind = After
	}
	if c.wh == nil && !c.has("or") && !c.asks {
		f.Ask = NoRole
	} else {
		f.Ask = SubjectRole
	}
	copy(f.Points[:], points)
	return &f, problem{}
}

// bareAsked reports whether every description of the clause is the bare noun that
// is asked for: "which resolution came first, A or B".
func (c *clause) bareAsked() bool {
	return !slices.ContainsFunc(c.things, func(t thing) bool { return t.class != nil && !(t.asked && plainClass(t.class)) })
}

// compared puts the thing that another one is compared with second: it is the one
// in the ablative, as in "1888-ден 1889 ескі ме". It reports false where none or
// both are.
func (c *clause) compared(points []Point) bool {
	var with []bool
	for _, t := range c.things {
		with = append(with, c.p.v.pack.EndsAs(c.last(&c.atoms[t.at]), "abl") && (t.class != nil || !c.p.asListed(&c.atoms[t.at])))
	}
	if len(with) != len(points) || with[0] == with[1] {
		return len(with) != len(points) // a date or an order says by itself what it is
	}
	if with[0] {
		points[0], points[1] = points[1], points[0]
	}
	return true
}

// points lists the days that a comparison speaks of: the date of each thing, by
// the relation that fits its type or else the usual date of such a thing.
func (c *clause) points() ([]Point, bool) {
	var out []Point
	c.foldPlaces()
	for _, t := range c.allThings() {
		e := t.entity(c.p.e.world)
		if e == nil {
			return nil, false
		}
		out = append(out, c.pointsOf(e)...)
	}
	for _, s := range c.spans {
		if s.Said.IsZero() {
			return nil, false
		}
		out = append(out, Point{Date: s.Said})
	}
	for _, p := range out {
		if p.Property == nil && p.Date.IsZero() {
			return nil, false
		}
	}
	return out, true
}

// foldPlaces lets cities and a date describe the events that they stand beside:
// "which came first in 2023, the Dushanbe forum or the Almaty conference".
func (c *clause) foldPlaces() {
	for i := 0; i < len(c.things); i++ {
		t := &c.things[i]
		if t.class == nil || t.class.Type.ID != eventType {
			continue
		}
		for _, k := range []int{i - 1, i + 1} {
			if k >= 0 && k < len(c.things) && c.things[k].class == nil && isPlace(c.things[k].entities[0]) &&
				max(c.things[k].at-t.at, t.at-c.things[k].at) <= 3 && t.class.narrow(c.things[k].entities[0]) {
				c.things = slices.Delete(c.things, k, k+1)
				break
			}
		}
	}
	described := slices.ContainsFunc(c.things, func(t thing) bool { return t.class != nil })
	if len(c.spans) == 1 && described && len(c.things) > 1 {
		for i := range c.things {
			if k := c.things[i].class; k != nil && k.Time.IsZero() {
				k.Time = c.spans[0]
			}
		}
		c.spans = nil
	}
}

// allThings are the things of the clause and those behind "after" and "before".
func (c *clause) allThings() []thing {
	chairs := len(c.rels) > 0 && c.onlyRels("chair", "lead")
	all := slices.DeleteFunc(slices.Clone(c.things), func(t thing) bool {
		return chairs && t.typ().ID == platformType || t.asked && plainClass(t.class) && len(c.things) > 2 // "which resolution came first, A or B"
	})
	for _, o := range c.orders {
		all = append(all, thing{entities: o.entities})
	}
	return all
}

// entity is the one thing that is meant, or nil.
func (t *thing) entity(w *world) *facts.Entity {
	if t.class != nil {
		e, _ := w.one(t.class)
		return e
	}
	if len(t.entities) != 1 {
		return nil
	}
	return t.entities[0]
}

// pointsOf returns the days of an entity that the relations name, two of them if
// two relations do: "between its adoption and its entry into force".
func (c *clause) pointsOf(e *facts.Entity) []Point {
	var out []Point
	if chaired := c.p.e.world.known.chairedBy; e.Type.ID == countryType && c.onlyRels("chair", "lead") && len(c.rels) > 0 {
		return []Point{{Property: chaired, Entity: e}}
	}
	for _, r := range append(slices.Clone(c.rels), c.light...) {
		for _, id := range r.Of {
			p := c.p.e.store.Property(facts.ID(id))
			if p != nil && slices.Contains(p.Range, "date") && slices.Contains(p.Domain, e.Type.ID) &&
				len(c.p.e.store.Of(e, p)) > 0 {
				if x := (Point{Property: p, Entity: e}); !slices.Contains(out, x) {
					out = append(out, x)
				}
				break
			}
		}
	}
	if len(out) == 0 && c.onlyDates() {
		out = append(out, Point{Property: e.Type.When, Entity: e})
	}
	return out
}

// onlyDates reports whether every relation of the clause is about dates of some
// thing; another one would be left unused.
func (c *clause) onlyDates() bool {
	for _, r := range c.rels {
		if !slices.ContainsFunc(r.Of, func(id string) bool {
			p := c.p.e.store.Property(facts.ID(id))
			return p != nil && slices.Contains(p.Range, "date") && (r == c.p.e.set.Concepts[r.ID] || c.bears(p))
		}) {
			return false
		}
	}
	return true
}

// bears reports whether a property may be stated of a thing of the clause: a word of two
// relations has only the one that fits.
func (c *clause) bears(p *facts.Property) bool {
	return slices.ContainsFunc(c.allThings(), func(t thing) bool { return slices.Contains(p.Domain, t.typ().ID) })
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
