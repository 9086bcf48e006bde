package bot

import (
	"context"
	"errors"
	"time"
)

// Ports are what the core keeps elsewhere. The zero Ports keep conversations and
// what was chosen in memory, and nothing else.
type Ports struct {
	Talks       Talks
	Preferences Preferences
	Notebook    Notebook
	// Reminders keeps who gets posts about anniversaries, Posts decides about single
	// ones; without them, nothing is said of these.
	Reminders Reminding
	Posts     Deciding
	// Admins says who may change settings, by network, as asked about an [Incoming]'s
	// Owner and User. Where there is none, only private conversations have settings.
	Admins map[string]Admins
	// Operators are the users who run the bot, each as "network:user".
	Operators []string
}

// Talks keeps what conversations remember, as bytes that mean something to the core
// alone. What is older than half an hour may be thrown away.
type Talks interface {
	// Talk returns what was kept last, nothing if there is nothing.
	Talk(ctx context.Context, at Address) ([]byte, error)
	// KeepTalk forgets the conversation if there is no state.
	KeepTalk(ctx context.Context, at Address, state []byte, now time.Time) error
}

// Preferences keeps what people have chosen for a place.
type Preferences interface {
	// Preference returns the zero Preference where nothing was chosen.
	Preference(ctx context.Context, owner Address) (Preference, error)
	SetPreference(ctx context.Context, owner Address, p Preference) error
	// Forget deletes all that is kept of a place, in all its threads: what was chosen,
	// what was said, and the bodies in inboxes.
	Forget(ctx context.Context, owner Address) error
}

// Preference is what people have chosen for a place.
type Preference struct {
	Lang string // the code of a language pack; empty for that of the question
	// Zone is an IANA time zone; empty for the program's.
	Zone string
}

// Notebook collects what readers think of answers, and what could not be answered,
// for those who keep the facts. It never learns who it was.
type Notebook interface {
	Note(ctx context.Context, n Note) error
	// Notes returns the newest ones first.
	Notes(ctx context.Context, most int) ([]Note, error)
}

// Note is one entry of a [Notebook].
type Note struct {
	Verdict Verdict
	// Fact is the fact that it is about, or several with spaces between; empty for a
	// question without an answer.
	Fact string
	// Text is a word for the curators, or the question.
	Text string
	Lang string
	// Day is when it was, no more exactly than that: "2026-10-31".
	Day string
}

// Verdict says what a [Note] is.
type Verdict string

// The verdicts.
const (
	Helpful    Verdict = "helpful"
	Unhelpful  Verdict = "unhelpful"
	Error      Verdict = "error"      // somebody says that a fact is wrong
	Unanswered Verdict = "unanswered" // a question that the facts do not answer
)

// Inbox is where an adapter writes down what it has to answer, so that a crash
// loses nothing and repeats next to nothing. There is one for each network; an id is
// the network's own name of what came in.
type Inbox interface {
	// Keep writes down something that the network will not deliver again: when it
	// returns, the body is safe. It reports false if the id is known already; an answer
	// that has begun goes on where it is, with its body safe from then on. Order is
	// the conversation that it belongs to, so that Forget finds the body.
	Keep(ctx context.Context, id string, order Address, body []byte, now time.Time) (fresh bool, err error)
	// Kept returns what was written down and is not finished, oldest first.
	Kept(ctx context.Context) ([]Kept, error)
	// Adopt returns what processes that have ended had written down and not finished,
	// oldest first, and makes it this one's. Where one process has the database, that
	// is all that there was when it began.
	Adopt(ctx context.Context) ([]Kept, error)
	// Progress returns how far the answers to some ids are; ids that are unknown
	// have none.
	Progress(ctx context.Context, ids []string) (map[string]Progress, error)
	// Sending says, before it is done, that a part of the answer is about to be sent,
	// from 0. When it returns, that is safe. It returns [ErrFinished] if nothing is
	// left to do for the id, and [ErrTaken] if another process answers it.
	Sending(ctx context.Context, id string, part int, now time.Time) error
	// Unsent says that the part was certainly not sent, so that this time does not count
	// among the [Progress.Tries]. It may become safe a moment later.
	Unsent(ctx context.Context, id string, part int) error
	// Finish says that nothing is left to do, and deletes the body. It may become
	// safe a moment later. For a day or two the id is remembered; after that it may
	// come again for something new.
	Finish(ctx context.Context, id string, now time.Time) error
}

// ErrFinished says that an id was finished already: whoever gets it was about to
// answer twice.
var ErrFinished = errors.New("this was finished already")

// ErrTaken says that another process has taken an id over and is alive: whoever gets it
// must leave the answer to that one.
var ErrTaken = errors.New("another process answers this")

// ErrAway says that what is kept cannot be reached at the moment: the same may succeed
// a little later. An error of any port may wrap it.
var ErrAway = errors.New("the database cannot be reached")

// Kept is something that an [Inbox] holds.
type Kept struct {
	ID    string
	Order Address
	Body  []byte
	At    time.Time
}

// Progress is how far an answer is.
type Progress struct {
	Done bool
	// Begun is true when a part was about to be sent and nothing is known of what
	// became of it; Part is which.
	Begun bool
	Part  int
	// Tries counts how often that part was about to be sent, without the times of which
	// it is known that it was not; 1 at least.
	Tries int
}

// Chats keeps which places take messages.
type Chats interface {
	// Leave notes that a place takes no more messages, and why.
	Leave(ctx context.Context, at Address, why string, now time.Time) error
	// Enter notes that it does, and a place without a thread also that all its
	// threads do.
	Enter(ctx context.Context, at Address, now time.Time) error
	// Active reports whether a place takes messages, as far as was noted: a thread
	// does if its place does, too.
	Active(ctx context.Context, at Address) (bool, error)
	// Move gives everything that is kept of a place another address, all at once.
	// Where both have something, the newer stays.
	Move(ctx context.Context, from, to Address) error
}
