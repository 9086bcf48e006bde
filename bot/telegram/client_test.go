package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
)

const (
	testSecret = "AAH-not_a_real-one"
	testToken  = "123456:" + testSecret
)

// inProcess is a server without a network, for tests whose time is not real.
type inProcess struct{ http.Handler }

func (p inProcess) Do(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, &url.Error{Op: "Post", URL: req.URL.String(), Err: err}
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, req)
	if err := req.Context().Err(); err != nil {
		return nil, &url.Error{Op: "Post", URL: req.URL.String(), Err: err}
	}
	return w.Result(), nil
}

// doFunc is an HTTP client that is a func.
type doFunc func(*http.Request) (*http.Response, error)

func (f doFunc) Do(req *http.Request) (*http.Response, error) { return f(req) }

func answer(code int, header http.Header, body string) doFunc {
	return func(req *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: code, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
	}
}

func testClient(t *testing.T, inner tgbotapi.HTTPClient) *client {
	t.Helper()
	c, err := newClient("https://api.example", testToken, inner)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// reset is a connection that breaks after the request was written.
func reset(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// TestFailures checks what is known of a message after each kind of error: a wrong
// answer here loses messages or doubles them.
func TestFailures(t *testing.T) {
	tests := []struct {
		name  string
		inner doFunc
		want  bot.Failure
		after time.Duration
		to    string
	}{
		{"too fast", answer(429, nil, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`), bot.Busy, 7 * time.Second, ""},
		{"too fast, by a gateway", answer(429, http.Header{"Retry-After": {"3"}}, `<html>`), bot.Busy, 3 * time.Second, ""},
		{"too fast, and before now", answer(429, nil, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":-3}}`), bot.Busy, time.Second, ""},
		{"too fast, for longer than a clock knows", answer(429, nil, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":9223372036854775807}}`), bot.Busy, longestWait, ""},
		{"too fast, by a gateway without a clock", answer(429, http.Header{"Retry-After": {"9223372036854775807"}}, `<html>`), bot.Busy, longestWait, ""},
		{"too fast, unsaid", answer(429, nil, `{"ok":false,"error_code":429,"description":"Too Many Requests"}`), bot.Busy, time.Second, ""},
		{"blocked", answer(403, nil, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`), bot.Gone, 0, ""},
		{"no such chat", answer(400, nil, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`), bot.Gone, 0, ""},
		{"muted", answer(400, nil, `{"ok":false,"error_code":400,"description":"Bad Request: not enough rights to send text messages to the chat"}`), bot.Gone, 0, ""},
		{"supergroup", answer(400, nil, `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1009}}`), bot.Moved, 0, "-1009"},
		{"our mistake", answer(400, nil, `{"ok":false,"error_code":400,"description":"Bad Request: BUTTON_DATA_INVALID"}`), bot.Refused, 0, ""},
		{"token revoked", answer(401, nil, `{"ok":false,"error_code":401,"description":"Unauthorized"}`), bot.NotSent, 0, ""},
		{"5xx", answer(500, nil, `{"ok":false,"error_code":500,"description":"Internal Server Error"}`), bot.Uncertain, 0, ""},
		{"5xx of a gateway", answer(502, nil, `<html><h1>502 Bad Gateway</h1>`), bot.Uncertain, 0, ""},
		{"4xx of a gateway", answer(408, nil, `request timed out`), bot.Uncertain, 0, ""},
		{"login page", answer(200, nil, `<html>Welcome to the hotel`), bot.Uncertain, 0, ""},
		{"broken JSON", answer(200, nil, `{"ok":true,"result":{"mess`), bot.Uncertain, 0, ""},
		{"another result", answer(200, nil, `{"ok":true,"result":[]}`), bot.Uncertain, 0, ""},
		{"nothing", answer(200, nil, ``), bot.Uncertain, 0, ""},
		{"reset", func(*http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", Err: &net.OpError{Op: "read", Err: syscall.ECONNRESET}}
		}, bot.Uncertain, 0, ""},
		{"time-out", func(*http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", Err: context.DeadlineExceeded}
		}, bot.Uncertain, 0, ""},
		{"refused", func(*http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}
		}, bot.NotSent, 0, ""},
		{"no such host", func(*http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", Err: &net.DNSError{Err: "no such host"}}
		}, bot.NotSent, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var sent struct {
				ID int `json:"message_id"`
			}
			err := testClient(t, tt.inner).call(t.Context(), "sendMessage", nil, &sent)
			got := failure(err, bot.Address{Network: Network, Chat: "-5", Thread: "6"})
			if got == nil {
				t.Fatal("no error")
			}
			if got.Failure != tt.want || got.After != tt.after || got.To.Chat != tt.to || got.To.Thread != "" {
				t.Errorf("got %+v, want %q after %v to %q", got, tt.want, tt.after, tt.to)
			}
		})
	}
}

// TestFailuresOfNetwork checks the same where only the connection tells: whether
// anything can have reached the server.
func TestFailuresOfNetwork(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer slow.Close()
	tests := []struct {
		name, base string
		want       bot.Failure
		is         error
	}{
		{"nobody listens", closed.URL, bot.NotSent, syscall.ECONNREFUSED},
		{"no answer", slow.URL, bot.Uncertain, context.DeadlineExceeded},
		{"reset", reset(t).URL, bot.Uncertain, io.EOF},
		{"not TLS", strings.Replace(slow.URL, "http:", "https:", 1), bot.NotSent, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := newClient(tt.base, testToken, nil)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			err = c.call(ctx, "sendMessage", tgbotapi.Params{"text": "hello"}, nil)
			if got := failure(err, bot.Address{}); got.Failure != tt.want {
				t.Errorf("got %v, want %q", got, tt.want)
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("%v is no %v", err, tt.is)
			}
			checkSecret(t, err)
		})
	}
}

// TestRedaction checks that whoever reads a log cannot take the bot over.
func TestRedaction(t *testing.T) {
	address := "https://api.example/bot" + testToken + "/sendMessage"
	causes := map[string]error{
		"url":         &url.Error{Op: "Post", URL: address, Err: io.ErrUnexpectedEOF},
		"nested url":  fmt.Errorf("retry: %w", &url.Error{Op: "Post", URL: address, Err: &url.Error{Op: "Get", URL: address, Err: io.ErrUnexpectedEOF}}),
		"text":        fmt.Errorf("cannot reach %s: %w", address, io.ErrUnexpectedEOF),
		"escaped":     fmt.Errorf("cannot reach %s: %w", url.QueryEscape(address), io.ErrUnexpectedEOF),
		"twice":       fmt.Errorf("cannot reach %s: %w", url.QueryEscape(url.QueryEscape(address)), io.ErrUnexpectedEOF),
		"secret half": fmt.Errorf("%s: %w", testSecret, io.ErrUnexpectedEOF),
		"joined":      errors.Join(errors.New(address), io.ErrUnexpectedEOF),
	}
	for name, cause := range causes {
		t.Run(name, func(t *testing.T) {
			c := testClient(t, doFunc(func(*http.Request) (*http.Response, error) { return nil, cause }))
			err := c.call(t.Context(), "sendMessage", tgbotapi.Params{"text": "hello"}, nil)
			checkSecret(t, err)
			if name != "joined" && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%v lost its cause", err)
			}
			if !strings.Contains(err.Error(), "sendMessage") {
				t.Errorf("%v does not say what failed", err)
			}
		})
	}
	for name, body := range map[string]string{
		"description":   `{"ok":false,"error_code":404,"description":"no bot ` + testToken + `"}`,
		"not JSON":      "<html>" + testToken,
		"wrong result":  `{"ok":true,"result":"` + testToken + `"}`,
		"broken answer": `{"ok":` + testToken,
	} {
		t.Run(name, func(t *testing.T) {
			var n int
			checkSecret(t, testClient(t, answer(404, nil, body)).call(t.Context(), "getMe", nil, &n))
		})
	}
	checkSecret(t, fmt.Errorf("%+v", testClient(t, answer(200, nil, ""))))
	for _, base := range []string{"://", "ftp://x", "https://", "http://a b", "\x7f"} {
		_, err := newClient(base, testToken, nil)
		checkSecret(t, err)
	}
	for _, token := range []string{"", testSecret, testToken + "\n", testToken + "/x", "a:" + testSecret} {
		_, err := newClient("", token, nil)
		checkSecret(t, err)
	}
}

// checkSecret checks that no way to show err shows the token, nor does anything that
// it wraps.
func checkSecret(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Error("failed", slog.Any("error", err))
	slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", slog.Any("error", failure(err, bot.Address{})))
	for e := err; e != nil; e = errors.Unwrap(e) {
		fmt.Fprintf(&log, "%v %+v %s %q %#v\n", e, e, e, e, e.Error())
	}
	if ue := (*url.Error)(nil); errors.As(err, &ue) {
		log.WriteString(ue.URL)
	}
	if strings.Contains(log.String(), testSecret) {
		t.Errorf("the token shows: %s", log.String())
	}
}

func TestCallCancelled(t *testing.T) {
	arrived := make(chan bool, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		arrived <- true
		<-r.Context().Done()
	}))
	defer s.Close()
	c, err := newClient(s.URL, testToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	if err := c.call(ctx, "getUpdates", tgbotapi.Params{"timeout": "50"}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled: a stop would wait for the poll", err)
	}
}

func TestCallHasDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := testClient(t, doFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}))
		start := time.Now()
		if err := c.call(t.Context(), "sendMessage", nil, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want a time-out: the bot would be deaf for ever", err)
		}
		if got := time.Since(start); got != callTimeout {
			t.Errorf("after %v, want %v", got, callTimeout)
		}
	})
}

func TestBodyIsBounded(t *testing.T) {
	endless := doFunc(func(req *http.Request) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader(`{"ok":true,"result":"`), zeros{})
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(body), Request: req}, nil
	})
	var s string
	if err := testClient(t, endless).call(t.Context(), "getMe", nil, &s); err == nil {
		t.Error("an endless answer was read")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestSetJSON(t *testing.T) {
	params := tgbotapi.Params{}
	var none []entity
	var nobody *keyboard
	for key, value := range map[string]any{"entities": none, "reply_markup": nobody, "nil": nil, "allowed_updates": updateKinds[:1]} {
		if err := setJSON(params, key, value); err != nil {
			t.Error(err)
		}
	}
	if len(params) != 1 || params["allowed_updates"] != `["message"]` {
		t.Errorf("got %v: the server reads null as a value", params)
	}
	if err := setJSON(params, "x", func() {}); err == nil {
		t.Error("a func was sent")
	}
}

// TestUpdate checks that what the library does not know arrives.
func TestUpdate(t *testing.T) {
	const raw = `{"update_id":7,"message":{"message_id":5,"date":1,"message_thread_id":9,"is_topic_message":true,"text":"hi",
		"from":{"id":1,"language_code":"ru","is_premium":true},"chat":{"id":-100,"type":"supergroup","is_forum":true},"quote":{"text":"q","position":0},
		"reply_to_message":{"message_id":4,"date":1,"message_thread_id":9,"forum_topic_created":{"name":"n"},"chat":{"id":-100,"type":"supergroup"},"via_bot":{"id":2}},
		"external_reply":{"message_id":3,"chat":{"id":-200}},"migrate_to_chat_id":-300}}`
	var u apiUpdate
	if err := json.Unmarshal([]byte(raw), &u); err != nil {
		t.Fatal(err)
	}
	m := u.Message
	switch {
	case u.UpdateID != 7, m == nil:
		t.Fatalf("got %+v", u)
	case m.topic() != 9, m.Text != "hi", m.From.LanguageCode != "ru", !m.From.IsPremium, !m.Chat.IsForum, m.Chat.ID != -100, m.Quote.Text != "q":
		t.Errorf("got %+v", m)
	case m.ReplyToMessage.TopicCreated == nil, m.ReplyToMessage.topic() != 0, m.ReplyToMessage.ViaBot.ID != 2:
		t.Errorf("reply: got %+v", m.ReplyToMessage)
	case m.ExternalReply.MessageID != 3, m.MigrateToChatID != -300:
		t.Errorf("got %+v", m)
	}
	for raw, want := range map[string]string{raw: "message", `{"purchased_paid_media":{},"update_id":1}`: "purchased_paid_media", `{"update_id":1}`: ""} {
		if got, err := kindOf(json.RawMessage(raw)); got != want || err != nil {
			t.Errorf("kind %q, %v, want %q", got, err, want)
		}
	}
	const press = `{"update_id":8,"callback_query":{"id":"x","from":{"id":1},"data":"1h","message":{"message_id":5,"date":0,"chat":{"id":-100,"is_forum":true}}}}`
	if err := json.Unmarshal([]byte(press), &u); err != nil || u.CallbackQuery.Data != "1h" || !u.CallbackQuery.Message.Chat.IsForum {
		t.Errorf("got %+v, %v", u.CallbackQuery, err)
	}
}
