package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Members is an [Admins] of a network where every member of a place may ask for
// reminders. Whoever has asked may change what was asked for, and otherwise those may
// who look after the whole network or space.
type Members interface {
	MaySubscribe(ctx context.Context, at Address, user string) (bool, error)
	MayChange(ctx context.Context, at Address, user string) (bool, error)
}

// Resolver is an [Admins] of a network where a place has a name beside its address.
// What is kept of a place is kept by its address.
type Resolver interface {
	Resolve(ctx context.Context, named Address) (Address, error)
}

// subscription is a turn about the reminders of a place.
type subscription struct {
	*turn
	to Address
	// channel is "@name" where the place is a channel elsewhere, named by whoever
	// administers it, or by a button; empty where it is the place of the turn.
	channel string
	Reminder
	// on is true if the place gets reminders.
	on bool
}

// subscriptionOf finds out what a place gets.
func (t *turn) subscriptionOf(ctx context.Context, channel string) (*subscription, error) {
	s := &subscription{turn: t, to: t.posts(), channel: channel}
	if channel != "" {
		s.to = Address{Network: t.in.From.Network, Chat: channel}
		if r, ok := t.ports.Admins[s.to.Network].(Resolver); ok {
			to, err := r.Resolve(ctx, s.to)
			if err != nil {
				return s, nil //nolint:nilerr // whoever has no such channel may not change it, and is told so
			}
			s.to = to
		}
	}
	return s, s.read(ctx)
}

// posts is where the reminders of the place go.
func (t *turn) posts() Address {
	if t.in.Posts != (Address{}) {
		return t.in.Posts
	}
	return t.in.From
}

func (s *subscription) read(ctx context.Context) (err error) {
	if s.Reminder, s.on, err = s.ports.Reminders.Reminder(ctx, s.to); err != nil {
		return fmt.Errorf("bot: what reminders a place gets: %w", err)
	}
	if !s.on {
		s.Reminder = Reminder{Lang: cmp.Or(s.preference.Lang, s.pack.Code), By: s.user()}
	}
	return nil
}

// may reports whether the user may change what the place gets: whoever may change
// its settings, or, on a network of [Members], as they say.
func (s *subscription) may(ctx context.Context) (bool, error) {
	admins := s.ports.Admins[s.in.From.Network]
	members, ok := admins.(Members)
	switch {
	case s.channel == "" && (s.in.Private || !ok):
		return s.mayConfigure(ctx)
	case admins == nil || s.in.User == "":
		return false, nil
	case !ok:
		may, err := admins.MayConfigure(ctx, s.to, s.in.User)
		return may, wrap(err)
	case s.on && s.By != s.user():
		may, err := members.MayChange(ctx, s.to, s.in.User)
		return may, wrap(err)
	default:
		may, err := members.MaySubscribe(ctx, s.to, s.in.User)
		return may, wrap(err)
	}
}

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("bot: who may change reminders: %w", err)
}

// refuse says that somebody else has to change the reminders.
func (s *subscription) refuse() Reply {
	if s.channel == "" {
		return s.refused()
	}
	return s.noticeOf(s.pack.Phrase("remind-channel-refused", fill("channel", s.channel)))
}

// onSubscription does what a command asks about the reminders of the place that it
// names, or of this one, if the user may; rest is what is left of its argument.
func (t *turn) onSubscription(ctx context.Context, arg string, do func(s *subscription, ctx context.Context, rest string) (Reply, error)) (Reply, error) {
	if t.ports.Reminders == nil {
		return t.notice("remind-unavailable"), nil
	}
	channel, rest := cutChannel(arg)
	if channel != "" && t.in.From.Space != "" { // a name is no address there: the command is given in the channel
		channel, rest = "", arg
	}
	if channel != "" && !t.in.Private {
		return t.notice("remind-in-private"), nil
	}
	s, err := t.subscriptionOf(ctx, channel)
	if err != nil {
		return Reply{}, err
	}
	switch may, err := s.may(ctx); {
	case err != nil:
		return Reply{}, err
	case !may:
		return s.refuse(), nil
	}
	return do(s, ctx, rest)
}

// cutChannel parts "@channel 10:30" into the channel and the rest. Names of channels
// are the same in capitals.
func cutChannel(arg string) (channel, rest string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(arg), " ")
	if !isChannel(word) {
		return "", arg
	}
	return strings.ToLower(word), strings.TrimSpace(rest)
}

// isChannel reports whether a word is the public name of a channel, which has 4 to
// 32 characters (core.telegram.org/method/channels.checkUsername, and fragment.com
// for those of four).
func isChannel(word string) bool {
	name, ok := strings.CutPrefix(word, "@")
	return ok && len(name) >= 4 && len(name) <= 32 && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || '9' < r) && (r|0x20 < 'a' || 'z' < r|0x20)
	})
}

// subscribe shows what reminders the place gets, with buttons to change that, or
// takes a time and a zone: "/subscribe 10:30 Asia/Bishkek".
func (t *turn) subscribe(ctx context.Context, arg string) (Reply, error) {
	return t.onSubscription(ctx, arg, (*subscription).take)
}

func (s *subscription) take(ctx context.Context, arg string) (Reply, error) {
	if arg == "" {
		return s.page(ctx)
	}
	at, zone, wrong := s.typed(arg)
	if wrong != nil {
		return *wrong, nil
	}
	s.At, s.Zone = cmp.Or(at, s.At), cmp.Or(zone, s.Zone)
	if s.Zone == "" {
		return s.invite(), nil
	}
	return s.establish(ctx)
}

// establish writes down what the place is to get, and shows it.
func (s *subscription) establish(ctx context.Context) (Reply, error) {
	began := !s.on
	if err := s.remind(ctx); err != nil {
		return Reply{}, err
	}
	r, err := s.page(ctx)
	if began && s.in.Kind == Press {
		r.Toast = s.pack.Phrase("remind-begun", nil)
	}
	return r, err
}

func (s *subscription) remind(ctx context.Context) error {
	s.Paused, s.By = "", cmp.Or(s.By, s.user()) // whoever changes what the operator set has asked for it
	if err := s.ports.Reminders.Remind(ctx, s.to, s.Reminder); err != nil {
		return fmt.Errorf("bot: starting or changing reminders: %w", err)
	}
	s.on = true
	return nil
}

// typed reads a time of day and a zone, either of which may be left out, or says
// what is wrong with them.
func (s *subscription) typed(text string) (at, zone string, wrong *Reply) {
	words := strings.Fields(text)
	if i := slices.IndexFunc(words, func(w string) bool { return '0' <= w[0] && w[0] <= '9' }); i >= 0 {
		var ok bool
		if at, ok = clock(words[i]); !ok {
			return "", "", s.wrong("remind-bad-time", words[i])
		}
		words = slices.Delete(words, i, i+1)
	}
	if len(words) == 0 {
		return at, "", nil
	}
	named := strings.Join(words, "_")
	if zone = zoneCalled(named); zone == "" {
		return "", "", s.wrong("remind-bad-zone", strings.Join(words, " "))
	}
	return at, zone, nil
}

// maxQuoted is how much is repeated of what was not understood, in characters.
const maxQuoted = 40

func (s *subscription) wrong(phrase, text string) *Reply {
	r := s.chat(s.pack.Phrase(phrase, fill("text", clip(text, maxQuoted))), s.typing())
	r.OnlyAsker = !s.in.Private
	return &r
}

// typing shows how a time and a zone are typed.
func (s *subscription) typing() string {
	zone := s.zones()[0]
	if s.channel != "" {
		return s.pack.Phrase("remind-typed", fill("text", "/subscribe "+s.channel+" 10:30 "+zone))
	}
	return s.pack.Phrase("remind-typed", fill("text", "/subscribe 10:30 "+zone))
}

// clock reads a time of day as people type it, "9:30" or "09.30", and writes it as a
// [Reminder] has it.
func clock(text string) (string, bool) {
	text = strings.Replace(text, ".", ":", 1)
	t, err := time.Parse("15:04", text)
	if err != nil {
		return "", false
	}
	return t.Format("15:04"), true
}

// usualZones are those that are offered.
var usualZones = []string{
	"Asia/Almaty", "Asia/Bishkek", "Asia/Tashkent", "Asia/Dushanbe", "Asia/Ashgabat", "Europe/London", "America/New_York", "UTC",
}

// zoneOf are the zones of countries that have one, for a guess.
var zoneOf = map[string]string{
	"KZ": "Asia/Almaty", "KG": "Asia/Bishkek", "UZ": "Asia/Tashkent", "TJ": "Asia/Dushanbe", "TM": "Asia/Ashgabat", "GB": "Europe/London",
}

// zones are those to offer, a guess first if there is one.
func (t *turn) zones() []string {
	var out []string
	if zoneCalled(t.preference.Zone) != "" {
		out = append(out, t.preference.Zone)
	}
	for _, tag := range []language.Tag{t.in.LangHint, t.pack.Tag} {
		region, _ := tag.Region()
		if zone, ok := zoneOf[region.String()]; ok {
			out = append(out, zone)
		}
	}
	out = append(out, usualZones...)
	for i := 0; i < len(out); i++ {
		out = append(out[:i+1], slices.DeleteFunc(out[i+1:], func(z string) bool { return z == out[i] })...)
	}
	return out
}

// zoneCalled returns the IANA time zone of a name, or of a city if it is among the
// usual ones; nothing if there is none.
func zoneCalled(name string) string {
	for _, zone := range usualZones {
		if _, city, _ := strings.Cut(zone, "/"); strings.EqualFold(name, zone) || strings.EqualFold(name, city) && city != "" {
			return zone
		}
	}
	if name == "" || name == "Local" {
		return ""
	}
	if _, err := time.LoadLocation(name); err != nil {
		return ""
	}
	return name
}

// zoneLabel is a zone with how far it is from UTC at present.
func (t *turn) zoneLabel(name string) string {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "UTC" {
		return name
	}
	_, offset := t.in.At.In(zone).Zone()
	sign := "+"
	if offset < 0 {
		sign, offset = "−", -offset
	}
	label := name + " (UTC" + sign + strconv.Itoa(offset/3600)
	if minutes := offset % 3600 / 60; minutes > 0 {
		label += fmt.Sprintf(":%02d", minutes)
	}
	return label + ")"
}

// unsubscribe ends the reminders of the place.
func (t *turn) unsubscribe(ctx context.Context, arg string) (Reply, error) {
	return t.onSubscription(ctx, arg, (*subscription).leave)
}

func (s *subscription) leave(ctx context.Context, _ string) (Reply, error) {
	said := "remind-not-set"
	if s.on {
		said = "unsubscribed"
		if err := s.end(ctx); err != nil {
			return Reply{}, err
		}
	}
	return s.personal(s.chat(s.channelLine(), s.pack.Phrase(said, nil), s.pack.Phrase("remind-how", nil))), nil
}

func (s *subscription) end(ctx context.Context) error {
	if err := s.ports.Reminders.StopReminders(ctx, s.to); err != nil {
		return fmt.Errorf("bot: ending reminders: %w", err)
	}
	return s.read(ctx)
}
