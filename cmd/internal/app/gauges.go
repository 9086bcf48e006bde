package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"suhbat/scheduler"
)

const (
	// gaugesOver is how far back reminders are counted, gaugesLast how long a count
	// holds, and gaugesWait how long it may take.
	gaugesOver = 8 * 24 * time.Hour
	gaugesLast = 10 * time.Second
	gaugesWait = 3 * time.Second
)

// gauge is a metric of the reminders; its label is empty for none.
func gauge(name, help, label string) *prometheus.Desc {
	var labels []string
	if label != "" {
		labels = []string{label}
	}
	return prometheus.NewDesc(prometheus.BuildFQName("suhbat", "reminders", name), help, labels, nil)
}

var (
	gaugeLag      = gauge("due_lag_seconds", "How long the oldest reminder that should have been looked at waits.", "")
	gaugeStates   = gauge("deliveries", "Reminders that were due in the last eight days.", "state")
	gaugeSkipped  = gauge("skipped", "Reminders of the last eight days that were not sent.", "reason")
	gaugeSending  = gauge("sending_seconds", "How long the oldest reminder that is being sent is on its way.", "")
	gaugePlanned  = gauge("planned_timestamp_seconds", "When all channels were planned last, in seconds since 1970; 0 if never.", "")
	gaugeJobs     = gauge("queue_jobs", "Jobs of the queue.", "state")
	reminderGauge = []*prometheus.Desc{gaugeLag, gaugeStates, gaugeSkipped, gaugeSending, gaugePlanned, gaugeJobs}
)

// jobStates are those of a job that is not over
// (riverqueue.com/docs/job-lifecycle), and "discarded", which a job should never be.
var jobStates = []string{"available", "scheduled", "running", "retryable", "pending", "discarded"}

// gauges collects them, when asked.
type gauges struct {
	*reminders

	mu     sync.Mutex
	at     time.Time
	health scheduler.Health
	jobs   map[string]int
}

func (r *reminders) observe(registry *prometheus.Registry) {
	registry.MustRegister(&gauges{reminders: r})
	leads(registry, "planner", plansWithin, r.now, r.queue.Planned)
	r.sender.Slots = newWaits(registry, r.sender.Slots)
}

// Describe implements [prometheus.Collector].
func (*gauges) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range reminderGauge {
		to <- desc
	}
}

// Collect implements [prometheus.Collector].
func (g *gauges) Collect(to chan<- prometheus.Metric) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count()
	set := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	set(gaugeLag, g.health.Lag.Seconds())
	set(gaugeSending, g.health.Running.Seconds())
	for _, state := range scheduler.States {
		set(gaugeStates, float64(g.health.Count[state]), string(state))
	}
	for _, reason := range []scheduler.Reason{scheduler.Late, scheduler.Config, scheduler.ByAdmin} { // all that skip
		set(gaugeSkipped, float64(g.health.Reasons[reason]), string(reason))
	}
	for _, state := range jobStates {
		set(gaugeJobs, float64(g.jobs[state]), state)
	}
	planned := 0.0
	if at := g.queue.Planned(); !at.IsZero() {
		planned = float64(at.UnixMilli()) / 1000
	}
	set(gaugePlanned, planned)
}

// count counts anew, unless that was done a moment ago.
func (g *gauges) count() {
	now := g.now()
	if now.Sub(g.at).Abs() < gaugesLast {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), gaugesWait)
	defer cancel()
	health, err := g.sender.Health(ctx, now.Add(-gaugesOver))
	if err == nil {
		g.health = health
		g.jobs, err = g.queue.Depth(ctx)
	}
	if err != nil {
		g.log.WarnContext(ctx, "reminders could not be counted", slog.Any("error", err))
		return
	}
	g.at = now
}
