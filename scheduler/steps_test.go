package scheduler_test

import (
	"context"
	"errors"
	"iter"
	"time"

	"suhbat/scheduler"
)

// start begins a task.
func (w *world) start(r *replica, channel string, do func(context.Context) error) {
	t := &task{r: r, life: r.life, channel: channel}
	t.next, _ = iter.Pull(func(yield func(time.Duration) bool) {
		t.yield = yield
		defer func() {
			if t.life == r.life {
				delete(r.running, channel)
			}
			if p := recover(); p != nil && p != any(crashed{}) {
				panic(p)
			}
		}()
		err := do(context.Background())
		if err != nil && !errors.Is(err, errPlayed) {
			w.problem("an error of the program: %v", err)
		}
	})
	w.resume(t)
}

// resume runs a task up to its next step.
func (w *world) resume(t *task) {
	w.current = t
	wait, more := t.next()
	w.current = nil
	switch {
	case more:
	case t.channel == "":
		w.poll()
		return
	default: // not at once: a process whose clock is behind would look again and again
		w.after(time.Second, func() { w.pollOne(t.channel) })
		return
	}
	w.after(wait, func() { w.resume(t) })
}

// reading are the steps that change nothing, most of them while nothing is to be done.
var reading = map[string]bool{"select": true, "cursor": true, "subscriptions": true, "subscription": true}

// step is what happens before a port is called: time passes, and perhaps the process
// dies. It returns the task that goes on.
func (w *world) step(point string) *task {
	t := w.current
	wait := time.Duration(1+w.rng.IntN(5)) * time.Millisecond
	if w.pause > 0 && !t.awake && w.chance(heldUp*w.factor()) {
		wait += time.Duration(w.rng.Int64N(int64(w.pause)))
	}
	w.sleep(t, wait)
	w.note(point, t.r.id)
	usual := crashBefore
	if reading[point] {
		usual = crashReading
	}
	if point += " before"; w.chance(w.deadly(point, usual)) {
		w.crash(t, point)
	}
	return t
}

// done is what happens after it.
func (w *world) done(t *task, point string) {
	if point += " after"; w.chance(w.deadly(point, crashAfter)) {
		w.crash(t, point)
	}
}

// sleep lets time pass for a task, which may find itself dead.
func (w *world) sleep(t *task, d time.Duration) {
	t.yield(d)
	if t.life != t.r.life {
		panic(crashed{})
	}
}

// crash kills the process of a task.
func (w *world) crash(t *task, point string) {
	w.cover[point]++
	w.crashes++
	if t.window {
		w.window++
	}
	long := time.Duration(1+w.rng.IntN(600/w.factor()/w.factor())) * time.Second
	w.kill(t.r, long)
	panic(crashed{})
}

// kill takes a process down for a while.
func (w *world) kill(r *replica, long time.Duration) {
	r.life++
	r.up, r.running, r.overlay = false, make(map[string]bool), make(map[string]scheduler.Delivery)
	life := r.life
	w.after(long, func() {
		if r.life == life {
			r.up, r.pacer = true, w.newPacer()
			w.tick(r)
			w.poll()
		}
	})
}

// note adds to the trace.
func (w *world) note(what string, id int) {
	const prime = 1099511628211
	h := (w.trace ^ uint64(w.now.UnixNano()) ^ uint64(id)) * prime
	for i := range len(what) {
		h = (h ^ uint64(what[i])) * prime
	}
	w.trace = h
}
