package lang

import (
	"sync"
	"unicode/utf8"
)

// Stems numbers the stems of all lexicons of a program. A question's word is cut
// into head and tail in every way once, whatever the number of languages that it
// is then tried in; each [Lexicon] chooses among the heads by its own endings.
type Stems struct {
	ids     map[string]int32
	text    []string
	longest int // bytes of the longest tail that a lexicon may accept
	once    sync.Once
	typos   typoIndex
}

// NewStems returns an empty table with room for about as many stems as size says.
// Lexicons may be filled from one goroutine at a time, and read by any number once
// all are filled.
func NewStems(size int) *Stems {
	return &Stems{ids: make(map[string]int32, size), text: make([]string, 0, size)}
}

// Head is a stem with which a word begins, and how many bytes of the word it is.
type Head struct{ stem, size int32 }

// Heads appends every stem that word begins with to dst, the whole word first.
func (s *Stems) Heads(dst []Head, word string) []Head {
	for cut := len(word); cut > 0 && len(word)-cut <= s.longest; cut-- {
		if cut < len(word) && !utf8.RuneStart(word[cut]) {
			continue
		}
		if id, ok := s.ids[word[:cut]]; ok {
			dst = append(dst, Head{id, int32(cut)})
		}
	}
	return dst
}

// number returns the number of a stem, made at need.
func (s *Stems) number(text string) int32 {
	id, ok := s.ids[text]
	if !ok {
		id = int32(len(s.text))
		s.ids[text] = id
		s.text = append(s.text, text)
	}
	return id
}
