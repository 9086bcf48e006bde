package scheduler_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/scheduler"
)

// TestRules places reminders by the rules that a channel may choose.
func TestRules(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    bot.Reminder
		want []string // wall times of the first posts about 1325 from 20 October 2026 on
	}{
		{"usual", bot.Reminder{Zone: "Asia/Almaty"}, []string{"2026-10-24 09:00", "2026-10-30 09:00", "2026-10-31 09:00"}}, // 31 October 2026 is a Saturday
		{"before weekends", bot.Reminder{Zone: "Asia/Almaty", Weekend: bot.BeforeWeekend}, []string{"2026-10-23 09:00", "2026-10-30 09:00", "2026-10-30 09:00"}},
		{"after weekends", bot.Reminder{Zone: "Asia/Almaty", Weekend: bot.AfterWeekend, Ahead: []int{0}}, []string{"2026-11-02 09:00"}},
		{"quiet hours", bot.Reminder{Zone: "Asia/Almaty", At: "06:00", QuietFrom: "22:00", QuietTo: "08:15", Ahead: []int{0}}, []string{"2026-10-31 08:15"}},
		{"exact", bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{3}}, []string{"2026-10-28 09:00"}},
	} {
		b := newBench(t)
		id := b.remind(almaty, tt.r)
		rows, err := b.Select(t.Context(), scheduler.Query{Channel: id, Open: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range rows {
			if d.Event == "resolution-1325-adopted" {
				got = append(got, d.Wall)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestRoundYears: a round year is announced a month ahead besides.
func TestRoundYears(t *testing.T) {
	b := newBench(t)
	b.now = time.Date(2027, 11, 1, 0, 0, 0, 0, time.UTC) // UNRCCA will be 20 on 10 December
	p, err := b.registry.Preview(t.Context(), almaty, bot.Reminder{Zone: "UTC", RoundOnly: true}, 1)
	if err != nil || len(p) != 1 {
		t.Fatal(p, err)
	}
	if text := message.Plain(p[0].Message); p[0].At.Format(time.DateOnly) != "2027-11-10" || !slices.Contains(p[0].Why, bot.WhyRound) || !strings.Contains(text, "In 30 days") {
		t.Errorf("got %s, %v: %s", p[0].At, p[0].Why, text)
	}
}

// TestPreview: what a channel is shown is what it gets.
func TestPreview(t *testing.T) {
	b := newBench(t)
	r := bot.Reminder{Zone: "Asia/Almaty", Lang: "kk"}
	preview, err := b.registry.Preview(t.Context(), almaty, r, 8)
	if err != nil {
		t.Fatal(err)
	}
	id := b.remind(almaty, r)
	for _, p := range preview {
		if len(p.Occurrences) == 0 {
			t.Errorf("%s is about nothing", p.At)
		}
		b.deliver(id, p.At.UTC().Format(time.RFC3339))
		if len(b.sent) == 0 || message.Plain(b.sent[len(b.sent)-1].Message) != message.Plain(p.Message) {
			t.Fatalf("%s: got %+v, and the preview was %s", p.At, b.sent, message.Plain(p.Message))
		}
	}
	if len(b.sent) != len(preview) {
		t.Errorf("%d posts, %d in the preview", len(b.sent), len(preview))
	}
	r.Zone, r.Topics = "Asia/Atlantis", []string{"cats"}
	if _, err := b.registry.Preview(t.Context(), almaty, r, 1); err == nil || !strings.Contains(err.Error(), "Atlantis") || !strings.Contains(err.Error(), "cats") {
		t.Errorf("got %v", err)
	}
	if err := b.registry.Remind(t.Context(), almaty, r); err == nil {
		t.Error("a zone that does not exist was taken")
	}
}

// TestSync: the operator's file is what it says, and a broken one changes nothing.
func TestSync(t *testing.T) {
	b := newBench(t)
	load := func(s string) error { return b.registry.Load(t.Context(), "s.yaml", []byte("subscriptions:\n"+s)) }
	list := func() string {
		subs, err := b.Subscriptions(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range subs {
			out = append(out, s.ID+" "+s.At+" "+s.Paused)
		}
		return strings.Join(out, ", ")
	}
	const one = `  - {to: "telegram:-100/45", zone: Asia/Almaty}` + "\n"
	if err := load(one + `  - {to: "slack:T/C", zone: UTC}`); err != nil {
		t.Fatal(err)
	}
	b.want(day, scheduler.Planned, "")
	was := list()
	if err := load(one + `  - {to: "slack:T/C", zone: UTD}`); err == nil || !strings.Contains(err.Error(), "s.yaml:3:") || list() != was {
		t.Errorf("a broken file: %v, and now %s", err, list())
	}
	s, _, _ := b.Subscription(t.Context(), "telegram:-100/45")
	s.Paused = "kicked"
	if err := b.PutSubscription(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := load(one); err != nil || list() != "telegram:-100/45 09:00 kicked" {
		t.Errorf("%v, and now %s", err, list())
	}
	if err := load(`  - {to: "telegram:-100/45", zone: Asia/Almaty, at: "10:00"}`); err != nil || list() != "telegram:-100/45 10:00 " {
		t.Errorf("%v, and now %s", err, list())
	}
}

// TestResume: a channel that was gone gets what is still to come, and no more.
func TestResume(t *testing.T) {
	b := newBench(t)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.answer = fails(bot.Gone)
	b.deliver(id, "2026-10-29T04:00:00Z")
	b.want(day, scheduler.Skipped, scheduler.Config)
	b.answer = nil
	if err := b.registry.Resume(t.Context(), almaty); err != nil {
		t.Fatal(err)
	}
	b.want("resolution-2493-adopted|2026|telegram:-100/45|0", scheduler.Failed, scheduler.PlaceGone)
	b.want(day, scheduler.Planned, "")
	if r, _, _ := b.registry.Reminder(t.Context(), almaty); r.Paused != "" {
		t.Errorf("it is still paused: %s", r.Paused)
	}
}

// TestHealth: what those who run the program see.
func TestHealth(t *testing.T) {
	b := newBench(t)
	b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.now = time.Date(2026, 10, 31, 5, 0, 0, 0, time.UTC)
	h, err := b.sender.Health(t.Context(), b.now.AddDate(0, 0, -1))
	if err != nil || h.Count[scheduler.Planned] != 1 || h.Lag != time.Hour {
		t.Errorf("got %+v, %v", h, err)
	}
}
