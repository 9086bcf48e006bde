package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
)

// TestInline: what is passed on into another conversation is always an answer with
// its source.
func TestInline(t *testing.T) {
	t.Parallel()
	c := shared()
	for _, tt := range []struct {
		text, title string
		hint        language.Tag
		least, most int
		personal    bool
	}{
		{"", "Which countries have chaired the Dialogue", language.English, 4, 8, true},
		{"  ", "", language.Kazakh, 4, 8, true},
		{"Who chaired in 2022?", "In 2022, the Dialogue of Women of Central Asia was chaired by Turkmenistan.", language.Kazakh, 1, 1, false},
		{"1325", "Resolution 1325 (2000) was adopted", language.English, 1, 1, true},
		{"1325", "", language.Russian, 1, 1, true},
		{"1325", "", language.Und, 1, 1, true},
		{"When was the annual meeting in Ashgabat?", "Sources disagree: The Ashgabat annual meeting", language.Und, 1, 1, false},
		{"What is Kaha Imnadze's birthday?", "Who is Kaha Imnadze?", language.Und, 1, 3, false},
		{"who chairs the Dialogue in 2026?", "", language.Und, 0, 3, false},
		{"good morning to you", "", language.Und, 0, 0, false},
		{"/chairs", "The Dialogue of Women of Central Asia was chaired by: In 2021", language.Und, 1, 1, false},
	} {
		in := bot.Incoming{Kind: bot.Inline, From: bot.Address{Network: network, Chat: "7"}, Text: tt.text, LangHint: tt.hint, At: today}
		r := handle(t, c, in)
		if len(r.Results) < tt.least || len(r.Results) > tt.most {
			t.Errorf("%q has %d results", tt.text, len(r.Results))
		}
		if r.Personal != tt.personal {
			t.Errorf("%q is personal: %v", tt.text, r.Personal)
		}
		if r.Toast == "" || r.Toast == "Button-open" {
			t.Errorf("%q: the way to the bot is called %q", tt.text, r.Toast)
		}
		seen := make(map[string]bool)
		for i, x := range r.Results {
			if x.ID == "" || len(x.ID) > 64 || seen[x.ID] || x.Title == "" || x.Description == "" || utf8.RuneCountInString(x.Title+x.Description) > 240 {
				t.Errorf("%q: %+v", tt.text, x)
			}
			seen[x.ID] = true
			if strings.HasPrefix(x.Title, "-") || strings.HasPrefix(x.Description, "-") {
				t.Errorf("%q shows the dash of a list: %q, %q", tt.text, x.Title, x.Description)
			}
			if len(x.Message.Notes) == 0 || len(x.Message.Choices) > 0 {
				t.Errorf("%q passes on %s", tt.text, message.Plain(x.Message))
			}
			if i == 0 && !strings.HasPrefix(x.Title, tt.title) {
				t.Errorf("%q is titled %q", tt.text, x.Title)
			}
		}
		again := handle(t, c, in)
		for i := range r.Results {
			if r.Results[i].ID != again.Results[i].ID {
				t.Errorf("%q has another id the second time", tt.text)
			}
		}
	}
}

// TestInlineAlone: what is typed inline has no part in the conversation, and the
// conversation none in it.
func TestInlineAlone(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	handle(t, c, private("Who chaired in 2022?"))
	in := private("source?")
	in.Kind = bot.Inline
	if r := handle(t, c, in); len(r.Results) > 0 {
		t.Errorf("inline it is answered %+v", r.Results)
	}
	in.Text = "Who abstained on 2467?"
	handle(t, c, in)
	if r := handle(t, c, private("source?")); strings.Contains(message.Plain(r.Message), "2467") {
		t.Errorf("the source is that of what was typed inline: %s", message.Plain(r.Message))
	}
	if len(s.notes) > 0 {
		t.Errorf("half-typed words are noted: %+v", s.notes)
	}
	in.Lang = language.Kazakh
	if r := handle(t, c, in); !r.Personal || r.Results[0].Message.Lang.String() != "kk" {
		t.Errorf("a chosen language: personal %v, in %s", r.Personal, r.Results[0].Message.Lang)
	}
}
