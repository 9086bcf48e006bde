// Package bot is the core of the chatbot and the ports that it talks through: an
// adapter turns what arrives on a network into an [Incoming], hands it to a
// [Handler] and renders the [Reply]. The core knows no network.
package bot

import (
	"context"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot/message"
	"suhbat/facts"
)

// Address is a place where a conversation happens. Its parts mean something to
// the adapter of its network only; to all others it is opaque and comparable.
type Address struct{ Network, Space, Chat, Thread string }

// Kind says how something came in.
type Kind string

// The kinds of an [Incoming].
const (
	Ask     Kind = "ask"     // words to answer
	Command Kind = "command" // a command of the network, such as /help
	Press   Kind = "press"   // a choice was pressed; Payload is its value
	Inline  Kind = "inline"  // a question typed into another conversation
	Home    Kind = "home"    // the bot's own page was opened
	Edit    Kind = "edit"    // an earlier message has new words
	Member  Kind = "member"  // the bot was added to a chat or removed from it
)

// Incoming is one thing that somebody said or did.
type Incoming struct {
	// ID is the same when a network delivers the same thing again.
	ID   string
	Kind Kind
	From Address
	// User is who it was, MessageID the message that holds it; both are opaque.
	User, MessageID string
	// Text is what was typed, Payload the value of a pressed choice.
	Text, Payload string
	// LangHint is the language of the user's network settings, Lang the language
	// that the user has chosen; each is und if there is none.
	LangHint, Lang language.Tag
	// At is when it arrived, in the zone that dates are to be read in.
	At time.Time
}

// Outcome says what kind of reply it is.
type Outcome string

// The outcomes of a [Reply].
const (
	Answered      Outcome = "answered"       // asserts something, with sources
	Unknown       Outcome = "unknown"        // understood, but the facts do not say
	Ambiguous     Outcome = "ambiguous"      // asks back
	NotUnderstood Outcome = "not_understood" // no reading of the words passed
	Chat          Outcome = "chat"           // a greeting, thanks, help, a command
)

// Reply is what to say to an [Incoming]. The zero Reply says nothing.
type Reply struct {
	Message message.Message
	Outcome Outcome
	// Understood is the logical form of the question, readable; empty if the
	// question was not understood.
	Understood string
	// Facts are the facts that the reply rests on, Sources where they can be
	// read.
	Facts   []facts.ID
	Sources []*facts.Source
	// OnlyAsker keeps the reply from the others in the chat, Edit puts it in the
	// place of the message that the choice was pressed on.
	OnlyAsker, Edit bool
}

// Handler replies to what comes in. Handle may be called by many goroutines, but
// not twice at once for one Address. An error is a failure of ours, never a
// question that could not be answered.
type Handler interface {
	Handle(ctx context.Context, in Incoming) (Reply, error)
}
