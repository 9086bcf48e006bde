package facts

import (
	"fmt"
	"time"
)

// Date is a day, a month or a year: a zero Month or Day is not known that
// exactly. It is comparable; the zero Date is no date at all.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Precision says how exactly a [Date] is known.
type Precision string

// The precisions of a Date; the zero Date has none.
const (
	NoDate      Precision = ""
	ToTheYear   Precision = "year"
	ToTheMonth  Precision = "month"
	ToTheDay    Precision = "day"
	monthsAYear           = 12
)

// On returns the day of t in t's own location.
func On(t time.Time) Date { return Date{t.Year(), t.Month(), t.Day()} }

// maxYear is the last year that four digits can write.
const maxYear = 9999

// ParseDate reads YYYY, YYYY-MM or YYYY-MM-DD and refuses days that no calendar
// has.
func ParseDate(s string) (Date, error) {
	d, ok := splitDate(s)
	if !ok {
		return Date{}, fmt.Errorf("%q is not a date, expected YYYY, YYYY-MM or YYYY-MM-DD", s)
	}
	if !d.Valid() {
		return Date{}, fmt.Errorf("%q is not a day of the calendar", s)
	}
	return d, nil
}

// splitDate reads the numbers of a date and reports whether s is written as one,
// be it in the calendar or not.
func splitDate(s string) (d Date, ok bool) {
	const year, month, day = len("2006"), len("2006-01"), len("2006-01-02")
	switch len(s) {
	case day:
		if s[month] != '-' || !digits(s[month+1:], &d.Day) || d.Day == 0 {
			return Date{}, false
		}
		fallthrough
	case month:
		var m int
		if s[year] != '-' || !digits(s[year+1:month], &m) || m == 0 {
			return Date{}, false
		}
		d.Month = time.Month(m)
		fallthrough
	case year:
		return d, digits(s[:year], &d.Year)
	}
	return Date{}, false
}

// digits reads a number without a sign.
func digits(s string, n *int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		*n = *n*10 + int(s[i]-'0')
	}
	return true
}

// Valid reports whether the calendar has this date.
func (d Date) Valid() bool {
	switch {
	case d.Year < 1 || d.Month < 0 || d.Month > monthsAYear || d.Day < 0:
		return false
	case d.Month == 0:
		return d.Day == 0
	default:
		return d.Day <= daysIn(d.Year, d.Month)
	}
}

// daysIn returns the number of days of a month.
func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Precision reports how exactly d is known.
func (d Date) Precision() Precision {
	switch {
	case d.Year == 0:
		return NoDate
	case d.Month == 0:
		return ToTheYear
	case d.Day == 0:
		return ToTheMonth
	default:
		return ToTheDay
	}
}

// String writes d as the files do: 2023-10-16, 2020-12, 2021.
func (d Date) String() string {
	switch d.Precision() {
	case NoDate:
		return ""
	case ToTheYear:
		return fmt.Sprintf("%04d", d.Year)
	case ToTheMonth:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	default:
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	}
}

// First returns the first day that d may mean, Last the last one.
func (d Date) First() Date {
	if d.Month == 0 {
		d.Month = 1
	}
	if d.Day == 0 {
		d.Day = 1
	}
	return d
}

// Last returns the last day that d may mean.
func (d Date) Last() Date {
	if d.Month == 0 {
		d.Month = monthsAYear
	}
	if d.Day == 0 {
		d.Day = daysIn(d.Year, d.Month)
	}
	return d
}

// Time returns midnight UTC of d's first day.
func (d Date) Time() time.Time {
	f := d.First()
	return time.Date(f.Year, f.Month, f.Day, 0, 0, 0, 0, time.UTC)
}

// Before reports whether all of d lies before all of e, so that a month is
// neither before nor after one of its days.
func (d Date) Before(e Date) bool { return d.Last().compare(e.First()) < 0 }

// Within reports whether all of d lies inside e: 2023-10-16 within 2023-10.
func (d Date) Within(e Date) bool {
	return d.First().compare(e.First()) >= 0 && d.Last().compare(e.Last()) <= 0
}

// compare orders two days.
func (d Date) compare(e Date) int {
	switch {
	case d.Year != e.Year:
		return d.Year - e.Year
	case d.Month != e.Month:
		return int(d.Month - e.Month)
	default:
		return d.Day - e.Day
	}
}

// Compare orders dates by the first day that each may mean, the less exact one
// first among equals. It is an order for lists, not a claim: see [Date.Before].
func (d Date) Compare(e Date) int {
	if c := d.First().compare(e.First()); c != 0 {
		return c
	}
	return d.compare(e)
}
