package message

import "sort"

// MinLimit is the smallest limit that [Split] keeps; a smaller one counts as
// this one.
const MinLimit = 64

// Split divides m into messages whose [Plain] rendering is no longer than limit,
// as length measures it: in bytes, runes or UTF-16 units, whatever the network
// counts. It cuts between blocks, else between list items, else sentences, else
// words, else graphemes. The words of all parts, one after another, are those
// of m.
//
// Notes go with the parts that cite them, under the same numbers; the choices,
// and notes that nobody cites, with the last part. A note or a link longer than
// half the limit becomes plain words; a choice's label that long is shortened.
func Split(m Message, limit int, length func(string) int) []Message {
	s := splitter{whole: m, limit: max(limit, MinLimit), length: length}
	if s.fits(m) {
		return []Message{m}
	}
	s.whole = s.loosen(m)
	for rest := s.whole.Body; len(rest) > 0; {
		rest = s.cutBlocks(rest)
	}
	s.addNotes()
	s.addChoices()
	return s.parts
}

type splitter struct {
	whole  Message
	limit  int
	length func(string) int
	parts  []Message
}

func (s *splitter) fits(m Message) bool { return s.length(Plain(m)) <= s.limit }

// part makes a message of some of the body, with the notes that it cites.
func (s *splitter) part(body []Block) Message {
	m := Message{Lang: s.whole.Lang, Body: body}
	for _, b := range body {
		for _, line := range lines(b) {
			for _, in := range line {
				if c, ok := in.(Cite); ok {
					m.showNote(int(c), s.whole.Notes)
				}
			}
		}
	}
	return m
}

// showNote makes the note with the given number part of m.
func (m *Message) showNote(number int, all []Note) {
	if number < 1 || number > len(all) {
		return
	}
	for len(m.Notes) < number {
		m.Notes = append(m.Notes, Note{})
	}
	m.Notes[number-1] = all[number-1]
}

// cutBlocks makes the next part of the longest run of blocks that fits, and
// returns the other blocks. A block that would not even fit a part of its own is
// begun at once, behind its predecessors.
func (s *splitter) cutBlocks(blocks []Block) []Block {
	n := longest(len(blocks), func(n int) bool { return s.fits(s.part(blocks[:n])) })
	if n == len(blocks) || (n > 0 && s.fits(s.part(blocks[n:n+1]))) {
		s.parts = append(s.parts, s.part(blocks[:n]))
		return blocks[n:]
	}
	before := blocks[:n:n]
	fits := func(b Block) bool { return s.fits(s.part(append(before, b))) }
	head, tail := cut(blocks[n], fits, n == 0)
	switch {
	case head != nil:
		before = append(before, head)
	case n == 0: // one character that does not fit: it goes as it is
		before, tail = blocks[:1], nil
	}
	s.parts = append(s.parts, s.part(before))
	return append(tail, blocks[n+1:]...)
}

// cut divides a block so that its head fits. If nothing of it fits, the head is
// nil, or, when forced, the least that can be cut off.
//
// The tail may begin with the rest of a line, never with nothing.
func cut(b Block, fits func(Block) bool, forced bool) (head Block, tail []Block) {
	switch b := b.(type) {
	case Paragraph:
		h, t := cutLine(b, func(l []Inline) bool { return fits(Paragraph(l)) }, forced)
		return orNil(Paragraph(h), len(h)), []Block{Paragraph(t)}
	case Quote:
		h, t := cutLine(b, func(l []Inline) bool { return fits(Quote(l)) }, forced)
		return orNil(Quote(h), len(h)), []Block{Quote(t)}
	case List:
		return cutList(b, fits, forced)
	default:
		return b, nil
	}
}

// orNil returns b, or nil if it holds no inlines.
func orNil(b Block, inlines int) Block {
	if inlines == 0 {
		return nil
	}
	return b
}

// cutList divides a list between items; an item that does not fit goes on as a
// paragraph behind the part that holds its beginning.
func cutList(l List, fits func(Block) bool, forced bool) (head Block, tail []Block) {
	if len(l.Items) == 0 {
		return l, nil
	}
	n := longest(len(l.Items), func(n int) bool { return fits(l.slice(0, n)) })
	if n > 0 {
		return l.slice(0, n), []Block{l.slice(n, len(l.Items))}
	}
	one := func(item []Inline) Block { return List{Ordered: l.Ordered, First: l.First, Items: [][]Inline{item}} }
	h, t := cutLine(l.Items[0], func(item []Inline) bool { return fits(one(item)) }, forced)
	if len(h) == 0 {
		return nil, []Block{l}
	}
	tail = []Block{Paragraph(t)}
	if len(l.Items) > 1 {
		tail = append(tail, l.slice(1, len(l.Items)))
	}
	return one(h), tail
}

// slice returns the items from i up to j, under the numbers that they have.
func (l List) slice(i, j int) List {
	return List{Ordered: l.Ordered, First: max(l.First, 1) + i, Items: l.Items[i:j]}
}

// cutLine divides a line at the last place that lets the head fit, of the best
// kind of place that has any.
func cutLine(line []Inline, fits func([]Inline) bool, forced bool) (head, tail []Inline) {
	var places []place
	for _, find := range []func([]Inline) []place{sentences, wordEnds, graphemes, runes} {
		places = find(line)
		n := longest(len(places), func(n int) bool {
			h, _ := places[n-1].cut(line)
			return fits(h)
		})
		if n > 0 {
			return places[n-1].cut(line)
		}
	}
	if forced && len(places) > 0 {
		return places[0].cut(line)
	}
	return nil, line
}

// longest returns the greatest n up to limit for which fits holds, if it holds
// for all smaller ones but 0; else 0.
func longest(limit int, fits func(n int) bool) int {
	return sort.Search(limit, func(i int) bool { return !fits(i + 1) })
}

// addNotes shows the notes that no part has yet.
func (s *splitter) addNotes() {
	shown := make([]bool, len(s.whole.Notes))
	for _, p := range s.parts {
		for i, n := range p.Notes {
			shown[i] = shown[i] || n != Note{}
		}
	}
	for i, n := range s.whole.Notes {
		if !shown[i] && n != (Note{}) {
			s.extend(func(m *Message) { m.showNote(i+1, s.whole.Notes) })
		}
	}
}

// addChoices shows the choices, each under its number.
func (s *splitter) addChoices() {
	for i, c := range s.whole.Choices {
		s.extend(func(m *Message) {
			for len(m.Choices) < i {
				m.Choices = append(m.Choices, Choice{})
			}
			m.Choices = append(m.Choices, c)
		})
	}
}

// extend adds to the last part, or to a new one if that would not fit.
func (s *splitter) extend(add func(*Message)) {
	if n := len(s.parts); n > 0 {
		last := s.parts[n-1]
		last.Notes = append([]Note(nil), last.Notes...)
		last.Choices = append([]Choice(nil), last.Choices...)
		add(&last)
		if s.fits(last) {
			s.parts[n-1] = last
			return
		}
	}
	fresh := Message{Lang: s.whole.Lang}
	add(&fresh)
	s.parts = append(s.parts, fresh)
}

// loosen turns what could not be cut, although longer than half the limit, into
// words that can.
func (s *splitter) loosen(m Message) Message {
	long := func(text string) bool { return s.length(Clean(text)) > s.limit/2 }
	var body []Block
	for _, b := range m.Body {
		body = append(body, mapLines(b, func(in Inline) Inline {
			switch in.(type) {
			case Link, Day:
				if text := words(in); long(text) {
					return Text(text)
				}
			case Text, Strong, Cite:
			}
			return in
		}))
	}
	notes := make([]Note, len(m.Notes))
	for i, n := range m.Notes {
		if line := noteLine(i+1, n); n != (Note{}) && long(line) {
			body = append(body, Paragraph{Text(line)})
			continue
		}
		notes[i] = n
	}
	choices := make([]Choice, len(m.Choices))
	for i, c := range m.Choices {
		choices[i] = Choice{shorten(c.Label, long), c.Value}
	}
	return Message{Lang: m.Lang, Body: body, Notes: notes, Choices: choices}
}

// shorten cuts s off behind a grapheme until it is no longer long.
func shorten(s string, long func(string) bool) string {
	if !long(s) {
		return s
	}
	ends := breaks(s, firstGrapheme)
	n := longest(len(ends), func(n int) bool { return !long(s[:ends[n-1]] + "…") })
	if n == 0 {
		return "…"
	}
	return s[:ends[n-1]] + "…"
}
