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
// is due. It goes first.
type plan struct{}

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

// insertPlan queues a plan, if alone only when there is none.
func (q *Queue) insertPlan(ctx context.Context, alone bool) error {
	opts := &river.InsertOpts{MaxAttempts: 1, Priority: 1}
	if alone {
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: open}
	}
	if _, err := q.client.Insert(ctx, plan{}, opts); err != nil {
		return fmt.Errorf("queue: %w", err)
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
	for some := range slices.Chunk(wakes, chunk) {
		jobs := make([]river.InsertManyParams, len(some))
		for i, w := range some {
			jobs[i] = river.InsertManyParams{
				Args: look{w.Channel, w.At.UnixMicro()},
				// One attempt: what is left over is found by the next plan.
				InsertOpts: &river.InsertOpts{
					MaxAttempts: 1, Priority: 2, ScheduledAt: w.At,
					UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: open},
				},
			}
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
