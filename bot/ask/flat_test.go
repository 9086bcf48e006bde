package ask_test

import (
	"errors"
	"flag"
	"os"
	"slices"
	"testing"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/facts"
	"suhbat/facts/data"
	"suhbat/facts/flat"
)

var update = flag.Bool("update", false, "rewrite ../lang/packs/index.flat")

// flattened returns the facts and the languages as they come from the flat forms that
// are made of the files now.
func flattened(tb testing.TB) (*facts.Store, *lang.Set) {
	tb.Helper()
	ofFacts, err := facts.Flatten(data.FS)
	if err != nil {
		tb.Fatal(err)
	}
	store, err := facts.Restore(ofFacts, data.FS)
	if err != nil {
		tb.Fatal(err)
	}
	ofPacks, err := lang.Flatten(packs.FS)
	if err != nil {
		tb.Fatal(err)
	}
	set, err := lang.Restore(ofPacks, packs.FS)
	if err != nil {
		tb.Fatal(err)
	}
	return store, set
}

// TestFlattened compares the index that the program carries with the files that
// curators and translators edit.
func TestFlattened(t *testing.T) {
	store, set := flattened(t)
	want, err := ask.Flatten(store, set)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("../lang/packs/index.flat", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if packs.Index != want {
		t.Error("bot/lang/packs/index.flat is not made of the facts and packs: run go generate ./... and add it to your change")
	}
}

// TestRestore: the program, which has its words and names ready, must answer as one
// that reads the files does.
func TestRestore(t *testing.T) {
	t.Parallel()
	store, set := flattened(t)
	index, err := ask.Flatten(store, set)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ask.Restore(index, store, set.Proven())
	if err != nil {
		t.Fatal(err)
	}
	want := load(t)
	for _, q := range talks(t) {
		for _, text := range []string{q.text, slip(q.text)} {
			a := e.Ask(ask.Question{Text: text, Today: today})
			b := want.ask(text)
			if gist(&a) != gist(&b) || a.Outcome != b.Outcome || a.Lang != b.Lang || !slices.Equal(a.Misread, b.Misread) {
				t.Errorf("%q is answered by %s%s in %s, not by %s%s in %s", text, a.Outcome, gist(&a), a.Lang, b.Outcome, gist(&b), b.Lang)
			}
		}
	}
	loaded, err := facts.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ask.Restore(index, loaded, set); !errors.Is(err, flat.ErrStale) {
		t.Errorf("with facts that may be others: got %v, want %v", err, flat.ErrStale)
	}
	if _, err := ask.Restore(index[:len(index)/2], store, set); !errors.Is(err, flat.ErrBroken) {
		t.Errorf("with half an index: got %v, want %v", err, flat.ErrBroken)
	}
}

// slip is a text with two letters in the middle swapped.
func slip(text string) string {
	r := []rune(text)
	if i := len(r) / 2; i > 0 {
		r[i-1], r[i] = r[i], r[i-1]
	}
	return string(r)
}
