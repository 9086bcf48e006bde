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
	behind   bool // it ends with "what": "Daşkentde näme?"
	anaphor  bool // "it", "she", "that meeting"
	doubts   bool // "really?", "is it true?"
	aux      bool // it begins with "was", "did"
	wh       *lang.Concept
	spans    []Span
	entities []*facts.Entity
	ordinal  int // 0 if there is none, -1 for the last
	units    int // "year", "date", "day", "month": what is asked for
	step     int // 1 for "then", "after", "next"; -1 for "before", "previous"
	rels     int // relations, units, types, tags and all else that says something
	lists    bool
	idle     int // those of rels that say no more than that something was: "who was it in 2022"
	has      int // those that say no more than that there is something: "does K have one?"
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
			x.doubts = x.doubts || a.concept != nil && a.concept.ID == "doubt"
			x.aux = x.aux || a.concept != nil && a.concept.ID == "aux" && i == 0
		case aWh:
			if x.wh != nil {
				return x, false
			}
			x.wh = a.concept
		case aDate, aSpan:
			if dir := p.yearBeside(a); dir != 0 {
				x.step = dir
				continue
			}
			if year := p.lastYear(); year > 0 && a.kind == aDate && a.n == isNextYear {
				x.spans = append(x.spans, In(facts.Date{Year: year + 1}))
				continue
			}
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
		case aUnit:
			x.units++
			x.rels++
		case aRel, aType, aTag:
			x.rels++
			if a.kind == aRel && a.concept.ID == "hold" {
				x.idle++
			}
			if a.kind == aRel && a.concept.ID == "have" {
				x.has++
			}
		case aNum:
			if (a.concept == nil || a.n != 1) && !p.recurs() { // "the second one", "its 30th anniversary"
				return x, false
			}
		default:
			return x, false
		}
	}
	p.whatBehind(&x)
	return x, true
}

// yearBeside returns 1 for "the next year" and -1 for "the year before" where the
// last question was about a year: they go on from there, not from today.
func (p *parse) yearBeside(a *atom) int {
	if a.kind != aDate || a.n != isNextYear && a.n != isLastYear || len(p.q.Last) == 0 {
		return 0
	}
	f := lastForm(p.q.Last[len(p.q.Last)-1])
	if said := f.Time.Said; said.Year == 0 || said.Month != 0 || f.Property == nil || f.Property.Single != facts.EachYear || f.Act != Find {
		return 0
	}
	if a.n == isNextYear {
		return 1
	}
	return -1
}

func (x *fragment) takeOp(a *atom, first bool) bool {
	switch a.concept.ID {
	case "and":
		x.marked = x.marked || first
	case "about-op":
		x.marked = x.marked || a.to-a.from == 1 // "about K?", not "tell me about K"
	case "verify":
		x.doubts = true
	case "in", "by", "list":
		x.lists = x.lists || a.concept.ID == "list"
	case "all":
		x.lists = true
		x.rels++
	case "pronoun", "person-pronoun":
		x.anaphor = true
	case "then", "after", "next", "successor":
		x.step = 1
	case "before", "previous", "predecessor":
		x.step = -1
	case "last":
		x.ordinal = -1
	case "since": // "since what year?"
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
	if !ok || x.asksOfCalendar() || x.asksOfRank() && p.tensed() || !x.marked && !x.anaphor && p.newlyNamed(atoms) {
		return nil, nil, false
	}
	if forms, ok := p.pickListed(atoms, plain, &x); ok {
		return forms, nil, true
	}
	if !x.marked && !x.anaphor && !x.doubts && !some(atoms, func(a *atom) bool { return a.kind != aFiller }) {
		return nil, nil, false // it says nothing: "ýene?"
	}
	if forms, ok := p.certain(atoms, &x); ok {
		return forms, nil, true
	}
	if forms, ok := p.guess(&x); ok {
		return forms, nil, true
	}
	if forms, ok := p.otherPlan(&x); ok {
		return forms, nil, true
	}
	named := len(x.spans)+len(x.entities) > 0 || x.ordinal != 0
	bare := len(plain) == 1 && plain[0].Inner == nil && (plain[0].Assumed || plain[0].Subject.IsZero()) && !named && x.step == 0
	if (x.rels == x.units || x.anaphor && x.rels == x.units+x.idle && p.timed()) && !named && x.step == 0 && x.wh != nil && (x.wh.ID == "when" || x.units == 1 && (x.wh.ID == "what" || x.wh.ID == "which")) {
		return p.askTime()
	}
	if x.rels == 0 && !named && x.step == 0 {
		switch {
		case x.wh == nil && !x.anaphor && x.doubts:
			forms, choices, bad := p.ofLast(Cite)
			return forms, choices, !bad.bad()
		case x.wh == nil && !x.anaphor:
			return nil, nil, false // "more?", "and?": it asks for nothing
		case x.wh != nil && x.wh.ID == "how-many":
			return p.count()
		case x.wh != nil && !x.anaphor && slices.Contains([]string{"who", "which", "what"}, x.wh.ID):
			return p.again(x.wh)
		}
	}
	if x.ordinal != 0 && x.rels > 0 && len(x.entities)+len(x.spans) == 0 && len(plain) == 1 && plain[0].Assumed {
		if forms, choices, ok = p.focus(atoms, plain, &x); ok {
			return forms, choices, ok // "what is the second one about?"
		}
	}
	if bare && p.inYear(atoms, &plain[0]) {
		return plain, nil, true
	}
	switch {
	case len(plain) > 0 && !bare && !x.anaphor && !(x.marked && x.rels == 0 && named):
		return nil, nil, false
	case (x.rels == 0 || x.rels == x.idle && x.wh != nil && len(plain) == 0) && named && x.step == 0 && !(x.rels > 0 && x.ordinal != 0):
		forms, choices, ok = p.substitute(&x)
		if x.rels > 0 && len(choices) > 0 {
			return nil, nil, false
		}
		last := lastForm(p.q.Last[0])
		if x.behind && (!ok || len(choices) > 0) || len(plain) > 0 && len(forms) == 1 && forms[0].String() == last.String() {
			return nil, nil, false // nobody asks the same again: "tell me about the Dialogue" after a question about it
		}
		return forms, choices, ok
	case x.step != 0 && !named:
		if x.anaphor {
			if forms, choices, ok = p.focus(atoms, plain, &x); ok { // "who was before him?"
				return forms, choices, ok
			}
		}
		return p.step(atoms, &x)
	default:
		return p.focus(atoms, plain, &x)
	}
}

// step asks for what came next, or before: in the next year where the form is of
// a year, or after the thing that the last answer named.
func (p *parse) step(atoms []atom, x *fragment) (forms, choices []Form, ok bool) {
	f := lastForm(p.q.Last[len(p.q.Last)-1])
	if !stepsOn(atoms, x, &f) {
		return nil, nil, false
	}
	kind := After
	if x.step < 0 {
		kind = Before
	}
	if f.Act == About {
		return p.stepOffice(&f, kind)
	}
	if f.Property == nil || f.Act != Find && f.Act != Check {
		return nil, nil, false
	}
	if e := f.Subject.Entity; e != nil && slices.Contains(e.Kinds, debateKind) && f.Ask != TimeRole {
		said := In(facts.Date{Year: p.e.world.date(e).Year + x.step}) // there is one each year
		ok := p.putSpan(&f, said) && f.Subject.Entity != e
		return []Form{f}, nil, ok
	}
	if year := f.Time.Said.Year; year > 0 && f.Time.Said.Month == 0 && f.Property.Single == facts.EachYear && p.asksWhose(&f) {
		f.Time = In(facts.Date{Year: year + x.step})
		return []Form{f}, nil, true
	}
	if e := f.Subject.Entity; e != nil && slices.Contains(e.Kinds, debateKind) && f.Act == Find {
		one, _ := p.e.world.one(&Class{Type: e.Type, Kind: debateKind, Time: In(facts.Date{Year: p.lastYear() + x.step})})
		f.Subject.Entity, f.Time = one, Span{}
		return []Form{f}, nil, one != nil // there is one each year
	}
	var of *facts.Entity
	switch listed := p.listed(f); {
	case f.Ask == TimeRole && f.Value.Entity != nil:
		of = f.Value.Entity
	case f.Act == Check && f.Value.Entity != nil:
		of = f.Value.Entity
	case f.Subject.Entity != nil && (f.Ask == TimeRole || f.Property == p.e.world.known.summary || speaksOf(atoms, string(resolutionType))) && f.Subject.Entity.Type.ID == resolutionType:
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
	things := p.spokenOf(last)
	if x.ordinal != 0 { // "when was the second one held?"
		f, ok := p.nth(last, x.ordinal)
		if !ok || f.Act != About {
			return nil, nil, false
		}
		things = []*facts.Entity{f.Subject.Entity}
	}
	if len(plain) == 0 && x.ordinal == 0 {
		if all := p.e.resolve(&last, p.q.Today).Facts; len(all) > 0 && all[0].Qualifiers.At != nil &&
			!slices.ContainsFunc(all, func(x *facts.Fact) bool { return x.Qualifiers.At != all[0].Qualifiers.At }) {
			things = append(things, all[0].Qualifiers.At) // where all that was told took place
		}
	}
	handed := some(atoms, func(a *atom) bool { return a.kind == aRel && a.concept.ID == "handover" })
	var unknown []Form
	for _, e := range things {
		if handed && e.Type.ID != countryType {
			continue // who hands over is one of those who take turns
		}
		p.atoms = append(p.atoms[:0], atoms...)
		if !p.bind(e, x) {
			continue
		}
		forms, choices, bad := p.compose()
		if bad.bad() || len(choices) > 0 || len(forms) != 1 || forms[0].Assumed && forms[0].Pick.Of == nil && forms[0].From != e && (forms[0].Value.Entity != e || e.Type.ID != personType) {
			continue
		}
		if len(plain) == 1 && plain[0].Subject == forms[0].Subject && plain[0].Value == forms[0].Value {
			return nil, nil, false // it is what such a question is about anyway
		}
		if x.wh != nil && x.wh.ID == "who" && (forms[0].Act == About && e.Type.ID != personType || forms[0].Country == e) {
			continue // nobody asks who a meeting is, and who took part in "it" is not who came from a country
		}
		forms[0].inTimeOf(&last, e)
		if r := p.e.resolve(&forms[0], p.q.Today); r.Kind != Missing || r.Why == NoReasonWhy {
			return forms, nil, true
		}
		if unknown == nil {
			unknown = forms
		}
	}
	if len(plain) == 1 && len(unknown) == 1 && plain[0].Subject.IsZero() {
		of := plain[0]
		if of.Subject = unknown[0].Subject; of == unknown[0] {
			return unknown, nil, true // of this thing, not of whatever else the facts know it of
		}
	}
	if len(plain) == 0 && x.anaphor && x.rels > 0 && len(unknown) == 1 {
		return unknown, nil, true // "who was its chairperson then?" is understood, if not known
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
	if e := f.Value.Entity; e != nil && e.Type.ID == positionType {
		if all := p.e.resolve(&f, p.q.Today).Facts; len(all) == 1 {
			add(all[0].Qualifiers.Of) // "when was it created?" after who heads it
		}
	}
	if k := f.Subject.Class; k != nil {
		own := *k
		if own.Time.IsZero() {
			own.Time = f.Time // of what took place then, none is the best known
		}
		one, _ := p.e.world.one(&own)
		add(one)
	}
	return out
}
