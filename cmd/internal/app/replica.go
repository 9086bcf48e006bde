package app

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
	"suhbat/scheduler"
)

// This file has the metrics that tell replicas apart, and what all of them share.

// observeBuild shows which build this is, as a metric that is always 1.
func observeBuild(r *prometheus.Registry) {
	labels := prometheus.Labels{"version": "unknown", "revision": "unknown", "goversion": "unknown"}
	if info, ok := debug.ReadBuildInfo(); ok {
		labels["version"], labels["goversion"] = info.Main.Version, info.GoVersion
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				labels["revision"] = s.Value
			}
		}
	}
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: "suhbat", Name: "build_info", Help: "Which build this is; always 1.", ConstLabels: labels,
	}, func() float64 { return 1 }))
}

// leads shows what this replica does for all: a role is its own if it did it lately.
func leads(r *prometheus.Registry, role string, within time.Duration, now, last func() time.Time) {
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: "suhbat", Subsystem: "replica", Name: "leads", ConstLabels: prometheus.Labels{"role": role},
		Help: "1 if this replica did lately what one does for all: poller asks Telegram for updates, planner plans reminders.",
	}, func() float64 {
		if at := last(); !at.IsZero() && now().Sub(at) < within {
			return 1
		}
		return 0
	}))
}

// How lately a replica has done what one of all does.
const (
	pollsWithin = 2 * time.Minute                // a poll lasts 50 seconds
	plansWithin = 2*time.Minute + 30*time.Second // it plans every minute
)

// waits measures how long a reminder waits for its turn to be sent.
type waits struct {
	scheduler.Slots

	seconds *prometheus.HistogramVec
}

func newWaits(r *prometheus.Registry, inner scheduler.Slots) waits {
	w := waits{inner, prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "suhbat", Subsystem: "reminders", Name: "slot_wait_seconds",
		Help:    "How far away the slot was that a reminder asked for; those beyond a few seconds are asked for again.",
		Buckets: []float64{0, .05, .25, 1, 2.5, 5, 15, 60},
	}, []string{"network"})}
	r.MustRegister(w.seconds)
	return w
}

// Reserve implements [scheduler.Slots].
func (w waits) Reserve(ctx context.Context, to bot.Address, now time.Time) (time.Time, bool, error) {
	at, ok, err := w.Slots.Reserve(ctx, to, now)
	if err == nil {
		w.seconds.WithLabelValues(to.Network).Observe(max(0, at.Sub(now).Seconds()))
	}
	return at, ok, err
}

var (
	gaugeOpen   = prometheus.NewDesc("suhbat_inbox_open", "What came in and is not answered yet, as far as it was written down; all replicas tell the same.", []string{"network"}, nil)
	gaugeOldest = prometheus.NewDesc("suhbat_inbox_oldest_seconds", "How long the oldest of it waits; 0 if there is none.", []string{"network"}, nil)
)

// inboxes collects how much of what came in is not finished.
type inboxes struct {
	db       *store.Store
	networks []string
	now      func() time.Time
	log      *slog.Logger

	mu   sync.Mutex
	at   time.Time
	open map[string]waiting
}

// waiting is how much waits in an inbox, and since when.
type waiting struct {
	n      int
	oldest time.Time
}

// Describe implements [prometheus.Collector].
func (*inboxes) Describe(to chan<- *prometheus.Desc) {
	to <- gaugeOpen
	to <- gaugeOldest
}

// Collect implements [prometheus.Collector].
func (i *inboxes) Collect(to chan<- prometheus.Metric) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.now()
	if now.Sub(i.at).Abs() >= gaugesLast {
		i.count(now)
	}
	for network, w := range i.open {
		since := 0.0
		if !w.oldest.IsZero() {
			since = max(0, now.Sub(w.oldest).Seconds())
		}
		to <- prometheus.MustNewConstMetric(gaugeOpen, prometheus.GaugeValue, float64(w.n), network)
		to <- prometheus.MustNewConstMetric(gaugeOldest, prometheus.GaugeValue, since, network)
	}
}

func (i *inboxes) count(now time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), gaugesWait)
	defer cancel()
	open := make(map[string]waiting)
	for _, network := range i.networks {
		var w waiting
		var err error
		if w.n, w.oldest, err = i.db.Inbox(network).Waiting(ctx); err != nil {
			i.log.WarnContext(ctx, "what waits in the inbox could not be counted", slog.Any("error", err))
			return
		}
		open[network] = w
	}
	i.open, i.at = open, now
}
