package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
)

// Config is what an operator decides.
type Config struct {
	Token string
	// APIURL is the address of the Bot API without a slash at its end; empty for
	// Telegram's own.
	APIURL string
	// WebhookSecret makes Telegram post updates instead of being polled; PublicURL is
	// where it can reach this program, without a path.
	WebhookSecret, PublicURL string
	// Unlimited sends as fast as it can, for a Bot API server of one's own in tests and
	// measurements. Telegram would refuse.
	Unlimited bool
	// Slots and Locks are there if several replicas serve the bot: one of them polls,
	// and all of them together keep to the limits. Nil for a process that is alone.
	Slots bot.Slots
	Locks bot.Locks
	Now   func() time.Time
	Log   *slog.Logger
	// Transport, if it is set, is put around what makes the requests, to watch them.
	Transport func(http.RoundTripper) http.RoundTripper
	// HTTP makes the requests; nil for a client with time-outs.
	HTTP *http.Client
	// Watch follows each update from its receipt until it is answered.
	Watch bot.Watch
}

// Core answers, and says what to put into menus.
type Core interface {
	bot.Handler
	Menu(tag language.Tag) bot.Menu
	Languages() []language.Tag
	// IsCommand reports whether a text begins with a command of the bot's.
	IsCommand(text string) bool
}

// Telegram is the adapter. [New] makes one, Run runs it.
type Telegram struct {
	cfg     Config
	core    Core
	inbox   bot.Inbox
	chats   bot.Chats
	client  *client
	out     *Messenger
	log     *slog.Logger
	queue   orders
	working context.Context // of the answers; set by Run
	drained sync.Once
	inWork  inWork // updates that are being answered
	stats   Stats
	self    atomic.Pointer[self]
	ready   atomic.Bool // for updates that come in
	admins  admins
	names   names
	answers answers
	albums  albums
	// lastHeard is when Telegram was heard last, in nanoseconds since 1970.
	lastHeard atomic.Int64
}

// self is the bot as Telegram knows it.
type self struct {
	id   int64
	name string // without @
}

// Stats counts what happened since the start.
type Stats struct {
	Updates    atomic.Int64 // that were new
	Poison     atomic.Int64 // that could not be read
	Duplicates atomic.Int64 // that had been answered before
	Answers    atomic.Int64 // that were sent
	Repeated   atomic.Int64 // that may have been sent before: a crash or a lost connection came between
	Lost       atomic.Int64 // answers that could not be sent
	Failures   atomic.Int64 // of ours, while answering
	Forged     atomic.Int64 // posts to the webhook without the secret
	Conflicts  atomic.Int64 // with another instance that polls
	Flooded    atomic.Int64 // questions over the measure of one chat
}

// New returns an adapter that has said nothing to Telegram yet.
func New(cfg Config, core Core, inbox bot.Inbox, chats bot.Chats) (*Telegram, error) {
	options := Options{Token: cfg.Token, API: cfg.APIURL, Chats: chats, Now: cfg.Now}
	switch {
	case cfg.HTTP != nil:
		options.HTTP = cfg.HTTP
	case cfg.Transport != nil:
		options.HTTP = wrapped(cfg.Transport)
	}
	switch {
	case cfg.Unlimited:
		options.Limit = NewLimiter(0)
	case cfg.Slots != nil:
		options.Limit = NewSharedLimiter(cfg.Slots, botID(cfg.Token), cfg.Now)
	}
	out, err := NewMessenger(options)
	if err != nil {
		return nil, err
	}
	return &Telegram{cfg: cfg, core: core, inbox: inbox, chats: chats, log: cfg.Log, out: out, client: out.client}, nil
}

// botID is the public part of a token.
func botID(token string) string {
	id, _, _ := strings.Cut(token, ":")
	return id
}

// Messenger sends what nobody asked for, such as reminders.
func (t *Telegram) Messenger() *Messenger { return t.out }

// Stats returns the counters.
func (t *Telegram) Stats() *Stats { return &t.stats }

// LastHeard is when Telegram answered a poll or posted an update; the zero time if
// it never did.
func (t *Telegram) LastHeard() time.Time {
	if n := t.lastHeard.Load(); n != 0 {
		return time.Unix(0, n)
	}
	return time.Time{}
}

func (t *Telegram) heard(at time.Time) { t.lastHeard.Store(at.UnixNano()) }

// Ready returns nil once Telegram has said that the token is right and what was left
// over from the last run is taken up, until the program stops.
func (t *Telegram) Ready() error {
	switch {
	case t.ready.Load():
		return nil
	case t.self.Load() == nil:
		return errors.New("telegram: the token is not checked yet")
	default:
		return errors.New("telegram: it is starting or stopping")
	}
}

// reconnect drops the connections that are idle, in case they are dead.
func (t *Telegram) reconnect() {
	if c, ok := t.client.api.Client.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// drainTime is how long answers that are on their way may take when the program
// stops.
const drainTime = 3 * time.Second

// Run answers until ctx is done. It returns an error if it cannot go on, such as
// when the token is wrong.
func (t *Telegram) Run(ctx context.Context) error {
	// Answers outlive ctx: they are finished, if that does not take long.
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	t.working = working
	if err := t.identify(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	if err := t.adopt(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	t.ready.Store(true)
	defer t.ready.Store(false)
	if t.cfg.Locks != nil {
		go t.keepAdopting(ctx)
	}
	err := t.listen(ctx)
	t.ready.Store(false) // what comes now is for the next run, or for another replica
	t.drain()
	return err
}

// listen takes updates in until ctx is done.
func (t *Telegram) listen(ctx context.Context) error {
	if t.cfg.Locks == nil {
		return t.lead(ctx)
	}
	for {
		held, release, err := t.cfg.Locks.Lock(ctx, Network+":"+botID(t.cfg.Token))
		if err != nil {
			return nil //nolint:nilerr // the program stops, and that is why
		}
		t.log.InfoContext(ctx, "telegram: this replica looks after the bot")
		err = t.lead(held)
		release()
		if err != nil || ctx.Err() != nil {
			return err
		}
		t.log.WarnContext(ctx, "telegram: this replica does not look after the bot any more", slog.Any("reason", context.Cause(held)))
	}
}

// lead does what one process does for a bot, until ctx is done.
func (t *Telegram) lead(ctx context.Context) error {
	menus, stop := context.WithCancel(t.working)
	defer stop()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(drainTime, stop) })()
	go t.syncMenus(menus)
	if t.cfg.WebhookSecret == "" {
		return t.poll(ctx)
	}
	if err := t.setWebhook(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("telegram: the webhook could not be set: %w", err)
	}
	<-ctx.Done()
	return nil
}

// drain waits for the answers that are on their way. What is left is still with
// Telegram or in the inbox.
func (t *Telegram) drain() {
	t.drained.Do(t.waitForAnswers)
}

func (t *Telegram) waitForAnswers() {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	if !t.queue.drain(ctx) {
		t.log.Warn("stopped with answers unfinished; they are given after the next start", slog.Int("answers", t.queue.len()))
	}
}

// identify learns who the bot is. It waits for Telegram as long as it takes, but
// not with a wrong token.
func (t *Telegram) identify(ctx context.Context) error {
	retry := backOff{most: 30 * time.Second}
	for {
		var me struct {
			ID       int64  `json:"id"`
			UserName string `json:"username"`
			Inline   bool   `json:"supports_inline_queries"`
		}
		err := t.client.call(ctx, "getMe", nil, &me)
		if err == nil && (me.ID == 0 || me.UserName == "") {
			err = errNobody
		}
		if err == nil {
			t.out.inline.Store(me.Inline)
			t.self.Store(&self{me.ID, me.UserName})
			t.log.InfoContext(ctx, "telegram: the bot is known", slog.String("username", me.UserName))
			return nil
		}
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the program stops, and that is why
		}
		if fatal := wrongToken(err); fatal != nil {
			return fatal
		}
		wait := retry.next()
		if api, ok := errors.AsType[*apiError](err); ok {
			wait = max(wait, api.RetryAfter)
		}
		t.log.WarnContext(ctx, "no word from Telegram yet", slog.Any("error", err), slog.Duration("again_in", wait))
		_ = pause(ctx, wait)
	}
}

// errNobody says that getMe was answered without a bot. With no name and no id it would
// hear neither mentions nor replies until the next start.
var errNobody = errors.New("telegram: getMe does not say who the bot is")

// wrongToken returns what to tell the operator if err means that Telegram does not
// know the token. What a gateway says of the kind is about itself, and passes.
func wrongToken(err error) error {
	api, ok := errors.AsType[*apiError](err)
	if !ok || api.NotAPI || api.Code != http.StatusUnauthorized && api.Code != http.StatusNotFound {
		return nil
	}
	return fmt.Errorf("telegram: TELEGRAM_BOT_TOKEN is not one that Telegram knows (%d %s); @BotFather tells the right one", api.Code, api.Description)
}

// adoptEvery is how often to look for what a replica that has died had written down.
const adoptEvery = 3 * time.Second

// keepAdopting takes up what replicas leave behind, until ctx is done.
func (t *Telegram) keepAdopting(ctx context.Context) {
	for pause(ctx, adoptEvery) == nil {
		if err := t.adopt(ctx); err != nil && ctx.Err() == nil {
			t.log.WarnContext(ctx, "what other replicas may have left is not known", slog.Any("error", err))
		}
	}
}

// adopt takes up what was written down by a process that has ended.
func (t *Telegram) adopt(ctx context.Context) error {
	kept, err := t.inbox.Adopt(ctx)
	if err != nil {
		return fmt.Errorf("telegram: reading the inbox: %w", err)
	}
	for _, k := range kept {
		id, ok := updateID(k.Body)
		if !ok {
			continue
		}
		known, err := t.inbox.Progress(ctx, []string{k.ID})
		if err != nil {
			return fmt.Errorf("telegram: reading the inbox: %w", err)
		}
		if known[k.ID].Done {
			continue
		}
		t.accept(ctx, id, k.Body, known[k.ID], nil)
	}
	return nil
}
