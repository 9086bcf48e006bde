package store

import (
	"context"
	"sync"
	"time"
)

// clock is what is known of the database's clock. Processes that share a database write
// down instants that the others compare with their own "now": when something is due, how
// long a lease lasts, what is too old. Machines' clocks may be minutes apart; the
// database has but one.
type clock struct {
	query string // for the database's time; empty if the program's is as good

	mu     sync.Mutex
	ours   time.Time // the program's time, when the database's was theirs
	theirs time.Time
}

// skew is how far the two ways to measure how long ago something was, by the wall clock
// and by the monotonic one, may be apart before neither is trusted: somebody has set the
// clock, or the machine slept.
const skew = time.Second

// Now is the time of the database, as far as it is known: where several processes share
// one it is the server's, asked for every few minutes, so that instants written by one of
// them mean the same to the others; else that of the program. When the program's own
// clock was set, or the machine slept, the server is asked again before this returns.
func (s *Store) Now() time.Time {
	if s.clock.query == "" {
		return s.now()
	}
	now, sure := s.clock.read(s.now())
	if sure {
		return now
	}
	ctx, cancel := context.WithTimeout(context.Background(), connectTime)
	defer cancel()
	if s.setClock(ctx) != nil {
		return now
	}
	now, _ = s.clock.read(s.now())
	return now
}

// read turns a time of the program into one of the database.
func (c *clock) read(now time.Time) (theirs time.Time, sure bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	elapsed, sure := passed(now.Sub(c.ours), now.Round(0).Sub(c.ours.Round(0)))
	return c.theirs.Add(elapsed), sure
}

// passed is how much time has gone by, by what the monotonic clock and the wall clock say.
// Unless it is sure, it is the greater one: better is a lease over too early than too late.
func passed(monotonic, wall time.Duration) (elapsed time.Duration, sure bool) {
	if (monotonic - wall).Abs() <= skew {
		return monotonic, true
	}
	return max(monotonic, wall), false
}

// setClock asks the database for its time. The answer is taken for that of the middle
// between question and answer, so it is wrong by half of the way there and back at most.
func (s *Store) setClock(ctx context.Context) error {
	if s.clock.query == "" {
		return nil
	}
	var us int64
	begun := s.now()
	if err := s.reads.QueryRowContext(ctx, s.clock.query).Scan(&us); err != nil {
		return s.failed("read the time of the database", err)
	}
	took := s.now().Sub(begun)
	s.clock.mu.Lock()
	defer s.clock.mu.Unlock()
	s.clock.ours, s.clock.theirs = begun.Add(took/2), moment(us)
	return nil
}
