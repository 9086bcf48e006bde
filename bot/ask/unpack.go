package ask

import (
	"slices"

	"suhbat/bot/lang"
)

// unpack parts a phrase that asks and names a relation at once, such as "which
// years" for a period, into its words where another relation stands beside it and
// nothing that has a period does: "in which years did K chair?".
func (p *parse) unpack() {
	for i := range p.atoms {
		a := &p.atoms[i]
		if a.kind != aRel || !a.asks || a.to-a.from != 2 || !p.otherRelation(i) || p.hasPeriod() {
			continue
		}
		wh, unit := p.single(a.from), p.single(a.from+1)
		if wh == nil || wh.Kind != lang.Wh || unit == nil || unit.Kind != lang.Unit {
			continue
		}
		first := atom{kind: aWh, concept: wh, from: a.from, to: a.from + 1, brk: a.brk, glued: a.glued}
		p.atoms[i] = atom{kind: aUnit, concept: unit, from: a.from + 1, to: a.to}
		p.atoms = slices.Insert(p.atoms, i, first)
		return
	}
}

// otherRelation reports whether an atom but i is a relation by itself.
func (p *parse) otherRelation(i int) bool {
	for k := range p.atoms {
		if a := &p.atoms[k]; k != i && a.kind == aRel && !a.concept.Light && a.concept != p.atoms[i].concept {
			return true
		}
	}
	return false
}

// hasPeriod reports whether the question speaks of what has a period: a plan, or
// days that come round.
func (p *parse) hasPeriod() bool {
	return some(p.atoms, func(a *atom) bool {
		switch a.kind {
		case aType:
			return a.concept.ID == string(planType) || a.concept.ID == observanceKind
		case aEntity:
			return a.entities[0].Type.ID == planType || a.entities[0].Type.ID == observanceKind
		default:
			return false
		}
	})
}

// observanceKind is the noun for days that come round, and their type.
const observanceKind = "observance"

// single is the concept that one word has by itself, or nil.
func (p *parse) single(token int) *lang.Concept {
	for _, m := range p.v.lex.Longest(p.words[token : token+1]).Meanings {
		if m.Concept != nil {
			return m.Concept
		}
	}
	return nil
}

// cleft reads "was it K who chaired?" as "did K chair?": the question word only ties
// the verb to the name.
func (p *parse) cleft() {
	if len(p.atoms) == 0 || p.atoms[0].kind != aFiller || p.atoms[0].concept.ID != "aux" {
		return
	}
	it := p.next(0)
	if it < 0 || !p.atoms[it].is("pronoun") {
		return
	}
	name := p.next(it)
	if name < 0 || p.atoms[name].kind != aEntity || name+1 >= len(p.atoms) {
		return
	}
	if wh := &p.atoms[name+1]; wh.kind == aWh && wh.brk == 0 && (wh.concept.ID == "who" || wh.concept.ID == "which") {
		p.drop(name + 1)
		p.drop(it)
	}
}
