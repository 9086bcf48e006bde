package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// Short follow-ups that ask about the last answer itself: "how many?",
// "what is the second one about?", "and in Tashkent?".

// count asks how many things the last answer named: "how many?".
func (p *parse) count() (forms, choices []Form, ok bool) {
	for _, last := range p.q.Last {
		f := lastForm(last)
		if f.Property == nil || f.Act != Find || f.Ask != ValueRole && f.Ask != SubjectRole || f.picks() {
			return nil, nil, false // of the last one there is one, which is not what is asked
		}
		if f.Act = Count; p.e.resolve(&f, p.q.Today).Kind == Missing {
			return nil, nil, false
		}
		forms = append(forms, f)
	}
	return forms, nil, len(forms) > 0
}

// asksWho reports whether the form asks for such things as "who" does.
func asksWho(wh *lang.Concept, f *Form) bool {
	types := f.Property.Range
	if f.Ask == SubjectRole {
		types = f.Property.Domain
	}
	return slices.ContainsFunc(types, func(id facts.ID) bool { return slices.Contains(wh.Of, string(id)) })
}

// pickListed lets the n-th thing of those that the last answer listed take the place
// of the order in the fragment: "what is the second one about?".
func (p *parse) pickListed(atoms []atom, plain []Form, x *fragment) ([]Form, bool) {
	asks := x.rels > 0 || x.wh != nil && (x.wh.ID == "when" || x.wh.ID == "where")
	if x.ordinal == 0 || !asks || len(x.spans)+len(x.entities) > 0 {
		return nil, false
	}
	all := p.series(lastForm(p.q.Last[len(p.q.Last)-1]))
	n := x.ordinal
	if n < 0 {
		n += len(all) + 1
	}
	if len(all) < 2 || n < 1 || n > len(all) {
		return nil, false
	}
	p.atoms = append(p.atoms[:0], atoms...)
	i := indexOf(p.atoms, func(a *atom) bool { return a.kind == aOrd || a.is("last") })
	if i < 0 || some(p.atoms, func(a *atom) bool { return a.kind == aType }) {
		return nil, false // "the second resolution" says by itself what it is
	}
	start := len(p.known)
	p.known = append(p.known, all[n-1])
	if j := i + 1; j < len(p.atoms) && p.atoms[j].kind == aNum {
		p.drop(j) // "the second one"
	}
	p.merge(i, i, atom{kind: aEntity, bound: true, entities: p.known[start:len(p.known):len(p.known)]})
	forms, choices, bad := p.compose()
	if bad.bad() || len(choices) > 0 || len(forms) != 1 || forms[0].Assumed {
		return nil, false
	}
	forms[0].Chosen = true
	return forms, len(plain) == 0 || plain[0].Assumed || ofNobody(&plain[0]) || p.e.resolve(&forms[0], p.q.Today).Kind != Missing
}

// ofNobody reports whether a form asks for one of all statements, whoever made them: who
// was listed is meant by "what did the second one say?", though nothing is known of that.
func ofNobody(f *Form) bool {
	return f.Property != nil && f.Property.ID == "said" && f.Ask == ValueRole && f.Subject.IsZero()
}

// series are the things in order that the last answer listed, or that it counted, or
// those beside the one that it was about: the components of an agenda.
func (p *parse) series(f Form) []*facts.Entity {
	w := p.e.world
	listed, e := p.listed(f), f.Subject.Entity
	switch {
	case e == nil, len(listed) > 1:
		return listed
	case e == w.agenda && f.Property == w.known.count && f.Unit == "resolutions":
		return w.members(&Class{Type: p.e.store.Type(resolutionType), Kind: string(resolutionType), Of: []*facts.Entity{e}})
	case e == w.agenda && (f.Act == About || f.Property == w.known.count):
		component := Form{Act: Find, Property: w.known.component, Ask: ValueRole, Subject: f.Subject}
		return p.listed(component)
	case e.Type.ID == componentType:
		return w.members(&Class{Type: e.Type})
	default:
		return listed
	}
}

// eventsAt are the events at a place that may take the place of event e, those of
// its own kind if there are any.
func (p *parse) eventsAt(e, place *facts.Entity) []*facts.Entity {
	for _, kind := range e.Kinds {
		all := p.e.world.members(&Class{Type: e.Type, Kind: kind, Place: []*facts.Entity{place}})
		all = slices.DeleteFunc(all, func(x *facts.Entity) bool { return x == e || !slices.Contains(x.Kinds, kind) })
		if len(all) > 0 {
			return all
		}
	}
	return p.e.world.members(&Class{Type: e.Type, Place: []*facts.Entity{place}})
}

// whatBehind reads "what" behind a name or a time as "what about": "2022-nji ýylda
// näme?", "дар Тошканд чӣ?". Only of places and times, and of resolutions by their
// mere number, does nobody ask what they are in the middle of a conversation.
func (p *parse) whatBehind(x *fragment) {
	if x.wh == nil || x.wh.ID != "what" || x.rels > 0 || x.anaphor || len(x.spans)+len(x.entities) != 1 || p.atoms[len(p.atoms)-1].kind != aWh {
		return
	}
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind != aEntity {
			continue
		}
		if e := a.entities[0]; e.Type.ID != countryType && !isPlace(e) && (e.Type.ID != resolutionType || !p.mereNumber(a)) {
			return
		}
	}
	x.marked, x.behind, x.wh = true, true, nil
}

// mereNumber reports whether an atom is a number with or without its ending, "1820-nji",
// and no noun beside it.
func (p *parse) mereNumber(a *atom) bool {
	for k := a.from; k < a.to; k++ {
		if p.tokens[k].Number < 0 && !slices.ContainsFunc(p.v.lex.Longest(p.words[k:k+1]).Meanings, isSuffix) {
			return false
		}
	}
	return true
}

func isSuffix(m lang.Meaning) bool { return m.Concept != nil && m.Concept.Kind == lang.Suffix }

// goesOn lets a word that is also the ending of a number say that the question goes
// on from the one before, if it can, and reports whether it does.
func (p *parse) goesOn(a *atom) bool {
	switch {
	case a.kind == aFiller && a.concept.ID == "follow":
		return true
	case a.alt != nil && a.alt.ID == "follow":
		a.kind, a.concept, a.alt = aFiller, a.alt, nil
		return true
	default:
		return false
	}
}

// askTime asks the last forms for their time.
func (p *parse) askTime() (forms, choices []Form, ok bool) {
	for _, last := range p.q.Last {
		f := lastForm(last)
		if f.Property == nil || f.Act != Find && f.Act != Check {
			return p.focusOn(&f)
		}
		if f.Aspect != "" {
			return p.focusOn(&f) // the day of what was spoken of, not of a vote by how it went
		}
		f.Act, f.Ask, f.Unit, f.Want = Find, TimeRole, "", nil
		if p.e.resolve(&f, p.q.Today).Kind == Missing {
			return nil, nil, false
		}
		forms = append(forms, f)
	}
	return forms, nil, len(forms) > 0
}

// timed reports whether the last question was about something that has a time of its
// own, rather than about a thing: "what year was that?" then asks for it.
func (p *parse) timed() bool {
	last := lastForm(p.q.Last[0])
	return last.Property != nil && (last.Act == Find || last.Act == Check)
}

// again asks the last forms once more: "who?" after how many there were, "how many?"
// after who they were, and "who else?", to which there is no other answer than all that the facts name.
func (p *parse) again(wh *lang.Concept) (forms, choices []Form, ok bool) {
	for _, last := range p.q.Last {
		f := lastForm(last)
		if f.Act == Count {
			f.Act = Find
		}
		if f.Act != Find || f.Property == nil || !sameAsk(wh, &f) || wh.ID == "who" && !asksWho(wh, &f) {
			return nil, nil, false
		}
		forms = append(forms, f)
	}
	return forms, nil, true
}

// picks reports whether the form asks for one of several by its place in an order.
func (f *Form) picks() bool {
	return f.Pick.Kind != NoPick || f.Subject.Class != nil && f.Subject.Class.Nth != 0
}

// saysThere reports whether a pronoun is one for a place: a noun for places is a part of
// it, as in uz «u yerda».
func (p *parse) saysThere(a *atom) bool {
	for k := a.from; k < a.to; k++ {
		if c := p.single(k); c != nil && c.Kind == lang.TypeNoun && slices.Contains(c.Of, string(cityType)) {
			return true
		}
	}
	return false
}

// isVenue reports whether something may be "there": a place, a country or an event.
func isVenue(e *facts.Entity) bool {
	return isPlace(e) || e.Type.ID == countryType || e.Type.ID == eventType
}

// inYear puts a question that names no year, but means one, into the year of the
// answer before it: "and who personally?" after the country that chaired in 2024.
func (p *parse) inYear(atoms []atom, f *Form) bool {
	last := lastForm(p.q.Last[len(p.q.Last)-1])
	yearly := func(f *Form) bool {
		return f.Act == Find && f.Ask != TimeRole && f.Property != nil && f.Property.Single == facts.EachYear
	}
	if !yearly(f) || !yearly(&last) || f.Property == last.Property || f.Subject != last.Subject || !f.Time.IsZero() || f.Pick.Kind != NoPick {
		return false
	}
	for i := range atoms {
		a := &atoms[i]
		if a.is("list") || a.is("all") || a.kind != aFiller && a.to <= len(p.tokens) && lang.EndsIn(p.tokens[a.to-1].Text, p.v.pack.Grammar.Plural) {
			return false // "and who were all of them?"
		}
	}
	year := p.spokenYear()
	if year == 0 {
		return false
	}
	f.Time = In(facts.Date{Year: year})
	return true
}

// focusOn asks for the day of what a profile was about.
func (p *parse) focusOn(f *Form) (forms, choices []Form, ok bool) {
	e := f.Subject.Entity
	if e == nil || e.Type.When == nil {
		return nil, nil, false
	}
	return []Form{{Act: Find, Property: e.Type.When, Ask: TimeRole, Subject: f.Subject}}, nil, true
}

// lastForm is the last form without the question about its source or reason. One about
// the time since a day goes on from that day.
func lastForm(f Form) Form {
	for f.Inner != nil {
		f = *f.Inner
	}
	if day := f.Points[0]; f.Act == Elapsed && day.Entity != nil && day.Property != nil && f.Points[1] == (Point{}) {
		return Form{Act: Find, Property: day.Property, Ask: TimeRole, Subject: Term{Entity: day.Entity}}
	}
	return f
}

// asksOfRank reports whether a fragment says no more than a pronoun and a place in an order.
func (x *fragment) asksOfRank() bool {
	return x.anaphor && x.ordinal != 0 && x.wh == nil && !x.marked && x.rels+len(x.entities)+len(x.spans) == 0
}

// tensed reports whether a word says that something is or was: "was it the first?" asks for
// a yes or no, and not what the first was.
func (p *parse) tensed() bool {
	g := &p.v.pack.Grammar
	return slices.ContainsFunc(p.tokens, func(t lang.Token) bool { return slices.Contains(g.Past, t.Text) || slices.Contains(g.Present, t.Text) })
}
