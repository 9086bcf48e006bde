package scheduler_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/facts"
	"suhbat/facts/data"
	"suhbat/scheduler"
)

// TestCommands: whatever the bot's page of reminders offers, the registry takes: each
// button, pressed on what the ones before have left. What the button below a post
// stops is the subscription that the post came from.
func TestCommands(t *testing.T) {
	b := newBench(t)
	set, err := languages()
	if err != nil {
		t.Fatal(err)
	}
	store, err := facts.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	core, err := bot.New(store, set, bot.WithPorts(bot.Ports{Reminders: b.registry, Posts: b.sender.Posts()}))
	if err != nil {
		t.Fatal(err)
	}
	in := bot.Incoming{Kind: bot.Command, From: bot.Address{Network: "telegram", Chat: "7"}, Private: true, User: "7", Text: "/subscribe", At: b.now}
	handle := func(in bot.Incoming) bot.Reply {
		r, err := core.Handle(t.Context(), in)
		if err != nil {
			t.Fatalf("%s%s: %v", in.Text, in.Payload, err)
		}
		return r
	}
	press := func(button bot.Button) bot.Reply {
		pressed := in
		pressed.Kind, pressed.Text, pressed.Payload = bot.Press, button.Label, button.Action
		return handle(pressed)
	}
	todo := handle(in).Buttons
	todo = append(todo, press(todo[0][0]).Buttons...)
	seen := make(map[string]bool)
	for ; len(todo) > 0; todo = todo[1:] {
		for _, button := range todo[0] {
			if seen[button.Action] || !strings.HasPrefix(button.Action, "1:s") || button.Action == "1:sx" {
				continue
			}
			seen[button.Action] = true
			todo = append(todo, press(button).Buttons...)
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d buttons", len(seen))
	}
	sub, ok, err := b.SubscriptionAt(t.Context(), in.From)
	if !ok || err != nil || sub.By != "telegram:7" {
		t.Fatalf("there is %+v, %v", sub, err)
	}
	press(scheduler.PackWords{Set: set}.Buttons(sub)[0][0])
	if _, ok, _ := b.SubscriptionAt(t.Context(), in.From); ok {
		t.Error("it is not stopped")
	}
}

// TestPosts: what an operator's button says about a post is done to all that it is
// about; one that nobody knows is an error, not silence.
func TestPosts(t *testing.T) {
	b := newBench(t)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.deliver(id, "2026-10-31T00:00:00Z")
	b.sent, b.notices = nil, nil
	b.answer = func(bot.Outgoing) error { return &bot.SendError{Failure: bot.Uncertain} }
	b.deliver(id, "2026-10-31T04:00:00Z")
	b.want(day, scheduler.Uncertain, scheduler.TimedOut)
	attempt := b.notices[0].Attempt()
	decide := b.sender.Posts()
	if err := decide.Resend(t.Context(), attempt); err != nil {
		t.Fatal(err)
	}
	b.want(day, scheduler.Planned, scheduler.ByAdmin)
	if err := decide.Skip(t.Context(), attempt); err != nil {
		t.Fatal(err)
	}
	b.want(day, scheduler.Skipped, scheduler.ByAdmin)
	for _, unknown := range []string{"", "post-none", "post-none.1", ".1", b.notices[0].Post} {
		if decide.Skip(t.Context(), unknown) == nil {
			t.Errorf("%q is skipped", unknown)
		}
	}
}

// TestPostsOnce: a button pressed twice, or late, says nothing about an attempt that was
// made since, which may have arrived.
func TestPostsOnce(t *testing.T) {
	b := newBench(t)
	id := b.remind(almaty, bot.Reminder{Zone: "Asia/Almaty", Ahead: []int{0}})
	b.deliver(id, "2026-10-31T00:00:00Z")
	b.notices = nil
	b.answer = func(bot.Outgoing) error { return &bot.SendError{Failure: bot.Uncertain} }
	b.deliver(id, "2026-10-31T04:00:00Z")
	first := b.notices[0].Attempt()
	b.now = b.now.Add(time.Minute)
	if err := b.sender.Posts().Resend(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	b.deliver(id, "2026-10-31T04:12:00Z")
	b.want(day, scheduler.Uncertain, scheduler.TimedOut)
	b.now = b.now.Add(time.Hour)
	for _, do := range []func(context.Context, string) error{b.sender.Posts().Resend, b.sender.Posts().Skip} {
		if err := do(t.Context(), first); err == nil || !strings.Contains(err.Error(), "tried again since") {
			t.Errorf("the old button: %v", err)
		}
	}
	b.want(day, scheduler.Uncertain, scheduler.TimedOut)
}
