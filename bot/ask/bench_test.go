package ask_test

import (
	"testing"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/bot/say"
	"suhbat/facts"
	"suhbat/facts/data"
)

func engine(tb testing.TB) (*ask.Engine, *lang.Set) {
	tb.Helper()
	store, err := facts.Load(data.FS)
	if err != nil {
		tb.Fatal(err)
	}
	set, err := lang.Load(packs.FS)
	if err != nil {
		tb.Fatal(err)
	}
	e, err := ask.New(store, set)
	if err != nil {
		tb.Fatal(err)
	}
	return e, set
}

func BenchmarkAnswer(b *testing.B) {
	e, set := engine(b)
	for _, q := range []string{
		"who chaired in 2022?", "What are the four WPS pillars?", "When was the Almaty conference held?",
		"How many years passed between resolution 1325 and the launch of the Dialogue?", "who chaird the dialoge in 2022",
		"Recommend a good restaurant in Tashkent", "Was Kazakhstan the chair of the Dialogue in 2022?",
	} {
		b.Run(q, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a := e.Ask(ask.Question{Text: q, Today: facts.Date{Year: 2026, Month: 11, Day: 23}})
				say.Answer(set.Pack(a.Lang), &a)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	store, _ := facts.Load(data.FS)
	set, _ := lang.Load(packs.FS)
	for b.Loop() {
		if _, err := ask.New(store, set); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPacks(b *testing.B) {
	for b.Loop() {
		if _, err := lang.Load(packs.FS); err != nil {
			b.Fatal(err)
		}
	}
}
