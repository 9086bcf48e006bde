package lang

import (
	"testing"
	"unicode/utf8"
)

// TestHashes: a word without one of its letters has the hash of the word that is left,
// or a misspelt word would not find the one that was meant; and the hashes of other
// words are others.
func TestHashes(t *testing.T) {
	t.Parallel()
	hash := func(s string) (h uint32) {
		first := true
		hashes(s, func(x uint32) {
			if first {
				h, first = x, false
			}
		})
		return h
	}
	seen := make(map[uint32]string)
	for _, word := range []string{"dialogue", "dialogus", "eialogue", "диалог", "диалок", "a", "aa", "ab", "ba", ""} {
		if other, taken := seen[hash(word)]; taken {
			t.Errorf("%q and %q have one hash", word, other)
		}
		seen[hash(word)] = word
		var left []uint32
		for i, r := range word {
			left = append(left, hash(word[:i]+word[i+utf8.RuneLen(r):]))
		}
		i := -1
		hashes(word, func(h uint32) {
			if i >= 0 && h != left[i] {
				t.Errorf("%q without letter %d has the hash %x, what is left %x", word, i, h, left[i])
			}
			i++
		})
		if i != len(left) {
			t.Errorf("%q has %d forms, not %d", word, i, len(left))
		}
	}
}
