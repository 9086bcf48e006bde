package scheduler

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/robfig/cron/v3"
)

// EveryMinute is how often the planner looks, as [Tick] takes it.
const EveryMinute = "* * * * *"

// Tick calls run at once and then at the times of a cron spec, in UTC, until ctx
// ends; it returns when the last call has. A call that takes long leaves out those
// that come due meanwhile, and neither an error nor a panic of one keeps the next from
// coming: both are logged. The error is that of the spec.
func Tick(ctx context.Context, spec string, log *slog.Logger, run func(context.Context) error) error {
	schedule, err := parse("CRON_TZ=UTC " + spec)
	if err != nil {
		return fmt.Errorf("scheduler: %w", err)
	}
	c := cron.New(cron.WithLogger(cronLog{log}))
	job := chain(cronLog{log}).Then(cron.FuncJob(func() {
		if ctx.Err() != nil {
			return
		}
		if err := run(ctx); err != nil && ctx.Err() == nil {
			log.Error("a tick of the scheduler failed", slog.Any("error", err))
		}
	}))
	c.Schedule(schedule, job)
	job.Run()
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// chain guards a job. The order matters: with Recover outside, a panic would leave
// SkipIfStillRunning waiting for ever for the job that has panicked
// (github.com/robfig/cron/issues/366).
func chain(log cron.Logger) cron.Chain {
	return cron.NewChain(cron.SkipIfStillRunning(log), cron.Recover(log))
}

// cronLog hands the library's panics to our log. What it has to say of the usual run
// of things is left out.
type cronLog struct{ log *slog.Logger }

// Info implements [cron.Logger].
func (cronLog) Info(string, ...any) {}

// Error implements [cron.Logger].
func (l cronLog) Error(err error, msg string, _ ...any) {
	l.log.Error("a tick of the scheduler panicked", slog.Any("error", err), slog.String("what", msg))
}
