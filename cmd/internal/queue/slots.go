package queue

import (
	"context"
	"errors"
	"fmt"
	"time"

	"suhbat/bot"
	"suhbat/scheduler"
)

// callTime is how long a call of a network may take, the wait for its slot included.
const callTime = 24 * time.Second

// ErrStopping says that nothing more is sent because the program stops.
var ErrStopping = errors.New("queue: the program stops")

// Slots are [scheduler.Slots] that give out none while the program stops, nor so late in
// a job that the job would end before the call of the network: a call that is broken off
// leaves a post of which nobody knows whether it arrived.
type Slots struct {
	scheduler.Slots

	Stopping <-chan struct{}
	Now      func() time.Time // the clock of the database, as in [Config]
}

// endOfJob is the key of a context's value: when its job ends, by the clock of the
// database. The context's own deadline is by that of the process, which may be another.
type endOfJob struct{}

// Reserve implements [scheduler.Slots].
func (s Slots) Reserve(ctx context.Context, to bot.Address, now time.Time) (time.Time, bool, error) {
	select {
	case <-s.Stopping:
		return time.Time{}, false, ErrStopping
	default:
	}
	if end, ok := ctx.Value(endOfJob{}).(time.Time); ok && end.Sub(s.Now()) < callTime {
		return now, false, nil // another job goes on
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-s.Stopping:
			cancel(ErrStopping) // whoever still waits for a slot wants none any more
		case <-ctx.Done():
		}
	}()
	at, ok, err := s.Slots.Reserve(ctx, to, now)
	if err != nil && errors.Is(context.Cause(ctx), ErrStopping) {
		err = ErrStopping
	}
	if err != nil {
		return at, ok, fmt.Errorf("queue: %w", err)
	}
	return at, ok, nil
}
