// Package bot is the core of the chatbot and the ports that it talks through: an
// adapter turns what arrives on a network into an [Incoming], hands it to a
// [Handler] and renders the [Reply]. The core knows no network.
//
// An adapter needs this file and send.go; start at [Core] to see what the core
// does, at [Ports] for what it has others keep.
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

// Place is a without its thread: where settings are kept.
func (a Address) Place() Address {
	a.Thread = ""
	return a
}

// Kind says how something came in.
type Kind string

// The kinds of an [Incoming].
const (
	Ask     Kind = "ask"     // words to answer
	Command Kind = "command" // a command of the network: Text is "/help", or "/ask who chaired?"
	Press   Kind = "press"   // a button was pressed; Payload is its Action, Text its label, or what was typed into a form
	Inline  Kind = "inline"  // a question typed into another conversation
	Home    Kind = "home"    // the bot's own page was opened
	Edit    Kind = "edit"    // an earlier message has new words
	Member  Kind = "member"  // the bot's place in a chat changed; Payload is one of the memberships
	// Claim is what somebody has said, not to the bot: it is looked up by itself. It is no
	// command, and what was said to the bot before does not show in the answer.
	Claim Kind = "claim"
	// Unreadable is a message without words, such as a photo or a voice message.
	Unreadable Kind = "unreadable"
	// Flooded is more from one place than can be answered; it stands for all that is
	// left unanswered.
	Flooded Kind = "flooded"
)

// The memberships that come with a [Member].
const (
	Added   = "added"   // somebody put the bot into the chat
	Posting = "posting" // into a channel, where it posts and hears nobody; Text is its "@name", if it has one
	Removed = "removed" // it was put out, or blocked
)

// Incoming is one thing that somebody said or did.
type Incoming struct {
	// ID is the same when a network delivers the same thing again.
	ID   string
	Kind Kind
	From Address
	// Owner is whose settings apply and may be changed: the user's own place in a
	// private conversation, the group's or channel's elsewhere. The zero Owner means
	// From without its thread.
	Owner Address
	// Posts is where the reminders go that are asked for here: to the channel, where From
	// is a thread in it or what one user sees of it. The zero Posts means From.
	Posts Address
	// Private is true where nobody but the user and the bot reads along.
	Private bool
	// User is who it was, MessageID the message that holds it, ReplyTo the message
	// of the bot that it replies to; all are opaque.
	User, MessageID, ReplyTo string
	// Addressed is true where a command named the bot, which Text need not do any more.
	Addressed bool
	// Text is what was typed, or the label of a pressed button; Payload the value of a
	// pressed choice, its [ChoiceAction], or the [Button]'s action.
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
	// Buttons stand under the message in rows, below a row for each of its choices,
	// whose action is their [ChoiceAction].
	Buttons [][]Button
	// Toast is a word to whoever pressed a button, shown for a moment. A reply may
	// be nothing but that. To an [Inline] question it is the label of the way to the
	// bot's own conversation.
	Toast string
	// Prompt asks for words: the next thing that the user types is to be a reply to
	// this message. Its Placeholder stands in the empty field, and its Action is what
	// a network with forms of its own presses, together with what was typed.
	Prompt Prompt
	// Results answer an [Inline]. Personal is true if they hold for this user only.
	Results  []Result
	Personal bool
	// OnlyAsker keeps the reply from the others in the chat, Edit puts it in the
	// place of the message that the button was pressed on. Relabel does that with
	// the buttons alone.
	OnlyAsker, Edit, Relabel bool
	// Prepared is for what an adapter makes of the Message, the Buttons and the Prompt;
	// nil where nobody else gets this reply. Whoever changes them takes it away.
	Prepared *Prepared
}

// Prompt asks for words. The zero Prompt asks for none.
type Prompt struct{ Placeholder, Action string }

// Button is a button under a message. It has an Action or leads to a URL.
type Button struct {
	Kind  ButtonKind
	Label string
	// Name says in words what a Label shows as a picture: for a network that has room
	// for both, and for screen readers.
	Name string
	// Action is what comes back as the Payload of a [Press]: printable ASCII of at
	// most [MaxAction] bytes, whose first character is the version of its syntax.
	Action string
	URL    string
}

// MaxAction is the longest [Button.Action] in bytes: that of callback_data on
// Telegram (core.telegram.org/bots/api#inlinekeyboardbutton).
const MaxAction = 64

// ButtonKind says what a button is for, so that an adapter may give it the form
// that its network has for that.
type ButtonKind string

// The kinds of a [Button].
const (
	Act   ButtonKind = ""      // presses Action
	Open  ButtonKind = "open"  // opens URL
	Share ButtonKind = "share" // passes the answer on to others; Action is a question that gives it again
	// Cite shows the sources of an answer in their own words. A network whose answers
	// lead to their sources anyway may leave it out.
	Cite ButtonKind = "cite"
)

// Result is one of the things that an [Inline] question may be answered with.
type Result struct {
	// ID is unique among the results and the same for the same question.
	ID                 string
	Title, Description string
	Message            message.Message
}

// Handler replies to what comes in. Handle may be called by many goroutines, but
// not twice at once for one Address. An error is a failure of ours, never a
// question that could not be answered.
type Handler interface {
	Handle(ctx context.Context, in Incoming) (Reply, error)
}
