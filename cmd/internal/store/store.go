package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"suhbat/bot"
	"suhbat/scheduler"
)

// Store keeps everything in one database. Its methods may be called by many goroutines.
type Store struct {
	reads  *sql.DB
	writes *sql.DB
	writer *writer
	kind   dialect
	file   string
	lock   *flock.Flock // nil in memory
	now    func() time.Time

	talks   talks
	chosen  recent[bot.Preference]
	said    recent[[]byte]
	inboxes inboxes

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
	// Now is the clock, for the age of what is kept. It has to be given.
	Now func() time.Time
	// Log is where failures go that no caller learns of; nowhere if it is nil.
	Log *slog.Logger
	// Beside opens a file that is there already and may be in use: it takes no lock,
	// makes nothing, and leaves the schema and what is too old to the process that has
	// the lock. It is for deliveries, whose versions let several processes change them;
	// nothing else of the store may be written beside another process.
	Beside bool

	pragmas []string // further settings of connections that write, for tests
}

// Stats are counters since Open.
type Stats struct {
	Writes, Batches int64 // operations, and the transactions that they were committed in
	Queue           int   // operations that wait now
}

// Open opens the database at a URL, "sqlite:FILE" or, for tests, "sqlite::memory:", and
// brings its schema up to date. A file that is missing is made; its folder is not. A
// second process is refused as long as the first has the file open. Errors are for
// whoever runs the program: one line each.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	if o.Now == nil {
		return nil, errors.New("store: Options.Now is missing: expected a clock")
	}
	file, err := sqliteFile(url)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{kind: sqlite3{}, now: o.Now, stmts: make(map[string]statement), stopped: make(chan struct{})}
	if file == ":memory:" {
		file = memory + rand.Text()
	} else if err := s.claim(&file, o.Beside); err != nil {
		return nil, err
	}
	if err := s.open(ctx, file, &o); err != nil {
		return nil, errors.Join(err, s.shut())
	}
	return s, nil
}

// claim makes file absolute and takes its lock, or looks whether it is there.
func (s *Store) claim(file *string, beside bool) (err error) {
	if *file, err = filepath.Abs(*file); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if beside {
		if _, err := os.Stat(*file); err != nil {
			return fmt.Errorf("store: there is no database yet: %w", err)
		}
		return nil
	}
	s.lock, err = lock(*file)
	return err
}

// open opens the pools, migrates and starts the writer and the housekeeping.
func (s *Store) open(ctx context.Context, file string, o *Options) (err error) {
	if s.writes, s.reads, err = openSQLite(file, o.pragmas...); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	prepare := migrate
	if o.Beside {
		prepare = migrated
	}
	if err := prepare(ctx, s.writes); err != nil {
		return fmt.Errorf("store: open %s: %w", file, s.kind.explain(err))
	}
	s.file, s.writer = file, newWriter(s.writes, s.kind, o.Log)
	if o.Beside {
		return s.Ping(ctx)
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	go s.keepHouse(ctx, o.Log)
	if err := s.Ping(ctx); err != nil {
		return err
	}
	return s.inboxes.start(ctx, s)
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
	for _, db := range []*sql.DB{s.reads, s.writes} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Unlock())
	}
	return errors.Join(errs...)
}

// Jobs opens a further pool of connections to the database, for the tables of a job
// queue that looks after itself; the caller closes it, before the store. It has one
// connection, so that the queue never waits for itself, and does not sync what it
// commits: jobs can be made again, and the next write of the store syncs them as well.
func (s *Store) Jobs() (*sql.DB, error) {
	db, err := openJobs(s.file)
	if err != nil {
		return nil, fmt.Errorf("store: open the queue: %w", err)
	}
	return db, nil
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
