package message

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Plain renders m as text: the blocks with an empty line between them (none
// between a paragraph and the list that it introduces), list items after "- " or
// "1. ", quotes in “…”, citations as [1]; then the notes, then the choices, each
// after an empty line. All text is cleaned as by [Clean], and no line begins or
// ends in a space.
func Plain(m Message) string { return Styled(m, Style{}) }

// Style marks parts of a rendering, such as by the colours of a terminal. A nil
// func leaves its part as it is; the others get cleaned text, and never a blank
// one.
type Style struct{ Strong, Cite, Note, Choice func(string) string }

// Styled renders m as [Plain] does, with some parts marked.
func Styled(m Message, style Style) string {
	w := writer{style: style}
	w.Grow(usual * (1 + len(m.Notes)))
	for _, b := range m.Body {
		w.block(b)
	}
	w.afterParagraph = false
	w.begin()
	for i, n := range m.Notes {
		if n != (Note{}) {
			w.line(mark(style.Note, noteLine(i+1, n)))
		}
	}
	w.begin()
	for i, c := range m.Choices {
		if c != (Choice{}) {
			w.line(mark(style.Choice, strconv.Itoa(i+1)+") "+strings.TrimSpace(Clean(c.Label))))
		}
	}
	return w.String()
}

// usual is about how many bytes an answer has, or one of its notes.
const usual = 256

// mark applies one func of a [Style].
func mark(f func(string) string, s string) string {
	if f == nil || strings.TrimSpace(s) == "" {
		return s
	}
	return f(s)
}

// writer joins lines into groups that are set apart by empty lines.
type writer struct {
	strings.Builder
	style Style
	// gap is true when the next line begins a group.
	gap bool
	// afterParagraph is true when the last block written was a paragraph.
	afterParagraph bool
}

// begin says that the next line begins a new group.
func (w *writer) begin() { w.gap = true }

// line writes one line, if it says anything.
func (w *writer) line(s string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return
	}
	if w.Len() > 0 {
		w.WriteByte('\n')
		if w.gap {
			w.WriteByte('\n')
		}
	}
	w.gap = false
	w.WriteString(s)
}

func (w *writer) block(b Block) {
	before := w.Len()
	switch b := b.(type) {
	case Paragraph:
		w.begin()
		w.line(w.inlines(b))
	case Quote:
		w.begin()
		if text := strings.TrimSpace(w.inlines(b)); text != "" {
			w.line("“" + text + "”")
		}
	case List:
		w.gap = !w.afterParagraph
		w.items(b)
	}
	if w.Len() > before {
		_, w.afterParagraph = b.(Paragraph)
	}
}

func (w *writer) items(l List) {
	number := max(l.First, 1)
	for i, item := range l.Items {
		text := strings.TrimSpace(w.inlines(item))
		switch {
		case text == "":
		case l.Ordered:
			w.line(strconv.Itoa(number+i) + ". " + text)
		default:
			w.line("- " + text)
		}
	}
}

// inlines renders one line.
func (w *writer) inlines(inlines []Inline) string {
	var b strings.Builder
	last := ' ' // the character before, as a reader sees it
	for _, in := range inlines {
		text, style := Clean(words(in)), (func(string) string)(nil)
		switch in := in.(type) {
		case Cite:
			text, style = "["+strconv.Itoa(int(in))+"]", w.style.Cite
			if wantsSpace(last) {
				b.WriteByte(' ')
			}
		case Strong:
			style = w.style.Strong
		case Text, Link, Day:
		}
		if text != "" {
			b.WriteString(mark(style, text))
			last = lastRune(text)
		}
	}
	return b.String()
}

// wantsSpace reports whether a citation has to be set off from the character
// before it.
func wantsSpace(last rune) bool {
	return !unicode.IsSpace(last) && !unicode.Is(unicode.Ps, last) && last != ']'
}

// words returns the words of an inline, which a Cite has none of.
func words(in Inline) string {
	switch in := in.(type) {
	case Text:
		return string(in)
	case Strong:
		return string(in)
	case Day:
		return in.Text
	case Link:
		if in.Text == "" || in.Text == in.URL || in.URL == "" {
			return max(in.Text, in.URL)
		}
		return in.Text + " (" + in.URL + ")"
	default:
		return ""
	}
}

// noteLine writes a note as "[1] Publisher, Date: Title. URL", leaving out what
// it does not have.
func noteLine(number int, n Note) string {
	who, date, title, address := Clean(n.Publisher), Clean(n.Date), Clean(n.Title), Clean(n.URL)
	var b strings.Builder
	b.Grow(len("[99] , : . ") + len(who) + len(date) + len(title) + len(address))
	b.WriteString("[" + strconv.Itoa(number) + "]")
	named := b.Len()
	if n.Date != "" && who != "" {
		who = strings.TrimPrefix(who, ", ") + ", "
	}
	add := func(before, words string) {
		if words != "" {
			b.WriteString(before)
			b.WriteString(words)
		}
	}
	add(" ", who+date)
	if b.Len() > named && title != "" {
		b.WriteByte(':')
	}
	add(" ", title)
	if title != "" && !strings.ContainsRune(".!?…", lastRune(title)) {
		b.WriteByte('.')
	}
	add(" ", address)
	return b.String()
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
