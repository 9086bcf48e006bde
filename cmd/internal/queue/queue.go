// Package queue runs the scheduler: River (riverqueue.com) plans every minute and looks
// at a channel when something is due there. The table of deliveries is the truth; a job
// only says "look at this channel now", so that a job too many does nothing and a job
// too few comes with the next plan. Start at [New]; jobs.go holds the jobs, sqlite.go and
// postgres.go River's tables.
//
// On SQLite these are made anew at each start and whenever they cannot be used: what
// they know is in the deliveries. So neither a job that a killed process was working
// on nor an older schema of River's needs any thought. On PostgreSQL other processes work
// with them: there they are made if they are missing, and made anew only when they cannot
// be used.
//
// # Several processes
//
// Each ticks every minute, and the first of them queues the plan of that minute; any of
// them works on it. So there is one plan a minute whoever has died, and no tick has to
// wait until another process is missed. River elects one that moves jobs whose time has
// come, and clears up. All may look at channels; that each post is sent by one of them
// is the scheduler's matter.
//
// The jobs that a killed process had taken are given to the others as soon as they take
// it for dead ([Config].Processes), see rescue.go.
//
// Times are those of the database ([Config].Now, see store.Now), in River too, but for
// two things that it does by the clock of the process: when it gives jobs up and when it
// deletes old ones. Too early or too late, neither matters.
package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

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
	// rescueEvery is how often it is looked for jobs of processes that have died.
	rescueEvery = 3 * time.Second
)

// Config is what a [Queue] needs.
type Config struct {
	// DB is a pool for River's tables, of one connection for SQLite. Pool is the same for
	// PostgreSQL, else nil. The caller closes them after Run.
	DB     *sql.DB
	Pool   *pgxpool.Pool
	Sender *scheduler.Sender
	// Process is the name of this process among those that share the database, and
	// Processes are all that live. Without a pool there are no others.
	Process   string
	Processes func(context.Context) ([]string, error)
	// Now is the clock of the database, which all processes share.
	Now func() time.Time
	Log *slog.Logger
	// Drain is how long what is being sent may take when the program stops.
	Drain time.Duration
}

// Queue plans and sends until it is stopped.
type Queue struct {
	cfg     Config
	tables  tables
	client  client
	mending sync.Mutex   // of the tables
	planned atomic.Int64 // when a plan was made last, in microseconds; 0 for never
	begun   atomic.Bool  // whether one was begun, or queued for whoever is first
}

// tables are River's tables in one kind of database.
type tables interface {
	// prepare makes them ready at the start of the process.
	prepare(ctx context.Context) error
	// mend makes them anew when they cannot be used.
	mend(ctx context.Context) error
	client(config *river.Config) (client, error)
}

// client is the part of [river.Client] that does not depend on the kind of database.
type client interface {
	Insert(ctx context.Context, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
	InsertMany(ctx context.Context, jobs []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
}

// New makes River's tables ready and returns a Queue that does nothing yet.
func New(ctx context.Context, cfg Config) (*Queue, error) {
	q := &Queue{cfg: cfg, tables: sqliteTables{cfg.DB, quiet(cfg.Log)}}
	if cfg.Pool != nil {
		q.tables = postgresTables{cfg.Pool, quiet(cfg.Log)}
	}
	if err := q.tables.prepare(ctx); err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	jobs := river.NewWorkers()
	river.AddWorker(jobs, &planWorker{queue: q})
	river.AddWorker(jobs, &lookWorker{queue: q})
	client, err := q.tables.client(&river.Config{
		ID:      cfg.Process,
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers: jobs, Logger: quiet(cfg.Log),
		JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter, SoftStopTimeout: cfg.Drain,
		CompletedJobRetentionPeriod: keepJobs, DiscardedJobRetentionPeriod: keepJobs, CancelledJobRetentionPeriod: keepJobs,
		PollOnly: cfg.Pool == nil, // else it would read SQLite twenty times a second
		Test:     river.TestConfig{Time: databaseTime{cfg.Now}},
	})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	q.client = client
	return q, nil
}

// databaseTime has River go by the clock of the database in what it compares itself; for
// what the database compares, it has the database take its own. River means the place
// where this is set for tests, since it has no other use for a clock.
type databaseTime struct{ now func() time.Time }

// Now implements [rivertype.TimeGenerator].
func (t databaseTime) Now() time.Time { return t.now() }

// NowOrNil implements [rivertype.TimeGenerator].
func (databaseTime) NowOrNil() *time.Time { return nil }

// Run plans at once and then every minute, and sends what is due, until ctx is done and
// what is being sent has had its time.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("queue: start: %w", err)
	}
	var rescuing sync.WaitGroup
	if q.cfg.Pool != nil {
		rescuing.Go(func() { q.rescueAll(ctx) })
	}
	defer rescuing.Wait()
	first := true
	err := scheduler.Tick(ctx, scheduler.EveryMinute, q.cfg.Log, func(ctx context.Context) error {
		if first { // whatever another process has planned: the settings of this one may be new
			first = false
			return q.plan(ctx, plan{})
		}
		return q.plan(ctx, plan{Minute: q.cfg.Now().Unix() / 60})
	})
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), q.cfg.Drain+time.Second)
	defer cancel()
	if err := q.client.Stop(stop); err != nil { // the deliveries know what was under way
		q.cfg.Log.WarnContext(ctx, "the queue did not stop in time", slog.Any("error", err))
	}
	return err
}

// Look says that something has changed: it is planned now, not in a minute.
func (q *Queue) Look(ctx context.Context) error { return q.plan(ctx, plan{}) }

// plan queues a plan. If River's tables are gone, they are made again.
func (q *Queue) plan(ctx context.Context, p plan) error {
	q.mending.Lock()
	defer q.mending.Unlock()
	err := q.insertPlan(ctx, p)
	if err == nil || ctx.Err() != nil {
		return err
	}
	q.cfg.Log.ErrorContext(ctx, "the queue cannot be used; it is made anew", slog.Any("error", err))
	if err := q.tables.mend(ctx); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return q.insertPlan(ctx, p)
}

// Planned is when this process made a plan last without an error; the zero time if never.
func (q *Queue) Planned() time.Time {
	if us := q.planned.Load(); us != 0 {
		return time.UnixMicro(us)
	}
	return time.Time{}
}

// Ready returns nil once a plan was begun, or, where other processes may be quicker,
// queued: the queue works.
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
