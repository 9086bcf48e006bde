package ask

import (
	"slices"

	"suhbat/facts"
)

// Days that come round, and months beside nouns: "what day is 25 November?", "the June
// meeting of 2023".

// askedDay reads "what day" beside a day of any year as "which observance": uz
// "25-noyabr qanday kun?".
func (p *parse) askedDay() {
	p.whatOn()
	p.monthOfYear()
	day, asked := -1, false
	for i := range p.atoms {
		switch a := &p.atoms[i]; {
		case a.kind == aUnit && (a.concept.ID == "day" || a.concept.ID == "date") && day < 0:
			day = i
		case a.kind == aDate && a.span.Said.Year == 0 && a.span.Said.Day > 0:
			asked = true
		case a.kind == aWh && (a.concept.ID == "which" || a.concept.ID == "what"), a.kind == aFiller, a.kind == aRel && a.concept.ID == "observe" && !a.asks:
		default:
			return
		}
	}
	if noun := p.e.set.Concepts["observance"]; day >= 0 && asked && noun != nil && day > 0 && p.atoms[day-1].kind == aWh {
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
	if noun == nil || which == nil || wh < 0 || on < wh {
		return
	}
	what := p.atoms[wh]
	p.atoms[wh].concept = which
	p.atoms = slices.Insert(p.atoms, wh+1, atom{kind: aType, concept: noun, from: what.from, to: what.to})
}
