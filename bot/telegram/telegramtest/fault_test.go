package telegramtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name      string
		effect    telegramtest.Effect
		delivered int
		took      time.Duration
		code      int
		err       any
	}{
		{name: "flood", effect: telegramtest.Flood(7), code: http.StatusTooManyRequests},
		{name: "refuse", effect: telegramtest.Refuse(http.StatusForbidden, telegramtest.Kicked), code: http.StatusForbidden},
		{name: "500", effect: telegramtest.InternalError(), code: http.StatusInternalServerError},
		{name: "502", effect: telegramtest.BadGateway(), err: new(*json.SyntaxError)},
		{name: "reset", effect: telegramtest.Reset(), err: syscall.ECONNRESET},
		{name: "reset after", effect: telegramtest.ResetAfter(), delivered: 1, err: syscall.ECONNRESET},
		{name: "hang", effect: telegramtest.Hang(), took: time.Minute, err: context.DeadlineExceeded},
		{name: "hang after", effect: telegramtest.HangAfter(), delivered: 1, took: time.Minute, err: context.DeadlineExceeded},
		{name: "slow", effect: telegramtest.Slow(time.Second), delivered: 1, took: time.Second},
		{name: "too slow", effect: telegramtest.Slow(time.Hour), took: time.Minute, err: context.DeadlineExceeded},
		{name: "slow after", effect: telegramtest.SlowAfter(time.Hour), delivered: 1, took: time.Minute, err: context.DeadlineExceeded},
		{name: "cut", effect: telegramtest.Cut(), delivered: 1, err: io.ErrUnexpectedEOF},
		{name: "truncated", effect: telegramtest.Truncated(), delivered: 1, err: io.ErrUnexpectedEOF},
		{name: "huge", effect: telegramtest.Huge(1 << 20), delivered: 1},
	} {
		t.Run(tt.name, bubble(func(t *testing.T) {
			s, b, _, chat := start(t)
			s.Script(telegramtest.Fault{Method: "sendMessage", Effect: tt.effect})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			at := time.Now()
			got, err := b.try(ctx, "sendMessage", text(chat, "hi"))
			if took := time.Since(at); took != tt.took {
				t.Errorf("took %s, want %s", took, tt.took)
			}
			if !fits(err, tt.err) || got.Code != tt.code {
				t.Errorf("got %+v, %v; want %d, %v", got, err, tt.code, tt.err)
			}
			if n := len(chat.FromBot()); n != tt.delivered {
				t.Errorf("%d messages delivered, want %d", n, tt.delivered)
			}
			b.ok("sendMessage", text(chat, "again"))
		}))
	}
}

// fits compares an error with nil, an error, or a pointer for errors.As.
func fits(err error, want any) bool {
	switch want := want.(type) {
	case nil:
		return err == nil
	case error:
		return errors.Is(err, want)
	default:
		return errors.As(err, want)
	}
}

func TestScript(t *testing.T) {
	s, b, ann, chat := start(t)
	other := s.NewUser("Bob", "").Open()
	s.Script(telegramtest.Fault{Chat: chat.ID, Skip: 1, Times: 2, Effect: telegramtest.Refuse(http.StatusForbidden, telegramtest.Blocked)})
	b.ok("sendMessage", text(chat, "1"))
	b.refused("sendMessage", text(chat, "2"), telegramtest.Blocked)
	b.ok("sendMessage", text(other, "2"))
	b.refused("sendMessage", text(chat, "3"), telegramtest.Blocked)
	b.ok("sendMessage", text(chat, "4"))
	s.OnRequest(func(r telegramtest.Request) telegramtest.Effect {
		if r.Params["text"] == "5" {
			return telegramtest.Flood(1)
		}
		return nil
	})
	b.refused("sendMessage", text(chat, "5"), "Too Many Requests: retry after 1")
	s.ClearFaults()
	b.ok("sendMessage", text(chat, "5"))
	ann.Say("thanks")
	s.AwaitAnswered("sendMessage", 7)
	if got := s.Requests("sendMessage"); got[1].Status != http.StatusForbidden || got[1].OK() {
		t.Errorf("got %+v", got[1])
	}
	s.ForgetRequests()
	if got := s.Requests(); len(got) != 0 {
		t.Errorf("%d requests left", len(got))
	}
}

// TestSocket checks that faults look the same through a socket.
func TestSocket(t *testing.T) {
	s, b, _, chat := start(t)
	server := httptest.NewServer(s)
	defer server.Close()
	defer s.Close()
	b.http, b.base = server.Client(), server.URL+"/bot"+telegramtest.Token+"/"
	b.ok("sendMessage", text(chat, "hi"))
	s.Script(
		telegramtest.Fault{Method: "sendMessage", Effect: telegramtest.ResetAfter()},
		telegramtest.Fault{Method: "getMe", Effect: telegramtest.Cut()},
		telegramtest.Fault{Method: "sendChatAction", Effect: telegramtest.Hang()},
	)
	_, err := b.try(t.Context(), "sendMessage", text(chat, "again"))
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("reset: %v", err)
	}
	if _, err := b.try(t.Context(), "getMe", nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := b.try(ctx, "sendChatAction", params{"chat_id": chat.ID, "action": "typing"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hang: %v", err)
	}
	if n := len(chat.FromBot()); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

// TestCheckSecret shows that net/http tells a token to everybody.
func TestCheckSecret(t *testing.T) {
	s, b, _, _ := start(t)
	s.Script(telegramtest.Fault{Effect: telegramtest.Reset()})
	_, err := b.try(t.Context(), "getMe", nil)
	tb := &silent{TB: t}
	telegramtest.CheckSecret(tb, "the error", err.Error())
	telegramtest.CheckSecret(tb, "this", "bot"+strconv.Itoa(telegramtest.BotID))
	if len(tb.errors) != 1 {
		t.Errorf("got %q", tb.errors)
	}
}

func TestClientTimeout(t *testing.T) {
	bubble(func(t *testing.T) {
		_, b, _, _ := start(t)
		b.http.Timeout = 7 * time.Second
		var timeout interface{ Timeout() bool }
		if took := elapsed(func() {
			if _, err := b.try(t.Context(), "getUpdates", params{"timeout": 50}); !errors.As(err, &timeout) || !timeout.Timeout() {
				t.Errorf("got %v", err)
			}
		}); took != 7*time.Second {
			t.Errorf("took %s", took)
		}
	})(t)
}

func BenchmarkSendMessage(b *testing.B) {
	s := telegramtest.New(b)
	chat := s.NewUser("Ann", "").Open()
	client := s.Client()
	for b.Loop() {
		body := url.Values{"chat_id": {strconv.FormatInt(chat.ID, 10)}, "text": {"hi"}}
		resp, err := client.PostForm(telegramtest.URL+"/bot"+telegramtest.Token+"/sendMessage", body)
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}

func TestTransportBody(t *testing.T) {
	s := telegramtest.New(t)
	r, w := io.Pipe()
	go func() {
		io.Copy(w, strings.NewReader(`{"language_code":"en"}`))
		w.Close()
	}()
	resp, err := s.Client().Post(telegramtest.URL+"/bot"+telegramtest.Token+"/getMyName", "application/json", r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("got %s", resp.Status)
	}
}
