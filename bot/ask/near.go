package ask

import (
	"iter"
	"slices"

	"suhbat/facts"
)

// maxNear is how many other questions are offered.
const maxNear = 3

// near offers questions that the facts answer, in place of one that was not
// understood: what may be asked of the things that it named.
func (e *Engine) near(named []*facts.Entity) []Form {
	return e.executable(func(yield func(Form) bool) {
		for _, x := range named {
			for f := range e.askable(Term{Entity: x}) {
				if !yield(f) {
					return
				}
			}
		}
	})
}

// thingsIn lists the things that atoms name.
func thingsIn(atoms []atom) []*facts.Entity {
	var out []*facts.Entity
	for i := range atoms {
		if a := &atoms[i]; a.kind == aEntity || a.kind == aOrder {
			out = append(out, a.entities...)
		}
	}
	return out
}

// without offers the question that is left when the words that nobody understands
// are left out, if it is one that the facts answer. It is offered, never answered:
// the words may have been what mattered.
func (e *Engine) without(p *parse, at attempt, near []Form) []Form {
	if at.voice == nil {
		return near
	}
	p.read(at)
	p.odd = p.odd[:0]
	words := len(p.atoms)
	p.atoms = slices.DeleteFunc(p.atoms, func(a atom) bool { return a.kind == aUnknown || a.kind == aUncovered || a.kind == aChat })
	if left := words - len(p.atoms); left == 0 || left > maxLeftOut || len(p.atoms) == 0 {
		return near
	}
	atoms := slices.Clone(p.atoms)
	p.reduce()
	forms, _, bad := p.compose()
	if bad.bad() || len(forms) != 1 {
		forms = nil
	}
	if len(near) == 0 {
		near = e.near(thingsIn(atoms))
	}
	return e.executable(slices.Values(append(forms, near...)))
}

// maxLeftOut is how many words may be left out: what is left of less is another
// question.
const maxLeftOut = 2

// askable yields the questions about a thing, the likeliest first.
func (e *Engine) askable(t Term) iter.Seq[Form] {
	return func(yield func(Form) bool) {
		for _, prop := range t.Entity.Type.About {
			if !slices.Contains(prop.Domain, t.Entity.Type.ID) {
				continue
			}
			f := Form{Act: Find, Property: prop, Subject: t, Ask: ValueRole}
			if slices.Contains(prop.Range, "date") {
				f.Ask = TimeRole
			}
			if !yield(f) {
				return
			}
		}
		yield(Form{Act: About, Subject: t})
	}
}

// nearForm offers what can be answered in place of a form that cannot.
func (e *Engine) nearForm(f *Form) []Form {
	if f.Inner != nil {
		return e.nearForm(f.Inner)
	}
	return e.executable(func(yield func(Form) bool) {
		if f.Property != nil && !f.Time.IsZero() {
			g := *f
			g.Act, g.Time, g.Pick, g.Value = Find, Span{}, Pick{}, Term{}
			if g.Ask == NoRole {
				g.Ask = ValueRole
			}
			if !yield(g) {
				return
			}
		}
		if f.Property != nil && f.Value.Entity != nil && !yield(Form{Act: About, Subject: f.Value}) {
			return
		}
		if f.Subject.Entity != nil {
			e.askable(f.Subject)(yield)
		}
	})
}

// executable keeps the forms that the facts answer, each once, at most maxNear.
func (e *Engine) executable(all iter.Seq[Form]) []Form {
	var out []Form
	var seen []string
	for f := range all {
		key := f.String()
		if slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		if e.resolve(&f, farPast).Kind != Missing {
			if out = append(out, f); len(out) == maxNear {
				break
			}
		}
	}
	return out
}
