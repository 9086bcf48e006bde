package ask

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"suhbat/facts"
)

// declined is how an example says that a question must not be answered.
const declined = "-"

// exampleDay is the day on which examples are asked.
var exampleDay = facts.Date{Year: 2026, Month: 1, Day: 1}

// examples asks every example of every pack. One that speaks of things that the
// store does not hold is passed over: it belongs to other facts.
func (e *Engine) examples() error {
	var wrong []error
	for _, v := range e.voices {
		for _, x := range v.pack.Examples {
			if !e.holds(x.Form) {
				continue
			}
			a := e.Ask(Question{Text: x.Text, Lang: v.pack.Code, Today: exampleDay, exact: true})
			if got := a.forms(); got != x.Form {
				wrong = append(wrong, fmt.Errorf("%s:%d:1: %q is understood as %q, expected %q", x.File, x.Line, x.Text, got, x.Form))
			}
		}
	}
	return errors.Join(wrong...)
}

// forms prints what a question was understood as.
func (a *Answer) forms() string {
	if a.Outcome == NotUnderstood || a.Outcome == Chat {
		return declined
	}
	var out []string
	for i := range a.Results {
		out = append(out, a.Results[i].Form.String())
	}
	return strings.Join(out, "; ")
}

// id matches the ids in a logical form.
var id = regexp.MustCompile(`[a-z]+(?:-[a-z0-9]+)+`)

// holds reports whether the store has every thing that a form names.
func (e *Engine) holds(form string) bool {
	for _, name := range id.FindAllString(form, -1) {
		if e.store.Entity(facts.ID(name)) == nil && e.store.Property(facts.ID(name)) == nil && e.set.Concepts[name] == nil {
			return false
		}
	}
	return true
}
