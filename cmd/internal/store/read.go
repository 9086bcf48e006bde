package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// lane is a way to the database: connections that read, and one that writes.
type lane struct {
	kind   dialect
	reads  *sql.DB
	writes *sql.DB
	writer *writer

	preparing sync.Mutex
	stmts     map[string]statement // of reads, by query
}

// start makes the writer.
func (l *lane) start(log *slog.Logger) {
	l.writer, l.stmts = newWriter(l.writes, l.kind, log), make(map[string]statement)
}

// end commits what waits.
func (l *lane) end() error {
	if l.writer == nil {
		return nil
	}
	l.writer.queue.close()
	<-l.writer.ended
	return l.writer.lost
}

// shut closes the connections.
func (l *lane) shut() (err error) {
	for _, db := range []*sql.DB{l.reads, l.writes} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	return err
}

// rows runs a query on a connection that reads and hands each row to scan. what is for
// an error: what could not be done.
func (l *lane) rows(ctx context.Context, what, query string, args []any, scan func(*sql.Rows) error) error {
	begun := false // when a row was handed over already, nothing is read once more
	err := l.insist(ctx, func(ctx context.Context) (again bool, err error) {
		err = l.query(ctx, query, args, func(rows *sql.Rows) error {
			begun = true
			return scan(rows)
		})
		return !begun, err
	})
	if err != nil {
		return l.failed(what, err)
	}
	return nil
}

// query is rows, once.
func (l *lane) query(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	stmt, err := l.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// get scans the one row of a query into dest, which stays as it is if there is none.
func (l *lane) get(ctx context.Context, what, query string, args []any, dest ...any) error {
	err := l.insist(ctx, func(ctx context.Context) (bool, error) {
		stmt, err := l.prepare(ctx, query)
		if err != nil {
			return true, err
		}
		return true, stmt.QueryRowContext(ctx, args...).Scan(dest...)
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return l.failed(what, err)
	}
	return nil
}

// insist reads, and tries again for a while if the server cannot be reached: it may
// restart.
func (l *lane) insist(ctx context.Context, read func(context.Context) (again bool, err error)) error {
	ctx, cancel := within(ctx, l.kind.limit())
	defer cancel()
	pause := firstPause
	for waited := time.Duration(0); ; waited += pause {
		again, err := read(ctx)
		if err == nil || !again || !l.kind.lost(err) || waited > patience {
			return err
		}
		pause = min(2*pause, maxPause)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}

// within is ctx with a limit, if there is one.
func within(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}

// statement is a prepared statement. It is closed with its connections.
type statement interface {
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, args ...any) *sql.Row
}

// prepare returns the statement of a query, which is prepared once, or a few times at
// first: nobody waits for a server that takes its time over the statement of somebody else.
func (l *lane) prepare(ctx context.Context, query string) (statement, error) {
	if stmt := l.prepared(query, nil); stmt != nil {
		return stmt, nil
	}
	stmt, err := l.reads.PrepareContext(ctx, l.kind.rebind(query))
	if err != nil {
		return nil, err
	}
	return l.prepared(query, stmt), nil
}

// prepared returns the statement of a query, fresh if there is none yet.
func (l *lane) prepared(query string, fresh *sql.Stmt) statement {
	l.preparing.Lock()
	defer l.preparing.Unlock()
	if stmt := l.stmts[query]; stmt != nil {
		return stmt
	}
	if fresh == nil {
		return nil
	}
	l.stmts[query] = fresh
	return fresh
}

// failed says what could not be done, and why.
func (l *lane) failed(what string, err error) error {
	if l.writer.isClosed() {
		return ErrClosed
	}
	return fmt.Errorf("store: %s: %w", what, explain(l.kind, err))
}
