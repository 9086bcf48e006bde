package store_test

import (
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/store"
)

// BenchmarkUpdate measures what one update of a network costs: a note before its
// answer is sent and one after it. cpu-us/op is processor time of the whole process.
func BenchmarkUpdate(b *testing.B) {
	for _, callers := range []int{1, 32} {
		b.Run(strconv.Itoa(callers)+"callers", func(b *testing.B) {
			inbox := onDisk(b).Inbox("telegram")
			each(b, callers, func(n int) error {
				id := strconv.Itoa(900_000_000 + n)
				if err := inbox.Sending(b.Context(), id, 0, now); err != nil {
					return err
				}
				return inbox.Finish(b.Context(), id, now)
			})
		})
	}
}

// BenchmarkEvent is the same for what has to be kept first.
func BenchmarkEvent(b *testing.B) {
	inbox := onDisk(b).Inbox("slack")
	body := make([]byte, 1500)
	each(b, 32, func(n int) error {
		id := "Ev" + strconv.Itoa(n)
		if _, err := inbox.Keep(b.Context(), id, chat(n%100), body, now); err != nil {
			return err
		}
		if err := inbox.Sending(b.Context(), id, 0, now); err != nil {
			return err
		}
		return inbox.Finish(b.Context(), id, now)
	})
}

// BenchmarkTalk is what a conversation costs: what it remembers and what was chosen is
// read, and what it remembers is kept.
func BenchmarkTalk(b *testing.B) {
	s := onDisk(b)
	state := make([]byte, 600)
	each(b, 32, func(n int) error {
		at := chat(n % 200)
		if _, err := s.Talk(b.Context(), at); err != nil {
			return err
		}
		if _, err := s.Preference(b.Context(), at); err != nil {
			return err
		}
		return s.KeepTalk(b.Context(), at, state, now)
	})
}

// onDisk returns a store in a file.
func onDisk(tb testing.TB) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "suhbat.db"), store.Options{Now: clock})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// each does something b.N times by so many callers and reports the processor time.
func each(b *testing.B, callers int, do func(n int) error) {
	b.Helper()
	b.ReportAllocs()
	var next atomic.Int64
	var wg sync.WaitGroup
	begun := cpu(b)
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := do(int(n)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64((cpu(b)-begun).Nanoseconds())/1000/float64(b.N), "cpu-us/op")
}

func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

var now = time.Date(2026, 10, 31, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

func chat(n int) bot.Address {
	return bot.Address{Network: "telegram", Chat: strconv.Itoa(n)}
}
