package ask

import "suhbat/facts"

// What is told beside an answer, because the answer alone would mislead.

// worded adds to the components of the agenda the words in which a source names
// them.
func (e *Engine) worded(all []*facts.Fact) []*facts.Fact {
	w := &e.world.known
	if len(all) == 0 || all[0].Property != w.component || w.wording == nil {
		return all
	}
	var out []*facts.Fact
	for _, x := range all {
		out = append(out, x)
		if ref, ok := x.Value.(facts.Ref); ok {
			out = append(out, e.store.Of(ref.Entity, w.wording)...)
		}
	}
	return out
}

// statuses adds to plans that are listed what is known of their state: one may be
// a draft.
func (e *Engine) statuses(all []*facts.Fact) []*facts.Fact {
	w := &e.world.known
	if len(all) == 0 || all[0].Property != w.planOf || w.status == nil {
		return all
	}
	var out []*facts.Fact
	for _, x := range all {
		out = append(append(out, x), e.store.Of(x.Subject, w.status)...)
	}
	return out
}

// terms adds to plans the years that they are for.
func (e *Engine) terms(all []*facts.Fact) []*facts.Fact {
	var out []*facts.Fact
	for _, x := range all {
		if out = append(out, x); x.Property == e.world.known.planOf {
			out = append(out, e.store.Of(x.Subject, e.world.known.period)...)
		}
	}
	return out
}
