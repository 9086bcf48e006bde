package slack

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"suhbat/bot"
)

// States keeps the states of installations that have begun, each good for one use.
type States interface {
	// PutState remembers a state, and data that we do not need, until then.
	PutState(ctx context.Context, state string, data []byte, expires time.Time) error
	// TakeState forgets a state and reports whether it was there and still good.
	// Of two calls for one state at the same time only one is told so.
	TakeState(ctx context.Context, state string, now time.Time) (data []byte, ok bool, err error)
}

// What memory holds at most.
const (
	maxThreads = 10_000
	maxStates  = 10_000
	maxDone    = 10_000
)

// states are [States] in memory.
type states struct{ set oldest }

func (t *states) PutState(_ context.Context, state string, _ []byte, expires time.Time) error {
	t.set.keep(state, expires, maxStates)
	return nil
}

func (t *states) TakeState(_ context.Context, state string, now time.Time) (data []byte, ok bool, err error) {
	expires, ok := t.set.get(state, true)
	return nil, ok && now.Before(expires), nil
}

// oldest is a set that drops half of itself, the oldest first, when it is full. The
// zero set is empty.
type oldest struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (o *oldest) keep(key string, at time.Time, most int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.at == nil {
		o.at = make(map[string]time.Time)
	}
	if _, ok := o.at[key]; !ok && len(o.at) >= most {
		o.halve()
	}
	o.at[key] = at
}

func (o *oldest) halve() {
	keys := make([]string, 0, len(o.at))
	for k := range o.at {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return o.at[a].Compare(o.at[b]) })
	for _, k := range keys[:len(keys)/2] {
		delete(o.at, k)
	}
}

func (o *oldest) get(key string, take bool) (time.Time, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at, ok := o.at[key]
	if take {
		delete(o.at, key)
	}
	return at, ok
}

// memory is a [bot.Inbox] for a program that has no database: it knows what came
// twice, and forgets everything when the program ends.
type memory struct {
	mu   sync.Mutex
	rows map[string]*row
	done oldest
}

type row struct {
	kept     bot.Kept
	progress bot.Progress
}

func newMemory() *memory { return &memory{rows: make(map[string]*row)} }

func (m *memory) Keep(_ context.Context, id string, order bot.Address, body []byte, now time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.done.get(id, false); known || m.rows[id] != nil {
		return false, nil
	}
	m.rows[id] = &row{kept: bot.Kept{ID: id, Order: order, Body: body, At: now}}
	return true, nil
}

func (m *memory) Kept(context.Context) ([]bot.Kept, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []bot.Kept
	for _, r := range m.rows {
		all = append(all, r.kept)
	}
	slices.SortFunc(all, func(a, b bot.Kept) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// Adopt is Kept: nobody else has kept anything here.
func (m *memory) Adopt(ctx context.Context) ([]bot.Kept, error) { return m.Kept(ctx) }

func (m *memory) Progress(_ context.Context, ids []string) (map[string]bot.Progress, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make(map[string]bot.Progress)
	for _, id := range ids {
		if r := m.rows[id]; r != nil {
			all[id] = r.progress
		} else if _, ok := m.done.get(id, false); ok {
			all[id] = bot.Progress{Done: true}
		}
	}
	return all, nil
}

func (m *memory) Sending(_ context.Context, id string, part int, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.rows[id]
	if r == nil {
		return bot.ErrFinished
	}
	if !r.progress.Begun || r.progress.Part != part {
		r.progress = bot.Progress{Begun: true, Part: part}
	}
	r.progress.Tries++
	return nil
}

func (m *memory) Unsent(_ context.Context, id string, part int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.rows[id]; r != nil && r.progress.Begun && r.progress.Part == part && r.progress.Tries > 1 {
		r.progress.Tries--
	}
	return nil
}

func (m *memory) Finish(_ context.Context, id string, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.rows, id)
	m.done.keep(id, now, maxDone)
	return nil
}
