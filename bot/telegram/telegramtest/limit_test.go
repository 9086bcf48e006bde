package telegramtest_test

import (
	"net/http"
	"testing"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

// flood sends n messages, each to another chat, and counts those that come through.
func (b *bot) flood(s *telegramtest.Server, n int) int {
	sent := 0
	for range n {
		if b.call("sendMessage", text(s.NewUser("Bob", "").Open(), "hi")).OK {
			sent++
		}
	}
	return sent
}

func TestStrictLimit(t *testing.T) {
	t.Run("bot", bubble(func(t *testing.T) {
		s, b, _, chat := start(t)
		s.Limit(telegramtest.Strict())
		if got := b.flood(s, 40); got != 30 {
			t.Errorf("%d came through, want 30", got)
		}
		time.Sleep(2 * time.Second)
		if got := b.refused("sendMessage", text(chat, "hi"), "Too Many Requests: retry after 1"); got.Parameters.RetryAfter != 1 {
			t.Errorf("retry_after: %d", got.Parameters.RetryAfter)
		}
		b.ok("sendChatAction", params{"chat_id": chat.ID, "action": "typing"})
		time.Sleep(time.Second)
		if got := b.flood(s, 15); got != 15 {
			t.Errorf("%d came through, want 15", got)
		}
		time.Sleep(999 * time.Millisecond)
		if got := b.flood(s, 20); got != 15 {
			t.Errorf("the window does not slide: %d came through, want 15", got)
		}
		s.Unlimit()
		b.flood(s, 50)
	}))
	t.Run("chat", bubble(func(t *testing.T) {
		s, b, _, chat := start(t)
		limits := telegramtest.Strict()
		limits.Tolerance = 10 * time.Millisecond
		s.Limit(limits)
		b.ok("sendMessage", text(chat, "hi"))
		time.Sleep(990 * time.Millisecond)
		b.ok("sendMessage", text(chat, "hi"))
		time.Sleep(980 * time.Millisecond)
		if got := b.refused("sendMessage", text(chat, "hi"), "retry after 3"); got.Code != http.StatusTooManyRequests {
			t.Errorf("got %d", got.Code)
		}
	}))
	t.Run("group", bubble(func(t *testing.T) {
		s, b, ann, _ := start(t)
		group := s.NewGroup("Readers", ann)
		ann.AddBot(group)
		s.Limit(telegramtest.Strict())
		for range 20 {
			b.ok("sendMessage", text(group, "hi"))
			time.Sleep(time.Second)
		}
		if got := b.refused("sendMessage", text(group, "hi"), "retry after 40"); got.Parameters.RetryAfter != 40 {
			t.Errorf("got %d", got.Parameters.RetryAfter)
		}
	}))
}

func TestLenientLimit(t *testing.T) {
	bubble(func(t *testing.T) {
		s, b, _, _ := start(t)
		s.Limit(telegramtest.Lenient())
		if got := b.flood(s, 61); got != 60 {
			t.Errorf("%d came through, want 60", got)
		}
		time.Sleep(3 * time.Second)
		for range 90 {
			if got := b.flood(s, 1); got != 1 {
				t.Fatal("refused at 30 a second")
			}
			time.Sleep(time.Second / 29)
		}
	})(t)
}
