package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// role finds the place that the question word asks for among those that are
// still free, and reports whether there is one.
func (f *filling) role(form *Form, asked *thing) bool {
	c := f.c
	if c.not && form.Aspect != "unanimous" {
		return false
	}
	number := c.wh != nil && c.wh.ID == "how-many"
	abstainers := form.Property == c.p.e.world.known.abstainedBy && !c.mentions("abstain")
	switch {
	case c.mentions("end") && c.wh == nil && !f.documentModifies():
		return false // that it ended is no outcome
	case abstainers && (c.wh == nil || c.wh.ID != "how"):
		return false // "how did K vote" may be answered by who abstained, "who voted" may not
	case form.Aspect == "unanimous":
		return f.unanimous(form, asked, number)
	case c.mentions("venue") && c.wh == nil && !c.question && !form.Value.IsZero():
		return false // "the place of K in it" claims nothing
	case form.Property.ID == "role" && c.mentions("work") && (c.wh == nil || c.wh.ID == "what") && form.Of != nil && form.Subject.IsZero():
		return false // what a body does is not who works there
	case form.Property == c.p.e.world.known.listedIn && c.mentions("include") && form.Subject.Entity != nil && form.Value.IsZero():
		return false // what a resolution consists of is not what lists it
	case f.path.implied && f.pairOnly() && (asked != nil || c.wh != nil):
		return false
	case asked != nil:
		return f.roleOfType(form, asked, number)
	case number:
		return f.number(form)
	case c.unit != "" && c.unit != "week":
		return (c.wh == nil || c.wh.ID != "who" && c.wh.ID != "where") && f.time(form)
	case c.wh == nil:
		return f.statement(form)
	}
	switch c.wh.ID {
	case "when":
		return f.time(form)
	case "where":
		return f.where(form)
	case "who":
		return f.who(form)
	case "what", "which":
		return f.free(form)
	case "how":
		return f.how(form)
	case "how-long":
		form.Ask = ValueRole
		return form.Property.ID == "term" || form.Property.ID == "period"
	default:
		return false
	}
}

// pairOnly reports whether nothing but two things side by side led to the
// property: then it can be checked, but not asked about.
func (f *filling) pairOnly() bool {
	w := &f.c.p.e.world.known
	return f.path.property == w.participant || f.path.property == w.listedIn
}

// unanimous asks which votes were, or were not, without a dissenting voice.
func (f *filling) unanimous(form *Form, asked *thing, number bool) bool {
	switch {
	case asked != nil && asked.class.Type.ID == resolutionType && form.Subject.IsZero():
		form.Ask, form.Subject = SubjectRole, Term{Class: asked.class}
		f.pickLater(form, asked)
		if number {
			form.Act = Count
		}
		return true
	case asked != nil || number || f.c.wh != nil && f.c.wh.ID != "how":
		return false
	case f.c.wh == nil && !f.c.question && form.Subject.Class != nil:
		form.Ask = SubjectRole // "resolutions adopted unanimously"
		return true
	case form.Subject.Class != nil && !form.Not && form.Many == 0 && !f.c.has("all"):
		return false // "was any of them unanimous" is not "were all"
	default:
		form.Act = Check
		return !form.Subject.IsZero()
	}
}

// roleOfType asks for things of a type: "which country", "how many resolutions".
func (f *filling) roleOfType(form *Form, asked *thing, number bool) bool {
	t := asked.class.Type
	form.Want, form.Gender, form.Regional = t, asked.gender, asked.class.Regional
	if number {
		form.Act = Count
	}
	p := form.Property
	switch {
	case f.path.aspect == "of" && t.ID == organisation && form.Of == nil:
		form.Ask = OfRole
	case p.ID == "participant" && t.ID == countryType && form.Country == nil && form.Value.IsZero():
		form.Ask = CountryRole
	case f.fitsValue(t) && form.Value.IsZero() && plainClass(asked.class):
		form.Ask = ValueRole
	case p.ID == "organised-by" && t.ID == eventType && form.Value.IsZero():
		return false // which events there were, not who organised each
	case slices.Contains(p.Domain, t.ID) && form.Subject.IsZero():
		form.Ask, form.Subject = SubjectRole, Term{Class: asked.class}
		// Whoever asks for the plans of a country reads the full name of each.
		asked.class.Any = t.ID == planType && form.Value.Entity != nil && !number
		f.pickLater(form, asked)
	case p.ID == "role" && t.ID == organisation && form.Of == nil && !form.Subject.IsZero():
		form.Ask = OfRole
	case p.ID == "count" && number:
		return f.counted(form, asked)
	case p == f.c.p.e.world.known.vote && number && t.ID == countryType && !form.Regional && form.Subject.Entity != nil:
		form.Act, form.Want = Find, nil // each member of the Council has one vote
		form.Ask = ValueRole
		if form.Aspect != "" {
			form.Ask = AspectRole
		}
	case t.ID == countryType && form.Subject.Class != nil && form.Subject.Class.Type.ID == planType:
		form.Ask = SubjectRole // the country whose plan it is
	default:
		return false
	}
	return true
}

// pickLater makes "the first resolution adopted in 2013" the first of those that
// were, not the first of all if it was.
func (f *filling) pickLater(form *Form, asked *thing) {
	k := asked.class
	if k.Nth == 0 || form.Pick.Kind != NoPick || form.Time.IsZero() && form.Value.IsZero() && form.Aspect == "" {
		return
	}
	form.Pick = Pick{Kind: Nth, N: k.Nth}
	if k.Nth < 0 {
		form.Pick = Pick{Kind: Last}
	}
	k.Nth = 0
}

// plainClass reports whether a description has nothing but its noun.
func plainClass(k *Class) bool {
	return len(k.Tags) == 0 && len(k.Place) == 0 && k.Part == nil && len(k.Of) == 0 && k.Nth == 0
}

// counted asks for a count that a source states: "how many pillars".
func (f *filling) counted(form *Form, asked *thing) bool {
	if asked.class.Nth != 0 || asked.class.Regional || !form.Time.IsZero() {
		return false
	}
	unit := string(asked.class.Type.ID) + "s"
	if asked.class.Type.ID == countryType {
		unit = "countries"
	}
	if t := asked.class.Type.ID; t == countryType && !f.speaksOf(planType) {
		return false // what is counted by countries is their plans
	}
	for _, x := range f.c.p.e.store.With(form.Property) {
		if s := form.Subject.Entity; s != nil && s != x.Subject {
			continue
		}
		if q, ok := x.Value.(facts.Quantity); ok && q.Unit == unit && f.aboutCounted(x, asked.class) {
			form.Want = nil
			form.Act, form.Ask, form.Subject, form.Unit = Find, ValueRole, Term{Entity: x.Subject}, unit
			return true
		}
	}
	return false
}

// speaksOf reports whether the clause describes a thing of a type.
func (f *filling) speaksOf(t facts.ID) bool {
	return slices.ContainsFunc(f.c.things, func(x thing) bool { return x.class != nil && x.class.Type.ID == t })
}

// aboutCounted reports whether a count is about what the description narrows.
func (f *filling) aboutCounted(x *facts.Fact, k *Class) bool {
	for _, t := range k.Tags {
		if !slices.Contains(x.Subject.Tags, t) {
			return false
		}
	}
	for _, e := range k.Of {
		if e != x.Subject && !slices.Contains([]facts.ID{"un", "security-council"}, e.ID) {
			return false
		}
	}
	return len(k.Place) == 0 && k.Part == nil
}

// number asks for a number without a noun: "how many voted for it".
func (f *filling) number(form *Form) bool {
	switch {
	case slices.Contains(form.Property.Range, "quantity") && (!form.Subject.IsZero() || form.Property.ID == "term" && len(f.c.things) == 0) && form.Property.ID != "count":
		form.Ask = ValueRole
		if form.Aspect != "" {
			form.Ask = AspectRole
		}
	case form.Aspect == "" && form.Value.IsZero() && !slices.Contains(form.Property.Range, "text") &&
		!slices.Contains(form.Property.Range, "date") && !slices.Contains(form.Property.Range, "quantity"):
		form.Act, form.Ask = Count, ValueRole
	default:
		return false
	}
	return true
}

// time asks for a date.
func (f *filling) time(form *Form) bool {
	if form.Aspect != "" {
		return false
	}
	if form.Pick.Of != nil || form.Property == f.c.p.e.world.known.role || form.Property.ID == "outcome" || form.Property.ID == "member" {
		return false // "when before Kyrgyzstan" asks nothing; a role bears the date of a report, not of its beginning; nor does the beginning of the Dialogue date a member
	}
	if form.Property == f.c.p.e.world.known.chairedBy && slices.ContainsFunc(f.c.light, func(r *lang.Concept) bool { return r.ID == "have" }) {
		return false // the day on which it got the chair is not the year in which it held it
	}
	if when := resolutionDay(form); when != nil {
		form.Property = when // "when was it voted on?"
	}
	if s := form.Subject.Entity; s != nil && form.Property.ID == "vote" && len(f.c.p.e.store.Of(s, f.c.p.e.store.Property("adopted"))) > 0 {
		return false // the day of the vote is that of the adoption
	}
	if timeless(form.Property) {
		return false // the day of an event is not that of its theme
	}
	form.Ask = TimeRole
	return !form.Subject.IsZero() || !form.Value.IsZero() || form.Property.Default != nil
}

// resolutionDay is the property with the day of a resolution that was voted on, or
// nil: the Council adopts what it has voted for on the same day.
func resolutionDay(form *Form) *facts.Property {
	s := form.Subject.Entity
	if form.Property.ID != "vote" || s == nil || s.Type.When == nil || len(s.Tags) > 0 && slices.Contains(s.Tags, "draft") {
		return nil
	}
	return s.Type.When
}

// timeless reports whether a property describes a thing in words that hold
// whenever: no day of theirs can be asked for.
func timeless(p *facts.Property) bool {
	switch p.ID {
	case "said", "proposed", "discussed", "period":
		return false
	case "term":
		return true
	}
	return len(p.Range) == 1 && p.Range[0] == "text"
}

// happened reports whether the facts know that a thing that a question names took
// place, without a word on how.
func (f *filling) happened(form *Form) bool {
	s := form.Subject.Entity
	if s == nil || f.path.implied || slices.ContainsFunc(f.c.atoms, func(a atom) bool { return a.kind == aTag || a.kind == aOrd }) {
		return false
	}
	all := f.c.p.e.store.Of(s, form.Property)
	return len(all) > 0 && !slices.ContainsFunc(all, func(x *facts.Fact) bool { return x.Qualifiers.Announced })
}

// where asks for a place.
func (f *filling) where(form *Form) bool {
	p := form.Property
	if p == f.c.p.e.world.known.role && f.c.mentions("work") && form.Of == nil && !form.Subject.IsZero() {
		form.Ask, form.Aspect = OfRole, ""
		return true
	}
	event := slices.Contains(p.Range, eventType) && !slices.Contains(p.Domain, eventType) // "where did she speak"
	if f.path.aspect == "of" && form.Of == nil && f.c.mentions("work") && !form.Subject.IsZero() {
		form.Ask, form.Aspect = OfRole, "" // "where does she work?"
		return true
	}
	if p == f.c.p.e.world.known.status && form.Aspect == "" && !form.Subject.IsZero() {
		form.Ask = ValueRole // "where does the plan stand?"
		return true
	}
	if form.Aspect != "" || !slices.Contains(p.Range, cityType) && !event || !form.Value.IsZero() {
		return false
	}
	form.Ask = ValueRole
	return true
}

// persons are the types that who may mean.
var persons = []facts.ID{personType, countryType, organisation, groupType}

func (f *filling) who(form *Form) bool {
	p := form.Property
	isWho := func(ids []facts.ID) bool {
		return slices.ContainsFunc(ids, func(id facts.ID) bool { return slices.Contains(persons, id) })
	}
	switch {
	case f.path.aspect == "against" && !form.Subject.IsZero():
		form.Ask = AspectRole
		return true
	case f.mereCountry(form):
		return false
	case form.Value.IsZero() && isWho(p.Range) && (f.path.aspect == "" || f.path.aspect == "abstentions"):
		form.Ask = ValueRole
	case f.path.aspect == "of" && form.Of == nil && !form.Subject.IsZero():
		form.Ask = OfRole
	case f.path.implied && p == f.c.p.e.world.known.role && form.Value.IsZero() && form.Subject.Entity != nil:
		form.Ask = ValueRole // "who was she in 2020?"
	case form.Value.IsZero() && p.ID == "venue":
		if !f.c.mentions("host") {
			return false // the country where it was held did not need to hold it
		}
		form.Ask, form.Want = ValueRole, f.c.p.e.store.Type(countryType)
	case form.Subject.IsZero() && isWho(p.Domain) && p != f.c.p.e.world.known.chairedBy:
		form.Ask = SubjectRole
	default:
		return false
	}
	form.Aspect = ""
	return true
}

// mereCountry reports whether the form would give the country that held the chair
// to a question for the person who did.
func (f *filling) mereCountry(form *Form) bool {
	p := form.Property
	return p == f.c.p.e.world.known.chairedBy && f.c.mentions("chairperson") && !f.c.mentions("chair") &&
		(form.Subject.IsZero() || form.Subject.Entity == p.Default)
}

// free asks for whatever place is free: the value first.
func (f *filling) free(form *Form) bool {
	switch {
	case form.Aspect != "" && !form.Subject.IsZero():
		form.Ask = AspectRole
	case f.path.aspect == "of" && form.Of == nil && !form.Subject.IsZero():
		form.Ask = OfRole
	case f.mereCountry(form):
		return false
	case f.path.implied && form.Property.ID != "role":
		return false
	case form.Value.IsZero() && !slices.Contains(form.Property.Range, "date"):
		form.Ask = ValueRole
	case form.Subject.IsZero():
		form.Ask = SubjectRole
	case slices.Contains(form.Property.Range, "date") && form.Time.IsZero():
		form.Ask = TimeRole
	default:
		return false
	}
	return true
}

// how asks for the manner of a vote or of an end, or for the words in which a
// component is described.
func (f *filling) how(form *Form) bool {
	if form.Property == f.c.p.e.world.known.wording && !form.Subject.IsZero() && form.Value.IsZero() {
		form.Ask = ValueRole
		return true
	}
	if form.Subject.IsZero() || form.Property.ID != "outcome" && form.Property.ID != "vote" && form.Property.ID != "abstained-by" {
		return false
	}
	form.Ask = ValueRole
	return form.Property.ID == "abstained-by" != form.Value.IsZero()
}

// statement reads a clause without a question word: a yes-or-no question if all
// places are filled, a search for the free place if it is a mere phrase.
func (f *filling) statement(form *Form) bool {
	p := form.Property
	dated := slices.Contains(p.Range, "date")
	switch {
	case f.path.aspect == "against" && form.Country != nil:
		form.Act = Check
		return !form.Subject.IsZero()
	case f.path.implied && !f.c.question && len(f.c.orders) == 0 && form.Value.IsZero() && !form.Subject.IsZero() && form.Subject.Class == nil:
		return false
	case form.Aspect != "" && !form.Subject.IsZero():
		form.Ask = AspectRole
	case dated && f.path.implied && form.Subject.Class != nil:
		return false // "events in 2023" is a list, if anything
	case dated && !form.Time.IsZero() && !form.Subject.IsZero() && !f.c.asks:
		form.Act = Check
		return form.Subject.Class == nil || f.c.question // "the resolution adopted in 2008" is looked for
	case dated && !form.Subject.IsZero() && (f.c.question && f.path.implied || len(f.c.orders) > 0):
		form.Act = Check
		return len(f.c.orders) > 0
	case dated && !form.Subject.IsZero() && f.c.verifies() && !f.c.nounPhrase():
		form.Act = Check // "was it held?", but not "was it held online?"
		return f.happened(form)
	case dated && !form.Subject.IsZero():
		form.Ask = TimeRole
	case form.Value.Class != nil && f.c.has("list"):
		return false // "list the bodies that supported it" is no yes or no
	case !form.Value.IsZero() && (!form.Subject.IsZero() || p.Default != nil && !f.c.asks):
		if f.path.implied && !f.c.question {
			return false
		}
		form.Act = Check
	case form.Country != nil && !form.Subject.IsZero() && !f.c.asks:
		form.Act = Check
	case f.path.implied && len(f.c.orders) == 0 && (p != f.c.p.e.world.known.role || form.Value.IsZero()):
		return false
	case form.Value.IsZero() && f.mereCountry(form):
		return false
	case form.Value.IsZero():
		form.Ask = ValueRole
	default:
		form.Ask = SubjectRole
		return !f.c.asks || len(f.c.rels) == 0 || len(f.c.orders) > 0 // "on whose initiative was UNDP founded" asks for no platform
	}
	return true
}
