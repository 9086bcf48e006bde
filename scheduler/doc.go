// Package scheduler sends the reminders of anniversaries: each one once, on the
// right day, in the channel's own time and language. It computes what is owed,
// writes that down before it acts, and sends; where things are kept, what wakes it
// and how a network is spoken to are ports.
//
// The way of a reminder:
//
//   - [Calendar] says which anniversaries fall between two days;
//   - a [Subscription] says who wants which of them, and when (subscription.go; the
//     operator's file is read in file.go);
//   - the [Planner] places them on the channel's clocks (rule.go, wall.go) and keeps
//     one [Delivery] for each (plan.go);
//   - the [Sender] groups what is due into one post, commits the intent to send it,
//     makes the words, sends, and commits what came of it (send.go, settle.go).
//
// Whether a post arrived cannot always be known. The states of a delivery and what
// may follow what are one table (delivery.go); the rule behind it is that nothing is
// sent again that may have arrived, unless the network can be asked.
//
// Start at [Planner.Plan] and [Sender.Deliver].
package scheduler
