package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// memory begins the name of a database in memory; readers is how many connections read.
// sqliteID is the application_id of our files, set by the first migration.
const (
	memory   = "/memory-"
	readers  = 4
	sqliteID = 0x53756862 // "Suhb"
)

// sqlite3 is the dialect of SQLite.
type sqlite3 struct{}

func (sqlite3) begin() string { return "BEGIN IMMEDIATE" }
func (sqlite3) sync(on bool) string {
	if on {
		return "PRAGMA synchronous = FULL"
	}
	return "PRAGMA synchronous = NORMAL"
}

func (sqlite3) name() string               { return "" }
func (sqlite3) outcome() string            { return "" }
func (sqlite3) rebind(query string) string { return query }
func (sqlite3) again(error) bool           { return false } // the driver has waited
func (sqlite3) lost(error) bool            { return false }
func (sqlite3) limit() time.Duration       { return 0 }
func (sqlite3) shared() bool               { return false }
func (sqlite3) clock() string              { return "" }

func (sqlite3) migrations() migrations { return migrations{goose.DialectSQLite3, "migrations/sqlite"} }

// ours fails for a file that some other program has made.
func (sqlite3) ours(ctx context.Context, db *sql.DB) error {
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

// tidy copies the write-ahead log into the file and empties it: what was deleted does
// not stay there.
func (sqlite3) tidy() string { return "PRAGMA wal_checkpoint(TRUNCATE)" }

// sqliteErrors puts SQLite's result codes (sqlite.org/rescode.html) into words.
var sqliteErrors = map[int]string{
	codes.SQLITE_FULL:     "the disk is full",
	codes.SQLITE_READONLY: "the database may only be read",
	codes.SQLITE_CORRUPT:  "the database is damaged: restore a backup",
	codes.SQLITE_NOTADB:   "the file is no SQLite database",
	codes.SQLITE_CANTOPEN: "the database file cannot be opened",
	codes.SQLITE_IOERR:    "the disk does not read or write",
	codes.SQLITE_BUSY:     "another program holds the database",
	codes.SQLITE_LOCKED:   "another program holds the database",
	codes.SQLITE_NOMEM:    "there is not enough memory",
}

func (sqlite3) explain(err error) error {
	if plain, ok := sqliteErrors[sqliteCode(err)]; ok {
		return fmt.Errorf("%s: %w", plain, err)
	}
	return err
}

func (sqlite3) temporary(err error) bool {
	switch sqliteCode(err) {
	case codes.SQLITE_FULL, codes.SQLITE_READONLY, codes.SQLITE_CANTOPEN, codes.SQLITE_IOERR,
		codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_NOMEM:
		return true
	default:
		return false
	}
}

// sqliteCode is the primary result code of an error, 0 if SQLite has no part in it.
func sqliteCode(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff
}

// The settings of a connection (sqlite.org/pragma.html):
//
//   - busy_timeout: whatever else uses the file, a backup or a queue, is waited for;
//   - journal_mode WAL: readers and the writer do not wait for each other;
//   - synchronous FULL: a commit is on the disk when it returns, and survives a power
//     cut. NORMAL, for what is brief, survives a kill -9 alone: a power cut may take back
//     that an answer was sent, which then is sent again, or the last turn of a
//     conversation, but never a question that a network was told is safe;
//   - secure_delete: what is deleted is overwritten.
var pragmas = []string{
	"busy_timeout(10000)",
	"journal_mode(WAL)",
	"synchronous(FULL)",
	"foreign_keys(ON)",
	"secure_delete(ON)",
	"journal_size_limit(16777216)",
}

// openSQLite opens two pools of connections to a file, one to write and one that can
// only read, with more settings for the first.
func openSQLite(file string, more ...string) (writes, reads *sql.DB, err error) {
	// As SQLite does where it is part of a Linux distribution: half the time, the same
	// safety. Other systems have nothing of the kind, and say so.
	_, _ = sqlite.Fdatasync(true)
	if writes, err = sql.Open("sqlite", sqliteDSN(file, slices.Concat(pragmas, more))); err != nil {
		return nil, nil, err
	}
	if reads, err = sql.Open("sqlite", sqliteDSN(file, []string{"busy_timeout(10000)", "query_only(ON)"})); err != nil {
		return nil, nil, errors.Join(err, writes.Close())
	}
	reads.SetMaxOpenConns(readers)
	reads.SetMaxIdleConns(readers)
	return writes, reads, nil
}

// openJobs opens the pool of [Store.Jobs].
func openJobs(file string) (*sql.DB, error) {
	dsn := sqliteDSN(file, []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(ON)", "secure_delete(ON)"})
	db, err := sql.Open("sqlite", dsn+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// sqliteDSN names a file to the driver, with settings for each connection.
func sqliteDSN(file string, settings []string) string {
	q := url.Values{"_pragma": settings, "_error_rc": {"1"}, "_dqs": {"0"}}
	if strings.HasPrefix(file, memory) {
		q.Set("vfs", "memdb")
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: q.Encode()}).String()
}
