package lang

import (
	"slices"
	"unicode/utf8"
)

// Misspelt words are found by symmetric deletion (the idea of SymSpell): two
// words within one slip of each other share a form that either gives by leaving
// letters out. The index holds, for each stem, the stem with one letter left
// out; a question's unknown word is tried with its own letters left out, for
// each ending that it may have. A candidate is then measured exactly, because
// sharing a form is necessary but not sufficient.
//
// A short word has too many neighbours to be corrected, and one that a language
// pack lists as a real word is never taken for another.
const (
	minTypo     = 5 // letters of the shortest word that is corrected
	minTwoTypos = 9 // letters of the shortest word that two slips are forgiven
	minStem     = 4 // letters of the shortest stem that is a candidate
)

// indexTypos prepares l for [Lexicon.Correct]. Most questions are spelt right, so
// it waits for the first that is not.
func (l *Lexicon) indexTypos() {
	l.typos = make(map[string][]int32, len(l.display)*8)
	for id, text := range l.display {
		if utf8.RuneCountInString(text) < minStem {
			continue
		}
		l.typos[text] = append(l.typos[text], int32(id))
		deletions(text, func(d string) { l.typos[d] = append(l.typos[d], int32(id)) })
	}
}

// deletions calls yield with s without each of its letters.
func deletions(s string, yield func(string)) {
	for i, r := range s {
		yield(s[:i] + s[i+utf8.RuneLen(r):])
	}
}

// Correct appends the stems that an unknown folded word most likely stands for
// to dst, and returns what the word should have been. Add must not be called
// after it.
func (l *Lexicon) Correct(dst []Key, word string) ([]Key, string) {
	n := utf8.RuneCountInString(word)
	if n < minTypo {
		return dst, ""
	}
	l.once.Do(l.indexTypos)
	c := correction{lexicon: l, limit: 1}
	if n >= minTwoTypos {
		c.limit = 2
	}
	c.best = c.limit + 1
	for cut := len(word); cut > 0 && len(word)-cut <= l.longest; cut-- {
		if cut == len(word) || (utf8.RuneStart(word[cut]) && l.endings[word[cut:]]) {
			c.try(word[:cut], word[cut:])
		}
	}
	if len(c.found) == 0 {
		c.tail(word)
	}
	for _, id := range c.found {
		dst = append(dst, Key{id})
	}
	return dst, c.text
}

// correction collects the nearest stems to a word.
type correction struct {
	lexicon *Lexicon
	limit   int
	best    int
	found   []int32
	text    string
}

// try measures the stems that share a form with head, a word whose ending was
// cut off.
func (c *correction) try(head, ending string) {
	if utf8.RuneCountInString(head) < minStem {
		return
	}
	c.measure(head, head, ending)
	deletions(head, func(d string) { c.measure(d, head, ending) })
}

// The length of a stem that a misspelt ending cannot hide, and of such an ending.
const (
	longStem = 9
	longTail = 6
)

// tail finds a long stem with an ending that no word has.
func (c *correction) tail(word string) {
	for cut := len(word) - 1; cut > 0; cut-- {
		if !utf8.RuneStart(word[cut]) || utf8.RuneCountInString(word[cut:]) > longTail || utf8.RuneCountInString(word[:cut]) < longStem {
			continue
		}
		if s, ok := c.lexicon.stems[word[:cut]]; ok && s.bends {
			c.found, c.text = append(c.found, s.id), word[:cut]+"…"
			return
		}
	}
}

func (c *correction) measure(form, head, ending string) {
	for _, id := range c.lexicon.typos[form] {
		text := c.lexicon.display[id]
		s := c.lexicon.stems[text]
		if ending != "" && !s.bends {
			continue
		}
		d := distance(head, text)
		switch {
		case d > c.limit || d > c.best || (d > 1 && utf8.RuneCountInString(text) < minTwoTypos-1):
		case d < c.best:
			c.best, c.found, c.text = d, append(c.found[:0], id), text+ending
		case !slices.Contains(c.found, id):
			c.found = append(c.found, id)
		}
	}
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
