package app

import (
	"context"
	"log/slog"
	"maps"
	"time"

	"golang.org/x/sync/errgroup"

	"suhbat/bot"
	"suhbat/bot/slack"
	"suhbat/bot/telegram"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/trace"
	"suhbat/cmd/internal/web"
	"suhbat/scheduler"

	"github.com/prometheus/client_golang/prometheus"
)

// networks are those that have settings.
type networks struct {
	messengers []bot.Messenger
	// slots are those of networks whose adapters give out their own.
	slots map[string]scheduler.Slots
	// run serves a network until its context is done; take does for one that requests
	// come for.
	run, take []func(context.Context) error
	// drain waits, after that, for answers that are on their way.
	drain []func(context.Context) error
}

// grounds is what an adapter stands on.
type grounds struct {
	settings *settings
	log      *slog.Logger
	core     watchedCore
	db       *store.Store
	chats    bot.Chats
	now      func() time.Time
	admins   map[string]bot.Admins
	site     *web.Site
	metrics  *prometheus.Registry
	tracer   *trace.Tracer
}

// shared returns what replicas share, nil for a process that is alone.
func (g *grounds) shared() (bot.Slots, bot.Locks) {
	if g.db.Shared() {
		return g.db, g.db
	}
	return nil, nil
}

// newNetworks makes the adapters and shows them on the site.
func newNetworks(g *grounds) (*networks, error) {
	n := &networks{slots: make(map[string]scheduler.Slots)}
	if g.settings.telegram.token != "" {
		if err := n.addTelegram(g); err != nil {
			return nil, err
		}
	}
	if g.settings.slack.wanted() {
		if err := n.addSlack(g); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (n *networks) addTelegram(g *grounds) error {
	slots, locks := g.shared()
	tg, err := newTelegram(g.settings, g.log, g.core, g.db.Inbox(telegram.Network), g.chats, slots, locks, g.now, g.tracer)
	if err != nil {
		return err
	}
	g.admins[telegram.Network] = tg
	observeTelegram(g.metrics, tg)
	g.site.Ready = append(g.site.Ready, web.Check{Name: telegram.Network, Ready: func(context.Context) error { return tg.Ready() }})
	if g.settings.telegram.secret == "" {
		leads(g.metrics, "poller", pollsWithin, g.now, tg.LastHeard)
	} else {
		g.site.Doors[telegram.WebhookPath] = tg.Webhook()
	}
	n.messengers = append(n.messengers, g.tracer.Messenger(tg.Messenger()))
	if slots := tg.Messenger().Reserver(); slots != nil {
		n.slots[telegram.Network] = slots
	}
	n.add(tg.Run, g.settings.telegram.secret != "")
	return nil
}

func (n *networks) addSlack(g *grounds) error {
	sl, err := newSlack(g)
	if err != nil {
		return err
	}
	g.admins[slack.Network] = sl
	observeSlack(g.metrics, sl)
	g.site.Ready = append(g.site.Ready, web.Check{Name: slack.Network, Ready: func(context.Context) error { return sl.Ready() }})
	maps.Copy(g.site.Doors, sl.Routes())
	n.messengers = append(n.messengers, g.tracer.Messenger(sl))
	n.add(sl.Run, g.settings.slack.config.AppToken == "")
	n.drain = append(n.drain, sl.Drain)
	return nil
}

// names are those of the networks.
func (n *networks) names() (all []string) {
	for _, m := range n.messengers {
		all = append(all, m.Network())
	}
	return all
}

// add has an adapter run; posted says whether requests come for it.
func (n *networks) add(run func(context.Context) error, posted bool) {
	if posted {
		n.take = append(n.take, run)
	} else {
		n.run = append(n.run, run)
	}
}

// stopTime is how long the whole of stopping may take, but for the database.
const stopTime = 4 * time.Second

// serve runs the networks and what takes in for them until ctx is done, and then gives
// what has come in the time that is left to be answered. Requests are taken for as long
// as linger beyond the end of ctx; all else is left to other replicas at once.
func (n *networks) serve(ctx context.Context, log *slog.Logger, linger time.Duration, beside ...func(context.Context) error) error {
	ending, cancel := outlasting(ctx, linger+stopTime)
	defer cancel()
	group, running := errgroup.WithContext(ctx)
	for _, run := range append(beside, n.run...) {
		group.Go(func() error { return run(running) })
	}
	taking, stop := outlasting(running, linger)
	defer stop()
	for _, take := range n.take {
		group.Go(func() error { return take(taking) })
	}
	err := group.Wait()
	for _, drain := range n.drain {
		if late := drain(ending); late != nil {
			log.WarnContext(ctx, "what is left is answered after the next start", slog.Any("error", late))
		}
	}
	return err
}

// outlasting returns a context that ends some time after ctx.
func outlasting(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return longer, cancel
}
