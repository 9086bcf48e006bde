package telegram

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
	"suhbat/bot/bottest"
)

// replicas are limiters of several processes with the same slots.
func replicas(slots bot.Slots, n int) []*SharedLimiter {
	all := make([]*SharedLimiter, n)
	for i := range all {
		all[i] = NewSharedLimiter(slots, "1", time.Now)
	}
	return all
}

// brief sends one message that arrives at once and is answered after rtt, with a note
// to be written before.
func (s *strict) brief(t *testing.T, l Limiter, lane bot.Lane, chat string, note, rtt time.Duration) time.Duration {
	start := time.Now()
	answered, err := l.Wait(t.Context(), lane, chat, func(ctx context.Context) error { return pause(ctx, note) })
	if err != nil {
		t.Error(err)
		return 0
	}
	waited := time.Since(start)
	s.mu.Lock()
	s.arrived = append(s.arrived, arrival{time.Now(), chat})
	s.mu.Unlock()
	time.Sleep(rtt)
	answered()
	return waited
}

// TestSharedProperty: whatever several processes send, the server never has a reason to
// refuse any of them, and what one of them is told holds for all.
func TestSharedProperty(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(2467, seed))
			all, s := replicas(new(bottest.Slots), 3), new(strict)
			var senders sync.WaitGroup
			for i := range 600 {
				chat := strconv.Itoa(r.IntN(60))
				if i%3 == 0 {
					chat = fmt.Sprint("-", r.IntN(6)+1)
				}
				lane, rtt, note := bot.Lane(r.IntN(3)), r2(r, 700*time.Millisecond), r2(r, 40*time.Millisecond)
				at, l := r2(r, 30*time.Second), all[r.IntN(len(all))]
				senders.Go(func() {
					time.Sleep(at)
					s.brief(t, l, lane, chat, note, rtt)
				})
			}
			senders.Wait()
			if len(s.arrived) != 600 {
				t.Errorf("%d arrived", len(s.arrived))
			}
			s.check(t, DefaultRate)
			for _, l := range all {
				l.checkIdle(t)
			}
		})
	}
}

// checkIdle checks that a limiter that has been idle holds nothing.
func (l *SharedLimiter) checkIdle(t *testing.T) {
	t.Helper()
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.chats) > 0 || len(l.booked) > 0 || len(l.landed) > 0 || l.asks {
		t.Errorf("an idle limiter holds %d chats, %d slots and %d answers", len(l.chats), len(l.booked), len(l.landed))
	}
}

// TestSharedMailing: a mailing by three processes of which one has most of it takes no
// longer than one by a single process may.
func TestSharedMailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, s := replicas(new(bottest.Slots), 3), new(strict)
		const chats = 900
		start := time.Now()
		var mailing sync.WaitGroup
		var workers [3]chan struct{}
		for i := range workers {
			workers[i] = make(chan struct{}, 32)
		}
		for i := range chats {
			which := []int{0, 0, 1, 2}[i%4]
			l := all[which]
			mailing.Go(func() {
				workers[which] <- struct{}{}
				defer func() { <-workers[which] }()
				to := bot.Address{Network: Network, Chat: fmt.Sprint("m", i)}
				at, ok, err := l.Reserve(t.Context(), to, time.Now())
				for ; err == nil && !ok; at, ok, err = l.Reserve(t.Context(), to, time.Now()) {
					time.Sleep(time.Until(at))
				}
				if err != nil {
					t.Error(err)
				}
				time.Sleep(time.Until(at) + rand.N(early)) // the intent is written down
				s.brief(t, l, bot.Reminders, to.Chat, 0, 40*time.Millisecond)
			})
		}
		mailing.Wait()
		took := time.Since(start)
		s.check(t, DefaultRate)
		t.Logf("%d chats in %v", chats, took)
		if ideal := chats * time.Second / DefaultRate; took > ideal*105/100 {
			t.Errorf("%d chats took %v, want %v and 5 %% at most", chats, took, ideal)
		}
	})
}

// TestSharedAnswersFirst: an answer of one process does not wait for the mailing of
// another, nor for that of its own.
func TestSharedAnswersFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, s := replicas(new(bottest.Slots), 3), new(strict)
		var mailing sync.WaitGroup
		for i := range 900 {
			mailing.Go(func() { s.brief(t, all[i%2], bot.Reminders, fmt.Sprint("m", i), 0, 60*time.Millisecond) })
		}
		var waits []time.Duration
		for i := range 60 {
			time.Sleep(rand.N(400 * time.Millisecond))
			waits = append(waits, s.brief(t, all[i%3], bot.Answers, fmt.Sprint("a", i), 5*time.Millisecond, 0))
		}
		mailing.Wait()
		slices.Sort(waits)
		t.Logf("answers waited %v (median), %v (longest)", waits[len(waits)/2], waits[len(waits)-1])
		if longest := waits[len(waits)-1]; longest > 400*time.Millisecond {
			t.Errorf("an answer waited %v", longest)
		}
		s.check(t, DefaultRate)
	})
}

// TestSharedPause: when the server tells one process to wait, all of them do.
func TestSharedPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, s := replicas(new(bottest.Slots), 3), new(strict)
		all[0].Pause(7 * time.Second)
		for i, l := range all {
			if waited := s.brief(t, l, bot.Answers, strconv.Itoa(i), 0, 0); i == 0 && waited < 7*time.Second {
				t.Errorf("waited %v, want 7s", waited)
			}
		}
		to := bot.Address{Network: Network, Chat: "9"}
		if err := all[1].Delay(t.Context(), to, time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if at, ok, err := all[2].Reserve(t.Context(), to, time.Now()); ok || err != nil || time.Until(at) < 0 {
			t.Errorf("a reminder has a slot: %v, %v, %v", time.Until(at), ok, err)
		}
		time.Sleep(time.Minute) // nobody waits any more
	})
}

// TestSharedReserve: a reminder for a chat that has had its message is put off, and one
// whose slot went by unused sends nothing without another.
func TestSharedReserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, s := replicas(new(bottest.Slots), 2), new(strict)
		to := bot.Address{Network: Network, Chat: "-7"}
		if at, ok, err := all[0].Reserve(t.Context(), to, time.Now()); !ok || err != nil || time.Until(at) > 0 {
			t.Fatalf("got %v, %v, %v", time.Until(at), ok, err)
		}
		at, ok, err := all[1].Reserve(t.Context(), to, time.Now())
		if wait := time.Until(at); ok || err != nil || wait < time.Second || wait > 1100*time.Millisecond {
			t.Errorf("got %v, %v, %v", wait, ok, err)
		}
		time.Sleep(30 * time.Second)
		s.brief(t, all[1], bot.Reminders, to.Chat, 0, 0)
		if waited := s.brief(t, all[0], bot.Reminders, to.Chat, 0, 0); waited < time.Second {
			t.Errorf("the slot of half a minute ago was used: waited %v", waited)
		}
		s.check(t, DefaultRate)
	})
}

// TestSharedEnds: who gives up leaves nothing behind, and slots that cannot be had are
// asked for again.
func TestSharedEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := &brokenSlots{Slots: new(bottest.Slots), err: errors.New("no database")}
		l, s := replicas(broken, 1)[0], new(strict)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				if _, err := l.Wait(ctx, bot.Lane(i%3), strconv.Itoa(i%7), nil); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
			})
		}
		all.Wait()
		time.Sleep(time.Minute)
		l.checkIdle(t)
		time.AfterFunc(10*time.Second, func() { broken.mend() })
		if waited := s.brief(t, l, bot.Answers, "1", 0, 0); waited < 9*time.Second || waited > 12*time.Second {
			t.Errorf("waited %v", waited)
		}
		noted := errors.New("not noted")
		if _, err := l.Wait(t.Context(), bot.Answers, "2", func(context.Context) error { return noted }); !errors.Is(err, noted) {
			t.Errorf("got %v", err)
		}
		s.brief(t, l, bot.Answers, "2", 0, 0)
	})
}

type brokenSlots struct {
	bot.Slots

	mu  sync.Mutex
	err error
}

func (b *brokenSlots) mend() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = nil
}

func (b *brokenSlots) Reserve(ctx context.Context, ahead time.Duration, limits ...bot.Limit) (bot.Slot, error) {
	b.mu.Lock()
	err := b.err
	b.mu.Unlock()
	if err != nil {
		return bot.Slot{}, err
	}
	return b.Slots.Reserve(ctx, ahead, limits...)
}
