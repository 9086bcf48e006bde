package ask

import (
	"slices"
	"strings"

	"suhbat/facts"
)

// stepsOn reports whether all that a fragment says beside "after that" is what the last
// form was about: after who chaired, "who chaired after that?" goes on from there, and
// "who abstained after that?" asks for something else.
func stepsOn(atoms []atom, x *fragment, f *Form) bool {
	for i := range atoms {
		a := &atoms[i]
		switch {
		case a.kind == aTag, a.kind == aNum && (a.concept == nil || a.n != 1), // but "the next one"
			a.kind == aRel && !f.isCalled(a, x),
			a.kind == aType && !slices.ContainsFunc(a.concept.Of, func(id string) bool { return f.isAbout(facts.ID(id)) }),
			a.kind == aOp && saysMore(a, i == 0):
			return false
		}
	}
	return true
}

// saysMore reports whether an op says what no mere follow-up says: "who did not chair
// after that?".
func saysMore(a *atom, first bool) bool {
	var x fragment
	x.takeOp(a, first)
	return x.rels > 0
}

// isCalled reports whether the relation of an atom may stand for what the form asks.
func (f *Form) isCalled(a *atom, x *fragment) bool {
	if a.concept.ID == "hold" && x.wh != nil && x.wh.ID == "who" {
		return true // "who was it after that?"
	}
	return slices.ContainsFunc(a.concept.Of, func(path string) bool {
		id, _, _ := strings.Cut(path, ".")
		return f.Property != nil && facts.ID(id) == f.Property.ID || f.isAbout(resolutionType) && id == "adopted" || f.Act == About && id == "head"
	})
}

// isAbout reports whether things of a type have a place in the form.
func (f *Form) isAbout(id facts.ID) bool {
	if f.Property != nil && f.Ask == ValueRole && slices.Contains(f.Property.Range, id) || f.Want != nil && f.Want.ID == id {
		return true
	}
	for _, t := range []Term{f.Subject, f.Value} {
		if t.Entity != nil && t.Entity.Type.ID == id || t.Class != nil && t.Class.Type.ID == id {
			return true
		}
	}
	return false
}

// asksWhose lets a form whether it was somebody's year ask whose year it was: "and after
// that?" goes on from the year, whoever was asked about. It reports whether the form asks
// for somebody.
func (p *parse) asksWhose(f *Form) bool {
	if f.Act == Check && f.Ask == NoRole && f.Value.Entity != nil && f.Subject.Entity != nil && f.Pick.Kind == NoPick {
		f.Act, f.Ask, f.Value = Find, ValueRole, Term{}
	}
	return f.Act == Find
}

// lastYear is the year that the question before was about, or 0: one that it named, or
// that of the debate that it spoke of.
func (p *parse) lastYear() int {
	if len(p.q.Last) == 0 {
		return 0
	}
	f := lastForm(p.q.Last[len(p.q.Last)-1])
	if s := f.Time.Said; f.Act == Find && s.Year > 0 && s.Month == 0 {
		return s.Year
	}
	if e := f.Subject.Entity; e != nil && slices.Contains(e.Kinds, debateKind) && e.Type.When != nil {
		for _, x := range p.e.store.Of(e, e.Type.When) {
			return factDate(x).Year
		}
	}
	return 0
}

// speaksOf reports whether a noun for things of a type is among the atoms.
func speaksOf(atoms []atom, kind string) bool {
	return some(atoms, func(a *atom) bool { return a.kind == aType && slices.Contains(a.concept.Of, kind) })
}
