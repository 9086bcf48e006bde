package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
)

// What must never be in a log.
const (
	testSecret = "8f742231b10e8888abcd99yyyzzz85a5"
	testToken  = "xoxb-the-token-of-the-bot"
	testAsked  = "who chaired in 2022"
	testURL    = "https://hooks.slack.com/commands/T1/secret-of-the-url"
)

// handle is a handler.
type handle func(in bot.Incoming) (bot.Reply, error)

func (h handle) Handle(_ context.Context, in bot.Incoming) (bot.Reply, error) { return h(in) }

func (handle) IsCommand(text string) bool {
	name, _, _ := strings.Cut(text, " ")
	return slices.Contains([]string{"/help", "/chairs", "/language"}, name)
}

// echo answers with what was asked, and the kind of it.
func echo(in bot.Incoming) (bot.Reply, error) {
	return bot.Reply{Outcome: bot.Answered, Message: say(string(in.Kind)+": "+orElse(in.Text, in.Payload), language.English)}, nil
}

// call is one call of the API.
type call struct {
	method string
	form   url.Values // of a method
	body   []byte     // of a response_url
	at     time.Time
}

func (c call) field(t *testing.T, name string) string {
	t.Helper()
	if c.form != nil {
		return c.form.Get(name)
	}
	var object map[string]any
	if err := json.Unmarshal(c.body, &object); err != nil {
		t.Fatalf("%s: %v", c.method, err)
	}
	text, _ := object[name].(string)
	return text
}

// api is Slack as the tests need it: it remembers the calls, and answers as it is
// told to.
type api struct {
	mu      sync.Mutex
	calls   []call
	answers map[string]func(call) (*http.Response, error)
	posted  int
}

func (a *api) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, _ := io.ReadAll(r.Body)
	c := call{method: strings.TrimPrefix(r.URL.Path, "/api/"), at: time.Now()}
	switch {
	case r.URL.Host != "slack.com":
		c.method, c.body = "response_url", raw
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		c.body = raw
	default:
		c.form, _ = url.ParseQuery(string(raw))
	}
	a.mu.Lock()
	a.calls = append(a.calls, c)
	a.posted++
	n, answer := a.posted, a.answers[c.method]
	a.mu.Unlock()
	if answer != nil {
		return answer(c)
	}
	switch c.method {
	case "response_url":
		return respondWith(http.StatusOK, "ok"), nil
	case "auth.test":
		return respondWith(http.StatusOK, `{"ok":true,"user_id":"UBOT","team_id":"T1","bot_id":"B1"}`), nil
	case "users.info":
		return respondWith(http.StatusOK, `{"ok":false,"error":"missing_scope"}`), nil
	}
	ts := "1700000000." + strconv.Itoa(100000+n)
	return respondWith(http.StatusOK, `{"ok":true,"channel":"`+c.form.Get("channel")+`","ts":"`+ts+`","message_ts":"`+ts+`"}`), nil
}

func respondWith(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Status: strconv.Itoa(status), Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body))}
}

// answer makes a method answer always the same.
func (a *api) answer(method, body string) {
	a.do(method, func(call) (*http.Response, error) { return respondWith(http.StatusOK, body), nil })
}

func (a *api) do(method string, f func(call) (*http.Response, error)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answers[method] = f
}

// of returns the calls of some methods.
func (a *api) of(methods ...string) []call {
	a.mu.Lock()
	defer a.mu.Unlock()
	var some []call
	for _, c := range a.calls {
		for _, m := range methods {
			if c.method == m {
				some = append(some, c)
			}
		}
	}
	return some
}

// bench is an adapter with a Slack around it.
type bench struct {
	*Slack

	api *api
	mux *http.ServeMux
	log *syncBuffer
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// start makes an adapter for one workspace over HTTP; change may make it another.
func start(t testing.TB, h handle, change ...func(*Config, *Ports)) *bench {
	t.Helper()
	return startCore(t, h, change...)
}

func startCore(t testing.TB, h Core, change ...func(*Config, *Ports)) *bench {
	t.Helper()
	b := &bench{api: &api{answers: make(map[string]func(call) (*http.Response, error))}, mux: http.NewServeMux(), log: &syncBuffer{}}
	c := Config{
		BotToken: testToken, SigningSecrets: []string{testSecret}, Now: time.Now, Transport: b.api,
		Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	var p Ports
	for _, f := range change {
		f(&c, &p)
	}
	s, err := New(c, h, p)
	if err != nil {
		t.Fatal(err)
	}
	b.Slack = s
	s.Register(b.mux)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.Drain(ctx); err != nil {
			t.Error(err)
		}
		for _, secret := range []string{testSecret, testToken, testAsked, "secret-of-the-url", "refresh-", "xapp-"} {
			if strings.Contains(b.log.String(), secret) {
				t.Errorf("the log holds %q: %s", secret, b.log)
			}
		}
	})
	return b
}

// drained waits until all that came in is answered.
func (b *bench) drained(t testing.TB) {
	t.Helper()
	b.work.Wait()
}

// sign signs a body as Slack does.
func sign(secret, at, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	io.WriteString(mac, "v0:"+at+":"+body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// post sends a signed request.
func (b *bench) post(path, body string) *httptest.ResponseRecorder {
	return b.postAs(path, body, testSecret, b.now())
}

func (b *bench) postAs(path, body, secret string, at time.Time) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	seconds := strconv.FormatInt(at.Unix(), 10)
	r.Header.Set(headerTime, seconds)
	r.Header.Set(headerSignature, sign(secret, seconds, body))
	w := httptest.NewRecorder()
	b.mux.ServeHTTP(w, r)
	return w
}

// request is a request that Slack has signed.
func (b *bench) request(t *testing.T, to, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	seconds := strconv.FormatInt(b.now().Unix(), 10)
	r.Header.Set(headerTime, seconds)
	r.Header.Set(headerSignature, sign(testSecret, seconds, body))
	return r
}

// slash is the body of a slash command.
func slash(text string) string {
	return url.Values{
		"team_id": {"T1"}, "channel_id": {"C1"}, "user_id": {"U1"}, "command": {"/wps"}, "text": {text},
		"response_url": {testURL}, "trigger_id": {fmt.Sprintf("%x", sha256.Sum256([]byte(text)))}, "is_enterprise_install": {"false"},
	}.Encode()
}

// eventJSON is the body of an event.
func eventJSON(id, inner string) string {
	return `{"type":"event_callback","team_id":"T1","event_id":"` + id + `","event_time":` + strconv.FormatInt(time.Now().Unix(), 10) +
		`,"authorizations":[{"enterprise_id":null,"team_id":"T1","user_id":"UBOT","is_bot":true,"is_enterprise_install":false}],"event":` + inner + `}`
}

func mention(ts, text string) string {
	return `{"type":"app_mention","channel":"C1","user":"U1","text":"<@UBOT> ` + text + `","ts":"` + ts + `"}`
}

func direct(ts, text string) string {
	return `{"type":"message","channel_type":"im","channel":"D1","user":"U1","text":"` + text + `","ts":"` + ts + `"}`
}

// interactionBody is the body of an interaction.
func interactionBody(payload string) string { return url.Values{"payload": {payload}}.Encode() }

// asResponse reads an acknowledgement or what a response_url got.
func asResponse(t *testing.T, raw []byte) (r struct {
	response

	Blocks []json.RawMessage `json:"blocks"`
},
) {
	t.Helper()
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
	return r
}

func TestNewNamesTheSetting(t *testing.T) {
	good := Config{BotToken: testToken, SigningSecrets: []string{testSecret}, Now: time.Now}
	many := Config{ClientID: "1", ClientSecret: "s", Keys: []string{strings.Repeat("ab", 32)}, PublicURL: "https://a.b", SigningSecrets: []string{testSecret}, Now: time.Now}
	tests := []struct {
		want   string
		from   Config
		change func(*Config)
	}{
		{"", good, func(*Config) {}},
		{"", many, func(*Config) {}},
		{"SLACK_BOT_TOKEN", good, func(c *Config) { c.BotToken = "" }},
		{"SLACK_CLIENT_ID", good, func(c *Config) { c.ClientID = "1" }},
		{"SLACK_CLIENT_SECRET", many, func(c *Config) { c.ClientSecret = "" }},
		{"SUHBAT_ENCRYPTION_KEY", many, func(c *Config) { c.Keys = nil }},
		{"SUHBAT_ENCRYPTION_KEY", many, func(c *Config) { c.Keys = []string{"short"} }},
		{"SUHBAT_PUBLIC_URL", many, func(c *Config) { c.PublicURL = "" }},
		{"SLACK_SIGNING_SECRET", good, func(c *Config) { c.SigningSecrets = nil }},
		{"SLACK_SIGNING_SECRET", good, func(c *Config) { c.SigningSecrets = []string{testSecret, ""} }},
		{"SLACK_APP_TOKEN", good, func(c *Config) { c.AppToken = testToken }},
		{"SLACK_API_URL", good, func(c *Config) { c.API = "slack.com" }},
	}
	for _, tt := range tests {
		c := tt.from
		tt.change(&c)
		_, err := New(c, handle(echo), Ports{})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want an error that names %q", err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), testToken) {
			t.Errorf("the error holds a secret: %v", err)
		}
	}
}

// brokenInbox can keep nothing.
type brokenInbox struct{ bot.Inbox }

func (brokenInbox) Keep(context.Context, string, bot.Address, []byte, time.Time) (bool, error) {
	return false, errors.New("the disk is full")
}

// textOf is the text of the last post.
func (b *bench) texts(methods ...string) (all []string) {
	for _, c := range b.api.of(methods...) {
		text := c.form.Get("text")
		if c.form == nil {
			var r response
			json.Unmarshal(c.body, &r)
			text = r.Text
		}
		all = append(all, text)
	}
	return all
}

// long is a message of several pages.
func long(pages int) message.Message {
	m := message.Message{Lang: language.English}
	for range pages {
		m.Body = append(m.Body, message.Paragraph{message.Text(strings.TrimSpace(strings.Repeat("Words. ", maxText/8)))})
	}
	return m
}
