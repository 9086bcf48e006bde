package ask

import (
	"slices"

	"suhbat/facts"
)

// A form may choose among facts by their order: the first, the last, the one after.

// pick chooses the first, the last or the n-th fact, or as many from either end as
// the form says.
func (e *Engine) pick(r Result) Result {
	n := len(r.Facts)
	f := &r.Form
	switch {
	case f.Pick.All && (!r.IsClosed || f.Pick.N > n):
		return Result{Form: *f, Why: NotComplete, Nearby: r.Facts}
	case f.Pick.Kind != Last && f.Pick.N > n:
		return e.missing(*f, nil)
	case orderless(r.Facts):
		return Result{Form: *f, Why: NotExact, Nearby: r.Facts}
	case f.Pick.Kind == Last && n > 1 && !r.IsClosed && sameDay(r.Facts[n-1], r.Facts[n-2]):
		return Result{Form: *f, Why: NotExact, Nearby: r.Facts} // of two on one day neither was the last
	case f.Pick.All && f.Pick.Kind == Last:
		r.Facts = r.Facts[n-f.Pick.N:]
	case f.Pick.All:
		r.Facts = r.Facts[:f.Pick.N]
	case f.Pick.Kind == Last:
		r.Facts = r.Facts[n-1:]
	case f.Pick.N < 0: // counted from the end
		if n += f.Pick.N; n < 0 {
			return e.missing(*f, nil)
		}
		r.Facts = r.Facts[n : n+1]
	default:
		r.Facts = r.Facts[f.Pick.N-1 : f.Pick.N]
	}
	r.Open = !r.IsClosed
	r.Entities = f.distinct(r.Facts)
	if r.Open && f.Pick.Kind == Nth {
		return Result{Form: *f, Why: NotComplete, Nearby: r.Facts}
	}
	return r
}

// orderless reports whether the facts say several things of one subject and not
// when each became so: who is a member of the Dialogue, not who was the last to join.
func orderless(all []*facts.Fact) bool {
	for i, x := range all {
		if i == 0 {
			continue
		}
		if y := all[i-1]; x.Subject == y.Subject && factDate(x).IsZero() && factDate(y).IsZero() && x.Qualifiers.Ordinal == y.Qualifiers.Ordinal {
			return true
		}
	}
	return false
}

// neighbours answers "who chaired before Turkmenistan?": the fact next to the
// one that names it, in the order of time.
func (e *Engine) neighbours(f Form) Result {
	all := f
	all.Pick, all.Want = Pick{}, nil
	sure, _ := e.matching(&all)
	sure = byTime(sure, e.world)
	if f.Pick.Kind == Within {
		return e.within(f, sure)
	}
	pivot := slices.IndexFunc(sure, func(x *facts.Fact) bool {
		return x.Subject == f.Pick.Of || sameValue(x, f.Pick.Of)
	})
	if f.Pick.Years > 0 {
		return e.yearsFrom(f, pivot, sure)
	}
	step := 1
	if f.Pick.Kind == Before {
		step = -1
	}
	next := pivot + step
	if pivot >= 0 && f.Property.ID != "held-on" && sure[pivot].Qualifiers.Ordinal == 0 && next >= 0 && next < len(sure) && sameDay(sure[next], sure[pivot]) {
		return Result{Form: f, Why: NotExact, Nearby: []*facts.Fact{sure[min(pivot, next)], sure[max(pivot, next)]}}
	}
	if pivot >= 0 && f.Property.ID == "held-on" {
		for next >= 0 && next < len(sure) && sameDay(sure[next], sure[pivot]) {
			next += step // two meetings on one day: neither came after the other
		}
	}
	c, closed := e.closed(&f)
	if pivot < 0 || next < 0 || next >= len(sure) {
		r := Result{Form: f, Why: NotStated, Closed: c, IsClosed: closed}
		if pivot >= 0 {
			r.Nearby = sure[pivot : pivot+1]
		}
		return r
	}
	r := Result{Form: f, Kind: Statements, Facts: sure[next : next+1], Closed: c, IsClosed: closed}
	if f.Pick.All {
		r.Facts = sure[next:]
		if step < 0 {
			r.Facts = sure[:next+1]
		}
		r.Entities = f.distinct(r.Facts)
		return r
	}
	later := sure[max(pivot, next)]
	if !closed && later.Qualifiers.Replaces != e.replaced(sure[min(pivot, next)]) {
		r.Open = true
	}
	r.Entities = f.distinct(r.Facts)
	return r
}

// sameDay reports whether the facts hold neither of two facts to be earlier.
func sameDay(a, b *facts.Fact) bool {
	return !factDate(a).Before(factDate(b)) && !factDate(b).Before(factDate(a))
}

// replaced is the entity that a later fact names as its forerunner.
func (e *Engine) replaced(x *facts.Fact) *facts.Entity {
	ref, _ := x.Value.(facts.Ref)
	return ref.Entity
}
