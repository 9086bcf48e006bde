package slack

import (
	"cmp"
	"strings"

	slackgo "github.com/slack-go/slack"
)

// Scope is a permission that the app asks for, and why.
type Scope struct {
	Name, Why string
	Optional  bool
}

// Scopes are the permissions of the app. Without an optional one it works all the
// same, but for what its reason says.
func Scopes() []Scope {
	return []Scope{
		{Name: "commands", Why: "the slash command and the shortcut"},
		{Name: "chat:write", Why: "answers and reminders"},
		{Name: "app_mentions:read", Why: "questions that mention the bot"},
		{Name: "im:history", Why: "questions in direct messages"},
		{Name: "users:read", Why: "answers begin in the user's language and dates are those of the user's time zone; else in English and UTC until the user says otherwise", Optional: true},
		{Name: "channels:history", Why: "follow-up questions in a thread without a mention, and looking whether a reminder arrived when the connection broke; else a mention is needed, and an admin is asked", Optional: true},
		{Name: "groups:history", Why: "the same in private channels", Optional: true},
		{Name: "channels:read", Why: "the bot says how to use it when it is put into a channel, and members may change a channel's settings from elsewhere", Optional: true},
		{Name: "groups:read", Why: "the same in private channels", Optional: true},
		{Name: "chat:write.public", Why: "reminders in public channels that the bot was not invited to; else it has to be", Optional: true},
	}
}

func scopes(optional bool) []string {
	var names []string
	for _, scope := range Scopes() {
		if scope.Optional == optional {
			names = append(names, scope.Name)
		}
	}
	return names
}

func allScopes() []string { return append(scopes(false), scopes(true)...) }

// events are what the app subscribes to.
func events() []string {
	return []string{
		"app_home_opened", "app_mention", "app_uninstalled", "member_joined_channel",
		"message.channels", "message.groups", "message.im", "tokens_revoked",
	}
}

// Setup is what a manifest depends on.
type Setup struct {
	// PublicURL is where the program can be reached; empty for Socket Mode.
	PublicURL string
	// Command is the slash command, "/wps" if it is empty.
	Command string
	// Many is true if many workspaces may add the app.
	Many bool
}

// DefaultCommand is the slash command. A workspace may know another app by the same
// one, so that it can be changed.
const DefaultCommand = "/wps"

// Manifest describes the app to Slack (docs.slack.dev/reference/app-manifest).
func Manifest(setup Setup) *slackgo.Manifest {
	base := strings.TrimSuffix(setup.PublicURL, "/")
	at := func(path string) string {
		if base == "" {
			return ""
		}
		return base + path
	}
	m := &slackgo.Manifest{
		Display: slackgo.Display{
			Name:            appName,
			Description:     "Sourced answers on Women, Peace and Security",
			LongDescription: "Suhbat answers questions on the Women, Peace and Security agenda and on the Dialogue of Women of Central Asia. Every answer names its source, and what the facts do not say it does not say either. It speaks English, Russian, Kazakh, Kyrgyz, Tajik, Turkmen and Uzbek.",
			BackgroundColor: "#1f4e79",
		},
		Features: slackgo.Features{
			AppHome: slackgo.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true},
			BotUser: slackgo.BotUser{DisplayName: appName, AlwaysOnline: true},
			Shortcuts: []slackgo.Shortcut{{
				Name: "Check this claim", CallbackID: checkClaim, Type: slackgo.MessageShortcut,
				Description: "Look up what the facts say about this message",
			}},
			SlashCommands: []slackgo.ManifestSlashCommand{{
				Command: cmp.Or(setup.Command, DefaultCommand), Url: at(pathCommands),
				Description: "Ask about Women, Peace and Security", UsageHint: "who chaired in 2022?",
			}},
		},
		OAuthConfig: slackgo.OAuthConfig{Scopes: slackgo.OAuthScopes{Bot: scopes(false), BotOptional: scopes(true)}},
		Settings: slackgo.Settings{
			EventSubscriptions: &slackgo.EventSubscriptions{RequestUrl: at(pathEvents), BotEvents: events()},
			Interactivity:      &slackgo.Interactivity{IsEnabled: true, RequestUrl: at(pathInteractions)},
			SocketModeEnabled:  base == "",
		},
	}
	if setup.Many {
		m.OAuthConfig.RedirectUrls = []string{at(pathCallback)}
		m.OAuthConfig.PKCEEnabled = true
		m.Settings.OrgDeployEnabled = true
		m.Settings.TokenRotationEnabled = true
	}
	return m
}
