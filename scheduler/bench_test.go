package scheduler_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/facts"
	"suhbat/facts/data"
	"suhbat/scheduler"
	"suhbat/scheduler/schedulertest"
)

// bench is one process with a network that does as it is told.
type bench struct {
	*schedulertest.Memory
	t        *testing.T
	now      time.Time
	sender   *scheduler.Sender
	registry *scheduler.Registry
	// answer is what the network says to the next call; nil means that it arrives.
	answer  func(bot.Outgoing) error
	found   bool  // what the network says when it is asked
	blind   error // why it says nothing
	sent    []bot.Outgoing
	notices []scheduler.Notice
	slotAt  time.Duration // how long a chat is busy
	away    time.Time     // until when the database is away, once the network was called
	lost    bool          // it writes, and its answer is lost
	order   []string
}

// What the program reads at its start, once for all tests.
var (
	calendar = sync.OnceValues(func() (*scheduler.Calendar, error) {
		store, err := facts.Load(data.FS)
		if err != nil {
			return nil, err
		}
		return scheduler.NewCalendar(store)
	})
	languages = sync.OnceValues(func() (*lang.Set, error) { return lang.Load(packs.FS) })
)

var almaty = bot.Address{Network: "telegram", Chat: "-100", Thread: "45"}

func newBench(t *testing.T) *bench {
	t.Helper()
	c, err := calendar()
	if err != nil {
		t.Fatal(err)
	}
	set, err := languages()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Memory: new(schedulertest.Memory), t: t, now: time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)}
	planner := &scheduler.Planner{Calendar: c, Deliveries: b, Subscriptions: b, Notices: b, Clock: b}
	words := scheduler.PackWords{Set: set}
	b.sender = &scheduler.Sender{
		Planner: planner, Slots: b, Words: words, Owner: "bench",
		Messengers: map[string]bot.Messenger{"telegram": benchNetwork{b, "telegram"}, "slack": benchFinder{benchNetwork{b, "slack"}}},
	}
	b.registry = &scheduler.Registry{Planner: planner, Words: words, Langs: set.Codes()}
	return b
}

func (b *bench) Now() time.Time { return b.now }

func (b *bench) Sleep(_ context.Context, d time.Duration) error {
	b.now = b.now.Add(d)
	return nil
}

func (b *bench) Reserve(_ context.Context, _ bot.Address, now time.Time) (time.Time, bool, error) {
	b.order = append(b.order, "slot")
	return now.Add(b.slotAt), b.slotAt == 0, nil
}

func (b *bench) Delay(context.Context, bot.Address, time.Time) error {
	b.order = append(b.order, "delay")
	if b.now.Before(b.away) {
		return bot.ErrAway
	}
	return nil
}

func (b *bench) Notify(_ context.Context, n scheduler.Notice) error {
	b.notices = append(b.notices, n)
	return nil
}

func (b *bench) Swap(ctx context.Context, rows []scheduler.Delivery, c *scheduler.Cursor) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if c == nil && len(rows) > 0 {
		b.order = append(b.order, string(rows[0].State))
	}
	away := b.now.Before(b.away) && slices.Contains(b.order, "call")
	if away && !b.lost {
		return false, bot.ErrAway
	}
	ok, err := b.Memory.Swap(ctx, rows, c)
	if away {
		return false, bot.ErrAway
	}
	return ok, err
}

type benchNetwork struct {
	b    *bench
	name string
}

func (n benchNetwork) Network() string { return n.name }

func (n benchNetwork) Send(_ context.Context, out bot.Outgoing) (string, error) {
	n.b.order = append(n.b.order, "call")
	if n.b.answer != nil {
		if err := n.b.answer(out); err != nil {
			return "", err
		}
	}
	n.b.sent = append(n.b.sent, out)
	return "m1", nil
}

type benchFinder struct{ benchNetwork }

func (n benchFinder) Find(context.Context, bot.Address, string, time.Time) (string, bool, error) {
	return "found", n.b.found && n.b.blind == nil, n.b.blind
}

// fails lets the network fail in one way.
func fails(how bot.Failure) func(bot.Outgoing) error {
	return func(bot.Outgoing) error {
		return &bot.SendError{Failure: how, After: 30 * time.Second, To: bot.Address{Network: "telegram", Chat: "-200"}, Err: errors.New("the network says so")}
	}
}

func (b *bench) remind(to bot.Address, r bot.Reminder) string {
	b.t.Helper()
	if err := b.registry.Remind(b.t.Context(), to, r); err != nil {
		b.t.Fatal(err)
	}
	return scheduler.IDOf(to)
}

// deliver goes on to an instant and does what is due then.
func (b *bench) deliver(channel, at string) time.Time {
	b.t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		b.t.Fatal(err)
	}
	b.now = now
	wake, err := b.sender.Deliver(b.t.Context(), channel)
	if err != nil {
		b.t.Fatal(err)
	}
	return wake
}

// row returns one delivery.
func (b *bench) row(key string) scheduler.Delivery {
	b.t.Helper()
	rows, err := b.Select(b.t.Context(), scheduler.Query{Keys: []string{key}})
	if err != nil || len(rows) != 1 {
		b.t.Fatalf("%s: %d rows, %v", key, len(rows), err)
	}
	return rows[0]
}

func (b *bench) want(key string, state scheduler.State, why scheduler.Reason) scheduler.Delivery {
	b.t.Helper()
	d := b.row(key)
	if d.State != state || d.Reason != why {
		b.t.Errorf("%s is %s (%s; %s), want %s (%s)", key, d.State, d.Reason, d.Note, state, why)
	}
	return d
}
