package queue

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// A process that is killed takes the jobs with it that it had fetched: in River's table
// they are running, and River itself would take minutes to be sure that they are not. Who
// is alive the store knows within seconds, so each process looks every few moments for
// running jobs of those that are not, and makes them available to all. Two that do it at
// once do nothing more than one. Should the process live after all, because it was only
// cut off from the database, two look at one channel at the same time, which the
// deliveries allow for.

// taken is a job that a process works on.
type taken struct {
	ID int64
	By string
}

// The process that works on a job is the last one in attempted_by. A job of which that was
// the last attempt gets another one, as River itself does it when somebody asks for a job
// to be tried again.
const (
	takenSQL = `SELECT id, COALESCE(attempted_by[array_upper(attempted_by, 1)], '') AS by FROM river_job WHERE state = 'running'`
	freeSQL  = `UPDATE river_job SET state = 'available', scheduled_at = clock_timestamp(), max_attempts = max_attempts + 1
		WHERE id = $1 AND state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = $2`
)

// rescueAll frees jobs of processes that have died, until ctx is done.
func (q *Queue) rescueAll(ctx context.Context) {
	ticker := time.NewTicker(rescueEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		freed, err := q.rescue(ctx)
		switch {
		case err != nil && ctx.Err() == nil: // another process, or the next time
			q.cfg.Log.DebugContext(ctx, "jobs of processes that have died could not be looked for", slog.Any("error", err))
		case freed > 0:
			q.cfg.Log.WarnContext(ctx, "jobs of processes that have died are done by others", slog.Int("jobs", freed))
		}
	}
}

// rescue frees the jobs of processes that are dead, and returns how many. The jobs are
// read before the processes: whoever had a job then and is alive is among them.
func (q *Queue) rescue(ctx context.Context) (freed int, err error) {
	ctx, cancel := context.WithTimeout(ctx, jobTimeout)
	defer cancel()
	rows, err := q.cfg.Pool.Query(ctx, takenSQL)
	if err != nil {
		return 0, fmt.Errorf("queue: %w", err)
	}
	jobs, err := pgx.CollectRows(rows, pgx.RowToStructByName[taken])
	if err != nil || len(jobs) == 0 {
		return 0, err
	}
	names, err := q.cfg.Processes(ctx)
	if err != nil {
		return 0, err
	}
	alive := make(map[string]bool)
	for _, name := range names {
		alive[name] = true
	}
	for _, j := range jobs {
		if alive[j.By] {
			continue
		}
		result, err := q.cfg.Pool.Exec(ctx, freeSQL, j.ID, j.By)
		if err != nil {
			return freed, fmt.Errorf("queue: %w", err)
		}
		freed += int(result.RowsAffected())
	}
	return freed, nil
}
