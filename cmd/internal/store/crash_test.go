package store_test

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/store/storetest"
	"suhbat/scheduler"
)

// childURL is the setting that makes the test binary write to a database until it is
// killed.
const childURL = "SUHBAT_TEST_STORE"

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		forever := writeForever
		if os.Getenv(childURL+"_WHAT") == "deliveries" {
			forever = deliverForever
		}
		if err := forever(url, os.Getenv(childURL+"_RUN")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForever handles made-up updates in four conversations and says on standard
// output what it was told is safe.
func writeForever(url, run string) error {
	s, err := store.Open(context.Background(), url, store.Options{Now: clock}.Fixed())
	if err != nil {
		return err
	}
	fmt.Println("open")
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for turn := 0; ; turn++ {
				if err := update(s, fmt.Sprintf("%s-%d-%d", run, n, turn), n); err != nil {
					fmt.Println("error", err)
					return
				}
			}
		})
	}
	wg.Wait()
	return nil
}

func update(s *store.Store, id string, n int) error {
	ctx, in := context.Background(), s.Inbox("telegram")
	if fresh, err := in.Keep(ctx, id, chat(n), []byte("body of "+id), now); err != nil || !fresh {
		return fmt.Errorf("keep: fresh: %v, %w", fresh, err)
	}
	fmt.Println("kept", id)
	if err := in.Sending(ctx, id, 0, now); err != nil {
		return err
	}
	fmt.Println("sending", id)
	if n%2 == 1 { // some stay open
		return s.KeepTalk(ctx, chat(n), []byte(id), now)
	}
	if err := in.Finish(ctx, id, now); err != nil {
		return err
	}
	// What was finished before something that is safe is safe too.
	if err := s.SetPreference(ctx, chat(n), bot.Preference{Lang: id}); err != nil {
		return err
	}
	fmt.Println("finished", id)
	return nil
}

// process is a child that writes.
type process struct {
	cmd *exec.Cmd
	out *bufio.Reader
}

func start(t *testing.T, url string, run ...string) *process {
	t.Helper()
	return startWhat(t, "updates", url, run...)
}

func startWhat(t *testing.T, what, url string, run ...string) *process {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	cmd.Env = append(os.Environ(), childURL+"="+url, childURL+"_RUN="+strings.Join(run, ""), childURL+"_WHAT="+what)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return &process{cmd, bufio.NewReader(out)}
}

// line notes the next line: an id and what was said of it last. It reports false when
// there is none; half a line of a process that was killed is none.
func (p *process) line(t *testing.T, said map[string]string) bool {
	t.Helper()
	line, err := p.out.ReadString('\n')
	what, id, _ := strings.Cut(strings.TrimSpace(line), " ")
	if what == "error" {
		t.Fatalf("the process said %q", line)
	}
	if err == nil && id != "" {
		said[id] = what
	}
	return err == nil
}

// kill ends the process as a crash does, and notes what it had said until then.
func (p *process) kill(t *testing.T, said map[string]string) {
	t.Helper()
	must(t, p.cmd.Process.Kill())
	for p.line(t, said) {
	}
	_ = p.cmd.Wait()
}

// durable are the databases that outlive a process.
var durable = map[string]func(t *testing.T) string{
	"sqlite":   func(t *testing.T) string { return "sqlite:" + t.TempDir() + "/suhbat.db" },
	"postgres": func(t *testing.T) string { return storetest.Database(t) },
}

// TestKilled: whatever a process was told is safe is there after a kill -9 at any
// moment.
func TestKilled(t *testing.T) {
	for kind, database := range durable {
		t.Run(kind, func(t *testing.T) {
			url, said := database(t), make(map[string]string) // id to the last that was said of it
			for run := range 4 {
				child := start(t, url, strconv.Itoa(run))
				for left := 20 + rand.IntN(200); left > 0; left-- {
					child.line(t, said)
				}
				child.kill(t, said)
				verify(t, url, said)
			}
		})
	}
}

// verify looks for everything that was said to be safe. More may be there.
func verify(t *testing.T, url string, said map[string]string) {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Now: clock}.Fixed())
	must(t, err)
	defer s.Close()
	in := s.Inbox("telegram")
	bodies := make(map[string]string)
	for _, k := range must1(in.Kept(t.Context())) {
		bodies[k.ID] = string(k.Body)
	}
	far := must1(in.Progress(t.Context(), slices.Collect(maps.Keys(said))))
	for id, what := range said {
		p := far[id]
		switch {
		case what == "finished" && !p.Done:
			t.Errorf("%s was finished: got %+v", id, p)
		case what == "sending" && !p.Done && !p.Begun:
			t.Errorf("%s was begun: got %+v", id, p)
		case !p.Done && bodies[id] != "body of "+id:
			t.Errorf("%s is not finished: got the body %q", id, bodies[id])
		case p.Done && bodies[id] != "":
			t.Errorf("%s is finished, but has a body", id)
		}
	}
}

// deliverForever plans posts of three rows each and takes them through their states,
// and says which it was told is safe.
func deliverForever(url, run string) error {
	s, err := store.Open(context.Background(), url, store.Options{Now: clock}.Fixed())
	if err != nil {
		return err
	}
	fmt.Println("open")
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for turn := 0; ; turn++ {
				if err := post(s, fmt.Sprintf("%s-%d-%d", run, n, turn)); err != nil {
					fmt.Println("error", err)
					return
				}
			}
		})
	}
	wg.Wait()
	return nil
}

func post(s *store.Store, channel string) error {
	rows := make([]scheduler.Delivery, 3)
	for i := range rows {
		rows[i] = delivery(fmt.Sprint(channel, "-", i), channel)
	}
	for version, state := range []scheduler.State{scheduler.Planned, scheduler.Sending, scheduler.Sent} {
		for i := range rows {
			rows[i].State, rows[i].Version = state, int64(version)
		}
		if ok, err := s.Swap(context.Background(), rows, nil); err != nil || !ok {
			return fmt.Errorf("swap: %v, %w", ok, err)
		}
		fmt.Println(state, channel)
	}
	return nil
}

// TestKilledDelivering: an intent that was committed is there after a kill -9, and no
// post is half in one state.
func TestKilledDelivering(t *testing.T) {
	for kind, database := range durable {
		t.Run(kind, func(t *testing.T) {
			url, said := database(t), make(map[string]string)
			for run := range 4 {
				child := startWhat(t, "deliveries", url, strconv.Itoa(run))
				for left := 20 + rand.IntN(200); left > 0; left-- {
					child.line(t, said)
				}
				child.kill(t, said)
				verifyPosts(t, url, said)
			}
		})
	}
}

// verifyPosts looks whether posts are as far as was said, and in one state.
func verifyPosts(t *testing.T, url string, said map[string]string) {
	t.Helper()
	s, err := store.Open(t.Context(), url, store.Options{Now: clock}.Fixed())
	must(t, err)
	for channel, state := range said {
		rows := must1(s.Select(t.Context(), scheduler.Query{Channel: channel}))
		equal(t, channel, len(rows), 3)
		for i, d := range rows {
			if d.State != rows[0].State || slices.Index(scheduler.States, d.State) < slices.Index(scheduler.States, scheduler.State(state)) {
				t.Errorf("%s was %s: row %d is %s, the first %s", channel, state, i, d.State, rows[0].State)
			}
		}
	}
	must(t, s.Close())
}
