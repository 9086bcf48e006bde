package slack

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
)

// shelf keeps installations.
type shelf struct {
	mu   sync.Mutex
	rows map[[2]string]shelved
	fail int // how often putting fails
}

type shelved struct {
	meta    string
	sealed  []byte
	expires time.Time
}

func (s *shelf) PutInstallation(_ context.Context, enterprise, team, meta string, sealed []byte, expires time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail > 0 {
		s.fail--
		return errors.New("the disk is full")
	}
	s.rows[[2]string{enterprise, team}] = shelved{meta, sealed, expires}
	return nil
}

func (s *shelf) Installation(_ context.Context, enterprise, team string) (string, []byte, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rows[[2]string{enterprise, team}]
	return r.meta, r.sealed, r.expires, nil
}

func (s *shelf) Installations(_ context.Context, each func(enterprise, team, meta string, sealed []byte, expires time.Time) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, r := range s.rows {
		if err := each(key[0], key[1], r.meta, r.sealed, r.expires); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) DeleteInstallation(_ context.Context, enterprise, team string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rows, [2]string{enterprise, team})
	return nil
}

const (
	oldKey = "b2xkIGtleSBvZiB0aGlydHktdHdvIGJ5dGVzLi4uLi4="
	newKey = "6e6577206b6579206f662074686972747920747769206279746573202e2e2e2e"
)

// startMany makes an adapter for many workspaces.
func startMany(t *testing.T, s *shelf, change ...func(*Config, *Ports)) *bench {
	t.Helper()
	b := start(t, echo, append([]func(*Config, *Ports){func(c *Config, p *Ports) {
		c.BotToken, c.ClientID, c.ClientSecret, c.Keys, c.PublicURL = "", "1.2", "client secret", []string{oldKey}, "https://bot.example"
		p.Installations = s
	}}, change...)...)
	b.api.do("oauth.v2.access", func(call) (*http.Response, error) {
		return respondWith(http.StatusOK, `{"ok":true,"access_token":"`+testToken+`","refresh_token":"refresh-1","expires_in":43200,"bot_user_id":"UBOT","scope":"commands",`+
			`"team":{"id":"T1"},"enterprise":null,"authed_user":{"id":"U1"}}`), nil
	})
	return b
}

func newShelf() *shelf { return &shelf{rows: make(map[[2]string]shelved)} }

// browser is somebody who adds the app.
type browser struct {
	b       *bench
	cookies map[string]string
}

func (w *browser) get(target string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, http.NoBody)
	for name, value := range w.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	w.b.mux.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(w.cookies, c.Name)
		} else {
			w.cookies[c.Name] = c.Value
		}
	}
	return rec
}

// begin opens Slack's page and returns what it was given.
func (w *browser) begin(t *testing.T) url.Values {
	t.Helper()
	rec := w.get(pathInstall)
	to, err := url.Parse(rec.Header().Get("Location"))
	if err != nil || rec.Code != http.StatusFound || to.Host != "slack.com" || to.Path != "/oauth/v2/authorize" {
		t.Fatalf("got %d %v", rec.Code, rec.Header())
	}
	return to.Query()
}

func (w *browser) finish(state string) *httptest.ResponseRecorder {
	return w.get(pathCallback + "?code=the-code&state=" + url.QueryEscape(state))
}

func newBrowser(b *bench) *browser { return &browser{b, make(map[string]string)} }

// TestInstall walks from "Add to Slack" to the greeting of the one who added it.
func TestInstall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		b := startMany(t, s)
		w := newBrowser(b)
		asked := w.begin(t)
		if asked.Get("client_id") != "1.2" || asked.Get("redirect_uri") != "https://bot.example"+pathCallback || !strings.Contains(asked.Get("scope"), "chat:write") || asked.Get("code_challenge_method") != "S256" {
			t.Errorf("got %v", asked)
		}
		if rec := w.finish(asked.Get("state")); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "was added") {
			t.Fatalf("got %d %s, %s", rec.Code, rec.Body, b.log)
		}
		b.drained(t)
		exchange := b.api.of("oauth.v2.access")[0].form
		sum := sha256.Sum256([]byte(exchange.Get("code_verifier")))
		if base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") || exchange.Get("code") != "the-code" {
			t.Errorf("got %v", exchange)
		}
		row := s.rows[[2]string{"", "T1"}]
		if strings.Contains(string(row.sealed), testToken) || strings.Contains(row.meta, testToken) || strings.Contains(row.meta, "refresh-1") || row.expires.IsZero() {
			t.Errorf("kept %s %q", row.meta, row.sealed)
		}
		posts := b.api.of("chat.postMessage")
		if len(posts) != 1 || posts[0].form.Get("channel") != "U1" || posts[0].form.Get("text") != "command: /start" || posts[0].form.Get("token") != testToken {
			t.Errorf("got %v", posts)
		}
	})
}

// TestInstallRefused checks that nobody can finish another's installation, or finish
// one twice.
func TestInstallRefused(t *testing.T) {
	tests := []struct {
		name string
		try  func(t *testing.T, b *bench) *httptest.ResponseRecorder
	}{
		{"no state", func(_ *testing.T, b *bench) *httptest.ResponseRecorder { return newBrowser(b).finish("") }},
		{"no cookie", func(t *testing.T, b *bench) *httptest.ResponseRecorder {
			state := newBrowser(b).begin(t).Get("state")
			return newBrowser(b).finish(state)
		}},
		{"the cookie of another browser", func(t *testing.T, b *bench) *httptest.ResponseRecorder {
			state, other := newBrowser(b).begin(t).Get("state"), newBrowser(b)
			other.begin(t)
			return other.finish(state)
		}},
		{"an invented state", func(t *testing.T, b *bench) *httptest.ResponseRecorder {
			w := newBrowser(b)
			w.begin(t)
			return w.finish("invented")
		}},
		{"too late", func(t *testing.T, b *bench) *httptest.ResponseRecorder {
			w := newBrowser(b)
			state := w.begin(t).Get("state")
			time.Sleep(stateLasts)
			return w.finish(state)
		}},
		{"twice", func(t *testing.T, b *bench) *httptest.ResponseRecorder {
			w := newBrowser(b)
			state := w.begin(t).Get("state")
			kept := w.cookies["__Host-suhbat-install"]
			w.finish(state)
			w.cookies["__Host-suhbat-install"] = kept
			return w.finish(state)
		}},
		{"declined", func(t *testing.T, b *bench) *httptest.ResponseRecorder {
			w := newBrowser(b)
			return w.get(pathCallback + "?error=access_denied&state=" + w.begin(t).Get("state"))
		}},
		{"a code that Slack does not know", func(t *testing.T, b *bench) *httptest.ResponseRecorder {
			b.api.answer("oauth.v2.access", `{"ok":false,"error":"invalid_code"}`)
			w := newBrowser(b)
			return w.finish(w.begin(t).Get("state"))
		}},
		{"an answer without a token", func(t *testing.T, b *bench) *httptest.ResponseRecorder {
			b.api.answer("oauth.v2.access", `{"ok":true}`)
			w := newBrowser(b)
			return w.finish(w.begin(t).Get("state"))
		}},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			b := startMany(t, newShelf())
			rec := tt.try(t, b)
			if rec.Code < 400 || !strings.Contains(rec.Body.String(), "was not added") {
				t.Errorf("%s: got %d %s", tt.name, rec.Code, rec.Body)
			}
			b.drained(t)
		})
	}
}

// installed puts an installation on a shelf.
func installed(t *testing.T, b *bench, i installation) {
	t.Helper()
	if i.Token == "" {
		i.Token = testToken
	}
	if i.Since.IsZero() {
		i.Since = time.Now()
	}
	if err := b.tokens.keep(t.Context(), "T1", i); err != nil {
		t.Fatal(err)
	}
}

// rotating answers each refresh with the next pair of tokens, and a dead refresh
// token with an error.
func rotating(b *bench) *int {
	n := new(int)
	var mu sync.Mutex
	b.api.do("oauth.v2.access", func(c call) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		if c.form.Get("refresh_token") != fmt.Sprint("refresh-", *n+1) || c.form.Get("grant_type") != "refresh_token" {
			return respondWith(http.StatusOK, `{"ok":false,"error":"invalid_refresh_token"}`), nil
		}
		*n++
		return respondWith(http.StatusOK, fmt.Sprintf(`{"ok":true,"access_token":"%s-%d","refresh_token":"refresh-%d","expires_in":43200}`, testToken, *n+1, *n+1)), nil
	})
	return n
}

// TestRotationOnce checks that of many who find a token expired one refreshes it: the
// refresh token works once, and whoever saves a dead one loses the workspace.
func TestRotationOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		b := startMany(t, s)
		installed(t, b, installation{Refresh: "refresh-1", Expires: time.Now().Add(time.Hour)})
		n := rotating(b)
		time.Sleep(time.Hour)
		s.fail = 2
		var group sync.WaitGroup
		for i := range 50 {
			group.Go(func() {
				if _, err := b.Send(t.Context(), outgoing(address("T1", fmt.Sprint("C", i), ""))); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if *n != 1 || len(b.api.of("oauth.v2.access")) != 1 {
			t.Errorf("it was refreshed %d times", *n)
		}
		for _, c := range b.api.of("chat.postMessage") {
			if c.form.Get("token") != testToken+"-2" {
				t.Errorf("posted with %q", c.form.Get("token"))
			}
		}
		if i, err := b.tokens.load(t.Context(), "T1"); err != nil || i.Refresh != "refresh-2" {
			t.Errorf("kept %v, %v", i.Refresh, err)
		}
	})
}

// TestRotationWithoutTraffic checks that a bot which nobody speaks to has a good token
// when its reminder is due.
func TestRotationWithoutTraffic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startMany(t, newShelf())
		installed(t, b, installation{Refresh: "refresh-1", Expires: time.Now().Add(12 * time.Hour)})
		n := rotating(b)
		ctx, cancel := context.WithCancel(t.Context())
		go b.Run(ctx)
		time.Sleep(48 * time.Hour)
		synctest.Wait()
		if *n < 4 || *n > 6 {
			t.Errorf("in two days it was refreshed %d times", *n)
		}
		cancel()
		synctest.Wait()
	})
}

// TestExpiredUnderOurHands checks that a token which Slack calls expired is replaced,
// and the call made again: it had no effect.
func TestExpiredUnderOurHands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startMany(t, newShelf())
		installed(t, b, installation{Refresh: "refresh-1", Expires: time.Now().Add(12 * time.Hour)})
		rotating(b)
		b.api.do("chat.postMessage", func(c call) (*http.Response, error) {
			if c.form.Get("token") == testToken {
				return respondWith(http.StatusOK, `{"ok":false,"error":"token_expired"}`), nil
			}
			return respondWith(http.StatusOK, `{"ok":true,"channel":"C1","ts":"1.1"}`), nil
		})
		if _, err := b.Send(t.Context(), outgoing(address("T1", "C1", ""))); err != nil {
			t.Error(err)
		}
	})
}

// TestAnotherInstance checks that a token which another instance has refreshed is
// taken from where it is kept.
func TestAnotherInstance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		one, other := startMany(t, s), startMany(t, s)
		installed(t, one, installation{Refresh: "refresh-1", Expires: time.Now().Add(time.Minute)})
		if _, err := other.tokens.of(t.Context(), "T1"); err != nil {
			t.Fatal(err)
		}
		rotating(one)
		if _, err := one.tokens.renew(t.Context(), "T1", testToken); err != nil {
			t.Fatal(err)
		}
		other.api.answer("oauth.v2.access", `{"ok":false,"error":"invalid_refresh_token"}`)
		if token, err := other.tokens.renew(t.Context(), "T1", testToken); err != nil || token != testToken+"-2" {
			t.Errorf("got %v", err)
		}
	})
}

// TestSealIsBound checks that tokens open for their own workspace and with a key of
// ours only, and that a new key takes over.
func TestSealIsBound(t *testing.T) {
	old, _ := newKeyring([]string{oldKey})
	both, _ := newKeyring([]string{newKey, oldKey})
	young, _ := newKeyring([]string{newKey})
	sealed := old.seal("", "T1", []byte("token"))
	if plain, stale, err := both.open("", "T1", sealed); string(plain) != "token" || !stale || err != nil {
		t.Errorf("got %q, %v, %v", plain, stale, err)
	}
	for name, try := range map[string]func() ([]byte, bool, error){
		"another workspace":    func() ([]byte, bool, error) { return old.open("", "T2", sealed) },
		"another organisation": func() ([]byte, bool, error) { return old.open("E1", "T1", sealed) },
		"another key":          func() ([]byte, bool, error) { return young.open("", "T1", sealed) },
		"a changed byte": func() ([]byte, bool, error) {
			changed := []byte(string(sealed))
			changed[len(changed)-1]++
			return old.open("", "T1", changed)
		},
		"nothing": func() ([]byte, bool, error) { return old.open("", "T1", nil) },
	} {
		if _, _, err := try(); !errors.Is(err, errSealed) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if again := old.seal("", "T1", []byte("token")); string(again) == string(sealed) {
		t.Error("two seals are the same")
	}
}

// TestKeyRotation checks that after a start with a new key the old one can go.
func TestKeyRotation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf()
		installed(t, startMany(t, s), installation{})
		keys := func(keys ...string) func(*Config, *Ports) {
			return func(c *Config, _ *Ports) { c.Keys = keys }
		}
		ctx, cancel := context.WithCancel(t.Context())
		go startMany(t, s, keys(newKey, oldKey)).Run(ctx)
		synctest.Wait()
		cancel()
		synctest.Wait()
		if token, err := startMany(t, s, keys(newKey)).tokens.of(t.Context(), "T1"); err != nil || token != testToken {
			t.Errorf("got %v", err)
		}
	})
}

// TestUninstall checks that of a workspace which has left nothing is kept, in which
// order ever Slack says so, and that late news do not end a new installation.
func TestUninstall(t *testing.T) {
	at := func(id string, when time.Time, inner string) string {
		return fmt.Sprintf(`{"type":"event_callback","team_id":"T1","event_id":"%s","event_time":%d,"event":%s}`, id, when.Unix(), inner)
	}
	const uninstalled, revoked = `{"type":"app_uninstalled"}`, `{"type":"tokens_revoked","tokens":{"oauth":[],"bot":["UBOT"]}}`
	tests := []struct {
		name   string
		events []string
		since  time.Duration // how long ago it was installed
		want   int
	}{
		{"uninstalled, then revoked", []string{uninstalled, revoked}, time.Hour, 0},
		{"revoked, then uninstalled", []string{revoked, uninstalled}, time.Hour, 0},
		{"somebody else's token", []string{`{"type":"tokens_revoked","tokens":{"bot":["UOTHER"]}}`}, time.Hour, 1},
		{"late news", []string{uninstalled, revoked}, -time.Minute, 1},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			s := newShelf()
			b := startMany(t, s)
			installed(t, b, installation{BotUser: "UBOT", Since: time.Now().Add(-tt.since)})
			for i, inner := range tt.events {
				if w := b.post(pathEvents, at(fmt.Sprint("Ev", i), time.Now(), inner)); w.Code != http.StatusOK {
					t.Errorf("%s: got %d", tt.name, w.Code)
				}
				b.drained(t)
			}
			if len(s.rows) != tt.want {
				t.Errorf("%s: %d installations are kept, want %d", tt.name, len(s.rows), tt.want)
			}
			_, err := b.Send(t.Context(), outgoing(address("T1", "C1", "")))
			var failed *bot.SendError
			if gone := errors.As(err, &failed) && failed.Failure == bot.Gone; gone != (tt.want == 0) {
				t.Errorf("%s: sending: %v", tt.name, err)
			}
		})
	}
}

// TestTakenBack checks that a workspace that has taken its token back is left, where an
// operator's own token would only have to be replaced.
func TestTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startMany(t, newShelf())
		installed(t, b, installation{BotUser: "UBOT", Since: time.Now().Add(-time.Hour)})
		b.api.do("chat.postMessage", func(call) (*http.Response, error) {
			return respondWith(http.StatusOK, `{"ok":false,"error":"token_revoked"}`), nil
		})
		_, err := b.Send(t.Context(), outgoing(address("T1", "C1", "")))
		var failed *bot.SendError
		if !errors.As(err, &failed) || failed.Failure != bot.Gone {
			t.Errorf("sending: %v", err)
		}
	})
}

// TestManyWorkspaces checks that each workspace is answered with its own token.
func TestManyWorkspaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startMany(t, newShelf())
		installed(t, b, installation{})
		if err := b.tokens.keep(t.Context(), "E1/T9", installation{Token: testToken + "-of-all"}); err != nil {
			t.Fatal(err)
		}
		b.post(pathEvents, eventJSON("Ev1", mention("1.1", "x")))
		org := strings.NewReplacer(`"enterprise_id":null,"team_id":"T1"`, `"enterprise_id":"E1","team_id":"T2"`, `"is_enterprise_install":false`, `"is_enterprise_install":true`)
		b.post(pathEvents, org.Replace(eventJSON("Ev2", mention("1.2", "x"))))
		b.drained(t)
		tokens := make(map[string]bool)
		for _, c := range b.api.of("chat.postMessage") {
			tokens[c.form.Get("token")] = true
		}
		if len(tokens) != 2 || !tokens[testToken] || !tokens[testToken+"-of-all"] {
			t.Errorf("got %d tokens", len(tokens))
		}
	})
}
