package scheduler

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"suhbat/facts"
)

// Calendar says on which days anniversaries fall. The days of each are walked by
// robfig/cron in UTC at noon, where no clock changes: that is the one use of it
// that neither skips nor repeats a day. Which instant a day means to a channel is
// settled later, by [wall]. A Calendar is safe for several goroutines.
type Calendar struct {
	series []series
	print  string

	mu    sync.Mutex
	years map[int][]facts.Occurrence
}

// series is one fact that comes round each year.
type series struct {
	fact   *facts.Fact
	day    facts.Date
	yearly cron.Schedule
}

// NewCalendar returns the calendar of the facts in a store that are remembered.
func NewCalendar(store *facts.Store) (*Calendar, error) {
	c := &Calendar{years: make(map[int][]facts.Occurrence)}
	sum := fnv.New64a()
	for _, f := range store.Anniversaries() {
		day := f.Remembered()
		yearly, err := everyYear(day)
		if err != nil {
			return nil, fmt.Errorf("scheduler: the anniversary of %s: %w", f.ID, err)
		}
		c.series = append(c.series, series{f, day, yearly})
		_, _ = fmt.Fprintln(sum, f.ID, day, f.Anniversary.Topic, f.Anniversary.Weight, f.Anniversary.Leap)
	}
	c.print = strconv.FormatUint(sum.Sum64(), 36)
	return c, nil
}

// everyYear returns the noons of a day, or of the first of a month, in each year. A
// 29 February is walked as the day before: cron looks no more than five years ahead,
// and finds none from 2096 on, since 2100 has no such day.
func everyYear(d facts.Date) (cron.Schedule, error) {
	d = d.First()
	if leapDay(d) {
		d.Day--
	}
	return parse(fmt.Sprintf("CRON_TZ=UTC 0 12 %d %d *", d.Day, d.Month))
}

func leapDay(d facts.Date) bool { return d.Month == time.February && d.Day == 29 }

// parse is [cron.ParseStandard] without its panics, which some texts cause.
func parse(spec string) (s cron.Schedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("cron cannot read %q: %v", spec, r)
		}
	}()
	return cron.ParseStandard(spec)
}

// Occurrences returns every anniversary from first to last, both included, in the
// order of [facts.Occurrence.Compare]; it is [facts.Store.Occurrences] by another
// way, and remembers the years that it has walked.
func (c *Calendar) Occurrences(first, last facts.Date) []facts.Occurrence {
	first, last = first.First(), last.Last()
	var all []facts.Occurrence
	for year := first.Year; year <= last.Year; year++ {
		for _, o := range c.year(year) {
			if !o.Day.Before(first) && !last.Before(o.Day) {
				all = append(all, o)
			}
		}
	}
	return all
}

// year returns the anniversaries of a year.
func (c *Calendar) year(year int) []facts.Occurrence {
	c.mu.Lock()
	defer c.mu.Unlock()
	all, ok := c.years[year]
	if ok {
		return all
	}
	for i := range c.series {
		if o, ok := c.series[i].in(year); ok {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, facts.Occurrence.Compare)
	c.years[year] = all
	return all
}

// in returns the anniversary in a year, if it has one.
func (s *series) in(year int) (facts.Occurrence, bool) {
	if year <= s.day.Year {
		return facts.Occurrence{}, false
	}
	noon := s.yearly.Next(time.Date(year, time.January, 1, 0, 0, 0, 0, time.UTC))
	if leapDay(s.day) {
		next := noon.AddDate(0, 0, 1)
		switch leap := s.fact.Anniversary.Leap; {
		case next.Month() == time.February, leap == facts.DayAfter:
			noon = next
		case leap == facts.LeapYears:
			return facts.Occurrence{}, false
		}
	}
	on := facts.On(noon)
	if s.day.Day == 0 {
		on.Day = 0
	}
	return facts.Occurrence{Fact: s.fact, Day: on, Years: year - s.day.Year}, true
}

// find returns the anniversary of a fact in a year, if the facts still have it.
func (c *Calendar) find(fact facts.ID, year int) (facts.Occurrence, bool) {
	for _, o := range c.year(year) {
		if o.Fact.ID == fact {
			return o, true
		}
	}
	return facts.Occurrence{}, false
}

// topics lists the topics that there are, sorted.
func (c *Calendar) topics() []string {
	var all []string
	for i := range c.series {
		all = append(all, c.series[i].fact.Anniversary.Topic)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
