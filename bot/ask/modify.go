package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// modify lets the things without a place describe another: they must do so
// truly.
func (f *filling) modify(form *Form, asked *thing) bool {
	for _, i := range f.modifiers() {
		t := &f.c.things[i]
		if t.class != nil && !f.countsPlans(t, asked) && !f.apposed(t) && !f.ranked(form, t) {
			return false
		}
		if t.class == nil && !slices.ContainsFunc(t.entities, func(x *facts.Entity) bool { return f.describes(form, asked, x) }) {
			return false
		}
	}
	return true
}

// modifiers lists the things without a place, cities first: they tell which event
// is meant, and that is what the others may describe.
func (f *filling) modifiers() []int {
	var places, others []int
	for i := range f.c.things {
		switch t := &f.c.things[i]; {
		case f.places[i] != atModifier:
		case t.class == nil && isPlace(t.entities[0]):
			places = append(places, i)
		default:
			others = append(others, i)
		}
	}
	return append(places, others...)
}

// apposed reports whether a bare noun only says what a thing is: "Was K the
// first country to chair", "the document, resolution 2106".
func (f *filling) apposed(t *thing) bool {
	if f.path.property.ID == "term" && t.class.Type.ID == countryType {
		return plainClass(t.class)
	}
	return plainClass(t.class) && some(f.c.things, func(x *thing) bool {
		return x.class == nil && (x.typ() == t.class.Type || t.class.Type.ID == "document" && x.typ().ID == resolutionType)
	})
}

// ranked reads "is protection the first pillar?": a place in the order of what the
// facts list.
func (f *filling) ranked(form *Form, t *thing) bool {
	k := *t.class
	v := form.Value.Entity
	if v == nil || v.Type != k.Type || f.c.p.e.world.listing[v.Type] != form.Property || k.Nth == 0 || form.Pick.Kind != NoPick {
		return false
	}
	form.Pick = Pick{Kind: Nth, N: k.Nth}
	if k.Nth == -1 {
		form.Pick = Pick{Kind: Last}
	}
	k.Nth = 0
	return plainClass(&k)
}

// countsPlans reports whether a description is what a count of countries is
// about: "how many countries have action plans".
func (f *filling) countsPlans(t, asked *thing) bool {
	return f.path.property == f.c.p.e.world.known.count && t.class.Type.ID == planType && plainClass(t.class) &&
		asked != nil && asked.class.Type.ID == countryType
}

// describes adds x to the description that it may belong to.
func (f *filling) describes(form *Form, asked *thing, x *facts.Entity) bool {
	for _, t := range []*Term{&form.Subject, &form.Value} {
		if t.Class != nil && describable(t.Class.Type) {
			return (t.Class.Type != x.Type || x.Type.ID == eventType) && t.Class.narrow(x)
		}
	}
	for _, e := range []*facts.Entity{form.Subject.Entity, form.Value.Entity, form.At, form.Of} {
		if e != nil && e != x && mayStandBeside(e, x) && f.c.p.e.world.describes(e, x) {
			return true
		}
	}
	if asked != nil && describable(asked.class.Type) {
		return !f.onlyItself(asked.class, x) && asked.class.narrow(x)
	}
	return isPlace(x) && f.eventAt(form, x)
}

// onlyItself reports whether x is of the type that is asked for and nothing of
// that type belongs to it: "which body created UNRCCA" does not ask for UNRCCA.
func (f *filling) onlyItself(k *Class, x *facts.Entity) bool {
	if k.Type != x.Type || x.Type.ID == eventType && f.path.property.ID == "alongside" {
		return false
	}
	return !f.c.p.e.world.whole[x]
}

// eventAt reads a mere place as what happened there: "what was adopted in
// Almaty", "who spoke in Almaty".
func (f *filling) eventAt(form *Form, x *facts.Entity) bool {
	p := form.Property
	k := &Class{Type: f.c.p.e.store.Type(eventType)}
	if k.Type == nil || x.Type.ID == countryType || !k.narrow(x) {
		return false
	}
	switch {
	case p.ID == "participant" && f.c.verifies() && x.Type.ID == cityType && !slices.ContainsFunc(f.c.rels, func(r *lang.Concept) bool { return r.ID == "participate" || r.ID == "represent" }):
		return false // "is Almaty the capital of Kazakhstan?"
	case form.Subject.IsZero() && p.Default == nil && slices.Contains(p.Domain, eventType):
		form.Subject = Term{Class: k}
	case form.Value.IsZero() && slices.Contains(p.Range, eventType):
		form.Value = Term{Class: k}
	case form.At == nil && (p == f.c.p.e.world.known.role || p == f.c.p.e.world.known.said):
		form.At, _ = f.c.p.e.world.one(k)
		return form.At != nil
	default:
		return false
	}
	return true
}

// mayStandBeside reports whether x beside e can only describe it. A person is
// described by a position ("Deputy Speaker E."); the body or the country that a
// question names beside a person is what it asks about.
func mayStandBeside(e, x *facts.Entity) bool {
	switch e.Type.ID {
	case personType:
		return x.Type.ID == positionType
	case countryType, platformType:
		return false
	}
	return true
}

func isPlace(x *facts.Entity) bool {
	return x.Type.ID == cityType || x.Type.ID == regionType || x.Type.ID == countryType
}

// describable reports whether things of a type are told apart by places,
// platforms and owners.
func describable(t *facts.Type) bool {
	switch t.ID {
	case countryType, cityType, regionType, personType:
		return false
	}
	return true
}

// narrow adds a thing to a description.
func (c *Class) narrow(x *facts.Entity) bool {
	switch {
	case c.Type.ID == eventType && isPlace(x):
		if !slices.Contains(c.Place, x) {
			c.Place = append(slices.Clip(c.Place), x)
		}
	case x.Type.ID == platformType:
		if c.Part != nil && c.Part != x {
			return false
		}
		c.Part = x
	default:
		if !slices.Contains(c.Of, x) {
			c.Of = append(slices.Clip(c.Of), x)
		}
	}
	return true
}

// madeAt reports whether a document is of an event that took place at x.
func (w *world) madeAt(e, x *facts.Entity) bool {
	return isPlace(x) && slices.ContainsFunc(e.Of, func(y *facts.Entity) bool { return w.at(y, x) })
}

// describes reports whether x, standing beside e, says something true of it.
func (w *world) describes(e, x *facts.Entity) bool {
	if e == x || x.Type.ID == "document" && of(x, e, 0) || e.Type.ID == "document" && w.madeAt(e, x) || w.belongs(e, x) || w.at(e, x) || x.Type.ID == agendaType && slices.Contains(e.Tags, "wps") ||
		w.says(e, w.known.participant, x) {
		return true
	}
	for _, f := range w.store.Of(e, w.store.Property("founding-act")) {
		if ref, _ := f.Value.(facts.Ref); ref.Entity != nil && of(ref.Entity, x, 1) {
			return true // the body that founded it
		}
	}
	for _, f := range w.store.Of(e, w.known.role) {
		ref, _ := f.Value.(facts.Ref)
		if ref.Entity == x || f.Qualifiers.Of == x || ref.Entity != nil && of(ref.Entity, x, 2) {
			return true
		}
	}
	return false
}
