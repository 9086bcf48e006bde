package telegram

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
)

// How getUpdates is called (core.telegram.org/bots/api#getupdates).
const (
	longPoll   = 50 * time.Second // the most that the server waits
	pollGrace  = 10 * time.Second // for the answer to arrive after that
	batchLimit = 100              // updates in one answer
	// crowded is how many updates of a full batch may be unfinished when the next is
	// fetched beside them.
	crowded = batchLimit / 2
	// again is how long to wait before the same offset is asked for twice: the server
	// slows down who does that more often.
	again = time.Second
	// soon is how long a full batch may hold up what waits behind it.
	soon = again / 5
	// hasty is an answer without updates that a long poll cannot have waited for.
	hasty = 200 * time.Millisecond
	// patience is how long an update may hold up the ones behind it. Then it is
	// written down here, and Telegram need not keep it any longer.
	patience = 10 * time.Second
	// otherPoller is how long to wait when another instance polls.
	otherPoller = 10 * time.Second
	// deafAfter is how many long polls may fail one after the other before the
	// connections are thrown away.
	deafAfter = 3
)

// poll fetches updates and has them answered until ctx is done or polling is
// hopeless. When it returns, what is unfinished is still with Telegram or in the
// inbox. If ctx ended because another replica may poll by now, Telegram is not
// disturbed any more.
func (t *Telegram) poll(ctx context.Context) error {
	p := &poller{t: t, done: finished{wake: make(chan struct{}, 1)}, retry: backOff{most: 30 * time.Second}, lastTrip: t.cfg.Now()}
	for ctx.Err() == nil {
		p.wait(ctx)
		if err := p.round(ctx); err != nil {
			return err
		}
	}
	if errors.Is(context.Cause(ctx), bot.ErrLost) {
		return nil
	}
	t.drain()
	p.confirm(ctx)
	return nil
}

// poller is the state of polling; it belongs to one goroutine, but for done.
type poller struct {
	t        *Telegram
	backlog  backlog
	done     finished
	retry    backOff
	asked    int64     // the offset of the last round
	full     bool      // whether as many came as one answer may hold
	lastTrip time.Time // when the server answered last
}

// finished collects the ids of updates that are done with, without ever making
// those wait who report them.
type finished struct {
	mu   sync.Mutex
	ids  []int64
	wake chan struct{} // holds one
}

func (f *finished) add(id int64) {
	f.mu.Lock()
	f.ids = append(f.ids, id)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *finished) take() []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	ids := f.ids
	f.ids = nil
	return ids
}

// wait collects what is finished until it makes sense to ask for more.
func (p *poller) wait(ctx context.Context) {
	pace := again
	if p.full && p.t.queue.len() < maxOpen { // it will be another offset that is asked for
		pace = soon
	}
	tick := time.NewTimer(pace)
	defer tick.Stop()
	for {
		p.collect()
		if p.ready() {
			return
		}
		select {
		case <-p.done.wake:
		case <-tick.C:
			p.setAside(ctx, pace)
			return
		case <-ctx.Done():
			return
		}
	}
}

// collect takes note of all that is finished by now.
func (p *poller) collect() {
	for _, id := range p.done.take() {
		p.backlog.finish(id)
	}
}

// ready reports whether more can be fetched at once: nothing is open, or the oldest
// open update is another one and there is room behind it.
func (p *poller) ready() bool {
	n := len(p.backlog.open)
	return n == 0 || n <= crowded && p.backlog.offset() != p.asked
}

// setAside writes down the updates that take too long, and lets Telegram forget
// them. Where many are open, or many stand behind them, the pace at which Telegram is
// asked is too long: the others are of people who asked once. What is set aside is held
// in memory, too, so that has a bound: beyond it updates stay with Telegram.
func (p *poller) setAside(ctx context.Context, pace time.Duration) {
	if p.t.queue.len() >= maxOpen {
		return
	}
	limit := patience
	if p.full || len(p.backlog.open) > crowded {
		limit = pace
	}
	for _, u := range p.backlog.since(p.t.cfg.Now().Add(-limit).Add(time.Nanosecond)) {
		if _, err := p.t.inbox.Keep(ctx, name(u.id), orderOf(u.raw), u.raw, p.t.cfg.Now()); err != nil {
			p.t.log.ErrorContext(ctx, "an update that takes long could not be written down; it stays with Telegram", slog.Int64("update", u.id), slog.Any("error", err))
			return
		}
		p.backlog.finish(u.id)
	}
}

// round asks the server once.
func (p *poller) round(ctx context.Context) error {
	wait := longPoll
	if len(p.backlog.open) > 0 {
		wait = 0
	}
	p.asked = p.backlog.offset()
	start := p.t.cfg.Now()
	all, err := p.fetch(ctx, p.asked, batchLimit, wait)
	switch {
	case ctx.Err() != nil:
		return nil //nolint:nilerr // the program stops, and that is why
	case err != nil:
		return p.failed(ctx, err)
	}
	p.lastTrip = p.t.cfg.Now()
	p.retry.reset()
	p.t.heard(p.lastTrip)
	p.full = len(all) >= batchLimit
	p.take(ctx, p.backlog.add(all))
	idle := len(all) == 0 && wait > 0 && p.lastTrip.Sub(start) < hasty                 // it does not wait as it was asked to
	stuck := len(all) > 0 && len(p.backlog.open) == 0 && p.backlog.offset() == p.asked // it gives again what was confirmed
	if idle || stuck {
		_ = pause(ctx, again)
	}
	return nil
}

// fetch calls getUpdates. Each update is decoded by itself, so that one of an
// unknown shape does not take the others with it.
func (p *poller) fetch(ctx context.Context, offset int64, limit int, wait time.Duration) ([]fetched, error) {
	params := tgbotapi.Params{
		"limit":           strconv.Itoa(limit),
		"timeout":         strconv.Itoa(int(wait / time.Second)),
		"allowed_updates": allowedUpdates,
	}
	if offset != 0 {
		params["offset"] = strconv.FormatInt(offset, 10)
	}
	ctx, cancel := context.WithTimeout(ctx, wait+pollGrace)
	defer cancel()
	body, err := p.t.client.done(ctx, "getUpdates", params, nil)
	if err != nil {
		return nil, err
	}
	raw, ok := updatesIn(body)
	if !ok {
		if err := p.t.client.read("getUpdates", body, &raw); err != nil {
			return nil, err
		}
	}
	now := p.t.cfg.Now()
	all := make([]fetched, 0, len(raw))
	for _, r := range raw {
		id, ok := updateID(r)
		if !ok { // it cannot even be confirmed; the ones behind it confirm it
			p.t.poison(ctx, 0, errors.New("no update_id"))
			continue
		}
		all = append(all, fetched{id: id, raw: r, from: now})
	}
	if len(raw) > 0 && len(all) == 0 {
		return nil, errors.New("no update has an update_id")
	}
	return all, nil
}

// take has new updates answered, but those that were answered before a crash.
func (p *poller) take(ctx context.Context, fresh []fetched) {
	if len(fresh) == 0 {
		return
	}
	ids := make([]string, len(fresh))
	for i, u := range fresh {
		ids[i] = name(u.id)
	}
	known, err := p.t.inbox.Progress(ctx, ids)
	if err != nil {
		// Without the inbox nobody knows what was answered: they are fetched again.
		p.t.log.ErrorContext(ctx, "the inbox could not be read", slog.Any("error", err))
		for _, u := range fresh {
			p.backlog.finish(u.id)
		}
		p.backlog.last = min(p.backlog.last, lowest(fresh)-1)
		_ = pause(ctx, p.retry.next())
		return
	}
	for i, u := range fresh {
		so := known[ids[i]]
		if so.Done {
			p.t.stats.Duplicates.Add(1)
			p.backlog.finish(u.id)
			continue
		}
		p.t.accept(ctx, u.id, u.raw, so, func() { p.done.add(u.id) })
	}
}

// failed waits as the error asks, or gives up.
func (p *poller) failed(ctx context.Context, err error) error {
	if fatal := wrongToken(err); fatal != nil {
		return fatal
	}
	wait := p.retry.next()
	api, _ := errors.AsType[*apiError](err)
	switch {
	case api != nil && api.Code == http.StatusConflict && !api.NotAPI:
		if !p.conflict(ctx, api) {
			wait = max(wait, otherPoller)
		}
	default:
		if api != nil {
			wait = max(wait, api.RetryAfter)
		}
		p.t.log.WarnContext(ctx, "updates could not be fetched from Telegram", slog.Any("error", err), slog.Duration("again_in", wait))
	}
	if now := p.t.cfg.Now(); now.Sub(p.lastTrip) > deafAfter*longPoll {
		p.t.log.ErrorContext(ctx, "nothing heard from Telegram for long, opening new connections", slog.Duration("silent_for", now.Sub(p.lastTrip)))
		p.t.reconnect()
		p.lastTrip = now
	}
	_ = pause(ctx, wait)
	return nil
}

// conflict says who else takes the updates. A webhook that was forgotten is
// removed, which solves it: whoever starts this program without one wants it to poll.
func (p *poller) conflict(ctx context.Context, api *apiError) (solved bool) {
	p.t.stats.Conflicts.Add(1)
	if api.says("webhook") {
		p.t.log.WarnContext(ctx, "a webhook is set for this bot; it is removed, since TELEGRAM_WEBHOOK_SECRET is not set")
		err := p.t.client.call(ctx, "deleteWebhook", nil, nil)
		if err != nil {
			p.t.log.ErrorContext(ctx, "the webhook could not be removed", slog.Any("error", err))
		}
		return err == nil
	}
	p.t.log.WarnContext(ctx, "another instance polls this bot; waiting for it to stop", slog.String("telegram", api.Description))
	return false
}

// confirm tells the server, on the way out, what is finished: the next to start
// need not look at it again.
func (p *poller) confirm(ctx context.Context) {
	p.collect()
	if p.backlog.last == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if _, err := p.fetch(ctx, p.backlog.offset(), 1, 0); err != nil {
		p.t.log.WarnContext(ctx, "what was answered could not be confirmed to Telegram; the inbox remembers it", slog.Any("error", err))
	}
}

// backOff doubles a wait from half a second on.
type backOff struct{ wait, most time.Duration }

// next returns how long to wait, with some disorder, so that many do not come back
// at once.
func (b *backOff) next() time.Duration {
	b.wait = min(max(2*b.wait, time.Second/2), b.most)
	return b.wait/2 + rand.N(b.wait/2)
}

func (b *backOff) reset() { b.wait = 0 }

// pause waits.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
