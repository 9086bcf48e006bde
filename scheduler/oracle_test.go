package scheduler_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"suhbat/bot"
	"suhbat/facts"
	"suhbat/scheduler"
)

// The oracle says what should have arrived. It shares nothing with the program but
// the zone data of Go: it walks the days of each chat, compares them with a table, and
// finds instants by trying them in steps of five minutes.

// simEvent is something that is remembered.
type simEvent struct {
	id               string
	year, month, day int // day 0: only the month is known
	leap, topic      string
}

var simEvents = []simEvent{
	{"resolution", 2000, 10, 31, "", "wps"},
	{"month", 2020, 12, 0, "", "dialogue"},
	{"leap-before", 2020, 2, 29, "", "wps"},
	{"leap-after", 2016, 2, 29, "day-after", "dialogue"},
	{"leap-only", 2012, 2, 29, "leap-years", "dialogue"},
	{"spring", 2013, 3, 31, "", "wps"},
	{"summer", 2015, 3, 10, "", "dialogue"},
	{"santiago", 2010, 9, 5, "", "wps"},
	{"cairo", 2008, 4, 26, "", "dialogue"},
	{"observance", 1999, 11, 25, "", "observances"},
	{"observed-too", 2025, 11, 25, "", "dialogue"},
}

// simChat is a place that wants reminders.
type simChat struct {
	to       bot.Address
	reminder bot.Reminder
}

func (c *simChat) chat() string { return chatName(c.to) }

var simChats = []simChat{
	{bot.Address{Network: "telegram", Chat: "almaty"}, bot.Reminder{Zone: "Asia/Almaty"}},
	{bot.Address{Network: "slack", Chat: "london"}, bot.Reminder{Zone: "Europe/London", At: "01:30", Ahead: []int{30, 7, 1, 0}}},
	{bot.Address{Network: "telegram", Chat: "new-york"}, bot.Reminder{Zone: "America/New_York", At: "02:30", Ahead: []int{3, 0}}},
	{bot.Address{Network: "slack", Chat: "santiago"}, bot.Reminder{Zone: "America/Santiago", At: "00:00"}},
	{bot.Address{Network: "telegram", Chat: "casablanca"}, bot.Reminder{Zone: "Africa/Casablanca", At: "02:30", Weekend: bot.AfterWeekend}},
	{bot.Address{Network: "slack", Chat: "cairo"}, bot.Reminder{Zone: "Africa/Cairo", At: "00:00", Weekend: bot.BeforeWeekend}},
	{bot.Address{Network: "telegram", Chat: "havana"}, bot.Reminder{Zone: "America/Havana", At: "00:30"}},
	{bot.Address{Network: "telegram", Chat: "lord-howe"}, bot.Reminder{Zone: "Australia/Lord_Howe", At: "02:15", Ahead: []int{1, 0}}},
	{bot.Address{Network: "telegram", Chat: "tashkent"}, bot.Reminder{Zone: "Asia/Tashkent", At: "07:00", QuietFrom: "21:00", QuietTo: "08:30"}},
	{bot.Address{Network: "slack", Chat: "dushanbe"}, bot.Reminder{Zone: "Asia/Dushanbe", At: "19:30", QuietFrom: "20:30", QuietTo: "06:00", Topics: []string{"wps"}}},
}

// storeOf makes the facts of the table.
func storeOf(t testing.TB, all []simEvent) *facts.Store {
	t.Helper()
	var b strings.Builder
	b.WriteString("languages: {names: [en], texts: [en]}\ntypes: [{id: event}]\nproperties: [{id: held-on, domain: [event], range: [date]}]\n" +
		"entities: [{id: day, type: event, names: {en: {text: A day}}}]\n" +
		"sources: [{id: page, publisher: P, title: T, language: en, url: \"https://example.org\", checked: 2026-01-01}]\nfacts:\n")
	for _, e := range all {
		day, leap := fmt.Sprintf("%04d-%02d-%02d", e.year, e.month, e.day), ""
		if e.day == 0 {
			day = day[:len("2020-12")]
		}
		if e.leap != "" {
			leap = ", leap: " + e.leap
		}
		fmt.Fprintf(&b, "  - {id: %s, subject: day, property: held-on, value: %s, references: [{source: page}], "+
			"anniversary: {topic: %s, weight: 1, title: {en: Title}%s}}\n", e.id, day, e.topic, leap)
	}
	s, err := facts.Load(fstest.MapFS{"x.yaml": &fstest.MapFile{Data: []byte(b.String())}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// civil is a day of the calendar.
type civil struct{ y, m, d, wd int }

// days are the days of the world, with a margin on both sides.
func days(years int) []civil {
	var all []civil
	for i := range (years+1)*366 + 200 {
		t := epoch.AddDate(0, 0, i-100)
		all = append(all, civil{t.Year(), int(t.Month()), t.Day(), int(t.Weekday())})
	}
	return all
}

// falls reports whether an event is remembered on a day.
func (e *simEvent) falls(d civil) bool {
	if d.y <= e.year || e.day == 0 {
		return false
	}
	leapYear := d.y%4 == 0 && (d.y%100 != 0 || d.y%400 == 0)
	if e.month == 2 && e.day == 29 && !leapYear {
		switch e.leap {
		case "day-after":
			return d.m == 3 && d.d == 1
		case "leap-years":
			return false
		default:
			return d.m == 2 && d.d == 28
		}
	}
	return d.m == e.month && d.d == e.day
}

// expected is a reminder that a setting asks for.
type expected struct {
	key        string // event|year|lead
	due, until time.Time
}

// asks lists what a setting asks for between two instants, day by day.
func asks(all []civil, s scheduler.Subscription, from, to time.Time) []expected {
	zone := zoneOf(s.Zone)
	var out []expected
	firstDay := 100 + int(from.Sub(epoch).Hours()/24) - 3
	lastDay := 100 + int(to.Sub(epoch).Hours()/24) + 3
	for i := max(40, firstDay); i < min(len(all)-40, lastDay); i++ {
		if !about(all, i, s) {
			continue
		}
		var due, until time.Time
		for _, key := range keysOn(all, i, s) {
			if due.IsZero() {
				due, until = instants(all[i], s, zone)
			}
			out = append(out, expected{key, due, until})
		}
	}
	return out
}

// zones remembers what Go reads from disk each time.
var zones sync.Map

func zoneOf(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	zones.Store(name, zone)
	return zone
}

// about is a quick look whether a day may matter.
func about(all []civil, i int, s scheduler.Subscription) bool {
	return !(s.Weekend != bot.KeepWeekend && (all[i].wd == 0 || all[i].wd == 6)) || all[i].d <= 3
}

// keysOn lists what a setting asks for on a day.
func keysOn(all []civil, i int, s scheduler.Subscription) []string {
	leads, usual := s.Ahead, len(s.Ahead) == 0
	if usual {
		leads = []int{0, 1, 7, 30}
	}
	var keys []string
	add := func(e *simEvent, year, lead int) {
		years := year - e.year
		round := e.topic != "observances" && (years == 5 || years%10 == 0 || years%25 == 0)
		if usual && lead == 30 && !round || s.RoundOnly && !round {
			return
		}
		if len(s.Topics) == 0 || slices.Contains(s.Topics, e.topic) {
			keys = append(keys, e.id+"|"+strconv.Itoa(year)+"|"+strconv.Itoa(lead))
		}
	}
	for _, base := range bases(all, i, s.Weekend) {
		for n := range simEvents {
			e := &simEvents[n]
			for _, lead := range leads {
				on := all[base+lead]
				if e.falls(on) || e.day == 0 && lead > 0 && on.m == e.month && on.d == 1 && on.y > e.year {
					add(e, on.y, lead)
				}
			}
		}
	}
	for n := range simEvents {
		if e := &simEvents[n]; e.day == 0 && all[i].m == e.month && all[i].y > e.year && firstWorking(all, i) && slices.Contains(leads, 0) {
			add(e, all[i].y, 0)
		}
	}
	return keys
}

// bases are the days whose posts go out on a day.
func bases(all []civil, i int, rule bot.Weekend) []int {
	rest := all[i].wd == 0 || all[i].wd == 6
	switch {
	case rule == bot.KeepWeekend:
		return []int{i}
	case rest:
		return nil
	case rule == bot.BeforeWeekend && all[i].wd == 5:
		return []int{i, i + 1, i + 2}
	case rule == bot.AfterWeekend && all[i].wd == 1:
		return []int{i, i - 1, i - 2}
	default:
		return []int{i}
	}
}

// firstWorking reports whether a day is the first of its month that is no weekend.
func firstWorking(all []civil, i int) bool {
	if all[i].wd == 0 || all[i].wd == 6 {
		return false
	}
	for j := i - 1; all[j].m == all[i].m; j-- {
		if all[j].wd != 0 && all[j].wd != 6 {
			return false
		}
	}
	return true
}

// instants are when a post of a day is due, and until when it is of use.
func instants(d civil, s scheduler.Subscription, zone *time.Location) (due, until time.Time) {
	at, from, to := clock(s.At), clock(s.QuietFrom), clock(s.QuietTo)
	if from < to && at >= from && at < to || from > to && (at >= from || at < to) {
		at = to
	}
	due = first(d, at, zone)
	until = first(d, 20*60, zone)
	if two := due.Add(2 * time.Hour); two.After(until) {
		until = two
	}
	night := first(tomorrow(d), 0, zone)
	if from != to && from > at {
		if quiet := first(d, from, zone); quiet.Before(night) {
			night = quiet
		}
	}
	if until.After(night) {
		until = night
	}
	return due, until
}

func clock(s string) int {
	if s == "" {
		return 0
	}
	h, _ := strconv.Atoi(s[:2])
	m, _ := strconv.Atoi(s[3:])
	return h*60 + m
}

func tomorrow(d civil) civil {
	t := time.Date(d.y, time.Month(d.m), d.d+1, 12, 0, 0, 0, time.UTC)
	return civil{t.Year(), int(t.Month()), t.Day(), int(t.Weekday())}
}

// first tries instants until the clocks of a zone show a time of a day or more.
func first(d civil, at int, zone *time.Location) time.Time {
	reached := func(t time.Time) bool {
		y, m, day := t.In(zone).Date()
		if y != d.y || int(m) != d.m || day != d.d {
			return y > d.y || y == d.y && (int(m) > d.m || int(m) == d.m && day > d.d)
		}
		h, mi, _ := t.In(zone).Clock()
		return h*60+mi >= at
	}
	t := time.Date(d.y, time.Month(d.m), d.d, 0, at, 0, 0, time.UTC).Add(-15 * time.Hour)
	for !reached(t) {
		t = t.Add(time.Hour)
	}
	for t = t.Add(-time.Hour); !reached(t); {
		t = t.Add(5 * time.Minute)
	}
	return t
}
