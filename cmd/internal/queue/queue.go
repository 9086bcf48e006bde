// Package queue runs the scheduler: River (riverqueue.com) plans every minute and looks
// at a channel when something is due there. The table of deliveries is the truth; a job
// only says "look at this channel now", so that a job too many does nothing and a job
// too few comes with the next plan. Start at [New]; jobs.go holds the jobs.
//
// River's tables are made anew at each start and whenever they cannot be used: what
// they know is in the deliveries. So neither a job that a killed process was working
// on nor an older schema of River's needs any thought.
package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"suhbat/scheduler"
)

// The settings of River. A job that hangs is ended after jobTimeout, and one that nobody
// has heard of after rescueAfter is given up. workers is how many channels are looked at
// at once: at 25 messages a second, which take Telegram a third of one each, a few are
// enough, and the others wait for a network that hangs.
const (
	jobTimeout  = 30 * time.Second
	planTimeout = 150 * time.Second
	rescueAfter = 3 * time.Minute
	workers     = 32
	keepJobs    = 10 * time.Minute // that are over
	// ahead is how far ahead of its time a look is queued: longer than from plan to plan.
	ahead = 90 * time.Second
)

// Config is what a [Queue] needs.
type Config struct {
	// DB is a pool of one connection for River's tables. The caller closes it after Run.
	DB     *sql.DB
	Sender *scheduler.Sender
	Now    func() time.Time
	Log    *slog.Logger
	// Drain is how long what is being sent may take when the program stops.
	Drain time.Duration
}

// Queue plans and sends until it is stopped.
type Queue struct {
	cfg     Config
	client  *river.Client[*sql.Tx]
	mending sync.Mutex   // of the tables
	planned atomic.Int64 // when a plan was made last, in microseconds; 0 for never
	begun   atomic.Bool  // whether one was begun
}

// New makes River's tables and returns a Queue that does nothing yet.
func New(ctx context.Context, cfg Config) (*Queue, error) {
	q := &Queue{cfg: cfg}
	if err := q.reset(ctx); err != nil {
		return nil, err
	}
	jobs := river.NewWorkers()
	river.AddWorker(jobs, &planWorker{queue: q})
	river.AddWorker(jobs, &lookWorker{queue: q})
	client, err := river.NewClient(riversqlite.New(cfg.DB), &river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers: jobs, Logger: quiet(cfg.Log),
		JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter, SoftStopTimeout: cfg.Drain,
		CompletedJobRetentionPeriod: keepJobs, DiscardedJobRetentionPeriod: keepJobs, CancelledJobRetentionPeriod: keepJobs,
		PollOnly: true, // else it would read twenty times a second
	})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	q.client = client
	return q, nil
}

// Run plans at once and then every minute, and sends what is due, until ctx is done and
// what is being sent has had its time.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("queue: start: %w", err)
	}
	err := scheduler.Tick(ctx, scheduler.EveryMinute, q.cfg.Log, q.tick)
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.cfg.Drain+time.Second)
	defer cancel()
	if err := q.client.Stop(stop); err != nil { // the deliveries know what was under way
		q.cfg.Log.WarnContext(ctx, "the queue did not stop in time", slog.Any("error", err))
	}
	return err
}

// tick queues a plan, unless there is one.
func (q *Queue) tick(ctx context.Context) error { return q.plan(ctx, true) }

// Look says that something has changed: it is planned now, not in a minute.
func (q *Queue) Look(ctx context.Context) error { return q.plan(ctx, false) }

// plan queues a plan. If River's tables are gone, they are made again.
func (q *Queue) plan(ctx context.Context, alone bool) error {
	q.mending.Lock()
	defer q.mending.Unlock()
	err := q.insertPlan(ctx, alone)
	if err == nil || ctx.Err() != nil {
		return err
	}
	q.cfg.Log.ErrorContext(ctx, "the queue cannot be used; it is made anew", slog.Any("error", err))
	if err := q.reset(ctx); err != nil {
		return err
	}
	return q.insertPlan(ctx, alone)
}

// Planned is when a plan was made last without an error; the zero time if never.
func (q *Queue) Planned() time.Time {
	if us := q.planned.Load(); us != 0 {
		return time.UnixMicro(us)
	}
	return time.Time{}
}

// Ready returns nil once a plan was begun: the queue works.
func (q *Queue) Ready(context.Context) error {
	if !q.begun.Load() {
		return errors.New("queue: nothing is planned yet")
	}
	return nil
}

// Depth counts the jobs by their state: "available" wait to be worked on.
func (q *Queue) Depth(ctx context.Context) (map[string]int, error) {
	rows, err := q.cfg.DB.QueryContext(ctx, "SELECT state, COUNT(*) FROM river_job GROUP BY state")
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	defer func() { _ = rows.Close() }()
	depth := make(map[string]int)
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, fmt.Errorf("queue: %w", err)
		}
		depth[state] = n
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return depth, nil
}

// reset drops River's tables and makes them.
func (q *Queue) reset(ctx context.Context) error {
	names, err := q.tables(ctx)
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	for _, name := range names {
		if _, err := q.cfg.DB.ExecContext(ctx, "DROP TABLE IF EXISTS "+name); err != nil {
			return fmt.Errorf("queue: drop %s: %w", name, err)
		}
	}
	m, err := rivermigrate.New(riversqlite.New(q.cfg.DB), &rivermigrate.Config{Logger: quiet(q.cfg.Log)})
	if err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("queue: make the tables: %w", err)
	}
	return nil
}

// tables lists River's tables.
func (q *Queue) tables(ctx context.Context) (names []string, err error) {
	rows, err := q.cfg.DB.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 6) = 'river_'")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, `"`+strings.ReplaceAll(name, `"`, `""`)+`"`)
	}
	return names, rows.Err()
}

// quiet is a log of what is wrong only: River tells of its daily life.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
