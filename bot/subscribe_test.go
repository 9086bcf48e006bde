package bot_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/message"
)

// find returns the button whose action begins so.
func find(t *testing.T, r *bot.Reply, action string) bot.Button {
	t.Helper()
	for _, row := range r.Buttons {
		for _, b := range row {
			if strings.HasPrefix(b.Action, action) {
				return b
			}
		}
	}
	t.Fatalf("no button %s among %+v", action, r.Buttons)
	return bot.Button{}
}

// press is a press of a button with that action.
func press(in bot.Incoming, action string) bot.Incoming {
	return pressing(in, bot.Button{Action: action, Label: action})
}

// TestSubscribe: one tap, or one line, begins the reminders at the time and in the
// zone that were asked for, in the language of the place. A wrong zone would post in
// the night, for years.
func TestSubscribe(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	for i, tt := range []struct {
		hint         string
		typed        string
		tap          string
		at, zone, in string
	}{
		{"kk", "/subscribe", "1:b", "", "Asia/Almaty", "kk"},
		{"ky", "/subscribe", "", "", "Asia/Bishkek", "ky"},
		{"uz", "/subscribe", "", "", "Asia/Tashkent", "uz"},
		{"tg", "/subscribe", "", "", "Asia/Dushanbe", "tg"},
		{"tk", "/subscribe", "", "", "Asia/Ashgabat", "tk"},
		{"ru-KG", "/subscribe", "", "", "Asia/Bishkek", "ru"},
		{"en", "/subscribe", "1:sbEurope/London", "", "Europe/London", "en"},
		{"en", "/subscribe", "1:sbUTC", "", "UTC", "en"},
		{"en", "/subscribe 10:30 Asia/Bishkek", "", "10:30", "Asia/Bishkek", "en"},
		{"en", "/subscribe Asia/Bishkek 7:05", "", "07:05", "Asia/Bishkek", "en"},
		{"ru", "/subscribe 10.30 bishkek", "", "10:30", "Asia/Bishkek", "ru"},
		{"en", "/subscribe new york", "", "", "America/New_York", "en"},
		{"en", "/subscribe Asia/Kabul", "", "", "Asia/Kabul", "en"},
		{"ru", "/subscribe 18:15", "1:sbAsia/Almaty", "18:15", "Asia/Almaty", "ru"},
	} {
		in := at(fmt.Sprintf("subscribe %d", i), tt.typed)
		in.LangHint = language.MustParse(tt.hint)
		r := handle(t, c, in)
		if _, ok := s.reminders.at(in.From); !ok {
			b := r.Buttons[0][0]
			if strings.HasPrefix(tt.tap, "1:sb") {
				b = find(t, &r, tt.tap)
			}
			if r = handle(t, c, pressing(in, b)); !r.Edit || r.Toast == "" {
				t.Errorf("%s: after a tap, edited %v, toast %q", tt.typed, r.Edit, r.Toast)
			}
		}
		got, _ := s.reminders.at(in.From)
		if want := (bot.Reminder{At: tt.at, Zone: tt.zone, Lang: tt.in, By: network + ":reader"}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s %s: %+v, want %+v", tt.hint, tt.typed, got, want)
		}
		if text := message.Plain(r.Message); !strings.Contains(text, tt.zone) || !strings.Contains(text, cmp.Or(tt.at, "09:00")) {
			t.Errorf("%s: the page does not say what is set:\n%s", tt.typed, text)
		}
	}
}

// TestSubscribeForAll: who asks for reminders where only they read along, or in a thread,
// asks for all in the channel; whoever presses "stop these" below one finds them there, and
// with the channel's data they end.
func TestSubscribeForAll(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	channel := bot.Address{Network: network, Chat: "-100"}
	in := func(thread, text string) bot.Incoming {
		in := group("chief", text)
		in.Kind, in.From.Thread, in.Posts = bot.Command, thread, channel
		return in
	}
	subscribed := func() bool { _, ok := s.reminders.at(channel); return ok && len(s.reminders.all) == 1 }
	handle(t, c, in("@chief", "/subscribe 10:30 Asia/Bishkek"))
	if !subscribed() {
		t.Errorf("there is %v", s.reminders.all)
	}
	if r := handle(t, c, in("4.1", "/settings")); !strings.Contains(message.Plain(r.Message), "10:30") {
		t.Errorf("in a thread the settings are %q", message.Plain(r.Message))
	}
	stop := bot.ReminderButtons(set(t).Pack("en"), channel)[0][0]
	if r := handle(t, c, pressing(in("5.1", ""), stop)); len(s.reminders.all) > 0 {
		t.Errorf("after %q there is %v", r.Toast, s.reminders.all)
	}
	handle(t, c, in("6.1", "/subscribe 10:30 Asia/Bishkek"))
	handle(t, c, in("@chief", "/delete yes"))
	if len(s.reminders.all) > 0 {
		t.Errorf("after all was deleted there is %v", s.reminders.all)
	}
}

// TestSubscribeWrong: a time or a zone that there is not begins nothing, is repeated,
// and is never taken for UTC.
func TestSubscribeWrong(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	for typed, want := range map[string]string{
		"/subscribe 25:00 Asia/Bishkek":  "“25:00” is not a time of day.",
		"/subscribe 10 Asia/Bishkek":     "“10” is not a time of day.",
		"/subscribe 10:30 Asia/Bishkekk": "I know no time zone “Asia/Bishkekk”.",
		"/subscribe UTC+5":               "I know no time zone “UTC+5”.",
		"/subscribe Local":               "I know no time zone “Local”.",
		"/subscribe ../../etc/passwd":    "I know no time zone “../../etc/passwd”.",
		"/subscribe please":              "I know no time zone “please”.",
		"/subscribe 10:30 11:30":         "I know no time zone “11:30”.",
	} {
		r := handle(t, c, private(typed))
		if got := message.Plain(r.Message); !strings.Contains(got, want) || !strings.Contains(got, "/subscribe 10:30 ") {
			t.Errorf("%s is told %q", typed, got)
		}
	}
	for _, action := range []string{"1:sb", "1:sbMars/Olympus", "1:sbLocal", "1:sbAsia/Almaty,25:00", "1:s?", "1:sbAsia/Almaty@x", "2:sbAsia/Almaty"} {
		if r := handle(t, c, press(private(""), action)); r.Toast != "This menu is old. Please ask again." {
			t.Errorf("%s is told %q: %s", action, r.Toast, message.Plain(r.Message))
		}
	}
	if len(s.reminders.all) > 0 {
		t.Errorf("there is %v", s.reminders.all)
	}
}

// members are admins of a network where every member may ask for reminders.
type members struct{ admins }

func (members) MaySubscribe(_ context.Context, _ bot.Address, user string) (bool, error) {
	return user != "guest", nil
}

func (m members) MayChange(_ context.Context, _ bot.Address, user string) (bool, error) {
	return user == "chief", nil
}

// TestWhoSubscribes: reminders are begun, changed and stopped by those who may, each
// time anew, whatever button they have found.
func TestWhoSubscribes(t *testing.T) {
	t.Parallel()
	s := newShelf()
	ports := s.ports()
	ports.Admins["open"] = members{"chief"}
	store, set := parts()
	c, err := bot.New(store, set, bot.WithPorts(ports), indexed)
	if err != nil {
		t.Fatal(err)
	}
	group := func(network, user, text string) bot.Incoming {
		in := group(user, text)
		in.From.Network = network
		return in
	}
	for _, tt := range []struct {
		network, by, user string
		may               bool
	}{
		{network, "", "reader", false},
		{network, "", "chief", true},
		{network, "reader", "reader", false},
		{network, "reader", "chief", true},
		{"open", "", "reader", true},
		{"open", "", "guest", false},
		{"open", "", "chief", true},
		{"open", "reader", "reader", true},
		{"open", "reader", "other", false},
		{"open", "reader", "chief", true},
		{"elsewhere", "", "chief", false},
	} {
		in := group(tt.network, tt.user, "/subscribe 10:00 UTC")
		before := bot.Reminder{At: "08:00", Zone: "Asia/Almaty", Lang: "ru", By: tt.network + ":" + tt.by}
		for _, do := range []bot.Incoming{in, press(in, "1:sbUTC,10:00"), press(in, "1:st10:00"), press(in, "1:sx"), press(in, "1:sn"), group(tt.network, tt.user, "/unsubscribe"), group(tt.network, tt.user, "/stop"), press(in, "1:dyes")} {
			delete(s.reminders.all, in.From)
			if tt.by != "" {
				s.reminders.all[in.From] = before
			}
			r := handle(t, c, do)
			got, on := s.reminders.at(in.From)
			changed := on != (tt.by != "") || on && !reflect.DeepEqual(got, before)
			if changed && !tt.may && do.Payload != "1:dyes" {
				t.Errorf("%+v: %s%s changes it to %v %+v", tt, do.Text, do.Payload, on, got)
			}
			begins := strings.HasPrefix(do.Text, "/subscribe") && tt.by == ""
			if !changed && tt.may && (begins || tt.by != "" && do.Payload != "1:sbUTC,10:00" && do.Payload != "1:dyes") {
				t.Errorf("%+v: %s%s changes nothing", tt, do.Text, do.Payload)
			}
			if !tt.may && do.Kind == bot.Press && (r.Toast == "" || len(r.Message.Body) > 0) {
				t.Errorf("%+v: %s is told %q and %q", tt, do.Payload, r.Toast, message.Plain(r.Message))
			}
		}
	}
	for _, do := range []bot.Incoming{group(network, "broken", "/subscribe"), press(group(network, "broken", ""), "1:so")} {
		if _, err := c.Handle(t.Context(), do); err == nil {
			t.Error("when nobody can say who may, there is no error")
		}
	}
}

// TestSubscribeTopic: a topic of a group, and a thread, are places of their own.
func TestSubscribeTopic(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	in := group("chief", "/subscribe 10:00 Asia/Almaty")
	handle(t, c, in)
	if _, ok := s.reminders.at(in.From); !ok || len(s.reminders.all) != 1 || in.From.Thread == "" {
		t.Errorf("there is %v", s.reminders.all)
	}
	elsewhere := in
	elsewhere.From.Thread = "4"
	if r := handle(t, c, press(elsewhere, "1:st11:00")); r.Toast != "There are no reminders here." {
		t.Errorf("in another topic the time is changed: %q, %s", r.Toast, message.Plain(r.Message))
	}
}

// TestGreetChannel: what the bot says in a channel does what it says. Commands are not
// heard there, and a channel without a name needs one.
func TestGreetChannel(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	in := group("chief", "@Women_of_Asia")
	in.Kind, in.Payload = bot.Member, bot.Posting
	said := message.Plain(handle(t, c, in).Message)
	_, command, ok := strings.Cut(said, "/subscribe")
	if !ok || strings.Contains(said, "/ask") {
		t.Fatalf("a channel is told %q", said)
	}
	command, _, _ = strings.Cut(command, " in a private chat")
	chief := private("/subscribe" + command + " 10:30 Asia/Bishkek")
	chief.User = "chief"
	handle(t, c, chief)
	if _, ok := s.reminders.at(bot.Address{Network: network, Chat: "@women_of_asia"}); !ok {
		t.Errorf("%q gives %v", chief.Text, s.reminders.all)
	}
	in.Text = ""
	if said := message.Plain(handle(t, c, in).Message); !strings.Contains(said, "/subscribe @… in a private chat") {
		t.Errorf("a channel without a name is told %q", said)
	}
}

// TestSubscribeChannel: whoever administers a channel subscribes it in private. The
// page says which one, and all its buttons mean that one.
func TestSubscribeChannel(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	channel := bot.Address{Network: network, Chat: "@women_of_asia"}
	chief := private("/subscribe @Women_of_Asia 10:30 Asia/Bishkek")
	chief.User = "chief"
	if r := handle(t, c, private(chief.Text)); len(s.reminders.all) > 0 || !strings.Contains(message.Plain(r.Message), "@women_of_asia") {
		t.Errorf("a reader is told %q", message.Plain(r.Message))
	}
	if r := handle(t, c, group("chief", chief.Text)); len(s.reminders.all) > 0 || !strings.Contains(message.Plain(r.Message), "private chat") {
		t.Errorf("in a group it is told %q", message.Plain(r.Message))
	}
	r := handle(t, c, chief)
	if got, ok := s.reminders.at(channel); !ok || len(s.reminders.all) != 1 || got.By != network+":chief" {
		t.Fatalf("there is %v", s.reminders.all)
	}
	if text := message.Plain(r.Message); !strings.Contains(text, "@women_of_asia") {
		t.Errorf("the page does not name the channel:\n%s", text)
	}
	r = handle(t, c, pressing(chief, find(t, &r, "1:st")))
	handle(t, c, pressing(chief, find(t, &r, "1:st08:00")))
	if got, _ := s.reminders.at(channel); got.At != "08:00" {
		t.Errorf("after a press it is %+v", got)
	}
	if r := handle(t, c, press(private(""), "1:st11:00@women_of_asia")); r.Toast == "" || s.reminders.all[channel].At != "08:00" {
		t.Errorf("a forged press is told %q", r.Toast)
	}
	stop := bot.ReminderButtons(set(t).Pack("ru"), channel)[0][0]
	post := pressing(bot.Incoming{From: bot.Address{Network: network, Chat: "-1009"}, User: "reader", At: today}, stop)
	if r := handle(t, c, post); r.Toast != "Only administrators of @women_of_asia can do this, and I have to be one of them." || len(s.reminders.all) != 1 {
		t.Errorf("a reader who presses %q below a post is told %q", stop.Label, r.Toast)
	}
	post.User = "chief"
	if r := handle(t, c, post); r.Toast == "" || !r.Relabel || len(r.Message.Body) > 0 || len(s.reminders.all) != 0 {
		t.Errorf("it is stopped with %+v, there is %v", r, s.reminders.all)
	}
	again := handle(t, c, post)
	if again.Toast == "" || !again.Relabel {
		t.Errorf("pressed again it is told %q", again.Toast)
	}
	spaced := chief
	spaced.From.Space = "T1"
	if r := handle(t, c, spaced); len(s.reminders.all) > 0 || !strings.Contains(message.Plain(r.Message), "no time zone") {
		t.Errorf("where names are no addresses it is told %s", message.Plain(r.Message))
	}
}

func set(t *testing.T) *lang.Set {
	t.Helper()
	_, set := parts()
	return set
}

// TestSettings of reminders: each button sets what it says and nothing else, whatever
// somebody else has set meanwhile, and pressed twice it does the same.
func TestReminderSettings(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	in := private("")
	usual := bot.Reminder{At: "09:00", Zone: "Asia/Almaty", Lang: "en", By: "x:y", Paused: "refused"}
	with := func(change func(*bot.Reminder)) bot.Reminder {
		r := usual
		change(&r)
		return r
	}
	for _, tt := range []struct {
		presses string
		want    bot.Reminder
	}{
		{"1:st10:00", with(func(r *bot.Reminder) { r.At = "10:00" })},
		{"1:szAsia/Dushanbe", with(func(r *bot.Reminder) { r.Zone = "Asia/Dushanbe" })},
		{"1:slkk", with(func(r *bot.Reminder) { r.Lang = "kk" })},
		{"1:sc-wps", with(func(r *bot.Reminder) { r.Topics = []string{"dialogue", "institutions", "observances"} })},
		{"1:sc-wps 1:sc-dialogue 1:sc-institutions 1:sc-observances", with(func(r *bot.Reminder) { r.Topics = []string{"observances"} })},
		{"1:sc-wps 1:sc+wps", with(func(*bot.Reminder) {})},
		{"1:sa+30", with(func(r *bot.Reminder) { r.Ahead = []int{30, 7, 1, 0} })},
		{"1:sa-7 1:sa-1 1:sa-0", with(func(r *bot.Reminder) { r.Ahead = []int{0} })},
		{"1:sa-7 1:sa=", with(func(*bot.Reminder) {})},
		{"1:sq22:00-08:00", with(func(r *bot.Reminder) { r.QuietFrom, r.QuietTo = "22:00", "08:00" })},
		{"1:sq22:00-08:00 1:sq-", with(func(*bot.Reminder) {})},
		{"1:swbefore", with(func(r *bot.Reminder) { r.Weekend = bot.BeforeWeekend })},
		{"1:swafter", with(func(r *bot.Reminder) { r.Weekend = bot.AfterWeekend })},
		{"1:swafter 1:swkeep", with(func(*bot.Reminder) {})},
		{"1:srround", with(func(r *bot.Reminder) { r.RoundOnly = true })},
		{"1:srround 1:srall", with(func(*bot.Reminder) {})},
		{"1:sy", with(func(*bot.Reminder) {})},
		{"1:sbUTC,11:00 1:sy", with(func(*bot.Reminder) {})}, // somebody else began
	} {
		tt.want.Paused = ""
		for _, times := range []int{1, 2} {
			s.reminders.all[in.From] = usual
			for action := range strings.FieldsSeq(tt.presses) {
				for range times {
					handle(t, c, press(in, action))
				}
			}
			if got, _ := s.reminders.at(in.From); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%s, each %d times: %+v, want %+v", tt.presses, times, got, tt.want)
			}
		}
	}
	s.reminders.all[in.From] = usual
	for _, action := range []string{"1:st26:00", "1:szMars", "1:slxx", "1:sc+x", "1:sc", "1:sa+5", "1:sa!7", "1:sa-x", "1:sq1", "1:swx", "1:srx", "1:s!", "1:sc*wps"} {
		handle(t, c, press(in, action))
		if got, _ := s.reminders.at(in.From); !reflect.DeepEqual(got, usual) {
			t.Errorf("%s makes it %+v", action, got)
		}
	}
}

// TestRemindersStop: /stop, /unsubscribe, "stop these" and deleting end the reminders
// of the place, and say how they begin again.
func TestRemindersStop(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	for _, do := range []bot.Incoming{private("/stop"), private("/unsubscribe"), press(private(""), "1:sx"), press(private(""), "1:sn"), private("/delete yes")} {
		s.reminders.all[do.From] = bot.Reminder{Zone: "UTC", Lang: "en", By: "x:y"}
		r := handle(t, c, do)
		if len(s.reminders.all) > 0 {
			t.Errorf("after %s%s there is %v", do.Text, do.Payload, s.reminders.all)
		}
		if do.Kind != bot.Press && do.Text != "/delete yes" && !strings.Contains(message.Plain(r.Message), "/subscribe") {
			t.Errorf("%s says %q", do.Text, message.Plain(r.Message))
		}
		if r := handle(t, c, do); r.Toast == "" && len(r.Message.Body) == 0 {
			t.Errorf("a second %s%s is told nothing", do.Text, do.Payload)
		}
	}
}

// TestNoReminders: where there are none, no menu offers them, and whoever asks is told
// so.
func TestNoReminders(t *testing.T) {
	t.Parallel()
	c := core(t)
	for _, text := range []string{"/subscribe", "/unsubscribe", "/subscribe 10:00 UTC"} {
		if got := message.Plain(handle(t, c, private(text)).Message); got != "Reminders are not available here." {
			t.Errorf("%s says %q", text, got)
		}
	}
	if r := handle(t, c, press(private(""), "1:so")); r.Toast == "" {
		t.Error("a press is told nothing")
	}
	for _, text := range []string{"/help", "/settings", "/start", "/privacy", "/stop"} {
		r := handle(t, c, private(text))
		if strings.Contains(message.Plain(r.Message), "ubscribe") || strings.Contains(fmt.Sprint(r.Buttons), "subscribe") {
			t.Errorf("%s speaks of reminders:\n%s\n%v", text, message.Plain(r.Message), r.Buttons)
		}
	}
	for _, items := range c.Menu(language.English).Commands {
		if slices.ContainsFunc(items, func(x bot.MenuItem) bool { return strings.Contains(x.Command, "subscribe") }) {
			t.Errorf("a menu offers %v", items)
		}
	}
}

// TestRemindersBroken: when the database does not answer, nothing is said to be done.
func TestRemindersBroken(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	s.reminders.failed = errors.New("the database is gone")
	for _, do := range []bot.Incoming{
		private("/subscribe"), private("/subscribe 10:00 UTC"), private("/unsubscribe"), private("/stop"), private("/settings"), private("/upcoming"),
		private("/delete yes"), press(private(""), "1:sx"),
		{Kind: bot.Home, From: private("").From, Private: true, At: today},
	} {
		if r, err := c.Handle(t.Context(), do); err == nil {
			t.Errorf("%s%s says %q", do.Text, do.Payload, message.Plain(r.Message))
		}
	}
}

// keyLike is what a phrase that does not exist shows.
var keyLike = regexp.MustCompile(`(?i)\b(remind|button|why|topic|weekend|years|notice|command)-[a-z]`)

// TestReminderPages presses every button of every page of reminders, in every
// language, of this place and of a channel with the longest name: none may lead to an
// error, to silence, to a page that no network takes, or to one that is said to be old.
func TestReminderPages(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	for i, pack := range set(t).Packs {
		for _, channel := range []string{"", " @" + strings.Repeat("w", 31) + strconv.Itoa(i)} {
			t.Run(pack.Code+channel, func(t *testing.T) {
				t.Parallel()
				pressReminders(t, c, s, pack, channel)
			})
		}
	}
}

func pressReminders(t *testing.T, c *bot.Core, s *shelf, pack *lang.Pack, channel string) {
	t.Helper()
	in := at("pages "+pack.Code, "/subscribe"+channel)
	in.User, in.LangHint = "chief", pack.Tag
	place := in.From
	if channel != "" {
		place = bot.Address{Network: network, Chat: strings.TrimSpace(channel)}
	}
	begun := bot.Reminder{Zone: "America/New_York", Lang: pack.Code, By: "x:y", Weekend: bot.BeforeWeekend, Paused: "refused"}
	seen := make(map[string]bool)
	var todo []bot.Button
	for _, on := range []bool{false, true} {
		if on {
			s.reminders.put(place, begun)
		}
		r := handle(t, c, in)
		if r.Message.Lang != pack.Tag {
			t.Errorf("it is answered in %s", r.Message.Lang)
		}
		todo = append(todo, slices.Concat(r.Buttons...)...)
	}
	for len(todo) > 0 {
		b := todo[0]
		todo = todo[1:]
		if seen[b.Action] || !strings.HasPrefix(b.Action, "1:s") {
			continue
		}
		seen[b.Action] = true
		_ = s.reminders.StopReminders(t.Context(), place)
		if !strings.HasPrefix(b.Action, "1:sb") {
			s.reminders.put(place, begun)
		}
		r := handle(t, c, pressing(in, b))
		text := message.Plain(r.Message)
		if !r.Edit || text == "" || keyLike.MatchString(text+r.Toast+fmt.Sprint(r.Buttons)) || channel != "" && !strings.Contains(text, channel[1:]) {
			t.Errorf("%+v leads to %q\n%s\n%v", b, r.Toast, text, r.Buttons)
		}
		if n := len(utf16.Encode([]rune(text))); n > maxText {
			t.Errorf("%+v leads to a page of %d characters", b, n)
		}
		if err := limits(&r); err != nil {
			t.Error(err)
		}
		todo = append(todo, slices.Concat(r.Buttons...)...)
	}
	if len(seen) < 70 {
		t.Errorf("only %d buttons: %v", len(seen), slices.Sorted(maps.Keys(seen)))
	}
}

// TestReminderTalk holds what a place reads from its first /subscribe to the last,
// with the buttons, for whoever keeps the words. `go test ./bot -run TestReminderTalk
// -update` writes it anew.
func TestReminderTalk(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t, bot.WithCalendar("https://bot.example/"))
	for _, pack := range set(t).Packs {
		t.Run(pack.Code, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("testdata", "reminders", pack.Code+".txt")
			got := reminderTalk(t, c, pack)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s says something else; it is now\n%s", file, got)
			}
		})
	}
}

func reminderTalk(t *testing.T, c *bot.Core, pack *lang.Pack) string {
	t.Helper()
	var out strings.Builder
	in := at("talk "+pack.Code, "")
	in.LangHint = pack.Tag
	show := func(did string, r bot.Reply) {
		fmt.Fprintf(&out, "> %s\n", did)
		if r.Toast != "" {
			fmt.Fprintf(&out, "< (%s)\n", r.Toast)
		}
		if len(r.Message.Body) > 0 {
			for line := range strings.Lines(message.Plain(r.Message)) {
				out.WriteString(strings.TrimRight("< "+strings.TrimSpace(line), " ") + "\n")
			}
		}
		for _, row := range r.Buttons {
			out.WriteString("<")
			for _, b := range row {
				out.WriteString(" [" + b.Label + "]")
			}
			out.WriteString("\n")
		}
		out.WriteString("\n")
	}
	for _, do := range []string{
		"/start", "/subscribe 25:00", "/subscribe Asia/Nowhere", "/subscribe", "1:sbAsia/Almaty", "1:st", "1:sz", "1:sl", "1:sc", "1:sc-wps", "1:sa", "1:sa+30", "1:sq", "1:sw", "1:swbefore",
		"1:sr", "1:sp", "/settings", "/upcoming", "/privacy", "/delete", "1:sx", "1:st10:00", "/unsubscribe", "/stop",
	} {
		if strings.HasPrefix(do, "/") {
			in.Text = do
			show(do, handle(t, c, in))
			continue
		}
		show(do, handle(t, c, press(in, do)))
	}
	stop := bot.ReminderButtons(pack, in.From)
	show("a post", bot.Reply{Buttons: stop})
	other := group("reader", "/subscribe")
	other.From.Chat, other.LangHint = "-"+pack.Code, pack.Tag
	show("in a group: /subscribe", handle(t, c, other))
	other.Kind, other.Payload = bot.Member, bot.Added
	show("in a group: added", handle(t, c, other))
	other.Payload, other.Text = bot.Posting, "@women_of_asia"
	show("in a channel: added", handle(t, c, other))
	in.Kind = bot.Flooded
	show("flooded", handle(t, c, in))
	return out.String()
}

// TestReminderLanguages: the same taps set the same in every language.
func TestReminderLanguages(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	var first bot.Reminder
	for i, pack := range set(t).Packs {
		in := at("taps "+pack.Code, "")
		in.LangHint = pack.Tag
		for _, action := range []string{"1:sbAsia/Almaty", "1:st08:00", "1:sc-dialogue", "1:sa+14", "1:sq20:00-08:00", "1:swafter", "1:srround"} {
			handle(t, c, press(in, action))
		}
		got, _ := s.reminders.at(in.From)
		if got.Lang != pack.Code {
			t.Errorf("in %s it is in %s", pack.Code, got.Lang)
		}
		if got.Lang = ""; i == 0 {
			first = got
		}
		if !reflect.DeepEqual(got, first) {
			t.Errorf("in %s it is %+v, want %+v", pack.Code, got, first)
		}
	}
}

// TestUpcomingPosts: /upcoming says when the next posts come here, each with the source
// of what it is about, and fits into one message.
func TestUpcomingPosts(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	for _, pack := range set(t).Packs {
		for _, topics := range [][]string{nil, {"institutions"}} {
			in := at("posts "+pack.Code, "/upcoming")
			in.LangHint = pack.Tag
			s.reminders.put(in.From, bot.Reminder{Zone: "Asia/Almaty", Lang: "en", Topics: topics, Paused: "gone"})
			r := handle(t, c, in)
			text := message.Plain(r.Message)
			posts, ok := r.Message.Body[2].(message.List)
			if r.Outcome != bot.Answered || !ok || len(posts.Items) != 3 || len(utf16.Encode([]rune(text))) > maxText {
				t.Fatalf("%s: it is %s with %d sources:\n%s", pack.Code, r.Outcome, len(r.Message.Notes), text)
			}
			for _, item := range posts.Items {
				if _, cited := item[len(item)-1].(message.Cite); !cited {
					t.Errorf("%s: a post without a source: %v", pack.Code, item)
				}
			}
			if !strings.Contains(text, pack.Phrase("remind-paused", nil)) {
				t.Errorf("%s: it does not say that they are paused", pack.Code)
			}
			second := in
			second.Text = "/upcoming 2"
			if got := message.Plain(handle(t, c, second).Message); strings.Contains(got, pack.Phrase("remind-posts", nil)) {
				t.Errorf("%s: the second page has the posts again", pack.Code)
			}
		}
	}
}

// TestHomeReminders: the bot's own page and its settings say what is set.
func TestHomeReminders(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t, bot.WithCalendar("https://bot.example"))
	home := private("")
	home.Kind = bot.Home
	for _, tt := range []struct{ do, want string }{{"/stop", "Anniversary reminders: off"}, {"/subscribe 10:30 Asia/Bishkek", "Anniversary reminders: 10:30, Asia/Bishkek (UTC+6)"}} {
		handle(t, c, private(tt.do))
		for _, in := range []bot.Incoming{home, private("/settings")} {
			r := handle(t, c, in)
			if got := message.Plain(r.Message); !strings.Contains(got, tt.want) {
				t.Errorf("after %s, %s%s says %s", tt.do, in.Kind, in.Text, got)
			}
			find(t, &r, "1:rsubscribe")
		}
	}
	r := handle(t, c, home)
	if b := r.Buttons[0][0]; b.Kind != bot.Open || b.URL != "https://bot.example/calendar/en.ics" {
		t.Errorf("the calendar is %+v", b)
	}
}

// TestFlooded: whoever asks too much at once is told so in a line, and the
// conversation goes on.
func TestFlooded(t *testing.T) {
	t.Parallel()
	c := newShelf().core(t)
	handle(t, c, private("Who chaired in 2022?"))
	in := private("")
	in.Kind = bot.Flooded
	if got := message.Plain(handle(t, c, in).Message); got != "Too many questions at once. Please ask again in a moment." {
		t.Errorf("it says %q", got)
	}
	if r := handle(t, c, private("source?")); r.Outcome != bot.Answered {
		t.Errorf("then the source is %s", r.Outcome)
	}
}

// decisions notes what was decided about posts.
type decisions struct{ done []string }

func (d *decisions) Resend(_ context.Context, post string) error {
	d.done = append(d.done, "resend "+post)
	return nil
}

func (*decisions) Skip(context.Context, string) error { return errors.New("it was sent") }

// TestDecide: only those who run the bot decide about a post, and they are told why
// something cannot be.
func TestDecide(t *testing.T) {
	t.Parallel()
	d := new(decisions)
	ports := newShelf().ports()
	ports.Posts = d
	store, packs := parts()
	c, err := bot.New(store, packs, bot.WithPorts(ports), indexed)
	if err != nil {
		t.Fatal(err)
	}
	buttons := bot.NoticeButtons(packs.Pack("en"), "post-3w5e11264sgsf")[0]
	in := private("")
	if r := handle(t, c, pressing(in, buttons[0])); r.Toast == "" || len(d.done) > 0 {
		t.Errorf("a reader is told %q, and %v is done", r.Toast, d.done)
	}
	in.User = "operator"
	if r := handle(t, c, pressing(in, buttons[0])); r.Toast != "It will be sent again." || !r.Relabel || !slices.Equal(d.done, []string{"resend post-3w5e11264sgsf"}) {
		t.Errorf("it is told %q, and %v is done", r.Toast, d.done)
	}
	if r := handle(t, c, pressing(in, buttons[1])); r.Toast != "That cannot be done: it was sent" || r.Relabel {
		t.Errorf("it is told %q", r.Toast)
	}
	for _, action := range []string{"1:or", "1:oxpost", "1:o"} {
		if r := handle(t, c, press(in, action)); r.Toast != "This menu is old. Please ask again." {
			t.Errorf("%s is told %q", action, r.Toast)
		}
	}
	for _, p := range packs.Packs {
		for _, kind := range []string{"uncertain", "failed", "late", "paused", "moved", "broken"} {
			m := bot.NoticeWords(p, kind, "telegram:-100", "no answer")
			if text := message.Plain(m); !strings.Contains(text, "telegram:-100") || !strings.Contains(text, "no answer") || keyLike.MatchString(text) {
				t.Errorf("%s, %s: %q", p.Code, kind, text)
			}
		}
	}
}
