// Package ical makes the calendar feed: every anniversary as an all-day event that
// comes round each year, in one language, as RFC 5545 text. It is a pure function of
// the facts, so that all replicas serve the same bytes. Start at [Feed].
//
// As independent witnesses, ical.js and node-ical for JavaScript read the feeds that
// the program served on 26 November 2026; the events that ical.js found in 2027 were,
// day by day, those of `suhbat upcoming`.
package ical

import (
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
)

// Media is the media type of a feed.
const Media = "text/calendar; charset=utf-8"

// refresh is how often a calendar program is asked to read the feed again.
const refresh = "P1D"

// Feed returns the calendar of the facts in a language.
func Feed(p *lang.Pack, store *facts.Store) []byte {
	c := ics.NewCalendarFor("Suhbat")
	c.SetProductId("-//Suhbat//Anniversaries//" + strings.ToUpper(p.Code))
	c.SetMethod(ics.MethodPublish)
	c.SetName("Suhbat")
	c.SetXWRCalName("Suhbat")
	c.SetRefreshInterval(refresh)
	for _, f := range store.Anniversaries() {
		add(c, p, f)
	}
	return []byte(c.Serialize(ics.WithNewLineWindows))
}

// add writes one anniversary. Its UID is the fact's id, and what changes with the
// fact is taken from the day on which a curator last read its sources, not from a
// clock. It has no end: an all-day event without one lasts its day.
func add(c *ics.Calendar, p *lang.Pack, f *facts.Fact) {
	day, checked := f.Remembered(), lastChecked(f)
	e := c.AddEvent(string(f.ID) + "@suhbat")
	e.SetDtStampTime(checked)
	e.SetSequence(int(checked.Sub(origin).Hours() / hoursADay))
	e.SetAllDayStartAt(day.Time())
	e.AddRrule(rule(day, f.Anniversary.Leap))
	e.SetSummary(summary(p, f))
	e.SetDescription(message.Plain(say.Remembered(p, f)))
	e.SetClass(ics.ClassificationPublic)
	e.SetTimeTransparency(ics.TransparencyTransparent)
	for _, r := range f.References {
		if r.Source.URL != "" {
			e.SetURL(r.Source.URL)
			break
		}
	}
}

// origin is the day from which sequence numbers count the days of checks: nobody
// checked anything before.
var origin = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)

const hoursADay = 24

// lastChecked is the last day on which one of a fact's sources was read.
func lastChecked(f *facts.Fact) time.Time {
	last := origin
	for _, r := range f.References {
		if !r.Source.Checked.IsZero() && r.Source.Checked.Time().After(last) {
			last = r.Source.Checked.Time()
		}
	}
	return last
}

// rule says on which day of each year an anniversary falls. Without one of its own, a
// 29 February would be left out in common years (RFC 5545, 3.3.10).
func rule(day facts.Date, leap facts.Leap) string {
	if day.Month != time.February || day.Day != 29 {
		return "FREQ=YEARLY"
	}
	switch leap {
	case facts.DayAfter:
		return "FREQ=YEARLY;BYYEARDAY=60" // 29 February, or 1 March where there is none
	case facts.LeapYears:
		return "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"
	default:
		return "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"
	}
}

// summary is what the day is and, but for observances, of which year: that is true in
// each year in which the event is shown. Where only the month is known the event lies
// on the first, and its words name the month.
func summary(p *lang.Pack, f *facts.Fact) string {
	title, day := say.Title(p, f), f.Remembered()
	switch {
	case f.Anniversary.Topic == facts.Observed:
		return title
	case day.Day == 0:
		return title + " (" + p.Date(day.Year, int(day.Month), 0, "") + ")"
	default:
		return title + " (" + strconv.Itoa(day.Year) + ")"
	}
}
