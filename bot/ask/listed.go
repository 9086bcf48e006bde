package ask

import (
	"suhbat/facts"
)

// The facts are complete for the resolutions of the agenda and no others. A
// question about resolutions that does not speak of the agenda is answered for
// these, and the answer says so; one about the first, the last or the number of
// all that a body adopted is not answered.

// listed reports whether the clause describes resolutions without naming the
// agenda.
func (c *clause) listed() bool {
	for i := range c.things {
		if t := &c.things[i]; t.class == nil && t.typ().ID == agendaType {
			return false
		}
	}
	return some(c.things, func(t *thing) bool {
		return t.class != nil && t.class.Type.ID == resolutionType && len(t.class.Tags) == 0
	})
}

// ofWhole reports whether the clause asks for what can only be known of all
// resolutions of the body that it names.
func (c *clause) ofWhole() bool {
	if !c.listed() {
		return false
	}
	body, picked := false, c.pick.Kind == Nth || c.pick.Kind == Last || c.has("all") || c.mentions("unanimous")
	for i := range c.things {
		t := &c.things[i]
		switch {
		case t.class == nil:
			body = body || t.typ().ID == organisation
		case t.class.Type.ID == resolutionType:
			body, picked = body || t.class.Body, picked || t.class.Nth != 0
		}
	}
	return body && picked
}

// bodyIn is the body that the phrase of a noun names, or nil: "UN resolution".
func (p *parse) bodyIn(a *atom) *facts.Entity {
	if a.to-a.from < 2 {
		return nil
	}
	for k := a.from; k < a.to; k++ {
		for n := a.to; n > k; n-- {
			if n-k == a.to-a.from {
				continue
			}
			m := p.v.lex.Longest(p.words[k:n])
			if m.Len == 0 {
				break
			}
			for _, x := range m.Meanings {
				if x.Thing > 0 && p.v.things[x.Thing-1].Type.ID == organisation {
					return p.v.things[x.Thing-1]
				}
			}
		}
	}
	return nil
}

// listing returns how many resolutions the agenda lists, if an answer has to say
// that it speaks of these.
func (e *Engine) listing(f *Form) int {
	if f.Inner != nil {
		f = f.Inner
	}
	if !f.Listed || f.Property == e.world.known.listedIn || f.Property == e.world.known.count || e.world.agenda == nil {
		return 0
	}
	if s := f.Subject.Entity; s != nil && len(e.store.Of(s, e.world.known.listedIn)) == 0 {
		return 0 // a draft, say, is none of them
	}
	return len(e.store.Naming(e.world.agenda, e.world.known.listedIn))
}
