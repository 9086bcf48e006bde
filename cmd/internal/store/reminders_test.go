package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
	"suhbat/scheduler"
	"suhbat/scheduler/schedulertest"
)

// TestReminders: what the scheduler asks of a store.
func TestReminders(t *testing.T) {
	for kind, open := range databases {
		t.Run(kind, func(t *testing.T) {
			schedulertest.Deliveries(t, func(t *testing.T) scheduler.Deliveries { return open(t, clock) })
			schedulertest.Subscriptions(t, func(t *testing.T) scheduler.Subscriptions { return open(t, clock) })
			t.Run("many keys", func(t *testing.T) { testManyKeys(t, open(t, clock)) })
			t.Run("move", func(t *testing.T) { testMoveReminders(t, open(t, clock)) })
			t.Run("forget", func(t *testing.T) { testForgetReminders(t, open(t, clock)) })
			t.Run("one for each address", func(t *testing.T) { testOneForEach(t, open(t, clock)) })
			t.Run("a year later", func(t *testing.T) { testOldDeliveries(t, open(t, clock)) })
		})
	}
}

func subscription(to bot.Address) scheduler.Subscription {
	return scheduler.Subscription{ID: scheduler.IDOf(to), To: to, Since: now, Reminder: bot.Reminder{At: "09:00", Zone: "Asia/Almaty"}}
}

func delivery(key, channel string) scheduler.Delivery {
	return scheduler.Delivery{Key: key, Channel: channel, State: scheduler.Planned, DueAt: now, NotAfter: now.Add(time.Hour), WakeAt: now}
}

func put(t *testing.T, db database, channel string, keys ...string) {
	t.Helper()
	var rows []scheduler.Delivery
	for _, key := range keys {
		rows = append(rows, delivery(key, channel))
	}
	equal(t, "put", must1(db.Swap(t.Context(), rows, &scheduler.Cursor{Channel: channel, Print: "p"})), true)
}

func count(t *testing.T, db database, q scheduler.Query) int {
	t.Helper()
	return len(must1(db.Select(t.Context(), q)))
}

// A post of many anniversaries, or a plan of many days, is more than one statement asks for.
func testManyKeys(t *testing.T, db database) {
	var keys []string
	for n := range 123 {
		keys = append(keys, fmt.Sprintf("k%03d", n))
	}
	put(t, db, "x", keys...)
	rows := must1(db.Select(t.Context(), scheduler.Query{Keys: keys}))
	equal(t, "all", len(rows), len(keys))
	equal(t, "in order", rows[122].Key, "k122")
	equal(t, "a limit", count(t, db, scheduler.Query{Keys: keys, Limit: 60}), 60)
}

// A group that becomes a supergroup gets its posts there, and each once.
func testMoveReminders(t *testing.T, db database) {
	ctx := t.Context()
	from, to := bot.Address{Network: "telegram", Chat: "-1"}, bot.Address{Network: "telegram", Chat: "-1001"}
	topic := from
	topic.Thread = "7"
	for _, at := range []bot.Address{from, topic} {
		must(t, db.PutSubscription(ctx, subscription(at)))
	}
	put(t, db, "telegram:-1", "a")
	for range 2 {
		must(t, db.Move(ctx, from, to))
	}
	moved, ok, err := db.SubscriptionAt(ctx, to)
	must(t, err)
	equal(t, "moved", ok, true)
	equal(t, "its deliveries", count(t, db, scheduler.Query{Channel: moved.ID, States: []scheduler.State{scheduler.Planned}}), 1)
	to.Thread = "7"
	_, ok, err = db.SubscriptionAt(ctx, to)
	must(t, err)
	equal(t, "its topic", ok, true)
	equal(t, "all", len(must1(db.Subscriptions(ctx))), 2)

	older := subscription(bot.Address{Network: "telegram", Chat: "-2"}) // both have one: the newer stays
	older.Since = now.Add(-time.Hour)
	must(t, db.PutSubscription(ctx, older))
	must(t, db.Move(ctx, older.To, to.Place()))
	stays, _, err := db.SubscriptionAt(ctx, to.Place())
	must(t, err)
	equal(t, "the newer", stays.ID, "telegram:-1")
	equal(t, "no others", len(must1(db.Subscriptions(ctx))), 2)
}

// Who deletes their data gets nothing more, and nothing tells that they ever did.
func testForgetReminders(t *testing.T, db database) {
	ctx := t.Context()
	mine, others := bot.Address{Network: "slack", Space: "T", Chat: "D1"}, bot.Address{Network: "slack", Space: "T", Chat: "D11"}
	topic := mine
	topic.Thread = "7"
	moved := subscription(topic) // its id is that of another address
	moved.ID = "slack:T/old"
	must(t, db.PutSubscription(ctx, moved))
	must(t, db.PutSubscription(ctx, subscription(mine)))
	must(t, db.PutSubscription(ctx, subscription(others)))
	put(t, db, "slack:T/D1", "a")
	put(t, db, "slack:T/D1/9", "ended long ago")
	put(t, db, "slack:T/old", "b")
	put(t, db, "slack:T/D11", "c")
	must(t, db.Forget(ctx, mine))
	all := must1(db.Select(ctx, scheduler.Query{}))
	equal(t, "deliveries", len(all), 1)
	equal(t, "whose", all[0].Key, "c")
	equal(t, "subscriptions", len(must1(db.Subscriptions(ctx))), 1)
	equal(t, "planned", must1(db.Cursor(ctx, "slack:T/D1")).Version, int64(0))
	equal(t, "of others", must1(db.Cursor(ctx, "slack:T/D11")).Version, int64(1))
}

// Two subscriptions of one address would post everything twice.
func testOneForEach(t *testing.T, db database) {
	at := bot.Address{Network: "telegram", Chat: "-1"}
	first, second := subscription(at), subscription(at)
	second.ID = "another"
	must(t, db.PutSubscription(t.Context(), first))
	must(t, db.PutSubscription(t.Context(), second))
	all := must1(db.Subscriptions(t.Context()))
	equal(t, "one", len(all), 1)
	equal(t, "the last", all[0].ID, "another")
}

// What was sent stays known for longer than a year, what is open for ever.
func testOldDeliveries(t *testing.T, db database) {
	put(t, db, "x", "open", "sent")
	d := must1(db.Select(t.Context(), scheduler.Query{Keys: []string{"sent"}}))
	d[0].State, d[0].WakeAt = scheduler.Sent, time.Time{}
	equal(t, "sent", must1(db.Swap(t.Context(), d, nil)), true)
	db.prune(now.AddDate(1, 0, 1))
	equal(t, "after a year", count(t, db, scheduler.Query{}), 2)
	db.prune(now.AddDate(2, 0, 0))
	equal(t, "after two", count(t, db, scheduler.Query{}), 1)
}

// TestBeside: an operator decides about a post while the service runs, and both see
// what the other did.
func TestBeside(t *testing.T) {
	url := "sqlite:" + t.TempDir() + "/suhbat.db"
	_, err := store.Open(t.Context(), url, store.Options{Now: clock, Beside: true})
	equal(t, "no database", err != nil && strings.Contains(err.Error(), "there is no database yet"), true)
	service := opened(t, url, clock)
	put(t, service, "x", "a")
	beside, err := store.Open(t.Context(), url, store.Options{Now: clock, Beside: true})
	must(t, err)
	rows := must1(beside.Select(t.Context(), scheduler.Query{Channel: "x"}))
	equal(t, "rows", len(rows), 1)
	rows[0].State = scheduler.Skipped
	equal(t, "decided", must1(beside.Swap(t.Context(), rows, nil)), true)
	equal(t, "too late", must1(service.Swap(t.Context(), rows, nil)), false)
	equal(t, "seen", count(t, service, scheduler.Query{States: []scheduler.State{scheduler.Skipped}}), 1)
	must(t, beside.Close())
	must(t, service.SetPreference(t.Context(), chat(1), bot.Preference{}))
}

// TestBesideNewer: after going back to an older program, deliveries does not advise to
// start what could not be started either.
func TestBesideNewer(t *testing.T) {
	_, err := store.Open(t.Context(), "sqlite:"+newer(t, t.TempDir()), store.Options{Now: clock, Beside: true})
	equal(t, "refused", err != nil && strings.Contains(err.Error(), "of a newer version") && !strings.Contains(err.Error(), "start serve"), true)
}

// TestBesideOlder: a program of another version does not guess what columns mean.
func TestBesideOlder(t *testing.T) {
	url := "sqlite:" + foreign(t, t.TempDir(), read(t, "testdata/schema1.sql"))
	_, err := store.Open(t.Context(), url, store.Options{Now: clock, Beside: true})
	equal(t, "refused", err != nil && strings.Contains(err.Error(), "its schema is 1, expected "+strconv.Itoa(schemaVersion)), true)
}
