package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"suhbat/bot"
)

// attempt is one intent to send a post.
type attempt struct {
	sub   *Subscription
	post  string
	keys  []string
	epoch int
}

func attemptOf(sub *Subscription, rows []Delivery) attempt {
	a := attempt{sub: sub, post: rows[0].Post, epoch: rows[0].Epoch}
	for _, d := range rows {
		a.keys = append(a.keys, d.Key)
	}
	return a
}

// ours reports whether nobody has decided about a row since the attempt.
func (a *attempt) ours(d *Delivery) bool {
	return d.Epoch == a.epoch && (d.State == Sending || d.State == Uncertain)
}

// unsent reports whether a row is not known to be sent: a late confirmation is the
// truth whatever was decided meanwhile.
func (a *attempt) unsent(d *Delivery) bool { return d.State != Sent }

// What became of an attempt is known here alone, so it is worth waiting for a database
// that is away: settleFor is how long, after waits that double up to settlePause.
const (
	settleFor   = 2 * time.Minute
	settlePause = 8 * time.Second
)

// settle writes down what became of an attempt, however often somebody else writes
// at the same time, and returns the rows that it has changed.
func (s *Sender) settle(ctx context.Context, a attempt, which func(*Delivery) bool, change func(*Delivery) error) ([]Delivery, error) {
	begun := s.now()
	var tried []Delivery
	for pause := time.Second; ; pause = min(2*pause, settlePause) {
		rows, err := s.settleNow(ctx, a, which, change)
		if err == nil && len(rows) == 0 {
			return tried, nil // they were written, and the answer to that was lost
		}
		if !errors.Is(err, bot.ErrAway) || s.now().Sub(begun) > settleFor {
			return rows, err
		}
		tried = rows
		if cut := s.Planner.Clock.Sleep(ctx, pause); cut != nil {
			return rows, err
		}
	}
}

// settleNow is settle for a database that is there.
func (s *Sender) settleNow(ctx context.Context, a attempt, which func(*Delivery) bool, change func(*Delivery) error) ([]Delivery, error) {
	const tries = 16
	for range tries {
		rows, err := s.Planner.Deliveries.Select(ctx, Query{Keys: a.keys})
		if err != nil {
			return nil, fmt.Errorf("scheduler: reading the post %s: %w", a.post, err)
		}
		rows = slices.DeleteFunc(rows, func(d Delivery) bool { return !which(&d) })
		if len(rows) == 0 {
			return nil, nil
		}
		for i := range rows {
			if err := change(&rows[i]); err != nil {
				return nil, err
			}
		}
		if ok, err := s.swap(ctx, rows); ok || err != nil {
			return rows, err
		}
	}
	return nil, fmt.Errorf("scheduler: the post %s changes all the time", a.post)
}

// retry plans an attempt once more, after a while; 0 means after longer each time.
func (s *Sender) retry(ctx context.Context, a attempt, why Reason, after time.Duration, cause error) error {
	_, err := s.settle(ctx, a, a.ours, func(d *Delivery) error {
		if err := d.become(Planned, why); err != nil {
			return err
		}
		wait := after
		if wait == 0 {
			wait = min(maxWait, firstWait<<min(max(d.Tries-1, 0), 10))
		}
		d.WakeAt, d.Note = s.now().Add(wait).UTC(), cause.Error()
		return nil
	})
	return err
}

// failure writes down that a call has failed, by what the failure says.
func (s *Sender) failure(ctx context.Context, a attempt, err error) error {
	failed, known := errors.AsType[*bot.SendError](err)
	if !known {
		failed = &bot.SendError{Err: err}
	}
	switch failed.Failure {
	case bot.NotSent:
		return s.retry(ctx, a, Retry, 0, err)
	case bot.Busy:
		after := max(failed.After, time.Second)
		delayed := s.Slots.Delay(ctx, a.sub.To, s.now().Add(after))
		if delayed != nil { // it is certain all the same that nothing was sent
			delayed = fmt.Errorf("scheduler: delaying %s: %w", a.sub.ID, delayed)
		}
		return errors.Join(delayed, s.retry(ctx, a, Retry, after, err))
	case bot.Refused:
		return s.fail(ctx, a, WasRefused, err)
	case bot.Gone:
		return errors.Join(s.fail(ctx, a, PlaceGone, err), s.pause(ctx, a.sub, err))
	case bot.Moved:
		return errors.Join(s.move(ctx, a.sub, failed.To), s.retry(ctx, a, Moved, time.Second, err))
	case bot.Uncertain:
		return s.unsure(ctx, a, TimedOut, err)
	default:
		return s.unsure(ctx, a, TimedOut, err)
	}
}

// The waits between tries of what is certain not to have been sent.
const (
	firstWait = 15 * time.Second
	maxWait   = 10 * time.Minute
)

// fail gives a post up: it is certain that it did not arrive.
func (s *Sender) fail(ctx context.Context, a attempt, why Reason, cause error) error {
	rows, err := s.settle(ctx, a, a.ours, func(d *Delivery) error {
		if err := d.become(Failed, why); err != nil {
			return err
		}
		d.Note = cause.Error()
		return nil
	})
	if err == nil && len(rows) > 0 {
		s.notify(ctx, PostFailed, a.sub, rows, cause.Error())
	}
	return err
}

// unsure writes down that nobody knows whether a post arrived.
func (s *Sender) unsure(ctx context.Context, a attempt, why Reason, cause error) error {
	sending := func(d *Delivery) bool { return a.ours(d) && d.State == Sending }
	rows, err := s.settle(ctx, a, sending, func(d *Delivery) error {
		if err := d.become(Uncertain, why); err != nil {
			return err
		}
		d.Note, d.WakeAt = cause.Error(), s.askAt(a.sub, d)
		return nil
	})
	if err == nil && len(rows) > 0 && rows[0].WakeAt.IsZero() {
		s.notify(ctx, PostUncertain, a.sub, rows, cause.Error())
	}
	return err
}

// askAt is when an uncertain post is looked at again by itself; never where the
// network cannot be asked, unless twice is better than not at all there.
func (s *Sender) askAt(sub *Subscription, d *Delivery) time.Time {
	_, finds := s.Messengers[sub.To.Network].(bot.Finder)
	if !finds && !s.AtLeastOnce[sub.To.Network] {
		return time.Time{}
	}
	wait := s.reconcile
	if wait == 0 {
		wait = reconcileAfter
	}
	return d.IntentAt.Add(wait)
}

// errInterrupted is what is known of a post whose sender was not heard of again.
var errInterrupted = errors.New("the process that was sending it did not come back")

// ask looks an uncertain post up, where the network can be asked.
func (s *Sender) ask(ctx context.Context, sub *Subscription, rows []Delivery) error {
	a, d := attemptOf(sub, rows), rows[0]
	finder, finds := s.Messengers[sub.To.Network].(bot.Finder)
	if !finds && s.AtLeastOnce[sub.To.Network] {
		return s.retry(ctx, a, Retry, time.Second, errors.New("nobody can say whether it arrived"))
	}
	if !finds { // the subscription has ended, or the network was taken away
		return s.leave(ctx, a, time.Time{}, "nobody can say whether it arrived")
	}
	const slack = time.Minute // between our clock and the network's
	ctx, over := s.Watch.Begin(ctx, sub.To.Network, "look-up")
	defer over()
	call, cancel := context.WithTimeout(ctx, deadline)
	receipt, found, err := finder.Find(call, sub.To, d.Post, d.IntentAt.Add(-slack))
	cancel()
	switch {
	case err != nil:
		if left := s.leave(ctx, a, s.now().Add(askAgain).UTC(), err.Error()); left != nil {
			return left
		}
		if failed, known := errors.AsType[*bot.SendError](err); known && (failed.Failure == bot.Refused || failed.Failure == bot.Gone) {
			s.notify(ctx, PostUncertain, sub, rows, err.Error()) // it will not be told tomorrow either
		}
		return nil
	case !found:
		return s.retry(ctx, a, NotFound, time.Second, errors.New("the network has no such message"))
	}
	_, err = s.settle(ctx, a, a.ours, func(d *Delivery) error {
		if err := d.become(Sent, ""); err != nil {
			return err
		}
		d.SentAt, d.Receipt, d.Lang = d.IntentAt, receipt, sub.Lang
		return nil
	})
	return err
}

// leave keeps a post uncertain, to be looked at again at a time or never.
func (s *Sender) leave(ctx context.Context, a attempt, wake time.Time, note string) error {
	_, err := s.settle(ctx, a, a.ours, func(d *Delivery) error {
		if err := d.become(Uncertain, d.Reason); err != nil {
			return err
		}
		d.Note, d.WakeAt = note, wake
		return nil
	})
	return err
}

// pause stops a channel that takes no messages.
func (s *Sender) pause(ctx context.Context, sub *Subscription, cause error) error {
	now, ok, err := s.Planner.Subscriptions.Subscription(ctx, sub.ID) // it may have changed during the call
	if err != nil || !ok {
		return err
	}
	now.Paused = cause.Error()
	if err := s.Planner.Subscriptions.PutSubscription(ctx, now); err != nil {
		return fmt.Errorf("scheduler: pausing %s: %w", sub.ID, err)
	}
	s.notify(ctx, ChannelPaused, sub, nil, cause.Error())
	return s.Planner.Channel(ctx, &now)
}

// move follows a channel to another address. If somebody has subscribed that one
// already, this one ends, so that nothing is posted there twice.
func (s *Sender) move(ctx context.Context, sub *Subscription, to bot.Address) error {
	if to.Chat == "" || to == sub.To {
		return fmt.Errorf("scheduler: %s has moved to %v, expected another address", sub.ID, to)
	}
	subs := s.Planner.Subscriptions
	_, taken, err := subs.SubscriptionAt(ctx, to)
	if err != nil {
		return fmt.Errorf("scheduler: moving %s: %w", sub.ID, err)
	}
	now, ok, err := subs.Subscription(ctx, sub.ID) // it may have changed during the call
	switch {
	case err != nil || !ok:
	case taken:
		err = subs.DeleteSubscription(ctx, sub.ID)
	default:
		now.To = to
		err = subs.PutSubscription(ctx, now)
	}
	if err != nil {
		return fmt.Errorf("scheduler: moving %s: %w", sub.ID, err)
	}
	s.notify(ctx, ChannelMoved, sub, nil, "to "+IDOf(to))
	return nil
}

func (s *Sender) notify(ctx context.Context, kind NoticeKind, sub *Subscription, rows []Delivery, reason string) {
	n := Notice{Kind: kind, Reason: reason}
	if sub != nil {
		n.Channel, n.To = sub.ID, sub.To
	}
	for _, d := range rows {
		n.Channel, n.Post, n.Epoch = d.Channel, d.Post, d.Epoch
		n.Keys = append(n.Keys, d.Key)
	}
	s.Planner.notify(ctx, n)
}
