package slack

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
	"golang.org/x/text/language"

	"suhbat/bot"
)

// The pages of an installation, and how long one may take.
const (
	pathInstall  = "/slack/install"
	pathCallback = "/slack/oauth/callback"
	stateLasts   = 10 * time.Minute
)

// installer adds the app to workspaces
// (docs.slack.dev/authentication/installing-with-oauth).
//
// The state that travels through Slack is good once, for ten minutes, and only in the
// browser that has the cookie which was made with it: nobody can make somebody else
// finish an installation. The code verifier of PKCE is made from the two, so that
// neither a stolen code nor the state is enough.
type installer struct {
	slack  *Slack
	secret []byte // makes code verifiers
}

func newInstaller(s *Slack, ring keyring) *installer {
	return &installer{slack: s, secret: derive(ring[0].bytes, "code verifiers")}
}

// random returns 32 random bytes as text.
func random() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// cookie is the cookie of an installation; a zero age ends it.
func (i *installer) cookie(value string, age time.Duration) *http.Cookie {
	c := &http.Cookie{
		Name: "suhbat-install", Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if strings.HasPrefix(i.slack.config.PublicURL, "https://") {
		c.Name, c.Secure = "__Host-"+c.Name, true
	}
	if age == 0 {
		c.MaxAge = -1
	}
	return c
}

// rowOf is what is kept of a state and its cookie.
func rowOf(state, cookie string) string {
	sum := sha256.Sum256([]byte(state + "." + cookie))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (i *installer) codeVerifier(state, cookie string) string {
	mac := hmac.New(sha256.New, i.secret)
	io.WriteString(mac, state+"."+cookie) //nolint:errcheck // a hash never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (i *installer) redirectURL() string { return i.slack.config.PublicURL + pathCallback }

// begin sends a browser to Slack.
func (i *installer) begin(w http.ResponseWriter, r *http.Request) {
	state, cookie := random(), random()
	if err := i.slack.ports.States.PutState(r.Context(), rowOf(state, cookie), nil, i.slack.now().Add(stateLasts)); err != nil {
		i.slack.log.Error("an installation could not begin", slog.Any("error", err))
		i.page(w, r, http.StatusServiceUnavailable)
		return
	}
	http.SetCookie(w, i.cookie(cookie, stateLasts))
	w.Header().Set("Cache-Control", "no-store")
	to := i.authorizeURL() + "?" + url.Values{
		"client_id":             {i.slack.config.ClientID},
		"scope":                 {strings.Join(allScopes(), ",")},
		"redirect_uri":          {i.redirectURL()},
		"state":                 {state},
		"code_challenge":        {slackgo.GenerateCodeChallenge(i.codeVerifier(state, cookie))},
		"code_challenge_method": {"S256"},
	}.Encode()
	http.Redirect(w, r, to, http.StatusFound)
}

// authorizeURL is Slack's page for it, beside its methods.
func (i *installer) authorizeURL() string {
	return strings.TrimSuffix(i.slack.config.API, "api/") + "oauth/v2/authorize"
}

// finish is where Slack sends the browser back to.
func (i *installer) finish(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	state, code := query.Get("state"), query.Get("code")
	cookie, err := r.Cookie(i.cookie("", 0).Name)
	if err != nil || state == "" || len(state) > 100 {
		i.refuse(w, r, http.StatusBadRequest, errors.New("the state or its cookie is missing"))
		return
	}
	http.SetCookie(w, i.cookie("", 0))
	_, ok, err := i.slack.ports.States.TakeState(r.Context(), rowOf(state, cookie.Value), i.slack.now())
	switch {
	case err != nil:
		i.refuse(w, r, http.StatusServiceUnavailable, err)
		return
	case !ok:
		i.refuse(w, r, http.StatusBadRequest, errors.New("the state is used, expired, or of another browser"))
		return
	case code == "":
		i.refuse(w, r, http.StatusOK, errors.New("it was declined: "+clamp(query.Get("error"), 50)))
		return
	}
	if err := i.exchange(r.Context(), code, i.codeVerifier(state, cookie.Value)); err != nil {
		i.refuse(w, r, http.StatusBadGateway, err)
		return
	}
	i.page(w, r, http.StatusOK)
}

func (i *installer) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	i.slack.log.Warn("an installation was not finished", slog.Any("error", withoutURL(err)))
	if status == http.StatusOK {
		status = http.StatusForbidden
	}
	i.page(w, r, status)
}

// page says how it ended.
func (i *installer) page(w http.ResponseWriter, r *http.Request, status int) {
	tags, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")) // none is fine
	lang := language.English
	if len(tags) > 0 {
		lang = tags[0]
	}
	said := i.slack.words(lang).NotInstalled
	if status == http.StatusOK {
		said = i.slack.words(lang).Installed
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	io.WriteString(w, "<!doctype html><meta name=viewport content=\"width=device-width\"><title>"+appName+"</title><p>"+html.EscapeString(said)+"\n") //nolint:errcheck // the browser is gone
}

// exchange trades the code for a token and keeps it.
func (i *installer) exchange(ctx context.Context, code, codeVerifier string) error {
	c, now := &i.slack.config, i.slack.now()
	got, err := slackgo.GetOAuthV2ResponseContext(ctx, i.slack.client, c.ClientID, c.ClientSecret, code, i.redirectURL(),
		slackgo.OAuthOptionAPIURL(c.API), slackgo.OAuthOptionCodeVerifier(codeVerifier))
	if err != nil {
		return err
	}
	h := home{enterprise: got.Enterprise.ID, team: got.Team.ID, org: got.IsEnterpriseInstall}
	if got.AccessToken == "" || h.space() == "" {
		return errors.New("slack names no token or no workspace")
	}
	err = i.slack.tokens.keep(ctx, h.space(), installation{
		Token: got.AccessToken, Refresh: got.RefreshToken, Expires: expiry(got, now),
		BotUser: got.BotUserID, Since: now, Scope: got.Scope, User: got.AuthedUser.ID,
	})
	if err != nil {
		return err
	}
	i.slack.log.Info("a workspace has added the app", slog.String("space", h.space()))
	i.welcome(ctx, h, got.AuthedUser.ID)
	return nil
}

// newcomer is who has added the app, as it is kept in the inbox.
type newcomer struct {
	Enterprise string `json:"enterprise"`
	Team       string `json:"team"`
	Org        bool   `json:"org"`
	User       string `json:"user"`
}

// decodeWelcome makes the arrival that greets a newcomer, and nobody else in the
// workspace.
func decodeWelcome(raw []byte) *arrival {
	var n newcomer
	if json.Unmarshal(raw, &n) != nil || n.User == "" || n.Team == "" && !n.Org {
		return &arrival{}
	}
	a := &arrival{errand: answerAll, home: home{enterprise: n.Enterprise, team: n.Team, org: n.Org}}
	a.place(n.User, "", n.User)
	a.in.Kind, a.in.Text = bot.Command, "/start"
	return a
}

// welcome greets the one who has added the app.
func (i *installer) welcome(ctx context.Context, h home, user string) {
	raw, _ := json.Marshal(newcomer{h.enterprise, h.team, h.org, user}) //nolint:errchkjson // strings cannot fail
	a := i.slack.decode(welcome, raw)
	if a.errand == nothing || !i.slack.begin() {
		return
	}
	a.in.ID = "welcome:" + h.space() + ":" + user + ":" + a.at.UTC().Format(time.RFC3339)
	fresh, err := i.slack.ports.Inbox.Keep(ctx, a.in.ID, a.in.From, a.body(), a.at)
	if err != nil || !fresh {
		i.slack.log.Error("who has added the app is not greeted", slog.Any("error", err))
		i.slack.end()
		return
	}
	i.slack.queue(i.slack.watch(ctx, a), a, bot.Progress{})
}
