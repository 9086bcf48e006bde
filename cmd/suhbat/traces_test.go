package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	pb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"suhbat/bot"
	"suhbat/bot/slack"
	"suhbat/bot/slack/slacktest"
	"suhbat/bot/telegram/telegramtest"
)

// collector takes spans as an OpenTelemetry collector does, but for the first request,
// which it asks to be repeated.
type collector struct {
	t      *testing.T
	server *httptest.Server

	mu       sync.Mutex
	requests int
	raw      []byte // everything that was said
	spans    []*pb.Span
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{t: t}
	c.server = httptest.NewServer(c)
	t.Cleanup(c.server.Close)
	return c
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.requests++; c.requests == 1 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(r.Body)
	var data pb.TracesData
	if err == nil {
		err = proto.Unmarshal(body, &data)
	}
	if err != nil || r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" || r.Header.Get("X-Key") != "a b" {
		c.t.Errorf("POST %s with %v: %v", r.URL, r.Header, err)
	}
	c.raw = append(c.raw, body...)
	for _, resource := range data.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
}

// has reports whether there is a trace with spans of all these names, each a child of
// the one before.
func (c *collector) has(names ...string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	parents := [][]byte{nil}
	for _, name := range names {
		var found [][]byte
		for _, s := range c.spans {
			if s.GetName() == name && slices.ContainsFunc(parents, func(p []byte) bool { return bytes.Equal(p, s.GetParentSpanId()) }) {
				found = append(found, s.GetSpanId())
			}
		}
		if parents = found; len(parents) == 0 {
			return false
		}
	}
	return true
}

// TestTraces: an operator who names a collector sees the way of an update, a command, an
// event and a reminder, and nothing of what people wrote, who they are, or a token.
func TestTraces(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	telegram, env := fakeTelegram(t)
	env["SLACK_BOT_TOKEN"], env["SLACK_SIGNING_SECRET"], env["TELEGRAM_BOT_TOKEN"] = slacktest.BotToken, slacktest.SigningSecret, telegramtest.Token
	env["SUHBAT_FACTS"], env["SUHBAT_LOG_LEVEL"] = today(t), "debug"
	env["OTEL_EXPORTER_OTLP_ENDPOINT"], env["OTEL_EXPORTER_OTLP_HEADERS"], env["OTEL_BSP_SCHEDULE_DELAY"] = c.server.URL, "x-key=a%20b", "100"
	s := newSlackService(t, slacktest.Config{}, env)
	w, aigul, general := s.people()
	s.subscribeTo(bot.Address{Network: slack.Network, Space: w.ID, Chat: general.ID}, time.Minute)
	s.run()
	telegram.NewUser("Annabel", "en").Say("who chaired in 2022?")
	aigul.Slash(general, "/wps", "who chaired in 2023?")
	aigul.Mention(general, "who chaired in 2024?")
	for _, want := range [][]string{
		{"telegram update", "answer"},
		{"telegram update", "telegram sendMessage"},
		{"slack command", "answer"},
		{"slack event", "answer"},
		{"slack event", "slack chat.postMessage"},
		{"slack reminder", "send", "slack chat.postMessage"},
	} {
		s.await("the spans "+strings.Join(want, ", "), func() bool { return c.has(want...) })
	}
	s.Settle()
	s.stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	telegramtest.CheckSecret(t, "a span", string(c.raw))
	for _, not := range []string{slacktest.Mark, "chaired", "Turkmenistan", "probe meeting", "Annabel", "Aigul", aigul.ID, general.ID} {
		if bytes.Contains(c.raw, []byte(not)) {
			t.Errorf("the collector learns %q", not)
		}
	}
	if strings.Contains(s.out.String(), "a b") || strings.Contains(s.out.String(), "a%20b") {
		t.Error("the log holds the headers of the collector")
	}
}

// TestTracesOff: nothing is sent to a collector unless it is asked for, or when tracing
// is switched off.
func TestTracesOff(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	telegram, env := fakeTelegram(t)
	env["OTEL_EXPORTER_OTLP_ENDPOINT"], env["OTEL_TRACES_EXPORTER"], env["OTEL_BSP_SCHEDULE_DELAY"] = c.server.URL, "none", "50"
	s := newService(t, env)
	s.run()
	ann := telegram.NewUser("Ann", "en")
	ann.Say("who chaired in 2022?")
	ann.Open().AwaitBot(1)
	s.stop()
	if c.requests != 0 {
		t.Errorf("the collector got %d requests", c.requests)
	}
}
