package ask

import (
	"suhbat/facts"
)

// world answers the small questions about the store that understanding needs:
// what belongs to what, what happened where and when. Its indexes keep the cost
// of a question from growing with the number of facts.
type world struct {
	store   *facts.Store
	byPlace map[*facts.Entity][]*facts.Entity // what took place in a city, region or country
	byYear  map[typeYear][]*facts.Entity      // what has its date in a year
	known   wellKnown
	// listing is the property whose facts are all the things of a type that has
	// no date: the components of the agenda.
	listing map[*facts.Type]*facts.Property
	// agenda is the one that resolutions belong to when no other is named.
	agenda *facts.Entity
	// best is the prominent entity of a type.
	best map[*facts.Type]*facts.Entity
	// whole has the things that others of their own type belong to.
	whole map[*facts.Entity]bool
}

type typeYear struct {
	t    *facts.Type
	year int
}

// wellKnown are the properties whose meaning the engine relies on; one that the
// store lacks is nil and then has no facts.
type wellKnown struct {
	period, head, wording, participant, said, handover, chairedBy, venue, headquarters, partOf, listedIn, planOf, component, role, vote, abstainedBy, count,
	summary, significance, member, status *facts.Property
}

func newWorld(s *facts.Store) *world {
	w := &world{store: s, byPlace: make(map[*facts.Entity][]*facts.Entity), byYear: make(map[typeYear][]*facts.Entity)}
	k := &w.known
	for id, to := range map[facts.ID]**facts.Property{
		"period": &k.period, "head": &k.head, "wording": &k.wording, "participant": &k.participant, "said": &k.said, "handover": &k.handover, "chaired-by": &k.chairedBy, "venue": &k.venue, "headquarters": &k.headquarters, "part-of": &k.partOf,
		"listed-in": &k.listedIn, "plan-of": &k.planOf, "component": &k.component, "role": &k.role, "vote": &k.vote,
		"abstained-by": &k.abstainedBy, "count": &k.count, "summary": &k.summary, "significance": &k.significance, "member": &k.member, "status": &k.status,
	} {
		*to = s.Property(id)
	}
	w.best = make(map[*facts.Type]*facts.Entity)
	for _, e := range s.Entities {
		if e.Prominent && w.best[e.Type] == nil {
			w.best[e.Type] = e
		}
	}
	for t, e := range w.best {
		if t.ID == agendaType {
			w.agenda = e
		}
	}
	w.listing = make(map[*facts.Type]*facts.Property)
	for _, p := range s.Properties {
		for _, id := range p.Range {
			if t := s.Type(id); t != nil && t.When == nil && p.Default != nil && len(p.Complete) > 0 && p.Single == facts.Many {
				w.listing[t] = p
			}
		}
	}
	for _, f := range s.With(k.venue) {
		ref, ok := f.Value.(facts.Ref)
		if !ok {
			continue
		}
		for _, place := range append([]*facts.Entity{ref.Entity}, ref.Entity.Of...) {
			w.byPlace[place] = append(w.byPlace[place], f.Subject)
		}
	}
	for _, e := range s.Entities {
		years := make(map[int]bool)
		for _, f := range w.dates(e) {
			if y := factDate(f).Year; !years[y] {
				years[y] = true
				w.byYear[typeYear{e.Type, y}] = append(w.byYear[typeYear{e.Type, y}], e)
			}
		}
	}
	w.whole = w.wholes()
	return w
}

// dates returns the facts that give the date of e: several if sources disagree.
func (w *world) dates(e *facts.Entity) []*facts.Fact {
	if e.Type.When == nil {
		return nil
	}
	return w.store.Of(e, e.Type.When)
}

// date returns the date of e, or the zero Date.
func (w *world) date(e *facts.Entity) facts.Date {
	if fs := w.dates(e); len(fs) > 0 {
		return factDate(fs[0])
	}
	return facts.Date{}
}

// factDate returns the date that a fact itself carries: its value or its time.
func factDate(f *facts.Fact) facts.Date {
	if d, ok := f.Value.(facts.Date); ok {
		return d
	}
	return f.Qualifiers.Time
}

// fit reports how a fact relates to a span: by its own date, or else by that of
// its subject, so that a venue is as old as the event.
func (w *world) fit(f *facts.Fact, s Span) Fit {
	if s.IsZero() {
		return Inside
	}
	d := factDate(f)
	if d.IsZero() {
		return w.fitEntity(f.Subject, s)
	}
	if f.Property.Single == facts.EachYear && !s.First.Before(d.First()) && !d.Last().Before(s.Last) {
		return Inside // who chaired in 2023 did so in October 2023
	}
	if s.Said.Year >= d.Year && f.Property.ID == observedOn {
		return s.fitRound(d)
	}
	if f.Property == w.known.period && !f.Qualifiers.Until.IsZero() {
		return covers(d, f.Qualifiers.Until, s)
	}
	if next := w.successor(f); next != nil && d.Before(s.First) && s.Last.Before(factDate(next)) {
		return Inside
	}
	return s.FitRange(d, f.Qualifiers.Until)
}

// covers is how a period relates to a span that a question asks whether it
// covers.
func covers(d, until facts.Date, s Span) Fit {
	switch {
	case s.Last.Before(d.First()) || until.Last().Before(s.First):
		return Outside
	case !s.First.Before(d.First()) && !until.Last().Before(s.Last):
		return Inside
	default:
		return Perhaps
	}
}

// successor returns the fact that says who took the place of the value of f: its
// date ends what began with f's.
func (w *world) successor(f *facts.Fact) *facts.Fact {
	ref, ok := f.Value.(facts.Ref)
	if !ok || f.Property != w.known.head {
		return nil
	}
	for _, x := range w.store.Of(f.Subject, f.Property) {
		if x.Qualifiers.Replaces == ref.Entity {
			return x
		}
	}
	return nil
}

// fitEntity is the best fit of the dates of e, which may be disputed.
func (w *world) fitEntity(e *facts.Entity, s Span) Fit {
	best := Outside
	fs := w.dates(e)
	if len(fs) == 0 {
		fs = w.store.Of(e, w.known.vote) // a draft that failed has only the day of its vote
	}
	if len(fs) == 0 && !s.IsZero() {
		return Outside
	}
	for _, f := range fs {
		best = max(best, s.FitRange(factDate(f), f.Qualifiers.Until))
	}
	return best
}

// belongs reports whether e belongs to x: by what it is of, or by a fact that
// says that it is part of x, listed in it or planned by it.
func (w *world) belongs(e, x *facts.Entity) bool {
	if e == x || of(e, x, 3) {
		return true
	}
	for _, p := range []*facts.Property{w.known.partOf, w.known.listedIn, w.known.planOf} {
		if p != nil && w.says(e, p, x) {
			return true
		}
	}
	return w.known.component != nil && w.says(x, w.known.component, e)
}

// of reports whether x is among the wider things of e.
func of(e, x *facts.Entity, depth int) bool {
	for _, y := range e.Of {
		if y == x || (depth > 0 && of(y, x, depth-1)) {
			return true
		}
	}
	return false
}

// says reports whether the facts give subject the value under p.
func (w *world) says(subject *facts.Entity, p *facts.Property, value *facts.Entity) bool {
	for _, f := range w.store.Of(subject, p) {
		if ref, ok := f.Value.(facts.Ref); ok && ref.Entity == value {
			return true
		}
	}
	return false
}

// regional reports whether a country is a member of the Dialogue, as all countries
// of Central Asia are.
func (w *world) regional(e *facts.Entity) bool {
	m := w.known.member
	return m != nil && m.Default != nil && w.says(m.Default, m, e)
}

// at reports whether e took place in the city, region or country.
func (w *world) at(e, place *facts.Entity) bool {
	for _, f := range w.store.Of(e, w.known.venue) {
		if ref, ok := f.Value.(facts.Ref); ok && (ref.Entity == place || of(ref.Entity, place, 1)) {
			return true
		}
	}
	return false
}
