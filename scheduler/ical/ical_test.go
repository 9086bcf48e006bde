package ical_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/facts"
	"suhbat/facts/data"
	"suhbat/scheduler/ical"
)

func load(t *testing.T) (*lang.Set, *facts.Store) {
	t.Helper()
	set, err := lang.Load(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	store, err := facts.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	return set, store
}

// TestFeed: a calendar program must be able to read the feed, in every language.
func TestFeed(t *testing.T) {
	set, store := load(t)
	for _, p := range set.Packs {
		feed := ical.Feed(p, store)
		if !bytes.Equal(feed, ical.Feed(p, store)) {
			t.Errorf("%s: the same facts gave two feeds", p.Code)
		}
		strict(t, feed)
		c, err := ics.ParseCalendar(bytes.NewReader(feed))
		if err != nil {
			t.Fatalf("%s: %v", p.Code, err)
		}
		if n, want := len(c.Events()), len(store.Anniversaries()); n != want {
			t.Errorf("%s: %d events, want %d", p.Code, n, want)
		}
		uids := make(map[string]bool)
		for _, e := range c.Events() {
			uids[e.Id()] = true
			for _, key := range []ics.ComponentProperty{ics.ComponentPropertySummary, ics.ComponentPropertyDescription, ics.ComponentPropertyDtstamp, ics.ComponentPropertySequence, ics.ComponentPropertyRrule} {
				if v := e.GetProperty(key); v == nil || v.Value == "" {
					t.Errorf("%s, %s: no %s", p.Code, e.Id(), key)
				}
			}
			start := e.GetProperty(ics.ComponentPropertyDtStart)
			if start == nil || len(start.Value) != len("20001031") || fmt.Sprint(start.ICalParameters["VALUE"]) != "[DATE]" {
				t.Errorf("%s, %s: starts at %+v, want a whole day", p.Code, e.Id(), start)
			}
		}
		if !uids["resolution-1325-adopted@suhbat"] || len(uids) != len(c.Events()) {
			t.Errorf("%s: the UIDs are %v", p.Code, uids)
		}
	}
}

// TestWords: what the event says must be true in each year in which it is shown.
func TestWords(t *testing.T) {
	set, store := load(t)
	feed := unfold(ical.Feed(set.Pack("en"), store))
	for _, want := range []string{
		"UID:resolution-1325-adopted@suhbat", "DTSTART;VALUE=DATE:20001031", "RRULE:FREQ=YEARLY\r\n",
		`SUMMARY:Adoption of Security Council resolution 1325 on women\, peace and security (2000)`,
		"SUMMARY:International Women’s Day\r\n", "TRANSP:TRANSPARENT", "METHOD:PUBLISH",
	} {
		if !strings.Contains(feed, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if ru := unfold(ical.Feed(set.Pack("ru"), store)); !strings.Contains(ru, "SUMMARY:Международный женский день\r\n") {
		t.Error("the Russian feed does not speak Russian")
	}
}

// TestRules: 29 February, and what is known to the month.
func TestRules(t *testing.T) {
	const model = `
languages: {names: [en], texts: [en]}
types: [{id: event}]
properties: [{id: held-on, domain: [event], range: [date]}]
entities: [{id: day, type: event, names: {en: {text: A day}}}]
sources: [{id: page, publisher: P, title: T, language: en, url: "https://example.org", checked: 2026-01-01}]
facts:
  - {id: one, subject: day, property: held-on, value: %s, references: [{source: page}], anniversary: {topic: wps, weight: 1, title: {en: What was}%s}}
`
	set, _ := load(t)
	for _, tt := range []struct{ day, leap, start, rule, summary string }{
		{"2020-02-29", "", "20200229", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1", "What was (2020)"},
		{"2020-02-29", ", leap: day-after", "20200229", "FREQ=YEARLY;BYYEARDAY=60", "What was (2020)"},
		{"2020-02-29", ", leap: leap-years", "20200229", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "What was (2020)"},
		{"2020-02-28", "", "20200228", "FREQ=YEARLY", "What was (2020)"},
		{"2020-12", "", "20201201", "FREQ=YEARLY", "What was (December 2020)"},
	} {
		store, err := facts.Load(fstest.MapFS{"x.yaml": &fstest.MapFile{Data: fmt.Appendf(nil, model, tt.day, tt.leap)}})
		if err != nil {
			t.Fatal(err)
		}
		feed := unfold(ical.Feed(set.Pack("en"), store))
		for _, want := range []string{"DTSTART;VALUE=DATE:" + tt.start, "RRULE:" + tt.rule + "\r\n", "SUMMARY:" + tt.summary, "DTSTAMP:20260101T000000Z", "SEQUENCE:2192"} {
			if !strings.Contains(feed, want) {
				t.Errorf("%s%s: %q is missing in\n%s", tt.day, tt.leap, want, feed)
			}
		}
	}
}

func unfold(feed []byte) string { return strings.ReplaceAll(string(feed), "\r\n ", "") }

// strict checks what RFC 5545 asks of every line (3.1): CRLF at its end, 75 octets at
// most, no character torn apart, a name and a value.
func strict(t *testing.T, feed []byte) {
	t.Helper()
	text := string(feed)
	if !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(text, "END:VCALENDAR\r\n") {
		t.Errorf("it begins %.30q and ends %q", text, text[max(0, len(text)-20):])
	}
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") || strings.Count(text, "\r") != strings.Count(text, "\r\n") {
		t.Error("a line does not end in CRLF")
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || line == "" {
			t.Errorf("%d octets: %q", len(line), line)
		}
	}
	depth := 0
	for line := range strings.SplitSeq(strings.TrimSuffix(unfold(feed), "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" && !strings.Contains(name, ";") {
			t.Errorf("no content line: %q", line)
		}
		switch name {
		case "BEGIN":
			depth++
		case "END":
			depth--
		case "SUMMARY", "DESCRIPTION":
			bare := strings.NewReplacer(`\\`, "", `\,`, "", `\;`, "", `\n`, "").Replace(value)
			if strings.ContainsAny(bare, `,;\`) {
				t.Errorf("not escaped (3.3.11): %q", line)
			}
		}
	}
	if depth != 0 {
		t.Errorf("%d components are not closed", depth)
	}
}
