package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
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
	away          bool // the database was gone for longer than patience
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
	o := &op{ctx: ctx, what: what, do: do, done: make(chan error, 1)}
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
	o := &op{ctx: ctx, what: what, do: do, done: make(chan error, 1), brief: true}
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

// settle waits until all is committed that soon has queued before, so that it can be
// read. It does not wait for the disk: whoever is answered meanwhile would be noted down
// later by as much, and answered again if the program was killed then.
func (w *writer) settle(ctx context.Context) error {
	if !w.unsafe() {
		return nil
	}
	return w.brief(ctx, "wait for earlier writes", func(*tx) error { return nil })
}

// run writes until the queue is closed and empty.
func (w *writer) run() {
	defer close(w.ended)
	for batch := w.next(); len(batch) > 0; batch = w.next() {
		var left []*op
		err := w.transact(batch...)
		switch {
		case err == nil:
			for _, o := range batch {
				w.answer(o, nil)
			}
		case errors.Is(err, errUnknown): // to do it once more might do it twice
			left = w.settled(batch, func(*op) error { return err })
		default:
			left = w.alone(batch)
		}
		if n := w.end(batch, left); n > 0 {
			w.lost = fmt.Errorf("store: close: %d writes were lost: %w", n, w.trouble)
		}
	}
	w.release()
}

// alone writes each operation of a failed batch in a transaction of its own, so that
// one fails for itself alone. When nothing is heard of the database, the first finds that
// out for all.
func (w *writer) alone(batch []*op) (left []*op) {
	var down error
	return w.settled(batch, func(o *op) error {
		if down != nil {
			return down
		}
		err := w.insist(o)
		if err != nil && w.kind.lost(err) {
			down = err
		}
		return err
	})
}

// settled does operations one after the other and tells what became of them. It returns
// those that nobody waits for and that may succeed at another time; after the first of
// them, all: their order matters.
func (w *writer) settled(batch []*op, do func(*op) error) (left []*op) {
	for _, o := range batch {
		silent := o.done == nil
		if silent && len(left) > 0 {
			left = append(left, o)
			continue
		}
		err := do(o)
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

// How long an operation is tried that others are in the way of, or that finds the
// database gone: a server that restarts takes a second or two. Once it was gone for that
// long, it is asked only once each time, until it is back.
const (
	firstPause = 10 * time.Millisecond
	maxPause   = 320 * time.Millisecond
	patience   = 3 * time.Second
)

// insist does an operation, and tries again for a while where that is of use.
func (w *writer) insist(o *op) error {
	err := w.transact(o)
	pause := firstPause
	for waited := time.Duration(0); err != nil && w.kind.again(err) && !errors.Is(err, errUnknown); waited += pause {
		if w.away || waited > patience || o.left() {
			w.away = w.kind.lost(err)
			return err
		}
		pause = min(2*pause, maxPause)
		time.Sleep(pause)
		err = w.transact(o)
	}
	w.away = w.away && err != nil
	return err
}

// answer tells whoever waits for an operation what became of it.
func (w *writer) answer(o *op, err error) {
	err = cmp.Or(err, o.gone)
	if err != nil {
		err = fmt.Errorf("store: %s: %w", o.what, explain(w.kind, err))
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

// explain puts an error into plain words, and says whether the same may succeed later.
func explain(kind dialect, err error) error {
	if kind.temporary(err) {
		return awayError{kind.explain(err)}
	}
	return kind.explain(err)
}

// transact does operations in one transaction: all or none.
func (w *writer) transact(ops ...*op) (err error) {
	if err := w.connect(); err != nil {
		return err
	}
	name, err := w.begin(ops)
	if err != nil {
		w.release()
		return err
	}
	for _, o := range ops {
		if o.left() {
			continue
		}
		if err := o.do(w.tx); err != nil {
			w.rollback(err)
			return err
		}
	}
	if _, err := w.tx.exec("COMMIT"); err != nil {
		w.rollback(err)
		return w.outcome(name, err)
	}
	return nil
}

// begin begins a transaction that is on the disk when it is committed, unless all of
// it is brief. It returns its name, if it has one.
func (w *writer) begin(ops []*op) (name string, err error) {
	synced := slices.ContainsFunc(ops, func(o *op) bool { return !o.brief })
	if synced != w.tx.synced {
		if sync := w.kind.sync(synced); sync != "" {
			if _, err := w.tx.exec(sync); err != nil {
				return "", err
			}
		}
		w.tx.synced = synced
	}
	if _, err := w.tx.exec(w.kind.begin()); err != nil || w.kind.name() == "" {
		return "", err
	}
	_, err = w.tx.row(w.kind.name(), nil, &name)
	return name, err
}

// errUnknown says that a connection was lost just when a transaction was committed, and
// that nobody can say whether it was.
var errUnknown = errors.New("it may have been written")

// outcome finds out what became of a transaction whose commit has failed: nil if it was
// committed after all.
func (w *writer) outcome(name string, err error) error {
	if name == "" || !w.kind.lost(err) {
		return err
	}
	for waited := time.Duration(0); waited <= patience; waited += maxPause {
		var became string
		if w.connect() == nil {
			if _, err := w.tx.row(w.kind.outcome(), []any{name}, &became); err != nil {
				w.release()
			}
		}
		switch became {
		case "committed":
			return nil
		case "aborted":
			return err
		}
		time.Sleep(maxPause) // it is not there, or not done with it yet
	}
	return fmt.Errorf("%w: %w", errUnknown, err)
}

// connect makes sure that there is a connection.
func (w *writer) connect() error {
	if w.tx != nil {
		return nil
	}
	ctx := context.Background()
	connecting, cancel := within(ctx, w.kind.limit())
	defer cancel()
	conn, err := w.db.Conn(connecting)
	if err != nil {
		return err
	}
	w.tx = &tx{ctx: ctx, conn: conn, kind: w.kind, synced: true, stmts: make(map[string]*sql.Stmt)}
	return nil
}

// rollback ends a transaction that failed. A connection that does not take it, or whose
// transaction the database has ended by itself, is given up for a new one.
func (w *writer) rollback(cause error) {
	if _, err := w.tx.exec("ROLLBACK"); err != nil || w.kind.lost(cause) {
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
	ctx, cancel := within(t.ctx, t.kind.limit())
	defer cancel()
	result, err := stmt.ExecContext(ctx, args...)
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
	ctx, cancel := within(t.ctx, t.kind.limit())
	defer cancel()
	err = stmt.QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// rows runs a statement and hands each row that it returns to scan.
func (t *tx) rows(query string, args []any, scan func(*sql.Rows) error) error {
	stmt, err := t.prepare(query)
	if err != nil {
		return err
	}
	ctx, cancel := within(t.ctx, t.kind.limit())
	defer cancel()
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
	ctx, cancel := within(t.ctx, t.kind.limit())
	defer cancel()
	stmt, err := t.conn.PrepareContext(ctx, t.kind.rebind(query))
	if err != nil {
		return nil, err
	}
	t.stmts[query] = stmt
	return stmt, nil
}
