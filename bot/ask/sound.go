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

// settle replaces a description that means one entity by that entity, and
// reports false where it means none or several and nothing is asked of a class.
func (f *filling) settle(form *Form) bool {
	w := f.c.p.e.world
	f.firstOfAll(form)
	if f.path.implied && form.Property == w.known.participant && (f.located(form.Value.Entity) || f.located(form.Country)) {
		return false // "was there a forum in K?" does not ask who took part in one
	}
	if k := form.Subject.Class; k != nil && form.Ask != SubjectRole {
		if !form.Time.IsZero() && k.Time.IsZero() && !f.checksDate(form) {
			k.Time = form.Time
		}
		if x := form.Value.Entity; k.Nth != 0 && form.Property == w.known.planOf && x != nil {
			k.narrow(x) // "the third plan of Tajikistan" is the third of its own
		}
		if e := f.described(form, k); e != nil && !f.anyThere(form, e) {
			if form.Many > 1 && k.Type.ID != observanceKind {
				return false // "were two conferences held?" is not "was the conference?"
			}
			if form.Act == Check && form.Property == w.known.venue && (f.vague(form, e, k.Time) || f.path.implied && !f.within(form.Value.Entity)) {
				return false
			}
			if e = f.anyThen(form, k, e); e == nil {
				return false
			}
			form.Subject, form.Loose = Term{Entity: e}, f.indefinite(k, e)
			if k.Part == nil || form.Ask == NoRole {
				form.Time = f.rest(form, k)
			}
		}
	}
	form.Loose = form.Loose || f.news(form)
	if form.Subject.Class != nil && form.Act == Check && form.Value.IsZero() && form.Aspect != "unanimous" && form.Property.ID != "outcome" && !(form.Many > 0 && form.Ask == SubjectRole) {
		return false
	}
	if k := form.Value.Class; k != nil && form.Ask != ValueRole {
		e, _ := w.one(k)
		switch {
		case form.Property == w.known.listedIn:
		case e == nil:
			return false
		default:
			form.Value = Term{Entity: e}
		}
	}
	return true
}

// firstOfAll reads "when did the Dialogue first meet" as a question about its first
// meeting, which the facts know to have been the first.
func (f *filling) firstOfAll(form *Form) {
	k := form.Subject.Class
	if k == nil || k.Type.ID != eventType || !k.Any || form.Pick != (Pick{Kind: Nth, N: 1}) || form.Ask == SubjectRole || !form.Time.IsZero() || len(k.Place)+len(k.Tags) > 0 {
		return
	}
	if e, _ := f.c.p.e.world.one(&Class{Type: k.Type, Kind: string(eventType), Part: k.Part, Nth: 1}); e != nil {
		form.Subject, form.Pick = Term{Entity: e}, Pick{}
	}
}

// described returns the one thing that a description means, in the year that a
// question about its date names if it means several otherwise.
func (f *filling) described(form *Form, k *Class) *facts.Entity {
	w := f.c.p.e.world
	e, _ := w.one(k)
	if e != nil || !f.checksDate(form) || !k.Time.IsZero() || form.Time.Said.Year <= 0 {
		return e
	}
	dated := *k
	for _, d := range []facts.Date{{Year: form.Time.Said.Year}, {Year: form.Time.Said.Year, Month: form.Time.Said.Month}} {
		dated.Time = In(d)
		if e, _ := w.one(&dated); e != nil {
			return e
		}
	}
	return nil
}

// indefinite reports whether a description may mean another thing than the one
// that the facts know: "a meeting in Tashkent", or all that a platform did.
func (f *filling) indefinite(k *Class, e *facts.Entity) bool {
	if k.Type.ID != eventType || k.Nth != 0 || e == f.c.p.e.world.prominent(k.Type) && len(k.Place) == 0 {
		return false
	}
	if k.Any {
		return true
	}
	i := slices.Index(f.places[:], atSubject)
	for j := f.c.things[max(i, 0)].at - 1; i >= 0 && j >= 0; j-- {
		a := &f.c.atoms[j]
		if slices.Contains(f.c.p.v.pack.Grammar.Definite, f.c.last(a)) {
			return false
		}
		if a.kind != aFiller && a.kind != aTag && a.kind != aOrd && a.kind != aEntity && a.kind != aDate {
			break
		}
	}
	return true
}

// anyThere reports whether a question is about any event of a kind at a place, not about
// the one that the mere noun means: "was a conference held in K?", and, where there are no
// articles, "in K was there a conference?". If there was another one, "was the conference
// held in K?" may mean that.
func (f *filling) anyThere(form *Form, e *facts.Entity) bool {
	place, w := form.Value.Entity, f.c.p.e.world
	if form.Act != Check || form.Property != w.known.venue || place == nil || e != w.prominent(e.Type) || w.at(e, place) {
		return false
	}
	there := slices.Index(f.places[:], atValue)
	return there >= 0 && (f.anyOfKind(func(noun int) bool { return f.c.things[there].at < noun }) || !f.spokenOf(e) && w.another(form.Subject.Class, place))
}

// anyThen does the same for a question about a time, "was a conference held in 2025?": it
// returns one that was held then, or nil if the facts know none. Otherwise it is e.
func (f *filling) anyThen(form *Form, k *Class, e *facts.Entity) *facts.Entity {
	if !f.checksDate(form) || form.Time.IsZero() || !k.Time.IsZero() || e != f.c.p.e.world.prominent(e.Type) || f.datesFit(e, form.Time) {
		return e
	}
	timed := func(a atom) bool { return a.kind == aSpan || a.kind == aDate }
	whichever := f.anyOfKind(func(noun int) bool { return slices.ContainsFunc(f.c.atoms[:noun], timed) })
	if !whichever && f.spokenOf(e) {
		return e
	}
	dated := *k
	dated.Time = form.Time
	for _, other := range f.c.p.e.world.members(&dated) {
		if slices.Contains(other.Kinds, k.Kind) {
			return other
		}
	}
	if whichever {
		return nil
	}
	return e
}

// anyOfKind reports whether the noun for the subject means any of its kind: by its
// article, or, where there is none, since what is checked stands before it, or the verb
// with a word that asks: «был ли форум».
func (f *filling) anyOfKind(before func(noun int) bool) bool {
	i := slices.Index(f.places[:], atSubject)
	if i < 0 || f.c.things[i].class == nil {
		return false
	}
	pack, at := f.c.p.v.pack, f.c.things[i].at
	if at > 0 && slices.Contains(pack.Grammar.Definite, f.c.last(&f.c.atoms[at-1])) {
		return false
	}
	asking := func(a atom) bool { return a.is("verify") }
	return before(at) || !pack.Postpositions && (len(pack.Grammar.Definite) > 0 || slices.IndexFunc(f.c.atoms[:at], asking) > 0)
}

// news reports whether an event has an article that makes it any such one, or, in a
// language without articles, is named behind the date that is checked: "in 2022 was
// there a conference in Almaty?" asks for any such conference, "was the conference in
// Almaty in 2022?" for a certain one.
func (f *filling) news(form *Form) bool {
	i := slices.Index(f.places[:], atSubject)
	if !f.checksDate(form) || i < 0 || f.c.things[i].class != nil || f.c.things[i].typ().ID != eventType {
		return false
	}
	if at, definite := f.c.things[i].at, f.c.p.v.pack.Grammar.Definite; len(definite) > 0 {
		return at > 0 && f.c.atoms[at-1].kind == aFiller && (f.c.atoms[at-1].concept.ID == "filler" || f.c.atoms[at-1].concept.ID == "some") && !slices.Contains(definite, f.c.last(&f.c.atoms[at-1]))
	}
	if verify := slices.IndexFunc(f.c.atoms[:f.c.things[i].at], func(a atom) bool { return a.is("verify") }); verify > 0 && f.c.atoms[verify-1].kind == aFiller && !f.c.p.v.pack.Postpositions {
		return true // «была ли конференция в Алматы в 2024 году»
	}
	return some(f.c.atoms[:f.c.things[i].at], func(a *atom) bool { return a.kind == aSpan || a.kind == aDate })
}

// vague reports whether a question about the place of an event that only its time
// describes has no plain answer: sources disagree on its day, or in a whole year
// there may have been another one elsewhere.
func (f *filling) vague(form *Form, e *facts.Entity, s Span) bool {
	here := form.Value.Entity != nil && f.c.p.e.world.at(e, form.Value.Entity)
	return !f.datesFit(e, s) || !s.IsZero() && s.Said.Month == 0 && !here
}

// elsewhere reports whether some of what the subject describes was not where the form
// says.
func (e *Engine) elsewhere(f *Form) bool {
	if f.Subject.Class == nil || f.Subject.Class.Nth != 0 {
		return false
	}
	sure, _ := e.matching(f)
	return slices.ContainsFunc(e.classMembers(f), func(x *facts.Entity) bool {
		return !slices.ContainsFunc(sure, func(y *facts.Fact) bool { return y.Subject == x })
	})
}

// theSeveral reports whether the clause speaks of certain things of a kind: "the
// meetings".
func (c *clause) theSeveral() bool {
	g := &c.p.v.pack.Grammar
	return some(c.things, func(t *thing) bool {
		return t.class != nil && t.at > 0 && slices.Contains(g.Definite, c.last(&c.atoms[t.at-1])) && lang.EndsIn(c.last(&c.atoms[t.at]), g.Plural)
	})
}

// within reports whether a word says that something was in a place: "a meeting with K"
// was not one in K. Where a case says it, there is no such word.
func (f *filling) within(place *facts.Entity) bool {
	if place == nil || f.c.p.v.pack.Postpositions || place.Type.ID != countryType {
		return true
	}
	for i := range f.c.things {
		if t := &f.c.things[i]; t.class == nil && slices.Contains(t.entities, place) {
			k := skipBack(f.c.atoms, t.at-1)
			return k >= 0 && f.c.atoms[k].is("in")
		}
	}
	return true
}

// located reports whether the sentence says that something was in a thing: by a word for it,
// or by its ending.
func (f *filling) located(e *facts.Entity) bool {
	i := slices.IndexFunc(f.c.things, func(t thing) bool { return e != nil && t.class == nil && slices.Contains(t.entities, e) })
	if i < 0 {
		return false
	}
	at, pack := f.c.things[i].at, f.c.p.v.pack
	if pack.Postpositions {
		return pack.HasForm("loc") && pack.EndsAs(f.c.last(&f.c.atoms[at]), "loc")
	}
	k := skipBack(f.c.atoms, at-1)
	return k >= 0 && f.c.atoms[k].is("in")
}

// datesFit reports whether every date that the facts give a thing lies in a span.
func (f *filling) datesFit(e *facts.Entity, s Span) bool {
	w := f.c.p.e.world
	return s.IsZero() || !slices.ContainsFunc(w.dates(e), func(x *facts.Fact) bool { return w.fit(x, s) != Inside })
}

// checksDate reports whether the span is what a yes-or-no question is about.
func (f *filling) checksDate(form *Form) bool {
	return form.Act == Check && slices.Contains(form.Property.Range, "date")
}

// rest returns the span that is left when a description has used its own.
func (f *filling) rest(form *Form, k *Class) Span {
	if f.checksDate(form) || k.Time.IsZero() {
		return form.Time
	}
	return Span{}
}
