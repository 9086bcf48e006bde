package store

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
)

var now = time.Date(2026, 10, 31, 9, 0, 0, 0, time.UTC)

func openTest(t *testing.T, o Options) *Store {
	t.Helper()
	o.Now = func() time.Time { return now }
	s, err := Open(t.Context(), "sqlite:"+t.TempDir()+"/suhbat.db", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.stop() // no housekeeping between what the tests do
	<-s.stopped
	return s
}

// hold keeps the writer busy until the returned function is called, so that what comes
// meanwhile is one batch.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	busy, done := make(chan struct{}), make(chan struct{})
	go func() {
		_ = s.writer.write(context.Background(), "hold", func(*tx) error {
			close(busy)
			<-done
			return nil
		})
	}()
	<-busy
	return func() { close(done) }
}

// waitFor waits until so many operations are queued.
func waitFor(t *testing.T, s *Store, queued int) {
	t.Helper()
	for s.Stats().Queue < queued {
		time.Sleep(100 * time.Microsecond)
	}
}

// TestNeighbours: an operation that fails takes back all of itself and nothing of the
// others in its batch.
func TestNeighbours(t *testing.T) {
	s := openTest(t, Options{})
	boom := errors.New("boom")
	release := hold(t, s)
	var wg sync.WaitGroup
	before := s.Stats()
	for n := range 20 {
		wg.Go(func() {
			id := strconv.Itoa(n)
			err := s.writer.write(t.Context(), "try", func(t *tx) error {
				if _, err := t.exec(finishSQL, "telegram", id, stamp(now)); err != nil || n%5 > 0 {
					return err
				}
				return boom
			})
			if (n%5 == 0) != errors.Is(err, boom) {
				t.Errorf("%d: got %v", n, err)
			}
		})
	}
	waitFor(t, s, 20)
	release()
	wg.Wait()
	far, err := s.Inbox("telegram").Progress(t.Context(), []string{"0", "1", "5", "6", "19"})
	if err != nil || far["0"].Done || !far["1"].Done || far["5"].Done || !far["6"].Done || !far["19"].Done {
		t.Errorf("got %v, %v, expected all but each fifth", far, err)
	}
	if got := s.Stats().Batches - before.Batches; got < 1 || got > 2 { // the one that was held may have been counted before
		t.Errorf("%d batches, expected one of all others, and at most the one that was held", got)
	}
}

// TestDiskFull: who waits is told, what nobody waits for is tried again until there is
// room, and what could not be written at all is reported by Close.
func TestDiskFull(t *testing.T) {
	var log bytes.Buffer
	s := openTest(t, Options{Log: slog.New(slog.NewTextHandler(&log, nil)), pragmas: []string{"max_page_count(60)"}})
	in := s.Inbox("slack")
	body := make([]byte, 10_000)
	var err error
	for n := 0; err == nil && n < 100; n++ {
		_, err = in.Keep(t.Context(), strconv.Itoa(n), bot.Address{}, body, now)
	}
	if err == nil || !strings.HasPrefix(err.Error(), "store: keep what came in: the disk is full: ") {
		t.Fatalf("got %v, expected that the disk is full", err)
	}
	if kept, err := in.Kept(t.Context()); err != nil || len(kept) == 0 {
		t.Fatalf("got %d, %v, expected that what is there can be read", len(kept), err)
	}
	big := bot.Address{Network: "slack", Chat: "big"}
	if err := s.KeepTalk(t.Context(), big, make([]byte, 100_000), now); err != nil {
		t.Fatal(err)
	}
	if err := in.Finish(t.Context(), "0", now); err != nil {
		t.Fatal(err)
	}
	err = s.Close()
	if err == nil || !strings.HasPrefix(err.Error(), "store: close: 2 writes were lost: the disk is full") {
		t.Errorf("got %v, expected what was lost", err)
	}
	if !strings.Contains(log.String(), "it will be tried again") {
		t.Errorf("got the log %q", log.String())
	}
}

// TestTriedAgain: a full disk that is full for a moment costs nothing.
func TestTriedAgain(t *testing.T) {
	s := openTest(t, Options{pragmas: []string{"max_page_count(60)"}})
	state := make([]byte, 300_000)
	if err := s.KeepTalk(t.Context(), bot.Address{Chat: "1"}, state, now); err != nil {
		t.Fatal(err)
	}
	if err := s.Inbox("slack").Finish(t.Context(), "1", now); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * linger) // it has failed by now
	err := s.writer.write(t.Context(), "make room", func(t *tx) error {
		_, err := t.exec("PRAGMA max_page_count = 1000000")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	far, err := s.Inbox("slack").Progress(t.Context(), []string{"1"})
	if err != nil || !far["1"].Done {
		t.Errorf("got %v, %v, expected that it was written in the end", far, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestNobodyWaits: what nobody waits for is written soon even if nothing else comes.
func TestNobodyWaits(t *testing.T) {
	s := openTest(t, Options{})
	if err := s.Inbox("telegram").Finish(t.Context(), "1", now); err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); s.writer.unsafe(); time.Sleep(time.Millisecond) {
		if time.Since(begun) > 5*time.Second {
			t.Fatal("not written after five seconds")
		}
	}
}

// TestLetGo: a caller whose context ends while the writer is busy does not wait for it.
func TestLetGo(t *testing.T) {
	s := openTest(t, Options{})
	release := hold(t, s)
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	err := s.Inbox("telegram").Sending(ctx, "1", 0, now)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "may still be written") {
		t.Errorf("got %v", err)
	}
}

// TestFullQueue: when far too much waits, nobody is spared the waiting.
func TestFullQueue(t *testing.T) {
	s := openTest(t, Options{})
	release := hold(t, s)
	in := s.Inbox("telegram")
	for n := range maxQueue {
		if err := in.Finish(t.Context(), strconv.Itoa(n), now); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if err := in.Finish(ctx, "one more", now); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, expected that it has to wait", err)
	}
	release()
	far, err := in.Progress(t.Context(), []string{"0", "8191", "one more"})
	if err != nil || len(far) != 3 {
		t.Errorf("got %v, %v", far, err)
	}
}

// TestReadOnly: a file without the right to write is refused at once, not at the first
// answer.
func TestReadOnly(t *testing.T) {
	url := "sqlite:" + t.TempDir() + "/suhbat.db"
	o := Options{Now: func() time.Time { return now }}
	for _, o.pragmas = range [][]string{nil, {"query_only(ON)"}} {
		s, err := Open(t.Context(), url, o)
		switch {
		case o.pragmas == nil && err != nil:
			t.Fatal(err)
		case o.pragmas != nil && (err == nil || !strings.Contains(err.Error(), "the database may only be read")):
			t.Errorf("got %v", err)
		case err == nil:
			_ = s.Close()
		}
	}
}
