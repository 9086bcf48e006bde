package scheduler_test

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/scheduler"
	"suhbat/scheduler/schedulertest"
)

// The simulation runs the product's own planner and sender in a world whose clock,
// database, networks and processes are played. Every call of a port is a step: before
// it the process may be held up or die, after it too, and others act in between. All
// chance comes from one seed, so that a run can be had again.

// world is one run.
type world struct {
	options
	rng      *rand.Rand
	now      time.Time
	end      time.Time
	events   events
	seq      int
	store    *schedulertest.Memory
	calendar *scheduler.Calendar
	procs    []*replica
	current  *task
	polls    map[string]time.Time // when a channel is looked at next
	gcra     map[string]time.Time

	// What the oracle is told.
	history  map[string][]setting // by chat, as it was committed
	messages []posted
	spans    []span                 // in which no process is up, or nothing can be written
	full     []span                 // of them, those in which nothing can be written
	resent   map[string][]time.Time // by key, when somebody wanted it sent again
	declined map[string]bool        // by key, whether somebody decided against it
	called   map[string]time.Time   // by chat, when the network was called last
	recent   []time.Time            // the last calls to Telegram
	moved    map[string]string      // chats that have another name by now
	calls    int
	trace    uint64
	cover    map[string]int
	reached  map[string]int // changes of state
	crashes  int
	window   int // crashes between an intent and its result
	timeouts int
	refusals int
	notices  map[scheduler.NoticeKind]int
	problems []string
	result   result
}

// options say what happens in a world.
type options struct {
	seed     uint64
	years    int
	replicas int
	faults   bool          // crashes, refusals, time-outs, clocks that are put
	pause    time.Duration // processes are held up for so long at most
	outages  bool          // all processes are down, for up to 20 days
	changes  int           // of settings
	again    bool          // Telegram at least once
	disk     bool          // the database is full at times, and its answers get lost
	admins   bool          // people decide about what needs a person
	seek     bool          // faults are likelier, and processes die where they have seldom died
	mutant   string
}

// setting is what a chat gets from an instant on; off for nothing.
type setting struct {
	from time.Time
	sub  scheduler.Subscription
	off  bool
}

// posted is a message that has arrived.
type posted struct {
	at   time.Time
	chat string
	post string
	keys []string
}

type span struct{ from, to time.Time }

// replica is one process of the program.
type replica struct {
	w       *world
	id      int
	life    int // it dies and comes back
	up      bool
	offset  time.Duration // of its clock
	sender  *scheduler.Sender
	reg     *scheduler.Registry
	overlay map[string]scheduler.Delivery // the mutant without intents keeps them in memory
	running map[string]bool               // channels
	pacer   *scheduler.Pacer              // where there is one process, the program's own
}

// task is one thing that a process does, step by step.
type task struct {
	r       *replica
	life    int
	yield   func(time.Duration) bool
	next    func() (time.Duration, bool)
	window  bool // between an intent and its result
	awake   bool // it is not held up
	channel string
}

// crashed is the panic of a task whose process is dead.
type crashed struct{}

// The chances of a step, in a thousand.
const (
	crashReading = 1
	crashBefore  = 20
	crashAfter   = 15
	heldUp       = 4
	refused      = 50
	timedOut     = 20
	lostAnswer   = 5 // of the database
)

var epoch = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

func newWorld(t testing.TB, o options) *world {
	t.Helper()
	w := &world{
		options: o, rng: rand.New(rand.NewPCG(o.seed, 1)), now: epoch, end: epoch.AddDate(o.years, 0, 0),
		store: new(schedulertest.Memory), polls: make(map[string]time.Time), gcra: make(map[string]time.Time),
		history: make(map[string][]setting), moved: make(map[string]string), cover: make(map[string]int), reached: make(map[string]int), notices: make(map[scheduler.NoticeKind]int),
		resent: make(map[string][]time.Time), declined: make(map[string]bool), called: make(map[string]time.Time),
	}
	c, err := scheduler.NewCalendar(storeOf(t, simEvents))
	if err != nil {
		t.Fatal(err)
	}
	w.calendar = c
	for i := range max(1, o.replicas) {
		w.procs = append(w.procs, w.newReplica(i))
	}
	return w
}

func (w *world) newReplica(id int) *replica {
	r := &replica{w: w, id: id, up: true, overlay: make(map[string]scheduler.Delivery), running: make(map[string]bool)}
	planner := &scheduler.Planner{Calendar: w.calendar, Deliveries: ports{r}, Subscriptions: ports{r}, Notices: ports{r}, Clock: ports{r}}
	r.sender = &scheduler.Sender{
		Planner: planner, Slots: ports{r}, Words: simWords{w}, Owner: fmt.Sprint("replica-", id),
		Messengers: map[string]bot.Messenger{"telegram": network{r, "telegram"}, "slack": slackNetwork{network{r, "slack"}}},
	}
	r.pacer = w.newPacer()
	if w.again {
		r.sender.AtLeastOnce = map[string]bool{"telegram": true}
	}
	switch w.mutant {
	case "reconcile at once":
		r.sender.SetReconcile(time.Second)
	case "raw local cron":
		planner.SetPlace(rawCron)
	}
	r.reg = &scheduler.Registry{Planner: planner, Words: simWords{w}, Langs: []string{"en"}}
	return r
}

// newPacer returns what a single process spaces its messages by; several have their
// slots in the database.
func (w *world) newPacer() *scheduler.Pacer {
	if w.replicas > 1 {
		return nil
	}
	pace := scheduler.Pace{Every: 40 * time.Millisecond, Chat: chatPace}
	return &scheduler.Pacer{Paces: map[string]scheduler.Pace{"telegram": pace, "slack": {Chat: chatPace}}}
}

// chatPace is the time between two messages to a chat, a little more than the networks
// ask for.
const chatPace = 1050 * time.Millisecond

// run plays the world to its end and returns what the oracle found.
func (w *world) run() []string {
	for i := range simChats {
		w.subscribe(&simChats[i], simChats[i].reminder)
	}
	for _, r := range w.procs {
		w.after(time.Second, func() { w.tick(r) })
	}
	w.fate()
	for len(w.events) > 0 && w.events[0].at.Before(w.end) {
		e := heap.Pop(&w.events).(happening)
		w.now = e.at
		e.do()
	}
	w.now = w.end
	return append(w.problems, w.judge()...)
}

// fate lays down in advance what comes over the world.
func (w *world) fate() {
	calm := w.end.Add(-calmFor)
	total := calm.Sub(epoch)
	at := func() time.Time { return epoch.Add(time.Duration(w.rng.Int64N(int64(total)))) }
	if w.outages {
		for range w.years * 3 {
			from, long := at(), time.Duration(w.rng.Int64N(int64(20*24*time.Hour)))
			if w.rng.IntN(2) == 0 {
				long = time.Duration(w.rng.Int64N(int64(30 * time.Hour)))
			}
			to := from.Add(long)
			if to.After(calm) {
				to = calm
			}
			w.down(span{from, to})
		}
	}
	if w.disk {
		for range w.years * 3 {
			from := at()
			to := from.Add(time.Duration(w.rng.Int64N(int64(30 * time.Hour))))
			if to.After(calm) {
				to = calm
			}
			w.full, w.spans = append(w.full, span{from, to}), append(w.spans, span{from, to})
		}
	}
	for range w.changes {
		chat := &simChats[w.rng.IntN(len(simChats))]
		w.at(at(), func() { w.change(chat) })
	}
	if w.faults {
		for range w.years * 12 {
			r := w.procs[w.rng.IntN(len(w.procs))]
			offset := time.Duration(w.rng.IntN(10_001)-5000) * time.Millisecond
			w.at(at(), func() { r.offset = offset })
		}
	}
}

// down takes all processes down for a while.
func (w *world) down(s span) {
	w.spans = append(w.spans, s)
	w.at(s.from, func() {
		for _, r := range w.procs {
			w.kill(r, s.to.Sub(w.now))
		}
	})
}

// calmFor is how long nothing bad happens before the end.
const calmFor = 72 * time.Hour

// calm reports whether nothing bad happens any more.
func (w *world) calm() bool { return w.end.Sub(w.now) < calmFor }

// chance is true n times in a thousand, while bad things happen.
func (w *world) chance(n int) bool { return w.faults && !w.calm() && w.rng.IntN(1000) < n }

// enough is how often a process has died at a step before others are sought.
const enough = 100

// deadly is the chance of dying at a step.
func (w *world) deadly(point string, usual int) int {
	if w.seek && w.cover[point] < enough {
		return 500
	}
	return usual * w.factor()
}

// factor is by how much bad things are likelier.
func (w *world) factor() int {
	if w.seek {
		return 3
	}
	return 1
}

// tick plans now and then; in life it does so every minute, and finds nothing to do.
func (w *world) tick(r *replica) {
	w.plan(r)
	life := r.life
	w.after(24*time.Hour+time.Duration(w.rng.Int64N(int64(6*24*time.Hour))), func() {
		if r.life == life {
			w.tick(r)
		}
	})
}

func (w *world) plan(r *replica) {
	if r.up {
		w.start(r, "", func(ctx context.Context) error {
			err := r.sender.Planner.Plan(ctx)
			if err != nil { // in life it is tried again a minute later, too
				w.after(time.Minute, func() { w.plan(r) })
			}
			return err
		})
	}
}

// poll arranges that every channel is looked at when its rows want it: that is what
// the queue is for.
func (w *world) poll() {
	wakes, _ := w.store.Wakes(context.Background(), w.end)
	for _, wake := range wakes {
		w.pollOne(wake.Channel)
	}
}

// pollOne does it for one channel. While no process is up there is nothing to do:
// whoever comes back looks at everything.
func (w *world) pollOne(channel string) {
	at := w.store.Wake(channel)
	if at.IsZero() || at.Before(w.now) && !slices.ContainsFunc(w.procs, func(r *replica) bool { return r.up }) {
		return
	}
	if at.Before(w.now) {
		at = w.now
	}
	if before, ok := w.polls[channel]; ok && !before.After(at) {
		return
	}
	w.polls[channel] = at
	w.at(at, func() { w.look(channel, at) })
}

// look lets one process or more look at a channel, and looks again a minute later.
func (w *world) look(channel string, planned time.Time) {
	if !w.polls[channel].Equal(planned) {
		return // it was done sooner
	}
	delete(w.polls, channel)
	first := w.rng.IntN(len(w.procs))
	for i := range w.procs {
		r := w.procs[(first+i)%len(w.procs)]
		if !r.up || r.running[channel] || i > 0 && w.rng.IntN(3) > 0 {
			continue
		}
		r.running[channel] = true
		w.start(r, channel, func(ctx context.Context) error {
			_, err := r.sender.Deliver(ctx, channel)
			return err
		})
	}
	again := w.now.Add(time.Minute)
	if before, ok := w.polls[channel]; !ok || again.Before(before) {
		w.polls[channel] = again
		w.at(again, func() {
			if w.polls[channel].Equal(again) {
				delete(w.polls, channel)
				w.pollOne(channel)
			}
		})
	}
}

func (w *world) problem(format string, args ...any) {
	if len(w.problems) < 20 {
		w.problems = append(w.problems, w.now.Format(time.RFC3339)+": "+fmt.Sprintf(format, args...))
	}
}

func (w *world) at(at time.Time, do func()) {
	w.seq++
	heap.Push(&w.events, happening{at, w.seq, do})
}

func (w *world) after(d time.Duration, do func()) { w.at(w.now.Add(d), do) }

// happening is something that happens at an instant.
type happening struct {
	at  time.Time
	seq int
	do  func()
}

type events []happening

func (e *events) Len() int { return len(*e) }
func (e *events) Less(i, j int) bool {
	a, b := &(*e)[i], &(*e)[j]
	if !a.at.Equal(b.at) {
		return a.at.Before(b.at)
	}
	return a.seq < b.seq
}
func (e *events) Swap(i, j int) { (*e)[i], (*e)[j] = (*e)[j], (*e)[i] }
func (e *events) Push(x any)    { *e = append(*e, x.(happening)) }
func (e *events) Pop() any {
	old := *e
	x := old[len(old)-1]
	*e = old[:len(old)-1]
	return x
}
