package bot

import (
	"context"
	"time"

	"suhbat/bot/message"
	"suhbat/facts"
)

// Reminding keeps the posts about anniversaries that places have asked for. Who may
// ask is settled before, by [Admins].
type Reminding interface {
	// Reminder returns what a place has asked for, and whether it has.
	Reminder(ctx context.Context, at Address) (Reminder, bool, error)
	// Remind starts or changes the reminders of a place, and resumes them if they
	// were paused. Its error says what of r cannot be, in words for whoever typed it.
	Remind(ctx context.Context, at Address, r Reminder) error
	// StopReminders ends them. What was sent stays known, so that starting again
	// repeats nothing.
	StopReminders(ctx context.Context, at Address) error
	// Preview returns the next posts that a place would get with r, the soonest
	// first.
	Preview(ctx context.Context, at Address, r Reminder, most int) ([]Preview, error)
}

// Reminder is what a place has asked for. The zero value of each field but Zone is
// its usual one.
type Reminder struct {
	// At is when posts go out, on the clocks of Zone, an IANA time zone: "09:00".
	At, Zone string
	// Lang is the code of a language pack.
	Lang string
	// Topics are those of [facts.Anniversary]; none means all.
	Topics []string
	// Ahead are the days ahead, 0 being the day itself; none means the usual ones, and
	// with them a longer one for round years. What is given is exact.
	Ahead []int
	// QuietFrom and QuietTo are clock times between which nothing is posted.
	QuietFrom, QuietTo string
	Weekend            Weekend
	// RoundOnly leaves out years that are not round.
	RoundOnly bool
	// By is who asked, as "network:user"; empty for the operator.
	By string
	// Paused says why nothing is posted at present; empty if something is.
	Paused string
}

// Weekend says what becomes of a post that would fall on Saturday or Sunday.
type Weekend string

// The rules for weekends.
const (
	KeepWeekend   Weekend = ""       // it stays
	BeforeWeekend Weekend = "before" // on Friday
	AfterWeekend  Weekend = "after"  // on Monday
)

// Preview is a post to come.
type Preview struct {
	At      time.Time // in the zone of the [Reminder]
	Message message.Message
	// Occurrences are the anniversaries that it is about.
	Occurrences []facts.Occurrence
	// Why says what moved it from the usual time or brought it about.
	Why []Why
}

// Why is a reason for the time of a post.
type Why string

// The reasons, beside that a place asked for it.
const (
	WhyWeekend Why = "weekend" // the rule for weekends moved it
	WhyQuiet   Why = "quiet"   // quiet hours moved it
	WhyMonth   Why = "month"   // only the month is known: its first working day
	WhyRound   Why = "round"   // it is this early because the years are round
	WhyPaused  Why = "paused"  // it will not go out while the reminders are paused
)
