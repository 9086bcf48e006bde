package lang_test

import (
	"slices"
	"strings"
	"testing"
)

// TestComplete: what English can say or understand, a speaker of another language
// may expect: a concept without words makes a whole kind of question impossible to
// ask, a missing phrase shows its key to a reader, a forgotten place leaves out
// the year.
func TestComplete(t *testing.T) {
	t.Parallel()
	for _, f := range languages(t).Missing() {
		t.Error(f)
	}
}

// TestMissing: a translator is told of everything that a pack lacks.
func TestMissing(t *testing.T) {
	t.Parallel()
	set := languages(t)
	p := *set.Pack("ru")
	p.Words, p.Examples = p.Words[:1], nil
	whole := *set
	whole.Packs = append(slices.Clip(whole.Packs), &p)
	var all []string
	for _, f := range whole.Missing() {
		all = append(all, f.Error())
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{"ru.yaml:1:1: no word for the concept chair, expected", "0 examples, 0 of them declined"} {
		if !strings.Contains(text, want) {
			t.Errorf("nothing says %q:\n%s", want, text)
		}
	}
}
