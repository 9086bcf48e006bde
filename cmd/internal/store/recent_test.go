package store

import (
	"sync"
	"testing"

	"suhbat/bot"
)

// TestChosen: who changes the language is answered in it at once, however many ask at
// that moment, and after a move and a deletion.
func TestChosen(t *testing.T) {
	s := openTest(t, Options{})
	ann, group := bot.Address{Network: "telegram", Chat: "1"}, bot.Address{Network: "telegram", Chat: "-2"}
	lang := func(of bot.Address) string {
		t.Helper()
		p, err := s.Preference(t.Context(), of)
		if err != nil {
			t.Fatal(err)
		}
		return p.Lang
	}
	for _, want := range []string{"ru", "kk", "ru", "en"} {
		var readers sync.WaitGroup
		for range 20 {
			readers.Go(func() { lang(ann) })
		}
		if err := s.SetPreference(t.Context(), ann, bot.Preference{Lang: want}); err != nil {
			t.Fatal(err)
		}
		readers.Wait()
		if got := lang(ann); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	lang(group)
	if err := s.Move(t.Context(), ann, group); err != nil || lang(ann) != "" || lang(group) != "en" {
		t.Errorf("after a move (%v): %q and %q", err, lang(ann), lang(group))
	}
	if err := s.Forget(t.Context(), group); err != nil || lang(group) != "" {
		t.Errorf("after a deletion (%v): %q", err, lang(group))
	}
}
