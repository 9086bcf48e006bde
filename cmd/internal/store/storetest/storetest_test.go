package storetest_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"suhbat/cmd/internal/store/storetest"
)

// TestServer: what was committed outlives a stop and a crash of the server.
func TestServer(t *testing.T) {
	s := storetest.Start(t)
	url := s.Database(t)
	exec := func(statement string) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE t (a int)")
	begun := time.Now()
	s.Restart(t)
	exec("INSERT INTO t VALUES (1)")
	s.Kill(t)
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("connected to a server that was killed")
	}
	s.Start(t)
	exec("INSERT INTO t SELECT 1 / count(*) FROM t")
	t.Log(time.Since(begun))
}

// TestDatabase: each test has a database of its own.
func TestDatabase(t *testing.T) {
	for range 2 {
		conn, err := pgx.Connect(t.Context(), storetest.Database(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "CREATE TABLE t (a int)"); err != nil {
			t.Error(err)
		}
		conn.Close(t.Context())
	}
}
