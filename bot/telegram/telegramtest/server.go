package telegramtest

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing" //nolint:depguard // this package is for tests only
	"time"
)

// Token is the token of the fake bot. It looks like a real one, and no log and no
// error may ever show it.
const Token = "123456789:AAFakeTokenThatNoLogMayEverShow_0123"

// Secret is the part of [Token] that stays secret when its number is known.
const Secret = "AAFakeTokenThatNoLogMayEverShow_0123"

// BotID and BotUsername are who the bot is unless an option says otherwise.
const (
	BotID       = 123456789
	BotUsername = "SuhbatTestBot"
)

// Patience is how long a wait of this package lasts before it ends the test, unless
// [WithPatience] says otherwise.
const Patience = 10 * time.Second

// Server is a fake Bot API server with one bot. It is an [http.Handler], and
// [Server.Client] reaches it without a socket. Make it by [New].
type Server struct {
	tb       testing.TB
	token    string
	username string
	patience time.Duration
	lax      bool
	check    bool
	hammer   bool
	seesAll  bool // privacy mode is off
	noInline bool
	methods  map[string]func(*call) (any, error)

	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup // pushing updates to the webhook

	mu      sync.Mutex
	changed chan struct{} // closed and replaced whenever anything happens

	queue      queue
	hook       *webhook
	hookSet    time.Time
	webhooks   *http.Client
	requests   []*Request
	received   map[string]int // by method, the number of requests
	answered   map[string]int // and of those that have their answer
	violations []Violation
	faults     []*scripted
	onRequest  func(Request) Effect
	limiter    *limiter

	users     map[int64]*User
	chats     map[int64]*Chat
	lastUser  int64
	lastGroup int64
	lastQuery int64
	callbacks map[string]*Callback
	inline    map[string]*InlineQuery
	inlined   map[string]*Message // by inline_message_id
	commands  map[menuKey][]Command
	profiles  map[textKey]string
	buttons   map[int64]object // menu buttons by chat, 0 for the default
}

// Option changes a server that [New] makes.
type Option func(*Server)

// WithToken gives the bot another token than [Token].
func WithToken(token string) Option { return func(s *Server) { s.token = token } }

// WithPatience sets how long a wait lasts before it ends the test.
func WithPatience(d time.Duration) Option { return func(s *Server) { s.patience = d } }

// WithUsername gives the bot another name than [BotUsername].
func WithUsername(name string) Option { return func(s *Server) { s.username = name } }

// WithPrivacyOff lets the bot see all messages of groups.
func WithPrivacyOff() Option { return func(s *Server) { s.seesAll = true } }

// WithoutInline makes a bot for which inline mode was never switched on.
func WithoutInline() Option { return func(s *Server) { s.noInline = true } }

// WithAntiHammer repeats what the official server does to a client that polls
// again and again with the same offset: for three seconds short polls become
// long, and for half a second a poll brings one update.
func WithAntiHammer() Option { return func(s *Server) { s.hammer = true } }

// Lax keeps violations from failing the test; [Server.Violations] still lists
// them. It is for tests of what a server refuses.
func Lax() Option { return func(s *Server) { s.lax = true } }

// WithoutCheck leaves out the check of requests, which benchmarks have no use for.
func WithoutCheck() Option { return func(s *Server) { s.check = false } }

// WithWebhook has updates for a webhook handled by h, in this process, whatever
// the host of the URL.
func WithWebhook(h http.Handler) Option {
	return func(s *Server) { s.webhooks = &http.Client{Transport: Transport(h)} }
}

// New starts a server that closes at the end of the test, and that then fails the
// test for every request the Bot API does not allow. Inside a bubble of
// testing/synctest it has to be made there.
func New(tb testing.TB, opts ...Option) *Server {
	tb.Helper()
	s := &Server{
		tb: tb, token: Token, username: BotUsername, patience: Patience, check: true, methods: methods(),
		changed:   make(chan struct{}),
		webhooks:  &http.Client{},
		received:  make(map[string]int),
		answered:  make(map[string]int),
		users:     make(map[int64]*User),
		chats:     make(map[int64]*Chat),
		callbacks: make(map[string]*Callback),
		inline:    make(map[string]*InlineQuery),
		inlined:   make(map[string]*Message),
		commands:  make(map[menuKey][]Command),
		profiles:  make(map[textKey]string),
		buttons:   make(map[int64]object),
		lastUser:  5_000_000_000, lastGroup: 4_000_000, // more than 32 bits, as in Telegram
	}
	s.queue.next = firstUpdate
	s.ctx, s.cancel = context.WithCancel(context.Background())
	for _, opt := range opts {
		opt(s)
	}
	tb.Cleanup(func() {
		s.Close()
		s.report()
	})
	return s
}

// Close ends all polls, slow answers and deliveries. A test that serves s on a
// socket calls it before it closes the socket, which would otherwise wait for them.
func (s *Server) Close() {
	s.cancel()
	s.work.Wait()
}

// report fails the test for what the bot did wrong.
func (s *Server) report() {
	if s.lax {
		return
	}
	for _, v := range s.Violations() {
		s.tb.Errorf("telegramtest: %s", v)
	}
}

// notify wakes all that wait for something to happen; s.mu is held.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Await waits until ok, which is asked again after everything that happens. It
// returns the error of the context if that ends first.
func (s *Server) Await(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ctx.Done():
			return s.ctx.Err()
		}
	}
}

// await is Await with the patience of s; it ends the test if nothing comes, and must be
// called by the goroutine of the test.
func (s *Server) await(what string, ok func() bool) {
	s.tb.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, s.patience)
	defer cancel()
	if err := s.Await(ctx, ok); err != nil {
		s.tb.Fatalf("telegramtest: waited %s in vain for %s", s.patience, what)
	}
}

// Requests returns the requests of the given methods in the order they came, or
// of all methods if none is given.
func (s *Server) Requests(methods ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Request
	for _, r := range s.requests {
		if r.is(methods) {
			all = append(all, *r)
		}
	}
	return all
}

// ForgetRequests empties the list of requests.
func (s *Server) ForgetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Answered returns how many requests of a method have been answered, whatever the
// answer. It counts on over [Server.ForgetRequests].
func (s *Server) Answered(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answered[method]
}

// AwaitAnswered waits until n requests of a method have been answered. It ends the
// test if they do not come.
func (s *Server) AwaitAnswered(method string, n int) {
	s.tb.Helper()
	s.await(strconv.Itoa(n)+" times "+method, func() bool { return s.Answered(method) >= n })
}

// AwaitReceived waits until n requests of a method have come, answered or not: with
// getUpdates and 1, until the bot polls. It ends the test if they do not come.
func (s *Server) AwaitReceived(method string, n int) {
	s.tb.Helper()
	s.await(strconv.Itoa(n)+" times "+method, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.received[method] >= n
	})
}

// misuse fails the test for something that its author asked in vain.
func (s *Server) misuse(format string, args ...any) {
	s.tb.Helper()
	s.tb.Errorf("telegramtest: "+format, args...)
}

// CheckSecret fails the test if a text, such as a log or an error, shows the token.
func CheckSecret(tb testing.TB, what, text string) {
	tb.Helper()
	if i := strings.Index(text, Secret); i >= 0 {
		tb.Errorf("%s shows the token of the bot: %.80s", what, text[max(0, i-60):i])
	}
}
