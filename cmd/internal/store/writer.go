package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"slices"
)

// ErrClosed is what every method returns after [Store.Close].
var ErrClosed = errors.New("store: the database is closed")

// writer is the one goroutine that writes. While it commits one batch the next one
// gathers in its queue, so that all who wait share the price of a commit.
type writer struct {
	queue
	db    *sql.DB
	kind  dialect
	log   *slog.Logger
	tx    *tx           // the connection; nil if there is none
	ended chan struct{} // closed when the goroutine has ended
	// trouble is why something has to be tried again, lost why it was given up when
	// the queue closed; lost may be read after ended.
	trouble, lost error
}

func newWriter(db *sql.DB, kind dialect, log *slog.Logger) *writer {
	w := &writer{db: db, kind: kind, log: log, ended: make(chan struct{})}
	w.wake = make(chan struct{}, 1)
	go w.run()
	return w
}

// write queues an operation and waits until it is committed.
func (w *writer) write(ctx context.Context, what string, do func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store: %s: %w", what, err)
	}
	o := &op{what: what, do: do, done: make(chan error, 1)}
	if !w.push(o) {
		return ErrClosed
	}
	return o.wait(ctx)
}

// brief is write for what a power cut may take back, though no crash of the program
// does: that an answer is about to be sent. It then is sent again, and not lost.
func (w *writer) brief(ctx context.Context, what string, do func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store: %s: %w", what, err)
	}
	o := &op{what: what, do: do, done: make(chan error, 1), brief: true}
	if !w.push(o) {
		return ErrClosed
	}
	return o.wait(ctx)
}

// soon queues an operation and returns, even if ctx is done already: what it is to
// note has happened. A power cut may take it back. It waits only if too many wait before it.
func (w *writer) soon(ctx context.Context, what string, do func(*tx) error, then func()) error {
	o := &op{what: what, do: do, then: then, brief: true}
	if !w.push(o) {
		return ErrClosed
	}
	if o.done == nil {
		return nil
	}
	return o.wait(ctx)
}

// settle waits until all is committed that soon has queued before.
func (w *writer) settle(ctx context.Context) error {
	if !w.unsafe() {
		return nil
	}
	return w.write(ctx, "wait for earlier writes", func(*tx) error { return nil })
}

// run writes until the queue is closed and empty.
func (w *writer) run() {
	defer close(w.ended)
	for batch := w.next(); len(batch) > 0; batch = w.next() {
		var left []*op
		if err := w.transact(batch...); err != nil {
			left = w.alone(batch)
		} else {
			for _, o := range batch {
				w.answer(o, nil)
			}
		}
		if n := w.end(batch, left); n > 0 {
			w.lost = fmt.Errorf("store: close: %d writes were lost: %w", n, w.trouble)
		}
	}
	w.release()
}

// alone writes each operation of a failed batch in a transaction of its own, so that
// one fails for itself alone. It returns those that nobody waits for and that may
// succeed at another time; after the first of them, all: their order matters.
func (w *writer) alone(batch []*op) (left []*op) {
	for _, o := range batch {
		silent := o.done == nil
		if silent && len(left) > 0 {
			left = append(left, o)
			continue
		}
		err := w.transact(o)
		if err != nil && silent && w.kind.temporary(err) {
			w.trouble = w.kind.explain(err)
			w.log.Warn("nothing can be written; it will be tried again", slog.Any("error", w.trouble))
			left = append(left, o)
			continue
		}
		w.answer(o, err)
	}
	return left
}

// answer tells whoever waits for an operation what became of it.
func (w *writer) answer(o *op, err error) {
	if err != nil {
		err = fmt.Errorf("store: %s: %w", o.what, w.kind.explain(err))
	}
	switch {
	case o.done != nil:
		o.done <- err
	case err != nil:
		w.log.Error("a write was given up", slog.Any("error", err))
	}
	if o.then != nil {
		o.then()
	}
}

// transact does operations in one transaction: all or none.
func (w *writer) transact(ops ...*op) (err error) {
	if err := w.connect(); err != nil {
		return err
	}
	if err := w.begin(ops); err != nil {
		w.release()
		return err
	}
	for _, o := range ops {
		if err := o.do(w.tx); err != nil {
			w.rollback()
			return err
		}
	}
	if _, err := w.tx.exec("COMMIT"); err != nil {
		w.rollback()
		return err
	}
	return nil
}

// begin begins a transaction that is on the disk when it is committed, unless all of
// it is brief.
func (w *writer) begin(ops []*op) error {
	synced := slices.ContainsFunc(ops, func(o *op) bool { return !o.brief })
	if synced != w.tx.synced {
		if _, err := w.tx.exec(w.kind.sync(synced)); err != nil {
			return err
		}
		w.tx.synced = synced
	}
	_, err := w.tx.exec(w.kind.begin())
	return err
}

// connect makes sure that there is a connection.
func (w *writer) connect() error {
	if w.tx != nil {
		return nil
	}
	ctx := context.Background()
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return err
	}
	w.tx = &tx{ctx: ctx, conn: conn, kind: w.kind, synced: true, stmts: make(map[string]*sql.Stmt)}
	return nil
}

// rollback ends a transaction that failed. A connection that does not take it, or whose
// transaction the database has ended by itself, is given up for a new one.
func (w *writer) rollback() {
	if _, err := w.tx.exec("ROLLBACK"); err != nil {
		w.release()
	}
}

// release closes the connection for good.
func (w *writer) release() {
	if w.tx == nil {
		return
	}
	for _, stmt := range w.tx.stmts {
		_ = stmt.Close()
	}
	_ = w.tx.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = w.tx.conn.Close()
	w.tx = nil
}

// tx is the connection that writes, inside a transaction.
type tx struct {
	ctx  context.Context
	conn *sql.Conn
	kind dialect
	// synced is true while commits wait for the disk, as they do at first.
	synced bool
	stmts  map[string]*sql.Stmt // prepared once for each connection
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	stmt, err := t.prepare(query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// row runs a statement that returns one row and scans it; it reports whether there was
// one.
func (t *tx) row(query string, args []any, dest ...any) (bool, error) {
	stmt, err := t.prepare(query)
	if err != nil {
		return false, err
	}
	err = stmt.QueryRowContext(t.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// all runs statements that take the same arguments.
func (t *tx) all(queries []string, args ...any) error {
	for _, query := range queries {
		if _, err := t.exec(query, args...); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) prepare(query string) (statement, error) {
	if stmt := t.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := t.conn.PrepareContext(t.ctx, t.kind.rebind(query))
	if err != nil {
		return nil, err
	}
	t.stmts[query] = stmt
	return stmt, nil
}
