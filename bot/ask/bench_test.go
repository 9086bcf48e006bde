package ask_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/bot/say"
	"suhbat/facts"
	"suhbat/facts/data"
	"suhbat/facts/factstest"
)

// BenchmarkAnswer measures single questions, from text to message.
func BenchmarkAnswer(b *testing.B) {
	p := load(b)
	for _, q := range []string{
		"who chaired in 2022?", "What are the four WPS pillars?", "When was the Almaty conference held?",
		"How many years passed between resolution 1325 and the launch of the Dialogue?", "who chaird the dialoge in 2022",
		"Recommend a good restaurant in Tashkent", "Was Kazakhstan the chair of the Dialogue in 2022?",
		"Кто председательствовал в 2022 году?", "rnj ghtlctlfntkmcndjdfk d 2022 ujle",
	} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.reply(q)
			}
		})
	}
}

// reply does all that a question costs: from its text to the finished message.
func (p program) reply(text string) {
	a := p.ask(text)
	say.Answer(p.set.Pack(a.Lang), &a)
}

// BenchmarkAsk asks every question of the transcripts. It reports the median and
// the 99th percentile of their times, each question's being its best of some
// rounds: a round that the machine spent elsewhere says nothing of the program.
func BenchmarkAsk(b *testing.B) {
	b.Run("facts=1x", func(b *testing.B) { benchmark(b, restored(b)) })
	b.Run("facts=100x", func(b *testing.B) {
		p := grown(b, 100)
		ratio := float64(typical(b, p, 5)) / float64(typical(b, restored(b), 5))
		b.ResetTimer()
		benchmark(b, p)
		b.ReportMetric(ratio, "ratio")
	})
}

// benchmark asks every question b.N times.
func benchmark(b *testing.B, p program) {
	b.Helper()
	b.ReportAllocs()
	questions := talks(b)
	times := make([]time.Duration, len(questions))
	b.ResetTimer()
	n := 0
	for ; b.Loop(); n++ {
		round(p, questions, times)
	}
	slices.Sort(times)
	p50, p99 := times[len(times)/2], times[len(times)*99/100]
	b.ReportMetric(float64(p50.Nanoseconds())/1000, "p50-µs")
	b.ReportMetric(float64(p99.Nanoseconds())/1000, "p99-µs")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*len(questions)), "ns/question")
}

// round asks every question once and keeps the best times.
func round(p program, questions []asked, times []time.Duration) {
	for i, q := range questions {
		start := time.Now()
		p.reply(q.text)
		if d := time.Since(start); times[i] == 0 || d < times[i] {
			times[i] = d
		}
	}
}

// restored is the program as it starts: with its words and names ready.
func restored(tb testing.TB) program {
	tb.Helper()
	store, err := facts.Restore(data.Flat, data.FS)
	if err != nil {
		tb.Fatal(err)
	}
	set, err := lang.Restore(packs.Flat, packs.FS)
	if err != nil {
		tb.Fatal(err)
	}
	set = set.Proven()
	e, err := ask.Restore(packs.Index, store, set)
	if err != nil {
		tb.Fatal(err)
	}
	return program{store, set, e}
}

// typical is the median over a few rounds.
func typical(tb testing.TB, p program, rounds int) time.Duration {
	tb.Helper()
	questions := talks(tb)
	times := make([]time.Duration, len(questions))
	for range rounds {
		round(p, questions, times)
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// grown builds the program over n times as many facts.
func grown(tb testing.TB, n int) program {
	tb.Helper()
	fsys, err := factstest.Grow(data.FS, n)
	if err != nil {
		tb.Fatal(err)
	}
	store, err := facts.Load(fsys)
	if err != nil {
		tb.Fatal(err)
	}
	set := load(tb).set.Proven()
	e, err := ask.New(store, set)
	if err != nil {
		tb.Fatal(err)
	}
	return program{store, set, e}
}

// TestGrown: with more facts, what is asked of a thing by its name must stay what
// it was.
func TestGrown(t *testing.T) {
	t.Parallel()
	p, big := load(t), grown(t, 2)
	if len(big.store.Facts) < 2*len(p.store.Facts) {
		t.Fatalf("%d facts have grown to %d", len(p.store.Facts), len(big.store.Facts))
	}
	tried := 0
	for _, q := range talks(t, "sources") {
		was := p.ask(q.text)
		if gist(&was) == "" || !names(&was) {
			continue
		}
		tried++
		if is := big.ask(q.text); gist(&is) != gist(&was) {
			t.Errorf("%q was answered by %s and is now by %s%s", q.text, gist(&was), is.Outcome, gist(&is))
		}
	}
	if tried*sampled < 100 {
		t.Errorf("only %d questions name a thing", tried)
	}
}

// names reports whether every part of a question is about one thing, and not of
// a type whose things are mostly described: then there are more of them.
func names(a *ask.Answer) bool {
	described := []facts.ID{"event", "component", "agenda"}
	return !slices.ContainsFunc(a.Results, func(r ask.Result) bool {
		return r.Form.Subject.Entity == nil || slices.Contains(described, r.Form.Subject.Entity.Type.ID)
	})
}

// BenchmarkStart measures all that is loaded before the first answer, as the program
// loads it: at most 100 ms, however many languages there are.
func BenchmarkStart(b *testing.B) {
	start(b,
		func() (*facts.Store, error) { return facts.Restore(data.Flat, data.FS) },
		func() (*lang.Set, error) {
			set, err := lang.Restore(packs.Flat, packs.FS)
			if err != nil {
				return nil, err
			}
			return set.Proven(), nil
		},
		func(store *facts.Store, set *lang.Set) (*ask.Engine, error) {
			return ask.Restore(packs.Index, store, set)
		})
}

// BenchmarkStartYAML measures the same from the files themselves, as it is when they
// have changed.
func BenchmarkStartYAML(b *testing.B) {
	start(b,
		func() (*facts.Store, error) { return facts.Load(data.FS) },
		func() (*lang.Set, error) { return lang.Load(packs.FS) },
		ask.New)
}

func start(b *testing.B, loadFacts func() (*facts.Store, error), loadPacks func() (*lang.Set, error), build func(*facts.Store, *lang.Set) (*ask.Engine, error)) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		var set *lang.Set
		var packErr error
		var wg sync.WaitGroup
		wg.Go(func() { set, packErr = loadPacks() })
		store, err := loadFacts()
		wg.Wait()
		if err := errors.Join(err, packErr); err != nil {
			b.Fatal(err)
		}
		if _, err := build(store, set); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNew measures what stands between a loaded store and the first answer.
func BenchmarkNew(b *testing.B) {
	p := load(b)
	for b.Loop() {
		if _, err := ask.New(p.store, p.set); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPacks measures reading the language packs.
func BenchmarkPacks(b *testing.B) {
	for b.Loop() {
		if _, err := lang.Load(packs.FS); err != nil {
			b.Fatal(err)
		}
	}
}
