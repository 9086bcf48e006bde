package message

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
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
	room := buffers.Get().(*[]byte)
	w := writer{style: style, text: (*room)[:0]}
	for _, b := range m.Body {
		w.block(b)
	}
	w.afterParagraph = false
	w.begin()
	for i, n := range m.Notes {
		if n != (Note{}) {
			w.line(style.Note, func() { w.note(i+1, n) })
		}
	}
	w.begin()
	for i, c := range m.Choices {
		if c != (Choice{}) {
			w.line(style.Choice, func() { w.number(i+1, ") "); w.add(strings.TrimSpace(Clean(c.Label))) })
		}
	}
	said := string(w.text)
	if *room = w.text; cap(w.text) <= most {
		buffers.Put(room)
	}
	return said
}

// buffers are for messages that are being written.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, usual); return &b }}

// usual is how many bytes most answers have at most, most how many a buffer may have
// that is kept for the next one.
const (
	usual = 1 << 10
	most  = 16 << 10
)

// mark applies one func of a [Style].
func mark(f func(string) string, s string) string {
	if f == nil || strings.TrimSpace(s) == "" {
		return s
	}
	return f(s)
}

// writer joins lines into groups that are set apart by empty lines. All that it writes
// goes straight to where it stays.
type writer struct {
	text  []byte
	style Style
	// gap is true when the next line begins a group.
	gap bool
	// afterParagraph is true when the last block written was a paragraph.
	afterParagraph bool
}

// begin says that the next line begins a new group.
func (w *writer) begin() { w.gap = true }

func (w *writer) add(s string) { w.text = append(w.text, s...) }

// number adds a number and what stands behind it.
func (w *writer) number(n int, behind string) {
	w.text = append(strconv.AppendInt(w.text, int64(n), 10), behind...)
}

// line has one line written and marks it. One that says nothing is taken away again,
// with the end of the line before it.
func (w *writer) line(style func(string) string, write func()) {
	before := len(w.text)
	if before > 0 {
		w.add("\n")
		if w.gap {
			w.add("\n")
		}
	}
	from := len(w.text)
	write()
	w.trim(from)
	if style != nil {
		marked := strings.TrimSpace(mark(style, string(w.text[from:])))
		w.text = append(w.text[:from], marked...)
	}
	if len(w.text) == from {
		w.text = w.text[:before]
		return
	}
	w.gap = false
}

// trim takes the spaces off both ends of what was written from somewhere on.
func (w *writer) trim(from int) {
	w.text = append(w.text[:from], bytes.TrimSpace(w.text[from:])...)
}

func (w *writer) block(b Block) {
	before := len(w.text)
	switch b := b.(type) {
	case Paragraph:
		w.begin()
		w.line(nil, func() { w.inlines(b) })
	case Quote:
		w.begin()
		w.line(nil, func() { w.around("“", b, "”") })
	case List:
		w.gap = !w.afterParagraph
		w.items(b)
	}
	if len(w.text) > before {
		_, w.afterParagraph = b.(Paragraph)
	}
}

func (w *writer) items(l List) {
	number := max(l.First, 1)
	for i, item := range l.Items {
		lead := "- "
		if l.Ordered {
			lead = strconv.Itoa(number+i) + ". "
		}
		w.line(nil, func() { w.around(lead, item, "") })
	}
}

// around writes inlines between two texts, or nothing if they show nothing.
func (w *writer) around(before string, inlines []Inline, behind string) {
	start := len(w.text)
	w.add(before)
	from := len(w.text)
	w.inlines(inlines)
	if w.trim(from); len(w.text) == from {
		w.text = w.text[:start]
		return
	}
	w.add(behind)
}

// inlines renders one line.
func (w *writer) inlines(inlines []Inline) {
	last := ' ' // the character before, as a reader sees it
	for _, in := range inlines {
		text, style := Clean(words(in)), (func(string) string)(nil)
		switch in := in.(type) {
		case Cite:
			text, style = "["+strconv.Itoa(int(in))+"]", w.style.Cite
			if wantsSpace(last) {
				w.add(" ")
			}
		case Strong:
			style = w.style.Strong
		case Text, Link, Day:
		}
		if text != "" {
			w.add(mark(style, text))
			last = lastRune(text)
		}
	}
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

// noteLine is the line of a note.
func noteLine(number int, n Note) string {
	var w writer
	w.note(number, n)
	return string(w.text)
}

// note writes a note as "[1] Publisher, Date: Title. URL", leaving out what it does
// not have.
func (w *writer) note(number int, n Note) {
	who, date, title, address := Clean(n.Publisher), Clean(n.Date), Clean(n.Title), Clean(n.URL)
	w.add("[")
	w.number(number, "]")
	named := who != "" || date != ""
	if named {
		w.add(" ")
	}
	if n.Date != "" && who != "" {
		w.add(strings.TrimPrefix(who, ", "))
		w.add(", ")
	} else {
		w.add(who)
	}
	w.add(date)
	if title != "" {
		if named {
			w.add(":")
		}
		w.add(" ")
		w.add(title)
		if !strings.ContainsRune(".!?…", lastRune(title)) {
			w.add(".")
		}
	}
	if address != "" {
		w.add(" ")
		w.add(address)
	}
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
