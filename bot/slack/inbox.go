package slack

import (
	"context"
	"errors"
	"time"

	"suhbat/bot"
)

// errSlow asks Slack to come back later, for it would not hear an acknowledgement any
// more.
var errSlow = errors.New("the database takes its time")

// keep writes an arrival down, and reports whether it is new. If that takes longer than
// Slack waits, it returns errSlow and the arrival is its own business from then on: it is
// answered if it has been written down after all, because then what Slack delivers again
// is not.
func (s *Slack) keep(ctx context.Context, a *arrival) (fresh bool, err error) {
	ctx = context.WithoutCancel(ctx) // Slack may hang up when it is all but written
	type result struct {
		fresh bool
		err   error
	}
	kept := make(chan result, 1)
	go func() {
		fresh, err := s.ports.Inbox.Keep(ctx, a.in.ID, a.in.From, a.body(), a.at)
		kept <- result{fresh, err}
	}()
	late := time.NewTimer(ackWithin)
	defer late.Stop()
	select {
	case r := <-kept:
		return r.fresh, r.err
	case <-late.C:
	}
	go func() {
		if r := <-kept; r.err != nil || !r.fresh {
			s.over(a)
			return
		}
		s.queue(ctx, a, bot.Progress{})
	}()
	return false, errSlow
}
