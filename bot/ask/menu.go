package ask

// Resolve answers a form that nobody had to ask in words: one of a menu.
func (e *Engine) Resolve(q Question, f Form) Answer {
	a := Answer{Outcome: Answered, Lang: e.Fallback(q), Results: []Result{e.resolve(&f, q.Today)}}
	if a.Results[0].Kind == Missing {
		a.Outcome, a.Near = Unknown, e.nearForm(&f)
	}
	return a
}
