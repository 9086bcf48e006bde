package facts

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// maxNear is how many near spellings a message offers.
const maxNear = 3

// maxOff is how many letters of a long word may be wrong; of a short one, a third.
const maxOff = 4

// nearest returns those of known that word may be a misspelling of, the
// likeliest first, at most maxNear.
func nearest[S ~string](word string, known iter.Seq[S]) []string {
	type candidate struct {
		word string
		off  int
	}
	limit := min((len(word)+1)/3, maxOff)
	var near []candidate
	for k := range known {
		if off := distance(word, string(k), limit); off <= limit {
			near = append(near, candidate{string(k), off})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.off, b.off), strings.Compare(a.word, b.word))
	})
	words := make([]string, 0, maxNear)
	for _, c := range near[:min(len(near), maxNear)] {
		words = append(words, c.word)
	}
	return words
}

// distance counts the letters to insert, delete, replace or swap that turn a
// into b; limit+1 stands for anything above limit.
func distance(a, b string, limit int) int {
	if max(len(a)-len(b), len(b)-len(a)) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// perhaps words the near spellings for the end of a message: `; perhaps "a" or
// "b"`, or nothing.
func perhaps(near []string) string {
	if len(near) == 0 {
		return ""
	}
	quoted := make([]string, len(near))
	for i, w := range near {
		quoted[i] = `"` + w + `"`
	}
	return "; perhaps " + orList(quoted)
}

// orList joins words for a sentence: "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
