package scheduler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"suhbat/bot"
	"suhbat/facts"
)

// Registry is who gets what: it takes what people ask for in their channels and what
// the operator's file says.
type Registry struct {
	Planner *Planner
	Words   Words
	// Langs are the codes of the languages that there are.
	Langs []string
}

var _ bot.Reminding = (*Registry)(nil)

// Reminder implements [bot.Reminding].
func (g *Registry) Reminder(ctx context.Context, at bot.Address) (bot.Reminder, bool, error) {
	s, ok, err := g.Planner.Subscriptions.SubscriptionAt(ctx, at)
	if err != nil {
		return bot.Reminder{}, false, fmt.Errorf("scheduler: reading the subscription of %s: %w", IDOf(at), err)
	}
	return s.Reminder, ok, nil
}

// Remind implements [bot.Reminding].
func (g *Registry) Remind(ctx context.Context, at bot.Address, r bot.Reminder) error {
	r = normal(r)
	r.Paused = ""
	if found := check(r, g.Langs, g.Planner.Calendar.topics()); len(found) > 0 {
		return joined(found)
	}
	s, ok, err := g.Planner.Subscriptions.SubscriptionAt(ctx, at)
	if err != nil {
		return fmt.Errorf("scheduler: reading the subscription of %s: %w", IDOf(at), err)
	}
	if !ok {
		s = Subscription{ID: IDOf(at), To: at}
	}
	s.Reminder, s.Origin = r, FromUser
	return g.put(ctx, s)
}

// put writes a subscription down and plans it at once.
func (g *Registry) put(ctx context.Context, s Subscription) error {
	s.Since = g.Planner.Clock.Now().UTC()
	if err := g.Planner.Subscriptions.PutSubscription(ctx, s); err != nil {
		return fmt.Errorf("scheduler: writing the subscription %s: %w", s.ID, err)
	}
	return g.Planner.Channel(ctx, &s)
}

// StopReminders implements [bot.Reminding].
func (g *Registry) StopReminders(ctx context.Context, at bot.Address) error {
	s, ok, err := g.Planner.Subscriptions.SubscriptionAt(ctx, at)
	if err != nil {
		return fmt.Errorf("scheduler: reading the subscription of %s: %w", IDOf(at), err)
	}
	if !ok {
		return nil
	}
	return g.end(ctx, s.ID)
}

func (g *Registry) end(ctx context.Context, id string) error {
	if err := g.Planner.Subscriptions.DeleteSubscription(ctx, id); err != nil {
		return fmt.Errorf("scheduler: ending the subscription %s: %w", id, err)
	}
	return g.Planner.Drop(ctx, id)
}

// Resume ends the pause of a channel, because it takes messages again: somebody has
// put the bot back. Where nothing is paused it does nothing.
func (g *Registry) Resume(ctx context.Context, at bot.Address) error {
	s, ok, err := g.Planner.Subscriptions.SubscriptionAt(ctx, at)
	if err != nil {
		return fmt.Errorf("scheduler: reading the subscription of %s: %w", IDOf(at), err)
	}
	if !ok || s.Paused == "" {
		return nil
	}
	s.Paused = ""
	return g.put(ctx, s)
}

// Sync makes the subscriptions of the operator's file those that are given. What has
// not changed stays as it is, paused or moved by the network. What people have asked
// for in a channel that the file names gives way to the file.
func (g *Registry) Sync(ctx context.Context, file []Subscription) error {
	have, err := g.Planner.Subscriptions.Subscriptions(ctx)
	if err != nil {
		return fmt.Errorf("scheduler: reading subscriptions: %w", err)
	}
	for _, s := range file {
		i := slices.IndexFunc(have, func(h Subscription) bool { return h.ID == s.ID || h.To == s.To })
		if i >= 0 {
			old := have[i]
			s.ID, s.To = old.ID, old.To
			if old.Origin == FromFile && sameReminder(old.Reminder, s.Reminder) {
				continue
			}
		}
		if err := g.put(ctx, s); err != nil {
			return err
		}
	}
	for _, h := range have {
		if h.Origin == FromFile && !slices.ContainsFunc(file, func(s Subscription) bool { return h.ID == s.ID || h.To == s.To }) {
			if err := g.end(ctx, h.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// sameReminder reports whether two reminders are the same but for a pause.
func sameReminder(a, b bot.Reminder) bool {
	return a.At == b.At && a.Zone == b.Zone && a.Lang == b.Lang && slices.Equal(a.Topics, b.Topics) && slices.Equal(a.Ahead, b.Ahead) &&
		a.QuietFrom == b.QuietFrom && a.QuietTo == b.QuietTo && a.Weekend == b.Weekend && a.RoundOnly == b.RoundOnly && a.By == b.By
}

// previewYears is how far a preview looks: a channel that wants round years only may
// wait for long.
const previewYears = 6

// Preview implements [bot.Reminding].
func (g *Registry) Preview(_ context.Context, at bot.Address, reminder bot.Reminder, most int) ([]bot.Preview, error) {
	reminder = normal(reminder)
	if found := check(reminder, g.Langs, g.Planner.Calendar.topics()); len(found) > 0 {
		return nil, joined(found)
	}
	s := Subscription{ID: IDOf(at), To: at, Reminder: reminder}
	s.Paused = "" // what would come; why it does not is said beside it
	r, err := g.Planner.rule(&s)
	if err != nil {
		return nil, err
	}
	now := g.Planner.Clock.Now()
	var out []bot.Preview
	all := r.owed(g.Planner.Calendar, now, now.AddDate(previewYears, 0, 0))
	for i := 0; i < len(all) && len(out) < most; {
		n := 1
		for i+n < len(all) && all[i+n].DueAt.Equal(all[i].DueAt) {
			n++
		}
		p, err := g.preview(s, r, all[i:i+n])
		if err != nil {
			return nil, err
		}
		if reminder.Paused != "" {
			p.Why = append(p.Why, bot.WhyPaused)
		}
		out = append(out, p)
		i += n
	}
	return out, nil
}

// preview makes one post of what is due at the same time.
func (g *Registry) preview(s Subscription, r *rule, all []due) (bot.Preview, error) {
	local := all[0].DueAt.In(r.zone)
	p := Post{Subscription: s, On: facts.On(local)}
	out := bot.Preview{At: local}
	for _, d := range all {
		p.Rows = append(p.Rows, d.Delivery)
		if !slices.Contains(p.Occurrences, d.occurrence) {
			p.Occurrences = append(p.Occurrences, d.occurrence)
		}
		for _, why := range d.why {
			if !slices.Contains(out.Why, why) {
				out.Why = append(out.Why, why)
			}
		}
	}
	slices.SortFunc(p.Occurrences, facts.Occurrence.Compare)
	m, err := g.Words.Reminder(p)
	if err != nil {
		return out, fmt.Errorf("scheduler: a preview for %s: %w", s.ID, err)
	}
	out.Message, out.Occurrences = m, p.Occurrences
	return out, nil
}

// Upcoming returns when a channel's next posts are due, for those who run the program.
func (g *Registry) Upcoming(s Subscription, until time.Time) ([]Delivery, error) {
	r, err := g.Planner.rule(&s)
	if err != nil {
		return nil, err
	}
	var out []Delivery
	for _, d := range r.owed(g.Planner.Calendar, g.Planner.Clock.Now(), until) {
		out = append(out, d.Delivery)
	}
	return out, nil
}
