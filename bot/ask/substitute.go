package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// What a fragment names takes the place of what is of the same type in the last form.

// substitute puts what the fragment names into the last forms.
func (p *parse) substitute(x *fragment) (forms, choices []Form, ok bool) {
	for _, last := range p.q.Last {
		f := lastForm(last)
		if x.wh != nil && !sameAsk(x.wh, &f) || len(x.spans) > 1 || len(x.entities) > 1 {
			return nil, nil, false
		}
		if n := x.ordinal; n != 0 {
			if p.turns(x, &f) {
				forms = append(forms, f)
				continue
			}
			if f, ok = p.nth(f, n); !ok {
				return nil, nil, false
			}
		}
		if len(x.spans) == 1 && !p.putSpan(&f, x.spans[0]) {
			return nil, p.askBack(x), len(p.askBack(x)) > 0
		}
		if len(x.entities) == 1 && len(x.spans) == 0 && f.isOneOf(x, x.entities[0]) {
			f.Act, f.Ask, f.Want, f.Value = Check, NoRole, nil, Term{Entity: x.entities[0]}
			forms = append(forms, f)
			continue
		}
		if len(x.entities) == 1 && !p.putEntity(&f, x.entities[0]) {
			return nil, p.askBack(x), len(p.askBack(x)) > 0
		}
		p.observedLong(&f)
		forms = append(forms, f)
	}
	return forms, nil, len(forms) > 0
}

// observedLong asks for the period of what is observed on more than a day: "and the 16
// days?" after when a day is.
func (p *parse) observedLong(f *Form) {
	e, period := f.Subject.Entity, p.e.world.known.period
	if e != nil && e.Type.ID == observanceKind && f.Ask == TimeRole && period != nil && len(p.e.store.Of(e, f.Property)) == 0 && len(p.e.store.Of(e, period)) > 0 {
		f.Property = period
	}
}

// isOneOf reports whether "and K?" asks if K is one of several that the form asks for:
// after "who are the members?" it does.
func (f *Form) isOneOf(x *fragment, e *facts.Entity) bool {
	return x.marked && x.wh == nil && f.Act == Find && f.Ask == ValueRole && f.Subject.Entity != nil && f.Property != nil && f.Property.Single == facts.Many &&
		f.Subject.Entity.Type != e.Type && slices.Contains(f.Property.Range, e.Type.ID)
}

// guess asks whether it was who the fragment names: "was it K?" after who chaired in a
// year; or the same of another one: "does K have one, too?" after whether one has a plan.
func (p *parse) guess(x *fragment) ([]Form, bool) {
	f := lastForm(p.q.Last[0])
	if len(p.q.Last) > 1 || len(x.entities) != 1 || len(x.spans) > 0 || x.ordinal != 0 || x.step != 0 || x.wh != nil || x.marked || x.rels != x.has {
		return nil, false
	}
	e := x.entities[0]
	switch {
	case f.Act == Check && (x.has > 0 || x.doubts):
		ok := p.putEntity(&f, e)
		return []Form{f}, ok
	case (x.doubts || x.aux && x.anaphor) && x.has == 0 && f.Act == Find && f.Ask == ValueRole && f.Pick.Kind == NoPick && f.Subject.Entity != nil && slices.Contains(f.Property.Range, e.Type.ID):
		f.Act, f.Ask, f.Want, f.Value = Check, NoRole, nil, Term{Entity: e}
		return []Form{f}, true
	default:
		return nil, false
	}
}

// sameAsk reports whether a question word asks for what the form asks.
func sameAsk(wh *lang.Concept, f *Form) bool {
	switch wh.ID {
	case "when":
		return f.Ask == TimeRole
	case "where":
		return f.Ask == ValueRole && f.Property != nil && slices.Contains(f.Property.Range, cityType)
	case "who", "which", "what":
		return f.Ask == ValueRole || f.Ask == SubjectRole || f.Ask == CountryRole || f.Ask == OfRole
	case "how-many":
		return f.Act == Count
	default:
		return false
	}
}

// putSpan puts a time in place of the form's own.
func (p *parse) putSpan(f *Form, s Span) bool {
	if r := p.e.numbers[s.Said.Year]; r != nil && s.Said.Month == 0 && f.Subject.Entity != nil && f.Subject.Entity.Type.ID == resolutionType {
		return p.putEntity(f, r) // "and 2122?"
	}
	yearless := func(s Span) bool { return s.Said.Year == 0 && s.Said.Month > 0 }
	if f.Property == nil || f.Ask == TimeRole || f.Act == Earlier || f.Act == Elapsed || yearless(s) && !yearless(f.Time) {
		return false
	}
	if e := f.Subject.Entity; e != nil && s.Said.Year > 0 && slices.Contains(e.Kinds, debateKind) {
		if one, _ := p.e.world.one(&Class{Type: e.Type, Kind: debateKind, Time: s}); one != nil {
			f.Subject.Entity = one // there is one each year
			return true
		}
	}
	if f.Pick.Of != nil {
		f.Pick = Pick{}
	}
	if k := f.Subject.Class; k != nil {
		own := *k
		own.Time = Span{}
		f.Subject.Class = &own
	}
	f.Time = s
	return true
}

// putEntity puts a thing in the place that holds one of its type; a place where
// events are held stands for the event there.
func (p *parse) putEntity(f *Form, e *facts.Entity) bool {
	for _, at := range []**facts.Entity{&f.Pick.Of, &f.Value.Entity, &f.Subject.Entity, &f.At, &f.Of, &f.Country, &f.From} {
		if *at != nil && (*at).Type == e.Type {
			*at = e
			f.Assumed = false
			return true
		}
	}
	return p.putOwner(f, e) || isPlace(e) && p.putPlace(f, e)
}

// putOwner puts the plans of a country in the place of those of another one. Those of
// a country are listed where the last answer told of one.
func (p *parse) putOwner(f *Form, e *facts.Entity) bool {
	if s := f.Subject.Entity; s != nil && s.Type.ID == planType && e.Type.ID == countryType {
		if f.Act != Find && f.Act != Count && f.Act != Check {
			plans := &Class{Type: s.Type, Kind: string(planType), Any: true}
			*f = Form{Act: Find, Property: p.e.world.known.planOf, Ask: SubjectRole, Want: s.Type, Subject: Term{Class: plans}, Value: Term{Entity: e}}
			return true
		}
		f.Subject = Term{Class: &Class{Type: s.Type, Kind: string(planType), Of: []*facts.Entity{e}}}
		return true
	}
	if k := f.Subject.Class; k != nil && k.Type.ID == planType && len(k.Of) == 1 && k.Of[0].Type == e.Type {
		own := *k
		own.Of = []*facts.Entity{e}
		f.Subject.Class = &own
		return true
	}
	return false
}

// putPlace puts the event at a place in the place of another event.
func (p *parse) putPlace(f *Form, place *facts.Entity) bool {
	if k := f.Subject.Class; k != nil && k.Type.ID == eventType {
		own := *k
		own.Place = []*facts.Entity{place}
		f.Subject.Class = &own
		return true
	}
	for _, at := range []**facts.Entity{&f.Subject.Entity, &f.Value.Entity, &f.At} {
		if *at == nil || (*at).Type.ID != eventType {
			continue
		}
		there := &Class{Type: (*at).Type, Kind: string(eventType), Place: []*facts.Entity{place}}
		if all := p.eventsAt(*at, place); len(all) == 1 {
			*at = all[0]
			return true
		}
		if at == &f.Subject.Entity && len(p.e.world.members(there)) > 0 {
			return p.putEvents(f, there, place)
		}
	}
	return false
}

// putEvents puts all events at a place in the place of one event: what is known of
// any of them is told. Where somebody asks for a place, it is which they were.
func (p *parse) putEvents(f *Form, there *Class, place *facts.Entity) bool {
	f.Subject = Term{Class: there}
	if f.Property != nil && f.Property == p.e.world.known.venue && f.Act == Find {
		f.Ask, f.Value, f.Want = SubjectRole, Term{Entity: place}, there.Type
	}
	return true
}

// turns asks who was the n-th of those who take turns: "who was the first?" after who
// it was in one year, or who came before. It reports false where the fragment names
// more than the order, or where the last answer was a list of other things.
func (p *parse) turns(x *fragment, f *Form) bool {
	asks := x.wh == nil && x.marked && len(p.listed(*f)) < 2 || x.wh != nil && (x.wh.ID == "who" || x.wh.ID == "which")
	if !asks || len(x.spans)+len(x.entities) > 0 || f.Act != Find || f.Ask != ValueRole || f.Property == nil {
		return false
	}
	yearly := f.Property.Single == facts.EachYear
	if !yearly && len(p.listed(*f)) > 1 {
		return false
	}
	all := *f
	all.Pick = Pick{Kind: Nth, N: x.ordinal}
	if x.ordinal < 0 {
		all.Pick = Pick{Kind: Last}
	}
	if all.Time.Said.Year > 0 {
		all.Time = Span{}
	}
	whole := all
	whole.Pick = Pick{}
	if len(p.listed(whole)) < 2 || !yearly && f.Property != p.e.world.known.head {
		return false
	}
	*f = all
	return true
}

// nth puts another place in an order into the form, or takes the n-th of what the
// last answer listed.
func (p *parse) nth(f Form, n int) (Form, bool) {
	pick := Pick{Kind: Nth, N: n}
	if n == -1 {
		pick = Pick{Kind: Last}
	}
	if f.Pick.Kind == Nth || f.Pick.Kind == Last {
		f.Pick = pick
		return f, true
	}
	if k := f.Subject.Class; k != nil && k.Nth != 0 {
		own := *k
		own.Nth = n
		f.Subject.Class = &own
		return f, true
	}
	if f.Act == Find && f.Ask == ValueRole && f.Property != nil && f.Property.Single == facts.EachYear && (f.Time.Said.Year > 0 || f.Time.IsZero() && !p.saysAbout()) && f.Pick.Kind == NoPick {
		f.Time, f.Pick = Span{}, pick // "who was the first?" after who it was in one year, or in all of them
		return f, true
	}
	listed := p.series(f)
	if e := f.Subject.Entity; f.Act == About && e != nil && p.e.world.listing[e.Type] != nil && e.Type.ID != countryType { // countries have no order
		listed = p.e.world.members(&Class{Type: f.Subject.Entity.Type}) // "and the fourth pillar?"
	}
	if e := f.Subject.Entity; e != nil && (f.Act == Find && (f.Ask == ValueRole || f.Ask == TimeRole) || f.Act == Check && e.Type.ID == planType) {
		if all := p.ranks(e, listed, f.Chosen); n <= len(all) && len(all) > 0 { // "and of the third one?"
			if n < 0 {
				n = len(all)
			}
			f.Subject.Entity = all[n-1]
			return f, true
		}
	}
	if n < 0 {
		n += len(listed) + 1
	}
	if n < 1 || n > len(listed) {
		return Form{}, false
	}
	return Form{Act: About, Subject: Term{Entity: listed[n-1]}}, true
}

// saysAbout reports whether a fragment asks to be told of a thing: "tell me more about
// the second one".
func (p *parse) saysAbout() bool {
	return some(p.atoms, func(a *atom) bool { return a.is("about-op") || a.is("list") })
}

// ranks are the things among which a thing has its place in an order: the components
// of the agenda, and, where the last answer did not list others, its resolutions (but for
// one that was chosen from a list) or the plans of the same country on the same subject.
func (p *parse) ranks(e *facts.Entity, listed []*facts.Entity, chosen bool) []*facts.Entity {
	w := p.e.world
	switch {
	case w.listing[e.Type] != nil:
		return w.members(&Class{Type: e.Type})
	case e.Type.ID == resolutionType && !chosen && len(listed) < 2 && w.agenda != nil && len(p.e.store.Of(e, w.known.listedIn)) > 0:
		return w.members(&Class{Type: e.Type, Kind: string(resolutionType), Of: []*facts.Entity{w.agenda}})
	case e.Type.ID == planType && len(listed) < 2:
		return w.plansBeside(e)
	default:
		return nil
	}
}

// otherPlan asks the same of another plan of the country: "and the first plan?" says by
// itself what it is, but not whose.
func (p *parse) otherPlan(x *fragment) ([]Form, bool) {
	last := lastForm(p.q.Last[len(p.q.Last)-1])
	e := last.Subject.Entity
	if x.ordinal == 0 || x.rels != 1 || x.wh != nil && !x.behind || len(x.spans)+len(x.entities) > 0 || e == nil || e.Type.ID != planType {
		return nil, false
	}
	if !some(p.atoms, func(a *atom) bool {
		return a.kind == aType && len(a.concept.Of) > 0 && a.concept.Of[0] == string(planType)
	}) {
		return nil, false
	}
	f, ok := p.nth(last, x.ordinal)
	return []Form{f}, ok && f.Act == last.Act
}

// plansBeside are the plans of the country of a plan on its subject, in their order.
func (w *world) plansBeside(e *facts.Entity) []*facts.Entity {
	c := &Class{Type: e.Type, Kind: string(planType)}
	for _, x := range w.store.Of(e, w.known.planOf) {
		if country, ok := x.Value.(facts.Ref); ok {
			c.Of = append(c.Of, country.Entity)
		}
	}
	if len(c.Of) != 1 {
		return nil
	}
	if slices.Contains(e.Tags, genderEquality) {
		c.Tags = []string{genderEquality}
	}
	return w.members(c)
}

// listed are the things that the answer to a form lists, in its order.
func (p *parse) listed(f Form) []*facts.Entity {
	r := p.e.resolve(&f, p.q.Today)
	if r.Kind != Statements && r.Kind != Total && r.Kind != Yes && r.Kind != No {
		return nil
	}
	out := f.distinct(r.Facts)
	if f.Ask == ValueRole && f.Subject.Class != nil && f.Subject.Class.Type.ID == eventType && len(r.Facts) > len(out) {
		out = nil // "where did it meet?" lists meetings, however few the cities
	}
	own := f.Act == Check && f.Subject.Class != nil && f.Subject.Class.Type.ID == planType
	if own {
		out = nil // "does K have a plan?" is answered by its plans
	}
	if (f.Ask == TimeRole || f.Ask == ValueRole || own) && len(out) == 0 && len(r.Facts) > 1 {
		for _, x := range r.Facts { // "when were they adopted?" lists what each day belongs to
			if !slices.Contains(out, x.Subject) {
				out = append(out, x.Subject)
			}
		}
	}
	return out
}

// askBack offers what may be meant by things or a time that have no place in the
// last form.
func (p *parse) askBack(x *fragment) []Form {
	var out []Form
	for _, last := range p.q.Last {
		f := lastForm(last)
		if f.Property == nil {
			continue
		}
		for _, s := range x.spans {
			out = append(out, Form{Act: Find, Property: f.Property, Ask: ValueRole, Subject: f.Subject, Assumed: f.Assumed, Time: s})
		}
		for _, e := range x.entities {
			if slices.Contains(f.Property.Range, e.Type.ID) {
				out = append(out, Form{Act: Find, Property: f.Property, Ask: TimeRole, Subject: f.Subject, Assumed: f.Assumed, Value: Term{Entity: e}})
			}
			if x := f.Subject.Entity; x != nil && x.Type.ID == eventType && isPlace(e) {
				for _, at := range p.eventsAt(x, e) {
					there := f
					there.Subject.Entity = at
					out = append(out, there)
				}
			}
			out = append(out, Form{Act: About, Subject: Term{Entity: e}})
		}
	}
	return p.e.executable(slices.Values(out))
}

// stepOffice asks who came before or after a person whose profile was told, in the
// one office of theirs that passes from one to the next.
func (p *parse) stepOffice(f *Form, kind PickKind) (forms, choices []Form, ok bool) {
	e := f.Subject.Entity
	if e == nil || e.Type.ID != personType || p.e.world.known.head == nil {
		return nil, nil, false
	}
	held := p.e.store.Naming(e, p.e.world.known.head)
	if len(held) != 1 {
		return nil, nil, false
	}
	return []Form{{Act: Find, Property: held[0].Property, Ask: ValueRole, Subject: Term{Entity: held[0].Subject}, Pick: Pick{Kind: kind, Of: e}}}, nil, true
}
