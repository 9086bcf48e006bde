package bot_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"suhbat/bot"
	words "suhbat/bot/say"
	"suhbat/facts"
)

// reminders keeps who gets reminders, and previews them by a rule of its own: each
// day ahead at the time of the place, weekends moved, quiet hours not.
type reminders struct {
	mu     sync.Mutex
	all    map[bot.Address]bot.Reminder
	failed error
}

func newReminders() *reminders { return &reminders{all: make(map[bot.Address]bot.Reminder)} }

func (m *reminders) Reminder(_ context.Context, at bot.Address) (bot.Reminder, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.all[at]
	return r, ok, m.failed
}

// Remind refuses what a scheduler could not read: the core is to send nothing of that.
func (m *reminders) Remind(_ context.Context, at bot.Address, r bot.Reminder) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, set := parts()
	_, wrongTime := time.Parse("15:04", r.At)
	if zone, err := time.LoadLocation(r.Zone); err != nil || r.Zone == "" || zone == time.Local || r.At != "" && wrongTime != nil || set.Pack(r.Lang) == nil || r.By == "" {
		return errors.New("this cannot be read")
	}
	m.all[at] = r
	return m.failed
}

func (m *reminders) StopReminders(_ context.Context, at bot.Address) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, at)
	return m.failed
}

func (m *reminders) Preview(_ context.Context, _ bot.Address, r bot.Reminder, most int) ([]bot.Preview, error) {
	store, set := parts()
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return nil, err
	}
	clock := r.At
	if clock == "" {
		clock = "09:00"
	}
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return nil, err
	}
	ahead := r.Ahead
	if len(ahead) == 0 {
		ahead = []int{7, 1, 0}
	}
	var out []bot.Preview
	for _, o := range store.Occurrences(facts.On(today), facts.On(today.AddDate(6, 0, 0))) {
		if r.RoundOnly && !o.Round() || len(r.Topics) > 0 && !slices.Contains(r.Topics, o.Fact.Anniversary.Topic) {
			continue
		}
		for _, days := range ahead {
			day := o.Day.Time().AddDate(0, 0, -days)
			p := bot.Preview{Occurrences: []facts.Occurrence{o}}
			for r.Weekend == bot.BeforeWeekend && (day.Weekday() == time.Saturday || day.Weekday() == time.Sunday) {
				day, p.Why = day.AddDate(0, 0, -1), []bot.Why{bot.WhyWeekend}
			}
			p.At = time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, zone)
			if !p.At.Before(today) {
				p.Message = words.Anniversary(set.Pack(r.Lang), facts.On(day), p.Occurrences, "")
				out = append(out, p)
			}
		}
	}
	slices.SortFunc(out, func(a, b bot.Preview) int { return a.At.Compare(b.At) })
	if r.Paused != "" && len(out) > 0 {
		out[0].Why = append(out[0].Why, bot.WhyPaused)
	}
	return out[:min(most, len(out))], nil
}

// at returns what a place gets.
func (m *reminders) at(a bot.Address) (bot.Reminder, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.all[a]
	return r, ok
}

// put has a place get reminders, whoever may.
func (m *reminders) put(a bot.Address, r bot.Reminder) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all[a] = r
}
