package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"suhbat/bot/slack/slacktest"
	"suhbat/bot/telegram/telegramtest"
)

// TestReplicasPoll: one of three replicas polls Telegram. When it is stopped another goes
// on at once, when it is killed within half a minute; no question is lost, and none is
// answered twice but what was on its way when one was killed.
func TestReplicasPoll(t *testing.T) {
	t.Parallel()
	fake, env := fakeTelegram(t, telegramtest.WithPatience(time.Minute))
	f := newFleet(t, 3, env)
	f.run()
	const people = 20
	var users []*telegramtest.User
	var chats []*telegramtest.Chat
	for i := range people {
		ann := fake.NewUser(fmt.Sprint("User", i), "en")
		users, chats = append(users, ann), append(chats, ann.Open())
	}
	ask := func(question string) {
		for _, ann := range users {
			ann.Say(question)
		}
	}
	each := 0
	answered := func() bool { return answersIn(chats) >= each*people }
	ask("who chaired in 2022?")
	each++
	first := f.awaitPoller()
	first.await("the answers", answered)

	ask("who chaired the Dialogue of Men in 2022?")
	each++
	first.await("what is offered", answered)

	ask("1") // of the questions that were offered
	each++
	begun := time.Now()
	first.stop()
	second := f.awaitPoller()
	t.Logf("after SIGTERM another replica polls in %v", time.Since(begun))
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("after SIGTERM another replica polls in %v", took)
	}
	second.await("the answers", answered)
	for _, chat := range chats {
		if n := len(chat.FromBot()); n != each {
			t.Errorf("%d answers to %d questions", n, each)
		} else if got := chat.FromBot()[n-1]; !strings.Contains(got.Text, "chaired by Turkmenistan") {
			t.Errorf("the choice is answered by %q", got.Text)
		}
	}

	ask("and in 2024?") // it goes on from what another replica has answered
	each++
	second.await("some answers", func() bool { return answersIn(chats) > (each-1)*people })
	second.kill()
	begun = time.Now()
	third := f.awaitPoller()
	took := time.Since(begun)
	t.Logf("after a kill another replica polls in %v", took)
	if took > 30*time.Second {
		t.Errorf("after a kill another replica polls in %v", took)
	}
	third.await("the answers", answered)
	time.Sleep(time.Second) // for what would be too much
	twice := 0
	for _, chat := range chats {
		n := len(chat.FromBot())
		if n < each {
			t.Errorf("%d answers to %d questions", n, each)
		}
		twice += n - each
		if got := chat.FromBot()[n-1]; !strings.Contains(got.Text, "Kyrgyzstan") {
			t.Errorf("what follows is answered by %q", got.Text)
		}
	}
	if twice > people/2 {
		t.Errorf("%d answers came twice", twice)
	}
	t.Logf("%d answers came twice, of those that were on their way at the kill", twice)
	f.stop()
}

// slackFleet prepares replicas for one workspace over HTTP, behind the balancer.
func slackFleet(t *testing.T, n int, more ...string) (*fleet, *slackService) {
	t.Helper()
	s := newSlackService(t, slacktest.Config{Unlimited: true}, nil)
	return newFleet(t, n, with(s.env, more...)), s
}

// connect shows Slack the balancer, once that knows all replicas.
func (f *fleet) connect(s *slackService) {
	f.t.Helper()
	f.all[0].await("a balancer that knows all", func() bool { return len(*f.balance.ready.Load()) == len(f.all) })
	s.ConnectURL(f.balance.socket.URL)
}

// acknowledged waits until everything that Slack has delivered was acknowledged.
func (f *fleet) acknowledged(s *slackService) {
	f.t.Helper()
	for _, d := range s.Deliveries() {
		select {
		case <-d.Done():
		case <-time.After(10 * time.Second):
		}
		if a := d.Last(); !a.Acked() {
			f.t.Errorf("a delivery was not acknowledged: %s %d %v %v, after %d attempts; %v", d.Event, a.Status, a.Err, a.Took, len(d.Attempts()), f.balance.why)
		}
	}
}

// TestReplicasRoll: a new version is brought out under load, one replica after the other:
// not one request of Slack fails, and each is answered once.
func TestReplicasRoll(t *testing.T) {
	long(t)
	t.Parallel()
	f, s := slackFleet(t, 3, "SUHBAT_DRAIN", "1s")
	w, _, general := s.people()
	f.run()
	f.connect(s)
	var group sync.WaitGroup
	stop := make(chan struct{})
	const people = 16
	asked := make([]int, people)
	var users []*slacktest.User
	for i := range people {
		users = append(users, w.AddUser(slacktest.Profile{Name: fmt.Sprint("User", i)}))
	}
	for i, user := range users {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(1200 * time.Millisecond):
				}
				if i == 0 {
					user.Slash(general, "/wps", "who chaired in 2022?")
				} else {
					user.Say(user.IM(), "who chaired in 2022?")
				}
				asked[i]++
			}
		})
	}
	for _, r := range f.all {
		time.Sleep(300 * time.Millisecond)
		r.drain(time.Second)
		r.run()
	}
	time.Sleep(300 * time.Millisecond)
	close(stop)
	group.Wait()
	f.acknowledged(s)
	if n := f.balance.failed.Load(); n != 0 {
		t.Errorf("%d of %d requests failed: %v", n, f.balance.taken.Load(), f.balance.why)
	}
	for i, user := range users[1:] {
		ch := user.IM()
		f.all[0].await("all answers", func() bool { return len(ofApp(ch)) >= asked[i+1] })
	}
	time.Sleep(time.Second)
	for i, user := range users[1:] {
		if n := len(ofApp(user.IM())); n != asked[i+1] {
			t.Errorf("somebody has %d answers to %d questions", n, asked[i+1])
		}
	}
	t.Logf("%d requests, %d questions of the first", f.balance.taken.Load(), asked[0])
	f.stop()
}

// drain ends a replica by SIGTERM, which may take as long as it drains more than usual.
func (r *replica) drain(most time.Duration) {
	r.t.Helper()
	begun := time.Now()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	if err := r.cmd.Wait(); err != nil || time.Since(begun) < most || time.Since(begun) > most+5*time.Second {
		r.t.Errorf("SIGTERM: %v after %v", err, time.Since(begun))
	}
}

// TestReplicasSlackKilled: what a replica had acknowledged when it was killed is answered
// by the others; what Slack delivers twice, to two replicas, is answered once; and what
// follows is understood by whichever replica hears it.
func TestReplicasSlackKilled(t *testing.T) {
	long(t)
	t.Parallel()
	f, s := slackFleet(t, 3)
	w, aigul, general := s.people()
	f.run()
	f.connect(s)
	s.Twist("", slacktest.Twice)
	asked := aigul.Mention(general, "who chaired in 2021?")
	aigul.Await(general, "the answer", contains("Uzbekistan"))
	for _, follow := range []struct{ question, want string }{{"and in 2023?", "Kazakhstan"}, {"and in 2024?", "Kyrgyzstan"}, {"and in 2025?", "Tajikistan"}} {
		aigul.MentionIn(asked, follow.question)
		aigul.Await(general, "the answer to "+follow.question, contains(follow.want))
	}
	const people, each = 12, 3
	var channels []*slacktest.Channel
	for i := range people {
		user := w.AddUser(slacktest.Profile{Name: fmt.Sprint("User", i)})
		channels = append(channels, user.IM())
		for j := range each {
			user.Say(user.IM(), fmt.Sprintf("who chaired in 202%d?", j+1))
		}
	}
	f.acknowledged(s)
	answers := func() (n int) {
		for _, ch := range channels {
			n += len(ofApp(ch))
		}
		return n
	}
	f.all[1].kill()
	f.all[0].await("all answers", func() bool { return answers() >= people*each })
	time.Sleep(time.Second)
	for i, ch := range channels {
		if n := len(ofApp(ch)); n != each {
			t.Errorf("user %d has %d answers to %d questions", i, n, each)
		}
	}
	if n := len(slices.DeleteFunc(ofApp(general), func(m slacktest.Message) bool { return !contains("was chaired")(m) })); n != 4 {
		t.Errorf("%d answers in the channel, want 4", n)
	}
	f.all[1].cmd = f.all[0].cmd
	f.all = []*replica{f.all[0], f.all[2]}
	f.stop()
}
