package store_test

import (
	"context"
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/store/storetest"
	"suhbat/scheduler"
	"suhbat/scheduler/schedulertest"
)

// server opens a connection to a database, beside the store.
func server(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn := must1(pgx.Connect(t.Context(), url))
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Now: time.Now})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestReplicas: three processes that start at once on an empty database share it: what
// one writes the others know at once, with nothing remembered that is not true any more.
func TestReplicas(t *testing.T) {
	url := storetest.Database(t)
	stores := make([]*store.Store, 3)
	var wg sync.WaitGroup
	for i := range stores {
		wg.Go(func() {
			var err error
			stores[i], err = store.Open(t.Context(), url, store.Options{Now: time.Now})
			try(t, err)
		})
	}
	wg.Wait()
	for _, s := range stores {
		defer s.Close()
	}
	ctx, at := t.Context(), chat(1)
	for n, s := range stores {
		lang := strconv.Itoa(n)
		must(t, s.SetPreference(ctx, at, bot.Preference{Lang: lang}))
		must(t, s.KeepTalk(ctx, at, []byte(lang), time.Now())) // what is old is deleted at the start
		must(t, s.Note(ctx, bot.Note{}))                       // committed after the talk
		for _, other := range stores {
			equal(t, "chosen", must1(other.Preference(ctx, at)).Lang, lang)
			equal(t, "said", string(must1(other.Talk(ctx, at))), lang)
		}
	}
	must(t, stores[0].Forget(ctx, at))
	equal(t, "forgotten", must1(stores[2].Talk(ctx, at)), nil)
}

// TestServerErrors reads what an operator reads when a server is not as it should be.
func TestServerErrors(t *testing.T) {
	url := storetest.Database(t)
	admin := server(t, url)
	foreign, older, latin := storetest.Database(t), storetest.Database(t), "latin"+strconv.FormatInt(time.Now().UnixNano(), 36)
	_, err := server(t, foreign).Exec(t.Context(), "CREATE TABLE t (a int)")
	must(t, err)
	for _, statement := range []string{
		"CREATE DATABASE " + latin + " ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'",
		"CREATE ROLE nobody_" + latin + " LOGIN PASSWORD 'secret'",
	} {
		_, err := admin.Exec(t.Context(), statement)
		must(t, err)
	}
	t.Cleanup(func() {
		_, _ = admin.Exec(context.WithoutCancel(t.Context()), "DROP DATABASE "+latin+" WITH (FORCE)")
		_, _ = admin.Exec(context.WithoutCancel(t.Context()), "DROP ROLE nobody_"+latin)
	})
	config := must1(pgx.ParseConfig(url))
	as := func(user, database string) string {
		return "postgres://" + user + "@" + config.Host + ":" + strconv.Itoa(int(config.Port)) + "/" + database + "?sslmode=disable"
	}
	tests := map[string]struct{ url, want string }{
		"no such database": {as(config.User+":secret", "missing"), "there is no such database: "},
		"no such user":     {as("missing:secret", config.Database), "the server refuses this user or password: "},
		"no right":         {as("nobody_"+latin+":secret", config.Database), "the user may not do this in the database: "},
		"another's":        {foreign, "the database holds tables of another program, and none of suhbat: expected one of its own"},
		"another encoding": {as(config.User+":secret", latin), "the encoding of the database is LATIN1, expected UTF8"},
		"nothing in it":    {older, "its schema is 0, expected " + strconv.Itoa(schemaVersion) + ": start serve of this version once"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), tt.url, store.Options{Now: clock, Beside: name == "nothing in it"})
			if err == nil {
				t.Fatalf("opened, expected an error: %v", s.Close())
			}
			got := err.Error()
			if !strings.HasPrefix(got, "store: open the database ") || !strings.Contains(got, tt.want) || strings.Contains(got, "secret") || strings.Contains(got, "\n") {
				t.Errorf("got %q, expected one line with %q", got, tt.want)
			}
		})
	}
	open(t, older) // that somebody looked in has not spoiled it
}

// TestServerBeside: an operator decides about a post while the service runs on a server.
func TestServerBeside(t *testing.T) {
	url := storetest.Database(t)
	service := opened(t, url, clock)
	put(t, service, "x", "a")
	beside, err := store.Open(t.Context(), url, store.Options{Now: clock, Beside: true})
	must(t, err)
	rows := must1(beside.Select(t.Context(), scheduler.Query{Channel: "x"}))
	rows[0].State = scheduler.Skipped
	equal(t, "decided", must1(beside.Swap(t.Context(), rows, nil)), true)
	equal(t, "too late", must1(service.Swap(t.Context(), rows, nil)), false)
	must(t, beside.Close())
}

// TestNewerSchema: while a new version is brought out, a process of the one before may
// start again, and goes on with what only adds to what it knows.
func TestNewerSchema(t *testing.T) {
	url := storetest.Database(t)
	first := open(t, url)
	admin := server(t, url)
	for _, statement := range []string{
		"ALTER TABLE inbox ADD COLUMN later TEXT NOT NULL DEFAULT ''", "CREATE TABLE later (a int)",
		"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)",
	} {
		_, err := admin.Exec(t.Context(), statement)
		must(t, err)
	}
	for _, s := range []*store.Store{first, open(t, url)} {
		in := s.Inbox("slack")
		must1(in.Keep(t.Context(), "1", chat(1), []byte("question"), now))
		equal(t, "kept", len(must1(in.Kept(t.Context()))), 1)
	}
}

var rewrite = flag.Bool("update", false, "write down the statements of this version")

// schemaVersion is the newest one, whose statements stand in testdata/statements.
const schemaVersion = 5

// TestOlderStatements: the statements of every older version can still be run on the
// newest schema: replicas of the version before go on while a new one is brought out. A
// statement stands in the file of the schema that it was first released with, and stays
// there when it is gone.
func TestOlderStatements(t *testing.T) {
	known := make(map[string]bool)
	var mu sync.Mutex
	url := storetest.Database(t)
	s, err := store.Open(t.Context(), url, store.Options{Now: clock}.Fixed().Prepared(func(query string) {
		mu.Lock()
		defer mu.Unlock()
		known[strings.Join(strings.Fields(query), " ")] = true
	}))
	must(t, err)
	everyStatement(t, s, server(t, url))
	must(t, s.Close())
	file := func(version int) string { return "testdata/statements/" + strconv.Itoa(version) + ".sql" }
	if *rewrite {
		lines := slices.Collect(strings.Lines(read(t, file(schemaVersion))))
		for query := range known {
			lines = append(lines, query+";\n")
		}
		for version := 3; version < schemaVersion; version++ {
			older := read(t, file(version))
			lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains("\n"+older, "\n"+line) })
		}
		slices.Sort(lines)
		lines = slices.Compact(lines)
		must(t, os.WriteFile(file(schemaVersion), []byte(strings.Join(lines, "")), 0o600))
	}
	conn, current := server(t, url), make(map[string]bool)
	for version := 3; version <= schemaVersion; version++ {
		for line := range strings.Lines(read(t, file(version))) {
			query := strings.TrimSuffix(line, ";\n")
			if _, err := conn.Prepare(t.Context(), "", numbered.Replace(query)); err != nil {
				t.Errorf("version %d says %s: %v", version, query, err)
			}
			current[query] = true
		}
	}
	for query := range known {
		if !current[query] {
			t.Errorf("%s lacks this statement: run go test -run %s -update\n%s", file(schemaVersion), t.Name(), query)
		}
	}
}

// numbered turns ?1 into $1.
var numbered = strings.NewReplacer("?", "$")

// everyStatement does all that a store can do, so that it prepares all its statements.
func everyStatement(t *testing.T, s *store.Store, admin *pgx.Conn) {
	t.Helper()
	db := of(t, s)
	empty := func(t *testing.T) scheduler.Deliveries {
		_, err := admin.Exec(t.Context(), `TRUNCATE inbox, talks, preferences, gone, notes, installations, states, subscriptions, cursors, deliveries`)
		must(t, err)
		return db
	}
	for _, test := range []func(*testing.T, database){
		testTalks, testPreferences, testForget, testNotebook, testKeep, testSending, testActive, testMoveTwice, testInstallations, testStates,
		testManyKeys, testForgetReminders, testOneForEach,
	} {
		empty(t)
		test(t, db)
	}
	empty(t)
	_, err := admin.Exec(t.Context(), `INSERT INTO inbox (network, id, at, body) VALUES ('telegram', 'of the dead', 1, 'x')`)
	must(t, err)
	equal(t, "adopted", len(must1(s.Inbox("telegram").Adopt(t.Context()))), 1)
	must1(s.Told(t.Context(), "x", time.Hour))
	schedulertest.Deliveries(t, empty)
	empty(t)
	schedulertest.Subscriptions(t, func(*testing.T) scheduler.Subscriptions { return s })
}
