package ask

import (
	"slices"
	"strings"

	"suhbat/bot/lang"
)

// manyAsked reports whether the question asks for several: by its question word
// or the noun behind it.
func (c *clause) manyAsked() bool {
	g := &c.p.v.pack.Grammar
	if c.wh != nil && c.wh.ID == "which" && lang.EndsIn(c.last(&c.atoms[c.whAt]), g.Plural) {
		return true
	}
	for i := range c.things {
		t := &c.things[i]
		if t.class != nil && t.at < len(c.atoms) && (t.asked || c.wh == nil && !c.question) &&
			lang.EndsIn(c.last(&c.atoms[t.at]), g.Plural) {
			return true
		}
	}
	return false
}

// whoAll reports whether the question asks who all did something: «кімдер».
func (c *clause) whoAll() bool {
	return c.wh != nil && c.wh.ID == "who" && lang.EndsIn(c.last(&c.atoms[c.whAt]), c.p.v.pack.Grammar.Plural)
}

// future reports whether the clause speaks of what will be.
func (c *clause) future() bool {
	g := &c.p.v.pack.Grammar
	for i, t := range c.p.tokens {
		if slices.Contains(g.Future, t.Text) && !c.partOfVerb(i) && c.holds(i) {
			return true
		}
	}
	return false
}

// holds reports whether a token is in one of the clause's atoms: what was left out of it
// says nothing of when.
func (c *clause) holds(token int) bool {
	return some(c.atoms, func(a *atom) bool { return a.from <= token && token < a.to })
}

// partOfVerb reports whether a token ends a verb of several words, as in
// "get going"; where verbs come last, their endings tell when.
func (c *clause) partOfVerb(token int) bool {
	return !c.p.v.pack.Postpositions && some(c.atoms, func(a *atom) bool { return a.kind == aRel && a.to-a.from > 1 && token == a.to-1 })
}

// introduces reports whether the clause asks who a person is: "will be" then means
// no more than "is", as in ky «Имнадзе ким болот».
func (c *clause) introduces() bool {
	return c.p.v.pack.Postpositions && c.wh != nil && c.wh.ID == "who" && c.onlyRels("hold") && len(c.things) == 1 && c.things[0].typ().ID == personType
}

// lasting reports whether the clause speaks of what is the same every year: a day
// that comes round, or how long a term is.
func (c *clause) lasting() bool {
	return c.mentions("term") || some(c.things, func(t *thing) bool {
		when := t.typ().When
		return when != nil && when.ID == "observed-on"
	})
}

// ahead lets a question about what will be by a day begin tomorrow.
func (c *clause) ahead() {
	today := c.p.q.Today
	if len(c.spans) != 1 || today.IsZero() || !c.future() {
		return
	}
	if s := &c.spans[0]; s.First == farPast && today.Before(s.Last) {
		*s = Span{First: dayAfter(today), Last: s.Last}
	}
}

// past reports whether the clause speaks of what was, not of what is.
func (c *clause) past() bool {
	g := &c.p.v.pack.Grammar
	was, is := false, false
	for i := range c.atoms {
		a := &c.atoms[i]
		for k := a.from; k < a.to && k < len(c.p.tokens); k++ {
			w := c.p.tokens[k].Text
			was = was || slices.Contains(g.Past, w)
			is = is || slices.Contains(g.Present, w)
		}
	}
	if was || is {
		return was && !c.future()
	}
	for i := range c.atoms {
		if a := &c.atoms[i]; a.kind == aRel && lang.EndsIn(strings.TrimSuffix(c.deed(a), "'"), g.PastEndings) {
			return true
		}
	}
	return false
}

// present reports whether the verb of the clause says that something takes place, not
// that it took place.
func (c *clause) present() bool {
	return some(c.atoms, func(a *atom) bool {
		return a.kind == aRel && slices.Contains(c.p.v.pack.Grammar.Present, c.last(a))
	})
}

// goingOn reports whether the clause asks whether an event takes place, now or some time:
// that one took place does not tell.
func (f *filling) goingOn(form *Form) bool {
	t := f.c.p.e.store.Type(eventType)
	return t != nil && f.c.present() && (form.Property == f.c.p.e.world.known.venue || form.Property == t.When) &&
		some(f.c.things, func(x *thing) bool { return x.typ().ID == eventType })
}

// helpless reports whether the clause has a helping verb that needs another one,
// as "did" does, and no such one.
func (c *clause) helpless() bool {
	return len(c.rels)+len(c.light)+len(c.orders) == 0 && some(c.atoms, func(a *atom) bool {
		return a.kind == aFiller && slices.Contains(c.p.v.pack.Grammar.Doing, c.last(a))
	})
}

// unasked reports whether the clause lacks the particle with which its language
// asks yes or no.
func (c *clause) unasked() bool { return len(c.p.v.pack.Clitics) > 0 && !c.particle() }

// particle reports whether the clause has the particle with which its language asks
// yes or no.
func (c *clause) particle() bool {
	return len(c.p.v.pack.Clitics) > 0 && some(c.atoms, func(a *atom) bool { return a.is("verify") })
}
