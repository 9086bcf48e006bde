package facts

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"suhbat/facts/fold"
)

// Filter says whether [List] shows a fact.
type Filter func(*Fact) bool

// Containing lets through the facts whose id or statement contains every one of
// the words, in whatever case.
func Containing(words ...string) Filter {
	folded := make([]string, len(words))
	for i, w := range words {
		folded[i] = fold.String(w)
	}
	return func(f *Fact) bool {
		text := string(f.ID) + " " + fold.String(Statement(f))
		return !slices.ContainsFunc(folded, func(w string) bool { return !strings.Contains(text, w) })
	}
}

// List writes the facts that pass every filter, one a line: the id, then the
// statement. Its error is the writer's.
func List(w io.Writer, s *Store, filters ...Filter) error {
	p := newPrinter(w)
	p.list("", slices.DeleteFunc(slices.Clone(s.Facts), func(f *Fact) bool {
		return slices.ContainsFunc(filters, func(pass Filter) bool { return !pass(f) })
	}))
	return p.flush()
}

// Show writes all there is about the fact, the entity or the source with the
// given id, or about each of them where several kinds have it. Its error names
// the nearest ids where none has it, and is the writer's otherwise.
func Show(w io.Writer, s *Store, id ID) error {
	fact, entity, source := s.Fact(id), s.Entity(id), s.Source(id)
	if fact == nil && entity == nil && source == nil {
		return s.unknownID(id)
	}
	p := newPrinter(w)
	if fact != nil {
		p.fact(s, fact)
	}
	if entity != nil {
		p.gap(fact != nil)
		p.entity(s, entity)
	}
	if source != nil {
		p.gap(fact != nil || entity != nil)
		p.source(s, source)
	}
	return p.flush()
}

// unknownID is the error of an id that nothing has.
func (s *Store) unknownID(id ID) error {
	known := make(map[ID]bool, len(s.Facts)+len(s.Entities)+len(s.Sources))
	for f := range maps.Keys(s.facts) {
		known[f] = true
	}
	for e := range maps.Keys(s.entities) {
		known[e] = true
	}
	for x := range maps.Keys(s.sources) {
		known[x] = true
	}
	return fmt.Errorf("no fact, entity or source has the id %q%s", id, perhaps(nearest(string(id), maps.Keys(known))))
}

// printer writes aligned lines and keeps the writer's first error.
type printer struct {
	out *tabwriter.Writer
	err error
}

func newPrinter(w io.Writer) *printer {
	return &printer{out: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
}

func (p *printer) flush() error { return cmp.Or(p.err, p.out.Flush()) }

// line writes one line of cells.
func (p *printer) line(cells ...string) {
	_, err := io.WriteString(p.out, strings.Join(cells, "\t")+"\n")
	p.err = cmp.Or(p.err, err)
}

// gap writes an empty line between two things.
func (p *printer) gap(needed bool) {
	if needed {
		p.line()
	}
}

// row writes a labelled line unless it would be empty.
func (p *printer) row(label, text string) {
	if text != "" {
		p.line("  "+label, text)
	}
}

// title writes a heading above rows.
func (p *printer) title(s string) {
	p.line()
	p.line(s)
}

// list writes facts, one a line.
func (p *printer) list(indent string, facts []*Fact) {
	for _, f := range facts {
		p.line(indent+string(f.ID), Statement(f))
	}
}

// section writes a titled list of facts unless it is empty.
func (p *printer) section(title string, facts []*Fact) {
	if len(facts) > 0 {
		p.title(title)
		p.list("  ", facts)
	}
}
