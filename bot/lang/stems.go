package lang

import (
	"slices"
	"sync"
	"unicode/utf8"
)

// Stems numbers the stems of all lexicons of a program. A question's word is cut
// into head and tail in every way once, whatever the number of languages that it
// is then tried in; each [Lexicon] chooses among the heads by its own endings.
type Stems struct {
	table
	longest int // bytes of the longest tail that a lexicon may accept
	endings []Endings
	// ofNames are the stems of names, in their order.
	ofNames []int32
	// bend tells, by number, the stems that take endings in some lexicon.
	bend  []bool
	once  sync.Once
	typos typoIndex
}

// NewStems returns an empty table with room for about as many stems as size says.
// Lexicons may be filled from one goroutine at a time, and read by any number once
// all are filled.
func NewStems(size int) *Stems { return &Stems{table: newTable(nil, size)} }

// Head is a stem with which a word begins, and how many bytes of the word it is.
type Head struct{ stem, size int32 }

// Heads appends every stem that word begins with and may be to dst, the whole word
// first.
func (s *Stems) Heads(dst []Head, word string) []Head {
	start := len(dst)
	hash := fnvOffset
	for cut := 0; cut < len(word); {
		_, size := utf8.DecodeRuneInString(word[cut:])
		hash = hashOn(hash, word[cut:cut+size])
		if cut += size; len(word)-cut > s.longest {
			continue
		}
		if id, ok := s.head(hash, word, cut); ok {
			dst = append(dst, Head{id, int32(cut)})
		}
	}
	slices.Reverse(dst[start:])
	return dst
}

// head is [table.find] for the first bytes of a word; what is not the whole word has
// to take endings, which is told without looking at its letters.
func (s *Stems) head(hash uint32, word string, cut int) (id int32, ok bool) {
	if len(s.slots) == 0 {
		return 0, false
	}
	mask := uint32(len(s.slots) - 1)
	for at := hash & mask; s.slots[at].number != 0; at = (at + 1) & mask {
		x := s.slots[at]
		if x.hash == hash && (cut == len(word) || s.bends(x.number-1)) && s.words[x.number-1] == word[:cut] {
			return x.number - 1, true
		}
	}
	return 0, false
}

// bends reports whether a stem takes endings in some lexicon.
func (s *Stems) bends(id int32) bool { return int(id) < len(s.bend) && s.bend[id] }

// takesEndings notes that a stem does.
func (s *Stems) takesEndings(id int32) {
	if n := int(id) + 1 - len(s.bend); n > 0 {
		s.bend = append(s.bend, make([]bool, n)...)
	}
	s.bend[id] = true
}
