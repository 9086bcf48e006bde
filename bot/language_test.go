package bot_test

import (
	"path/filepath"
	"testing"

	"suhbat/bot"
)

// TestReplyLanguage: whoever asks in a language is answered in it, even where the
// question is short, misspelt or not understood. Of all texts together at most two
// in a hundred may be taken for another language, and each language must do well by
// itself.
func TestReplyLanguage(t *testing.T) {
	t.Parallel()
	const most, mostInOne = 0.02, 0.06 // of the texts
	_, set := parts()
	c := core(t)
	all, wrong := 0, 0
	for _, p := range set.Packs {
		if p.Base != "" {
			continue // its texts are those of another script, and stand in the same file
		}
		texts := readLines(t, filepath.Join("testdata", "language", p.Code+".txt"))
		if len(texts) < 36 {
			t.Errorf("%s has only %d texts", p.Code, len(texts))
		}
		own := 0
		for _, text := range texts {
			in := bot.Incoming{Kind: bot.Ask, From: bot.Address{Chat: p.Code + text}, Text: text, At: today}
			r, err := c.Handle(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if base, _ := r.Message.Lang.Base(); base != p.Language() {
				own++
				t.Logf("%s: %q is answered in %s (%s)", p.Code, text, r.Message.Lang, r.Outcome)
			}
		}
		if float64(own) > mostInOne*float64(len(texts)) {
			t.Errorf("%d of %d texts in %s are answered in another language", own, len(texts), p.Code)
		}
		all, wrong = all+len(texts), wrong+own
	}
	if float64(wrong) > most*float64(all) {
		t.Errorf("%d of %d texts are answered in another language", wrong, all)
	}
	t.Logf("%d of %d texts are answered in their language", all-wrong, all)
}
