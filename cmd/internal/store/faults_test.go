package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"suhbat/bot"
	"suhbat/cmd/internal/store/storetest"
	"suhbat/scheduler"
)

// onServer opens a store on a server, without housekeeping between what the tests do.
func onServer(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.stop()
	<-s.stopped
	return s
}

// TestServerRestarts: a server that is restarted, or crashes, while it is written to takes
// nothing back that was said to be safe, and nothing is done twice: each version of a row
// was written by one call that was told so.
func TestServerRestarts(t *testing.T) {
	srv := storetest.Start(t)
	s := onServer(t, srv.Database(t))
	ctx, cancel := context.WithCancel(t.Context())
	var written, failed atomic.Int64
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			key := fmt.Sprint("k", n)
			for v := int64(0); ctx.Err() == nil; {
				ok, err := s.Swap(context.WithoutCancel(ctx), []scheduler.Delivery{{Key: key, Version: v, State: scheduler.Planned}}, nil)
				switch {
				case err != nil: // it may be written or not: look
					failed.Add(1)
					rows, err := s.Select(context.WithoutCancel(ctx), scheduler.Query{Keys: []string{key}})
					if err == nil && len(rows) == 1 {
						v = rows[0].Version
					}
				case !ok:
					t.Errorf("%s: somebody else has written version %d", key, v+1)
					return
				default:
					v++
					written.Add(1)
				}
			}
		})
	}
	wg.Go(func() {
		for ctx.Err() == nil {
			begun := time.Now()
			if _, err := s.Talk(context.WithoutCancel(ctx), bot.Address{Chat: "1"}); err != nil && time.Since(begun) < patience/2 {
				t.Errorf("a question was given up after %v: %v", time.Since(begun), err)
			}
			time.Sleep(time.Millisecond)
		}
	})
	for _, fault := range []func(testing.TB){srv.Restart, func(tb testing.TB) { srv.Kill(tb); srv.Start(tb) }} {
		time.Sleep(200 * time.Millisecond)
		before := written.Load()
		fault(t)
		for begun := time.Now(); written.Load() < before+20; time.Sleep(10 * time.Millisecond) {
			if time.Since(begun) > time.Minute {
				t.Fatal("a minute after the server was back nothing is written")
			}
		}
	}
	cancel()
	wg.Wait()
	t.Logf("%d written, %d calls were told that they failed", written.Load(), failed.Load())
}

// TestCrashed: after a crash of the server, whole or of one of its processes, numbers of
// transactions may be given once more, so what is known of one from before counts for
// nothing; after a restart it still counts.
func TestCrashed(t *testing.T) {
	srv := storetest.Start(t)
	config, err := pgx.ParseConfig(srv.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(query string, dest any, args ...any) {
		t.Helper()
		for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) { // it may be recovering
			conn, err := pgx.ConnectConfig(t.Context(), config)
			if err == nil {
				err = conn.QueryRow(t.Context(), strings.ReplaceAll(query, "?1", "$1"), args...).Scan(dest)
				_ = conn.Close(t.Context())
			}
			if err == nil {
				return
			}
			if time.Since(begun) > 30*time.Second {
				t.Fatal(err)
			}
		}
	}
	for _, tt := range []struct {
		what, want string
		happens    func()
	}{
		{"nothing", "committed", func() {}},
		{"a restart", "committed", func() { srv.Restart(t) }},
		{"a crash", "", func() { srv.Kill(t); srv.Start(t) }},
		{"a crash of one process", "", func() {
			conn, err := pgx.ConnectConfig(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(int(conn.PgConn().PID()), syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			for conn.Ping(t.Context()) == nil { // until the server has noticed
				time.Sleep(10 * time.Millisecond)
			}
		}},
	} {
		t.Run(tt.what, func(t *testing.T) {
			var name, became string
			ask(postgres{}.name(), &name)
			tt.happens()
			if ask(postgres{}.outcome(), &became, name); became != tt.want {
				t.Errorf("after %s the transaction %s is %q, want %q", tt.what, name, became, tt.want)
			}
		})
	}
}

// TestCommitHeard: when the connection breaks just as a transaction is committed, what
// became of it is found out, not guessed: what was committed is not done once more, and
// what was not is.
func TestCommitHeard(t *testing.T) {
	for _, cut := range []string{"answer", "question"} {
		t.Run("the "+cut+" is lost", func(t *testing.T) {
			proxy := newCutter(t, storetest.Database(t), cut == "answer")
			s := onServer(t, proxy.url)
			in := s.Inbox("slack")
			for n := range 3 {
				proxy.armed.Store(true)
				fresh, err := in.Keep(t.Context(), strconv.Itoa(n), bot.Address{Chat: "1"}, []byte("body"), now)
				if err != nil || !fresh {
					t.Errorf("fresh: %v, %v: whoever kept it would take it for somebody else's", fresh, err)
				}
			}
			if got := proxy.cuts.Load(); got != 3 {
				t.Errorf("%d connections were cut, expected 3", got)
			}
			if kept, err := in.Kept(t.Context()); err != nil || len(kept) != 3 {
				t.Errorf("kept %d, %v", len(kept), err)
			}
		})
	}
}

// cutter stands between a store and its server and breaks the connection at the next
// commit, when it is armed.
type cutter struct {
	url    string
	answer bool // after the server has heard it
	armed  atomic.Bool
	cuts   atomic.Int64
}

func newCutter(t *testing.T, url string, answer bool) *cutter {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	server := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c := &cutter{url: strings.Replace(url, server, l.Addr().String(), 1), answer: answer}
	go func() {
		for client, err := l.Accept(); err == nil; client, err = l.Accept() {
			go c.carry(client, server)
		}
	}()
	return c
}

// carry carries a connection until an end is closed, or it is cut.
func (c *cutter) carry(client net.Conn, address string) {
	server, err := net.Dial("tcp", address)
	if err != nil {
		_ = client.Close()
		return
	}
	var cut atomic.Bool
	var ends sync.WaitGroup
	pipe := func(to, from net.Conn, pass func(said []byte) bool) {
		defer func() { _, _ = client.Close(), server.Close() }()
		buf := make([]byte, 1<<16)
		for n, err := from.Read(buf); err == nil && pass(buf[:n]); n, err = from.Read(buf) {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
	}
	ends.Go(func() {
		pipe(server, client, func(said []byte) bool {
			if commits(said) && c.armed.CompareAndSwap(true, false) {
				c.cuts.Add(1)
				cut.Store(true)
				return c.answer
			}
			return true
		})
	})
	ends.Go(func() { pipe(client, server, func([]byte) bool { return !cut.Load() }) })
	ends.Wait()
}

// commits reports whether a client runs its prepared statement "COMMIT", which pgx names
// by its checksum.
func commits(said []byte) bool {
	sum := sha256.Sum256([]byte("COMMIT"))
	return said[0] == 'B' && bytes.Contains(said, []byte(hex.EncodeToString(sum[:24])))
}

// TestCutOff: a process that is cut off in the middle of a change, with a row in its hands,
// holds the others up for a moment only, and has changed nothing.
func TestCutOff(t *testing.T) {
	s := onServer(t, storetest.Database(t))
	ctx, in := t.Context(), s.Inbox("slack")
	if _, err := in.Keep(ctx, "1", bot.Address{}, []byte("body"), now); err != nil {
		t.Fatal(err)
	}
	zombie, err := pgx.ConnectConfig(ctx, session(s.server, map[string]string{"idle_in_transaction_session_timeout": "1000"})) // as in life, but sooner
	if err != nil {
		t.Fatal(err)
	}
	defer zombie.Close(ctx)
	for _, statement := range []string{"BEGIN", "UPDATE inbox SET tries = 7"} {
		if _, err := zombie.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := in.Sending(ctx, "1", 0, now); err != nil {
		t.Errorf("got %v, expected to wait until the server ends the other's change", err)
	}
	if far, err := in.Progress(ctx, []string{"1"}); err != nil || far["1"].Tries != 1 {
		t.Errorf("got %v, %v", far, err)
	}
	if _, err := zombie.Exec(ctx, "COMMIT"); err == nil {
		t.Error("the one that was cut off could still commit")
	}
}

// TestInTheWay: two processes that change the same rows in another order do not fail for
// it.
func TestInTheWay(t *testing.T) {
	url := storetest.Database(t)
	a, b := onServer(t, url), onServer(t, url)
	var wg sync.WaitGroup
	for n, s := range []*Store{a, b} {
		wg.Go(func() {
			for range 10 {
				err := s.writer.write(t.Context(), "change two", func(t *tx) error {
					for i := range 2 {
						if _, err := t.exec(finishSQL, "telegram", strconv.Itoa((i+n)%2), stamp(now)); err != nil {
							return err
						}
						time.Sleep(time.Millisecond)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// TestDatabaseClock: processes whose own clocks are ten minutes wrong agree with the others
// about what time it is: a lease that one writes is over for all at once.
func TestDatabaseClock(t *testing.T) {
	url := storetest.Database(t)
	for _, wrong := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute, -24 * time.Hour} {
		s, err := Open(t.Context(), url, Options{Now: func() time.Time { return time.Now().Add(wrong) }})
		if err != nil {
			t.Fatal(err)
		}
		if off := time.Since(s.Now()).Abs(); off > 500*time.Millisecond {
			t.Errorf("the program's clock is %v wrong, and the store's %v", wrong, off)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestClockPut: a clock that was put, or a machine that slept, is noticed.
func TestClockPut(t *testing.T) {
	for _, tt := range []struct {
		monotonic, wall, want time.Duration
		sure                  bool
	}{
		{time.Minute, time.Minute + 10*time.Millisecond, time.Minute, true},
		{time.Minute, 11 * time.Minute, 11 * time.Minute, false}, // it slept, or was put forward
		{time.Minute, -9 * time.Minute, time.Minute, false},      // it was put back
	} {
		if got, sure := passed(tt.monotonic, tt.wall); got != tt.want || sure != tt.sure {
			t.Errorf("%v by the monotonic clock, %v by the other: got %v, %v", tt.monotonic, tt.wall, got, sure)
		}
	}
}
