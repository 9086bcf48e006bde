package scheduler

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"suhbat/bot"
)

// Resend plans a post again, because somebody who has looked knows that it did not
// arrive or wants it sent late. It may go out for two hours, whatever its time was:
// its words say which day it is about. It returns the rows that it has changed.
func (s *Sender) Resend(ctx context.Context, key string) ([]Delivery, error) {
	return s.decide(ctx, key, s.resend(ctx))
}

// Skip decides against a post that is planned or uncertain.
func (s *Sender) Skip(ctx context.Context, key string) ([]Delivery, error) {
	return s.decide(ctx, key, skip)
}

func skip(d *Delivery) error { return d.become(Skipped, ByAdmin) }

// resend returns what plans a row again.
func (s *Sender) resend(ctx context.Context) func(*Delivery) error {
	return func(d *Delivery) error {
		sub, ok, err := s.Planner.Subscriptions.Subscription(ctx, d.Channel)
		if err != nil {
			return fmt.Errorf("scheduler: reading the subscription %s: %w", d.Channel, err)
		}
		if !ok {
			return fmt.Errorf("scheduler: %s cannot be sent: nobody at %s wants reminders", d.Key, d.Channel)
		}
		r, err := s.Planner.rule(&sub)
		if err != nil {
			return err
		}
		if err := d.become(Planned, ByAdmin); err != nil {
			return err
		}
		now := s.now().UTC()
		d.WakeAt, d.NotAfter, d.Print, d.Tries = later(now, d.DueAt), later(now.Add(lateAtAll), d.NotAfter), r.print, 0
		return nil
	}
}

// decide changes a delivery, and with it all that belong to its post.
func (s *Sender) decide(ctx context.Context, key string, change func(*Delivery) error) ([]Delivery, error) {
	rows, err := s.Planner.Deliveries.Select(ctx, Query{Keys: []string{key}})
	if err != nil {
		return nil, fmt.Errorf("scheduler: reading %s: %w", key, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("scheduler: there is no delivery %q", key)
	}
	if post := rows[0].Post; post != "" {
		if rows, err = s.Planner.Deliveries.Select(ctx, Query{Post: post}); err != nil {
			return nil, fmt.Errorf("scheduler: reading the post %s: %w", post, err)
		}
	}
	for i := range rows {
		if err := change(&rows[i]); err != nil {
			return nil, err
		}
	}
	ok, err := s.swap(ctx, rows)
	if err == nil && !ok {
		err = fmt.Errorf("scheduler: %s has changed just now, look at it again", key)
	}
	return rows, err
}

// Health is what a person who runs the program wants to know at a glance.
type Health struct {
	Count map[State]int
	// Reasons counts why rows are skipped.
	Reasons map[Reason]int
	// Lag is how long the oldest delivery that should have been looked at waits,
	// Running how long the oldest intent lies back.
	Lag, Running time.Duration
}

// Health counts the rows that were due since an instant, for metrics.
func (s *Sender) Health(ctx context.Context, since time.Time) (Health, error) {
	now := s.now()
	h := Health{Count: make(map[State]int), Reasons: make(map[Reason]int)}
	rows, err := s.Planner.Deliveries.Select(ctx, Query{From: since, Until: now})
	if err != nil {
		return h, fmt.Errorf("scheduler: counting deliveries: %w", err)
	}
	for i := range rows {
		d := &rows[i]
		h.Count[d.State]++
		if d.State == Skipped {
			h.Reasons[d.Reason]++
		}
		if d.State == Sending {
			h.Running = max(h.Running, now.Sub(d.IntentAt))
		}
		if !d.WakeAt.IsZero() {
			h.Lag = max(h.Lag, now.Sub(d.WakeAt))
		}
	}
	return h, nil
}

// Posts settles attempts to send posts, each as [Notice.Attempt] names it, as buttons
// below a [Notice] do. What was tried again since is not touched: who presses the button
// has not seen that.
func (s *Sender) Posts() bot.Deciding { return posts{s} }

type posts struct{ sender *Sender }

// Resend implements [bot.Deciding].
func (p posts) Resend(ctx context.Context, attempt string) error {
	return p.decide(ctx, attempt, p.sender.resend(ctx))
}

// Skip implements [bot.Deciding].
func (p posts) Skip(ctx context.Context, attempt string) error {
	return p.decide(ctx, attempt, skip)
}

func (p posts) decide(ctx context.Context, attempt string, change func(*Delivery) error) error {
	post, number, _ := strings.Cut(attempt, ".")
	epoch, err := strconv.Atoi(number)
	if err != nil || post == "" {
		return fmt.Errorf("scheduler: %q is no attempt, expected a post and a number, as in post-abc.1", attempt)
	}
	rows, err := p.sender.Planner.Deliveries.Select(ctx, Query{Post: post, Limit: 1})
	if err != nil {
		return fmt.Errorf("scheduler: reading the post %s: %w", post, err)
	}
	if len(rows) == 0 {
		return fmt.Errorf("scheduler: there is no post %q", post)
	}
	_, err = p.sender.decide(ctx, rows[0].Key, func(d *Delivery) error {
		if d.Epoch != epoch {
			return fmt.Errorf("scheduler: %s was tried again since: see the notice about that", d.Key)
		}
		return change(d)
	})
	return err
}
