package ask

import (
	"slices"

	"suhbat/facts"
)

// What was voted can be checked as far as the facts give the numbers, and who abstained.

// checkUnanimous answers "was it unanimous?", of one resolution or of all that
// answer to a description: then those that were not are the answer.
func (e *Engine) checkUnanimous(f Form) Result {
	g := f
	g.Aspect = ""
	all, _ := e.matching(&g)
	all = byTime(all, e.world)
	if len(all) == 0 || f.Subject.Entity != nil && len(all) != 1 {
		return Result{Form: f, Why: NotStated}
	}
	if f.Not && f.Subject.Class != nil { // "was any of them not?"
		some := slices.DeleteFunc(slices.Clone(all), unanimous)
		if len(some) == 0 {
			return Result{Form: f, Kind: No, Facts: all}
		}
		return Result{Form: f, Kind: Yes, Facts: some}
	}
	odd := slices.DeleteFunc(slices.Clone(all), func(x *facts.Fact) bool { return unanimous(x) != f.Not })
	if len(odd) > 0 {
		return Result{Form: f, Kind: No, Facts: odd}
	}
	return Result{Form: f, Kind: Yes, Facts: all}
}

// checkAgainst answers "did K vote against it?", which the facts decide only
// where nobody did.
func (e *Engine) checkAgainst(f Form) Result {
	all := e.store.Of(f.Subject.Entity, f.Property)
	if f.Subject.Entity == nil || len(all) != 1 {
		return Result{Form: f, Why: NotStated}
	}
	r := Result{Form: f, Kind: No, Facts: all}
	for _, x := range e.store.Of(f.Subject.Entity, e.world.known.abstainedBy) {
		if sameValue(x, f.Country) {
			r.Facts = append(slices.Clone(all), x)
		}
	}
	if all[0].Qualifiers.Against > 0 {
		r.Kind, r.Why, r.Nearby, r.Facts = Missing, NotStated, r.Facts, nil
	}
	return r
}

// checkInFavour answers "did K vote for it?": no, if it abstained. Of other votes the
// facts give the numbers alone, and these are shown.
func (e *Engine) checkInFavour(f Form) Result {
	all := e.store.Of(f.Subject.Entity, f.Property)
	if f.Subject.Entity == nil || len(all) != 1 {
		return Result{Form: f, Why: NotStated}
	}
	for _, x := range e.store.Of(f.Subject.Entity, e.world.known.abstainedBy) {
		if sameValue(x, f.Country) {
			return Result{Form: f, Kind: No, Facts: append(slices.Clone(all), x)}
		}
	}
	return Result{Form: f, Why: NotStated, Nearby: all}
}
