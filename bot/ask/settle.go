package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// Which one thing a described subject means where a question is checked, and where any
// of its kind would do.

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
	if verify := indexOf(f.c.atoms[:f.c.things[i].at], func(a *atom) bool { return a.is("verify") }); verify > 0 && f.c.atoms[verify-1].kind == aFiller && !f.c.p.v.pack.Postpositions {
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
	i := indexOf(f.c.things, func(t *thing) bool { return e != nil && t.class == nil && slices.Contains(t.entities, e) })
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
