package slack

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTyped(t *testing.T) {
	tests := []struct{ give, want string }{
		{"<@UBOT> who chaired in 2022?", "who chaired in 2022?"},
		{"<@UBOT|suhbat> who", "who"},
		{"who <@U2|anna> and <@U3>", "who @anna and @U3"},
		{"in <#C2|general>", "in #general"},
		{"see <https://a.b/c|this page> or <https://a.b>", "see this page or https://a.b"},
		{"<!here> <!date^1700000000^{date}|14 November 2023>", "@here 14 November 2023"},
		{"1 &lt; 2 &amp;amp; 3 &gt; 2", "1 < 2 &amp; 3 > 2"},
		{"a < b <c", "a < b <c"},
		{"<>", ""},
	}
	for _, tt := range tests {
		if got := typed(tt.give, "UBOT"); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.give, got, tt.want)
		}
	}
}

func FuzzTyped(f *testing.F) {
	f.Add("<@U|<&lt;>", "U")
	f.Fuzz(func(t *testing.T, text, user string) {
		if got := typed(text, user); utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q became %q", text, got)
		}
		if got := typed(escape(text), ""); got != strings.TrimSpace(text) {
			t.Errorf("%q came back as %q", text, got)
		}
	})
}

func TestClamp(t *testing.T) {
	tests := []struct{ give, want string }{
		{"", ""},
		{"Қазақ", "Қазақ"},
		{"Қазақс", "Қаза…"},
		{"abcd efg", "abcd…"},
		{"👩‍⚖️👩‍⚖️", "👩‍⚖️…"},
	}
	for _, tt := range tests {
		if got := clamp(tt.give, 5); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.give, got, tt.want)
		}
	}
}
