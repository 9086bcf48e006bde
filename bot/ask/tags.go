package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// attachTag ties a describing word to the thing beside it that it may describe,
// or else to any in the clause.
func (c *clause) attachTag(atoms []atom, i int) bool {
	tag := atoms[i].concept.ID
	if tag == "women" && c.askedWomen(atoms, i) {
		return true
	}
	for _, step := range []int{1, -1} {
		if t := c.neighbour(atoms, i, step); t != nil && c.describe(t, tag) {
			return true
		}
	}
	if slices.Contains(peopleTags, tag) && (c.neighbour(atoms, i, 1) != nil || actsAlone(atoms, i)) {
		return false // "women of K" are not all of K
	}
	for j := range c.things {
		if c.describe(&c.things[j], tag) {
			return true
		}
	}
	return false
}

// happens reports whether the clause asks if there were events at a time: "were any
// meetings held in June 2021?". The answer is which there were.
func (c *clause) happens(t *thing, atoms []atom) bool {
	if t.class == nil || !plainClass(t.class) || len(c.spans) != 1 || c.has("all") || len(c.orders) > 0 ||
		!(t.class.Type.ID == eventType && c.onlyRels() || t.class.Type.ID == resolutionType && c.onlyRels("adopt")) {
		return false
	}
	before := skipBack(atoms, t.at-1)
	for k := before + 1; k < t.at; k++ {
		if slices.Contains(c.p.v.pack.Grammar.Definite, c.last(&atoms[k])) {
			return false
		}
	}
	return lang.EndsIn(c.last(&atoms[t.at]), c.p.v.pack.Grammar.Plural)
}

// meets reads "when did the members first meet face to face": the verb stands for
// the meeting that the word describes. Where one meeting only is said to have been
// so, it was the first.
func (c *clause) meets(atoms []atom) {
	verb := indexOf(atoms, func(a *atom) bool { return a.kind == aRel && a.concept.ID == "hold" })
	how := indexOf(atoms, func(a *atom) bool { return a.kind == aTag && slices.Contains(formats, a.concept.ID) })
	event := c.p.e.store.Type(eventType)
	if verb < 0 || how < 0 || event == nil || c.wh == nil || c.wh.ID != "when" && c.wh.ID != "where" ||
		some(c.things, func(t *thing) bool { return t.typ().ID != platformType || t.class != nil }) || !c.onlyRels("member", "participate") {
		return
	}
	k := &Class{Type: event, Kind: anyMeeting, Tags: []string{atoms[how].concept.ID}}
	c.things = append(c.things, thing{class: k, at: verb})
	c.rels = nil
	one, _ := c.p.e.world.one(k)
	for i := range atoms {
		if a := &atoms[i]; one != nil && (a.kind == aOrd || a.kind == aNum && a.ordinal) && a.n == 1 {
			atoms[i] = atom{kind: aFiller, concept: c.p.e.set.Concepts["filler"], from: a.from, to: a.to, brk: a.brk}
		}
	}
}

// asksFormat reports whether the clause asks if an event was held online, or in person:
// the facts tell what kind of meeting it was.
func (f *filling) asksFormat(form *Form) bool {
	kind := f.c.p.e.store.Property("kind")
	return kind != nil && f.c.verifies() && form.Subject.Entity != nil && form.Time.IsZero() && len(f.c.p.e.store.Of(form.Subject.Entity, kind)) > 0 &&
		some(f.c.atoms, func(a *atom) bool { return a.kind == aTag && slices.Contains(formats, a.concept.ID) }) &&
		!some(f.c.atoms, func(a *atom) bool { return a.kind == aTag && !slices.Contains(formats, a.concept.ID) })
}

// formats are the describing words that say how people meet.
var formats = []string{"in-person", "online"}

// actsAlone reports whether the word at i stands for who does something: "did
// women take part".
func actsAlone(atoms []atom, i int) bool {
	k := skip(atoms, i+1)
	if k < len(atoms) && atoms[k].kind == aRel {
		return true
	}
	k = i - 1
	for k > 0 && (atoms[k].kind == aFiller || atoms[k].is("verify")) {
		k--
	}
	return k == 0 && atoms[k].kind == aRel // a question that begins with the verb
}

// peopleTags are describing words that stand for people, too.
var peopleTags = []string{"women", "leaders", "activists", "youth", "parliamentarians"}

// askedWomen reads "which women": they are who is asked for. Where the verb stands
// at the end, so does a thing that is named behind them: "haýsy zenan Dialoga
// başlyklyk etdi?".
func (c *clause) askedWomen(atoms []atom, i int) bool {
	person := c.p.e.store.Type(personType)
	if person == nil || c.wh == nil {
		return false
	}
	if t := c.neighbour(atoms, i, 1); t != nil && (t.class != nil || !c.p.v.pack.Postpositions) {
		return false
	}
	for k := i - 1; k >= 0; k-- {
		switch {
		case atoms[k].kind == aFiller || atoms[k].kind == aTag || atoms[k].kind == aOrd || atoms[k].is("last"):
			continue
		case k == c.whAt:
			c.things = append(c.things, thing{class: &Class{Type: person, Kind: "person"}, gender: "f", at: i, asked: true})
			return true
		}
		return false
	}
	return false
}

// describe adds a describing word to a thing if it can bear it.
func (c *clause) describe(t *thing, tag string) bool {
	if t.class == nil {
		var kept []*facts.Entity
		for _, e := range t.entities {
			if slices.Contains(e.Tags, tag) || slices.Contains(e.Kinds, tag) {
				kept = append(kept, e)
			}
		}
		if kept != nil {
			t.entities = kept
		}
		return kept != nil
	}
	switch t.class.Type.ID {
	case countryType:
		t.class.Regional = tag == "central-asia" || tag == "regional"
		return t.class.Regional
	case cityType, regionType, positionType:
		return false
	case personType:
		if tag == "women" {
			t.gender = "f"
			return true
		}
		return false
	}
	if c.onAgenda(t, tag) {
		t.class.Of = []*facts.Entity{c.p.e.world.agenda}
		return true
	}
	if !slices.Contains(t.class.Tags, tag) {
		t.class.Tags = append(t.class.Tags, tag)
	}
	return true
}

// onAgenda reports whether "resolutions on women" are those of the agenda: of the
// Security Council, the only body whose resolutions the facts name all.
func (c *clause) onAgenda(t *thing, tag string) bool {
	return tag == "women" && t.class.Type.ID == resolutionType && c.p.e.world.agenda != nil && len(t.class.Of) == 0 &&
		!some(c.things, func(x *thing) bool {
			return x.class == nil && x.typ().ID == organisation && x.entities[0].ID != "security-council" && x.entities[0].ID != "un"
		})
}

// markAsked finds the description right behind which, what or how many: it is
// what is asked for. Where postpositions stand behind what they govern, a which at
// the end asks for what stands before it: "биринчи резолюция кайсы?".
func (c *clause) markAsked(atoms []atom) {
	if c.wh == nil {
		c.markSome(atoms)
		return
	}
	switch c.wh.ID {
	case "where", "who":
		if i := c.whAt - 1; i >= 0 && atoms[i].kind == aType && tied(&atoms[i], &atoms[c.whAt]) {
			if t := c.thingAt(i); t != nil && t.class != nil {
				t.asked = true // "the city where it is based"
			}
		}
	case "which", "what", "how-many":
		apart := c.whAt+1 < len(atoms) && atoms[c.whAt+1].kind == aFiller
		if t := c.neighbour(atoms, c.whAt, 1); t != nil && t.class != nil && !(c.wh.ID == "what" && apart && len(c.rels) > 0) {
			t.asked = true // but not in "what was the conference about"
			return
		}
	}
	if c.wh.ID != "which" && c.wh.ID != "how-many" || !c.p.v.pack.Postpositions || skip(atoms, c.whAt+1) < len(atoms) {
		return
	}
	if t := c.neighbour(atoms, c.whAt, -1); t != nil && t.class != nil && t.class.Type.ID != eventType {
		t.asked = true
	}
}

// markSome finds the noun of "did any country abstain?": the answer is which did.
func (c *clause) markSome(atoms []atom) {
	for i := range c.things {
		t := &c.things[i]
		if c.happens(t, atoms) {
			t.asked, t.some, c.exists = true, true, true
			return
		}
		if t.class == nil || t.at == 0 || !plainClass(t.class) || !slices.Contains(persons, t.class.Type.ID) {
			continue
		}
		if a := &atoms[t.at-1]; a.kind == aFiller && a.concept.ID == "some" {
			t.asked, t.some = true, true
			return
		}
	}
}

// aboutTags reads "resolutions about women" as "resolutions on women": a word for
// "about" between a describing word and the noun is part of the description, on
// whichever side of it a language has the noun.
func (p *parse) aboutTags() {
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind != aRel || a.concept.ID != "about" || a.asks || i == 0 || i+1 == len(p.atoms) {
			continue
		}
		tag, noun := i+1, p.nounBeside(i, -1)
		if p.v.pack.Postpositions {
			tag, noun = i-1, p.nounBeside(i, 1)
		}
		if p.atoms[tag].kind == aTag && noun >= 0 && p.atoms[noun].concept.ID == string(resolutionType) {
			a.kind, a.concept, a.alt = aFiller, p.e.set.Concepts["filler"], nil
		}
	}
}

// nounBeside returns the noun next to atom i in a direction, over fillers and
// "which", or -1.
func (p *parse) nounBeside(i, step int) int {
	for k := i + step; k >= 0 && k < len(p.atoms); k += step {
		switch a := &p.atoms[k]; {
		case a.kind == aType:
			return k
		case a.kind == aFiller, a.kind == aWh && (a.concept.ID == "which" || a.concept.ID == "how-many"):
		default:
			return -1
		}
	}
	return -1
}
