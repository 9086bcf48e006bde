package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/store/storetest"
	"suhbat/scheduler"
)

// filled makes a file with something of everything in it, unusual bytes too.
func filled(t *testing.T) string {
	t.Helper()
	url := "sqlite:" + t.TempDir() + "/suhbat.db"
	s, err := store.Open(t.Context(), url, store.Options{Now: clock}.Fixed())
	must(t, err)
	ctx := t.Context()
	for n := range 600 {
		odd := fmt.Sprintf("%d \x00\xff\x01 ўқ", n)
		at := bot.Address{Network: "telegram", Chat: odd}
		must(t, s.SetPreference(ctx, at, bot.Preference{Lang: odd, Zone: "Asia/Almaty"}))
		must(t, s.KeepTalk(ctx, at, []byte(odd), now))
		if n%20 > 0 {
			continue
		}
		must(t, s.Note(ctx, bot.Note{Verdict: bot.Helpful, Fact: odd, Text: odd, Lang: "ru", Day: "2026-10-31"}))
		must(t, s.Leave(ctx, at, odd, now))
		must1(s.Inbox("slack").Keep(ctx, odd, at, []byte(odd), now))
		must(t, s.Inbox("telegram").Finish(ctx, odd, now))
		must(t, s.Inbox("telegram").Sending(ctx, odd+"!", 1, now))
		must(t, s.PutInstallation(ctx, "E", odd, "{}", []byte(odd), now))
		must(t, s.PutState(ctx, odd, []byte(odd), now.Add(time.Hour)))
		must(t, s.PutSubscription(ctx, subscription(at)))
		d := delivery(odd, scheduler.IDOf(at))
		d.State, d.Epoch, d.LeaseUntil, d.Receipt = scheduler.Sending, 3, now.Add(time.Minute), odd
		equal(t, "swap", must1(s.Swap(ctx, []scheduler.Delivery{d}, &scheduler.Cursor{Channel: d.Channel, Print: odd})), true)
	}
	must(t, s.Close())
	return url
}

// everything is all that a store says of what filled has put into it.
func everything(t *testing.T, url string) []any {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Now: clock}.Fixed())
	must(t, err)
	defer s.Close()
	ctx := t.Context()
	all := []any{
		must1(s.Notes(ctx, 1000)), must1(s.Inbox("slack").Kept(ctx)), must1(s.Subscriptions(ctx)), must1(s.Select(ctx, scheduler.Query{})),
		must1(s.Wakes(ctx, now.Add(time.Hour))),
	}
	for n := range 600 {
		odd := fmt.Sprintf("%d \x00\xff\x01 ўқ", n)
		at := bot.Address{Network: "telegram", Chat: odd}
		all = append(all, must1(s.Preference(ctx, at)), must1(s.Talk(ctx, at)), must1(s.Active(ctx, at)), must1(s.Cursor(ctx, scheduler.IDOf(at))))
		all = append(all, must1(s.Inbox("telegram").Progress(ctx, []string{odd, odd + "!"})))
		meta, sealed, expires, err := s.Installation(ctx, "E", odd)
		must(t, err)
		data, ok, err := s.TakeState(ctx, odd, now)
		must(t, err)
		all = append(all, meta, sealed, expires, data, ok)
	}
	return all
}

// TestCopy: a secretariat that grows takes everything with it: who was answered, who gets
// which reminder, and what was sent already.
func TestCopy(t *testing.T) {
	from, to := filled(t), storetest.Database(t)
	var last, of int64
	copied, err := store.Copy(t.Context(), from, to, store.Options{Now: clock}.Fixed(), func(done, all int64) {
		if done < last {
			t.Errorf("%d rows of %d after %d", done, all, last)
		}
		last, of = done, all
	})
	must(t, err)
	rows := make(map[string]int64)
	for _, c := range copied {
		rows[c.Table] = c.Rows
	}
	for table, want := range map[string]int64{
		"talks": 600, "preferences": 600, "notes": 30, "gone": 30, "inbox": 90, "installations": 30, "states": 30,
		"subscriptions": 30, "cursors": 30, "deliveries": 30,
	} {
		equal(t, table, rows[table], want)
	}
	equal(t, "progress", last, of)
	_, err = store.Copy(t.Context(), from, to, store.Options{Now: clock}.Fixed(), nil)
	equal(t, "once more", err != nil && strings.Contains(err.Error(), "holds something already: expected an empty database"), true)
	before, after := everything(t, from), everything(t, to)
	for i := range before {
		if !reflect.DeepEqual(before[i], after[i]) {
			t.Fatalf("%d: the file says %v, the server %v", i, before[i], after[i])
		}
	}
	s := open(t, to)
	must(t, s.Note(t.Context(), bot.Note{Day: "2026-10-31", Text: "new"}))
	equal(t, "the newest note", must1(s.Notes(t.Context(), 1))[0].Text, "new")
}

// TestCopyRefused reads what an operator reads who has taken a wrong step. Nothing has
// happened then, and the next try succeeds.
func TestCopyRefused(t *testing.T) {
	from, to := filled(t), storetest.Database(t)
	try := func(from, to string) error {
		_, err := store.Copy(t.Context(), from, to, store.Options{Now: clock}.Fixed(), nil)
		return err
	}
	refused := func(what string, err error, want string) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, expected one line with %q", what, err, want)
		}
	}
	refused("two files", try(from, "sqlite:other.db"), "expected sqlite:FILE or postgres://")
	refused("the wrong way round", try(to, from), "expected sqlite:FILE or postgres://")
	refused("no file", try("sqlite:"+t.TempDir()+"/missing.db", to), "there is nothing to copy")
	service := opened(t, from, clock)
	refused("a file in use", try(from, to), "another suhbat uses this database")
	must(t, service.Talks.(*store.Store).Close())
	replica := open(t, to)
	refused("a server in use", try(from, to), "a suhbat uses the database already")
	must(t, replica.Close())
	ctx, cancel := context.WithCancel(t.Context())
	_, err := store.Copy(ctx, from, to, store.Options{Now: clock}.Fixed(), func(done, _ int64) {
		if done > 500 {
			cancel()
		}
	})
	equal(t, "stopped on the way", errors.Is(err, context.Canceled), true)
	must(t, try(from, to))
	_, err = os.Stat(strings.TrimPrefix(from, "sqlite:"))
	must(t, err)
}
