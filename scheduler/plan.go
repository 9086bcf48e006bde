package scheduler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"suhbat/facts"
)

// The horizon is how far ahead deliveries are written down; when less than refill
// of it is left, it is filled up again.
const (
	horizon = 45 * 24 * time.Hour
	refill  = 30 * 24 * time.Hour
)

// Planner writes down what channels are owed. Any number of them may run at once.
type Planner struct {
	Calendar      *Calendar
	Deliveries    Deliveries
	Subscriptions Subscriptions
	Notices       Notices
	Clock         Clock
	// Version names what else instants depend on, such as the zone data; rows that
	// were planned with another one are planned again.
	Version string

	place func(facts.Date, minute, *time.Location) time.Time // nil: wall

	mu    sync.Mutex
	rules map[string]*rule // by fingerprint
}

// Plan plans all channels. What is wrong with one of them does not keep the others
// from being planned; the error joins all that is.
func (p *Planner) Plan(ctx context.Context) error {
	subs, err := p.Subscriptions.Subscriptions(ctx)
	if err != nil {
		return fmt.Errorf("scheduler: reading subscriptions: %w", err)
	}
	var failures []error
	for i := range subs {
		if err := p.Channel(ctx, &subs[i]); err != nil {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

// Channel plans one channel: it writes down what is due up to the horizon. If the
// subscription or the facts have changed, it also moves what is planned, skips what
// is not wanted any more, and takes up again what was skipped for that reason and is
// still to come. What was sent, or may have been, never moves.
func (p *Planner) Channel(ctx context.Context, s *Subscription) error {
	r, err := p.rule(s)
	if err != nil {
		p.notify(ctx, Notice{Kind: ChannelBroken, Channel: s.ID, To: s.To, Reason: err.Error()})
		return fmt.Errorf("scheduler: the subscription %s: %w", s.ID, err)
	}
	c, err := p.Deliveries.Cursor(ctx, s.ID)
	if err != nil {
		return fmt.Errorf("scheduler: reading the cursor of %s: %w", s.ID, err)
	}
	now := p.Clock.Now()
	if c.Version == 0 {
		c.Until = s.Since
	}
	same := c.Print == r.print
	if same && c.Until.Sub(now) > refill {
		return nil
	}
	after, until := c.Until, later(now.Add(horizon), c.Until)
	if !same {
		after = earlier(now, c.Until)
	}
	rows, err := p.changes(ctx, r, later(after, s.Since), until, now, same)
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b Delivery) int { return strings.Compare(a.Key, b.Key) })
	c.Until, c.Print = until, r.print
	if _, err := p.Deliveries.Swap(ctx, rows, &c); err != nil {
		return fmt.Errorf("scheduler: planning %s: %w", s.ID, err)
	}
	return nil // if it did not pass, somebody else was quicker, and the next tick looks again
}

// lookBack is how far before now a planned row may lie that a change still moves:
// what is older is too late anyway.
const lookBack = 48 * time.Hour

// changes returns the rows that make a channel's plan what it should be. New ones are
// due after one instant and until another.
func (p *Planner) changes(ctx context.Context, r *rule, after, until, now time.Time, same bool) ([]Delivery, error) {
	from := after
	if !same {
		from = earlier(after, now.Add(-lookBack))
	}
	owed := r.owed(p.Calendar, from, until)
	known, err := p.known(ctx, r.channel, owed)
	if err != nil {
		return nil, err
	}
	var rows []Delivery
	wanted := make(map[string]bool, len(owed))
	for _, d := range owed {
		wanted[d.Key] = true
		row, ok := known[d.Key]
		switch {
		case !ok && d.DueAt.After(after):
			row = d.Delivery
			if err := row.become(Planned, ""); err != nil {
				return nil, err
			}
			row.WakeAt = row.DueAt
			rows = append(rows, row)
		case ok && row.State == Planned && row.Print != r.print,
			ok && row.State == Skipped && row.Reason == Config && d.DueAt.After(now):
			row, err := row.moved(d.Delivery)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	for _, row := range known {
		if row.State == Planned && row.Print != r.print && !wanted[row.Key] && row.NotAfter.After(now) {
			if err := row.become(Skipped, Config); err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// known returns the rows of what is owed, and all that are planned, by key.
func (p *Planner) known(ctx context.Context, channel string, owed []due) (map[string]Delivery, error) {
	keys := make([]string, len(owed))
	for i := range owed {
		keys[i] = owed[i].Key
	}
	known := make(map[string]Delivery, len(owed))
	for _, q := range []Query{{Keys: keys}, {Channel: channel, States: []State{Planned}}} {
		if q.Channel == "" && len(keys) == 0 {
			continue
		}
		rows, err := p.Deliveries.Select(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("scheduler: reading the deliveries of %s: %w", channel, err)
		}
		for _, row := range rows {
			known[row.Key] = row
		}
	}
	return known, nil
}

// moved returns a row with the time of d. It leaves its post if its time is another.
func (d *Delivery) moved(to Delivery) (Delivery, error) {
	out := *d
	if err := out.become(Planned, d.Reason); err != nil {
		return out, err
	}
	if d.State != Planned {
		out.Reason = ""
	}
	if !out.DueAt.Equal(to.DueAt) {
		out.Post = ""
	}
	out.DueAt, out.NotAfter, out.Wall, out.Zone, out.Topic, out.Print = to.DueAt, to.NotAfter, to.Wall, to.Zone, to.Topic, to.Print
	out.WakeAt = out.DueAt
	if out.Tries > 0 {
		out.WakeAt = later(out.DueAt, d.WakeAt)
	}
	return out, nil
}

// Drop skips what is planned for a channel that wants nothing any more.
func (p *Planner) Drop(ctx context.Context, channel string) error {
	rows, err := p.Deliveries.Select(ctx, Query{Channel: channel, States: []State{Planned}})
	if err != nil {
		return fmt.Errorf("scheduler: reading the deliveries of %s: %w", channel, err)
	}
	now := p.Clock.Now()
	for i := range rows {
		why := Config
		if now.After(rows[i].NotAfter) { // it was lost before anybody wanted it no more
			why = Late
		}
		if err := rows[i].become(Skipped, why); err != nil {
			return err
		}
	}
	c, err := p.Deliveries.Cursor(ctx, channel)
	if err != nil {
		return fmt.Errorf("scheduler: reading the cursor of %s: %w", channel, err)
	}
	c.Print = "" // whoever comes back is planned anew
	if _, err := p.Deliveries.Swap(ctx, rows, &c); err != nil {
		return fmt.Errorf("scheduler: dropping %s: %w", channel, err)
	}
	return nil // rows that have changed meanwhile are skipped when they are due
}

// maxRules bounds the rules that a planner remembers.
const maxRules = 4096

// rule returns a subscription ready to be computed with.
func (p *Planner) rule(s *Subscription) (*rule, error) {
	version := s.fingerprint(p.Calendar.print, p.Version)
	p.mu.Lock()
	defer p.mu.Unlock()
	if r, ok := p.rules[version]; ok {
		return r, nil
	}
	r, err := newRule(s, version)
	if err != nil {
		return nil, err
	}
	if p.place != nil {
		r.place = p.place
	}
	if p.rules == nil || len(p.rules) >= maxRules {
		p.rules = make(map[string]*rule)
	}
	p.rules[version] = r
	return r, nil
}

// notify tells the admins. A failure is no reason to stop: the rows say the same.
func (p *Planner) notify(ctx context.Context, n Notice) {
	if p.Notices != nil {
		n.At = p.Clock.Now()
		_ = p.Notices.Notify(ctx, n)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// occurrences returns what rows are about: each anniversary once, the soonest first.
func (p *Planner) occurrences(rows []Delivery) []facts.Occurrence {
	var all []facts.Occurrence
	for _, row := range rows {
		o, ok := p.Calendar.find(row.Event, row.Year)
		if ok && !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, facts.Occurrence.Compare)
	return all
}
