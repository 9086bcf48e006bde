package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/app"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/store/storetest"
	"suhbat/scheduler"
)

// skewed is the program on a machine whose clock is wrong by SKEW.
func skewed() {
	skew, err := time.ParseDuration(os.Getenv("SKEW"))
	if err != nil {
		panic(err)
	}
	os.Exit(app.Main(app.Process{
		Args: os.Args[1:], In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv,
		Now: func() time.Time { return time.Now().Add(skew) },
	}))
}

// long skips a test that takes too long for every change.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("SUHBAT_TEST_LONG") == "" {
		t.Skip("it takes minutes: set SUHBAT_TEST_LONG=1")
	}
}

// fleet is several replicas of the program with one PostgreSQL, each by a way of its own
// that can be broken, behind a load balancer.
type fleet struct {
	t       *testing.T
	server  *storetest.Server // its own, if it has one
	address string            // of the server
	url     string            // of the database
	mu      sync.Mutex        // of all, which grows while the balancer looks
	all     []*replica
	balance *balancer
}

// replicas are those that there are.
func (f *fleet) replicas() []*replica {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.all)
}

// replica is one of them.
type replica struct {
	*service

	link *storetest.Link
}

// newFleet prepares n replicas.
func newFleet(t *testing.T, n int, env map[string]string) *fleet {
	t.Helper()
	return fleetOn(t, nil, n, env)
}

// fleetOn prepares n replicas on a server that may be stopped, or on one that other tests
// use as well.
func fleetOn(t *testing.T, server *storetest.Server, n int, env map[string]string) *fleet {
	t.Helper()
	f := &fleet{t: t, server: server}
	if server != nil {
		f.url = server.Database(t)
	} else {
		f.url = storetest.Database(t)
	}
	at, err := url.Parse(f.url)
	if err != nil {
		t.Fatal(err)
	}
	f.address = at.Host
	f.balance = newBalancer(f)
	for range n {
		f.add(env)
	}
	return f
}

// add prepares one more.
func (f *fleet) add(env map[string]string) *replica {
	f.t.Helper()
	r := &replica{newService(f.t, env), storetest.Proxy(f.t, f.address)}
	r.env["SUHBAT_DATABASE_URL"], r.leave = r.link.URL(f.url), 3*time.Second
	f.mu.Lock()
	f.all = append(f.all, r)
	f.mu.Unlock()
	return r
}

// run starts all of them and waits until they are ready.
func (f *fleet) run() {
	f.t.Helper()
	for _, r := range f.all {
		r.start()
	}
	for _, r := range f.all {
		r.awaitReady(0)
	}
}

// stop ends those that run.
func (f *fleet) stop() {
	f.t.Helper()
	for _, r := range f.all {
		if r.cmd.ProcessState == nil {
			r.stop()
		}
	}
}

// polls reports whether a replica has said last that it looks after the bot.
func (r *replica) polls() bool {
	out := r.out.String()
	return strings.LastIndex(out, "this replica looks after the bot") > strings.LastIndex(out, "does not look after the bot any more")
}

// poller is the replica that polls; nil for none.
func (f *fleet) poller() *replica {
	for _, r := range f.all {
		if r.cmd != nil && r.cmd.ProcessState == nil && r.polls() {
			return r
		}
	}
	return nil
}

func (f *fleet) awaitPoller() *replica {
	f.t.Helper()
	f.all[0].await("a replica that polls", func() bool { return f.poller() != nil })
	return f.poller()
}

// database does something to the database.
func (f *fleet) database(do func(*store.Store) error) {
	f.t.Helper()
	db, err := store.Open(context.Background(), f.url, store.Options{Now: time.Now})
	if err == nil {
		err = do(db)
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

// subscribe writes subscriptions down whose posts of today were due some time ago.
func (f *fleet) subscribe(ago time.Duration, places ...bot.Address) {
	f.t.Helper()
	f.database(func(db *store.Store) error {
		for _, to := range places {
			sub := scheduler.Subscription{
				ID: scheduler.IDOf(to), To: to, Since: time.Now().Add(-24 * time.Hour),
				Reminder: bot.Reminder{At: local(f.t, noon()).Add(-ago).Format("15:04"), Zone: noon(), Lang: "en", Ahead: []int{0}, Topics: []string{"wps"}},
			}
			if err := db.PutSubscription(context.Background(), sub); err != nil {
				return err
			}
		}
		return nil
	})
}

// deliveries runs `suhbat deliveries` and returns what it writes.
func (f *fleet) deliveries(args ...string) string {
	f.t.Helper()
	cmd := exec.Command("suhbat", append([]string{"deliveries"}, args...)...)
	cmd.Env = append(os.Environ(), "SUHBAT_FACTS="+f.all[0].env["SUHBAT_FACTS"], "SUHBAT_DATABASE_URL="+f.url)
	out, err := cmd.CombinedOutput()
	if err != nil {
		f.t.Fatalf("deliveries %v: %v: %s", args, err, out)
	}
	return string(out)
}

// in counts the reminders of today in a state.
func (f *fleet) in(state scheduler.State) int {
	f.t.Helper()
	return strings.Count(f.deliveries("list", "--state", string(state), "--most", "10000"), "test-today|"+strconv.Itoa(local(f.t, noon()).Year()))
}

// balancer sends requests to those replicas that say they are ready, in turn. It looks
// every few moments, as load balancers do.
type balancer struct {
	fleet  *fleet
	socket *httptest.Server
	next   atomic.Int64
	ready  atomic.Pointer[[]string]
	failed atomic.Int64
	taken  atomic.Int64

	mu  sync.Mutex
	why map[string]int
}

// looks is how often it looks.
const looks = 50 * time.Millisecond

func newBalancer(f *fleet) *balancer {
	b := &balancer{fleet: f, why: make(map[string]int)}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: b.choose()})
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			b.taken.Add(1)
			if r.StatusCode >= http.StatusInternalServerError {
				b.fail(r.Request.URL.Host + ": " + r.Status)
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			b.fail(fmt.Sprint(r.URL.Host, ": ", err))
			w.WriteHeader(http.StatusBadGateway)
		},
	}
	b.socket = httptest.NewServer(proxy)
	b.ready.Store(new([]string))
	ctx, cancel := context.WithCancel(context.Background())
	go b.look(ctx)
	f.t.Cleanup(func() {
		cancel()
		b.socket.Close()
	})
	return b
}

func (b *balancer) fail(why string) {
	b.failed.Add(1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.why[why]++
}

func (b *balancer) choose() string {
	all := *b.ready.Load()
	if len(all) == 0 {
		return "127.0.0.1:1" // nobody is there
	}
	return all[int(b.next.Add(1))%len(all)]
}

func (b *balancer) look(ctx context.Context) {
	client := &http.Client{Timeout: 3 * time.Second}
	for ctx.Err() == nil {
		var ready []string
		for _, r := range b.fleet.replicas() {
			address, _ := r.at.Load().(string)
			if address == "" {
				continue
			}
			resp, err := client.Get("http://" + address + "/readyz")
			if err == nil {
				_ = resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					ready = append(ready, address)
				}
			}
		}
		b.ready.Store(&ready)
		time.Sleep(looks)
	}
}

// telegramPlaces are the addresses of chats by their ids.
func telegramPlaces(ids ...int64) (all []bot.Address) {
	for _, id := range ids {
		all = append(all, bot.Address{Network: "telegram", Chat: strconv.FormatInt(id, 10)})
	}
	return all
}

// with is an environment with more in it.
func with(env map[string]string, more ...string) map[string]string {
	all := maps.Clone(env)
	for i := 0; i+1 < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}
