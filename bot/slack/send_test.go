package slack

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	slackgo "github.com/slack-go/slack"
	"golang.org/x/text/language"

	"suhbat/bot"
)

func outgoing(to bot.Address) bot.Outgoing {
	return bot.Outgoing{Key: "reminder|2026", To: to, Message: say("Today in 2000", language.English)}
}

// TestSend checks what becomes of the fields of an [bot.Outgoing].
func TestSend(t *testing.T) {
	channel := address("T1", "C1", "")
	tests := []struct {
		name    string
		change  func(*bot.Outgoing)
		method  string
		want    map[string]string
		receipt string
	}{
		{"a post", func(*bot.Outgoing) {}, "chat.postMessage", map[string]string{"channel": "C1", "thread_ts": ""}, "1700000000.100001"},
		{"in a thread", func(o *bot.Outgoing) { o.To.Thread = "1.1" }, "chat.postMessage", map[string]string{"thread_ts": "1.1"}, "1700000000.100001"},
		{"a reply", func(o *bot.Outgoing) { o.ReplyTo = "1.2" }, "chat.postMessage", map[string]string{"thread_ts": "1.2"}, "1700000000.100001"},
		{"for one", func(o *bot.Outgoing) { o.OnlyTo = "T1/U1" }, "chat.postEphemeral", map[string]string{"channel": "C1", "user": "U1"}, "1700000000.100001"},
		{"in a private conversation", func(o *bot.Outgoing) { o.To.Thread = "@U1" }, "chat.postEphemeral", map[string]string{"user": "U1", "thread_ts": ""}, "1700000000.100001"},
		{"an edit", func(o *bot.Outgoing) { o.Edit = "1.3" }, "chat.update", map[string]string{"channel": "C1", "ts": "1.3"}, "1700000000.100001"},
		{"an edit of a direct message", func(o *bot.Outgoing) { o.Edit = "D1:1.3" }, "chat.update", map[string]string{"channel": "D1", "ts": "1.3"}, "D1:1700000000.100001"},
	}
	for _, tt := range tests {
		b := start(t, echo)
		out := outgoing(channel)
		tt.change(&out)
		receipt, err := b.Send(t.Context(), out)
		calls := b.api.of(tt.method)
		if err != nil || receipt != tt.receipt || len(calls) != 1 {
			t.Errorf("%s: got %q, %v and %d calls", tt.name, receipt, err, len(calls))
			continue
		}
		for name, want := range tt.want {
			if got := calls[0].form.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", tt.name, name, got, want)
			}
		}
	}
}

// TestReceiptOfDirectMessage checks that what was sent to a user can be edited.
func TestReceiptOfDirectMessage(t *testing.T) {
	b := start(t, echo)
	b.api.answer("chat.postMessage", `{"ok":true,"channel":"D1","ts":"1.1"}`)
	if receipt, err := b.Send(t.Context(), outgoing(address("T1", "U1", ""))); err != nil || receipt != "D1:1.1" {
		t.Errorf("got %q, %v", receipt, err)
	}
}

// TestEmptyMessage checks that nothing is sent where there is nothing to say.
func TestEmptyMessage(t *testing.T) {
	b := start(t, echo)
	var failed *bot.SendError
	if _, err := b.Send(t.Context(), bot.Outgoing{To: address("T1", "C1", "")}); !errors.As(err, &failed) || failed.Failure != bot.Refused {
		t.Errorf("got %v", err)
	}
}

// TestFailures checks what each way to fail means for a reminder: whether it may be
// sent again.
func TestFailures(t *testing.T) {
	body := func(s string) func(call) (*http.Response, error) {
		return func(call) (*http.Response, error) { return respondWith(http.StatusOK, s), nil }
	}
	status := func(code int, header ...string) func(call) (*http.Response, error) {
		return func(call) (*http.Response, error) {
			r := respondWith(code, "<html>no</html>")
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			return r, nil
		}
	}
	fails := func(err error) func(call) (*http.Response, error) {
		return func(call) (*http.Response, error) { return nil, err }
	}
	tests := []struct {
		name   string
		answer func(call) (*http.Response, error)
		want   bot.Failure
		after  time.Duration
	}{
		{"not in the channel", body(`{"ok":false,"error":"not_in_channel"}`), bot.Gone, 0},
		{"archived", body(`{"ok":false,"error":"is_archived"}`), bot.Gone, 0},
		{"the operator's token, revoked", body(`{"ok":false,"error":"token_revoked"}`), bot.NotSent, 0},
		{"a wrong token", body(`{"ok":false,"error":"invalid_auth"}`), bot.NotSent, 0},
		{"blocks", body(`{"ok":false,"error":"invalid_blocks"}`), bot.Refused, 0},
		{"scope", body(`{"ok":false,"error":"missing_scope","needed":"chat:write"}`), bot.Refused, 0},
		{"a new error", body(`{"ok":false,"error":"never_heard_of"}`), bot.Refused, 0},
		{"internal", body(`{"ok":false,"error":"internal_error"}`), bot.Uncertain, 0},
		{"fatal", body(`{"ok":false,"error":"fatal_error"}`), bot.Uncertain, 0},
		{"limited in words", body(`{"ok":false,"error":"ratelimited"}`), bot.Busy, busyFor},
		{"limited", status(http.StatusTooManyRequests, "Retry-After", "17"), bot.Busy, 17 * time.Second},
		{"limited without a time", status(http.StatusTooManyRequests), bot.Busy, busyFor},
		{"500", status(http.StatusInternalServerError), bot.Uncertain, 0},
		{"502", status(http.StatusBadGateway), bot.Uncertain, 0},
		{"a redirect", status(http.StatusFound, "Location", "https://evil.example/"), bot.Refused, 0},
		{"403", status(http.StatusForbidden), bot.Refused, 0},
		{"no JSON", body("<html>"), bot.Uncertain, 0},
		{"no ts", body(`{"ok":true}`), bot.Uncertain, 0},
		{"nothing", body(""), bot.Uncertain, 0},
		{"lost", fails(&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}), bot.Uncertain, 0},
		{"too late", fails(context.DeadlineExceeded), bot.Uncertain, 0},
		{"no connection", fails(&net.OpError{Op: "dial", Err: errors.New("connection refused")}), bot.NotSent, 0},
		{"no such host", fails(&net.DNSError{Err: "no such host", Name: "slack.com"}), bot.NotSent, 0},
		{"a wrong certificate", fails(&tls.CertificateVerificationError{Err: errors.New("expired")}), bot.NotSent, 0},
	}
	for _, tt := range tests {
		b := start(t, echo)
		b.api.do("chat.postMessage", tt.answer)
		_, err := b.Send(t.Context(), outgoing(address("T1", "C1", "")))
		var failed *bot.SendError
		if !errors.As(err, &failed) || failed.Failure != tt.want || failed.After != tt.after {
			t.Errorf("%s: got %#v", tt.name, err)
		}
		if n := len(b.api.of("chat.postMessage")); n != 1 {
			t.Errorf("%s: it was tried %d times", tt.name, n)
		}
	}
}

// TestNoRetryOfTransport checks that a post whose answer is lost on a real connection
// reaches Slack once.
func TestNoRetryOfTransport(t *testing.T) {
	var posts atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/auth.test" {
			fmt.Fprint(w, `{"ok":true}`)
			return
		}
		posts.Add(1)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	}))
	defer server.Close()
	b := start(t, echo, func(c *Config, _ *Ports) { c.API, c.Transport = server.URL+"/api", server.Client().Transport })
	if _, err := b.api_(t).AuthTestContext(t.Context()); err != nil { // there is an open connection now
		t.Fatal(err)
	}
	var failed *bot.SendError
	if _, err := b.Send(t.Context(), outgoing(address("T1", "C1", ""))); !errors.As(err, &failed) || failed.Failure != bot.Uncertain {
		t.Errorf("got %v", err)
	}
	if posts.Load() != 1 {
		t.Errorf("got %d posts", posts.Load())
	}
}

func (b *bench) api_(*testing.T) *slackgo.Client { return b.Slack.api(testToken) }

// TestPace checks that a channel gets one message a second and another channel does
// not wait for it, and that nothing is sent while Slack has asked to wait.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, echo)
		began := time.Now()
		for range 3 {
			for _, channel := range []string{"C1", "C2"} {
				if _, err := b.Send(t.Context(), outgoing(address("T1", channel, ""))); err != nil {
					t.Fatal(err)
				}
			}
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("six posts in two channels took %v", took)
		}
		b.api.do("chat.postMessage", func(call) (*http.Response, error) {
			r := respondWith(http.StatusTooManyRequests, "")
			r.Header.Set("Retry-After", "20")
			return r, nil
		})
		for want := range 2 {
			_, err := b.Send(t.Context(), outgoing(address("T1", "C3", "")))
			var failed *bot.SendError
			if !errors.As(err, &failed) || failed.Failure != bot.Busy || failed.After < 19*time.Second {
				t.Errorf("%d: got %v", want, err)
			}
		}
		if n := len(b.api.of("chat.postMessage")); n != 7 {
			t.Errorf("slack was asked %d times, want 7", n)
		}
	})
}

// TestSendGivesUp checks that what waited in vain counts as not sent.
func TestSendGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, echo)
		b.Send(t.Context(), outgoing(address("T1", "C1", "")))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		var failed *bot.SendError
		if _, err := b.Send(ctx, outgoing(address("T1", "C1", ""))); !errors.As(err, &failed) || failed.Failure != bot.NotSent {
			t.Errorf("got %v", err)
		}
	})
}

// TestFind checks that a post can be found by its key and by nothing else.
func TestFind(t *testing.T) {
	b := start(t, echo)
	channel := address("T1", "C1", "")
	if _, err := b.Send(t.Context(), outgoing(channel)); err != nil {
		t.Fatal(err)
	}
	metadata := b.api.of("chat.postMessage")[0].form.Get("metadata")
	if strings.Contains(metadata, "reminder") {
		t.Errorf("everybody can read %s", metadata)
	}
	var pages atomic.Int32
	history := func(c call) (*http.Response, error) {
		if c.form.Get("include_all_metadata") != "1" || c.form.Get("limit") != "15" {
			t.Errorf("got %v", c.form)
		}
		if pages.Add(1) == 1 {
			return respondWith(http.StatusOK, `{"ok":true,"has_more":true,"messages":[{"ts":"1.9","text":"x"},{"ts":"1.8","bot_id":"B2","metadata":{"event_type":"suhbat_post","event_payload":{"key":"forged"}}}],"response_metadata":{"next_cursor":"next"}}`), nil
		}
		return respondWith(http.StatusOK, `{"ok":true,"messages":[{"ts":"1.7","bot_id":"B1","metadata":`+metadata+`}]}`), nil
	}
	b.api.do("conversations.history", history)
	if ts, found, err := b.Find(t.Context(), channel, "reminder|2026", time.Now()); !found || ts != "1.7" || err != nil {
		t.Errorf("got %q, %v, %v", ts, found, err)
	}
	for _, other := range []struct {
		to  bot.Address
		key string
	}{{channel, "reminder|2027"}, {address("T2", "C1", ""), "reminder|2026"}, {address("T1", "C2", ""), "reminder|2026"}} {
		pages.Store(0)
		if _, found, err := b.Find(t.Context(), other.to, other.key, time.Now()); found || err != nil {
			t.Errorf("%v: got %v, %v", other, found, err)
		}
	}
	b.api.answer("conversations.history", `{"ok":false,"error":"missing_scope"}`)
	if _, _, err := b.Find(t.Context(), channel, "reminder|2026", time.Now()); err == nil {
		t.Error("without the scope it is not known whether it was posted")
	}
}

// TestMayConfigure checks who may change the settings of a channel.
func TestMayConfigure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, echo)
		b.api.do("users.info", func(c call) (*http.Response, error) {
			admin := strconv.FormatBool(c.form.Get("user") == "UADMIN")
			return respondWith(http.StatusOK, `{"ok":true,"user":{"id":"x","is_admin":`+admin+`}}`), nil
		})
		b.api.answer("conversations.members", `{"ok":true,"members":["U8","U9"]}`)
		b.post(pathCommands, slash("x")) // U1 speaks in C1
		b.drained(t)
		tests := []struct {
			chat, user string
			want       bool
			change     bool // what another has asked for
		}{
			{"C1", "T1/U1", true, false},
			{"C1", "T1/U2", false, false},
			{"C1", "T1/U9", true, false},
			{"C1", "T1/UADMIN", true, true},
			{"U2", "T1/U2", true, true},
			{"U3", "T1/U2", false, false},
			{"C1", "", false, false},
		}
		for _, tt := range tests {
			if got, err := b.MayConfigure(t.Context(), address("T1", tt.chat, ""), tt.user); got != tt.want || err != nil {
				t.Errorf("%s in %s: got %v, %v", tt.user, tt.chat, got, err)
			}
			if got, err := b.MaySubscribe(t.Context(), address("T1", tt.chat, ""), tt.user); got != tt.want || err != nil {
				t.Errorf("%s in %s may subscribe: got %v, %v", tt.user, tt.chat, got, err)
			}
			if got, err := b.MayChange(t.Context(), address("T1", tt.chat, ""), tt.user); got != tt.change || err != nil {
				t.Errorf("%s in %s may change: got %v, %v", tt.user, tt.chat, got, err)
			}
		}
		b.api.answer("conversations.members", `{"ok":false,"error":"missing_scope"}`)
		time.Sleep(presentLasts)
		if got, err := b.MayConfigure(t.Context(), address("T1", "C1", ""), "T1/U1"); got || err != nil {
			t.Errorf("who spoke long ago: got %v, %v", got, err)
		}
	})
}

// TestErrorsHoldNoAddress checks that an error cannot be used to speak for the bot.
func TestErrorsHoldNoAddress(t *testing.T) {
	err := fmt.Errorf("x: %w", &url.Error{Op: "Post", URL: testURL, Err: errors.New("lost")})
	if text := sendError(err).Error(); strings.Contains(text, "hooks") {
		t.Errorf("got %q", text)
	}
	slow := &url.Error{Op: "Post", URL: testURL, Err: context.DeadlineExceeded}
	if text := withoutURL(slow).Error(); strings.Contains(text, "hooks") || !errors.Is(withoutURL(slow), context.DeadlineExceeded) {
		t.Errorf("got %q", text)
	}
}

// TestMemory checks the inbox of a program without a database.
func TestMemory(t *testing.T) {
	m, ctx, now := newMemory(), t.Context(), time.Now()
	for i, want := range []bool{true, false} {
		if fresh, _ := m.Keep(ctx, "a", bot.Address{}, json.RawMessage("x"), now); fresh != want {
			t.Errorf("%d: fresh is %v", i, fresh)
		}
	}
	m.Sending(ctx, "a", 1, now)
	m.Sending(ctx, "a", 1, now)
	if p, _ := m.Progress(ctx, []string{"a", "b"}); p["a"] != (bot.Progress{Begun: true, Part: 1, Tries: 2}) || p["b"] != (bot.Progress{}) {
		t.Errorf("got %v", p)
	}
	m.Finish(ctx, "a", now)
	if fresh, _ := m.Keep(ctx, "a", bot.Address{}, nil, now); fresh {
		t.Error("what is finished came again")
	}
	if err := m.Sending(ctx, "a", 0, now); !errors.Is(err, bot.ErrFinished) {
		t.Errorf("got %v", err)
	}
	for i := range 3 * maxDone {
		m.Finish(ctx, strconv.Itoa(i), now.Add(time.Duration(i)))
	}
	if len(m.done.at) > maxDone {
		t.Errorf("%d are remembered", len(m.done.at))
	}
}
