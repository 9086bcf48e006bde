package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
)

// TestOpenErrors reads what an operator reads: one line that says what is wrong, where
// and what was expected, and never a password.
func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		name = filepath.Join(dir, name)
		must(t, os.WriteFile(name, []byte(content), 0o600))
		return "sqlite:" + name
	}
	const wrong = "store: wrong database URL: expected sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE"
	tests := map[string]struct{ url, want string }{
		"empty":           {"", wrong},
		"no scheme":       {"suhbat.db", wrong},
		"no file":         {"sqlite:", wrong},
		"slashes":         {"sqlite:///suhbat.db", wrong},
		"other scheme":    {"mysql://user:secret@host/db", wrong},
		"no such server":  {"postgres://user:secret@127.0.0.1:1/db", `store: open the database "db" on 127.0.0.1:1: the server cannot be reached: `},
		"no such port":    {"postgres://user:secret@host:port/db", wrong},
		"no such setting": {"postgres://user:secret@host/db?sslmode=perhaps", wrong},
		"no host":         {"postgres:secret", wrong},
		"which database":  {"postgres://user:secret@host", wrong},
		"missing folder":  {"sqlite:" + dir + "/missing/suhbat.db", "store: the folder of the database, " + dir + "/missing, does not exist"},
		"file for folder": {file("file", "") + "/suhbat.db", "does not exist: expected a folder"},
		"a folder":        {"sqlite:" + dir, "the database file cannot be opened"},
		"no database":     {file("text.db", strings.Repeat("This is a text. ", 500)), "text.db: the file is no SQLite database"},
		"another's":       {"sqlite:" + foreign(t, dir, "CREATE TABLE t (a)"), "the file is a database of another program: its application_id is 0, expected 1400203362"},
		"a newer version": {"sqlite:" + newer(t, dir), "the database is of a newer version of suhbat: its schema is 99, expected " + strconv.Itoa(schemaVersion) + " at most"},
		"damaged":         {"sqlite:" + damaged(t, dir), "the database is damaged: restore a backup"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), tt.url, store.Options{Now: clock})
			if err == nil {
				t.Fatalf("opened, expected an error: %v", s.Close())
			}
			got := err.Error()
			if !strings.Contains(got, tt.want) || !strings.HasPrefix(got, "store: ") && !errors.Is(err, store.ErrURL) || strings.Contains(got, "secret") || strings.Contains(got, "\n") {
				t.Errorf("got %q, expected one line with %q", got, tt.want)
			}
		})
	}
	_, err := store.Open(t.Context(), "sqlite::memory:", store.Options{})
	equal(t, "no clock", err != nil, true)
}

// TestOpenWithoutRights is a folder that belongs to somebody else.
func TestOpenWithoutRights(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o500))
	_, err := store.Open(t.Context(), "sqlite:"+dir+"/suhbat.db", store.Options{Now: clock})
	equal(t, "refused", err != nil && strings.Contains(err.Error(), "no right to write"), true)
}

// TestUnusualNames are files whose names mean something in a URL.
func TestUnusualNames(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"suhbat.db", "a b.db", "50%.db", "what?.db", "#1.db", "суҳбат.db", "a&_pragma=x.db", ":memory.db"} {
		s, err := store.Open(t.Context(), "sqlite:"+name, store.Options{Now: clock})
		must(t, err)
		must(t, s.Close())
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOlderSchema opens a file that the first version has made: nothing of it is lost.
func TestOlderSchema(t *testing.T) {
	url := "sqlite:" + foreign(t, t.TempDir(), read(t, "testdata/schema1.sql"))
	s, err := store.Open(t.Context(), url, store.Options{Now: clock})
	must(t, err)
	defer s.Close()
	kept := must1(s.Inbox("telegram").Kept(t.Context()))
	equal(t, "kept", len(kept), 1)
	equal(t, "body", string(kept[0].Body), "question")
	equal(t, "chosen", must1(s.Preference(t.Context(), chat(1))).Lang, "ky")
	must(t, s.PutInstallation(t.Context(), "", "T", "", nil, now)) // from the second version on
}

// TestForgottenTalk: "delete my data" leaves nothing in the file that says who spoke.
func TestForgottenTalk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "suhbat.db")
	s := must1(store.Open(t.Context(), "sqlite:"+file, store.Options{Now: clock}))
	somebody := bot.Address{Network: "slack", Space: "T1", Chat: "USOMEBODY", Thread: "@USOMEBODY"}
	must(t, s.KeepTalk(t.Context(), somebody, []byte("talk"), now))
	must(t, s.Forget(t.Context(), somebody))
	must(t, s.KeepTalk(t.Context(), somebody, nil, now)) // as the core does behind it
	must(t, s.Close())
	if content := must1(os.ReadFile(file)); strings.Contains(string(content), somebody.Chat) {
		t.Error("the file still names somebody who was forgotten")
	}
}

// TestClose: what was said to be done is, afterwards nothing hangs or panics.
func TestClose(t *testing.T) {
	url := "sqlite:" + t.TempDir() + "/suhbat.db"
	s, err := store.Open(t.Context(), url, store.Options{Now: clock})
	must(t, err)
	must(t, s.Inbox("telegram").Finish(t.Context(), "1", now))
	must(t, s.KeepTalk(t.Context(), chat(1), []byte("talk"), now))
	must(t, s.Note(t.Context(), bot.Note{Verdict: bot.Unanswered, Text: "who?", Day: "2026-10-31"}))
	for range 2 {
		must(t, s.Close())
	}
	ctx := t.Context()
	for name, do := range map[string]func() error{
		"Ping":       func() error { return s.Ping(ctx) },
		"Talk":       func() error { return second(s.Talk(ctx, chat(2))) },
		"KeepTalk":   func() error { return s.KeepTalk(ctx, chat(1), nil, now) },
		"Preference": func() error { return second(s.Preference(ctx, chat(1))) },
		"Notes":      func() error { return second(s.Notes(ctx, 1)) },
		"Finish":     func() error { return s.Inbox("telegram").Finish(ctx, "2", now) },
		"Sending":    func() error { return s.Inbox("telegram").Sending(ctx, "2", 0, now) },
		"Prune":      func() error { return s.Prune(ctx, now) },
	} {
		if err := do(); !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s: got %v, expected %v", name, err, store.ErrClosed)
		}
	}
	again := opened(t, url, clock)
	equal(t, "finished", must1(again.inbox("telegram").Progress(ctx, []string{"1"}))["1"], bot.Progress{Done: true})
	equal(t, "talk", string(must1(again.Talk(ctx, chat(1)))), "talk")
	equal(t, "note", must1(again.Notes(ctx, 1))[0].Text, "who?")
}

// TestCancelled: who does not wait any more is let go at once, but what has happened
// is noted all the same.
func TestCancelled(t *testing.T) {
	db := opened(t, "sqlite::memory:", clock)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	in := db.inbox("telegram")
	equal(t, "Sending", errors.Is(in.Sending(ctx, "1", 0, now), context.Canceled), true)
	equal(t, "Talk", errors.Is(second(db.Talk(ctx, chat(1))), context.Canceled), true)
	must(t, in.Finish(ctx, "2", now))
	far := must1(in.Progress(t.Context(), []string{"1", "2"}))
	equal(t, "not begun", far["1"], bot.Progress{})
	equal(t, "finished", far["2"], bot.Progress{Done: true})
}

// TestDeletedMeansGone looks for a question in the files after it was answered.
func TestDeletedMeansGone(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), "sqlite:"+dir+"/suhbat.db", store.Options{Now: clock})
	must(t, err)
	defer s.Close()
	in := s.Inbox("telegram")
	must1(in.Keep(t.Context(), "1", chat(1), []byte(strings.Repeat("who asked this? ", 1000)), now))
	must(t, in.Finish(t.Context(), "1", now))
	must(t, s.Prune(t.Context(), now))
	for _, name := range must1(filepath.Glob(dir + "/*")) {
		if strings.Contains(read(t, name), "who asked") {
			t.Errorf("%s still holds the question", filepath.Base(name))
		}
	}
}

// TestStats: a health check and its counters.
func TestStats(t *testing.T) {
	s := onDisk(t)
	must(t, s.Ping(t.Context()))
	before := s.Stats()
	must(t, s.Note(t.Context(), bot.Note{}))
	must(t, s.Ping(t.Context()))
	after := s.Stats()
	equal(t, "counted", after.Writes > before.Writes && after.Batches > before.Batches, true)
	for begun := time.Now(); s.Stats().Queue > 0; time.Sleep(time.Millisecond) { // the housekeeping writes, too
		if time.Since(begun) > 30*time.Second {
			t.Fatal("something waits for ever")
		}
	}
}

// foreign makes a database by other means than the store, and returns its name.
func foreign(t *testing.T, dir, statements string) string {
	t.Helper()
	name := filepath.Join(dir, "f"+strconv.Itoa(len(statements))+".db")
	db, err := sql.Open("sqlite", name)
	must(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), statements)
	must(t, err)
	return name
}

// ready makes a database of this version with something in it.
func ready(t *testing.T, dir, name string) string {
	t.Helper()
	name = filepath.Join(dir, name)
	s, err := store.Open(t.Context(), "sqlite:"+name, store.Options{Now: clock})
	must(t, err)
	for n := range 200 {
		must(t, s.Inbox("telegram").Finish(t.Context(), strconv.Itoa(n), now))
	}
	must(t, s.Close())
	return name
}

func newer(t *testing.T, dir string) string {
	t.Helper()
	name := ready(t, dir, "newer.db")
	db, err := sql.Open("sqlite", name)
	must(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
	must(t, err)
	return name
}

// damaged overwrites everything behind the header.
func damaged(t *testing.T, dir string) string {
	t.Helper()
	name := ready(t, dir, "damaged.db")
	content := []byte(read(t, name))
	for n := 100; n < len(content); n++ {
		content[n] = 0xa5
	}
	must(t, os.WriteFile(name, content, 0o600))
	return name
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	must(t, err)
	return string(b)
}

// TestOneProcess: a second one is told who is there, and comes in once that one is
// gone, however it went.
func TestOneProcess(t *testing.T) {
	file := t.TempDir() + "/suhbat.db"
	child := start(t, "sqlite:"+file)
	said := make(map[string]string)
	equal(t, "it is there", child.line(t, said), true)
	_, err := store.Open(t.Context(), "sqlite:"+file, store.Options{Now: clock})
	want := "another suhbat uses this database, " + file + ": pid " + strconv.Itoa(child.cmd.Process.Pid)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("got %v, expected %q", err, want)
	}
	child.kill(t, said)
	opened(t, "sqlite:"+file, clock)
	_, err = store.Open(t.Context(), "sqlite:"+file, store.Options{Now: clock})
	equal(t, "twice in one process", err != nil && strings.Contains(err.Error(), "pid "+strconv.Itoa(os.Getpid())), true)
}
