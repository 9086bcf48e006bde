package lang_test

import (
	"strings"
	"testing"

	"suhbat/bot/lang"
)

// agglutinative is what [sound] lacks of a language that puts endings in a row.
const agglutinative = `shared: []
glued: true
ordinal-classes: {few: 6 10}
cases:
  harmony: {back: aou, front: ei}
  forms:
    abl:
      - {after: i, add: {front: nden}}
      - {add: {back: dan, front: den}}
`

// ending loads the smallest pack of such a language.
func ending(t *testing.T) *lang.Pack {
	t.Helper()
	set, err := lang.Load(packFiles(strings.Replace(sound, "shared: []\n", agglutinative, 1)))
	if err != nil {
		t.Fatal(err)
	}
	return set.Pack("en")
}

// TestOrdinalClasses: where CLDR is coarser than a language, its pack says which
// numbers take which ending, or "2010-nji" would be written for "2010-njy".
func TestOrdinalClasses(t *testing.T) {
	t.Parallel()
	p := ending(t)
	for n, want := range map[int]string{6: "few", 16: "few", 10: "few", 2010: "few", 1: "other", 20: "other", 100: "other"} {
		if got := p.Ordinal(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

// TestEndsAs: the case of a word tells what it belongs to.
func TestEndsAs(t *testing.T) {
	t.Parallel()
	p := ending(t)
	for word, want := range map[string]bool{"kazakhstandan": true, "dialoginden": true, "kazakhstan": false, "dan": true, "danish": false} {
		if got := p.EndsAs(word, "abl"); got != want {
			t.Errorf("%q: %v, want %v", word, got, want)
		}
	}
	if p.EndsAs("kazakhstandan", "dat") {
		t.Error("a form without rules has an ending")
	}
}

// TestGluedName: an ending that a hyphen ties to an abbreviation is left out of a
// name, as it is out of a question; other words behind a hyphen stay.
func TestGluedName(t *testing.T) {
	t.Parallel()
	p := ending(t)
	for name, want := range map[string]string{
		"UN-s Council": "un council~", "UN-Women": "un women~", "Resolution 64-s": "resolution~ 64 s", "Council": "council~",
	} {
		if got, _ := p.Namer().Phrase(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
