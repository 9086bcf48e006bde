package bottest

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
)

// TestSlots checks slots of which each open gives a further process its own: no window
// of a limit ever holds more than it may, however many ask, and a limit that refuses
// leaves the others as they were. It takes two seconds.
func TestSlots(t *testing.T, open func(*testing.T) bot.Slots) {
	t.Run("many", func(t *testing.T) { manySlots(t, open) })
	t.Run("all or none", func(t *testing.T) { allOrNone(t, open) })
	t.Run("delay", func(t *testing.T) { delayed(t, open) })
	t.Run("flights", func(t *testing.T) { flying(t, open) })
}

// The limits of the test: as those of a network, and faster.
const (
	gap   = 10 * time.Millisecond
	quiet = 150 * time.Millisecond
	crowd = 900 * time.Millisecond
)

func limitsOf(chat int) []bot.Limit {
	name := "chat " + strconv.Itoa(chat)
	return []bot.Limit{{Name: name, Most: 1, Window: quiet}, {Name: name + " crowd", Most: 4, Window: crowd}, {Name: "bot", Most: 1, Window: gap}}
}

func manySlots(t *testing.T, open func(*testing.T) bot.Slots) {
	var mu sync.Mutex
	type instant struct{ from, to time.Time } // it lies between
	taken := make(map[string][]instant)
	var group sync.WaitGroup
	processes := []bot.Slots{open(t), open(t), open(t)}
	end := time.Now().Add(1500 * time.Millisecond)
	for _, slots := range processes {
		for worker := range 4 {
			group.Go(func() {
				for chat := worker; time.Now().Before(end); chat++ {
					limits := limitsOf(chat % 40)
					before := time.Now()
					slot, err := slots.Reserve(t.Context(), 50*time.Millisecond, limits...)
					if err != nil || slot.Wait < 0 || slot.OK && slot.Wait > 50*time.Millisecond || !slot.OK && (slot.Wait == 0 || slot.By == "") {
						t.Errorf("got %+v, %v", slot, err)
						return
					}
					if !slot.OK {
						time.Sleep(min(slot.Wait, 5*time.Millisecond))
						continue
					}
					at := instant{before.Add(slot.Wait), time.Now().Add(slot.Wait)}
					mu.Lock()
					for _, l := range limits {
						taken[l.Name] = append(taken[l.Name], at)
					}
					mu.Unlock()
				}
			})
		}
	}
	group.Wait()
	if n, all := len(taken["bot"]), int(1500*time.Millisecond/gap); n > all+6 || n < all/4 {
		t.Errorf("%d slots in %d gaps", n, all)
	}
	for chat := range 40 {
		for _, l := range limitsOf(chat)[:2] {
			times := taken[l.Name]
			slices.SortFunc(times, func(a, b instant) int { return a.to.Compare(b.to) })
			for i := l.Most; i < len(times); i++ {
				if d := times[i].to.Sub(times[i-l.Most].from); d < l.Window {
					t.Errorf("%s: %d slots within %v, allowed are %d in %v", l.Name, l.Most+1, d, l.Most, l.Window)
				}
			}
		}
	}
}

func allOrNone(t *testing.T, open func(*testing.T) bot.Slots) {
	slots := open(t)
	chat, bot1 := bot.Limit{Name: "a", Most: 1, Window: time.Hour}, bot.Limit{Name: "b", Most: 1, Window: time.Hour}
	for _, tt := range []struct {
		limits []bot.Limit
		ok     bool
		by     string
	}{
		{[]bot.Limit{chat}, true, ""},
		{[]bot.Limit{chat, bot1}, false, "a"},
		{[]bot.Limit{{Name: "c", Most: 1, Window: time.Hour}, chat, bot1}, false, "a"}, // and c is as free as b
		{[]bot.Limit{{Name: "c", Most: 2, Window: time.Hour}, bot1}, true, ""},
		{[]bot.Limit{{Name: "c", Most: 2, Window: time.Hour}, bot1}, false, "b"},
		{[]bot.Limit{{Name: "c", Most: 2, Window: time.Hour}}, true, ""},
		{[]bot.Limit{{Name: "c", Most: 2, Window: time.Hour}}, false, "c"},
		{[]bot.Limit{{Name: "c"}}, true, ""},
	} {
		slot, err := slots.Reserve(t.Context(), time.Minute, tt.limits...)
		if err != nil || slot.OK != tt.ok || slot.By != tt.by || !tt.ok && slot.Wait < 58*time.Minute {
			t.Errorf("%v: got %+v, %v", tt.limits, slot, err)
		}
	}
}

func delayed(t *testing.T, open func(*testing.T) bot.Slots) {
	one, other := open(t), open(t)
	limit := bot.Limit{Name: "closed", Most: 1, Window: gap}
	for _, d := range []time.Duration{time.Hour, time.Minute} { // the longer one holds
		if err := one.Delay(t.Context(), limit.Name, d); err != nil {
			t.Fatal(err)
		}
	}
	slot, err := other.Reserve(t.Context(), 0, bot.Limit{Name: limit.Name}, bot.Limit{Name: "open", Most: 1, Window: gap})
	if err != nil || slot.OK || slot.By != limit.Name || slot.Wait < 59*time.Minute || slot.Wait > time.Hour {
		t.Errorf("got %+v, %v", slot, err)
	}
}

// flying checks that what is on its way counts until a window after it has landed, for
// all processes.
func flying(t *testing.T, open func(*testing.T) bot.Slots) {
	one, other := open(t), open(t)
	const window = 300 * time.Millisecond
	reserve := func(s bot.Slots) bot.Slot {
		t.Helper()
		slot, err := s.Reserve(t.Context(), time.Minute, bot.Limit{Name: "air"}, bot.Limit{Name: "air", Most: 2, Window: window, Flights: true})
		if err != nil {
			t.Fatal(err)
		}
		return slot
	}
	first, second := reserve(one), reserve(other)
	if !first.OK || !second.OK || first.Flight == second.Flight {
		t.Fatalf("got %+v and %+v", first, second)
	}
	for range 3 {
		if third := reserve(other); third.OK || third.By != "air" || third.Wait == 0 || third.Wait > window {
			t.Errorf("while two are on their way: %+v", third)
		}
	}
	landed := time.Now()
	if err := one.Landed(t.Context(), first.Flight); err != nil {
		t.Fatal(err)
	}
	third := reserve(other)
	if free := time.Now().Add(third.Wait).Sub(landed); !third.OK || third.Wait > window || free < window {
		t.Errorf("after one has landed: %+v, in %v", third, free)
	}
	if fourth := reserve(one); fourth.OK {
		t.Errorf("while two are on their way: %+v", fourth)
	}
	if err := other.Landed(t.Context(), second.Flight, third.Flight); err != nil {
		t.Fatal(err)
	}
	if fourth := reserve(one); !fourth.OK || fourth.Wait > window {
		t.Errorf("after all have landed: %+v", fourth)
	}
}
