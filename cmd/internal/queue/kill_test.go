package queue_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
	"suhbat/scheduler"
)

// childFile is the setting that makes the test binary send until it is killed.
const childFile = "SUHBAT_TEST_QUEUE"

func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		if err := sendForever(file, os.Getenv(childFile+"_URL"), os.Getenv(childFile+"_NAIVE") != ""); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// remote is a network in another process, which counts.
type remote struct{ url string }

func (remote) Network() string { return "telegram" }

func (r remote) Send(ctx context.Context, out bot.Outgoing) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+"/?to="+url.QueryEscape(out.To.Chat), nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", &bot.SendError{Err: err}
	}
	return "1", resp.Body.Close()
}

// sendForever sends what is due; naively, it does so without writing the intent down.
func sendForever(file, address string, naive bool) error {
	var a assembly
	ctx := context.Background()
	if err := a.assemble(ctx, file, remote{address}); err != nil {
		return err
	}
	if !naive {
		return a.queue.Run(ctx)
	}
	rows, err := a.db.Select(ctx, scheduler.Query{Open: true, Until: time.Now()})
	if err != nil {
		return err
	}
	todo := make(chan scheduler.Delivery, len(rows))
	for _, d := range rows {
		todo <- d
	}
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for d := range todo {
				sub, _, _ := a.db.Subscription(ctx, d.Channel)
				if _, err := (remote{address}).Send(ctx, bot.Outgoing{To: sub.To}); err != nil {
					continue
				}
				d.State, d.WakeAt = scheduler.Sent, time.Time{}
				if ok, err := a.db.Swap(ctx, []scheduler.Delivery{d}, nil); !ok || err != nil {
					panic(fmt.Sprint(ok, err))
				}
			}
		})
	}
	wg.Wait()
	return nil
}

// counter is the far end: it takes a moment, and counts what has arrived.
type counter struct {
	mu  sync.Mutex
	got map[string]int
	all int
}

func (c *counter) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.got[r.URL.Query().Get("to")]++
	c.all++
	c.mu.Unlock()
	time.Sleep(40 * time.Millisecond)
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all
}

// TestKilled sends 600 posts while the process is killed again and again: by the order
// of steps of the scheduler, and by the naive one, send and then write it down. The
// first must repeat nothing and lose nothing that is not known to be uncertain; the
// second shows that the test would notice.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a dozen processes")
	}
	for _, naive := range []bool{false, true} {
		t.Run(map[bool]string{false: "intent", true: "naive"}[naive], func(t *testing.T) {
			t.Parallel()
			channels, kills := 600, 5
			if raced {
				channels, kills = 150, 3
			}
			file := filepath.Join(t.TempDir(), "suhbat.db")
			seed(t, file, channels)
			far := &counter{got: make(map[string]int)}
			server := httptest.NewServer(far)
			defer server.Close()
			for i := range kills {
				child(t, file, server.URL, naive, func() bool { return far.count() >= (i+1)*channels/(kills+1) })
			}
			child(t, file, server.URL, naive, func() bool { return planned(t, file) == 0 })
			judge(t, file, far, channels, naive)
		})
	}
}

// seed makes channels with a post that is due.
func seed(t *testing.T, file string, channels int) {
	t.Helper()
	r := &rig{t: t, net: &network{sent: make(map[string]int)}}
	r.must(r.assemble(t.Context(), file, r.net))
	r.subscribe(channels)
	r.must(r.planner.Plan(t.Context()))
	r.must(r.jobs.Close())
	r.must(r.db.Close())
}

// child runs a process until it is to be killed.
func child(t *testing.T, file, address string, naive bool, enough func() bool) {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	cmd.Env = append(os.Environ(), childFile+"="+file, childFile+"_URL="+address)
	if naive {
		cmd.Env = append(cmd.Env, childFile+"_NAIVE=1")
	}
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(60 * time.Second); !enough() && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	_ = cmd.Process.Kill()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
}

// beside opens the database beside the process that uses it.
func beside(t *testing.T, file string) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+file, store.Options{Now: time.Now, Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// planned counts what is due. A database that is too busy to be looked at counts as
// one with work left.
func planned(t *testing.T, file string) int {
	t.Helper()
	time.Sleep(100 * time.Millisecond)
	db, err := store.Open(t.Context(), "sqlite:"+file, store.Options{Now: time.Now, Beside: true})
	if err != nil {
		return 1
	}
	defer db.Close()
	rows, err := db.Select(t.Context(), scheduler.Query{States: []scheduler.State{scheduler.Planned}, Until: time.Now()})
	if err != nil {
		return 1
	}
	return len(rows)
}

// judge compares what has arrived with what is known.
func judge(t *testing.T, file string, far *counter, channels int, naive bool) {
	t.Helper()
	db := beside(t, file)
	defer db.Close()
	rows, err := db.Select(t.Context(), scheduler.Query{Until: time.Now()})
	if err != nil || len(rows) != channels {
		t.Fatal(len(rows), err)
	}
	twice, silent, lost, unsure := 0, 0, 0, 0
	for i := range rows {
		d := &rows[i]
		_, to, _ := strings.Cut(d.Channel, ":")
		n, begun := far.got[to], d.State == scheduler.Sending || d.State == scheduler.Uncertain
		twice += max(0, n-1)
		if begun {
			unsure++
		}
		if n == 0 {
			lost++
			if !begun {
				silent++
			}
		}
	}
	t.Logf("%d posts: %d twice, %d lost, %d of them silently; %d are known to be uncertain", channels, twice, lost, silent, unsure)
	if !naive && (twice > 0 || silent > 0) {
		t.Errorf("%d posts came twice, %d were lost silently", twice, silent)
	}
	if naive && twice == 0 {
		t.Error("the naive order repeats nothing: this test would not notice")
	}
}
