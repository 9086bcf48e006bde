package queue_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/queue"
)

// full has no slot until its context ends.
type full struct{}

func (full) Reserve(ctx context.Context, _ bot.Address, _ time.Time) (time.Time, bool, error) {
	<-ctx.Done()
	return time.Time{}, false, ctx.Err()
}

func (full) Delay(context.Context, bot.Address, time.Time) error { return nil }

// TestSlotsStopping: a program that is stopped in the middle of a mailing does not make
// whoever stops it wait for reminders whose turn has not come.
func TestSlotsStopping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping, start := make(chan struct{}), time.Now()
		time.AfterFunc(time.Second, func() { close(stopping) })
		_, ok, err := queue.Slots{Slots: full{}, Stopping: stopping, Now: time.Now}.Reserve(t.Context(), bot.Address{}, start)
		if ok || !errors.Is(err, queue.ErrStopping) || time.Since(start) > time.Second {
			t.Errorf("got %v and %v after %v", ok, err, time.Since(start))
		}
	})
}
