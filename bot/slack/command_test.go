package slack

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
)

// TestSlashCommand checks that the answer is the acknowledgement: one request of
// Slack's, none of ours, and only the asker sees it.
func TestSlashCommand(t *testing.T) {
	var got bot.Incoming
	b := start(t, func(in bot.Incoming) (bot.Reply, error) {
		got = in
		return echo(in)
	})
	tests := []struct {
		typed string
		kind  bot.Kind
		text  string
	}{
		{testAsked, bot.Ask, testAsked},
		{"", bot.Command, "/help"},
		{"help", bot.Command, "/help"},
		{"Chairs", bot.Command, "/chairs"},
		{"/chairs", bot.Command, "/chairs"},
		{"chairs of 2022", bot.Ask, "chairs of 2022"},
		{"language ru", bot.Command, "/language ru"},
		{"ask help", bot.Ask, "help"},
		{"1 &lt; 2 <https://a.b>", bot.Ask, "1 < 2 https://a.b"},
	}
	for _, tt := range tests {
		w := b.post(pathCommands, slash(tt.typed))
		r := asResponse(t, w.Body.Bytes())
		if w.Code != http.StatusOK || r.ResponseType != ephemeral || !strings.Contains(r.Text, escape(tt.text)) {
			t.Errorf("%q: got %d %s", tt.typed, w.Code, w.Body)
		}
		if got.Kind != tt.kind || got.Text != tt.text {
			t.Errorf("%q: the handler got %q %q", tt.typed, got.Kind, got.Text)
		}
	}
	want := address("T1", "C1", "@U1")
	if got.From != want || got.Private || got.User != "T1/U1" || got.Owner != (bot.Address{}) {
		t.Errorf("in a channel: got %+v", got)
	}
	if got.Posts != address("T1", "C1", "") { // else one person alone would see the reminders of the channel
		t.Errorf("reminders go to %+v", got.Posts)
	}
	b.post(pathCommands, strings.Replace(slash("x"), "channel_id=C1", "channel_id=D7", 1))
	if !got.Private || got.From != address("T1", "U1", "@U1") || got.Posts != address("T1", "U1", "") {
		t.Errorf("in private: got %+v", got)
	}
	b.post(pathCommands, strings.NewReplacer("is_enterprise_install=false", "is_enterprise_install=true&enterprise_id=E1").Replace(slash("x")))
	if got.From.Space != "E1/T1" {
		t.Errorf("in an organisation: got %+v", got.From)
	}
	if calls := b.api.of("response_url", "chat.postEphemeral", "chat.postMessage"); len(calls) > 0 {
		t.Errorf("there were %d further calls", len(calls))
	}
	if w := b.post(pathCommands, "command=/wps&text=x"); w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Errorf("without a workspace: got %d %s", w.Code, w.Body)
	}
}

// TestUsersDoNotOverhear checks that what one asks in private is not what another's
// "and in 2023?" goes on from.
func TestUsersDoNotOverhear(t *testing.T) {
	seen := make(map[bot.Address]bool)
	b := start(t, func(in bot.Incoming) (bot.Reply, error) {
		seen[in.From] = true
		return echo(in)
	})
	b.post(pathCommands, slash("x"))
	b.post(pathCommands, strings.Replace(slash("x"), "user_id=U1", "user_id=U2", 1))
	if len(seen) != 2 {
		t.Errorf("got the conversations %v", seen)
	}
}

func TestSlashCommandFails(t *testing.T) {
	for name, h := range map[string]handle{
		"error": func(bot.Incoming) (bot.Reply, error) { return bot.Reply{}, errors.New("broken") },
		"panic": func(bot.Incoming) (bot.Reply, error) { panic("broken") },
	} {
		b := start(t, h)
		w := b.post(pathCommands, slash(testAsked))
		if r := asResponse(t, w.Body.Bytes()); w.Code != http.StatusOK || r.Text != (Words{}).complete().Failed || r.ResponseType != ephemeral {
			t.Errorf("%s: got %d %s", name, w.Code, w.Body)
		}
		if !strings.Contains(b.log.String(), "broken") {
			t.Errorf("%s: not in the log: %s", name, b.log)
		}
	}
}

// TestSlowCommand checks that Slack has its acknowledgement in time, and the answer
// comes later by the response_url.
func TestSlowCommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := newMemory()
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			time.Sleep(8 * time.Second)
			return echo(in)
		}, func(_ *Config, p *Ports) { p.Inbox = inbox })
		p := &pipes{make(chan net.Conn), make(chan struct{})}
		server := &http.Server{Handler: b.mux}
		go server.Serve(p)
		defer server.Close()
		client := &http.Client{Transport: &http.Transport{DialContext: p.dial}}
		defer client.CloseIdleConnections()

		began := time.Now()
		resp, err := client.Do(b.request(t, "http://bot.example"+pathCommands, slash(testAsked)))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if took := time.Since(began); took != ackWithin || resp.StatusCode != http.StatusOK || len(body) > 0 || err != nil {
			t.Errorf("after %v: got %d %s, %v", took, resp.StatusCode, body, err)
		}
		if kept, _ := inbox.Kept(t.Context()); len(kept) != 1 {
			t.Errorf("the inbox holds %d rows", len(kept))
		}
		b.drained(t)
		calls := b.api.of("response_url")
		if len(calls) != 1 || asResponse(t, calls[0].body).ResponseType != ephemeral || !strings.Contains(calls[0].field(t, "text"), testAsked) {
			t.Errorf("got %d calls", len(calls))
		}
		if kept, _ := inbox.Kept(t.Context()); len(kept) != 0 {
			t.Errorf("the inbox holds %d rows at the end", len(kept))
		}
	})
}

// TestLongAnswerKilled checks that no part of an answer is lost when the program is killed
// between the acknowledgement, which has the first one, and the others.
func TestLongAnswerKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := newMemory()
		answer := func(bot.Incoming) (bot.Reply, error) { return bot.Reply{Message: long(2)}, nil }
		b := start(t, answer, func(_ *Config, p *Ports) { p.Inbox = inbox })
		var then *memory
		b.api.do("response_url", func(call) (*http.Response, error) {
			if kept, _ := inbox.Kept(t.Context()); then == nil {
				then = newMemory()
				for _, k := range kept { // as a program that starts now would find it
					then.Keep(t.Context(), k.ID, k.Order, k.Body, k.At)
				}
			}
			return respondWith(http.StatusOK, "ok"), nil
		})
		b.post(pathCommands, slash("tell me all"))
		b.drained(t)
		if kept, _ := inbox.Kept(t.Context()); len(kept) != 0 {
			t.Errorf("the inbox holds %d rows at the end", len(kept))
		}
		next := start(t, answer, func(_ *Config, p *Ports) { p.Inbox = then })
		if err := next.adopt(t.Context()); err != nil {
			t.Fatal(err)
		}
		next.drained(t)
		if calls := next.api.of("response_url"); len(calls) < 2 {
			t.Errorf("%d parts are sent after the restart", len(calls))
		}
	})
}

// TestLongAnswer checks that no part of an answer is lost: what does not fit into the
// acknowledgement follows, and what the response_url does not take is posted.
func TestLongAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(bot.Incoming) (bot.Reply, error) { return bot.Reply{Message: long(8)}, nil })
		w := b.post(pathCommands, slash("tell me all"))
		b.drained(t)
		if asResponse(t, w.Body.Bytes()).Text == "" {
			t.Errorf("got %s", w.Body)
		}
		later, posted := b.api.of("response_url"), b.api.of("chat.postEphemeral")
		if len(later) != urlUses || len(posted) != 2 {
			t.Errorf("got %d by the response_url and %d posted, want %d and 2", len(later), len(posted), urlUses)
		}
		for _, c := range posted {
			if c.form.Get("user") != "U1" || c.form.Get("channel") != "C1" {
				t.Errorf("posted to %v", c.form)
			}
		}
	})
}

// TestResponseURL checks that the bot calls no address that is not Slack's, whatever
// a request holds.
func TestResponseURL(t *testing.T) {
	b := start(t, echo, func(c *Config, _ *Ports) { c.API = "http://127.0.0.1:9/api/" })
	tests := []struct {
		url  string
		want bool
	}{
		{testURL, true},
		{"https://hooks.slack-gov.com/commands/1", true},
		{"http://127.0.0.1:9/response/1", true},
		{"http://hooks.slack.com/commands/1", false},
		{"https://hooks.slack.com.evil.example/", false},
		{"https://hooks.slack.com:8443/", false},
		{"https://hooks.slack.com@evil.example/", false},
		{"https://user@hooks.slack.com/", false},
		{"https://evil.example/hooks.slack.com", false},
		{"http://127.0.0.1:10/", false},
		{"https://127.0.0.1:9/", false},
		{"file:///etc/passwd", false},
		{"//hooks.slack.com/", false},
		{"", false},
		{"%", false},
	}
	for _, tt := range tests {
		if got := b.mayCall(tt.url); got != tt.want {
			t.Errorf("%q: got %v", tt.url, got)
		}
	}
}

// TestPromptByCommand checks that a command which asks for words opens a form, or has
// a button that does if Slack opens none.
func TestPromptByCommand(t *testing.T) {
	ask := func(bot.Incoming) (bot.Reply, error) {
		return bot.Reply{Message: say("What is wrong?", language.English), Prompt: bot.Prompt{Placeholder: "Your words", Action: "1:report"}}, nil
	}
	b := start(t, ask)
	if w := b.post(pathCommands, slash("report")); w.Body.Len() > 0 {
		t.Errorf("got %s", w.Body)
	}
	b.drained(t)
	opened := b.api.of("views.open")
	if len(opened) != 1 {
		t.Fatalf("got %d windows", len(opened))
	}
	if wrong := broken([]byte(opened[0].field(t, "view"))); opened[0].form != nil && len(wrong) > 0 {
		t.Errorf("%v", wrong)
	}
	if wrong := broken(opened[0].body); opened[0].form == nil && len(wrong) > 0 {
		t.Errorf("%v in %s", wrong, opened[0].body)
	}
	late := start(t, ask)
	late.api.answer("views.open", `{"ok":false,"error":"expired_trigger_id"}`)
	late.post(pathCommands, slash("report"))
	late.drained(t)
	if calls := late.api.of("response_url"); len(calls) != 1 || !strings.Contains(string(calls[0].body), actionForm) {
		t.Errorf("got %d calls", len(calls))
	}
}

// TestUserIsLearned checks that nobody waits for what Slack tells of a user, and that
// the next question comes with it.
func TestUserIsLearned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []bot.Incoming
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			got = append(got, in)
			return echo(in)
		})
		b.api.do("users.info", func(call) (*http.Response, error) {
			time.Sleep(4 * time.Second)
			return respondWith(http.StatusOK, `{"ok":true,"user":{"id":"U1","locale":"ru-RU","tz":"Asia/Almaty"}}`), nil
		})
		began := time.Now()
		b.post(pathCommands, slash("x"))
		if time.Since(began) > 0 {
			t.Errorf("the acknowledgement took %v", time.Since(began))
		}
		time.Sleep(5 * time.Second)
		b.post(pathCommands, slash("y"))
		if got[0].LangHint != language.Und || got[1].LangHint != language.MustParse("ru-RU") || got[1].At.Location().String() != "Asia/Almaty" {
			t.Errorf("got %v, %v and %v", got[0].LangHint, got[1].LangHint, got[1].At)
		}
		if calls := b.api.of("users.info"); len(calls) != 1 {
			t.Errorf("users.info was called %d times", len(calls))
		}
	})
}

// TestFirstCommand checks that somebody's first command, which has no words that tell a
// language, is answered in that of their Slack if that says it at once, and soon in any
// case.
func TestFirstCommand(t *testing.T) {
	for _, takes := range []time.Duration{100 * time.Millisecond, 8 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			var got bot.Incoming
			b := start(t, func(in bot.Incoming) (bot.Reply, error) {
				got = in
				return echo(in)
			})
			b.api.do("users.info", func(call) (*http.Response, error) {
				time.Sleep(takes)
				return respondWith(http.StatusOK, `{"ok":true,"user":{"id":"U1","locale":"ru-RU"}}`), nil
			})
			began := time.Now()
			b.post(pathCommands, slash("help"))
			if took := time.Since(began); took > min(takes, aMoment) {
				t.Errorf("the acknowledgement took %v", took)
			}
			if known := got.LangHint == language.MustParse("ru-RU"); known != (takes < aMoment) {
				t.Errorf("after %v: got %v", takes, got.LangHint)
			}
			time.Sleep(takes)
		})
	}
}

// TestStranger checks that one user of whom Slack tells nothing, as of those of another
// organisation in a shared channel, does not keep the bot from asking about the others.
func TestStranger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got bot.Incoming
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			got = in
			return echo(in)
		})
		b.api.do("users.info", func(c call) (*http.Response, error) {
			if c.form.Get("user") != "U1" {
				return respondWith(http.StatusOK, `{"ok":false,"error":"user_not_found"}`), nil
			}
			return respondWith(http.StatusOK, `{"ok":true,"user":{"id":"U1","locale":"ru-RU"}}`), nil
		})
		for range 2 {
			b.post(pathCommands, strings.Replace(slash("help"), "user_id=U1", "user_id=U9", 1))
		}
		if calls := b.api.of("users.info"); len(calls) != 1 {
			t.Errorf("users.info was called %d times for a stranger", len(calls))
		}
		if b.post(pathCommands, slash("help")); got.LangHint != language.MustParse("ru-RU") {
			t.Errorf("the next one: got %v", got.LangHint)
		}
	})
}

// TestUsersReadIsOptional checks that without the scope nobody is asked about again
// and again.
func TestUsersReadIsOptional(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, echo)
		for _, user := range []string{"U1", "U2", "U3"} {
			b.post(pathCommands, strings.Replace(slash("x"), "user_id=U1", "user_id="+user, 1))
			synctest.Wait()
		}
		if calls := b.api.of("users.info"); len(calls) != 1 {
			t.Errorf("users.info was called %d times", len(calls))
		}
	})
}
