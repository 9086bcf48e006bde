package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"suhbat/bot/message"
	"suhbat/bot/wire"
)

// The bounds of what is remembered: an answer is forgotten after ten turns, a
// conversation after half an hour, and, where it is kept in memory, all of them
// when there are too many at once.
const (
	maxTurns  = 10
	talkLasts = 30 * time.Minute
	maxTalks  = 10_000
)

// talk is a conversation as [Talks] keeps it: what is remembered after its last
// turn, and what was before it. When that turn comes in again, because a crash or
// the network repeats it or its words were edited, it is answered from what was
// before: "the year after?" moves on by one year, not by two.
type talk struct {
	id, message string // of the last turn's [Incoming]
	now, before []byte // each a memory
}

// talkVersion is the version of what is kept; what another one kept is forgotten.
const talkVersion = 2

// kept is about how long what is kept of one form, or of a handful of words, is.
const kept = 64

func (t *talk) keep() []byte {
	w := wire.NewWriter(len(t.id) + len(t.message) + len(t.now) + len(t.before) + kept)
	w.Int(talkVersion)
	w.Text(t.id)
	w.Text(t.message)
	w.Data(t.now)
	w.Data(t.before)
	return w.Bytes()
}

// recall reads a conversation. What cannot be read is forgotten: that is no reason
// to be silent.
func (c *Core) recall(ctx context.Context, at Address) (talk, error) {
	data, err := c.ports.Talks.Talk(ctx, at)
	if err != nil {
		return talk{}, fmt.Errorf("bot: what was said before: %w", err)
	}
	r := wire.Reader{Bytes: data}
	if len(data) == 0 || r.Int() != talkVersion {
		return talk{}, nil
	}
	t := talk{id: r.Text(), message: r.Text(), now: r.Data(), before: r.Data()}
	if r.Broken {
		return talk{}, nil
	}
	return t, nil
}

// memory is what a conversation remembers.
type memory struct {
	last    []byte // forms, as [ask.Keep] writes them
	turns   int    // since last was answered
	lang    string
	choices []message.Choice
	// report holds the digests of facts that somebody is about to say a word on, who
	// the digest of that user.
	report, who string
}

// keep writes m down.
func (m *memory) keep(now time.Time) []byte {
	w := wire.NewWriter(kept*(1+len(m.choices)) + len(m.last))
	w.Int(now.UnixMilli())
	w.Int(int64(m.turns))
	w.Text(m.lang)
	w.Text(m.report)
	w.Text(m.who)
	w.Int(int64(len(m.choices)))
	for _, c := range m.choices {
		w.Text(c.Label)
		w.Text(c.Value)
	}
	w.Data(m.last)
	return w.Bytes()
}

// fresh returns what was kept at one moment, or nothing if that is too long ago.
func fresh(data []byte, now time.Time) []byte {
	r := wire.Reader{Bytes: data}
	if len(data) == 0 || now.Sub(time.UnixMilli(r.Int())) > talkLasts {
		return nil
	}
	return data
}

// remembered reads what was kept at one moment.
func remembered(data []byte) memory {
	if len(data) == 0 {
		return memory{}
	}
	r := wire.Reader{Bytes: data}
	r.Int() // when it was
	m := memory{turns: int(r.Int()), lang: r.Text(), report: r.Text(), who: r.Text()}
	for range r.Len() {
		m.choices = append(m.choices, message.Choice{Label: r.Text(), Value: r.Text()})
	}
	m.last = r.Data()
	if r.Broken {
		return memory{}
	}
	return m
}

// talksInMemory are the [Talks] of a core that was given none.
type talksInMemory struct {
	mu  sync.Mutex
	all map[Address]talkInMemory
}

type talkInMemory struct {
	state []byte
	at    time.Time
}

func (m *talksInMemory) Talk(_ context.Context, at Address) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all[at].state, nil
}

func (m *talksInMemory) KeepTalk(_ context.Context, at Address, state []byte, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.all) >= maxTalks {
		clear(m.all)
	}
	m.sweep(now)
	if len(state) == 0 {
		delete(m.all, at)
	} else {
		m.all[at] = talkInMemory{state, now}
	}
	return nil
}

// sweep deletes some of what is too old: more conversations than can begin
// meanwhile, so that none outlasts its time by much.
func (m *talksInMemory) sweep(now time.Time) {
	const some = 4
	looked := 0
	for at, t := range m.all { // in no order: everyone's turn comes
		if now.Sub(t.at) > talkLasts {
			delete(m.all, at)
		}
		if looked++; looked == some {
			return
		}
	}
}

// preferencesInMemory are the [Preferences] of a core that was given none.
type preferencesInMemory struct {
	mu  sync.Mutex
	all map[Address]Preference
}

func (m *preferencesInMemory) Preference(_ context.Context, owner Address) (Preference, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all[owner], nil
}

func (m *preferencesInMemory) SetPreference(_ context.Context, owner Address, p Preference) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.all) >= maxTalks {
		clear(m.all)
	}
	m.all[owner] = p
	return nil
}

func (m *preferencesInMemory) Forget(_ context.Context, owner Address) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, owner)
	return nil
}
