package ask

import "slices"

// maxNear is how many other questions are offered.
const maxNear = 3

// near offers questions that the facts answer, in place of one that was not
// understood: what may be asked of the things that it named.
func (e *Engine) near(p *parse) []Form {
	var out []Form
	for i := range p.atoms {
		if a := &p.atoms[i]; a.kind == aEntity || a.kind == aOrder {
			for _, x := range a.entities {
				out = append(out, e.askable(Term{Entity: x})...)
			}
		}
	}
	return e.executable(out)
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
		p.atoms = atoms
		near = e.near(p)
	}
	return e.executable(append(forms, near...))
}

// maxLeftOut is how many words may be left out: what is left of less is another
// question.
const maxLeftOut = 2

// askable lists the questions about a thing, the likeliest first.
func (e *Engine) askable(t Term) []Form {
	var out []Form
	for _, prop := range t.Entity.Type.About {
		if slices.Contains(prop.Domain, t.Entity.Type.ID) {
			f := Form{Act: Find, Property: prop, Subject: t, Ask: ValueRole}
			if slices.Contains(prop.Range, "date") {
				f.Ask = TimeRole
			}
			out = append(out, f)
		}
	}
	return append(out, Form{Act: About, Subject: t})
}

// nearForm offers what can be answered in place of a form that cannot.
func (e *Engine) nearForm(f Form) []Form {
	if f.Inner != nil {
		return e.nearForm(*f.Inner)
	}
	var out []Form
	if f.Property != nil && !f.Time.IsZero() {
		g := f
		g.Act, g.Time, g.Pick, g.Value = Find, Span{}, Pick{}, Term{}
		if g.Ask == NoRole {
			g.Ask = ValueRole
		}
		out = append(out, g)
	}
	if f.Property != nil && f.Value.Entity != nil {
		out = append(out, Form{Act: About, Subject: f.Value})
	}
	if f.Subject.Entity != nil {
		out = append(out, e.askable(f.Subject)...)
	}
	return e.executable(out)
}

// executable keeps the forms that the facts answer, each once, at most maxNear.
func (e *Engine) executable(all []Form) []Form {
	var out []Form
	seen := make(map[string]bool)
	for _, f := range all {
		if len(out) == maxNear {
			break
		}
		if key := f.String(); !seen[key] {
			seen[key] = true
			if e.resolve(f, farPast).Kind != Missing {
				out = append(out, f)
			}
		}
	}
	return out
}
