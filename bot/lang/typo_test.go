package lang_test

import (
	"strings"
	"testing"

	"suhbat/bot/lang"
)

// TestCorrect: a slip of the finger must not cost the answer, but a real word
// that looks like one of ours must never become it.
func TestCorrect(t *testing.T) {
	t.Parallel()
	l := lexicon("s ed", `
		dialogue~: dialogue
		chair~: chair
		conference~: conference
		turkmenistan: turkmenistan
		kazakhstan: kazakhstan
		resolution~: resolution
		plan: plan
		meet: meet
	`)
	for _, tt := range []struct{ typed, want string }{
		{"dialouge", "dialogue"},   // two letters swapped
		{"dialoge", "dialogue"},    // one left out
		{"dialoguue", "dialogue"},  // one too many
		{"dialofue", "dialogue"},   // one for another
		{"dialouges", "dialogues"}, // with its ending
		{"chaird", "chair"},
		{"chiared", "chaired"},
		{"confrence", "conference"},
		{"conferance", "conference"},
		{"confarence", "conference"},
		{"cnferencee", "conference"}, // one left out and one too many, in a long word
		{"turkmenstan", "turkmenistan"},
		{"turkmenistn", "turkmenistan"},
		{"kazakstan", "kazakhstan"},
		{"resolutoin", "resolution"},
		{"plam", ""},                 // too short to tell
		{"mete", ""},                 // too short to tell
		{"dilog", ""},                // too far
		{"cnferanse", ""},            // three slips
		{"uzbekistan", ""},           // another name
		{"afghanistan", ""},          // another name
		{"restaurant", ""},           // another word
		{"revolution", "resolution"}, // so a pack has to list it as a word of its own
		{"", ""},
		{strings.Repeat("a", 10_000), ""},
	} {
		keys, got := l.Correct(nil, tt.typed)
		if got != tt.want || (len(keys) > 0) != (tt.want != "") {
			t.Errorf("%q is read as %q (%d stems), want %q", tt.typed, got, len(keys), tt.want)
		}
	}
}

// TestCorrectBoth: of two stems equally near to a slip neither may be preferred,
// so that the engine can see that the word is not clear.
func TestCorrectBoth(t *testing.T) {
	t.Parallel()
	l := lexicon("", "tatjana: a\ntatyana: b")
	keys, _ := l.Correct(nil, "tatiana")
	if len(keys) != 2 {
		t.Errorf("%d stems, want both", len(keys))
	}
	if m := l.Longest([][]lang.Key{keys}); len(m.Meanings) != 2 {
		t.Errorf("%d meanings, want both", len(m.Meanings))
	}
}
