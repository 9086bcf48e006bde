package scheduler

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"suhbat/facts"
)

// Delivery is one reminder to one channel: an anniversary in one year, so many days
// ahead. Its row is the truth about it; what wakes the program only says when to look
// at it. A row is never deleted while its year lasts, since it is what keeps a
// reminder from being sent twice. All instants are UTC.
type Delivery struct {
	// Key is event|year|channel|lead. Neither time nor zone nor words are part of it,
	// so that changing them cannot make a second reminder of the first.
	Key     string
	Event   facts.ID
	Year    int
	Channel string // the ID of the subscription
	Lead    int    // days ahead
	Topic   string

	// DueAt is when it is to go out, NotAfter the last instant at which that is still
	// of use. Wall and Zone are the same as the channel's people read it.
	DueAt, NotAfter time.Time
	Wall, Zone      string
	// Print is the fingerprint of the subscription that it was planned by.
	Print string

	State State
	// Reason says why it is skipped, failed or uncertain; Note is that in words, of an
	// error for example.
	Reason Reason
	Note   string
	// WakeAt is when somebody has to look at it: zero when nothing is left to do, else
	// never before DueAt.
	WakeAt time.Time

	// Post names the message that it went out with, together with all others that were
	// due at the same place and time. It is the key by which a network may be asked for
	// the message. Rows of one post change their state together.
	Post string
	// Epoch counts the intents. Owner is the process that had the last one, at
	// IntentAt, until LeaseUntil.
	Epoch                int
	Owner                string
	IntentAt, LeaseUntil time.Time
	Tries                int // without a result, since it was last planned
	SentAt               time.Time
	Receipt              string // the network's name of the message
	BodyHash             string // of its plain text
	Lang                 string // in which it was sent

	// Version is that of the row as it was read; see [Deliveries].
	Version int64
}

// State is what is known of a [Delivery].
type State string

// The states.
const (
	absent    State = ""
	Planned   State = "planned"
	Sending   State = "sending"   // an intent is committed; it may be on its way
	Sent      State = "sent"      // the network has confirmed it
	Uncertain State = "uncertain" // it may have arrived
	Failed    State = "failed"    // it did not arrive, and will not by itself
	Skipped   State = "skipped"   // it was not sent, and will not be
)

// States lists the states.
var States = []State{Planned, Sending, Sent, Uncertain, Failed, Skipped}

// Reason says why a [Delivery] is in its state.
type Reason string

// The reasons.
const (
	Late       Reason = "late"        // nobody could send it while it was of use
	Config     Reason = "config"      // the channel does not want it any more
	ByAdmin    Reason = "admin"       // somebody decided it
	TimedOut   Reason = "no answer"   // the network did not say whether it arrived
	LeaseOver  Reason = "interrupted" // the process that sent it was never heard of again
	NotFound   Reason = "not found"   // the network says that it did not arrive
	PlaceGone  Reason = "gone"        // the channel takes no messages
	WasRefused Reason = "refused"     // the network does not take this message
	NoWords    Reason = "no words"    // the message could not be made
	Retry      Reason = "retry"       // it did not arrive, and is tried again
	Moved      Reason = "moved"       // the channel has another address
)

// transition is a change of state that there is.
type transition struct {
	from, to State
	by       string
	why      string
}

// transitions are all changes of state that there are; [Delivery.become] makes no other.
var transitions = []transition{
	{absent, Planned, "planner", "an anniversary has come into the horizon"},
	{Planned, Planned, "planner, sender", "the channel's settings or the facts have changed; or nothing was sent and it is tried again"},
	{Planned, Sending, "sender", "the intent, committed before the network is called"},
	{Planned, Skipped, "planner, sender, admin", "too late, or not wanted any more"},
	{Sending, Sent, "sender", "the network has confirmed it"},
	{Sending, Uncertain, "sender", "no answer, or the lease ran out"},
	{Sending, Planned, "sender", "it is certain that it was not sent"},
	{Sending, Failed, "sender", "it is certain that it was not sent, and trying again is of no use"},
	{Uncertain, Sent, "sender, admin", "it was found, or its late confirmation has come"},
	{Uncertain, Planned, "sender, admin", "it was not found, or somebody who looked wants it sent again"},
	{Uncertain, Uncertain, "sender", "the network could not be asked yet"},
	{Uncertain, Failed, "sender", "the refusal has come after the lease ran out"},
	{Uncertain, Skipped, "admin", "somebody has decided against it"},
	{Failed, Planned, "admin", "what was wrong has been mended"},
	{Failed, Sent, "sender", "a late confirmation is the truth"},
	{Skipped, Planned, "planner, admin", "it is wanted again while it is still to come; or somebody wants it sent late"},
	{Skipped, Sent, "sender", "a late confirmation is the truth"},
	{Planned, Sent, "sender", "a late confirmation is the truth, whatever was decided meanwhile"},
}

// allowed reports whether a state may follow another.
func allowed(from, to State) bool {
	return slices.ContainsFunc(transitions, func(t transition) bool { return t.from == from && t.to == to })
}

// become changes the state of d, and says so if there is no such change.
func (d *Delivery) become(to State, why Reason) error {
	if !allowed(d.State, to) {
		return fmt.Errorf("scheduler: %s is %s and cannot become %s", d.Key, d.State, to)
	}
	d.State, d.Reason, d.Note, d.WakeAt = to, why, "", time.Time{}
	return nil
}

// keyOf names a delivery.
func keyOf(o facts.Occurrence, channel string, lead int) string {
	return string(o.Fact.ID) + "|" + strconv.Itoa(o.Day.Year) + "|" + channel + "|" + strconv.Itoa(lead)
}
