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
