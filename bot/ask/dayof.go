package ask

import (
	"slices"

	"suhbat/facts"
)

// Days that come round, and months beside nouns: "what day is 25 November?", "the June
// meeting of 2023".

// observedOn is the property of days that come round.
const observedOn facts.ID = "observed-on"

// askedDay reads "what day" beside a day of any year as "which observance": uz
// "25-noyabr qanday kun?". Beside a day of one year, such as today, it does so only where
// the question says that something is observed: it may ask for the day of the week.
func (p *parse) askedDay() {
	p.whatOn()
	p.monthOfYear()
	day, asked, dated, observed := -1, false, false, false
	for i := range p.atoms {
		switch a := &p.atoms[i]; {
		case a.kind == aUnit && (a.concept.ID == "day" || a.concept.ID == "date") && day < 0:
			day = i
		case a.kind == aDate && a.span.Said.Year == 0 && a.span.Said.Day > 0:
			asked = true
		case a.kind == aDate && a.span.Said.Day > 0:
			dated = true
		case a.kind == aRel && a.concept.ID == "observe" && !a.asks:
			observed = true
		case a.kind == aWh && (a.concept.ID == "which" || a.concept.ID == "what"), a.kind == aFiller, a.is("in"):
		default:
			return
		}
	}
	if noun := p.e.set.Concepts["observance"]; day >= 0 && (asked || dated && observed) && noun != nil && day > 0 && p.atoms[day-1].kind == aWh {
		p.atoms[day].kind, p.atoms[day].concept, p.atoms[day].alt = aType, noun, nil
	}
}

// monthOfYear joins a month and a year that stand on both sides of a noun: "the June
// meeting of 2023".
func (p *parse) monthOfYear() {
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind != aDate || a.span.Said.Year != 0 || a.span.Said.Month == 0 || a.span.Said.Day != 0 {
			continue
		}
		noun := p.next(i)
		if noun < 0 || p.atoms[noun].kind != aType {
			continue
		}
		k := p.next(noun)
		if k >= 0 && p.atoms[k].is("in") {
			k = p.next(k)
		}
		if k >= 0 && p.atoms[k].kind == aDate && p.atoms[k].span.Said.Year > 0 && p.atoms[k].span.Said.Month == 0 {
			a.span = In(facts.Date{Year: p.atoms[k].span.Said.Year, Month: a.span.Said.Month})
			p.drop(k)
			return
		}
	}
}

// whatOn reads "what's on 8 March?" as a question for the observance.
func (p *parse) whatOn() {
	wh, on := -1, -1
	for i := range p.atoms {
		switch a := &p.atoms[i]; {
		case a.kind == aWh && a.concept.ID == "what" && wh < 0:
			wh = i
		case a.kind == aDate && a.span.Said.Year == 0 && a.span.Said.Day > 0 && on < 0:
			on = i
		case a.kind == aFiller, a.is("in"):
		default:
			return
		}
	}
	noun, which := p.e.set.Concepts["observance"], p.e.set.Concepts["which"]
	if noun == nil || which == nil || wh < 0 || on < 0 || on < wh && !p.v.pack.Postpositions {
		return
	}
	what := p.atoms[wh]
	p.atoms[wh].concept = which
	p.atoms = slices.Insert(p.atoms, wh+1, atom{kind: aType, concept: noun, from: what.from, to: what.to})
}

// asksOfCalendar reports whether a fragment says no more than a time and what part of it is
// asked for: "what day is it today?" goes on from nothing.
func (x *fragment) asksOfCalendar() bool {
	return x.wh != nil && x.units > 0 && x.rels == x.units && len(x.spans) == 1 && len(x.entities) == 0
}

// sinceDay reports whether the form tells on which day something is observed where the
// clause asks since which year it is, in a language whose sentence does not say that, too.
func (f *filling) sinceDay(form *Form) bool {
	if form.Property.ID != observedOn || form.Act != Find || form.Ask != TimeRole {
		return false
	}
	c := f.c
	if frame := c.p.v.pack.Frames[string(observedOn)]; frame != nil && frame.Says.Has("on.began") {
		return false
	}
	return c.has("since") || c.unit == "year" || c.wh != nil && c.p.says(&c.atoms[c.whAt], "since")
}
