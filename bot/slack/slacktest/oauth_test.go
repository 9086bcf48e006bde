package slacktest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"suhbat/bot/slack/slacktest"
)

const callback = "https://app.example/slack/oauth/callback"

func page(q url.Values) string { return "https://slack.com/oauth/v2/authorize?" + q.Encode() }

func TestInstall(t *testing.T) {
	inBubble(t, slacktest.Config{Rotation: true, Redirects: []string{callback}}, func(t *testing.T, w *world) {
		osh := w.Vacant("Osh")
		verifier := "verifier-verifier-verifier-verifier-verifier"
		sum := slack.GenerateCodeChallenge(verifier)
		q := url.Values{
			"client_id": {slacktest.ClientID}, "scope": {"chat:write,commands"}, "state": {"st"}, "redirect_uri": {callback},
			"code_challenge": {sum}, "code_challenge_method": {"S256"},
		}
		back, _ := url.Parse(osh.Admin().Decline(page(q)))
		if back.Query().Get("error") != "access_denied" || back.Query().Get("state") != "st" {
			t.Errorf("declined: %v", back)
		}
		back, _ = url.Parse(osh.Admin().Approve(page(q)))
		code := back.Query().Get("code")
		get := func(secret, redirect, verifier string) map[string]any {
			return call(t, w.Slack, "oauth.v2.access", "", "client_id", slacktest.ClientID, "client_secret", secret,
				"code", code, "redirect_uri", redirect, "code_verifier", verifier)
		}
		wantError(t, get("wrong", callback, verifier), "bad_client_secret")
		wantError(t, get(slacktest.ClientSecret, "https://evil.example", verifier), "bad_redirect_uri")
		wantError(t, get(slacktest.ClientSecret, callback, "wrong"), "invalid_code_verifier")
		got := get(slacktest.ClientSecret, callback, verifier)
		if got["access_token"] != osh.Token() || got["scope"] != "chat:write,commands" || got["refresh_token"] != osh.RefreshToken() {
			t.Errorf("installed: %v", got)
		}
		wantError(t, get(slacktest.ClientSecret, callback, verifier), "code_already_used")
	})
}

func TestRotation(t *testing.T) {
	inBubble(t, slacktest.Config{Rotation: true}, func(t *testing.T, w *world) {
		token, refresh := w.w.Token(), w.w.RefreshToken()
		time.Sleep(12 * time.Hour)
		wantError(t, call(t, w.Slack, "auth.test", token), "token_expired")
		r, err := slack.RefreshOAuthV2TokenContext(t.Context(), w.Client(), slacktest.ClientID, slacktest.ClientSecret, refresh, slack.OAuthOptionAPIURL(w.URL()))
		if err != nil || r.ExpiresIn != 12*3600 || r.AccessToken == token {
			t.Fatalf("%+v, %v", r, err)
		}
		wantError(t, call(t, w.Slack, "auth.test", r.AccessToken), "")
		if _, err := slack.RefreshOAuthV2TokenContext(t.Context(), w.Client(), slacktest.ClientID, slacktest.ClientSecret, refresh, slack.OAuthOptionAPIURL(w.URL())); err == nil {
			t.Error("a refresh token worked twice")
		}
	})
}

func TestExchange(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		exchange := func(token string) map[string]any {
			return call(t, w.Slack, "oauth.v2.exchange", token, "client_id", slacktest.ClientID, "client_secret", slacktest.ClientSecret)
		}
		old := w.w.Token()
		wantError(t, exchange(old), "token_rotation_not_enabled")
		w.EnableRotation()
		if got := exchange(old); got["access_token"] != w.w.Token() || got["refresh_token"] != w.w.RefreshToken() {
			t.Errorf("exchanged: %v", got)
		}
		wantError(t, call(t, w.Slack, "auth.test", old), "token_revoked")
		wantError(t, exchange(w.w.Token()), "invalid_token_type")
	})
}

func TestRevokeAndUninstall(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		wantError(t, call(t, w.Slack, "apps.uninstall", w.w.Token(), "client_id", slacktest.ClientID, "client_secret", "x"), "bad_client_secret")
		wantError(t, call(t, w.Slack, "apps.uninstall", w.w.Token(), "client_id", slacktest.ClientID, "client_secret", slacktest.ClientSecret), "")
		w.Settle()
		if n := len(w.Deliveries("app_uninstalled", "tokens_revoked")); n != 2 {
			t.Errorf("%d events", n)
		}
		wantError(t, call(t, w.Slack, "auth.test", w.w.Token()), "account_inactive")
		osh := w.Workspace("Osh")
		wantError(t, call(t, w.Slack, "auth.revoke", osh.Token()), "")
		wantError(t, call(t, w.Slack, "auth.revoke", osh.Token()), "token_revoked")
	})
}

func TestAuthorizePage(t *testing.T) {
	w := newWorld(t, slacktest.Config{})
	c := w.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := c.Get(page(url.Values{"client_id": {slacktest.ClientID}, "scope": {"commands"}, "redirect_uri": {callback}}))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if at, _ := url.Parse(res.Header.Get("Location")); res.StatusCode != http.StatusFound || at.Query().Get("code") == "" {
		t.Errorf("%s to %s", res.Status, at)
	}
}
