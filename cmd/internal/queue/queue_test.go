package queue_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/cmd/internal/queue"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/store/storetest"
	"suhbat/facts"
	"suhbat/scheduler"
)

// network is a fake messenger that counts what was sent, by key.
type network struct {
	mu   sync.Mutex
	sent map[string]int
	took func(ctx context.Context) error // what a call does; nil for nothing
}

func (*network) Network() string { return "telegram" }

func (n *network) Send(ctx context.Context, out bot.Outgoing) (string, error) {
	n.mu.Lock()
	n.sent[out.Key]++
	took := n.took
	n.mu.Unlock()
	if took != nil {
		return "1", took(ctx)
	}
	return "1", nil
}

func (n *network) count() (posts, most int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, times := range n.sent {
		most = max(most, times)
	}
	return len(n.sent), most
}

type words struct{}

func (words) Reminder(scheduler.Post) (message.Message, error) { return message.Message{}, nil }

// clock is that of the database.
type clock struct{ *store.Store }

func (clock) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// noon is a zone in which it is about noon now, so that a day lies around every test.
func noon() string {
	if hours := 12 - time.Now().UTC().Hour(); hours != 0 {
		return fmt.Sprintf("Etc/GMT%+d", -hours) // the signs of these names are the other way round
	}
	return "UTC"
}

// assembly is a queue over a store.
type assembly struct {
	db      *store.Store
	jobs    *store.Jobs
	now     func() time.Time // the clock of the process; nil if it is right
	planner *scheduler.Planner
	sender  *scheduler.Sender
	queue   *queue.Queue
	log     bytes.Buffer
	stop    chan struct{}
}

// assemble opens a database and puts a queue on it that sends to a network.
func (a *assembly) assemble(ctx context.Context, url string, network bot.Messenger) (err error) {
	if a.now == nil {
		a.now = time.Now
	}
	if a.db, err = store.Open(ctx, url, store.Options{Now: a.now}); err != nil {
		return err
	}
	calendar, err := today()
	if err != nil {
		return err
	}
	a.planner = &scheduler.Planner{Calendar: calendar, Deliveries: a.db, Subscriptions: a.db, Clock: clock{a.db}}
	a.sender = &scheduler.Sender{Planner: a.planner, Words: words{}, Owner: "test", Messengers: map[string]bot.Messenger{network.Network(): network}}
	if a.jobs, err = a.db.Jobs(); err != nil {
		return err
	}
	return a.renew(ctx)
}

// renew makes another queue, as the next process would.
func (a *assembly) renew(ctx context.Context) (err error) {
	a.stop = make(chan struct{})
	a.sender.Slots = queue.Slots{Slots: &scheduler.Pacer{}, Stopping: a.stop, Now: a.db.Now}
	a.queue, err = queue.New(ctx, queue.Config{
		DB: a.jobs.DB, Pool: a.jobs.Pool, Process: a.db.Process(), Processes: a.db.Processes,
		Sender: a.sender, Now: a.db.Now, Log: slog.New(slog.NewTextHandler(&a.log, nil)), Drain: time.Second,
	})
	return err
}

// today is a calendar of one event, whose tenth anniversary or so is today.
func today() (*scheduler.Calendar, error) {
	zone, err := time.LoadLocation(noon())
	if err != nil {
		return nil, err
	}
	model := "languages: {names: [en], texts: [en]}\ntypes: [{id: event}]\nproperties: [{id: held-on, domain: [event], range: [date]}]\n" +
		"entities: [{id: day, type: event, names: {en: {text: A day}}}]\n" +
		"sources: [{id: page, publisher: P, title: T, language: en, url: \"https://example.org\", checked: 2026-01-01}]\n" +
		"facts:\n  - {id: e, subject: day, property: held-on, value: 2016-" + time.Now().In(zone).Format("01-02") +
		", references: [{source: page}], anniversary: {topic: wps, weight: 1, title: {en: Title}}}\n"
	known, err := facts.Load(fstest.MapFS{"x.yaml": &fstest.MapFile{Data: []byte(model)}})
	if err != nil {
		return nil, err
	}
	return scheduler.NewCalendar(known)
}

// rig is a queue over a real store and a fake network.
type rig struct {
	assembly

	t      testing.TB
	net    *network
	cancel context.CancelFunc
	ended  chan error
	// patience is how long to wait for what should happen; 0 for a minute.
	patience time.Duration
}

// databases are all that the queue has to work on.
var databases = map[string]func(testing.TB) string{
	"sqlite":   func(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "suhbat.db") },
	"postgres": storetest.Database,
}

// onEach runs a test on each database.
func onEach(t *testing.T, test func(t *testing.T, r *rig)) {
	for kind, database := range databases {
		t.Run(kind, func(t *testing.T) { test(t, newRig(t, database(t))) })
	}
}

func newRig(t testing.TB, url string) *rig {
	t.Helper()
	r := &rig{t: t, net: &network{sent: make(map[string]int)}}
	r.open(url)
	return r
}

// open makes what the rig consists of.
func (r *rig) open(url string) {
	r.t.Helper()
	r.must(r.assemble(r.t.Context(), url, r.net))
	r.t.Cleanup(func() {
		if r.cancel != nil {
			r.end()
		}
		r.must(r.jobs.Close())
		r.must(r.db.Close())
	})
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// subscribe makes so many channels whose post was due a minute ago.
func (r *rig) subscribe(channels int) {
	r.t.Helper()
	r.subscribeAt(channels, time.Now().Add(-time.Minute))
}

// subscribeAt makes so many channels whose post is due at a time of today.
func (r *rig) subscribeAt(channels int, due time.Time) {
	r.t.Helper()
	zone, err := time.LoadLocation(noon())
	r.must(err)
	at := due.In(zone).Format("15:04")
	for i := range channels {
		to := bot.Address{Network: "telegram", Chat: strconv.Itoa(i + 1)}
		r.must(r.db.PutSubscription(r.t.Context(), scheduler.Subscription{
			ID: scheduler.IDOf(to), To: to, Since: time.Now().Add(-time.Hour),
			Reminder: bot.Reminder{At: at, Zone: noon(), Ahead: []int{0}},
		}))
	}
}

func (r *rig) run() {
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel, r.ended = cancel, make(chan error, 1)
	go func() { r.ended <- r.queue.Run(ctx) }()
}

// end stops the queue as the program does, and returns how long that took.
func (r *rig) end() time.Duration {
	r.t.Helper()
	begun := time.Now()
	close(r.stop)
	r.cancel()
	r.must(<-r.ended)
	r.cancel = nil
	return time.Since(begun)
}

func (r *rig) await(what string, ok func() bool) {
	r.t.Helper()
	for deadline := time.Now().Add(cmp.Or(r.patience, time.Minute)); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.t.Fatalf("waited in vain for %s; the log:\n%s", what, &r.log)
		}
	}
}

func (r *rig) in(states ...scheduler.State) int {
	r.t.Helper()
	rows, err := r.db.Select(context.Background(), scheduler.Query{States: states, Until: time.Now().Add(24 * time.Hour)})
	r.must(err)
	return len(rows)
}

// TestQueue: what is due is planned and sent at once after the start, once, and the log
// has nothing to say.
func TestQueue(t *testing.T) { onEach(t, testQueue) }

func testQueue(t *testing.T, r *rig) {
	r.subscribe(20)
	if err := r.queue.Ready(t.Context()); err == nil {
		t.Error("ready before anything was planned")
	}
	r.run()
	r.await("the posts", func() bool { return r.in(scheduler.Sent) == 20 })
	r.must(r.queue.Ready(t.Context()))
	r.must(r.queue.Look(t.Context()))
	r.await("another plan", func() bool { depth, _ := r.queue.Depth(t.Context()); return depth["completed"] >= 22 })
	if posts, most := r.net.count(); posts != 20 || most != 1 {
		t.Errorf("%d posts, one of them %d times", posts, most)
	}
	if time.Since(r.queue.Planned()) > time.Minute {
		t.Errorf("planned at %v", r.queue.Planned())
	}
	if took := r.end(); took > 2*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	if r.log.Len() > 0 {
		t.Errorf("the log:\n%s", &r.log)
	}
}

// TestTablesLost: whatever becomes of River's tables, nothing is lost and nothing comes
// twice: the truth is elsewhere.
func TestTablesLost(t *testing.T) { onEach(t, testTablesLost) }

func testTablesLost(t *testing.T, r *rig) {
	r.subscribe(30)
	r.must(r.planner.Plan(t.Context()))
	rows, err := r.db.Select(t.Context(), scheduler.Query{Channel: "telegram:30", Until: time.Now()})
	r.must(err)
	d := rows[0] // another process was sending this one
	d.State, d.Post, d.Epoch, d.IntentAt, d.LeaseUntil = scheduler.Sending, "lost", 1, time.Now().Add(-2*time.Minute), time.Now().Add(-time.Minute)
	d.WakeAt = d.LeaseUntil
	if ok, err := r.db.Swap(t.Context(), []scheduler.Delivery{d}, nil); !ok || err != nil {
		t.Fatal(ok, err)
	}
	r.net.took = func(context.Context) error { time.Sleep(20 * time.Millisecond); return nil }
	r.run()
	r.await("some posts", func() bool { return r.in(scheduler.Sent) > 0 })
	r.drop()
	r.end() // nothing was made again

	r.drop() // and once more, while it is stopped
	r.must(r.renew(t.Context()))
	r.run()
	r.await("all posts", func() bool { return r.in(scheduler.Sent) == 29 && r.in(scheduler.Uncertain) == 1 })
	if posts, most := r.net.count(); posts != 29 || most != 1 {
		t.Errorf("%d posts, one of them %d times", posts, most)
	}
}

// TestTablesMade: tables that are gone when the next plan comes are made again.
func TestTablesMade(t *testing.T) { onEach(t, testTablesMade) }

func testTablesMade(t *testing.T, r *rig) {
	r.run()
	r.await("the first plan", func() bool { return !r.queue.Planned().IsZero() })
	r.drop()
	r.subscribe(3)
	r.must(r.queue.Look(t.Context()))
	r.await("the posts", func() bool { return r.in(scheduler.Sent) == 3 })
	r.end()
}

// drop drops River's tables.
func (r *rig) drop() {
	r.t.Helper()
	for _, table := range []string{"river_job", "river_leader", "river_queue", "river_client_queue", "river_client", "river_migration", "river_notification"} {
		query := "DROP TABLE IF EXISTS " + table
		if r.jobs.Pool != nil {
			query += " CASCADE"
		}
		_, err := r.jobs.DB.ExecContext(context.Background(), query)
		r.must(err)
	}
}

// TestStop: what is being sent is finished, what hangs is uncertain, and nothing new
// begins.
func TestStop(t *testing.T) { onEach(t, testStop) }

func testStop(t *testing.T, r *rig) {
	r.subscribe(100)
	hang := make(chan struct{})
	r.net.took = func(ctx context.Context) error {
		select {
		case <-hang:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	r.run()
	r.await("calls", func() bool { n, _ := r.net.count(); return n == 32 })
	if took := r.end(); took > 4*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	if n, _ := r.net.count(); n != 32 {
		t.Errorf("%d calls", n)
	}
	if planned, unsure := r.in(scheduler.Planned), r.in(scheduler.Uncertain); planned != 68 || unsure != 32 {
		t.Errorf("%d planned, %d uncertain", planned, unsure)
	}
}
