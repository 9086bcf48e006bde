package app

import (
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/slack"
)

// The settings of serve for Slack, see the table in docs/operators.md.
const (
	envSlackToken        = "SLACK_BOT_TOKEN"
	envSlackSecret       = "SLACK_SIGNING_SECRET"
	envSlackApp          = "SLACK_APP_TOKEN"
	envSlackClient       = "SLACK_CLIENT_ID"
	envSlackClientSecret = "SLACK_CLIENT_SECRET"
	envSlackAPI          = "SLACK_API_URL"
	envSlackCommand      = "SLACK_COMMAND"
	envKey               = "SUHBAT_ENCRYPTION_KEY"
)

// What the settings look like, so far as it is known (docs.slack.dev/authentication/tokens
// and, for the name of a command, /interactivity/implementing-slash-commands).
const (
	slackBotToken pattern = `^(xoxe\.)?xoxb-[!-~]+$`
	slackAppToken pattern = `^xapp-[!-~]+$`
	slackSecrets  pattern = `^[!-+\--~]+(\s*,\s*[!-+\--~]+)*$`
	slackClient   pattern = `^[0-9A-Za-z.]+$`
	slackCommand  pattern = `^/[^\s/]{1,31}$`
)

type slackSettings struct {
	// config has the settings, without a clock, a log and words.
	config  slack.Config
	command string
}

// slack reads the settings of Slack.
func (r *settingReader) slack(publicURL string) slackSettings {
	const several = "one secret, or several with commas between"
	s := slackSettings{
		command: r.text(envSlackCommand, slack.DefaultCommand),
		config: slack.Config{
			API:            r.address(envSlackAPI),
			BotToken:       r.secret(envSlackToken, slackBotToken, "a bot token, which begins with xoxb-"),
			SigningSecrets: list(r.secret(envSlackSecret, slackSecrets, several)),
			AppToken:       r.secret(envSlackApp, slackAppToken, "an app-level token, which begins with xapp-"),
			ClientID:       r.secret(envSlackClient, slackClient, "a client id such as 123.456"),
			ClientSecret:   r.secret(envSlackClientSecret, slackSecrets, "one secret"),
			Keys:           list(r.secret(envKey, slackSecrets, several)),
			PublicURL:      publicURL,
		},
	}
	if !slackCommand.matches(s.command) {
		r.fail(envSlackCommand, "is not what it should be, expected a slash and at most 31 characters without spaces, such as /wps")
	}
	if err := s.config.Check(); s.wanted() && err != nil && r.err == nil {
		r.err = usagef("%s", err)
	}
	return s
}

// list cuts a setting with several values.
func list(value string) []string {
	var all []string
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// wanted reports whether any setting is there that only Slack needs.
func (s *slackSettings) wanted() bool {
	c := &s.config
	return c.BotToken != "" || c.AppToken != "" || c.ClientID != "" || c.ClientSecret != "" || len(c.SigningSecrets) > 0
}

// takeWords are the commands that take words behind them. What begins with another
// one is a question there: "chairs of 2022".
var takeWords = []string{"language", "subscribe"}

func newSlack(g *grounds) (*slack.Slack, error) {
	c := g.settings.slack.config
	c.Now, c.Log, c.Words, c.Commands = g.now, g.log, slackWords(g.core.Core), takeWords
	c.Watch = g.tracer.Watch()
	if around := g.tracer.Transport(slackCall); around != nil {
		c.Transport = around(http.DefaultTransport)
	}
	p := slack.Ports{Inbox: g.db.Inbox(slack.Network), Chats: g.chats, Talks: g.db, Installations: g.db, States: g.db}
	p.Slots, p.Locks = g.shared()
	return slack.New(c, g.core, p)
}

// slackWords takes the few words that only Slack needs from the language packs.
func slackWords(core *bot.Core) func(language.Tag) slack.Words {
	return func(tag language.Tag) slack.Words {
		say := func(key string) string { return core.Phrase(tag, key) }
		return slack.Words{
			SharedBy: say("slack-shared-by"), Failed: say("slack-failed"), Ask: say("command-ask"),
			Channel: say("slack-channel"), Send: say("slack-send"), Close: say("slack-close"),
			Installed: say("slack-installed"), NotInstalled: say("slack-not-installed"),
		}
	}
}

// observeSlack shows what is counted of Slack, by the name of the metric.
func observeSlack(r *prometheus.Registry, sl *slack.Slack) {
	s := sl.Stats()
	count(r, slack.Network, map[string]counter{
		"commands":   {"slash commands", &s.Commands},
		"events":     {"events that were for the bot", &s.Events},
		"presses":    {"buttons, forms and shortcuts", &s.Presses},
		"duplicates": {"deliveries that had come before", &s.Duplicates},
		"refused":    {"requests without a good signature", &s.Refused},
		"late":       {"commands that were acknowledged without their answer", &s.Late},
		"answers":    {"messages that were sent", &s.Answers},
		"repeated":   {"messages that may have been sent twice, because of a crash or a lost connection", &s.Repeated},
		"lost":       {"answers that could not be sent", &s.Lost},
		"failures":   {"arrivals that failed for a mistake of the program", &s.Failures},
		"opened":     {"sockets that were opened", &s.Opened},
	})
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "suhbat", Subsystem: slack.Network, Name: "sockets", Help: "Number of sockets that are open."},
		func() float64 { return float64(sl.Sockets()) }))
}
