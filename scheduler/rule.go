package scheduler

import (
	"slices"
	"time"

	"suhbat/bot"
	"suhbat/facts"
)

// rule is a subscription, ready to be computed with.
type rule struct {
	channel            string
	at                 minute
	zone               *time.Location
	topics             []string
	ahead              []int
	longer             bool // round years have another lead besides
	quietFrom, quietTo minute
	weekend            bot.Weekend
	roundOnly, paused  bool
	// print is the fingerprint that rows made by it bear.
	print string
	place func(facts.Date, minute, *time.Location) time.Time
}

// newRule reads a subscription. Its error joins everything that is wrong with it.
func newRule(s *Subscription, version string) (*rule, error) {
	r := normal(s.Reminder)
	at, err := parseMinute(r.At)
	if err != nil {
		return nil, err
	}
	zone, err := loadZone(r.Zone)
	if err != nil {
		return nil, err
	}
	out := &rule{
		channel: s.ID, at: at, zone: zone, topics: r.Topics, ahead: r.Ahead, weekend: r.Weekend,
		roundOnly: r.RoundOnly, paused: r.Paused != "", print: version, place: wall,
	}
	if len(r.Ahead) == 0 {
		out.ahead, out.longer = usualAhead, true
	}
	if r.QuietFrom != "" || r.QuietTo != "" {
		if out.quietFrom, err = parseMinute(r.QuietFrom); err != nil {
			return nil, err
		}
		if out.quietTo, err = parseMinute(r.QuietTo); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// due is a delivery with the reasons for its time.
type due struct {
	Delivery
	occurrence facts.Occurrence
	why        []bot.Why
}

// margin is how many days a post may lie from the day that it is about, at most:
// its lead, a weekend, and the days of a month's first week.
const margin = maxLead + 10

// owed returns what is due after one instant and until another, the soonest first.
func (r *rule) owed(c *Calendar, after, until time.Time) []due {
	if r.paused || !until.After(after) {
		return nil
	}
	first, last := facts.On(after.AddDate(0, 0, -margin)), facts.On(until.AddDate(0, 0, margin))
	var all []due
	for _, o := range c.Occurrences(first, last) {
		if !r.wants(o) {
			continue
		}
		for _, lead := range r.leads(o) {
			if d := r.due(o, lead); d.DueAt.After(after) && !d.DueAt.After(until) {
				all = append(all, d)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b due) int { return a.DueAt.Compare(b.DueAt) })
	return all
}

func (r *rule) wants(o facts.Occurrence) bool {
	if r.roundOnly && !o.Round() {
		return false
	}
	return len(r.topics) == 0 || slices.Contains(r.topics, o.Fact.Anniversary.Topic)
}

// leads are the days ahead of an anniversary on which to post.
func (r *rule) leads(o facts.Occurrence) []int {
	if r.longer && o.Round() {
		return append([]int{roundLead}, r.ahead...)
	}
	return r.ahead
}

// due places an anniversary, or a lead to it, on the channel's clocks.
func (r *rule) due(o facts.Occurrence, lead int) due {
	day, why := r.day(o, lead)
	if lead == roundLead && !slices.Contains(r.ahead, lead) {
		why = append(why, bot.WhyRound)
	}
	at := r.at
	if r.quiet(at) {
		at, why = r.quietTo, append(why, bot.WhyQuiet)
	}
	t := r.place(day, at, r.zone)
	return due{
		Delivery: Delivery{
			Key: keyOf(o, r.channel, lead), Event: o.Fact.ID, Year: o.Day.Year, Channel: r.channel, Lead: lead,
			Topic: o.Fact.Anniversary.Topic, DueAt: t.UTC(), NotAfter: r.notAfter(day, at, t).UTC(),
			Wall: day.String() + " " + at.String(), Zone: r.zone.String(), Print: r.print,
		},
		occurrence: o, why: why,
	}
}

// day is the date of a post: its lead is taken off the date, before any clock is
// looked at. Where only the month is known, the day itself is the month's first
// working day, and leads count from the first.
func (r *rule) day(o facts.Occurrence, lead int) (facts.Date, []bot.Why) {
	t := o.Day.Time().AddDate(0, 0, -lead)
	if o.Day.Day == 0 && lead == 0 {
		for weekend(t) {
			t = t.AddDate(0, 0, 1)
		}
		return facts.On(t), []bot.Why{bot.WhyMonth}
	}
	step := map[bot.Weekend]int{bot.BeforeWeekend: -1, bot.AfterWeekend: 1}[r.weekend]
	if step == 0 || !weekend(t) {
		return facts.On(t), nil
	}
	for weekend(t) {
		t = t.AddDate(0, 0, step)
	}
	return facts.On(t), []bot.Why{bot.WhyWeekend}
}

func weekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// quiet reports whether a time of day is one at which nothing is posted. The hours
// may go over midnight; from a time to the same one is none.
func (r *rule) quiet(at minute) bool {
	if r.quietFrom <= r.quietTo {
		return r.quietFrom <= at && at < r.quietTo
	}
	return at >= r.quietFrom || at < r.quietTo
}

// The last times at which a late post is still worth it.
const (
	lateUntil = minute(20 * 60)
	lateAtAll = 2 * time.Hour
)

// notAfter is the last instant at which a post that is due at t may go out: 20:00 of
// its day or two hours after its time, whichever is later, but never past midnight
// and never in quiet hours.
func (r *rule) notAfter(day facts.Date, at minute, t time.Time) time.Time {
	last := r.place(day, lateUntil, r.zone)
	if more := t.Add(lateAtAll); more.After(last) {
		last = more
	}
	midnight := r.place(facts.On(day.Time().AddDate(0, 0, 1)), 0, r.zone).Add(-time.Second)
	if last.After(midnight) {
		last = midnight
	}
	if r.quietFrom != r.quietTo && r.quietFrom > at {
		if quiet := r.place(day, r.quietFrom, r.zone).Add(-time.Second); last.After(quiet) {
			last = quiet
		}
	}
	if last.Before(t) {
		last = t.Add(time.Minute) // a day so short that nothing of it is left
	}
	return last
}
