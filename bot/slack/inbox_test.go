package slack

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
)

// slowInbox writes down after so long.
type slowInbox struct {
	bot.Inbox

	takes time.Duration
}

func (s *slowInbox) Keep(ctx context.Context, id string, order bot.Address, body []byte, now time.Time) (bool, error) {
	time.Sleep(s.takes)
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	return s.Inbox.Keep(ctx, id, order, body, now)
}

// TestSlowInbox checks that Slack is asked to come back while it still listens, and that
// a question which is written down only after that is answered, once.
func TestSlowInbox(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &slowInbox{newMemory(), 20 * time.Second}
		b := start(t, echo, func(_ *Config, p *Ports) { p.Inbox = slow })
		began := time.Now()
		w := b.post(pathEvents, eventJSON("Ev1", mention("1.1", "x")))
		if took := time.Since(began); w.Code != http.StatusServiceUnavailable || took >= 3*time.Second {
			t.Errorf("got %d after %v", w.Code, took)
		}
		if posts := b.api.of("chat.postMessage"); len(posts) > 0 {
			t.Error("it was answered before it was written down")
		}
		b.drained(t)
		slow.takes = 0
		if w := b.post(pathEvents, eventJSON("Ev1", mention("1.1", "x"))); w.Code != http.StatusOK {
			t.Errorf("again: got %d", w.Code)
		}
		b.drained(t)
		if posts := b.api.of("chat.postMessage"); len(posts) != 1 {
			t.Errorf("got %d answers", len(posts))
		}
	})
}
