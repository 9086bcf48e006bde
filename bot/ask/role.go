package ask

import (
	"slices"

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
	case c.mentions("end") && c.wh == nil && form.Property.ID == "outcome" && !f.documentModifies():
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
	case form.Property.ID == "initiative" && c.mentions("propose") && !some(c.things, func(t *thing) bool { return t.typ().ID == platformType }):
		return false // who proposed something is not who had the idea of the Dialogue
	case form.Property.ID == "member" && f.path.implied && f.c.askedFrom():
		return false // "which country is she from?" asks for no members
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
	if number && asked.class.Nth == 0 { // "the number of the second resolution" is no count
		form.Act = Count
	}
	p := form.Property
	switch {
	case f.path.aspect == "of" && t.ID == organisation && form.Of == nil:
		form.Ask = OfRole
	case f.path.aspect == "of" && t.ID == countryType && form.Of == nil && !form.Subject.IsZero() && form.Value.IsZero() && f.c.mentions("represent"):
		form.Ask, form.Aspect = OfRole, ""
	case p.ID == "kind" && form.Subject.Entity != nil && form.Subject.Entity.Type == t:
		form.Ask, form.Want = ValueRole, nil
	case f.path.aspect == "against" && t.ID == countryType && form.Subject.Entity != nil && form.Country == nil && plainClass(asked.class):
		form.Act, form.Ask, form.Want, form.Regional = Find, AspectRole, nil, false // nobody did, by the numbers
	case p.ID == "participant" && t.ID == countryType && form.Country == nil && form.Value.IsZero():
		form.Ask = CountryRole
	case f.fitsValue(t) && form.Value.IsZero() && form.wantsOnly(asked.class):
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
	if k.Nth == -1 {
		form.Pick = Pick{Kind: Last}
	}
	k.Nth = 0
}

// plainClass reports whether a description has nothing but its noun.
func plainClass(k *Class) bool {
	return len(k.Tags) == 0 && len(k.Place) == 0 && k.Part == nil && len(k.Of) == 0 && k.Nth == 0
}

// wantsOnly reports whether a description has nothing but its noun, and perhaps the one
// body that whatever is asked for belongs to: "UN bodies".
func (f *Form) wantsOnly(k *Class) bool {
	if k.Type.ID != organisation || len(k.Of) != 1 {
		return plainClass(k)
	}
	bare := *k
	bare.Of = nil
	f.WantOf = k.Of[0]
	return plainClass(&bare)
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
	return some(f.c.things, func(x *thing) bool { return x.class != nil && x.class.Type.ID == t })
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

// persons are the types that who may mean.
var persons = []facts.ID{personType, countryType, organisation, groupType}

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
	case p.ID == "held-on" && f.c.asks && form.Subject.IsZero() && form.Value.IsZero() && !form.Time.IsZero():
		form.Ask = SubjectRole // "что было в мае 2022"
	case dated && f.path.implied && form.Subject.Class != nil:
		return false // "events in 2023" is a list, if anything
	case dated && !form.Time.IsZero() && !form.Subject.IsZero() && !f.c.asks:
		form.Act = Check
		return form.Subject.Class == nil || f.c.question // "the resolution adopted in 2008" is looked for
	case dated && !form.Subject.IsZero() && (f.c.question && f.path.implied || len(f.c.orders) > 0):
		form.Act = Check
		return len(f.c.orders) > 0
	case dated && f.asksFormat(form):
		form.Property, form.Ask = f.c.p.e.store.Property("kind"), ValueRole // "was it held online?"
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
