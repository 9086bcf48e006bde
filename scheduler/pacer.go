package scheduler

import (
	"context"
	"slices"
	"sync"
	"time"

	"suhbat/bot"
)

// Pace is how fast a network may be sent to. A zero field limits nothing.
type Pace struct {
	// Every is the time between two messages, whatever chats they are for; on a network
	// with spaces, in each space.
	Every time.Duration
	// Chat is the time between two messages to one chat.
	Chat time.Duration
	// Burst is how many messages a chat for which Crowd is true may get in a Window.
	Burst  int
	Window time.Duration
	Crowd  func(bot.Address) bool
}

// Pacer is the [Slots] of a single process. It only spaces what is sent by itself: what
// is answered meanwhile has to leave it room, so a Pace is to be somewhat slower than
// the network allows. The zero Pacer limits nothing.
type Pacer struct {
	Paces map[string]Pace // by network

	mu    sync.Mutex
	last  time.Time // the latest now
	lines map[bot.Address]*line
	prune int // how many lines there may be before old ones are looked for
}

// line is what is known of a chat, or of a whole space.
type line struct {
	free time.Time   // nothing goes out before
	sent []time.Time // the last Burst slots of a crowd, the oldest first
}

// soonest is how far ahead a slot is reserved.
const soonest = 3 * time.Second

// Reserve implements [Slots].
func (p *Pacer) Reserve(_ context.Context, to bot.Address, now time.Time) (time.Time, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.look(now)
	pace, all, chat := p.Paces[to.Network], p.line(space(to)), p.line(to.Place())
	crowded := pace.Burst > 0 && pace.Crowd != nil && pace.Crowd(to)
	at, free := later(now, all.free), chat.free
	if crowded && len(chat.sent) == pace.Burst {
		free = later(free, chat.sent[0].Add(pace.Window))
	}
	if free.After(at) { // to wait for one chat would hold up all the others
		return free, false, nil
	}
	if at.Sub(now) > soonest {
		return at, false, nil
	}
	all.free, chat.free = at.Add(pace.Every), at.Add(pace.Chat)
	if crowded {
		if len(chat.sent) == pace.Burst {
			chat.sent = slices.Delete(chat.sent, 0, 1)
		}
		chat.sent = append(chat.sent, at)
	}
	return at, true, nil
}

// Delay implements [Slots]. It holds up the whole space: the networks do not say which
// of their limits it was.
func (p *Pacer) Delay(_ context.Context, to bot.Address, until time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.line(space(to))
	all.free = later(all.free, until)
	return nil
}

// space is the address that stands for all chats of a space.
func space(to bot.Address) bot.Address { return bot.Address{Network: to.Network, Space: to.Space} }

func (p *Pacer) line(at bot.Address) *line {
	l := p.lines[at]
	if l == nil {
		l = new(line)
		if p.lines == nil {
			p.lines = make(map[bot.Address]*line)
		}
		p.lines[at] = l
	}
	return l
}

// look notes the time. If the clock was put back, all that is known lies in a future
// that may be long, and is forgotten; lines that say nothing any more are forgotten now
// and then.
func (p *Pacer) look(now time.Time) {
	const jitter = time.Minute
	if now.Before(p.last.Add(-jitter)) {
		p.lines, p.last = nil, now
	}
	p.last = later(p.last, now)
	if len(p.lines) <= max(p.prune, 1024) {
		return
	}
	for at, l := range p.lines {
		window := p.Paces[at.Network].Window
		if l.free.Before(now) && (len(l.sent) == 0 || l.sent[len(l.sent)-1].Add(window).Before(now)) {
			delete(p.lines, at)
		}
	}
	p.prune = 2 * len(p.lines)
}
