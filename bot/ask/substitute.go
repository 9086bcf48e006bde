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
			if f, ok = p.nth(f, n); !ok {
				return nil, nil, false
			}
		}
		if len(x.spans) == 1 && !p.putSpan(&f, x.spans[0]) {
			return nil, p.askBack(x), len(p.askBack(x)) > 0
		}
		if len(x.entities) == 1 && !p.putEntity(&f, x.entities[0]) {
			return nil, p.askBack(x), len(p.askBack(x)) > 0
		}
		forms = append(forms, f)
	}
	return forms, nil, len(forms) > 0
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
	return putOwner(f, e) || isPlace(e) && p.putPlace(f, e)
}

// putOwner puts the plans of a country in the place of those of another one.
func putOwner(f *Form, e *facts.Entity) bool {
	if s := f.Subject.Entity; s != nil && s.Type.ID == planType && e.Type.ID == countryType {
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

// nth puts another place in an order into the form, or takes the n-th of what the
// last answer listed.
func (p *parse) nth(f Form, n int) (Form, bool) {
	pick := Pick{Kind: Nth, N: n}
	if n < 0 {
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
	listed := p.series(f)
	if f.Act == About && f.Subject.Entity != nil && p.e.world.listing[f.Subject.Entity.Type] != nil {
		listed = p.e.world.members(&Class{Type: f.Subject.Entity.Type}) // "and the fourth pillar?"
	}
	if e := f.Subject.Entity; e != nil && f.Act == Find && f.Ask == ValueRole && p.e.world.listing[e.Type] != nil {
		if all := p.e.world.members(&Class{Type: e.Type}); n > 0 && n <= len(all) { // "and of the third one?"
			f.Subject.Entity = all[n-1]
			return f, true
		}
	}
	if n < 0 {
		n = len(listed)
	}
	if n < 1 || n > len(listed) {
		return Form{}, false
	}
	return Form{Act: About, Subject: Term{Entity: listed[n-1]}}, true
}

// listed are the things that the answer to a form lists, in its order.
func (p *parse) listed(f Form) []*facts.Entity {
	r := p.e.resolve(f, p.q.Today)
	if r.Kind != Statements && r.Kind != Total && r.Kind != Yes && r.Kind != No {
		return nil
	}
	return f.distinct(r.Facts)
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
