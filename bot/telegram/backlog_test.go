package telegram

import (
	"slices"
	"testing"
	"time"
)

// batch makes updates of ids.
func batch(ids ...int64) []fetched {
	var all []fetched
	for _, id := range ids {
		all = append(all, fetched{id: id, from: time.Unix(id, 0)})
	}
	return all
}

func idsOf(all []fetched) []int64 {
	var ids []int64
	for _, u := range all {
		ids = append(ids, u.id)
	}
	return ids
}

// TestBacklog: Telegram forgets what lies below the offset. One that is too high
// loses a question, one that stays behind makes the bot deaf.
func TestBacklog(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		steps  func(w *backlog)
		offset int64
	}{
		{"nothing was fetched", func(*backlog) {}, 0},
		{"one is open", func(w *backlog) { w.add(batch(7)) }, 7},
		{"all are finished", func(w *backlog) { w.add(batch(7, 8)); w.finish(8); w.finish(7) }, 9},
		{"the oldest is open", func(w *backlog) { w.add(batch(7, 8, 9)); w.finish(8); w.finish(9) }, 7},
		{"one in the middle is open", func(w *backlog) { w.add(batch(7, 8, 9)); w.finish(7); w.finish(9) }, 8},
		{"ids start again lower", func(w *backlog) { w.add(batch(900)); w.finish(900); w.add(batch(3, 4)); w.finish(3); w.finish(4) }, 5},
		{"lower ids while an old one is open", func(w *backlog) { w.add(batch(900)); w.add(batch(3)); w.finish(900) }, 3},
		{"out of order", func(w *backlog) { w.add(batch(9, 7, 8)); w.finish(8) }, 7},
		{"fetched twice", func(w *backlog) { w.add(batch(7, 8)); w.add(batch(7, 8, 9)); w.finish(7) }, 8},
		{"finished twice", func(w *backlog) { w.add(batch(7)); w.finish(7); w.finish(7) }, 8},
		{"an unknown one is finished", func(w *backlog) { w.add(batch(7)); w.finish(1) }, 7},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var w backlog
			tt.steps(&w)
			if got := w.offset(); got != tt.offset {
				t.Errorf("the offset is %d, want %d", got, tt.offset)
			}
		})
	}
}

// TestBacklogFresh: what is fetched again while it is being answered must not be
// answered again.
func TestBacklogFresh(t *testing.T) {
	t.Parallel()
	var w backlog
	if got := idsOf(w.add(batch(1, 2, 3))); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("new are %v", got)
	}
	w.finish(2)
	if got := idsOf(w.add(batch(1, 3, 4))); !slices.Equal(got, []int64{4}) {
		t.Errorf("new are %v", got)
	}
	if got := idsOf(w.since(time.Unix(4, 0))); !slices.Equal(got, []int64{1, 3}) {
		t.Errorf("older than the fourth are %v", got)
	}
}
