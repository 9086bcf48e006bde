package message

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// place is where a line may be cut: behind all inlines before index and the
// first offset bytes of the words of the one at index.
type place struct{ index, offset int }

// cut divides a line; neither side holds an empty inline that the line did not.
func (p place) cut(line []Inline) (head, tail []Inline) {
	head, tail = line[:p.index:p.index], line[p.index:]
	if p.offset == 0 {
		return head, tail
	}
	h, t := halve(line[p.index], p.offset)
	head = append(head, h)
	return head, append([]Inline{t}, line[p.index+1:]...)
}

// halve divides the words of a Text or a Strong.
func halve(in Inline, offset int) (head, tail Inline) {
	switch in := in.(type) {
	case Text:
		return in[:offset], in[offset:]
	case Strong:
		return in[:offset], in[offset:]
	default:
		return in, Text("")
	}
}

// sentences returns the places between the sentences of a line.
func sentences(line []Inline) []place {
	return placesBetween(line, func(s string) string {
		first, _, _ := uniseg.FirstSentenceInString(s, -1)
		return first
	})
}

// wordEnds returns the places where a line may be wrapped.
func wordEnds(line []Inline) []place {
	return placesBetween(line, func(s string) string {
		first, _, _, _ := uniseg.FirstLineSegmentInString(s, -1)
		return first
	})
}

// placesBetween cuts the words of a line, citations left out, into the segments
// that first finds. A citation stays with the segment that it follows; a place
// inside a link or a date does not count.
func placesBetween(line []Inline, first func(string) string) []place {
	var all strings.Builder
	for _, in := range line {
		all.WriteString(words(in))
	}
	var places []place
	start, index := 0, 0 // start is where the words of line[index] are in all
	for _, end := range breaks(all.String(), first) {
		for index < len(line) && start+len(words(line[index])) <= end {
			start += len(words(line[index]))
			index++
		}
		p := place{index, end - start}
		if p.inside(line) {
			places = append(places, p)
		}
	}
	return places
}

// inside reports whether p divides the line, and no inline that has to stay
// whole.
func (p place) inside(line []Inline) bool {
	if p.offset == 0 {
		return 0 < p.index && p.index < len(line)
	}
	return divisible(line[p.index])
}

func divisible(in Inline) bool {
	switch in.(type) {
	case Text, Strong:
		return true
	default:
		return false
	}
}

// graphemes returns the places between what a reader sees as characters, and
// between inlines.
func graphemes(line []Inline) []place {
	return placesWithin(line, firstGrapheme)
}

// runes returns the places between code points: the last resort, for a character
// under a thousand accents.
func runes(line []Inline) []place {
	return placesWithin(line, func(s string) string {
		_, width := utf8.DecodeRuneInString(s)
		return s[:width]
	})
}

func placesWithin(line []Inline, first func(string) string) []place {
	var places []place
	for i, in := range line {
		if i > 0 {
			places = append(places, place{i, 0})
		}
		if !divisible(in) {
			continue
		}
		text := words(in)
		for _, end := range breaks(text, first) {
			if end < len(text) {
				places = append(places, place{i, end})
			}
		}
	}
	return places
}

func firstGrapheme(s string) string {
	first, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return first
}

// breaks returns where the segments of s end, the last one with s.
func breaks(s string, first func(string) string) []int {
	var ends []int
	for at := 0; at < len(s); {
		at += len(first(s[at:]))
		ends = append(ends, at)
	}
	return ends
}

// lines returns the lines of a block.
func lines(b Block) [][]Inline {
	switch b := b.(type) {
	case Paragraph:
		return [][]Inline{b}
	case Quote:
		return [][]Inline{b}
	case List:
		return b.Items
	default:
		return nil
	}
}

// mapLines returns a copy of b with f of each inline.
func mapLines(b Block, f func(Inline) Inline) Block {
	mapped := func(line []Inline) []Inline {
		to := make([]Inline, len(line))
		for i, in := range line {
			to[i] = f(in)
		}
		return to
	}
	switch b := b.(type) {
	case Paragraph:
		return Paragraph(mapped(b))
	case Quote:
		return Quote(mapped(b))
	case List:
		l := List{Ordered: b.Ordered, First: b.First}
		for _, item := range b.Items {
			l.Items = append(l.Items, mapped(item))
		}
		return l
	default:
		return b
	}
}
