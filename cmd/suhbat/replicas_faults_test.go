package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"suhbat/bot/slack/slacktest"
	"suhbat/bot/telegram/telegramtest"
	"suhbat/cmd/internal/store/storetest"
	"suhbat/scheduler"
)

// posters prepares replicas whose facts have an anniversary today, and groups that it is
// due for.
func posters(t *testing.T, replicas, groups int, more ...string) (*fleet, *telegramtest.Server, []*telegramtest.Chat) {
	t.Helper()
	return postersOn(t, nil, replicas, groups, more...)
}

// postersOn is posters on a server that may be stopped.
func postersOn(t *testing.T, server *storetest.Server, replicas, groups int, more ...string) (*fleet, *telegramtest.Server, []*telegramtest.Chat) {
	t.Helper()
	fake, env := fakeTelegram(t, telegramtest.WithPatience(time.Minute))
	env["SUHBAT_FACTS"] = today(t)
	f := fleetOn(t, server, replicas, with(env, more...))
	var chats []*telegramtest.Chat
	var ids []int64
	for i := range groups {
		chat := group(fake, fmt.Sprint("Group ", i))
		chats, ids = append(chats, chat), append(ids, chat.ID)
	}
	f.subscribe(time.Minute, telegramPlaces(ids...)...)
	return f, fake, chats
}

// accounted checks that no post came twice, and that each that did not come is known to be
// in doubt.
func (f *fleet) accounted(chats []*telegramtest.Chat) {
	f.t.Helper()
	doubt := f.deliveries("list", "--state", "uncertain", "--most", "10000") + f.deliveries("list", "--state", "sending", "--most", "10000")
	missing := 0
	for _, chat := range chats {
		switch n := posts(chat); {
		case n > 1:
			f.t.Errorf("a channel got its post %d times", n)
		case n == 0:
			missing++
			if !strings.Contains(doubt, strconv.FormatInt(chat.ID, 10)+"|") {
				f.t.Errorf("the post of %d was lost, and nobody knows", chat.ID)
			}
		}
	}
	f.t.Logf("of %d posts %d have not arrived and are known to be in doubt", len(chats), missing)
}

// TestReplicasDeliver: a replica is killed while it sends: the others send what is left,
// nothing comes twice, and what it had begun is known.
func TestReplicasDeliver(t *testing.T) {
	t.Parallel()
	f, fake, chats := posters(t, 3, 90)
	befall(fake, telegramtest.SlowAfter(100*time.Millisecond), -1, chats...)
	f.run()
	f.all[0].await("some posts", func() bool { return postsIn(chats) >= 20 })
	f.all[0].kill()
	f.all[1].await("their end", func() bool {
		return f.in(scheduler.Sent)+f.in(scheduler.Sending) == len(chats) && f.in(scheduler.Sending) <= 10
	})
	f.accounted(chats)
	f.stop()
}

// TestReplicasSkewed: with clocks that are ten minutes wrong, fast and slow, reminders go
// out when they are due, once, and questions are answered on both networks.
func TestReplicasSkewed(t *testing.T) {
	long(t)
	t.Parallel()
	slack := newSlackService(t, slacktest.Config{Unlimited: true}, nil)
	_, aigul, general := slack.people()
	f, fake, chats := posters(t, 3, 12, "SLACK_API_URL", slack.env["SLACK_API_URL"], "SLACK_BOT_TOKEN", slacktest.BotToken, "SLACK_SIGNING_SECRET", slacktest.SigningSecret)
	late := group(fake, "Later")
	const ahead = 2 * time.Minute
	f.subscribe(-ahead, telegramPlaces(late.ID)...)
	for i, skew := range []string{"10m", "-10m", "0s"} {
		f.all[i].program, f.all[i].env["SKEW"] = "suhbat-skewed", skew
	}
	f.run()
	f.connect(slack)
	f.all[0].await("all posts", func() bool { return postsIn(chats) >= len(chats) })
	for range 6 { // to each of them
		aigul.Slash(general, "/wps", "who chaired in 2022?")
	}
	ann := fake.NewUser("Ann", "en")
	ann.Say("who chaired in 2022?")
	ann.Open().AwaitBot(1)
	f.acknowledged(slack)
	quietly()
	f.accounted(chats)
	if n := posts(late); n != 0 {
		t.Errorf("a post was sent two minutes before its time, %d times", n)
	}
	if n := f.balance.failed.Load(); n != 0 {
		t.Errorf("%d requests failed: %v", n, f.balance.why)
	}
	f.stop()
}

// TestReplicasCut: the replica that polls is cut off from the database, without anybody
// noticing; another takes over before it can do harm, and when it is back it is one of
// them again.
func TestReplicasCut(t *testing.T) {
	long(t)
	t.Parallel()
	fake, env := fakeTelegram(t, telegramtest.WithPatience(time.Minute))
	f := newFleet(t, 2, env)
	f.run()
	cut := f.awaitPoller()
	var chats []*telegramtest.Chat
	ask := func(people int) {
		for range people {
			ann := fake.NewUser(fmt.Sprint("User", len(chats)), "en")
			chats = append(chats, ann.Open())
			ann.Say("who chaired in 2022?")
		}
	}
	ask(5)
	cut.await("the answers", func() bool { return answersIn(chats) == len(chats) })
	cut.link.Cut()
	begun := time.Now()
	ask(10)
	var other *replica
	cut.await("another that polls", func() bool { other = f.poller(); return other != nil && other != cut })
	t.Logf("after it was cut off another replica polls in %v", time.Since(begun))
	cut.await("the answers", func() bool { return answersIn(chats) >= len(chats) })
	cut.link.Mend()
	cut.await("its readiness", func() bool { return cut.get("/readyz") == 200 })
	ask(5)
	other.await("the answers", func() bool { return answersIn(chats) >= len(chats) })
	quietly()
	for i, chat := range chats {
		if n := len(chat.FromBot()); n != 1 {
			t.Errorf("user %d has %d answers", i, n)
		}
	}
	other.stop()
	if next := f.awaitPoller(); next != cut {
		t.Error("the one that was cut off does not take over")
	}
	f.stop()
}

// TestReplicasServerRestarts: the database is restarted under load, of reminders and of
// questions: nothing is lost or comes twice.
func TestReplicasServerRestarts(t *testing.T) {
	long(t)
	t.Parallel()
	f, fake, chats := postersOn(t, storetest.Start(t), 3, 60)
	befall(fake, telegramtest.SlowAfter(50*time.Millisecond), -1, chats...)
	f.run()
	var users []*telegramtest.User
	var people []*telegramtest.Chat
	for i := range 20 {
		ann := fake.NewUser(fmt.Sprint("User", i), "en")
		users, people = append(users, ann), append(people, ann.Open())
	}
	ask := func() {
		for _, ann := range users {
			ann.Say("who chaired in 2022?")
		}
	}
	f.all[0].await("some posts", func() bool { return postsIn(chats) >= 15 })
	ask()
	f.server.Restart(t)
	ask()
	f.all[0].await("all answers", func() bool { return answersIn(people) >= 2*len(people) })
	f.all[0].await("the rest", func() bool { return f.in(scheduler.Planned) == 0 })
	quietly()
	f.accounted(chats)
	twice := answersIn(people) - 2*len(people)
	t.Logf("%d answers came twice", twice)
	if twice > 0 {
		t.Errorf("%d answers came twice", twice)
	}
	f.stop()
}

// mailingBySeveral has replicas mail to n readers under the strictest reading of Telegram's limits,
// each with another way to the database, some time after the start or before it, and returns how
// long it took.
func mailingBySeveral(t *testing.T, n int, ago time.Duration) (took time.Duration, most int) {
	t.Helper()
	f, fake, _ := posters(t, 3, 0)
	fake.Limit(telegramtest.Strict())
	var chats []*telegramtest.Chat
	var ids []int64
	for i := range n {
		chat := fake.NewUser(fmt.Sprint("Reader", i), "en").Open()
		chats, ids = append(chats, chat), append(ids, chat.ID)
	}
	f.subscribe(ago, telegramPlaces(ids...)...)
	for i, r := range f.all {
		r.link.Delay(time.Duration(i) * 500 * time.Microsecond)
	}
	f.run()
	deadline := time.Now().Add(3*time.Minute + time.Duration(n)*time.Second/10)
	for postsIn(chats) < n && time.Now().Before(deadline) {
		time.Sleep(50 * time.Millisecond)
	}
	var times []time.Time
	refused := 0
	for _, r := range fake.Requests("sendMessage") {
		if !isPost(r.Params["text"]) {
			continue
		}
		if !r.OK() {
			refused++
			continue
		}
		times = append(times, r.At)
	}
	slices.SortFunc(times, time.Time.Compare)
	f.accounted(chats)
	if len(times) != n || refused > 0 {
		t.Errorf("%d of %d were sent, %d refused", len(times), n, refused)
	}
	first := 0
	for last := range times {
		for times[last].Sub(times[first]) >= time.Second {
			first++
		}
		most = max(most, last-first+1)
	}
	f.stop()
	took = times[len(times)-1].Sub(times[0])
	perSecond := make([]int, int(took/time.Second)+1)
	for _, at := range times {
		perSecond[int(at.Sub(times[0])/time.Second)]++
	}
	t.Logf("each second: %v", perSecond)
	return took, most
}

// TestReplicasMail: a mailing by three replicas keeps to Telegram's limits.
func TestReplicasMail(t *testing.T) {
	long(t)
	const n = 120
	took, most := mailingBySeveral(t, n, time.Minute)
	t.Logf("%d posts by three replicas, of which two were still starting, in %v, at most %d in any second", n, took, most)
}

// TestReplicasMailLong is the same with 900 readers: within five per cent of what Telegram
// allows.
func TestReplicasMailLong(t *testing.T) {
	long(t)
	const n = 900
	took, most := mailingBySeveral(t, n, -100*time.Second) // all are there when it begins
	t.Logf("%d posts by three replicas in %v, at most %d in any second", n, took, most)
	if ideal := n * time.Second / 30; took > ideal*105/100 || most > 30 {
		t.Errorf("it took %v, want %v and 5 %% at most, and 30 in any second", took, ideal)
	}
}

// TestReplicasServerGone: the database is away for a minute, while people ask and
// reminders are due: when it is back everybody is answered, and nothing came twice.
func TestReplicasServerGone(t *testing.T) {
	long(t)
	slack := newSlackService(t, slacktest.Config{Unlimited: true, Patience: 10 * time.Minute}, nil)
	_, aigul, general := slack.people()
	f, fake, chats := postersOn(t, storetest.Start(t), 3, 60, "SLACK_API_URL", slack.env["SLACK_API_URL"], "SLACK_BOT_TOKEN", slacktest.BotToken, "SLACK_SIGNING_SECRET", slacktest.SigningSecret)
	befall(fake, telegramtest.SlowAfter(50*time.Millisecond), -1, chats...)
	f.run()
	f.connect(slack)
	var users []*telegramtest.User
	var people []*telegramtest.Chat
	for i := range 20 {
		ann := fake.NewUser(fmt.Sprint("User", i), "en")
		users, people = append(users, ann), append(people, ann.Open())
	}
	f.all[0].await("some posts", func() bool { return postsIn(chats) >= 15 })
	mentions := 0
	ask := func() {
		for _, ann := range users {
			ann.Say("who chaired in 2022?")
		}
		for range 5 {
			aigul.Mention(general, "who chaired in 2022?")
			mentions++
		}
	}
	ask()
	f.server.Stop(t)
	ask()
	time.Sleep(time.Minute)
	if code := f.all[0].get("/readyz"); code != 503 {
		t.Errorf("without a database /readyz is %d", code)
	}
	f.server.Start(t)
	back := time.Now()
	wait := func(what string, ok func() bool) {
		for deadline := time.Now().Add(8 * time.Minute); !ok(); time.Sleep(100 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Errorf("waited in vain for %s", what)
				return
			}
		}
		t.Logf("%s: %v after the database was back", what, time.Since(back).Round(time.Second))
	}
	wait("all answers on Telegram", func() bool { return answersIn(people) >= 2*len(people) })
	answered := func() int {
		return len(slices.DeleteFunc(ofApp(general), func(m slacktest.Message) bool { return !contains("was chaired")(m) }))
	}
	wait("no post is planned", func() bool { return f.in(scheduler.Planned) == 0 })
	wait("all answers on Slack", func() bool { return answered() >= mentions }) // Slack comes again after five minutes
	time.Sleep(5 * time.Second)
	f.accounted(chats)
	if n := answersIn(people); n != 2*len(people) {
		t.Errorf("%d answers to %d questions on Telegram", n, 2*len(people))
	}
	if n := answered(); n != mentions {
		t.Errorf("%d answers to %d questions on Slack", n, mentions)
	}
	f.stop()
}

// TestReplicasTakeover measures how long it takes until another replica polls after the
// one that did was killed, and after it was stopped; and how long a minute is at most in
// which nobody plans when a replica is killed at any time.
func TestReplicasTakeover(t *testing.T) {
	long(t)
	_, env := fakeTelegram(t, telegramtest.WithPatience(time.Minute))
	f := newFleet(t, 3, env)
	f.run()
	var killed, stopped []time.Duration
	for i := range 40 {
		r := f.awaitPoller()
		time.Sleep(time.Duration(i%7) * 400 * time.Millisecond) // at any time between two signs of life
		begun := time.Now()
		if i%2 == 0 {
			r.kill()
			f.awaitPoller()
			killed = append(killed, time.Since(begun))
			t.Logf("killed: %v", time.Since(begun))
		} else {
			r.stop()
			f.awaitPoller()
			stopped = append(stopped, time.Since(begun))
			t.Logf("stopped: %v", time.Since(begun))
		}
		r.out.reset()
		r.start()
		r.awaitReady(0)
	}
	for what, all := range map[string][]time.Duration{"killed": killed, "stopped": stopped} {
		slices.Sort(all)
		t.Logf("%s: median %v, worst %v of %d", what, all[len(all)/2].Round(10*time.Millisecond), all[len(all)-1].Round(10*time.Millisecond), len(all))
		if worst := all[len(all)-1]; worst > 30*time.Second {
			t.Errorf("%s: %v", what, worst)
		}
	}
	f.stop()
}

// TestReplicasSlow: a database that takes fifty times as long as usual for each statement
// slows the replicas down, and nothing else: none goes out of service.
func TestReplicasSlow(t *testing.T) {
	long(t)
	f, fake, chats := posters(t, 3, 60)
	for _, r := range f.all {
		r.link.Delay(15 * time.Millisecond)
		r.leave = 30 * time.Second
	}
	f.run()
	begun := time.Now()
	var people []*telegramtest.Chat
	for i := range 20 {
		ann := fake.NewUser(fmt.Sprint("User", i), "en")
		people = append(people, ann.Open())
		ann.Say("who chaired in 2022?")
	}
	for deadline := begun.Add(3 * time.Minute); answersIn(people) < len(people) && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond)
		for i, r := range f.all {
			if code := r.get("/readyz"); code != 200 {
				t.Errorf("/readyz of replica %d is %d", i, code)
			}
		}
	}
	t.Logf("all answers after %v", time.Since(begun))
	for deadline := begun.Add(3 * time.Minute); postsIn(chats) < len(chats) && time.Now().Before(deadline); {
		time.Sleep(100 * time.Millisecond)
	}
	t.Logf("all posts after %v", time.Since(begun))
	quietly()
	f.accounted(chats)
	if n := answersIn(people); n != len(people) {
		t.Errorf("%d answers to %d questions", n, len(people))
	}
	f.stop()
}
