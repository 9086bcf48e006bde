package slack

import (
	"context"
	"sync"
	"time"
)

// turns lets those who want the same thing have it one after another, in the order in
// which they asked. The zero turns are free.
type turns struct {
	mu   sync.Mutex
	last map[string]chan struct{} // closed when the last in line is through
}

// turn is a place in the line.
type turn struct {
	turns        *turns
	key          string
	before, mine chan struct{}
}

// take takes the next place in the line for key, without waiting. It has to be ended.
func (t *turns) take(key string) turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.last == nil {
		t.last = make(map[string]chan struct{})
	}
	u := turn{turns: t, key: key, before: t.last[key], mine: make(chan struct{})}
	t.last[key] = u.mine
	return u
}

// wait returns when everybody before is through, or why ctx ended before that.
func (u turn) wait(ctx context.Context) error {
	if u.before == nil {
		return nil
	}
	select {
	case <-u.before:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end lets the next one have it, as soon as those before are through, too.
func (u turn) end() {
	if u.before == nil {
		u.leave()
		return
	}
	select {
	case <-u.before:
		u.leave()
	default: // it gave up waiting
		go func() {
			<-u.before
			u.leave()
		}()
	}
}

func (u turn) leave() {
	u.turns.mu.Lock()
	defer u.turns.mu.Unlock()
	if u.turns.last[u.key] == u.mine {
		delete(u.turns.last, u.key)
	}
	close(u.mine)
}

// pace spreads what is sent. The zero pace has sent nothing.
type pace struct {
	mu   sync.Mutex
	next map[string]time.Time // when the next may go
}

const maxPaces = 10_000 // keys that are remembered

// reserve takes the next slot for key and returns how long it is until then.
func (p *pace) reserve(key string, every time.Duration, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	slot := now
	if next := p.next[key]; next.After(now) {
		slot = next
	}
	p.set(key, slot.Add(every), now)
	return slot.Sub(now)
}

// reserveFree takes the slot of this moment if it is free, and else returns how long
// it is until one may be.
func (p *pace) reserveFree(key string, every time.Duration, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wait := p.next[key].Sub(now); wait > 0 {
		return wait
	}
	p.set(key, now.Add(every), now)
	return 0
}

// shut lets nothing through for key until then.
func (p *pace) shut(key string, until, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.next[key]) {
		p.set(key, until, now)
	}
}

// closed returns how long key is shut.
func (p *pace) closed(key string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(0, p.next[key].Sub(now))
}

func (p *pace) set(key string, next, now time.Time) {
	if p.next == nil {
		p.next = make(map[string]time.Time)
	}
	if len(p.next) >= maxPaces {
		for k, at := range p.next {
			if !at.After(now) {
				delete(p.next, k)
			}
		}
	}
	p.next[key] = next
}
