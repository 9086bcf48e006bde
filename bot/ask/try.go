package ask

import (
	"slices"
)

// try reads one attempt through to its answer.
func (e *Engine) try(p *parse, at attempt) Answer {
	p.form = Form{}
	a := Answer{Lang: at.voice.pack.Code, Reading: at.reading}
	if at.reading != "" {
		a.Read = at.text
	}
	known := p.read(at)
	if len(p.tokens) == 0 {
		a.Reason = NoWords
		return a
	}
	if !known {
		described := e.tryTopic
		if at.reading != "" {
			described = e.tryTheme // every word of a theme has to stand in one, so noise is none
		}
		if r, ok := described(p); ok {
			a.Results = []Result{r}
			a.Outcome = outcomeOf(&r)
			return a
		}
	}
	a.Misread = slices.Clone(p.misread)
	if p.q.Trace {
		a.Trace = p.trace()
	}
	if known && p.chat(&a) {
		return a
	}
	if known && p.farRead(at) {
		known = false
		for _, m := range p.misread {
			p.odd = append(p.odd, m.Typed)
		}
	}
	if !known {
		a.Reason, a.Words = OddWord, slices.Clone(p.odd)
		return a
	}
	p.reduce()
	var atoms []atom // as they are before composition
	if len(p.q.Last) > 0 {
		atoms = slices.Clone(p.atoms)
	}
	forms, choices, bad := p.compose()
	if p.q.Trace {
		a.Trace = p.trace()
	}
	if len(p.q.Last) > 0 {
		if fs, cs, ok := p.follow(atoms, forms); ok {
			forms, choices, bad, a.Follows = fs, cs, problem{}, len(cs) == 0
		} else if !bad.bad() && profiles(forms) && len(forms) > 0 && p.onlyWhether(atoms) {
			forms, bad = nil, problem{reason: NoParse}
		}
	}
	if bad.reason == NoParse || bad.reason == OddWord || bad.reason == OffTopic {
		if r, ok := e.tryTopic(p); ok {
			a.Results = []Result{r}
			a.Outcome = outcomeOf(&r)
			return a
		}
	}
	switch {
	case bad.bad():
		a.Reason, a.Words = bad.reason, bad.words
		if bad.reason == OffTopic || bad.reason == Negated || bad.reason == NoParse {
			a.named = thingsIn(p.atoms)
		}
	case len(choices) > 0:
		a.Outcome, a.Choices = Ambiguous, choices
	default:
		e.answer(&a, p, forms)
	}
	return a
}

// onlyWhether reports whether nothing but a name and a particle that asks yes or no was
// said, «Россиябы?»: after a question that it does not fit, nobody asks what it is.
func (p *parse) onlyWhether(atoms []atom) bool {
	return len(p.v.pack.Clitics) > 0 && some(atoms, func(a *atom) bool { return a.is("verify") }) &&
		!some(atoms, func(a *atom) bool { return a.kind != aEntity && a.kind != aFiller && !a.is("verify") })
}

// farRead reports whether more of the question is guessed than was typed: a
// correction needs a word beside it that is spelt right, two if the letters
// themselves were read as others, or noise would pass for a question.
func (p *parse) farRead(at attempt) bool {
	if len(p.misread) == 0 {
		return false
	}
	content := 0
	for i := range p.atoms {
		if p.atoms[i].kind != aFiller {
			content++
		}
	}
	need := 2
	if at.reading != "" {
		need++
	}
	return content < need*len(p.misread)
}

// tryTopic reads the question as one about a text, or about a proposal.
func (e *Engine) tryTopic(p *parse) (Result, bool) {
	if f, ok := p.topic(); ok {
		if r := e.findTopic(f); r.Kind != Missing {
			return r, true
		}
	}
	if r, ok := e.tryTheme(p); ok {
		return r, true
	}
	return e.tryProposal(p)
}

// outcomeOf is the outcome of a question with one result.
func outcomeOf(r *Result) Outcome {
	if r.Kind == Missing {
		return Unknown
	}
	return Answered
}

// answer resolves the forms. A question of several parts is answered whole or
// not at all.
func (e *Engine) answer(a *Answer, p *parse, forms []Form) {
	a.Outcome, a.Results = Answered, make([]Result, len(forms))
	for i := range forms {
		f, r := &forms[i], &a.Results[i]
		if len(forms) > 1 || *f != p.form {
			*r = e.resolve(f, p.q.Today)
		} else {
			*r = p.result
		}
		r.Ahead = f.Time.ahead(p.q.Today)
		if r.Kind == Missing {
			a.Outcome = Unknown
			a.Near = append(a.Near, e.nearForm(f)...)
		}
	}
	if a.Outcome == Answered && p.saysOr() {
		a.Results = chosen(a.Results)
	}
	if a.Outcome == Unknown && len(a.Results) > 1 {
		a.Results = slices.DeleteFunc(a.Results, func(r Result) bool { return r.Kind != Missing })
	}
}

// saysOr reports whether the question leaves a choice.
func (p *parse) saysOr() bool {
	for i := range p.atoms {
		if p.atoms[i].is("or") {
			return true
		}
	}
	return false
}

// chosen keeps the one of several alternatives that is so, "in 2024 or in 2025?", and
// all of them if it is not one.
func chosen(all []Result) []Result {
	var so []Result
	for _, r := range all {
		switch {
		case r.Kind == Yes && r.Form.Act == Check:
			r.Kind = Statements
			so = append(so, r)
		case r.Kind == Statements && r.Form.Act == Find:
			so = append(so, r)
		case r.Kind != No && r.Kind != Instead:
			return all
		}
	}
	if len(so) != 1 || len(all) == 1 {
		return all
	}
	return so
}

// chat recognises what is no question and drops courtesies around one. It
// reports whether nothing else was said.
func (p *parse) chat(a *Answer) bool {
	said, courtesies := "", 0
	rest := false
	for i := range p.atoms {
		switch x := &p.atoms[i]; {
		case x.kind == aChat:
			courtesies++
			if said == "" || said == "greeting" {
				said = x.concept.ID
			}
		case x.is("about-op") && len(p.atoms) == 1:
			said = "help" // "what do you know about?"
		case x.kind != aFiller:
			rest = true
		}
	}
	if !rest && said != "" {
		a.Outcome, a.Chat = Chat, said
		return true
	}
	if courtesies > 0 {
		p.courtesies()
	}
	return false
}

// courtesies drops greetings and thanks around a question; a word that is also
// used in questions ("help") keeps its other meaning.
func (p *parse) courtesies() {
	for i := range p.atoms {
		if x := &p.atoms[i]; x.kind == aChat && x.alt != nil {
			x.concept, x.alt = x.alt, nil
			x.kind, x.n = kindOf(x.concept), x.concept.N
		}
	}
	p.atoms = slices.DeleteFunc(p.atoms, func(x atom) bool { return x.kind == aChat && x.concept.ID != "help" })
}
