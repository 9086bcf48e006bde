package scheduler_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"suhbat/bot"
	"suhbat/scheduler"
)

// change gives a chat another setting, or none, or one again.
func (w *world) change(c *simChat) {
	all := w.history[w.nowAt(c.chat())]
	if len(all) > 0 && !all[len(all)-1].off && w.rng.IntN(4) == 0 {
		w.act(func(ctx context.Context, r *replica) error { return r.reg.StopReminders(ctx, w.address(c)) })
		return
	}
	next := c.reminder
	if w.rng.IntN(3) > 0 {
		next.Zone = simChats[w.rng.IntN(len(simChats))].reminder.Zone
	}
	if w.rng.IntN(2) == 0 {
		next.At = fmt.Sprintf("%02d:%02d", w.rng.IntN(24), 30*w.rng.IntN(2))
	}
	if w.rng.IntN(3) == 0 {
		next.Ahead = []int{w.rng.IntN(15), 0}
	}
	if w.rng.IntN(5) == 0 {
		next.Topics = []string{"wps"}
	}
	w.subscribe(c, next)
}

// nowAt is the name that a chat has by now.
func (w *world) nowAt(chat string) string {
	if to, ok := w.moved[chat]; ok {
		return to
	}
	return chat
}

func (w *world) address(c *simChat) bot.Address {
	a := c.to
	if to, ok := w.moved[c.chat()]; ok {
		a.Chat = to[strings.Index(to, ":")+1:]
	}
	return a
}

func (w *world) subscribe(c *simChat, r bot.Reminder) {
	w.act(func(ctx context.Context, on *replica) error {
		if w.mutant == "time in the key" {
			return w.subscribeByTime(ctx, on, c, r)
		}
		return on.reg.Remind(ctx, w.address(c), r)
	})
}

// subscribeByTime is the mutant whose keys hold the time: another time is another
// channel to it.
func (w *world) subscribeByTime(ctx context.Context, on *replica, c *simChat, r bot.Reminder) error {
	to := w.address(c)
	store := on.sender.Planner.Subscriptions
	old, ok, err := store.SubscriptionAt(ctx, to)
	if err != nil {
		return err
	}
	s := scheduler.Subscription{ID: scheduler.IDOf(to) + "@" + r.At + r.Zone, To: to, Reminder: r, Since: w.now}
	if ok && old.ID != s.ID {
		if err := store.DeleteSubscription(ctx, old.ID); err != nil {
			return err
		}
		if err := on.sender.Planner.Drop(ctx, old.ID); err != nil {
			return err
		}
	}
	if err := store.PutSubscription(ctx, s); err != nil {
		return err
	}
	return on.sender.Planner.Channel(ctx, &s)
}

// act lets a process do what somebody asks for; if none is up, somebody asks again.
func (w *world) act(do func(context.Context, *replica) error) {
	r := w.procs[w.rng.IntN(len(w.procs))]
	if !r.up {
		w.after(time.Minute, func() { w.act(do) })
		return
	}
	done := false
	w.start(r, "", func(ctx context.Context) error {
		err := do(ctx, r)
		done = true
		return err
	})
	w.after(5*time.Minute, func() {
		if !done {
			w.act(do) // the process died, or hangs: people try again
		}
	})
	w.after(time.Duration(1+w.rng.IntN(60))*time.Second, func() { w.plan(r) }) // the tick of the minute
}
