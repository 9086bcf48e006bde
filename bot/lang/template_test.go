package lang_test

import (
	"strings"
	"testing"

	"suhbat/bot/lang"
)

// TestTemplate: a sentence that is filled wrongly is a wrong statement, or
// nonsense with a source beneath it.
func TestTemplate(t *testing.T) {
	t.Parallel()
	places := map[string]lang.Filled{
		"a": {Text: "alpha"}, "a.gen": {Text: "of alpha"}, "b": {Text: "beta", Class: "pl"}, "one": {Text: "1", Class: "one"},
		"many": {Text: "5", Class: "many"}, "she": {Text: "Daniya", Class: "f"}, "space": {Text: " "},
	}
	fill := func(place, form string) lang.Filled {
		if form != "" {
			place += "." + form
		}
		return places[place]
	}
	for _, tt := range []struct{ template, want string }{
		{"", ""},
		{"no place", "No place"},
		{"{a}", "Alpha"},
		{"{a.gen}", "Of alpha"},
		{"{a} and {b}", "Alpha and beta"},
		{"x{none}y", "Xy"},
		{"x[ in {none}]y", "Xy"},
		{"x[ in {a}]y", "X in alphay"},
		{"x[ in {a} to {none}]y", "Xy"}, // half a group is no group
		{"[{none}]{a}", "Alpha"},
		{"[no place]!", "No place!"},
		{"[{space}(all)]", "(all)"}, // a mark that only says that the group stands
		{"{one|one:# vote|other:# votes}", "1 vote"},
		{"{many|one:# vote|other:# votes}", "5 votes"}, // the last class is for all others
		{"{she|f:сказала|m:сказал}", "Сказала"},
		{"{she|m:сказал|f:сказала}", "Сказала"},
		{"{b|pl:were|other:was}", "Were"},
		{"{a|pl:were|other:was}", "Was"},
		{"{none|one:# vote|other:# votes}!", "!"},
		{"«{a}»", "«Alpha»"},
		{"“{a}”", "“Alpha”"},
		{"5 {a}", "5 alpha"},
		{"—{a}", "—Alpha"},
		{"ўзбек", "Ўзбек"},
	} {
		tpl, err := lang.ParseTemplate(tt.template)
		if err != nil {
			t.Errorf("%q: %v", tt.template, err)
			continue
		}
		if got := strings.TrimSpace(tpl.Fill(fill)); got != tt.want {
			t.Errorf("%q\n got %q\nwant %q", tt.template, got, tt.want)
		}
		if tpl.IsZero() != (tt.template == "") {
			t.Errorf("%q: IsZero is %v", tt.template, tpl.IsZero())
		}
	}
}

// TestTemplateErrors: a translator has to be told what is wrong with a sentence
// before any reader sees it.
func TestTemplateErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ template, want string }{
		{"{a", "not closed"},
		{"a}", "out of place"},
		{"[a", "not closed"},
		{"a]", "out of place"},
		{"[[{a}]]", "out of place"},
		{"[{a]", "not closed"},
		{"{}", "no name"},
		{"{|one:x}", "no name"},
		{"{.gen}", "no name"},
		{"{n|vote}", "not a choice"},
		{"{n|one:vote|votes}", "not a choice"},
	} {
		_, err := lang.ParseTemplate(tt.template)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want an error with %q", tt.template, err, tt.want)
		}
	}
}

// TestCapital: a sentence begins with a capital, but a number or a name in its
// own writing stays.
func TestCapital(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "a": "A", "«диалог»": "«Диалог»", "“a”": "“A”", "1 a": "1 a", " a": " a", "…a": "…A", "Ä": "Ä", "ö": "Ö", "ж": "Ж", "ß": "ß", "中": "中",
	} {
		if got := lang.Capital(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestPlaces: the check of a pack sees every place, those in optional parts too.
func TestPlaces(t *testing.T) {
	t.Parallel()
	tpl, err := lang.ParseTemplate("{a.gen}[ ({n|one:#|other:#})] {b}")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	tpl.Places(func(place, form string, classes []string) {
		got = append(got, place+"."+form+"/"+strings.Join(classes, ","))
	})
	if want := "a.gen/ n./one,other b./"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", strings.Join(got, " "), want)
	}
}

// FuzzTemplate: whatever a translator types, the loader must say so and not
// crash, and what it takes must be filled without a trace of the notation.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"{a}", "[ in {a}]", "{n|one:#|other:#s}", "{a.b|c:d}", "{{", "[}", "]", "{a|}", "{a|:}", "«{a}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tpl, err := lang.ParseTemplate(s)
		if err != nil {
			return
		}
		seen := 0
		tpl.Places(func(string, string, []string) { seen++ })
		got := tpl.Fill(func(string, string) lang.Filled { return lang.Filled{} })
		if seen == 0 && strings.ContainsAny(got, "{}[]") {
			t.Errorf("%q is filled as %q", s, got)
		}
	})
}
