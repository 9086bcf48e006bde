package schedulertest

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing" //nolint:depguard // this package is for tests only
	"time"

	"suhbat/bot"
	"suhbat/scheduler"
)

// at is an instant with as much detail as both databases keep.
var at = time.Date(2026, 10, 31, 4, 0, 0, 123456000, time.UTC)

// row is a planned delivery.
func row(key, channel string, wake time.Time) scheduler.Delivery {
	return scheduler.Delivery{Key: key, Channel: channel, State: scheduler.Planned, DueAt: at, NotAfter: at.Add(time.Hour), WakeAt: wake}
}

func mustSwap(t *testing.T, store scheduler.Deliveries, want bool, rows []scheduler.Delivery, c *scheduler.Cursor) {
	t.Helper()
	ok, err := store.Swap(t.Context(), rows, c)
	if err != nil || ok != want {
		t.Fatalf("Swap: got %v, %v, want %v", ok, err, want)
	}
}

func selected(t *testing.T, store scheduler.Deliveries, q scheduler.Query) []scheduler.Delivery {
	t.Helper()
	rows, err := store.Select(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func keys(rows []scheduler.Delivery) string {
	var out []string
	for _, d := range rows {
		out = append(out, d.Key)
	}
	return strings.Join(out, " ")
}

// Deliveries is the suite of a [scheduler.Deliveries]; open returns an empty one.
func Deliveries(t *testing.T, open func(t *testing.T) scheduler.Deliveries) {
	t.Run("every field comes back", func(t *testing.T) { roundTrip(t, open(t)) })
	t.Run("all rows or none", func(t *testing.T) { allOrNone(t, open(t)) })
	t.Run("cursors", func(t *testing.T) { cursors(t, open(t)) })
	t.Run("queries", func(t *testing.T) { queries(t, open(t)) })
	t.Run("wakes", func(t *testing.T) { wakes(t, open(t)) })
	t.Run("one of many wins", func(t *testing.T) { race(t, open(t)) })
}

// roundTrip: a field that a store forgets would be a lease or an epoch that is lost.
func roundTrip(t *testing.T, store scheduler.Deliveries) {
	d := scheduler.Delivery{Key: "resolution-1325-adopted|2026|telegram:-100|7", Channel: "telegram:-100"}
	v := reflect.ValueOf(&d).Elem()
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		switch {
		case name == "Version" || !f.IsZero():
		case f.Type() == reflect.TypeFor[time.Time]():
			f.Set(reflect.ValueOf(at.Add(time.Duration(i) * time.Second)))
		case f.Kind() == reflect.String:
			f.SetString(name + " ' \" \\ — ўқғҳ 🕊 \n;")
		default:
			f.SetInt(int64(i))
		}
	}
	d.State = scheduler.Sending
	mustSwap(t, store, true, []scheduler.Delivery{d}, nil)
	d.Version = 1
	got := selected(t, store, scheduler.Query{Keys: []string{d.Key}})
	if len(got) != 1 || !reflect.DeepEqual(utc(got[0]), utc(d)) {
		t.Fatalf("got  %+v\nwant %+v", got, d)
	}
	zero := scheduler.Delivery{Key: "zero", State: scheduler.Planned}
	mustSwap(t, store, true, []scheduler.Delivery{zero}, nil)
	zero.Version = 1
	if got := selected(t, store, scheduler.Query{Keys: []string{"zero"}}); len(got) != 1 || !reflect.DeepEqual(utc(got[0]), utc(zero)) {
		t.Fatalf("got  %+v\nwant %+v: what is not known must stay unknown", got, zero)
	}
}

// utc returns d with instants that compare as values.
func utc(d scheduler.Delivery) scheduler.Delivery {
	v := reflect.ValueOf(&d).Elem()
	for _, field := range v.Fields() {
		if t, ok := reflect.TypeAssert[time.Time](field); ok && !t.IsZero() {
			field.Set(reflect.ValueOf(t.UTC()))
		}
	}
	return d
}

// allOrNone: half a post in another state than the rest could be sent twice.
func allOrNone(t *testing.T, store scheduler.Deliveries) {
	a, b := row("a", "x", at), row("b", "x", at)
	mustSwap(t, store, true, []scheduler.Delivery{a, b}, &scheduler.Cursor{Channel: "x", Print: "p"})
	mustSwap(t, store, false, []scheduler.Delivery{a}, nil) // it is there already
	a.Version, b.Version = 1, 7
	a.State = scheduler.Sending
	mustSwap(t, store, false, []scheduler.Delivery{a, b}, nil)
	mustSwap(t, store, false, []scheduler.Delivery{a, row("c", "x", at)}, &scheduler.Cursor{Channel: "x"})
	c := row("c", "x", at)
	c.Version = 3
	mustSwap(t, store, false, []scheduler.Delivery{a, c}, nil) // it is not there
	for _, d := range selected(t, store, scheduler.Query{Channel: "x"}) {
		if d.State != scheduler.Planned || d.Version != 1 {
			t.Errorf("%s was changed by a swap that failed: %+v", d.Key, d)
		}
	}
	b.Version = 1
	mustSwap(t, store, true, []scheduler.Delivery{a, b}, nil)
	if got := selected(t, store, scheduler.Query{Keys: []string{"a"}}); got[0].State != scheduler.Sending || got[0].Version != 2 {
		t.Errorf("got %+v", got[0])
	}
}

func cursors(t *testing.T, store scheduler.Deliveries) {
	c, err := store.Cursor(t.Context(), "x")
	if err != nil || c != (scheduler.Cursor{Channel: "x"}) {
		t.Fatalf("a channel that was never planned: got %+v, %v", c, err)
	}
	c.Until, c.Print = at, "p"
	mustSwap(t, store, true, nil, &c)
	mustSwap(t, store, false, []scheduler.Delivery{row("a", "x", at)}, &c)
	if rows := selected(t, store, scheduler.Query{Channel: "x"}); len(rows) > 0 {
		t.Errorf("the cursor had moved, and yet there is %s", keys(rows))
	}
	got, err := store.Cursor(t.Context(), "x")
	if err != nil || got.Version != 1 || got.Print != "p" || !got.Until.Equal(at) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func queries(t *testing.T, store scheduler.Deliveries) {
	var rows []scheduler.Delivery
	for i, state := range scheduler.States {
		d := row(fmt.Sprintf("k%d", i), "x", at.Add(time.Duration(10-i)*time.Minute))
		d.State, d.DueAt, d.Post = state, at.Add(time.Duration(i)*time.Hour), "p1"
		if state == scheduler.Sent || state == scheduler.Skipped || state == scheduler.Failed {
			d.WakeAt = time.Time{}
		}
		rows = append(rows, d)
	}
	other := row("other", "y", at)
	other.Post = "p2"
	mustSwap(t, store, true, append(rows, other), nil)
	for _, tt := range []struct {
		name string
		q    scheduler.Query
		want string
	}{
		{"all, what has no wake last", scheduler.Query{}, "other k3 k1 k0 k2 k4 k5"},
		{"a channel", scheduler.Query{Channel: "x"}, "k3 k1 k0 k2 k4 k5"},
		{"open", scheduler.Query{Channel: "x", Open: true}, "k3 k1 k0"},
		{"states", scheduler.Query{States: []scheduler.State{scheduler.Sent, scheduler.Uncertain}}, "k3 k2"},
		{"keys, unknown ones too", scheduler.Query{Keys: []string{"k5", "k1", "nobody", "k1"}}, "k1 k5"},
		{"keys that do not exist", scheduler.Query{Keys: []string{"nobody"}}, ""},
		{"no keys at all", scheduler.Query{Keys: []string{}}, ""},
		{"a post", scheduler.Query{Post: "p2"}, "other"},
		{"both ends included", scheduler.Query{Channel: "x", From: at.Add(time.Hour), Until: at.Add(2 * time.Hour)}, "k1 k2"},
		{"a limit", scheduler.Query{Limit: 2}, "other k3"},
	} {
		if got := keys(selected(t, store, tt.q)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func wakes(t *testing.T, store scheduler.Deliveries) {
	settled := row("settled", "z", time.Time{})
	settled.State = scheduler.Sent
	mustSwap(t, store, true, []scheduler.Delivery{
		row("a", "x", at.Add(2*time.Hour)), row("b", "x", at.Add(time.Hour)), row("c", "y", at), row("d", "late", at.Add(9*time.Hour)), settled,
	}, nil)
	got, err := store.Wakes(t.Context(), at.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	want := []scheduler.Wake{{Channel: "y", At: at}, {Channel: "x", At: at.Add(time.Hour)}}
	if !slices.EqualFunc(got, want, func(a, b scheduler.Wake) bool { return a.Channel == b.Channel && a.At.Equal(b.At) }) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// race: of several senders that want the same post, one may have it.
func race(t *testing.T, store scheduler.Deliveries) {
	mustSwap(t, store, true, []scheduler.Delivery{row("a", "x", at), row("b", "x", at)}, nil)
	const senders = 8
	for round := int64(1); round <= 5; round++ {
		var wins atomic.Int32
		var wg sync.WaitGroup
		for range senders {
			wg.Go(func() {
				a, b := row("a", "x", at), row("b", "x", at)
				a.Version, b.Version = round, round
				ok, err := store.Swap(t.Context(), []scheduler.Delivery{a, b}, nil)
				if err != nil {
					t.Error(err)
				}
				if ok {
					wins.Add(1)
				}
			})
		}
		wg.Wait()
		if wins.Load() != 1 {
			t.Fatalf("round %d: %d of %d senders had the post", round, wins.Load(), senders)
		}
	}
}

// Subscriptions is the suite of a [scheduler.Subscriptions]; open returns an empty one.
func Subscriptions(t *testing.T, open func(t *testing.T) scheduler.Subscriptions) {
	store := open(t)
	s := scheduler.Subscription{
		ID: "telegram:-100/45", To: bot.Address{Network: "telegram", Chat: "-100", Thread: "45"}, Origin: scheduler.FromFile, Since: at,
		Reminder: bot.Reminder{
			At: "09:00", Zone: "Asia/Almaty", Lang: "ru", Topics: []string{"dialogue", "wps"}, Ahead: []int{7, 0},
			QuietFrom: "22:00", QuietTo: "08:00", Weekend: bot.BeforeWeekend, RoundOnly: true, By: "telegram:1", Paused: "kicked",
		},
	}
	put := func(s scheduler.Subscription) {
		t.Helper()
		if err := store.PutSubscription(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	put(s)
	put(scheduler.Subscription{ID: "slack:T/C", To: bot.Address{Network: "slack", Space: "T", Chat: "C"}, Since: at})
	got, ok, err := store.Subscription(t.Context(), s.ID)
	got.Since = got.Since.UTC()
	if err != nil || !ok || !reflect.DeepEqual(got, s) {
		t.Errorf("got  %+v, %v, %v\nwant %+v", got, ok, err, s)
	}
	if got, ok, err := store.SubscriptionAt(t.Context(), s.To); err != nil || !ok || got.ID != s.ID {
		t.Errorf("by address: got %+v, %v, %v", got, ok, err)
	}
	if _, ok, err := store.SubscriptionAt(t.Context(), s.To.Place()); err != nil || ok {
		t.Errorf("another thread is another place: %v, %v", ok, err)
	}
	s.To, s.Paused = bot.Address{Network: "telegram", Chat: "-200"}, ""
	put(s)
	all, err := store.Subscriptions(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != "slack:T/C" || all[1].To.Chat != "-200" {
		t.Errorf("all: got %+v, %v", all, err)
	}
	if err := store.DeleteSubscription(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := store.Subscription(t.Context(), s.ID); err != nil || ok {
		t.Errorf("deleted: got %v, %v", ok, err)
	}
	if err := store.DeleteSubscription(t.Context(), s.ID); err != nil {
		t.Errorf("to delete what is not there is no error: %v", err)
	}
}
