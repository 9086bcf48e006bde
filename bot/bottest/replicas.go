package bottest

import (
	"context"
	"slices"
	"sync"
	"time"

	"suhbat/bot"
)

// Replicas are several processes with one database, in memory: what they kept outlasts
// them. The zero Replicas are none.
type Replicas struct {
	Inbox Inbox
	Slots Slots

	mu    sync.Mutex
	alive map[*Replica]bool
	locks map[string]*Replica
	freed chan struct{} // closed when a lock may be free
}

// Replica is one of them. It is its [bot.Locks].
type Replica struct {
	all  *Replicas
	dead chan struct{}
}

var (
	_ bot.Locks = (*Replica)(nil)
	_ bot.Inbox = inboxOf{}
)

// Join starts a replica.
func (r *Replicas) Join() *Replica {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.alive == nil {
		r.alive, r.locks, r.freed = make(map[*Replica]bool), make(map[string]*Replica), make(chan struct{})
	}
	m := &Replica{all: r, dead: make(chan struct{})}
	r.alive[m] = true
	return m
}

// Die is when the others notice that a replica is gone, whether or not it is.
func (m *Replica) Die() {
	r := m.all
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.alive[m] {
		return
	}
	delete(r.alive, m)
	close(m.dead)
	r.free(func(owner *Replica) bool { return owner == m })
}

// free gives back locks; r.mu is held.
func (r *Replicas) free(which func(owner *Replica) bool) {
	for name, owner := range r.locks {
		if which(owner) {
			delete(r.locks, name)
		}
	}
	close(r.freed)
	r.freed = make(chan struct{})
}

func (r *Replicas) isAlive(m *Replica) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.alive[m]
}

// Lock implements [bot.Locks].
func (m *Replica) Lock(ctx context.Context, name string) (context.Context, func(), error) {
	for {
		freed, ok := m.try(name)
		if ok {
			break
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
	held, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-m.dead:
			cancel(bot.ErrLost)
		case <-held.Done():
		}
	}()
	release := func() {
		cancel(nil)
		m.all.mu.Lock()
		defer m.all.mu.Unlock()
		if m.all.locks[name] == m {
			delete(m.all.locks, name)
		}
		m.all.free(func(*Replica) bool { return false })
	}
	return held, sync.OnceFunc(release), nil
}

// Holds reports whether a replica has the lock of a name.
func (m *Replica) Holds(name string) bool {
	m.all.mu.Lock()
	defer m.all.mu.Unlock()
	return m.all.locks[name] == m
}

func (m *Replica) try(name string) (freed chan struct{}, ok bool) {
	r := m.all
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.locks[name] == nil && r.alive[m] {
		r.locks[name] = m
		return nil, true
	}
	return r.freed, false
}

// Inbox is the inbox as a replica sees it.
func (m *Replica) Inbox() bot.Inbox { return inboxOf{&m.all.Inbox, m} }

type inboxOf struct {
	*Inbox

	m *Replica
}

// Keep implements [bot.Inbox].
func (i inboxOf) Keep(ctx context.Context, id string, order bot.Address, body []byte, now time.Time) (bool, error) {
	fresh, err := i.Inbox.Keep(ctx, id, order, body, now)
	if fresh {
		i.own(id)
	}
	return fresh, err
}

// own makes an id this replica's, unless one that is alive has it. It reports whether
// it is.
func (i inboxOf) own(id string) bool {
	alive := i.m.all.isAlive
	i.Inbox.mu.Lock()
	defer i.Inbox.mu.Unlock()
	r, _ := i.row(id)
	if !alive(i.m) || r.owner != nil && r.owner != i.m && alive(r.owner) {
		return false
	}
	r.owner = i.m
	return true
}

// Adopt implements [bot.Inbox].
func (i inboxOf) Adopt(ctx context.Context) ([]bot.Kept, error) {
	kept, err := i.Kept(ctx)
	return slices.DeleteFunc(kept, func(k bot.Kept) bool {
		i.Inbox.mu.Lock()
		owner := i.rows[k.ID].owner
		i.Inbox.mu.Unlock()
		return owner == i.m || !i.own(k.ID)
	}), err
}

// Sending implements [bot.Inbox].
func (i inboxOf) Sending(ctx context.Context, id string, part int, now time.Time) error {
	if far, err := i.Progress(ctx, []string{id}); err == nil && !far[id].Done && !i.own(id) {
		return bot.ErrTaken
	}
	return i.Inbox.Sending(ctx, id, part, now)
}

// Slots are [bot.Slots] in memory, by the clock of the test. The zero Slots are free.
type Slots struct {
	mu      sync.Mutex
	taken   map[string][]time.Time
	closed  map[string]time.Time
	flights []flight
	last    int64
}

// flight is something that counts until a time, which is zero while it is on its way.
type flight struct {
	id     int64
	name   string
	window time.Duration
	until  time.Time
}

var _ bot.Slots = (*Slots)(nil)

// Reserve implements [bot.Slots].
func (s *Slots) Reserve(_ context.Context, ahead time.Duration, limits ...bot.Limit) (bot.Slot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	var flies *bot.Limit
	if last := limits[len(limits)-1]; last.Flights {
		flies, limits = &last, limits[:len(limits)-1]
	}
	last := limits[len(limits)-1]
	at := s.first(&last, now)
	for _, l := range limits {
		if free := s.first(&l, now); free.After(at) {
			return bot.Slot{Wait: free.Sub(now), By: l.Name}, nil
		}
	}
	if flies != nil {
		landed, ok := s.landed(flies, at, now)
		if !ok {
			return bot.Slot{Wait: 15 * time.Millisecond, By: last.Name}, nil
		}
		at = landed
	}
	if wait := at.Sub(now); wait > ahead {
		return bot.Slot{Wait: wait - ahead, By: last.Name}, nil
	}
	if s.taken == nil {
		s.taken = make(map[string][]time.Time)
	}
	for _, l := range limits {
		all := append(s.taken[l.Name], at)
		s.taken[l.Name] = all[max(0, len(all)-l.Most):]
	}
	slot := bot.Slot{OK: true, Wait: at.Sub(now)}
	if flies != nil {
		s.last++
		slot.Flight = s.last
		s.flights = append(s.flights, flight{id: s.last, name: flies.Name, window: flies.Window})
	}
	return slot, nil
}

// first is when a limit has its next slot.
func (s *Slots) first(l *bot.Limit, now time.Time) time.Time {
	at := now
	if closed := s.closed[l.Name]; closed.After(at) {
		at = closed
	}
	all := s.taken[l.Name]
	if l.Most > 0 && len(all) >= l.Most {
		if free := all[len(all)-l.Most].Add(l.Window); free.After(at) {
			at = free
		}
	}
	return at
}

// landed is when few enough are on their way; it reports false if nobody knows.
func (s *Slots) landed(l *bot.Limit, at, now time.Time) (time.Time, bool) {
	s.flights = slices.DeleteFunc(s.flights, func(f flight) bool { return !f.until.IsZero() && !f.until.After(now) })
	unknown := 0
	var later []time.Time
	for _, f := range s.flights {
		switch {
		case f.name != l.Name:
		case f.until.IsZero():
			unknown++
		case f.until.After(at):
			later = append(later, f.until)
		}
	}
	over := unknown + len(later) - l.Most // how many have to be over, and one more
	switch {
	case over < 0:
		return at, true
	case over >= len(later):
		return at, false
	}
	slices.SortFunc(later, time.Time.Compare)
	return later[over], true
}

// Landed implements [bot.Slots].
func (s *Slots) Landed(_ context.Context, flights ...int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.flights {
		if f := &s.flights[i]; slices.Contains(flights, f.id) {
			f.until = time.Now().Add(f.window)
		}
	}
	return nil
}

// Delay implements [bot.Slots].
func (s *Slots) Delay(_ context.Context, limit string, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed == nil {
		s.closed = make(map[string]time.Time)
	}
	if until := time.Now().Add(d); until.After(s.closed[limit]) {
		s.closed[limit] = until
	}
	return nil
}
