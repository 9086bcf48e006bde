package ask

import (
	"slices"
	"strings"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// Offices pass from one to the next, and resolutions follow one another. These are
// the ways to say on which side of a thing lies what is asked for.

// flip reads an order that governs no thing: "whom did Kazakhstan succeed",
// "before whom did it chair". What is asked for then stands on the other side of
// the thing that is named; on the same side where somebody is said to have acted on
// it or to belong to it: "by whom was it succeeded", "its successor", or where the
// thing is in the accusative: tg "Қазоқистонро кӣ иваз кард".
func (c *clause) flip() {
	if len(c.orders) > 0 || c.duration() || c.has("earlier") || c.has("later") || c.wh != nil && (c.wh.ID == "when" || c.wh.ID == "how-many") || c.takeover() != nil {
		return
	}
	for _, op := range []string{"successor", "predecessor", "before", "after"} {
		if !c.has(op) {
			continue
		}
		i := indexOf(c.things, func(t *thing) bool { return c.owns(t, c.ops[op]) })
		owned := i >= 0
		if !owned && c.wh != nil {
			i = indexOf(c.things, func(t *thing) bool {
				return t.class == nil && (t.typ().ID == countryType || t.typ().ID == personType)
			})
		}
		if i < 0 {
			continue
		}
		dir := -directionOf(op)
		if owned || c.bySomebody() {
			dir = -dir
		} else if c.p.v.pack.HasForm("acc") {
			switch { // the case tells which side the thing stands on
			case c.p.inForm(&c.things[i], c.atoms, "acc"):
				dir = -dir
			case !c.p.inForm(&c.things[i], c.atoms, ""):
				return
			}
		}
		c.orders = append(c.orders, order{entities: c.things[i].entities, dir: dir, op: op})
		c.things = slices.Delete(c.things, i, i+1)
		delete(c.ops, op)
		return
	}
}

// owns reports whether the op at an atom is a noun right behind the thing that it
// belongs to: "K's successor".
func (c *clause) owns(t *thing, op int) bool {
	a := &c.atoms[op]
	if t.class != nil || t.typ().ID != countryType && t.typ().ID != personType || t.at >= op ||
		some(c.atoms[t.at+1:op], func(a *atom) bool { return a.kind != aFiller && a.kind != aTag }) {
		return false
	}
	name := c.last(&c.atoms[t.at])
	return strings.HasSuffix(name, "'s") || strings.HasSuffix(name, "s'") ||
		t.at+1 == op && a.to-a.from == 1 && lang.EndsIn(c.last(a), c.p.v.pack.Grammar.Doers)
}

// bySomebody reports whether a word marks who acted.
func (c *clause) bySomebody() bool {
	return some(c.atoms, func(a *atom) bool { return c.p.says(a, "by") })
}

// bracket reads "between A and B" as an order with two ends: what came after the
// one and before the other.
func (c *clause) bracket() {
	i, ok := c.ops["between"]
	j, joined := c.ops["and"]
	if !ok || !joined || (j < i) != c.p.v.pack.Postpositions || len(c.orders) > 0 || c.duration() || c.has("earlier") || c.has("later") {
		return
	}
	k := indexOf(c.things, func(t *thing) bool { return t.at > i })
	if c.p.v.pack.Postpositions { // «Түркіменстан мен Тәжікстан арасында»
		i, k = -1, indexOf(c.things, func(t *thing) bool { return t.at < j })
		if k >= 0 {
			i = c.things[k].at
		}
	}
	if k < 0 || k+1 >= len(c.things) {
		return
	}
	a, b := &c.things[k], &c.things[k+1]
	if a.class != nil || b.class != nil || a.typ() != b.typ() || a.at > j || b.at < j || !sequential(a.typ()) || !c.plainBetween(i, b.at) {
		return
	}
	c.orders = append(c.orders, order{entities: a.entities, to: b.entities, op: "between"})
	c.things = slices.Delete(c.things, k, k+2)
	delete(c.ops, "between")
	delete(c.ops, "and")
}

// sequential reports whether things of a type follow one another: in office, or in
// the order of their adoption.
func sequential(t *facts.Type) bool {
	return t.ID == countryType || t.ID == personType || t.ID == resolutionType
}

// plainBetween reports whether nothing but names and the office that is spoken of
// stands between two atoms.
func (c *clause) plainBetween(i, j int) bool {
	for k := i + 1; k < j; k++ {
		switch a := &c.atoms[k]; {
		case a.kind == aFiller, a.kind == aEntity, a.is("and"):
		case a.kind == aRel && a.concept.ID == "chair":
		default:
			return false
		}
	}
	return true
}

// within answers "who chaired between A and B?": what lies strictly between the
// two in the order of time.
func (e *Engine) within(f Form, all []*facts.Fact) Result {
	at := func(x *facts.Entity) int {
		return slices.IndexFunc(all, func(y *facts.Fact) bool { return y.Subject == x || sameValue(y, x) })
	}
	a, b := at(f.Pick.Of), at(f.Pick.To)
	first, last := min(a, b), max(a, b)
	r := Result{Form: f, Kind: Statements, Why: NotStated}
	r.Closed, r.IsClosed = e.closed(&f)
	if first < 0 || last-first < 2 {
		r.Kind = Missing
		for _, i := range []int{first, last} {
			if i >= 0 && a != b {
				r.Nearby = append(r.Nearby, all[i])
			}
		}
		return r
	}
	r.Facts = all[first+1 : last]
	r.Entities = f.distinct(r.Facts)
	for i := first; i < last; i++ {
		r.Open = r.Open || !r.IsClosed && all[i+1].Qualifiers.Replaces != e.replaced(all[i])
	}
	return r
}

// countNeighbours answers "how many chaired after A?", where the facts are
// complete and vouch for their order.
func (e *Engine) countNeighbours(f Form) Result {
	if f.Pick.Kind == Nth || f.Pick.Kind == Last || f.Pick.Years > 0 {
		return Result{Form: f, Why: NotStated}
	}
	g := f
	g.Act, g.Pick.All = Find, true
	r := e.neighbours(g)
	r.Form = f
	switch {
	case r.Kind == Missing:
	case r.Open || !r.IsClosed || len(r.Entities) == 0:
		return Result{Form: f, Why: NotComplete, Nearby: r.Facts}
	default:
		r.Kind, r.N = Total, len(r.Entities)
	}
	return r
}

// anotherTerm reports whether the clause asks whether there was any event of a kind while a
// country chaired: that another one chaired the best known of them does not say no.
func (f *filling) anotherTerm(form *Form) bool {
	c, w := f.c, &f.c.p.e.world.known
	e, country := form.Subject.Entity, form.Value.Entity
	if form.Act != Check || form.Property != w.chairedBy || e == nil || country == nil || e.Type.ID != eventType || !c.tookPlace() && !c.inTerm() && !c.termOf(country) {
		return false
	}
	return some(c.things, func(t *thing) bool { return t.class != nil && t.typ() == e.Type }) &&
		!slices.ContainsFunc(c.p.e.store.Of(e, w.chairedBy), func(x *facts.Fact) bool { return sameValue(x, country) })
}

// inTerm reports whether a word for "in" governs the chairmanship: "during K's chairmanship".
func (c *clause) inTerm() bool {
	for i := range c.atoms {
		if a := &c.atoms[i]; a.kind == aRel && a.concept.ID == "chair" &&
			(c.p.v.pack.Postpositions && c.saysIn(i+1) || c.saysIn(i-1) || i > 0 && c.atoms[i-1].kind == aEntity && c.saysIn(i-2)) {
			return true
		}
	}
	return false
}

// termOf reports whether the chairmanship is said to be that of a country, by the case of
// its name: ru «при председательстве Кыргызстана».
func (c *clause) termOf(country *facts.Entity) bool {
	return some(c.things, func(t *thing) bool {
		return t.class == nil && t.entities[0] == country && c.p.inForm(t, c.atoms, "gen")
	})
}
