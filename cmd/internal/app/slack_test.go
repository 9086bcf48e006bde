package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/slack"
	"suhbat/cmd/internal/store"
)

// TestSlackWords: no word that Slack shows is missing in a language, or is the
// English one there; buttons are short enough for it.
func TestSlackWords(t *testing.T) {
	parts, err := (&options{process: &Process{Now: time.Now}}).build()
	if err != nil {
		t.Fatal(err)
	}
	words := slackWords(parts.core)
	english := words(language.English)
	for _, tag := range parts.core.Languages() {
		w := words(tag)
		for _, pair := range [][2]string{
			{w.SharedBy, english.SharedBy},
			{w.Failed, english.Failed},
			{w.Ask, english.Ask},
			{w.Send, english.Send},
			{w.Close, english.Close},
			{w.Installed, english.Installed},
			{w.NotInstalled, english.NotInstalled},
		} {
			if tag != language.English && (pair[0] == pair[1] || pair[0] == "") || strings.HasPrefix(strings.ToLower(pair[0]), "slack-") {
				t.Errorf("%s: %q for %q", tag, pair[0], pair[1])
			}
		}
		for _, label := range []string{w.Send, w.Close} {
			if len([]rune(label)) > 24 {
				t.Errorf("%s: the button %q is too long", tag, label)
			}
		}
	}
}

// silent is a core that says nothing.
type silent struct{ *bot.Core }

func (silent) Handle(context.Context, bot.Incoming) (bot.Reply, error) { return bot.Reply{}, nil }

// BenchmarkSlack measures what a request costs with the database on a disk, without
// the server around it: a slash command with a real question, and an event until it is
// written down and acknowledged.
func BenchmarkSlack(b *testing.B) {
	const secret = "a signing secret"
	db, err := store.Open(b.Context(), "sqlite:"+b.TempDir()+"/suhbat.db", store.Options{Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	parts, err := (&options{process: &Process{Now: time.Now}}).build(bot.WithPorts(bot.Ports{Talks: db, Preferences: db, Notebook: db}))
	if err != nil {
		b.Fatal(err)
	}
	config := slack.Config{BotToken: "xoxb-1", SigningSecrets: []string{secret}, Now: time.Now, Transport: http.NewFileTransport(http.Dir("."))}
	ports := slack.Ports{Inbox: db.Inbox(slack.Network), Chats: db, Talks: db}
	for _, bench := range []struct {
		name, path string
		core       slack.Core
		body       func(i int) string
	}{
		{"command", "/slack/commands", parts.core, func(i int) string {
			return url.Values{
				"team_id": {"T1"}, "channel_id": {"C1"}, "user_id": {"U" + strconv.Itoa(i%100)}, "command": {"/wps"}, "text": {"who chaired in 2022?"},
				"trigger_id": {strconv.Itoa(i)}, "response_url": {"https://hooks.slack.com/commands/1/2"},
			}.Encode()
		}},
		{"event", "/slack/events", silent{parts.core}, func(i int) string {
			return fmt.Sprintf(`{"type":"event_callback","team_id":"T1","event_id":"Ev%d","event":{"type":"message","channel_type":"im","channel":"D%d","user":"U%d","text":"who chaired in 2022?","ts":"1700000000.%06d"}}`, i, i%100, i%100, i)
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s, err := slack.New(config, bench.core, ports)
			if err != nil {
				b.Fatal(err)
			}
			mux := http.NewServeMux()
			s.Register(mux)
			b.ReportAllocs()
			began := cpuTime(b)
			var next atomic.Int64
			b.SetParallelism(32) // as many wait at once, as in a busy minute
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					w := httptest.NewRecorder()
					mux.ServeHTTP(w, signed(bench.path, secret, bench.body(int(next.Add(1)))))
					if w.Code != http.StatusOK {
						b.Errorf("got %d %s", w.Code, w.Body)
					}
				}
			})
			if err := s.Drain(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64((cpuTime(b)-began).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// signed is a request as Slack signs it.
func signed(path, secret, body string) *http.Request {
	at := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", at, body) // a hash never fails
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

// cpuTime is what this process has used of the processors: on a machine that does
// other things, too, the only figure that can be trusted.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
