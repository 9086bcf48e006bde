package ask

import (
	"slices"
	"strconv"

	"suhbat/bot/lang"
)

// Reduction turns runs of atoms into one: "two thousand and twenty-two" into a
// number, "16 October 2023" into a date, "between 2021 and 2023" into a span,
// "resolution 1325" into the thing itself, "after Turkmenistan" into an order.
// Every step reads only neighbours, so the order of the steps is the order of
// how tightly words bind: digits, then dates, then prepositions.
func (p *parse) reduce() {
	p.unpack()
	p.joinTags()
	p.askedNouns()
	p.askedTimes()
	p.joinSuffixes()
	p.joinNumbers()
	p.joinUnits()
	p.joinDates()
	p.markNumbers()
	p.bindResolutions()
	p.bindYears()
	p.thatYear()
	if p.v.pack.Postpositions {
		p.settleOrders()
	}
	p.relativeDates()
	p.askedDay()
	p.thenTimes()
	p.aboutTags()
	p.joinSpans()
	p.joinOrders()
	p.joinEither()
}

// askedNouns takes a name that is also a noun for the noun behind "which" and
// "how many", "which international organisations", and for one of events before the
// place of one: tg «мулоқоти Тошканд» is a meeting, and no dialogue.
func (p *parse) askedNouns() {
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind != aEntity || a.alt == nil || a.alt.Kind != lang.TypeNoun {
			continue
		}
		asked := i > 0 && p.atoms[i-1].kind == aWh && (p.atoms[i-1].concept.ID == "which" || p.atoms[i-1].concept.ID == "how-many")
		if asked || !p.v.pack.Postpositions && slices.Contains(a.alt.Of, string(eventType)) && p.placeAt(i+1) {
			a.kind, a.concept, a.alt, a.entities = aType, a.alt, nil, nil
		}
	}
}

// joinTags drops the "and" between two words that describe, as in "on climate change and
// women".
func (p *parse) joinTags() {
	for i := 1; i+1 < len(p.atoms); i++ {
		if p.atoms[i].is("and") && p.atoms[i-1].kind == aTag && p.atoms[i+1].kind == aTag {
			p.drop(i)
		}
	}
}

// placeAt reports whether atom i is a city or region.
func (p *parse) placeAt(i int) bool {
	return i < len(p.atoms) && p.atoms[i].kind == aEntity && isPlace(p.atoms[i].entities[0])
}

// askedTimes reads "who and in which year" as "who and when".
func (p *parse) askedTimes() {
	for i := 1; i+2 < len(p.atoms); i++ {
		if !p.atoms[i].is("and") || p.atoms[i-1].kind != aWh {
			continue
		}
		k := i + 1
		if p.atoms[k].is("in") {
			k++
		}
		if k+1 < len(p.atoms) && p.atoms[k].kind == aWh && p.atoms[k].concept.ID == "which" && p.atoms[k+1].kind == aUnit {
			p.merge(i+1, k+1, atom{kind: aWh, concept: p.e.set.Concepts["when"]})
		}
	}
}

// drop removes atom i.
func (p *parse) drop(i int) { p.atoms = append(p.atoms[:i], p.atoms[i+1:]...) }

// merge puts a in place of atoms i..j, both included.
func (p *parse) merge(i, j int, a atom) {
	a.from, a.to = p.atoms[i].from, p.atoms[j].to
	a.brk, a.glued = p.atoms[i].brk, p.atoms[i].glued
	p.atoms[i] = a
	p.atoms = append(p.atoms[:i+1], p.atoms[j+1:]...)
}

// next returns the index of the first atom after i that is no filler, or -1.
func (p *parse) next(i int) int {
	for i++; i < len(p.atoms); i++ {
		if p.atoms[i].kind != aFiller {
			return i
		}
	}
	return -1
}

// prev is next, backwards.
func (p *parse) prev(i int) int {
	for i--; i >= 0; i-- {
		if p.atoms[i].kind != aFiller {
			return i
		}
	}
	return -1
}

// joinSuffixes ties "м" in "2022-м" to its number.
func (p *parse) joinSuffixes() {
	p.hyphenOrdinals()
	for i := 0; i < len(p.atoms); i++ {
		if i > 0 && p.decade(i) {
			i--
			continue
		}
		a := &p.atoms[i]
		suffix := a.kind == aSuffix || (a.alt != nil && a.alt.Kind == lang.Suffix)
		if suffix && i > 0 && i == len(p.atoms)-1 && len(p.q.Last) > 0 && p.goesOn(a) {
			return // "1820-chi?"
		}
		if suffix && a.glued && i > 0 && (p.atoms[i-1].kind == aNum || p.atoms[i-1].kind == aDate) {
			p.atoms[i-1].ordinal = p.atoms[i-1].kind == aNum
			p.atoms[i-1].to = a.to
			p.drop(i)
			i--
			continue
		}
		if a.kind == aSuffix && a.glued && i > 0 && p.atoms[i-1].kind == aEntity && p.tokens[p.atoms[i-1].to-1].Number >= 0 {
			p.atoms[i-1].to = a.to // a name that ends in a number: "қатъномаи 1325-ро"
			p.drop(i)
			i--
			continue
		}
		if a.glued && i > 0 && a.kind == aFiller && p.tokens[p.atoms[i-1].to-1].Number >= 0 {
			p.atoms[i-1].kind, p.atoms[i-1].to = aBlocked, a.to // "2000s", "1889A": no number of ours
			p.drop(i)
			i--
			continue
		}
		if a.kind == aSuffix {
			if a.alt != nil {
				a.concept, a.alt, a.kind = a.alt, nil, kindOf(a.alt)
				continue
			}
			p.odd = append(p.odd, p.phrase(a))
			a.kind = aUnknown
		}
	}
}

// joinNumbers reads numbers in words. Small numbers add up ("twenty three"),
// "hundred" and "thousand" multiply, and two numbers of two digits side by side
// are a year ("twenty twenty-three").
func (p *parse) joinNumbers() {
	for i := 0; i < len(p.atoms); i++ {
		if p.atoms[i].kind != aNum || p.atoms[i].concept == nil {
			continue
		}
		j, n, ordinal := i, newNumeral(p.atoms[i].n), false
		for k := i + 1; k < len(p.atoms) && !ordinal; k++ {
			a := &p.atoms[k]
			if a.kind == aFiller || a.is("and") {
				if n.total+n.current < 100 { // "one hundred and two", not "two and three"
					break
				}
				continue
			}
			word := a.kind == aNum && a.concept != nil
			if !word && a.kind != aOrd || !n.add(a.n) {
				break
			}
			ordinal = a.kind == aOrd
			j = k
		}
		if j > i {
			p.merge(i, j, atom{kind: aNum, n: n.total + n.current, ordinal: ordinal})
		}
	}
}

// numeral is a number in words, as far as it has been read.
type numeral struct{ total, current int }

func newNumeral(n int) numeral {
	if n == 1000 {
		return numeral{total: n}
	}
	return numeral{current: n}
}

// add reads one more word and reports whether it belongs to the same number.
func (x *numeral) add(n int) bool {
	const ten, hundred, thousand = 10, 100, 1000
	switch {
	case n == thousand && x.total == 0:
		x.total, x.current = max(x.current, 1)*thousand, 0
	case n == hundred && x.current > 0 && x.current < ten:
		x.current *= hundred
	case n >= hundred && n < thousand && x.current == 0 && x.total > 0:
		x.current = n
	case n < hundred && x.current >= hundred && x.current%hundred == 0,
		n < hundred && x.current == 0 && x.total > 0,
		n < ten && x.current%hundred >= 2*ten && x.current%ten == 0:
		x.current += n
	case n >= ten && n < hundred && x.current >= ten && x.current < hundred && x.total == 0:
		x.total, x.current = x.current*hundred, n
	default:
		return false
	}
	return true
}

// markNumbers notes what the words beside a number say that it is.
func (p *parse) markNumbers() {
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind != aNum {
			continue
		}
		if k := p.prev(i); k >= 0 {
			p.mark(a, &p.atoms[k], k == i-1)
		}
		if k := p.next(i); k >= 0 {
			n := &p.atoms[k]
			a.res = a.res || n.kind == aType && n.concept.ID == "resolution" && n.brk == 0
			in := p.prev(i) >= 0 && p.atoms[p.prev(i)].is("in")
			written := p.v.pack.Glued && n.glued // "22-жылы"
			year := n.kind == aUnit && n.concept.ID == "year" && (a.n >= 100 || a.ordinal || a.quoted || in || written)
			a.year = a.year || year
			a.res = a.res && !(year && isYear(a.n) && p.v.pack.Postpositions) // "which resolution of the year 2008"
		}
	}
}

func (p *parse) mark(a, before *atom, adjacent bool) {
	switch {
	case before.kind == aType && before.concept.ID == "resolution":
		a.res = adjacent || !isYear(a.n)
		a.year = !a.res // "a resolution of 2020"
	case before.kind == aUnit && before.concept.ID == "year":
		a.year = a.year || adjacent
	case before.is("in"), before.is("since"), before.is("until"), before.is("between"):
		a.year = a.year || adjacent && (isYear(a.n) || a.n < 100)
	case before.kind == aNum && before.res && (a.brk == ',' || a.glued):
		a.year = true // 1325 (2000)
	}
}

// bindResolutions turns numbers of resolutions into the resolutions.
func (p *parse) bindResolutions() {
	for i := 0; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if a.kind != aNum || a.year && !a.res && !p.meansResolution(a.n) {
			continue
		}
		e := p.e.numbers[a.n]
		switch {
		case e == nil && a.res && a.n >= 100 && !(isYear(a.n) && a.brk == ','):
			a.kind = aBlocked
			p.odd = append(p.odd, strconv.Itoa(a.n))
			continue
		case e == nil, !a.res && isYear(a.n) && !p.resolutionsAround() && !p.noYear(a.n):
			continue
		}
		start := len(p.known)
		p.known = append(p.known, e)
		*a = atom{kind: aEntity, entities: p.known[start:len(p.known):len(p.known)], from: a.from, to: a.to, brk: a.brk}
		p.joinResolution(i)
	}
}

// resolutionsAround reports whether the question speaks of resolutions at all:
// then 1960 is one.
func (p *parse) resolutionsAround() bool {
	numbers := 0
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind == aNum && p.e.numbers[a.n] != nil {
			if numbers++; numbers > 1 {
				return true // "2106 or 2122"
			}
		}
		if a.kind == aType && a.concept.ID == "resolution" {
			return true
		}
		if a.kind == aEntity && a.entities[0].Type.ID == "resolution" {
			return true
		}
		if a.kind == aRel && slices.Contains(ofResolutions, a.concept.ID) {
			return true
		}
	}
	return false
}

// ofResolutions are the relations that are spoken of resolutions; about votes, no
// year is spoken of.
var (
	ofResolutions = []string{"adopt", "about", "summary", "significance", "vote", "vote-against", "abstain", "unanimous", "meeting-number"}
	ofVotes       = ofResolutions[4:]
)

// meansResolution reports whether a number behind "in", "on" or "between" is
// that of a resolution all the same: no year to come, or one that is voted on.
func (p *parse) meansResolution(n int) bool {
	if p.e.numbers[n] == nil {
		return false
	}
	others, votes := 0, false
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind == aEntity && a.entities[0].Type.ID == resolutionType || a.kind == aType && a.concept.ID == string(resolutionType) {
			others++
		}
		votes = votes || a.kind == aRel && slices.Contains(ofVotes, a.concept.ID)
	}
	numbers := 0
	for i := range p.atoms {
		if a := &p.atoms[i]; a.kind == aNum && p.e.numbers[a.n] != nil {
			numbers++
		}
	}
	noYear := p.noYear(n)
	of := some(p.atoms, func(a *atom) bool { return a.kind == aRel && slices.Contains(ofResolutions, a.concept.ID) })
	return others == 0 && votes || numbers > 1 && n > p.q.Today.Year+toCome || others == 0 && noYear && of
}

// What a year is that people speak of here: of the Security Council's resolutions, and
// not long to come.
const (
	toCome  = 10
	council = 1946
)

// noYear reports whether a number is none of a year that anybody would ask about.
func (p *parse) noYear(n int) bool {
	return n < council || !p.q.Today.IsZero() && n > p.q.Today.Year+toCome
}

// joinResolution takes in the noun beside the number: "resolution 1325".
func (p *parse) joinResolution(i int) {
	if k := p.next(i); k >= 0 && p.atoms[k].kind == aType && p.atoms[k].concept.ID == "resolution" && p.atoms[k].brk == 0 && k <= i+2 && p.atoms[k].to-p.atoms[k].from < 3 {
		p.merge(i, k, p.atoms[i])
	}
	if k := p.prev(i); k >= 0 && k >= i-3 && p.atoms[k].kind == aType && p.atoms[k].concept.ID == "resolution" {
		p.merge(k, i, p.atoms[i])
	}
}
