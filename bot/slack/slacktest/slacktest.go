package slacktest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// TB is what a [Slack] needs of a testing.TB.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(f func())
	Context() context.Context
}

// Config says what app is installed, and how Slack treats it. The zero Config is an
// app with all that this package knows, over HTTP.
type Config struct {
	// Scopes are those of the bot, Events what it subscribed to ("message.im",
	// "app_mention"); nil for the [DefaultScopes] and [DefaultEvents].
	Scopes, Events []string
	// Escape is the manifest's should_escape: names typed into a slash command
	// become IDs.
	Escape bool
	// Rotation gives tokens that end after twelve hours, and refresh tokens.
	Rotation bool
	// SocketMode delivers over websockets in place of HTTP.
	SocketMode bool
	// Distributed limits reading the history to 15 messages once a minute, as for
	// apps that are distributed outside of the Marketplace since 29 May 2025.
	Distributed bool
	// Unlimited has no rate limits.
	Unlimited bool
	// CommandPath, EventPath and InteractionPath are those of the Request URLs; empty
	// for /slack/commands, /slack/events and /slack/interactions.
	CommandPath, EventPath, InteractionPath string
	// Redirects are the registered redirect URLs, of which one has to be given; nil
	// accepts any.
	Redirects []string
	// Now is the clock; nil for the test's, which may be a bubble of testing/synctest.
	Now func() time.Time
	// Patience is how long an Await waits; zero for ten seconds.
	Patience time.Duration
}

// Slack is a fake Slack with one app, as many workspaces as a test needs, and a
// memory. Its methods and those of what belongs to it may be called from any
// goroutine.
type Slack struct {
	tb   TB
	cfg  Config
	base string

	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
	api    http.Handler
	// connected is how the app is reached; nil if it never was.
	connected atomic.Pointer[connection]

	mu         sync.Mutex
	changed    chan struct{} // closed, and replaced, at every change
	pending    int           // deliveries on their way
	last       int64         // the newest ts, in microseconds
	seq        map[string]int
	secret     string
	workspaces []*Workspace
	channels   map[string]*Channel
	tokens     map[string]*token
	refresh    map[string]*token
	codes      map[string]*code
	hooks      map[string]*hook
	triggers   map[string]*trigger
	views      map[string]*View
	buckets    map[string]*bucket
	scripts    []*script
	twists     map[string][]Twist
	requests   []Request
	deliveries []*Delivery
	violations []string
	sockets    sockets
}

// New returns a fake Slack that ends with the test. The test fails if the app sends
// something that Slack would refuse as malformed; [Slack.Violations] takes such a
// finding away from a test that wants it. In a bubble of testing/synctest, New
// belongs inside of it.
func New(tb TB, cfg Config) *Slack {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(tb.Context()))
	s := &Slack{
		tb: tb, cfg: cfg, base: slackCom, ctx: ctx, cancel: cancel,
		changed: make(chan struct{}), seq: make(map[string]int), secret: SigningSecret,
		channels: make(map[string]*Channel), tokens: make(map[string]*token), refresh: make(map[string]*token),
		codes: make(map[string]*code), hooks: make(map[string]*hook), triggers: make(map[string]*trigger),
		views: make(map[string]*View), buckets: make(map[string]*bucket),
	}
	s.defaults()
	s.tokens[AppToken] = &token{value: AppToken, scopes: []string{"connections:write"}, level: true}
	s.api = s.routes()
	tb.Cleanup(func() { s.close() })
	return s
}

func (s *Slack) defaults() {
	if s.cfg.Scopes == nil {
		s.cfg.Scopes = DefaultScopes()
	}
	if s.cfg.Events == nil {
		s.cfg.Events = DefaultEvents()
	}
	if s.cfg.Now == nil {
		s.cfg.Now = time.Now //nolint:forbidigo // a fake goes by the clock of its test
	}
	s.cfg.CommandPath = or(s.cfg.CommandPath, "/slack/commands")
	s.cfg.EventPath = or(s.cfg.EventPath, "/slack/events")
	s.cfg.InteractionPath = or(s.cfg.InteractionPath, "/slack/interactions")
	s.cfg.Patience = or(s.cfg.Patience, 10*time.Second)
}

// or returns the first that is not zero.
func or[T comparable](a, b T) T {
	var zero T
	if a != zero {
		return a
	}
	return b
}

// close ends what runs and reports what the app did wrong.
func (s *Slack) close() {
	s.tb.Helper()
	s.cancel()
	s.closeSockets()
	s.wg.Wait()
	for _, v := range s.Violations() {
		s.tb.Errorf("Slack would not take this: %s", v)
	}
}

// Connect names the app that Slack delivers to, in this process.
func (s *Slack) Connect(app http.Handler) {
	s.connected.Store(&connection{inProcess{app}, "https://app.example"})
}

// connection is how an app is reached; an app that starts again may have another.
type connection struct {
	http.RoundTripper

	url string
}

// ConnectURL names the app that Slack delivers to by its address, such as
// "http://127.0.0.1:8080".
func (s *Slack) ConnectURL(address string) {
	t := &http.Transport{}
	s.tb.Cleanup(t.CloseIdleConnections)
	s.connected.Store(&connection{t, address})
}

// Listen serves Slack on a socket of this machine until the test ends. It is to be
// called before the app learns an address.
func (s *Slack) Listen() *httptest.Server {
	srv := httptest.NewServer(s)
	s.base = srv.URL
	s.tb.Cleanup(srv.Close)
	s.tb.Cleanup(s.cancel) // before the server waits for what hangs
	return srv
}

// URL is the address that the Web API lies at, with a slash at its end.
func (s *Slack) URL() string { return s.base + "/api/" }

// Client returns an HTTP client whose requests all come here, without a network.
func (s *Slack) Client() *http.Client { return &http.Client{Transport: inProcess{s}} }

// ServeHTTP is slack.com, hooks.slack.com and wss-primary.slack.com.
func (s *Slack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)() // nothing hangs longer than the test
	s.api.ServeHTTP(w, r.WithContext(ctx))
}

// host is the address of one of Slack's hosts; on a socket all are one.
func (s *Slack) host(name string) string {
	if s.base == slackCom {
		return "https://" + name
	}
	return s.base
}

const slackCom = "https://slack.com"

func (s *Slack) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveMethod)
	mux.HandleFunc("POST /hook/{id}", s.serveHook)
	mux.HandleFunc("GET /oauth/v2/authorize", s.serveAuthorize)
	mux.HandleFunc("GET /link/{ticket}", s.serveSocket)
	return mux
}

// locked runs f alone and tells those who wait.
func (s *Slack) locked(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.changed)
	s.changed = make(chan struct{})
}

// id returns a new ID with a prefix: "U0001".
func (s *Slack) id(prefix string) string {
	s.seq[prefix]++
	n := strconv.Itoa(s.seq[prefix])
	return prefix + "0000"[:max(0, 4-len(n))] + n
}

// ts returns a new timestamp: no two messages share one, however fast they come.
func (s *Slack) ts() string {
	s.last = max(s.last+1, s.cfg.Now().UnixMicro())
	return stamp(s.last)
}

// Await waits until cond is true, and fails the test if that takes too long. Cond
// is called after every change, and must not call methods that change anything.
func (s *Slack) Await(what string, cond func() bool) {
	s.tb.Helper()
	ctx, cancel := context.WithTimeout(s.tb.Context(), s.cfg.Patience)
	defer cancel()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if cond() {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			s.tb.Fatalf("waited in vain for %s", what)
			return
		}
	}
}

// Settle waits until nothing is on its way to the app any more, retries included.
func (s *Slack) Settle() {
	s.tb.Helper()
	s.Await("the deliveries to end", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.pending == 0
	})
}

// Violations returns what the app sent that Slack would not take, and forgets it.
func (s *Slack) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.violations
	s.violations = nil
	return v
}
