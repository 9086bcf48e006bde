package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// Where a language puts "before", "since" and "between" behind what they govern,
// the reductions of [parse.joinSpans] and [parse.joinOrders] look the other way.

// joinSpansBehind reads dates with a postposition: "2010 жылға дейін".
func (p *parse) joinSpansBehind() {
	for i := 0; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if a.kind == aDate {
			p.joinRange(i)
			continue
		}
		k := p.prev(i)
		if a.is("between") && k >= 0 && p.atoms[k].kind == aSpan {
			p.merge(k, i, p.atoms[k]) // "2021–2023-yillar oraligʻida"
			i = k
			continue
		}
		if a.kind != aOp || k < 0 || p.atoms[k].kind != aDate {
			continue
		}
		if p.spanBehind(k, i) {
			i = max(k-2, -1) // what stands there now may begin a longer stretch
		}
	}
}

// spanBehind joins the date at k with the postposition at i, and with the date
// before it where there is one: "2021 жылдан 2023 жылға дейін". It reports whether
// it did.
func (p *parse) spanBehind(k, i int) bool {
	op, d := p.atoms[i].concept.ID, p.atoms[k].span
	first := p.start(k)
	switch {
	case op == "between" || first >= 0 && (op == "until" || op == "before" || op == "by"):
		if first < 0 {
			return false
		}
		p.merge(first, i, p.stretch(first, k))
	case op == "since":
		p.merge(k, i, atom{kind: aSpan, span: Span{First: d.First, Last: farFuture, Since: d.Said}})
	case op == "until", op == "by":
		p.merge(k, i, atom{kind: aSpan, span: Span{First: farPast, Last: d.Last}})
	case op == "before", op == "after":
		p.merge(k, i, p.beside(&p.atoms[i], d))
	default:
		return false
	}
	return true
}

// start returns the date, or the beginning of an open span, that stands before
// the date at k, or -1.
func (p *parse) start(k int) int {
	for j := k - 1; j >= 0; j-- {
		switch a := &p.atoms[j]; {
		case a.kind == aDate, a.kind == aSpan && !a.span.Since.IsZero():
			return j
		case a.kind == aFiller, a.is("and"), a.is("since"), a.is("in"):
		default:
			return -1
		}
	}
	return -1
}

// joinOrdersBehind ties "after" to the thing before it: "Түркіменстаннан кейін",
// also over what it did: "Turkmaniston raislik qilgandan keyin".
func (p *parse) joinOrdersBehind() {
	for i := 0; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if a.kind != aOp {
			continue
		}
		dir := directionOf(a.concept.ID)
		if dir == 0 {
			continue
		}
		k := p.governor(i)
		if k < 0 {
			p.ungoverned(i)
			continue
		}
		e := p.atoms[k]
		e.kind, e.n, e.concept = aOrder, dir, a.concept
		p.merge(k, i, e)
		i = k
	}
}

// takenFrom reads "who took over the chair from K" and "from whom did K take it
// over", where an ending or a word says "from": «Turkmanistondan raislikni kim qabul
// qilib oldi», «Аз Туркманистон раисиро кӣ гирифт».
func (p *parse) takenFrom() {
	k, other, wh, chair, took, passed := -1, -1, -1, false, false, false
	for i := range p.atoms {
		switch a := &p.atoms[i]; {
		case a.kind == aEntity && len(a.entities) == 1 && a.entities[0].Type.ID == countryType && k < 0:
			k = i
		case a.kind == aEntity && len(a.entities) == 1 && a.entities[0].Type.ID == countryType && other < 0:
			other = i
		case a.kind == aWh && wh < 0:
			wh = i
		case a.kind == aFiller, a.may("from"), a.kind == aType && a.concept.ID == string(countryType):
		case a.kind != aRel || a.asks:
			return
		case a.concept.ID == "chair":
			chair = true
		case a.concept.ID == "adopt" || a.concept.ID == "take":
			took = true
		case a.concept.ID == "hold" || a.concept.ID == "come":
			passed = true
		case !a.concept.Light:
			return
		}
	}
	if k < 0 || !chair || !took && !passed {
		return
	}
	if other >= 0 {
		p.passedOn(k, other, wh)
		return
	}
	giver, asked := p.saysFrom(k), wh >= 0 && p.saysFrom(wh)
	op := "successor"
	switch {
	case giver == asked, !took && giver && (wh < 0 || !p.saysTo(wh)), !took && asked && !p.saysTo(k):
		return
	case asked:
		op = "predecessor"
	}
	a := &p.atoms[k]
	a.kind, a.n, a.concept = aOrder, directionOf(op), p.e.set.Concepts[op]
	p.atoms = slices.DeleteFunc(p.atoms, func(a atom) bool { return a.may("from") || a.kind == aRel && a.concept.ID != "chair" })
}

// passedOn reads "when did the chair pass from K to Y" as one about the handover.
func (p *parse) passedOn(k, other, wh int) {
	if p.saysFrom(other) {
		k, other = other, k
	}
	if wh < 0 || p.atoms[wh].concept.ID != "when" || !p.saysFrom(k) || !p.saysTo(other) {
		return
	}
	for i := range p.atoms {
		if a := &p.atoms[i]; a.kind == aRel && a.concept.ID != "chair" {
			a.concept = p.e.set.Concepts["handover"]
		}
	}
}

// saysFrom reports whether the atom at i is marked as that from which something
// comes, by its own ending, by that of the noun behind it or by the word before it.
func (p *parse) saysFrom(i int) bool {
	return i > 0 && p.atoms[i-1].may("from") || p.endsAs(i, "abl")
}

// saysTo reports whether the atom at i is marked as that to which something goes.
func (p *parse) saysTo(i int) bool {
	if k := i - 1; k >= 0 && p.atoms[k].kind == aFiller && p.atoms[k].concept != nil && p.atoms[k].concept.ID == "recipient" {
		return true
	}
	return p.endsAs(i, "dat")
}

// endsAs reports whether the thing or question word at i, or the noun behind a
// question word, stands in a form of the language.
func (p *parse) endsAs(i int, form string) bool {
	a := &p.atoms[i]
	if !p.v.pack.HasForm(form) || a.kind == aEntity && p.asListed(a) {
		return false
	}
	if next := i + 1; a.kind == aWh && next < len(p.atoms) && p.atoms[next].kind == aType {
		a = &p.atoms[next]
	}
	return p.v.pack.EndsAs(p.tokens[a.to-1].Text, form)
}

// settleOrders chooses between the two meanings of a word such as Turkmen "soňky":
// behind what it governs, which then stands in the ablative, it is "after"
// ("Türkmenistandan soňky başlyk"), elsewhere the other one ("soňky başlyk", the
// last chair).
func (p *parse) settleOrders() {
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind != aOp || a.alt == nil || a.alt.Kind != lang.Op {
			continue
		}
		own, other := directionOf(a.concept.ID) != 0, directionOf(a.alt.ID) != 0
		if own != other && own != p.governs(i) {
			a.concept, a.alt = a.alt, a.concept
		}
	}
}

// governs reports whether the word of order at i has what it governs before it: a
// thing, what it did, a date or a question word in the ablative, or a number of years
// ("iki ýyl öň").
func (p *parse) governs(i int) bool {
	k := p.prev(i)
	if k < 0 {
		return false
	}
	switch a := &p.atoms[k]; a.kind {
	case aEntity:
		if apart := p.tokens[p.atoms[i].from-1].Text; p.atoms[i].from > a.to && apart != "" && p.v.pack.EndsAs(apart, "abl") {
			return true // uz "2467 dan oldingi"
		}
		return !p.asListed(a) && p.v.pack.EndsAs(p.tokens[a.to-1].Text, "abl")
	case aOp:
		return (a.is("pronoun") || a.is("person-pronoun")) && p.v.pack.EndsAs(p.tokens[a.to-1].Text, "abl") // "ondan öň"
	case aDate, aRel, aType, aWh:
		return p.v.pack.EndsAs(p.tokens[a.to-1].Text, "abl")
	case aUnit:
		return k > 0 && (p.atoms[k-1].kind == aNum || p.atoms[k-1].kind == aWh && p.atoms[k-1].concept.ID == "how-many")
	default:
		return false
	}
}

// asListed reports whether the last word of a thing stands in the form in which its
// names are listed: "Өзбекстан" ends as an ablative does, and is none.
func (p *parse) asListed(a *atom) bool {
	e, code, word := a.entities[0], facts.Lang(p.v.pack.Code), p.wordAt(a.to-1)
	ends := func(name string) bool {
		words := lang.Tokens(nil, name)
		return len(words) > 0 && words[len(words)-1].Text == word
	}
	return ends(e.Names[code].Text) || slices.ContainsFunc(e.Aliases[code], ends)
}

// governor returns the thing that stands before the word of order at i, or -1: what
// it did or what it is may stand between, if nothing is lost with it.
func (p *parse) governor(i int) int {
	beside := p.prev(i)
	k := beside
	if k >= 0 && p.spareable(k) {
		k = p.prev(k)
	}
	if k < 0 || p.atoms[k].kind != aEntity {
		return -1
	}
	if a := &p.atoms[i]; a.is("predecessor") && a.asks && a.alt == nil {
		return k // "Казакстан кимдин ордуна келди": it is the one who acts
	}
	if k == beside && p.v.pack.HasForm("abl") && p.asListed(&p.atoms[k]) && !p.isClitic(&p.atoms[i]) {
		return -1 // "Қазақстан бұрын": what it governs would have an ending
	}
	return k
}

// isClitic reports whether an atom is written onto the word before it.
func (p *parse) isClitic(a *atom) bool { return p.tokens[a.from].Start == p.tokens[a.from].End }

// spareable reports whether the atom at k may be left out between a thing and the
// word of order: it says what the thing is ("Gazagystan ýurdundan soň") or did, and
// the question is about the same ("başlyklyk edenden soň kim başlyklyk etdi"), or
// how it came to be ("Диалог түзүлгөнгө чейин"). Who chaired after somebody spoke is
// another question than who chaired after them.
func (p *parse) spareable(k int) bool {
	a, t := &p.atoms[k], p.prev(k)
	if t < 0 || p.atoms[t].kind != aEntity {
		return false
	}
	typ := p.atoms[t].entities[0].Type.ID
	switch {
	case a.kind == aType:
		return string(typ) == a.concept.ID
	case a.kind != aRel || a.asks:
		return false
	case slices.Contains([]string{"create", "launch", "appear", "adopt"}, a.concept.ID):
		return typ != countryType && typ != personType || p.alike(k)
	}
	return p.alike(k)
}

// alike reports whether what the question is about is what the atom at k says.
func (p *parse) alike(k int) bool {
	a := &p.atoms[k]
	chair, same := a.concept.ID == "chair", false
	for i := range p.atoms {
		b := &p.atoms[i]
		switch {
		case i == k || b.kind != aRel:
		case b.concept == a.concept:
			same = true
		case !chair || b.concept.ID != "handover":
			return false
		}
	}
	return chair || same
}

// ungoverned deals with a word of order that has no thing before it. Behind a
// question word it asks for the thing ("kimdan keyin"); a word that may also mean
// "next" or "previous" then does; behind anything else it would be tied to a thing
// that it has nothing to do with.
func (p *parse) ungoverned(i int) {
	a := &p.atoms[i]
	k := p.prev(i)
	if k >= 0 && (p.atoms[k].kind == aRel && !p.atoms[k].asks || p.atoms[k].kind == aType) {
		if t := p.prev(k); t >= 0 && p.atoms[t].kind == aEntity { // what it did cannot be spared
			a.kind = aBlocked
			return
		}
	}
	if k >= 0 && (p.atoms[k].kind == aUnit || p.atoms[k].kind == aType) {
		k = p.prev(k)
	}
	switch {
	case k >= 0 && (p.atoms[k].kind == aWh || p.atoms[k].is("pronoun") || p.atoms[k].is("person-pronoun")):
	case a.alt != nil && a.alt.Kind == lang.Op:
		a.concept, a.alt = a.alt, nil
	case k >= 0:
		a.kind = aBlocked
	}
}
