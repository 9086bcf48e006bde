package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/bot/say"
)

// What is set of a place's reminders stands on one page, which buttons change in
// place. The argument of their [action] is a letter, a value, and the channel if it is
// another place: "z", "zAsia/Almaty", "t10:00@channel". Whoever presses one is asked
// about anew and what is set is read anew: another administrator may have been there.

// The letters that are no [setting]'s.
const (
	opShow  = 'o'
	opBegin = 'b' // in a zone, and perhaps at a time: "bAsia/Almaty,10:00"
	opNext  = 'p' // a preview
	opStop  = 'x'
	opStops = 'n' // the same, below a post
	opAgain = 'y' // resume what is paused
	// opsOn are those that mean something only while the place gets reminders.
	opsOn = string(opNext) + string(opStop) + string(opAgain)
)

// does is a button about the reminders.
func (s *subscription) does(op rune, value, label string) Button {
	return action{verb: doRemind, arg: string(op) + value + s.channel}.button(label)
}

// ReminderButtons are the buttons below a post of reminders to a place, in the
// language of the post.
func ReminderButtons(p *lang.Pack, to Address) [][]Button {
	arg := string(opStops)
	if isChannel(to.Chat) { // a press in it comes from the address that its name stands for
		arg += to.Chat
	}
	return [][]Button{{action{verb: doRemind, arg: arg}.button(p.Phrase("button-stop", nil))}}
}

// pressReminders does what a button about the reminders says.
func (t *turn) pressReminders(ctx context.Context, arg string) (Reply, error) {
	if t.ports.Reminders == nil {
		return t.notice("remind-unavailable"), nil
	}
	value, name, found := strings.Cut(arg[1:], "@")
	channel := ""
	if found {
		if channel = "@" + name; !isChannel(channel) || t.in.From.Space != "" {
			return t.notice(oldMenu), nil
		}
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
	return s.pressed(ctx, rune(arg[0]), value)
}

func (s *subscription) pressed(ctx context.Context, op rune, value string) (Reply, error) {
	all := settingList()
	i := slices.IndexFunc(all, func(x setting) bool { return x.op == op })
	switch {
	case op == opShow, op == opBegin && s.on: // somebody else may have begun it, and set it
		return s.page(ctx)
	case op == opBegin:
		return s.begun(ctx, value)
	case op == opStops:
		return s.stopBelow(ctx)
	case i < 0 && !strings.ContainsRune(opsOn, op):
		return s.notice(oldMenu), nil
	case !s.on:
		r, err := s.page(ctx)
		r.Toast = s.pack.Phrase("remind-not-set", nil)
		return r, err
	case op == opNext:
		return s.nextPost(ctx)
	case op == opAgain:
		return s.establish(ctx)
	case op == opStop:
		return s.stopHere(ctx)
	case value == "":
		return s.showChoices(&all[i]), nil
	}
	return s.change(ctx, &all[i], value)
}

// begun begins the reminders in a zone, and perhaps at a time.
func (s *subscription) begun(ctx context.Context, value string) (Reply, error) {
	zone, at, _ := strings.Cut(value, ",")
	if s.setZone(zone) != "" || at != "" && s.setTime(at) != "" {
		return s.notice(oldMenu), nil
	}
	return s.establish(ctx)
}

// stopHere ends the reminders on their page.
func (s *subscription) stopHere(ctx context.Context) (Reply, error) {
	if err := s.end(ctx); err != nil {
		return Reply{}, err
	}
	r := s.invite()
	r.Toast = s.pack.Phrase("unsubscribed", nil)
	return r, nil
}

// change sets one thing, and shows what is set then.
func (s *subscription) change(ctx context.Context, x *setting, value string) (Reply, error) {
	if refusal := x.set(s, value); refusal != "" {
		return s.notice(refusal), nil
	}
	if err := s.remind(ctx); err != nil {
		return Reply{}, err
	}
	if x.many {
		return s.showChoices(x), nil
	}
	return s.page(ctx)
}

// stopBelow ends the reminders by the button of a post, and takes the button away.
func (s *subscription) stopBelow(ctx context.Context) (Reply, error) {
	said := "remind-not-set"
	if s.on {
		said = "unsubscribed"
		if err := s.end(ctx); err != nil {
			return Reply{}, err
		}
	}
	return Reply{Outcome: Chat, Toast: s.pack.Phrase(said, nil), Relabel: true}, nil
}

// page shows what is set, or offers to begin.
func (s *subscription) page(ctx context.Context) (Reply, error) {
	if !s.on {
		return s.invite(), nil
	}
	next, err := s.preview(ctx, 1)
	if err != nil {
		return Reply{}, err
	}
	lines := []string{s.channelLine(), s.pack.Phrase("remind-set", nil)}
	if s.Paused != "" {
		lines = append(lines, s.pack.Phrase("remind-paused", nil))
	}
	r := s.personal(s.chat(lines...))
	all, list := settingList(), message.List{}
	for i := range all {
		list.Items = append(list.Items, s.line(all[i].label, all[i].value(s)))
		r.Buttons = inRows(r.Buttons, perRow, s.does(all[i].op, "", s.pack.Phrase(all[i].label, nil)))
	}
	if len(next) > 0 {
		list.Items = append(list.Items, s.lineAt("button-next", next[0].At))
	} else {
		list.Items = append(list.Items, s.line("button-next", s.pack.Part("remind-nothing", nil)))
	}
	r.Message.Body = append(r.Message.Body, list)
	if s.Paused != "" {
		r.Buttons = append(r.Buttons, []Button{s.does(opAgain, "", s.pack.Phrase("button-resume", nil))})
	}
	r.Buttons = append(r.Buttons, []Button{s.does(opNext, "", s.pack.Phrase("button-next", nil)), s.does(opStop, "", s.pack.Phrase("button-stop", nil))}, s.back("settings"))
	return r, nil
}

// inRows adds a button to rows of so many.
func inRows(rows [][]Button, perRow int, b Button) [][]Button {
	if n := len(rows); n > 0 && len(rows[n-1]) < perRow {
		rows[n-1] = append(rows[n-1], b)
		return rows
	}
	return append(rows, []Button{b})
}

// invite says what reminders are, and begins them in a zone by one tap.
func (s *subscription) invite() Reply {
	at := cmp.Or(s.At, usualTime)
	r := s.personal(s.chat(s.channelLine(), s.pack.Phrase("remind-offer", fill("time", at)), s.typing()))
	for _, zone := range s.zones() {
		value := zone
		if at != usualTime {
			value += "," + at
		}
		if b := s.does(opBegin, value, s.zoneLabel(zone)); len(b.Action) <= MaxAction {
			r.Buttons = inRows(r.Buttons, perRow, b)
		}
	}
	r.Buttons = append(r.Buttons, s.back("settings"))
	return r
}

// showChoices shows the choices of one setting.
func (s *subscription) showChoices(x *setting) Reply {
	r := s.personal(s.chat(s.channelLine()))
	r.Message.Body = append(r.Message.Body, message.Paragraph(s.line(x.label, x.value(s))))
	if x.op == 't' || x.op == 'z' {
		r.Message.Body = append(r.Message.Body, message.Paragraph{message.Text(s.onNetwork(s.typing()))})
	}
	for _, c := range x.choices(s) {
		if c.on {
			c.label = "✓ " + c.label
		}
		if b := s.does(x.op, c.value, c.label); len(b.Action) <= MaxAction {
			r.Buttons = inRows(r.Buttons, x.perRow, b)
		}
	}
	r.Buttons = append(r.Buttons, []Button{s.does(opShow, "", "‹ "+s.pack.Phrase("button-back", nil))})
	return r
}

// channelLine says which channel it is about, where that is another place.
func (s *subscription) channelLine() string {
	if s.channel == "" {
		return ""
	}
	return s.pack.Phrase("remind-channel", fill("channel", s.channel))
}

// line says what is set of one thing.
func (s *subscription) line(label, value string) []message.Inline {
	return []message.Inline{message.Text(s.pack.Phrase(label, nil) + ": " + value)}
}

// lineAt is a line about a moment.
func (s *subscription) lineAt(label string, at time.Time) []message.Inline {
	return []message.Inline{message.Text(s.pack.Phrase(label, nil) + ": "), message.Day{Text: s.when(at), At: at}}
}

// when writes the time of a post on the clocks of the place.
func (t *turn) when(at time.Time) string {
	return t.pack.Date(at.Year(), int(at.Month()), at.Day(), "") + ", " + at.Format("15:04")
}

func (s *subscription) preview(ctx context.Context, most int) ([]Preview, error) {
	all, err := s.ports.Reminders.Preview(ctx, s.to, s.Reminder, most)
	if err != nil {
		return nil, fmt.Errorf("bot: what a place is going to get: %w", err)
	}
	return all, nil
}

// nextPost shows the next post as it will be, when it comes, and why then.
func (s *subscription) nextPost(ctx context.Context) (Reply, error) {
	all, err := s.preview(ctx, 1)
	if err != nil {
		return Reply{}, err
	}
	r := s.personal(s.chat(s.channelLine()))
	r.Buttons = [][]Button{{s.does(opShow, "", "‹ "+s.pack.Phrase("button-back", nil))}}
	if len(all) == 0 {
		r.Message.Body = append(r.Message.Body, message.Paragraph(s.line("button-next", s.pack.Part("remind-nothing", nil))))
		return r, nil
	}
	post := all[0]
	r.Message.Body = append(r.Message.Body, message.Paragraph(s.lineAt("button-next", post.At)))
	for _, why := range post.Why {
		r.Message.Body = append(r.Message.Body, message.Paragraph{message.Text(s.pack.Phrase("why-"+string(why), nil))})
	}
	r.Message.Body = append(r.Message.Body, post.Message.Body...)
	r.Message.Lang, r.Message.Notes = post.Message.Lang, post.Message.Notes
	return r, nil
}

// maxPosts is how many posts to come /upcoming shows.
const maxPosts = 3

// comingPosts says what the place will get, and when, if it has asked for reminders;
// and that they are paused, if they are.
func (t *turn) comingPosts(ctx context.Context) (posts []say.Coming, paused string, err error) {
	if t.ports.Reminders == nil {
		return nil, "", nil
	}
	s, err := t.subscriptionOf(ctx, "")
	if err != nil || !s.on {
		return nil, "", err
	}
	all, err := s.preview(ctx, maxPosts)
	if err != nil {
		return nil, "", err
	}
	for _, post := range all {
		posts = append(posts, say.Coming{When: t.when(post.At), At: post.At, Of: post.Occurrences})
	}
	if s.Paused != "" {
		paused = t.pack.Phrase("remind-paused", nil)
	}
	return posts, paused, nil
}

// reminderState says in a line what the place has asked for; nothing where there are
// no reminders.
func (t *turn) reminderState(ctx context.Context) (string, error) {
	if t.ports.Reminders == nil {
		return "", nil
	}
	s, err := t.subscriptionOf(ctx, "")
	if err != nil {
		return "", err
	}
	value := t.pack.Part("remind-off", nil)
	if s.on {
		value = s.time() + ", " + s.zone()
	}
	if s.Paused != "" {
		value += ". " + t.pack.Phrase("remind-paused", nil)
	}
	return commandLabel(t.pack, "subscribe") + ": " + value, nil
}
