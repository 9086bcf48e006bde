package lang_test

import (
	"testing"
	"unicode/utf8"

	"suhbat/bot/lang"
)

// reading returns the reading of a pack by name.
func reading(t *testing.T, code, name string) lang.Reading {
	t.Helper()
	for _, r := range pack(t, code).Readings {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("%s has no reading %q", code, name)
	return lang.Reading{}
}

// TestReadings: who forgot to switch the keyboard, or has none for the language,
// must be understood all the same.
func TestReadings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ code, name, typed, want string }{
		{"ru", "keyboard", "rnj ghtlctlfntkmcndjdfk d 2022 ujle", "кто председательствовал в 2022 году"},
		{"ru", "keyboard", ";tyobys", "женщины"},
		{"ru", "keyboard", "", ""},
		{"ru", "letters", "kto predsedatelstvoval", "кто председателствовал"},
		{"ru", "letters", "zhenshchiny", "женщины"},
		{"ru", "letters", "rezolyutsiya 1325", "резолюция 1325"},
		{"ru", "letters", "chto takoe", "что такое"},
		{"en", "keyboard", "црщ срфшкув", "who chaired"},
	} {
		if got := reading(t, tt.code, tt.name).Read(tt.typed); got != tt.want {
			t.Errorf("%s, %s: %q is read as %q, want %q", tt.code, tt.name, tt.typed, got, tt.want)
		}
	}
}

// FuzzRead: a reading must keep what it does not know and never break a letter in
// two.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"rnj", "кто", "'", "shch", "1325?", "👩‍👩‍👧", "ş"} {
		f.Add(s)
	}
	set := languages(f)
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		for _, p := range set.Packs {
			for _, r := range p.Readings {
				if got := r.Read(s); !utf8.ValidString(got) || (s == "") != (got == "") {
					t.Errorf("%s, %s: %q is read as %q", p.Code, r.Name, s, got)
				}
			}
		}
	})
}

// TestNamePhrase: a name in the facts stands in one form; a question may use it
// in any.
func TestNamePhrase(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ code, name, question string }{
		{"en", "Kazakhstan", "Kazakhstan's"},
		{"en", "Dialogue of Women", "dialogue of women"},
		{"en", "UN Women", "un women"},
		{"en", "UN-Women", "UN Women"},
		{"ru", "Казахстан", "Казахстаном"},
		{"ru", "Дания Еспаева", "Дании Еспаевой"},
		{"ru", "Алматы", "Алматы"},
		{"ru", "Диалог женщин Центральной Азии", "диалогом женщин Центральной Азии"},
		{"ru", "резолюция 1325", "резолюции 1325"},
		{"ru", "Совет Безопасности", "Советом Безопасности"},
	} {
		p := pack(t, tt.code)
		l := lang.NewLexicon(p.Endings)
		phrase, _ := p.Namer().Phrase(tt.name)
		l.Add(phrase, lang.Meaning{Thing: 1})
		if got := look(l, tt.question); got == "" {
			t.Errorf("%s: %q (%q) is not found in %q", tt.code, tt.name, phrase, tt.question)
		}
	}
}
