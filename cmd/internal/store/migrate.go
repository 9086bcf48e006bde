package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// migrations holds the schema, in steps. A step that was released never changes.
//
//go:embed migrations
var migrations embed.FS

// sqliteID is the application_id of our files, set by the first migration.
const sqliteID = 0x53756862 // "Suhb"

// migrate brings a database to the newest schema.
func migrate(ctx context.Context, db *sql.DB) error {
	p, err := provider(db)
	if err != nil {
		return err
	}
	if err := ours(ctx, db); err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the database: %w", err)
	}
	if have > want {
		return fmt.Errorf("the database is of a newer version of suhbat: its schema is %d, expected %d at most", have, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the database to the schema of this version: %w", err)
	}
	return nil
}

// migrated fails unless a database has the newest schema.
func migrated(ctx context.Context, db *sql.DB) error {
	p, err := provider(db)
	if err != nil {
		return err
	}
	if err := ours(ctx, db); err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the database: %w", err)
	}
	if have != want {
		return fmt.Errorf("the database is of another version of suhbat: its schema is %d, expected %d: start serve of this version once", have, want)
	}
	return nil
}

func provider(db *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, dir,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
}

// ours fails for a database that some other program has made.
func ours(ctx context.Context, db *sql.DB) error {
	var id, tables int
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return err
	}
	if id != sqliteID && tables > 0 {
		return fmt.Errorf("the file is a database of another program: its application_id is %d, expected %d", id, sqliteID)
	}
	return nil
}
