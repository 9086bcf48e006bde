package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// Who does what to whom is not told by types alone: UNDP may support the
// Dialogue, and the Dialogue might support UNDP. A sentence tells by "by", by
// the forms of names, by the order of words around an active verb. Where it
// tells the other way round than the facts do, or where it does not tell and
// both ways make sense, a reading is given up.

// agency says at which place of a statement stands who acts, for a relation and
// a property that it may stand for.
var agency = map[string]map[facts.ID]place{
	"support":        {"supported-by": atValue},
	"organise":       {"organised-by": atValue, "held-on": notPlaced, "venue": notPlaced},
	"chair":          {"chaired-by": atValue, "chairperson": atValue},
	"chairperson":    {"chaired-by": atValue, "chairperson": atValue},
	"lead":           {"chaired-by": atValue, "chairperson": atValue, "head": atValue},
	"head":           {"head": atValue},
	"become":         {"head": atValue, "role": atSubject},
	"appoint":        {"head": notPlaced, "role": notPlaced}, // no fact says who did
	"host":           {"venue": atValue},
	"participate":    {"participant": atValue},
	"member":         {"member": atValue},
	"include":        {"member": atSubject, "component": atSubject},
	"publish":        {"published-by": atValue},
	"author":         {"published-by": atValue},
	"initiative":     {"initiative": atValue},
	"represent":      {"role": atSubject, "participant": atValue, "member": atValue},
	"say":            {"said": atSubject},
	"speech":         {"speech": atSubject, "opening-speech": atSubject},
	"opening-speech": {"opening-speech": atSubject},
	"propose":        {"proposed": atSubject},
	"abstain":        {"abstained-by": atValue},
}

// reversible lists the relations whose two sides may be of the same types either
// way: then the sentence has to tell.
var reversible = []string{"support"}

// ordered lists the relations whose sides the order of words tells apart even in
// a language whose names bend.
var ordered = []string{"support", "include", "publish", "author"}

// deeds lists the relations whose noun has the one who acts behind it: "with the
// support of A", "on the initiative of B".
var deeds = []string{"support", "initiative"}

// part is what a thing is in the sentence.
type part int

const (
	unclear part = iota
	agent
	patient
)

// directed reports whether the sentence says who acts as the form does.
func (f *filling) directed(form *Form) bool {
	if f.path.property.ID == "merged" {
		return f.merges(form)
	}
	if f.c.heldBy() {
		return false // who held it is not where it was, nor who took part
	}
	for i := range f.c.atoms {
		a := &f.c.atoms[i]
		if a.kind != aRel {
			continue
		}
		for _, id := range a.relations() {
			at, ok := agency[id][f.path.property.ID]
			if ok && !f.sides(form, i, at) {
				return false
			}
		}
	}
	return true
}

// sides compares the parts of the things beside relation rel with their places.
func (f *filling) sides(form *Form, rel int, at place) bool {
	if at == notPlaced {
		return f.nobodyActs(form, rel)
	}
	var doer, other *thing
	for i := range f.c.things {
		t := &f.c.things[i]
		switch f.places[i] {
		case at:
			doer = t
		case atSubject, atValue, atOf, atCountry:
			other = t
		default:
		}
	}
	first, second := unclear, unclear
	if doer != nil {
		first = f.c.partOf(form, rel, doer, other)
	}
	if other != nil {
		second = f.c.partOf(form, rel, other, doer)
	}
	switch {
	case first == patient || second == agent:
		return false
	case form.Act == Check && doer != nil && other != nil && f.c.reversible(rel):
		return first == agent || second == patient
	default:
		return true
	}
}

// nobodyActs reports whether no thing is named as the one who acts; a platform
// holds its own events.
func (f *filling) nobodyActs(form *Form, rel int) bool {
	if g := &f.c.p.v.pack.Grammar; len(g.Helpers) == 0 && f.c.hasVerb(&f.c.atoms[rel], g.Active) && slices.ContainsFunc(f.c.things, f.c.plainPlace) {
		return false // "провёл Казахстан": a place that stands neither in nor of anything did it
	}
	all := slices.DeleteFunc(slices.Clone(f.c.things), func(t thing) bool { return t.typ().ID == platformType })
	for i := range all {
		for j := range all {
			if i != j && f.c.partOf(form, rel, &all[i], &all[j]) == agent {
				return false
			}
		}
	}
	return len(all) != 1 || len(f.c.things) > 1 || f.c.partOf(form, rel, &all[0], nil) != agent
}

// plainPlace reports whether a thing is a country or city that stands in its plain
// form and behind no "in".
func (c *clause) plainPlace(t thing) bool {
	return t.class == nil && isPlace(t.entities[0]) && c.plainForm(&t) && !c.inside(t.at)
}

// reversible reports whether the two sides of a relation might change places.
func (c *clause) reversible(rel int) bool {
	return c.atoms[rel].relates(reversible)
}

// merges reports whether the sentence says what was merged into what as the form
// does: by a word for "into", or by the order of the two.
func (f *filling) merges(form *Form) bool {
	into, merged := slices.Index(f.places[:], atSubject), slices.Index(f.places[:], atValue)
	rel := indexOf(f.c.atoms, func(a *atom) bool { return a.kind == aRel })
	switch {
	case into >= 0 && form.Ask == ValueRole && f.c.askedFrom():
		return true // "of which bodies was A made?"
	case form.Ask != NoRole && (f.c.mentions("create") || f.c.mentions("launch")):
		return f.c.p.e.world.knowsAs(form) // "by merging which bodies was A created?"
	case form.Act == Check && into >= 0:
		return !f.ahead(atSubject, atValue) && f.c.into(f.c.things[into].at)
	case into >= 0 && form.Ask == ValueRole && f.c.p.v.pack.Postpositions:
		return f.c.into(f.c.things[into].at)
	case into >= 0 && form.Ask == ValueRole:
		return f.c.things[into].at > rel || f.c.into(f.c.things[into].at) // "what was A merged into?" asks for another thing
	case merged >= 0 && form.Ask == SubjectRole:
		return !f.c.into(f.c.things[merged].at) && !f.c.askedFrom()
	default:
		return true
	}
}

// knowsAs reports whether the facts know what a form names where the form puts it.
func (w *world) knowsAs(f *Form) bool {
	if e := f.Subject.Entity; e != nil {
		return len(w.store.Of(e, f.Property)) > 0
	}
	return f.Value.Entity != nil && len(w.store.Naming(f.Value.Entity, f.Property)) > 0
}

// askedFrom reports whether what is asked for is what something came from: by its
// ending, "qaysi tashkilotlardan", or by a word for it, "аз кадом ташкилотҳо".
func (c *clause) askedFrom() bool {
	if pack := c.p.v.pack; pack.Postpositions {
		return some(c.things, func(t *thing) bool { return t.asked && pack.EndsAs(c.last(&c.atoms[t.at]), "abl") })
	}
	isFrom := func(m lang.Meaning) bool {
		return m.Concept != nil && m.Concept.Kind == lang.Op && m.Concept.ID == "from"
	}
	for i := range c.atoms {
		a := &c.atoms[i]
		if a.kind != aRel && a.kind != aOp || a.kind == aOp && i+1 < len(c.atoms) && c.atoms[i+1].kind == aEntity {
			continue
		}
		for k := a.from; k < a.to; k++ {
			if slices.ContainsFunc(c.p.v.lex.Longest(c.p.words[k:k+1]).Meanings, isFrom) {
				return true
			}
		}
	}
	return false
}

// into reports whether a word for "into" or "by" stands before the thing at atom
// i, or whether an ending for it stands at its end in a language with
// postpositions.
func (c *clause) into(i int) bool {
	if g := &c.p.v.pack.Grammar; c.p.v.pack.Postpositions {
		if i+1 < len(c.atoms) && c.behindWhat(&c.atoms[i+1]) && lang.EndsIn(c.last(&c.atoms[i+1]), g.Into) {
			return true // "БҰҰ-әйелдер құрамына"
		}
		return lang.EndsIn(c.last(&c.atoms[i]), g.Into)
	}
	for k := i - 1; k >= 0; k-- {
		a := &c.atoms[k]
		if a.is("by") || slices.Contains(c.p.v.pack.Grammar.Into, c.last(a)) {
			return true
		}
		if a.kind != aFiller {
			break
		}
	}
	return false
}

// behindWhat reports whether an atom may be the noun to which an ending for "into" is
// put in place of the name before it: "the composition of".
func (c *clause) behindWhat(a *atom) bool {
	return a.kind == aFiller || a.kind == aRel && a.to-a.from == 1 && a.concept.ID == "member"
}

// heldBy reports whether a country or a city is named as who held something.
func (c *clause) heldBy() bool {
	g := &c.p.v.pack.Grammar
	held := func(a *atom) bool { return a.kind == aRel && a.concept.ID == "hold" }
	return some(c.atoms, held) && some(c.things, func(t *thing) bool {
		if t.class != nil || !isPlace(t.entities[0]) {
			return false
		}
		return c.markedBy(t.at) || len(g.Agent) > 0 && !c.plainForm(t) && lang.EndsIn(c.first(t), g.Agent)
	})
}

// relations lists the relations that a word may stand for: one, or two where it is
// shared.
func (a *atom) relations() []string {
	if a.alt != nil && a.alt.Kind == lang.Relation {
		return []string{a.concept.ID, a.alt.ID}
	}
	return []string{a.concept.ID}
}

// relates reports whether a word may stand for one of the relations.
func (a *atom) relates(ids []string) bool {
	return slices.ContainsFunc(a.relations(), func(id string) bool { return slices.Contains(ids, id) })
}
