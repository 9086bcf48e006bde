package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// postgresTables are those of a database that several processes share.
type postgresTables struct {
	pool *pgxpool.Pool
	log  *slog.Logger
}

func (t postgresTables) client(config *river.Config) (client, error) {
	return river.NewClient(riverpgxv5.New(t.pool), config)
}

// tablesLock is the number of the advisory lock that a process holds while it changes
// River's tables: "River" in ASCII.
const tablesLock = 0x5269766572

// alone does something while no other process does the like. The lock is given back with
// the transaction; what is done goes by other connections.
func (t postgresTables) alone(ctx context.Context, do func() error) error {
	return pgx.BeginFunc(ctx, t.pool, func(tx pgx.Tx) error {
		// The others wait for as long as making the tables takes, so the transaction that
		// holds the lock may be idle meanwhile.
		for _, set := range []string{"SET LOCAL idle_in_transaction_session_timeout = '1min'", "SET LOCAL lock_timeout = '1min'"} {
			if _, err := tx.Exec(ctx, set); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", tablesLock); err != nil {
			return fmt.Errorf("wait for another process that makes the tables of the queue: %w", err)
		}
		return do()
	})
}

// prepare makes the tables if they are missing, and brings them to the newest schema.
// River's own steps only add to them, so that processes with an older River go on
// (riverqueue.com/docs/migrations).
func (t postgresTables) prepare(ctx context.Context) error {
	return t.alone(ctx, func() error {
		err := migrate(ctx, riverpgxv5.New(t.pool), t.log)
		if broken(err) {
			return t.renew(ctx)
		}
		return err
	})
}

// mend makes the tables anew if they cannot be used. If another process was quicker, or
// it is the server that cannot be used, nothing happens to them.
func (t postgresTables) mend(ctx context.Context) error {
	return t.alone(ctx, func() error {
		_, err := t.pool.Exec(ctx, "SELECT 1 FROM river_job, river_queue, river_leader LIMIT 0")
		if err == nil || !broken(err) {
			return err
		}
		return t.renew(ctx)
	})
}

// broken reports whether an error says that tables or what belongs to them are missing, or
// are there already (postgresql.org/docs/current/errcodes-appendix.html, class 42).
func broken(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && strings.HasPrefix(e.Code, "42") && e.Code != "42501" // which is about rights
}

// renew drops whatever there is of River's and makes it.
func (t postgresTables) renew(ctx context.Context) error {
	rows, err := t.pool.Query(ctx, `SELECT format('DROP TABLE IF EXISTS %I CASCADE', tablename) FROM pg_tables
			WHERE schemaname = current_schema() AND tablename LIKE 'river\_%'
		UNION ALL SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
			WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'river\_%'
		UNION ALL SELECT format('DROP TYPE IF EXISTS %I CASCADE', typname) FROM pg_type
			WHERE typnamespace = current_schema()::regnamespace AND typtype = 'e' AND typname LIKE 'river\_%'`)
	if err != nil {
		return err
	}
	drops, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, drop := range drops {
		if _, err := t.pool.Exec(ctx, drop); err != nil {
			return fmt.Errorf("%s: %w", drop, err)
		}
	}
	return migrate(ctx, riverpgxv5.New(t.pool), t.log)
}
