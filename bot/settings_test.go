package bot_test

import (
	"strings"
	"testing"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
)

// TestLanguageChosen: what was chosen at a place goes before everything else, there
// and nowhere else, until it is automatic again.
func TestLanguageChosen(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t)
	english := private("Who chaired in 2022?")
	english.LangHint = language.Russian
	for _, tt := range []struct{ choose, want string }{
		{"/language", "en"},
		{"/language tlh", "en"},
		{"/language kk", "kk"},
		{"/language KK", "kk"},
		{"/language Тоҷикӣ", "tg"},
		{"/language uz-cyrl", "uz-Cyrl"},
		{"/language auto", "en"},
	} {
		handle(t, c, private(tt.choose))
		if got := handle(t, c, english).Message.Lang.String(); got != tt.want {
			t.Errorf("after %s a question is answered in %s, want %s", tt.choose, got, tt.want)
		}
	}
	handle(t, c, private("/language kk"))
	elsewhere := english
	elsewhere.From.Chat = "8"
	if got := handle(t, c, elsewhere).Message.Lang.String(); got != "en" {
		t.Errorf("elsewhere it is answered in %s", got)
	}
	owned := elsewhere
	owned.Owner = private("").From // a thread somewhere, of the same owner
	if got := handle(t, c, owned).Message.Lang.String(); got != "kk" {
		t.Errorf("at another place of the same owner it is answered in %s", got)
	}
}

// TestLanguageLearnedLate: a command that came before anybody knew the asker's language
// does not settle it for the rest of the conversation.
func TestLanguageLearnedLate(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t)
	help := private("/help")
	if got := handle(t, c, help).Message.Lang.String(); got != "en" {
		t.Errorf("at first: got %s", got)
	}
	help.LangHint = language.Russian
	for range 2 {
		if got := handle(t, c, help).Message.Lang.String(); got != "ru" {
			t.Errorf("when it is known: got %s", got)
		}
	}
}

// TestLanguageButtons: one tap chooses, in place, and marks what was chosen.
func TestLanguageButtons(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t)
	marked := func(r bot.Reply) string {
		var out []string
		for _, row := range r.Buttons {
			for _, b := range row {
				if label, ok := strings.CutPrefix(b.Label, "✓ "); ok {
					out = append(out, label)
				}
			}
		}
		return strings.Join(out, ",")
	}
	r := handle(t, c, private("/language"))
	if got := marked(r); got != "As in the question" {
		t.Errorf("before anything is chosen, %q is marked", got)
	}
	for _, name := range []string{"Қазақша", "Ўзбекча"} {
		var button bot.Button
		for _, row := range r.Buttons {
			for _, b := range row {
				if b.Label == name {
					button = b
				}
			}
		}
		got := handle(t, c, pressing(private(""), button))
		if marked(got) != name || !got.Edit || !strings.Contains(got.Toast, name) {
			t.Errorf("%s: %q is marked, edited %v, toast %q", name, marked(got), got.Edit, got.Toast)
		}
	}
	if got := message.Plain(handle(t, c, private("/settings")).Message); !strings.Contains(got, "Ўзбекча") {
		t.Errorf("the settings are %s", got)
	}
}

// TestMayConfigure: in a group, nobody but its administrators may change what it
// reads, or delete what is kept of it.
func TestMayConfigure(t *testing.T) {
	t.Parallel()
	kazakh, erase := bot.Button{Action: "1:lkk"}, bot.Button{Action: "1:dyes"}
	s := newShelf()
	c := s.core(t)
	for _, tt := range []struct {
		user  string
		where string
		may   bool
	}{{"reader", network, false}, {"chief", network, true}, {"chief", "elsewhere", false}} {
		in := group(tt.user, "/language kk")
		in.From.Network = tt.where
		typed := handle(t, c, in)
		pressed := handle(t, c, pressing(in, kazakh))
		if got := s.chosen[in.From.Place()].Lang == "kk"; got != tt.may {
			t.Errorf("%s at %s changes the language: %v", tt.user, tt.where, got)
		}
		if !tt.may && (pressed.Toast == "" || len(pressed.Message.Body) > 0 || len(typed.Message.Body) == 0 || !typed.OnlyAsker) {
			t.Errorf("%s at %s is told %q and %q", tt.user, tt.where, pressed.Toast, message.Plain(typed.Message))
		}
		s.chosen[in.From.Place()] = bot.Preference{Lang: "ru"}
		handle(t, c, pressing(in, erase))
		if _, kept := s.chosen[in.From.Place()]; kept == tt.may {
			t.Errorf("%s at %s: what is kept of the group is there: %v", tt.user, tt.where, kept)
		}
	}
	if _, err := c.Handle(t.Context(), group("broken", "/language kk")); err == nil {
		t.Error("when nobody can say who may, there is no error")
	}
}

// TestDelete: what is deleted is gone: the language, and what was said.
func TestDelete(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	for _, typed := range []bool{true, false} {
		handle(t, c, private("/language kk"))
		handle(t, c, private("Who chaired in 2022?"))
		r := handle(t, c, private("/delete"))
		if len(r.Buttons) != 1 || len(r.Buttons[0]) != 2 {
			t.Fatalf("it is asked with %v", r.Buttons)
		}
		no := handle(t, c, pressing(private(""), r.Buttons[0][1]))
		if s.chosen[private("").From].Lang != "kk" || !no.Edit {
			t.Errorf("not to delete leaves %v", s.chosen)
		}
		if typed {
			handle(t, c, private("/delete yes"))
		} else {
			handle(t, c, pressing(private(""), r.Buttons[0][0]))
		}
		if len(s.chosen) > 0 || len(s.talks[private("").From]) > 0 {
			t.Errorf("there is still %v and %q", s.chosen, s.talks)
		}
		if r := handle(t, c, private("source?")); r.Outcome == bot.Answered {
			t.Error("it still knows what was said")
		}
	}
}

// TestAbout: a reader learns whose words a draft is, and which version speaks.
func TestAbout(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t, bot.WithVersion("v9.8.7"))
	if got := message.Plain(handle(t, c, private("/about")).Message); !strings.Contains(got, "Version: v9.8.7.") || !strings.Contains(got, "Facts: 3") {
		t.Errorf("it says %s", got)
	}
	in := private("/about")
	in.Lang = language.Kazakh
	if got := message.Plain(handle(t, c, in).Message); !strings.Contains(got, "жоба") {
		t.Errorf("a draft is not called one: %s", got)
	}
}

// TestNoPorts: without any ports the bot still speaks the language that it was told
// to, and offers nothing that it cannot keep.
func TestNoPorts(t *testing.T) {
	t.Parallel()
	c := core(t)
	handle(t, c, private("/language kk"))
	r := handle(t, c, private("Who chaired in 2022?"))
	if r.Message.Lang.String() != "kk" {
		t.Errorf("it speaks %s", r.Message.Lang)
	}
	for _, row := range r.Buttons {
		for _, b := range row {
			if b.Kind != bot.Share && b.Kind != bot.Cite {
				t.Errorf("it offers %+v", b)
			}
		}
	}
	handle(t, c, private("/delete yes"))
	if r := handle(t, c, private("Who chaired in 2022?")); r.Message.Lang.String() != "en" {
		t.Errorf("after deleting it speaks %s", r.Message.Lang)
	}
}

// TestPrivacyOfReplies: who asks what is kept is told of the answers in memory, where
// there are any.
func TestPrivacyOfReplies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		core *bot.Core
		told bool
	}{{core(t), true}, {made(t, indexed), false}} {
		if said := message.Plain(handle(t, tt.core, private("/privacy")).Message); strings.Contains(said, "Recent answers with their questions") != tt.told {
			t.Errorf("want that it is told: %v; got\n%s", tt.told, said)
		}
	}
}
