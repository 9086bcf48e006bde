package scheduler

import (
	"context"
	"strconv"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/facts"
)

// Clock is the time. Replicas' clocks may differ by a few seconds.
type Clock interface {
	Now() time.Time
	// Sleep waits, or returns the error of a context that ends before.
	Sleep(ctx context.Context, d time.Duration) error
}

// Deliveries keeps rows of [Delivery], in the same database for all replicas. Every
// row has a version that counts its changes: 0 stands for a row that is not there.
type Deliveries interface {
	// Select returns the rows that q asks for, by WakeAt (those without one last),
	// then by Key.
	Select(ctx context.Context, q Query) ([]Delivery, error)
	// Swap puts rows in the place of those with the same Key, and c in the place of
	// the cursor of its channel unless it is nil, if each one there still has the
	// Version of the new one. Their versions then grow by one. If one of them has
	// another, nothing changes, and ok is false. It is one transaction: when it
	// returns, the change is on disk.
	Swap(ctx context.Context, rows []Delivery, c *Cursor) (ok bool, err error)
	// Cursor returns how far a channel is planned, the zero Cursor with the channel's
	// name if it never was.
	Cursor(ctx context.Context, channel string) (Cursor, error)
	// Wakes returns, for each channel, the first WakeAt of its rows that is not after
	// until, the soonest first.
	Wakes(ctx context.Context, until time.Time) ([]Wake, error)
}

// Query says which rows to return: those that have all that it names. Empty fields
// name nothing.
type Query struct {
	Channel string
	Post    string
	Keys    []string
	States  []State
	Open    bool // rows with a WakeAt
	// From and Until bound DueAt, both included.
	From, Until time.Time
	Limit       int
}

// Cursor is how far a channel is planned.
type Cursor struct {
	Channel string
	// Until is the last instant whose deliveries are written down, Print the
	// fingerprint of the subscription that they were made by.
	Until   time.Time
	Print   string
	Version int64
}

// Wake says that a channel has to be looked at, by [Sender.Deliver], and when.
type Wake struct {
	Channel string
	At      time.Time
}

// Subscriptions keeps who gets what.
type Subscriptions interface {
	// Subscriptions returns all of them, paused ones too, by ID.
	Subscriptions(ctx context.Context) ([]Subscription, error)
	// Subscription returns the one with an ID.
	Subscription(ctx context.Context, id string) (Subscription, bool, error)
	// SubscriptionAt returns the one of an address.
	SubscriptionAt(ctx context.Context, to bot.Address) (Subscription, bool, error)
	// PutSubscription writes one down, in the place of the one with its ID.
	PutSubscription(ctx context.Context, s Subscription) error
	DeleteSubscription(ctx context.Context, id string) error
}

// Slots shares out the right to send, so that all replicas together keep to the
// limits of a network.
type Slots interface {
	// Reserve returns when to send to an address: if ok, the slot is reserved and at
	// most a few seconds away; otherwise none is free before at, and none is
	// reserved.
	Reserve(ctx context.Context, to bot.Address, now time.Time) (at time.Time, ok bool, err error)
	// Delay says that the network takes nothing more before a time.
	Delay(ctx context.Context, to bot.Address, until time.Time) error
}

// Words makes the message of a post.
type Words interface {
	Reminder(p Post) (message.Message, error)
}

// Post is what one message says.
type Post struct {
	Subscription Subscription
	// On is the day on which it is read, in the channel's zone.
	On facts.Date
	// Occurrences are the anniversaries, each once, the soonest first.
	Occurrences []facts.Occurrence
	// Late is the time of day at which it should have gone out; empty if it does.
	Late string
	// Rows are the deliveries that it makes true.
	Rows []Delivery
}

// Notices tells those who run the program what needs a person. An error is not
// retried: the rows say the same.
type Notices interface {
	Notify(ctx context.Context, n Notice) error
}

// Notice is something that needs a person.
type Notice struct {
	Kind    NoticeKind
	Channel string
	To      bot.Address
	Post    string
	Epoch   int      // of the attempt that it is about
	Keys    []string // of the deliveries that it is about
	Reason  string   // why, in words for the log
	At      time.Time
}

// Attempt names the attempt to send a post that the notice is about, for [Sender.Posts];
// it is empty if there was none.
func (n *Notice) Attempt() string {
	if n.Post == "" {
		return ""
	}
	return n.Post + "." + strconv.Itoa(n.Epoch)
}

// NoticeKind says what happened.
type NoticeKind string

// The kinds of a [Notice].
const (
	PostUncertain NoticeKind = "uncertain" // it may have arrived: look, then resend or skip
	PostFailed    NoticeKind = "failed"    // it did not arrive
	PostLate      NoticeKind = "late"      // it was not sent, since it was too late
	ChannelPaused NoticeKind = "paused"    // nothing more is sent there
	ChannelMoved  NoticeKind = "moved"     // it has another address
	ChannelBroken NoticeKind = "broken"    // its settings cannot be used
)
