package lang_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/language"

	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
)

// packSet loads the packs of the program once for all tests.
var packSet = sync.OnceValues(func() (*lang.Set, error) { return lang.Load(packs.FS) })

// languages returns the packs of the program.
func languages(t testing.TB) *lang.Set {
	t.Helper()
	set, err := packSet()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// pack returns one of them.
func pack(t testing.TB, code string) *lang.Pack {
	t.Helper()
	p := languages(t).Pack(code)
	if p == nil {
		t.Fatalf("no pack %s among %v", code, languages(t).Codes())
	}
	return p
}

// TestDate: a date is most of what journalists quote. A month must never become a
// day, nor a year a month.
func TestDate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code             string
		year, month, day int
		form, want       string
	}{
		{"en", 2023, 10, 16, "", "16 October 2023"},
		{"en", 2023, 10, 16, "in", "on 16 October 2023"},
		{"en", 2020, 12, 0, "", "December 2020"},
		{"en", 2020, 12, 0, "in", "in December 2020"},
		{"en", 2022, 0, 0, "", "2022"},
		{"en", 2022, 0, 0, "in", "in 2022"},
		{"en", 2022, 0, 0, "since", "2022"},
		{"en", 1981, 9, 3, "since", "3 September 1981"},
		{"en", 2000, 10, 31, "yearly", "31 October"},
		{"ru", 2023, 10, 16, "", "16 октября 2023 года"},
		{"ru", 2023, 10, 16, "in", "16 октября 2023 года"},
		{"ru", 2020, 12, 0, "", "декабрь 2020 года"},
		{"ru", 2020, 12, 0, "in", "в декабре 2020 года"},
		{"ru", 2022, 0, 0, "", "2022 год"},
		{"ru", 2022, 0, 0, "in", "в 2022 году"},
		{"ru", 2022, 0, 0, "since", "2022 года"},
		{"ru", 2020, 5, 0, "since", "мая 2020 года"},
		{"ru", 1981, 9, 3, "since", "3 сентября 1981 года"},
		{"ru", 2000, 10, 31, "yearly", "31 октября"},
	} {
		if got := pack(t, tt.code).Date(tt.year, tt.month, tt.day, tt.form); got != tt.want {
			t.Errorf("%s: %d-%d-%d in the form %q is %q, want %q", tt.code, tt.year, tt.month, tt.day, tt.form, got, tt.want)
		}
	}
}

// TestMonths: every month of every language has a name in every form in which a
// date may stand, and no two have the same.
func TestMonths(t *testing.T) {
	t.Parallel()
	for _, p := range languages(t).Packs {
		for _, form := range []string{"", "in", "since", "yearly"} {
			seen := make(map[string]int)
			for m := 1; m <= 12; m++ {
				day := 3
				if form == "since" {
					day = 0
				}
				s := p.Date(2023, m, day, form)
				if other := seen[s]; other > 0 {
					t.Errorf("%s: months %d and %d are both %q", p.Code, other, m, s)
				}
				seen[s] = m
			}
		}
		for _, month := range []int{-1, 13} {
			if got := p.Date(2023, month, 1, ""); strings.TrimSpace(got) == "" {
				t.Errorf("%s: month %d gives nothing at all", p.Code, month)
			}
		}
	}
}

// TestPlural: a wrong plural is the first thing that makes a reader doubt the
// rest.
func TestPlural(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code, cardinals, ordinals string // of 1 2 3 5 11 21 22 112
	}{
		{"en", "one other other other other other other other", "one two few other other one two other"},
		{"ru", "one few few many many one few many", "other other other other other other other other"},
	} {
		p := pack(t, tt.code)
		var cardinals, ordinals []string
		for _, n := range []int{1, 2, 3, 5, 11, 21, 22, 112} {
			cardinals = append(cardinals, p.Plural(n))
			ordinals = append(ordinals, p.Ordinal(n))
		}
		if got := strings.Join(cardinals, " "); got != tt.cardinals {
			t.Errorf("%s: cardinals are %s, want %s", tt.code, got, tt.cardinals)
		}
		if got := strings.Join(ordinals, " "); got != tt.ordinals {
			t.Errorf("%s: ordinals are %s, want %s", tt.code, got, tt.ordinals)
		}
	}
}

// TestPluralClasses: the check of a pack knows which plural forms a language has.
func TestPluralClasses(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"en": "one other", "ru": "few many one", "uz": "one other", "ar": "few many one other two zero", "ja": "other",
	} {
		got := lang.PluralClasses(language.Make(code))
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", code, got, want)
		}
	}
}

// TestAnd: several names in one sentence are joined as people join them.
func TestAnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code  string
		words []string
		want  string
	}{
		{"en", nil, ""},
		{"en", []string{"a"}, "a"},
		{"en", []string{"a", "b"}, "a and b"},
		{"en", []string{"a", "b", "c"}, "a, b and c"},
		{"ru", []string{"а", "б", "в"}, "а, б и в"},
	} {
		if got := pack(t, tt.code).And(tt.words); got != tt.want {
			t.Errorf("%s: %v is %q, want %q", tt.code, tt.words, got, tt.want)
		}
	}
}

// TestPhrase: an unknown phrase is our bug; it shows itself in place of saying
// nothing or crashing.
func TestPhrase(t *testing.T) {
	t.Parallel()
	p := pack(t, "en")
	if got := p.Phrase("no-such-phrase", nil); got == "" {
		t.Error("an unknown phrase says nothing")
	}
	if got := p.Part("yes", nil); got == "" || got == "yes" {
		t.Errorf("yes is %q", got)
	}
}
