package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/slack"
	"suhbat/cmd/internal/queue"
	"suhbat/cmd/internal/store"
	"suhbat/scheduler"
)

// reminders is what posts anniversaries, put together: what it says comes from package
// scheduler, when it looks from the queue.
type reminders struct {
	log      *slog.Logger
	now      func() time.Time
	stopping <-chan struct{} // closed when the program stops
	planner  *scheduler.Planner
	registry *scheduler.Registry
	words    scheduler.PackWords
	sender   *scheduler.Sender

	// The rest is there once the database is open.
	queue   *queue.Queue
	notices *notices
	jobs    io.Closer // the queue's connection
	locks   bot.Locks // nil for a process that is alone
}

// newReminders makes what needs no database yet. It stops when ctx is done.
func newReminders(ctx context.Context, p *parts, now func() time.Time, log *slog.Logger) (*reminders, error) {
	calendar, err := scheduler.NewCalendar(p.store)
	if err != nil {
		return nil, err
	}
	r := &reminders{log: log, now: now, stopping: ctx.Done(), words: scheduler.PackWords{Set: p.set}}
	r.planner = &scheduler.Planner{
		Calendar: calendar, Clock: clock{now, r.stopping},
		Version: runtime.Version(), // the zone data comes with it
	}
	r.registry = &scheduler.Registry{Planner: r.planner, Words: r.words, Langs: p.set.Codes()}
	r.sender = &scheduler.Sender{Planner: r.planner, Words: r.words, Owner: owner(), Buttons: r.words.Buttons}
	return r, nil
}

// open gives it the database and the networks.
func (r *reminders) open(ctx context.Context, db *store.Store, admins []string, nets *networks) error {
	networks := make(map[string]bot.Messenger)
	for _, m := range nets.messengers {
		networks[m.Network()] = m
	}
	r.notices = newNotices(r.log, admins, networks)
	if db.Shared() {
		r.locks, r.notices.told = db, db.Told
	}
	r.notices.pack = r.words.Set.Pack(lang.Measure)
	r.planner.Deliveries, r.planner.Subscriptions, r.planner.Notices = db, db, r.notices
	r.sender.Messengers = networks
	pacer := &scheduler.Pacer{Paces: map[string]scheduler.Pace{slack.Network: {Chat: time.Second}}}
	r.sender.Slots = queue.Slots{Slots: slotsOf{nets.slots, pacer}, Stopping: r.stopping, Now: r.now}
	jobs, err := db.Jobs()
	if err != nil {
		return err
	}
	r.jobs = jobs
	r.queue, err = queue.New(ctx, queue.Config{
		DB: jobs.DB, Pool: jobs.Pool, Process: db.Process(), Processes: db.Processes,
		Sender: r.sender, Now: r.now, Log: r.log, Drain: drainTime,
	})
	if err != nil {
		return errors.Join(err, r.close())
	}
	return nil
}

func (r *reminders) close() error { return r.jobs.Close() }

// owner names this process in the deliveries that it works on.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

// run brings the operator's subscriptions in, then plans and sends until ctx is done.
func (r *reminders) run(ctx context.Context, f *operatorFile) error {
	r.unserved(ctx, f.first)
	g, ctx := errgroup.WithContext(ctx)
	if r.locks == nil {
		if err := r.registry.Sync(ctx, f.first); err != nil && ctx.Err() == nil {
			return fmt.Errorf("%s: %w", envSubscriptions, err)
		}
		g.Go(func() error { r.watch(ctx, f); return nil })
	} else {
		g.Go(func() error { r.watchAsOne(ctx, f); return nil })
	}
	g.Go(func() error { return r.queue.Run(ctx) })
	g.Go(func() error { r.notices.run(ctx); return nil })
	return g.Wait()
}

// slotsOf gives out the slots of those networks whose adapters have some, so that a
// reminder is not written down as being sent while it waits for its turn, and of others by
// a pacer of this process.
type slotsOf struct {
	adapters map[string]scheduler.Slots
	*scheduler.Pacer
}

func (s slotsOf) of(to bot.Address) scheduler.Slots {
	if slots, ok := s.adapters[to.Network]; ok {
		return slots
	}
	return s.Pacer
}

// Reserve implements [scheduler.Slots].
func (s slotsOf) Reserve(ctx context.Context, to bot.Address, now time.Time) (time.Time, bool, error) {
	return s.of(to).Reserve(ctx, to, now)
}

// Delay implements [scheduler.Slots].
func (s slotsOf) Delay(ctx context.Context, to bot.Address, until time.Time) error {
	return s.of(to).Delay(ctx, to, until)
}

// reminding is what the core may ask for; a change is planned at once.
func (r *reminders) reminding() bot.Reminding { return changing{r.registry, r} }

// changing looks at what is due after each change.
type changing struct {
	*scheduler.Registry

	reminders *reminders
}

// Remind implements [bot.Reminding].
func (c changing) Remind(ctx context.Context, at bot.Address, what bot.Reminder) error {
	if err := c.Registry.Remind(ctx, at, what); err != nil {
		return err
	}
	if err := c.reminders.queue.Look(ctx); err != nil {
		c.reminders.log.WarnContext(ctx, "a new subscription is looked at within a minute, not at once", slog.Any("error", err))
	}
	return nil
}

// chats is the store's Chats; a place that takes messages again gets reminders again.
type chats struct {
	bot.Chats

	reminders *reminders
}

// Enter implements [bot.Chats].
func (c chats) Enter(ctx context.Context, at bot.Address, now time.Time) error {
	if err := c.Chats.Enter(ctx, at, now); err != nil {
		return err
	}
	return c.reminders.resume(ctx, at)
}

// resume ends the pauses of a place, and of the threads in it.
func (r *reminders) resume(ctx context.Context, at bot.Address) error {
	subs, err := r.planner.Subscriptions.Subscriptions(ctx)
	if err != nil {
		return err
	}
	for i := range subs {
		if subs[i].Paused == "" || subs[i].To.Place() != at.Place() {
			continue
		}
		if err := r.registry.Resume(ctx, subs[i].To); err != nil {
			return err
		}
	}
	return nil
}

// unserved says which subscriptions are for networks that are not set up: their posts
// will be skipped as late.
func (r *reminders) unserved(ctx context.Context, subs []scheduler.Subscription) {
	var ids []string
	for i := range subs {
		if r.sender.Messengers[subs[i].To.Network] == nil {
			ids = append(ids, subs[i].ID)
		}
	}
	if len(ids) > 0 {
		slices.Sort(ids)
		r.log.WarnContext(ctx, "subscriptions of networks that are not set up get nothing", slog.Any("to", ids))
	}
}

// clock is the program's clock, as the scheduler wants it.
type clock struct {
	now  func() time.Time
	stop <-chan struct{}
}

// Now implements [scheduler.Clock].
func (c clock) Now() time.Time { return c.now() }

// Sleep implements [scheduler.Clock]; it also ends when the program stops.
func (c clock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.stop:
		return queue.ErrStopping
	case <-ctx.Done():
		return ctx.Err()
	}
}
