package slacktest

import (
	"slices"
	"strings"
	"time"
)

// token is a secret that opens the Web API.
type token struct {
	value   string
	w       *Workspace // nil for an app-level token
	scopes  []string
	level   bool      // an app-level token
	ends    time.Time // zero if it does not end
	revoked bool
	// dead is true when whoever it acted for is gone: account_inactive.
	dead bool
}

// method is one of the Web API: what it needs, how often it may be called in a
// minute, and what it does.
type method struct {
	scope string
	tier  int
	serve func(*Slack, *call) (object, error)
}

// open marks methods that need no token, appLevel those that need the app's own.
const (
	open     = "-"
	appLevel = "connections:write"
)

// methods and their tiers are those of docs.slack.dev/reference/methods.
var methods = map[string]method{
	"auth.test":             {"", special, (*Slack).authTest},
	"auth.revoke":           {"", 3, (*Slack).authRevoke},
	"apps.connections.open": {appLevel, 1, (*Slack).connectionsOpen},
	"apps.uninstall":        {"", 1, (*Slack).appsUninstall},
	"bots.info":             {"users:read", 3, (*Slack).botsInfo},
	"chat.delete":           {"chat:write", 3, (*Slack).chatDelete},
	"chat.getPermalink":     {"", special, (*Slack).chatGetPermalink},
	"chat.postEphemeral":    {"chat:write", 4, (*Slack).chatPostEphemeral},
	"chat.postMessage":      {"chat:write", special, (*Slack).chatPostMessage},
	"chat.update":           {"chat:write", 3, (*Slack).chatUpdate},
	"conversations.history": {"", 3, (*Slack).conversationsHistory},
	"conversations.info":    {"", 3, (*Slack).conversationsInfo},
	"conversations.members": {"", 4, (*Slack).conversationsMembers},
	"conversations.open":    {"im:write", 3, (*Slack).conversationsOpen},
	"conversations.replies": {"", 3, (*Slack).conversationsReplies},
	"oauth.v2.access":       {open, 4, (*Slack).oauthAccess},
	"oauth.v2.exchange":     {open, 4, (*Slack).oauthExchange},
	"team.info":             {"team:read", 3, (*Slack).teamInfo},
	"users.info":            {"users:read", 4, (*Slack).usersInfo},
	"views.open":            {"", 4, (*Slack).viewsOpen},
	"views.publish":         {"", 4, (*Slack).viewsPublish},
	"views.push":            {"", 4, (*Slack).viewsPush},
	"views.update":          {"", 4, (*Slack).viewsUpdate},
}

// authorize checks the token of a call against what the method needs.
func (s *Slack) authorize(c *call, m method) error {
	if m.scope == open {
		return nil
	}
	t := s.tokens[c.Token]
	switch {
	case c.Token == "":
		return fail("not_authed")
	case t == nil:
		return fail("invalid_auth")
	case t.dead:
		return fail("account_inactive")
	case t.revoked:
		return fail("token_revoked")
	case !t.ends.IsZero() && !s.cfg.Now().Before(t.ends):
		return fail("token_expired")
	case t.level != (m.scope == appLevel):
		return fail("not_allowed_token_type")
	}
	c.token, c.w = t, t.w
	if m.scope == "" {
		return nil
	}
	return c.need(m.scope)
}

// need fails with missing_scope if the token lacks one.
func (c *call) need(scope string) error {
	if slices.Contains(c.token.scopes, scope) {
		return nil
	}
	return &failure{"missing_scope", object{"needed": scope, "provided": strings.Join(c.token.scopes, ",")}}
}

// mint returns new bot tokens for a workspace.
func (s *Slack) mint(w *Workspace, scopes []string) *token {
	t := &token{value: "xoxb-" + s.id(Mark+"-"), w: w, scopes: slices.Clone(scopes)}
	w.botRefresh = ""
	if s.cfg.Rotation {
		t.value = "xoxe." + t.value
		t.ends = s.cfg.Now().Add(lifetime)
		w.botRefresh = "xoxe-1-" + s.id(Mark+"-refresh-")
		s.refresh[w.botRefresh] = t
	}
	s.tokens[t.value] = t
	w.botToken = t.value
	return t
}

// lifetime is how long a token lasts that rotates.
const lifetime = 12 * time.Hour

// install gives the app to a workspace.
func (s *Slack) install(w *Workspace, scopes []string) *token {
	// Installing again keeps a bot token that does not rotate.
	if t := s.tokens[w.botToken]; w.installed && t != nil && t.ends.IsZero() && !t.revoked {
		t.scopes = slices.Clone(scopes)
		return t
	}
	w.installed = true
	return s.mint(w, scopes)
}

// Revoke ends all tokens of the workspace and tells the app.
func (w *Workspace) Revoke() {
	w.s.locked(func() {
		w.s.emit(w, "tokens_revoked", w.revoke())
	})
}

func (w *Workspace) revoke() object {
	for _, t := range w.s.tokens {
		if t.w == w {
			t.revoked = true
		}
	}
	return object{"type": "tokens_revoked", "tokens": object{"oauth": []string{}, "bot": []string{w.BotUser}}}
}

// Disable ends the bot's account, without a word to the app.
func (w *Workspace) Disable() { w.s.locked(w.disable) }

func (w *Workspace) disable() {
	for _, t := range w.s.tokens {
		if t.w == w {
			t.dead = true
		}
	}
}

// EnableRotation makes the tokens rotate that are given from now on; the others can
// be exchanged.
func (s *Slack) EnableRotation() { s.locked(func() { s.cfg.Rotation = true }) }

// Uninstall takes the app out of the workspace. Its two events may arrive in either
// order; revokedFirst says in which. Its tokens then are of an inactive account.
func (w *Workspace) Uninstall(revokedFirst bool) {
	w.s.locked(func() { w.uninstall(revokedFirst) })
}

func (w *Workspace) uninstall(revokedFirst bool) {
	events := []object{{"type": "app_uninstalled"}, w.revoke()}
	if revokedFirst {
		slices.Reverse(events)
	}
	w.s.emit(w, "", events...)
	w.installed = false
	w.disable()
	for _, ch := range w.s.channels {
		if ch.with == nil {
			ch.members = slices.DeleteFunc(ch.members, func(id string) bool { return id == w.BotUser })
		}
	}
}

func (s *Slack) authTest(c *call) (object, error) {
	return object{
		"url": "https://" + c.w.domain() + ".slack.com/", "team": c.w.Name, "user": "suhbat", "team_id": c.w.ID,
		"user_id": c.w.BotUser, "bot_id": c.w.BotID, "is_enterprise_install": false,
	}, nil
}

func (s *Slack) authRevoke(c *call) (object, error) {
	if !c.flag("test") {
		c.token.revoked = true
		s.emit(c.w, "tokens_revoked", object{"type": "tokens_revoked", "tokens": object{"oauth": []string{}, "bot": []string{c.w.BotUser}}})
	}
	return object{"revoked": !c.flag("test")}, nil
}

func (s *Slack) appsUninstall(c *call) (object, error) {
	if err := c.client(); err != nil {
		return nil, err
	}
	c.w.uninstall(false)
	return nil, nil
}

// client checks the client ID and secret, of the header or the arguments.
func (c *call) client() error {
	id, secret := or(c.basic[0], c.arg("client_id")), or(c.basic[1], c.arg("client_secret"))
	switch {
	case id != ClientID:
		return fail("invalid_client_id")
	case secret != ClientSecret:
		return fail("bad_client_secret")
	}
	return nil
}
