package slacktest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"suhbat/bot/slack/slacktest"
)

// app is a small app: it verifies signatures by slack-go, keeps what came, and
// answers what a test wants.
type app struct {
	mu     sync.Mutex
	got    []received
	answer func(w http.ResponseWriter, r received)
}

type received struct {
	path    string
	header  http.Header
	body    string
	genuine bool
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	got := received{r.URL.Path, r.Header, string(body), false}
	if v, err := slack.NewSecretsVerifier(r.Header, slacktest.SigningSecret); err == nil {
		v.Write(body)
		got.genuine = v.Ensure() == nil
	}
	a.mu.Lock()
	a.got = append(a.got, got)
	answer := a.answer
	a.mu.Unlock()
	if !got.genuine {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if answer != nil {
		answer(w, got)
	}
}

func (a *app) all() []received {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]received(nil), a.got...)
}

// says answers everything with a JSON body.
func says(body string) func(http.ResponseWriter, received) {
	return func(w http.ResponseWriter, _ received) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, body)
	}
}

// world is a Slack with one workspace, one user and one channel with the bot.
type world struct {
	*slacktest.Slack
	w       *slacktest.Workspace
	aigul   *slacktest.User
	general *slacktest.Channel
	app     *app
	api     *slack.Client
}

func newWorld(t *testing.T, cfg slacktest.Config) *world {
	s := slacktest.New(t, cfg)
	w := &world{Slack: s, w: s.Workspace("Almaty"), app: &app{}}
	w.aigul = w.w.AddUser(slacktest.Profile{Name: "Aigul", Locale: "ru-RU", TZ: "Asia/Almaty"})
	w.general = w.w.AddChannel("general", w.aigul).Invite()
	s.Connect(w.app)
	w.api = slack.New(w.w.Token(), slack.OptionAPIURL(s.URL()), slack.OptionHTTPClient(s.Client()))
	return w
}

// inBubble runs a test with a clock of its own.
func inBubble(t *testing.T, cfg slacktest.Config, f func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newWorld(t, cfg)) })
}

// call posts a form to a method and returns the decoded answer.
func call(t *testing.T, s *slacktest.Slack, method, token string, args ...string) map[string]any {
	t.Helper()
	form := "token=" + token
	for i := 0; i < len(args); i += 2 {
		form += "&" + args[i] + "=" + escaped(args[i+1])
	}
	res := post(t, s, s.URL()+method, "application/x-www-form-urlencoded", form)
	var out map[string]any
	if err := json.Unmarshal([]byte(res), &out); err != nil {
		t.Fatalf("%s: %v: %s", method, err, res)
	}
	return out
}

func escaped(s string) string {
	return strings.NewReplacer("%", "%25", "&", "%26", "+", "%2B", "#", "%23", ";", "%3B", "=", "%3D").Replace(s)
}

func post(t *testing.T, s *slacktest.Slack, url, kind, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	res, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, _ := io.ReadAll(res.Body)
	return string(got)
}

func wantError(t *testing.T, got map[string]any, want string) {
	t.Helper()
	if code, _ := got["error"].(string); code != want {
		t.Errorf("got error %q, want %q", code, want)
	}
}

// tb records what a fake says of its test.
type tb struct {
	*testing.T
	mu     sync.Mutex
	errors []string
	done   []func()
}

func (b *tb) Errorf(format string, _ ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.errors = append(b.errors, format)
}

func (b *tb) Cleanup(f func()) { b.done = append(b.done, f) }

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func containsMark(s string) bool { return strings.Contains(s, slacktest.Mark) }

// newServer serves an app on a socket and returns its address.
func newServer(t *testing.T, h http.Handler) string {
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}
