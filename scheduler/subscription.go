package scheduler

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"suhbat/bot"
)

// Subscription says what a channel gets, and when. There is one for each address.
type Subscription struct {
	// ID never changes, not even when the network moves the chat to another address:
	// what was sent stays known by it.
	ID string
	To bot.Address
	bot.Reminder
	// Origin says where it comes from.
	Origin Origin
	// Since is when it was last set: nothing that was due before is owed.
	Since time.Time
}

// Origin says who made a [Subscription].
type Origin string

// The origins.
const (
	FromUser Origin = ""     // a command, in the channel
	FromFile Origin = "file" // the operator's file
)

// The usual values of a [bot.Reminder].
const (
	usualAt   = "09:00"
	usualLang = "en"
	// roundLead is how many days ahead a round anniversary is announced besides.
	roundLead = 30
	// maxLead bounds what may be asked for; it is less than a year so that one post
	// is about one year.
	maxLead = 90
)

// usualAhead are the days ahead where none were given.
var usualAhead = []int{7, 1, 0}

// IDOf names an address as the operator's file does: "telegram:-1001234567890/45",
// "slack:T0123/C0456".
func IDOf(a bot.Address) string {
	var parts []string
	for _, p := range []string{a.Space, a.Chat, a.Thread} {
		if p != "" {
			parts = append(parts, strings.NewReplacer("%", "%25", "/", "%2F", "|", "%7C").Replace(p))
		}
	}
	return a.Network + ":" + strings.Join(parts, "/")
}

// normal returns r with its usual values filled in and its lists in order.
func normal(r bot.Reminder) bot.Reminder {
	r.At = cmp.Or(r.At, usualAt)
	r.Lang = cmp.Or(r.Lang, usualLang)
	r.Topics = slices.Compact(slices.Sorted(slices.Values(r.Topics)))
	r.Ahead = slices.Clone(r.Ahead)
	slices.SortFunc(r.Ahead, func(a, b int) int { return b - a })
	r.Ahead = slices.Compact(r.Ahead)
	return r
}

// check says everything that is wrong with r: each error is about one field and
// begins with the field's name in the operator's file.
func check(r bot.Reminder, langs, topics []string) []fieldError {
	var found []fieldError
	miss := func(field string, err error) {
		if err != nil {
			found = append(found, fieldError{field, err})
		}
	}
	_, err := parseMinute(r.At)
	miss("at", err)
	_, err = loadZone(r.Zone)
	miss("zone", err)
	miss("lang", oneOf(r.Lang, langs))
	for _, topic := range r.Topics {
		miss("topics", oneOf(topic, topics))
	}
	for _, days := range r.Ahead {
		if days < 0 || days > maxLead {
			miss("ahead", fmt.Errorf("%d is out of range, expected days from 0 to %d", days, maxLead))
		}
	}
	if r.QuietFrom != "" || r.QuietTo != "" {
		_, err = parseMinute(r.QuietFrom)
		miss("quiet", err)
		_, err = parseMinute(r.QuietTo)
		miss("quiet", err)
	}
	miss("weekend", oneOf(string(r.Weekend), []string{"", string(bot.BeforeWeekend), string(bot.AfterWeekend)}))
	return found
}

// fieldError is what is wrong with one field of a subscription.
type fieldError struct {
	field string
	err   error
}

func (e fieldError) Error() string { return e.field + ": " + e.err.Error() }

// oneOf says that a word is not among those that may stand there.
func oneOf(word string, words []string) error {
	if slices.Contains(words, word) {
		return nil
	}
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
	return fmt.Errorf("%q is unknown, expected one of %s", word, strings.Join(words, ", "))
}

// joined makes one error of several.
func joined(found []fieldError) error {
	all := make([]error, len(found))
	for i, f := range found {
		all[i] = f
	}
	return errors.Join(all...)
}

// fingerprint is the same for two subscriptions whose deliveries are: a row with
// another one has to be planned again before it is sent. The address and the
// language are not part of it, since they are looked up when the words are made.
func (s *Subscription) fingerprint(versions ...string) string {
	sum := fnv.New64a()
	_, _ = fmt.Fprintln(sum, s.ID, s.At, s.Zone, s.Topics, s.Ahead, s.QuietFrom, s.QuietTo, s.Weekend, s.RoundOnly, s.Paused != "", versions)
	return strconv.FormatUint(sum.Sum64(), 36)
}
