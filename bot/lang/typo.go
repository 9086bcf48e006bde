package lang

import (
	"slices"
	"unicode/utf8"
)

// Misspelt words are found by symmetric deletion (the idea of SymSpell): two
// words within one slip of each other share a form that either gives by leaving
// letters out. The index holds, for each stem, the stem and what is left of it
// without each of its letters; a question's unknown word is tried with its own
// letters left out, for each tail that it may have. A candidate is then measured
// exactly, because sharing a form is necessary but not sufficient. For the same
// reason the index may hold hashes in place of the forms themselves: two forms
// with one hash cost a comparison and nothing else.
//
// A short word has too many neighbours to be corrected, and one that a language
// pack lists as a real word is never taken for another.
const (
	minTypo     = 5 // letters of the shortest word that is corrected
	minTwoTypos = 9 // letters of the shortest word that two slips are forgiven
	minStem     = 4 // letters of the shortest stem that is a candidate
)

// typoIndex finds stems by the hashes of their forms. The forms are sorted by the
// upper bits of the hash, and starts says where those of each value begin; tags holds
// some of the other bits, and stems whose forms they are.
type typoIndex struct {
	starts ints
	tags   string
	stems  ints
}

// typoBits is the number of upper bits by which forms are sorted: a few share each
// value of them.
const typoBits = 15

// typoTag returns the bits of a hash behind those by which forms are sorted.
func typoTag(hash uint32) byte { return byte(hash >> (32 - typoBits - 8)) }

// The constants of the FNV-1a hash.
const (
	fnvOffset uint32 = 2166136261
	fnvPrime  uint32 = 16777619
)

func hashOn(h uint32, s string) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * fnvPrime
	}
	return h
}

// The base of the hash of a form, a polynomial in its letters, and the number that
// the base gives 1 with, modulo 2^64.
const (
	formBase    uint64 = 0x9e3779b97f4a7c15
	formInverse uint64 = 0xf1de83e19937733d
)

// hashes calls yield with the hash of s and of s without each of its letters. The hash
// is the upper half of r0·b^n + r1·b^(n-1) + … + r(n-1)·b, so that without letter i it
// is that of s less what letter i adds and what the letters before it lose.
func hashes(s string, yield func(uint32)) {
	whole, power := uint64(0), uint64(1)
	for _, r := range s {
		whole = (whole + uint64(r)) * formBase
		power *= formBase
	}
	yield(uint32(whole >> 32))
	before := uint64(0) // the hash of the letters before i; power is b^(n-i)
	for _, r := range s {
		yield(uint32((whole - (before-before*formInverse+uint64(r))*power) >> 32))
		before = (before + uint64(r)) * formBase
		power *= formInverse
	}
}

// indexTypos prepares s for [Stems.Slips], unless that lies ready. Most questions are
// spelt right, so it waits for the first that is not. It is a counting sort: once over
// the stems to see how many forms there are of each value, once more to place them, the
// last one first: then the end of each value's forms has become their beginning.
func (s *Stems) indexTypos() {
	if s.typos.tags != "" {
		return
	}
	order := s.namesFirst()
	each := func(do func(h uint32, id int32)) {
		for _, id := range slices.Backward(order) {
			if text := s.word(id); utf8.RuneCountInString(text) >= minStem {
				hashes(text, func(h uint32) { do(h, id) })
			}
		}
	}
	starts := make([]uint32, 1<<typoBits+1)
	each(func(h uint32, _ int32) { starts[h>>(32-typoBits)]++ })
	for i := 1; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	n := starts[len(starts)-1]
	tags, stems := make([]byte, n), make([]uint32, n)
	each(func(h uint32, id int32) {
		at := &starts[h>>(32-typoBits)]
		*at--
		tags[*at], stems[*at] = typoTag(h), uint32(id)
	})
	s.typos = typoIndex{intsOf(starts), string(tags), intsOf(stems)}
}

// namesFirst lists all stems, those of names first: of two that are equally near to a
// misspelt word, the first counts.
func (s *Stems) namesFirst() []int32 {
	order := slices.Clone(s.ofNames)
	named := make([]bool, s.len())
	for _, id := range order {
		named[id] = true
	}
	for id := range named {
		if !named[id] {
			order = append(order, int32(id))
		}
	}
	return order
}

// Slip is a stem that the head of a misspelt word is near to.
type Slip struct {
	stem, size int32
	distance   int8
}

// Slips appends the stems that a misspelt folded word may begin with to dst.
// Nothing may be added to a lexicon after it.
func (s *Stems) Slips(dst []Slip, word string) []Slip {
	n := utf8.RuneCountInString(word)
	if n < minTypo || n > maxWord {
		return dst
	}
	s.once.Do(s.indexTypos)
	limit := 1
	if n >= minTwoTypos {
		limit = 2
	}
	start := len(dst)
	for cut := len(word); cut > 0 && len(word)-cut <= s.longest; cut-- {
		if cut < len(word) && !utf8.RuneStart(word[cut]) {
			continue
		}
		head := word[:cut]
		if utf8.RuneCountInString(head) < minStem {
			break
		}
		if tail := word[cut:]; tail != "" && !s.isTail(tail) {
			continue // in no language can this be a stem with an ending
		}
		hashes(head, func(h uint32) { dst = s.near(dst, start, head, h, limit) })
	}
	return dst
}

// isTail reports whether some lexicon may accept a tail.
func (s *Stems) isTail(tail string) bool {
	return slices.ContainsFunc(s.endings, func(e Endings) bool { return e.Has(tail) })
}

// near appends the stems within limit of head that have a form with the hash.
func (s *Stems) near(dst []Slip, start int, head string, hash uint32, limit int) []Slip {
	x := &s.typos
	top, want := int(hash>>(32-typoBits)), typoTag(hash)
	begin, end := int(x.starts.at(top)), int(x.starts.at(top+1))
	for at, tag := range []byte(x.tags[begin:end]) {
		if tag != want {
			continue
		}
		stem := int32(x.stems.at(begin + at))
		if slices.ContainsFunc(dst[start:], func(x Slip) bool { return x.stem == stem && int(x.size) == len(head) }) {
			continue
		}
		text := s.word(stem)
		d := distance(head, text)
		if d <= limit && (d <= 1 || utf8.RuneCountInString(text) >= minTwoTypos-1) {
			dst = append(dst, Slip{stem, int32(len(head)), int8(d)})
		}
	}
	return dst
}

// Correct appends the stems that an unknown folded word most likely stands for
// to dst, and returns what the word should have been.
func (l *Lexicon) Correct(dst []Key, word string) ([]Key, string) {
	return l.Mend(dst, word, l.stems.Slips(nil, word), l.stems.Heads(nil, word))
}

// Mend is [Lexicon.Correct] with the slips and heads of the word at hand: the
// nearest stems count, with the endings of the language.
func (l *Lexicon) Mend(dst []Key, word string, slips []Slip, heads []Head) ([]Key, string) {
	best, meant, start := int8(maxWord), "", len(dst)
	for _, x := range slips {
		tail := word[x.size:]
		if tail == "" && !l.used(x.stem, stands) || tail != "" && !(l.used(x.stem, bends) && l.endings.Has(tail)) {
			continue
		}
		switch {
		case x.distance < best:
			best, meant, dst = x.distance, l.stems.word(x.stem)+tail, append(dst[:start], l.key(x.stem))
		case x.distance == best && !slices.Contains(dst[start:], l.key(x.stem)):
			dst = append(dst, l.key(x.stem))
		}
	}
	if len(dst) == start && utf8.RuneCountInString(word) >= minTypo {
		return l.mendTail(dst, word, heads)
	}
	return dst, meant
}

// The length of a stem that a misspelt ending cannot hide, and of such an ending.
const (
	longStem = 9
	longTail = 6
)

// mendTail finds a long stem with an ending that no word has.
func (l *Lexicon) mendTail(dst []Key, word string, heads []Head) ([]Key, string) {
	for _, h := range heads {
		head, tail := word[:h.size], word[h.size:]
		if tail != "" && h.uses[bends]&l.bits() != 0 && utf8.RuneCountInString(tail) <= longTail && utf8.RuneCountInString(head) >= longStem {
			return append(dst, l.keyOf(h.stem, h.uses[begins])), head + "…"
		}
	}
	return dst, ""
}

// maxWord bounds the words whose distance is measured, in runes.
const maxWord = 40

// distance is the optimal string alignment distance of two words: the number of
// letters left out, put in, changed or swapped with their neighbour. Words that
// are too long to be names of ours are far from everything.
func distance(a, b string) int {
	var x, y [maxWord]rune
	n, m := runes(&x, a), runes(&y, b)
	if n < 0 || m < 0 {
		return maxWord
	}
	var two, one, row [maxWord + 1]int
	for j := range m + 1 {
		one[j] = j
	}
	for i := 1; i <= n; i++ {
		row[0] = i
		for j := 1; j <= m; j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one = one, row
	}
	return one[m]
}

// runes writes the runes of s to dst and returns how many, or -1 if there are
// too many.
func runes(dst *[maxWord]rune, s string) int {
	n := 0
	for _, r := range s {
		if n == maxWord {
			return -1
		}
		dst[n] = r
		n++
	}
	return n
}
