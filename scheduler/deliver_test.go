package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/scheduler"
)

const day = "resolution-1325-adopted|2026|telegram:-100/45|0"

// TestDeliver follows one reminder: what must be on disk before what.
func TestDeliver(t *testing.T) {
	b := newBench(t)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Lang: "ru"})
	if d := b.want(day, scheduler.Planned, ""); d.Wall != "2026-10-31 09:00" || !d.DueAt.Equal(time.Date(2026, 10, 31, 4, 0, 0, 0, time.UTC)) ||
		!d.NotAfter.Equal(time.Date(2026, 10, 31, 15, 0, 0, 0, time.UTC)) {
		t.Errorf("planned for %s: %s to %s", d.Wall, d.DueAt, d.NotAfter)
	}
	b.deliver(id, "2026-10-31T03:59:59Z")
	b.sent, b.order = nil, nil // leads, and what was too late for them
	wake := b.deliver(id, "2026-10-31T04:00:01Z")
	if got := strings.Join(b.order, " "); got != "slot sending call sent" {
		t.Errorf("the steps were %s", got)
	}
	if len(b.sent) != 1 {
		t.Fatalf("%d messages", len(b.sent))
	}
	out := b.sent[0]
	if text := message.Plain(out.Message); !strings.HasPrefix(text, "Сегодня, 31 октября 2026 года") || strings.Contains(text, "запоздало") {
		t.Errorf("it says %s", text)
	}
	d := b.want(day, scheduler.Sent, "")
	if out.Key != d.Post || out.To != almaty || out.Lane != bot.Reminders || d.Receipt != "m1" || d.Lang != "ru" || d.BodyHash == "" || d.Epoch != 1 {
		t.Errorf("sent %+v as %+v", out, d)
	}
	b.deliver(id, "2026-10-31T04:00:02Z")
	if len(b.sent) != 1 {
		t.Error("it was sent again")
	}
	if wake.Before(b.now) {
		t.Errorf("the next time to look is %s", wake)
	}
}

// TestOnePost: 19 June and 25 November have several days at once.
func TestOnePost(t *testing.T) {
	b := newBench(t)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.deliver(id, "2026-11-24T00:00:00Z")
	b.sent = nil
	b.deliver(id, "2026-11-25T04:00:00Z")
	if len(b.sent) != 1 || len(b.sent[0].Message.Body) != 2 {
		t.Fatalf("got %+v", b.sent)
	}
	a, c := b.row("violence-against-women-day-observed|2026|telegram:-100/45|0"), b.row("dushanbe-2025-held-on|2026|telegram:-100/45|0")
	if a.Post != c.Post || a.State != scheduler.Sent || c.State != scheduler.Sent {
		t.Errorf("got %+v and %+v", a, c)
	}
}

// TestFailures: what became of a call decides what may follow.
func TestFailures(t *testing.T) {
	for _, tt := range []struct {
		how   bot.Failure
		state scheduler.State
		why   scheduler.Reason
		kinds []scheduler.NoticeKind
		calls int // within the next hour, in which all goes well
	}{
		{bot.NotSent, scheduler.Planned, scheduler.Retry, nil, 1},
		{bot.Busy, scheduler.Planned, scheduler.Retry, nil, 1},
		{bot.Uncertain, scheduler.Uncertain, scheduler.TimedOut, []scheduler.NoticeKind{scheduler.PostUncertain}, 0},
		{bot.Refused, scheduler.Failed, scheduler.WasRefused, []scheduler.NoticeKind{scheduler.PostFailed}, 0},
		{bot.Gone, scheduler.Failed, scheduler.PlaceGone, []scheduler.NoticeKind{scheduler.PostFailed, scheduler.ChannelPaused}, 0},
		{bot.Moved, scheduler.Planned, scheduler.Moved, []scheduler.NoticeKind{scheduler.ChannelMoved}, 1},
	} {
		t.Run(string(tt.how)+" failure", func(t *testing.T) {
			b := newBench(t)
			id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
			b.deliver(id, "2026-10-31T00:00:00Z")
			b.sent, b.notices, b.answer = nil, nil, fails(tt.how)
			b.deliver(id, "2026-10-31T04:00:00Z")
			b.want(day, tt.state, tt.why)
			var kinds []scheduler.NoticeKind
			for _, n := range b.notices {
				kinds = append(kinds, n.Kind)
			}
			if !slices.Equal(kinds, tt.kinds) {
				t.Errorf("notices %v, want %v", kinds, tt.kinds)
			}
			b.answer = nil
			for at := b.now; at.Before(b.now.Add(time.Hour)) && len(b.sent) == 0; at = at.Add(15 * time.Second) {
				b.deliver(id, at.Format(time.RFC3339))
				if at.Hour() > 5 {
					break
				}
			}
			if len(b.sent) != tt.calls {
				t.Errorf("%d messages within the hour, want %d", len(b.sent), tt.calls)
			}
			s, _, _ := b.Subscription(t.Context(), id)
			if tt.how == bot.Moved && (s.To.Chat != "-200" || len(b.sent) > 0 && b.sent[0].To.Chat != "-200") {
				t.Errorf("it moved to %v, and the message went to %v", s.To, b.sent)
			}
			if tt.how == bot.Gone && s.Paused == "" {
				t.Error("the channel is not paused")
			}
		})
	}
}

// TestAway: what became of a call is known to this process alone, so it waits for a
// database that is away for a minute, or whose answers get lost, and leaves nobody in doubt.
func TestAway(t *testing.T) {
	for want, answer := range map[scheduler.State]func(bot.Outgoing) error{
		scheduler.Sent: nil, scheduler.Planned: fails(bot.Busy), scheduler.Failed: fails(bot.Refused), scheduler.Uncertain: fails(bot.Uncertain),
	} {
		for _, lost := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, lost %t", want, lost), func(t *testing.T) {
				b := newBench(t)
				id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
				b.deliver(id, "2026-10-31T00:00:00Z")
				b.sent, b.notices, b.order, b.answer = nil, nil, nil, answer
				due := time.Date(2026, 10, 31, 4, 0, 0, 0, time.UTC)
				b.lost, b.away, b.now = lost, due.Add(time.Minute), due
				_, _ = b.sender.Deliver(t.Context(), id) // that a slot could not be delayed is left to the next one
				if d := b.row(day); d.State != want {
					t.Errorf("got %s (%s), want %s", d.State, d.Reason, want)
				}
				told := slices.ContainsFunc(b.notices, func(n scheduler.Notice) bool {
					return n.Kind == scheduler.PostFailed || n.Kind == scheduler.PostUncertain
				})
				if told != (want == scheduler.Failed || want == scheduler.Uncertain) {
					t.Errorf("told of %v", b.notices)
				}
			})
		}
	}
}

// TestReconcile: Slack is asked after ten minutes, not before, and told again only
// what it does not have.
func TestReconcile(t *testing.T) {
	for _, found := range []bool{true, false} {
		b := newBench(t)
		id := b.remind(bot.Address{Network: "slack", Space: "T", Chat: "C"}, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
		key := "resolution-1325-adopted|2026|" + id + "|0"
		b.deliver(id, "2026-10-31T00:00:00Z")
		b.sent, b.answer, b.found = nil, fails(bot.Uncertain), found
		wake := b.deliver(id, "2026-10-31T04:00:00Z")
		if want := b.now.Add(10 * time.Minute); !wake.Equal(want) {
			t.Errorf("it is asked at %s, want %s", wake, want)
		}
		b.answer = nil
		b.deliver(id, "2026-10-31T04:09:59Z")
		b.want(key, scheduler.Uncertain, scheduler.TimedOut)
		b.deliver(id, "2026-10-31T04:10:01Z")
		b.deliver(id, "2026-10-31T04:10:05Z")
		d := b.want(key, scheduler.Sent, "")
		if again := len(b.sent) == 1; again == found || found && d.Receipt != "found" {
			t.Errorf("found %v, sent again %v: %+v", found, again, d)
		}
	}
}

// TestReconcileRefused: where the bot may not read what it has posted, a person is asked,
// once a post is uncertain; while the network is only away, nobody is.
func TestReconcileRefused(t *testing.T) {
	b := newBench(t)
	id := b.remind(bot.Address{Network: "slack", Space: "T", Chat: "C"}, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	key := "resolution-1325-adopted|2026|" + id + "|0"
	b.deliver(id, "2026-10-31T00:00:00Z")
	b.sent, b.notices, b.answer = nil, nil, fails(bot.Uncertain)
	b.deliver(id, "2026-10-31T04:00:00Z")
	b.blind = &bot.SendError{Failure: bot.NotSent, Err: errors.New("not now")}
	b.deliver(id, "2026-10-31T04:10:01Z")
	if len(b.notices) > 0 {
		t.Errorf("while the network is away there is %+v", b.notices)
	}
	b.blind = &bot.SendError{Failure: bot.Refused, Err: errors.New("missing_scope")}
	b.deliver(id, "2026-10-31T04:20:00Z")
	b.want(key, scheduler.Uncertain, scheduler.TimedOut)
	if len(b.notices) != 1 || b.notices[0].Kind != scheduler.PostUncertain || !slices.Contains(b.notices[0].Keys, key) {
		t.Errorf("notices: %+v", b.notices)
	}
}

// TestInterrupted: a process that dies while it sends leaves the post to a person.
func TestInterrupted(t *testing.T) {
	b := newBench(t)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.deliver(id, "2026-10-31T00:00:00Z")
	b.sent = nil
	b.answer = func(bot.Outgoing) error { panic("the process dies") }
	func() {
		defer func() { _ = recover() }()
		b.deliver(id, "2026-10-31T04:00:00Z")
	}()
	b.want(day, scheduler.Sending, "")
	b.answer, b.notices = nil, nil
	b.deliver(id, "2026-10-31T04:00:59Z")
	b.want(day, scheduler.Sending, "")
	b.deliver(id, "2026-10-31T04:01:00Z")
	b.want(day, scheduler.Uncertain, scheduler.LeaseOver)
	if len(b.notices) != 1 || b.notices[0].Kind != scheduler.PostUncertain || !slices.Contains(b.notices[0].Keys, day) {
		t.Errorf("notices: %+v", b.notices)
	}
	// A person has looked: it is not there.
	if _, err := b.sender.Resend(t.Context(), day); err != nil {
		t.Fatal(err)
	}
	b.deliver(id, "2026-10-31T04:30:00Z")
	b.want(day, scheduler.Sent, "")
	if text := message.Plain(b.sent[0].Message); !strings.Contains(text, "This message is late: it was due at 09:00.") {
		t.Errorf("it does not say that it is late: %s", text)
	}
	if _, err := b.sender.Skip(t.Context(), day); err == nil {
		t.Error("what was sent can be skipped")
	}
}

// TestHeldUp: while a process is held up in its call, others decide about the post.
// What the network says then is the truth for all that.
func TestHeldUp(t *testing.T) {
	for _, tt := range []struct {
		meanwhile scheduler.State
		says      bot.Failure
		arrived   bool
		want      scheduler.State
	}{
		{scheduler.Uncertain, "", true, scheduler.Sent},
		{scheduler.Planned, "", true, scheduler.Sent},
		{scheduler.Failed, "", true, scheduler.Sent},
		{scheduler.Skipped, "", true, scheduler.Sent},
		{scheduler.Uncertain, bot.Refused, false, scheduler.Failed},
		{scheduler.Uncertain, bot.NotSent, false, scheduler.Planned},
		{scheduler.Skipped, bot.NotSent, false, scheduler.Skipped},
		{scheduler.Planned, bot.Refused, false, scheduler.Planned},
		{scheduler.Planned, bot.Uncertain, false, scheduler.Planned},
	} {
		b := newBench(t)
		id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
		b.deliver(id, "2026-10-31T00:00:00Z")
		b.answer = func(out bot.Outgoing) error {
			d := b.row(day)
			d.State, d.WakeAt = tt.meanwhile, time.Time{}
			if d.State == scheduler.Planned {
				d.WakeAt = b.now.Add(time.Hour)
			}
			if ok, err := b.Memory.Swap(t.Context(), []scheduler.Delivery{d}, nil); !ok || err != nil {
				t.Fatal(ok, err)
			}
			if tt.arrived {
				return nil
			}
			return fails(tt.says)(out)
		}
		b.deliver(id, "2026-10-31T04:00:00Z")
		if d := b.row(day); d.State != tt.want {
			t.Errorf("%s meanwhile, the network says %q: it is %s, want %s", tt.meanwhile, tt.says, d.State, tt.want)
		}
	}
}

// TestLate: a post that nobody could send goes out the same day, and not after.
func TestLate(t *testing.T) {
	for at, want := range map[string]scheduler.State{"2026-10-31T14:59:59Z": scheduler.Sent, "2026-10-31T15:00:01Z": scheduler.Skipped} {
		b := newBench(t)
		id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
		b.deliver(id, "2026-10-31T00:00:00Z")
		b.notices = nil
		b.deliver(id, at)
		if d := b.row(day); d.State != want {
			t.Errorf("at %s it is %s (%s)", at, d.State, d.Reason)
		}
		if late := len(b.notices) == 1 && b.notices[0].Kind == scheduler.PostLate; late != (want == scheduler.Skipped) {
			t.Errorf("at %s: notices %+v", at, b.notices)
		}
	}
}

// TestChange: what is planned follows a change, what was sent does not, and what comes
// back is not sent twice.
func TestChange(t *testing.T) {
	b := newBench(t)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.remind(almaty, bot.Reminder{Zone: "Europe/London", At: "12:00", Ahead: []int{0}})
	if d := b.want(day, scheduler.Planned, ""); d.Wall != "2026-10-31 12:00" || d.Zone != "Europe/London" || d.DueAt.Hour() != 12 {
		t.Errorf("it is planned for %s %s, %s", d.Wall, d.Zone, d.DueAt)
	}
	b.remind(almaty, bot.Reminder{Zone: "Europe/London", Topics: []string{"dialogue"}, Ahead: []int{0}})
	b.want(day, scheduler.Skipped, scheduler.Config)
	b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.want(day, scheduler.Planned, "")
	if err := b.registry.StopReminders(t.Context(), almaty); err != nil {
		t.Fatal(err)
	}
	b.want(day, scheduler.Skipped, scheduler.Config)
	b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.deliver(id, "2026-10-31T00:00:00Z")
	b.sent = nil
	b.deliver(id, "2026-10-31T04:00:00Z")
	b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", At: "18:00", Ahead: []int{0}})
	b.deliver(id, "2026-10-31T13:00:00Z")
	b.want(day, scheduler.Sent, "")
	if len(b.sent) != 1 {
		t.Errorf("%d messages", len(b.sent))
	}
	if ok, found, err := b.registry.Reminder(t.Context(), almaty); !found || err != nil || ok.At != "18:00" {
		t.Errorf("got %+v, %v, %v", ok, found, err)
	}
}

// TestNextWake: a post that waits to be looked up must not hide one that is due sooner.
func TestNextWake(t *testing.T) {
	b := newBench(t)
	slack := bot.Address{Network: "slack", Space: "T", Chat: "C"}
	id := b.remind(slack, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.deliver(id, "2026-10-31T00:00:00Z")
	b.answer = fails(bot.Uncertain)
	b.deliver(id, "2026-10-31T04:00:00Z")
	soon := b.row("resolution-1325-adopted|2026|" + id + "|0")
	soon.Key, soon.Post, soon.State, soon.Version = "soon", "", scheduler.Planned, 0
	soon.DueAt = b.now.Add(5 * time.Minute)
	soon.WakeAt = soon.DueAt
	if ok, err := b.Memory.Swap(t.Context(), []scheduler.Delivery{soon}, nil); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if wake := b.deliver(id, "2026-10-31T04:00:01Z"); !wake.Equal(soon.DueAt) {
		t.Errorf("look again at %s, want %s", wake, soon.DueAt)
	}
}

// TestStop: the program is told to stop while it sends; what came of it is written
// down all the same.
func TestStop(t *testing.T) {
	b := newBench(t)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.deliver(id, "2026-10-31T00:00:00Z")
	ctx, stop := context.WithCancel(t.Context())
	b.answer = func(bot.Outgoing) error {
		stop()
		return nil
	}
	b.now = time.Date(2026, 10, 31, 4, 0, 0, 0, time.UTC)
	_, _ = b.sender.Deliver(ctx, id)
	b.want(day, scheduler.Sent, "")
}

// TestBusySlot: while a chat is busy no intent is committed.
func TestBusySlot(t *testing.T) {
	b := newBench(t)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.deliver(id, "2026-10-31T00:00:00Z")
	b.sent, b.slotAt = nil, 7*time.Second
	if wake := b.deliver(id, "2026-10-31T04:00:00Z"); !wake.Equal(b.now.Add(7 * time.Second)) {
		t.Errorf("look again at %s", wake)
	}
	b.want(day, scheduler.Planned, "")
}

// TestNoWords: a message that cannot be made was certainly not sent.
func TestNoWords(t *testing.T) {
	for _, words := range []brokenWords{{err: errors.New("no")}, {}} {
		b := newBench(t)
		id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
		b.deliver(id, "2026-10-31T00:00:00Z")
		b.sent = nil
		b.sender.Words = words
		b.deliver(id, "2026-10-31T04:00:00Z")
		b.want(day, scheduler.Failed, scheduler.NoWords)
		if len(b.sent) > 0 {
			t.Errorf("sent %+v", b.sent)
		}
	}
}

type brokenWords struct{ err error }

func (w brokenWords) Reminder(scheduler.Post) (message.Message, error) {
	if w.err == nil {
		panic("a bug in the words")
	}
	return message.Message{}, w.err
}

// TestTick: neither an error nor a panic may end the planning for good.
func TestTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+time.Second)
		defer cancel()
		var runs atomic.Int32
		var log strings.Builder
		err := scheduler.Tick(ctx, scheduler.EveryMinute, slog.New(slog.NewTextHandler(&log, nil)), func(context.Context) error {
			switch runs.Add(1) {
			case 2:
				panic("a bug")
			case 4:
				return errors.New("a failure")
			case 6:
				time.Sleep(150 * time.Second) // two ticks are left out
			}
			return nil
		})
		if err != nil || runs.Load() != 9 {
			t.Errorf("%d runs, %v", runs.Load(), err)
		}
		for _, want := range []string{"a bug", "a failure"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%q is not in the log: %s", want, log.String())
			}
		}
		if err := scheduler.Tick(ctx, "TZ=0", slog.New(slog.DiscardHandler), nil); err == nil {
			t.Error("a spec that nobody can read was taken")
		}
	})
}

// TestYear compares 2027 with the list that the facts were taken from.
func TestYear(t *testing.T) {
	b := newBench(t)
	b.now = time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Tashkent", Lang: "uz", Ahead: []int{0}})
	s, _, _ := b.Subscription(t.Context(), id)
	rows, err := b.registry.Upcoming(s, time.Date(2027, 12, 31, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range rows {
		if date, _, _ := strings.Cut(d.Wall, " "); len(got) == 0 || got[len(got)-1] != date[5:] {
			got = append(got, date[5:])
		}
	}
	want := "03-08 04-23 05-31 06-19 06-24 07-02 08-06 08-28 09-03 09-15 09-30 10-05 10-13 10-16 10-18 10-29 10-31 11-22 11-25 12-04 12-09 12-10 12-14 12-16 12-18 12-23"
	if g := strings.Join(got, " "); g != want {
		t.Errorf("got  %s\nwant %s", g, want)
	}
}
