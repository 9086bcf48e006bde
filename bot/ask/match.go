package ask

import (
	"slices"

	"suhbat/facts"
)

// matching returns the facts that agree with everything that the form binds. A
// fact that only may lie in the span is among perhaps.
func (e *Engine) matching(f *Form) (sure, perhaps []*facts.Fact) {
	for _, x := range e.pool(f) {
		if !e.agrees(x, f) {
			continue
		}
		switch e.world.fit(x, f.Time) {
		case Inside:
			sure = append(sure, x)
		case Perhaps:
			perhaps = append(perhaps, x)
		case Outside:
		}
	}
	return sure, perhaps
}

// pool returns the facts among which the matching ones are.
func (e *Engine) pool(f *Form) []*facts.Fact {
	switch {
	case f.Subject.Entity != nil:
		return e.store.Of(f.Subject.Entity, f.Property)
	case f.Subject.Class != nil:
		return e.ofAll(e.classMembers(f), f.Property)
	case f.Value.Entity != nil && f.Property == e.world.known.venue:
		return e.ofAll(e.world.byPlace[f.Value.Entity], f.Property)
	case f.Value.Entity != nil:
		return e.store.Naming(f.Value.Entity, f.Property)
	case f.Time.Said.Year > 0 && len(f.Property.Domain) == 1 && f.Property.ID != observedOn:
		if t := e.store.Type(f.Property.Domain[0]); t != nil && t.When == f.Property {
			return e.ofAll(e.world.byYear[typeYear{t, f.Time.Said.Year}], f.Property)
		}
		return e.store.With(f.Property)
	default:
		return e.store.With(f.Property)
	}
}

// ofAll returns the facts of a property about each of the subjects, each subject
// once.
func (e *Engine) ofAll(subjects []*facts.Entity, p *facts.Property) []*facts.Fact {
	var out []*facts.Fact
	seen := make(map[*facts.Entity]bool, len(subjects))
	for _, s := range subjects {
		if !seen[s] {
			seen[s] = true
			out = append(out, e.store.Of(s, p)...)
		}
	}
	return out
}

// classMembers returns the entities that the subject's description means.
func (e *Engine) classMembers(f *Form) []*facts.Entity {
	k := *f.Subject.Class
	if k.Time.IsZero() && !slices.Contains(f.Property.Range, "date") {
		k.Time = f.Time
	}
	all := e.world.members(&k)
	switch {
	case k.Nth != 0 && e.world.ranksTwice(all):
		return nil
	case k.Nth > 0 && k.Nth <= len(all):
		return all[k.Nth-1 : k.Nth]
	case k.Nth > 0:
		return nil
	case -len(all) <= k.Nth && k.Nth < 0:
		return all[len(all)+k.Nth : len(all)+k.Nth+1]
	}
	return all
}

// agrees reports whether a fact has the value and the qualifiers of the form.
func (e *Engine) agrees(x *facts.Fact, f *Form) bool {
	ref, _ := x.Value.(facts.Ref)
	q := &x.Qualifiers
	quantity, _ := x.Value.(facts.Quantity)
	switch {
	case f.Number > 0 && quantity.Number != f.Number:
		return false
	case f.Property == e.world.known.count && f.Unit != "" && !counts(x, f.Unit):
		return false
	case f.Value.Entity != nil && !sameValue(x, f.Value.Entity):
		return false
	case f.Of != nil && q.Of != f.Of && (ref.Entity == nil || !of(ref.Entity, f.Of, 2)):
		return false
	case f.Country != nil && q.Country != f.Country && ref.Entity != f.Country:
		return false
	case f.From != nil && q.Replaces != f.From:
		return false
	case f.At != nil && q.At != f.At && !e.during(x, f.At):
		return false
	case f.Aspect == "unanimous" && f.Ask == SubjectRole:
		return unanimous(x) != f.Not
	case f.Aspect == "against" && f.Ask == SubjectRole && q.Against == 0:
		return false
	case f.Aspect == "abstentions" && f.Ask == SubjectRole && q.Abstentions == 0:
		return false
	}
	return f.Want == nil || e.wanted(x, f)
}

// counts reports whether a fact counts things of a unit.
func counts(x *facts.Fact, unit string) bool {
	q, ok := x.Value.(facts.Quantity)
	return ok && q.Unit == unit
}

// sameValue reports whether v is the value of x, or the country of a city that
// is, or the name of a text.
func sameValue(x *facts.Fact, v *facts.Entity) bool {
	ref, ok := x.Value.(facts.Ref)
	if !ok {
		return false
	}
	return ref.Entity == v || v.Type.ID == countryType && ref.Entity.Type.ID != countryType && slices.Contains(ref.Entity.Of, v)
}

// during reports whether a fact bears the date of an event.
func (e *Engine) during(x *facts.Fact, at *facts.Entity) bool {
	d := factDate(x)
	if d.IsZero() {
		return false
	}
	for _, f := range e.world.dates(at) {
		when := factDate(f)
		if In(when).Fit(d) == Inside || In(d).Fit(when) == Inside && d.Precision() == facts.ToTheDay {
			return true
		}
	}
	return false
}

// unanimous reports whether nobody voted against or abstained.
func unanimous(x *facts.Fact) bool { return x.Qualifiers.Against == 0 && x.Qualifiers.Abstentions == 0 }

// wanted reports whether what a fact gives is of the type that was asked for.
func (e *Engine) wanted(x *facts.Fact, f *Form) bool {
	var buffer [1]*facts.Entity
	for _, got := range f.got(buffer[:0], x) {
		if f.Gender != "" && got.Gender != f.Gender || f.Regional && !e.world.regional(got) || f.WantOf != nil && !of(got, f.WantOf, 1) {
			return false
		}
		if got.Type == f.Want || placeType(got.Type) && placeType(f.Want) {
			return true
		}
	}
	return false
}

func placeType(t *facts.Type) bool { return t.ID == cityType || t.ID == regionType }

// got returns the entities that a fact gives for what the form asks, in the empty
// out if there is one.
func (f *Form) got(out []*facts.Entity, x *facts.Fact) []*facts.Entity {
	var e *facts.Entity
	switch f.Ask {
	case SubjectRole:
		e = x.Subject
		if f.Want != nil && f.Want.ID == countryType && e.Type != f.Want {
			return countries(e.Of)
		}
	case OfRole:
		if ref, ok := x.Value.(facts.Ref); ok && f.Want != nil && f.Want.ID == countryType {
			return append(out, countries(ref.Of)...)
		}
		e = x.Qualifiers.Of
		if ref, ok := x.Value.(facts.Ref); ok && e == nil && len(ref.Of) > 0 {
			e = ref.Of[0]
		}
	case CountryRole:
		e = x.Qualifiers.Country
	default:
		ref, _ := x.Value.(facts.Ref)
		e = ref.Entity
		if e != nil && f.Want != nil && f.Want.ID == countryType && e.Type != f.Want {
			return e.Of
		}
	}
	if e == nil {
		return nil
	}
	return append(out, e)
}

// countries keeps the countries among entities.
func countries(all []*facts.Entity) []*facts.Entity {
	return slices.DeleteFunc(slices.Clone(all), func(e *facts.Entity) bool { return e.Type.ID != countryType })
}

// closed returns how complete the facts are about what the form asks.
func (e *Engine) closed(f *Form) (facts.Completeness, bool) {
	if f.Subject.Class != nil && f.Subject.Class.Type.ID == resolutionType && e.world.known.listedIn != nil &&
		len(f.Subject.Class.Tags) == 0 {
		c, ok := e.world.known.listedIn.Closed(nil, 0)
		return c, ok && !beyond(f.Time, c)
	}
	year := max(f.Time.Said.Year, 0)
	c, ok := f.Property.Closed(f.Subject.Entity, year)
	if ok && c.From > 0 && year == 0 && !f.Time.IsZero() {
		begins := f.Time.First.Year >= c.From || f.Subject.Entity != nil && e.world.date(f.Subject.Entity).Year >= c.From-1
		ok = begins && f.Time.Last.Year <= c.To
	}
	return c, ok && !beyond(f.Time, c)
}

// beyond reports whether a span ends, by the question's own words, after the year
// for which the facts are known to be complete.
func beyond(s Span, c facts.Completeness) bool {
	return !s.IsZero() && !c.AsOf.IsZero() && c.From == 0 && s.Last != farFuture && s.Last.Year > c.AsOf.Year
}
