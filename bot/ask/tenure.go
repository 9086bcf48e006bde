package ask

import "slices"

// timesOfSome reports whether the clause asks when so many of a kind came about: "in
// what year were two resolutions adopted?" asks for no list of all.
func (c *clause) timesOfSome() bool {
	if c.many < 2 || c.unit == "" && (c.wh == nil || c.wh.ID != "when") {
		return false
	}
	return some(c.things, func(t *thing) bool {
		return t.class != nil && t.typ().ID == resolutionType && len(c.p.e.world.members(t.class)) != c.many
	})
}

// tenure reads "how long has A led it?" as "since when": the facts know when somebody
// was named to an office, and of whoever came after, but not how long anybody stayed.
func (c *clause) tenure() {
	if c.wh == nil || c.wh.ID != "how-long" && !(c.wh.ID == "how-many" && c.unit == "year") || len(c.rels) == 0 ||
		!c.onlyRels("lead", "head", "chair", "chairperson") || len(c.spans)+len(c.orders)+len(c.ops) > 0 || c.pick.Kind != NoPick || c.many > 0 {
		return
	}
	i := indexOf(c.things, func(t *thing) bool { return t.class == nil && (t.typ().ID == personType || t.typ().ID == countryType) })
	if i < 0 || len(c.things[i].entities) != 1 || c.things[i].typ().ID == countryType && !c.past() {
		return
	}
	for _, x := range c.p.e.store.Naming(c.things[i].entities[0], c.p.e.world.known.head) {
		if c.p.e.world.successor(x) != nil {
			return // how long it was until another one came
		}
	}
	c.wh, c.unit = c.p.e.set.Concepts["when"], ""
}

// adopted reads "which was adopted last?" as a question about resolutions, unless an
// answer before may have said what it is about.
func (c *clause) adopted() {
	t := c.p.e.store.Type(resolutionType)
	if c.wh == nil || c.wh.ID != "which" && c.wh.ID != "what" || c.unit != "" || t == nil || len(c.p.q.Last) > 0 && len(c.p.listed(lastForm(c.p.q.Last[0]))) > 1 || !c.onlyRels("adopt") || len(c.rels) == 0 ||
		len(c.things)+len(c.orders)+len(c.ops) > 0 || c.pick.Kind == NoPick || c.pick.All {
		return
	}
	c.things = append(c.things, thing{class: &Class{Type: t, Kind: string(resolutionType)}, at: c.whAt, asked: true})
}

// severalFirst reads "the two countries that chaired first" as "the first two".
func (c *clause) severalFirst() {
	one := c.pick == Pick{Kind: Nth, N: 1} || c.pick == Pick{Kind: Last}
	if c.many < 2 || !one || c.pick.All || c.has("or") || c.has("and") || c.partitive() {
		return
	}
	c.pick.N, c.pick.All, c.many = c.many, true, 0
}

// partitive reports whether "of" stands before a number: "which of the five countries"
// asks for one of them.
func (c *clause) partitive() bool {
	for i := range c.atoms {
		if c.atoms[i].kind != aNum {
			continue
		}
		k := i - 1
		for k >= 0 && c.atoms[k].kind == aFiller && !slices.Contains(c.p.v.pack.Grammar.Of, c.last(&c.atoms[k])) {
			k--
		}
		if k >= 0 && (c.atoms[k].is("from") || slices.Contains(c.p.v.pack.Grammar.Of, c.last(&c.atoms[k]))) {
			return true
		}
	}
	return false
}

// every reads "has every country chaired?" as a question of as many as there are members.
func (c *clause) every() {
	w := &c.p.e.world.known
	if !c.verifies() || !c.has("all") || c.many > 0 || len(c.rels) == 0 || !c.onlyRels("chair", "lead") || len(c.spans)+len(c.orders) > 0 || w.member == nil || w.chairedBy.Default == nil {
		return
	}
	for _, t := range c.things {
		switch {
		case t.class != nil && t.typ().ID == countryType && len(t.class.Tags) == 0:
			c.many = len(c.p.e.store.Of(w.chairedBy.Default, w.member))
		case t.class != nil || t.typ().ID != platformType && t.typ().ID != regionType:
			c.many = 0
			return
		}
	}
	if c.many > 0 {
		delete(c.ops, "all")
	}
}

// dropArticle leaves out the article beside a component whose wording is asked for: it
// is the article that words it.
func (c *clause) dropArticle() {
	if !c.mentions("wording") || len(c.things) < 2 {
		return
	}
	component := some(c.things, func(t *thing) bool { return t.class == nil && t.typ().ID == componentType })
	i := indexOf(c.things, func(t *thing) bool {
		return t.class == nil && len(t.entities) == 1 && len(c.p.e.store.Of(t.entities[0], c.p.e.store.Property("published-by"))) > 0
	})
	if component && i >= 0 {
		c.things = slices.Delete(c.things, i, i+1)
	}
}

// allAlong reports whether the form asks about a chair over several years, or until or
// since one: "did it chair from 2022 to 2024?" may mean at some time or all the time. Who
// chaired for one of them gets no yes, but the facts.
func (e *Engine) allAlong(f *Form) bool {
	s := f.Subject.Entity
	if f.Property != e.world.known.chairedBy || s != nil && s.Type.ID == eventType {
		return false
	}
	return !f.Time.Since.IsZero() || !f.Time.IsZero() && f.Time.Said.IsZero() && f.Time.First.Year != f.Time.Last.Year
}
