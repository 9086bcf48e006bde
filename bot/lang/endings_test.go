package lang

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestChained compares the automaton with the list of all endings.
func TestChained(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	syllables := []string{"a", "да", "дар", "га", "н", "нын", "s", "lar", "la", "r"}
	for range 200 {
		chains := make([][][]string, 1+random.IntN(3))
		var all []string
		for i := range chains {
			made := []string{""}
			for range 1 + random.IntN(3) {
				var slot []string
				for range 1 + random.IntN(4) {
					slot = append(slot, syllables[random.IntN(len(syllables))])
				}
				chains[i] = append(chains[i], slot)
				for _, before := range slices.Clone(made) {
					for _, e := range slot {
						made = append(made, before+e)
					}
				}
			}
			all = append(all, made[1:]...)
		}
		e := chained(chains)
		longest := 0
		for _, s := range all {
			longest = max(longest, len(s))
			for _, other := range []string{s, s + "a", s[1:], "н" + s, s[:len(s)-1]} {
				if got, want := e.Has(other), slices.Contains(all, other); got != want {
					t.Fatalf("%q: got %v, want %v, in %q", other, got, want, chains)
				}
			}
		}
		if e.longest != longest || !e.sound() {
			t.Fatalf("longest is %d, want %d; sound: %v", e.longest, longest, e.sound())
		}
	}
	if (Endings{}).Has("") || (Endings{}).Has("s") || EndingsOf(nil).Has("") {
		t.Error("what has no endings has one")
	}
}

// TestHarmony tells apart what is made of the same parts in close relatives.
func TestHarmony(t *testing.T) {
	t.Parallel()
	e := EndingsOf([]string{"ды", "ду", "да"})
	if e.clashes("бол", "ды") {
		t.Error("a language without the rule has a clash")
	}
	e.clash, e.letters = clash{After: "оу", Not: "ыи"}, "адуы"
	for stem, want := range map[string]map[string]bool{
		"бол":       {"ды": true, "ду": false, "да": false},
		"ал":        {"ды": false},
		"резолюция": {"ны": false},
		"":          {"ды": false},
	} {
		for ending, want := range want {
			if got := e.clashes(stem, ending); got != want {
				t.Errorf("%s-%s: got %v, want %v", stem, ending, got, want)
			}
		}
	}
	if !e.written("ды") || e.written("ді") {
		t.Error("an ending is written with the letters of the endings, and no others")
	}
}
