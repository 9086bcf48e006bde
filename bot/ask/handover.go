package ask

import (
	"slices"

	"suhbat/bot/lang"
	"suhbat/facts"
	"suhbat/facts/fold"
)

// Handing over names two chairs in a row: the one who gives and the one who
// receives. Which is which shows in the receiver's form ("Кыргызстану") or in
// the word before it ("to Kyrgyzstan"), never in the order of the words.

// handover composes "to whom did K hand over?", "who handed over to K?", "did K
// hand over to Y?" and "when did K hand over to Y?".
func (c *clause) handover() (*Form, problem) {
	w := &c.p.e.world.known
	if f := c.takeover(); f != nil {
		return f, problem{}
	}
	if !c.mentions("handover") && !c.passesOn() || w.chairedBy == nil || w.chairedBy.Default == nil {
		return nil, problem{}
	}
	giver, receiver, ok := c.sides()
	if !ok || len(c.orders) > 0 || c.pick.Kind != NoPick || !c.onlyOps("from", "by", "list") || !c.onlyRels("handover", "chair", "hold") {
		return nil, problem{}
	}
	f := Form{Act: Find, Property: w.chairedBy, Ask: ValueRole, Subject: Term{Entity: w.chairedBy.Default}, Assumed: true}
	when := c.unit != "" || c.wh != nil && c.wh.ID == "when"
	switch {
	case when && w.handover != nil:
		f.Property, f.Ask, f.Value, f.From = w.handover, TimeRole, Term{Entity: receiver}, giver
		return f.only(giver != nil || receiver != nil), problem{}
	case giver != nil && receiver != nil && c.wh == nil:
		f.Act, f.Ask, f.Value, f.Pick = Check, NoRole, Term{Entity: giver}, Pick{Kind: Before, Of: receiver, Next: true}
	case receiver != nil && giver == nil && c.asksChair():
		f.Pick = Pick{Kind: Before, Of: receiver}
	case giver != nil && receiver == nil && c.asksChair():
		f.Pick = Pick{Kind: After, Of: giver}
	default:
		return nil, problem{}
	}
	return f.only(len(c.spans) == 0 || c.handedThen(&f, giver, receiver)), problem{}
}

// takeover composes "when did K take over the chair?": the day of the handover, or the
// year in which K chaired where the facts know no day.
func (c *clause) takeover() *Form {
	w := &c.p.e.world.known
	of := len(c.orders) == 1 && c.orders[0].op == "successor" && len(c.orders[0].entities) == 1 && c.orders[0].entities[0].Type.ID == platformType
	if !c.has("successor") && !of || len(c.ops) > 1 || !c.mentions("chair") || !c.onlyRels("chair") || c.unit != "year" && (c.wh == nil || c.wh.ID != "when") ||
		len(c.orders) > 0 && !of || len(c.spans) > 0 || c.pick.Kind != NoPick || w.chairedBy == nil || w.chairedBy.Default == nil {
		return nil
	}
	taker, giver, ok := c.sides()
	if !ok || taker == nil || giver != nil {
		return nil
	}
	f := Form{Act: Find, Property: w.chairedBy, Ask: TimeRole, Unit: c.unit, Subject: Term{Entity: w.chairedBy.Default}, Value: Term{Entity: taker}, Assumed: true}
	if w.handover != nil && len(c.p.e.store.Naming(taker, w.handover)) > 0 {
		f.Property = w.handover
	}
	return &f
}

// handedThen asks who gave or got the chair at a time: it has to be that of the
// handover, if the facts know its day, or else between the years of the two.
func (c *clause) handedThen(f *Form, giver, receiver *facts.Entity) bool {
	w := &c.p.e.world.known
	if f.Act != Find || len(c.spans) != 1 {
		return false
	}
	for _, x := range c.p.e.store.With(w.handover) {
		if (giver == nil || x.Qualifiers.Replaces == giver) && (receiver == nil || sameValue(x, receiver)) {
			if c.p.e.world.fit(x, c.spans[0]) != Inside {
				return false
			}
			if giver != nil && receiver == nil {
				f.Property, f.Pick, f.From, f.Time = w.handover, Pick{}, giver, c.spans[0]
			}
			return true
		}
	}
	return false
}

// passesOn reports whether the chair "went to" a country, in a language in which that
// is the word for taking place: "төрагалык Кыргызстанга өткөн".
func (c *clause) passesOn() bool {
	passed := slices.ContainsFunc(c.light, func(r *lang.Concept) bool { return r.ID == "hold" })
	return passed && c.p.v.pack.Postpositions && c.mentions("chair") && some(c.things, func(t *thing) bool {
		return t.class == nil && t.typ().ID == countryType && c.p.inForm(t, c.atoms, "dat")
	})
}

// asksChair reports whether the clause asks for a chair.
func (c *clause) asksChair() bool {
	return c.wh != nil && (c.wh.ID == "who" || c.wh.ID == "which" || c.wh.ID == "what")
}

// onlyOps reports whether the clause has no ops but these.
func (c *clause) onlyOps(ids ...string) bool {
	for op := range c.ops {
		if !slices.Contains(ids, op) {
			return false
		}
	}
	return true
}

// onlyRels reports whether the clause has no relations but these.
func (c *clause) onlyRels(ids ...string) bool {
	return !slices.ContainsFunc(c.rels, func(r *lang.Concept) bool { return !slices.Contains(ids, r.ID) })
}

// sides tells giver and receiver apart. Other things may only be the platform or
// the noun "country".
func (c *clause) sides() (giver, receiver *facts.Entity, ok bool) {
	for i := range c.things {
		t := &c.things[i]
		switch {
		case t.typ().ID == platformType, t.class != nil && t.typ().ID == countryType:
		case t.class != nil || t.typ().ID != countryType || len(t.entities) != 1:
			return nil, nil, false
		case c.receives(t):
			if receiver != nil {
				return nil, nil, false
			}
			receiver = t.entities[0]
		default:
			if giver != nil {
				return nil, nil, false
			}
			giver = t.entities[0]
		}
	}
	return giver, receiver, giver != nil || receiver != nil
}

// receives reports whether a thing is marked as the receiver.
func (c *clause) receives(t *thing) bool {
	if k := t.at - 1; k >= 0 && c.atoms[k].kind == aFiller && c.atoms[k].concept != nil && c.atoms[k].concept.ID == "recipient" {
		return true
	}
	if k := t.at - 1; k >= 0 && c.atoms[k].kind == aRel && c.p.endsWithRecipient(&c.atoms[k]) {
		return true
	}
	if !c.p.inForm(t, c.atoms, "dat") {
		return false
	}
	if t.capital == nil || !c.p.inForm(t, c.atoms, "") {
		return true
	}
	return c.wh != nil && c.wh.ID == "who" && !c.asksWhom() // a name that never bends is what the question word leaves over
}

// asksWhom reports whether the question word asks for somebody to whom something is done.
func (c *clause) asksWhom() bool {
	return slices.Contains(c.p.v.pack.Grammar.Accusers, c.last(&c.atoms[c.whAt]))
}

// inForm reports whether a name was typed in a form of the language; "" is the
// plain one.
func (p *parse) inForm(t *thing, atoms []atom, form string) bool {
	typed, pack := fold.Name(p.phrase(&atoms[t.at])), p.v.pack
	e := t.typed()
	if bent, ok := e.Names[facts.Lang(pack.Code)].Forms[form]; ok && fold.Name(bent) == typed {
		return true
	}
	if form != "" && !pack.HasForm(form) {
		return false
	}
	for code, name := range e.Names {
		for _, n := range append([]string{name.Text}, e.Aliases[code]...) {
			if fold.Name(pack.Inflect(n, form)) == typed {
				return true
			}
		}
	}
	return false
}

// endsWithRecipient reports whether the last word of a phrase is by itself one
// that marks who receives: "hand over to".
func (p *parse) endsWithRecipient(a *atom) bool {
	if a.to-a.from < 2 {
		return false
	}
	for _, m := range p.v.lex.Longest(p.words[a.to-1 : a.to]).Meanings {
		if m.Concept != nil && m.Concept.ID == "recipient" {
			return true
		}
	}
	return false
}
