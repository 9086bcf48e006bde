package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// What the conversation has made certain: "when was the forum?" after a list with one
// forum in it, "that year".

// certain reads a fragment by what the conversation has made certain.
func (p *parse) certain(atoms []atom, x *fragment) ([]Form, bool) {
	if forms, ok := p.knownThing(atoms, x); ok {
		return forms, true
	}
	if forms, ok := p.whichOf(atoms, x); ok {
		return forms, true
	}
	if forms, ok := p.itsDocument(atoms, x); ok {
		return forms, true
	}
	plain := !some(atoms, func(a *atom) bool {
		return a.kind != aFiller && !a.is("list") && !a.is("all") && !a.is("pronoun")
	})
	if x.lists && plain {
		return p.everything()
	}
	return nil, false
}

// itsDocument asks for the document of the event that was spoken of: "which document
// was adopted?" after who took part in it.
func (p *parse) itsDocument(atoms []atom, x *fragment) ([]Form, bool) {
	document := some(atoms, func(a *atom) bool { return a.kind == aType && a.concept.ID == "document" })
	if !document || x.wh == nil || len(x.spans)+len(x.entities) > 0 || x.ordinal != 0 {
		return nil, false
	}
	last := lastForm(p.q.Last[len(p.q.Last)-1])
	if !slices.ContainsFunc(p.spokenOf(last), func(e *facts.Entity) bool { return e.Type.ID == eventType }) {
		return nil, false
	}
	forms, choices, ok := p.focus(atoms, nil, x)
	return forms, ok && len(forms) == 1 && len(choices) == 0
}

// recurs reports whether the fragment asks for an anniversary.
func (p *parse) recurs() bool {
	return some(p.atoms, func(a *atom) bool { return a.is("anniversary") })
}

// knownThing lets a mere noun mean the one thing of that kind among those that the last
// answer was about. It reports false where the fragment says more of it, asks which
// one it is, or where there is no such thing or several.
func (p *parse) knownThing(atoms []atom, x *fragment) ([]Form, bool) {
	i := indexOf(atoms, func(a *atom) bool { return a.kind == aType })
	if i < 0 || len(x.spans)+len(x.entities) > 0 || x.ordinal != 0 || !p.mereNoun(atoms, i) || x.anaphor && (i == 0 || !p.pointsAt(i-1)) {
		return nil, false
	}
	last := lastForm(p.q.Last[len(p.q.Last)-1])
	things := p.listed(last)
	if len(things) < 2 {
		things = p.spokenOf(last)
	}
	things = slices.DeleteFunc(slices.Clone(things), func(e *facts.Entity) bool { return !nouned(e, atoms[i].concept) })
	if len(things) != 1 || things[0].Prominent {
		return nil, false // or it is what the noun means anyway
	}
	p.atoms = append(p.atoms[:0], atoms...)
	from := i
	if i > 0 && p.pointsAt(i-1) {
		from = i - 1 // "that forum"
	}
	start := len(p.known)
	p.known = append(p.known, things[0])
	p.merge(from, i, atom{kind: aEntity, bound: true, entities: p.known[start:len(p.known):len(p.known)]})
	forms, choices, bad := p.compose()
	if bad.bad() || len(choices) > 0 || len(forms) != 1 || forms[0].Assumed {
		return nil, false
	}
	return forms, p.e.resolve(&forms[0], p.q.Today).Kind != Missing
}

// told lists the types of things that a mere noun may mean when they were told of
// before. Countries, cities and people are asked for in so many ways that it may not.
var told = []facts.ID{eventType, organisation, resolutionType, planType}

// nouned reports whether a noun names things such as e: of its type, and an event of
// its kind.
func nouned(e *facts.Entity, noun *lang.Concept) bool {
	return slices.Contains(told, e.Type.ID) && slices.Contains(noun.Of, string(e.Type.ID)) &&
		(e.Type.ID != eventType || slices.Contains(e.Kinds, noun.ID))
}

// mereNoun reports whether the noun at atom i is the only one, means one thing, and
// nothing beside it describes it or asks which one it is.
func (p *parse) mereNoun(atoms []atom, i int) bool {
	for k := range atoms {
		if k != i && (atoms[k].kind == aType || atoms[k].kind == aTag || atoms[k].kind == aNum || atoms[k].is("all")) {
			return false
		}
	}
	if atoms[i].concept.ID == "event" || i > 0 && atoms[i-1].kind == aWh {
		return false
	}
	return atoms[i].to <= len(p.tokens) && !lang.EndsIn(p.tokens[atoms[i].to-1].Text, p.v.pack.Grammar.Plural)
}

// whichOf answers a mere "which resolution?": the one that the last question counted
// or asked for, or the one of the only property that leads there from what the answer
// was about.
func (p *parse) whichOf(atoms []atom, x *fragment) ([]Form, bool) {
	noun := -1
	for i := range atoms {
		switch a := &atoms[i]; {
		case a.kind == aType && noun < 0:
			noun = i
		case a.kind == aFiller, a.is("by"), a.is("in"), a.is("and"), a.kind == aWh && (a.concept.ID == "which" || a.concept.ID == "what"):
		default:
			return nil, false
		}
	}
	if noun < 0 || x.wh == nil || len(atoms[noun].concept.Of) != 1 {
		return nil, false
	}
	want := p.e.store.Type(facts.ID(atoms[noun].concept.Of[0]))
	f := lastForm(p.q.Last[len(p.q.Last)-1])
	if f.Want == want && (f.Act == Count || f.Act == Find) && want.ID != eventType {
		f.Act = Find
		return []Form{f}, true
	}
	if forms, ok := p.saidAt(&f, want); ok {
		return forms, true
	}
	for _, e := range p.spokenOf(f) {
		if leads := p.leading(e, want); len(leads) == 1 {
			return []Form{{Act: Find, Property: leads[0], Ask: ValueRole, Subject: Term{Entity: e}}}, true
		}
	}
	return nil, false
}

// saidAt answers "at which conference?" after what somebody said: where they spoke, if
// all of it was said there.
func (p *parse) saidAt(f *Form, want *facts.Type) ([]Form, bool) {
	speaker := f.Subject.Entity
	if want.ID != eventType || speaker == nil || speaker.Type.ID != personType || f.Act != Find || f.Ask != ValueRole {
		return nil, false
	}
	told := p.e.resolve(f, p.q.Today).Facts
	for _, x := range p.e.store.About(speaker) {
		ref, ok := x.Value.(facts.Ref)
		if ok && x.Subject == speaker && x.Property.ID == "speech" && len(told) > 0 &&
			!slices.ContainsFunc(told, func(x *facts.Fact) bool { return x.Qualifiers.At != ref.Entity }) {
			return []Form{{Act: Find, Property: x.Property, Ask: ValueRole, Subject: f.Subject}}, true
		}
	}
	return nil, false
}

// leading lists the properties by which facts lead from a thing to one of a type. A
// resolution that founded a body is kept as a document.
func (p *parse) leading(e *facts.Entity, want *facts.Type) []*facts.Property {
	var out []*facts.Property
	for _, x := range p.e.store.About(e) {
		ref, ok := x.Value.(facts.Ref)
		founded := want.ID == resolutionType && x.Property.ID == "founding-act"
		if ok && x.Subject == e && (ref.Entity.Type == want || founded) && !slices.Contains(out, x.Property) {
			out = append(out, x.Property)
		}
	}
	return out
}

// everything lists all that the last question asked for one of: "list them all" after
// who chaired in one year.
func (p *parse) everything() ([]Form, bool) {
	f := lastForm(p.q.Last[len(p.q.Last)-1])
	if f.Act != Find && f.Act != Count || f.Property == nil || f.Ask != ValueRole && f.Ask != SubjectRole {
		return nil, false
	}
	f.Act, f.Pick = Find, Pick{}
	if k := f.Subject.Class; k != nil && k.Nth != 0 {
		all := *k
		all.Nth = 0
		f.Subject.Class = &all
	}
	if w := p.e.world; f.Property == w.known.count {
		all := p.series(f)
		if len(all) == 0 || all[0].Type.When == nil {
			return nil, false
		}
		of := &Class{Type: all[0].Type, Kind: string(all[0].Type.ID), Of: []*facts.Entity{f.Subject.Entity}}
		f = Form{Act: Find, Property: of.Type.When, Ask: SubjectRole, Want: of.Type, Subject: Term{Class: of}}
	}
	if f.Property.Single == facts.EachYear && f.Time.Said.Year > 0 {
		f.Time = Span{}
	}
	return []Form{f}, p.e.resolve(&f, p.q.Today).Kind != Missing
}

// thatYear reads "that year" as the year that the last question or answer was about.
// Without one it stays, and the question is declined.
func (p *parse) thatYear() {
	for i := 1; i < len(p.atoms) && len(p.q.Last) > 0; i++ {
		if u := &p.atoms[i]; u.kind != aUnit || u.concept.ID != "year" || !p.demonstrates(i-1) && !p.pointsBack(i-1) {
			continue
		}
		if year := p.spokenYear(); year > 0 {
			p.merge(i-1, i, atom{kind: aDate, span: In(facts.Date{Year: year})})
		}
	}
}

// pointOf is the time of a fact, or zero for one that spans years: "that year" may be
// any of them.
func pointOf(x *facts.Fact) facts.Date {
	d := factDate(x)
	if until := x.Qualifiers.Until; !until.IsZero() && until.Year != d.Year {
		return facts.Date{}
	}
	return d
}

// inTimeOf keeps the events at a place to the time in which the last question asked
// what took place there: "what was its theme?" means one of these.
func (f *Form) inTimeOf(last *Form, place *facts.Entity) {
	k := f.Subject.Class
	if k == nil || k.Type.ID != eventType || !slices.Contains(k.Place, place) || last.Value.Entity != place || last.Time.IsZero() || !f.Time.IsZero() || !k.Time.IsZero() {
		return
	}
	own := *k
	own.Time, f.Time = last.Time, last.Time
	f.Subject.Class = &own
}

// demonstrates reports whether atom i is a word such as "that".
func (p *parse) demonstrates(i int) bool {
	a := &p.atoms[i]
	return a.kind == aFiller && a.concept != nil && a.concept.ID == "demonstrative"
}

// pointsBack reports whether atom i is a pronoun that is also the word for "that", as
// it is in languages with postpositions: «ол жылы».
func (p *parse) pointsBack(i int) bool {
	return p.v.pack.Postpositions && p.atoms[i].is("pronoun")
}

// spokenYear is the year that the last question named, or that its one answer did, or
// zero.
func (p *parse) spokenYear() int {
	last := lastForm(p.q.Last[len(p.q.Last)-1])
	if year := last.Time.Said.Year; year > 0 {
		return year
	}
	if r := p.e.resolve(&last, p.q.Today); len(r.Facts) == 1 {
		return pointOf(r.Facts[0]).Year
	}
	return 0
}

// pointsAt reports whether atom i is "that" before a noun: "that meeting".
func (p *parse) pointsAt(i int) bool {
	return p.demonstrates(i) && i+1 < len(p.atoms) && p.atoms[i+1].kind == aType
}

// newlyNamed reports whether a whole question asks about any thing of a kind, and not
// about the one that was spoken of: "was a conference held in 2022?".
func (p *parse) newlyNamed(atoms []atom) bool {
	definite := p.v.pack.Grammar.Definite
	if len(definite) == 0 || atoms[0].kind != aFiller || atoms[0].concept.ID != "aux" {
		return false
	}
	i := indexOf(atoms, func(a *atom) bool { return a.kind == aType })
	return i > 1 && atoms[i-1].kind == aFiller && atoms[i-1].concept.ID != "aux" && !slices.Contains(definite, p.tokens[atoms[i-1].to-1].Text)
}

// bind puts a thing into p.atoms: in place of a pronoun or of "that meeting", or
// else at the end. It reports false where the words speak of another type.
func (p *parse) bind(e *facts.Entity, x *fragment) bool {
	start := len(p.known)
	p.known = append(p.known, e)
	it := atom{kind: aEntity, bound: true, entities: p.known[start:len(p.known):len(p.known)]}
	for i := range p.atoms {
		a := &p.atoms[i]
		switch {
		case x.ordinal != 0 && (a.kind == aOrd || a.is("last")):
			p.merge(i, i, it)
			return true
		case a.is("pronoun"), a.is("person-pronoun"):
			if (a.concept.ID == "person-pronoun") != (e.Type.ID == personType) && a.concept.ID == "person-pronoun" || p.saysThere(a) && !isVenue(e) {
				return false
			}
			it.from, it.to, it.brk = a.from, a.to, a.brk
			*a = it
			p.joinOrders() // "before him"
			return true
		case p.pointsAt(i):
			if noun := p.atoms[i+1].concept; len(noun.Of) == 0 || facts.ID(noun.Of[0]) != e.Type.ID {
				return false
			}
			p.merge(i, i+1, it)
			return true
		}
	}
	if x.anaphor && x.rels == 0 && x.wh == nil {
		return false
	}
	p.atoms = append(p.atoms, it)
	return true
}

// spokenOf reports whether the answer before was about an event, which a mere noun then
// means again.
func (f *filling) spokenOf(e *facts.Entity) bool {
	return slices.ContainsFunc(f.c.p.q.Last, func(last Form) bool { return lastForm(last).Subject.Entity == e })
}
