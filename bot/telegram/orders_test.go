package telegram

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
)

// TestOrdersOrder: whoever asks twice gets the answers in that order, and nobody waits
// for the answer of another chat.
func TestOrdersOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var q orders
		var mu sync.Mutex
		got := make(map[bot.Address][]int)
		start := time.Now()
		for i := range 100 {
			order := bot.Address{Chat: strconv.Itoa(i % 10)}
			q.put(order, func() {
				time.Sleep(time.Second)
				mu.Lock()
				defer mu.Unlock()
				got[order] = append(got[order], i)
			})
		}
		if n := q.waiting(bot.Address{Chat: "0"}); n != 9 {
			t.Errorf("%d wait behind the first of ten", n)
		}
		if !q.drain(t.Context()) || q.len() != 0 {
			t.Errorf("%d jobs are left", q.len())
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("ten orders side by side took %v", took)
		}
		for order, all := range got {
			if !slices.IsSorted(all) || len(all) != 10 {
				t.Errorf("order %s was done as %v", order, all)
			}
		}
	})
}

// TestOrdersDrain: the program must stop in time, even with a job that hangs.
func TestOrdersDrain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var q orders
		hang := make(chan struct{})
		q.put(bot.Address{}, func() { <-hang })
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		if q.drain(ctx) {
			t.Error("a job that hangs counts as done")
		}
		close(hang)
	})
}
