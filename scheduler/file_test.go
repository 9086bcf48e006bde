package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"suhbat/bot"
)

// still is a clock that stands.
type still struct{ now time.Time }

func (c *still) Now() time.Time { return c.now }

func (c *still) Sleep(_ context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	return nil
}

func newRegistry(t *testing.T) *Registry {
	t.Helper()
	c, err := NewCalendar(curated(t))
	if err != nil {
		t.Fatal(err)
	}
	return &Registry{Planner: &Planner{Calendar: c, Clock: &still{time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)}}, Langs: []string{"en", "ru", "uz-Cyrl"}}
}

// TestParse of the operator's file: the example of the documentation.
func TestParseFile(t *testing.T) {
	g := newRegistry(t)
	subs, found := g.Parse("subs.yaml", []byte(`
subscriptions:
  - {to: "telegram:-1001234567890/45", at: "07:30", zone: Asia/Almaty, lang: ru, topics: [wps, dialogue, observances], ahead: [0, 14, 7], quiet: "22:00-08:00", weekend: before, round: true}
  - to: telegram:@channel
    zone: Asia/Tashkent
  - to: slack:T0123/C0456
    zone: Europe/London
    weekend: keep
`))
	if len(found) > 0 {
		t.Fatal(found)
	}
	want := []Subscription{
		{
			ID: "telegram:-1001234567890/45", To: bot.Address{Network: "telegram", Chat: "-1001234567890", Thread: "45"}, Origin: FromFile,
			Reminder: bot.Reminder{
				At: "07:30", Zone: "Asia/Almaty", Lang: "ru", Topics: []string{"dialogue", "observances", "wps"}, Ahead: []int{14, 7, 0},
				QuietFrom: "22:00", QuietTo: "08:00", Weekend: bot.BeforeWeekend, RoundOnly: true,
			},
		},
		{ID: "telegram:@channel", To: bot.Address{Network: "telegram", Chat: "@channel"}, Origin: FromFile, Reminder: bot.Reminder{At: "09:00", Zone: "Asia/Tashkent", Lang: "en"}},
		{ID: "slack:T0123/C0456", To: bot.Address{Network: "slack", Space: "T0123", Chat: "C0456"}, Origin: FromFile, Reminder: bot.Reminder{At: "09:00", Zone: "Europe/London", Lang: "en"}},
	}
	if got, want := fmt.Sprintf("%+v", subs), fmt.Sprintf("%+v", want); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestFindings: whoever mends the file must see everything that is wrong, and where.
func TestFindings(t *testing.T) {
	g := newRegistry(t)
	for _, tt := range []struct {
		file string
		want []string
	}{
		{"", []string{`s.yaml:1:1: the file is empty, expected the key subscriptions`}},
		{"subscriptions: [", []string{`not readable as YAML`}},
		{"- a", []string{`s.yaml:1:1: the file is no mapping`}},
		{"subscription: []", []string{`s.yaml:1:1: unknown key "subscription" in the file`, `without "subscriptions"`}},
		{"subscriptions: x", []string{`s.yaml:1:16: no list of subscriptions`}},
		{"subscriptions:\n  - {zone: Asia/Almaty}", []string{`s.yaml:2:5: a subscription without "to"`}},
		{"subscriptions:\n  - {to: telegram:5}", []string{`s.yaml:2:5: a subscription without "zone"`}},
		{"subscriptions:\n  - {to: telegram:5, zone: }", []string{`no text here`}},
		{
			"subscriptions:\n  - {to: \"telegram:-5\", zone: Asia/Atlantis, at: 25:00, lang: xx, topics: [wps, cats], ahead: [-1, x], quiet: never, weekend: monday, round: maybe, colour: red}\n" +
				"  - {to: \"telegram:-5\", zone: UTC}\n  - {to: \"telegram:a/b\", zone: UTC}\n  - {to: \"matrix:x\", zone: UTC}\n  - {to: \"slack:C1\", zone: UTC, ahead: []}",
			[]string{
				`s.yaml:2:31: zone: "Asia/Atlantis" is not a time zone`, `at: "25:00" is not a time of day, expected one such as 09:00`, `lang: "xx" is unknown, expected one of en, ru, uz-Cyrl`,
				`topics: "cats" is unknown`, `ahead: -1 is out of range, expected days from 0 to 90`, `"x" is no number of days`, `quiet: "never" is not a time`, `weekend: "monday" is unknown, expected one of before, after`,
				`"maybe" is neither true nor false`, `unknown key "colour" in a subscription`,
				`s.yaml:3:10: telegram:-5 stands in line 2 already`, `s.yaml:4:10: "telegram:a/b" is no place`, `s.yaml:5:10: "matrix:x" is no place`, `s.yaml:6:10: "slack:C1" is no place`, `no days ahead`,
			},
		},
	} {
		_, found := g.Parse("s.yaml", []byte(tt.file))
		for _, want := range tt.want {
			if !strings.Contains(found.Error(), want) {
				t.Errorf("%q: %q is missing in\n%s", tt.file, want, found)
			}
		}
	}
}

// TestNormal checks that what is the same looks the same.
func TestNormal(t *testing.T) {
	r := normal(bot.Reminder{Zone: "UTC", Topics: []string{"wps", "dialogue", "wps"}, Ahead: []int{0, 7, 7, 1}})
	if r.At != "09:00" || r.Lang != "en" || !slices.Equal(r.Topics, []string{"dialogue", "wps"}) || !slices.Equal(r.Ahead, []int{7, 1, 0}) {
		t.Errorf("got %+v", r)
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add("subscriptions:\n  - {to: \"telegram:-5\", zone: UTC}\n")
	f.Add("subscriptions: &a [*a]")
	f.Add("subscriptions:\n- to: slack:T/C\n  quiet: 1-2\n  ahead: [[]]")
	c, err := NewCalendar(curated(f))
	if err != nil {
		f.Fatal(err)
	}
	g := &Registry{Planner: &Planner{Calendar: c}, Langs: []string{"en"}}
	f.Fuzz(func(t *testing.T, s string) {
		subs, found := g.Parse("s.yaml", []byte(s))
		if len(found) > 0 {
			return
		}
		seen := make(map[bot.Address]bool)
		for i := range subs {
			if _, err := newRule(&subs[i], ""); err != nil || seen[subs[i].To] {
				t.Errorf("%q was taken, and cannot be used: %+v, %v", s, subs[i], err)
			}
			seen[subs[i].To] = true
		}
	})
}
