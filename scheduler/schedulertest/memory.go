// Package schedulertest holds what tests of package scheduler and of the stores
// behind its ports share: a [Memory] that keeps everything in maps, and [Deliveries]
// and [Subscriptions], the suites that every store has to pass. It is for tests only.
package schedulertest

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"suhbat/bot"
	"suhbat/scheduler"
)

// Memory keeps what a database would. Its zero value is empty, and it is safe for
// several goroutines.
type Memory struct {
	mu      sync.Mutex
	rows    map[string]*scheduler.Delivery
	open    map[string]map[string]*scheduler.Delivery // rows with a WakeAt, by channel and key
	posts   map[string]map[string]*scheduler.Delivery // by post and key
	cursors map[string]scheduler.Cursor
	subs    map[string]scheduler.Subscription
}

var (
	_ scheduler.Deliveries    = (*Memory)(nil)
	_ scheduler.Subscriptions = (*Memory)(nil)
)

// Select implements [scheduler.Deliveries].
func (m *Memory) Select(_ context.Context, q scheduler.Query) ([]scheduler.Delivery, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []*scheduler.Delivery
	for d := range m.candidates(&q) {
		if matches(d, &q) {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b *scheduler.Delivery) int {
		return cmp.Or(boolCompare(a.WakeAt.IsZero(), b.WakeAt.IsZero()), a.WakeAt.Compare(b.WakeAt), strings.Compare(a.Key, b.Key))
	})
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
	}
	out := make([]scheduler.Delivery, len(found))
	for i, d := range found {
		out[i] = *d
	}
	return out, nil
}

// candidates are rows among which all are that q asks for.
func (m *Memory) candidates(q *scheduler.Query) iter.Seq[*scheduler.Delivery] {
	switch {
	case q.Keys != nil:
		return func(yield func(*scheduler.Delivery) bool) {
			for _, key := range slices.Compact(slices.Sorted(slices.Values(q.Keys))) {
				if d, ok := m.rows[key]; ok && !yield(d) {
					return
				}
			}
		}
	case q.Post != "":
		return maps.Values(m.posts[q.Post])
	case q.Channel != "" && (q.Open || len(q.States) == 1 && q.States[0] == scheduler.Planned):
		return maps.Values(m.open[q.Channel])
	default:
		return maps.Values(m.rows)
	}
}

func matches(d *scheduler.Delivery, q *scheduler.Query) bool {
	return (q.Channel == "" || d.Channel == q.Channel) &&
		(q.Post == "" || d.Post == q.Post) &&
		(q.Keys == nil || slices.Contains(q.Keys, d.Key)) &&
		(len(q.States) == 0 || slices.Contains(q.States, d.State)) &&
		(!q.Open || !d.WakeAt.IsZero()) &&
		(q.From.IsZero() || !d.DueAt.Before(q.From)) &&
		(q.Until.IsZero() || !d.DueAt.After(q.Until))
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// Swap implements [scheduler.Deliveries].
func (m *Memory) Swap(_ context.Context, rows []scheduler.Delivery, c *scheduler.Cursor) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range rows {
		if old := m.rows[rows[i].Key]; old == nil && rows[i].Version != 0 || old != nil && old.Version != rows[i].Version {
			return false, nil
		}
	}
	if c != nil && m.cursors[c.Channel].Version != c.Version {
		return false, nil
	}
	for i := range rows {
		m.put(rows[i])
	}
	if c != nil {
		next := *c
		next.Version++
		set(&m.cursors, c.Channel, next)
	}
	return true, nil
}

// put writes a row and its places in the indexes.
func (m *Memory) put(d scheduler.Delivery) {
	if old, ok := m.rows[d.Key]; ok {
		delete(m.open[old.Channel], d.Key)
		delete(m.posts[old.Post], d.Key)
	}
	d.Version++
	set(&m.rows, d.Key, &d)
	if !d.WakeAt.IsZero() {
		index(&m.open, d.Channel, &d)
	}
	if d.Post != "" {
		index(&m.posts, d.Post, &d)
	}
}

func index(m *map[string]map[string]*scheduler.Delivery, by string, d *scheduler.Delivery) {
	if (*m)[by] == nil {
		set(m, by, make(map[string]*scheduler.Delivery))
	}
	(*m)[by][d.Key] = d
}

// set is m[key] = value for a map that may be nil.
func set[V any](m *map[string]V, key string, value V) {
	if *m == nil {
		*m = make(map[string]V)
	}
	(*m)[key] = value
}

// Cursor implements [scheduler.Deliveries].
func (m *Memory) Cursor(_ context.Context, channel string) (scheduler.Cursor, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.cursors[channel]
	c.Channel = channel
	return c, nil
}

// Wakes implements [scheduler.Deliveries].
func (m *Memory) Wakes(_ context.Context, until time.Time) ([]scheduler.Wake, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []scheduler.Wake
	for channel := range m.open {
		if first := m.wake(channel); !first.IsZero() && !first.After(until) {
			out = append(out, scheduler.Wake{Channel: channel, At: first})
		}
	}
	slices.SortFunc(out, func(a, b scheduler.Wake) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Channel, b.Channel))
	})
	return out, nil
}

// Wake returns when a channel has to be looked at, the zero time if never.
func (m *Memory) Wake(channel string) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.wake(channel)
}

func (m *Memory) wake(channel string) (first time.Time) {
	for _, d := range m.open[channel] {
		if first.IsZero() || d.WakeAt.Before(first) {
			first = d.WakeAt
		}
	}
	return first
}

// Subscriptions implements [scheduler.Subscriptions].
func (m *Memory) Subscriptions(context.Context) ([]scheduler.Subscription, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []scheduler.Subscription
	for _, id := range slices.Sorted(maps.Keys(m.subs)) {
		out = append(out, m.subs[id])
	}
	return out, nil
}

// Subscription implements [scheduler.Subscriptions].
func (m *Memory) Subscription(_ context.Context, id string) (scheduler.Subscription, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.subs[id]
	return s, ok, nil
}

// SubscriptionAt implements [scheduler.Subscriptions].
func (m *Memory) SubscriptionAt(_ context.Context, to bot.Address) (scheduler.Subscription, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.subs {
		if s.To == to {
			return s, true, nil
		}
	}
	return scheduler.Subscription{}, false, nil
}

// PutSubscription implements [scheduler.Subscriptions].
func (m *Memory) PutSubscription(_ context.Context, s scheduler.Subscription) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	set(&m.subs, s.ID, s)
	return nil
}

// DeleteSubscription implements [scheduler.Subscriptions].
func (m *Memory) DeleteSubscription(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.subs, id)
	return nil
}
