package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"suhbat/bot"
	"suhbat/scheduler"
)

// Store keeps everything in one database. Its methods may be called by many goroutines.
type Store struct {
	reads  *sql.DB
	writes *sql.DB
	writer *writer
	kind   dialect
	file   string          // of SQLite
	server *pgx.ConnConfig // of PostgreSQL
	lock   *flock.Flock    // of a file; nil in memory
	now    func() time.Time
	clock  clock

	talks   talks
	chosen  recent[bot.Preference]
	said    recent[[]byte]
	inboxes inboxes
	replica replica
	slots   *sql.DB // of a server: commits there do not wait for the disk

	preparing sync.Mutex
	stmts     map[string]statement // of reads, by query

	pruning  sync.Mutex
	stop     context.CancelFunc // ends the housekeeping
	stopped  chan struct{}
	close    sync.Once
	closeErr error
}

var (
	_ bot.Talks       = (*Store)(nil)
	_ bot.Preferences = (*Store)(nil)
	_ bot.Notebook    = (*Store)(nil)
	_ bot.Chats       = (*Store)(nil)
	_ bot.Inbox       = (*Inbox)(nil)

	_ scheduler.Deliveries    = (*Store)(nil)
	_ scheduler.Subscriptions = (*Store)(nil)
)

// Options say how to open a store.
type Options struct {
	// Now is the clock of the program, for the age of what is kept; see [Store.Now]. It has
	// to be given.
	Now func() time.Time
	// Log is where failures go that no caller learns of; nowhere if it is nil.
	Log *slog.Logger
	// Beside opens a file that is there already and may be in use: it takes no lock,
	// makes nothing, and leaves the schema and what is too old to the process that has
	// the lock; a server likewise. It is for deliveries, whose versions let several processes change them;
	// nothing else of the store may be written beside another process.
	Beside bool

	// For tests: further settings of SQLite's connections that write; what is to see
	// statements of PostgreSQL as they are prepared; and whether Now is the clock even
	// where the database has one, and nothing is deleted at once for being older.
	pragmas  []string
	prepared func(query string)
	fixed    bool
}

// Stats are counters since Open.
type Stats struct {
	Writes, Batches int64 // operations, and the transactions that they were committed in
	Queue           int   // operations that wait now
}

// Open opens the database at a URL and brings its schema up to date. The URL is
// "sqlite:FILE" or, for tests, "sqlite::memory:"; or "postgres://USER:PASSWORD@HOST/DATABASE",
// with the parameters that libpq knows. A file that is missing is made, its folder and a
// database of a server are not. A second process is refused as long as the first has the
// file open, while a server is for as many as there are. Errors are for whoever runs the
// program: one line each.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	if o.Now == nil {
		return nil, errors.New("store: Options.Now is missing: expected a clock")
	}
	file, server, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{kind: sqlite3{}, server: server, now: o.Now, stmts: make(map[string]statement), stopped: make(chan struct{})}
	switch {
	case server != nil:
		s.kind, s.chosen.off, s.said.off = postgres{o.prepared}, true, true
	case file == ":memory:":
		s.file = memory + rand.Text()
	default:
		if err := s.claim(file, o.Beside); err != nil {
			return nil, err
		}
	}
	if err := s.open(ctx, &o); err != nil {
		return nil, errors.Join(err, s.shut())
	}
	return s, nil
}

// claim makes a file absolute and takes its lock, or looks whether it is there.
func (s *Store) claim(file string, beside bool) (err error) {
	if s.file, err = filepath.Abs(file); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if beside {
		if _, err := os.Stat(s.file); err != nil {
			return fmt.Errorf("store: there is no database yet: %w", err)
		}
		return nil
	}
	s.lock, err = lock(s.file)
	return err
}

// open opens the pools, migrates and starts the writer and the housekeeping.
func (s *Store) open(ctx context.Context, o *Options) (err error) {
	if s.server != nil {
		s.writes, s.reads = openPostgres(s.server)
	} else if s.writes, s.reads, err = openSQLite(s.file, o.pragmas...); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := s.migrate(ctx, o.Beside); err != nil {
		return fmt.Errorf("store: open %s: %w", s.name(), s.kind.explain(err))
	}
	s.writer = newWriter(s.writes, s.kind, o.Log)
	if !o.fixed {
		s.clock.query = s.kind.clock()
	}
	if err := s.setClock(ctx); err != nil {
		return err
	}
	if o.Beside {
		return s.Ping(ctx)
	}
	if s.server != nil {
		s.slots = openSlots(s.server)
	}
	if err := s.join(ctx, o.Log); err != nil {
		return err
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	go s.keepHouse(ctx, o.Log, !o.fixed)
	if err := s.Ping(ctx); err != nil {
		return err
	}
	return s.inboxes.start(ctx, s)
}

// migrate brings the schema up to date, or looks whether it is.
func (s *Store) migrate(ctx context.Context, beside bool) error {
	switch {
	case beside:
		return migrated(ctx, s.writes, s.kind)
	case s.server != nil:
		return migratePostgres(ctx, s.server, s.kind)
	default:
		return migrate(ctx, s.writes, s.kind)
	}
}

// name names the database without a secret.
func (s *Store) name() string {
	if s.server == nil {
		return s.file
	}
	return fmt.Sprintf("the database %q on %s", s.server.Database, net.JoinHostPort(s.server.Host, strconv.Itoa(int(s.server.Port))))
}

// Close commits what waits and closes the database. Each call returns the same.
func (s *Store) Close() error {
	s.close.Do(func() { s.closeErr = s.shut() })
	return s.closeErr
}

// shut closes as much as is open.
func (s *Store) shut() error {
	var errs []error
	if s.writer != nil {
		if s.stop != nil {
			s.stop()
			<-s.stopped
		}
		s.writer.queue.close()
		<-s.writer.ended
		errs = append(errs, s.writer.lost)
	}
	errs = append(errs, s.replica.leave()) // now that all is written
	for _, db := range []*sql.DB{s.slots, s.reads, s.writes} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Unlock())
	}
	return errors.Join(errs...)
}

// Jobs is a further way to the database, for the tables of a job queue that looks after
// itself. Close it before the store.
type Jobs struct {
	// DB is a pool of connections.
	DB *sql.DB
	// Pool is the same for PostgreSQL, nil for SQLite.
	Pool *pgxpool.Pool
}

// Jobs opens one. For SQLite it has one connection, so that the queue never waits for
// itself, and does not sync what it commits: jobs can be made again, and the next write of
// the store syncs them as well.
func (s *Store) Jobs() (*Jobs, error) {
	var j Jobs
	var err error
	if s.server != nil {
		j.DB, j.Pool, err = openServerJobs(s.server)
	} else {
		j.DB, err = openJobs(s.file)
	}
	if err != nil {
		return nil, fmt.Errorf("store: open the queue: %w", err)
	}
	return &j, nil
}

// Close closes the connections.
func (j *Jobs) Close() error {
	err := j.DB.Close()
	if j.Pool != nil {
		j.Pool.Close()
	}
	return err
}

// Ping reports whether the database can be read and locked for writing.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.writer.write(ctx, "ping", func(*tx) error { return nil }); err != nil {
		return err
	}
	var one int
	return s.get(ctx, "ping", "SELECT 1", nil, &one)
}

// Stats returns the counters.
func (s *Store) Stats() Stats {
	q := &s.writer.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	stats := q.stats
	stats.Queue = len(q.ops)
	return stats
}
