package lang_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suhbat/bot/lang"
)

// concepts returns one concept for each name.
func concepts(names ...string) map[string]*lang.Concept {
	out := make(map[string]*lang.Concept)
	for _, n := range names {
		out[n] = &lang.Concept{ID: n, Kind: lang.Relation}
	}
	return out
}

// lexicon builds a small vocabulary: "phrase: concept" a line.
func lexicon(endings, words string) *lang.Lexicon {
	l := lang.NewLexicon(lang.EndingsOf(strings.Fields(endings)))
	known := make(map[string]*lang.Concept)
	for line := range strings.Lines(words) {
		phrase, id, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if phrase == "" {
			continue
		}
		if known[id] == nil {
			known[id] = &lang.Concept{ID: id, Kind: lang.Relation}
		}
		l.Add(phrase, lang.Meaning{Concept: known[id]})
	}
	return l
}

// look returns what the first phrase of text means and how many words it takes:
// "chair 1", the meanings sorted.
func look(l *lang.Lexicon, text string) string {
	var words [][]lang.Key
	for _, tok := range lang.Tokens(nil, text) {
		words = append(words, l.Keys(nil, tok.Text))
	}
	m := l.Longest(words)
	if m.Len == 0 {
		return ""
	}
	var ids []string
	for _, x := range m.Meanings {
		if x.Concept != nil {
			ids = append(ids, x.Concept.ID)
		} else {
			ids = append(ids, fmt.Sprint("thing", x.Thing))
		}
	}
	slices.Sort(ids)
	return fmt.Sprint(strings.Join(ids, "|"), " ", m.Len)
}

const english = `
	chair~: chair
	chairperson~: person
	led: lead
	take part: participate
	took part: participate
	take the chair: chair
	action plan~: plan
	national action plan~: plan
	national: national
	plan: scheme
	plane: aircraft
	open: open
	open~: opening
`

// TestLexicon: the words of a pack are all that a question is understood by. A
// stem that takes an ending which is none makes one word into another; a phrase
// that loses to its own part leaves words without meaning.
func TestLexicon(t *testing.T) {
	t.Parallel()
	l := lexicon("s es ed ing", english)
	for _, tt := range []struct{ text, want string }{
		{"chair", "chair 1"},
		{"chairs", "chair 1"},
		{"chaired", "chair 1"},
		{"chairing", "chair 1"},
		{"chairings", ""}, // two endings are none
		{"chairish", ""},  // not an ending of the language
		{"hair", ""},      // an ending of a stem is no word
		{"chairperson", "person 1"},
		{"led", "lead 1"},
		{"leds", ""}, // a word without ~ stands as it is
		{"take part in", "participate 2"},
		{"take", ""}, // a part of a phrase means nothing
		{"take the chair", "chair 3"},
		{"national", "national 1"},
		{"national action", "national 1"},
		{"national action plans", "plan 3"},
		{"action plan", "plan 2"},
		{"plan", "scheme 1"},
		{"plane", "aircraft 1"},
		{"open", "open|opening 1"}, // both: the rest of the question tells which
		{"unknown", ""},
		{"", ""},
	} {
		if got := look(l, tt.text); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestLexiconRussian: cases and persons are endings, so a Russian question is
// understood whatever form its words have.
func TestLexiconRussian(t *testing.T) {
	t.Parallel()
	l := lexicon("а у ом е ы ов овал овала ла", `
		председател~: person
		председательств~: chair
		узбекистан~: uzbekistan
		сам: self
	`)
	for _, tt := range []struct{ text, want string }{
		{"узбекистан", "uzbekistan 1"},
		{"Узбекистаном", "uzbekistan 1"},
		{"УЗБЕКИСТАНЕ", "uzbekistan 1"},
		{"председательствовал", "chair 1"},
		{"председательствовала", "chair 1"},
		{"председательница", ""},
		{"сама", ""},
		{"узбекистанская", ""},
	} {
		if got := look(l, tt.text); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestLexiconThings: a name that two things share must mean both; the engine then
// asks which, in place of choosing one in silence.
func TestLexiconThings(t *testing.T) {
	t.Parallel()
	l := lang.NewLexicon(lang.EndingsOf([]string{"s"}))
	l.Add("committee~", lang.Meaning{Thing: 1})
	l.Add("committee~", lang.Meaning{Thing: 2})
	l.Add("committee~", lang.Meaning{Thing: 2}) // said twice
	l.Add("committee on women", lang.Meaning{Thing: 3})
	l.Add("", lang.Meaning{Thing: 4})
	l.Add("committee~", lang.Meaning{Concept: concepts("noun")["noun"]})
	for _, tt := range []struct{ text, want string }{
		{"committee", "noun|thing1|thing2 1"},
		{"committees", "noun|thing1|thing2 1"},
		{"committee on women", "thing3 3"},
		{"committee on men", "noun|thing1|thing2 1"},
	} {
		if got := look(l, tt.text); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestLongestUnion: two stems that give phrases of one length both count, and
// asking must not change the vocabulary.
func TestLongestUnion(t *testing.T) {
	t.Parallel()
	l := lexicon("s es", "glass~: a\nglasse~: b\nglasses: c")
	for range 2 {
		if got := look(l, "glasses"); got != "a|b|c 1" {
			t.Errorf("got %q", got)
		}
	}
	if got := look(l, "glass"); got != "a 1" {
		t.Errorf("the union was kept: %q", got)
	}
}
