package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// Years are counted from something, "two years after Kazakhstan", "two years before
// 2024", or taken ten at a time, "the 2010s".

// countYears ties "two years" to the "after" or "before" behind it: beside a year they
// make another year, beside a thing they say how far from it to look.
func (p *parse) countYears() {
	const most = 50
	for i := 1; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if !a.is("after") && !a.is("before") {
			continue
		}
		k, to := p.prev(i), p.next(i)
		if u := p.single(a.from); u != nil && u.Kind == lang.Unit && u.ID == "year" { // "years after" is one phrase
		} else if k >= 0 && p.isYearNoun(k) {
			k = p.prev(k)
		} else {
			continue
		}
		if k < 0 || to < 0 || p.atoms[k].kind != aNum || p.atoms[k].ordinal || p.atoms[k].n < 1 || p.atoms[k].n > most {
			continue
		}
		n := p.atoms[k].n
		switch end := &p.atoms[to]; {
		case end.kind == aDate && end.span.Said.Year > 0 && end.span.Said.Month == 0:
			n *= directionOf(a.concept.ID)
			p.merge(k, to, atom{kind: aDate, span: In(facts.Date{Year: end.span.Said.Year + n})})
		case p.governed(i) >= 0:
			a.years = n
			p.merge(k, i, *a)
		default:
			continue
		}
		i = k
	}
}

// beside returns what "before" or "after" makes of a date: all of the time on that side,
// but of a year one year, if the words say so, "the year after 2022".
func (p *parse) beside(op *atom, d Span) atom {
	one := false
	for k := op.from; k < op.to && k < len(p.words); k++ {
		u := p.single(k)
		one = one || u != nil && u.Kind == lang.Unit && u.ID == "year" && !lang.EndsIn(p.tokens[k].Text, p.v.pack.Grammar.Plural)
	}
	switch direction := directionOf(op.concept.ID); {
	case d.Said.Year > 0 && d.Said.Month == 0 && one:
		return atom{kind: aDate, span: In(facts.Date{Year: d.Said.Year + direction})}
	case direction < 0:
		return atom{kind: aSpan, n: isOrder, span: Span{First: farPast, Last: dayBefore(d.First)}}
	default:
		return atom{kind: aSpan, n: isOrder, span: Span{First: dayAfter(d.Last), Last: farFuture}}
	}
}

// onwards reads "2024 onwards": a word that means since stands behind the date.
func (p *parse) onwards(i int) {
	k := p.prev(i)
	if k < 0 || !p.atoms[i].is("since") {
		return
	}
	switch d := &p.atoms[k]; {
	case d.kind == aDate && d.span.Said.Year > 0:
		p.merge(k, i, atom{kind: aSpan, span: Span{First: d.span.First, Last: farFuture, Since: d.span.Said}})
	case d.kind == aSpan && !d.span.Since.IsZero():
		p.merge(k, i, *d)
	}
}

// decade reads the number before an ending of decades, "2010s", as ten years. It
// reports whether it was one.
func (p *parse) decade(i int) bool {
	a := &p.atoms[i-1]
	if a.kind != aNum || !isYear(a.n) || a.n%10 != 0 || a.res || !p.decadeEnding(i) {
		return false
	}
	p.merge(i-1, i, atom{kind: aDate, span: Span{First: facts.Date{Year: a.n, Month: 1, Day: 1}, Last: facts.Date{Year: a.n + 9, Month: 12, Day: 31}}})
	if i < len(p.atoms) && p.isYearNoun(i) {
		p.merge(i-1, i, p.atoms[i-1])
	}
	return true
}

// decadeEnding reports whether the atom at i is an ending that makes a decade of a year.
func (p *parse) decadeEnding(i int) bool {
	a := &p.atoms[i]
	return a.glued && a.to-a.from == 1 && slices.Contains(p.v.pack.Grammar.Decades, p.tokens[a.from].Text)
}

// yearsFrom answers "who chaired two years after A?": what is dated so many years from
// it.
func (e *Engine) yearsFrom(f Form, pivot int, all []*facts.Fact) Result {
	c, closed := e.closed(&f)
	r := Result{Form: f, Why: NotStated, Closed: c, IsClosed: closed}
	if pivot < 0 {
		return r
	}
	n := f.Pick.Years
	if f.Pick.Kind == Before {
		n = -n
	}
	year := factDate(all[pivot]).Year + n
	for _, x := range all {
		if factDate(x).Year == year {
			r.Facts = append(r.Facts, x)
		}
	}
	if len(r.Facts) == 0 || !closed {
		r.Facts, r.Nearby = nil, append(all[pivot:pivot+1:pivot+1], r.Facts...)
		return r
	}
	r.Kind, r.Why = Statements, ""
	r.Entities = f.distinct(r.Facts)
	return r
}
