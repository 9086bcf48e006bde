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

// Occurrences returns every anniversary from first to last, both included: by
// day, then the greater weight, then the fact's id. The day of the fact itself is
// not one. A fact of 29 February is remembered on 28 February in common years. A
// fact that is known to the month is remembered in that month, which counts when
// any of its days does.
func (s *Store) Occurrences(first, last Date) []Occurrence {
	first, last = first.First(), last.Last()
	var all []Occurrence
	for _, f := range s.remembered {
		day := f.day()
		for year := max(first.Year, day.Year+1); year <= last.Year; year++ {
			on := day.in(year)
			if on.Last().compare(first) >= 0 && on.First().compare(last) <= 0 {
				all = append(all, Occurrence{f, on, year - day.Year})
			}
		}
	}
	slices.SortFunc(all, func(a, b Occurrence) int {
		return cmp.Or(
			a.Day.Compare(b.Day),
			cmp.Compare(b.Fact.Anniversary.Weight, a.Fact.Anniversary.Weight),
			strings.Compare(string(a.Fact.ID), string(b.Fact.ID)),
		)
	})
	return all
}

// in returns the same day of another year.
func (d Date) in(year int) Date {
	if d.Month == time.February {
		d.Day = min(d.Day, daysIn(year, d.Month))
	}
	d.Year = year
	return d
}
