package telegramtest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

func TestWebhook(t *testing.T) {
	bubble(func(t *testing.T) {
		var bodies []string
		hook := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "s3cret" {
				t.Error("no secret")
			}
			body, _ := io.ReadAll(r.Body)
			bodies = append(bodies, string(body))
			if len(bodies) > 1 {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `{"method":"sendMessage","chat_id":5000000001,"text":"by the reply"}`)
			}
		})
		s, b, ann, chat := start(t, telegramtest.WithWebhook(hook))
		b.refused("setWebhook", params{"url": "http://example.org/hook"}, "An HTTPS URL must be provided")
		b.ok("setWebhook", params{"url": "https://example.org/hook", "secret_token": "s3cret"})
		ann.Say("one")
		synctest.Wait()
		ann.Say("two")
		s.AwaitConfirmed()
		if len(bodies) != 2 || !strings.Contains(bodies[0], `"one"`) || !strings.HasPrefix(bodies[0], `{"update_id":`) {
			t.Errorf("pushed: %q", bodies)
		}
		if got := chat.AwaitBot(1); got.Text != "by the reply" {
			t.Errorf("got %q", got.Text)
		}
		if got := b.refused("getUpdates", nil, "can't use getUpdates method while webhook is active"); got.Code != http.StatusConflict {
			t.Errorf("got %d", got.Code)
		}
		b.ok("deleteWebhook", nil)
		b.poll(nil)
	})(t)
}

func TestWebhookEndsPoll(t *testing.T) {
	bubble(func(t *testing.T) {
		_, b, _, _ := start(t)
		polled := make(chan reply, 1)
		go func() { polled <- b.call("getUpdates", params{"timeout": 50}) }()
		synctest.Wait()
		b.ok("setWebhook", params{"url": "https://example.org/hook"})
		if got := <-polled; got.Description != "Conflict: terminated by setWebhook request" {
			t.Errorf("got %+v", got)
		}
		b.refused("setWebhook", params{"url": "https://example.org/hook"}, "retry after 1")
	})(t)
}

func TestWebhookRetries(t *testing.T) {
	bubble(func(t *testing.T) {
		var at []time.Duration
		begin := time.Now()
		hook := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			at = append(at, time.Since(begin))
			switch len(at) {
			case 1, 2:
				w.WriteHeader(http.StatusInternalServerError)
			case 3:
				w.Header().Set("Retry-After", "100")
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		})
		s, b, ann, _ := start(t, telegramtest.WithWebhook(hook))
		b.ok("setWebhook", params{"url": "https://example.org/hook"})
		ann.Say("one")
		time.Sleep(50 * time.Second)
		var info struct {
			Pending int    `json:"pending_update_count"`
			Error   string `json:"last_error_message"`
		}
		b.ok("getWebhookInfo", nil, &info)
		if info.Pending != 1 || info.Error != "Wrong response from the webhook: 503 Service Unavailable" {
			t.Errorf("info: %+v", info)
		}
		time.Sleep(100 * time.Second)
		synctest.Wait()
		if want := "[0s 1s 3s 1m43s]"; fmt.Sprint(at) != want || s.Pending() != 0 {
			t.Errorf("pushed at %v, want %s; %d left", at, want, s.Pending())
		}
	})(t)
}

func TestWebhookOrder(t *testing.T) {
	bubble(func(t *testing.T) {
		var now, most atomic.Int32
		hook := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second)
			now.Add(-1)
		})
		s, b, ann, _ := start(t, telegramtest.WithWebhook(hook))
		bob := s.NewUser("Bob", "")
		b.ok("setWebhook", params{"url": "https://example.org/hook"})
		for range 3 {
			ann.Say("a")
			bob.Say("b")
		}
		if took := elapsed(s.AwaitConfirmed); took != 3*time.Second || most.Load() != 2 {
			t.Errorf("took %s, %d at a time", took, most.Load())
		}
	})(t)
}
