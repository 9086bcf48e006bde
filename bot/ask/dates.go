package ask

import (
	"slices"
	"time"

	"suhbat/facts"
)

// The years that a number may mean.
const (
	minYear = 1900
	maxYear = 2199
)

// joinDates reads days and months, with or without a year.
func (p *parse) joinDates() {
	for i := 0; i < len(p.atoms); i++ {
		if p.atoms[i].kind != aMonth {
			continue
		}
		first, last, d := i, i, facts.Date{Month: time.Month(p.atoms[i].n)}
		var end facts.Date
		if k := p.before(i); k >= 0 && p.day(k) {
			d.Day, first = p.atoms[k].n, k
			if k2 := p.before(k); k2 == k-1 && k2 >= 0 && p.day(k2) && (p.atoms[k].glued || p.atoms[k].brk == '-') {
				end = d
				d.Day, first = p.atoms[k2].n, k2
			}
		} else if k := p.after(i); k >= 0 && p.day(k) {
			d.Day, last = p.atoms[k].n, k
		}
		if k := p.yearAfter(last); k >= 0 {
			d.Year, last = p.atoms[k].n, k
			if k := p.after(last); k >= 0 && !end.IsZero() && p.isYearNoun(k) {
				last = k // "14–15 ноября 2024 года"
			}
		} else if k := p.yearBefore(first); k >= 0 {
			d.Year, first = p.atoms[k].n, k
		}
		p.merge(first, last, p.date(d, end))
		i = first
	}
}

// joinUnits reads "the month and year" as the finer of the two, which tells the
// other.
func (p *parse) joinUnits() {
	for i := 0; i < len(p.atoms); i++ {
		for k := p.next(i); p.atoms[i].kind == aUnit && k >= 0; k = p.next(i) {
			if p.atoms[k].is("and") {
				k = p.next(k)
			}
			if k < 0 || p.atoms[k].kind != aUnit || fineness(&p.atoms[k]) < 0 || fineness(&p.atoms[i]) < 0 {
				break
			}
			finer := p.atoms[i]
			if fineness(&p.atoms[k]) > fineness(&finer) {
				finer = p.atoms[k]
			}
			p.merge(i, k, finer)
		}
	}
}

// fineness ranks the units that are parts of a date, or is -1.
func fineness(a *atom) int {
	return slices.Index([]string{"year", "month", "date", "day"}, a.concept.ID)
}

// yearAfter returns the number behind a month that is its year, over the word
// "year", or -1.
func (p *parse) yearAfter(i int) int {
	k := p.after(i)
	if k >= 0 && p.isYearNoun(k) {
		k = p.after(k)
	}
	if k >= 0 && p.atoms[k].kind == aNum && isYear(p.atoms[k].n) {
		return k
	}
	return -1
}

// yearBefore is yearAfter for a year that stands before the day: "2023 жылғы 16
// қазан".
func (p *parse) yearBefore(i int) int {
	k := p.before(i)
	if k >= 0 && p.isYearNoun(k) {
		k = p.before(k)
	} else if !p.v.pack.Postpositions {
		return -1 // "resolution 2106, October 2013"
	}
	if k >= 0 && p.atoms[k].kind == aNum && isYear(p.atoms[k].n) {
		return k
	}
	return -1
}

// date makes an atom of a date, of a stretch of days if end has a day.
func (p *parse) date(d, end facts.Date) atom {
	check := d
	if check.Year == 0 {
		check.Year = 2000 // a leap year: 29 February may be meant
	}
	if !check.Valid() || end.Day != 0 && end.Day < d.Day {
		return atom{kind: aBlocked}
	}
	s := In(d)
	if end.Day != 0 {
		end.Year = d.Year
		s = Span{First: d, Last: end}
	}
	return atom{kind: aDate, span: s}
}

// before returns the atom before i, over one filler ("the 16th of October").
func (p *parse) before(i int) int {
	if k := p.prev(i); k >= i-2 {
		return k
	}
	return -1
}

// after returns the atom after i, over one filler ("October 16, of 2023").
func (p *parse) after(i int) int {
	if k := p.next(i); k >= 0 && k <= i+2 {
		return k
	}
	return -1
}

func (p *parse) day(i int) bool {
	a := &p.atoms[i]
	return (a.kind == aNum || a.kind == aOrd) && 1 <= a.n && a.n <= 31
}

func isYear(n int) bool { return minYear <= n && n <= maxYear }

// bindYears turns numbers into years, and takes in the noun beside them.
func (p *parse) bindYears() {
	for i := 0; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if a.kind != aNum {
			continue
		}
		n, ok := p.year(i)
		if !ok {
			continue
		}
		*a = atom{kind: aDate, span: In(facts.Date{Year: n}), from: a.from, to: a.to, brk: a.brk, glued: a.glued}
		i = p.joinYear(i)
	}
	for i := 0; i < len(p.atoms); i++ { // "в октябре 2023 года", "16 October 2023 year"
		if p.atoms[i].kind == aDate && p.atoms[i].span.Said.Year > 0 {
			i = p.joinYear(i)
		}
	}
	if p.v.pack.Postpositions {
		p.joinDays()
	}
}

// joinDays takes in the noun that says what a date is: "16-oktabr kuni",
// "oktabr oyida", and "year" behind a name that ends in one. Alone it would be what is
// asked for.
func (p *parse) joinDays() {
	for i := 0; i+1 < len(p.atoms); i++ {
		a, n := &p.atoms[i], &p.atoms[i+1]
		if a.kind == aEntity && isYear(p.tokens[a.to-1].Number) && p.isYearNoun(i+1) { // "Алматы 2023" is a name
			p.merge(i, i+1, *a)
			continue
		}
		if a.kind != aDate || n.kind != aUnit || n.brk != 0 {
			continue
		}
		said := a.span.Said
		day := (n.concept.ID == "day" || n.concept.ID == "date") && (said.IsZero() || said.Day > 0)
		month := n.concept.ID == "month" && said.Month > 0 && said.Day == 0
		if day || month {
			p.merge(i, i+1, *a)
		}
	}
}

// joinYear takes in the word "year" after or before a date, and returns where the
// date is then.
func (p *parse) joinYear(i int) int {
	if i+1 < len(p.atoms) && p.isYearNoun(i+1) {
		p.merge(i, i+1, p.atoms[i])
	}
	if i > 0 && p.isYearNoun(i-1) && (i < 2 || !p.asksNoun(i-2)) {
		p.merge(i-1, i, p.atoms[i])
		return i - 1
	}
	return i
}

// asksNoun reports whether the atom asks for the noun behind it: "which year".
// "Who" does not, so that in tg "кӣ соли 2022" the year is part of the date.
func (p *parse) asksNoun(i int) bool {
	a := &p.atoms[i]
	return a.kind == aWh && a.concept.ID != "who" && a.concept.ID != "where" && a.concept.ID != "why"
}

func (p *parse) isYearNoun(i int) bool {
	return p.atoms[i].kind == aUnit && p.atoms[i].concept.ID == "year"
}

// year returns the year that the number at i means.
func (p *parse) year(i int) (int, bool) {
	a := &p.atoms[i]
	const century, pivot = 100, 50
	cued := a.year || a.quoted
	if a.ordinal && !cued {
		k := p.prev(i)
		cued = k >= 0 && p.atoms[k].is("in") && a.n > 12 // "в 22-м", but not "in the 3rd"
	}
	switch {
	case isYear(a.n) && !a.res, a.year && a.n >= 1000:
		return a.n, true
	case cued && a.n < pivot && (a.quoted || a.n > 9):
		return 2000 + a.n, true
	case cued && a.n < century && a.n >= pivot:
		return 1900 + a.n, true
	default:
		return 0, false
	}
}

// relativeDates reads "now", "this year", "last year", "next year".
func (p *parse) relativeDates() {
	today := p.q.Today
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind != aOp || today.IsZero() {
			continue
		}
		switch a.concept.ID {
		case "ago":
			p.yearsAgo(i)
			return
		case "before":
			if p.v.pack.Postpositions && i > 0 && p.atoms[i-1].kind == aUnit { // "two years before" is how one says "ago"
				a.concept = p.e.set.Concepts["ago"]
				p.yearsAgo(i)
				return
			}
		case "now":
			*a = atom{kind: aDate, span: In(today), from: a.from, to: a.to, n: isNow}
		case "this-year":
			*a = atom{kind: aDate, span: In(facts.Date{Year: today.Year}), from: a.from, to: a.to}
		case "last-year":
			*a = atom{kind: aDate, span: In(facts.Date{Year: today.Year - 1}), from: a.from, to: a.to, n: isLastYear}
		case "next-year":
			*a = atom{kind: aDate, span: In(facts.Date{Year: today.Year + 1}), from: a.from, to: a.to, n: isNextYear}
		}
	}
}

// yearsAgo reads "two years ago".
func (p *parse) yearsAgo(i int) {
	if i < 2 || !p.isYearNoun(i-1) || p.atoms[i-2].kind != aNum {
		return
	}
	year := p.q.Today.Year - p.atoms[i-2].n
	p.merge(i-2, i, atom{kind: aDate, span: In(facts.Date{Year: year})})
}

// isNow marks the date that "now" stands for.
const isNow = 1

// joinSpans reads prepositions before dates.
func (p *parse) joinSpans() {
	if p.v.pack.Postpositions {
		p.joinSpansBehind()
		return
	}
	p.countYears()
	for i := 0; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if a.kind == aDate {
			p.joinRange(i)
			continue
		}
		if a.kind != aOp {
			continue
		}
		k := p.next(i)
		if k < 0 || p.atoms[k].kind != aDate {
			p.onwards(i)
			continue
		}
		if a.concept.ID == "from" && a.may("since") {
			a.concept, a.alt = a.alt, a.concept // tg "аз": from a country, but since a year
		}
		switch a.concept.ID {
		case "in":
			p.merge(i, k, p.atoms[k])
			p.joinRange(i)
		case "since", "between":
			p.sinceOrBetween(i, k)
		case "from":
			p.fromTo(i, k)
		case "until", "by":
			p.merge(i, k, atom{kind: aSpan, span: Span{First: farPast, Last: p.atoms[k].span.Last}})
		case "before", "after":
			p.merge(i, k, p.beside(a, p.atoms[k].span))
		}
	}
}

// Marks of spans: that "before" or "after" made them, or that they are the year
// before or after this one.
const (
	isOrder    = 2
	isLastYear = 3
	isNextYear = 4
)

// joinRange reads "2021–2023" and "2021 to 2023" after since.
func (p *parse) joinRange(i int) {
	if k := i + 1; k < len(p.atoms) && p.atoms[k].kind == aDate && p.atoms[k].span.Said.Year > 0 &&
		(p.atoms[k].brk == '-' || p.atoms[k].glued) {
		p.merge(i, k, p.stretch(i, k))
	}
}

func (p *parse) stretch(i, k int) atom {
	a, b := p.atoms[i].span, p.atoms[k].span
	if d := a.Said; d.Year == 0 && d.Month > 0 && b.Said.Year > 0 && b.Said.Month > 0 { // "between June and December 2021"
		if d.Year = b.Said.Year; d.Month > b.Said.Month {
			d.Year--
		}
		a = In(d)
	}
	if b.Last.Before(a.First) {
		return atom{kind: aBlocked}
	}
	return atom{kind: aSpan, span: Span{First: a.First, Last: b.Last}}
}

// fromTo reads "from June to August 2021".
func (p *parse) fromTo(i, k int) {
	to := k + 1
	if to+1 < len(p.atoms) && (p.atoms[to].may("until") || p.atoms[to].kind == aFiller && p.atoms[to].concept.ID == "recipient") && p.atoms[to+1].kind == aDate {
		p.merge(i, to+1, p.stretch(k, to+1))
	}
}

// sinceOrBetween reads the second date of "between A and B", "from A to B".
func (p *parse) sinceOrBetween(i, k int) {
	second := -1
	for j := k + 1; j < len(p.atoms) && j <= k+3; j++ {
		a := &p.atoms[j]
		if a.kind == aDate {
			second = j
			break
		}
		if a.kind != aFiller && !a.is("and") && !a.may("until") {
			break
		}
	}
	switch {
	case p.atoms[k].kind != aDate:
	case second >= 0:
		p.merge(i, second, p.stretch(k, second))
	case p.atoms[i].is("since"):
		p.merge(i, k, atom{kind: aSpan, span: Span{First: p.atoms[k].span.First, Last: farFuture, Since: p.atoms[k].span.Said}})
	}
}

func dayAfter(d facts.Date) facts.Date  { return facts.On(d.Time().AddDate(0, 0, 1)) }
func dayBefore(d facts.Date) facts.Date { return facts.On(d.Time().AddDate(0, 0, -1)) }
