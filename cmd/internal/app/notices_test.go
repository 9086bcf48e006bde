package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/scheduler"
)

// mailbox is a network that keeps what is sent.
type mailbox struct {
	mu   sync.Mutex
	got  []bot.Outgoing
	fail error
}

func (*mailbox) Network() string { return "telegram" }

func (m *mailbox) Send(_ context.Context, out bot.Outgoing) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.got = append(m.got, out)
	return "1", m.fail
}

// TestNotices: what needs a person is told once, in one message for all that happens
// together, and a thousand failures do not make a thousand messages.
func TestNotices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		box := &mailbox{fail: errors.New("blocked")}
		n := newNotices(slog.New(slog.NewTextHandler(&log, nil)), []string{"telegram:7", "slack:T1/U1"}, map[string]bot.Messenger{"telegram": box})
		ctx, cancel := context.WithCancel(t.Context())
		go n.run(ctx)
		for i := range 25 {
			for range 2 { // the same is said once
				err := n.Notify(ctx, scheduler.Notice{Kind: scheduler.PostUncertain, Channel: "telegram:-1", Keys: []string{fmt.Sprint("k", i)}, Reason: "no answer", At: time.Now()})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(box.got) != 1 {
			t.Fatalf("%d messages", len(box.got))
		}
		out := box.got[0]
		text := message.Plain(out.Message)
		if out.To != (bot.Address{Network: "telegram", Chat: "7"}) || out.Lane != bot.Notices || strings.Count(text, "may or may not have arrived") != 10 ||
			!strings.Contains(text, "suhbat deliveries resend 'k0'") || !strings.Contains(text, "And 15 more") {
			t.Errorf("to %v: %s", out.To, text)
		}
		if got := strings.Count(log.String(), "needs a person"); got != 25 || !strings.Contains(log.String(), "could not be told") {
			t.Errorf("%d lines in the log:\n%s", got, &log)
		}
		broken := scheduler.Notice{Kind: scheduler.ChannelBroken, Channel: "telegram:-1", Reason: "no zone"}
		for range 3 * 24 * 60 { // found each minute, told each day
			broken.At = time.Now()
			if err := n.Notify(ctx, broken); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		synctest.Wait()
		if len(box.got) != 1+3 {
			t.Errorf("%d messages in three days", len(box.got)-1)
		}
		cancel()
		synctest.Wait()
	})
}

// TestNoticeText: whatever happens, the words say to which channel, and what to do.
func TestNoticeText(t *testing.T) {
	for _, kind := range []scheduler.NoticeKind{
		scheduler.PostUncertain, scheduler.PostFailed, scheduler.PostLate, scheduler.ChannelPaused, scheduler.ChannelMoved, scheduler.ChannelBroken, "new",
	} {
		if got := noticeText(&scheduler.Notice{Kind: kind, Channel: "telegram:-1", Reason: "because", Keys: []string{"a|2026|telegram:-1|0"}}); !strings.Contains(got, "telegram:-1") || !strings.Contains(got, "because") {
			t.Errorf("%s: %s", kind, got)
		}
	}
}

func TestPrivate(t *testing.T) {
	for user, want := range map[string]bot.Address{
		"telegram:7":  {Network: "telegram", Chat: "7"},
		"slack:T1/U1": {Network: "slack", Space: "T1", Chat: "U1"},
	} {
		if got := private(user); got != want {
			t.Errorf("%s: got %+v, want %+v", user, got, want)
		}
	}
}
