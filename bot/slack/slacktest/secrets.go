package slacktest

// Mark is part of every secret that this package gives out, response URLs and
// trigger IDs included: a log, an error or a page that contains it holds a secret.
const Mark = "slacktest-secret"

// The secrets of the app. Tokens of further workspaces are
// [Workspace.Token]; they contain the [Mark] as well.
const (
	SigningSecret     = Mark + "-signing"
	NextSigningSecret = Mark + "-signing-next"
	ClientSecret      = Mark + "-client"
	// AppToken is the app-level token that opens Socket Mode.
	AppToken = "xapp-1-" + Mark
	// BotToken is that of the first workspace, if tokens do not rotate.
	BotToken = "xoxb-" + Mark + "-0001"
	// VerificationToken is the old one that still comes with every request.
	VerificationToken = Mark + "-verification"
)

// What the app is known by.
const (
	AppID    = "A0001"
	ClientID = "1000.2000"
)

// DefaultScopes are all bot scopes that a method or an event here asks for.
func DefaultScopes() []string {
	return []string{
		"commands", "chat:write", "app_mentions:read", "im:history", "im:read", "im:write", "channels:history",
		"channels:read", "groups:history", "groups:read", "mpim:history", "users:read", "team:read",
	}
}

// DefaultEvents are the events of an app that talks, without those that copy every
// message of a channel to it.
func DefaultEvents() []string {
	return []string{"app_mention", "message.im", "app_home_opened", "app_uninstalled", "tokens_revoked", "member_joined_channel", "team_join"}
}
