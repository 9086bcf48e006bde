package scheduler_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
	"suhbat/scheduler"
)

var telegramPace = scheduler.Pace{
	Every: 40 * time.Millisecond, Chat: time.Second, Burst: 20, Window: time.Minute,
	Crowd: func(to bot.Address) bool { return strings.HasPrefix(to.Chat, "-") },
}

// sends has workers send to chats until all have had so many, and returns when each was
// sent, in order.
func sends(t *testing.T, p *scheduler.Pacer, workers, each int, chats []bot.Address) map[bot.Address][]time.Time {
	t.Helper()
	var mu sync.Mutex
	sent := make(map[bot.Address][]time.Time)
	var todo []bot.Address
	for range each {
		todo = append(todo, chats...)
	}
	rand.Shuffle(len(todo), func(i, j int) { todo[i], todo[j] = todo[j], todo[i] })
	next := func() (to bot.Address, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if len(todo) == 0 {
			return to, false
		}
		to, todo = todo[0], todo[1:]
		return to, true
	}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for to, more := next(); more; to, more = next() {
				for ok := false; !ok; {
					at, reserved, err := p.Reserve(t.Context(), to, time.Now())
					if err != nil || reserved && time.Until(at) > 3*time.Second {
						t.Errorf("got %v, %v", time.Until(at), err)
						return
					}
					if !reserved && !at.After(time.Now()) {
						t.Error("refused, and nothing to wait for")
						return
					}
					time.Sleep(time.Until(at))
					ok = reserved
				}
				mu.Lock()
				sent[to] = append(sent[to], time.Now())
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return sent
}

// most is how many instants lie in a window, at most.
func most(times []time.Time, window time.Duration) int {
	n, first := 0, 0
	for last := range times {
		for times[last].Sub(times[first]) >= window {
			first++
		}
		n = max(n, last-first+1)
	}
	return n
}

// TestPacer: whoever sends in the slots that it gives keeps to every limit, in any
// second and any minute, and does not wait for longer than the limits want.
func TestPacer(t *testing.T) {
	for _, tt := range []struct {
		name                 string
		people, groups, each int
		ideal                time.Duration
	}{
		{"many chats", 1000, 200, 1, 48 * time.Second},
		{"one group", 0, 1, 60, 2*time.Minute + 20*time.Second},
		{"few people", 2, 0, 30, 30 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var chats []bot.Address
				for i := range tt.people {
					chats = append(chats, bot.Address{Network: "telegram", Chat: strconv.Itoa(i + 1)})
				}
				for i := range tt.groups {
					chats = append(chats, bot.Address{Network: "telegram", Chat: "-" + strconv.Itoa(i+1)})
				}
				begun := time.Now()
				sent := sends(t, &scheduler.Pacer{Paces: map[string]scheduler.Pace{"telegram": telegramPace}}, 32, tt.each, chats)
				took := time.Since(begun)
				var all []time.Time
				for to, times := range sent {
					all = append(all, times...)
					if n := most(times, time.Second); n > 1 {
						t.Errorf("%s: %d in a second", to.Chat, n)
					}
					if n := most(times, time.Minute); telegramPace.Crowd(to) && n > 20 {
						t.Errorf("%s: %d in a minute", to.Chat, n)
					}
				}
				slices.SortFunc(all, time.Time.Compare)
				if n := most(all, time.Second); n > 25 {
					t.Errorf("%d in a second, to all", n)
				}
				if want := len(chats) * tt.each; len(all) != want || took > tt.ideal+tt.ideal/10 {
					t.Errorf("%d of %d in %v, want %v", len(all), want, took, tt.ideal)
				}
			})
		})
	}
}

// TestPacerDelay: what the network says holds for the whole bot, and for no other.
func TestPacerDelay(t *testing.T) {
	now := time.Date(2026, 10, 31, 4, 0, 0, 0, time.UTC)
	p := &scheduler.Pacer{Paces: map[string]scheduler.Pace{"telegram": telegramPace}}
	one, two := bot.Address{Network: "telegram", Chat: "1"}, bot.Address{Network: "telegram", Chat: "2"}
	slack := bot.Address{Network: "slack", Space: "T", Chat: "C"}
	if err := p.Delay(t.Context(), one, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		to   bot.Address
		now  time.Time
		want bool
	}{
		{one, now, false},
		{two, now, false},
		{slack, now, true},
		{two, now.Add(time.Hour), true},
		{two, now.Add(-time.Hour), true}, // the clock was put back: better too early than never
	} {
		if at, ok, err := p.Reserve(t.Context(), tt.to, tt.now); err != nil || ok != tt.want || !ok && !at.Equal(now.Add(time.Hour)) {
			t.Errorf("%v at %v: got %v, %v, %v, want %v", tt.to, tt.now, at, ok, err, tt.want)
		}
	}
}
