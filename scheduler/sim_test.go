package scheduler_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"suhbat/facts"
	"suhbat/scheduler"
)

var (
	simSeeds = flag.Int("sim.seeds", 1, "seeds of each world of the simulation")
	simYears = flag.Int("sim.years", 0, "years of each world; 0 for the usual ones")
)

// worlds are what the program has to bear.
var worlds = []options{
	{replicas: 2, years: 100},
	{replicas: 2, years: 15, faults: true, changes: 100},
	{replicas: 1, years: 15, faults: true, outages: true},
	{replicas: 2, years: 15, faults: true, pause: 240 * time.Second},
	{replicas: 2, years: 10, faults: true, again: true},
	{replicas: 2, years: 15, faults: true, disk: true},
	{replicas: 2, years: 15, faults: true, admins: true, pause: 240 * time.Second},
	{replicas: 2, years: 100, faults: true, outages: true, changes: 420, pause: 240 * time.Second, disk: true, admins: true},
}

func (o options) String() string {
	return fmt.Sprintf("%d replicas, faults %v, outages %v, held up %v, %d changes, again %v, disk %v, admins %v",
		o.replicas, o.faults, o.outages, o.pause, o.changes, o.again, o.disk, o.admins)
}

// TestSimulation: nothing may arrive twice, or late, or not at all without the
// program's knowing, whatever happens to it.
func TestSimulation(t *testing.T) {
	list := worlds
	if raceEnabled {
		list = worlds[len(worlds)-1:]
	}
	for _, o := range list {
		if raceEnabled {
			o.years = 10
		}
		if *simYears > 0 {
			o.years = *simYears
		}
		t.Run(o.String(), func(t *testing.T) {
			t.Parallel()
			for seed := range *simSeeds {
				o.seed = uint64(seed + 1)
				start := time.Now()
				w := newWorld(t, o)
				for _, p := range w.run() {
					t.Error(p)
				}
				t.Logf("seed %d, %d years: %+v; %d calls, %d crashes (%d between intent and result), %d time-outs, %d refusals; %v",
					o.seed, o.years, w.result, w.calls, w.crashes, w.window, w.timeouts, w.refusals, time.Since(start).Round(time.Millisecond))
			}
		})
	}
}

// TestSimulationRepeats: what was found once must be found again.
func TestSimulationRepeats(t *testing.T) {
	o := worlds[len(worlds)-1]
	o.years, o.seed = 3, 7
	a, b := newWorld(t, o), newWorld(t, o)
	a.run()
	b.run()
	if a.trace != b.trace || a.trace == 0 {
		t.Errorf("the same seed gave %x and %x", a.trace, b.trace)
	}
	o.seed = 8
	if c := newWorld(t, o); c.run() == nil && c.trace == a.trace {
		t.Error("another seed gave the same")
	}
}

// TestSimulationReaches: a step at which no process ever died would be a step that
// nothing is known about. A step is a call of a port, and for a write each change of
// state apart.
func TestSimulationReaches(t *testing.T) {
	if raceEnabled {
		t.Skip("too few years for all there is")
	}
	t.Parallel()
	o := worlds[len(worlds)-1]
	o.years, o.changes, o.seed, o.seek = 100, 10000, 5, true
	w := newWorld(t, o)
	for _, p := range w.run() {
		t.Error(p)
	}
	for _, point := range slices.Sorted(maps.Keys(w.cover)) {
		t.Logf("%-36s %d", point, w.cover[point])
	}
	moves, _ := scheduler.Transitions()
	points := slices.Clone(portCalls)
	for _, move := range moves {
		by := "swap "
		if move == " → planned" || move == "planned → planned" {
			by = "plan "
		}
		if !slices.Contains(seldom, move) {
			points = append(points, by+move+" before", by+move+" after")
		}
	}
	for _, point := range points {
		if n := w.cover[point]; n < enough {
			t.Errorf("%s: %d crashes, expected %d or more", point, n, enough)
		}
	}
	for _, move := range moves {
		t.Logf("%-24s %d", move, w.reached[move])
		if w.reached[move] == 0 && !slices.Contains(seldom, move) {
			t.Errorf("nothing ever went %s", move)
		}
	}
	for move := range w.reached {
		if !slices.Contains(moves, move) {
			t.Errorf("something went %s, which is not in the table", move)
		}
	}
}

// portCalls are the steps that are no change of state.
var portCalls = []string{
	"select before", "cursor before", "subscriptions before", "subscription before", "subscription at before", "slot before", "slot after",
	"send before", "send after", "find before", "notify before", "delay before", "swap cursor before", "swap cursor after",
	"put subscription before", "put subscription after", "delete subscription before", "delete subscription after",
}

// seldom are changes that need a process to be held up while others decide and are
// right by chance: TestHeldUp makes them.
var seldom = []string{"failed → sent", "planned → sent"}

// TestMutants: a simulation that passes broken programs proves nothing.
func TestMutants(t *testing.T) {
	if raceEnabled {
		t.Skip("the program itself is what is looked at for races")
	}
	for mutant, tt := range map[string]struct {
		o    options
		want string
	}{
		"no intent record":     {options{replicas: 2, years: 10, faults: true}, "arrived twice"},
		"retry after time-out": {options{replicas: 2, years: 10, faults: true}, "arrived twice"},
		"reconcile at once":    {options{replicas: 2, years: 30, faults: true, pause: 240 * time.Second}, "twice on Slack"},
		"time in the key":      {options{replicas: 2, years: 15, changes: 400}, "arrived twice"},
		"raw local cron":       {options{replicas: 2, years: 10}, "never arrived"},
	} {
		t.Run(mutant, func(t *testing.T) {
			t.Parallel()
			const seeds = 3
			for seed := range uint64(seeds) {
				o := tt.o
				o.seed, o.mutant = seed+1, mutant
				w := newWorld(t, o)
				found := strings.Join(w.run(), "\n")
				if strings.Contains(found, tt.want) {
					t.Logf("seed %d: %+v", o.seed, w.result)
					return
				}
			}
			t.Errorf("nobody noticed in %d seeds", seeds)
		})
	}
}

// rawCron is the mutant that lets the library place days on local clocks.
func rawCron(day facts.Date, at int, zone *time.Location) time.Time {
	s, err := cron.ParseStandard(fmt.Sprintf("CRON_TZ=%s %d %d %d %d *", zone, at%60, at/60, day.Day, day.Month))
	if err != nil {
		panic(err)
	}
	return s.Next(time.Date(day.Year, day.Month, day.Day-1, 12, 0, 0, 0, zone))
}
