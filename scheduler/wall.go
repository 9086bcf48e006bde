package scheduler

import (
	"fmt"
	"time"

	"suhbat/facts"
)

// minute is a time of day on a wall clock, in minutes after midnight.
type minute int

// parseMinute reads "09:00". It is stricter than what people type, since a wrong
// guess would post in the night.
func parseMinute(s string) (minute, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("%q is not a time of day, expected one such as 09:00", s)
	}
	return minute(t.Hour()*60 + t.Minute()), nil
}

func (m minute) String() string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }

// loadZone returns an IANA time zone. A name that is empty, "Local" or unknown is an
// error: a post at the wrong hour is worse than a question back.
func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is not a time zone, expected one such as Asia/Almaty", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is not a time zone, expected one such as Asia/Almaty: %w", name, err)
	}
	return zone, nil
}

// wall returns the instant at which the clocks of a zone show a time of a day. If
// they skip it, that is the first instant after the gap; if they show it twice, the
// first. Where a zone left out the whole day, as Apia did on 30 December 2011, it is
// the first instant after it.
func wall(day facts.Date, at minute, zone *time.Location) time.Time {
	t := time.Date(day.Year, day.Month, day.Day, int(at)/60, int(at)%60, 0, 0, zone)
	want := naive(time.Date(day.Year, day.Month, day.Day, int(at)/60, int(at)%60, 0, 0, time.UTC))
	if got := naive(t); got != want {
		return gapEnd(t, want)
	}
	return firstOf(t, want)
}

// naive is what the clocks show at t, as seconds of a count without zones.
func naive(t time.Time) int64 {
	_, offset := t.Zone()
	return t.Unix() + int64(offset)
}

// gapEnd returns the change of clocks that skipped the reading want, near which t
// lies: the first instant at which they show more than it.
func gapEnd(t time.Time, want int64) time.Time {
	start, end := t.ZoneBounds()
	if naive(t) < want {
		return end // t was read with the offset from before the gap; the rest of it is not reached
	}
	for !start.IsZero() && naive(start.Add(-time.Second)) >= want {
		start, _ = start.Add(-time.Second).ZoneBounds()
	}
	return start
}

// firstOf returns the earliest instant at which the clocks show what they show at t.
func firstOf(t time.Time, want int64) time.Time {
	start, _ := t.ZoneBounds()
	if start.IsZero() {
		return t
	}
	_, before := start.Add(-time.Second).Zone()
	earlier := time.Unix(want-int64(before), 0).In(t.Location())
	if earlier.Before(start) && naive(earlier) == want {
		return earlier
	}
	return t
}
