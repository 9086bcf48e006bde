package bot_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/facts"
)

// TestRepeated: a question that is handled again after a crash has the same answer;
// "the year after?" must not move on twice.
func TestRepeated(t *testing.T) {
	t.Parallel()
	s := newShelf()
	first, next := private("Who chaired in 2021?"), private("and the year after?")
	first.ID, next.ID = "1", "2"
	handle(t, s.core(t), first)
	want := handle(t, s.core(t), next)
	if want.Outcome != bot.Answered || !strings.Contains(message.Plain(want.Message), "Turkmenistan") {
		t.Fatalf("the year after 2021: %s", message.Plain(want.Message))
	}
	c := s.core(t)
	for range 2 {
		if got := handle(t, c, next); message.Plain(got.Message) != message.Plain(want.Message) {
			t.Errorf("handled again it says %s", message.Plain(got.Message))
		}
	}
	last := private("and the year after?")
	last.ID = "3"
	if got := message.Plain(handle(t, c, last).Message); !strings.Contains(got, "Kazakhstan") {
		t.Errorf("asked once more it says %s", got)
	}
}

// TestClaim: who has another one's message looked up does not do what it says, and is
// told about these words alone: not about what they have asked before, and no curator
// reads what was said to others.
func TestClaim(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	claim := func(text string) bot.Reply {
		in := private(text)
		in.Kind = bot.Claim
		return handle(t, c, in)
	}
	handle(t, c, private("/language ru"))
	for _, text := range []string{"/delete yes", "/language kk", "/stop", "/help"} {
		if r := claim(text); r.Outcome == bot.Answered || len(r.Buttons) > 0 {
			t.Errorf("%q is answered %q", text, message.Plain(r.Message))
		}
	}
	if got := message.Plain(handle(t, c, private("/settings")).Message); !strings.Contains(got, "Русский") {
		t.Errorf("somebody else's words changed the settings: %q", got)
	}
	handle(t, c, private("/language auto"))
	if r := claim("Turkmenistan chaired the Dialogue in 2022."); !strings.HasPrefix(message.Plain(r.Message), "Yes. In 2022") {
		t.Errorf("a claim is answered %q", message.Plain(r.Message))
	}
	for _, text := range []string{"and in 2022 too", "source?", "1", "  "} {
		handle(t, c, private("Who chaired in 2021?"))
		if r := claim(text); r.Outcome == bot.Answered || len(r.Message.Body) == 0 {
			t.Errorf("%q is answered %q", text, message.Plain(r.Message))
		}
	}
	if len(s.notes) > 0 {
		t.Errorf("noted is %+v", s.notes)
	}
}

// TestEdited: the newest question with new words is answered in its place in the
// conversation; an older one leaves the conversation where it is.
func TestEdited(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t)
	ask := func(id, messageID, text string, kind bot.Kind) string {
		in := private(text)
		in.ID, in.MessageID, in.Kind = id, messageID, kind
		return message.Plain(handle(t, c, in).Message)
	}
	ask("1", "m1", "Who chaired in 2021?", bot.Ask)
	ask("2", "m2", "and the year after?", bot.Ask)
	for _, id := range []string{"3", "3", "4"} { // an edit may come again, and be followed by another one
		if got := ask(id, "m2", "and two years after?", bot.Edit); strings.Contains(got, "Turkmenistan") {
			t.Errorf("the edited question is answered %s", got)
		}
		if got := ask(id+"b", "m2", "and the year after?", bot.Edit); !strings.Contains(got, "Turkmenistan") {
			t.Errorf("edited back it is answered %s", got)
		}
	}
	if got := ask("5", "m1", "Who abstained on 2467?", bot.Edit); !strings.Contains(got, "China") {
		t.Errorf("the edited older question is answered %s", got)
	}
	if got := ask("6", "m3", "and the year after?", bot.Ask); !strings.Contains(got, "Kazakhstan") {
		t.Errorf("after the edit of an older one, the year after is answered %s", got)
	}
	if got := ask("7", "", "Who abstained on 2467?", bot.Edit); !strings.Contains(got, "China") {
		t.Errorf("the edit of a message without a name is answered %s", got)
	}
}

// TestRestart: a conversation goes on after a restart.
func TestRestart(t *testing.T) {
	t.Parallel()
	s := newShelf()
	r := handle(t, s.core(t), private("Who abstained on 2467?"))
	source := handle(t, s.core(t), private("source?"))
	if source.Outcome != bot.Answered || !slices.Equal(source.Facts, r.Facts) {
		t.Errorf("after a restart the source is %s and rests on %v", source.Outcome, source.Facts)
	}
	c := s.core(t)
	late := private("source?")
	late.At = today.Add(31 * time.Minute)
	if got := handle(t, c, late); got.Outcome == bot.Answered {
		t.Errorf("half an hour later the source is %s", message.Plain(got.Message))
	}
	if late.Text = "Who chaired in 2022?"; handle(t, c, late).Outcome != bot.Answered || strings.Contains(string(s.talks[late.From]), "2467") {
		t.Errorf("half an hour later, what was said before is still kept: %q", s.talks[late.From])
	}
	s.talks[private("").From] = []byte("damaged")
	if got := handle(t, c, private("Who chaired in 2022?")); got.Outcome != bot.Answered {
		t.Errorf("with a damaged conversation a question is %s", got.Outcome)
	}
}

// TestChoiceAction: the button of a choice works for ever by its label, and as long
// as the conversation is remembered without it; it never answers another question.
func TestChoiceAction(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t)
	elsewhere := private("")
	elsewhere.From.Chat = "8"
	r := handle(t, c, private("What is Daniya Espayeva's phone number?"))
	choice := r.Message.Choices[1]
	elsewhere.Text = choice.Value
	want := message.Plain(handle(t, c, elsewhere).Message)
	elsewhere.From.Chat = "9" // where nothing was said
	button := func(label string) bot.Button { return bot.Button{Label: label, Action: bot.ChoiceAction(2, choice)} }
	if got := message.Plain(handle(t, c, pressing(elsewhere, button(choice.Label))).Message); got != want {
		t.Errorf("with its label it is answered %s", got)
	}
	if got := message.Plain(handle(t, c, pressing(private(""), button("2"))).Message); got != want {
		t.Errorf("as long as it is remembered it is answered %s", got)
	}
	elsewhere.From.Chat = "10"
	for _, label := range []string{"", "2", choice.Label[:8] + "…", r.Message.Choices[0].Label} {
		if got := handle(t, c, pressing(elsewhere, button(label))); !strings.Contains(got.Toast, "old") || len(got.Message.Body) > 0 {
			t.Errorf("with the label %q and no memory it is answered %q, %s", label, got.Toast, message.Plain(got.Message))
		}
	}
}

// TestOldMenu: a button of another version, or of nobody, gets a word.
func TestOldMenu(t *testing.T) {
	t.Parallel()
	c := shared()
	for _, payload := range []string{"0:rhelp", "2:rhelp", "1:", "1:x", "1:rnonsense", "1:ptimeline.x", "1:phelp.1", "1:ltlh", "1:+aaaaaaa", "1:eaaaaaaa", "1:waaaaaaa"} {
		if r := handle(t, c, pressing(at("old", ""), bot.Button{Action: payload})); r.Toast != "This menu is old. Please ask again." {
			t.Errorf("%q is answered with %q, %s", payload, r.Toast, message.Plain(r.Message))
		}
	}
}

// TestBroken: when the database is gone, that is an error, not an answer that
// forgets or a word that is lost.
func TestBroken(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	s.broken = true
	for _, text := range []string{"Who chaired in 2022?", "/language kk", "/delete yes"} {
		if r, err := c.Handle(t.Context(), private(text)); err == nil {
			t.Errorf("%q is answered %s", text, message.Plain(r.Message))
		}
	}
}

// TestStart: a link opens the bot with what it says.
func TestStart(t *testing.T) {
	t.Parallel()
	store, _ := parts()
	s := newShelf()
	c := s.core(t)
	for _, f := range store.Facts {
		payload := bot.FactPayload(f.ID)
		if len(payload) > 64 || strings.Trim(payload, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			t.Errorf("%q does not fit into a link", payload)
		}
		r := handle(t, c, private("/start "+payload))
		if r.Outcome != bot.Answered || !slices.Equal(r.Facts, []facts.ID{f.ID}) || len(r.Message.Notes) == 0 {
			t.Errorf("%s shows %v, %s", payload, r.Facts, message.Plain(r.Message))
		}
		press := pressing(private(""), r.Buttons[0][0])
		if handle(t, c, press); s.notes[0].Fact != string(f.ID) {
			t.Errorf("what is said of %s is noted for %s", f.ID, s.notes[0].Fact)
		}
	}
	if r := handle(t, c, private("source?")); r.Outcome != bot.Answered {
		t.Errorf("the source of a fact from a link is %s", r.Outcome)
	}
	plain := message.Plain(handle(t, c, private("/start")).Message)
	for _, payload := range []string{"fact_", "fact_nonsense", "f_aaaaaaa", "nonsense", "tlh"} {
		if got := message.Plain(handle(t, c, private("/start "+payload)).Message); got != plain {
			t.Errorf("/start %s says %s", payload, got)
		}
	}
	if r := handle(t, c, private("/start kk")); r.Message.Lang.String() != "kk" {
		t.Errorf("a link for Kazakh readers speaks %s", r.Message.Lang)
	}
	if r := handle(t, c, private("Who chaired in 2022?")); r.Message.Lang.String() != "kk" {
		t.Errorf("and then %s", r.Message.Lang)
	}
}

// TestArrivals: the bot is polite, and quiet where nobody asked it anything.
func TestArrivals(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t)
	for _, tt := range []struct {
		name    string
		kind    bot.Kind
		payload string
		private bool
		lines   int
	}{
		{"added to a group", bot.Member, bot.Added, false, 2},
		{"added to a channel", bot.Member, bot.Posting, false, 2},
		{"put out of a group", bot.Member, bot.Removed, false, 0},
		{"unblocked", bot.Member, bot.Added, true, 0},
		{"blocked", bot.Member, bot.Removed, true, 0},
		{"a photo in private", bot.Unreadable, "", true, 1},
		{"a photo in a group", bot.Unreadable, "", false, 0},
	} {
		in := group("reader", "")
		in.Kind, in.Payload, in.Private = tt.kind, tt.payload, tt.private
		if r := handle(t, c, in); len(r.Message.Body) != tt.lines || r.Toast != "" || len(r.Buttons) > 0 {
			t.Errorf("%s: %q", tt.name, message.Plain(r.Message))
		}
	}
	for text, lines := range map[string]int{"/weather": 0, "/weather@suhbat_bot": 1, "/weather in Almaty": 0, "/stop": 1} {
		if r := handle(t, c, group("reader", text)); len(r.Message.Body) != lines {
			t.Errorf("in a group %s is answered %q", text, message.Plain(r.Message))
		}
	}
	addressed := group("reader", "/weather")
	addressed.Addressed = true
	if r := handle(t, c, addressed); len(r.Message.Body) != 1 {
		t.Errorf("a command that named the bot is answered %q", message.Plain(r.Message))
	}
	handle(t, c, private("Who chaired in 2022?"))
	photo := private("")
	photo.Kind = bot.Unreadable
	handle(t, c, photo)
	if r := handle(t, c, private("source?")); r.Outcome != bot.Answered {
		t.Errorf("after a photo the source is %s", r.Outcome)
	}
}

// TestHome: the bot's own page shows what is coming and where to go.
func TestHome(t *testing.T) {
	t.Parallel()
	in := at("home", "")
	in.Kind = bot.Home
	r := handle(t, shared(), in)
	text := message.Plain(r.Message)
	if !strings.Contains(text, "November 2026") || len(r.Message.Choices) == 0 || len(r.Buttons) == 0 || len(r.Facts) == 0 {
		t.Errorf("%d facts, %d choices, %d rows, %s", len(r.Facts), len(r.Message.Choices), len(r.Buttons), text)
	}
	if err := limits(&r); err != nil {
		t.Error(err)
	}
	days := 0
	for _, item := range r.Message.Body[len(r.Message.Body)-1].(message.List).Items {
		if d, ok := item[0].(message.Day); ok && d.Day.After(today) {
			days++
		}
	}
	if days != 5 {
		t.Errorf("%d days can be shown in the reader's own way", days)
	}
}

// TestPressConcurrent: people press and ask at once; run with -race.
func TestPressConcurrent(t *testing.T) {
	t.Parallel()
	c := shared()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			in := at(strings.Repeat("x", i+1), "Who chaired in 2022?")
			for range 10 {
				r := handle(t, c, in)
				for _, b := range r.Buttons[0] {
					if b.Kind == bot.Act {
						handle(t, c, pressing(in, b))
					}
				}
				handle(t, c, pressing(in, bot.Button{Action: "1:lru"}))
				if r := handle(t, c, in); r.Message.Lang.String() != "ru" {
					t.Errorf("Russian was chosen, and the answer is in %s", r.Message.Lang)
				}
			}
		})
	}
	wg.Wait()
}
