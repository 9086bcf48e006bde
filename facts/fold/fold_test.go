package fold_test

import (
	"testing"
	"unicode/utf8"

	"suhbat/facts/fold"
)

func TestString(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"who chaired in 2022?", "who chaired in 2022?"},
		{"WHO Chaired", "who chaired"},
		{"Ещё Объединённых", "еще объединенных"},
		{"Oʻzbekiston O‘zbekiston O'zbekiston O`zbekiston", "ozbekiston ozbekiston ozbekiston ozbekiston"},
		{"Espayeva's don't we're rock'n'roll maʼlum", "espayeva's don't we're rocknroll malum"},
		{"oʻt togʻ don't O’t", "ot tog don't o't"},
		{"ООН‑женщины — ООН–женщины", "оон-женщины - оон-женщины"},
		{"и\u0306", "й"},
		{"\u202ewho\u202c", "who"},
		{"a\x00b\xffc", "a b c"},
		{"Қырғызстан ӮҲҶӢ", "кыргызстан ухчи"},
	} {
		if got := fold.String(tt.in); got != tt.want {
			t.Errorf("String(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestName(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"«ООН-женщины»", "оон женщины"},
		{"Women, Peace and Security (WPS)", "women peace and security wps"},
		{"  ", ""},
	} {
		if got := fold.Name(tt.in); got != tt.want {
			t.Errorf("Name(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// A question that folds differently the second time would be understood
// differently after an edit that changes nothing.
func FuzzString(f *testing.F) {
	for _, s := range []string{"", "Who?", "Oʻzbekiston", "и\u0306", "a's'b", "\xff\x00", "İ", "ǰ́", "A\xd8A'\u00adA", "s\u00ad\u0327"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := fold.String(s)
		if !utf8.ValidString(once) {
			t.Errorf("String(%q) = %q, not valid UTF-8", s, once)
		}
		if twice := fold.String(once); twice != once {
			t.Errorf("String is not idempotent on %q: %q, then %q", s, once, twice)
		}
	})
}
