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
	"strings"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
	"suhbat/scheduler"
)

// childURL is the setting that makes the test binary send until it is killed.
const childURL = "SUHBAT_TEST_QUEUE"

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		if err := sendForever(url, os.Getenv(childURL+"_URL"), os.Getenv(childURL+"_NAIVE") != ""); err != nil {
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
func sendForever(url, address string, naive bool) error {
	var a assembly
	ctx := context.Background()
	if err := a.assemble(ctx, url, remote{address}); err != nil {
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
	for kind, database := range databases {
		for _, naive := range []bool{false, true} {
			if naive && kind != "sqlite" {
				continue // one shows it
			}
			t.Run(kind+"/"+map[bool]string{false: "intent", true: "naive"}[naive], func(t *testing.T) {
				t.Parallel()
				testKilled(t, database(t), naive)
			})
		}
	}
}

// testKilled has a second process go on all the time where the database can be shared.
func testKilled(t *testing.T, database string, naive bool) {
	channels, kills := 600, 5
	if raced {
		channels, kills = 150, 3
	}
	seed(t, database, channels)
	far := &counter{got: make(map[string]int)}
	server := httptest.NewServer(far)
	defer server.Close()
	if strings.HasPrefix(database, "postgres") {
		other := startChild(t, database, server.URL, naive)
		defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	}
	for i := range kills {
		child(t, database, server.URL, naive, func() bool { return far.count() >= (i+1)*channels/(kills+1) })
	}
	child(t, database, server.URL, naive, func() bool { return planned(t, database) == 0 })
	judge(t, database, far, channels, naive)
}

// seed makes channels with a post that is due.
func seed(t *testing.T, url string, channels int) {
	t.Helper()
	r := &rig{t: t, net: &network{sent: make(map[string]int)}}
	r.must(r.assemble(t.Context(), url, r.net))
	r.subscribe(channels)
	r.must(r.planner.Plan(t.Context()))
	r.must(r.jobs.Close())
	r.must(r.db.Close())
}

// child runs a process until it is to be killed.
func child(t *testing.T, url, address string, naive bool, enough func() bool) {
	t.Helper()
	cmd := startChild(t, url, address, naive)
	for deadline := time.Now().Add(60 * time.Second); !enough() && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	_ = cmd.Process.Kill()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
}

func startChild(t *testing.T, url, address string, naive bool) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	cmd.Env = append(os.Environ(), childURL+"="+url, childURL+"_URL="+address)
	if naive {
		cmd.Env = append(cmd.Env, childURL+"_NAIVE=1")
	}
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// beside opens the database beside the process that uses it.
func beside(t *testing.T, url string) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), url, store.Options{Now: time.Now, Beside: true})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// planned counts what is due. A database that is too busy to be looked at counts as
// one with work left.
func planned(t *testing.T, url string) int {
	t.Helper()
	time.Sleep(100 * time.Millisecond)
	db, err := store.Open(t.Context(), url, store.Options{Now: time.Now, Beside: true})
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
func judge(t *testing.T, url string, far *counter, channels int, naive bool) {
	t.Helper()
	db := beside(t, url)
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
