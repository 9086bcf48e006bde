package telegram

import (
	"context"
	"time"

	"suhbat/bot"
)

// Whose turn it is to ask for a shared slot: lanes in their order, and the chats of a
// lane one after the other.

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
