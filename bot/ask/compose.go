package ask

import (
	"slices"
	"strings"

	"suhbat/facts"
)

// Composition is a search for the places of a property. A property's signature
// says which types may be its subject and its value; the things, dates and
// descriptions of the clause are put into these places in every way that the
// types allow, each into exactly one, and what is left over must describe what
// has a place, truly. What the question word asks for must then be one of the
// places that are still free. The search is small: a question names few things,
// and types leave each but one or two places.

// compose finds the forms of the question in p.atoms: one, or several if it asks
// several things.
func (p *parse) compose() ([]Form, []Form, problem) {
	if bad := p.refuse(); bad.bad() {
		return nil, nil, bad
	}
	inner := Find
	for _, op := range []struct {
		name string
		act  Act
	}{{"source", Cite}, {"why", Why}} {
		if p.strip(op.name) {
			inner = op.act
			break
		}
	}
	if inner == Why && p.asksImportance() {
		inner = Find // "why is it important" asks what is new about it
	}
	if inner != Find && p.bare() && (inner == Cite || len(p.q.Last) > 0) {
		return p.ofLast(inner)
	}
	if len(p.atoms) > 1 && p.atoms[0].is("and") {
		p.drop(0) // "and where was it held?"
	}
	p.cleft()
	p.dropTag()
	p.tried, p.clauses = 0, p.clauses[:0]
	p.granted()
	p.subordinate()
	forms, choices, bad := p.forms(p.atoms, 0)
	if bad.bad() || inner == Find {
		return forms, choices, bad
	}
	if len(forms) == 0 && inner == Why && len(choices) > 0 {
		forms = choices[:1:1] // whichever is meant, no reason is known
	}
	if len(forms) == 0 {
		return nil, nil, problem{reason: NoParse}
	}
	for i := range forms {
		f := forms[i]
		if inner == Why {
			f = asCheck(f)
		}
		forms[i] = Form{Act: inner, Inner: &f}
	}
	return forms, nil, problem{}
}

// asksImportance reports whether the question speaks of importance.
func (p *parse) asksImportance() bool {
	return some(p.atoms, func(a *atom) bool { return a.kind == aRel && a.concept.ID == "significance" })
}

// subordinate reads "…, when resolution 1325 was adopted" as the day on which it
// was, if the facts know that day.
func (p *parse) subordinate() {
	for i := 2; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if a.kind != aWh || a.concept.ID != "when" || p.next(i) < 0 || !p.mainClause(i) {
			continue
		}
		c, bad := p.clause(p.atoms[i+1:])
		if bad.bad() || c.not || len(c.rels)+len(c.light) == 0 || !c.onlyDates() || len(c.spans) > 0 || len(c.ops) > 0 || c.wh != nil {
			return
		}
		points, ok := c.points()
		if !ok || len(points) != 1 {
			return
		}
		if d, f := p.e.day(points[0]); f != nil && d.Precision() == facts.ToTheDay {
			p.merge(i, len(p.atoms)-1, atom{kind: aDate, span: In(d)})
		}
		return
	}
}

// mainClause reports whether a question stands before atom i: another question
// word and what is asked, with no "and" between.
func (p *parse) mainClause(i int) bool {
	wh, content := false, false
	for k := range p.atoms[:i] {
		a := &p.atoms[k]
		wh = wh || a.kind == aWh || a.kind == aFiller && a.concept.ID == "aux"
		content = content || a.kind == aRel
		if a.is("and") {
			return false
		}
	}
	return wh && content
}

// refuse finds words that no reading can use.
func (p *parse) refuse() problem {
	if len(p.odd) > 0 {
		return problem{OddWord, slices.Clone(p.odd)}
	}
	for i := range p.atoms {
		switch a := &p.atoms[i]; a.kind {
		case aUncovered:
			return problem{OffTopic, []string{p.phrase(a)}}
		case aBlocked, aUnknown:
			return problem{OddWord, []string{p.phrase(a)}}
		default:
		}
	}
	return problem{}
}

// strip removes the op or question word of the given name and reports whether it
// was there.
func (p *parse) strip(name string) bool {
	found := false
	for i := 0; i < len(p.atoms); i++ {
		a := &p.atoms[i]
		if a.concept != nil && a.concept.ID == name && (a.kind == aOp || a.kind == aWh) {
			p.drop(i)
			i--
			found = true
		}
	}
	if found && name == "source" {
		p.stripWh()
	}
	return found
}

// stripWh removes the question word that asked for the source: "what is the
// source …", unless another word could be what it asks.
func (p *parse) stripWh() {
	for i := 0; i < len(p.atoms); i++ {
		if p.atoms[i].kind == aWh {
			p.drop(i)
			i--
		}
	}
}

// bare reports whether nothing but fillers is left.
func (p *parse) bare() bool {
	for i := range p.atoms {
		switch p.atoms[i].kind {
		case aFiller, aWh, aChat:
		case aOp:
			if !p.atoms[i].is("list") && !p.atoms[i].is("verify") && !p.atoms[i].is("in") {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// ofLast asks for the source, or the reason, of the answer before.
func (p *parse) ofLast(act Act) ([]Form, []Form, problem) {
	if len(p.q.Last) == 0 {
		return nil, nil, problem{reason: NoLast}
	}
	var out []Form
	for _, last := range p.q.Last {
		f := lastForm(last)
		if act == Why {
			f = asCheck(f)
		}
		out = append(out, Form{Act: act, Inner: &f})
	}
	return out, nil, problem{}
}

// asCheck turns "why did K chair in 2022" into "did K chair in 2022".
func asCheck(f Form) Form {
	if f.Act == Find && !f.Subject.IsZero() && (!f.Value.IsZero() || !f.Time.IsZero()) {
		f.Act, f.Ask = Check, NoRole
	}
	return f
}

// maxTried bounds the clauses that a question is divided into on trial; those of
// several parts that are understood take five or so, and without a bound a hostile
// one would take ten thousand.
const maxTried = 50

// maxDepth bounds how often a question is divided.
const maxDepth = 4

// forms composes atoms as one clause or, if that fails, as several that share
// what they have in common.
func (p *parse) forms(atoms []atom, depth int) (forms, choices []Form, bad problem) {
	if p.tried++; len(atoms) == 0 || p.tried > maxTried {
		return nil, nil, problem{reason: NoParse}
	}
	c, bad := p.clause(atoms)
	if !bad.bad() {
		c.question = c.question || strings.Contains(p.text, "?") || atoms[0].kind == aFiller && atoms[0].concept.ID == "aux" ||
			atoms[0].kind == aRel && slices.Contains(p.v.pack.Grammar.Helpers, p.tokens[atoms[0].from].Text) // "did the Council adopt", one phrase
		c.question = c.question && !c.ranks()
		c.part = depth > 0
		f, choices, b := c.form()
		if !b.bad() {
			if len(choices) > 0 {
				return nil, choices, problem{}
			}
			return p.one(f), nil, problem{}
		}
		bad = b
	}
	if depth < maxDepth {
		if forms := p.divide(atoms, depth); forms != nil && !repeats(forms) {
			return forms, nil, problem{}
		}
	}
	return nil, nil, bad
}

// ranks reports whether a clause without a verb is a noun with its place in an order:
// "the newest resolution of the agenda?" asks which that is.
func (c *clause) ranks() bool {
	return c.wh == nil && !c.whether && !c.hasAux() && len(c.rels)+len(c.light)+len(c.spans)+len(c.orders) == 0 && len(c.things) > 0 &&
		c.things[0].class != nil && (c.things[0].class.Nth != 0 || c.pick.Kind != NoPick) &&
		!some(c.things[1:], func(t *thing) bool { return t.class != nil || t.typ().ID != agendaType })
}

// repeats reports whether two parts of a question ask the same: then it was cut in the
// wrong place, as "which was adopted first, A or B?" would be after "first".
func repeats(forms []Form) bool {
	seen := make(map[string]bool, len(forms))
	for i := range forms {
		s := forms[i].String()
		if seen[s] {
			return true
		}
		seen[s] = true
	}
	return false
}

// form composes one clause.
func (c *clause) form() (Form, []Form, problem) {
	if c.not && !c.mentions("unanimous") {
		return Form{}, nil, problem{reason: Negated}
	}
	if c.ofWhole() {
		return Form{}, nil, problem{reason: Unlisted}
	}
	c.bracket()
	c.flip()
	if c.timesOfSome() || c.besideTerm() {
		return Form{}, nil, problem{reason: NoParse}
	}
	c.every()
	c.severalFirst()
	c.dropArticle()
	c.tenure()
	c.adopted()
	if c.has("and") && !c.pairs() {
		return Form{}, nil, problem{reason: NoParse}
	}
	if f, bad := c.special(); f != nil {
		return *f, nil, problem{}
	} else if bad.bad() {
		return Form{}, nil, bad
	}
	if c.has("or") {
		return Form{}, nil, problem{reason: NoParse}
	}
	if c.meeting > 0 {
		return c.atMeeting()
	}
	if c.votes > 0 {
		return c.byVotes()
	}
	if c.underSomebody() || c.duringChair() {
		c.underChair()
	}
	f, choices, bad := c.best(c.candidates())
	if (bad.bad() || f != c.p.form) && len(choices) == 0 && (c.underChair() || bad.bad() && (c.dropMembers() || c.dropEnd())) {
		return c.best(c.candidates())
	}
	return f, choices, bad
}

// atMeeting composes "which resolution was adopted at the 8514th meeting?".
func (c *clause) atMeeting() (Form, []Form, problem) {
	p := c.p.e.store.Property("meeting-number")
	council := func(t *thing) bool {
		return t.class != nil && t.class.Type.ID == resolutionType && plainClass(t.class) ||
			t.class == nil && (t.typ().ID == agendaType || t.typ().ID == organisation)
	}
	if f := (Form{Act: Check, Property: p, Number: c.meeting}); p != nil && c.verifies() && len(c.things) == 1 && len(c.spans)+len(c.orders) == 0 &&
		c.onlyRels("adopt", "meeting-number") && c.things[0].class == nil && c.things[0].typ().ID == resolutionType {
		f.Subject = Term{Entity: c.things[0].entities[0]}
		return f, nil, problem{}
	}
	if p == nil || c.wh == nil || len(c.spans) > 0 || len(c.orders) > 0 || !c.onlyRels("adopt", "meeting-number") ||
		some(c.things, func(t *thing) bool { return !council(t) }) {
		return Form{}, nil, problem{reason: NoParse}
	}
	return Form{Act: Find, Property: p, Ask: SubjectRole, Number: c.meeting}, nil, problem{}
}

// byVotes composes "which resolutions got 15 votes?" and "did it get 13 votes?".
func (c *clause) byVotes() (Form, []Form, problem) {
	var what *thing
	for i := range c.things {
		switch t := &c.things[i]; {
		case t.typ().ID == resolutionType && what == nil:
			what = t
		case t.class == nil && (t.typ().ID == agendaType || t.typ().ID == organisation):
		default:
			return Form{}, nil, problem{reason: NoParse}
		}
	}
	number := c.wh != nil && c.wh.ID == "how-many"
	if what == nil || !c.onlyRels("vote", "adopt") || len(c.spans)+len(c.orders) > 0 || c.pick.Kind != NoPick || c.many > 0 ||
		c.wh != nil && (what.class == nil || !what.asked) || c.wh == nil && !c.verifies() && what.class == nil {
		return Form{}, nil, problem{reason: NoParse}
	}
	f := Form{Act: Find, Property: c.p.e.world.known.vote, Ask: SubjectRole, Number: c.votes, Listed: c.listed()}
	switch {
	case what.class == nil:
		f.Act, f.Ask, f.Subject = Check, NoRole, Term{Entity: what.entities[0]}
	case c.verifies():
		return Form{}, nil, problem{reason: NoParse}
	default:
		f.Subject, f.Want = Term{Class: what.class}, what.class.Type
	}
	if number {
		f.Act = Count
	}
	return f, nil, problem{}
}

// pairs reports whether the clause is of a kind that takes two things joined by
// "and".
func (c *clause) pairs() bool {
	return c.duration() || c.has("earlier") || c.has("later") || c.has("between") || c.has("elapsed") || c.endOf()
}

// endOf reports whether the clause asks which of several named things was the first or
// the last: "which of A, B and C came last".
func (c *clause) endOf() bool {
	named := 0
	for i := range c.things {
		if c.things[i].class == nil {
			named++
		}
	}
	return named > 1 && c.wh != nil && !c.pick.All && (c.pick == Pick{Kind: Nth, N: 1} || c.pick.Kind == Last)
}

// candidates lists every form that the clause may have.
func (c *clause) candidates() []candidate {
	for op := range c.ops {
		if !c.harmless(op) {
			return nil
		}
	}
	c.p.candidates = c.p.candidates[:0]
	if len(c.spans) == 0 && c.future() && !c.lasting() && !c.introduces() && !c.p.q.Today.IsZero() {
		c.spans = append(c.spans, Span{First: dayAfter(c.p.q.Today), Last: farFuture}) // what was does not tell what will be
	}
	c.ahead()
	c.unnamed = c.listed()
	f := filling{c: c}
	for i, path := range c.paths() {
		f.path, f.cost = path, 2*i
		f.place(0)
	}
	c.bareThing()
	return c.p.candidates
}
