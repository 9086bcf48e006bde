package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"suhbat/bot/telegram/telegramtest"
	"suhbat/scheduler"
)

var lastIntent = regexp.MustCompile(`the last by \S+/(\d+)`)

// sender is the replica that sends the post of a channel, or did last; nil for none.
func (f *fleet) sender(chat *telegramtest.Chat) *replica {
	f.t.Helper()
	why := f.deliveries("why", fmt.Sprintf("test-today|%d|telegram:%d|0", local(f.t, noon()).Year(), chat.ID))
	if m := lastIntent.FindStringSubmatch(why); m != nil {
		for _, r := range f.all {
			if strconv.Itoa(r.cmd.Process.Pid) == m[1] {
				return r
			}
		}
	}
	return nil
}

// TestReplicasKilled: the replica that sends a post is killed in each state of it. What
// may have arrived none of the others sends again; what was not sent another one sends,
// and soon.
func TestReplicasKilled(t *testing.T) {
	long(t)
	for name, tt := range steps {
		t.Run(name, func(t *testing.T) {
			f, fake, chats := posters(t, 3, 1)
			received := befall(fake, tt.fault, 1, chats...)
			f.run()
			f.all[0].await("the post", func() bool { return received.Load() == 1 })
			if tt.sending == 0 {
				f.all[0].await("the way back", func() bool { return strings.Contains(f.deliveries("list"), "retry") })
			}
			killed := f.sender(chats[0])
			if killed == nil {
				t.Fatal("nobody sends it")
			}
			killed.kill()
			begun := time.Now()
			if tt.sending == 0 {
				awaitPost(chats[0])
				t.Logf("another one sent it after %v", time.Since(begun))
			}
			for deadline := begun.Add(100 * time.Second); f.in(scheduler.Sending) > 0 && time.Now().Before(deadline); {
				time.Sleep(time.Second)
			}
			quietly()
			if n := f.in(scheduler.Uncertain); n != tt.sending {
				t.Errorf("%d are in doubt, want %d", n, tt.sending)
			}
			if n := posts(chats[0]); n != tt.sent {
				t.Errorf("%d posts, want %d", n, tt.sent)
			}
			f.stop()
		})
	}
}

// TestReplicasKilledAnywhere: one of three replicas after the other is killed, whatever it
// is doing: planning, polling, answering or sending. Nothing is lost or comes twice but
// answers that were on their way, and the posts in doubt are known.
func TestReplicasKilledAnywhere(t *testing.T) {
	long(t)
	const groups, kills, people = 900, 16, 15
	f, fake, chats := posters(t, 3, groups)
	befall(fake, telegramtest.SlowAfter(150*time.Millisecond), -1, chats...)
	for _, r := range f.all {
		r.link.Delay(3 * time.Millisecond) // so that each step takes its time
	}
	var users []*telegramtest.User
	var rooms []*telegramtest.Chat
	for i := range people {
		ann := fake.NewUser(fmt.Sprint("User", i), "en")
		users, rooms = append(users, ann), append(rooms, ann.Open())
	}
	f.run()
	rng := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	asked := 0
	for deadline := time.Now().Add(2 * time.Minute); postsIn(chats) < 20 && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond) // all is planned
	}
	for range kills {
		for _, ann := range users[:5] {
			ann.Say("who chaired in 2022?")
			asked++
		}
		users = append(users[5:], users[:5]...)
		time.Sleep(time.Second + time.Duration(rng.IntN(2000))*time.Millisecond)
		r := f.all[rng.IntN(len(f.all))]
		if r.cmd.ProcessState == nil {
			r.kill()
		}
		r.out.reset()
		r.start()
	}
	for deadline := time.Now().Add(2 * time.Minute); answersIn(rooms) < asked && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond)
	}
	t.Logf("the last kill is over, %d posts of %d are there", postsIn(chats), len(chats))
	begun := time.Now()
	for deadline := begun.Add(3 * time.Minute); f.in(scheduler.Planned) > 0 && time.Now().Before(deadline); {
		time.Sleep(time.Second)
	}
	t.Logf("nothing is planned any more %v later", time.Since(begun).Round(time.Second))
	quietly()
	f.accounted(chats)
	if n := f.in(scheduler.Planned); n > 0 {
		t.Errorf("%d posts are still planned", n)
	}
	twice := answersIn(rooms) - asked
	t.Logf("%d kills: %d of %d answers came twice", kills, twice, asked)
	if twice < 0 || twice > kills {
		t.Errorf("%d answers to %d questions", answersIn(rooms), asked)
	}
	f.stop()
}

// TestReplicasFile: of several replicas one looks after the operator's subscriptions. When
// it is killed another one does, and what is written into its file from then on holds.
func TestReplicasFile(t *testing.T) {
	long(t)
	fake, env := fakeTelegram(t, telegramtest.WithPatience(time.Minute))
	env["SUHBAT_FACTS"] = today(t)
	env["SUHBAT_SUBSCRIPTIONS"] = filepath.Join(t.TempDir(), "subscriptions.yaml")
	f := newFleet(t, 3, env)
	at := local(t, noon()).Add(time.Hour)
	var text strings.Builder
	text.WriteString("subscriptions:\n")
	add := func(name string) *telegramtest.Chat {
		chat := group(fake, name)
		fmt.Fprintf(&text, "  - {to: \"telegram:%d\", zone: %s, at: %q, lang: en, topics: [wps], ahead: [0]}\n", chat.ID, noon(), at.Format("15:04"))
		if err := os.WriteFile(env["SUHBAT_SUBSCRIPTIONS"], []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return chat
	}
	add("first")
	f.run()
	f.all[0].await("its plan", func() bool { return f.in(scheduler.Planned) == 1 })
	for i := range 2 {
		var holder *replica
		f.all[0].await("a replica that reads the file", func() bool { holder = f.reader(); return holder != nil })
		holder.kill()
		begun := time.Now()
		add(fmt.Sprint("after kill ", i))
		f.all[0].await("the plan of what was added", func() bool { return f.in(scheduler.Planned) == 2+i })
		t.Logf("another replica has read the file after %v", time.Since(begun))
		holder.out.reset()
		holder.start()
		holder.awaitReady(0)
	}
	f.stop()
}

// reader is the replica that holds the lock of the subscriptions file; nil for none.
func (f *fleet) reader() (holder *replica) {
	for _, r := range f.all {
		if r.cmd != nil && r.cmd.ProcessState == nil && strings.Contains(r.out.String(), "were taken over") {
			holder = r
		}
	}
	return holder
}
