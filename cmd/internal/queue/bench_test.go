package queue_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/scheduler"
)

// BenchmarkDeliver measures how fast posts go out where the network answers at once and
// has no limits, from the planning of their channels to the last one sent. Run it with
// -benchtime=10000x: each is a channel with one post.
func BenchmarkDeliver(b *testing.B) {
	for kind, database := range databases {
		b.Run(kind, func(b *testing.B) { deliver(b, newRig(b, database(b))) })
	}
	b.Run("three replicas", func(b *testing.B) {
		all := replicas(b)
		deliver(b, all[0], all[1:]...)
	})
}

func deliver(b *testing.B, r *rig, others ...*rig) {
	b.Helper()
	r.patience = 10 * time.Minute
	r.subscribe(b.N)
	b.ResetTimer()
	begun, used := time.Now(), cpu(b)
	r.must(r.planner.Plan(b.Context()))
	b.ReportMetric(float64(b.N)/time.Since(begun).Seconds(), "planned/s")
	sending := time.Now()
	r.run()
	for _, other := range others {
		other.run()
	}
	r.await("the posts", func() bool { n, _ := r.net.count(); return n == b.N })
	r.await("their results", func() bool { return r.in(scheduler.Planned, scheduler.Sending) == 0 })
	b.StopTimer()
	b.ReportMetric(float64(b.N)/time.Since(sending).Seconds(), "sent/s")
	b.ReportMetric(float64((cpu(b)-used).Microseconds())/float64(b.N), "cpu-us/op")
	var usage syscall.Rusage
	r.must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	b.ReportMetric(float64(usage.Maxrss)/1024, "MB-peak")
	if posts, most := r.net.count(); posts != b.N || most != 1 || r.in(scheduler.Sent) != b.N {
		b.Errorf("%d posts, one of them %d times, %d known as sent, %d as uncertain; the log:\n%s", posts, most,
			r.in(scheduler.Sent), r.in(scheduler.Uncertain), &r.log)
	}
}

// BenchmarkAnswering measures what the queue costs those who are answered meanwhile: how
// long a note that has to be safe takes, alone, beside an idle queue and beside one that
// sends as fast as it can. Run it with -benchtime=500x or so.
func BenchmarkAnswering(b *testing.B) {
	for _, queued := range []string{"alone", "idle", "busy"} {
		b.Run(queued, func(b *testing.B) {
			r := newRig(b, databases["sqlite"](b))
			if queued == "busy" {
				r.subscribe(5000)
				r.must(r.planner.Plan(b.Context()))
				r.net.took = func(context.Context) error { time.Sleep(50 * time.Millisecond); return nil }
			}
			if queued != "alone" {
				r.run()
				r.await("the plan", func() bool { return r.queue.Ready(b.Context()) == nil })
			}
			r.notes(b)
			if n := r.in(scheduler.Planned); queued == "busy" && n == 0 {
				b.Error("it was not busy all the time: fewer iterations, please")
			}
		})
	}
}

// notes has four people write now and then, and reports how long they waited.
func (r *rig) notes(b *testing.B) {
	var mu sync.Mutex
	var took []time.Duration
	var wg sync.WaitGroup
	const people = 4
	b.ResetTimer()
	for p := range people {
		wg.Go(func() {
			for i := p; i < b.N; i += people {
				begun := time.Now()
				if err := r.db.SetPreference(context.Background(), bot.Address{Network: "telegram", Chat: strconv.Itoa(i)}, bot.Preference{Lang: "ru"}); err != nil {
					b.Error(err)
				}
				mu.Lock()
				took = append(took, time.Since(begun))
				mu.Unlock()
				time.Sleep(10 * time.Millisecond)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	for name, share := range map[string]float64{"ms-median": 0.5, "ms-p99": 0.99, "ms-max": 1} {
		b.ReportMetric(float64(took[int(share*float64(len(took)-1))].Microseconds())/1000, name)
	}
}

func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
