package ask

import (
	"slices"
	"strings"
	"testing"

	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/facts"
	"suhbat/facts/data"
)

// TestMemo: of what people type only words that a language knows are kept, each with
// what the languages say of it; a name or a number that somebody typed is not.
func TestMemo(t *testing.T) {
	t.Parallel()
	store, err := facts.Restore(data.Flat, data.FS)
	if err != nil {
		t.Fatal(err)
	}
	set, err := lang.Restore(packs.Flat, packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Restore(packs.Index, store, set.Proven())
	if err != nil {
		t.Fatal(err)
	}
	first := e.Ask(Question{Text: "Who chaired the Dialogue in 2022? Zzyzx Qwrtpsdfg, +77011234567"})
	if first.Outcome != NotUnderstood {
		t.Errorf("a question with unknown words was answered: %v", first.Outcome)
	}
	for _, word := range []string{"Who", "chaired", "Dialogue"} {
		s := e.words.get(word)
		if s == nil {
			t.Errorf("%q is not kept", word)
			continue
		}
		if s.folded != strings.ToLower(word) || len(s.fits) != len(e.voices) || len(s.heads) == 0 {
			t.Errorf("%q is kept as %+v", word, *s)
		}
		for _, v := range e.voices {
			if want := v.lex.Keys(nil, s.folded); !slices.Equal(s.keysIn(v), want) {
				t.Errorf("in %s, %q is kept with %v, not %v", v.pack.Code, word, s.keysIn(v), want)
			}
			if want := v.fit(s.folded, s.spelling, s.heads); want.mark != s.fits[v.at].mark || want.known != s.fits[v.at].known {
				t.Errorf("in %s, %q fits as %+v, not %+v", v.pack.Code, word, s.fits[v.at], want)
			}
		}
	}
	for _, word := range []string{"Zzyzx", "Qwrtpsdfg", "77011234567"} {
		if e.words.get(word) != nil {
			t.Errorf("%q is kept", word)
		}
	}
	if got := e.Ask(Question{Text: "Who chaired the Dialogue in 2022?"}); got.Outcome != Answered {
		t.Errorf("with kept words the outcome is: %v", got.Outcome)
	}
}
