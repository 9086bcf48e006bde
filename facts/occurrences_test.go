package facts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"suhbat/facts"
)

// remembered are the facts of [TestOccurrences]: id, value, time, weight.
var remembered = []struct {
	id, value, time string
	weight          int
}{
	{"adopted", "2000-10-31", "", 3},
	{"leap", "2020-02-29", "", 2},
	{"launched", "2020-12", "", 3},
	{"new-year", "2020-01-01", "", 1},
	{"new-year-too", "2019-01-01", "", 2},
	{"a-new-year", "2018-01-01", "", 1},
	{"told", "almaty", "2021-12-31", 1},
	{"observance", "1999-11-25", "", 2},
}

func TestOccurrences(t *testing.T) {
	s := rememberedStore(t)
	for _, c := range []struct{ name, first, last, want string }{
		{"one day", "2023-10-31", "2023-10-31", "adopted 2023-10-31 23"},
		{"the day before and after", "2023-11-01", "2023-11-24", ""},
		{"not the day itself", "2000-10-01", "2000-11-30", "observance 2000-11-25 1"},
		{"not before the day itself", "1990-01-01", "1999-12-31", ""},
		{"the first year", "2001-10-31", "2001-10-31", "adopted 2001-10-31 1"},
		{"29 February in a common year", "2021-02-27", "2021-03-01", "leap 2021-02-28 1"},
		{"29 February in a leap year", "2024-02-28", "2024-03-01", "leap 2024-02-29 4"},
		{"no 28 February in a leap year", "2024-02-28", "2024-02-28", ""},
		{"29 February in a century without one", "2100-02-28", "2100-03-01", "leap 2100-02-28 80"},
		{"a month", "2023-12-01", "2023-12-30", "launched 2023-12 3"},
		{"part of a month", "2023-12-15", "2023-12-15", "launched 2023-12 3"},
		{
			"over the new year, by weight and id", "2022-12-31", "2023-01-01",
			"launched 2022-12 2 · told 2022-12-31 1 · new-year-too 2023-01-01 4 · a-new-year 2023-01-01 5 · new-year 2023-01-01 3",
		},
		{
			"several years", "2022-11-01", "2024-11-30",
			"observance 2022-11-25 23 · launched 2022-12 2 · told 2022-12-31 1 · new-year-too 2023-01-01 4 · a-new-year 2023-01-01 5 · " +
				"new-year 2023-01-01 3 · leap 2023-02-28 3 · adopted 2023-10-31 23 · observance 2023-11-25 24 · launched 2023-12 3 · " +
				"told 2023-12-31 2 · new-year-too 2024-01-01 5 · a-new-year 2024-01-01 6 · new-year 2024-01-01 4 · " +
				"leap 2024-02-29 4 · adopted 2024-10-31 24 · observance 2024-11-25 25",
		},
		{"whole months and years", "2023-02", "2023-02", "leap 2023-02-28 3"},
		{"backwards", "2024-01-01", "2023-01-01", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, o := range s.Occurrences(day(t, c.first), day(t, c.last)) {
				got = append(got, fmt.Sprintf("%s %s %d", o.Fact.ID, o.Day, o.Years))
			}
			if g := strings.Join(got, " · "); g != c.want {
				t.Errorf("got  %s\nwant %s", g, c.want)
			}
		})
	}
}

// TestLeapDays checks that a fact of 29 February is remembered as its curator chose.
func TestLeapDays(t *testing.T) {
	for leap, want := range map[string]string{
		"":                   "2021-02-28 2022-02-28 2023-02-28 2024-02-29",
		", leap: day-after":  "2021-03-01 2022-03-01 2023-03-01 2024-02-29",
		", leap: leap-years": "2024-02-29",
	} {
		fsys := good(t)
		delete(fsys, "facts.yaml")
		fsys["model.yaml"].Data = []byte(strings.Replace(string(fsys["model.yaml"].Data), ", complete: [{subject: talks, from: 2021, to: 2022}]", "", 1))
		fsys["x.yaml"] = mapFile([]byte("facts:\n  - {id: leap, subject: talks, property: known-since, value: 2020-02-29, " +
			"anniversary: {topic: wps, weight: 1, title: {en: A day, ru: День}" + leap + "}, references: [{source: page}]}\n"))
		s, err := facts.Load(fsys)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range s.Occurrences(day(t, "2020-01-01"), day(t, "2024-12-31")) {
			got = append(got, o.Day.String())
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q: got %s, want %s", leap, g, want)
		}
	}
}

func TestRound(t *testing.T) {
	for years, want := range map[int]bool{1: false, 5: true, 10: true, 15: false, 20: true, 25: true, 26: false, 50: true, 75: true, 100: true} {
		o := facts.Occurrence{Fact: &facts.Fact{Anniversary: &facts.Anniversary{Topic: "wps"}}, Years: years}
		if o.Round() != want {
			t.Errorf("%d years: round %v, want %v", years, o.Round(), want)
		}
		o.Fact.Anniversary.Topic = facts.Observed
		if o.Round() {
			t.Errorf("%d years of an observance are round", years)
		}
	}
}

// TestOccurrencesAddUp checks that days one by one give what a year gives, but for
// the months, which every one of their days shows.
func TestOccurrencesAddUp(t *testing.T) {
	s := rememberedStore(t)
	isDay := func(o facts.Occurrence) bool { return o.Day.Precision() == facts.ToTheDay }
	for year := 1998; year < 2033; year++ {
		var single []facts.Occurrence
		first := facts.Date{Year: year}.First()
		for d := first; d.Year == year; d = facts.On(d.Time().AddDate(0, 0, 1)) {
			single = append(single, s.Occurrences(d, d)...)
		}
		single = slices.DeleteFunc(single, func(o facts.Occurrence) bool { return !isDay(o) })
		whole := slices.DeleteFunc(s.Occurrences(facts.Date{Year: year}, facts.Date{Year: year}),
			func(o facts.Occurrence) bool { return !isDay(o) })
		if !slices.Equal(single, whole) {
			t.Errorf("%d: one by one %v, at once %v", year, single, whole)
		}
	}
}

func rememberedStore(t *testing.T) *facts.Store {
	t.Helper()
	var b strings.Builder
	b.WriteString("facts:\n")
	for _, f := range remembered {
		qualifiers := ""
		if f.time != "" {
			qualifiers = "qualifiers: {time: " + f.time + "}, "
		}
		fmt.Fprintf(&b, "  - {id: %s, subject: talks, property: known-since, value: %s, %sanniversary: "+
			"{topic: wps, weight: %d, title: {en: A day, ru: День}}, references: [{source: page}]}\n",
			f.id, f.value, qualifiers, f.weight)
	}
	fsys := good(t)
	delete(fsys, "facts.yaml") // it has an anniversary of its own
	fsys["model.yaml"].Data = []byte(strings.Replace(string(fsys["model.yaml"].Data), ", complete: [{subject: talks, from: 2021, to: 2022}]", "", 1))
	fsys["x.yaml"] = mapFile([]byte(b.String()))
	s, err := facts.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func day(t *testing.T, s string) facts.Date {
	t.Helper()
	d, err := facts.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
