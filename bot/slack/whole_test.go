package slack_test

import (
	"context"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/bot/slack"
	"suhbat/bot/slack/slacktest"
)

// core answers as the bot does, in shape.
type core struct{}

func (core) IsCommand(text string) bool { return text == "/help" || text == "/start" }

func (core) Handle(_ context.Context, in bot.Incoming) (bot.Reply, error) {
	text := func(s string) message.Message {
		return message.Message{Lang: language.English, Body: []message.Block{message.Paragraph{message.Text(s), message.Cite(1)}}, Notes: []message.Note{{Publisher: "nCa", Title: "A <page> & more", URL: "https://example.org/?a=1&b=2"}}}
	}
	switch in.Payload {
	case "1helpful":
		return bot.Reply{Outcome: bot.Chat, Toast: "Thanks", Relabel: true, Buttons: [][]bot.Button{{{Label: "What is wrong?", Action: "1report"}}}}, nil
	case "1report":
		return bot.Reply{Outcome: bot.Chat, Message: text("Say it"), Prompt: bot.Prompt{Placeholder: "Your words", Action: "1reported"}}, nil
	case "1reported":
		return bot.Reply{Outcome: bot.Chat, Message: text("Noted: " + in.Text)}, nil
	}
	if n, err := strconv.Atoi(in.Text); err == nil { // an answer of so many messages
		var long message.Message
		for range n {
			long.Body = append(long.Body, message.Paragraph{message.Text(strings.Repeat("answer "+in.Text+" ", 400))})
		}
		return bot.Reply{Outcome: bot.Answered, Message: long}, nil
	}
	r := bot.Reply{Outcome: bot.Answered, Message: text("<!channel> answer to " + in.Text)}
	r.Message.Choices = []message.Choice{{Label: "And in 2023?", Value: "2023"}}
	r.Buttons = [][]bot.Button{{{Label: "Helpful", Action: "1helpful"}, {Kind: bot.Share, Label: "Share", Action: in.Text}}}
	return r, nil
}

// stage is an app in a workspace of the fake, and somebody in a channel.
type stage struct {
	*slacktest.Slack

	app     *slack.Slack
	mux     *http.ServeMux
	w       *slacktest.Workspace
	aigul   *slacktest.User
	general *slacktest.Channel
}

// play runs an app in a bubble of time.
func play(t *testing.T, fake slacktest.Config, config func(*stage, *slack.Config, *slack.Ports), act func(*testing.T, *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{Slack: slacktest.New(t, fake), mux: http.NewServeMux()}
		s.w = s.Workspace("Almaty")
		s.aigul = s.w.AddUser(slacktest.Profile{Name: "Aigul", Locale: "ru-RU", TZ: "Asia/Almaty"})
		s.general = s.w.AddChannel("general", s.aigul).Invite()
		c := slack.Config{API: s.URL(), BotToken: s.w.Token(), SigningSecrets: []string{slacktest.SigningSecret}, Now: time.Now, Transport: s.Client().Transport, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
		var p slack.Ports
		if config != nil {
			config(s, &c, &p)
		}
		app, err := slack.New(c, core{}, p)
		if err != nil {
			t.Fatal(err)
		}
		s.app = app
		app.Register(s.mux)
		s.Connect(s.mux)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- app.Run(ctx) }()
		synctest.Wait()
		act(t, s)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := app.Drain(context.Background()); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute) // what is remembered of users is looked up beside
	})
}

// ofApp is what the app has said to all in a channel.
func ofApp(ch *slacktest.Channel) (all []slacktest.Message) {
	return slices.DeleteFunc(ch.Messages(), func(m slacktest.Message) bool { return !slacktest.ByApp(m) || m.OnlyTo != "" })
}

// TestSlashToShare walks through what most people do with the bot.
func TestSlashToShare(t *testing.T) {
	play(t, slacktest.Config{}, nil, func(t *testing.T, s *stage) {
		s.aigul.Slash(s.general, "/wps", "who?")
		private := s.aigul.Await(s.general, "the answer", slacktest.ByApp)
		if private.OnlyTo != s.aigul.ID || !strings.HasPrefix(private.Text, "&lt;!channel&gt; answer to who? [1]") || len(private.Pings()) > 0 {
			t.Errorf("got %+v", private)
		}
		s.aigul.Press(private, "Helpful")
		time.Sleep(5 * time.Second)
		changed := s.aigul.Await(s.general, "other buttons", func(m slacktest.Message) bool { return slices.Contains(m.Labels(), "What is wrong?") })
		s.aigul.Press(changed, "What is wrong?")
		s.Await("the form", func() bool { _, ok := s.aigul.Modal(); return ok })
		s.aigul.Submit(map[string]string{"words": "the year"})
		time.Sleep(5 * time.Second)
		if v, ok := s.aigul.Modal(); !ok || !slices.ContainsFunc(slacktest.Texts(v.Blocks), func(text string) bool { return strings.Contains(text, "Noted: the year") }) {
			t.Errorf("the form became %+v", v)
		}
		s.aigul.Slash(s.general, "/wps", "what?")
		answer := s.aigul.Await(s.general, "the second answer", func(m slacktest.Message) bool { return strings.Contains(m.Text, "what?") })
		s.aigul.Press(answer, "Share")
		time.Sleep(5 * time.Second)
		if all := ofApp(s.general); len(all) != 1 || !strings.HasSuffix(all[0].Text, "Shared by <@"+s.aigul.ID+">") {
			t.Errorf("in the channel: %+v", all)
		}
	})
}

// TestConversations checks mentions, follow-ups, direct messages, the bot's own page
// and the shortcut.
func TestConversations(t *testing.T) {
	play(t, slacktest.Config{Events: append(slacktest.DefaultEvents(), "message.channels")}, nil, func(t *testing.T, s *stage) {
		m := s.aigul.Mention(s.general, "who?")
		time.Sleep(5 * time.Second)
		s.aigul.Reply(m, "and then?")
		s.aigul.Say(s.general, "lunch")
		s.aigul.Say(s.aigul.IM(), "when?")
		s.aigul.OpenHome("home")
		time.Sleep(5 * time.Second)
		all := ofApp(s.general)
		if len(all) != 2 || all[0].ThreadTS != m.TS || !strings.Contains(all[1].Text, "and then?") {
			t.Errorf("in the channel: %+v", all)
		}
		if private := ofApp(s.aigul.IM()); len(private) != 1 || !strings.Contains(private[0].Text, "when?") {
			t.Errorf("in private: %+v", private)
		}
		if _, ok := s.aigul.Home(); !ok {
			t.Error("there is no page")
		}
		claim := s.aigul.Say(s.general, "Turkmenistan chaired")
		s.aigul.Shortcut(claim, "check_claim")
		s.aigul.Await(s.general, "what the facts say", func(m slacktest.Message) bool {
			return m.OnlyTo == s.aigul.ID && strings.Contains(m.Text, "answer to Turkmenistan chaired")
		})
	})
}

// TestFaults checks that whatever goes wrong on the way to Slack, a question has one
// answer in the channel.
func TestFaults(t *testing.T) {
	for name, fault := range map[string]slacktest.Fault{
		"lost before": slacktest.LostBefore, "lost after": slacktest.LostAfter, "hang before": slacktest.HangBefore, "hang after": slacktest.HangAfter,
		"half open": slacktest.HalfOpen, "cut off": slacktest.CutOff, "truncated": slacktest.Truncated, "502": slacktest.StatusBefore(http.StatusBadGateway),
		"503 after": slacktest.StatusAfter(http.StatusServiceUnavailable), "busy": slacktest.Busy(5 * time.Second), "internal error": slacktest.Refuse("internal_error"),
		"fatal error after": slacktest.RefuseAfter("fatal_error"), "rate limited": slacktest.Refuse("ratelimited"),
	} {
		t.Run(name, func(t *testing.T) {
			play(t, slacktest.Config{}, nil, func(t *testing.T, s *stage) {
				s.Break("chat.postMessage", fault)
				s.aigul.Mention(s.general, "who?")
				time.Sleep(2 * time.Minute)
				if all := ofApp(s.general); len(all) != 1 {
					t.Errorf("got %d answers", len(all))
				}
			})
		})
	}
}

// TestForgeries checks what nobody but Slack may do, and that the real thing counts
// once.
func TestForgeries(t *testing.T) {
	play(t, slacktest.Config{}, nil, func(t *testing.T, s *stage) {
		for name, twist := range map[string]slacktest.Twist{
			"forged": slacktest.Forged, "unsigned": slacktest.Unsigned, "old": slacktest.Aged(6 * time.Minute), "early": slacktest.Aged(-6 * time.Minute), "tampered": slacktest.Tampered,
		} {
			if a := s.aigul.Slash(s.general, "/wps", "who?", twist).Last(); a.Status != http.StatusUnauthorized {
				t.Errorf("%s: got %d", name, a.Status)
			}
		}
		if ok, a := s.Verify(); !ok {
			t.Errorf("url_verification: %+v", a)
		}
	})
}

// TestInSockets checks the same through sockets, and what Slack may do to those.
func TestInSockets(t *testing.T) {
	sockets := func(s *stage, c *slack.Config, _ *slack.Ports) {
		c.SigningSecrets, c.AppToken, c.Dial = nil, slacktest.AppToken, s.Dial
	}
	play(t, slacktest.Config{SocketMode: true}, sockets, func(t *testing.T, s *stage) {
		s.AwaitConnections(2)
		for _, reason := range []string{"", "warning", "refresh_requested"} {
			if reason != "" {
				s.Disconnect(reason)
			}
			if err := s.app.Ready(); reason == "" && err != nil {
				t.Error(err)
			}
			s.AwaitConnections(2)
			s.aigul.Slash(s.general, "/wps", "who "+reason)
			s.aigul.Await(s.general, "the answer", func(m slacktest.Message) bool { return strings.Contains(m.Text, "who "+reason) })
		}
		s.aigul.Mention(s.general, "who?")
		time.Sleep(5 * time.Second)
		if all := ofApp(s.general); len(all) != 1 {
			t.Errorf("got %d answers", len(all))
		}
	})
}

// shelf keeps installations.
type shelf struct {
	mu   sync.Mutex
	rows map[[2]string]row
}

type row struct {
	meta    string
	sealed  []byte
	expires time.Time
}

func (s *shelf) PutInstallation(_ context.Context, enterprise, team, meta string, sealed []byte, expires time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[[2]string{enterprise, team}] = row{meta, sealed, expires}
	return nil
}

func (s *shelf) Installation(_ context.Context, enterprise, team string) (string, []byte, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rows[[2]string{enterprise, team}]
	return r.meta, r.sealed, r.expires, nil
}

func (s *shelf) Installations(_ context.Context, each func(enterprise, team, meta string, sealed []byte, expires time.Time) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, r := range s.rows {
		if err := each(key[0], key[1], r.meta, r.sealed, r.expires); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) DeleteInstallation(_ context.Context, enterprise, team string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rows, [2]string{enterprise, team})
	return nil
}

// TestAddToSlack adds the app to a workspace, and lives with it for two days of
// silence.
func TestAddToSlack(t *testing.T) {
	kept := &shelf{rows: make(map[[2]string]row)}
	many := func(_ *stage, c *slack.Config, p *slack.Ports) {
		c.BotToken, c.ClientID, c.ClientSecret, c.PublicURL = "", slacktest.ClientID, slacktest.ClientSecret, "https://bot.example"
		c.Keys, p.Installations = []string{base64.StdEncoding.EncodeToString(make([]byte, 32))}, kept
	}
	play(t, slacktest.Config{Rotation: true}, many, func(t *testing.T, s *stage) {
		other := s.Vacant("Bishkek")
		admin := other.Admin()
		begun := httptest.NewRecorder()
		s.mux.ServeHTTP(begun, httptest.NewRequest(http.MethodGet, "/slack/install", http.NoBody))
		back, err := url.Parse(admin.Approve(begun.Header().Get("Location")))
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, back.RequestURI(), http.NoBody)
		r.AddCookie(begun.Result().Cookies()[0])
		ended := httptest.NewRecorder()
		s.mux.ServeHTTP(ended, r)
		time.Sleep(5 * time.Second)
		if ended.Code != http.StatusOK || len(ofApp(admin.IM())) != 1 {
			t.Fatalf("got %d %s, %d messages", ended.Code, ended.Body, len(ofApp(admin.IM())))
		}
		time.Sleep(48 * time.Hour)
		channel := other.AddChannel("general", admin).Invite()
		if _, err := s.app.Send(t.Context(), bot.Outgoing{Key: "k", To: bot.Address{Network: slack.Network, Space: other.ID, Chat: channel.ID}, Message: message.Message{Body: []message.Block{message.Paragraph{message.Text("reminder")}}}}); err != nil {
			t.Error(err)
		}
		if _, found, err := s.app.Find(t.Context(), bot.Address{Network: slack.Network, Space: other.ID, Chat: channel.ID}, "k", time.Now()); !found || err != nil {
			t.Errorf("found %v, %v", found, err)
		}
	})
}

// TestEdited: a question with new words is answered where its answer stood, in a
// direct message and in a thread, and a second time; what is no question of ours and
// a link that shows its page change nothing.
func TestEdited(t *testing.T) {
	play(t, slacktest.Config{Events: append(slacktest.DefaultEvents(), "message.channels")}, nil, func(t *testing.T, s *stage) {
		private, public := s.aigul.Say(s.aigul.IM(), "who?"), s.aigul.Mention(s.general, "who?")
		other := s.aigul.Say(s.general, "lunch")
		time.Sleep(5 * time.Second)
		for _, words := range []string{"when?", "where?"} {
			s.aigul.Edit(private, words)
			s.aigul.Edit(public, words)
			s.aigul.Edit(other, words)
			time.Sleep(10 * time.Second)
			for _, ch := range []*slacktest.Channel{s.aigul.IM(), s.general} {
				if all := ofApp(ch); len(all) != 1 || !strings.Contains(all[0].Text, "answer to "+words) {
					t.Errorf("after %s there is %+v", words, all)
				}
			}
		}
		posted := len(s.Requests("chat.update"))
		s.aigul.Edit(private, "where?")
		time.Sleep(10 * time.Second)
		if got := len(s.Requests("chat.update")); got != posted {
			t.Errorf("words that are the same were answered %d times", got-posted)
		}
	})
}

// TestEditedLong: of a long answer nothing stays that belongs to the words before, and
// nothing of the new one is missing.
func TestEditedLong(t *testing.T) {
	play(t, slacktest.Config{}, nil, func(t *testing.T, s *stage) {
		asked := s.aigul.Say(s.aigul.IM(), "3")
		time.Sleep(10 * time.Second)
		for i, words := range []string{"3", "1", "2", "4", "2"} {
			if i > 0 {
				s.aigul.Edit(asked, words)
				time.Sleep(20 * time.Second)
			}
			all := ofApp(s.aigul.IM())
			if strconv.Itoa(len(all)) != words {
				t.Errorf("after %s there are %d messages", words, len(all))
			}
			for _, m := range all {
				if strings.Count(m.Text, "answer ") != strings.Count(m.Text, "answer "+words) {
					t.Errorf("after %s there is %.40s", words, m.Text)
				}
			}
		}
	})
}

// TestGreeting: who opens the conversation with the bot for the first time is greeted,
// once; who has said something is not.
func TestGreeting(t *testing.T) {
	play(t, slacktest.Config{}, nil, func(t *testing.T, s *stage) {
		s.aigul.OpenHome("messages")
		time.Sleep(5 * time.Second)
		s.aigul.OpenHome("messages")
		time.Sleep(72 * time.Hour) // longer than inboxes remember
		s.aigul.OpenHome("messages")
		time.Sleep(5 * time.Second)
		if all := ofApp(s.aigul.IM()); len(all) != 1 {
			t.Errorf("got %d greetings", len(all))
		}
		admin := s.w.Admin()
		admin.Say(admin.IM(), "who?")
		time.Sleep(5 * time.Second)
		admin.OpenHome("messages")
		time.Sleep(5 * time.Second)
		if all := ofApp(admin.IM()); len(all) != 1 {
			t.Errorf("got %d messages, want the answer alone", len(all))
		}
	})
}

// TestLanes: an answer does not wait behind reminders, and those go out in the end.
func TestLanes(t *testing.T) {
	play(t, slacktest.Config{}, nil, func(t *testing.T, s *stage) {
		at := bot.Address{Network: slack.Network, Space: s.w.ID, Chat: s.general.ID}
		var reminders sync.WaitGroup
		for _, key := range []string{"a", "b", "c", "d", "e"} {
			reminders.Go(func() {
				m := message.Message{Body: []message.Block{message.Paragraph{message.Text("reminder " + key)}}}
				if _, err := s.app.Send(t.Context(), bot.Outgoing{Key: key, To: at, Lane: bot.Reminders, Message: m}); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(500 * time.Millisecond)
		s.aigul.Mention(s.general, "who?")
		time.Sleep(2 * time.Second)
		if all := ofApp(s.general); !slices.ContainsFunc(all, func(m slacktest.Message) bool { return strings.Contains(m.Text, "who?") }) {
			t.Errorf("after two seconds there is no answer among %d messages", len(all))
		}
		reminders.Wait()
		if all := ofApp(s.general); len(all) != 6 {
			t.Errorf("got %d messages, want 6", len(all))
		}
	})
}
