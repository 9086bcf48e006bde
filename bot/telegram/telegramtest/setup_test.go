package telegramtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

type params = map[string]any

// reply is what the Bot API answers.
type reply struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// bot is the plainest of clients.
type bot struct {
	t    *testing.T
	http *http.Client
	base string
}

func newBot(t *testing.T, s *telegramtest.Server) *bot {
	t.Helper()
	return &bot{t: t, http: s.Client(), base: telegramtest.URL + "/bot" + telegramtest.Token + "/"}
}

func (b *bot) try(ctx context.Context, method string, p params) (reply, error) {
	b.t.Helper()
	body, err := json.Marshal(p)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.base+method, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := b.http.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	var answer reply
	return answer, json.NewDecoder(resp.Body).Decode(&answer)
}

// call returns the answer, whatever it says.
func (b *bot) call(method string, p params) reply {
	b.t.Helper()
	answer, err := b.try(b.t.Context(), method, p)
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	return answer
}

// ok fails the test unless the call succeeds, and decodes its result.
func (b *bot) ok(method string, p params, into ...any) {
	b.t.Helper()
	answer := b.call(method, p)
	if !answer.OK {
		b.t.Fatalf("%s: %s", method, answer.Description)
	}
	for _, v := range into {
		if err := json.Unmarshal(answer.Result, v); err != nil {
			b.t.Fatal(err)
		}
	}
}

// refused fails the test unless the call is refused with words like these.
func (b *bot) refused(method string, p params, want string) reply {
	b.t.Helper()
	answer := b.call(method, p)
	if answer.OK || !strings.Contains(answer.Description, want) {
		b.t.Errorf("%s %v: got %v %q, want %q", method, p, answer.OK, answer.Description, want)
	}
	return answer
}

type incoming struct {
	ID      int64 `json:"update_id"`
	Message *struct {
		ID   int    `json:"message_id"`
		Text string `json:"text"`
	} `json:"message"`
}

// poll returns what getUpdates does, by its fields.
func (b *bot) poll(p params) []map[string]json.RawMessage {
	b.t.Helper()
	var updates []map[string]json.RawMessage
	b.ok("getUpdates", p, &updates)
	return updates
}

// kinds polls, confirms, and returns the kinds of the updates.
func (b *bot) kinds() string {
	b.t.Helper()
	var kinds []string
	for _, u := range b.poll(nil) {
		for kind := range u {
			if kind != "update_id" {
				kinds = append(kinds, kind)
			}
		}
		var id int64
		if err := json.Unmarshal(u["update_id"], &id); err != nil {
			b.t.Fatal(err)
		}
		b.ok("getUpdates", params{"offset": id + 1, "limit": 1})
	}
	return strings.Join(kinds, " ")
}

// bubble runs a test in a bubble, where time is free of charge.
func bubble(f func(t *testing.T)) func(*testing.T) {
	return func(t *testing.T) { synctest.Test(t, f) }
}

// start makes a server with a user who has a chat with the bot.
func start(t *testing.T, opts ...telegramtest.Option) (*telegramtest.Server, *bot, *telegramtest.User, *telegramtest.Chat) {
	t.Helper()
	s := telegramtest.New(t, opts...)
	ann := s.NewUser("Ann", "en")
	return s, newBot(t, s), ann, ann.Open()
}

func text(chat *telegramtest.Chat, text string) params {
	return params{"chat_id": chat.ID, "text": text}
}

// elapsed returns how long f takes.
func elapsed(f func()) time.Duration {
	at := time.Now()
	f()
	return time.Since(at)
}

func urlForm() (kind, body string) {
	return "application/x-www-form-urlencoded", url.Values{"chat_id": {"5000000001"}, "text": {"hi"}, "disable_notification": {"true"}}.Encode()
}

func multipartForm() (kind, body string) {
	var out strings.Builder
	w := multipart.NewWriter(&out)
	w.WriteField("chat_id", "5000000001")
	w.WriteField("text", "hi")
	w.Close()
	return w.FormDataContentType(), out.String()
}

// post sends a body as it is and returns the answer as it is.
func post(t *testing.T, s *telegramtest.Server, method, kind, body string) string {
	t.Helper()
	resp, err := s.Client().Post(telegramtest.URL+"/bot"+telegramtest.Token+"/"+method, kind, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}
