package queue_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"suhbat/cmd/internal/store/storetest"
	"suhbat/scheduler"
)

// replicas are three processes that share a database and a network. Their clocks are ten
// minutes apart.
func replicas(t *testing.T) []*rig {
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
