package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Copied is how many rows of a table were copied.
type Copied struct {
	Table string
	Rows  int64
}

// passing are tables about processes that run, or about the last seconds: there is nothing
// in them for others.
var passing = []string{"replicas", "locks", "slots"}

// Copy copies all that is kept from the file of one store to the server of another, each
// named by its URL. Neither may be in use, and the second has to be empty; it gets the
// schema of this version, and so does the first. It is one transaction of the server: either
// all is there, row by row counted, or nothing is. Each is called now and then with how many
// rows of how many are done; nil for nobody. The job queue's tables are left out: it makes
// its own.
func Copy(ctx context.Context, from, to string, o Options, each func(done, all int64)) ([]Copied, error) {
	file, _, err := parseURL(from)
	if err != nil || file == "" || file == ":memory:" {
		return nil, fmt.Errorf("%w; a copy comes from sqlite:FILE", ErrURL)
	}
	_, server, err := parseURL(to)
	if err != nil || server == nil {
		return nil, fmt.Errorf("%w; a copy goes to postgres://…", ErrURL)
	}
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("store: there is nothing to copy: %w", err)
	}
	s, err := Open(ctx, from, o)
	if err != nil {
		return nil, err
	}
	copied, err := s.copyTo(ctx, server, each)
	return copied, errors.Join(err, s.Close())
}

// copyTo copies all to a server.
func (s *Store) copyTo(ctx context.Context, server *pgx.ConnConfig, each func(done, all int64)) ([]Copied, error) {
	receiver := &Store{lane: lane{kind: postgres{}}, server: server}
	fail := func(err error) error {
		if stopped := ctx.Err(); stopped != nil { // whatever came of that
			err = stopped
		}
		return fmt.Errorf("store: copy to %s: nothing was copied: %w", receiver.name(), receiver.kind.explain(err))
	}
	if err := receiver.migrate(ctx, false); err != nil {
		return nil, fail(err)
	}
	conn, err := pgx.ConnectConfig(ctx, session(server, map[string]string{"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}))
	if err != nil {
		return nil, fail(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var copied []Copied
	if err := pgx.BeginFunc(ctx, conn, func(to pgx.Tx) (err error) {
		copied, err = s.copyIn(ctx, to, each)
		return err
	}); err != nil {
		return nil, fail(err)
	}
	return copied, nil
}

// copyIn copies all in one transaction of the server, and one of the file.
func (s *Store) copyIn(ctx context.Context, to pgx.Tx, each func(done, all int64)) ([]Copied, error) {
	from, err := s.reads.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.Rollback() }() // it has read only
	tables, err := tablesOf(ctx, from, to)
	if err != nil {
		return nil, err
	}
	if err := vacant(ctx, to, tables); err != nil {
		return nil, err
	}
	if each == nil {
		each = func(int64, int64) {}
	}
	var all, before int64
	for i := range tables {
		if err := from.QueryRowContext(ctx, "SELECT count(*) FROM "+tables[i].name).Scan(&tables[i].rows); err != nil {
			return nil, err
		}
		all += tables[i].rows
	}
	var copied []Copied
	for i := range tables {
		t := &tables[i]
		if err := t.copy(ctx, from, to, func(done int64) { each(before+done, all) }); err != nil {
			return nil, fmt.Errorf("the table %s: %w", t.name, err)
		}
		before += t.rows
		each(before, all)
		copied = append(copied, Copied{t.name, t.rows})
	}
	return copied, nil
}

// table is one to copy.
type table struct {
	name    string
	columns []string
	rows    int64
}

// tablesOf lists what there is to copy. A table or column that the server lacks would be
// lost, so that is an error.
func tablesOf(ctx context.Context, from *sql.Tx, to pgx.Tx) (tables []table, err error) {
	rows, err := from.QueryContext(ctx, `SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND t.name NOT LIKE 'river\_%' ESCAPE '\' AND t.name <> 'goose_db_version'
		ORDER BY t.name, c.cid`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name, column string
		if err := rows.Scan(&name, &column); err != nil {
			return nil, err
		}
		if slices.Contains(passing, name) {
			continue
		}
		if len(tables) == 0 || tables[len(tables)-1].name != name {
			tables = append(tables, table{name: name})
		}
		t := &tables[len(tables)-1]
		t.columns = append(t.columns, column)
		var known bool
		err := to.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 AND column_name = $2)`, name, column).Scan(&known)
		if err != nil {
			return nil, err
		}
		if !known {
			return nil, fmt.Errorf("the server has no column %s in a table %s", column, name)
		}
	}
	return tables, rows.Err()
}

// vacant keeps others from writing to the tables of the receiver, and fails if there is
// something in them or somebody uses them.
func vacant(ctx context.Context, to pgx.Tx, tables []table) error {
	names := make([]string, len(tables))
	for i := range tables {
		names[i] = tables[i].name
	}
	var others int
	if err := to.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
		AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()`).Scan(&others); err != nil {
		return err
	}
	if others > 0 {
		return fmt.Errorf("a suhbat uses the database already, by %d connections: expected to be alone with it", others)
	}
	if _, err := to.Exec(ctx, "LOCK TABLE "+strings.Join(names, ", ")+" IN ACCESS EXCLUSIVE MODE NOWAIT"); err != nil {
		return err
	}
	for _, name := range names {
		var filled bool
		if err := to.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+name+")").Scan(&filled); err != nil {
			return err
		}
		if filled {
			return fmt.Errorf("the table %s holds something already: expected an empty database", name)
		}
	}
	return nil
}

// copy copies a table and counts what has arrived.
func (t *table) copy(ctx context.Context, from *sql.Tx, to pgx.Tx, each func(done int64)) error {
	rows, err := from.QueryContext(ctx, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if _, err := to.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, &copying{rows: rows, columns: len(t.columns), each: each}); err != nil {
		return err
	}
	if err := rows.Err(); err != nil {
		return err
	}
	var arrived int64
	if err := to.QueryRow(ctx, "SELECT count(*) FROM "+t.name).Scan(&arrived); err != nil {
		return err
	}
	if arrived != t.rows {
		return fmt.Errorf("%d rows have arrived, expected %d", arrived, t.rows)
	}
	return t.goOn(ctx, to)
}

// goOn has numbers that the server gives go on behind those that were copied.
func (t *table) goOn(ctx context.Context, to pgx.Tx) error {
	for _, column := range t.columns {
		var sequence *string
		if err := to.QueryRow(ctx, "SELECT pg_get_serial_sequence($1, $2)", t.name, column).Scan(&sequence); err != nil {
			return err
		}
		if sequence == nil || t.rows == 0 {
			continue
		}
		if _, err := to.Exec(ctx, "SELECT setval($1, (SELECT max("+column+") FROM "+t.name+"))", *sequence); err != nil {
			return err
		}
	}
	return nil
}

// copying is a [pgx.CopyFromSource] of rows of the file.
type copying struct {
	rows    *sql.Rows
	columns int
	done    int64
	each    func(done int64)
}

// Next implements [pgx.CopyFromSource].
func (c *copying) Next() bool {
	const now = 500 // and then, rows
	if c.done++; c.done%now == 0 {
		c.each(c.done)
	}
	return c.rows.Next()
}

// Values implements [pgx.CopyFromSource].
func (c *copying) Values() ([]any, error) {
	values, into := make([]any, c.columns), make([]any, c.columns)
	for i := range values {
		into[i] = &values[i]
	}
	return values, c.rows.Scan(into...)
}

// Err implements [pgx.CopyFromSource].
func (c *copying) Err() error { return c.rows.Err() }
