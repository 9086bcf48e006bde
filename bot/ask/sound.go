package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// sound reports whether a form to be checked says what the question did, for
// those properties where a thing named by its kind and number
// would be lost on the way.
func (f *filling) sound(form *Form) bool {
	if f.c.verifies() && f.c.has("all") && form.Aspect != "unanimous" && form.Many == 0 {
		return false // "did it abstain on all" is not "on any"
	}
	if f.c.exists && form.Act == Find && form.Ask == SubjectRole && form.Property == form.Subject.Class.Type.When {
		return true // "were there any meetings in 2021?"
	}
	if f.c.verifies() && form.Ask == SubjectRole && !f.c.nounPhrase() && !f.c.has("list") && form.Many == 0 {
		return false // yes or no cannot be a list of what else did
	}
	if f.c.verifies() && form.Act == Find && !f.c.nounPhrase() && f.evades(form) {
		return false
	}
	if f.c.verifies() && form.Act == Find && form.Many == 0 && f.c.particle() && !f.c.has("list") && len(f.c.light) == 0 && form.Ask != AspectRole {
		return false // "катышканбы?" asks whether it did, and never who did
	}
	if f.c.unit != "" && f.c.unit != "year" && form.Ask != TimeRole && form.Pick.Of != nil {
		return false // "the day after A" is not what came next
	}
	if form.Property.ID == "opening-speech" && form.Pick.Kind != NoPick && !f.c.mentions("opening-speech") {
		return false // who opened it did not speak last
	}
	if f.nothingSays(form) || f.sinceDay(form) || form.Act == Count && f.mereCountry(form) {
		return false
	}
	if form.Act != Check {
		return true
	}
	if f.goingOn(form) {
		return false
	}
	if form.Property == f.c.p.e.world.known.venue && f.c.theSeveral() && f.c.p.e.elsewhere(form) {
		return false // "were the meetings held in Tashkent?": some were
	}
	w := &f.c.p.e.world.known
	switch {
	case form.Property == w.planOf && (form.Subject.Entity != nil || form.Subject.Class != nil && form.Subject.Class.Nth != 0):
		return false // "does Kazakhstan have a first plan": whose first one?
	case form.Property == w.planOf && slices.ContainsFunc(f.c.light, func(r *lang.Concept) bool { return r.ID != "have" }):
		return false // "did K make its plan" is not whether it has one
	case f.path.implied && len(f.c.light) > 0 && slices.Contains(form.Property.Range, "date") && form.Subject.Entity != nil && lasts(form.Subject.Entity):
		return false // when the Dialogue met is not when it began
	case f.path.implied && f.c.unasked():
		return false // where a particle asks yes or no, "Бишкек форуму?" asks something else
	case f.path.implied && f.c.helpless():
		return false // "did UNRCCA head K" has no verb that the facts know
	}
	return true
}

// nothingSays reports whether the form asks for what no fact could ever say: the last of
// the times of what happens once, or who led a platform at an event.
func (f *filling) nothingSays(form *Form) bool {
	store := f.c.p.e.store
	k := form.Pick.Kind
	if (k == Last || k == Nth) && form.Act == Find && form.Ask == TimeRole && form.Subject.Entity != nil && len(store.Of(form.Subject.Entity, form.Property)) == 1 {
		return true // "which was created last, A or B?"
	}
	if (k == Nth || k == Last) && form.Property == f.c.p.e.world.known.planOf && form.Value.IsZero() {
		return true // whose plan it is has no time
	}
	return form.At != nil && form.Act == Find && form.Property.ID == "chairperson"
}

// evades reports whether a form that tells something in answer to a yes-or-no
// question would tell something else than was asked.
func (f *filling) evades(form *Form) bool {
	p := form.Property
	i := slices.Index(f.places[:], atSubject)
	tagged := i >= 0 && f.c.things[i].class != nil && some(f.c.atoms, func(a *atom) bool { return a.kind == aTag })
	switch {
	case form.Many > 0 || f.c.has("list"):
		return false
	case p == f.c.p.e.world.known.count && form.Unit == "":
		return true // "is there a Dialogue?" does not ask how many of what
	case p == f.c.p.e.world.known.venue, form.Ask == TimeRole && (f.c.unit == "" || f.c.auxFirst()), slices.Contains(p.Range, "text") && tagged:
		return true // "was it held?" does not ask where, "was the theme climate?" not what it was
	default:
		return form.Subject.IsZero() && form.Value.IsZero() && p.Default == nil && !f.oneSubject()
	}
}

// ahead reports whether the thing at one place is named before that at another.
func (f *filling) ahead(a, b place) bool {
	i, j := slices.Index(f.places[:], a), slices.Index(f.places[:], b)
	return i >= 0 && j >= 0 && i < j
}

// replaceable reports whether a thing may be followed as the word says: only who
// holds an office is replaced.
func replaceable(o *order) bool {
	t := o.entities[0].Type.ID
	return o.op != "successor" && o.op != "predecessor" || t == countryType || t == personType
}

// documentModifies reports whether a document is named beside what came of an
// event.
func (f *filling) documentModifies() bool {
	for i := range f.c.things {
		if f.places[i] == atModifier && f.c.things[i].typ().ID == "document" {
			return true
		}
	}
	return false
}

// hostModifies reports whether a country merely tells where something was.
func (f *filling) hostModifies() bool {
	for i := range f.c.things {
		if f.places[i] == atModifier && f.c.things[i].typ().ID == countryType && slices.Contains(f.path.property.Domain, eventType) {
			return true
		}
	}
	return false
}

// subjectOf is the only subject that the facts give a value: the body whose head
// somebody was.
func (f *filling) subjectOf(value *facts.Entity) *facts.Entity {
	if value == nil {
		return nil
	}
	all := f.c.p.e.store.Naming(value, f.path.property)
	if len(all) != 1 {
		return nil
	}
	return all[0].Subject
}

// oneSubject reports whether all facts of the property have one subject, which
// then need not be named.
func (f *filling) oneSubject() bool {
	all := f.c.p.e.store.With(f.path.property)
	for _, x := range all {
		if x.Subject != all[0].Subject {
			return false
		}
	}
	return len(all) > 0
}
