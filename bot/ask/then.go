package ask

import (
	"suhbat/facts"
)

// "Then" alone at the beginning of a question is a courtesy, "then who chaired in 2023?";
// behind it, or said with more words, it is a time: that of the answer before, "who was
// its chairperson then?", "who chaired at that time?". Languages with postpositions make
// the time from "that", and have another word for the courtesy. What comes next is
// another word too.

// thenTimes gives every "then" that does not stand alone its meaning. Without an answer
// before that has a time, the word is left, and no reading can use it.
func (p *parse) thenTimes() {
	for i := 0; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if a.is("then") && p.saysWhen(i) {
			p.drop(i)
			i--
			continue
		}
		if !a.is("that-time") || !p.asksBeside(i) {
			continue
		}
		if p.prev(i) < 0 && a.to-a.from == 1 && !p.v.pack.Postpositions {
			p.drop(i)
			i--
			continue
		}
		if d := p.lastTime(); !d.IsZero() {
			*a = atom{kind: aDate, span: In(d), from: a.from, to: a.to, brk: a.brk}
		}
	}
}

// saysWhen reports whether a "then" at i says no more than the words beside it: «потом,
// после Йенчи», or one that begins a question that names what it is about.
func (p *parse) saysWhen(i int) bool {
	if p.atoms[i].to-p.atoms[i].from > 1 {
		return false
	}
	for k := range p.atoms {
		a := &p.atoms[k]
		switch {
		case a.is("after"), a.is("successor"):
			return true
		case a.kind == aEntity || a.kind == aDate || a.kind == aSpan:
			if p.prev(i) < 0 {
				return true
			}
		}
	}
	return false
}

// asksBeside reports whether something else is asked beside the atom at i.
func (p *parse) asksBeside(i int) bool {
	for k := range p.atoms {
		if a := &p.atoms[k]; k != i && (a.kind == aRel || a.kind == aEntity || a.kind == aType || a.kind == aUnit) {
			return true
		}
	}
	return false
}

// lastTime is the time that the question before named, or the one day of its answer.
func (p *parse) lastTime() facts.Date {
	if len(p.q.Last) == 0 {
		return facts.Date{}
	}
	f := lastForm(p.q.Last[len(p.q.Last)-1])
	if !f.Time.Said.IsZero() && f.Act != Check { // "was it in 2001?" may have been denied
		return f.Time.Said
	}
	var d facts.Date
	for i, x := range p.e.resolve(&f, p.q.Today).Facts {
		if i > 0 && pointOf(x) != d {
			return facts.Date{}
		}
		d = pointOf(x)
	}
	return d
}

// dropTag drops "wasn't it?" at the end of a statement: it asks whether that is so, and
// denies nothing.
func (p *parse) dropTag() {
	i := indexOf(p.atoms, func(a *atom) bool { return a.is("not") })
	if i < 2 || p.atoms[0].kind == aFiller && p.atoms[0].concept.ID == "aux" || some(p.atoms[i+1:], func(a *atom) bool {
		return a.kind != aFiller && !a.is("pronoun") && !a.is("person-pronoun")
	}) || !some(p.atoms[i+1:], func(a *atom) bool { return a.kind == aOp }) || hasKin(p.atoms, kinWh) {
		return
	}
	p.merge(i, len(p.atoms)-1, atom{kind: aOp, concept: p.e.set.Concepts["verify"]})
}
