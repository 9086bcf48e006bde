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
	lane // for people
	// reminders is the lane of the scheduler. On a server it is another one, so that nobody
	// who asks waits behind a mailing.
	reminders *lane

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
	s := &Store{lane: lane{kind: sqlite3{}}, server: server, now: o.Now, stopped: make(chan struct{})}
	s.reminders = &s.lane
	switch {
	case server != nil:
		s.kind, s.chosen.off, s.said.off = postgres{o.prepared}, true, true
		s.reminders = &lane{kind: s.kind}
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
		s.reminders.writes, s.reminders.reads = openPostgres(s.server)
	} else if s.writes, s.reads, err = openSQLite(s.file, o.pragmas...); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := s.migrate(ctx, o.Beside); err != nil {
		return fmt.Errorf("store: open %s: %w", s.name(), s.kind.explain(err))
	}
	for _, l := range s.lanes() {
		l.start(o.Log)
	}
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

// lanes are all that there are.
func (s *Store) lanes() []*lane {
	if s.reminders == &s.lane {
		return []*lane{s.reminders}
	}
	return []*lane{&s.lane, s.reminders}
}

// shut closes as much as is open.
func (s *Store) shut() error {
	var errs []error
	if s.writer != nil {
		if s.stop != nil {
			s.stop()
			<-s.stopped
		}
		for _, l := range s.lanes() {
			errs = append(errs, l.end())
		}
	}
	errs = append(errs, s.replica.leave()) // now that all is written
	if s.slots != nil {
		errs = append(errs, s.slots.Close())
	}
	for _, l := range s.lanes() {
		errs = append(errs, l.shut())
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

// Ping reports whether the database can be read and locked for writing. On a server it is
// whether this replica could show lately that it lives, which is a write: to ask anew would
// wait behind all that is to be written, and a server that is merely slow would take every
// replica out of service at once.
func (s *Store) Ping(ctx context.Context) error {
	if s.Shared() {
		if s.writer.isClosed() {
			return ErrClosed
		}
		return s.replica.proved()
	}
	if err := s.writer.write(ctx, "ping", func(*tx) error { return nil }); err != nil {
		return err
	}
	var one int
	return s.get(ctx, "ping", "SELECT 1", nil, &one)
}

// Stats returns the counters.
func (s *Store) Stats() Stats {
	var all Stats
	for _, l := range s.lanes() {
		q := &l.writer.queue
		q.mu.Lock()
		all.Writes, all.Batches, all.Queue = all.Writes+q.stats.Writes, all.Batches+q.stats.Batches, all.Queue+len(q.ops)
		q.mu.Unlock()
	}
	return all
}
