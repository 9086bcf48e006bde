package telegram

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
)

// strict is the server at its strictest: it notes what arrives, and answers after a
// while.
type strict struct {
	mu      sync.Mutex
	arrived []arrival
}

type arrival struct {
	at   time.Time
	chat string
}

// send sends one message through a limiter and returns how long it waited for its
// turn. The message is on its way for a part of rtt and is answered after all of it.
func (s *strict) send(t *testing.T, l Limiter, lane bot.Lane, chat string, rtt time.Duration) time.Duration {
	start := time.Now()
	answered, err := l.Wait(t.Context(), lane, chat, nil)
	if err != nil {
		t.Error(err)
		return 0
	}
	waited := time.Since(start)
	there := time.Duration(0)
	if rtt > 0 {
		there = rand.N(rtt)
	}
	time.Sleep(there)
	s.mu.Lock()
	s.arrived = append(s.arrived, arrival{time.Now(), chat})
	s.mu.Unlock()
	time.Sleep(rtt - there)
	answered()
	return waited
}

// check checks that no sliding window saw more than the server allows.
func (s *strict) check(t *testing.T, rate int) {
	t.Helper()
	byChat := make(map[string][]time.Time)
	var all []time.Time
	for _, a := range s.arrived {
		all = append(all, a.at)
		byChat[a.chat] = append(byChat[a.chat], a.at)
	}
	within(t, "all chats", all, rate, window)
	for chat, times := range byChat {
		within(t, chat, times, 1, chatWindow)
		if isGroup(chat) {
			within(t, chat, times, perGroup, groupWindow)
		}
	}
}

func within(t *testing.T, what string, times []time.Time, most int, window time.Duration) {
	t.Helper()
	slices.SortFunc(times, time.Time.Compare)
	for i := most; i < len(times); i++ {
		if d := times[i].Sub(times[i-most]); d <= window {
			t.Errorf("%s: %d messages within %v, allowed are %d in %v", what, most+1, d, most, window)
			return
		}
	}
}

// TestLimiterProperty checks that the server never has a reason to refuse, whatever
// is to be sent and however long its answers take.
func TestLimiterProperty(t *testing.T) {
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1325, seed))
			rate := []int{30, 30, 7, 1}[r.IntN(4)]
			l, s := NewLimiter(rate), &strict{}
			var senders sync.WaitGroup
			for i := range 600 {
				chat := strconv.Itoa(r.IntN(60))
				if i%3 == 0 {
					chat = fmt.Sprint("-", r.IntN(6)+1)
				}
				lane, rtt := bot.Lane(r.IntN(3)), time.Duration(r.IntN(3))*r2(r, 700*time.Millisecond)
				at := r2(r, 30*time.Second)
				senders.Go(func() {
					time.Sleep(at)
					s.send(t, l, lane, chat, rtt)
				})
			}
			for range 3 {
				at := r2(r, 30*time.Second)
				senders.Go(func() { time.Sleep(at); l.Pause(time.Second) })
			}
			senders.Wait()
			if len(s.arrived) != 600 {
				t.Errorf("%d arrived", len(s.arrived))
			}
			s.check(t, rate)
			checkForgets(t, l)
		})
	}
}

func r2(r *rand.Rand, d time.Duration) time.Duration { return time.Duration(r.Int64N(int64(d))) }

// checkForgets checks that a limiter that has been idle holds nothing.
func checkForgets(t *testing.T, limit Limiter) {
	t.Helper()
	time.Sleep(2 * groupWindow)
	l := limit.(*limiter)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.chats) > 0 || len(l.reserved) > 0 || len(l.inHand) > 0 || l.taken != 0 || l.reminders != 0 || l.lately != 0 || l.paused != 0 {
		t.Errorf("an idle limiter holds %d chats: %+v", len(l.chats), l)
	}
}

// TestMailing checks that a mailing is as quick as the server allows.
func TestMailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := NewLimiter(DefaultRate), &strict{}
		start := time.Now()
		const chats = 3000
		mail(t, l, s, chats, 0).Wait()
		took, least := time.Since(start), time.Duration(chats-DefaultRate)*time.Second/DefaultRate
		s.check(t, DefaultRate)
		t.Logf("%d chats in %v, %+.2f %% above the least possible, %v", chats, took, 100*(float64(took)/float64(least)-1), least)
		if took > least*102/100 {
			t.Errorf("%d chats took %v, want %v and 2 %% at most", chats, took, least)
		}
	})
}

// mail sends a reminder to each of some chats.
func mail(t *testing.T, l Limiter, s *strict, chats int, rtt time.Duration) *sync.WaitGroup {
	var mailing sync.WaitGroup
	for i := range chats {
		mailing.Go(func() { s.send(t, l, bot.Reminders, fmt.Sprint("m", i), rtt) })
	}
	return &mailing
}

// TestAnswersBesideMailing checks that people do not notice a mailing.
func TestAnswersBesideMailing(t *testing.T) {
	for _, rtt := range []time.Duration{0, 50 * time.Millisecond, 300 * time.Millisecond} {
		t.Run(rtt.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, s := NewLimiter(DefaultRate), &strict{}
				start := time.Now()
				mailing := mail(t, l, s, 1500, rtt)
				var mu sync.Mutex
				var waits []time.Duration
				var answers sync.WaitGroup
				for i := range 500 {
					time.Sleep(rand.N(200 * time.Millisecond))
					answers.Go(func() {
						waited := s.send(t, l, bot.Answers, fmt.Sprint("a", i), rtt)
						mu.Lock()
						defer mu.Unlock()
						waits = append(waits, waited)
					})
				}
				answers.Wait()
				mailing.Wait()
				slices.Sort(waits)
				median, p99 := waits[len(waits)/2], waits[len(waits)*99/100]
				t.Logf("answers waited %v (median), %v (p99), %v (longest); the mailing took %v", median, p99, waits[len(waits)-1], time.Since(start))
				if p99 > time.Second {
					t.Errorf("p99 %v", p99)
				}
				s.check(t, DefaultRate)
			})
		})
	}
}

// TestReminderLeavesRoom checks that while people ask, a burst of answers finds slots
// at once.
func TestReminderLeavesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := NewLimiter(DefaultRate), &strict{}
		s.send(t, l, bot.Answers, "first", 0)
		mailing := mail(t, l, s, 200, 0)
		time.Sleep(3 * time.Second)
		for i := range 5 {
			if waited := s.send(t, l, bot.Answers, strconv.Itoa(i), 0); waited != 0 {
				t.Errorf("answer %d waited %v", i, waited)
			}
		}
		mailing.Wait()
	})
}

// TestPause checks that nobody sends when the server said so, and that waiting is no
// error.
func TestPause(t *testing.T) {
	for _, rate := range []int{DefaultRate, 0} {
		synctest.Test(t, func(t *testing.T) {
			l, s := NewLimiter(rate), &strict{}
			start := time.Now()
			l.Pause(7 * time.Second)
			l.Pause(3 * time.Second)
			for lane := range bot.Lane(lanes) {
				if waited := s.send(t, l, lane, fmt.Sprint(lane), 0); lane == bot.Answers && waited != 7*time.Second {
					t.Errorf("waited %v, want 7s", waited)
				}
			}
			if took := time.Since(start); took > 8*time.Second {
				t.Errorf("all took %v", took)
			}
		})
	}
}

// TestOrder checks who goes first when there is not room for all.
func TestOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(1)
		hold, err := l.Wait(t.Context(), bot.Answers, "0", nil)
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var order []string
		var all sync.WaitGroup
		wait := func(lane bot.Lane, chat, name string) {
			all.Go(func() {
				answered, err := l.Wait(t.Context(), lane, chat, nil)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				order = append(order, name)
				mu.Unlock()
				answered()
			})
			synctest.Wait()
		}
		wait(bot.Reminders, "1", "reminder")
		wait(bot.Notices, "2", "notice")
		wait(bot.Answers, "3", "answer 3, first")
		wait(bot.Answers, "3", "answer 3, second")
		wait(bot.Answers, "3", "answer 3, third")
		wait(bot.Answers, "4", "answer 4")
		hold()
		hold() // a second time does nothing
		all.Wait()
		want := "answer 3, first; answer 4; answer 3, second; answer 3, third; notice; reminder"
		if got := strings.Join(order, "; "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

// TestWaitEnds checks that who gives up leaves nothing behind and takes nothing.
func TestWaitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(DefaultRate)
		l.Pause(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				if _, err := l.Wait(ctx, bot.Lane(i%3), strconv.Itoa(i%7), nil); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("got %v", err)
				}
			})
		}
		all.Wait()
		if _, err := l.Wait(ctx, bot.Answers, "1", nil); err == nil {
			t.Error("a turn for who is gone")
		}
		time.Sleep(time.Hour)
		checkForgets(t, l)
	})
}

// TestNoLimit checks that a server of one's own is used as it can be.
func TestNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := NewLimiter(0), &strict{}
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() { s.send(t, l, bot.Lane(i%3), fmt.Sprint("-", i%3), time.Millisecond) })
		}
		start := time.Now()
		all.Wait()
		if took := time.Since(start); took > time.Millisecond {
			t.Errorf("took %v", took)
		}
		checkForgets(t, l)
	})
}
