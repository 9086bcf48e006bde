package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"suhbat/scheduler"
)

// plan is the job that plans all channels and queues a look at those where something
// is due. It goes first. Minute is the one that it is the plan of, in minutes since 1970;
// 0 if something has changed.
type plan struct {
	Minute int64 `json:"minute,omitempty"`
}

// Kind implements [river.JobArgs].
func (plan) Kind() string { return "plan" }

// look is the job that looks at a channel. At is what it is due for, in microseconds, so
// that an earlier time can be queued beside a later one.
type look struct {
	Channel string `json:"channel"`
	At      int64  `json:"at"`
}

// Kind implements [river.JobArgs].
func (look) Kind() string { return "look" }

// open are the states of jobs that are not over.
var open = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// insertPlan queues a plan; that of a minute only once.
func (q *Queue) insertPlan(ctx context.Context, p plan) error {
	opts := &river.InsertOpts{MaxAttempts: 1, Priority: 1}
	if p.Minute != 0 {
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true} // one that is done counts too
	}
	if _, err := q.client.Insert(ctx, p, opts); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if q.cfg.Pool != nil { // whoever works on it
		q.begun.Store(true)
	}
	return nil
}

// A chunk of looks is inserted in one transaction. Between two of them everybody else
// gets at the database.
const (
	chunk = 50
	gap   = 10 * time.Millisecond
)

// insertLooks queues looks, each once.
func (q *Queue) insertLooks(ctx context.Context, wakes []scheduler.Wake) error {
	now := q.cfg.Now()
	for some := range slices.Chunk(wakes, chunk) {
		jobs := make([]river.InsertManyParams, len(some))
		for i, w := range some {
			jobs[i] = lookAt(w.Channel, w.At, now)
		}
		if _, err := q.client.InsertMany(ctx, jobs); err != nil {
			return fmt.Errorf("queue: %w", err)
		}
		if len(some) == chunk {
			time.Sleep(gap)
		}
	}
	return nil
}

// lookAt is a look at a channel. One that is due already does not wait until River's
// leader finds that its time has come.
func lookAt(channel string, at, now time.Time) river.InsertManyParams {
	opts := &river.InsertOpts{
		MaxAttempts: 1, Priority: 2, // one attempt: what is left over is found by the next plan
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: open},
	}
	if at.After(now) {
		opts.ScheduledAt = at
	}
	return river.InsertManyParams{Args: look{channel, at.UnixMicro()}, InsertOpts: opts}
}

type planWorker struct {
	river.WorkerDefaults[plan]

	queue *Queue
}

// Timeout implements [river.Worker]: to plan thousands of channels for the first time
// takes its time. What is done by then is kept.
func (*planWorker) Timeout(*river.Job[plan]) time.Duration { return planTimeout }

// Work implements [river.Worker]. What is due is queued even if a channel could not be
// planned.
func (w *planWorker) Work(ctx context.Context, _ *river.Job[plan]) error {
	q := w.queue
	q.begun.Store(true)
	now := q.cfg.Now()
	err := q.cfg.Sender.Planner.Plan(ctx)
	if err == nil {
		q.planned.Store(now.UnixMicro())
	} else {
		q.failed(ctx, "not all could be planned", err)
	}
	wakes, err := q.cfg.Sender.Planner.Deliveries.Wakes(ctx, now.Add(ahead))
	if err == nil {
		err = q.insertLooks(ctx, wakes)
	}
	if err != nil {
		q.failed(ctx, "what is due could not be queued", err)
	}
	return nil
}

type lookWorker struct {
	river.WorkerDefaults[look]

	queue *Queue
}

// Work implements [river.Worker].
func (w *lookWorker) Work(ctx context.Context, job *river.Job[look]) error {
	q := w.queue
	ctx = context.WithValue(ctx, endOfJob{}, q.cfg.Now().Add(jobTimeout))
	wake, err := q.cfg.Sender.Deliver(ctx, job.Args.Channel)
	if err != nil {
		q.failed(ctx, "a reminder is left to the next plan", err)
		return nil
	}
	if wake.IsZero() || wake.After(q.cfg.Now().Add(ahead)) {
		return nil
	}
	if err := q.insertLooks(ctx, []scheduler.Wake{{Channel: job.Args.Channel, At: wake}}); err != nil {
		q.failed(ctx, "a look is left to the next plan", err)
	}
	return nil
}

// failed logs what went wrong, unless it is that the program stops.
func (q *Queue) failed(ctx context.Context, what string, err error) {
	if ctx.Err() == nil && !errors.Is(err, ErrStopping) {
		q.cfg.Log.ErrorContext(ctx, "the queue left something over", slog.String("what", what), slog.Any("error", err))
	}
}
