package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suhbat/bot/lang"
)

// setting is one thing that can be set.
type setting struct {
	op rune
	// label is the phrase for its name.
	label string
	// perRow is how many choices stand in a row.
	perRow int
	// value says what is set, choices what may be.
	value   func(s *subscription) string
	choices func(s *subscription) []setChoice
	// set takes a value, or returns the phrase for why it cannot.
	set func(s *subscription, value string) (refusal string)
	// many is true where several can be chosen, one after the other.
	many bool
}

// setChoice is a value that may be chosen, and is if on.
type setChoice struct {
	label, value string
	on           bool
}

const (
	usualTime   = "09:00"
	firstHour   = 6
	lastHour    = 21
	hoursPerRow = 4
)

// usualAhead are the days ahead where none were chosen.
var usualAhead = []int{7, 1, 0}

// someAhead are those to choose from, someQuiet the quiet hours.
var (
	someAhead = []int{0, 1, 3, 7, 14, 30}
	someQuiet = []string{"20:00-08:00", "21:00-09:00", "22:00-07:00", "22:00-08:00", "23:00-07:00"}
)

// oldMenu is the phrase for a button that means nothing any more.
const oldMenu = "old-menu"

// settingList lists what can be set, in the order of the page.
func settingList() []setting {
	return []setting{
		{op: 't', label: "button-time", perRow: hoursPerRow, value: (*subscription).time, choices: (*subscription).times, set: (*subscription).setTime},
		{op: 'z', label: "button-zone", perRow: perRow, value: (*subscription).zone, choices: (*subscription).zoneChoices, set: (*subscription).setZone},
		{op: 'l', label: "button-language", perRow: perRow, value: (*subscription).tongueOf, choices: (*subscription).tongues, set: (*subscription).setTongue},
		{op: 'c', label: "button-topics", perRow: 1, value: (*subscription).topics, choices: (*subscription).topicChoices, set: (*subscription).setTopic, many: true},
		{op: 'a', label: "button-ahead", perRow: perRow, value: (*subscription).days, choices: (*subscription).dayChoices, set: (*subscription).setDay, many: true},
		{op: 'q', label: "button-quiet", perRow: perRow, value: (*subscription).quiet, choices: (*subscription).quietChoices, set: (*subscription).setQuiet},
		{op: 'w', label: "button-weekends", perRow: 1, value: (*subscription).weekends, choices: (*subscription).weekendChoices, set: (*subscription).setWeekends},
		{op: 'r', label: "button-years", perRow: 1, value: (*subscription).years, choices: (*subscription).yearChoices, set: (*subscription).setYears},
	}
}

func (s *subscription) time() string { return cmp.Or(s.At, usualTime) }

func (s *subscription) times() (out []setChoice) {
	for hour := firstHour; hour <= lastHour; hour++ {
		at := fmt.Sprintf("%02d:00", hour)
		out = append(out, setChoice{at, at, at == s.time()})
	}
	return out
}

func (s *subscription) setTime(value string) string {
	at, ok := clock(value)
	if !ok {
		return oldMenu
	}
	s.At = at
	return ""
}

func (s *subscription) zone() string { return s.zoneLabel(s.Zone) }

func (s *subscription) zoneChoices() (out []setChoice) {
	for _, zone := range s.zones() {
		out = append(out, setChoice{s.zoneLabel(zone), zone, zone == s.Zone})
	}
	return out
}

func (s *subscription) setZone(value string) string {
	if value == "" || zoneCalled(value) != value {
		return oldMenu
	}
	s.Zone = value
	return ""
}

func (s *subscription) tongueOf() string { return s.tongue(s.Lang) }

func (s *subscription) tongues() (out []setChoice) {
	for _, p := range s.set.Packs {
		out = append(out, setChoice{lang.Capital(p.Name), p.Code, p.Code == s.Lang})
	}
	return out
}

func (s *subscription) setTongue(value string) string {
	if s.Core.set.Pack(value) == nil {
		return oldMenu
	}
	s.Lang = value
	return ""
}

// allTopics lists the topics that there are.
func (s *subscription) allTopics() []string {
	var all []string
	for _, f := range s.store.Anniversaries() {
		all = append(all, f.Anniversary.Topic)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// topic is what a topic is called. Another folder of facts may have others than the
// packs name.
func (s *subscription) topic(id string) string {
	if _, ok := s.pack.Phrases["topic-"+id]; !ok {
		return id
	}
	return s.pack.Phrase("topic-"+id, nil)
}

func (s *subscription) topics() string {
	if len(s.Topics) == 0 {
		return s.pack.Part("remind-all", nil)
	}
	names := make([]string, len(s.Topics))
	for i, id := range s.Topics {
		names[i] = s.topic(id)
	}
	return strings.Join(names, "; ")
}

func (s *subscription) topicChoices() (out []setChoice) {
	for _, id := range s.allTopics() {
		on := len(s.Topics) == 0 || slices.Contains(s.Topics, id)
		out = append(out, setChoice{s.topic(id), toggle(on) + id, on})
	}
	return out
}

// A value with a sign adds or takes away, so that two who press the same button at
// once do not undo each other's choice.
const (
	adds  = "+"
	takes = "-"
)

// toggle is the sign that changes what is on or not.
func toggle(on bool) string {
	if on {
		return takes
	}
	return adds
}

func (s *subscription) setTopic(value string) string {
	all, id := s.allTopics(), value[1:]
	if !slices.Contains(all, id) {
		return oldMenu
	}
	chosen := slices.Clone(s.Topics)
	if len(chosen) == 0 {
		chosen = slices.Clone(all)
	}
	chosen = slices.DeleteFunc(chosen, func(x string) bool { return x == id })
	switch value[:1] {
	case adds:
		chosen = append(chosen, id)
	case takes:
	default:
		return oldMenu
	}
	slices.Sort(chosen)
	switch len(chosen) {
	case 0:
		return "remind-least"
	case len(all):
		chosen = nil
	}
	s.Topics = chosen
	return ""
}

func (s *subscription) daysAhead() []int {
	if len(s.Ahead) == 0 {
		return usualAhead
	}
	return s.Ahead
}

func (s *subscription) day(days int) string {
	if days == 0 {
		return s.pack.Part("remind-same-day", nil)
	}
	return s.pack.Part("days", func(string, string) lang.Filled {
		return lang.Filled{Text: strconv.Itoa(days), Class: s.pack.Plural(days)}
	})
}

func (s *subscription) days() string {
	var all []string
	for _, days := range s.daysAhead() {
		all = append(all, s.day(days))
	}
	if len(s.Ahead) == 0 {
		all = append(all, s.pack.Part("remind-rounds-earlier", nil))
	}
	return strings.Join(all, ", ")
}

// usualDays chooses the usual days ahead.
const usualDays = "="

func (s *subscription) dayChoices() (out []setChoice) {
	all := slices.Concat(someAhead, s.Ahead)
	slices.Sort(all)
	for _, days := range slices.Compact(all) {
		on := slices.Contains(s.daysAhead(), days)
		out = append(out, setChoice{lang.Capital(s.day(days)), toggle(on) + strconv.Itoa(days), on})
	}
	return append(out, setChoice{s.pack.Phrase("button-usual", nil), usualDays, len(s.Ahead) == 0})
}

func (s *subscription) setDay(value string) string {
	if value == usualDays {
		s.Ahead = nil
		return ""
	}
	days, err := strconv.Atoi(value[1:])
	if err != nil || days < 0 || !slices.Contains(someAhead, days) && !slices.Contains(s.Ahead, days) {
		return oldMenu
	}
	chosen := slices.DeleteFunc(slices.Clone(s.daysAhead()), func(x int) bool { return x == days })
	switch value[:1] {
	case adds:
		chosen = append(chosen, days)
	case takes:
	default:
		return oldMenu
	}
	if len(chosen) == 0 {
		return "remind-least"
	}
	slices.SortFunc(chosen, func(a, b int) int { return b - a })
	s.Ahead = chosen
	return ""
}

// noQuiet chooses no quiet hours.
const noQuiet = "-"

func (s *subscription) hours() string {
	if s.QuietFrom == s.QuietTo {
		return noQuiet
	}
	return s.QuietFrom + "-" + s.QuietTo
}

func (s *subscription) quiet() string { return s.hoursLabel(s.hours()) }

func (s *subscription) hoursLabel(hours string) string {
	if hours == noQuiet {
		return s.pack.Part("remind-no-quiet", nil)
	}
	return strings.ReplaceAll(hours, "-", "–")
}

func (s *subscription) quietChoices() (out []setChoice) {
	for _, hours := range append([]string{noQuiet}, someQuiet...) {
		out = append(out, setChoice{lang.Capital(s.hoursLabel(hours)), hours, hours == s.hours()})
	}
	return out
}

func (s *subscription) setQuiet(value string) string {
	if value == noQuiet {
		s.QuietFrom, s.QuietTo = "", ""
		return ""
	}
	if !slices.Contains(someQuiet, value) {
		return oldMenu
	}
	s.QuietFrom, s.QuietTo, _ = strings.Cut(value, "-")
	return ""
}

// weekendRules are the rules for weekends, by their value in an action.
var weekendRules = []struct {
	value string
	rule  Weekend
}{{"keep", KeepWeekend}, {"before", BeforeWeekend}, {"after", AfterWeekend}}

func (s *subscription) weekends() string {
	for _, x := range weekendRules {
		if x.rule == s.Weekend {
			return s.pack.Part("weekend-"+x.value, nil)
		}
	}
	return string(s.Weekend)
}

func (s *subscription) weekendChoices() (out []setChoice) {
	for _, x := range weekendRules {
		out = append(out, setChoice{s.pack.Phrase("weekend-"+x.value, nil), x.value, x.rule == s.Weekend})
	}
	return out
}

func (s *subscription) setWeekends(value string) string {
	for _, x := range weekendRules {
		if x.value == value {
			s.Weekend = x.rule
			return ""
		}
	}
	return oldMenu
}

// The values for which years are posted about.
const (
	allYears   = "all"
	roundYears = "round"
)

func (s *subscription) years() string {
	if s.RoundOnly {
		return s.pack.Part("years-"+roundYears, nil)
	}
	return s.pack.Part("years-"+allYears, nil)
}

func (s *subscription) yearChoices() []setChoice {
	return []setChoice{
		{s.pack.Phrase("years-"+allYears, nil), allYears, !s.RoundOnly},
		{s.pack.Phrase("years-"+roundYears, nil), roundYears, s.RoundOnly},
	}
}

func (s *subscription) setYears(value string) string {
	if value != allYears && value != roundYears {
		return oldMenu
	}
	s.RoundOnly = value == roundYears
	return ""
}
