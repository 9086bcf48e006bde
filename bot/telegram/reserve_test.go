package telegram

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
)

// reserve waits for the turn of a reminder as a scheduler does.
func reserve(t *testing.T, l Reserver, chat string) {
	t.Helper()
	for {
		at, ok, err := l.Reserve(t.Context(), bot.Address{Network: Network, Chat: chat}, time.Now())
		if err != nil {
			t.Error(err)
			return
		}
		time.Sleep(time.Until(at))
		if ok {
			return
		}
	}
}

// TestReserveKilled: a program that is killed in the middle of a mailing, while people
// ask, leaves in doubt the reminders that were on their way, and hardly one that only waited
// for its turn: a person would have to look in each of their chats.
func TestReserveKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const (
			chats  = 900
			atWork = 32 // as many as the queue has
			note   = 5 * time.Millisecond
			rtt    = 120 * time.Millisecond
		)
		l, s := NewLimiter(DefaultRate), new(strict)
		start := time.Now()
		var inDoubt, most atomic.Int64
		var senders sync.WaitGroup
		workers := make(chan struct{}, atWork)
		for i := range chats {
			senders.Go(func() {
				workers <- struct{}{}
				defer func() { <-workers }()
				reserve(t, l.(Reserver), fmt.Sprint("m", i))
				most.Store(max(most.Load(), inDoubt.Add(1)))
				time.Sleep(note) // the intent is written down
				s.brief(t, l, bot.Reminders, fmt.Sprint("m", i), 0, rtt)
				inDoubt.Add(-1)
			})
		}
		for i := range 300 {
			time.Sleep(time.Second / 10)
			senders.Go(func() { s.brief(t, l, bot.Answers, strconv.Itoa(i), 0, rtt) })
		}
		senders.Wait()
		s.check(t, DefaultRate)
		t.Logf("%d reminders and 300 answers in %v, %d in doubt at most", chats, time.Since(start), most.Load())
		if limit := mostInHand + int64(rtt/(time.Second/DefaultRate)) + 1; most.Load() > limit {
			t.Errorf("%d reminders were in doubt at once, want %d at most", most.Load(), limit)
		}
		checkForgets(t, l)
	})
}

// TestReserveMailing: a mailing whose turns are reserved is as quick as the server allows.
func TestReserveMailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, s := NewLimiter(DefaultRate), new(strict)
		const chats = 900
		start := time.Now()
		var mailing sync.WaitGroup
		for i := range chats {
			mailing.Go(func() {
				reserve(t, l.(Reserver), fmt.Sprint("m", i))
				time.Sleep(70 * time.Millisecond) // the database is slow
				s.send(t, l, bot.Reminders, fmt.Sprint("m", i), 0)
			})
		}
		mailing.Wait()
		s.check(t, DefaultRate)
		if took, least := time.Since(start), chats*time.Second/DefaultRate; took > least*102/100 {
			t.Errorf("%d chats took %v, want %v and 2 %% at most", chats, took, least)
		}
	})
}

// TestReserve: a reminder for a chat that has had its message is put off, so that others
// need not wait behind it, and one that is not coming holds up nobody for long.
func TestReserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, to := NewLimiter(DefaultRate), bot.Address{Network: Network, Chat: "-1"}
		slots := l.(Reserver)
		if at, ok, err := slots.Reserve(t.Context(), to, time.Now()); !ok || err != nil || time.Until(at) > 0 {
			t.Fatalf("the first: %v, %v, %v", time.Until(at), ok, err)
		}
		if at, ok, err := slots.Reserve(t.Context(), to, time.Now()); ok || err != nil || time.Until(at) <= 0 {
			t.Errorf("the second: %v, %v, %v", time.Until(at), ok, err)
		}
		time.Sleep(bookLasts)
		for range mostInHand {
			to.Chat += "1"
			if _, ok, err := slots.Reserve(t.Context(), to, time.Now()); !ok || err != nil {
				t.Errorf("after the first did not come: %v, %v", ok, err)
			}
		}
		time.Sleep(bookLasts)
		to.Chat = "-2"
		answered, err := l.Wait(t.Context(), bot.Answers, to.Chat, nil)
		if err != nil {
			t.Fatal(err)
		}
		answered()
		if _, ok, err := slots.Reserve(t.Context(), to, time.Now()); !ok || err != nil {
			t.Errorf("just after an answer: %v, %v, want no more than its second of waiting", ok, err)
		}
		time.Sleep(bookLasts)
		l.Pause(time.Minute)
		start := time.Now()
		if at, ok, err := slots.Reserve(t.Context(), bot.Address{Network: Network, Chat: "2"}, time.Now()); ok || err != nil || !at.After(start) {
			t.Errorf("while the server wants nothing: %v, %v, %v", at.Sub(start), ok, err)
		}
		checkForgets(t, l)
	})
}
