package store_test

import (
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
)

// TestWaiting: an operator sees how much waits for an answer and since when, of each
// network apart.
func TestWaiting(t *testing.T) {
	ctx, at := t.Context(), now.Add(-time.Minute)
	s := must1(store.Open(ctx, "sqlite::memory:", store.Options{Now: func() time.Time { return now }}))
	t.Cleanup(func() { must(t, s.Close()) })
	in := s.Inbox("slack")
	must1(in.Keep(ctx, "1", bot.Address{Network: "slack", Chat: "c"}, []byte("old"), at.Add(-time.Hour)))
	must1(in.Keep(ctx, "2", bot.Address{Network: "slack", Chat: "c"}, []byte("body"), at))
	must1(in.Keep(ctx, "3", bot.Address{Network: "slack", Chat: "c"}, []byte("body"), now))
	must1(s.Inbox("telegram").Keep(ctx, "1", bot.Address{Network: "telegram", Chat: "c"}, []byte("body"), now))
	must(t, in.Finish(ctx, "1", now))
	must1(in.Kept(ctx)) // settles
	n, oldest, err := in.Waiting(ctx)
	must(t, err)
	equal(t, "waiting", n, 2)
	equal(t, "oldest", oldest, at.UTC())
	n, oldest, err = s.Inbox("matrix").Waiting(ctx)
	must(t, err)
	equal(t, "waiting", n, 0)
	equal(t, "oldest", oldest, time.Time{})
}
