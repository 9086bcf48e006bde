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

// Head is a stem with which a word begins, how many bytes of the word it is, and how
// the stem is used.
type Head struct {
	stem, size int32
	uses       uses
}

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
		id, ok := s.find(hash, word[:cut])
		if !ok {
			continue
		}
		if u := s.usesOf(id); cut == len(word) || u[bends] != 0 { // or else it takes no endings
			dst = append(dst, Head{id, int32(cut), u})
		}
	}
	slices.Reverse(dst[start:])
	return dst
}

// usesFor returns the bits of the lexicons that use a stem so.
func (s *Stems) usesFor(id int32, how use) uint32 {
	if s.laidUses.bytes != "" {
		return s.laidUses.at(int(allUses)*int(id) + int(how))
	}
	if int(id) < len(s.uses) {
		return s.uses[id][how]
	}
	return 0
}

// usesOf returns how a stem is used.
func (s *Stems) usesOf(id int32) (u uses) {
	if s.laidUses.bytes != "" {
		for how := range u {
			u[how] = s.laidUses.at(int(allUses)*int(id) + how)
		}
	} else if int(id) < len(s.uses) {
		u = s.uses[id]
	}
	return u
}
