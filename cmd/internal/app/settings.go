package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"suhbat/cmd/internal/trace"
)

// The settings of serve, see the table in docs/operators.md.
const (
	envDatabase       = "SUHBAT_DATABASE_URL"
	envListen         = "SUHBAT_LISTEN"
	envPublicURL      = "SUHBAT_PUBLIC_URL"
	envAdmins         = "SUHBAT_ADMINS"
	envSubscriptions  = "SUHBAT_SUBSCRIPTIONS"
	envLog            = "SUHBAT_LOG"
	envLogLevel       = "SUHBAT_LOG_LEVEL"
	envDrain          = "SUHBAT_DRAIN"
	envTelegramToken  = "TELEGRAM_BOT_TOKEN"
	envTelegramAPI    = "TELEGRAM_API_URL"
	envTelegramSecret = "TELEGRAM_WEBHOOK_SECRET"
	envTelegramLimits = "TELEGRAM_LIMITS"
)

// defaultDatabase is where things are kept if nobody says otherwise.
const defaultDatabase = "sqlite:suhbat.db"

// settings are what serve goes by.
type settings struct {
	database, listen, publicURL string
	log                         string // text or json
	level                       slog.Level
	subscriptions               string   // a file; empty for none
	admins                      []string // each "network:user"
	telegram                    telegramSettings
	slack                       slackSettings
	traces                      trace.Config
	// drain is how long requests are still taken after the program was told to stop.
	drain time.Duration
}

type telegramSettings struct {
	token, api, secret string
	unlimited          bool
}

// readSettings reads and checks all settings, so that a mistake is one line before
// anything has started.
func readSettings(p *Process) (settings, error) {
	r := settingReader{getenv: p.Getenv}
	s := settings{
		database:      r.database(),
		listen:        r.listen(),
		publicURL:     r.address(envPublicURL),
		subscriptions: r.text(envSubscriptions, ""),
		admins:        r.admins(),
		log:           r.oneOf(envLog, "text", "json"),
		level:         r.level(),
		traces:        r.traces(),
		drain:         r.duration(envDrain, maxDrain),
		telegram: telegramSettings{
			token:     r.secret(envTelegramToken, telegramToken, "a token such as @BotFather gives, 123456:ABC-DEF"),
			api:       r.address(envTelegramAPI),
			secret:    r.secret(envTelegramSecret, telegramSecret, "1 to 256 characters of A-Z, a-z, 0-9, _ and -"),
			unlimited: r.oneOf(envTelegramLimits, "on", "off") == "off",
		},
	}
	s.slack = r.slack(s.publicURL)
	if s.telegram.token == "" {
		if s.telegram.secret != "" {
			r.fail(envTelegramSecret, "is set, but "+envTelegramToken+" is not")
		}
		if !s.slack.wanted() {
			r.fail(envTelegramToken, "is not set, and nor is "+envSlackToken+" or "+envSlackClient+": there is nobody to serve")
		}
	}
	return s, r.err
}

// What secrets look like, so far as it is known
// (core.telegram.org/bots/api#authorizing-your-bot and #setwebhook).
const (
	telegramToken  pattern = `^[0-9]+:[A-Za-z0-9_-]+$`
	telegramSecret pattern = `^[A-Za-z0-9_-]{1,256}$`
)

// pattern is a regular expression that is compiled when a setting is read: every
// command would wait 5 ms for these at its start, and only serve needs them.
type pattern string

func (p pattern) matches(s string) bool { return regexp.MustCompile(string(p)).MatchString(s) }

// settingReader reads settings and remembers the first mistake.
type settingReader struct {
	getenv func(string) string
	err    error
}

func (r *settingReader) fail(name, what string) {
	if r.err == nil {
		r.err = usagef("%s %s", name, what)
	}
}

// text returns a setting without the spaces around it.
func (r *settingReader) text(name, otherwise string) string {
	if v := strings.TrimSpace(r.getenv(name)); v != "" {
		return v
	}
	return otherwise
}

// secret reads a secret from the environment, or from the file that NAME_FILE names.
// No error ever shows it.
func (r *settingReader) secret(name string, like pattern, want string) string {
	value, file := r.text(name, ""), r.text(name+"_FILE", "")
	if file != "" {
		if value != "" {
			r.fail(name, "and "+name+"_FILE are both set, expected one of them")
			return ""
		}
		data, err := os.ReadFile(file)
		if err != nil {
			r.fail(name+"_FILE", fmt.Sprintf("cannot be read: %v", err))
			return ""
		}
		value = strings.TrimSpace(string(data))
		if value == "" {
			r.fail(name+"_FILE", fmt.Sprintf("names the file %s, which is empty", file))
		}
	}
	if value != "" && !like.matches(value) {
		r.fail(name, "is not what it should be, expected "+want)
	}
	return value
}

// database reads where things are kept. There may be a password in it.
func (r *settingReader) database() string {
	if url := r.secret(envDatabase, anything, ""); url != "" {
		return url
	}
	return defaultDatabase
}

const anything pattern = ""

// level reads from which level on there is a log.
func (r *settingReader) level() (l slog.Level) {
	_ = l.UnmarshalText([]byte(r.oneOf(envLogLevel, "info", "debug", "warn", "error"))) // each is a level
	return l
}

// address reads the address of a server, and drops a slash at its end.
func (r *settingReader) address(name string) string {
	value := strings.TrimRight(r.text(name, ""), "/")
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		if u != nil && u.User != nil { // there may be a password in it
			value = u.Redacted()
		}
		r.fail(name, fmt.Sprintf("is %q, expected an address such as https://suhbat.example.org", value))
	}
	return value
}

// maxDrain is more than a load balancer needs to notice anything.
const maxDrain = 5 * time.Minute

// duration reads how long something takes.
func (r *settingReader) duration(name string, most time.Duration) time.Duration {
	value := r.text(name, "0s")
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 || d > most {
		r.fail(name, fmt.Sprintf("is %q, expected a time such as 5s, of at most %v", value, most))
	}
	return d
}

func (r *settingReader) listen() string {
	value := r.text(envListen, ":8080")
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = net.DefaultResolver.LookupPort(context.Background(), "tcp", port)
	}
	if err != nil || port == "" {
		r.fail(envListen, fmt.Sprintf("is %q, expected an address such as :8080 or 127.0.0.1:8080", value))
	}
	return value
}

// oneOf reads a setting that has few values; the first is the default.
func (r *settingReader) oneOf(name string, values ...string) string {
	value := r.text(name, values[0])
	if !slices.Contains(values, value) {
		r.fail(name, fmt.Sprintf("is %q, expected one of %s", value, strings.Join(values, ", ")))
	}
	return value
}

// adminForm is how the networks name a user: Telegram by a number, Slack within a
// workspace. Another name would be that of nobody, and nobody would be told.
const adminForm pattern = `^(telegram:[0-9]+|slack:[0-9A-Z]+/[0-9A-Z]+)$`

// admins reads who runs the bot.
func (r *settingReader) admins() []string {
	var all []string
	for item := range strings.SplitSeq(r.text(envAdmins, ""), ",") {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		if !adminForm.matches(item) {
			r.fail(envAdmins, fmt.Sprintf("has %q, expected telegram:ID or slack:TEAM/USER, with commas between", item))
			return nil
		}
		all = append(all, item)
	}
	return all
}
