package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
)

// TestMention checks that a mention is answered once and in its thread, however often
// and in whichever form Slack delivers it.
func TestMention(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, echo)
		asMessage := `{"type":"message","channel_type":"channel","channel":"C1","user":"U1","text":"<@UBOT> ` + testAsked + `","ts":"1.1"}`
		for _, body := range []string{
			eventJSON("Ev1", mention("1.1", testAsked)), eventJSON("Ev1", mention("1.1", testAsked)), // Slack tried again
			eventJSON("Ev2", asMessage),
			eventJSON("Ev3", mention("1.1", testAsked)),
		} {
			if w := b.post(pathEvents, body); w.Code != http.StatusOK || w.Body.Len() > 0 {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		}
		b.drained(t)
		posts := b.api.of("chat.postMessage")
		if len(posts) != 1 {
			t.Fatalf("got %d posts", len(posts))
		}
		f := posts[0].form
		if f.Get("channel") != "C1" || f.Get("thread_ts") != "1.1" || f.Get("text") != "ask: "+testAsked || f.Get("unfurl_links") != "false" {
			t.Errorf("got %v", f)
		}
		if wrong := broken([]byte(`{"blocks":` + f.Get("blocks") + `}`)); len(wrong) > 0 {
			t.Errorf("%v", wrong)
		}
		b.post(pathEvents, eventJSON("Ev4", strings.Replace(mention("1.1", testAsked), `"C1"`, `"C2"`, 1)))
		b.drained(t)
		if posts := b.api.of("chat.postMessage"); len(posts) != 2 {
			t.Errorf("the same ts in another channel is another message, got %d posts", len(posts))
		}
	})
}

// TestNotForUs checks when the bot keeps silent.
func TestNotForUs(t *testing.T) {
	b := start(t, echo)
	for name, inner := range map[string]string{
		"its own message":              `{"type":"message","channel_type":"im","channel":"D1","user":"UBOT","text":"x","ts":"1.1"}`,
		"another bot's":                `{"type":"app_mention","channel":"C1","user":"U1","bot_id":"B2","text":"<@UBOT> x","ts":"1.2"}`,
		"a deletion":                   `{"type":"message","subtype":"message_deleted","channel_type":"im","channel":"D1","user":"U1","text":"x","ts":"1.3"}`,
		"a link that shows its page":   `{"type":"message","subtype":"message_changed","channel_type":"im","channel":"D1","message":{"text":"x"},"ts":"1.4"}`,
		"a message in a channel":       `{"type":"message","channel_type":"channel","channel":"C1","user":"U1","text":"x","ts":"1.5"}`,
		"a thread nobody asked it in":  `{"type":"message","channel_type":"channel","channel":"C1","user":"U1","text":"x","ts":"1.6","thread_ts":"1.0"}`,
		"a picture in a channel":       `{"type":"message","subtype":"file_share","channel_type":"channel","channel":"C1","user":"U1","text":"","ts":"1.7"}`,
		"a type that we do not know":   `{"type":"channel_rename","channel":{"id":"C1"}}`,
		"somebody else joins":          `{"type":"member_joined_channel","channel":"C1","user":"U1"}`,
		"the tokens of users are gone": `{"type":"tokens_revoked","tokens":{"oauth":["U1"],"bot":[]}}`,
		"nothing":                      `null`,
		"not an object":                `[]`,
	} {
		if w := b.post(pathEvents, eventJSON("Ev"+name, inner)); w.Code != http.StatusOK {
			t.Errorf("%s: got %d", name, w.Code)
		}
	}
	if w := b.post(pathEvents, "{"); w.Code != http.StatusOK {
		t.Errorf("a broken body: got %d", w.Code) // Slack would send it again, and again
	}
	b.drained(t)
	if calls := b.api.of("chat.postMessage", "chat.postEphemeral", "views.publish"); len(calls) > 0 {
		t.Errorf("it said something: %v", calls)
	}
}

// TestFollowUp checks that in a thread where the bot was asked nobody has to name it
// again, and that it does not talk into what people say to each other.
func TestFollowUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			r, err := echo(in)
			if in.Text == "lunch?" {
				r.Outcome = bot.NotUnderstood
			}
			return r, err
		})
		inThread := func(ts, text string) string {
			return `{"type":"message","channel_type":"channel","channel":"C1","user":"U2","text":"` + text + `","ts":"` + ts + `","thread_ts":"1.1"}`
		}
		b.post(pathEvents, eventJSON("Ev1", mention("1.1", "who?")))
		b.drained(t)
		b.post(pathEvents, eventJSON("Ev2", inThread("1.2", "and in 2023?")))
		b.post(pathEvents, eventJSON("Ev3", inThread("1.3", "lunch?")))
		b.post(pathEvents, eventJSON("Ev4", inThread("1.4", "<@U3> do you know?")))
		b.drained(t)
		if got, want := b.texts("chat.postMessage"), []string{"ask: who?", "ask: and in 2023?"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// TestDirectMessage checks where a private question is answered and whose settings it
// has.
func TestDirectMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got bot.Incoming
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			got = in
			return echo(in)
		})
		b.post(pathEvents, eventJSON("Ev1", `{"type":"message","channel_type":"im","channel":"D1","user":"U1","text":"hi","ts":"1.2","thread_ts":"1.1","parent_user_id":"UBOT"}`))
		b.drained(t)
		if got.From != address("T1", "U1", "1.1") || !got.Private || got.ReplyTo != "1.1" || got.MessageID != "1.2" {
			t.Errorf("got %+v", got)
		}
		if f := b.api.of("chat.postMessage")[0].form; f.Get("channel") != "D1" || f.Get("thread_ts") != "1.1" {
			t.Errorf("answered in %v", f)
		}
	})
}

// TestInboxFirst checks that nothing is acknowledged that a crash could lose.
func TestInboxFirst(t *testing.T) {
	b := start(t, echo, func(_ *Config, p *Ports) { p.Inbox = brokenInbox{newMemory()} })
	if w := b.post(pathEvents, eventJSON("Ev1", mention("1.1", "x"))); w.Code != http.StatusServiceUnavailable {
		t.Errorf("got %d", w.Code)
	}
	if calls := b.api.of("chat.postMessage"); len(calls) > 0 {
		t.Error("it was answered all the same, and will be again")
	}
}

// TestOrder checks that each conversation is answered in its order, and that a slow
// one holds no other up.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		seen := make(map[string][]string)
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			if in.From.Chat == "U0" {
				time.Sleep(time.Minute)
			}
			mu.Lock()
			defer mu.Unlock()
			seen[in.From.Chat] = append(seen[in.From.Chat], in.Text)
			return bot.Reply{}, nil
		})
		var want []string
		for i := range 40 {
			want = append(want, strconv.Itoa(i))
			for chat := range 5 {
				if chat == 0 && i > 1 {
					continue
				}
				inner := strings.NewReplacer(`"D1"`, fmt.Sprintf(`"D%d"`, chat), `"U1"`, fmt.Sprintf(`"U%d"`, chat)).Replace(direct(fmt.Sprintf("%d.%d", chat, i), strconv.Itoa(i)))
				b.post(pathEvents, eventJSON(fmt.Sprintf("Ev%d.%d", chat, i), inner))
			}
		}
		time.Sleep(time.Second)
		mu.Lock()
		for _, chat := range []string{"U1", "U2", "U3", "U4"} {
			if !slices.Equal(seen[chat], want) {
				t.Errorf("%s: got %v", chat, seen[chat])
			}
		}
		mu.Unlock()
		b.drained(t)
		if !slices.Equal(seen["U0"], want[:2]) {
			t.Errorf("the slow one: got %v", seen["U0"])
		}
	})
}

// TestReplay checks what a start finds after a crash at each step of an answer.
func TestReplay(t *testing.T) {
	tests := []struct {
		name    string
		tried   int    // how often the part was about to be sent
		found   bool   // it is in the history
		history string // what history says in place of that
		ago     time.Duration
		want    int // posts
	}{
		{"before the answer", 0, false, "", 0, 1},
		{"about to be sent, and it was", 1, true, "", 0, 0},
		{"about to be sent, and it was not", 1, false, "", time.Hour, 1},
		{"nobody knows, and it is fresh", 1, false, `{"ok":false,"error":"missing_scope"}`, 10 * time.Second, 1},
		{"nobody knows, and it is old", 1, false, `{"ok":false,"error":"missing_scope"}`, 2 * time.Minute, 0},
		{"nobody knows, and it was repeated already", 2, false, `{"ok":false,"error":"missing_scope"}`, 10 * time.Second, 0},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			inbox := newMemory()
			body := append([]byte{byte(event)}, eventJSON("Ev1", mention("1.1", "x"))...)
			const id = "message:T1:C1:1.1"
			inbox.Keep(t.Context(), id, address("T1", "C1", "1.1"), body, time.Now().Add(-tt.ago))
			for range tt.tried {
				inbox.Sending(t.Context(), id, 0, time.Now())
			}
			b := start(t, echo, func(_ *Config, p *Ports) { p.Inbox = inbox })
			b.api.answer("conversations.replies", orElse(tt.history, `{"ok":true,"messages":[]}`))
			if tt.found {
				key := markOf(b.marks[0], address("T1", "C1", "1.1"), id+"#0")
				b.api.answer("conversations.replies", `{"ok":true,"messages":[{"ts":"1.2","bot_id":"B1","metadata":{"event_type":"suhbat_post","event_payload":{"key":"`+key+`"}}}]}`)
			}
			if err := b.adopt(t.Context()); err != nil {
				t.Fatal(err)
			}
			b.drained(t)
			if posts := b.api.of("chat.postMessage"); len(posts) != tt.want {
				t.Errorf("%s: got %d posts, want %d", tt.name, len(posts), tt.want)
			}
			if kept, _ := inbox.Kept(t.Context()); len(kept) != 0 {
				t.Errorf("%s: it is kept still", tt.name)
			}
		})
	}
}

// TestReplayOfNonsense checks that a row which nobody understands goes away.
func TestReplayOfNonsense(t *testing.T) {
	inbox := newMemory()
	for i, body := range []string{"", "?", "e{", "i", "c%", "w{}"} {
		inbox.Keep(t.Context(), strconv.Itoa(i), bot.Address{}, []byte(body), time.Now())
	}
	b := start(t, echo, func(_ *Config, p *Ports) { p.Inbox = inbox })
	if err := b.adopt(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.drained(t)
	if kept, _ := inbox.Kept(t.Context()); len(kept) != 0 {
		t.Errorf("%d rows are left", len(kept))
	}
}

// TestAnswerIsSentOnce checks what becomes of an answer when Slack or the way to it
// fails.
func TestAnswerIsSentOnce(t *testing.T) {
	lost := func(call) (*http.Response, error) { return nil, errors.New("connection reset by peer") }
	busy := func(call) (*http.Response, error) {
		r := respondWith(http.StatusTooManyRequests, "")
		r.Header.Set("Retry-After", "7")
		return r, nil
	}
	gone := func(call) (*http.Response, error) {
		return respondWith(http.StatusOK, `{"ok":false,"error":"not_in_channel"}`), nil
	}
	tests := []struct {
		name    string
		first   func(call) (*http.Response, error)
		history func(b *bench) string
		want    int
		after   time.Duration
	}{
		{"it arrived, the answer to that was lost", lost, func(b *bench) string {
			key := markOf(b.marks[0], address("T1", "C1", "1.1"), "message:T1:C1:1.1#0")
			return `{"ok":true,"messages":[{"ts":"1.2","bot_id":"B1","metadata":{"event_type":"suhbat_post","event_payload":{"key":"` + key + `"}}}]}`
		}, 1, 0},
		{"it did not arrive", lost, func(*bench) string { return `{"ok":true,"messages":[]}` }, 2, 0},
		{"too many", busy, nil, 2, 7 * time.Second},
		{"not in the channel", gone, nil, 1, 0},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			b := start(t, echo)
			n := 0
			b.api.do("chat.postMessage", func(c call) (*http.Response, error) {
				if n++; n == 1 {
					return tt.first(c)
				}
				return respondWith(http.StatusOK, `{"ok":true,"channel":"C1","ts":"1.9"}`), nil
			})
			if tt.history != nil {
				b.api.answer("conversations.replies", tt.history(b))
			}
			b.post(pathEvents, eventJSON("Ev1", mention("1.1", "x")))
			b.drained(t)
			posts := b.api.of("chat.postMessage")
			if len(posts) != tt.want {
				t.Fatalf("%s: got %d posts, want %d", tt.name, len(posts), tt.want)
			}
			if gap := posts[len(posts)-1].at.Sub(posts[0].at); gap < tt.after {
				t.Errorf("%s: tried again after %v", tt.name, gap)
			}
		})
	}
}

// TestApology checks that a failure of ours is not told to a whole channel.
func TestApology(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(bot.Incoming) (bot.Reply, error) { return bot.Reply{}, errors.New("broken") })
		b.post(pathEvents, eventJSON("Ev1", mention("1.1", testAsked)))
		b.drained(t)
		public, private := b.api.of("chat.postMessage"), b.api.of("chat.postEphemeral")
		if len(public) > 0 || len(private) != 1 || private[0].form.Get("user") != "U1" || private[0].form.Get("thread_ts") != "1.1" {
			t.Errorf("got %d public and %v private", len(public), private)
		}
	})
}

// TestHome checks the bot's own page.
func TestHome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got bot.Incoming
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			got = in
			r := *build("text", "label", "https://a.b", 9, 200)
			r.Message.Lang = language.English
			return r, nil
		})
		b.post(pathEvents, eventJSON("Ev1", `{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home","view":{"id":"V1"}}`))
		b.drained(t)
		if got.Kind != bot.Home || got.From != address("T1", "U1", "") || !got.Private {
			t.Errorf("got %+v", got)
		}
		calls := b.api.of("views.publish")
		if len(calls) != 1 {
			t.Fatalf("got %d pages", len(calls))
		}
		if wrong := broken(calls[0].body); len(wrong) > 0 {
			t.Errorf("%v in %s", wrong, calls[0].body)
		}
	})
}

// TestJoined checks that the bot says something when it is put into a channel.
func TestJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, echo)
		b.post(pathEvents, eventJSON("Ev1", `{"type":"member_joined_channel","user":"UBOT","channel":"C1"}`))
		b.drained(t)
		if got := b.texts("chat.postMessage"); !slices.Equal(got, []string{"member: added"}) {
			t.Errorf("got %q", got)
		}
	})
}

// TestDrain checks that what came in is answered before the program ends, and that
// nothing more comes in.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			time.Sleep(2 * time.Second)
			return echo(in)
		})
		b.post(pathEvents, eventJSON("Ev1", mention("1.1", "x")))
		if err := b.Drain(t.Context()); err != nil || len(b.api.of("chat.postMessage")) != 1 {
			t.Errorf("got %v", err)
		}
		if w := b.post(pathEvents, eventJSON("Ev2", mention("1.2", "x"))); w.Code != http.StatusServiceUnavailable {
			t.Errorf("got %d", w.Code)
		}
		if b.Ready() == nil {
			t.Error("it is ready")
		}
	})
}

func TestDrainGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			time.Sleep(20 * time.Second)
			return echo(in)
		})
		b.post(pathEvents, eventJSON("Ev1", mention("1.1", "x")))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := b.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
