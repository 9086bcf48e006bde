package scheduler

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"suhbat/facts"
	"suhbat/facts/data"
)

// model is what the facts of [storeOf] need.
const model = `
languages: {names: [en], texts: [en]}
types: [{id: event}]
properties: [{id: held-on, domain: [event], range: [date]}]
entities: [{id: day, type: event, names: {en: {text: A day}}}]
sources: [{id: page, publisher: P, title: T, language: en, url: "https://example.org", checked: 2026-01-01}]
facts:
`

// event is a fact that is remembered.
type event struct{ id, day, topic, leap string }

// storeOf makes a store of events.
func storeOf(t testing.TB, all []event) *facts.Store {
	t.Helper()
	var b strings.Builder
	b.WriteString(model)
	for _, e := range all {
		leap := ""
		if e.leap != "" {
			leap = ", leap: " + e.leap
		}
		fmt.Fprintf(&b, "  - {id: %s, subject: day, property: held-on, value: %s, references: [{source: page}],\n"+
			"     anniversary: {topic: %s, weight: 1, title: {en: Title of %s}%s}}\n", e.id, e.day, e.topic, e.id, leap)
	}
	s, err := facts.Load(fstest.MapFS{"x.yaml": &fstest.MapFile{Data: []byte(b.String())}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func curated(t testing.TB) *facts.Store {
	t.Helper()
	s, err := facts.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCalendar: two ways to the same days. A day that one of them misses would be a
// post that never goes out.
func TestCalendar(t *testing.T) {
	for name, store := range map[string]*facts.Store{
		"curated": curated(t),
		"leap": storeOf(t, []event{
			{"before", "2020-02-29", "wps", ""},
			{"after", "2020-02-29", "wps", "day-after"},
			{"never", "2020-02-29", "wps", "leap-years"},
			{"month", "2020-12", "dialogue", ""},
			{"february", "2020-02", "dialogue", ""},
			{"old-year", "2019-12-31", "wps", ""},
			{"new-year", "2020-01-01", "wps", ""},
		}),
	} {
		c, err := NewCalendar(store)
		if err != nil {
			t.Fatal(err)
		}
		for year := 2019; year < 2200; year++ {
			first, last := facts.Date{Year: year, Month: 2, Day: 28}, facts.Date{Year: year + 1, Month: 2, Day: 27}
			got, want := c.Occurrences(first, last), store.Occurrences(first, last)
			if !slices.Equal(got, want) {
				t.Fatalf("%s, %d:\ngot  %v\nwant %v", name, year, got, want)
			}
		}
	}
}

// TestParse: a text that makes the library panic must not take the program with it.
func TestParse(t *testing.T) {
	for _, spec := range []string{"TZ=0", "CRON_TZ=UTC", "CRON_TZ=Asia/Almaty@daily", "", "0 12 * *"} {
		if s, err := parse(spec); err == nil {
			t.Errorf("%q: got %v", spec, s)
		}
	}
}
