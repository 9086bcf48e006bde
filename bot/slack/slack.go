// Package slack is the adapter for Slack: it takes in what Slack sends, over HTTP or
// over Socket Mode, asks the [bot.Handler], and renders and sends what that says. It
// understands no question itself.
//
// Start with [New]. What comes in is verified (verify.go, or by the socket in
// socket.go), decoded into an arrival (command.go, event.go, interaction.go), and
// answered (answer.go, press.go). One slash command costs one look at the facts: the
// answer is the acknowledgement. Everything else is written into the inbox, then
// acknowledged, then answered in the order of its conversation (receive.go).
// render.go turns messages into blocks, send.go posts them, install.go and tokens.go
// keep the workspaces.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
	"golang.org/x/text/language"

	"suhbat/bot"
)

// Network is the name of this network in a [bot.Address]. There, Space is the id of
// a workspace ("T0123"; "E0123/T0123" in an organisation that has installed the app
// as a whole), Chat that of a channel, of a direct message or of a user, who is then
// written to directly. Thread is the ts of the message that a thread hangs on, or
// "@" and a user where only that user sees the conversation.
const Network = "slack"

// Config is what an operator decides. It needs a token or a client's id, and a
// signing secret or an app token.
type Config struct {
	// API is where the Web API is; empty means https://slack.com/api/.
	API string
	// BotToken is that of the one workspace, if there is one.
	BotToken string
	// SigningSecrets sign what comes over HTTP. While one is being rotated there are
	// two.
	SigningSecrets []string
	// AppToken, if it is set, opens sockets in the place of HTTP.
	AppToken string
	// ClientID and ClientSecret are those of an app for many workspaces.
	ClientID, ClientSecret string
	// Keys encrypt the tokens of many workspaces, see [Keys]. The first one seals, all
	// of them open.
	Keys []string
	// PublicURL is where the program can be reached, without a slash at its end.
	PublicURL string
	// Commands are the names of those commands that take words behind them. What
	// begins with another one is a question: "chairs" is a command, "chairs of 2022" is
	// none. Nil means "language".
	Commands []string
	// Words are the adapter's own words in a language. Nil means English.
	Words func(language.Tag) Words
	// Zone is the time zone of users who are not known; nil means UTC.
	Zone *time.Location
	// Now is the clock.
	Now func() time.Time
	Log *slog.Logger
	// Watch follows each arrival until it is answered.
	Watch bot.Watch
	// Transport carries the calls of Slack's methods; nil means the usual one, which
	// obeys HTTPS_PROXY.
	Transport http.RoundTripper
	// Dial connects sockets to an address, TLS included; nil means the usual way, which
	// obeys HTTPS_PROXY, too.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Ports are what the adapter keeps elsewhere. Nil ones keep it in memory, but for
// Installations, which many workspaces need.
type Ports struct {
	Inbox bot.Inbox
	Chats bot.Chats
	// Talks is that of the core: where it remembers a conversation, people may go on
	// without naming the bot.
	Talks         bot.Talks
	Installations Installations
	States        States
	// Slots and Locks are there if several replicas serve the app. Nil for a process that
	// is alone.
	Slots bot.Slots
	Locks bot.Locks
}

// Core is what the adapter speaks for.
type Core interface {
	bot.Handler
	// IsCommand reports whether a text begins with a command of the bot's, such as
	// "/chairs".
	IsCommand(text string) bool
}

// Slack is the adapter. It is a [bot.Messenger], a [bot.Finder] and the [bot.Admins]
// of its network.
type Slack struct {
	config  Config
	ports   Ports
	handler Core
	log     *slog.Logger
	now     func() time.Time

	verifier verifier
	client   *http.Client
	dialer   *websocket.Dialer
	tokens   *tokens
	people   people
	pace     pace
	turns    turns
	threads  oldest   // of channels in which the bot was asked
	shared   oldest   // answers, and when
	marks    [][]byte // keys of the marks on what was sent; the first one makes them
	install  *installer
	state    state
	stats    Stats
	work     sync.WaitGroup
	// lingering are sockets that Slack is going to close.
	lingering sync.WaitGroup
}

var (
	_ bot.Messenger = (*Slack)(nil)
	_ bot.Finder    = (*Slack)(nil)
	_ bot.Admins    = (*Slack)(nil)
)

// What the adapter bears.
const (
	defaultAPI  = "https://slack.com/api/"
	callTimeout = 10 * time.Second
	maxPending  = 10_000 // arrivals; beyond that Slack is asked to come back later
)

// New returns an adapter that hands what comes in to h. Its errors name the setting
// that is wrong, and no value of one.
func New(c Config, h Core, p Ports) (*Slack, error) {
	if err := c.complete(); err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	keyring, err := newKeyring(c.Keys)
	if err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	s := &Slack{
		config: c, ports: p.complete(), handler: h, log: c.Log, now: c.Now,
		dialer: &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: callTimeout, NetDialContext: c.Dial, NetDialTLSContext: c.Dial},
		state:  state{token: errNotChecked},
	}
	s.verifier = newVerifier(c.SigningSecrets...)
	s.client = &http.Client{
		Transport:     capped{c.Transport},
		Timeout:       callTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	s.tokens = newTokens(s, keyring)
	s.people = newPeople(s)
	s.marks = markKeys(&c, keyring)
	if c.ClientID != "" {
		s.install = newInstaller(s, keyring)
	}
	return s, nil
}

// Check returns what New would refuse of the settings, without a clock.
func (c *Config) Check() error {
	filled := *c
	if filled.Now == nil {
		filled.Now = func() time.Time { return time.Time{} }
	}
	if err := filled.complete(); err != nil {
		return err
	}
	_, err := newKeyring(c.Keys)
	return err
}

// complete checks c and fills in what is usual.
func (c *Config) complete() error {
	many := c.ClientID != "" || c.ClientSecret != ""
	switch {
	case c.BotToken == "" && !many:
		return errors.New("SLACK_BOT_TOKEN or SLACK_CLIENT_ID is missing: the first is for one workspace, the second for many")
	case c.BotToken != "" && many:
		return errors.New("SLACK_BOT_TOKEN and SLACK_CLIENT_ID are set: the first is for one workspace, the second for many, choose one")
	case many && (c.ClientID == "" || c.ClientSecret == ""):
		return errors.New("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together, one is missing")
	case many && len(c.Keys) == 0:
		return errors.New("SUHBAT_ENCRYPTION_KEY is missing: the tokens of many workspaces are encrypted with it")
	case many && c.PublicURL == "":
		return errors.New("SUHBAT_PUBLIC_URL is missing: Slack sends those back to it who add the app")
	case c.AppToken == "" && len(c.SigningSecrets) == 0:
		return errors.New("SLACK_SIGNING_SECRET or SLACK_APP_TOKEN is missing: the first is for HTTP, the second for Socket Mode")
	case c.AppToken != "" && !strings.HasPrefix(c.AppToken, "xapp-"):
		return errors.New("SLACK_APP_TOKEN does not begin with xapp-: it is an app-level token with connections:write, not a bot token")
	case c.Now == nil:
		return errors.New("there is no clock")
	}
	if slices.Contains(c.SigningSecrets, "") {
		return errors.New("SLACK_SIGNING_SECRET has an empty part")
	}
	c.API = strings.TrimSuffix(orElse(c.API, defaultAPI), "/") + "/"
	if u, err := url.Parse(c.API); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return errors.New("SLACK_API_URL is not an address like https://slack.com/api/")
	}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Words == nil {
		c.Words = func(language.Tag) Words { return Words{} }
	}
	if c.Commands == nil {
		c.Commands = []string{"language"}
	}
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	return nil
}

// complete puts memory in the place of what is nil.
func (p Ports) complete() Ports {
	if p.Inbox == nil {
		p.Inbox = newMemory()
	}
	if p.States == nil {
		p.States = &states{}
	}
	return p
}

// Network is "slack".
func (*Slack) Network() string { return Network }

// Run answers what an earlier run left unanswered, keeps tokens fresh and, with an
// app token, the sockets open. It returns nil when ctx ends, and an error with
// advice if Slack will not have this app however often one asks.
func (s *Slack) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	for _, task := range []func(context.Context) error{s.check, s.keepAdopting, s.tokens.keepFresh, s.listen} {
		group.Go(func() {
			if err := task(ctx); err != nil && ctx.Err() == nil {
				s.state.fail(err)
				cancel(err)
			}
		})
	}
	group.Wait()
	if err := s.state.failure(); err != nil {
		return fmt.Errorf("slack: %w", err)
	}
	return nil
}

var errNotChecked = errors.New("the token has not been checked yet")

// check asks Slack who the bot is in its one workspace, until it knows.
func (s *Slack) check(ctx context.Context) error {
	if s.config.BotToken == "" {
		s.state.checked(nil)
		return nil
	}
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		who, err := s.api(s.config.BotToken).AuthTestContext(ctx)
		if err == nil {
			s.tokens.learn(who)
			s.state.checked(nil)
			return nil
		}
		err = withoutURL(err)
		if advice := hopeless(err, "SLACK_BOT_TOKEN"); advice != nil {
			return advice
		}
		s.state.checked(fmt.Errorf("auth.test: %w", err))
		s.log.Warn("slack does not say who the bot is", slog.Any("error", err), slog.Duration("again_in", wait))
		if sleep(ctx, wait) != nil {
			return nil //nolint:nilerr // it is the end, and no failure
		}
	}
}

// api returns a client for a token. It never tries a call a second time: for a post
// that would be a second post.
func (s *Slack) api(token string) *slackgo.Client {
	return slackgo.New(token, slackgo.OptionAPIURL(s.config.API), slackgo.OptionHTTPClient(s.client),
		slackgo.OptionAppLevelToken(s.config.AppToken))
}

// sleep waits, or returns why ctx ended.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
