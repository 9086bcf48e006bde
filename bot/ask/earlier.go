package ask

import (
	"slices"

	"suhbat/facts"
)

// Which of several things came first, and the days that tell it.

// earlier composes "which came first, A or B", "is A older than B" and "which of A, B
// and C was created last".
func (c *clause) earlier() (*Form, problem) {
	first := c.pick == Pick{Kind: Nth, N: 1} && (c.has("or") || c.has("and"))
	last := c.pick.Kind == Last && !c.pick.All && c.pick.Of == nil && (c.has("or") || c.has("and"))
	side := c.has("or") && c.wh == nil && len(c.orders) == 1 && (c.has("before") || c.has("after")) // "before or after B"
	if !c.has("earlier") && !c.has("later") && !first && !last && !side {
		return nil, problem{}
	}
	if c.ofAll() {
		return nil, problem{}
	}
	if c.future() || c.mentions("unanimous") {
		return nil, problem{reason: NoParse} // neither what will be nor how it was adopted
	}
	points, ok := c.points()
	if !ok || len(points) < 2 || len(points) > maxDays || points[0].Entity == nil && points[1].Entity == nil {
		return nil, problem{reason: NoParse}
	}
	if c.p.v.pack.Postpositions && c.wh == nil && !c.asks && !c.has("or") && !c.compared(points) {
		return nil, problem{reason: NoParse}
	}
	f := Form{Act: Earlier, Pick: Pick{Kind: Before}, Listed: c.listed() && !c.bareAsked()}
	if c.has("later") || last {
		f.Pick.Kind = After
	}
	if c.wh == nil && !c.has("or") && !c.asks {
		f.Ask = NoRole
	} else {
		f.Ask = SubjectRole
	}
	if len(points) > 2 && (f.Ask == NoRole || len(c.orders) > 0 || !distinctDays(points)) {
		return nil, problem{reason: NoParse}
	}
	f.compare(points)
	return &f, problem{}
}

// ofAll reads "which resolution was adopted earliest?", which names none to compare, as
// one that asks for the first of all.
func (c *clause) ofAll() bool {
	n := 1
	if c.has("later") {
		n = -1
	}
	if c.wh == nil || c.pick.Kind != NoPick || len(c.ops) != 1 || len(c.orders)+len(c.spans) > 0 {
		return false
	}
	var all *Class
	for i := range c.things {
		switch t := &c.things[i]; {
		case t.class != nil && t.class.Type.ID == resolutionType && t.class.Nth == 0 && len(t.class.Tags) == 0 && all == nil:
			all = t.class
		case t.class == nil && t.typ().ID == agendaType:
		default:
			return false
		}
	}
	if all == nil || c.ofWhole() {
		return false
	}
	all.Nth = n
	clear(c.ops)
	return true
}

// maxDays is how many days a form may compare.
const maxDays = 4

// distinctDays reports whether each of several days is that of another thing.
func distinctDays(points []Point) bool {
	for i, p := range points {
		if p.Entity == nil || slices.ContainsFunc(points[:i], func(q Point) bool { return q.Entity == p.Entity }) {
			return false
		}
	}
	return true
}

// bareAsked reports whether every description of the clause is the bare noun that
// is asked for: "which resolution came first, A or B".
func (c *clause) bareAsked() bool {
	return !some(c.things, func(t *thing) bool { return t.class != nil && !(t.asked && plainClass(t.class)) })
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
		days := c.pointsOf(e)
		if len(days) == 0 {
			return nil, false // it would be left out of the comparison
		}
		out = append(out, days...)
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
	described := some(c.things, func(t *thing) bool { return t.class != nil })
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
	heads := c.speaksOf(personType) && len(c.rels) > 0 && c.onlyRels("head", "lead", "chair", "chairperson")
	all := slices.DeleteFunc(slices.Clone(c.things), func(t thing) bool {
		return heads && t.typ().ID != personType && t.class == nil || chairs && t.typ().ID == platformType || t.asked && plainClass(t.class) && len(c.things) > 2 // "which resolution came first, A or B"
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
	if e.Type.ID == personType {
		return c.officeOf(e)
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

// officeOf returns when a person came to the office that the clause speaks of: the only
// one that the facts date, so that no two offices are compared.
func (c *clause) officeOf(e *facts.Entity) []Point {
	w := &c.p.e.world.known
	if len(c.rels) == 0 || !c.onlyRels("head", "lead", "chair", "chairperson") || w.head == nil {
		return nil
	}
	person := c.p.e.store.Property("chairperson")
	if c.speaksOf(organisation) || c.mentions("head") {
		person = w.head
	}
	if person == nil {
		return nil
	}
	held := c.p.e.store.Naming(e, person)
	if len(held) != 1 || some(c.things, func(t *thing) bool {
		return t.class == nil && t.typ() == held[0].Subject.Type && !slices.Contains(t.entities, held[0].Subject)
	}) {
		return nil // of another body than the one that is named
	}
	return []Point{{Property: person, Entity: e}}
}

// speaksOf reports whether the clause names a thing of a type.
func (c *clause) speaksOf(id facts.ID) bool {
	return some(c.things, func(t *thing) bool { return t.class == nil && t.typ().ID == id })
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
	return some(c.allThings(), func(t *thing) bool { return slices.Contains(p.Domain, t.typ().ID) })
}
