package store

import (
	"context"
	"database/sql"
	"time"
)

// dialect is what databases differ in. The statements of the ports are the same for all,
// but for the names of their places.
type dialect interface {
	// begin is how a transaction begins that will write.
	begin() string
	// name is a query for a name of the transaction that has begun, and outcome one for
	// what became of the one with the name ?1: "committed", "aborted" or "in progress".
	// Both are empty where a commit whose answer was lost cannot be.
	name() string
	outcome() string
	// sync is a statement after which commits wait for the disk, or do not; empty if
	// they always do.
	sync(on bool) string
	// rebind writes the places of a statement, ?1, ?2 and so on, as the database wants.
	rebind(query string) string
	// explain says in plain words, on one line, what an error of the database means.
	explain(err error) error
	// temporary reports whether the same may succeed at another time.
	temporary(err error) bool
	// again reports whether the same is to be tried again at once, since others were in
	// the way, or the connection to the database broke.
	again(err error) bool
	// lost reports whether err says that nothing can be heard of the database.
	lost(err error) bool
	// limit is how long to wait for a statement; 0 for as long as it takes.
	limit() time.Duration
	// tidy is a statement to run now and then; empty for none.
	tidy() string
	// shared reports whether other processes write to the database as well.
	shared() bool
	// clock is a query for the time of the database, in microseconds since 1970; empty if
	// that is the clock of the program.
	clock() string

	// migrations names the folder of the schema's steps.
	migrations() migrations
	// ours fails for a database that some other program has made.
	ours(ctx context.Context, db *sql.DB) error
}
