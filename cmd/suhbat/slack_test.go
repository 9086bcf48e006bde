package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/bot/slack"
	"suhbat/bot/slack/slacktest"
	"suhbat/bot/telegram/telegramtest"
	"suhbat/scheduler"
)

// slackService is a service that only Slack is connected to, whose log must not hold
// a secret of Slack's.
type slackService struct {
	*service
	*slacktest.Slack
}

// newSlackService prepares a service and a fake Slack on a socket. Without env, it has
// one workspace, over HTTP.
func newSlackService(t *testing.T, c slacktest.Config, env map[string]string) *slackService {
	t.Helper()
	fake := slacktest.New(t, c)
	fake.Listen()
	s := &slackService{newService(t, map[string]string{"TELEGRAM_BOT_TOKEN": "", "SLACK_API_URL": fake.URL()}), fake}
	if env == nil {
		env = map[string]string{"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_SIGNING_SECRET": slacktest.SigningSecret}
	}
	maps.Copy(s.env, env)
	t.Cleanup(func() {
		if strings.Contains(s.out.String(), slacktest.Mark) {
			t.Error("the log holds a secret")
		}
	})
	return s
}

// run starts the service and shows Slack its new address.
func (s *slackService) run() {
	s.t.Helper()
	s.service.run()
	s.ConnectURL("http://" + s.address)
}

// people has a workspace with somebody in a channel where the bot is, too.
func (s *slackService) people() (*slacktest.Workspace, *slacktest.User, *slacktest.Channel) {
	w := s.Workspace("Almaty")
	aigul := w.AddUser(slacktest.Profile{Name: "Aigul", Locale: "en-GB", TZ: "Asia/Almaty"})
	return w, aigul, w.AddChannel("general", aigul).Invite()
}

// ofApp are the messages of the bot that all in a channel see.
func ofApp(ch *slacktest.Channel) []slacktest.Message {
	return slices.DeleteFunc(ch.Messages(), func(m slacktest.Message) bool { return !slacktest.ByApp(m) || m.OnlyTo != "" })
}

func contains(text string) func(slacktest.Message) bool {
	return func(m slacktest.Message) bool { return slacktest.ByApp(m) && strings.Contains(m.Text, text) }
}

// TestSlack walks through what a workspace does with the bot, over HTTP.
func TestSlack(t *testing.T) {
	t.Parallel()
	s := newSlackService(t, slacktest.Config{}, nil)
	_, aigul, general := s.people()
	s.run()
	aigul.Slash(general, "/wps", "who chaired in 2022?")
	private := aigul.Await(general, "the answer", contains("was chaired by Turkmenistan"))
	if private.OnlyTo != aigul.ID || !slices.Contains(private.Labels(), "Share") {
		t.Errorf("the answer is %+v", private)
	}
	aigul.Slash(general, "/wps", "")
	aigul.Await(general, "the help", contains("Ask a question"))
	aigul.Slash(general, "/wps", "subscribe")
	aigul.Await(general, "how to subscribe", contains("/wps subscribe 10:30"))
	aigul.Press(private, "Source")
	aigul.Await(general, "what the sources say", contains("This rests on:"))
	aigul.Press(private, "Share")
	aigul.Await(general, "what was shared", contains("Shared by <@"+aigul.ID+">"))

	asked := aigul.Mention(general, "кто председательствовал в 2021?")
	answer := aigul.Await(general, "the answer in the thread", contains("Узбекистан"))
	if answer.ThreadTS != asked.TS {
		t.Errorf("a mention is answered in the thread %q, want %q", answer.ThreadTS, asked.TS)
	}
	aigul.MentionIn(asked, "а в 2024?")
	aigul.Await(general, "the answer to what follows", contains("Кыргызстан"))

	aigul.OpenHome("home")
	s.Await("the page", func() bool { v, ok := aigul.Home(); return ok && slices.Contains(v.Labels(), "Help") })

	aigul.Press(aigul.Await(general, "an answer", contains("Узбекистан")), "👍 Полезно")
	aigul.Await(general, "thanks", contains("Спасибо"))

	aigul.Say(aigul.IM(), "who chaired in 2023?")
	aigul.Await(aigul.IM(), "the answer", contains("Kazakhstan"))
	typo := aigul.Say(aigul.IM(), "who chaired in 2021?")
	aigul.Await(aigul.IM(), "the answer", contains("Uzbekistan"))
	aigul.Edit(typo, "who chaired in 2023?")
	aigul.OpenHome("home")
	aigul.ChooseView("channel", general.ID)
	modal := func(label string) func() bool {
		return func() bool { v, ok := aigul.Modal(); return ok && slices.Contains(v.Labels(), label) }
	}
	s.Await("the settings of the channel", modal("Language of answers"))
	aigul.PressView("Language of answers")
	s.Await("the languages", modal("Русский"))
	aigul.PressView("Русский")
	aigul.Slash(general, "/wps", "settings")
	aigul.Await(general, "the channel's language", contains("Русский"))
	s.Await("the answer to be changed", func() bool { return !slices.ContainsFunc(ofApp(aigul.IM()), contains("Uzbekistan")) })
	s.Settle()
	s.stop()
	s.run() // the conversation goes on where it was
	aigul.Say(aigul.IM(), "and in 2025?")
	aigul.Await(aigul.IM(), "the answer after a restart", contains("Tajikistan"))
	s.Settle()
	s.stop()
}

// TestSlackSocket: the same through sockets, without an address.
func TestSlackSocket(t *testing.T) {
	t.Parallel()
	s := newSlackService(t, slacktest.Config{SocketMode: true}, map[string]string{"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": slacktest.AppToken})
	_, aigul, general := s.people()
	s.service.run()
	s.AwaitConnections(2)
	aigul.Slash(general, "/wps", "who chaired in 2022?")
	aigul.Await(general, "the answer", contains("Turkmenistan"))
	s.DropConnections()
	s.Await("the end of the sockets", func() bool { return s.Connections() == 0 })
	s.AwaitConnections(2)
	aigul.Mention(general, "who chaired in 2023?")
	aigul.Await(general, "the answer in the thread", contains("Kazakhstan"))
	if got := s.get("/slack/commands"); got != http.StatusNotFound {
		t.Errorf("/slack/commands is %d, want 404", got)
	}
	s.Settle()
	s.stop()
}

// TestSlackKilled: kill -9 loses no question that was acknowledged, and repeats no
// answer but those that were on their way.
func TestSlackKilled(t *testing.T) {
	t.Parallel()
	s := newSlackService(t, slacktest.Config{Unlimited: true}, nil)
	w, _, _ := s.people()
	const people, each, kills = 20, 4, 3
	var all []*slacktest.Channel
	for i := range people {
		all = append(all, w.AddUser(slacktest.Profile{Name: fmt.Sprint("User", i)}).IM())
	}
	answers := func() (n int) {
		for _, ch := range all {
			n += len(ofApp(ch))
		}
		return n
	}
	s.run()
	users := w.Users()[2:] // behind the admin and Aigul
	for j := range each {
		for i, ch := range all {
			users[i].Say(ch, fmt.Sprintf("who chaired in 202%d?", j+1))
		}
	}
	s.Settle() // each was acknowledged
	for i := range kills {
		want := (i + 1) * people * each / (kills + 1)
		s.await("some answers", func() bool { return answers() >= want })
		s.kill()
		s.start()
	}
	s.kill()
	s.run()
	s.await("all answers", func() bool { return answers() >= people*each })
	time.Sleep(500 * time.Millisecond) // for what would be too much
	s.stop()
	twice := 0
	for _, ch := range all {
		n := len(ofApp(ch))
		if n < each {
			t.Errorf("somebody has %d answers to %d questions", n, each)
		}
		twice += max(0, n-each)
	}
	if twice > 0 { // the history says what has arrived
		t.Errorf("%d answers came twice", twice)
	}
	t.Logf("%d of %d answers came twice after %d kills", twice, people*each, kills+1)
}

// TestSlackWorkspaces: two workspaces add the app in a browser, and each has its own
// answers, also after a restart and with a new key.
func TestSlackWorkspaces(t *testing.T) {
	t.Parallel()
	key, next := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
	s := newSlackService(t, slacktest.Config{Rotation: true}, map[string]string{
		"SLACK_CLIENT_ID": slacktest.ClientID, "SLACK_CLIENT_SECRET": slacktest.ClientSecret, "SLACK_SIGNING_SECRET": slacktest.SigningSecret,
		"SUHBAT_ENCRYPTION_KEY": key, "SUHBAT_PUBLIC_URL": "http://suhbat.example",
	})
	s.run()
	var teams []*slacktest.Workspace
	for _, name := range []string{"Almaty", "Bishkek"} {
		w := s.Vacant(name)
		if got := s.install(w); !strings.Contains(got, "Suhbat was added") {
			t.Fatalf("%s: the browser shows %q", name, got)
		}
		w.Admin().Await(w.Admin().IM(), "the greeting", contains("Ask me about Women"))
		teams = append(teams, w)
	}
	ask := func(question, want string) {
		t.Helper()
		for _, w := range teams {
			ch := w.AddChannel("c"+question, w.Admin()).Invite()
			w.Admin().Mention(ch, question)
			w.Admin().Await(ch, "the answer in "+w.Name, contains(want))
		}
	}
	ask("who chaired in 2022?", "Turkmenistan")
	s.Settle()
	s.stop()
	s.env["SUHBAT_ENCRYPTION_KEY"] = next + "," + key
	s.run()
	ask("who chaired in 2023?", "Kazakhstan")
	teams[0].Uninstall(true)
	teams = teams[1:]
	s.Settle()
	s.stop()
	s.env["SUHBAT_ENCRYPTION_KEY"] = next
	s.run()
	ask("who chaired in 2024?", "Kyrgyzstan")
	s.Settle()
	s.stop()
	for _, secret := range []string{key, next} {
		if strings.Contains(s.out.String(), secret) {
			t.Error("the log holds a key")
		}
	}
}

// install goes through the pages of an installation as a browser does, and returns
// what the last one says.
func (s *slackService) install(w *slacktest.Workspace) string {
	s.t.Helper()
	jar, _ := cookiejar.New(nil) // without options there is no error
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	begun, err := browser.Get("http://" + s.address + "/slack/install")
	if err != nil {
		s.t.Fatal(err)
	}
	defer begun.Body.Close()
	back, err := url.Parse(w.Admin().Approve(begun.Header.Get("Location")))
	if err != nil {
		s.t.Fatal(err)
	}
	ended, err := browser.Get("http://" + s.address + back.RequestURI())
	if err != nil {
		s.t.Fatal(err)
	}
	defer ended.Body.Close()
	page, err := io.ReadAll(ended.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(page)
}

// TestSlackStopped: SIGTERM in the middle of answers takes less than five seconds,
// and after the next start each question has its one answer.
func TestSlackStopped(t *testing.T) {
	t.Parallel()
	s := newSlackService(t, slacktest.Config{}, nil)
	_, aigul, _ := s.people()
	s.run()
	const questions = 7 // at one answer a second
	for range questions {
		aigul.Say(aigul.IM(), "who chaired in 2022?")
	}
	s.Settle()
	s.stop()
	if got := len(ofApp(aigul.IM())); got == 0 || got == questions {
		t.Errorf("it stopped after %d of %d answers", got, questions)
	}
	s.run()
	s.await("all answers", func() bool { return len(ofApp(aigul.IM())) >= questions })
	s.stop()
	if got := len(ofApp(aigul.IM())); got != questions {
		t.Errorf("got %d answers to %d questions", got, questions)
	}
}

// TestBothNetworks: one program serves Telegram and Slack, and says so.
func TestBothNetworks(t *testing.T) {
	t.Parallel()
	telegram, env := fakeTelegram(t)
	env["SLACK_BOT_TOKEN"], env["SLACK_SIGNING_SECRET"], env["TELEGRAM_BOT_TOKEN"] = slacktest.BotToken, slacktest.SigningSecret, telegramtest.Token
	s := newSlackService(t, slacktest.Config{}, env)
	_, aigul, general := s.people()
	s.run()
	ann := telegram.NewUser("Ann", "en")
	ann.Say("who chaired in 2022?")
	if got := ann.Open().AwaitBot(1); !strings.Contains(got.Text, "Turkmenistan") {
		t.Errorf("on Telegram the answer is %q", got.Text)
	}
	aigul.Slash(general, "/wps", "who chaired in 2023?")
	aigul.Await(general, "the answer", contains("Kazakhstan"))
	for _, want := range []string{"suhbat_telegram_answers_total 1", "suhbat_slack_commands_total 1", "suhbat_slack_sockets 0"} {
		s.await("the metric "+want, func() bool { return strings.Contains(s.page("/metrics"), "\n"+want+"\n") })
	}
	s.Settle()
	s.stop()
}

// TestSlackReminder: a channel of Slack gets its reminder, in blocks and in words,
// once, also over a restart.
func TestSlackReminder(t *testing.T) {
	t.Parallel()
	s := newSlackService(t, slacktest.Config{}, map[string]string{
		"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_SIGNING_SECRET": slacktest.SigningSecret, "SUHBAT_FACTS": today(t),
	})
	w, aigul, general := s.people()
	s.subscribeTo(bot.Address{Network: slack.Network, Space: w.ID, Chat: general.ID}, time.Minute)
	s.service.run()
	s.ConnectURL("http://" + s.address)
	post := aigul.Await(general, "the reminder", contains("The probe meeting"))
	if len(post.Blocks) == 0 || post.Metadata == nil {
		t.Errorf("the reminder is %+v", post)
	}
	s.await("the state to be kept", func() bool { return s.in(scheduler.Sent) == 1 })
	s.stop()
	s.run()
	quietly()
	s.stop()
	if all := ofApp(general); len(all) != 1 {
		t.Errorf("got %d posts", len(all))
	}
}

// TestSlackSubscribe: reminders are the channel's, however somebody asks: the button below
// one ends them for all, and what is set by a command that one person sees shows in a thread.
func TestSlackSubscribe(t *testing.T) {
	t.Parallel()
	s := newSlackService(t, slacktest.Config{}, map[string]string{
		"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_SIGNING_SECRET": slacktest.SigningSecret, "SUHBAT_FACTS": today(t),
	})
	w, aigul, general := s.people()
	s.subscribeTo(bot.Address{Network: slack.Network, Space: w.ID, Chat: general.ID}, time.Minute)
	s.run()
	post := aigul.Await(general, "the reminder", contains("The probe meeting"))
	admin := w.Users()[0]
	admin.Press(post, "Stop these")
	admin.Await(general, "the end", contains("The reminders are stopped."))
	aigul.Slash(general, "/wps", "subscribe 10:30 Asia/Almaty")
	aigul.Await(general, "what is set", contains("10:30"))
	aigul.Mention(general, "settings")
	settings := func(m slacktest.Message) bool { return m.ThreadTS != "" && contains("10:30, Asia/Almaty")(m) }
	aigul.Await(general, "the same in a thread", settings)
	s.Settle()
	s.stop()
}
