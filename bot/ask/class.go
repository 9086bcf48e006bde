package ask

import (
	"slices"

	"suhbat/facts"
)

// Which things answer to a description, such as "the second meeting in Bishkek".

// members returns the entities that answer to a description, in the order of
// their dates. A kind of event narrows them only where it tells several apart,
// because people call one and the same event a conference, a forum, a meeting.
func (w *world) members(c *Class) []*facts.Entity {
	var out []*facts.Entity
	for _, e := range w.pool(c) {
		if e.Type == c.Type && w.answers(e, c) && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	if c.Nth == 0 && (c.Kind != anyMeeting || len(c.Place) > 0) {
		out = narrow(out, c.Kind)
	}
	w.sortByDate(out)
	return out
}

// pool returns the entities among which the members of a class are, as few as
// the indexes can tell.
func (w *world) pool(c *Class) []*facts.Entity {
	switch {
	case len(c.Place) > 0:
		return w.byPlace[c.Place[0]]
	case c.Type.ID == resolutionType && len(c.Tags) == 0:
		return w.listed(c)
	case c.Time.Said.Year > 0:
		return w.byYear[typeYear{c.Type, c.Time.Said.Year}]
	default:
		return w.store.OfType(c.Type)
	}
}

// listed returns the resolutions of the agenda that a description names, or of
// the one that is meant when it names none.
func (w *world) listed(c *Class) []*facts.Entity {
	agenda := w.agenda
	for _, x := range c.Of {
		if x.Type.ID == agendaType {
			agenda = x
		}
	}
	var out []*facts.Entity
	for _, f := range w.store.Naming(agenda, w.known.listedIn) {
		out = append(out, f.Subject)
	}
	return out
}

func (w *world) answers(e *facts.Entity, c *Class) bool {
	strict := slices.Contains(strictKinds, c.Kind) || c.Nth != 0 && c.Type.ID == eventType && c.Kind != string(eventType) && c.Kind != anyMeeting
	odd := slices.Contains(grandKinds, c.Kind) && slices.ContainsFunc(e.Kinds, func(k string) bool { return slices.Contains(strictKinds, k) })
	if (strict || odd) && !slices.Contains(e.Kinds, c.Kind) {
		return false
	}
	if c.Type.ID == planType && !c.Any && !slices.Contains(c.Tags, genderEquality) && slices.Contains(e.Tags, genderEquality) {
		return false // a national action plan is one on women, peace and security
	}
	for _, t := range c.Tags {
		if !slices.Contains(e.Tags, t) && !slices.Contains(e.Kinds, t) {
			return false
		}
	}
	for _, place := range c.Place {
		if !w.at(e, place) {
			return false
		}
	}
	if c.Part != nil && !w.belongs(e, c.Part) {
		return false
	}
	for _, x := range c.Of {
		if c.Nth != 0 && c.Type.ID == eventType && !w.belongs(e, x) && !w.at(e, x) {
			return false // one that a body took part in was not the body's first
		}
		if !w.describes(e, x) {
			return false
		}
	}
	if c.Type.ID == resolutionType && len(c.Tags) == 0 && len(w.store.Of(e, w.known.listedIn)) == 0 {
		return false
	}
	return c.Time.IsZero() || w.fitEntity(e, c.Time) != Outside
}

// narrow keeps the entities of a kind, all of them if there is none.
func narrow(all []*facts.Entity, kind string) []*facts.Entity {
	if len(all) < 2 || kind == "" || kind == string(eventType) || kind == string(organisation) {
		return all
	}
	var out []*facts.Entity
	for _, e := range all {
		if slices.Contains(e.Kinds, kind) {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

func (w *world) sortByDate(all []*facts.Entity) {
	if len(all) < 2 {
		return
	}
	type dated struct {
		e       *facts.Entity
		ordinal int
		date    facts.Date
	}
	keyed := make([]dated, len(all))
	for i, e := range all {
		keyed[i] = dated{e, w.ordinal(e), w.date(e)}
	}
	slices.SortStableFunc(keyed, func(a, b dated) int {
		if c := a.ordinal - b.ordinal; c != 0 {
			return c
		}
		return a.date.Compare(b.date)
	})
	for i := range keyed {
		all[i] = keyed[i].e
	}
}

// ordinal is the place of e in the order that the facts give it, or 0.
func (w *world) ordinal(e *facts.Entity) int {
	for _, p := range []*facts.Property{w.known.listedIn, w.known.planOf} {
		for _, f := range w.store.Of(e, p) {
			return f.Qualifiers.Ordinal
		}
	}
	for _, f := range w.store.Naming(e, w.known.component) {
		return f.Qualifiers.Ordinal
	}
	return 0
}

// ranksTwice reports whether two things have the same place in an order: then it is not
// one order that they stand in.
func (w *world) ranksTwice(all []*facts.Entity) bool {
	for i := 1; i < len(all); i++ {
		if n := w.ordinal(all[i]); n > 0 && n == w.ordinal(all[i-1]) {
			return true
		}
	}
	return false
}

// one returns the entity that a description means, or nil and all that it may
// mean.
func (w *world) one(c *Class) (*facts.Entity, []*facts.Entity) {
	if c.Nth != 0 && c.Type.ID == eventType {
		for _, e := range w.members(c) {
			if c.Nth == 1 && slices.Contains(e.Tags, "first-meeting") {
				return e, nil
			}
		}
		return nil, nil // nobody can tell from open facts which one was the second
	}
	if c.Type.ID == resolutionType && c.Nth != 0 && len(c.Tags) > 0 {
		return nil, nil // nobody can tell which resolution on women was the first, but of the agenda
	}
	if e := w.prominent(c.Type); e != nil && c.Type.ID != organisation && !c.Any && c.Nth == 0 && len(c.Place) == 0 && c.Time.IsZero() && w.answers(e, c) {
		return e, nil // what the bare noun means, however many there are
	}
	all := w.members(c)
	switch {
	case c.Nth != 0 && w.ranksTwice(all):
		return nil, nil // each country has a first plan
	case c.Nth > 0 && c.Nth <= len(all):
		return all[c.Nth-1], nil
	case c.Nth > 0:
		return nil, nil
	case -len(all) <= c.Nth && c.Nth < 0:
		return all[len(all)+c.Nth], nil
	case len(all) == 1:
		return all[0], nil
	case c.Any:
		return nil, all
	}
	if main := w.mainOnes(all); len(main) == 1 {
		return main[0], nil
	}
	return nil, all
}

// prominent returns the entity that the bare noun of a type means, or nil.
func (w *world) prominent(t *facts.Type) *facts.Entity { return w.best[t] }

// another reports whether an event of a kind was at a place: a mere noun may mean it, so
// that nobody may say that it was elsewhere.
func (w *world) another(k *Class, place *facts.Entity) bool {
	all := *k
	return slices.ContainsFunc(w.members(&all), func(e *facts.Entity) bool { return w.at(e, place) })
}

// mainOnes leaves out what is part of another one of them: a discussion beside a
// conference.
func (w *world) mainOnes(all []*facts.Entity) []*facts.Entity {
	const few = 8 // a description that more answer to is vague in any case
	var out []*facts.Entity
	if len(all) > few {
		return nil
	}
	for _, e := range all {
		if !slices.ContainsFunc(all, func(x *facts.Entity) bool { return x != e && w.says(e, w.known.partOf, x) }) {
			out = append(out, e)
		}
	}
	return out
}
