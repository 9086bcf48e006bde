package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// A conversation goes on in fragments: "and in 2023?", "where?", "who spoke
// there?", "and then?", "the second one?". A fragment is read by the last logical
// form, never by the last text: what it names takes the place of what is of the
// same type there, or what was spoken of takes the place that the fragment leaves
// open. Either way the result is a whole form, which is looked up like any other,
// and the reply says which question was understood. Where nothing of the last form
// is of the type, the fragment is asked back about or declined.

// fragment is what a follow-up says.
type fragment struct {
	marked   bool // it begins with "and", "how about", "what about"
	anaphor  bool // "it", "she", "that meeting"
	wh       *lang.Concept
	spans    []Span
	entities []*facts.Entity
	ordinal  int // 0 if there is none, -1 for the last
	step     int // 1 for "then", "after", "next"; -1 for "before", "previous"
	rels     int // relations, units, types, tags and all else that says something
}

// fragment sorts the atoms of a follow-up. It reports false for one that has what
// no follow-up has.
func (p *parse) fragment() (fragment, bool) {
	var x fragment
	for i := range p.atoms {
		a := &p.atoms[i]
		switch a.kind {
		case aFiller:
			x.marked = x.marked || a.concept != nil && a.concept.ID == "follow"
			x.anaphor = x.anaphor || p.pointsAt(i)
		case aWh:
			if x.wh != nil {
				return x, false
			}
			x.wh = a.concept
		case aDate, aSpan:
			x.spans = append(x.spans, a.span)
		case aEntity:
			if len(a.entities) != 1 {
				return x, false
			}
			x.entities = append(x.entities, a.entities[0])
		case aOrd:
			if x.ordinal != 0 {
				return x, false
			}
			x.ordinal = a.n
		case aOp:
			if !x.takeOp(a, i == 0) {
				return x, false
			}
		case aRel, aUnit, aType, aTag:
			x.rels++
		case aNum:
			if a.concept == nil || a.n != 1 { // "the second one"
				return x, false
			}
		default:
			return x, false
		}
	}
	return x, true
}

// pointsAt reports whether atom i is "that" before a noun: "that meeting".
func (p *parse) pointsAt(i int) bool {
	a := &p.atoms[i]
	return a.kind == aFiller && a.concept != nil && a.concept.ID == "demonstrative" && i+1 < len(p.atoms) && p.atoms[i+1].kind == aType
}

func (x *fragment) takeOp(a *atom, first bool) bool {
	switch a.concept.ID {
	case "and":
		x.marked = x.marked || first
	case "about-op":
		x.marked = x.marked || a.to-a.from == 1 // "about K?", not "tell me about K"
	case "in", "by", "list", "verify":
	case "pronoun", "person-pronoun":
		x.anaphor = true
	case "then", "after", "next", "successor":
		x.step = 1
	case "before", "previous", "predecessor":
		x.step = -1
	case "last":
		x.ordinal = -1
	default:
		x.rels++
	}
	return true
}

// follow reads p.atoms as a follow-up of the last forms. plain is what they mean
// without a conversation, if anything. It reports false where they are none.
func (p *parse) follow(atoms []atom, plain []Form) (forms, choices []Form, ok bool) {
	if len(p.q.Last) == 0 {
		return nil, nil, false
	}
	p.atoms = append(p.atoms[:0], atoms...)
	x, ok := p.fragment()
	if !ok {
		return nil, nil, false
	}
	named := len(x.spans)+len(x.entities) > 0 || x.ordinal != 0
	bare := len(plain) == 1 && plain[0].Inner == nil && (plain[0].Assumed || plain[0].Subject.IsZero()) && !named && x.step == 0
	switch {
	case x.rels == 0 && !named && x.step == 0 && x.wh != nil && x.wh.ID == "when":
		return p.askTime()
	case len(plain) > 0 && !bare && !x.anaphor && !(x.marked && x.rels == 0 && named):
		return nil, nil, false
	case x.rels == 0 && named && x.step == 0:
		forms, choices, ok = p.substitute(&x)
		last := lastForm(p.q.Last[0])
		if len(plain) > 0 && len(forms) == 1 && forms[0].String() == last.String() {
			return nil, nil, false // nobody asks the same again: "tell me about the Dialogue" after a question about it
		}
		return forms, choices, ok
	case x.step != 0 && !named:
		if x.anaphor {
			if forms, choices, ok = p.focus(atoms, plain, &x); ok { // "who was before him?"
				return forms, choices, ok
			}
		}
		return p.step(&x)
	default:
		return p.focus(atoms, plain, &x)
	}
}

// lastForm is the last form without the question about its source or reason.
func lastForm(f Form) Form {
	for f.Inner != nil {
		f = *f.Inner
	}
	return f
}

// askTime asks the last forms for their time.
func (p *parse) askTime() (forms, choices []Form, ok bool) {
	for _, last := range p.q.Last {
		f := lastForm(last)
		if f.Property == nil || f.Act != Find && f.Act != Check {
			return p.focusOn(&f)
		}
		f.Act, f.Ask, f.Unit, f.Want = Find, TimeRole, "", nil
		if p.e.resolve(f, p.q.Today).Kind == Missing {
			return nil, nil, false
		}
		forms = append(forms, f)
	}
	return forms, nil, len(forms) > 0
}

// focusOn asks for the day of what a profile was about.
func (p *parse) focusOn(f *Form) (forms, choices []Form, ok bool) {
	e := f.Subject.Entity
	if e == nil || e.Type.When == nil {
		return nil, nil, false
	}
	return []Form{{Act: Find, Property: e.Type.When, Ask: TimeRole, Subject: f.Subject}}, nil, true
}

// step asks for what came next, or before: in the next year where the form is of
// a year, or after the thing that the last answer named.
func (p *parse) step(x *fragment) (forms, choices []Form, ok bool) {
	f := lastForm(p.q.Last[len(p.q.Last)-1])
	kind := After
	if x.step < 0 {
		kind = Before
	}
	if f.Property == nil || f.Act != Find && f.Act != Check {
		return nil, nil, false
	}
	if year := f.Time.Said.Year; year > 0 && f.Time.Said.Month == 0 && f.Property.Single == facts.EachYear && f.Act == Find {
		f.Time = In(facts.Date{Year: year + x.step})
		return []Form{f}, nil, true
	}
	var of *facts.Entity
	switch listed := p.listed(f); {
	case f.Ask == TimeRole && f.Value.Entity != nil:
		of = f.Value.Entity
	case f.Act == Check && f.Value.Entity != nil:
		of = f.Value.Entity
	case f.Subject.Entity != nil && (f.Ask == TimeRole || f.Property == p.e.world.known.summary) && f.Subject.Entity.Type.ID == resolutionType:
		of = f.Subject.Entity
	case len(listed) == 1:
		of = listed[0]
	}
	if of == nil {
		return nil, nil, false
	}
	next := Form{Act: Find, Property: f.Property, Ask: ValueRole, Subject: f.Subject, Assumed: f.Assumed, Pick: Pick{Kind: kind, Of: of}}
	if of.Type.ID == resolutionType {
		next = Form{Act: Find, Property: of.Type.When, Ask: SubjectRole, Want: of.Type, Subject: Term{Class: &Class{Type: of.Type, Kind: string(resolutionType)}}, Pick: next.Pick}
	}
	return []Form{next}, nil, true
}

// focus lets what the last answer was about take the place that the fragment
// leaves open. The fragment with the thing in it is composed like any question, so
// that every word of it is used and every type fits.
func (p *parse) focus(atoms []atom, plain []Form, x *fragment) (forms, choices []Form, ok bool) {
	if len(x.entities) > 0 && !x.anaphor {
		return nil, nil, false // it says by itself what it is about
	}
	last := lastForm(p.q.Last[len(p.q.Last)-1])
	for _, e := range p.spokenOf(last) {
		p.atoms = append(p.atoms[:0], atoms...)
		if !p.bind(e, x) {
			continue
		}
		forms, choices, bad := p.compose()
		if bad.bad() || len(choices) > 0 || len(forms) != 1 || forms[0].Assumed && forms[0].Pick.Of == nil {
			continue
		}
		if len(plain) == 1 && plain[0].Subject == forms[0].Subject {
			return nil, nil, false // it is what such a question is about anyway
		}
		if r := p.e.resolve(forms[0], p.q.Today); r.Kind != Missing || r.Why == NoReasonWhy {
			return forms, nil, true
		}
	}
	return nil, nil, false
}

// spokenOf lists the things that the last form and its answer were about: what the
// question named first, then what the answer did.
func (p *parse) spokenOf(f Form) []*facts.Entity {
	var out []*facts.Entity
	add := func(e *facts.Entity) {
		if e != nil && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	if !f.Assumed {
		add(f.Subject.Entity)
	}
	if listed := p.listed(f); len(listed) == 1 {
		add(listed[0])
	}
	add(f.Value.Entity)
	add(f.Subject.Entity)
	add(f.At)
	add(f.Of)
	if k := f.Subject.Class; k != nil {
		one, _ := p.e.world.one(k)
		add(one)
	}
	return out
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
		case a.is("pronoun"), a.is("person-pronoun"):
			if (a.concept.ID == "person-pronoun") != (e.Type.ID == personType) && a.concept.ID == "person-pronoun" {
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
