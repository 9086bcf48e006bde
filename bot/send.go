package bot

import (
	"context"
	"fmt"
	"time"

	"suhbat/bot/message"
)

// Lane says which of the things to send goes first when there is not room for all.
type Lane int

// The lanes, the first first.
const (
	Answers   Lane = iota // somebody waits
	Notices               // to those who run the bot
	Reminders             // a minute later is as good
)

// Outgoing is something to send without having been asked.
type Outgoing struct {
	// Key names it, the same when it is tried again.
	Key string
	To  Address
	// OnlyTo is the one user who may see it, Edit the message that it replaces,
	// ReplyTo the one that it answers; empty for none.
	OnlyTo, Edit, ReplyTo string
	Lane                  Lane
	// Silent makes no sound.
	Silent  bool
	Message message.Message
	Buttons [][]Button
}

// Messenger sends to one network. Send returns the network's name of what was
// sent; its errors are [SendError]s.
type Messenger interface {
	Network() string
	Send(ctx context.Context, out Outgoing) (receipt string, err error)
}

// Finder is a [Messenger] that can look up whether something was sent.
type Finder interface {
	Find(ctx context.Context, to Address, key string, since time.Time) (receipt string, found bool, err error)
}

// Admins says who may change the settings of a place.
type Admins interface {
	MayConfigure(ctx context.Context, at Address, user string) (bool, error)
}

// Failure says what became of something that was sent.
type Failure string

// The failures of a [SendError].
const (
	Uncertain Failure = ""         // it may have arrived: time-outs, lost connections, 5xx
	NotSent   Failure = "not sent" // it did not arrive, and may be tried again
	Busy      Failure = "busy"     // it did not arrive, and may be tried again after a time
	Refused   Failure = "refused"  // it never will: our mistake
	Gone      Failure = "gone"     // the place does not take messages any more
	Moved     Failure = "moved"    // the place has another address
)

// SendError is why something was not sent, as far as that is known. It holds no
// secret.
type SendError struct {
	Failure Failure
	After   time.Duration // for Busy
	To      Address       // for Moved
	Err     error
}

func (e *SendError) Error() string {
	if e.Failure == Uncertain {
		return fmt.Sprintf("it is uncertain whether this was sent: %v", e.Err)
	}
	return fmt.Sprintf("%s: %v", e.Failure, e.Err)
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }
