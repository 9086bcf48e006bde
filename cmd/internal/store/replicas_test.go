package store_test

import (
	"context"
	"errors"
	"fmt"
	neturl "net/url"
	"os"
	"slices"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/bot/bottest"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/store/storetest"
)

// replicas opens one database several times.
func replicas(t *testing.T, url string, n int) (all []*store.Store) {
	t.Helper()
	for range n {
		s, err := store.Open(t.Context(), url, store.Options{Now: time.Now})
		must(t, err)
		t.Cleanup(func() { _ = s.Close() })
		all = append(all, s)
	}
	return all
}

// TestSlotsOfServer: processes that share a server together keep to the limits of a
// network.
func TestSlotsOfServer(t *testing.T) {
	t.Parallel()
	url := storetest.Database(t)
	bottest.TestSlots(t, func(t *testing.T) bot.Slots { return replicas(t, url, 1)[0] })
	must(t, replicas(t, url, 1)[0].Prune(t.Context(), time.Now()))
}

// TestLocks: one replica has a lock; when it ends, or is taken for dead, another gets it
// within seconds, and the first is told to stop before that.
func TestLocks(t *testing.T) {
	t.Parallel()
	url := storetest.Database(t)
	all := replicas(t, url, 3)
	first, release, err := all[0].Lock(t.Context(), "poll")
	must(t, err)
	_, other, err := all[0].Lock(t.Context(), "token")
	must(t, err)
	other()
	quick, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, _, err = all[1].Lock(quick, "poll")
	equal(t, "refused while another has it", errors.Is(err, context.DeadlineExceeded), true)
	_, _, err = all[0].Lock(quick, "poll")
	equal(t, "refused to the same process", err != nil, true)
	equal(t, "held", first.Err(), nil)
	release()
	release()
	second, _, err := all[1].Lock(t.Context(), "poll")
	must(t, err)
	must(t, all[1].Close())
	equal(t, "ended", context.Cause(second), bot.ErrLost)
	begun := time.Now()
	third, _, err := all[2].Lock(t.Context(), "poll")
	must(t, err)
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("after the end of a replica its lock was free in %v", took)
	}
	equal(t, "held", third.Err(), nil)
}

// TestFrozenReplica: a replica that is cut off stops before another takes over; when it
// is back, what it was about to send is refused, and what it had taken in is answered
// by the other.
func TestFrozenReplica(t *testing.T) {
	t.Parallel()
	now := time.Now() // what is a day old is deleted
	server := storetest.Start(t)
	proxy := storetest.Proxy(t, server.Address())
	url := server.Database(t)
	frozen, alive := replicas(t, proxy.URL(url), 1)[0], replicas(t, url, 1)[0]
	ctx := t.Context()
	in, out := frozen.Inbox("slack"), alive.Inbox("slack")
	must1(in.Keep(ctx, "begun", chat(1), []byte("a"), now))
	must1(in.Keep(ctx, "waiting", chat(2), []byte("b"), now))
	must(t, in.Sending(ctx, "begun", 0, now))
	must(t, in.Sending(ctx, "polled", 0, now))
	equal(t, "taken", out.Sending(ctx, "begun", 0, now), bot.ErrTaken)
	equal(t, "taken", out.Sending(ctx, "polled", 0, now), bot.ErrTaken)
	equal(t, "nothing to adopt", len(must1(out.Adopt(ctx))), 0)
	fresh := must1(out.Keep(ctx, "waiting", chat(2), []byte("b"), now))
	equal(t, "known", fresh, false)
	held, _, err := frozen.Lock(ctx, "poll")
	must(t, err)

	proxy.Cut()
	begun := time.Now()
	taken := make(chan time.Duration, 1)
	go func() {
		if _, _, err := alive.Lock(ctx, "poll"); err == nil {
			taken <- time.Since(begun)
		}
	}()
	<-held.Done()
	stopped := time.Since(begun)
	took := <-taken
	t.Logf("it stopped after %v, the other took over after %v", stopped, took)
	if stopped > took || took > 20*time.Second {
		t.Errorf("it stopped after %v, the other took over after %v", stopped, took)
	}
	equal(t, "away", errors.Is(in.Sending(ctx, "waiting", 0, now), bot.ErrAway), true)
	var ids []string
	for _, k := range must1(out.Adopt(ctx)) {
		ids = append(ids, k.ID)
	}
	equal(t, "adopted", slices.Equal(ids, []string{"begun", "waiting"}), true)
	equal(t, "in doubt", must1(out.Progress(ctx, []string{"begun"}))["begun"].Begun, true)
	must(t, out.Sending(ctx, "waiting", 0, now))
	must(t, out.Sending(ctx, "polled", 0, now))

	proxy.Mend()
	for err := errors.New(""); !errors.Is(err, bot.ErrTaken); err = in.Sending(ctx, "waiting", 0, now) {
		if time.Since(begun) > time.Minute {
			t.Fatalf("the replica does not come back: %v", err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	must(t, out.Finish(ctx, "waiting", now))
	must1(out.Kept(ctx))
	equal(t, "finished", in.Sending(ctx, "waiting", 0, now), bot.ErrFinished)
	must1(in.Keep(ctx, "new", chat(3), []byte("c"), now))
	must(t, in.Sending(ctx, "new", 0, now)) // it is one of them again
	equal(t, "nothing to adopt", len(must1(out.Adopt(ctx))), 0)
}

// TestRestartedServer: while the server is away nobody is taken for dead, and what the
// replicas had taken in stays theirs.
func TestRestartedServer(t *testing.T) {
	t.Parallel()
	if os.Getenv("SUHBAT_TEST_LONG") == "" {
		t.Skip("it takes half a minute: set SUHBAT_TEST_LONG=1")
	}
	server := storetest.Start(t)
	url := server.Database(t)
	all := replicas(t, url, 2)
	in := all[0].Inbox("slack")
	must1(in.Keep(t.Context(), "kept", chat(1), []byte("a"), now))
	server.Stop(t)
	time.Sleep(12 * time.Second) // longer than a lease
	server.Start(t)
	for begun := time.Now(); time.Since(begun) < 13*time.Second; time.Sleep(500 * time.Millisecond) {
		adopted, err := all[1].Inbox("slack").Adopt(t.Context())
		if len(adopted) > 0 {
			t.Fatalf("taken over after %v from a replica that lives: %v", time.Since(begun), err)
		}
	}
	must(t, in.Sending(t.Context(), "kept", 0, now))
}

// TestLockAfterAway: a lock that was lost because the database was away can be had again
// when it is back, by the same replica, too.
func TestLockAfterAway(t *testing.T) {
	t.Parallel()
	url := storetest.Database(t)
	proxy := storetest.Proxy(t, must1(neturl.Parse(url)).Host)
	s := replicas(t, proxy.URL(url), 1)[0]
	held, release, err := s.Lock(t.Context(), "poll")
	must(t, err)
	proxy.Cut()
	<-held.Done()
	equal(t, "why", context.Cause(held), bot.ErrLost)
	release()
	proxy.Mend()
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	again, _, err := s.Lock(soon, "poll")
	must(t, err)
	equal(t, "held", again.Err(), nil)
}

// TestTold: what several replicas find out is told once, and again after its time.
func TestTold(t *testing.T) {
	t.Parallel()
	for kind, open := range databases {
		t.Run(kind, func(t *testing.T) {
			db := open(t, clock).Talks.(*store.Store)
			equal(t, "first", must1(db.Told(t.Context(), "broken", time.Hour)), true)
			equal(t, "again", must1(db.Told(t.Context(), "broken", time.Hour)), false)
			equal(t, "else", must1(db.Told(t.Context(), "other", 0)), true)
			equal(t, "later", must1(db.Told(t.Context(), "other", 0)), true)
		})
	}
}

// TestAdoptAfterRestart: what a process had taken in when it ended is the next one's,
// once.
func TestAdoptAfterRestart(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": "sqlite:" + t.TempDir() + "/suhbat.db", "postgres": storetest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			one := replicas(t, url, 1)[0]
			must1(one.Inbox("telegram").Keep(t.Context(), "1", chat(1), []byte("question"), now))
			equal(t, "its own", len(must1(one.Inbox("telegram").Adopt(t.Context()))), 0)
			must(t, one.Close())
			next := replicas(t, url, 1)[0].Inbox("telegram")
			kept := must1(next.Adopt(t.Context()))
			equal(t, "adopted", len(kept) == 1 && string(kept[0].Body) == "question" && kept[0].Order == chat(1), true)
			equal(t, "once", len(must1(next.Adopt(t.Context()))), 0)
			must(t, next.Sending(t.Context(), "1", 0, now))
		})
	}
}

// BenchmarkReserve is the price of a slot for a chat, of which a second has 29.
func BenchmarkReserve(b *testing.B) {
	s, err := store.Open(b.Context(), storetest.Database(b), store.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := range b.N {
		if _, err := s.Reserve(b.Context(), time.Hour, bot.Limit{Name: fmt.Sprint("chat ", i), Most: 1, Window: time.Second},
			bot.Limit{Name: "crowd", Most: 20, Window: time.Millisecond}, bot.Limit{Name: "bot", Most: 1, Window: time.Microsecond}); err != nil {
			b.Fatal(err)
		}
	}
}
