package telegram

import (
	"context"
	"errors"
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

// booking is a slot that was reserved.
type booking struct {
	at     time.Time
	flight int64
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

// Reserve takes a slot for a reminder before its intent is written down: the next
// reminder that is sent to the chat has it. At is shortly before the slot. It reports
// false if there is none before at, because others go first or the chat has its message
// for now. With Delay, that is the port which a scheduler wants.
func (l *SharedLimiter) Reserve(ctx context.Context, to bot.Address, _ time.Time) (at time.Time, ok bool, err error) {
	waiting, cancel := context.WithTimeout(ctx, soonest)
	defer cancel()
	t, err := l.take(waiting, to.Chat, &turn{lane: bot.Reminders, hasty: true})
	switch {
	case err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return l.now(), false, nil // it has waited long enough to let others work; now it stands in line again
	case err != nil:
		return time.Time{}, false, err
	case t.refused > 0:
		return l.now().Add(t.refused), false, nil
	}
	l.free(to.Chat) // the slots of the chat keep others from it
	l.mu.Lock()
	defer l.mu.Unlock()
	l.booked[to.Chat] = append(l.booked[to.Chat], booking{t.at, t.flight})
	return t.at.Add(-l.early), true, nil
}

// Delay is [SharedLimiter.Pause] until a time.
func (l *SharedLimiter) Delay(_ context.Context, _ bot.Address, until time.Time) error {
	if d := until.Sub(l.now()); d > 0 {
		l.Pause(d)
	}
	return nil
}

// bookLasts is how long a slot is kept for a reminder: after that it is not coming.
const bookLasts = 30 * time.Second

// redeem returns the slot that was reserved for a reminder.
func (l *SharedLimiter) redeem(lane bot.Lane, chat string) (slot booking, ok bool) {
	if lane != bot.Reminders {
		return slot, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for !ok && len(l.booked[chat]) > 0 {
		slot, l.booked[chat] = l.booked[chat][0], l.booked[chat][1:]
		ok = l.now().Sub(slot.at) < bookLasts
	}
	if len(l.booked[chat]) == 0 {
		delete(l.booked, chat)
	}
	return slot, ok
}

// take stands in line for a slot. The chat is the turn's until free is called.
func (l *SharedLimiter) take(ctx context.Context, chat string, t *turn) (*turn, error) {
	t.granted = make(chan struct{})
	l.mu.Lock()
	at := l.line(chat)
	at.waiting[t.lane].push(t)
	l.enlist(at)
	if t.lane == bot.Answers {
		select {
		case l.answer <- struct{}{}:
		default:
		}
	}
	l.mu.Unlock()
	select {
	case <-t.granted:
		return t, nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-t.granted:
		return t, nil
	default:
	}
	t.left = true
	at.waiting[t.lane].drop(func(t *turn) bool { return t.left })
	l.prune(at)
	return nil, ctx.Err()
}

// free gives a chat back.
func (l *SharedLimiter) free(chat string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := l.chats[chat]; at != nil {
		at.taken = false
		l.enlist(at)
		l.prune(at)
	}
}

func (l *SharedLimiter) line(chat string) *line {
	at := l.chats[chat]
	if at == nil {
		at = &line{chat: chat}
		l.chats[chat] = at
	}
	return at
}

// enlist puts a line where its waiters will be found, and has them found.
func (l *SharedLimiter) enlist(at *line) {
	if at.taken {
		return
	}
	for lane := range lanes {
		if at.ready[lane] || at.waiting[lane].len() == 0 {
			continue
		}
		at.ready[lane] = true
		l.ready[lane].push(at)
		if !l.asks {
			l.asks = true
			go l.ask()
		}
	}
}

// prune forgets a line that there is nothing to know of.
func (l *SharedLimiter) prune(at *line) {
	if at.taken || l.chats[at.chat] != at {
		return
	}
	for lane := range lanes {
		if at.waiting[lane].len() > 0 {
			return
		}
	}
	delete(l.chats, at.chat)
}

// ask asks for slots as long as somebody waits.
func (l *SharedLimiter) ask() {
	for {
		at, t := l.next()
		if t == nil {
			return
		}
		slot, err := l.reserve(context.Background(), t.lane, l.limits(at.chat)...)
		if wait := l.tell(at, t, slot, err); wait > 0 {
			l.sleep(wait, t.lane)
		}
	}
}

// next returns the first turn, whose chat is taken then, or nil if there is none and the
// goroutine ends.
func (l *SharedLimiter) next() (*line, *turn) {
	for {
		at, t, wait := l.first()
		if wait <= 0 {
			return at, t
		}
		_ = pause(context.Background(), min(wait, lookAgain))
	}
}

func (l *SharedLimiter) first() (*line, *turn, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.closed.Sub(l.now()); wait > 0 {
		return nil, nil, wait
	}
	for lane := range lanes {
		for l.ready[lane].len() > 0 {
			at := l.ready[lane].pop()
			at.ready[lane] = false
			if !at.taken && at.waiting[lane].len() > 0 {
				at.taken = true
				return at, at.waiting[lane].pop(), 0
			}
		}
	}
	l.asks = false
	return nil, nil, 0
}

// tell tells a turn what came of asking, and returns how long to ask for nothing more.
func (l *SharedLimiter) tell(at *line, t *turn, slot bot.Slot, err error) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil && slot.OK && !t.left:
		t.at, t.flight = l.now().Add(slot.Wait), slot.Flight
		close(t.granted)
		return 0
	case t.left, err == nil && !slot.OK && slot.By != l.name && t.hasty:
		if slot.OK { // nobody wants it any more
			l.lost(slot.Flight)
		}
		t.refused = max(slot.Wait, time.Millisecond)
		close(t.granted)
		l.open(at)
		return 0
	case err == nil && slot.By != l.name:
		at.waiting[t.lane].putBack(t)
		time.AfterFunc(slot.Wait, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.open(at)
		})
		return 0
	}
	at.waiting[t.lane].putBack(t)
	at.taken = false
	at.ready[t.lane] = true
	l.ready[t.lane].putBack(at)
	l.enlist(at)
	if err != nil {
		return askAgain
	}
	return slot.Wait
}

// open gives a chat back; l.mu is held.
func (l *SharedLimiter) open(at *line) {
	at.taken = false
	l.enlist(at)
	l.prune(at)
}

// sleep waits; an answer that comes meanwhile may have a slot that others may not.
func (l *SharedLimiter) sleep(d time.Duration, lane bot.Lane) {
	timer := time.NewTimer(min(d, lookAgain))
	defer timer.Stop()
	answer := l.answer
	if lane == bot.Answers {
		answer = nil
	}
	select {
	case <-timer.C:
	case <-answer:
	}
}
