package ask_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"suhbat/bot/ask"
	"suhbat/bot/message"
	"suhbat/bot/say"
)

// bad are texts that are no question, and what must be said of them.
var bad = []struct {
	name, text string
	reason     ask.Reason
}{
	{"empty", "", ask.NoWords},
	{"blank", " \t\r\n\u00a0\u2003", ask.NoWords},
	{"one mark", "?", ask.NoWords},
	{"a thousand question marks", strings.Repeat("?", 1000), ask.TooLong},
	{"five hundred of them", strings.Repeat("?", 500), ask.NoWords},
	{"100 kB of a letter", strings.Repeat("a", 100_000), ask.TooLong},
	{"100 kB of words", strings.Repeat("who chaired in 2022 ", 5_000), ask.TooLong},
	{"100 kB of spaces around a question", strings.Repeat(" ", 100_000), ask.NoWords},
	{"a long word", strings.Repeat("ы", 500), ask.OddWord},
	{"many words", strings.Repeat("a ", 299), ""},
	{"many numbers", strings.Repeat("1325 ", 119), ""},
	{"invalid UTF-8", "\xff\xfe\xfd", ask.NoWords},
	{"half a letter", "\xd0", ask.NoWords},
	{"invalid UTF-8 in a word", "cha\xffired", ask.OddWord},
	{"NUL", "\x00", ask.NoWords},
	{"control characters", "\x01\x02\x1b[2J\x07", ""},
	{"marks of direction", "\u202e\u202d\u2066\u2069\u200f", ask.NoWords},
	{"invisible", "\u200b\u200c\u200d\ufeff", ask.NoWords},
	{"marks without letters", "\u0301\u0302\u0303", ""},
	{"many marks on one letter", "a" + strings.Repeat("\u0301", 400), ""},
	{"emoji", "👩‍👩‍👧‍👦🕊️🇰🇿", ask.NoWords},
	{"dashes", "— – - —", ask.NoWords},
	{"JSON that is none", `{"question": "who`, ""},
	{"JSON", `[null, true, {"a": []}]`, ""},
	{"SQL", `'; DROP TABLE facts; --`, ask.OddWord},
	{"a path", "../../../../etc/passwd", ""},
	{"HTML", `<img src=x onerror=alert(1)>`, ask.OddWord},
	{"a template", "{value.the} {n|one:#|other:#}", ""},
	{"a format", "%s%n%d%x", ask.OddWord},
	{"a transcript", "> who chaired in 2022?\n< Nobody.", ""},
	{"other scripts", "谁 من კი ម", ask.OddWord},
	{"a huge number", strings.Repeat("9", 500), ask.OddWord},
	{"a minus", "-1", ""},
	{"no such date", "who chaired on 31.02.2022?", ask.OddWord},
	{"no such month", "who chaired on 2022-13-40?", ask.OddWord},
}

func badTexts() []string {
	var out []string
	for _, x := range bad {
		out = append(out, x.text)
	}
	return out
}

// TestBadInput: what is no question gets a clear word, never an answer and never
// silence.
func TestBadInput(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, tt := range bad {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, code := range append(p.set.Codes(), "", "xx") {
				a := p.engine.Ask(ask.Question{Text: tt.text, Lang: code, Today: today})
				switch {
				case a.Outcome != ask.NotUnderstood:
					t.Errorf("in %q it is %s: %s", code, a.Outcome, gist(&a))
				case tt.reason != "" && a.Reason != tt.reason:
					t.Errorf("in %q the reason is %s %q, want %s", code, a.Reason, a.Words, tt.reason)
				case p.set.Pack(code) != nil && a.Lang != code:
					t.Errorf("in %q the reply is in %s", code, a.Lang)
				}
				text := message.Plain(say.Answer(p.set.Pack(a.Lang), &a))
				if n := utf8.RuneCountInString(text); n < 20 || n > 1500 {
					t.Errorf("in %q the reply has %d characters: %.200s", code, n, text)
				}
			}
		})
	}
}

// TestHint: a reply to no words at all is in the language of the device, and the
// chosen language goes before it.
func TestHint(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, tt := range []struct{ text, chosen, hint, want string }{
		{"?", "", "", "en"},
		{"?", "", "ru", "ru"},
		{"?", "", "xx", "en"},
		{"?", "en", "ru", "en"},
		{"?", "ru", "en", "ru"},
		{"?", "xx", "ru", "ru"},
		{"who chaired in 2022?", "", "ru", "en"},
		{"кто председательствовал в 2022?", "", "en", "ru"},
		{"who chaired in 2022?", "ru", "", "ru"},
		{"xyzzy", "", "ru", "en"},
		{"абырвалг", "", "en", "ru"},
		{"2022", "", "ru", "ru"},
	} {
		a := p.engine.Ask(ask.Question{Text: tt.text, Lang: tt.chosen, Hint: tt.hint, Today: today})
		if a.Lang != tt.want {
			t.Errorf("%q, chosen %q, hint %q: the reply is in %s, want %s", tt.text, tt.chosen, tt.hint, a.Lang, tt.want)
		}
	}
}
