package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// schema holds the steps of the schema, a folder for each kind of database. A step that
// was released never changes.
//
// Those of a database that several processes share only add: a table, an index, a column
// with a default. While a new version is brought out, older processes go on, and may
// even start again, on the newest schema; so a step takes nothing away that the version
// before it uses, gives nothing another type or name and makes no column obligatory. What
// nothing has used since the last version may go in the next one; so may an index, which is
// speed and nothing else. Tests run the statements of every older version on the newest
// schema.
//
//go:embed migrations
var schema embed.FS

// migrations are the steps for one kind of database.
type migrations struct {
	dialect goose.Dialect
	folder  string
}

// migrate brings a database to the newest schema.
func migrate(ctx context.Context, db *sql.DB, kind dialect) error {
	p, have, want, err := versions(ctx, db, kind)
	if err != nil {
		return err
	}
	if have >= want {
		return tooNew(have, want, kind)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the database to the schema of this version: %w", err)
	}
	return nil
}

// migrated fails unless a database has the newest schema, or a newer one of those that
// only add to it.
func migrated(ctx context.Context, db *sql.DB, kind dialect) error {
	_, have, want, err := versions(ctx, db, kind)
	if err != nil {
		return err
	}
	if have < want {
		return fmt.Errorf("the database is of an older version of suhbat: its schema is %d, expected %d: start serve of this version once", have, want)
	}
	return tooNew(have, want, kind)
}

// tooNew fails if a database has a newer schema than this program knows.
func tooNew(have, want int64, kind dialect) error {
	if have <= want || kind.shared() {
		return nil
	}
	return fmt.Errorf("the database is of a newer version of suhbat: its schema is %d, expected %d at most", have, want)
}

// versions returns the version of a database that is ours and that of this program.
func versions(ctx context.Context, db *sql.DB, kind dialect) (p *goose.Provider, have, want int64, err error) {
	if err := kind.ours(ctx, db); err != nil {
		return nil, 0, 0, err
	}
	m := kind.migrations()
	dir, err := fs.Sub(schema, m.folder)
	if err != nil {
		return nil, 0, 0, err
	}
	p, err = goose.NewProvider(m.dialect, db, dir, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, 0, 0, err
	}
	have, want, err = p.GetVersions(ctx)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("read the version of the database: %w", err)
	}
	return p, have, want, nil
}
