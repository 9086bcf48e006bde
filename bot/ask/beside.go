package ask

import "suhbat/facts"

// What is told beside an answer, because the answer alone would mislead.

// worded adds to the components of the agenda the words in which a source names
// them.
func (e *Engine) worded(all []*facts.Fact) []*facts.Fact {
	w := &e.world.known
	if len(all) == 0 || all[0].Property != w.component {
		return all
	}
	return e.beside(all, w.wording, func(f *facts.Fact) *facts.Entity {
		ref, _ := f.Value.(facts.Ref)
		return ref.Entity
	})
}

// statuses adds to plans that are listed what is known of their state: one may be
// a draft.
func (e *Engine) statuses(all []*facts.Fact) []*facts.Fact {
	w := &e.world.known
	if len(all) == 0 || all[0].Property != w.planOf {
		return all
	}
	return e.beside(all, w.status, func(f *facts.Fact) *facts.Entity { return f.Subject })
}

// terms adds to plans the years that they are for.
func (e *Engine) terms(all []*facts.Fact) []*facts.Fact {
	return e.beside(all, e.world.known.period, func(f *facts.Fact) *facts.Entity {
		if f.Property != e.world.known.planOf {
			return nil
		}
		return f.Subject
	})
}

// beside puts behind each fact those of a property, which the facts may lack, about the
// thing that of tells, if it tells one.
func (e *Engine) beside(all []*facts.Fact, p *facts.Property, of func(*facts.Fact) *facts.Entity) []*facts.Fact {
	if p == nil {
		return all
	}
	out := make([]*facts.Fact, 0, 2*len(all))
	for _, f := range all {
		out = append(out, f)
		if x := of(f); x != nil {
			out = append(out, e.store.Of(x, p)...)
		}
	}
	return out
}
