package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgres is the dialect of PostgreSQL 14 or later.
type postgres struct {
	seen func(query string) // for tests: what is prepared
}

func (postgres) begin() string { return "BEGIN" }

// The name of a transaction is its number, and the server remembers what became of it
// for much longer than a lost connection takes to be made again
// (postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT). After a crash the
// server gives numbers once more that never got to its disk, and a standby that has taken
// over may have given the number to another one. So the name also says since when the
// server counts what it does, which it forgets in a crash and not when it is restarted
// (postgresql.org/docs/current/monitoring-stats.html), and which server it was, as far as
// servers say that to everybody.
func (postgres) name() string {
	return "SELECT concat_ws('/', pg_current_xact_id(), " + serverName + ")"
}

func (postgres) outcome() string {
	return `SELECT CASE WHEN CAST(?1 AS text) = concat_ws('/', split_part(?1, '/', 1), ` + serverName + `)
		THEN COALESCE(pg_xact_status(CAST(split_part(?1, '/', 1) AS xid8)), '') ELSE '' END`
}

const serverName = "EXTRACT(EPOCH FROM pg_stat_get_bgwriter_stat_reset_time()), inet_server_addr(), current_setting('cluster_name')"

// Every commit waits for the disk of the server: without that even a crash of the server
// alone would take back that an answer is on its way.
func (postgres) sync(bool) string { return "" }
func (postgres) tidy() string     { return "" } // autovacuum does
func (postgres) shared() bool     { return true }
func (postgres) clock() string {
	return "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint)"
}
func (postgres) limit() time.Duration { return statementTime + 2*time.Second }
func (postgres) migrations() migrations {
	return migrations{goose.DialectPostgres, "migrations/postgres"}
}

var placeholder = regexp.MustCompile(`\?(\d+)`)

func (p postgres) rebind(query string) string {
	if p.seen != nil {
		p.seen(query)
	}
	return placeholder.ReplaceAllString(query, `$$$1`)
}

// ours fails for a database that holds tables of some other program alone.
func (postgres) ours(ctx context.Context, db *sql.DB) error {
	var encoding string
	if err := db.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the encoding of the database is %s, expected UTF8", encoding)
	}
	var others, ours bool
	err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'goose_db_version'),
		COALESCE(obj_description(to_regclass('inbox')), '') LIKE 'Suhbat:%'`).Scan(&others, &ours)
	if err == nil && others && !ours {
		err = errors.New("the database holds tables of another program, and none of suhbat: expected one of its own")
	}
	return err
}

// plainErrors puts SQLSTATE codes, or classes of them, into words
// (postgresql.org/docs/current/errcodes-appendix.html).
var plainErrors = []struct{ code, plain string }{
	{"28", "the server refuses this user or password"},
	{"3D000", "there is no such database"},
	{"42501", "the user may not do this in the database"},
	{"53100", "the disk of the server is full"},
	{"53300", "the server has too many connections"},
	{"25006", "the database may only be read: is it a standby?"},
	{"57P", "the server is starting or stopping"},
	{"57014", "the server took too long"},
	{"55P03", "another transaction holds what is to be written"},
	{"40", "another transaction was in the way"},
}

// serverError is an error of the server in our words, on one line.
type serverError struct {
	text string
	err  error
}

func (e *serverError) Error() string { return e.text }
func (e *serverError) Unwrap() error { return e.err }

func (postgres) explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	text := strings.Join(strings.Fields(err.Error()), " ") // some span lines
	code := sqlState(err)
	for _, e := range plainErrors {
		if code != "" && strings.HasPrefix(code, e.code) {
			return &serverError{e.plain + ": " + text, err}
		}
	}
	if code == "" && disconnected(err) {
		text = "the server cannot be reached: " + text
	}
	return &serverError{text, err}
}

// sqlState is the SQLSTATE of an error, empty if the server has not sent it.
func sqlState(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// disconnected reports whether a connection could not be made or has ended.
func disconnected(err error) bool {
	var network net.Error
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	return connecting || errors.As(err, &network) || pgconn.Timeout(err) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF") || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, context.DeadlineExceeded)
}

// lost also counts a server that is ending or starting, and one that has become a standby.
func (postgres) lost(err error) bool {
	code := sqlState(err)
	return strings.HasPrefix(code, "57P") || strings.HasPrefix(code, "08") || code == "25006" || code == "53300" || code == "" && disconnected(err)
}

func (p postgres) again(err error) bool {
	code := sqlState(err)
	return strings.HasPrefix(code, "40") || code == "55P03" || p.lost(err)
}

func (p postgres) temporary(err error) bool {
	code := sqlState(err)
	return p.again(err) || strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57") || strings.HasPrefix(code, "58")
}

// The settings of a session (postgresql.org/docs/current/runtime-config-client.html and
// -connection.html). A URL may set others.
//
//   - application_name: who is who in pg_stat_activity;
//   - statement_timeout: the statements here take milliseconds; what takes longer hangs, and
//     whoever waits for it is better told;
//   - lock_timeout: another process that was cut off may hold a row until its own timeout;
//   - idle_in_transaction_session_timeout: the same for this one, should it be cut off;
//   - tcp_keepalives_*, tcp_user_timeout: so the server notices within half a minute that this
//     machine is gone, and gives back what it had locked.
var sessionSettings = map[string]string{
	"application_name":                    "suhbat",
	"client_encoding":                     "UTF8",
	"statement_timeout":                   millis(statementTime),
	"lock_timeout":                        millis(5 * time.Second),
	"idle_in_transaction_session_timeout": millis(10 * time.Second),
	"tcp_keepalives_idle":                 "10", // seconds
	"tcp_keepalives_interval":             "5",
	"tcp_keepalives_count":                "3",
	"tcp_user_timeout":                    millis(25 * time.Second),
}

const (
	statementTime = 10 * time.Second
	connectTime   = 5 * time.Second
)

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// How many connections each process keeps at most: for each lane one to write, a second
// one while that is lost, and some that read; and those of the job queue. Three processes so stay far below the hundred that a server
// allows by itself (max_connections).
const (
	serverReaders = 4
	jobConns      = 8
	connLasts     = time.Hour // so a server that was gone gets its share again
)

// session is a configuration with our settings and more, those of the URL first.
func session(server *pgx.ConnConfig, more map[string]string) *pgx.ConnConfig {
	config := server.Copy()
	settings := maps.Clone(sessionSettings)
	maps.Copy(settings, more)
	for name, value := range settings {
		if _, ok := config.RuntimeParams[name]; !ok {
			config.RuntimeParams[name] = value
		}
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTime
	}
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3}}
	config.DialFunc = dialer.DialContext
	return config
}

// openPostgres opens two pools of connections to a server, one to write and one that can
// only read.
func openPostgres(server *pgx.ConnConfig) (writes, reads *sql.DB) {
	writes = stdlib.OpenDB(*session(server, nil))
	writes.SetMaxOpenConns(2)
	writes.SetMaxIdleConns(1)
	reads = stdlib.OpenDB(*session(server, map[string]string{"default_transaction_read_only": "on"}))
	reads.SetMaxOpenConns(serverReaders)
	reads.SetMaxIdleConns(serverReaders)
	reads.SetConnMaxLifetime(connLasts)
	return writes, reads
}

// openReplica opens the connections by which a replica shows that it lives, and openSlots
// those by which slots are reserved: after a crash of the server a second of them may be
// missing, in which nobody can have sent anything.
func openReplica(server *pgx.ConnConfig) *sql.DB {
	db := stdlib.OpenDB(*session(server, map[string]string{"statement_timeout": millis(beating), "lock_timeout": millis(beating)}))
	db.SetMaxOpenConns(2)
	db.SetMaxIdleConns(2)
	return db
}

func openSlots(server *pgx.ConnConfig) *sql.DB {
	db := stdlib.OpenDB(*session(server, map[string]string{"synchronous_commit": "off"}))
	db.SetMaxOpenConns(slotConns)
	db.SetMaxIdleConns(slotConns)
	return db
}

// slotConns is how many slots may be asked for at once: one for each network, and one for
// those who missed theirs.
const slotConns = 3

// openServerJobs opens the pool of [Store.Jobs]. What a queue does to its own tables at
// night may take longer than the statements of the store.
func openServerJobs(server *pgx.ConnConfig) (*sql.DB, *pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig("")
	if err != nil {
		return nil, nil, err
	}
	config.ConnConfig = session(server, map[string]string{"statement_timeout": millis(time.Minute)})
	config.MaxConns, config.MaxConnLifetime = jobConns, connLasts
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, nil, err
	}
	return stdlib.OpenDBFromPool(pool), pool, nil
}

// schemaLock is the number of the advisory lock that a process holds while it changes the
// schema: "Suhb" in ASCII.
const schemaLock = 0x53756862

// migratePostgres migrates while no other process does. That may take as long as it
// takes; what is locked by others is not waited for, since all who come behind would
// wait as well.
func migratePostgres(ctx context.Context, server *pgx.ConnConfig, kind dialect) (err error) {
	db := stdlib.OpenDB(*session(server, map[string]string{"statement_timeout": "0"}))
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	const tries = 60 // each waits for lock_timeout
	for range tries {
		if _, err = conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", schemaLock); sqlState(err) != "55P03" {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("wait for another process that changes the schema: %w", err)
	}
	return migrate(ctx, db, kind)
}
