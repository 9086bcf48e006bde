package telegram

import (
	"context"
	"errors"
	"time"

	"suhbat/bot"
)

// The scheduler reserves a slot before it writes down its intent, and sends later: what
// it has booked is redeemed by the send that follows.

// booking is a slot that was reserved.
type booking struct {
	at     time.Time
	flight int64
}

// bookLasts is how long a slot is kept for a reminder: after that it is not coming.
const bookLasts = 30 * time.Second

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
