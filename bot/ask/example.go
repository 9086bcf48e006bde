package ask

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// declined is how an example says that a question must not be answered.
const declined = "-"

// exampleDay is the day on which examples are asked.
var exampleDay = facts.Date{Year: 2026, Month: 1, Day: 1}

// examples asks every example of every pack. One that speaks of things that the
// store does not hold is passed over: it belongs to other facts.
func (e *Engine) examples() error {
	wrong := make([]error, len(e.voices))
	e.each(func(i int, v *voice) { wrong[i] = e.examplesOf(v) })
	return errors.Join(wrong...)
}

func (e *Engine) examplesOf(v *voice) error {
	var wrong []error
	for _, x := range v.pack.Examples {
		if !e.holds(x.Form) {
			continue
		}
		a := e.Ask(Question{Text: x.Text, Lang: v.pack.Code, Today: exampleDay, exact: true})
		if got := a.forms(); got != x.Form {
			wrong = append(wrong, lang.Finding{
				File: x.File, Line: x.Line, Col: 1,
				What: fmt.Sprintf("%q is understood as %q", x.Text, got), Want: strconv.Quote(x.Form),
			})
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
var id = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[a-z]+(?:-[a-z0-9]+)+`) })

// holds reports whether the store has every thing that a form names.
func (e *Engine) holds(form string) bool {
	for _, name := range id().FindAllString(form, -1) {
		if e.store.Entity(facts.ID(name)) == nil && e.store.Property(facts.ID(name)) == nil && e.set.Concepts[name] == nil {
			return false
		}
	}
	return true
}

// specific matches what a logical form says of the things at hand: what stands in
// brackets, quotation marks, and after a pick.
var specific = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\(([^()]|\([^()]*\))*\)|"[^"]*"|#\d+|(before|after) [a-z0-9-]+`)
})

// KindOf is the kind of question that a logical form is, such as "find value
// chaired-by": the form without its things, times and numbers.
func KindOf(form string) string {
	if form == declined {
		return "declined"
	}
	if strings.Contains(form, "; ") {
		return "two questions in one"
	}
	kind := specific().ReplaceAllStringFunc(form, func(s string) string {
		switch s[0] {
		case '(', '"':
			return ""
		case '#':
			return "the n-th"
		default:
			return strings.Fields(s)[0]
		}
	})
	act, rest, _ := strings.Cut(kind, ": ")
	if act == string(About) || act == string(Recur) || act == string(Naming) {
		if _, pick, ok := strings.Cut(rest, "the n-th"); ok {
			return act + " the n-th" + pick
		}
		return act
	}
	return strings.Join(strings.Fields(strings.ReplaceAll(kind, ":", "")), " ")
}
