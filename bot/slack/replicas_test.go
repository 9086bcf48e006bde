package slack

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
	"suhbat/bot/bottest"
)

// replica starts an adapter as one of several.
func replica(t *testing.T, all *bottest.Replicas, h handle) (*bench, *bottest.Replica) {
	m := all.Join()
	return start(t, h, func(_ *Config, p *Ports) { p.Inbox, p.Slots, p.Locks = m.Inbox(), &all.Slots, m }), m
}

// TestSharedSeconds: two replicas that post into one channel together keep to its second,
// and when Slack asks one of them to wait, both do.
func TestSharedSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := new(bottest.Replicas)
		one, _ := replica(t, all, echo)
		other, _ := replica(t, all, echo)
		var group sync.WaitGroup
		for i := range 20 {
			b := []*bench{one, other}[i%2]
			group.Go(func() {
				d := delivery{to: address("T1", "C1", ""), page: page{Text: "x"}, lane: bot.Lane(i % 3), wait: true}
				if _, err := b.deliver(t.Context(), &d); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		calls := append(one.api.of("chat.postMessage"), other.api.of("chat.postMessage")...)
		slices.SortFunc(calls, func(a, b call) int { return a.at.Compare(b.at) })
		for i := range calls[1:] {
			if d := calls[i+1].at.Sub(calls[i].at); d < channelEvery || d > 2*channelEvery {
				t.Errorf("%v between two posts", d)
			}
		}
		one.shut(t.Context(), "T1", time.Minute)
		_, err := other.Send(t.Context(), outgoing(address("T1", "C2", "")))
		if failed := sendError(err); failed.Failure != bot.Busy || failed.After < 59*time.Second {
			t.Errorf("got %v", err)
		}
	})
}

// TestShareTwiceElsewhere: who presses Share twice shares an answer once, though the presses
// reach two replicas; later they may share it again.
func TestShareTwiceElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := new(bottest.Replicas)
		one, _ := replica(t, all, echo)
		other, _ := replica(t, all, echo)
		shared := func() (n int) {
			for _, c := range append(one.api.of("response_url"), other.api.of("response_url")...) {
				if asResponse(t, c.body).ResponseType == inChannel {
					n++
				}
			}
			return n
		}
		one.press(t, pressedJSON("t1", "share.0.0", "", "who?"))
		time.Sleep(time.Second)
		other.press(t, pressedJSON("t2", "share.0.0", "", "who?"))
		if n := shared(); n != 1 {
			t.Errorf("it was shared %d times", n)
		}
		time.Sleep(time.Minute)
		other.press(t, pressedJSON("t3", "share.0.0", "", "who?"))
		if n := shared(); n != 2 {
			t.Errorf("a minute later it was shared %d times in all", n)
		}
	})
}

// TestDeadReplica: what a replica had taken in when it died is answered by another, once,
// even if the first is not dead.
func TestDeadReplica(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := new(bottest.Replicas)
		asked := make(chan struct{})
		hang := func(in bot.Incoming) (bot.Reply, error) {
			<-asked
			return echo(in)
		}
		dead, m := replica(t, all, hang)
		other, _ := replica(t, all, echo)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go other.Run(ctx)
		const events = 5
		for i := range events {
			ts := strconv.Itoa(i) + ".1"
			dead.post(pathEvents, eventJSON("Ev"+ts, mention(ts, "who?")))
			other.post(pathEvents, eventJSON("Ev"+ts, mention(ts, "who?"))) // Slack tries again, elsewhere
		}
		time.Sleep(time.Minute)
		if n := len(other.api.of("chat.postMessage")); n != 0 {
			t.Errorf("%d answers while the first is alive", n)
		}
		m.Die()
		time.Sleep(time.Minute)
		close(asked) // it comes back
		time.Sleep(time.Minute)
		if a, b := len(other.api.of("chat.postMessage")), len(dead.api.of("chat.postMessage")); a != events || b != 0 {
			t.Errorf("%d answers by the other, %d by the dead one", a, b)
		}
		if kept, _ := all.Inbox.Kept(t.Context()); len(kept) != 0 {
			t.Errorf("%d are kept still", len(kept))
		}
		cancel()
		synctest.Wait()
	})
}

// TestAway: while the database cannot be reached, questions wait; none is dropped, and
// none is answered by an apology.
func TestAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := new(bottest.Replicas)
		var away sync.Map
		b, _ := replica(t, all, func(in bot.Incoming) (bot.Reply, error) {
			if _, yes := away.Load("core"); yes {
				return bot.Reply{}, fmt.Errorf("talks: %w", bot.ErrAway)
			}
			return echo(in)
		})
		away.Store("core", true)
		b.post(pathEvents, eventJSON("Ev1", mention("1.1", "who?")))
		time.Sleep(7 * time.Minute)
		away.Delete("core")
		all.Inbox.Break(fmt.Errorf("inbox: %w", bot.ErrAway))
		time.Sleep(7 * time.Minute)
		all.Inbox.Break(nil)
		time.Sleep(10 * time.Second)
		if got := b.texts("chat.postMessage"); !slices.Equal(got, []string{"ask: who?"}) {
			t.Errorf("got %q", got)
		}
	})
}

// TestRotationOnceOfSeveral: of several replicas, too, one refreshes a token.
func TestRotationOnceOfSeveral(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, all := newShelf(), new(bottest.Replicas)
		var benches []*bench
		for range 3 {
			b := startMany(t, s)
			b.ports.Locks, b.ports.Slots = all.Join(), &all.Slots
			benches = append(benches, b)
		}
		installed(t, benches[0], installation{Refresh: "refresh-1", Expires: time.Now().Add(time.Hour)})
		n := rotating(benches[0])
		for _, b := range benches[1:] {
			b.api.do("oauth.v2.access", benches[0].api.answers["oauth.v2.access"])
		}
		time.Sleep(time.Hour)
		var group sync.WaitGroup
		for i := range 30 {
			group.Go(func() {
				if _, err := benches[i%3].Send(t.Context(), outgoing(address("T1", fmt.Sprint("C", i), ""))); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		calls := 0
		for _, b := range benches {
			calls += len(b.api.of("oauth.v2.access"))
		}
		if *n != 1 || calls != 1 {
			t.Errorf("it was refreshed %d times, in %d calls", *n, calls)
		}
	})
}
