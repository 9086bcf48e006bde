// Package bottest checks an adapter: whether a reader gets, on any network, what the
// core has said. An adapter's test gives [Run] a func that renders a reply and then
// reads the rendering back as a reader would, without markup.
//
// [Replies] are what is rendered; [Build] makes more of them, for fuzzing.
package bottest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"suhbat/bot"
	"suhbat/bot/message"
)

// Part is one message as a reader sees it.
type Part struct {
	// Text is what stands there: no markup, no escapes.
	Text string
	// Links are the addresses that words of the text lead to.
	Links []string
	// Buttons are the labels below.
	Buttons []string
}

// Adapter is what is checked.
type Adapter struct {
	// Render renders a reply as it is sent, and reads it back.
	Render func(t *testing.T, r bot.Reply) []Part
	// Limit is the longest text of a part, as Length measures it; 0 for none.
	Limit  int
	Length func(string) int
	// NoButtons is true where choices are numbered and nothing can be pressed.
	NoButtons bool
}

// Run checks all [Replies].
func Run(t *testing.T, a Adapter) {
	t.Helper()
	for _, r := range Replies() {
		t.Run(r.Name, func(t *testing.T) {
			Check(t, a, r.Reply, a.Render(t, r.Reply))
		})
	}
}

// Check checks one rendering of a reply.
func Check(t *testing.T, a Adapter, r bot.Reply, parts []Part) {
	t.Helper()
	c := check{T: t, Adapter: a, reply: r, parts: parts}
	for _, p := range parts {
		c.text += p.Text + "\n"
		c.links = append(c.links, p.Links...)
		c.buttons = append(c.buttons, p.Buttons...)
		c.part(p)
	}
	c.body()
	for i, n := range r.Message.Notes {
		c.note(i+1, n)
	}
	c.cites()
	c.choices()
	c.pressable()
}

type check struct {
	*testing.T
	Adapter
	reply bot.Reply
	parts []Part
	// What all parts have together.
	text           string
	links, buttons []string
}

// part checks that a part can be sent and shows nothing that moves its neighbours.
func (c *check) part(p Part) {
	c.Helper()
	if strings.TrimSpace(p.Text) == "" {
		c.Errorf("a part says nothing: %+v", p)
	}
	if c.Limit > 0 && c.Length(p.Text) > c.Limit {
		c.Errorf("a part of %d, the limit is %d", c.Length(p.Text), c.Limit)
	}
	for _, s := range append([]string{p.Text}, p.Buttons...) {
		if !utf8.ValidString(s) {
			c.Errorf("not UTF-8: %q", s)
		}
		for _, r := range s {
			if (r != '\n' && unicode.Is(unicode.Cc, r)) || unicode.Is(unicode.Bidi_Control, r) {
				c.Errorf("%U in %q", r, s)
			}
		}
	}
	for _, l := range p.Links {
		u, err := url.Parse(l)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !slices.Contains(addresses(c.reply.Message), l) {
			c.Errorf("a link to %q", l)
		}
	}
}

// body checks that all words are there, in order.
func (c *check) body() {
	c.Helper()
	want := message.Plain(message.Message{Body: unlinked(c.reply.Message.Body)})
	if missing := notIn(want, c.text); missing != "" {
		c.Errorf("words are missing from %q on\ngot  %q\nwant %q", cutOff(missing), cutOff(c.text), cutOff(want))
	}
	for _, b := range c.reply.Message.Body {
		for _, line := range lines(b) {
			for _, in := range line {
				if l, ok := in.(message.Link); ok && !leads(c.text, c.links, l.URL) {
					c.Errorf("nothing leads to %q", cutOff(l.URL))
				}
			}
		}
	}
}

// note checks that a source can be read and found.
func (c *check) note(number int, n message.Note) {
	c.Helper()
	if n == (message.Note{}) {
		return
	}
	for _, p := range c.parts {
		if c.shows(p, number, n) {
			return
		}
	}
	c.Errorf("no part shows note %d, %+v", number, n)
}

// shows reports whether a part shows a note.
func (c *check) shows(p Part, number int, n message.Note) bool {
	want := "[" + strconv.Itoa(number) + "]" + n.Publisher + n.Date + n.Title
	return notIn(message.Clean(want), p.Text) == "" && leads(p.Text, p.Links, n.URL)
}

// leads reports whether a reader can get to an address.
func leads(text string, links []string, address string) bool {
	return slices.Contains(links, address) || strings.Contains(squeeze(text), squeeze(message.Clean(address)))
}

// cites checks that the source stands where it is cited.
func (c *check) cites() {
	c.Helper()
	for i, n := range c.reply.Message.Notes {
		mark := "[" + strconv.Itoa(i+1) + "]"
		if n == (message.Note{}) || len(n.Publisher)+len(n.Title)+len(n.URL) > 1000 || strings.Contains(c.plainWords(), mark) {
			continue
		}
		for _, p := range c.parts {
			if strings.Contains(p.Text, mark) && !c.shows(p, i+1, n) {
				c.Errorf("a part cites %s and does not show it: %q", mark, cutOff(p.Text))
			}
		}
	}
}

// plainWords returns the text that is no citation: it may look like one.
func (c *check) plainWords() string {
	var b strings.Builder
	for _, block := range c.reply.Message.Body {
		for _, line := range lines(block) {
			for _, in := range line {
				if _, ok := in.(message.Cite); !ok {
					b.WriteString(message.Plain(message.Message{Body: []message.Block{message.Paragraph{in}}}))
				}
			}
		}
	}
	for _, n := range c.reply.Message.Notes {
		b.WriteString(n.Publisher + n.Title + n.Date + n.URL)
	}
	return b.String()
}

// choices checks that each choice can be taken: by a button, or by its number.
func (c *check) choices() {
	c.Helper()
	for i, choice := range c.reply.Message.Choices {
		label := strings.TrimSpace(message.Clean(choice.Label))
		pressed := slices.ContainsFunc(c.buttons, func(b string) bool { return isShort(b, label) })
		typed := strings.Contains(squeeze(c.text), squeeze(strconv.Itoa(i+1)+")"+beginning(label)))
		if choice != (message.Choice{}) && label != "" && !pressed && !typed {
			c.Errorf("choice %d, %q, can be neither pressed nor typed; buttons %q", i+1, label, c.buttons)
		}
	}
}

// pressable checks that all buttons are there, in order.
func (c *check) pressable() {
	c.Helper()
	if c.NoButtons {
		return
	}
	rest := c.buttons
	for _, row := range c.reply.Buttons {
		for _, b := range row {
			i := slices.IndexFunc(rest, func(got string) bool { return isShort(got, strings.TrimSpace(message.Clean(b.Label))) })
			if i < 0 {
				c.Errorf("no button %q, or not in order: %q", b.Label, c.buttons)
				return
			}
			rest = rest[i+1:]
		}
	}
}

// isShort reports whether a label is shown, or the beginning of it.
func isShort(got, label string) bool {
	short, cut := strings.CutSuffix(got, "…")
	return got == label || (cut && short != "" && strings.HasPrefix(label, short))
}

// beginning returns what is seen of a label at least.
func beginning(label string) string {
	if r := []rune(label); len(r) > 20 {
		return string(r[:20])
	}
	return label
}

// notIn returns the end of want from where it is not found in got, one character
// after another; spaces do not count, since lines are broken elsewhere.
func notIn(want, got string) string {
	have := []rune(squeeze(got))
	for i, r := range want {
		if unicode.IsSpace(r) {
			continue
		}
		at := slices.Index(have, r)
		if at < 0 {
			return want[i:]
		}
		have = have[at+1:]
	}
	return ""
}

// squeeze takes the spaces out of s.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func cutOff(s string) string {
	if len(s) > 400 {
		return s[:400] + "…"
	}
	return s
}

// addresses returns all addresses of a message.
func addresses(m message.Message) []string {
	var all []string
	for _, n := range m.Notes {
		all = append(all, n.URL)
	}
	for _, b := range m.Body {
		for _, line := range lines(b) {
			for _, in := range line {
				if l, ok := in.(message.Link); ok {
					all = append(all, l.URL)
				}
			}
		}
	}
	return all
}

// unlinked returns a body whose links are words: where they lead is checked by itself.
func unlinked(body []message.Block) []message.Block {
	words := func(line []message.Inline) []message.Inline {
		line = slices.Clone(line)
		for i, in := range line {
			if l, ok := in.(message.Link); ok {
				line[i] = message.Text(l.Text)
			}
		}
		return line
	}
	out := make([]message.Block, 0, len(body))
	for _, b := range body {
		switch b := b.(type) {
		case message.Paragraph:
			out = append(out, message.Paragraph(words(b)))
		case message.Quote:
			out = append(out, message.Quote(words(b)))
		case message.List:
			l := message.List{Ordered: b.Ordered, First: b.First}
			for _, item := range b.Items {
				l.Items = append(l.Items, words(item))
			}
			out = append(out, l)
		}
	}
	return out
}

func lines(b message.Block) [][]message.Inline {
	switch b := b.(type) {
	case message.Paragraph:
		return [][]message.Inline{b}
	case message.Quote:
		return [][]message.Inline{b}
	case message.List:
		return b.Items
	default:
		return nil
	}
}
