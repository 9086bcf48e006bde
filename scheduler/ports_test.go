package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/facts"
	"suhbat/scheduler"
)

// errPlayed is an error that the world made. errAway is one that a database makes as long
// as it is away.
var (
	errPlayed = errors.New("played")
	errAway   = errors.Join(errPlayed, bot.ErrAway)
)

// ports are what a process sees of the world.
type ports struct{ r *replica }

// Now implements [scheduler.Clock].
func (p ports) Now() time.Time { return p.r.w.now.Add(p.r.offset) }

// Sleep implements [scheduler.Clock].
func (p ports) Sleep(_ context.Context, d time.Duration) error {
	p.r.w.sleep(p.r.w.current, d)
	return nil
}

// Select implements [scheduler.Deliveries].
func (p ports) Select(ctx context.Context, q scheduler.Query) ([]scheduler.Delivery, error) {
	p.r.w.step("select")
	rows, err := p.r.w.store.Select(ctx, q)
	for i, d := range rows {
		if o, ok := p.r.overlay[d.Key]; ok {
			rows[i] = o
		}
	}
	return rows, err
}

// Swap implements [scheduler.Deliveries].
func (p ports) Swap(ctx context.Context, rows []scheduler.Delivery, c *scheduler.Cursor) (bool, error) {
	w := p.r.w
	point := w.swapping(ctx, rows, c)
	t := w.step(point)
	if err := w.noSpace(t); err != nil {
		return false, err
	}
	rows = slices.Clone(rows)
	for i := range rows {
		if o, ok := p.r.overlay[rows[i].Key]; ok && rows[i].Version == o.Version {
			rows[i].Version--
			delete(p.r.overlay, rows[i].Key)
		}
	}
	if w.mutant == "no intent record" && c == nil && len(rows) > 0 && rows[0].State == scheduler.Sending {
		for _, d := range rows {
			d.Version++
			p.r.overlay[d.Key] = d
		}
		t.window = true
		return true, nil
	}
	moves := w.moves(ctx, rows)
	ok, err := w.store.Swap(ctx, rows, c)
	if ok {
		for _, m := range moves {
			w.reached[m]++
		}
	}
	if ok && c == nil && len(rows) > 0 {
		t.window = rows[0].State == scheduler.Sending
	}
	w.done(t, point)
	if ok && w.disk && w.chance(lostAnswer) {
		if t.window {
			w.window++
		}
		return false, fmt.Errorf("the connection was lost: %w", errAway)
	}
	return ok, err
}

// swapping names a change of rows by one of the changes of state in it.
func (w *world) swapping(ctx context.Context, rows []scheduler.Delivery, c *scheduler.Cursor) string {
	if len(rows) == 0 {
		return "swap cursor"
	}
	by, n := "swap", 0
	if c != nil {
		by, n = "plan", w.rng.IntN(len(rows))
	}
	return by + " " + w.moves(ctx, rows[n:n+1])[0]
}

// noSpace is the error of a database that cannot write.
func (w *world) noSpace(t *task) error {
	if !slices.ContainsFunc(w.full, func(s span) bool { return !w.now.Before(s.from) && w.now.Before(s.to) }) {
		return nil
	}
	if t.window { // what became of the intent is not written down
		w.window++
		t.window = false
	}
	return fmt.Errorf("no space left on the device: %w", errAway)
}

// moves lists the changes of state that rows would make.
func (w *world) moves(ctx context.Context, rows []scheduler.Delivery) []string {
	var out []string
	for _, d := range rows {
		from := ""
		if old, _ := w.store.Select(ctx, scheduler.Query{Keys: []string{d.Key}}); len(old) > 0 {
			from = string(old[0].State)
		}
		out = append(out, from+" → "+string(d.State))
	}
	return out
}

// Cursor implements [scheduler.Deliveries].
func (p ports) Cursor(ctx context.Context, channel string) (scheduler.Cursor, error) {
	p.r.w.step("cursor")
	return p.r.w.store.Cursor(ctx, channel)
}

// Wakes implements [scheduler.Deliveries].
func (p ports) Wakes(ctx context.Context, until time.Time) ([]scheduler.Wake, error) {
	p.r.w.step("wakes")
	return p.r.w.store.Wakes(ctx, until)
}

// Subscriptions implements [scheduler.Subscriptions].
func (p ports) Subscriptions(ctx context.Context) ([]scheduler.Subscription, error) {
	p.r.w.step("subscriptions")
	return p.r.w.store.Subscriptions(ctx)
}

// Subscription implements [scheduler.Subscriptions].
func (p ports) Subscription(ctx context.Context, id string) (scheduler.Subscription, bool, error) {
	p.r.w.step("subscription")
	return p.r.w.store.Subscription(ctx, id)
}

// SubscriptionAt implements [scheduler.Subscriptions].
func (p ports) SubscriptionAt(ctx context.Context, to bot.Address) (scheduler.Subscription, bool, error) {
	p.r.w.step("subscription at")
	return p.r.w.store.SubscriptionAt(ctx, to)
}

// PutSubscription implements [scheduler.Subscriptions].
func (p ports) PutSubscription(ctx context.Context, s scheduler.Subscription) error {
	w := p.r.w
	t := w.step("put subscription")
	if err := w.noSpace(t); err != nil {
		return err
	}
	if old, ok, _ := w.store.Subscription(ctx, s.ID); ok && old.To != s.To {
		w.moved[chatName(simChatOf(s.ID))] = chatName(s.To)
		w.history[chatName(s.To)] = append(w.history[chatName(s.To)], w.history[chatName(old.To)]...)
	}
	w.history[chatName(s.To)] = append(w.history[chatName(s.To)], setting{from: w.now, sub: s, off: s.Paused != ""})
	err := w.store.PutSubscription(ctx, s)
	w.done(t, "put subscription")
	return err
}

// DeleteSubscription implements [scheduler.Subscriptions].
func (p ports) DeleteSubscription(ctx context.Context, id string) error {
	w := p.r.w
	t := w.step("delete subscription")
	if err := w.noSpace(t); err != nil {
		return err
	}
	if old, ok, _ := w.store.Subscription(ctx, id); ok {
		w.history[chatName(old.To)] = append(w.history[chatName(old.To)], setting{from: w.now, off: true})
	}
	err := w.store.DeleteSubscription(ctx, id)
	w.done(t, "delete subscription")
	return err
}

// Reserve implements [scheduler.Slots]: one message a second to a chat.
func (p ports) Reserve(ctx context.Context, to bot.Address, now time.Time) (time.Time, bool, error) {
	w := p.r.w
	t := w.step("slot")
	if p.r.pacer != nil {
		at, ok, err := p.r.pacer.Reserve(ctx, to, now)
		w.done(t, "slot")
		return at, ok, err
	}
	free := w.gcra[chatName(to)]
	if free.After(w.now) {
		return now.Add(free.Sub(w.now)), false, nil
	}
	w.gcra[chatName(to)] = w.now.Add(chatPace)
	w.done(t, "slot")
	return now.Add(time.Duration(w.rng.IntN(500)) * time.Millisecond), true, nil
}

// Delay implements [scheduler.Slots].
func (p ports) Delay(ctx context.Context, to bot.Address, until time.Time) error {
	w := p.r.w
	w.step("delay")
	if p.r.pacer != nil {
		return p.r.pacer.Delay(ctx, to, until)
	}
	w.gcra[chatName(to)] = until.Add(-p.r.offset)
	return nil
}

// Notify implements [scheduler.Notices].
func (p ports) Notify(_ context.Context, n scheduler.Notice) error {
	w := p.r.w
	w.step("notify")
	w.notices[n.Kind]++
	w.tell(n)
	return nil
}

// simWords writes the keys of a post in place of words, and checks what the words
// would rest on.
type simWords struct{ w *world }

// Reminder implements [scheduler.Words].
func (s simWords) Reminder(p scheduler.Post) (message.Message, error) {
	zone := zoneOf(p.Subscription.Zone)
	if today := facts.On(s.w.now.In(zone)); today != p.On && facts.On(s.w.now.Add(10*time.Second).In(zone)) != p.On && facts.On(s.w.now.Add(-10*time.Second).In(zone)) != p.On {
		s.w.problem("words for %s, and it is %s", p.On, today)
	}
	if len(p.Occurrences) == 0 {
		s.w.problem("a post about nothing: %v", p.Rows)
	}
	var m message.Message
	for _, d := range p.Rows {
		m.Body = append(m.Body, message.Paragraph{message.Text(d.Key)})
	}
	return m, nil
}

// network is Telegram: it cannot be asked.
type network struct {
	r    *replica
	name string
}

// Network implements [bot.Messenger].
func (n network) Network() string { return n.name }

// Send implements [bot.Messenger].
func (n network) Send(_ context.Context, out bot.Outgoing) (string, error) {
	w := n.r.w
	t := w.step("send")
	w.call(out.To)
	if w.seek && w.chance(250) { // the lease runs out meanwhile
		w.sleep(t, 130*time.Second+time.Duration(w.rng.Int64N(int64(90*time.Second))))
		if w.rng.IntN(4) == 0 {
			w.refusals++
			return "", &bot.SendError{Failure: bot.Refused, Err: errPlayed}
		}
	}
	switch {
	case w.chance(refused * w.factor()):
		return "", n.refuse(out)
	case w.chance(timedOut * w.factor()):
		return "", n.timeOut(t, out)
	}
	w.arrive(out)
	w.done(t, "send")
	return "receipt", nil
}

// call notes a call, and whether it comes too soon after those before: to the same chat,
// or to Telegram, which takes 30 a second.
func (w *world) call(to bot.Address) {
	w.calls++
	const (
		jitter = 600 * time.Millisecond // between the slot and the call
		most   = 30
	)
	chat := chatName(to)
	if gap := w.now.Sub(w.called[chat]); gap < chatPace-jitter && w.pause == 0 {
		w.problem("%s was sent two messages in %v", chat, gap)
	}
	w.called[chat] = w.now
	if to.Network != "telegram" {
		return
	}
	w.recent = append(w.recent, w.now)
	if n := len(w.recent) - most - 1; n >= 0 && w.now.Sub(w.recent[n]) < time.Second {
		w.problem("more than %d messages in a second", most)
	}
	if len(w.recent) > 10*most {
		w.recent = slices.Clone(w.recent[len(w.recent)-most:])
	}
}

// refuse is a failure of which the network is sure.
func (n network) refuse(out bot.Outgoing) error {
	w := n.r.w
	w.refusals++
	e := &bot.SendError{Err: errPlayed}
	of := 40
	if w.seek {
		of = 8
	}
	switch w.rng.IntN(of) {
	case 0:
		e.Failure = bot.Refused
	case 1:
		e.Failure = bot.Gone
		w.after(time.Duration(1+w.rng.IntN(90))*24*time.Hour, func() { w.comeBack(out.To) })
	case 2:
		if strings.Contains(out.To.Chat, "'") || out.To.Network == "slack" {
			e.Failure = bot.NotSent
			break
		}
		e.Failure, e.To = bot.Moved, out.To
		e.To.Chat += "'"
	default:
		e.Failure, e.After = bot.Busy, time.Duration(w.rng.IntN(120))*time.Second
		if w.rng.IntN(2) == 0 {
			e.Failure = bot.NotSent
		}
	}
	return e
}

// comeBack lets people subscribe again a chat that was gone.
func (w *world) comeBack(to bot.Address) {
	for i := range simChats {
		if c := &simChats[i]; w.address(c) == to {
			w.subscribe(c, c.reminder)
		}
	}
}

// timeOut is a call that never comes back; its message may arrive for all that, at
// once or later.
func (n network) timeOut(t *task, out bot.Outgoing) error {
	w := n.r.w
	w.timeouts++
	switch w.rng.IntN(3) {
	case 0:
	case 1:
		w.arrive(out)
	default:
		w.after(time.Duration(w.rng.IntN(20_000))*time.Millisecond, func() { w.arrive(out) })
	}
	w.sleep(t, 20*time.Second)
	failure := bot.Uncertain
	if w.mutant == "retry after time-out" {
		failure = bot.NotSent
	}
	return &bot.SendError{Failure: failure, Err: errPlayed}
}

// arrive shows a message to the people in a chat.
func (w *world) arrive(out bot.Outgoing) {
	m := posted{at: w.now, chat: chatName(out.To), post: out.Key}
	for _, b := range out.Message.Body {
		m.keys = append(m.keys, string(b.(message.Paragraph)[0].(message.Text)))
	}
	w.messages = append(w.messages, m)
	w.note(fmt.Sprint("arrived", m.chat, m.keys), 0)
}

// slackNetwork can be asked.
type slackNetwork struct{ network }

// Find implements [bot.Finder].
func (n slackNetwork) Find(_ context.Context, to bot.Address, key string, since time.Time) (string, bool, error) {
	w := n.r.w
	w.step("find")
	if w.chance(refused * w.factor() * w.factor()) {
		return "", false, errPlayed
	}
	for _, m := range slices.Backward(w.messages) {
		if m.at.Before(since) {
			break
		}
		if m.chat == chatName(to) && m.post == key {
			return "found", true, nil
		}
	}
	return "", false, nil
}

func chatName(a bot.Address) string { return a.Network + ":" + a.Chat }

// simChatOf is the address that an ID was made from.
func simChatOf(id string) bot.Address {
	id, _, _ = strings.Cut(id, "@")
	name, chat, _ := strings.Cut(id, ":")
	return bot.Address{Network: name, Chat: chat}
}
