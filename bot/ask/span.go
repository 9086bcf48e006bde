package ask

import (
	"strings"

	"suhbat/facts"
)

// Span is a stretch of time, both days included. The zero Span is any time.
type Span struct {
	First, Last facts.Date
	// Said is the date that a question names when it means just that: "in 2022".
	Said facts.Date
	// Since is the date that a question names as a beginning: "since 2022".
	Since facts.Date
}

// IsZero reports whether s is any time.
func (s Span) IsZero() bool {
	return s.First.IsZero() && s.Last.IsZero() && s.Said.IsZero() && s.Since.IsZero()
}

// In returns the span of a day, month or year.
func In(d facts.Date) Span { return Span{First: d.First(), Last: d.Last(), Said: d} }

// ahead reports whether the span is not over on a day. One without an end is not, if
// it has not begun.
func (s Span) ahead(today facts.Date) bool {
	switch {
	case s.IsZero() || today.IsZero() || s.Said.Year == 0 && s.Said.Month > 0:
		return false
	case s.Last == farFuture:
		return today.Before(s.First)
	default:
		return !s.Last.Before(today)
	}
}

// Fit is how a date relates to a span.
type Fit int

// The fits. A month may lie half inside a span: then nobody can tell.
const (
	Outside Fit = iota
	Perhaps
	Inside
)

// Fit reports whether d lies in the span.
func (s Span) Fit(d facts.Date) Fit {
	switch {
	case s.IsZero():
		return Inside
	case d.IsZero():
		return Perhaps
	case s.Said.Year == 0 && s.Said.Month > 0:
		return s.fitYearly(d)
	case d.Before(s.First) || s.Last.Before(d):
		return Outside
	case !d.First().Before(s.First) && !s.Last.Before(d.Last()):
		return Inside
	default:
		return Perhaps
	}
}

// fitYearly is Fit for a day or a month of no particular year: "in October".
func (s Span) fitYearly(d facts.Date) Fit {
	switch {
	case d.Month == 0:
		return Perhaps
	case d.Month != s.Said.Month:
		return Outside
	case s.Said.Day == 0 || d.Day == s.Said.Day:
		return Inside
	case d.Day == 0:
		return Perhaps
	default:
		return Outside
	}
}

// fitRound is Fit for a day that comes round each year from d on.
func (s Span) fitRound(d facts.Date) Fit {
	if s.Said.Month == 0 {
		return Inside
	}
	return s.fitYearly(d)
}

// FitRange is Fit for a stretch from d to end.
func (s Span) FitRange(d, end facts.Date) Fit {
	if end.IsZero() {
		return s.Fit(d)
	}
	switch a, b := s.Fit(d), s.Fit(end); {
	case a == b:
		return a
	case a == Inside || b == Inside:
		return Inside
	default:
		return Perhaps
	}
}

// String writes the span as forms show it.
func (s Span) String() string {
	switch {
	case s.IsZero():
		return ""
	case s.Said.Year == 0 && s.Said.Month > 0:
		return "in any " + strings.TrimPrefix(facts.Date{Year: 1, Month: s.Said.Month, Day: s.Said.Day}.String(), "0001-")
	case !s.Said.IsZero():
		return "in " + s.Said.String()
	case s.First == farPast:
		return "until " + s.Last.String()
	case s.Last == farFuture:
		return "since " + s.First.String()
	default:
		return s.First.String() + ".." + s.Last.String()
	}
}

// farPast and farFuture bound open spans.
var (
	farPast   = facts.Date{Year: 1, Month: 1, Day: 1}
	farFuture = facts.Date{Year: 9999, Month: 12, Day: 31}
)
