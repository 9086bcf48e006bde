package slacktest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"suhbat/bot/slack/slacktest"
)

// TestFaults checks of each fault what the app sees, and whether the message is
// there nevertheless.
func TestFaults(t *testing.T) {
	for name, tt := range map[string]struct {
		fault  slacktest.Fault
		posted bool
	}{
		"lost before":   {slacktest.LostBefore, false},
		"lost after":    {slacktest.LostAfter, true},
		"hangs before":  {slacktest.HangBefore, false},
		"hangs after":   {slacktest.HangAfter, true},
		"half open":     {slacktest.HalfOpen, true},
		"cut off":       {slacktest.CutOff, true},
		"truncated":     {slacktest.Truncated, true},
		"html":          {slacktest.HTML, false},
		"503 before":    {slacktest.StatusBefore(http.StatusServiceUnavailable), false},
		"503 after":     {slacktest.StatusAfter(http.StatusServiceUnavailable), true},
		"busy":          {slacktest.Busy(time.Minute), false},
		"busy, no time": {slacktest.Busy(0), false},
		"slow":          {slacktest.Slow(time.Hour), true},
		"refused":       {slacktest.Refuse("fatal_error"), false},
		"refused after": {slacktest.RefuseAfter("fatal_error"), true},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
				w.Break("chat.postMessage", tt.fault)
				_, _, err := w.api.PostMessageContext(within(t, time.Minute), w.general.ID, slack.MsgOptionText("x", false))
				if err == nil {
					t.Error("the app saw no error")
				}
				if got := len(w.aigul.Sees(w.general)) == 1; got != tt.posted {
					t.Errorf("posted: %v, want %v", got, tt.posted)
				}
				if _, _, err = w.api.PostMessageContext(t.Context(), w.general.ID, slack.MsgOptionText("y", false)); err != nil {
					t.Errorf("the next one: %v", err)
				}
			})
		})
	}
}

// TestFaultsOnASocket checks that faults look the same behind a server.
func TestFaultsOnASocket(t *testing.T) {
	s := slacktest.New(t, slacktest.Config{})
	srv := s.Listen()
	w := s.Workspace("Almaty")
	ch := w.AddChannel("general").Invite()
	api := slack.New(w.Token(), slack.OptionAPIURL(s.URL()), slack.OptionHTTPClient(srv.Client()))
	for i, f := range []slacktest.Fault{slacktest.LostAfter, slacktest.CutOff, slacktest.HalfOpen} {
		s.Break("chat.postMessage", f)
		if _, _, err := api.PostMessageContext(within(t, 100*time.Millisecond), ch.ID, slack.MsgOptionText("x", false)); err == nil {
			t.Errorf("fault %d: the app saw no error", i)
		}
		if got := len(ch.Messages()); got != i+1 {
			t.Errorf("fault %d: %d messages", i, got)
		}
	}
}

func TestBreakIf(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.BreakIf("chat.postMessage", func(r slacktest.Request) bool { return r.Args.Get("text") == "bad" }, slacktest.LostBefore)
		for text, want := range map[string]bool{"good": true, "bad": false} {
			_, _, err := w.api.PostMessageContext(t.Context(), w.general.ID, slack.MsgOptionText(text, false))
			if (err == nil) != want {
				t.Errorf("%s: %v", text, err)
			}
		}
		w.Mend()
		if _, _, err := w.api.PostMessageContext(t.Context(), w.general.ID, slack.MsgOptionText("bad", false)); err != nil {
			t.Errorf("mended: %v", err)
		}
	})
}

func TestClientHonoursContext(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.BreakTimes("", -1, slacktest.HangBefore)
		start := time.Now()
		_, err := w.api.AuthTestContext(within(t, 10*time.Second))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 10*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
