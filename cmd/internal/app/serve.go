package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/spf13/cobra"

	"suhbat/bot"
	"suhbat/bot/slack"
	"suhbat/bot/telegram"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/trace"
	"suhbat/cmd/internal/web"
)

const aboutServe = `serve answers on Telegram, on Slack or on both until it is stopped. It is set up by
the environment; docs/operators.md lists the settings. Telegram needs
TELEGRAM_BOT_TOKEN, the token that @BotFather gave, or TELEGRAM_BOT_TOKEN_FILE, a
file that holds it. Slack needs SLACK_BOT_TOKEN and either SLACK_APP_TOKEN or
SLACK_SIGNING_SECRET, or what many workspaces need; docs/slack.md tells which.

It also posts reminders of anniversaries: SUHBAT_SUBSCRIPTIONS names a file that says
where and when; docs/reminders.md tells of it.

What it keeps is in one SQLite file, suhbat.db by default, or in a PostgreSQL database
that several processes share (SUHBAT_DATABASE_URL). SIGTERM or Ctrl-C stop it: what is on its way is sent, and what is left is answered or posted after the next
start.`

func newServe(o *options) *cobra.Command {
	return &cobra.Command{
		Use:     "serve",
		Short:   "answer on Telegram and Slack, until stopped",
		Long:    aboutServe,
		Example: "  TELEGRAM_BOT_TOKEN_FILE=token suhbat serve",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			s, err := readSettings(o.process)
			if err != nil {
				return err
			}
			if err = o.serve(ctx, &s); ctx.Err() != nil && errors.Is(err, context.Canceled) {
				return nil // it was stopped before it had begun
			}
			return err
		},
	}
}

// serve puts the service together and runs it until ctx is done or a part of it
// cannot go on. Whatever is wrong with the settings is found before anything is opened.
func (o *options) serve(ctx context.Context, s *settings) (err error) {
	log := newLog(o.process.Err, s)
	s.traces.Version, s.traces.Log = buildVersion(), log
	tracer, err := trace.New(ctx, s.traces)
	if err != nil {
		return err
	}
	defer tracer.Close(ctx)
	log = slog.New(tracer.Log(log.Handler()))
	parts, err := o.loadParts()
	if err != nil {
		return err
	}
	tick := o.process.Now
	now := func() time.Time { return tick() }
	plans, err := newReminders(ctx, parts, now, log)
	if err != nil {
		return err
	}
	file, err := plans.file(s.subscriptions)
	if err != nil {
		return err
	}
	db, err := openStore(ctx, s.database, store.Options{Now: o.process.Now, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if db.Shared() { // all replicas go by the database's clock, in the zone of the program
		tick = func() time.Time { return db.Now().In(o.process.Now().Location()) }
	}
	ports := bot.Ports{
		Talks: db, Preferences: db, Notebook: db, Operators: s.admins, Admins: make(map[string]bot.Admins),
		Reminders: plans.reminding(), Posts: plans.sender.Posts(),
	}
	prefix, forms := bot.WithPrefix(slack.Network, s.slack.command+" "), bot.WithForms(slack.Network)
	if err := parts.think(bot.WithPorts(ports), bot.WithReplies(), bot.WithVersion(buildVersion()), bot.WithCalendar(s.publicURL), prefix, forms); err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return fmt.Errorf("%s: %w", envListen, err)
	}
	doors := map[string]http.Handler{calendarPath: &calendars{parts: parts, since: now()}}
	staying := func(context.Context) error { return ctx.Err() }
	site := web.Site{Log: log, Doors: doors, Ready: []web.Check{{Name: "stopping", Ready: staying}, {Name: "store", Ready: db.Ping}}}
	registry := newRegistry()
	site.Metrics = registry
	nets, err := newNetworks(&grounds{
		s, log, watchedCore{parts.core, tracer.Handler(parts.core)}, db, chats{db, plans}, now, ports.Admins, &site, registry, tracer,
	})
	if err != nil {
		return err
	}
	plans.sender.Watch = tracer.Watch()
	if err := plans.open(ctx, db, s.admins, nets); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plans.close()) }()
	plans.observe(registry)
	registry.MustRegister(&inboxes{db: db, networks: nets.names(), now: now, log: log})
	site.Ready = append(site.Ready, web.Check{Name: "reminders", Ready: plans.queue.Ready})
	o.settleHeap()
	log.InfoContext(ctx, "serving", slog.String("address", listener.Addr().String()), slog.String("version", buildVersion()))
	return nets.serve(ctx, log, s.drain,
		func(ctx context.Context) error {
			return web.Serve(ctx, listener, web.Handler(site), s.drain, drainTime)
		},
		func(ctx context.Context) error { return plans.run(ctx, file) })
}

// servingGC lets the heap grow to two and a half times what is alive before it is looked
// through: some ten megabytes where people ask about everything, and the whole process, of
// which the program itself is 27 MB, is to stay below 60. Five times would spare a
// microsecond of each answer, or five of one that nobody had before. heapLimit bounds it
// where more is alive.
const (
	servingGC = 150
	heapLimit = 96 << 20
)

// settleHeap ends what loading has made of the heap, and sets what is right from then
// on, unless the operator has. Pools keep what is in them for one collection more, and a
// heap that is measured with that grows to thrice its right size at first: hence two.
func (o *options) settleHeap() {
	runtime.GC()
	runtime.GC()
	if o.process.Getenv("GOGC") == "" {
		debug.SetGCPercent(servingGC)
	}
	if o.process.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapLimit)
	}
}

// openStore opens the database; what is wrong with it is said with the setting's name.
func openStore(ctx context.Context, url string, opts store.Options) (*store.Store, error) {
	db, err := store.Open(ctx, url, opts)
	if errors.Is(err, store.ErrURL) {
		return nil, usagef("%s: %s", envDatabase, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", envDatabase, err)
	}
	return db, nil
}

// drainTime is how long requests that have begun may take when the program stops.
const drainTime = 3 * time.Second

func newTelegram(s *settings, log *slog.Logger, core telegram.Core, inbox bot.Inbox, places bot.Chats, slots bot.Slots, locks bot.Locks, now func() time.Time, tracer *trace.Tracer) (*telegram.Telegram, error) {
	return telegram.New(telegram.Config{
		Token: s.telegram.token, APIURL: s.telegram.api, WebhookSecret: s.telegram.secret, PublicURL: s.publicURL,
		Unlimited: s.telegram.unlimited, Slots: slots, Locks: locks, Now: now, Log: log, Watch: tracer.Watch(),
		Transport: tracer.Transport(telegramCall),
	}, core, inbox, places)
}

// newLog logs as text or as JSON, one line for each thing that happened.
func newLog(w io.Writer, s *settings) *slog.Logger {
	opts := &slog.HandlerOptions{Level: s.level}
	if s.log == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// newRegistry has what the language and the process say of themselves.
func newRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	observeBuild(r)
	return r
}

// counter is a number that an adapter counts, and what it counts.
type counter struct {
	help  string
	count interface{ Load() int64 }
}

// count shows what a network counts, by the name of the metric.
func count(r *prometheus.Registry, network string, all map[string]counter) {
	for name, c := range all {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: "suhbat", Subsystem: network, Name: name + "_total", Help: "Number of " + c.help + "."},
			func() float64 { return float64(c.count.Load()) }))
	}
}

// observeTelegram shows what is counted of Telegram.
func observeTelegram(r *prometheus.Registry, t *telegram.Telegram) {
	s := t.Stats()
	count(r, telegram.Network, map[string]counter{
		"updates":    {"updates that were new", &s.Updates},
		"poison":     {"updates that could not be read", &s.Poison},
		"duplicates": {"updates that had been answered before", &s.Duplicates},
		"answers":    {"answers that were sent", &s.Answers},
		"repeated":   {"answers that may have been sent twice, because of a crash or a lost connection", &s.Repeated},
		"lost":       {"answers that could not be sent", &s.Lost},
		"failures":   {"updates that failed for a mistake of the program", &s.Failures},
		"forged":     {"posts to the webhook without its secret", &s.Forged},
		"conflicts":  {"polls that another instance or a webhook kept from happening", &s.Conflicts},
		"flooded":    {"questions over the measure of one chat", &s.Flooded},
	})
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "suhbat", Subsystem: "telegram", Name: "heard_timestamp_seconds", Help: "When Telegram was heard last, in seconds since 1970; 0 if never."},
		func() float64 {
			if at := t.LastHeard(); !at.IsZero() {
				return float64(at.UnixMilli()) / 1000
			}
			return 0
		}))
}
