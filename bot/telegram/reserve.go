package telegram

import (
	"context"
	"time"

	"suhbat/bot"
)

// mostInHand is how many reminders may be written down as being sent and still wait for
// their turn: enough to have the next one at hand when its turn comes, though that takes
// the database a tenth of a second.
const mostInHand = 3

// Reserver gives out the turns of reminders before their intents are written down, so that
// a process that is killed leaves none in doubt but those that were next or on their way.
// It is the port that a scheduler wants.
type Reserver interface {
	Reserve(ctx context.Context, to bot.Address, now time.Time) (at time.Time, ok bool, err error)
	Delay(ctx context.Context, to bot.Address, until time.Time) error
}

var _, _ Reserver = (*limiter)(nil), (*SharedLimiter)(nil)

// Reserver is what gives out the turns of reminders; nil if the limiter is another than
// those of this package.
func (m *Messenger) Reserver() Reserver {
	r, _ := m.limit.(Reserver)
	return r
}

// Reserve waits until a reminder is one of the next to be sent. It reports false, and when
// to ask again, if the chat has its message for now, or if others go first for long.
func (l *limiter) Reserve(ctx context.Context, to bot.Address, now time.Time) (at time.Time, ok bool, err error) {
	if l.busy(to.Chat) { // as a rule with an answer, whose second is over soon
		if err := pause(ctx, chatWindow+2*margin); err != nil {
			return time.Time{}, false, err
		}
		if l.busy(to.Chat) {
			return now.Add(2 * chatWindow), false, nil
		}
	}
	waiting, cancel := context.WithTimeout(ctx, soonest)
	defer cancel()
	if err := l.hand(waiting); err != nil {
		if ctx.Err() == nil {
			return now.Add(soonest), false, nil // it has waited long enough to let others work
		}
		return time.Time{}, false, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reserved[to.Chat] != nil { // another thread of the chat was quicker
		<-l.inHand
		return now.Add(chatWindow), false, nil
	}
	l.reserved[to.Chat] = time.AfterFunc(bookLasts, func() { l.handedOver(to.Chat) })
	return now, true, nil
}

// busy reports whether a reminder to a chat would have to wait for that chat alone.
func (l *limiter) busy(chat string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.chats[chat]
	return l.reserved[chat] != nil || at != nil && (!l.open(at) || at.waiting[bot.Reminders].len() > 0)
}

// hand waits until there is room for one more in hand, and nobody has to pause.
func (l *limiter) hand(ctx context.Context) error {
	select {
	case l.inHand <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		l.mu.Lock()
		paused, resumed := l.paused > 0, l.resumed
		l.mu.Unlock()
		if !paused {
			return nil
		}
		select {
		case <-resumed:
		case <-ctx.Done():
			<-l.inHand
			return ctx.Err()
		}
	}
}

// handedOver makes room for another one when the turn of a reminder has come, or when it
// is not coming.
func (l *limiter) handedOver(chat string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if lapse := l.reserved[chat]; lapse != nil {
		lapse.Stop()
		delete(l.reserved, chat)
		<-l.inHand
	}
}

// Delay has nothing to do: the [Messenger] that was told to wait has paused all others.
func (*limiter) Delay(context.Context, bot.Address, time.Time) error { return nil }
