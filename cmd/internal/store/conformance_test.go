package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/store/storetest"
	"suhbat/scheduler"
)

// database is a store as those who use it see it.
type database struct {
	bot.Talks
	bot.Preferences
	bot.Notebook
	bot.Chats
	installations
	scheduler.Deliveries
	reminders
	inbox func(network string) bot.Inbox
	prune func(now time.Time)
}

// reminders has a name of its own, since one of its methods has that of the port.
type reminders interface{ scheduler.Subscriptions }

// installations is the port that an adapter declares.
type installations interface {
	PutInstallation(ctx context.Context, enterprise, team, meta string, sealed []byte, expires time.Time) error
	Installation(ctx context.Context, enterprise, team string) (meta string, sealed []byte, expires time.Time, err error)
	Installations(ctx context.Context, each func(enterprise, team, meta string, sealed []byte, expires time.Time) error) error
	DeleteInstallation(ctx context.Context, enterprise, team string) error
	PutState(ctx context.Context, state string, data []byte, expires time.Time) error
	TakeState(ctx context.Context, state string, now time.Time) (data []byte, ok bool, err error)
}

// databases are all that has to behave the same.
var databases = map[string]func(t *testing.T, now func() time.Time) database{
	"sqlite file": func(t *testing.T, now func() time.Time) database {
		return opened(t, "sqlite:"+t.TempDir()+"/suhbat.db", now)
	},
	"sqlite memory": func(t *testing.T, now func() time.Time) database {
		return opened(t, "sqlite::memory:", now)
	},
	"postgres": func(t *testing.T, now func() time.Time) database {
		return opened(t, storetest.Database(t), now)
	},
}

func opened(t *testing.T, url string, now func() time.Time) database {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Now: now}.Fixed())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return of(t, s)
}

// of is a store as those who use it see it.
func of(t *testing.T, s *store.Store) database {
	t.Helper()
	return database{
		Talks: s, Preferences: s, Notebook: s, Chats: s, installations: s, Deliveries: s, reminders: s,
		inbox: func(network string) bot.Inbox { return s.Inbox(network) },
		prune: func(now time.Time) { must(t, s.Prune(context.WithoutCancel(t.Context()), now)) },
	}
}

func TestConformance(t *testing.T) {
	tests := map[string]func(*testing.T, database){
		"talks":           testTalks,
		"preferences":     testPreferences,
		"forget":          testForget,
		"notebook":        testNotebook,
		"keep":            testKeep,
		"sending":         testSending,
		"finished ids":    testFinishedIDs,
		"many ids":        testManyIDs,
		"active":          testActive,
		"move":            testMove,
		"move twice":      testMoveTwice,
		"installations":   testInstallations,
		"states":          testStates,
		"unusual bytes":   testUnusualBytes,
		"everybody there": testEverybody,
	}
	for kind, open := range databases {
		for name, test := range tests {
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()
				test(t, open(t, clock))
			})
		}
	}
}

// A conversation goes on after a restart, and knows what was just said.
func testTalks(t *testing.T, db database) {
	ctx := t.Context()
	here := bot.Address{Network: "telegram", Space: "s", Chat: "1", Thread: "45"}
	equal(t, "nothing yet", must1(db.Talk(ctx, here)), nil)
	state := []byte("one")
	must(t, db.KeepTalk(ctx, here, state, now))
	state[0] = 'x'
	equal(t, "at once", string(must1(db.Talk(ctx, here))), "one")
	must(t, db.KeepTalk(ctx, here, []byte("two"), now.Add(time.Minute)))
	must(t, db.KeepTalk(ctx, here.Place(), []byte("main"), now))
	must(t, db.SetPreference(ctx, here, bot.Preference{})) // committed after the talks
	equal(t, "the last", string(must1(db.Talk(ctx, here))), "two")
	equal(t, "another thread", string(must1(db.Talk(ctx, here.Place()))), "main")

	must(t, db.KeepTalk(ctx, bot.Address{Network: "telegram", Chat: "2"}, nil, now)) // of nothing
	third := bot.Address{Network: "telegram", Chat: "3"}
	must(t, db.KeepTalk(ctx, third, []byte("three"), now))
	must(t, db.KeepTalk(ctx, third, nil, now))
	equal(t, "forgotten", must1(db.Talk(ctx, third)), nil)
	must(t, db.SetPreference(ctx, here, bot.Preference{}))
	equal(t, "forgotten for good", must1(db.Talk(ctx, third)), nil)

	db.prune(now.Add(30*time.Minute + time.Second))
	equal(t, "fresh enough", string(must1(db.Talk(ctx, here))), "two")
	equal(t, "half an hour old", must1(db.Talk(ctx, here.Place())), nil)
}

// What somebody chose holds in all threads of a place and nowhere else.
func testPreferences(t *testing.T, db database) {
	ctx := t.Context()
	group := bot.Address{Network: "telegram", Chat: "-100"}
	equal(t, "nothing yet", must1(db.Preference(ctx, group)), bot.Preference{})
	for _, p := range []bot.Preference{{Lang: "kk", Zone: "Asia/Almaty"}, {Lang: "ru"}} {
		must(t, db.SetPreference(ctx, bot.Address{Network: "telegram", Chat: "-100", Thread: "7"}, p))
		equal(t, "chosen", must1(db.Preference(ctx, group)), p)
	}
	equal(t, "elsewhere", must1(db.Preference(ctx, bot.Address{Network: "slack", Chat: "-100"})), bot.Preference{})
}

// "Delete my data" leaves nothing, in no thread, and nothing of others goes with it.
func testForget(t *testing.T, db database) {
	ctx := t.Context()
	mine := bot.Address{Network: "slack", Space: "T1", Chat: "D1"}
	others := bot.Address{Network: "slack", Space: "T2", Chat: "D1"}
	in := db.inbox("slack")
	for _, at := range []bot.Address{mine, others} {
		thread := at
		thread.Thread = "17.5"
		must(t, db.SetPreference(ctx, at, bot.Preference{Lang: "tg"}))
		must(t, db.KeepTalk(ctx, at, []byte("talk"), now))
		must(t, db.KeepTalk(ctx, thread, []byte("talk"), now))
		must(t, db.Leave(ctx, thread, "gone", now))
		must1(in.Keep(ctx, "in "+at.Space, thread, []byte("question"), now))
	}
	must(t, db.Forget(ctx, bot.Address{Network: "slack", Space: "T1", Chat: "D1", Thread: "17.5"}))
	for _, at := range []bot.Address{mine, others} {
		thread := at
		thread.Thread = "17.5"
		stays := at == others
		equal(t, "chosen", must1(db.Preference(ctx, at)) != bot.Preference{}, stays)
		equal(t, "talk", must1(db.Talk(ctx, at)) != nil, stays)
		equal(t, "talk in a thread", must1(db.Talk(ctx, thread)) != nil, stays)
		equal(t, "active", must1(db.Active(ctx, thread)), !stays)
	}
	kept := must1(in.Kept(ctx))
	equal(t, "bodies", len(kept), 1)
	equal(t, "whose body", kept[0].ID, "in T2")
	equal(t, "delivered again", must1(in.Keep(ctx, "in T1", mine, []byte("question"), now)), false)
	must(t, in.Sending(ctx, "in T1", 0, now)) // that it is done can still be said
}

// Curators read the newest first, for a year.
func testNotebook(t *testing.T, db database) {
	ctx := t.Context()
	equal(t, "none", len(must1(db.Notes(ctx, 10))), 0)
	old := bot.Note{Verdict: bot.Unanswered, Text: "who?", Lang: "en", Day: "2026-10-30"}
	fresh := bot.Note{Verdict: bot.Error, Fact: "a b", Text: "wrong", Lang: "ru", Day: "2026-10-31"}
	must(t, db.Note(ctx, old))
	must(t, db.Note(ctx, fresh))
	equal(t, "the newest", must1(db.Notes(ctx, 1))[0], fresh)
	equal(t, "all", slices.Equal(must1(db.Notes(ctx, 10)), []bot.Note{fresh, old}), true)
	equal(t, "less than none", len(must1(db.Notes(ctx, -1))), 0)
	last := bot.Note{Verdict: bot.Unanswered, Text: "when?", Lang: "en", Day: "2026-10-31"}
	must(t, db.Note(ctx, last)) // which does not wait
	equal(t, "at once", must1(db.Notes(ctx, 1))[0], last)
	db.prune(now.AddDate(1, 0, 0))
	equal(t, "after a year", slices.Equal(must1(db.Notes(ctx, 10)), []bot.Note{last, fresh}), true)
}

// What was acknowledged to a network is answered once, in the order in which it came.
func testKeep(t *testing.T, db database) {
	ctx := t.Context()
	in, other := db.inbox("slack"), db.inbox("telegram")
	place := bot.Address{Network: "slack", Space: "T", Chat: "C", Thread: "1.2"}
	for n, id := range []string{"b", "a", "c"} {
		equal(t, "fresh", must1(in.Keep(ctx, id, place, []byte(id), now)), true)
		equal(t, "delivered again", must1(in.Keep(ctx, id, place, []byte("other"), now.Add(time.Hour))), false)
		equal(t, "kept", len(must1(in.Kept(ctx))), n+1)
	}
	equal(t, "another network", must1(other.Keep(ctx, "a", bot.Address{Network: "telegram"}, nil, now)), true)
	equal(t, "an empty body", len(must1(other.Kept(ctx))), 1)
	must(t, in.Finish(ctx, "a", now))
	kept := must1(in.Kept(ctx))
	equal(t, "not finished", len(kept), 2)
	for n, id := range []string{"b", "c"} {
		equal(t, "id", kept[n].ID, id)
		equal(t, "body", string(kept[n].Body), id)
		equal(t, "order", kept[n].Order, place)
		equal(t, "time", kept[n].At.Equal(now), true)
	}
	equal(t, "after Finish", must1(in.Keep(ctx, "a", place, []byte("a"), now)), false)
	db.prune(now.AddDate(0, 1, 0))
	equal(t, "what is not finished stays", len(must1(in.Kept(ctx))), 2)
	must(t, in.Sending(ctx, "begun", 3, now)) // by a network that delivers again until it is told
	equal(t, "begun", must1(in.Keep(ctx, "begun", place, []byte("aside"), now)), false)
	equal(t, "set aside", string(must1(in.Kept(ctx))[2].Body), "aside")
	equal(t, "how far it is", must1(in.Progress(ctx, []string{"begun"}))["begun"], bot.Progress{Begun: true, Part: 3, Tries: 1})
}

// After a crash it is known which part may have been sent.
func testSending(t *testing.T, db database) {
	ctx := t.Context()
	in := db.inbox("telegram")
	must1(in.Keep(ctx, "kept", bot.Address{Network: "telegram"}, []byte("x"), now))
	steps := []struct {
		do   func() error
		want bot.Progress
	}{
		{func() error { return nil }, bot.Progress{}},
		{func() error { return in.Sending(ctx, "1", 0, now) }, bot.Progress{Begun: true, Tries: 1}},
		{func() error { return in.Sending(ctx, "1", 0, now) }, bot.Progress{Begun: true, Tries: 2}},
		{func() error { return in.Unsent(ctx, "1", 1) }, bot.Progress{Begun: true, Tries: 2}},
		{func() error { return in.Unsent(ctx, "1", 0) }, bot.Progress{Begun: true, Tries: 1}},
		{func() error { return in.Unsent(ctx, "1", 0) }, bot.Progress{Begun: true, Tries: 1}},
		{func() error { return in.Sending(ctx, "1", 1, now) }, bot.Progress{Begun: true, Part: 1, Tries: 1}},
		{func() error { return in.Finish(ctx, "1", now) }, bot.Progress{Done: true}},
		{func() error { return in.Finish(ctx, "1", now) }, bot.Progress{Done: true}},
		{func() error { return in.Unsent(ctx, "1", 1) }, bot.Progress{Done: true}},
	}
	for n, step := range steps {
		must(t, step.do())
		equal(t, "step "+strconv.Itoa(n), must1(in.Progress(ctx, []string{"0", "1"}))["1"], step.want)
	}
	err := in.Sending(ctx, "1", 0, now)
	equal(t, "sending what is finished", errors.Is(err, bot.ErrFinished), true)
	equal(t, "another network", must1(db.inbox("slack").Progress(ctx, []string{"1"}))["1"], bot.Progress{})
	equal(t, "kept", must1(in.Progress(ctx, []string{"kept"}))["kept"], bot.Progress{})
	must(t, in.Sending(ctx, "kept", 0, now))
	equal(t, "kept and begun", must1(in.Progress(ctx, []string{"kept"}))["kept"], bot.Progress{Begun: true, Tries: 1})
	must(t, in.Finish(ctx, "ignored", now))
	equal(t, "never begun", must1(in.Progress(ctx, []string{"ignored"}))["ignored"], bot.Progress{Done: true})
}

// Telegram's ids may begin again: what was finished a day ago does not hide them.
func testFinishedIDs(t *testing.T, db database) {
	ctx := t.Context()
	in := db.inbox("telegram")
	old := now.Add(-24*time.Hour - time.Second)
	at := bot.Address{Network: "telegram", Chat: "1"}
	for _, id := range []string{"keep", "send", "ask"} {
		must(t, in.Sending(ctx, id, 3, old))
		must(t, in.Finish(ctx, id, old))
	}
	must(t, in.Sending(ctx, "left behind", 0, old))
	equal(t, "ask", must1(in.Progress(ctx, []string{"ask"}))["ask"], bot.Progress{})
	equal(t, "keep", must1(in.Keep(ctx, "keep", at, []byte("new"), now)), true)
	equal(t, "left behind", must1(in.Keep(ctx, "left behind", at, nil, now)), true)
	must(t, in.Sending(ctx, "send", 3, now))
	equal(t, "send", must1(in.Progress(ctx, []string{"send"}))["send"], bot.Progress{Begun: true, Part: 3, Tries: 1})

	must(t, in.Finish(ctx, "fresh", now))
	must1(in.Keep(ctx, "slow", at, []byte("slow"), old)) // took more than a day
	must(t, in.Finish(ctx, "slow", now))
	db.prune(now.Add(23 * time.Hour))
	equal(t, "within a day", must1(in.Progress(ctx, []string{"fresh"}))["fresh"], bot.Progress{Done: true})
	equal(t, "finished within a day", must1(in.Keep(ctx, "slow", at, nil, now)), false)
	db.prune(now.Add(25 * time.Hour))
	equal(t, "forgotten", must1(in.Progress(ctx, []string{"fresh"}))["fresh"], bot.Progress{})
}

// A poll brings a hundred updates; pruning takes more rows than one statement does.
func testManyIDs(t *testing.T, db database) {
	ctx := t.Context()
	in := db.inbox("telegram")
	var ids []string
	for n := range 1234 {
		ids = append(ids, strconv.Itoa(n))
		must(t, in.Finish(ctx, ids[n], now))
	}
	equal(t, "all are known", len(must1(in.Progress(ctx, append(ids, "unknown")))), len(ids))
	equal(t, "none asked for", len(must1(in.Progress(ctx, nil))), 0)
	db.prune(now.Add(25 * time.Hour))
	equal(t, "all are forgotten", len(must1(in.Progress(ctx, ids))), 0)
}

// Who has blocked the bot gets no reminders until they come back.
func testActive(t *testing.T, db database) {
	ctx := t.Context()
	group := bot.Address{Network: "telegram", Chat: "-1"}
	topic, second := group, group
	topic.Thread, second.Thread = "7", "8"
	active := func(want ...bool) {
		t.Helper()
		for n, at := range []bot.Address{group, topic, second} {
			equal(t, fmt.Sprint(at), must1(db.Active(ctx, at)), want[n])
		}
	}
	active(true, true, true)
	must(t, db.Leave(ctx, topic, "topic closed", now))
	active(true, false, true)
	must(t, db.Leave(ctx, group, "kicked", now))
	active(false, false, false)
	must(t, db.Enter(ctx, second, now))
	active(true, false, true)
	must(t, db.Leave(ctx, second, "topic closed", now))
	must(t, db.Leave(ctx, second, "topic deleted", now))
	must(t, db.Enter(ctx, group, now))
	active(true, true, true)
}

// A group that becomes a supergroup keeps what was chosen and said.
func testMove(t *testing.T, db database) {
	ctx := t.Context()
	from := bot.Address{Network: "telegram", Chat: "-1"}
	to := bot.Address{Network: "telegram", Chat: "-1001"}
	in := func(a bot.Address, thread string) bot.Address { a.Thread = thread; return a }
	for thread, at := range map[string]map[bot.Address]int{ // minutes
		"only from":  {from: 1},
		"only to":    {to: 1},
		"from newer": {from: 2, to: 1},
		"to newer":   {from: 1, to: 2},
		"the same":   {from: 1, to: 1},
	} {
		for place, minute := range at {
			must(t, db.KeepTalk(ctx, in(place, thread), []byte(place.Chat), now.Add(time.Duration(minute)*time.Minute)))
		}
	}
	must(t, db.SetPreference(ctx, from, bot.Preference{Lang: "uz"}))
	must(t, db.Leave(ctx, in(from, "closed"), "closed", now))
	must1(db.inbox("telegram").Keep(ctx, "1", in(from, "t"), []byte("question"), now))
	must(t, db.Move(ctx, in(from, "any"), to))
	for thread, want := range map[string]string{
		"only from": "-1", "only to": "-1001", "from newer": "-1", "to newer": "-1001", "the same": "-1001",
	} {
		equal(t, thread, string(must1(db.Talk(ctx, in(to, thread)))), want)
		equal(t, thread+" at the old place", must1(db.Talk(ctx, in(from, thread))), nil)
	}
	equal(t, "chosen", must1(db.Preference(ctx, to)).Lang, "uz")
	equal(t, "closed", must1(db.Active(ctx, in(to, "closed"))), false)
	equal(t, "kept", must1(db.inbox("telegram").Kept(ctx))[0].Order, in(to, "t"))
}

// The news of a move may come more than once, and late.
func testMoveTwice(t *testing.T, db database) {
	ctx := t.Context()
	from, to := bot.Address{Network: "telegram", Chat: "1"}, bot.Address{Network: "telegram", Chat: "2"}
	must(t, db.KeepTalk(ctx, from, []byte("talk"), now))
	for range 2 {
		must(t, db.Move(ctx, from, to))
		equal(t, "moved", string(must1(db.Talk(ctx, to))), "talk")
	}
	must(t, db.Move(ctx, to, to))
	equal(t, "to itself", string(must1(db.Talk(ctx, to))), "talk")
}

// A workspace that installed the app is served until it removes it.
func testInstallations(t *testing.T, db database) {
	ctx := t.Context()
	_, sealed, _, err := db.Installation(ctx, "", "T1")
	must(t, err)
	equal(t, "none", sealed, nil)
	must(t, db.PutInstallation(ctx, "", "T1", `{"app":"A1"}`, []byte("never"), time.Time{}))
	must(t, db.PutInstallation(ctx, "E1", "", "{}", []byte("late"), now.Add(2*time.Hour)))
	must(t, db.PutInstallation(ctx, "E1", "T1", "{}", []byte("old"), now))
	must(t, db.PutInstallation(ctx, "E1", "T1", "{}", []byte("soon"), now.Add(time.Hour)))
	meta, sealed, expires, err := db.Installation(ctx, "", "T1")
	must(t, err)
	equal(t, "meta", meta, `{"app":"A1"}`)
	equal(t, "sealed", string(sealed), "never")
	equal(t, "never", expires.IsZero(), true)
	var all []string
	each := func(enterprise, team, _ string, sealed []byte, expires time.Time) error {
		all = append(all, enterprise+"/"+team+" "+string(sealed)+" "+expires.Format(time.TimeOnly))
		return nil
	}
	must(t, db.Installations(ctx, each))
	equal(t, "all", fmt.Sprint(all), "[E1/T1 soon 10:00:00 E1/ late 11:00:00 /T1 never 00:00:00]")
	must(t, db.DeleteInstallation(ctx, "E1", "T1"))
	must(t, db.DeleteInstallation(ctx, "E1", "T1"))
	all = nil
	must(t, db.Installations(ctx, each))
	equal(t, "those left", len(all), 2)
	boom := errors.New("boom")
	err = db.Installations(ctx, func(_, _, _ string, _ []byte, _ time.Time) error { return boom })
	equal(t, "its own error", errors.Is(err, boom), true)
}

// A state of OAuth is good once, and for a time: that is what makes it a guard.
func testStates(t *testing.T, db database) {
	ctx := t.Context()
	later := now.Add(10 * time.Minute)
	must(t, db.PutState(ctx, "s", []byte("cookie"), later))
	equal(t, "put twice", db.PutState(ctx, "s", []byte("mine"), later) != nil, true)
	take := func(state string, at time.Time) string {
		t.Helper()
		data, ok, err := db.TakeState(ctx, state, at)
		must(t, err)
		equal(t, "ok", ok, data != nil)
		return string(data)
	}
	equal(t, "unknown", take("x", now), "")
	equal(t, "once", take("s", now), "cookie")
	equal(t, "twice", take("s", now), "")
	must(t, db.PutState(ctx, "late", []byte("x"), later))
	equal(t, "expired", take("late", later), "")
	must(t, db.PutState(ctx, "never taken", []byte("x"), later))
	db.prune(later)
	must(t, db.PutState(ctx, "never taken", []byte("x"), later)) // it was deleted
}

// No id or text of a network, however broken, is lost or taken for another.
func testUnusualBytes(t *testing.T, db database) {
	odd := []string{
		"", "a", "A", "a\x00", "a\x00b", "\xff", "\xff\xfe", "\x01", "\x0161", "é", "e\u0301", "'; DROP TABLE inbox; --",
		"?1", "%s", " a", "a ", "\n", "\ufffd", "😀",
	}
	roundTrip(t, db, odd)
}

func roundTrip(t *testing.T, db database, odd []string) {
	t.Helper()
	ctx := t.Context()
	in := db.inbox("net\x00work")
	for _, s := range odd {
		at := bot.Address{Network: "net\x00work", Space: s, Chat: s, Thread: s}
		must(t, db.KeepTalk(ctx, at, []byte(s), now))
		must(t, db.SetPreference(ctx, at, bot.Preference{Lang: s, Zone: s}))
		must(t, db.Note(ctx, bot.Note{Verdict: bot.Verdict(s), Fact: s, Text: s, Lang: s, Day: "2026-10-31"}))
		must(t, db.PutInstallation(ctx, s, s, s, []byte(s), now))
		equal(t, "fresh", must1(in.Keep(ctx, s, at, []byte(s), now)), true)
	}
	kept, notes := must1(in.Kept(ctx)), must1(db.Notes(ctx, len(odd)))
	slices.Reverse(notes)
	for n, s := range odd {
		at := bot.Address{Network: "net\x00work", Space: s, Chat: s, Thread: s}
		equal(t, "talk", bytes.Equal(must1(db.Talk(ctx, at)), []byte(s)), true)
		equal(t, "chosen", must1(db.Preference(ctx, at)), bot.Preference{Lang: s, Zone: s})
		equal(t, "note", notes[n], bot.Note{Verdict: bot.Verdict(s), Fact: s, Text: s, Lang: s, Day: "2026-10-31"})
		equal(t, "kept", kept[n].ID+string(kept[n].Body), s+s)
		equal(t, "order", kept[n].Order, at)
		meta, sealed, _, err := db.Installation(ctx, s, s)
		must(t, err)
		equal(t, "installation", meta+string(sealed), s+s)
		must(t, in.Finish(ctx, s, now))
	}
	equal(t, "left", len(must1(in.Kept(ctx))), 0)
}

// Many conversations at once do not get into each other's way.
func testEverybody(t *testing.T, db database) {
	ctx := t.Context()
	in := db.inbox("telegram")
	var wg sync.WaitGroup
	for n := range 16 {
		wg.Go(func() {
			at := chat(n)
			for turn := range 10 {
				id, state := fmt.Sprint(n, " ", turn), []byte(strconv.Itoa(turn))
				try(t, second(in.Keep(ctx, id, at, state, now)))
				try(t, db.KeepTalk(ctx, at, state, now))
				try(t, in.Sending(ctx, id, 0, now))
				try(t, in.Finish(ctx, id, now))
				got, err := db.Talk(ctx, at)
				try(t, err)
				far, err := in.Progress(ctx, []string{id})
				try(t, err)
				if !bytes.Equal(got, state) || !far[id].Done {
					t.Errorf("chat %d, turn %d: got %q, %v", n, turn, got, far)
				}
			}
		})
	}
	wg.Wait()
	equal(t, "left", len(must1(in.Kept(ctx))), 0)
}

func FuzzText(f *testing.F) {
	f.Add("a", "\x00")
	f.Add("\x01ff", "\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		if a == b {
			t.Skip()
		}
		roundTrip(t, opened(t, "sqlite::memory:", clock), []string{a, b})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// must1 is for a call inside an argument, where no t can be.
func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func second[T any](_ T, err error) error { return err }

// try is must for a goroutine that is not the test's.
func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if g, w := fmt.Sprintf("%#v", got), fmt.Sprintf("%#v", want); g != w {
		t.Errorf("%s: got %s, expected %s", what, g, w)
	}
}
