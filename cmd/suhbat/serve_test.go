package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

// service is a `suhbat serve` that runs as a process of its own.
type service struct {
	t       *testing.T
	dir     string
	env     map[string]string
	program string        // "suhbat" if empty
	leave   time.Duration // how much longer than usual it may take to stop
	cmd     *exec.Cmd
	out     output
	address string       // of its HTTP server
	at      atomic.Value // the same, for those who look at it at any time
}

// output collects what a process writes.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) reset() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.b.Reset()
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// newService prepares a service in a folder of its own, whose log must not hold the
// token.
func newService(t *testing.T, env map[string]string) *service {
	t.Helper()
	s := &service{t: t, dir: t.TempDir(), env: map[string]string{"SUHBAT_LISTEN": "127.0.0.1:0", "TELEGRAM_BOT_TOKEN": telegramtest.Token}}
	maps.Copy(s.env, env)
	t.Cleanup(func() {
		if s.cmd != nil && s.cmd.ProcessState == nil {
			s.kill()
		}
		telegramtest.CheckSecret(t, "the log", s.out.String())
		if t.Failed() {
			t.Logf("the log:\n%s", &s.out)
		}
	})
	return s
}

// start starts the service without waiting for it.
func (s *service) start() {
	s.t.Helper()
	s.cmd = exec.Command(cmp.Or(s.program, "suhbat"), "serve")
	s.cmd.Dir = s.dir
	s.cmd.Env = slices.DeleteFunc(os.Environ(), func(e string) bool {
		return strings.HasPrefix(e, "SUHBAT_") || strings.HasPrefix(e, "TELEGRAM_") || strings.HasPrefix(e, "SLACK_") || strings.HasPrefix(e, "OTEL_")
	})
	for k, v := range s.env {
		s.cmd.Env = append(s.cmd.Env, k+"="+v)
	}
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
}

var serving = regexp.MustCompile(`(?:msg=serving address=|"msg":"serving","address":")([^\s"]+)`)

// run starts the service and waits until it is ready.
func (s *service) run() {
	s.t.Helper()
	before := len(s.out.String())
	s.start()
	s.awaitReady(before)
}

// awaitReady waits until a service is ready that was started when its log was so long.
func (s *service) awaitReady(before int) {
	s.t.Helper()
	s.await("the address", func() bool {
		m := serving.FindStringSubmatch(s.out.String()[before:])
		if m != nil {
			s.address = m[1]
			s.at.Store(s.address)
		}
		return m != nil
	})
	s.await("readiness", func() bool { return s.get("/readyz") == http.StatusOK })
}

// await waits until something is so.
func (s *service) await(what string, ok func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// get returns the status of a page; 0 if there is none.
func (s *service) get(path string) int {
	resp, err := http.Get("http://" + s.address + path)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// page returns a page.
func (s *service) page(path string) string {
	resp, err := http.Get("http://" + s.address + path)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return string(body)
}

// kill ends the process as kill -9 does.
func (s *service) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// stop ends it by SIGTERM, which must take less than five seconds, or a little more where
// others have to be told.
func (s *service) stop() {
	s.t.Helper()
	start := time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	err := s.cmd.Wait()
	if took := time.Since(start); err != nil || took > 5*time.Second+s.leave {
		s.t.Errorf("SIGTERM: %v after %v", err, took)
	}
}

// fakeTelegram is a fake Bot API server on a socket.
func fakeTelegram(t *testing.T, opts ...telegramtest.Option) (fake *telegramtest.Server, env map[string]string) {
	t.Helper()
	fake = telegramtest.New(t, opts...)
	socket := httptest.NewServer(fake)
	t.Cleanup(func() {
		fake.Close()
		socket.Close()
	})
	return fake, map[string]string{"TELEGRAM_API_URL": socket.URL}
}

// TestServe: from nothing to the first answer, and back.
func TestServe(t *testing.T) {
	t.Parallel()
	fake, env := fakeTelegram(t)
	s := newService(t, env)
	s.run()
	ann := fake.NewUser("Ann", "ru")
	chat := ann.Open()
	ann.Say("/start")
	if got := chat.AwaitBot(1); len(got.Labels()) < 3 {
		t.Errorf("the greeting is %+v", got)
	}
	ann.Say("who chaired in 2022?")
	if got := chat.AwaitBot(2); !strings.HasPrefix(got.Text, "In 2022, the Dialogue of Women of Central Asia was chaired by Turkmenistan. [1]") {
		t.Errorf("the answer is %q", got.Text)
	}
	ann.Say("а в 2021?")
	if got := chat.AwaitBot(3); !strings.Contains(got.Text, "Узбекистан") {
		t.Errorf("the answer to what follows is %q", got.Text)
	}
	if got := ann.Press(chat.AwaitBot(2), "👍").Await(); got.Text == "" {
		t.Error("praise is met with silence")
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/": 404, "/telegram/webhook": 404} {
		if got := s.get(path); got != want {
			t.Errorf("%s is %d, want %d", path, got, want)
		}
	}
	s.stop()
	s.run() // the conversation goes on where it was
	ann.Say("а в 2024?")
	if got := chat.AwaitBot(4); !strings.Contains(got.Text, "Кыргызстан") {
		t.Errorf("after a restart what follows is answered by %q", got.Text)
	}
	s.stop()
}

// TestServeWebhook: updates that are posted are answered, forged ones are not.
func TestServeWebhook(t *testing.T) {
	t.Parallel()
	var s *service
	forward := httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: s.address})
	}}
	fake, env := fakeTelegram(t, telegramtest.WithWebhook(&forward))
	env["TELEGRAM_WEBHOOK_SECRET"], env["SUHBAT_PUBLIC_URL"] = "a-secret-of-the-webhook", "https://suhbat.example.org"
	s = newService(t, env)
	s.run()
	fake.AwaitAnswered("setWebhook", 1)
	ann := fake.NewUser("Ann", "en")
	ann.Say("who chaired in 2022?")
	if got := ann.Open().AwaitBot(1); !strings.Contains(got.Text, "Turkmenistan") {
		t.Errorf("the answer is %q", got.Text)
	}
	resp, err := http.Post("http://"+s.address+"/telegram/webhook", "application/json", strings.NewReader(`{"update_id":1}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a forged update is met with %s", resp.Status)
	}
	s.stop()
	if strings.Contains(s.out.String(), "a-secret") {
		t.Error("the log holds the secret of the webhook")
	}
}

// TestServeStopsWithoutTelegram: SIGTERM ends the program in order while Telegram does
// not answer, too: whoever runs it would take it for a crash.
func TestServeStopsWithoutTelegram(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"getMe", "setWebhook", "getUpdates", "getMyCommands"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			fake, env := fakeTelegram(t)
			if method == "setWebhook" {
				env["TELEGRAM_WEBHOOK_SECRET"], env["SUHBAT_PUBLIC_URL"] = "a-secret-of-the-webhook", "https://suhbat.example.org"
			}
			fake.Script(telegramtest.Fault{Method: method, Effect: telegramtest.Hang()})
			s := newService(t, env)
			s.start()
			fake.AwaitReceived(method, 1)
			s.stop()
		})
	}
}

// TestServeKilled: kill -9 loses no question, and repeats no answer but one that was
// on its way.
func TestServeKilled(t *testing.T) {
	t.Parallel()
	fake, env := fakeTelegram(t)
	env["TELEGRAM_LIMITS"] = "off"
	s := newService(t, env)
	fake.Script(telegramtest.Fault{Method: "sendMessage", Effect: telegramtest.Slow(5 * time.Millisecond)})
	const chats, each, kills = 40, 10, 4
	var all []*telegramtest.Chat
	for i := range chats {
		ann := fake.NewUser(fmt.Sprint("User", i), "en")
		all = append(all, ann.Open())
		for j := range each {
			ann.Say(fmt.Sprintf("who chaired in 202%d?", j%5+1))
		}
	}
	for i := range kills {
		s.start()
		want := (i + 1) * chats * each / (kills + 1)
		s.await("some answers", func() bool { return answersIn(all) >= want })
		s.kill()
	}
	s.run()
	s.await("all answers", func() bool { return answersIn(all) >= chats*each })
	time.Sleep(500 * time.Millisecond) // for what would be too much
	s.stop()
	twice := 0
	for _, chat := range all {
		n := len(chat.FromBot())
		if n < each {
			t.Errorf("a chat has %d answers to %d questions", n, each)
		}
		twice += max(0, n-each)
	}
	if twice > kills*chats {
		t.Errorf("%d answers came twice, at most %d were on their way", twice, kills*chats)
	}
	t.Logf("%d of %d answers came twice after %d kills", twice, chats*each, kills)
}

func answersIn(chats []*telegramtest.Chat) int {
	n := 0
	for _, c := range chats {
		n += len(c.FromBot())
	}
	return n
}

// TestServeRefuses: what cannot work is said in a line, at once.
func TestServeRefuses(t *testing.T) {
	t.Parallel()
	fake, env := fakeTelegram(t)
	first := newService(t, env)
	first.run()
	readOnly := filepath.Join(t.TempDir(), "nowhere", "suhbat.db")
	for _, tt := range []struct {
		name string
		env  map[string]string
		code int
		want string
	}{
		{"no network", map[string]string{"TELEGRAM_BOT_TOKEN": ""}, 2, "TELEGRAM_BOT_TOKEN is not set"},
		{"no token", map[string]string{"TELEGRAM_BOT_TOKEN": "hello"}, 2, "TELEGRAM_BOT_TOKEN is not what it should be"},
		{"a wrong token", map[string]string{"TELEGRAM_BOT_TOKEN": "1:" + strings.Repeat("a", 35)}, 1, "TELEGRAM_BOT_TOKEN is not one that Telegram knows"},
		{"a file that is missing", map[string]string{"TELEGRAM_BOT_TOKEN": "", "TELEGRAM_BOT_TOKEN_FILE": "missing"}, 2, "TELEGRAM_BOT_TOKEN_FILE cannot be read"},
		{"an address that is none", map[string]string{"SUHBAT_LISTEN": "nowhere"}, 2, "SUHBAT_LISTEN"},
		{"an address that is taken", map[string]string{"SUHBAT_LISTEN": first.address}, 1, "SUHBAT_LISTEN"},
		{"another kind of database", map[string]string{"SUHBAT_DATABASE_URL": "mysql://x"}, 2, "SUHBAT_DATABASE_URL"},
		{"a database in no folder", map[string]string{"SUHBAT_DATABASE_URL": "sqlite:" + readOnly}, 1, "SUHBAT_DATABASE_URL"},
		{"a database that is in use", map[string]string{"SUHBAT_DATABASE_URL": "sqlite:" + filepath.Join(first.dir, "suhbat.db")}, 1, "another"},
		{"a secret that is none", map[string]string{"TELEGRAM_WEBHOOK_SECRET": "with spaces"}, 2, "TELEGRAM_WEBHOOK_SECRET"},
		{"an admin that is none", map[string]string{"SUHBAT_ADMINS": "me"}, 2, "SUHBAT_ADMINS"},
		{"an admin whom no network names so", map[string]string{"SUHBAT_ADMINS": "telegram:1,slack:U1"}, 2, `SUHBAT_ADMINS has "slack:U1"`},
		{"a port that cannot be", map[string]string{"SUHBAT_LISTEN": "127.0.0.1:99999"}, 2, "SUHBAT_LISTEN"},
		{"an address with a password", map[string]string{"TELEGRAM_API_URL": "https://me:secret@example.org"}, 2, `TELEGRAM_API_URL is "https://me:xxxxx@example.org"`},
		{"facts that are missing", map[string]string{"SUHBAT_FACTS": "missing"}, 2, "SUHBAT_FACTS"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, env)
			maps.Copy(s.env, tt.env)
			s.start()
			_ = s.cmd.Wait()
			out := s.out.String()
			last := out[strings.LastIndex(strings.TrimSpace(out), "\n")+1:]
			if got := s.cmd.ProcessState.ExitCode(); got != tt.code || !strings.Contains(last, tt.want) {
				t.Errorf("exit code %d, last line %q; want %d and %q", got, last, tt.code, tt.want)
			}
		})
	}
	t.Cleanup(first.stop)
	_ = fake
}

// TestServeSubscribe: whoever subscribes in a chat gets a page of settings, and what is
// coming, and can stop it; the calendar that the bot links to is there.
func TestServeSubscribe(t *testing.T) {
	t.Parallel()
	fake, env := fakeTelegram(t)
	env["SUHBAT_PUBLIC_URL"] = "https://suhbat.example.org"
	s := newService(t, env)
	s.run()
	ann := fake.NewUser("Ann", "en")
	chat := ann.Open()
	ann.Say("/subscribe 10:30 Asia/Bishkek")
	page := chat.AwaitBot(1)
	if !strings.Contains(page.Text, "10:30") || !strings.Contains(page.Text, "Asia/Bishkek") || len(page.Labels()) < 4 {
		t.Errorf("the page of settings is %q with %v", page.Text, page.Labels())
	}
	ann.Say("/upcoming")
	if got := chat.AwaitBot(2); !strings.Contains(got.Text, "10:30") && !strings.Contains(fmt.Sprint(got.Entities), "/calendar/en.ics") {
		t.Errorf("/upcoming says %q", got.Text)
	}
	ann.Say("/unsubscribe")
	if got := chat.AwaitBot(3); got.Text == "" {
		t.Error("/unsubscribe is met with silence")
	}
	for path, want := range map[string]int{"/calendar/en.ics": 200, "/calendar/kk.ics": 200, "/calendar/xx.ics": 404, "/calendar/en": 404} {
		if got := s.get(path); got != want {
			t.Errorf("%s is %d, want %d", path, got, want)
		}
	}
	s.stop()
}
