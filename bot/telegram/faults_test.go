package telegram

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
	"suhbat/bot/telegram/telegramtest"
)

// TestFaultsOfPolling: whatever befalls the way to Telegram, the bot answers what was
// asked, once, when it is over.
func TestFaultsOfPolling(t *testing.T) {
	t.Parallel()
	poll := func(effect telegramtest.Effect, times int) telegramtest.Fault {
		return telegramtest.Fault{Method: "getUpdates", Times: times, Effect: effect}
	}
	for _, tt := range []struct {
		name  string
		fault telegramtest.Fault
		limit time.Duration // until the answer
	}{
		{"a gateway's page", poll(telegramtest.BadGateway(), 5), time.Minute},
		{"an error of the server", poll(telegramtest.InternalError(), 5), time.Minute},
		{"connections that break", poll(telegramtest.Reset(), 5), time.Minute},
		{"an answer that is cut", poll(telegramtest.Truncated(), 5), time.Minute},
		{"an answer that is lost", poll(telegramtest.ResetAfter(), 3), time.Minute},
		{"an answer that is too long", poll(telegramtest.Huge(20<<20), 2), time.Minute},
		{"no answer at all", poll(telegramtest.Hang(), 3), 4 * time.Minute},
		{"too many requests", poll(telegramtest.Flood(7), 2), time.Minute},
		{"another instance", poll(telegramtest.Refuse(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"), 3), time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.Script(tt.fault)
				w.run()
				defer func() { _ = w.stop() }()
				ann := w.NewUser("Ann", "en")
				chat := ann.Open()
				ann.Say("who?")
				time.Sleep(tt.limit)
				if n := len(chat.FromBot()); n != 1 {
					t.Errorf("%d answers", n)
				}
				if n := w.Answered("getUpdates"); n > 100 {
					t.Errorf("it polled %d times in %v", n, tt.limit)
				}
				if err := w.stop(); err != nil {
					t.Error(err)
				}
				telegramtest.CheckSecret(t, "the log", w.logs.String())
			})
		})
	}
}

// TestFaultsOfSending: an answer that may have arrived is repeated at most twice, and
// what certainly has not arrived is sent again.
func TestFaultsOfSending(t *testing.T) {
	t.Parallel()
	send := func(effect telegramtest.Effect, times int) telegramtest.Fault {
		return telegramtest.Fault{Method: "sendMessage", Times: times, Effect: effect}
	}
	for _, tt := range []struct {
		name        string
		fault       telegramtest.Fault
		least, most int // answers that arrive
	}{
		{"too many requests", send(telegramtest.Flood(3), 4), 1, 1},
		{"too many requests, of before now", send(telegramtest.Flood(-3), 2), 1, 1},
		{"a gateway's page", send(telegramtest.BadGateway(), 1), 1, 1},
		{"a connection that breaks", send(telegramtest.Reset(), 2), 1, 1},
		{"the answer is lost", send(telegramtest.ResetAfter(), 1), 1, 2},
		{"the answer is always lost", send(telegramtest.ResetAfter(), 100), 1, 3},
		{"it is always refused", send(telegramtest.Refuse(400, "Bad Request: something odd"), 100), 0, 0},
		{"the user has blocked the bot", send(telegramtest.Refuse(403, telegramtest.Blocked), 1), 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.Script(tt.fault)
				w.run()
				defer func() { _ = w.stop() }()
				ann, bob := w.NewUser("Ann", "en"), w.NewUser("Bob", "en")
				chat := ann.Open()
				ann.Say("who?")
				time.Sleep(5 * time.Minute)
				if n := len(chat.FromBot()); n < tt.least || n > tt.most {
					t.Errorf("%d answers, want %d to %d", n, tt.least, tt.most)
				}
				if got := w.inbox.Finished(); got != 1 {
					t.Errorf("%d updates are finished", got)
				}
				if active, _ := w.chats.Active(t.Context(), chatAddress(chat.ID, 0)); active == strings.Contains(tt.name, "blocked") {
					t.Errorf("that the chat is active is %v", active)
				}
				w.ClearFaults()
				bob.Say("and me?") // nobody else is harmed
				bob.Open().AwaitBot(1)
			})
		})
	}
}

// TestWrongToken: a token that is wrong, or is revoked later, ends the program with a
// word about it: silence would look like a quiet day.
func TestWrongToken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, method string
		skip         int
	}{
		{"from the start", "getMe", 0},
		{"later", "getUpdates", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.Script(telegramtest.Fault{Method: tt.method, Skip: tt.skip, Times: 10, Effect: telegramtest.Refuse(401, "Unauthorized")})
				tg, err := New(w.cfg, w.core, w.inbox, w.chats)
				if err != nil {
					t.Fatal(err)
				}
				if err := tg.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "TELEGRAM_BOT_TOKEN") {
					t.Errorf("it ended with %v", err)
				}
			})
		})
	}
}

// TestPoison: an update that nobody can read harms nobody.
func TestPoison(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		for _, body := range []string{
			`{"message":"no object"}`, `{"message":{"message_id":"x"}}`, `{"callback_query":{"id":7}}`, `{"message":{}}`,
			`{"message":{"message_id":1,"text":"hi"}}`, `{"unknown_kind":{"a":1}}`, `{}`, `{"message":null}`,
			`{"callback_query":{"id":"7","data":"x"}}`, `{"inline_query":{"id":"7"}}`, `{"my_chat_member":{}}`,
			`{"edited_message":{"message_id":5,"chat":{"id":9,"type":"private"},"text":"hi"}}`,
		} {
			w.PushRaw(body)
		}
		ann.Say("who?")
		if got := chat.AwaitBot(1); got.Text != "ask who?" {
			w.t.Errorf("it says %+v", got)
		}
		w.AwaitConfirmed()
		if n := w.tg.Stats().Poison.Load(); n < 3 {
			w.t.Errorf("%d updates count as unreadable", n)
		}
	})
}

// TestPanic: a mistake of ours in one answer must not silence the bot.
func TestPanic(t *testing.T) {
	inWorld(t, func(w *world) {
		w.core.reply = func(in bot.Incoming) (bot.Reply, error) {
			switch in.Text {
			case "panic":
				panic("the question was " + in.Text)
			case "error":
				return bot.Reply{}, errors.New("broken")
			}
			return says("fine"), nil
		}
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		for _, text := range []string{"panic", "error", "who?"} {
			ann.Say(text)
		}
		if got := chat.AwaitBot(1); got.Text != "fine" {
			w.t.Errorf("it says %+v", got)
		}
		if strings.Contains(w.logs.String(), "the question was") {
			w.t.Error("the log holds a question")
		}
	})
}

// TestQuietWeek: after a quiet week the ids of updates begin anywhere, also lower.
func TestQuietWeek(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		for i, next := range []int64{500, 3, 1 << 40, 20} {
			w.ResetUpdateIDs(next)
			for range 3 {
				ann.Say("who?")
			}
			chat.AwaitBot(3 * (i + 1))
			time.Sleep(2 * time.Hour)
		}
		if n := len(chat.FromBot()); n != 12 {
			w.t.Errorf("%d answers to 12 questions", n)
		}
		if n := w.Answered("getUpdates"); n > 4*2*3600/50+200 {
			w.t.Errorf("it polled %d times", n)
		}
	})
}

// TestForgottenWebhook: a webhook that is still set makes no bot deaf that polls.
func TestForgottenWebhook(t *testing.T) {
	inWorld(t, func(w *world) {
		w.Script(telegramtest.Fault{Method: "getUpdates", Times: 1, Effect: telegramtest.Refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")})
		ann := w.NewUser("Ann", "en")
		ann.Say("who?")
		time.Sleep(time.Minute)
		if n := len(ann.Open().FromBot()); n != 1 || w.Answered("deleteWebhook") != 1 {
			w.t.Errorf("%d answers, the webhook was removed %d times", n, w.Answered("deleteWebhook"))
		}
	})
}

// TestStoreFails: while nothing can be written down, nothing is answered that might
// have to be answered again, and nothing is lost.
func TestStoreFails(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		time.Sleep(time.Second)
		w.inbox.Break(errors.New("the disk is full"))
		ann.Say("who?")
		time.Sleep(time.Minute)
		if n := len(chat.FromBot()); n != 0 {
			w.t.Errorf("%d answers that could not be noted", n)
		}
		w.inbox.Break(nil)
		time.Sleep(time.Minute)
		if n := len(chat.FromBot()); n != 1 {
			w.t.Errorf("%d answers after the disk has room again", n)
		}
	})
}

// TestStrictLimits: under the strictest reading of Telegram's limits nothing is
// refused, with many chats and with one group.
func TestStrictLimits(t *testing.T) {
	inWorld(t, func(w *world) {
		w.Limit(telegramtest.Strict())
		ann := w.NewUser("Ann", "en")
		group := w.NewGroup("Readers", ann)
		ann.AddBot(group)
		for i := range 30 {
			ann.Send(group, fmt.Sprint("/help ", i))
		}
		for i := range 100 {
			w.NewUser(fmt.Sprint("User", i), "en").Say("who?")
		}
		time.Sleep(3 * time.Minute)
		if n := len(group.FromBot()); n != 31 {
			w.t.Errorf("%d answers in the group", n)
		}
		for _, r := range w.Requests("sendMessage") {
			if !r.OK() {
				w.t.Errorf("refused: %d", r.Status)
			}
		}
	})
}

// TestStopping: the program ends in less than five seconds, whatever hangs, and with
// the updates confirmed that are answered.
func TestStopping(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.run()
		ann, bob := w.NewUser("Ann", "en"), w.NewUser("Bob", "en")
		chat := ann.Open()
		ann.Say("who?")
		chat.AwaitBot(1)
		w.Script(telegramtest.Fault{Method: "sendMessage", Effect: telegramtest.Hang()})
		bob.Say("and me?")
		time.Sleep(time.Second)
		start := time.Now()
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took >= 5*time.Second {
			t.Errorf("it took %v", took)
		}
		if n := w.Pending(); n != 1 {
			t.Errorf("%d updates are unconfirmed, want the one that is not answered", n)
		}
		w.ClearFaults()
		w.run()
		defer func() { _ = w.stop() }()
		bob.Open().AwaitBot(1)
		time.Sleep(time.Minute)
		if n := len(chat.FromBot()); n != 1 {
			t.Errorf("after the restart there are %d answers", n)
		}
	})
}
