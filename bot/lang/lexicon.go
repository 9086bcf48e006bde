package lang

import (
	"slices"
	"strings"
)

// A Lexicon finds what stands where in a question: the words of one language,
// and the names of things, which all languages share.
//
// A question's token is first looked up as stems: every cut of the token whose
// head is a known stem and whose tail is an ending of the language gives one.
// Phrases are then followed through a tree whose branches are stems, and the
// longest phrase wins. Both steps are hash look-ups on parts of the token, so
// that a token costs about ten of them whatever the size of the vocabulary.
type Lexicon struct {
	stems   *Stems
	uses    []use // by number of the stem
	next    map[branch]int32
	out     [][]Meaning // by node; the root is 0
	endings map[string]bool
	names   *Lexicon
}

// use says how a lexicon uses a stem.
type use uint8

const (
	stands use = 1 << iota // as it is
	bends                  // with an ending
)

// branch leads from a node of the tree over a stem to the next one.
type branch struct{ node, stem int32 }

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
func NewLexicon(endings []string) *Lexicon { return NewStems().Lexicon(endings, nil) }

// Lexicon returns an empty lexicon of a language with the given endings. The
// names, which may be nil, count as its own phrases, with its endings.
func (s *Stems) Lexicon(endings []string, names *Lexicon) *Lexicon {
	l := &Lexicon{
		stems: s, names: names,
		next:    make(map[branch]int32),
		out:     make([][]Meaning, 1),
		endings: make(map[string]bool, len(endings)+1),
	}
	for _, e := range endings {
		l.endings[e] = true
		s.longest = max(s.longest, len(e))
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
		b := branch{at, l.stem(word)}
		to, ok := l.next[b]
		if !ok {
			to = int32(len(l.out))
			l.next[b] = to
			l.out = append(l.out, nil)
		}
		at = to
	}
	if at != 0 && !slices.Contains(l.out[at], m) {
		l.out[at] = append(l.out[at], m)
	}
}

// stem returns the number of a stem and notes how it is used.
func (l *Lexicon) stem(word string) int32 {
	text, bent := strings.CutSuffix(word, bend)
	id := l.stems.number(text)
	for len(l.uses) <= int(id) {
		l.uses = append(l.uses, make([]use, int(id)+1-len(l.uses))...)
	}
	if bent {
		l.uses[id] |= bends
	}
	l.uses[id] |= stands
	return id
}

// used reports whether the lexicon, or the names that it knows, use a stem so.
func (l *Lexicon) used(id int32, how use) bool {
	return int(id) < len(l.uses) && l.uses[id]&how != 0 || l.names != nil && l.names.used(id, how)
}

// IsEnding reports whether a folded word is one of the language's endings.
func (l *Lexicon) IsEnding(word string) bool { return l.endings[word] }

// Keys appends every way to read the folded word to dst.
func (l *Lexicon) Keys(dst []Key, word string) []Key {
	return l.Choose(dst, word, l.stems.Heads(nil, word))
}

// Choose appends those of a word's heads to dst that the language may read it
// as.
func (l *Lexicon) Choose(dst []Key, word string, heads []Head) []Key {
	for _, h := range heads {
		if int(h.size) == len(word) {
			if l.used(h.stem, stands) {
				dst = append(dst, Key{h.stem})
			}
		} else if l.used(h.stem, bends) && l.endings[word[h.size:]] {
			dst = append(dst, Key{h.stem})
		}
	}
	return dst
}

// Longest returns the longest phrase that starts at the first of the words, each
// given by its keys. What two phrases of that length stand for is joined.
func (l *Lexicon) Longest(words [][]Key) Match {
	var best Match
	l.follow(0, words, 0, &best)
	if l.names != nil {
		l.names.follow(0, words, 0, &best)
	}
	return best
}

func (l *Lexicon) follow(at int32, words [][]Key, depth int, best *Match) {
	if out := l.out[at]; len(out) > 0 && depth >= best.Len {
		if depth > best.Len {
			*best = Match{Len: depth, Meanings: out}
		} else if !slices.Equal(best.Meanings, out) {
			best.Meanings = union(best.Meanings, out)
		}
	}
	if depth == len(words) {
		return
	}
	for _, k := range words[depth] {
		if to, ok := l.next[branch{at, k.stem}]; ok {
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
