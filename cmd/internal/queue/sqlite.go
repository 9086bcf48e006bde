package queue

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// sqliteTables are those of a process that has its database for itself.
type sqliteTables struct {
	db  *sql.DB
	log *slog.Logger
}

func (t sqliteTables) client(config *river.Config) (client, error) {
	return river.NewClient(riversqlite.New(t.db), config)
}

// prepare makes the tables anew.
func (t sqliteTables) prepare(ctx context.Context) error { return t.mend(ctx) }

// mend drops the tables and makes them.
func (t sqliteTables) mend(ctx context.Context) error {
	names, err := t.names(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := t.db.ExecContext(ctx, "DROP TABLE IF EXISTS "+name); err != nil {
			return fmt.Errorf("drop %s: %w", name, err)
		}
	}
	return migrate(ctx, riversqlite.New(t.db), t.log)
}

// names lists the tables.
func (t sqliteTables) names(ctx context.Context) (names []string, err error) {
	rows, err := t.db.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 6) = 'river_'")
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

// migrate brings River's tables to the newest schema.
func migrate[TTx any](ctx context.Context, driver riverdriver.Driver[TTx], log *slog.Logger) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("make the tables of the queue: %w", err)
	}
	return nil
}
