package lang

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// A Lexicon finds what stands where in a question: the words of one language
// and the names of things.
//
// A question's token is first looked up as stems: every cut of the token whose
// head is a known stem and whose tail is an ending of the language gives one.
// Phrases are then followed through a tree whose branches are stems, and the
// longest phrase wins. Both steps are hash look-ups on parts of the token, so
// that a token costs about ten of them whatever the size of the vocabulary.
type Lexicon struct {
	stems   map[string]stem
	display []string // what a stem looks like to a reader, by its number
	nodes   []node
	endings map[string]bool
	longest int // bytes of the longest ending
	once    sync.Once
	typos   map[string][]int32
}

type stem struct {
	id    int32
	bends bool // takes endings
	whole bool // stands as it is
}

type node struct {
	next map[int32]int32
	out  []Meaning
}

// Meaning is what a phrase stands for: a concept of the language pack, or a
// thing that the caller named, counted from 1.
type Meaning struct {
	Concept *Concept
	Thing   int
}

// Match is a phrase found in a question.
type Match struct {
	Len      int // in tokens
	Meanings []Meaning
}

// Key is one way to read a token as a stem.
type Key struct{ stem int32 }

// NewLexicon returns an empty lexicon of a language with the given endings.
func NewLexicon(endings []string) *Lexicon {
	l := &Lexicon{
		stems:   make(map[string]stem),
		nodes:   []node{{}},
		endings: make(map[string]bool, len(endings)+1),
	}
	for _, e := range endings {
		l.endings[e] = true
		l.longest = max(l.longest, len(e))
	}
	return l
}

// bend marks a word of a phrase that takes endings.
const bend = "~"

// Add makes phrase stand for m. The words of a phrase are folded and stand a
// space apart; a word that ends in "~" takes any ending of the language.
func (l *Lexicon) Add(phrase string, m Meaning) {
	at := int32(0)
	for word := range strings.FieldsSeq(phrase) {
		id := l.stem(word)
		n := &l.nodes[at]
		if n.next == nil {
			n.next = make(map[int32]int32, 1)
		}
		to, ok := n.next[id]
		if !ok {
			to = int32(len(l.nodes))
			n.next[id] = to
			l.nodes = append(l.nodes, node{})
		}
		at = to
	}
	if at != 0 && !slices.Contains(l.nodes[at].out, m) {
		l.nodes[at].out = append(l.nodes[at].out, m)
	}
}

// stem returns the number of a stem, made at need.
func (l *Lexicon) stem(word string) int32 {
	text, bends := strings.CutSuffix(word, bend)
	s, ok := l.stems[text]
	if !ok {
		s.id = int32(len(l.display))
		l.display = append(l.display, text)
	}
	s.bends = s.bends || bends
	s.whole = s.whole || !bends
	l.stems[text] = s
	return s.id
}

// IsEnding reports whether a folded word is one of the language's endings.
func (l *Lexicon) IsEnding(word string) bool { return l.endings[word] }

// Keys appends every way to read the folded word to dst.
func (l *Lexicon) Keys(dst []Key, word string) []Key {
	if s, ok := l.stems[word]; ok {
		dst = append(dst, Key{s.id})
	}
	for cut := len(word) - 1; cut > 0 && len(word)-cut <= l.longest; cut-- {
		if !utf8.RuneStart(word[cut]) || !l.endings[word[cut:]] {
			continue
		}
		if s, ok := l.stems[word[:cut]]; ok && s.bends {
			dst = append(dst, Key{s.id})
		}
	}
	return dst
}

// Longest returns the longest phrase that starts at the first of the words, each
// given by its keys.
func (l *Lexicon) Longest(words [][]Key) Match {
	var best Match
	l.follow(0, words, 0, &best)
	return best
}

func (l *Lexicon) follow(at int32, words [][]Key, depth int, best *Match) {
	n := &l.nodes[at]
	if len(n.out) > 0 && depth >= best.Len {
		if depth > best.Len {
			*best = Match{Len: depth, Meanings: n.out}
		} else if !slices.Equal(best.Meanings, n.out) {
			best.Meanings = union(best.Meanings, n.out)
		}
	}
	if depth == len(words) || n.next == nil {
		return
	}
	for _, k := range words[depth] {
		if to, ok := n.next[k.stem]; ok {
			l.follow(to, words, depth+1, best)
		}
	}
}

// union returns the meanings of a and b without changing either.
func union(a, b []Meaning) []Meaning {
	out := slices.Clone(a)
	for _, m := range b {
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}
