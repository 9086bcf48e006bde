package bot_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/message"
)

// The limits of networks that what the core says has to keep. Telegram's are
// the narrowest (core.telegram.org/bots/api).
const (
	maxText        = 4096 // UTF-16 units, sendMessage
	maxToast       = 200  // answerCallbackQuery
	maxLabel       = 64
	maxPlaceholder = 64 // ForceReply
)

// limits reports what of a reply no network would take.
func limits(r *bot.Reply) error {
	if utf8.RuneCountInString(r.Toast) > maxToast {
		return fmt.Errorf("the toast %q is too long", r.Toast)
	}
	if utf8.RuneCountInString(r.Prompt.Placeholder) > maxPlaceholder || len(r.Prompt.Action) > bot.MaxAction {
		return fmt.Errorf("the prompt %+v is too long", r.Prompt)
	}
	for _, row := range r.Buttons {
		if len(row) == 0 {
			return errors.New("a row without a button")
		}
		for _, b := range row {
			if strings.TrimSpace(b.Label) == "" || utf8.RuneCountInString(b.Label) > maxLabel {
				return fmt.Errorf("the label of %+v is empty or too long", b)
			}
			printable := !strings.ContainsFunc(b.Action, func(r rune) bool { return r <= ' ' || r > '~' })
			if b.Kind == bot.Act && (b.Action == "" || len(b.Action) > bot.MaxAction || !printable) {
				return fmt.Errorf("the action of %+v is empty, too long or not printable", b)
			}
		}
	}
	return nil
}

// answered are the commands that state facts.
var answered = []string{"/chairs", "/pillars", "/resolutions", "/timeline", "/upcoming"}

// told are the commands that speak of the bot.
var told = []string{"/start", "/help", "/ask", "/language", "/sources", "/about", "/privacy", "/settings", "/subscribe", "/unsubscribe", "/stop", "/cancel", "/delete", "/nonsense", "/Help@suhbat_bot"}

// TestCommands: in every language, a command is answered in that language, a list
// rests on facts, and no network refuses what the bot says.
func TestCommands(t *testing.T) {
	t.Parallel()
	c := shared()
	for _, tag := range c.Languages() {
		t.Run(tag.String(), func(t *testing.T) {
			t.Parallel()
			for _, command := range slices.Concat(answered, told) {
				in := at("commands "+tag.String(), command)
				in.Lang = tag
				r := handle(t, c, in)
				lists := slices.Contains(answered, command)
				if lists != (r.Outcome == bot.Answered) || lists && (len(r.Facts) == 0 || len(r.Message.Notes) == 0) || !lists && r.Outcome != bot.Chat {
					t.Errorf("%s is %s with %d facts and %d sources", command, r.Outcome, len(r.Facts), len(r.Message.Notes))
				}
				if r.Message.Lang != tag {
					t.Errorf("%s is answered in %s", command, r.Message.Lang)
				}
				if text := message.Plain(r.Message); text == "" || strings.Contains(text, "command-") {
					t.Errorf("%s says %q", command, text)
				}
				if err := limits(&r); err != nil {
					t.Errorf("%s: %v", command, err)
				}
			}
		})
	}
}

// TestPages: a page is turned in place, so it has to fit into one message; and
// every entry has to stand on one of them.
func TestPages(t *testing.T) {
	t.Parallel()
	store, _ := parts()
	c := shared()
	for _, tag := range c.Languages() {
		for _, list := range []string{"timeline", "upcoming", "sources"} {
			facts, pages, next := 0, 0, "/"+list
			for next != "" && pages < 100 {
				in := at("pages", next)
				in.Lang = tag
				r := handle(t, c, in)
				facts += len(r.Facts)
				pages++
				text := message.Plain(r.Message)
				if n := len(utf16.Encode([]rune(text))); n > maxText {
					t.Errorf("%s %s is %d long", tag, next, n)
				}
				middle := r.Buttons[0][1].Label
				if !strings.Contains(text, "("+middle+")") || !strings.HasPrefix(middle, strconv.Itoa(pages)+"/") {
					t.Errorf("%s %s: page %d is called %q:\n%s", tag, next, pages, middle, text)
				}
				next = ""
				if before, after, _ := strings.Cut(middle, "/"); before != after {
					next = fmt.Sprintf("/%s %d", list, pages+1)
				}
			}
			if want := map[string]int{"timeline": 25, "upcoming": 25, "sources": 0}[list]; facts < want {
				t.Errorf("%s /%s shows %d facts on %d pages", tag, list, facts, pages)
			}
			if list == "sources" && pages != (len(store.Sources)+4)/5 {
				t.Errorf("%d sources stand on %d pages", len(store.Sources), pages)
			}
		}
	}
}

// TestTimeline: the history of the Dialogue begins with its launch, ends with what
// came last, and goes only forward.
func TestTimeline(t *testing.T) {
	t.Parallel()
	c := shared()
	first := message.Plain(handle(t, c, at("timeline", "/timeline")).Message)
	last := message.Plain(handle(t, c, at("timeline", "/timeline 99")).Message)
	if !strings.Contains(first, "launched in December 2020") || !strings.Contains(last, "2025") {
		t.Errorf("it begins\n%s\nand ends\n%s", first, last)
	}
}

// TestMenu: networks refuse a menu that is too long, as a whole; readers overlook
// one that is not in their language.
func TestMenu(t *testing.T) {
	t.Parallel()
	c := shared()
	if got := c.Languages(); len(got) < 8 || got[0] != language.English {
		t.Errorf("it speaks %v", got)
	}
	seen := make(map[string]bool)
	for _, tag := range c.Languages() {
		m := c.Menu(tag)
		if m.Lang != tag || m.Name == "" || seen[m.Short] {
			t.Errorf("%s: a menu in %s, %q, %q", tag, m.Lang, m.Name, m.Short)
		}
		seen[m.Short] = true
		for _, x := range []struct {
			what, text string
			most       int
		}{{"name", m.Name, 64}, {"short description", m.Short, 120}, {"description", m.Description, 512}} {
			if n := utf8.RuneCountInString(x.text); n == 0 || n > x.most {
				t.Errorf("%s: the %s has %d characters", tag, x.what, n)
			}
		}
		for _, scope := range []bot.Scope{bot.InPrivate, bot.InGroups, bot.ToAdmins} {
			items := m.Commands[scope]
			if len(items) < 5 || len(items) > 10 {
				t.Errorf("%s, %s: %d commands", tag, scope, len(items))
			}
			for _, x := range items {
				if n := utf8.RuneCountInString(x.Description); n < 3 || n > 40 || strings.ToLower(x.Command) != x.Command {
					t.Errorf("%s, %s: /%s: %q", tag, scope, x.Command, x.Description)
				}
			}
		}
	}
	if m := c.Menu(language.Japanese); m.Lang != language.English {
		t.Errorf("a Japanese reader gets a menu in %s", m.Lang)
	}
}

// TestPrefix: where commands have another name, the bot must not send people to one
// that does not exist.
func TestPrefix(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t, bot.WithPrefix(network, "/wps "))
	if got := message.Plain(handle(t, c, private("/help")).Message); !strings.Contains(got, "- /wps chairs — ") || strings.Contains(got, "- /chairs") {
		t.Errorf("help says %q", got)
	}
	if got := message.Plain(handle(t, c, private("/nonsense")).Message); !strings.Contains(got, "/wps help") {
		t.Errorf("an unknown command is told %q", got)
	}
}

// TestPopular: what /start offers and /ask shows as an example must be answered,
// in every language.
func TestPopular(t *testing.T) {
	t.Parallel()
	c := shared()
	for _, tag := range c.Languages() {
		in := at("popular "+tag.String(), "/start")
		in.Lang = tag
		r := handle(t, c, in)
		if len(r.Message.Choices) != 3 {
			t.Errorf("%s: /start offers %d questions", tag, len(r.Message.Choices))
		}
		for _, choice := range r.Message.Choices {
			in := at(choice.Value, choice.Value)
			if got := handle(t, c, in); got.Outcome != bot.Answered {
				t.Errorf("%q is %s", choice.Value, got.Outcome)
			}
		}
		in.Text = "3"
		if got := handle(t, c, in); got.Outcome != bot.Answered {
			t.Errorf("%s: 3 is %s", tag, got.Outcome)
		}
		ask := at("popular "+tag.String(), "/ask "+r.Message.Choices[1].Value)
		if got := handle(t, c, ask); got.Outcome != bot.Answered {
			t.Errorf("%q is %s", ask.Text, got.Outcome)
		}
	}
}

// TestPressAll presses every button that can be reached, in every language: none
// may lead into an error, into silence or to a menu that is said to be old.
func TestPressAll(t *testing.T) {
	t.Parallel()
	_, set := parts()
	s := newShelf()
	c := s.core(t)
	for _, pack := range set.Packs {
		t.Run(pack.Code, func(t *testing.T) {
			t.Parallel()
			pressAll(t, c, s, pack)
		})
	}
}

func pressAll(t *testing.T, c *bot.Core, s *shelf, pack *lang.Pack) {
	t.Helper()
	old := pack.Phrase("old-menu", nil)
	seen := make(map[string]bool)
	var todo []bot.Button
	collect := func(r *bot.Reply) {
		if err := limits(r); err != nil {
			t.Error(err)
		}
		for i, choice := range r.Message.Choices {
			todo = append(todo, bot.Button{Label: choice.Label, Action: bot.ChoiceAction(i+1, choice)})
		}
		todo = append(todo, slices.Concat(r.Buttons...)...)
	}
	in := private("")
	in.From.Chat, in.LangHint = pack.Code, pack.Tag
	for _, command := range slices.Concat(answered, told) {
		in.Text = command
		r := handle(t, c, in)
		collect(&r)
	}
	for len(todo) > 0 {
		b := todo[0]
		todo = todo[1:]
		if seen[b.Action] {
			continue
		}
		seen[b.Action] = true
		if b.Kind == bot.Share {
			if r := handle(t, c, bot.Incoming{Kind: bot.Inline, Text: b.Action, LangHint: pack.Tag, At: today}); len(r.Results) != 1 {
				t.Errorf("sharing %q gives %d results", b.Action, len(r.Results))
			}
			continue
		}
		_ = s.Forget(t.Context(), in.From) // each button is pressed by somebody who chose no language
		press := pressing(in, b)
		r := handle(t, c, press)
		if r.Toast == "" && len(r.Message.Body) == 0 || r.Toast == old {
			t.Errorf("%+v is answered with %q and %q", b, r.Toast, message.Plain(r.Message))
		}
		collect(&r)
	}
	if len(seen) < 60 {
		t.Errorf("only %d buttons", len(seen))
	}
}

// FuzzPress: whatever a hostile client sends as a button's action, the bot replies
// and keeps to every limit.
func FuzzPress(f *testing.F) {
	c := newShelf().core(f)
	for _, payload := range []string{
		"1:c2.aB3dE6g", "1:rhelp", "1:ptimeline.2", "1:ptimeline.-1", "1:ptimeline.99999999999999999999", "1:lkk", "1:lauto", "1:l", "1:+", "1:-aaaaaaa",
		"1:e", "1:waaaaaaa", "1:dyes", "1:dno", "1:dperhaps", "1:rnothing", "1:rfeedback", "0:x", "2:rhelp", "9:", "1:", ":", "", "\x00",
		"1:st10:00", "1:st10:00@women_of_asia", "1:sbUTC,10:00", "1:sc-wps", "1:sa+", "1:sa=", "1:sz", "1:sp", "1:sx", "1:sn", "1:s@", "1:orpost-1", "1:o", "1:p.", "1:c.", "1:c0.", "1:c1.", "Who chaired in 2022?", strings.Repeat("1", 100),
	} {
		f.Add(payload, "")
		f.Add(payload, "Who chaired in 2022?")
	}
	f.Fuzz(func(t *testing.T, payload, label string) {
		in := pressing(private(""), bot.Button{Label: label, Action: payload})
		r := handle(t, c, in)
		if r.Toast == "" && len(r.Message.Body) == 0 && payload != "" {
			t.Errorf("%q is answered with nothing", payload)
		}
		if err := limits(&r); err != nil {
			t.Errorf("%q: %v", payload, err)
		}
		typed := private("/" + payload + " " + label)
		if r := handle(t, c, typed); len(r.Message.Body) == 0 {
			t.Errorf("%q is answered with nothing", typed.Text)
		}
	})
}
