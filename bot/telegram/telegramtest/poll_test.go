package telegramtest_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

func TestPath(t *testing.T) {
	s, b, _, _ := start(t, telegramtest.Lax())
	b.refused("noSuchMethod", nil, "Not Found: method not found")
	if got := s.Violations(); len(got) != 1 {
		t.Errorf("violations: %v", got)
	}
	b.ok("GETme", nil)
	b.base = telegramtest.URL + "/bot1:wrong/"
	if got := b.refused("getMe", nil, "Unauthorized"); got.Code != http.StatusUnauthorized {
		t.Errorf("got %d", got.Code)
	}
}

func TestLongPoll(t *testing.T) {
	bubble(func(t *testing.T) {
		_, b, ann, _ := start(t)
		if took := elapsed(func() { b.poll(params{"timeout": 5}) }); took != 5*time.Second {
			t.Errorf("a poll without updates took %s", took)
		}
		if took := elapsed(func() { b.poll(params{"timeout": 500}) }); took != 50*time.Second {
			t.Errorf("a poll of 500 s took %s", took)
		}
		go func() {
			time.Sleep(2 * time.Second)
			ann.Say("hello")
		}()
		if took := elapsed(func() {
			if got := b.poll(params{"timeout": 50}); len(got) != 1 {
				t.Errorf("got %d updates", len(got))
			}
		}); took != 2*time.Second {
			t.Errorf("the update came after %s", took)
		}
	})(t)
}

func TestOffset(t *testing.T) {
	s, b, ann, _ := start(t)
	for range 5 {
		ann.Say("hello")
	}
	var got []incoming
	b.ok("getUpdates", params{"limit": 2}, &got)
	if len(got) != 2 || got[1].ID != got[0].ID+1 {
		t.Fatalf("got %v", got)
	}
	b.ok("getUpdates", params{"limit": 2}, &got)
	if s.Pending() != 5 {
		t.Errorf("unconfirmed updates were forgotten: %d left", s.Pending())
	}
	b.poll(params{"offset": got[1].ID + 1})
	if s.Pending() != 3 {
		t.Errorf("%d left, want 3", s.Pending())
	}
	if n := len(b.poll(params{"offset": got[1].ID + 1_000_000})); n != 3 {
		t.Errorf("an offset far off brought %d, want all 3", n)
	}
	if n := len(b.poll(params{"offset": -1})); n != 1 || s.Pending() != 1 {
		t.Errorf("offset -1 brought %d and left %d", n, s.Pending())
	}
	b.poll(params{"offset": got[1].ID + 4})
	s.AwaitConfirmed()
}

func TestTwoPollers(t *testing.T) {
	bubble(func(t *testing.T) {
		_, b, _, _ := start(t)
		first := make(chan reply, 1)
		go func() { first <- b.call("getUpdates", params{"timeout": 50}) }()
		synctest.Wait()
		b.poll(params{"timeout": 1})
		if got := <-first; got.Code != http.StatusConflict || got.Description != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
			t.Errorf("the older poll got %+v", got)
		}
	})(t)
}

func TestPollCancelled(t *testing.T) {
	bubble(func(t *testing.T) {
		_, b, _, _ := start(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := b.try(ctx, "getUpdates", params{"timeout": 50}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})(t)
}

func TestAllowedUpdates(t *testing.T) {
	_, b, ann, chat := start(t)
	b.ok("sendMessage", text(chat, "hi"))
	ann.React(chat.Messages()[0], "👍")
	ann.Say("one")
	if got := b.kinds(); got != "message" {
		t.Errorf("by default: %q", got)
	}
	b.poll(params{"allowed_updates": []string{"message_reaction"}})
	ann.React(chat.Messages()[0], "👍")
	ann.Say("two")
	if got := b.kinds(); got != "message_reaction" {
		t.Errorf("remembered: %q", got)
	}
	b.poll(params{"allowed_updates": []string{}})
	ann.Say("three")
	if got := b.kinds(); got != "message" {
		t.Errorf("reset: %q", got)
	}
}

func TestUpdateIDs(t *testing.T) {
	s, b, ann, _ := start(t)
	ann.Say("one")
	b.kinds()
	s.ResetUpdateIDs(7)
	ann.Say("two")
	var got []incoming
	b.ok("getUpdates", params{"offset": 100_002}, &got)
	if len(got) != 1 || got[0].ID != 7 {
		t.Errorf("got %+v", got)
	}
}

func TestPoison(t *testing.T) {
	s, b, ann, _ := start(t)
	id := s.PushRaw(`{"message":"no object"}`)
	s.PushRaw(`{}`)
	ann.Say("good")
	got := b.poll(nil)
	if len(got) != 3 || string(got[0]["message"]) != `"no object"` || id == 0 {
		t.Errorf("got %s", got)
	}
}

func TestExpiry(t *testing.T) {
	bubble(func(t *testing.T) {
		s, b, ann, chat := start(t)
		b.ok("sendMessage", params{"chat_id": chat.ID, "text": "hi", "reply_markup": params{"inline_keyboard": [][]params{{{"text": "Go", "callback_data": "go"}}}}})
		ann.Say("question")
		cb := ann.Press(chat.FromBot()[0], "Go")
		ann.Inline("fact", "")
		for _, step := range []struct {
			wait time.Duration
			left int
		}{{29 * time.Second, 3}, {2 * time.Second, 2}, {2 * time.Minute, 1}, {24 * time.Hour, 0}} {
			time.Sleep(step.wait)
			if got := s.Pending(); got != step.left {
				t.Errorf("%d updates left, want %d", got, step.left)
			}
		}
		b.refused("answerCallbackQuery", params{"callback_query_id": cb.ID}, "Bad Request: query is too old and response timeout expired or query ID is invalid")
	})(t)
}

func TestAntiHammer(t *testing.T) {
	bubble(func(t *testing.T) {
		_, b, _, _ := start(t, telegramtest.WithAntiHammer())
		b.poll(nil)
		if took := elapsed(func() { b.poll(nil) }); took != 3*time.Second {
			t.Errorf("took %s", took)
		}
	})(t)
}

// TestConcurrency has many people and a bot with many hands at work at once, for
// the race detector.
func TestConcurrency(t *testing.T) {
	s, b, _, _ := start(t)
	const people, questions = 8, 10
	var work sync.WaitGroup
	chats := make([]*telegramtest.Chat, people)
	for i := range chats {
		u := s.NewUser("Bob", "")
		chats[i] = u.Private()
		work.Go(func() {
			for n := range questions {
				u.Edit(u.Say(strconv.Itoa(n)), "edited")
				b.call("sendMessage", text(u.Private(), strconv.Itoa(n)))
			}
		})
	}
	work.Go(func() {
		for offset := int64(1); offset < 100_001+2*people*questions; {
			var got []incoming
			b.ok("getUpdates", params{"offset": offset, "timeout": 1}, &got)
			if len(got) > 0 {
				offset = got[len(got)-1].ID + 1
			}
		}
		b.poll(params{"offset": 100_001 + 2*people*questions})
	})
	work.Wait()
	s.AwaitConfirmed()
	for _, c := range chats {
		if got := len(c.Messages()); got != 2*questions {
			t.Errorf("%d messages, want %d", got, 2*questions)
		}
	}
}
