package slack

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestInstallOrganisation checks that who adds the app to a whole organisation, which
// names no workspace, is told how to begin as well.
func TestInstallOrganisation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := startMany(t, newShelf())
		b.api.answer("oauth.v2.access", `{"ok":true,"access_token":"`+testToken+`","team":null,"enterprise":{"id":"E1"},"is_enterprise_install":true,"authed_user":{"id":"U1"}}`)
		w := newBrowser(b)
		if rec := w.finish(w.begin(t).Get("state")); rec.Code != http.StatusOK {
			t.Fatalf("got %d %s", rec.Code, b.log)
		}
		b.drained(t)
		posts := b.api.of("chat.postMessage")
		if len(posts) != 1 || posts[0].form.Get("channel") != "U1" || posts[0].form.Get("text") != "command: /start" {
			t.Errorf("got %v", posts)
		}
	})
}

// TestOrganisationLeaves checks that of an organisation which has removed the app nothing
// is kept, though what tells of it names no authorization, and that a workspace in it
// which has the app of its own keeps that.
func TestOrganisationLeaves(t *testing.T) {
	tests := []struct{ names, kept string }{
		{`"team_id":"T9","enterprise_id":"E1","is_enterprise_install":true,"authorizations":[]`, "T1"},
		{`"enterprise_id":"E1"`, "T1"},
		{`"team_id":"T1","enterprise_id":"E1","is_enterprise_install":false`, ""},
		{`"team_id":"T9","enterprise_id":"E1"`, "both"},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			s := newShelf()
			b := startMany(t, s)
			for _, space := range []string{"T1", "E1/"} {
				if err := b.tokens.keep(t.Context(), space, installation{BotUser: "UBOT", Since: time.Now().Add(-time.Hour)}); err != nil {
					t.Fatal(err)
				}
			}
			b.post(pathEvents, `{"type":"event_callback",`+tt.names+`,"event_id":"Ev1","event":{"type":"app_uninstalled"}}`)
			b.drained(t)
			_, ofTeam := s.rows[[2]string{"", "T1"}]
			_, ofOrg := s.rows[[2]string{"E1", ""}]
			if ofTeam != (tt.kept != "") || ofOrg != (tt.kept != "T1") {
				t.Errorf("%s: the workspace's is kept: %v, the organisation's: %v", tt.names, ofTeam, ofOrg)
			}
		})
	}
}
