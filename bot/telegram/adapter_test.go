package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/bottest"
	"suhbat/bot/message"
	"suhbat/bot/telegram/telegramtest"
)

// parrot is a core that repeats what it hears, and remembers it.
type parrot struct {
	mu    sync.Mutex
	heard []bot.Incoming
	// reply, if it is set, replies in its place.
	reply func(in bot.Incoming) (bot.Reply, error)
}

func (p *parrot) Handle(_ context.Context, in bot.Incoming) (bot.Reply, error) {
	p.mu.Lock()
	p.heard = append(p.heard, in)
	reply := p.reply
	p.mu.Unlock()
	if reply != nil {
		return reply(in)
	}
	return says(string(in.Kind) + " " + in.Text), nil
}

// last is what came in last.
func (p *parrot) last() bot.Incoming {
	all := p.all()
	return all[len(all)-1]
}

func (p *parrot) all() []bot.Incoming {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard
}

func (*parrot) Languages() []language.Tag { return []language.Tag{language.English, language.Kazakh} }

func (*parrot) Menu(tag language.Tag) bot.Menu {
	items := []bot.MenuItem{{Command: "help", Description: "help in " + tag.String()}}
	return bot.Menu{
		Lang: tag, Name: "Parrot", Short: "short " + tag.String(), Description: "long " + tag.String(),
		Commands: map[bot.Scope][]bot.MenuItem{bot.InPrivate: items, bot.InGroups: items, bot.ToAdmins: items},
	}
}

func (*parrot) IsCommand(text string) bool { return strings.HasPrefix(text, "/help") }

func says(text string) bot.Reply {
	return bot.Reply{Outcome: bot.Answered, Message: message.Message{Body: []message.Block{message.Paragraph{message.Text(text)}}}}
}

// world is an adapter between a fake server and a core.
type world struct {
	*telegramtest.Server
	t     *testing.T
	core  *parrot
	inbox *bottest.Inbox
	chats *bottest.Chats
	logs  *logs
	cfg   Config
	// tg is the adapter that runs.
	tg   *Telegram
	stop func() error
}

// logs collects what is logged.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// inWorld runs a test in a bubble with an adapter that is running.
func inWorld(t *testing.T, test func(w *world), opts ...telegramtest.Option) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, opts...)
		w.run()
		defer func() { _ = w.stop() }()
		test(w)
		if err := w.stop(); err != nil {
			t.Errorf("it ended with %v", err)
		}
		telegramtest.CheckSecret(t, "the log", w.logs.String())
	})
}

func newWorld(t *testing.T, opts ...telegramtest.Option) *world {
	w := &world{t: t, Server: telegramtest.New(t, opts...), core: new(parrot), inbox: new(bottest.Inbox), chats: new(bottest.Chats), logs: new(logs)}
	w.cfg = Config{
		Token: telegramtest.Token, APIURL: telegramtest.URL, HTTP: w.Client(), Now: time.Now,
		Log: slog.New(slog.NewTextHandler(w.logs, nil)),
	}
	return w
}

// run starts an adapter; stop ends it.
func (w *world) run() {
	w.t.Helper()
	tg, err := New(w.cfg, w.core, w.inbox, w.chats)
	if err != nil {
		w.t.Fatal(err)
	}
	w.tg = tg
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- tg.Run(ctx) }()
	w.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
}

// TestAnswers: whoever writes to the bot gets an answer, once.
func TestAnswers(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "kk")
		chat := ann.Open()
		ann.Say("who chaired?")
		if got := chat.AwaitBot(1); got.Text != "ask who chaired?" || got.ReplyTo != 0 {
			w.t.Errorf("it says %+v", got)
		}
		ann.Say("/help me")
		if got := chat.AwaitBot(2); got.Text != "command /help me" {
			w.t.Errorf("it says %+v", got)
		}
		ann.SendVoice(chat)
		if got := chat.AwaitBot(3); got.Text != "unreadable" {
			w.t.Errorf("it says %+v", got)
		}
		time.Sleep(time.Minute)
		if n := len(chat.FromBot()); n != 3 {
			w.t.Errorf("%d answers to 3 messages", n)
		}
		in := w.core.all()[0]
		if in.LangHint != language.Kazakh || !in.Private || in.User == "" || in.Owner != in.From || in.MessageID == "" || in.ID == "" {
			w.t.Errorf("the core heard %+v", in)
		}
	})
}

// TestGroups: in a group the bot speaks only when it is spoken to, and in the same
// topic.
func TestGroups(t *testing.T) {
	inWorld(t, func(w *world) {
		ann, bob := w.NewUser("Ann", "en"), w.NewUser("Bob", "ru")
		group := w.NewForum("Readers", ann, bob)
		ann.AddBot(group)
		mine := group.AwaitBot(1) // the greeting
		topic := group.NewTopic("Questions")
		asChannel := []telegramtest.SendOption{
			telegramtest.With("sender_chat", map[string]any{"id": -1007, "type": "channel", "title": "News"}),
			telegramtest.With("from", map[string]any{"id": 136817688, "is_bot": true, "first_name": "Channel", "username": "Channel_Bot"}),
		}
		for _, tt := range []struct {
			text string
			opts []telegramtest.SendOption
			want string
		}{
			{text: "hello all"},
			{text: "/help", want: "command /help"},
			{text: "/other"}, // perhaps another bot's
			{text: "/other@SuhbatTestBot", want: "command /other"},
			{text: "/help@OtherBot"},
			{text: "well, @suhbattestbot, who?", want: "ask well, , who?"},
			{text: "🏔 @SuhbatTestBot", want: "ask 🏔"},
			{text: "@SuhbatTestBot", want: "command /help"},
			{text: "@SuhbatTestBotFan, who?"},
			{text: "and then?", opts: []telegramtest.SendOption{telegramtest.Reply(mine)}, want: "ask and then?"},
			{text: "/1325", opts: []telegramtest.SendOption{telegramtest.Reply(mine)}, want: "command /1325"},
			{text: "@SuhbatTestBot, who?", opts: asChannel, want: "ask , who?"},
			{text: "nice weather", opts: asChannel},
			{text: "@SuhbatTestBot, who?", opts: append(asChannel[:2:2], telegramtest.With("is_automatic_forward", true))}, // a post of the channel
		} {
			before := len(group.FromBot())
			asked := bob.Send(group, tt.text, append(tt.opts, telegramtest.InTopic(topic))...)
			time.Sleep(5 * time.Second)
			all := group.FromBot()[before:]
			switch {
			case tt.want == "" && len(all) > 0:
				w.t.Errorf("%q is answered by %q", tt.text, all[0].Text)
			case tt.want != "" && (len(all) != 1 || all[0].Text != tt.want || all[0].ThreadID != topic || all[0].ReplyTo != asked.ID):
				w.t.Errorf("%q is answered by %+v, want %q", tt.text, all, tt.want)
			case strings.HasSuffix(tt.text, "@SuhbatTestBot") && strings.HasPrefix(tt.text, "/") && !w.core.last().Addressed:
				w.t.Errorf("the core is not told that %q named the bot", tt.text)
			}
		}
	}, telegramtest.WithPrivacyOff())
}

// TestPressInGroup: among what others say, one sees which message the answer to a
// button belongs to.
func TestPressInGroup(t *testing.T) {
	inWorld(t, func(w *world) {
		w.core.reply = func(in bot.Incoming) (bot.Reply, error) {
			r := says(string(in.Kind))
			r.Buttons = [][]bot.Button{{{Label: "Next", Action: "1:next"}}}
			return r, nil
		}
		ann := w.NewUser("Ann", "en")
		group := w.NewGroup("Readers", ann)
		ann.AddBot(group)
		first := group.AwaitBot(1)
		ann.Send(group, "nice weather")
		ann.Press(first, "Next").Await()
		if got := group.AwaitBot(2); got.ReplyTo != first.ID {
			w.t.Errorf("got %+v, want a reply to %d", got, first.ID)
		}
	})
}

// TestEdits: an edited question edits its answer, and after a restart gets a new one.
func TestEdits(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		asked := ann.Say("who?")
		answer := chat.AwaitBot(1)
		ann.Edit(asked, "who else?")
		time.Sleep(5 * time.Second)
		if got := chat.Message(answer.ID); got.Text != "edit who else?" || len(chat.FromBot()) != 1 {
			w.t.Errorf("the answer is %+v", got)
		}
		if err := w.stop(); err != nil {
			w.t.Error(err)
		}
		w.run()
		ann.Edit(asked, "who then?")
		if got := chat.AwaitBot(2); got.Text != "edit who then?" {
			w.t.Errorf("the new answer is %+v", got)
		}
	})
}

// TestButtons: a press is acknowledged at once, and changes what it should.
func TestButtons(t *testing.T) {
	inWorld(t, func(w *world) {
		buttons := [][]bot.Button{{{Label: "Next", Action: "1:pages.2"}}}
		w.core.reply = func(in bot.Incoming) (bot.Reply, error) {
			r := says(string(in.Kind) + " " + in.Payload + " " + in.Text)
			r.Buttons = buttons
			switch in.Payload {
			case "1:pages.2":
				r.Edit, r.Toast = true, "page two"
				r.Buttons = [][]bot.Button{{{Label: "Drop", Action: "1:drop"}, {Label: "More", Action: "1:more"}}}
			case "1:drop":
				r = bot.Reply{Relabel: true, Toast: "thanks"}
			}
			return r, nil
		}
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		ann.Say("pages")
		first := chat.AwaitBot(1)
		if got := ann.Press(first, "Next").Await(); got.Text != "page two" {
			w.t.Errorf("the word to who pressed is %q", got.Text)
		}
		time.Sleep(5 * time.Second)
		if got := chat.Message(first.ID); got.Text != "press 1:pages.2 Next" || !strings.Contains(fmt.Sprint(got.Labels()), "Drop") {
			w.t.Errorf("after the press it is %+v", got)
		}
		ann.Press(chat.Message(first.ID), "More").Await()
		if got := chat.AwaitBot(2); got.Text != "press 1:more More" {
			w.t.Errorf("a press that does not edit says %+v", got)
		}
		ann.Press(chat.Message(first.ID), "Drop").Await()
		time.Sleep(5 * time.Second)
		if got := chat.Message(first.ID); len(got.Labels()) != 0 || got.Text != "press 1:pages.2 Next" {
			w.t.Errorf("without buttons it is %+v", got)
		}
	})
}

// TestInlineMode: a question typed in any chat is answered there.
func TestInlineMode(t *testing.T) {
	inWorld(t, func(w *world) {
		w.core.reply = func(in bot.Incoming) (bot.Reply, error) {
			return bot.Reply{Personal: true, Toast: "Open", Results: []bot.Result{{ID: "a", Title: "T " + in.Text, Description: "D", Message: says("full answer").Message}}}, nil
		}
		ann := w.NewUser("Ann", "en")
		got := ann.Inline("who?", "").Await()
		if len(got.Results) != 1 || got.Results[0].Title != "T who?" || !got.Personal {
			w.t.Errorf("it offers %+v", got)
		}
	})
}

// TestMembers: the bot greets a group once, and notes where it may not speak.
func TestMembers(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		chat, group := ann.Open(), w.NewGroup("Readers", ann)
		ann.AddBot(group)
		if got := group.AwaitBot(1); !strings.HasPrefix(got.Text, "member") {
			w.t.Errorf("it greets with %+v", got)
		}
		at, private := chatAddress(group.ID, 0), chatAddress(chat.ID, 0)
		ann.RemoveBot(group)
		ann.Block()
		time.Sleep(time.Second)
		for _, a := range []bot.Address{at, private} {
			if active, _ := w.chats.Active(w.t.Context(), a); active {
				w.t.Errorf("%v counts as active", a)
			}
		}
		ann.Unblock()
		ann.Say("/start")
		chat.AwaitBot(1)
		if active, _ := w.chats.Active(w.t.Context(), private); !active {
			w.t.Error("after /start the chat counts as left")
		}
		if n := len(group.FromBot()); n != 1 {
			w.t.Errorf("%d messages in the group", n)
		}
	})
}

// TestMigration: a group that becomes a supergroup keeps what it has.
func TestMigration(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		group := w.NewGroup("Readers", ann)
		ann.AddBot(group)
		group.AwaitBot(1)
		super := group.Migrate()
		ann.Send(super, "/help")
		super.AwaitBot(1)
		if got := w.chats.Moved(chatAddress(group.ID, 0)); got != chatAddress(super.ID, 0) {
			w.t.Errorf("it moved to %v", got)
		}
	})
}

// TestFlood: nobody can make the others wait, however much they send at once.
func TestFlood(t *testing.T) {
	inWorld(t, func(w *world) {
		troll, ann := w.NewUser("Troll", "en"), w.NewUser("Ann", "en")
		trolls, chat := troll.Open(), ann.Open()
		for i := range 1000 {
			troll.Say(strconv.Itoa(i))
		}
		asked := time.Now()
		ann.Say("who?")
		chat.AwaitBot(1)
		if waited := time.Since(asked); waited > 5*time.Second {
			w.t.Errorf("Ann waited for %v", waited)
		}
		time.Sleep(3 * time.Minute)
		if n := len(trolls.FromBot()); n < 100 {
			w.t.Errorf("%d of the first hundred questions are answered", n)
		}
		w.Limit(telegramtest.Strict())
	})
}

// TestTooMany: whoever sends more than can be answered is told so, once.
func TestTooMany(t *testing.T) {
	inWorld(t, func(w *world) {
		troll := w.NewUser("Troll", "en")
		chat := troll.Open()
		const asked = maxWaiting + 200
		for i := range asked {
			troll.Say(strconv.Itoa(i))
		}
		time.Sleep(2 * asked * time.Second)
		told, answered := 0, 0
		for _, m := range chat.FromBot() {
			if m.Text == "flooded" {
				told++
			} else {
				answered++
			}
		}
		if told < 1 || answered < maxWaiting || int64(asked-answered) != w.tg.Stats().Flooded.Load() {
			w.t.Errorf("of %d questions %d are answered; that these were too many is said %d times and counted %d times", asked, answered, told, w.tg.Stats().Flooded.Load())
		}
		if told > 20 {
			w.t.Errorf("that these were too many is said %d times", told)
		}
	})
}

// TestCrash: after a crash at any point nothing is lost, and only what was in flight
// may come twice.
func TestCrash(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		const chats, each = 8, 5
		var all []*telegramtest.Chat
		for i := range chats {
			u := w.NewUser(fmt.Sprint("User", i), "en")
			all = append(all, u.Open())
			for j := range each {
				u.Say(fmt.Sprintf("%d.%d", i, j))
			}
		}
		var crashes int
		for round := range 6 {
			w.run()
			time.Sleep(time.Duration(700*round) * time.Millisecond)
			w.crash()
			crashes++
		}
		w.run()
		time.Sleep(time.Minute)
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		twice := 0
		for i, chat := range all {
			seen := make(map[string]int)
			for _, m := range chat.FromBot() {
				seen[m.Text]++
			}
			for j := range each {
				switch n := seen[fmt.Sprintf("ask %d.%d", i, j)]; {
				case n == 0:
					t.Errorf("question %d.%d is lost", i, j)
				case n > 1:
					twice += n - 1
				}
			}
		}
		if most := crashes * chats; twice > most {
			t.Errorf("%d answers came twice, want at most those in flight, %d", twice, most)
		}
		t.Logf("%d answers came twice", twice)
	})
}

// crash stops the adapter as a kill does: nothing more gets out or is written down.
func (w *world) crash() {
	w.OnRequest(func(telegramtest.Request) telegramtest.Effect { return telegramtest.Hang() })
	w.inbox.Break(errors.New("the process is dead"))
	_ = w.stop()
	w.OnRequest(nil)
	w.inbox.Break(nil)
}

// TestCrashLoop: a program that dies at each start, just when its answer has arrived,
// does not say it at every start anew; one that was told to wait has not said it yet.
func TestCrashLoop(t *testing.T) {
	for _, tt := range []struct {
		name string
		each telegramtest.Effect // of a request
		want int
	}{
		{"it has arrived", telegramtest.HangAfter(), maxInDoubt},
		{"it is to wait", telegramtest.Flood(2), 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				ann := w.NewUser("Ann", "en")
				ann.Say("who?")
				for range 8 {
					w.ClearFaults()
					w.Script(telegramtest.Fault{Method: "sendMessage", Times: 100, Effect: tt.each})
					w.run()
					time.Sleep(10 * time.Second)
					w.crash()
				}
				w.ClearFaults()
				w.run()
				time.Sleep(time.Minute)
				if err := w.stop(); err != nil {
					t.Error(err)
				}
				if got := len(ann.Open().FromBot()); got != tt.want {
					t.Errorf("it is said %d times, want %d", got, tt.want)
				}
			})
		})
	}
}
