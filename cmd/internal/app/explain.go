package app

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"suhbat/bot/ask"
	"suhbat/bot/message"
	"suhbat/facts"
)

func newExplain(o *options) *cobra.Command {
	var when moment
	var in tongue
	cmd := &cobra.Command{
		Use:     "explain QUESTION…",
		Short:   "show how a question is understood: words, form, facts, sources",
		Example: "  suhbat explain where was the Dialogue held in October 2023?",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("explain needs a question, such as: suhbat explain who chaired in 2022?")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			now, err := when.clock(o.process)
			if err != nil {
				return err
			}
			parts, err := o.build()
			if err != nil {
				return err
			}
			tag, err := in.tag(parts.set.Codes())
			if err != nil {
				return err
			}
			engine, err := ask.New(parts.store, parts.set)
			if err != nil {
				return err
			}
			q := ask.Question{Text: strings.Join(args, " "), Today: facts.On(now()), Trace: true}
			if in.code != "" {
				q.Lang = tag.String()
			}
			return explain(o.process.Out, parts.store, engine.Ask(q))
		},
	}
	when.addTo(cmd)
	in.addTo(cmd)
	return cmd
}

// explain writes the way from the words of a question to the pages that bear out
// its answer.
func explain(w io.Writer, store *facts.Store, a ask.Answer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) // its errors come from Flush
	row := func(cells ...string) {
		for i, c := range cells {
			cells[i] = message.Clean(c)
		}
		_, _ = fmt.Fprintln(t, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	explainReading(row, a)
	row("words")
	for _, word := range a.Trace {
		row("  "+word.Text, word.Meaning)
	}
	explainForms(row, "understood", a)
	row("outcome", outcome(a))
	explainFacts(row, store, a)
	return t.Flush()
}

// explainReading writes what was read otherwise than typed.
func explainReading(row func(...string), a ask.Answer) {
	row("language", a.Lang)
	if a.Reading != "" {
		row("read as", a.Read, "("+a.Reading+")")
	}
	for _, c := range a.Misread {
		row("read as", c.Typed+" → "+c.Read)
	}
}

// explainForms writes the logical forms that were found.
func explainForms(row func(...string), title string, a ask.Answer) {
	for i := range a.Results {
		row(title, a.Results[i].Form.String())
	}
	for i := range a.Choices {
		row("or", a.Choices[i].String())
	}
	for i := range a.Near {
		row("nearest", a.Near[i].String())
	}
}

// outcome writes what came of the question and why.
func outcome(a ask.Answer) string {
	s := string(a.Outcome)
	if a.Outcome == ask.NotUnderstood {
		s = "not_understood"
	}
	if a.Reason != ask.NoReason {
		s += ", " + string(a.Reason)
	}
	for i := range a.Results {
		if why := a.Results[i].Why; why != ask.NoGap {
			s += ", " + string(why)
		}
	}
	if len(a.Words) > 0 {
		s += ": " + strings.Join(a.Words, ", ")
	}
	return s
}

// explainFacts writes the facts of the answer and, once each, their sources.
func explainFacts(row func(...string), store *facts.Store, a ask.Answer) {
	var sources []*facts.Source
	seen := make(map[*facts.Source]bool)
	for i, id := range a.Facts() {
		if i == 0 {
			row("facts")
		}
		f := store.Fact(id)
		row("  "+string(id), facts.Statement(f))
		for _, r := range f.References {
			if !seen[r.Source] {
				seen[r.Source] = true
				sources = append(sources, r.Source)
			}
		}
	}
	for i, s := range sources {
		if i == 0 {
			row("sources")
		}
		row("  "+string(s.ID), strings.TrimSpace(s.Publisher+" "+s.Date.String())+": "+s.Title)
		if s.URL != "" {
			row("", s.URL)
		}
	}
}
