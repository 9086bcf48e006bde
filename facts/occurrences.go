package facts

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Occurrence is one anniversary of a fact.
type Occurrence struct {
	Fact *Fact
	// Day is the day on which it falls; a Day of 0 means the month, where the fact
	// itself is known no better.
	Day Date
	// Years is how many years have passed since the fact, at least 1.
	Years int
}

// The counts of years that stand out: 5, and what 10 or 25 divide.
const (
	lustrum = 5
	decade  = 10
	quarter = 25
)

// Observed is the topic of days that are kept each year without being the
// anniversary of what happened on them: nobody counts their years.
const Observed = "observances"

// Round reports whether the years stand out: 5, 10, 20, 25, 30, 40, 50, 60, 70,
// 75 and so on. An observance is never round.
func (o Occurrence) Round() bool {
	return o.Fact.Anniversary.Topic != Observed && (o.Years == lustrum || o.Years%decade == 0 || o.Years%quarter == 0)
}

// Occurrences returns every anniversary from first to last, both included: by
// day, then the greater weight, then the fact's id. The day of the fact itself is
// not one. A fact of 29 February is remembered in common years as its [Leap] says.
// A fact that is known to the month is remembered in that month, which counts when
// any of its days does.
func (s *Store) Occurrences(first, last Date) []Occurrence {
	first, last = first.First(), last.Last()
	var all []Occurrence
	for _, f := range s.remembered {
		day := f.Remembered()
		for year := max(first.Year, day.Year+1); year <= last.Year; year++ {
			on, ok := day.in(year, f.Anniversary.Leap)
			if ok && on.Last().compare(first) >= 0 && on.First().compare(last) <= 0 {
				all = append(all, Occurrence{f, on, year - day.Year})
			}
		}
	}
	slices.SortFunc(all, Occurrence.Compare)
	return all
}

// Compare orders occurrences by day, then the greater weight, then the fact's id.
func (o Occurrence) Compare(p Occurrence) int {
	return cmp.Or(
		o.Day.Compare(p.Day),
		cmp.Compare(p.Fact.Anniversary.Weight, o.Fact.Anniversary.Weight),
		strings.Compare(string(o.Fact.ID), string(p.Fact.ID)),
	)
}

// Anniversaries returns the facts whose day is remembered, in file order.
func (s *Store) Anniversaries() []*Fact { return slices.Clone(s.remembered) }

// Remembered returns the date that an anniversary of the fact remembers: a day, or
// a month where no more is known.
func (f *Fact) Remembered() Date { return f.day() }

// in returns the same day of another year, if that year has it or another one in
// its place.
func (d Date) in(year int, leap Leap) (Date, bool) {
	d.Year = year
	if d.Month != time.February || d.Day <= daysIn(year, d.Month) {
		return d, true
	}
	switch leap {
	case DayAfter:
		return Date{year, time.March, 1}, true
	case LeapYears:
		return Date{}, false
	default:
		return Date{year, time.February, daysIn(year, time.February)}, true
	}
}
