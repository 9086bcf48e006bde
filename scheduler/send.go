package scheduler

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/facts"
)

// The times of a delivery. The lease has to outlast the deadline of a call by far:
// a process that is woken after the lease must not call any more.
const (
	lease    = 60 * time.Second
	deadline = 20 * time.Second
	// reconcileAfter is how long after an intent the network is asked whether the
	// message arrived. It is minutes, not seconds, because a process may be held up
	// between its last look at the clock and the call.
	reconcileAfter = 10 * time.Minute
	askAgain       = 5 * time.Minute
	// lateAfter is how late a post may be without saying so.
	lateAfter = 15 * time.Minute
)

// Sender sends what is due. Any number of them may run at once, on one channel too:
// all but one find that the intent is taken.
type Sender struct {
	Planner    *Planner
	Slots      Slots
	Messengers map[string]bot.Messenger // by network
	Words      Words
	// Owner names this process in the rows that it works on.
	Owner string
	// AtLeastOnce lists networks on which an uncertain post that cannot be looked up
	// is sent again by itself, so that it may appear twice.
	AtLeastOnce map[string]bool
	// Watch follows a post from its intent to what became of it.
	Watch bot.Watch
	// Buttons stand under a post; nil for none.
	Buttons func(s Subscription) [][]bot.Button

	reconcile time.Duration // in place of reconcileAfter
}

// Deliver does all that is to be done for a channel now, and returns when to look
// again, the zero time if nothing is to come. Doing it twice, at once or later, does
// nothing more. An error means that something could not be read or written; the rows
// are such that a later call finds the rest.
func (s *Sender) Deliver(ctx context.Context, channel string) (time.Time, error) {
	const most = 64 // posts of one channel in one go
	for range most {
		wake, more, err := s.next(ctx, channel)
		if err != nil || !more {
			return wake, err
		}
	}
	return s.now(), nil
}

func (s *Sender) now() time.Time { return s.Planner.Clock.Now() }

// next does the first thing that there is to do.
func (s *Sender) next(ctx context.Context, channel string) (wake time.Time, more bool, err error) {
	rows, err := s.open(ctx, Query{Channel: channel, Open: true, Until: s.now()})
	if err == nil && (len(rows) == 0 || rows[0].WakeAt.After(s.now())) { // nothing is to be done: what comes next?
		rows, err = s.open(ctx, Query{Channel: channel, Open: true, Limit: 1})
	}
	if err != nil || len(rows) == 0 {
		return time.Time{}, false, err
	}
	if first := rows[0].WakeAt; first.After(s.now()) {
		return first, false, nil
	}
	sub, ok, err := s.Planner.Subscriptions.Subscription(ctx, channel)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("scheduler: reading the subscription %s: %w", channel, err)
	}
	rows = together(rows)
	switch rows[0].State {
	case Planned:
		if !ok {
			return s.skip(ctx, rows, Config)
		}
		return s.due(ctx, &sub, rows)
	case Sending: // its lease has run out
		return time.Time{}, true, s.unsure(ctx, attemptOf(&sub, rows), LeaseOver, errInterrupted)
	default:
		return time.Time{}, true, s.ask(ctx, &sub, rows)
	}
}

func (s *Sender) open(ctx context.Context, q Query) ([]Delivery, error) {
	rows, err := s.Planner.Deliveries.Select(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("scheduler: reading the deliveries of %s: %w", q.Channel, err)
	}
	return rows, nil
}

// together returns the rows that go with the first one: those of its post, or those
// that are planned for the same instant and have no post yet.
func together(rows []Delivery) []Delivery {
	first := rows[0]
	return slices.DeleteFunc(slices.Clone(rows), func(d Delivery) bool {
		return d.State != first.State || d.Post != first.Post || first.Post == "" && !d.DueAt.Equal(first.DueAt)
	})
}

// swap writes rows down. If somebody else was quicker, there is more to look at.
func (s *Sender) swap(ctx context.Context, rows []Delivery) (ok bool, err error) {
	ok, err = s.Planner.Deliveries.Swap(ctx, rows, nil)
	if err != nil {
		return false, fmt.Errorf("scheduler: writing the deliveries of %s: %w", rows[0].Channel, err)
	}
	return ok, nil
}

// skip gives up rows that were not sent.
func (s *Sender) skip(ctx context.Context, rows []Delivery, why Reason) (time.Time, bool, error) {
	for i := range rows {
		if err := rows[i].become(Skipped, why); err != nil {
			return time.Time{}, false, err
		}
	}
	ok, err := s.swap(ctx, rows)
	if ok && why == Late {
		s.notify(ctx, PostLate, nil, rows, "it could not be sent before "+rows[0].NotAfter.Format(time.RFC3339))
	}
	return time.Time{}, true, err
}

// due sends planned rows, if they are still to be sent as they were planned.
func (s *Sender) due(ctx context.Context, sub *Subscription, rows []Delivery) (time.Time, bool, error) {
	if s.now().After(rows[0].NotAfter) {
		return s.skip(ctx, rows, Late)
	}
	r, err := s.Planner.rule(sub)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("scheduler: the subscription %s: %w", sub.ID, err)
	}
	if slices.ContainsFunc(rows, func(d Delivery) bool { return d.Print != r.print }) {
		return s.replan(ctx, sub)
	}
	messenger, ok := s.Messengers[sub.To.Network]
	if !ok {
		return time.Time{}, false, fmt.Errorf("scheduler: %s is due, and there is no messenger for the network %q", sub.ID, sub.To.Network)
	}
	at, ok, err := s.Slots.Reserve(ctx, sub.To, s.now())
	if err != nil {
		return time.Time{}, false, fmt.Errorf("scheduler: a slot for %s: %w", sub.ID, err)
	}
	if !ok {
		return at, false, nil
	}
	if wait := at.Sub(s.now()); wait > 0 {
		if err := s.Planner.Clock.Sleep(ctx, wait); err != nil {
			return time.Time{}, false, err
		}
	}
	return s.send(ctx, messenger, sub, r, rows)
}

// replan lets the planner move rows whose subscription has changed since.
func (s *Sender) replan(ctx context.Context, sub *Subscription) (time.Time, bool, error) {
	c, err := s.Planner.Deliveries.Cursor(ctx, sub.ID)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("scheduler: reading the cursor of %s: %w", sub.ID, err)
	}
	c.Print = "" // a row that came back from sending may be older than the plan
	if _, err := s.Planner.Deliveries.Swap(ctx, nil, &c); err != nil {
		return time.Time{}, false, fmt.Errorf("scheduler: planning %s: %w", sub.ID, err)
	}
	return time.Time{}, true, s.Planner.Channel(ctx, sub)
}

// send commits the intent, makes the words, calls the network and commits what came
// of it.
func (s *Sender) send(ctx context.Context, to bot.Messenger, sub *Subscription, r *rule, rows []Delivery) (time.Time, bool, error) {
	ctx, over := s.Watch.Begin(ctx, sub.To.Network, "reminder")
	defer over()
	if ok, err := s.intend(ctx, rows); !ok || err != nil {
		return time.Time{}, err == nil, err
	}
	call, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	ctx = context.WithoutCancel(ctx) // what comes of the intent is written down even while the program stops
	a := attemptOf(sub, rows)
	out, err := s.words(sub, r, rows)
	if err != nil {
		return time.Time{}, true, s.fail(ctx, a, NoWords, err)
	}
	if s.now().After(rows[0].LeaseUntil.Add(-deadline)) {
		return time.Time{}, true, s.retry(ctx, a, Retry, 0, errors.New("held up before the call"))
	}
	receipt, err := to.Send(call, out)
	if err != nil {
		return time.Time{}, true, s.failure(ctx, a, err)
	}
	_, err = s.settle(ctx, a, a.unsent, func(d *Delivery) error {
		if err := d.become(Sent, ""); err != nil {
			return err
		}
		d.SentAt, d.Receipt, d.BodyHash, d.Lang = s.now().UTC(), receipt, hash(out.Message), sub.Lang
		return nil
	})
	return time.Time{}, true, err
}

// intend commits the intent: from here on a crash leaves the rows uncertain.
func (s *Sender) intend(ctx context.Context, rows []Delivery) (bool, error) {
	now := s.now().UTC()
	post := postOf(rows) // anew: one of them may have been skipped since the last try
	for i := range rows {
		d := &rows[i]
		if now.After(d.NotAfter) || now.Before(d.DueAt) {
			return false, nil // the wait for the slot took too long, or the clock was put back
		}
		if err := d.become(Sending, ""); err != nil {
			return false, err
		}
		d.Post, d.Owner, d.IntentAt, d.LeaseUntil = post, s.Owner, now, now.Add(lease)
		d.WakeAt = d.LeaseUntil
		d.Epoch++
		d.Tries++
	}
	return s.swap(ctx, rows)
}

// postOf names a post by the keys of its rows: the network is asked for exactly these.
func postOf(rows []Delivery) string {
	sum := fnv.New64a()
	for _, d := range rows {
		_, _ = sum.Write([]byte(d.Key + "\n"))
	}
	return "post-" + strconv.FormatUint(sum.Sum64(), 36)
}

// words makes what to send.
func (s *Sender) words(sub *Subscription, r *rule, rows []Delivery) (out bot.Outgoing, err error) {
	defer func() {
		if p := recover(); p != nil { // nothing was sent yet, and that is certain
			err = fmt.Errorf("making the words: panic: %v", p)
		}
	}()
	now := s.now()
	p := Post{
		Subscription: *sub, On: facts.On(now.In(r.zone)),
		Occurrences: s.Planner.occurrences(rows), Rows: rows,
	}
	if now.Sub(rows[0].DueAt) > lateAfter {
		_, p.Late, _ = strings.Cut(rows[0].Wall, " ")
	}
	m, err := s.Words.Reminder(p)
	if err != nil {
		return out, fmt.Errorf("making the words: %w", err)
	}
	out = bot.Outgoing{Key: rows[0].Post, To: sub.To, Lane: bot.Reminders, Message: m}
	if s.Buttons != nil {
		out.Buttons = s.Buttons(*sub)
	}
	return out, nil
}

func hash(m message.Message) string {
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(message.Plain(m)))
	return strconv.FormatUint(sum.Sum64(), 36)
}
