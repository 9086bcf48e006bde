package telegram

import (
	"context"
	"maps"
	"sync"
	"time"

	"suhbat/bot"
)

// How slots are shared. The server counts when a request arrives, which is some time
// before it has answered; so, as in [limiter], what was sent counts until a second after
// its answer, for all processes. That the slots of a mailing lie at even
// distances is for those who ask meanwhile.
const (
	sharedGap    = window / DefaultRate
	sharedChat   = chatWindow + 50*time.Millisecond
	sharedMinute = groupWindow + time.Second
	// early is how long before a slot of a reminder its intent is written down, and
	// earliest the same where the database turned out to be slow.
	early    = 50 * time.Millisecond
	earliest = 500 * time.Millisecond
	// soonest bounds how long a reminder waits for a slot that is reserved.
	soonest = 5500 * time.Millisecond
	// asking bounds a call for a slot, askAgain is how long to wait after one failed.
	asking   = 5 * time.Second
	askAgain = 500 * time.Millisecond
	// lookAgain is how long to wait at most, whatever the server has said, before looking
	// whether anybody waits still.
	lookAgain = 10 * time.Second
)

// aheads are how far ahead each lane may take slots. What nobody waits for takes only
// those that are next, so that an answer of any process finds one soon.
var aheads = [lanes]time.Duration{bot.Answers: 2 * time.Second, bot.Notices: 300 * time.Millisecond, bot.Reminders: 100 * time.Millisecond}

// SharedLimiter is a [Limiter] whose slots are those of all processes that send for one
// bot. Who goes first in this process, by lanes and with chats in turn, it decides
// itself; one goroutine then asks for slots, one after the other.
type SharedLimiter struct {
	slots bot.Slots
	name  string // of the bot's limit
	now   func() time.Time

	mu     sync.Mutex
	chats  map[string]*line
	ready  [lanes]queue[*line]
	asks   bool          // whether the goroutine runs
	answer chan struct{} // of one place: an answer has come
	closed time.Time     // nothing may be sent before, said the server
	booked map[string][]booking
	early  time.Duration        // between early and earliest
	sent   map[string]time.Time // when something was sent to a chat last
	landed []int64              // flights whose answer the others have not heard of
	lands  bool                 // whether a goroutine tells them
}

var _ Limiter = (*SharedLimiter)(nil)

// NewSharedLimiter returns a limiter for the bot of an id, whose chats and groups have
// the same limits as those of [NewLimiter].
func NewSharedLimiter(slots bot.Slots, botID string, now func() time.Time) *SharedLimiter {
	return &SharedLimiter{
		slots: slots, name: Network + ":" + botID, now: now,
		chats: make(map[string]*line), answer: make(chan struct{}, 1), booked: make(map[string][]booking), sent: make(map[string]time.Time), early: early,
	}
}

// Wait implements [Limiter].
func (l *SharedLimiter) Wait(ctx context.Context, lane bot.Lane, chat string, ready func(context.Context) error) (answered func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lane = known(lane)
	slot, has := l.redeem(lane, chat)
	free := func() {}
	if has {
		l.learn(slot.at)
	} else {
		t, err := l.take(ctx, chat, &turn{lane: lane})
		if err != nil {
			return nil, err
		}
		slot, free = booking{t.at, t.flight}, func() { l.free(chat) }
	}
	answered = sync.OnceFunc(func() { free(); l.land(slot.flight) })
	if ready != nil {
		err = ready(ctx)
	}
	if err == nil {
		err = l.until(ctx, chat, slot.at)
	}
	if err != nil {
		answered()
		return nil, err
	}
	return answered, nil
}

// until waits for a slot, and for the second of a chat, if what was sent there before was
// late.
func (l *SharedLimiter) until(ctx context.Context, chat string, at time.Time) error {
	for {
		wait := l.depart(chat, at)
		if wait <= 0 {
			return nil
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// depart notes that something is sent to a chat now, or returns how long that has to
// wait.
func (l *SharedLimiter) depart(chat string, at time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if wait := later(at, l.sent[chat].Add(chatWindow+margin)).Sub(now); wait > 0 {
		return wait
	}
	const many = 1000
	if len(l.sent) > many {
		maps.DeleteFunc(l.sent, func(_ string, at time.Time) bool { return now.Sub(at) > chatWindow+margin })
	}
	l.sent[chat] = now
	return 0
}

// land tells the others that something was answered, or will not be.
func (l *SharedLimiter) land(flight int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost(flight)
}

// lost is land for whoever holds l.mu.
func (l *SharedLimiter) lost(flight int64) {
	l.landed = append(l.landed, flight)
	if !l.lands {
		l.lands = true
		go l.tellLanded()
	}
}

// tellLanded tells of all that has landed, together with what lands meanwhile. What
// cannot be told ends by itself after a while.
func (l *SharedLimiter) tellLanded() {
	for {
		l.mu.Lock()
		flights := l.landed
		l.landed, l.lands = nil, len(flights) > 0
		l.mu.Unlock()
		if len(flights) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), asking)
		_ = l.slots.Landed(ctx, flights...)
		cancel()
	}
}

// learn learns from when an intent was written down whether slots of reminders have to
// be reserved earlier.
func (l *SharedLimiter) learn(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if spare := at.Sub(l.now()); spare < margin {
		l.early = min(l.early+margin-spare, earliest)
	} else {
		l.early = max(l.early-spare/16, early)
	}
}

// lead is how long before its slot a reminder is begun.
func (l *SharedLimiter) lead() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.early
}

// reserve asks for a slot.
func (l *SharedLimiter) reserve(ctx context.Context, lane bot.Lane, limits ...bot.Limit) (bot.Slot, error) {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	ahead := aheads[lane]
	if lane == bot.Reminders {
		ahead += l.lead() - early
	}
	return l.slots.Reserve(ctx, ahead, limits...)
}

// limits are those that hold for a chat, the bot's own last.
func (l *SharedLimiter) limits(chat string) []bot.Limit {
	limits := []bot.Limit{{Name: l.chat(chat), Most: 1, Window: sharedChat}}
	if isGroup(chat) {
		limits = append(limits, bot.Limit{Name: l.chat(chat) + " minute", Most: perGroup, Window: sharedMinute})
	}
	return append(limits, bot.Limit{Name: l.name, Most: 1, Window: sharedGap},
		bot.Limit{Name: l.name, Most: DefaultRate, Window: window + margin, Flights: true})
}

// chat names the limit of a chat.
func (l *SharedLimiter) chat(chat string) string { return l.name + " " + chat }

// Pause implements [Limiter]. The server does not say which of its limits it was, so it
// holds for the whole bot, in all processes.
func (l *SharedLimiter) Pause(d time.Duration) {
	l.mu.Lock()
	l.closed = later(l.closed, l.now().Add(d))
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), asking)
	defer cancel()
	_ = l.slots.Delay(ctx, l.name, d) // if the others do not hear of it, the server tells them
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
