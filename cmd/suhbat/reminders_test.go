package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/bot/telegram/telegramtest"
	"suhbat/cmd/internal/store"
	"suhbat/scheduler"
)

// noon is a zone in which it is about noon now, so that the test's day lies around it.
func noon() string {
	if hours := 12 - time.Now().UTC().Hour(); hours != 0 {
		return fmt.Sprintf("Etc/GMT%+d", -hours) // the signs of these names are the other way round
	}
	return "UTC"
}

func local(t *testing.T, zone string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return time.Now().In(loc)
}

// today is a folder of facts with one that has its tenth anniversary today.
func today(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(repository, "facts", "data"))); err != nil {
		t.Fatal(err)
	}
	day := local(t, noon())
	fact := `entities:
  - {id: test-event, type: event, names: {en: {text: Probe meeting}, ru: {text: Пробная встреча}, kk: {text: Probe kk}, ky: {text: Probe ky}, uz: {text: Probe uz}, tg: {text: Probe tg}, tk: {text: Probe tk}}}
facts:
  - id: test-today
    subject: test-event
    property: held-on
    value: ` + strconv.Itoa(day.Year()-10) + day.Format("-01-02") + `
    anniversary: {topic: wps, weight: 3, title: {en: The probe meeting, ru: Пробная встреча, kk: Probe kk, ky: Probe ky, uz: Probe uz, tg: Probe tg, tk: Probe tk}}
    references: [{source: nca-2023-10-17, quote: "On 16 October 2023, an international conference"}]
`
	if err := os.WriteFile(filepath.Join(dir, "facts", "today.yaml"), []byte(fact), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// poster prepares a service whose facts have an anniversary today.
func poster(t *testing.T) (*service, *telegramtest.Server) {
	t.Helper()
	fake, env := fakeTelegram(t)
	env["SUHBAT_FACTS"] = today(t)
	return newService(t, env), fake
}

// subscribe writes a subscription down, before the service starts, as one that was there
// long ago; its post of today was due some time ago.
func (s *service) subscribe(chat *telegramtest.Chat, ago time.Duration) (channel string) {
	s.t.Helper()
	return s.subscribeTo(bot.Address{Network: "telegram", Chat: strconv.FormatInt(chat.ID, 10)}, ago)
}

// subscribeTo is subscribe for any network.
func (s *service) subscribeTo(to bot.Address, ago time.Duration) (channel string) {
	s.t.Helper()
	sub := scheduler.Subscription{
		ID: scheduler.IDOf(to), To: to, Since: time.Now().Add(-24 * time.Hour),
		Reminder: bot.Reminder{At: local(s.t, noon()).Add(-ago).Format("15:04"), Zone: noon(), Lang: "en", Ahead: []int{0}, Topics: []string{"wps"}},
	}
	s.database(func(db *store.Store) error { return db.PutSubscription(context.Background(), sub) })
	return sub.ID
}

// database does something to the database of a service that is stopped.
func (s *service) database(do func(*store.Store) error) {
	s.t.Helper()
	db, err := store.Open(context.Background(), "sqlite:"+filepath.Join(s.dir, "suhbat.db"), store.Options{Now: time.Now})
	if err == nil {
		err = do(db)
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// deliveries runs `suhbat deliveries` beside the service and returns what it writes.
func (s *service) deliveries(args ...string) string {
	s.t.Helper()
	cmd := exec.Command("suhbat", append([]string{"deliveries"}, args...)...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "SUHBAT_FACTS="+s.env["SUHBAT_FACTS"])
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		s.t.Fatalf("deliveries %v: %v: %s", args, err, &out)
	}
	return out.String()
}

// in counts the reminders of today in a state.
func (s *service) in(state scheduler.State) int {
	s.t.Helper()
	return strings.Count(s.deliveries("list", "--state", string(state), "--most", "10000"), "test-today|"+strconv.Itoa(local(s.t, noon()).Year()))
}

// metric returns a number that the service shows; -1 for none.
func (s *service) metric(name string) float64 {
	resp, err := http.Get("http://" + s.address + "/metrics")
	if err != nil {
		return -1
	}
	defer resp.Body.Close()
	page, _ := io.ReadAll(resp.Body)
	for line := range strings.Lines(string(page)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				s.t.Errorf("%s: %v", name, err)
			}
			return n
		}
	}
	return -1
}

// group makes a supergroup with the bot in it.
func group(fake *telegramtest.Server, title string) *telegramtest.Chat {
	ann := fake.NewUser("Ann", "en")
	chat := fake.NewSupergroup(title, ann)
	ann.AddBot(chat)
	return chat
}

// isPost reports whether a text is a post about the anniversary of [today].
func isPost(text string) bool {
	return strings.Contains(text, "The probe meeting") || strings.Contains(text, "Пробная встреча")
}

// posts are the posts in a chat; the bot may have said hello besides.
func posts(chat *telegramtest.Chat) int {
	n := 0
	for _, m := range chat.FromBot() {
		if isPost(m.Text) {
			n++
		}
	}
	return n
}

func postsIn(chats []*telegramtest.Chat) int {
	n := 0
	for _, chat := range chats {
		n += posts(chat)
	}
	return n
}

func awaitPost(chat *telegramtest.Chat) telegramtest.Message {
	return chat.AwaitMessage(func(m telegramtest.Message) bool { return isPost(m.Text) })
}

// befall has an effect befall the first posts to each chat, so many times, less than 0
// for all, and returns a count of the posts that were received.
func befall(fake *telegramtest.Server, effect telegramtest.Effect, times int, chats ...*telegramtest.Chat) *atomic.Int64 {
	received, left := new(atomic.Int64), new(atomic.Int64)
	left.Store(int64(times))
	fake.OnRequest(func(r telegramtest.Request) telegramtest.Effect {
		if r.Method != "sendMessage" || !isPost(r.Params["text"]) ||
			!slices.ContainsFunc(chats, func(c *telegramtest.Chat) bool { return c.ID == r.Int("chat_id") }) {
			return nil
		}
		received.Add(1)
		if times >= 0 && left.Add(-1) < 0 {
			return nil
		}
		return effect
	})
	return received
}

// quietly waits for what would be too much.
func quietly() { time.Sleep(2 * time.Second) }

// TestReminders: what is due at the start goes out once, with its words and sources;
// two channels get one each; one that is late says so.
func TestReminders(t *testing.T) {
	t.Parallel()
	s, fake := poster(t)
	ann := fake.NewUser("Ann", "en")
	group, channel := group(fake, "Group"), fake.NewChannel("Channel", ann)
	ann.PromoteBot(channel)
	s.subscribe(group, time.Minute)
	id := s.subscribe(channel, 40*time.Minute)
	s.run()
	post, late := awaitPost(group), awaitPost(channel)
	for _, want := range []string{"The probe meeting", "10", "newscentralasia.net"} {
		if !strings.Contains(post.Text, want) && !strings.Contains(fmt.Sprintf("%+v", post), want) {
			t.Errorf("the post lacks %q: %s", want, post.Text)
		}
	}
	if strings.Contains(post.Text, "late") || !strings.Contains(late.Text, "late") {
		t.Errorf("which one is late?\n%s\n%s", post.Text, late.Text)
	}
	s.await("the results", func() bool { return s.in(scheduler.Sent) == 2 })
	s.await("a metric", func() bool { return s.metric(`suhbat_reminders_deliveries{state="sent"}`) == 2 })
	if got := s.metric("suhbat_reminders_planned_timestamp_seconds"); time.Since(time.Unix(int64(got), 0)) > time.Minute {
		t.Errorf("planned at %v", got)
	}
	if why := s.deliveries("why", "test-today|"+strconv.Itoa(local(t, noon()).Year())+"|"+id+"|0"); !strings.Contains(why, "sent") || !strings.Contains(why, "intents") {
		t.Errorf("why: %s", why)
	}
	s.stop()
	s.run()
	quietly()
	s.stop()
	if n, m := posts(group), posts(channel); n != 1 || m != 1 {
		t.Errorf("%d and %d posts", n, m)
	}
}

// TestReminderFile: the operator's file is taken over as it changes, and a broken one
// changes nothing. This one waits for a real minute to come.
func TestReminderFile(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for a minute to come")
	}
	t.Parallel()
	s, fake := poster(t)
	group, other := group(fake, "Group"), group(fake, "Other")
	file := filepath.Join(s.dir, "subscriptions.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	item := func(chat *telegramtest.Chat, lang string, at time.Time) string {
		return fmt.Sprintf("  - {to: \"telegram:%d\", zone: %s, at: %q, lang: %s, topics: [wps], ahead: [0]}\n", chat.ID, noon(), at.Format("15:04"), lang)
	}
	s.env["SUHBAT_SUBSCRIPTIONS"] = "subscriptions.yaml"
	at := local(t, noon()).Add(time.Minute) // in less than a minute
	if at.Second() > 45 {
		at = at.Add(time.Minute)
	}
	write("subscriptions:\n" + item(group, "ru", at))
	s.run()
	s.await("a plan", func() bool { return s.in(scheduler.Planned) == 1 })
	write("subscriptions:\n" + item(group, "ru", at) + "  - {to: nowhere, zone: Asia/Nowhere}\n")
	s.await("the findings", func() bool {
		return strings.Contains(s.out.String(), "subscriptions.yaml:3:10") && strings.Contains(s.out.String(), "Asia/Nowhere")
	})
	if n := s.in(scheduler.Planned); n != 1 {
		t.Errorf("after a broken file %d are planned", n)
	}
	write("subscriptions:\n" + item(group, "ru", at) + item(other, "en", at.Add(-time.Hour)))
	s.await("the new file", func() bool { return strings.Contains(s.out.String(), "were taken over") })
	due := at.Truncate(time.Minute)
	time.Sleep(time.Until(due) - time.Second)
	if n := posts(group); n != 0 {
		t.Errorf("%d posts before their time", n)
	}
	s.await("the post", func() bool { return posts(group) > 0 })
	post := awaitPost(group)
	if now := time.Now(); now.Before(due) || now.After(due.Add(30*time.Second)) {
		t.Errorf("the post of %v came at %v: %s", due, now, post.Text)
	}
	t.Logf("%v after its time", time.Since(due))
	quietly()
	s.stop()
	if n, m := posts(group), posts(other); n != 1 || m != 0 {
		t.Errorf("%d posts, and %d of an hour before the subscription", n, m)
	}
}

// TestReminderFileRefused: with a file that cannot be used nothing starts.
func TestReminderFileRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"missing": {"", "SUHBAT_SUBSCRIPTIONS cannot be read"},
		"broken":  {"subscriptions:\n  - {to: telegram:@a, zone: Mars/Olympus}\n  - {zone: UTC}\n", "subscriptions.yaml:2:29"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, env := fakeTelegram(t)
			s := newService(t, env)
			s.env["SUHBAT_SUBSCRIPTIONS"] = "subscriptions.yaml"
			if tt.text != "" {
				if err := os.WriteFile(filepath.Join(s.dir, "subscriptions.yaml"), []byte(tt.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s.start()
			_ = s.cmd.Wait()
			if got := s.cmd.ProcessState.ExitCode(); got != 2 || !strings.Contains(s.out.String(), tt.want) {
				t.Errorf("exit code %d, %q; want 2 and %q", got, s.out.String(), tt.want)
			}
			if name == "broken" && !strings.Contains(s.out.String(), "subscriptions.yaml:3:5") {
				t.Error("not every finding is told")
			}
		})
	}
}

// steps are those of a delivery at which a program may be killed.
var steps = map[string]struct {
	fault telegramtest.Effect
	// sent is how many of the posts there are at the end, sending how many are known to
	// be begun.
	sent, sending int
}{
	"before the intent":                  {telegramtest.Flood(2), 1, 0}, // refused, and planned again
	"after the intent, before the send":  {telegramtest.Hang(), 0, 1},
	"after the send, before the result":  {telegramtest.HangAfter(), 1, 1},
	"after the send, the result is lost": {telegramtest.SlowAfter(10 * time.Second), 1, 1},
	"while the request is under way":     {telegramtest.Slow(10 * time.Second), 0, 1},
}

// TestReminderKilled: kill -9 at each step of a delivery. What may have arrived is never
// sent again, and is listed; what was not sent is.
func TestReminderKilled(t *testing.T) {
	t.Parallel()
	for name, tt := range steps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, fake := poster(t)
			group := group(fake, "Group")
			s.subscribe(group, time.Minute)
			received := befall(fake, tt.fault, 1, group)
			s.run()
			s.await("the post", func() bool { return received.Load() == 1 })
			if tt.sending == 0 {
				s.await("the way back", func() bool { return strings.Contains(s.deliveries("list"), "retry") })
			}
			s.kill()
			s.run()
			if tt.sending == 0 {
				awaitPost(group)
			}
			quietly()
			s.await("the state", func() bool { return s.in(scheduler.Sending) == tt.sending })
			s.stop()
			if n := posts(group); n != tt.sent {
				t.Errorf("%d posts, want %d", n, tt.sent)
			}
		})
	}
}

// TestRemindersKilled: with many channels and kills, no post comes twice, and each that
// did not come is known to be uncertain.
func TestRemindersKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for leases to run out, which takes a minute")
	}
	t.Parallel()
	s, fake := poster(t)
	const channels, kills = 120, 4
	var all []*telegramtest.Chat
	for i := range channels {
		all = append(all, group(fake, fmt.Sprint("Group ", i)))
	}
	for _, chat := range all {
		s.subscribe(chat, time.Minute)
	}
	befall(fake, telegramtest.SlowAfter(100*time.Millisecond), -1, all...)
	for i := range kills {
		s.start()
		want := (i + 1) * channels / (kills + 2)
		s.await("some posts", func() bool { return postsIn(all) >= want })
		s.kill()
	}
	s.run()
	s.await("the rest", func() bool { return s.in(scheduler.Planned) == 0 })
	for deadline := time.Now().Add(100 * time.Second); s.in(scheduler.Sending) > 0 && time.Now().Before(deadline); {
		time.Sleep(time.Second)
	}
	sent, unsure := s.in(scheduler.Sent), s.in(scheduler.Uncertain)
	s.stop()
	list := s.deliveries("list", "--state", "uncertain")
	lost := 0
	for _, chat := range all {
		n := posts(chat)
		if n > 1 {
			t.Errorf("a channel got its post %d times", n)
		}
		if n == 0 {
			lost++
			if !strings.Contains(list, strconv.FormatInt(chat.ID, 10)+"|") {
				t.Errorf("the post of %d was lost, and nobody knows", chat.ID)
			}
		}
	}
	if sent+unsure != channels || unsure == 0 {
		t.Errorf("%d sent and %d uncertain of %d", sent, unsure, channels)
	}
	t.Logf("after %d kills: %d sent, %d uncertain, of which %d have not arrived; none came twice", kills, sent, unsure, lost)
}

// TestReminderTrouble: who put the bot out gets nothing more and an admin is told; a group
// that has become a supergroup gets its post there; a post that may have arrived waits
// for a person, whose word holds at once.
func TestReminderTrouble(t *testing.T) {
	t.Parallel()
	s, fake := poster(t)
	ann := fake.NewUser("Ann", "en")
	admin := fake.NewUser("Admin", "en")
	admin.Open()
	admin.Say("/start")
	s.env["SUHBAT_ADMINS"] = "telegram:" + strconv.FormatInt(admin.ID, 10)
	closed, small, unsure := fake.NewSupergroup("Closed", ann), fake.NewGroup("Small", ann), group(fake, "Unsure")
	ann.AddBot(small)
	for _, chat := range []*telegramtest.Chat{closed, small, unsure} {
		s.subscribe(chat, time.Minute)
	}
	befall(fake, telegramtest.Reset(), 1, unsure)
	big := small.Migrate()
	s.run()
	awaitPost(big)
	told := admin.Open().AwaitMessage(func(m telegramtest.Message) bool { return strings.Contains(m.Text, "may or may not have arrived") })
	if !strings.Contains(told.Text, "gets no more reminders") || !strings.Contains(told.Text, "suhbat deliveries resend") {
		t.Errorf("the admin is told %q", told.Text)
	}
	if n := posts(unsure); n != 0 {
		t.Errorf("what may have arrived was sent again, %d times", n)
	}
	whyClosed := func() string {
		return s.deliveries("why", fmt.Sprintf("test-today|%d|telegram:%d|0", local(t, noon()).Year(), closed.ID))
	}
	if why := whyClosed(); !strings.Contains(why, "paused") || !strings.Contains(why, "failed") {
		t.Errorf("of who put the bot out: %s", why)
	}
	ann.AddBot(closed)
	s.await("the end of the pause", func() bool { return !strings.Contains(whyClosed(), "paused") })
	list := s.deliveries("list", "--state", "uncertain")
	key := list[strings.Index(list, "test-today|"):]
	key, _, _ = strings.Cut(key, "\n")
	if got := s.deliveries("resend", strings.TrimSpace(key)); !strings.Contains(got, "planned again") {
		t.Errorf("resend says %q", got)
	}
	s.stop()
	s.run() // or within a minute
	awaitPost(unsure)
	quietly()
	s.stop()
	if n, m, o := posts(closed), posts(big), posts(unsure); n != 0 || m != 1 || o != 1 {
		t.Errorf("%d, %d and %d posts", n, m, o)
	}
}

// TestReminderStopped: SIGTERM does not wait for a network that hangs. What it was sending
// is uncertain, what it was not sending goes out after the next start.
func TestReminderStopped(t *testing.T) {
	t.Parallel()
	s, fake := poster(t)
	var all []*telegramtest.Chat
	for i := range 40 {
		all = append(all, group(fake, fmt.Sprint("Group ", i)))
	}
	for _, chat := range all {
		s.subscribe(chat, time.Minute)
	}
	received := befall(fake, telegramtest.HangAfter(), 5, all...)
	s.run()
	s.await("some posts", func() bool { return received.Load() >= 15 })
	s.stop()
	unsure := s.in(scheduler.Uncertain)
	if begun := s.in(scheduler.Sending); begun != 0 || unsure == 0 || unsure > 5 {
		t.Errorf("%d are being sent and %d uncertain", begun, unsure)
	}
	s.run()
	s.await("the rest", func() bool { return s.in(scheduler.Sent) == len(all)-unsure })
	quietly()
	s.stop()
	for _, chat := range all {
		if n := posts(chat); n != 1 {
			t.Errorf("%d posts", n)
		}
	}
}

// TestDeliveriesRefuses: a wrong key or option is one clear line.
func TestDeliveriesRefuses(t *testing.T) {
	t.Parallel()
	s, fake := poster(t)
	key := "test-today|" + strconv.Itoa(local(t, noon()).Year()) + "|" + s.subscribe(group(fake, "Group"), time.Minute) + "|0"
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"why nothing", 1, `there is no reminder "nothing"`},
		{"resend " + key, 1, "there is no delivery"},
		{"skip", 2, "takes the key of a reminder"},
		{"list --state lost", 2, `"lost" is no state, expected one of planned, sending, sent, uncertain, failed, skipped`},
		{"list --most 0", 2, "--most"},
		{"list more", 2, "takes no arguments"},
	} {
		if code, out := s.try(tt.args); code != tt.code || !strings.Contains(out, tt.want) || strings.Count(out, "\n") != 1 {
			t.Errorf("%s: exit code %d, %q; want %d and %q", tt.args, code, out, tt.code, tt.want)
		}
	}
	s.run()
	s.await("the post", func() bool { return s.in(scheduler.Sent) == 1 })
	if code, out := s.try("skip " + key); code != 1 || !strings.Contains(out, "is sent and cannot become skipped") {
		t.Errorf("skip: exit code %d, %q", code, out)
	}
	s.stop()
	s.dir = t.TempDir()
	if code, out := s.try("list"); code != 1 || !strings.Contains(out, "there is no database yet") {
		t.Errorf("without a database: exit code %d, %q", code, out)
	}
}

// try runs `suhbat deliveries` and returns its exit code and what it writes.
func (s *service) try(args string) (code int, out string) {
	s.t.Helper()
	cmd := exec.Command("suhbat", append([]string{"deliveries"}, strings.Fields(args)...)...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "SUHBAT_FACTS="+s.env["SUHBAT_FACTS"])
	b, _ := cmd.CombinedOutput()
	return cmd.ProcessState.ExitCode(), string(b)
}
