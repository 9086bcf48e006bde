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
	// uses are by number of the stem, laidUses the same as they lie ready, see laid.go.
	uses     []uses
	laidUses ints
	once     sync.Once
	typos    typoIndex
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
		hash = (hash ^ uint32(word[cut])) * fnvPrime
		if cut++; len(word)-cut > s.longest || cut < len(word) && !utf8.RuneStart(word[cut]) {
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
	n := s.places()
	if n == 0 {
		return 0, false
	}
	mask := uint32(n - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		x := s.place(at)
		if x.number == 0 {
			return 0, false
		}
		if x.hash == hash && (cut == len(word) || s.bends(x.number-1)) && s.word(x.number-1) == word[:cut] {
			return x.number - 1, true
		}
	}
}

// bends reports whether a stem takes endings in some lexicon.
func (s *Stems) bends(id int32) bool { return s.usesFor(id, bends) != 0 }

// usesFor returns the bits of the lexicons that use a stem so.
func (s *Stems) usesFor(id int32, how use) uint32 {
	if s.laidUses != "" {
		return s.laidUses.at(int(allUses)*int(id) + int(how))
	}
	if int(id) < len(s.uses) {
		return s.uses[id][how]
	}
	return 0
}

// usesOf returns how a stem is used.
func (s *Stems) usesOf(id int32) (u uses) {
	if s.laidUses != "" {
		for how := range u {
			u[how] = s.laidUses.at(int(allUses)*int(id) + how)
		}
	} else if int(id) < len(s.uses) {
		u = s.uses[id]
	}
	return u
}
