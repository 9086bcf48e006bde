package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
		done = !errors.Is(err, errPlayed)
		return err
	})
	w.after(5*time.Minute, func() {
		if !done {
			w.act(do) // the process died, or hangs, or gave an error: people try again
		}
	})
	w.after(time.Duration(1+w.rng.IntN(60))*time.Second, func() { w.plan(r) }) // the tick of the minute
}

// tell lets somebody who runs the program hear of what needs a person. They look after
// a while, and then know whether the message is there; some just decide against it.
func (w *world) tell(n scheduler.Notice) {
	if !w.admins || len(n.Keys) == 0 {
		return
	}
	if n.Kind == scheduler.PostUncertain && w.rng.IntN(12) < 3*w.factor()-w.factor()/3 {
		w.after(time.Duration(1+w.rng.IntN(60))*time.Second, func() { w.decide(n, false) })
		return
	}
	w.after(10*time.Minute+time.Duration(w.rng.Int64N(int64(12*time.Hour))), func() { w.decide(n, w.rng.IntN(3) > 0) })
}

// patience is how long people wait until they say that a message is not there.
const patience = 10 * time.Minute

// decide says what becomes of a post: it is sent again only if somebody wants it and
// sees that the message is not there. That the program may refuse, since much may have
// happened since, is as it should be.
func (w *world) decide(n scheduler.Notice, again bool) {
	w.act(func(ctx context.Context, r *replica) error {
		key := n.Keys[0]
		arrived := slices.ContainsFunc(w.messages, func(m posted) bool { return slices.Contains(m.keys, key) })
		rows := w.together(ctx, key)
		young := slices.ContainsFunc(rows, func(d scheduler.Delivery) bool { return w.now.Sub(d.IntentAt) < patience })
		again := again && !arrived && !young
		for _, d := range rows {
			if again {
				w.resent[d.Key] = append(w.resent[d.Key], w.now)
			} else {
				w.declined[d.Key] = true
			}
		}
		switch attempt := n.Attempt(); {
		case attempt == "": // by a command, by somebody who looks at the same moment
			w.current.awake = true
			w.command(ctx, r, key, again)
		case again:
			_ = r.sender.Posts().Resend(ctx, attempt)
		default:
			_ = r.sender.Posts().Skip(ctx, attempt)
		}
		return nil
	})
}

func (w *world) command(ctx context.Context, r *replica, key string, again bool) {
	if again {
		_, _ = r.sender.Resend(ctx, key)
	} else {
		_, _ = r.sender.Skip(ctx, key)
	}
}

// together returns the rows that a decision about one of them is about.
func (w *world) together(ctx context.Context, key string) []scheduler.Delivery {
	rows, _ := w.store.Select(ctx, scheduler.Query{Keys: []string{key}})
	if len(rows) > 0 && rows[0].Post != "" {
		rows, _ = w.store.Select(ctx, scheduler.Query{Post: rows[0].Post})
	}
	return rows
}
