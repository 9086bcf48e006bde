package lang

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"suhbat/facts/fold"
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
	bit     uint32 // of the lexicon, in the [uses] of a stem
	phrases tree
	endings Endings
	names   *Lexicon
	ofNames bool
	spelt   table // stems with letters that folding changes
}

// use is a way in which a lexicon may use a stem.
type use int

const (
	stands  use = iota // as it is
	bends              // with an ending
	plainly            // it is spelt in this language as it is folded
	begins             // with it a phrase begins
	allUses
)

// uses says how a stem is used: for each way, the bits of the lexicons that use it so.
// A question asks this of all languages, so that one look at the memory serves them
// all.
type uses [allUses]uint32

// maxLexicons is how many lexicons of one table of stems have a bit of their own.
const maxLexicons = 32

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

// Key is one way in which a language reads a token as a stem.
type Key struct {
	stem int32
	// own and name are where phrases that begin with the stem go on, those of the
	// language and names; 0 is nowhere.
	own, name int32
}

// NewLexicon returns an empty lexicon of a language with the given endings.
func NewLexicon(endings Endings) *Lexicon { return NewStems(0).Lexicon(endings, nil) }

// Lexicon returns an empty lexicon of a language with the given endings. The names,
// which may be nil, count as its own phrases, with its endings.
func (s *Stems) Lexicon(endings Endings, names *Lexicon) *Lexicon {
	s.longest = max(s.longest, endings.longest)
	bit := uint32(1) << len(s.endings) // see maxLexicons
	s.endings = append(s.endings, endings)
	return &Lexicon{stems: s, bit: bit, names: names, endings: endings, phrases: newTree()}
}

// bend marks a word of a phrase that takes endings.
const bend = "~"

// Add makes phrase stand for m. The words of a phrase are folded and stand a
// space apart; a word that ends in "~" takes any ending of the language.
func (l *Lexicon) Add(phrase string, m Meaning) {
	at := int32(0)
	for word := range strings.FieldsSeq(phrase) {
		id := l.stem(word)
		if at == 0 {
			l.use(id, begins)
		}
		at = l.phrases.grow(at, id)
	}
	if at != 0 {
		l.phrases.mean(at, m)
	}
}

// Grow makes room for n phrases.
func (l *Lexicon) Grow(n int) { l.phrases.reserve(n) }

// Spell notes how the words of a phrase that has been added are spelt in the
// language, with its own letters: two languages may have words that are told apart
// by nothing else.
func (l *Lexicon) Spell(phrase, spelt string) {
	if spelt == "" {
		spelt = phrase
	}
	for word := range strings.FieldsSeq(spelt) {
		var folded string
		folded, phrase, _ = strings.Cut(phrase, " ")
		word = strings.TrimSuffix(word, bend)
		if strings.TrimSuffix(folded, bend) != word {
			l.spelt.number(word)
		} else if id, ok := l.stems.find(hashOn(fnvOffset, word), word); ok {
			l.use(id, plainly)
		}
	}
}

// The marks that a word gets for being known, and for being spelt as the language
// spells it.
const (
	markKnown = 2
	markSpelt = 1
)

// Mark says how well a word fits the language: a folded word with its heads, and
// how it was typed, as [Spelling] gives it. The mark is zero for a name that is not
// spelt as the language does it; known says whether the word is known at all. Heads
// that are longer than the word are left out.
func (l *Lexicon) Mark(word, typed string, heads []Head) (mark int, known bool) {
	bits := l.bits()
	for i := range heads {
		h := &heads[i]
		if int(h.size) > len(word) {
			continue
		}
		tail, how := word[h.size:], bends
		if tail == "" {
			how = stands
		}
		if h.uses[how]&bits == 0 || tail != "" && !l.endings.Has(tail) {
			continue
		}
		known = true
		m := 0
		if h.uses[how]&l.bit != 0 {
			if tail != "" && l.endings.clashes(word[:h.size], tail) {
				continue // made of its parts, but of another language
			}
			m = markKnown
		}
		if l.spells(&h.uses, word[:h.size], typed, tail) {
			m += markSpelt
		}
		if mark = max(mark, m); mark == markKnown+markSpelt {
			break // no other head can be better
		}
	}
	return mark, known
}

// bits are those of the lexicon and of the names that it knows.
func (l *Lexicon) bits() uint32 {
	if l.names == nil {
		return l.bit
	}
	return l.bit | l.names.bit
}

// spells reports whether the head of a word, a stem that is used so, was typed as the
// language spells it.
func (l *Lexicon) spells(u *uses, head, typed, tail string) bool {
	end := len(typed)
	for range tail {
		_, size := utf8.DecodeLastRuneInString(typed[:end])
		end -= size
	}
	if !l.endings.written(typed[end:]) {
		return false
	}
	typed = typed[:end]
	if typed == head {
		return u[plainly]&l.bit != 0
	}
	return l.spelt.has(typed)
}

// Spelt returns a folded word with the letters that the language writes it with: those
// of the longest stem that the word may begin with, without its own letters if the
// language writes it so, too.
func (l *Lexicon) Spelt(word string) string {
	first, _ := utf8.DecodeRuneInString(word)
	best, size := "", 0
	for _, h := range l.stems.Heads(nil, word) {
		if n := int(h.size); n > size && l.stems.usesFor(h.stem, plainly)&l.bit != 0 && (n == len(word) || l.endings.Has(word[n:])) {
			best, size = word[:n], n
		}
	}
	for i := range l.spelt.len() {
		own := l.spelt.word(int32(i))
		if r, _ := utf8.DecodeRuneInString(own); fold.Rune(r) != first {
			continue // most of them, for the cost of a look
		}
		folded := fold.String(own)
		if tail, ok := strings.CutPrefix(word, folded); ok && len(folded) > size && (tail == "" || l.endings.Has(tail)) {
			best, size = own, len(folded)
		}
	}
	return best + word[size:]
}

// Spelling returns text with what no language tells words apart by made alike:
// capitals, hyphens and the kinds of apostrophes; but with all letters.
func Spelling(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z' || 'а' <= r && r <= 'я': // most letters, for the cost of a look
			return r
		case 'А' <= r && r <= 'Я':
			return r + ('а' - 'А')
		case fold.IsApostrophe(r):
			return '\''
		case fold.IsHyphen(r):
			return ' '
		default:
			return unicode.ToLower(r)
		}
	}, text)
}

// stem returns the number of a stem and notes how it is used.
func (l *Lexicon) stem(word string) int32 {
	text, bent := strings.CutSuffix(word, bend)
	id := l.stems.number(text)
	if u := l.stems.usesOf(id); l.ofNames && u[stands]&l.bit == 0 {
		l.stems.ofNames = append(l.stems.ofNames, id)
	}
	l.use(id, stands)
	if bent {
		l.use(id, bends)
	}
	return id
}

func (l *Lexicon) use(id int32, how use) {
	s := l.stems
	if n := int(id) + 1 - len(s.uses); n > 0 {
		s.uses = append(s.uses, make([]uses, n)...)
	}
	s.uses[id][how] |= l.bit
}

// used reports whether the lexicon, or the names that it knows, use a stem so.
func (l *Lexicon) used(id int32, how use) bool { return l.stems.usesFor(id, how)&l.bits() != 0 }

// key is the key of a stem.
func (l *Lexicon) key(id int32) Key { return l.keyOf(id, l.stems.usesFor(id, begins)) }

func (l *Lexicon) keyOf(id int32, begin uint32) Key {
	k := Key{stem: id}
	if begin&l.bit != 0 {
		k.own = l.phrases.next(0, id)
	}
	if l.names != nil && begin&l.names.bit != 0 {
		k.name = l.names.phrases.next(0, id)
	}
	return k
}

// IsEnding reports whether a folded word is one of the language's endings.
func (l *Lexicon) IsEnding(word string) bool { return l.endings.Has(word) }

// Keys appends every way to read the folded word to dst.
func (l *Lexicon) Keys(dst []Key, word string) []Key {
	return l.Choose(dst, word, l.stems.Heads(nil, word))
}

// Choose appends those of a word's heads to dst that the language may read it
// as.
func (l *Lexicon) Choose(dst []Key, word string, heads []Head) []Key {
	bits := l.bits()
	for i := range heads {
		h := &heads[i]
		if int(h.size) == len(word) {
			if h.uses[stands]&bits != 0 {
				dst = append(dst, l.keyOf(h.stem, h.uses[begins]))
			}
		} else if h.uses[bends]&bits != 0 && l.endings.Has(word[h.size:]) {
			dst = append(dst, l.keyOf(h.stem, h.uses[begins]))
		}
	}
	return dst
}

// Longest returns the longest phrase that starts at the first of the words, each
// given by its keys. What two phrases of that length stand for is joined.
func (l *Lexicon) Longest(words [][]Key) Match {
	var best Match
	if len(words) == 0 {
		return best
	}
	for _, k := range words[0] {
		if k.own != 0 {
			l.follow(k.own, words, 1, &best)
		}
	}
	for _, k := range words[0] {
		if k.name != 0 {
			l.names.follow(k.name, words, 1, &best)
		}
	}
	return best
}

// follow goes on from a node to which the first words, as many as depth says, lead.
func (l *Lexicon) follow(at int32, words [][]Key, depth int, best *Match) {
	if out := l.phrases.meanings(at); len(out) > 0 && depth >= best.Len {
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
		if to := l.phrases.next(at, k.stem); to != 0 {
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
