package queue_test

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/queue"
	"suhbat/cmd/internal/store/storetest"
	"suhbat/scheduler"
)

// replicas are three processes that share a database and a network. Their clocks are ten
// minutes apart.
func replicas(t testing.TB) []*rig {
	t.Helper()
	url := storetest.Database(t)
	all := make([]*rig, 3)
	for i := range all {
		all[i] = &rig{t: t, net: &network{sent: make(map[string]int)}}
		if i > 0 {
			all[i].net = all[0].net
		}
		wrong := time.Duration(i-1) * 10 * time.Minute
		all[i].now = func() time.Time { return time.Now().Add(wrong) }
		all[i].open(url)
		all[i].sender.Owner = "process " + strconv.Itoa(i)
	}
	return all
}

// TestReplicas: three processes send what is due, each post once and at its time, whatever
// their own clocks say, and make one plan a minute together.
func TestReplicas(t *testing.T) {
	const channels = 150
	all := replicas(t)
	all[0].subscribe(channels)
	all[0].net.took = func(context.Context) error { time.Sleep(20 * time.Millisecond); return nil }
	for _, r := range all {
		r.run()
	}
	all[0].await("the posts", func() bool { return all[0].in(scheduler.Sent) == channels })
	if posts, most := all[0].net.count(); posts != channels || most != 1 {
		t.Errorf("%d posts, one of them %d times", posts, most)
	}
	owners := make(map[string]int)
	rows, err := all[1].db.Select(t.Context(), scheduler.Query{States: []scheduler.State{scheduler.Sent}})
	all[0].must(err)
	for _, d := range rows {
		owners[d.Owner]++
		if off := time.Since(d.SentAt).Abs(); off > time.Minute {
			t.Errorf("%s was sent %v ago, by the clock of %s", d.Key, off, d.Owner)
		}
	}
	t.Logf("sent by %v", owners)
	for _, r := range all {
		r.must(r.queue.Ready(t.Context()))
		if r.log.Len() > 0 {
			t.Errorf("the log:\n%s", &r.log)
		}
	}
	all[0].oncePerMinute()
}

// oncePerMinute looks whether a minute has got more than one plan.
func (r *rig) oncePerMinute() {
	r.t.Helper()
	var most int
	r.must(r.jobs.DB.QueryRowContext(context.Background(), `SELECT COALESCE(MAX(n), 0) FROM
		(SELECT COUNT(*) AS n FROM river_job WHERE kind = 'plan' AND args ? 'minute' GROUP BY args ->> 'minute') AS plans`).Scan(&most))
	if most > 1 {
		r.t.Errorf("%d plans of one minute", most)
	}
}

// stuck are slots for which each place waits once, until something is over.
type stuck struct {
	scheduler.Slots

	over   chan struct{}
	waited sync.Map
}

func (s *stuck) Reserve(ctx context.Context, to bot.Address, now time.Time) (time.Time, bool, error) {
	if _, again := s.waited.LoadOrStore(to, true); !again {
		<-s.over
		return time.Time{}, false, queue.ErrStopping
	}
	return s.Slots.Reserve(ctx, to, now)
}

// TestTakenByTheDead: channels that a process was looking at when it was killed are
// looked at by others within seconds, though nothing else is queued for them.
func TestTakenByTheDead(t *testing.T) {
	const channels = 20
	all := replicas(t)
	held := &stuck{Slots: all[0].sender.Slots, over: make(chan struct{})}
	all[0].sender.Slots = held
	t.Cleanup(func() { close(held.over) }) // before all is closed
	all[0].subscribe(channels)
	all[0].run()
	all[0].await("the looks", func() bool {
		var n int
		all[0].must(all[0].jobs.DB.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM river_job WHERE kind = 'look' AND state = 'running'").Scan(&n))
		return n == channels
	})
	_, err := all[0].jobs.DB.ExecContext(t.Context(), "UPDATE river_job SET attempted_by = '{gone}' WHERE kind = 'look'")
	all[0].must(err)
	begun := time.Now()
	all[1].run()
	all[1].await("the posts", func() bool { return all[1].in(scheduler.Sent) == channels })
	t.Logf("sent %v after the others ran", time.Since(begun))
	if posts, most := all[0].net.count(); posts != channels || most != 1 {
		t.Errorf("%d posts, one of them %d times", posts, most)
	}
}

// TestTooSoon: a process whose clock is ten minutes fast posts nothing ten minutes early.
func TestTooSoon(t *testing.T) {
	r := replicas(t)[2]
	r.subscribeAt(3, time.Now().Add(5*time.Minute))
	r.run()
	r.await("the plan", func() bool { return !r.queue.Planned().IsZero() && r.in(scheduler.Planned) == 3 })
	time.Sleep(300 * time.Millisecond)
	if posts, _ := r.net.count(); posts > 0 {
		t.Errorf("%d posts five minutes early", posts)
	}
}

// TestMigratedAtOnce: processes that start at once on an empty database make the queue's
// tables once, and one that starts later leaves them as they are.
func TestMigratedAtOnce(t *testing.T) {
	all := replicas(t) // opened one after the other; now at once
	all[0].drop()
	done := make(chan error)
	for _, r := range all {
		go func() { done <- r.renew(t.Context()) }()
	}
	for range all {
		all[0].must(<-done)
	}
	_, err := all[0].jobs.DB.ExecContext(t.Context(), `INSERT INTO river_job (args, kind, max_attempts, queue, state) VALUES ('{}', 'kept', 1, 'q', 'available')`)
	all[0].must(err)
	all[1].must(all[1].renew(t.Context()))
	depth, err := all[1].queue.Depth(t.Context())
	all[1].must(err)
	if depth["available"] != 1 {
		t.Errorf("got %v: the jobs of others are gone", depth)
	}
}
