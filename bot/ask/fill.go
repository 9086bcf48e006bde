package ask

import (
	"slices"

	"suhbat/facts"
)

// place is where a thing of the clause may go in a statement.
type place int

const (
	notPlaced place = iota
	atSubject
	atValue
	atOf
	atAt
	atCountry
	atModifier // it describes another thing
	atAsked    // it is what is asked for
)

// filling is a distribution of the things of a clause over the places of a
// property.
type filling struct {
	c      *clause
	path   path
	places [maxThings]place
	// cost is what every reading under this property costs at least.
	cost int
}

// place puts thing i and all after it.
func (f *filling) place(i int) {
	if i == len(f.c.things) {
		f.finish()
		return
	}
	t := &f.c.things[i]
	var buffer [maxOptions]place
	for _, where := range f.options(buffer[:0], t) {
		if where != atModifier && slices.Contains(f.places[:i], where) {
			continue
		}
		f.places[i] = where
		f.place(i + 1)
	}
	f.places[i] = notPlaced
}

// maxOptions is how many places a thing may have at most.
const maxOptions = 6

// options appends the places that the type of a thing allows to out.
func (f *filling) options(out []place, t *thing) []place {
	if t.asked {
		return append(out, atAsked)
	}
	p, typ := f.path.property, t.typ()
	if p == f.c.p.e.world.known.listedIn {
		return append(out, f.membership(t)...)
	}
	if slices.Contains(p.Domain, typ.ID) || f.asEvents(t) || f.asBody(t) {
		out = append(out, atSubject)
	}
	if f.fitsValue(typ) {
		out = append(out, atValue)
	}
	switch {
	case typ.ID == organisation && p == f.c.p.e.world.known.role:
		out = append(out, atOf)
	case typ.ID == eventType && !slices.Contains(p.Domain, eventType):
		out = append(out, atAt)
	case typ.ID == countryType && (p.ID == "participant" || f.path.aspect == "against" || p == f.c.p.e.world.known.vote && f.path.aspect == "" && f.c.verifies()):
		out = append(out, atCountry)
	}
	if t.class != nil && f.c.mayAsk(t) {
		out = append(out, atAsked)
	}
	return append(out, atModifier)
}

// membership puts "2250" and "the ten resolutions" into places.
func (f *filling) membership(t *thing) []place {
	switch {
	case t.typ().ID == agendaType && t.class == nil && f.c.verifies() && len(f.c.things) == 2 &&
		some(f.c.things, func(x *thing) bool { return x.class == nil && x.typ().ID == resolutionType }):
		return []place{atValue} // "is 2250 part of the agenda?"
	case t.typ().ID == agendaType:
		return []place{atModifier}
	case t.typ().ID != resolutionType:
		return nil
	case t.class != nil:
		return []place{atValue}
	default:
		return []place{atSubject}
	}
}

// fitsValue reports whether an entity of type t may be the value. A country may
// stand for a city in it.
func (f *filling) fitsValue(t *facts.Type) bool {
	p := f.path.property
	return slices.Contains(p.Range, t.ID) || t.ID == countryType && slices.Contains(p.Range, cityType)
}

// asEvents reports whether a platform stands for its events: "when did the
// Dialogue meet".
func (f *filling) asEvents(t *thing) bool {
	p := f.path.property
	return t.class == nil && t.typ().ID == platformType && slices.Contains(p.Domain, eventType) &&
		!slices.Contains(p.Domain, platformType) && p != f.c.p.e.world.known.participant && p != f.c.p.e.world.known.partOf
}

// asBody reports whether a position stands for the body that it heads: "who was
// the head of UNRCCA".
func (f *filling) asBody(t *thing) bool {
	return f.path.property == f.c.p.e.world.known.head && t.class == nil &&
		t.typ().ID == positionType && slices.ContainsFunc(t.entities[0].Of, func(e *facts.Entity) bool {
		return len(f.c.p.e.store.Of(e, f.path.property)) > 0
	})
}

// mayAsk reports whether a description that does not stand behind a question
// word may be what is asked for: "list the resolutions", "resolutions in 2013",
// "who was the first woman".
func (c *clause) mayAsk(t *thing) bool {
	for i := range c.things {
		if c.things[i].asked {
			return false
		}
	}
	switch {
	case c.wh == nil:
		return !c.question || c.has("list") || c.unit == ""
	case c.wh.ID == "who":
		switch t.class.Type.ID {
		case countryType, personType, organisation:
			return true
		}
		return false
	case c.wh.ID == "what" || c.wh.ID == "which":
		return !c.anyAsked()
	}
	return false
}

func (c *clause) anyAsked() bool {
	return some(c.things, func(t *thing) bool { return t.asked })
}

// finish makes the forms of a complete distribution.
func (f *filling) finish() {
	c := f.c
	form := Form{Act: Find, Property: f.path.property, Aspect: f.path.aspect, Not: c.not, Many: c.many, Unit: c.unit, Pick: c.pick, Listed: c.unnamed}
	if len(c.spans) > 1 || !f.order(&form) {
		return
	}
	form.Time = c.span()
	if f.path.aspect == "of" || f.path.aspect == "country" {
		form.Aspect = ""
	}
	var asked *thing
	for i := range c.things {
		t := &c.things[i]
		switch f.places[i] {
		case atAsked:
			own := *t
			k := *t.class
			own.class = &k // what modifies it in this distribution stays here
			asked = &own
		case atSubject, atValue, atOf, atAt, atCountry:
			f.set(&form, f.places[i], f.variant(t, f.places[i], 0))
			if f.places[i] == atAt && form.At == nil {
				return
			}
		default:
		}
	}
	f.eachMeaning(form, asked, 0)
}

// order puts "before X" and "after X" into the form. A span that such a word
// made is left as it is: "before 2010" takes in all of the years before.
func (f *filling) order(form *Form) bool {
	switch len(f.c.orders) {
	case 0:
		return true
	case 1:
	default:
		return false
	}
	o := f.c.orders[0]
	if form.Pick.Kind != NoPick || len(o.entities) != 1 || form.Many > 1 || !replaceable(&o) { // a neighbour is one
		return false
	}
	if t := o.entities[0].Type.ID; t == resolutionType && !slices.Contains(form.Property.Domain, t) && !f.c.verifies() {
		return false // no event comes after a resolution
	}
	form.Pick = Pick{Kind: After, Of: o.entities[0], All: (f.c.manyAsked() || f.c.whoAll()) && o.years == 0, Next: o.op == "successor" || o.op == "predecessor" || o.direct && f.c.verifies(), Years: o.years}
	switch {
	case len(o.to) == 1:
		form.Pick.Kind, form.Pick.To = Within, o.to[0]
	case len(o.to) > 1:
		return false
	case o.dir < 0:
		form.Pick.Kind = Before
	}
	return true
}

// variants is how many terms a thing may stand for at a place.
func (f *filling) variants(t *thing, at place) int {
	if t.class != nil || at == atSubject && (f.asEvents(t) || f.asBody(t)) {
		return 1
	}
	return len(t.entities)
}

// variant returns one of the terms that a thing may stand for at a place.
func (f *filling) variant(t *thing, at place, i int) Term {
	switch {
	case t.class != nil:
		k := *t.class
		return Term{Class: &k}
	case at == atSubject && f.asEvents(t):
		return Term{Class: &Class{Type: f.c.p.e.store.Type(eventType), Part: t.entities[0], Any: true}}
	case at == atSubject && f.asBody(t):
		return Term{Entity: t.entities[0].Of[0]}
	case at == atValue && f.path.property == f.c.p.e.world.known.listedIn: // in the agenda: one of its resolutions
		return Term{Class: &Class{Type: f.c.p.e.store.Type(resolutionType), Kind: string(resolutionType), Of: t.entities}}
	default:
		return Term{Entity: t.entities[i]}
	}
}

func (f *filling) set(form *Form, at place, t Term) {
	switch at {
	case atSubject:
		form.Subject = t
	case atValue:
		form.Value = t
	case atOf:
		form.Of = t.Entity
	case atAt:
		form.At = f.entity(t, form)
	case atCountry:
		form.Country = t.Entity
	default:
	}
}

// entity returns the one entity that a term means.
func (f *filling) entity(t Term, form *Form) *facts.Entity {
	if t.Entity != nil || t.Class == nil {
		return t.Entity
	}
	if t.Class.Time.IsZero() {
		t.Class.Time = form.Time
	}
	e, _ := f.c.p.e.world.one(t.Class)
	return e
}

// eachMeaning goes through the things that share a name, from thing i on.
func (f *filling) eachMeaning(form Form, asked *thing, i int) {
	for ; i < len(f.c.things); i++ {
		t := &f.c.things[i]
		at := f.places[i]
		if t.class != nil || len(t.entities) < 2 || at == atModifier || at == atAsked {
			continue
		}
		for k := range f.variants(t, at) {
			next := form
			f.set(&next, at, f.variant(t, at, k))
			f.eachMeaning(next, asked, i+1)
		}
		return
	}
	f.ask(form, asked)
}

// ask decides what the form asks for, completes it and keeps it.
func (f *filling) ask(form Form, asked *thing) {
	cost := f.cost + 3*f.count(atModifier)
	if !f.modify(&form, asked) || !f.role(&form, asked) {
		return
	}
	if f.c.verifies() && !f.c.nounPhrase() && form.Property.ID == "outcome" && f.documentModifies() {
		form.Act, form.Ask = Check, NoRole // "did they adopt a final document?"
	}
	if !f.sound(&form) || !f.directed(&form) {
		return
	}
	if c := f.c; c.verifies() && form.Act == Find && !c.has("list") && form.Many == 0 && (f.hostModifies() || asked != nil && !asked.some && !c.nounPhrase()) {
		return // "did K support the conference" is not "who supported the conference in K"
	}
	if form.Act == Find && form.Ask == SubjectRole && len(f.c.things)+len(f.c.spans)+len(f.c.orders) == 0 {
		return // "who said" says too little
	}
	if c := f.c; form.Property == c.p.e.world.known.member && len(c.things) == 0 && c.mentions("participate") && !c.mentions("member") {
		return // "how many participants?" does not say of what
	}
	if f.cityBelongs(&form) || f.cityDecides(&form) {
		return
	}
	if form.Subject.IsZero() && form.Ask != SubjectRole {
		d := form.Property.Default
		if d == nil {
			d = f.subjectOf(form.Pick.Of)
		}
		switch {
		case d != nil && (len(f.c.rels) > 0 || len(f.c.things) > 0 || len(f.c.orders) > 0):
			form.Subject, form.Assumed = Term{Entity: d}, true
			cost++
		case form.Value.Entity == nil && form.Of == nil && form.At == nil && form.Country == nil && !f.oneSubject():
			return
		}
	}
	if f.path.implied {
		cost++
	}
	if asked != nil && !asked.asked {
		cost++ // nothing but its being free says that it is asked for
		if !f.c.has("list") {
			cost++
		}
	}
	if f.c.verifies() && form.Act == Find && !f.c.has("list") {
		cost += 2
	}
	if asked != nil && form.Many > 0 && f.c.wh == nil && f.c.question && !f.c.has("list") {
		form.Act = Check // "does it have five pillars?"
	}
	if !f.settle(&form) || f.anotherTerm(&form) {
		return
	}
	form.Past = form.Act == Check && f.c.past()
	f.c.p.candidate(&form, cost)
}

// cityBelongs reports whether a city stands for its events where it is asked whether it
// belongs to something: "is A a member?" does not ask about meetings in A.
func (f *filling) cityBelongs(form *Form) bool {
	return form.Property == f.c.p.e.world.known.partOf && f.c.verifies() && f.c.mentions("member") &&
		some(f.c.things, func(t *thing) bool { return t.class == nil && isPlace(t.entities[0]) }) &&
		!some(f.c.things, func(t *thing) bool { return t.typ().ID == eventType })
}

// cityDecides reports whether a city, as the one who acts, stands for what was decided in
// it: «Ташкент принимал Диалог» is about who received guests.
func (f *filling) cityDecides(form *Form) bool {
	return form.Property.ID == "outcome" && f.c.verifies() && f.c.mentions("adopt") && len(f.c.p.v.pack.Grammar.Helpers) == 0 && !f.c.p.v.pack.Postpositions &&
		slices.ContainsFunc(f.c.things, f.c.plainPlace)
}

// count returns how many things stand at a place.
func (f *filling) count(at place) int {
	n := 0
	for i := range f.c.things {
		if f.places[i] == at {
			n++
		}
	}
	return n
}
