package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"suhbat/bot"
)

// How replicas of a server tell each other that they live. What a dead one leaves behind
// is free after lease at most and a beat. One that cannot prove for trust that it lives
// stops, before the others take over: the difference is what an answer that is on its
// way may take, and how badly clocks may run.
const (
	beat    = 2 * time.Second
	lease   = 10 * time.Second
	trust   = 7 * time.Second
	beating = 2 * time.Second // for a statement
	// lockEvery is how often a lock is asked for that another replica has.
	lockEvery = 500 * time.Millisecond
)

// replica is this process among those that share the database. Where it is alone, it is
// alive until it ends.
type replica struct {
	store *Store
	log   *slog.Logger
	db    *sql.DB // connections of its own, so that it never waits for other work; nil if it is alone

	locking sync.Mutex // while a lock is taken or given back: never one behind the other's back

	process string // the first part of its names

	mu    sync.Mutex
	name  string    // of its row
	until time.Time // that it lives is proved until then, by the program's clock
	locks map[*held]bool
	owed  map[string]bool // locks that could not be given back

	stop  context.CancelFunc
	ended chan struct{}
}

// held is a lock that this replica has.
type held struct {
	name   string
	cancel context.CancelCauseFunc
}

var _ bot.Locks = (*Store)(nil)

// serverNow is the time of the server in microseconds.
const serverNow = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint)"

const (
	joinSQL = "INSERT INTO replicas (id, since, expires) VALUES ($1, " + serverNow + ", " + serverNow + " + $2)"
	beatSQL = "UPDATE replicas SET expires = " + serverNow + " + $2, since = CASE WHEN expires < " + serverNow +
		" THEN " + serverNow + " ELSE since END WHERE id = $1"
	// Whoever has been there for less than a lease leaves the others alone: after the
	// server was gone, all of them have expired, and those that live come back first.
	buryExpiredSQL = "DELETE FROM replicas WHERE expires < " + serverNow + " AND EXISTS (SELECT 1 FROM replicas WHERE id = $1 AND since <= " + serverNow + " - $2)"
	lockSQL        = `INSERT INTO locks (name, replica) SELECT CAST($1 AS text), CAST($2 AS text) WHERE EXISTS (SELECT 1 FROM replicas WHERE id = $2)
		ON CONFLICT (name) DO UPDATE SET replica = excluded.replica WHERE locks.replica NOT IN (SELECT id FROM replicas)`
	unlockSQL = "DELETE FROM locks WHERE name = $1 AND replica = $2"
)

// join makes this process a replica.
func (s *Store) join(ctx context.Context, log *slog.Logger) error {
	r := &s.replica
	r.store, r.log, r.process, r.locks = s, log, rand.Text(), make(map[*held]bool)
	r.name, r.owed = r.process, make(map[string]bool)
	if s.server == nil { // whoever was there before has ended, or the file would be locked
		return s.writer.write(ctx, "note who has the database", func(t *tx) error {
			if _, err := t.exec("DELETE FROM replicas"); err != nil {
				return err
			}
			_, err := t.exec("INSERT INTO replicas (id, since, expires) VALUES (?1, ?2, ?2)", r.name, stamp(s.Now()))
			return err
		})
	}
	r.db = openReplica(s.server)
	if err := r.enter(ctx); err != nil {
		return fmt.Errorf("store: join the other replicas: %w", s.kind.explain(err))
	}
	ctx, r.stop = context.WithCancel(context.WithoutCancel(ctx))
	r.ended = make(chan struct{})
	go r.live(ctx)
	return nil
}

// leave takes this process out: what it had taken in and not finished is free for the
// others at once, as are its locks.
func (r *replica) leave() error {
	if r.db == nil {
		return nil
	}
	if r.stop != nil {
		r.stop()
		<-r.ended
	}
	ctx, cancel := context.WithTimeout(context.Background(), beating)
	defer cancel()
	r.lose()
	if _, err := r.db.ExecContext(ctx, "DELETE FROM replicas WHERE id = $1", r.name); err != nil {
		r.log.Warn("the other replicas will notice in a few seconds that this one has ended", slog.Any("error", r.store.kind.explain(err)))
	}
	return r.db.Close()
}

// enter writes the row of a replica under a new name: what the old one had was given to
// others.
func (r *replica) enter(ctx context.Context) error {
	begun, name := r.store.now(), r.process+"/"+rand.Text()
	if _, err := r.db.ExecContext(ctx, joinSQL, name, lease.Microseconds()); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.name, r.until = name, begun.Add(trust)
	return nil
}

// live shows that this replica lives, until ctx is done.
func (r *replica) live(ctx context.Context) {
	defer close(r.ended)
	doubt := time.AfterFunc(trust, r.doubt)
	defer doubt.Stop()
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		begun := r.store.now()
		err := r.beat(ctx)
		switch {
		case err == nil:
			doubt.Reset(max(0, trust-r.store.now().Sub(begun)))
		case ctx.Err() == nil:
			r.log.Warn("this replica could not show the others that it lives", slog.Any("error", r.store.kind.explain(err)))
		}
	}
}

// beat moves ahead when this replica expires, and buries those that have.
func (r *replica) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beating)
	defer cancel()
	begun, name := r.store.now(), r.id()
	result, err := r.db.ExecContext(ctx, beatSQL, name, lease.Microseconds())
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		r.lose()
		r.log.Warn("the other replicas took this one for dead; it begins anew")
		return errors.Join(err, r.enter(ctx))
	}
	r.mu.Lock()
	r.until = begun.Add(trust)
	r.mu.Unlock()
	r.locking.Lock()
	err = r.giveBack(ctx)
	r.locking.Unlock()
	if err != nil {
		return err
	}
	result, err = r.db.ExecContext(ctx, buryExpiredSQL, name, lease.Microseconds())
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err == nil && n > 0 {
		r.log.Warn("replicas have died; the others take over from them", slog.Int64("replicas", n))
	}
	return nil
}

// id is the name of this replica.
func (r *replica) id() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.name
}

// proved returns an error unless it is certain that the others take this replica for
// alive.
func (r *replica) proved() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil || r.store.now().Before(r.until) {
		return nil
	}
	return awayError{errors.New("store: the other replicas may take this one for dead")}
}

// doubt is called when it was not proved for long that this replica lives.
func (r *replica) doubt() {
	if r.proved() != nil {
		r.lose()
	}
}

// lose ends what is done under locks.
func (r *replica) lose() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for h := range r.locks {
		h.cancel(bot.ErrLost)
	}
	clear(r.locks)
}

// Lock implements [bot.Locks]. It is for databases that several processes share.
func (s *Store) Lock(ctx context.Context, name string) (context.Context, func(), error) {
	r := &s.replica
	for {
		ok, err := r.try(ctx, name)
		if ok {
			break
		}
		if err != nil && ctx.Err() == nil {
			r.log.Warn("a lock could not be asked for", slog.String("lock", name), slog.Any("error", s.kind.explain(err)))
		}
		if err := sleep(ctx, lockEvery); err != nil {
			return nil, nil, fmt.Errorf("store: lock %s: %w", name, err)
		}
	}
	within, cancel := context.WithCancelCause(ctx)
	h := &held{name, cancel}
	r.mu.Lock()
	r.locks[h] = true
	r.mu.Unlock()
	r.doubt() // it may have been lost meanwhile
	return within, sync.OnceFunc(func() { r.unlock(h) }), nil
}

func (r *replica) try(ctx context.Context, name string) (bool, error) {
	if err := r.proved(); err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(ctx, beating)
	defer cancel()
	r.locking.Lock()
	defer r.locking.Unlock()
	if err := r.giveBack(ctx); err != nil {
		return false, err
	}
	result, err := r.db.ExecContext(ctx, lockSQL, name, r.id())
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

func (r *replica) unlock(h *held) {
	h.cancel(nil)
	r.locking.Lock()
	defer r.locking.Unlock()
	r.mu.Lock()
	delete(r.locks, h)
	r.owed[h.name] = true
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), beating)
	defer cancel()
	if err := r.giveBack(ctx); err != nil {
		r.log.Warn("a lock could not be given back yet", slog.String("lock", h.name), slog.Any("error", r.store.kind.explain(err)))
	}
}

// giveBack gives back the locks that are owed, while r.locking is held: while the database is away they cannot be,
// and as long as this replica lives nobody else gets them.
func (r *replica) giveBack(ctx context.Context) error {
	r.mu.Lock()
	owed := slices.Collect(maps.Keys(r.owed))
	r.mu.Unlock()
	for _, name := range owed {
		if _, err := r.db.ExecContext(ctx, unlockSQL, name, r.id()); err != nil {
			return err
		}
		r.mu.Lock()
		delete(r.owed, name)
		r.mu.Unlock()
	}
	return nil
}

// sleep waits, or returns why ctx ended.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Process names this process among those that share the database, for as long as it runs.
func (s *Store) Process() string { return s.replica.process }

// Processes are the names of those processes that live, or may: a name that is missing
// was seen to end, or was not heard of for so long that others do its work.
func (s *Store) Processes(ctx context.Context) (all []string, err error) {
	err = s.rows(ctx, "read who is alive", "SELECT id FROM replicas", nil, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		process, _, _ := strings.Cut(id, "/")
		all = append(all, process)
		return err
	})
	return all, err
}

// Shared reports whether other processes may use the database at the same time.
func (s *Store) Shared() bool { return s.kind.shared() }

// Told notes that those who run the program are told something, and reports whether that
// is to be done: nobody has for so long.
func (s *Store) Told(ctx context.Context, what string, again time.Duration) (fresh bool, err error) {
	now := s.Now()
	err = s.writer.write(ctx, "note what was told", func(t *tx) error {
		changed, err := t.exec(`INSERT INTO told (what, until) VALUES (?1, ?2)
			ON CONFLICT (what) DO UPDATE SET until = excluded.until WHERE told.until <= ?3`, encode(what), stamp(now.Add(again)), stamp(now))
		fresh = changed > 0
		return err
	})
	return fresh, err
}

// awayError is an error of a database that may take the same a little later.
type awayError struct{ error }

// Is implements the interface that [errors.Is] looks for.
func (awayError) Is(target error) bool { return target == bot.ErrAway }

// Unwrap returns the cause.
func (e awayError) Unwrap() error { return e.error }
