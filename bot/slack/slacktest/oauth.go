package slacktest

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// code is what an installation gives the app to fetch its token with.
type code struct {
	w         *Workspace
	by        *User
	scopes    []string
	redirect  string
	challenge string
	ends      time.Time
	used      bool
}

// codeLife is how long a code is good for.
const codeLife = 10 * time.Minute

// Approve is what a user does on the page that "Add to Slack" leads to; page is its
// address. It returns the address that her browser is sent to.
func (u *User) Approve(page string) string {
	u.s.tb.Helper()
	back, why := u.s.consent(u, page, true)
	if why != "" {
		u.s.tb.Fatalf("Slack shows an error in place of the consent page: %s", why)
	}
	return back
}

// Decline is the other button: the browser goes back with error=access_denied.
func (u *User) Decline(page string) string {
	u.s.tb.Helper()
	back, why := u.s.consent(u, page, false)
	if why != "" {
		u.s.tb.Fatalf("Slack shows an error in place of the consent page: %s", why)
	}
	return back
}

func (s *Slack) consent(u *User, page string, yes bool) (back, why string) {
	at, err := url.Parse(page)
	if err != nil {
		return "", "bad_url"
	}
	q := at.Query()
	scopes := strings.FieldsFunc(q.Get("scope"), func(r rune) bool { return r == ',' || r == ' ' })
	redirect, err := url.Parse(s.redirect(q.Get("redirect_uri")))
	switch {
	case q.Get("client_id") != ClientID:
		return "", "invalid_client_id"
	case len(scopes) == 0:
		return "", "invalid_scope"
	case err != nil || redirect.Host == "":
		return "", "bad_redirect_uri"
	case q.Get("code_challenge") != "" && q.Get("code_challenge_method") != "S256":
		return "", "invalid_code_challenge_method"
	}
	r := redirect.Query()
	r.Set("state", q.Get("state"))
	r.Set("error", "access_denied")
	if yes {
		r.Del("error")
		r.Set("code", s.grant(&code{w: u.w, by: u, scopes: scopes, redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge")}))
	}
	redirect.RawQuery = r.Encode()
	return redirect.String(), ""
}

// redirect returns the address to go back to, the first registered one if none is
// given, and nothing if it is not registered.
func (s *Slack) redirect(given string) string {
	registered := s.cfg.Redirects
	if given == "" && len(registered) > 0 {
		return registered[0]
	}
	if registered == nil || slices.ContainsFunc(registered, func(r string) bool { return strings.HasPrefix(given, r) }) {
		return given
	}
	return ""
}

func (s *Slack) grant(c *code) (value string) {
	s.locked(func() {
		c.ends = s.cfg.Now().Add(codeLife)
		value = s.id(Mark + "-code-")
		s.codes[value] = c
	})
	return value
}

// serveAuthorize is the consent page for a browser without a person: the admin of
// the first workspace approves at once.
func (s *Slack) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	var by *User
	if len(s.workspaces) > 0 {
		by = s.workspaces[0].users[0]
	}
	s.mu.Unlock()
	if by == nil {
		http.Error(w, "no workspace", http.StatusNotFound)
		return
	}
	back, why := s.consent(by, r.URL.String(), true)
	if why != "" {
		http.Error(w, why, http.StatusBadRequest)
		return
	}
	http.Redirect(w, r, back, http.StatusFound)
}

func (s *Slack) oauthAccess(c *call) (object, error) {
	if err := c.client(); err != nil {
		return nil, err
	}
	if c.arg("grant_type") == "refresh_token" {
		return s.rotate(c)
	}
	g := s.codes[c.arg("code")]
	switch {
	case g == nil:
		return nil, fail("invalid_code")
	case g.used:
		return nil, fail("code_already_used")
	case !s.cfg.Now().Before(g.ends):
		return nil, fail("code_expired")
	case g.redirect != c.arg("redirect_uri"):
		return nil, fail("bad_redirect_uri")
	case g.challenge != "" && g.challenge != challenge(c.arg("code_verifier")):
		return nil, fail("invalid_code_verifier")
	}
	g.used = true
	t := s.install(g.w, g.scopes)
	o := s.grantObject(t)
	o["authed_user"] = object{"id": g.by.ID}
	return o, nil
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// rotate gives new tokens for a refresh token, which works once. The old access
// token stays good until it ends.
func (s *Slack) rotate(c *call) (object, error) {
	old := s.refresh[c.arg("refresh_token")]
	if old == nil {
		return nil, fail("invalid_refresh_token")
	}
	delete(s.refresh, c.arg("refresh_token"))
	if old.revoked || old.dead {
		return nil, fail("token_revoked")
	}
	return s.grantObject(s.mint(old.w, old.scopes)), nil
}

// oauthExchange turns a token that does not end into one that rotates.
func (s *Slack) oauthExchange(c *call) (object, error) {
	if err := c.client(); err != nil {
		return nil, err
	}
	t := s.tokens[c.Token]
	switch {
	case t == nil || t.w == nil:
		return nil, fail("invalid_auth")
	case !s.cfg.Rotation:
		return nil, fail("token_rotation_not_enabled")
	case !t.ends.IsZero():
		return nil, fail("invalid_token_type")
	}
	t.revoked = true
	return s.grantObject(s.mint(t.w, t.scopes)), nil
}

func (s *Slack) grantObject(t *token) object {
	o := object{
		"access_token": t.value, "token_type": "bot", "scope": strings.Join(t.scopes, ","), "bot_user_id": t.w.BotUser, "app_id": AppID,
		"team": object{"id": t.w.ID, "name": t.w.Name}, "enterprise": nil, "is_enterprise_install": false,
	}
	if !t.ends.IsZero() {
		o["refresh_token"], o["expires_in"] = t.w.botRefresh, int(t.ends.Sub(s.cfg.Now()).Seconds())
	}
	return o
}
