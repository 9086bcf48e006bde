package ask

import (
	"slices"

	"suhbat/facts"
)

// fact returns the fact that gives a point's day, or nil where there is none or
// sources disagree.
func (e *Engine) fact(p Point) *facts.Fact {
	if p.Property == nil {
		return nil
	}
	all := e.store.Of(p.Entity, p.Property)
	if len(all) == 0 {
		all = e.store.Naming(p.Entity, p.Property) // the year when a country chaired
		all = slices.DeleteFunc(slices.Clone(all), func(f *facts.Fact) bool { return p.Property.Default != nil && f.Subject != p.Property.Default })
	}
	if len(all) != 1 {
		return nil
	}
	return all[0]
}

// day returns a point's date and the fact that gives it.
func (e *Engine) day(p Point) (facts.Date, *facts.Fact) {
	if p.Property == nil {
		return p.Date, nil
	}
	f := e.fact(p)
	if f == nil {
		return facts.Date{}, nil
	}
	return factDate(f), f
}

// compareDates answers which of several came first, or whether the first of them
// did.
func (e *Engine) compareDates(f Form) Result {
	r := Result{Form: f, Kind: First, Why: NotStated}
	silent, level := false, false
	for i := range f.days() {
		d, fact := e.day(f.Day(i))
		if fact != nil {
			r.Facts = append(r.Facts, fact)
		}
		silent = silent || d.IsZero()
		switch {
		case i == 0:
			r.From = d
		case f.sooner(d, r.From):
			r.N, r.From, r.To, level = i, d, r.From, false
		case !f.sooner(r.From, d):
			level = true // neither is before the other
		default:
			r.To = d
		}
	}
	switch {
	case silent:
		return Result{Form: f, Why: NotStated, Nearby: r.Facts}
	case level:
		return Result{Form: f, Why: NotExact, Nearby: r.Facts}
	case f.Ask != NoRole:
	case r.N == 0:
		r.Kind = Yes
	default:
		r.Kind = No
	}
	return r
}

// sooner reports whether a day is nearer the end of the order that is asked about than
// another one.
func (f *Form) sooner(a, b facts.Date) bool {
	if f.Pick.Kind == After {
		a, b = b, a
	}
	return a.Before(b)
}

// elapsed answers how long it is from one day to another, or to today.
func (e *Engine) elapsed(f Form, today facts.Date) Result {
	a, x := e.day(f.Points[0])
	b, y := today, (*facts.Fact)(nil)
	if !f.Points[1].IsZero() {
		b, y = e.day(f.Points[1])
	}
	r := Result{Form: f, Kind: Years}
	for _, fact := range []*facts.Fact{x, y} {
		if fact != nil {
			r.Facts = append(r.Facts, fact)
		}
	}
	if a.IsZero() || b.IsZero() || len(r.Facts) == 0 {
		return Result{Form: f, Why: NotStated, Nearby: r.Facts}
	}
	if f.Pick.Kind == Next && a.Precision() == facts.ToTheDay { // until it comes round again
		if a = yearly(a, today.Year-a.Year); a.Before(today) {
			a = yearly(a, 1)
		}
	}
	if b.Before(a) {
		a, b = b, a
	}
	r.From, r.To = a, b
	if f.Unit == "day" || f.Unit == "month" || f.Unit == "week" {
		if a.Precision() != facts.ToTheDay || b.Precision() != facts.ToTheDay {
			return Result{Form: f, Why: NotExact, Nearby: r.Facts}
		}
	}
	return r
}

// Between is the time from one day to another, in whole parts.
type Between struct{ Years, Months, Days int }

// Apart returns the time from a to b, which must not lie before a: whole years,
// then whole months, then days. Days are 0 unless both are known to the day,
// months unless both are known to the month.
func Apart(a, b facts.Date) Between {
	out := Between{Years: b.Year - a.Year}
	if a.Month == 0 || b.Month == 0 {
		return out
	}
	months := out.Years*12 + int(b.Month) - int(a.Month)
	if a.Day == 0 || b.Day == 0 {
		return Between{Years: months / 12, Months: months % 12}
	}
	if b.Day < a.Day {
		months--
	}
	start := facts.Date{Year: a.Year, Month: a.Month}.Time().AddDate(0, months, 0)
	day := min(a.Day, facts.Date{Year: start.Year(), Month: start.Month()}.Last().Day) // a month after 31 January is 28 February
	return Between{months / 12, months % 12, int(b.Time().Sub(start.AddDate(0, 0, day-1)).Hours() / 24)}
}

// Days returns the number of days from a to b, both known to the day.
func Days(a, b facts.Date) int { return int(b.Time().Sub(a.Time()).Hours() / 24) }

// anniversary answers when a day comes round again, or for the n-th time.
func (e *Engine) anniversary(f Form, today facts.Date) Result {
	r := Result{Form: f, Kind: Returns}
	if f.Subject.Entity == nil {
		return e.upcoming(r, today)
	}
	all := e.world.dates(f.Subject.Entity)
	if len(all) != 1 {
		return Result{Form: f, Why: NotStated, Nearby: all}
	}
	d := factDate(all[0])
	r.Facts = all
	if d.Precision() == facts.ToTheYear {
		return Result{Form: f, Why: NotExact, Nearby: all}
	}
	if f.Time.Said.Day > 0 {
		return e.isAnniversary(r, d)
	}
	n := f.Pick.N
	switch {
	case f.Time.Said.Year > 0:
		n = f.Time.Said.Year - d.Year
	case n == 0:
		n = today.Year - d.Year
		if yearly(d, n).Before(today) {
			n++
		}
	}
	if n < 1 || d.Year+n > farFuture.Year || f.Time.Said.Year == 0 && !f.Time.IsZero() {
		return Result{Form: f, Why: NotStated, Nearby: all}
	}
	r.N, r.From, r.To = n, d, yearly(d, n)
	return r
}

// isAnniversary answers "is today the anniversary of A?".
func (e *Engine) isAnniversary(r Result, d facts.Date) Result {
	f := &r.Form
	said := f.Time.Said
	n := f.Pick.N
	if said.Year > 0 {
		n = said.Year - d.Year
	}
	if d.Precision() != facts.ToTheDay || n < 0 || said.Year > 0 && n == 0 {
		return Result{Form: *f, Why: NotExact, Nearby: r.Facts}
	}
	day := yearly(d, n)
	r.Kind = No
	if day.Month == said.Month && day.Day == said.Day && (f.Pick.N == 0 || f.Pick.N == n) {
		r.Kind = Yes
	}
	return r
}

// yearly returns the day of d's n-th return; 29 February returns on the 28th in
// common years.
func yearly(d facts.Date, n int) facts.Date {
	d.Year += n
	if d.Day > 0 && !d.Valid() {
		d.Day--
	}
	return d
}

// upcomingShown is how many coming anniversaries an answer names.
const upcomingShown = 5

// upcoming lists the anniversaries of the coming months.
func (e *Engine) upcoming(r Result, today facts.Date) Result {
	last := facts.On(today.Time().AddDate(0, 6, 0))
	for _, o := range e.store.Occurrences(today, last) {
		if len(r.Facts) < upcomingShown && !slices.Contains(r.Facts, o.Fact) {
			r.Facts = append(r.Facts, o.Fact)
		}
	}
	r.From, r.To = today, last
	if len(r.Facts) == 0 {
		r.Kind, r.Why = Missing, NotStated
	}
	return r
}

// about gathers what there is to say of a thing.
func (e *Engine) about(f Form) Result {
	x := f.Subject.Entity
	r := Result{Form: f, Kind: Profile}
	if f.Act == Naming {
		r.Kind = Named
		if r.Short, r.Long = names(x, f.Words, facts.Lang(f.WordsIn)); r.Long == "" {
			return Result{Form: f, Why: NotStated}
		}
	}
	for _, p := range x.Type.About {
		if slices.Contains(p.Domain, x.Type.ID) {
			r.Facts = append(r.Facts, e.store.Of(x, p)...)
		}
		if slices.Contains(p.Range, x.Type.ID) {
			r.Facts = append(r.Facts, e.store.Naming(x, p)...)
		}
	}
	if len(r.Facts) == 0 {
		r.Facts = e.mentions(x)
	}
	if len(r.Facts) == 0 {
		return Result{Form: f, Why: NotStated}
	}
	return r
}

// mentions returns facts that name a thing as their value, for things that are
// never subjects.
func (e *Engine) mentions(x *facts.Entity) []*facts.Fact {
	var out []*facts.Fact
	for _, p := range e.store.Properties {
		out = append(out, e.store.Naming(x, p)...)
	}
	return byTime(out, e.world)
}

// anotherTime is the fact with the day of a thing that a question puts into a time
// in which it was not: "when in 2014 was it adopted?". What is described by its
// time may be another thing, as an event is.
func (e *Engine) anotherTime(f *Form) []*facts.Fact {
	s := f.Subject.Entity
	if f.Ask != TimeRole || f.Property.Single != facts.Always || s == nil || s.Type.ID == eventType || f.Time.IsZero() {
		return nil
	}
	all := e.store.Of(s, f.Property)
	if len(all) != 1 || e.world.fit(all[0], f.Time) != Outside {
		return nil
	}
	return all
}
