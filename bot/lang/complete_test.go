package lang_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"suhbat/bot/lang"
)

// English is the pack that all others are measured by: what it can say or
// understand, a speaker of another language may expect.

// wordless lists concepts that a language may do without, and why.
var wordless = map[string]string{
	"by":            "an ending in languages with an instrumental case",
	"recipient":     "an ending in languages with a dative case",
	"come":          "an English way to say that something took place",
	"count":         "an English way to ask how many",
	"plan-of":       "an ending in languages with a genitive case",
	"aux":           "an English way to begin a question",
	"dialogue-noun": "“the Dialogue” is a name of the thing itself",
	"wps":           "the agenda's own name, which the facts hold, says the same",
}

// TestEveryConceptHasWords: a concept that one language lacks words for makes a
// whole kind of question impossible to ask in it.
func TestEveryConceptHasWords(t *testing.T) {
	t.Parallel()
	set := languages(t)
	english := conceptsOf(set.Pack("en"))
	for _, p := range set.Packs {
		have := conceptsOf(p)
		for _, id := range slices.Sorted(maps.Keys(english)) {
			if !have[id] && wordless[id] == "" {
				t.Errorf("%s has no word for %s", p.Code, id)
			}
		}
	}
}

// conceptsOf lists what a pack has words for, the endings of numbers excepted:
// not every language writes them.
func conceptsOf(p *lang.Pack) map[string]bool {
	out := make(map[string]bool)
	for _, w := range p.Words {
		if w.Concept.Kind != lang.Suffix {
			out[w.Concept.ID] = true
		}
	}
	return out
}

// TestEveryPhrase: a phrase that is missing would show its key to a reader.
func TestEveryPhrase(t *testing.T) {
	t.Parallel()
	set := languages(t)
	for _, p := range set.Packs {
		for _, key := range slices.Sorted(maps.Keys(set.Pack("en").Phrases)) {
			if p.Phrases[key].IsZero() {
				t.Errorf("%s has no phrase %s", p.Code, key)
			}
		}
		for key := range p.Phrases {
			if set.Pack("en").Phrases[key].IsZero() && !strings.HasPrefix(key, "gap-") {
				t.Errorf("%s has a phrase %s that nobody uses", p.Code, key)
			}
		}
	}
}

// TestEveryFrame: a property that a language cannot state makes its answers
// raw, and one that it cannot ask about is never offered.
func TestEveryFrame(t *testing.T) {
	t.Parallel()
	set := languages(t)
	for _, p := range set.Packs {
		for id, want := range set.Pack("en").Frames {
			got := p.Frames[id]
			if got == nil {
				t.Errorf("%s has no frame for %s", p.Code, id)
				continue
			}
			for _, x := range []struct {
				what      string
				got, want lang.Template
			}{
				{"says", got.Says, want.Says},
				{"none", got.None, want.None},
				{"title", got.Title, want.Title},
				{"counts", got.Counts, want.Counts},
			} {
				if x.got.IsZero() && !x.want.IsZero() {
					t.Errorf("%s, %s: no `%s`", p.Code, id, x.what)
				}
			}
			for role := range want.Asks {
				if got.Asks[role].IsZero() {
					t.Errorf("%s, %s: no question for %s", p.Code, id, role)
				}
			}
		}
	}
}

// TestSamePlaces: a statement that leaves out a place of the English one leaves
// out what it says, such as the year.
func TestSamePlaces(t *testing.T) {
	t.Parallel()
	set := languages(t)
	english := set.Pack("en")
	for _, p := range set.Packs {
		for id, want := range english.Frames {
			if got := p.Frames[id]; got != nil {
				samePlaces(t, p.Code+", "+id+", says", got.Says, want.Says)
				samePlaces(t, p.Code+", "+id+", counts", got.Counts, want.Counts)
			}
		}
		for key, want := range english.Phrases {
			samePlaces(t, p.Code+", "+key, p.Phrases[key], want)
		}
	}
}

// named are places that may go by other names, or stand in a sentence already: a
// thing by its type, the time of a question inside the question.
var named = []string{"subject", "value", "sort", "at", "of", "country", "unanimous", "morethan"}

func samePlaces(t *testing.T, what string, got, want lang.Template) {
	t.Helper()
	have := placesOf(got)
	for name := range placesOf(want) {
		if !have[name] && !got.IsZero() && !have["question"] && !slices.Contains(named, name) {
			t.Errorf("%s: no place for {%s}", what, name)
		}
	}
}

// placesOf lists the places of a template. A mark that only says whether a group
// stands may be worded in another way.
func placesOf(tpl lang.Template) map[string]bool {
	out := make(map[string]bool)
	tpl.Places(func(place, _ string, _ []string) { out[place] = true })
	return out
}

// TestExamples: every language shows translators what it understands, and what
// it must decline.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, p := range languages(t).Packs {
		declined := 0
		for _, x := range p.Examples {
			if x.Form == "-" {
				declined++
			}
		}
		if len(p.Examples) < 20 || declined == 0 {
			t.Errorf("%s has %d examples, %d of them declined", p.Code, len(p.Examples), declined)
		}
	}
}
