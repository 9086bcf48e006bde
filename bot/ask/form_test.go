package ask_test

import (
	"testing"

	"suhbat/bot/ask"
	"suhbat/facts"
)

// date reads a date such as 2020-12.
func date(t *testing.T, s string) facts.Date {
	t.Helper()
	d, err := facts.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestFit: a month must not count as inside a span that it lies in only partly,
// or the bot would vouch for a day that no source gives.
func TestFit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		span, date string
		want       ask.Fit
	}{
		{"2022", "2022", ask.Inside},
		{"2022", "2022-12", ask.Inside},
		{"2022", "2022-12-31", ask.Inside},
		{"2022", "2021-12-31", ask.Outside},
		{"2022", "2023", ask.Outside},
		{"2020-12", "2020", ask.Perhaps},
		{"2020-12", "2020-12", ask.Inside},
		{"2020-12", "2020-11", ask.Outside},
		{"2020-12-23", "2020-12", ask.Perhaps},
		{"2020-12-23", "2020-12-23", ask.Inside},
		{"2020-12-23", "2020-12-24", ask.Outside},
		{"2020-12-23", "2021", ask.Outside},
	} {
		span := ask.In(date(t, tt.span))
		if got := span.Fit(date(t, tt.date)); got != tt.want {
			t.Errorf("%s in %s is %d, want %d", tt.date, tt.span, got, tt.want)
		}
	}
	always := ask.Span{}
	if always.Fit(facts.Date{}) != ask.Inside || !always.IsZero() {
		t.Error("no date does not fit any time")
	}
	span := ask.In(date(t, "2022"))
	if span.Fit(facts.Date{}) != ask.Perhaps {
		t.Error("no date does not perhaps fit 2022")
	}
}

// TestFitYearly: "in October", of any year.
func TestFitYearly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		month, day int
		date       string
		want       ask.Fit
	}{
		{10, 0, "2000-10-31", ask.Inside},
		{10, 0, "2022-10", ask.Inside},
		{10, 0, "2022-11-01", ask.Outside},
		{10, 0, "2022", ask.Perhaps},
		{10, 31, "2000-10-31", ask.Inside},
		{10, 31, "2000-10-30", ask.Outside},
		{10, 31, "2000-10", ask.Perhaps},
	} {
		said := facts.Date{Month: date(t, "2000-10").Month, Day: tt.day}
		span := ask.Span{Said: said}
		if got := span.Fit(date(t, tt.date)); got != tt.want {
			t.Errorf("%s on %v is %d, want %d", tt.date, said, got, tt.want)
		}
	}
}

// TestFitRange: an event of two days is on each of them.
func TestFitRange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		span, first, last string
		want              ask.Fit
	}{
		{"2024-10-03", "2024-10-03", "2024-10-04", ask.Inside},
		{"2024-10-04", "2024-10-03", "2024-10-04", ask.Inside},
		{"2024-10", "2024-10-03", "2024-10-04", ask.Inside},
		{"2024-10-05", "2024-10-03", "2024-10-04", ask.Outside},
		{"2024-10-02", "2024-10-03", "2024-10-04", ask.Outside},
	} {
		span := ask.In(date(t, tt.span))
		if got := span.FitRange(date(t, tt.first), date(t, tt.last)); got != tt.want {
			t.Errorf("%s–%s in %s is %d, want %d", tt.first, tt.last, tt.span, got, tt.want)
		}
	}
}

// TestApart: ages and times between are said in years, months and days; one that
// is a day off is quoted as wrong.
func TestApart(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to            string
		years, months, days int
	}{
		{"2000-10-31", "2026-11-23", 26, 0, 23},
		{"2000-10-31", "2026-10-31", 26, 0, 0},
		{"2000-10-31", "2026-10-30", 25, 11, 30},
		{"2009-09-30", "2009-10-05", 0, 0, 5},
		{"2000-02-29", "2001-02-28", 0, 11, 30},
		{"2000-02-29", "2004-02-29", 4, 0, 0},
		{"2023-01-31", "2023-03-01", 0, 1, 1},
		{"2000-10-31", "2000-10-31", 0, 0, 0},
	} {
		got := ask.Apart(date(t, tt.from), date(t, tt.to))
		if want := (ask.Between{Years: tt.years, Months: tt.months, Days: tt.days}); got != want {
			t.Errorf("%s to %s is %+v, want %+v", tt.from, tt.to, got, want)
		}
	}
	if got := ask.Days(date(t, "2009-09-30"), date(t, "2009-10-05")); got != 5 {
		t.Errorf("%d days, want 5", got)
	}
	if got := ask.Days(date(t, "2000-02-28"), date(t, "2000-03-01")); got != 2 {
		t.Errorf("%d days over a leap day, want 2", got)
	}
}

// TestTrace: explain shows every word of the question with what it was taken for.
func TestTrace(t *testing.T) {
	t.Parallel()
	p := load(t)
	a := p.engine.Ask(ask.Question{Text: "Who chaired the Dialogue in 2022?", Today: today, Trace: true})
	var words []string
	for _, w := range a.Trace {
		words = append(words, w.Text)
		if w.Meaning == "" {
			t.Errorf("%q has no meaning", w.Text)
		}
	}
	if len(words) < 4 {
		t.Errorf("the trace is %v", a.Trace)
	}
	if b := p.ask("Who chaired the Dialogue in 2022?"); len(b.Trace) > 0 {
		t.Error("a trace that nobody asked for")
	}
}

// TestSourcesOnce: a source or a fact that two parts of an answer share is listed
// once.
func TestSourcesOnce(t *testing.T) {
	t.Parallel()
	p := load(t)
	a := p.ask("Who chaired in 2021 and 2022?")
	if len(a.Results) != 2 {
		t.Fatalf("%d parts: %s", len(a.Results), gist(&a))
	}
	seen := make(map[facts.ID]bool)
	for _, s := range a.Sources() {
		if seen[s.ID] {
			t.Errorf("%s twice", s.ID)
		}
		seen[s.ID] = true
	}
	if ids := a.Facts(); len(ids) != 2 || len(seen) < 2 {
		t.Errorf("%d facts, %d sources", len(ids), len(seen))
	}
}
