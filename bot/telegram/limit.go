package telegram

import (
	"context"
	"strings"
	"sync"
	"time"

	"suhbat/bot"
)

// Limiter makes whoever sends wait for a turn, so that the server never has to
// refuse. [NewLimiter] is one for a single process, [NewSharedLimiter] one for several
// that send for the same bot.
type Limiter interface {
	// Wait returns when something may be sent to a chat, and what to call when the
	// server has answered, or will not. When the turn is near it calls ready, unless
	// that is nil, for what has to be written down before. Its error is that of ctx or
	// of ready, in which case nothing may be sent; that others go first is none.
	Wait(ctx context.Context, lane bot.Lane, chat string, ready func(context.Context) error) (answered func(), err error)
	// Pause lets nobody send for a time, because the server said so.
	Pause(d time.Duration)
}

// What the server allows (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
const (
	// DefaultRate is how many messages a bot may send in a second, to all chats.
	DefaultRate = 30

	perGroup    = 20 // messages in a groupWindow to a group or a channel
	groupWindow = time.Minute
	chatWindow  = time.Second // for one message to a chat
	window      = time.Second

	// margin keeps two events apart that a window's length lies between.
	margin = 2 * time.Millisecond
	// quiet is how long no answer must have been sent for reminders to take the
	// slots that are kept for answers.
	quiet = 10 * time.Second
)

// limiter hands out slots. A slot is taken until a second after the server has
// answered: the server counts when a request arrives, which is some time before the
// answer does, so no second of its own sees more than there are slots, however long
// requests are under way. The same holds for a chat and for a group, with windows of
// their own.
//
// Nothing here looks at a clock: what runs out is given back by a timer.
type limiter struct {
	slots int // 0 for no limit
	kept  int // of them, for answers
	gap   time.Duration

	mu        sync.Mutex
	taken     int // slots that are in use
	reminders int // of them, by reminders
	paused    int // pauses under way; nobody sends while there is one
	lately    int // answers sent less than quiet ago
	spacing   bool
	chats     map[string]*line
	ready     [lanes]queue[*line] // lines whose first waiter may go
	resumed   chan struct{}       // closed when a pause ends
	inHand    chan struct{}       // holds one for each of reserved
	reserved  map[string]*time.Timer
}

const lanes = int(bot.Reminders) + 1

// line is who waits to send to one chat, and what was sent there lately.
type line struct {
	chat    string
	group   bool
	taken   bool // a message less than chatWindow ago, or under way
	recent  int  // messages less than groupWindow ago, for a group
	waiting [lanes]queue[*turn]
	ready   [lanes]bool // whether it stands in the limiter's ready
}

// turn is somebody who waits.
type turn struct {
	lane bot.Lane
	// granted is closed when it may send; left is true if it does not wait any more.
	granted chan struct{}
	left    bool

	// The rest is for a limiter that is shared: at is its slot. One that does not wait
	// for its chat is told in how long that is free.
	at      time.Time
	flight  int64
	hasty   bool
	refused time.Duration
}

// NewLimiter returns a limiter for rate messages a second in all, 1 a second to a
// chat and 20 a minute to a group or channel. Rate 0 is no limit, as a server of
// one's own has none; pauses hold nevertheless.
//
// Answers go before notices, and those before reminders; chats of a lane take turns.
// As long as answers are being sent, a sixth of the slots is kept from reminders.
// Reminders go one after another at even distances, so that slots come back evenly
// and an answer finds one soon.
func NewLimiter(rate int) Limiter {
	l := &limiter{slots: max(rate, 0), chats: make(map[string]*line), inHand: make(chan struct{}, mostInHand), reserved: make(map[string]*time.Timer)}
	if l.slots > 0 {
		l.kept = l.slots / 6
		l.gap = window/time.Duration(l.slots) - margin // timers are late, and slots keep the rate
	}
	return l
}

// Wait implements [Limiter].
func (l *limiter) Wait(ctx context.Context, lane bot.Lane, chat string, ready func(context.Context) error) (answered func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lane = known(lane)
	if lane == bot.Reminders {
		defer l.handedOver(chat)
	}
	l.mu.Lock()
	if l.slots == 0 && l.paused == 0 {
		l.mu.Unlock()
		return granted(ctx, func() {}, ready)
	}
	t := &turn{lane: lane, granted: make(chan struct{})}
	at := l.line(chat)
	at.waiting[lane].push(t)
	l.enlist(at)
	l.dispatch()
	l.mu.Unlock()

	select {
	case <-t.granted:
	case <-ctx.Done():
		if l.leave(at, t) {
			return nil, ctx.Err()
		}
	}
	return granted(ctx, sync.OnceFunc(func() { l.after(at, lane) }), ready)
}

// granted ends a wait: what has to be written down before is.
func granted(ctx context.Context, answered func(), ready func(context.Context) error) (func(), error) {
	if ready == nil {
		return answered, nil
	}
	if err := ready(ctx); err != nil {
		answered()
		return nil, err
	}
	return answered, nil
}

// known is a lane that there is.
func known(lane bot.Lane) bot.Lane { return min(max(lane, bot.Answers), bot.Reminders) }

// Pause implements [Limiter].
func (l *limiter) Pause(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.paused++; l.paused == 1 {
		l.resumed = make(chan struct{})
	}
	l.later(d, func() {
		if l.paused--; l.paused == 0 {
			close(l.resumed)
		}
	})
}

// leave takes a turn out, unless it has been granted already.
func (l *limiter) leave(at *line, t *turn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-t.granted:
		return false
	default:
	}
	t.left = true
	at.waiting[t.lane].drop(func(t *turn) bool { return t.left })
	l.prune(at)
	return true
}

// after gives back what a message took, each thing when its time is over.
func (l *limiter) after(at *line, lane bot.Lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.slots == 0 {
		l.give(at, lane)
		l.dispatch()
		return
	}
	l.later(window+margin, func() { l.give(at, lane) })
	if at.group {
		l.later(groupWindow+margin, func() {
			at.recent--
			l.enlist(at)
			l.prune(at)
		})
	}
}

// give gives back a slot and the chat.
func (l *limiter) give(at *line, lane bot.Lane) {
	l.taken--
	if lane == bot.Reminders {
		l.reminders--
	}
	at.taken = false
	l.enlist(at)
	l.prune(at)
}

// later calls f under the lock after a time, and then whoever may go.
func (l *limiter) later(d time.Duration, f func()) {
	time.AfterFunc(d, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		f()
		l.dispatch()
	})
}

// dispatch grants turns as long as there are any to grant.
func (l *limiter) dispatch() {
	for l.paused == 0 {
		at, t := l.next()
		if t == nil {
			return
		}
		l.grant(at, t)
	}
}

// next returns the first turn that may go, nil if there is none.
func (l *limiter) next() (*line, *turn) {
	for lane := range bot.Lane(lanes) {
		if !l.room(lane) {
			continue
		}
		for l.ready[lane].len() > 0 {
			at := l.ready[lane].pop()
			at.ready[lane] = false
			if l.open(at) && at.waiting[lane].len() > 0 {
				return at, at.waiting[lane].pop()
			}
		}
	}
	return nil, nil
}

// room reports whether a lane may have a slot.
func (l *limiter) room(lane bot.Lane) bool {
	switch {
	case l.slots == 0:
		return true
	case lane != bot.Reminders:
		return l.taken < l.slots
	case l.spacing || l.taken >= l.slots:
		return false
	default:
		return l.lately == 0 || l.reminders < l.slots-l.kept
	}
}

// open reports whether a chat may be sent a message.
func (l *limiter) open(at *line) bool {
	return l.slots == 0 || (!at.taken && at.recent < perGroup)
}

// grant lets a turn go.
func (l *limiter) grant(at *line, t *turn) {
	l.taken++
	at.taken = true
	if at.group && l.slots > 0 {
		at.recent++
	}
	switch t.lane {
	case bot.Reminders:
		l.reminders++
		if l.gap > 0 {
			l.spacing = true
			l.later(l.gap, func() { l.spacing = false })
		}
	case bot.Answers:
		l.lately++
		l.later(quiet, func() { l.lately-- })
	case bot.Notices:
	}
	l.enlist(at) // for the next in line, where nothing is limited
	close(t.granted)
}

// line returns the line of a chat.
func (l *limiter) line(chat string) *line {
	at := l.chats[chat]
	if at == nil {
		at = &line{chat: chat, group: isGroup(chat)}
		l.chats[chat] = at
	}
	return at
}

// isGroup reports whether a chat is a group or a channel: their ids are negative,
// and only those of them and of users are known by name.
func isGroup(chat string) bool { return strings.HasPrefix(chat, "-") || strings.HasPrefix(chat, "@") }

// enlist puts a line where its waiters will be found, if they may go.
func (l *limiter) enlist(at *line) {
	if !l.open(at) {
		return
	}
	for lane := range lanes {
		if !at.ready[lane] && at.waiting[lane].len() > 0 {
			at.ready[lane] = true
			l.ready[lane].push(at)
		}
	}
}

// prune forgets a line that there is nothing to know of.
func (l *limiter) prune(at *line) {
	if at.taken || at.recent > 0 || l.chats[at.chat] != at {
		return
	}
	for lane := range lanes {
		if at.waiting[lane].len() > 0 {
			return
		}
	}
	delete(l.chats, at.chat)
}

// queue is first in, first out. The zero queue is empty.
type queue[T any] struct {
	items []T
	head  int
}

func (q *queue[T]) len() int { return len(q.items) - q.head }

func (q *queue[T]) push(t T) { q.items = append(q.items, t) }

// putBack puts what was popped last to the front again.
func (q *queue[T]) putBack(t T) {
	if q.head == 0 {
		q.items = append(q.items, t)
		copy(q.items[1:], q.items)
		q.items[0] = t
		return
	}
	q.head--
	q.items[q.head] = t
}

func (q *queue[T]) pop() T {
	var none T
	t := q.items[q.head]
	q.items[q.head] = none
	if q.head++; q.head == len(q.items) || q.head > 64 && q.head > len(q.items)/2 {
		q.items, q.head = append(q.items[:0], q.items[q.head:]...), 0
	}
	return t
}

// drop removes what is to go, and keeps the order.
func (q *queue[T]) drop(goes func(T) bool) {
	kept := q.items[:0]
	for _, t := range q.items[q.head:] {
		if !goes(t) {
			kept = append(kept, t)
		}
	}
	clear(q.items[len(kept):])
	q.items, q.head = kept, 0
}
