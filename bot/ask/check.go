package ask

import (
	"slices"

	"suhbat/facts"
)

// check answers yes or no, and only where the facts decide: yes if a fact says
// so, no if a property that has but one value has another, or if the facts are
// complete and none says so.
func (e *Engine) check(f Form) Result {
	long := e.allAlong(&f)
	if since := f.Time.Since; !since.IsZero() && f.Property.ID != "adopted" && f.Property.ID != "held-on" {
		f.Time = In(since) // what has been so since a day began on it
	}
	r := e.verify(f)
	if announced := func(x *facts.Fact) bool { return !x.Qualifiers.Announced }; r.Kind == Yes && !slices.ContainsFunc(r.Facts, announced) {
		r.Kind = Statements // what was announced need not have come to pass
	}
	if r.Kind == Yes && long {
		r.Kind = Statements
	}
	return r
}

// verify is check without regard to when a source spoke.
func (e *Engine) verify(f Form) Result {
	switch {
	case f.Many > 0 && f.Ask != NoRole:
		return e.checkMany(f)
	case f.Aspect == "unanimous":
		return e.checkUnanimous(f)
	case f.Pick.Of != nil:
		return e.checkOrder(f)
	case slices.Contains(f.Property.Range, "date"):
		return e.checkDate(f)
	case f.Aspect == "against":
		return e.checkAgainst(f)
	case f.Property == e.world.known.vote && f.Country != nil:
		return e.checkInFavour(f)
	case f.Property == e.world.known.listedIn && f.Value.Class != nil:
		return e.checkMember(f)
	}
	sure, perhaps := e.matching(&f)
	if f.Pick.Kind != NoPick {
		return e.checkPick(f)
	}
	if len(sure) > 0 {
		r := Result{Form: f, Kind: Yes, Facts: byTime(sure, e.world)}
		switch {
		case e.onlyDisputed(&f, sure):
			r.Kind, r.Facts = Disputed, e.rivals(&f)
		case f.Time.IsZero() && !f.Past && e.passing(&f):
			r.Kind = Statements // "is she the head?": the fact says when she was, not that she is
		case f.Property == e.world.known.planOf && f.Subject.Entity == nil:
			r.Kind, r.Facts = Statements, e.terms(e.statuses(r.Facts)) // it may have run out, or be a draft
		}
		return r
	}
	if len(perhaps) > 0 {
		return Result{Form: f, Why: NotExact, Nearby: perhaps}
	}
	if f.Property == e.world.known.planOf && f.Value.Entity != nil && f.Subject.Class != nil {
		own := e.store.Naming(f.Value.Entity, f.Property) // its plans on something else, not those of others
		return Result{Form: f, Why: NotStated, Nearby: e.statuses(own)}
	}
	asked := f
	asked.Ask = ValueRole
	if held := e.headed(&asked); held != nil && f.Value.Entity != nil {
		return Result{Form: f, Kind: Statements, Facts: held}
	}
	return e.deny(f)
}

// yetToCome reports whether the form asks what event will be: that one of the name took
// place does not say that there will be none.
func yetToCome(f *Form, today facts.Date) bool {
	s := f.Subject.Entity
	return s != nil && s.Type.ID == eventType && f.Property == s.Type.When && !today.IsZero() && today.Before(f.Time.First)
}

// passing reports whether the form asks about an office of a person, which its
// holder may have left since.
func (e *Engine) passing(f *Form) bool {
	if f.Property.ID == "head" || f.Property == e.world.known.role || f.Property.ID == "chairperson" {
		return true
	}
	s := f.Subject.Entity
	return f.Property == e.world.known.chairedBy && (s == nil || s.Type.ID != eventType)
}

// checkMany answers "are there five?", where the facts are complete.
func (e *Engine) checkMany(f Form) Result {
	g := f
	g.Act, g.Many = Find, 0
	r := e.find(&g)
	r.Form = f
	switch {
	case r.Kind == Nobody:
		r.Kind = No
	case r.Kind != Statements || !r.IsClosed:
		return Result{Form: f, Why: NotComplete, Nearby: r.Facts}
	case len(r.Entities) == f.Many:
		r.Kind = Yes
	case len(r.Entities) > f.Many: // where five have, three have, too: the reader sees which
	default:
		r.Kind = No
	}
	return r
}

// onlyDisputed reports whether every matching fact is one version among others.
func (e *Engine) onlyDisputed(f *Form, sure []*facts.Fact) bool {
	return !slices.ContainsFunc(sure, func(x *facts.Fact) bool { return !x.Disputed }) &&
		len(e.rivals(f)) > len(sure)
}

// rivals returns the facts that a yes would contradict: those of the same
// subject and time, whatever their value.
func (e *Engine) rivals(f *Form) []*facts.Fact {
	g := *f
	g.Value, g.Number = Term{}, 0
	if len(g.Property.Range) > 0 && slices.Contains(g.Property.Range, "date") {
		g.Time = Span{}
	}
	sure, _ := e.matching(&g)
	return byTime(sure, e.world)
}

// deny looks for what is true instead.
func (e *Engine) deny(f Form) Result {
	rivals := e.rivals(&f)
	once := f.Subject.Entity != nil && f.Subject.Entity.Type.ID == eventType
	single := f.Property.Single == facts.Always || f.Property.Single == facts.EachYear && (once || oneYear(f.Time))
	c, closed := e.closed(&f)
	switch {
	case single && len(rivals) > 0 && f.Subject.Entity != nil && f.Of == nil && f.At == nil:
		return Result{Form: f, Kind: No, Facts: rivals, Closed: c, IsClosed: closed}
	case closed && len(rivals) > 0 && f.Country == nil && f.Of == nil && f.At == nil && f.Value.Entity != nil:
		return Result{Form: f, Kind: No, Facts: rivals, Closed: c, IsClosed: true}
	case closed && f.Property.None != nil && f.Subject.Entity != nil:
		if all := e.store.Of(f.Subject.Entity, f.Property.None); noDissent(all) {
			return Result{Form: f, Kind: No, Facts: all, Closed: c, IsClosed: true}
		}
	}
	if ended := e.ended(&f); ended != nil {
		return Result{Form: f, Kind: No, Facts: ended}
	}
	r := e.missing(f, nil)
	if f.Property == e.world.known.planOf && f.Value.Entity != nil { // plans of another kind
		r.Nearby = e.statuses(e.store.Naming(f.Value.Entity, f.Property))
		return r
	}
	if len(r.Nearby) == 0 && f.Value.Entity != nil {
		r.Nearby = rivals
	}
	if v := f.Value.Entity; len(r.Nearby) == 0 && v != nil && v.Type.ID == eventType {
		r.Nearby = e.store.Naming(v, f.Property) // who did speak there
	}
	return r
}

// ended returns the facts which show that somebody's time in office was over: it
// began, and another one took the place, before the span.
func (e *Engine) ended(f *Form) []*facts.Fact {
	if f.Value.Entity == nil || f.Time.IsZero() {
		return nil
	}
	for _, x := range e.store.Naming(f.Value.Entity, f.Property) {
		if next := e.world.successor(x); next != nil && factDate(next).Before(f.Time.First) {
			return []*facts.Fact{x, next}
		}
	}
	return nil
}

// oneYear reports whether a span lies within a year.
func oneYear(s Span) bool { return !s.IsZero() && s.First.Year == s.Last.Year }

// checkDate answers "was it adopted in 2010?". Where sources disagree and only
// some of them agree with the question, it says so.
func (e *Engine) checkDate(f Form) Result {
	all := f
	all.Time = Span{}
	known, _ := e.matching(&all)
	if len(known) == 0 {
		if failed := e.failed(&f); failed != nil {
			return Result{Form: f, Kind: No, Facts: failed}
		}
		return Result{Form: f, Why: NotStated, Nearby: e.store.Of(f.Subject.Entity, e.world.known.status)}
	}
	if states := e.statesDiffer(&f); states != nil {
		return Result{Form: f, Kind: Disputed, Facts: states}
	}
	var fits [3]int
	for _, x := range known {
		fits[e.world.fit(x, f.Time)]++
	}
	r := Result{Form: f, Facts: known}
	switch {
	case fits[Inside] == len(known):
		r.Kind = Yes
	case fits[Outside] == len(known) && f.Loose && !sameYear(known, f.Time):
		return Result{Form: f, Why: NotStated, Nearby: known}
	case fits[Outside] == len(known):
		if others := e.alsoThere(&f); len(others) > 0 {
			return Result{Form: f, Why: NotExact, Nearby: append(others, known...)}
		}
		r.Kind = No
	case len(known) > 1:
		r.Kind = Disputed
	default:
		r.Facts, r.Nearby, r.Why = nil, known, NotExact
	}
	return r
}

// statesDiffer returns what sources say of the state of a plan, if they disagree on
// whether it was adopted at all.
func (e *Engine) statesDiffer(f *Form) []*facts.Fact {
	s := f.Subject.Entity
	if s == nil || s.Type.ID != planType || f.Property != s.Type.When {
		return nil
	}
	all := e.store.Of(s, e.world.known.status)
	if len(all) < 2 || slices.ContainsFunc(all, func(x *facts.Fact) bool { return !x.Disputed }) {
		return nil
	}
	return all
}

// failed returns what a draft came to that was voted on and has no day of
// adoption: then it was not adopted.
func (e *Engine) failed(f *Form) []*facts.Fact {
	s := f.Subject.Entity
	if s == nil || f.Property != s.Type.When || !slices.Contains(s.Tags, "draft") || len(e.store.Of(s, e.world.known.vote)) == 0 {
		return nil
	}
	if !f.Time.IsZero() && e.world.fit(e.store.Of(s, e.world.known.vote)[0], f.Time) == Outside {
		return nil // another draft, of another time
	}
	return e.store.Of(s, e.world.known.significance)
}

// alsoThere returns the dates of other events in the city of an event that fit the
// time which is asked about: whoever names an event by its city may mean one of them.
func (e *Engine) alsoThere(f *Form) []*facts.Fact {
	x := f.Subject.Entity
	if x == nil || x.Type.ID != eventType {
		return nil
	}
	var out []*facts.Fact
	for _, venue := range e.store.Of(x, e.world.known.venue) {
		city, ok := venue.Value.(facts.Ref)
		if !ok {
			continue
		}
		for _, other := range e.world.byPlace[city.Entity] {
			for _, when := range e.store.Of(other, f.Property) {
				if other != x && e.world.fit(when, f.Time) == Inside {
					out = append(out, when)
				}
			}
		}
	}
	return out
}

// sameYear reports whether a fact is of a year that a span touches.
func sameYear(all []*facts.Fact, s Span) bool {
	return slices.ContainsFunc(all, func(x *facts.Fact) bool {
		y := factDate(x).Year
		return s.First.Year <= y && y <= s.Last.Year
	})
}

// checkOrder answers "was A adopted before B?" and "did A chair after B?".
func (e *Engine) checkOrder(f Form) Result {
	if f.Value.Entity != nil && f.Value.Entity != f.Pick.Of {
		g := f
		g.Act, g.Ask, g.Value = Find, ValueRole, Term{}
		r := e.neighbours(g)
		r.Form = f
		switch {
		case r.Kind == Missing || r.Open || len(r.Facts) != 1:
			if told := e.sideOf(f); told.Kind != Missing {
				return told
			}
			return Result{Form: f, Why: NotStated, Nearby: append(r.Nearby, r.Facts...)}
		case sameValue(r.Facts[0], f.Value.Entity):
			r.Kind = Yes
		default:
			r.Kind = No
			if f.Pick.Next || f.Pick.Years > 0 {
				return r
			}
			if between := e.between(f); len(between) > 0 {
				r.Kind, r.Facts = Statements, between // it did, but not right then: the reader sees all
				return r
			}
			other := f
			if other.Pick.Kind = Before; f.Pick.Kind == Before {
				other.Pick.Kind = After
			}
			if between := e.between(other); len(between) > 0 {
				r.Facts = between // it was the other way round
			}
		}
		return r
	}
	if f.Subject.Entity == nil || f.Pick.Of.Type.When == nil || f.Pick.Kind == Within || f.Pick.Years > 0 || f.Pick.Next {
		return Result{Form: f, Why: NotStated}
	}
	kind := f.Pick.Kind
	return e.compareDates(Form{
		Act: Earlier, Pick: Pick{Kind: kind},
		Points: [2]Point{{Property: f.Property, Entity: f.Subject.Entity}, {Property: f.Pick.Of.Type.When, Entity: f.Pick.Of}},
	})
}

// sideOf answers "did A hold it before B?" where nobody knows who else did: by the days
// of the two. It is missing where they do not tell.
func (e *Engine) sideOf(f Form) Result {
	if f.Pick.Next || f.Pick.Years > 0 || f.Pick.All {
		return Result{}
	}
	if all := e.between(f); len(all) > 1 && !sameDay(all[0], all[len(all)-1]) {
		return Result{Form: f, Kind: Yes, Facts: all}
	}
	other := f
	if other.Pick.Kind = Before; f.Pick.Kind == Before {
		other.Pick.Kind = After
	}
	if all := e.between(other); len(all) > 1 && !sameDay(all[0], all[len(all)-1]) {
		return Result{Form: f, Kind: Statements, Facts: all} // it was the other way round, as far as is known
	}
	return Result{}
}

// between returns the facts from one of two things to the other, if the value of
// the form lies on the side of the pick that is asked about.
func (e *Engine) between(f Form) []*facts.Fact {
	all := f
	all.Act, all.Ask, all.Value, all.Pick, all.Want = Find, ValueRole, Term{}, Pick{}, nil
	sure, _ := e.matching(&all)
	sure = byTime(sure, e.world)
	pivot := slices.IndexFunc(sure, func(x *facts.Fact) bool { return sameValue(x, f.Pick.Of) })
	own := slices.IndexFunc(sure, func(x *facts.Fact) bool { return sameValue(x, f.Value.Entity) })
	if pivot < 0 || own < 0 || (own < pivot) != (f.Pick.Kind == Before) {
		return nil
	}
	return sure[min(own, pivot) : max(own, pivot)+1]
}

// checkPick answers "was K the first to chair?".
func (e *Engine) checkPick(f Form) Result {
	g := f
	g.Act, g.Ask, g.Value = Find, ValueRole, Term{}
	r := e.find(&g)
	r.Form = f
	switch {
	case r.Kind != Statements || r.Open:
		return Result{Form: f, Why: NotComplete, Nearby: append(r.Nearby, r.Facts...)}
	case f.Value.Entity != nil && sameValue(r.Facts[0], f.Value.Entity):
		r.Kind = Yes
	case f.Property == e.world.known.component: // other sources count them in another order
	default:
		r.Kind = No
	}
	return r
}

// checkMember answers "is 2250 one of the ten resolutions?".
func (e *Engine) checkMember(f Form) Result {
	if f.Subject.Entity == nil {
		return Result{Form: f, Why: NotStated}
	}
	own := e.store.Of(f.Subject.Entity, f.Property)
	if all := e.world.members(&Class{Type: f.Value.Class.Type, Of: f.Value.Class.Of}); f.Many > 1 && f.Many != len(all) {
		return Result{Form: f, Why: NotStated} // "one of the eight resolutions", of which there are ten
	}
	if f.Value.Class.Nth != 0 && len(own) > 0 { // "is it the tenth?"
		r := Result{Form: f, Kind: No, Facts: own}
		if one, _ := e.world.one(f.Value.Class); one == f.Subject.Entity {
			r.Kind = Yes
		}
		return r
	}
	if slices.Contains(e.world.members(f.Value.Class), f.Subject.Entity) {
		return Result{Form: f, Kind: Yes, Facts: own}
	}
	c, closed := f.Property.Closed(nil, 0)
	near := e.store.Of(f.Subject.Entity, e.world.known.significance)
	if !closed || len(near) == 0 {
		return Result{Form: f, Why: NotStated, Nearby: near}
	}
	return Result{Form: f, Kind: No, Facts: near, Closed: c, IsClosed: true}
}
