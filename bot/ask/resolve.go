package ask

import (
	"slices"

	"suhbat/facts"
)

// resolve executes a form on the facts. It never guesses: where the facts are
// silent or do not claim to be complete, the result is Missing and says why.
func (e *Engine) resolve(f *Form, today facts.Date) Result {
	r := e.execute(f, today)
	r.Listed = e.listing(f)
	return r
}

func (e *Engine) execute(f *Form, today facts.Date) Result {
	switch f.Act {
	case Find:
		if f.Words != "" {
			return e.findTopic(*f)
		}
		return e.find(f)
	case Count:
		return e.count(*f)
	case Check:
		r := e.check(*f)
		if r.Kind == No && yetToCome(f, today) {
			return Result{Form: *f, Why: NotStated, Nearby: r.Facts}
		}
		return r
	case About, Naming:
		return e.about(*f)
	case Earlier:
		return e.compareDates(*f)
	case Elapsed:
		return e.elapsed(*f, today)
	case Recur:
		return e.anniversary(*f, today)
	case Cite:
		r := e.resolve(f.Inner, today)
		switch r.Kind {
		case Missing:
		case No:
			r.Kind = Instead // there is no source for what is not so
		default:
			r.Kind = Sources
		}
		r.Form = *f
		return r
	case Why:
		return e.why(*f, today)
	default:
		return Result{Form: *f}
	}
}

// find answers "who", "what", "when", "which".
func (e *Engine) find(f *Form) Result {
	r := Result{Form: *f, Kind: Statements}
	if f.Pick.Of != nil {
		return e.neighbours(*f)
	}
	sure, perhaps := e.matching(f)
	if r, ok := e.noneVoted(f, sure); ok {
		return r
	}
	if len(sure) == 0 {
		if r.Facts = e.headed(f); r.Facts != nil {
			r.Form.Property = e.world.known.head
			return r
		}
	}
	if len(sure) == 0 || len(e.dated(sure, f)) == 0 {
		return e.missing(*f, perhaps)
	}
	if f.Ask == OfRole && f.Want != nil && f.Want.ID == countryType { // an office of a country does not say whom its holder spoke for
		return Result{Form: *f, Why: NotStated, Nearby: byTime(sure, e.world)}
	}
	r.Facts = byTime(e.dated(sure, f), e.world)
	r.Closed, r.IsClosed = e.closed(f)
	if f.Pick.Kind != NoPick {
		if !e.allDated(f, r.Facts) {
			return Result{Form: *f, Why: NotComplete, Nearby: earliest(f, r.Facts)}
		}
		return e.pick(r)
	}
	if k := f.Subject.Class; f.Subject.Entity == nil && k != nil && k.Nth != 0 && !r.IsClosed {
		if k.Nth != -1 {
			return Result{Form: *f, Why: NotComplete, Nearby: r.Facts}
		}
		r.Open = true
	}
	r.Entities = f.distinct(r.Facts)
	r.Facts = e.statuses(e.worded(r.Facts))
	r.Nearby = e.bounds(r.Facts, f)
	if f.Property == e.world.known.chairedBy && f.Time.Said.Month != 0 { // the chair passes on within a year
		r.Facts = append(r.Facts, e.handovers(r.Facts[0].Subject, f.Time.Said.Year)...)
	}
	if f.Many > 0 && len(r.Entities) > 1 && f.Many != len(r.Entities) {
		if !r.IsClosed {
			return e.missing(*f, nil)
		}
		r.Kind, r.N = Instead, len(r.Entities)
	}
	return r
}

// heading is the tag of positions whose holders head the body that they are of.
const heading = "heading"

// headed returns the roles of those who headed a body by the name of their position:
// the facts know the executive director of UN Women, and when she was.
func (e *Engine) headed(f *Form) []*facts.Fact {
	body := f.Subject.Entity
	if body == nil || body.Type.ID != organisation || f.Ask != ValueRole || f.Pick.Kind != NoPick || f.Of != nil || f.At != nil ||
		f.Property != e.world.known.head && f.Property != e.world.known.chairedBy && f.Property.ID != "chairperson" {
		return nil
	}
	var out []*facts.Fact
	for _, x := range e.store.With(e.world.known.role) {
		ref, _ := x.Value.(facts.Ref)
		if ref.Entity != nil && len(ref.Entity.Of) > 0 && slices.Contains(ref.Entity.Tags, heading) && ref.Entity.Of[0] == body && e.world.fit(x, f.Time) == Inside &&
			(f.Value.Entity == nil || f.Value.Entity == x.Subject) {
			out = append(out, x)
		}
	}
	return byTime(out, e.world)
}

// noneVoted answers "which resolutions had votes against?" where the facts are
// complete and none had: by the votes themselves.
func (e *Engine) noneVoted(f *Form, sure []*facts.Fact) (Result, bool) {
	c, closed := e.closed(f)
	if len(sure) > 0 || !closed || f.Ask != SubjectRole || f.Property != e.world.known.vote || f.Aspect == "unanimous" {
		return Result{}, false
	}
	g := *f
	g.Aspect = ""
	all, perhaps := e.matching(&g)
	if len(all) == 0 || len(perhaps) > 0 {
		return Result{}, false
	}
	return Result{Form: *f, Kind: Nobody, Facts: byTime(all, e.world), Closed: c, IsClosed: true}, true
}

// allDated reports whether each of the things that a form chooses among has a
// fact: the newest of those with a date need not be the newest of all.
func (e *Engine) allDated(f *Form, all []*facts.Fact) bool {
	if f.Subject.Class == nil || !f.Time.IsZero() || f.Value.Entity != nil || f.Ask != SubjectRole {
		return true
	}
	dated := make(map[*facts.Entity]bool, len(all))
	for _, x := range all {
		dated[x.Subject] = true
	}
	return !slices.ContainsFunc(e.classMembers(f), func(x *facts.Entity) bool { return !dated[x] })
}

// earliest is the first fact of all that are dated, where the first one is asked for.
func earliest(f *Form, all []*facts.Fact) []*facts.Fact {
	if f.Pick.Kind != Nth || f.Pick.N != 1 || f.Pick.All || len(all) == 0 {
		return nil
	}
	return all[:1]
}

// handovers returns the facts about who handed over in a year.
func (e *Engine) handovers(subject *facts.Entity, year int) []*facts.Fact {
	return slices.DeleteFunc(slices.Clone(e.store.Of(subject, e.world.known.handover)), func(x *facts.Fact) bool { return factDate(x).Year != year })
}

// bounds returns the fact that ends what a fact says, where the question is about
// a time in between: the answer rests on it, too.
func (e *Engine) bounds(all []*facts.Fact, f *Form) []*facts.Fact {
	if f.Time.IsZero() || len(all) != 1 {
		return nil
	}
	if f.Time.Fit(factDate(all[0])) == Inside {
		return nil
	}
	if next := e.world.successor(all[0]); next != nil {
		return []*facts.Fact{next}
	}
	return nil
}

// dated puts the dates of what happened in place of facts that bear no date of
// their own, when it is the date that is asked for. What lasts has none: the day on
// which a platform began is not that of its support.
func (e *Engine) dated(all []*facts.Fact, f *Form) []*facts.Fact {
	if f.Ask != TimeRole {
		return all
	}
	var out []*facts.Fact
	for _, x := range all {
		if !factDate(x).IsZero() {
			out = append(out, x)
			continue
		}
		if lasts(x.Subject) {
			continue // what holds of a body need not have held from its first day
		}
		for _, d := range e.world.dates(x.Subject) {
			if !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	if len(out) == 0 && f.Property == e.world.known.period {
		return all // a period in words: "25 November – 10 December each year"
	}
	return out
}

// lasts reports whether a thing goes on after the day that the facts know of it.
func lasts(x *facts.Entity) bool { return x.Type.ID == platformType || x.Type.ID == organisation }

// byTime sorts facts by their ordinals and dates, keeping their order otherwise.
func byTime(all []*facts.Fact, w *world) []*facts.Fact {
	when := func(f *facts.Fact) facts.Date {
		if d := factDate(f); !d.IsZero() {
			return d
		}
		return w.date(f.Subject)
	}
	slices.SortStableFunc(all, func(a, b *facts.Fact) int {
		if c := a.Qualifiers.Ordinal - b.Qualifiers.Ordinal; c != 0 {
			return c
		}
		return when(a).Compare(when(b))
	})
	return all
}

// distinct lists what the facts give, each once.
func (f *Form) distinct(all []*facts.Fact) []*facts.Entity {
	var out []*facts.Entity
	for _, x := range all {
		var buffer [1]*facts.Entity
		for _, got := range f.got(buffer[:0], x) {
			if f.Want != nil && got.Type != f.Want && !(placeType(got.Type) && placeType(f.Want)) {
				continue
			}
			if !slices.Contains(out, got) {
				out = append(out, got)
			}
		}
	}
	return out
}

// count answers "how many", only where the facts are complete.
func (e *Engine) count(f Form) Result {
	if f.Pick.Kind != NoPick {
		return e.countNeighbours(f)
	}
	sure, perhaps := e.matching(&f)
	r := Result{Form: f, Kind: Total, Facts: byTime(sure, e.world)}
	r.Closed, r.IsClosed = e.closed(&f)
	r.Entities = f.distinct(sure)
	r.N = len(r.Entities)
	switch {
	case len(perhaps) > 0:
		return e.missing(f, append(sure, perhaps...))
	case allOfTheCouncil(&f):
		r.Kind, r.Nearby, r.Facts, r.Why = Missing, r.Facts, nil, NotComplete
	case r.IsClosed && r.N == 0 && f.Property.None != nil && f.Subject.Entity != nil:
		r.Kind, r.Facts = Nobody, e.store.Of(f.Subject.Entity, f.Property.None)
		if !noDissent(r.Facts) {
			return e.missing(f, nil)
		}
	case !r.IsClosed || r.N == 0:
		r.Kind, r.Nearby, r.Facts, r.Why = Missing, r.Facts, nil, NotComplete
		if r.N == 0 {
			r.Why = NotStated
			r.Nearby = append(r.Nearby, e.otherPlans(f)...)
		}
	}
	return r
}

// otherPlans are a country's plans on other subjects, where it has none of those that
// are counted or asked about.
func (e *Engine) otherPlans(f Form) []*facts.Fact {
	k := f.Subject.Class
	if k == nil || k.Type.ID != planType || k.Any {
		return nil
	}
	own := *k
	own.Any, f.Subject.Class = true, &own
	others, _ := e.matching(&f)
	return e.statuses(others)
}

// allOfTheCouncil reports whether a count is of the resolutions of a body, of
// which the facts hold only those of the agenda.
func allOfTheCouncil(f *Form) bool {
	k := f.Subject.Class
	return k != nil && k.Type.ID == resolutionType && (len(k.Of) > 0 || k.Body) && len(k.Tags) == 0 &&
		!slices.ContainsFunc(k.Of, func(e *facts.Entity) bool { return e.Type.ID == agendaType })
}

// noDissent reports whether the facts bear out that nobody abstained.
func noDissent(all []*facts.Fact) bool {
	return len(all) == 1 && all[0].Qualifiers.Abstentions == 0
}

// why checks what a question for a reason presupposes.
func (e *Engine) why(f Form, today facts.Date) Result {
	r := e.resolve(f.Inner, today)
	r.Form = f
	if r.Kind == No {
		r.Kind = Instead
		return r
	}
	r.Nearby, r.Facts, r.Kind, r.Why = append(r.Facts, r.Nearby...), nil, Missing, NoReasonWhy
	return r
}

// missing says what the facts do not hold, with what lies beside it.
func (e *Engine) missing(f Form, perhaps []*facts.Fact) Result {
	r := Result{Form: f, Why: NotStated}
	if len(perhaps) > 0 {
		r.Why, r.Nearby = NotExact, perhaps
		return r
	}
	if none := f.Property.None; none != nil && f.Subject.Entity != nil && f.Value.IsZero() && f.Time.IsZero() {
		all := e.store.Of(f.Subject.Entity, none)
		if _, closed := e.closed(&f); closed && noDissent(all) {
			return Result{Form: f, Kind: Nobody, Facts: all}
		}
	}
	if all := e.anotherTime(&f); all != nil {
		return Result{Form: f, Kind: Instead, Facts: all}
	}
	if all := e.happened(&f); all != nil {
		return Result{Form: f, Kind: Profile, Facts: all}
	}
	if f.Property.ID == "chairperson" && f.Ask == ValueRole && !f.Time.IsZero() && f.Pick.Kind == NoPick {
		g := f
		g.Property, g.Want, g.Gender = e.world.known.chairedBy, nil, ""
		if r.Nearby, _ = e.matching(&g); len(r.Nearby) > 0 {
			return r
		}
	}
	if f.Subject.Class != nil && f.Ask != SubjectRole && len(e.classMembers(&f)) == 0 {
		r.Why = NoSuch
		if others := e.otherPlans(f); len(others) > 0 {
			r.Why, r.Nearby = NotStated, others
		}
		return r
	}
	if !f.Time.IsZero() {
		r = e.otherTimes(r)
	}
	if s := f.Subject.Entity; s != nil && f.Property.ID == "theme" && len(r.Nearby) == 0 {
		r.Nearby = slices.Concat(e.store.Of(s, e.store.Property("kind")), e.store.Of(s, e.world.known.significance))
	}
	if k := f.Subject.Class; k != nil && f.Property == e.world.known.summary && len(k.Tags) > 0 {
		if all := e.classMembers(&f); len(all) == 1 {
			r.Nearby = e.store.Of(all[0], e.world.known.significance)
		}
	}
	if s := f.Subject.Entity; s != nil && len(r.Nearby) == 0 && f.Property == e.world.known.summary {
		r.Nearby = e.store.Of(s, e.world.known.significance)
	}
	if s := f.Subject.Entity; s != nil && f.Ask == TimeRole && !f.Time.IsZero() && len(r.Nearby) == 0 && s.Type.When == f.Property {
		r.Nearby = e.store.Of(s, f.Property) // "in which month of 2022", of what was in 2023
	}
	if s := f.Subject.Entity; s != nil && len(r.Nearby) == 0 && s.Type.When == f.Property {
		r.Nearby = slices.Concat(e.store.Of(s, e.world.known.vote), e.store.Of(s, e.world.known.significance))
	}
	return r
}

// otherTimes adds what the facts say of other times: of the same value, or the
// nearest before.
func (e *Engine) otherTimes(r Result) Result {
	g := r.Form
	g.Time, g.Pick = Span{}, Pick{}
	sure, _ := e.matching(&g)
	sure = byTime(sure, e.world)
	if len(sure) == 0 {
		return r
	}
	if last := sure[len(sure)-1]; factDate(last).Before(r.Form.Time.First) {
		r.Why, r.Nearby = NotYet, []*facts.Fact{last}
	} else if r.Form.Value.Entity != nil || len(sure) == 1 {
		r.Nearby = sure
	} else if i := slices.IndexFunc(sure, func(x *facts.Fact) bool { return !factDate(x).Before(r.Form.Time.First) }); i > 0 && r.Form.Property == e.world.known.head {
		r.Nearby = sure[i-1 : i+1] // who came to office before and after that
	}
	if c, ok := r.Form.Property.Closed(r.Form.Subject.Entity, 0); ok {
		r.Closed, r.IsClosed = c, true
	}
	r.Nearby = e.statuses(r.Nearby)
	return r
}
