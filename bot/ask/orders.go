package ask

import (
	"slices"
	"strings"

	"suhbat/bot/lang"
	"suhbat/facts"
	"suhbat/facts/fold"
)

// Words of order, "before", "after", "succeeded", take the thing that they govern.

// joinOrders ties "before", "after" and their kin to the thing that follows.
func (p *parse) joinOrders() {
	p.takenFrom()
	if p.v.pack.Postpositions {
		p.joinOrdersBehind()
		return
	}
	for i := 0; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if a.kind != aOp {
			continue
		}
		dir := directionOf(a.concept.ID)
		if dir == 0 {
			if dir = p.thanAnother(i); dir == 0 {
				continue
			}
			a.concept = p.e.set.Concepts["after"]
			if dir < 0 {
				a.concept = p.e.set.Concepts["before"]
			}
		}
		if k := p.governed(i); k >= 0 {
			e := p.atoms[k]
			if p.passed(i, k) {
				dir = -dir
			}
			e.kind, e.n, e.years, e.concept, e.asks = aOrder, dir, a.years, a.concept, a.asks
			if p.atoms[p.next(i)].kind == aEntity && p.next(i) < k { // "take over the body from K"
				e.from, e.to = p.atoms[k].from, p.atoms[k].to
				p.atoms[k] = e
				p.drop(i)
				continue
			}
			e.from, e.to = a.from, p.atoms[k].to
			p.atoms[i] = e
			p.drop(k)
			p.dropTakeover(i)
		}
	}
}

// thanAnother returns the direction of "earlier" and "later" where a case says that a
// person or a country is compared with: «раньше Казахстана». It returns 0 elsewhere.
func (p *parse) thanAnother(i int) int {
	a := &p.atoms[i]
	if !a.is("earlier") && !a.is("later") || i+1 >= len(p.atoms) || p.saysOr() {
		return 0
	}
	next := &p.atoms[i+1]
	if next.kind != aEntity || len(next.entities) != 1 || next.brk != 0 {
		return 0
	}
	if t := next.entities[0].Type.ID; t != countryType && t != personType {
		return 0
	}
	bent := next.entities[0].Names[facts.Lang(p.v.pack.Code)].Forms["gen"]
	if bent == "" || !strings.HasSuffix(fold.Name(bent), fold.Name(p.phrase(next))) {
		return 0
	}
	if a.is("earlier") {
		return -1
	}
	return 1
}

// governed returns the thing that a word of order governs: the next one, over
// the chair that is taken over "from" it.
func (p *parse) governed(i int) int {
	for k := i + 1; k < len(p.atoms); k++ {
		switch a := &p.atoms[k]; {
		case a.kind == aEntity && p.atoms[i].is("successor") && p.office(k):
		case a.kind == aEntity:
			return k
		case a.kind == aFiller && a.concept.ID == "aux":
			return -1 // "whose successor was K"
		case a.kind == aFiller, a.is("from"), a.is("since"), a.is("by"), p.chairAt(k) && (p.atoms[i].is("successor") || p.atoms[i].is("predecessor")):
		case a.is("in") && p.chairAt(k+1):
		case a.kind == aRel && (a.concept.ID == "create" || a.concept.ID == "launch") && (p.atoms[i].is("before") || p.atoms[i].is("after")): // "before the creation of A"
		default:
			return -1
		}
	}
	return -1
}

// dropTakeover drops the verb of "before K took over", which says no more than
// "before K".
func (p *parse) dropTakeover(i int) {
	k := p.next(i)
	if a := &p.atoms[i]; k >= 0 && (a.concept.ID == "before" || a.concept.ID == "after") && p.atoms[k].is("successor") && p.governed(k) < 0 {
		p.drop(k)
	}
}

// office reports whether the thing at atom k is what is taken over "from" the one
// who follows.
func (p *parse) office(k int) bool {
	if t := p.atoms[k].entities[0].Type.ID; t != platformType && t != organisation {
		return false
	}
	from := p.next(k)
	if from < 0 || !p.atoms[from].is("from") {
		return false
	}
	whom := p.next(from)
	return whom >= 0 && p.atoms[whom].kind == aEntity
}

// passed reports whether "by" stands between a word of order and the thing that it
// governs: "succeeded by K" asks for what came before K.
func (p *parse) passed(i, k int) bool {
	return some(p.atoms[i:k], func(a *atom) bool { return p.says(a, "by") })
}

// chairAt reports whether atom k is the relation of chairing.
func (p *parse) chairAt(k int) bool {
	return k < len(p.atoms) && p.atoms[k].kind == aRel && p.atoms[k].concept.ID == "chair"
}

// directionOf returns 1 for a word that asks for what comes after the thing it
// governs, -1 for one that asks for what comes before, 0 for others.
func directionOf(op string) int {
	switch op {
	case "after", "successor", "year-after":
		return 1
	case "before", "predecessor", "year-before":
		return -1
	default:
		return 0
	}
}

// directly reports whether a word beside one of order leaves nothing between: "right
// after A".
func (p *parse) directly(a *atom) bool {
	return slices.ContainsFunc(p.tokens[a.from:a.to], func(t lang.Token) bool { return slices.Contains(p.v.pack.Grammar.Directly, t.Text) })
}

// yearApart returns how many years lie between a thing and what came before or after: "a
// year after A" is one, though the next one that the facts name may have come later. The
// chair passes from country to country each year.
func (p *parse) yearApart(a *atom) int {
	year := func(k int) bool { u := p.single(k); return u != nil && u.Kind == lang.Unit && u.ID == "year" }
	for k := a.from; a.years == 0 && k < a.to && len(a.entities) == 1 && a.entities[0].Type.ID != countryType; k++ {
		if year(k) {
			return 1
		}
	}
	return a.years
}
