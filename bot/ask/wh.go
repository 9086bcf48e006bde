package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// What each question word asks for.

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
	if s := form.Subject.Entity; s != nil && form.Property.ID == "vote" && slices.Contains(s.Tags, "draft") && f.c.p.e.world.known.significance != nil {
		form.Property = f.c.p.e.world.known.significance // what became of a draft, with the day
		form.Ask = ValueRole
		return true
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
	if s == nil || f.path.implied || some(f.c.atoms, func(a *atom) bool { return a.kind == aTag || a.kind == aOrd }) {
		return false
	}
	all := f.c.p.e.store.Of(s, form.Property)
	if len(all) == 0 {
		return f.c.p.e.failed(form) != nil
	}
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
	case f.c.has("from") && form.Property.ID != "merged" && len(form.Property.Domain) > 0 && f.c.create():
		return false // what it was made of is neither when nor by whom
	case form.Aspect != "" && !form.Subject.IsZero():
		form.Ask = AspectRole
	case f.path.aspect == "of" && form.Of == nil && !form.Subject.IsZero():
		form.Ask = OfRole
	case f.mereCountry(form):
		return false
	case f.path.implied && form.Pick.Of != nil && form.Pick.Of.Type.ID == resolutionType && form.Property == form.Pick.Of.Type.When && form.Subject.IsZero() && (f.c.wh.ID == "which" || form.Pick.Kind == Within):
		t := form.Pick.Of.Type
		form.Ask, form.Want, form.Subject = SubjectRole, t, Term{Class: &Class{Type: t, Kind: string(t.ID)}} // "which came before 2242?"
		form.Listed = true
	case f.path.implied && form.Property.ID != "role" && !(f.c.goesOn() && form.Property.ID == "held-on"):
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

// create reports whether the clause speaks of how something began.
func (c *clause) create() bool { return c.mentions("create") || c.mentions("launch") }

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
