package bot

import (
	"context"
	"errors"
	"time"
)

// The ports in this file are for several processes, replicas, that serve the same bots
// from one database. A process that is alone has none of them.

// Locks lets one replica at a time do what only one may.
type Locks interface {
	// Lock waits until this replica has the lock of a name, or returns why ctx ended.
	// Held is a part of ctx that ends as soon as it cannot be proved any more that
	// the replica has it, with [ErrLost] as its cause: whatever the lock is for has to
	// stop at once then, because another replica begins. Release gives the lock back.
	// A replica that dies loses its locks within seconds.
	Lock(ctx context.Context, name string) (held context.Context, release func(), err error)
}

// ErrLost is why a context of [Locks] ended.
var ErrLost = errors.New("it cannot be proved that this replica still has the lock")

// Slots shares out the right to send among all replicas. Time is that of one clock
// which all of them have in common, so that only waits are told.
type Slots interface {
	// Reserve takes a slot under several limits at once, or none under any. The slot
	// is the first that the last limit has, flights aside; if one of the others has none then, or if
	// it is further away than ahead, nothing is taken.
	Reserve(ctx context.Context, ahead time.Duration, limits ...Limit) (Slot, error)
	// Landed says that the network has answered what was sent in flights.
	Landed(ctx context.Context, flights ...int64) error
	// Delay says that nothing may be sent under a limit for a time, because the
	// network said so.
	Delay(ctx context.Context, limit string, d time.Duration) error
}

// Limit is how much may be sent: at most Most slots in any Window, for all that name the
// same limit. Most 0 limits nothing but what [Slots.Delay] has said.
type Limit struct {
	Name   string
	Most   int
	Window time.Duration
	// Flights has the window of a slot begin when [Slots.Landed] is called for it: the
	// network counts when something arrives, which is some time before it has answered. At
	// most one limit of a call has it, and it is the last.
	Flights bool
}

// Slot is what came of asking for one.
type Slot struct {
	OK bool
	// Wait is how long it is until the slot, or, if there is none, until it makes sense
	// to ask again.
	Wait time.Duration
	// By names the limit that had no slot.
	By string
	// Flight is what to call [Slots.Landed] with, where a limit counts flights.
	Flight int64
}
