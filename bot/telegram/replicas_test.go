package telegram

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot/bottest"
	"suhbat/bot/telegram/telegramtest"
)

// team is several adapters for one bot, with one database.
type team struct {
	*world
	all     bottest.Replicas
	members []*teammate
}

type teammate struct {
	*bottest.Replica
	tg   *Telegram
	stop func() error
}

// inTeam runs a test in a bubble with n adapters that are running.
func inTeam(t *testing.T, n int, configure func(*team), test func(*team), opts ...telegramtest.Option) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &team{world: newWorld(t, opts...)}
		if configure != nil {
			configure(w)
		}
		for range n {
			w.join()
		}
		defer func() {
			for _, m := range w.members {
				_ = m.stop()
			}
		}()
		synctest.Wait()
		test(w)
		for i, m := range w.members {
			if err := m.stop(); err != nil {
				t.Errorf("replica %d ended with %v", i, err)
			}
		}
	})
}

// join starts one more.
func (w *team) join() *teammate {
	w.t.Helper()
	m := &teammate{Replica: w.all.Join()}
	cfg := w.cfg
	cfg.Slots, cfg.Locks = &w.all.Slots, m
	tg, err := New(cfg, w.core, m.Inbox(), w.chats)
	if err != nil {
		w.t.Fatal(err)
	}
	m.tg = tg
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- tg.Run(ctx) }()
	m.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	w.members = append(w.members, m)
	return m
}

// leader is the one that looks after the bot; nil for none.
func (w *team) leader() *teammate {
	for _, m := range w.members {
		if m.Holds(Network + ":" + botID(telegramtest.Token)) {
			return m
		}
	}
	return nil
}

// once checks that everybody has the answers that they should have, each once.
func (w *team) once(chats []*telegramtest.Chat, each int) {
	w.t.Helper()
	for i, chat := range chats {
		if n := len(chat.FromBot()); n != each {
			w.t.Errorf("chat %d has %d answers to %d questions", i, n, each)
		}
	}
}

// ask has people ask.
func (w *team) ask(people int) (users []*telegramtest.User, chats []*telegramtest.Chat) {
	for i := range people {
		ann := w.NewUser(fmt.Sprint("User", i), "en")
		users, chats = append(users, ann), append(chats, ann.Open())
		ann.Say("who?")
	}
	return users, chats
}

// TestOnePolls: one of several replicas polls, all are ready, and when the one is stopped
// or lost, another goes on: everybody is answered, once, and nobody polls beside it.
func TestOnePolls(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func(*teammate)
	}{
		{"stopped", func(m *teammate) { go func() { _ = m.stop() }() }},
		{"lost", func(m *teammate) { m.Die() }}, // it still runs, and nobody believes it
	} {
		t.Run(tt.name, func(t *testing.T) {
			inTeam(t, 3, nil, func(w *team) {
				for i, m := range w.members {
					if err := m.tg.Ready(); err != nil {
						w.t.Errorf("replica %d: %v", i, err)
					}
				}
				users, chats := w.ask(10)
				time.Sleep(10 * time.Second)
				w.once(chats, 1)
				for round := range 2 {
					lead := w.leader()
					for _, ann := range users {
						ann.Say("and then?")
					}
					time.Sleep(10 * time.Millisecond) // they are being answered
					tt.end(lead)
					time.Sleep(20 * time.Second)
					w.once(chats, 2+round)
					if now := w.leader(); now == lead || now == nil {
						w.t.Error("nobody took over")
					}
				}
				for _, m := range w.members {
					if n := m.tg.stats.Conflicts.Load(); n > 1 {
						w.t.Errorf("%d conflicts", n)
					}
				}
				if n := len(w.Requests("setMyCommands")); n > 9 {
					w.t.Errorf("the menus were set %d times", n)
				}
			})
		})
	}
}

// TestLostAndBack: a replica that loses the bot while it answers and gets it back, with
// the same updates, answers each of them once and lets none go.
func TestLostAndBack(t *testing.T) {
	inTeam(t, 1, nil, func(w *team) {
		w.Script(telegramtest.Fault{Method: "sendMessage", Times: 5, Effect: telegramtest.Slow(4 * time.Second)})
		_, chats := w.ask(5)
		time.Sleep(time.Second) // all are on their way
		first := w.members[0]
		first.Die()
		w.join()
		time.Sleep(30 * time.Second)
		for i, chat := range chats { // those that were on their way are in doubt
			if n := len(chat.FromBot()); n < 1 || n > 2 {
				w.t.Errorf("chat %d has %d answers", i, n)
			}
		}
		if n := w.Pending(); n != 0 {
			w.t.Errorf("%d updates are unconfirmed", n)
		}
	})
}

// anyOf hands each update that is posted to another of the replicas, as a load balancer
// does.
type anyOf struct {
	team *team
	mu   sync.Mutex
	next int
	skip map[*teammate]bool
}

func (a *anyOf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.next++
	m := a.team.members[a.next%len(a.team.members)]
	for a.skip[m] {
		a.next++
		m = a.team.members[a.next%len(a.team.members)]
	}
	a.mu.Unlock()
	m.tg.Webhook().ServeHTTP(w, r)
}

// TestWebhookOfSeveral: what is posted to any replica is answered once, and what a
// replica had taken in when it died is answered by another.
func TestWebhookOfSeveral(t *testing.T) {
	balance := &anyOf{skip: make(map[*teammate]bool)}
	inTeam(t, 3, func(w *team) {
		balance.team = w
		w.cfg.WebhookSecret, w.cfg.PublicURL = "secret", "https://suhbat.example"
	}, func(w *team) {
		time.Sleep(time.Second)
		if n := len(w.Requests("setWebhook")); n != 1 {
			w.t.Errorf("the webhook was set %d times", n)
		}
		_, chats := w.ask(30)
		time.Sleep(10 * time.Second)
		w.once(chats, 1)

		w.Script(telegramtest.Fault{Method: "sendMessage", Times: 4, Effect: telegramtest.Refuse(500, "Internal Server Error")})
		lost := w.members[1]
		users, more := w.ask(0)
		for i := range 12 {
			bob := w.NewUser(fmt.Sprint("Bob", i), "en")
			users, more = append(users, bob), append(more, bob.Open())
			for range 3 {
				bob.Say("who?")
			}
		}
		time.Sleep(50 * time.Millisecond) // all are taken in
		balance.mu.Lock()
		balance.skip[lost] = true
		balance.mu.Unlock()
		lost.Die()
		time.Sleep(2 * time.Minute)
		for i, chat := range more {
			if n := len(chat.FromBot()); n < 3 {
				w.t.Errorf("chat %d has %d answers to 3 questions", i, n)
			}
		}
		_ = users
	}, telegramtest.WithWebhook(balance))
}
