package app

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"suhbat/bot"
	"suhbat/bot/slack"
	"suhbat/bot/telegram"
	"suhbat/cmd/internal/trace"
)

// The settings of OpenTelemetry that say where spans go
// (opentelemetry.io/docs/specs/otel/protocol/exporter). Each exists for traces alone, too:
// OTEL_EXPORTER_OTLP_TRACES_….
const (
	envOTLP         = "OTEL_EXPORTER_OTLP_"
	envOTLPTraces   = "OTEL_EXPORTER_OTLP_TRACES_"
	envOTelDisabled = "OTEL_SDK_DISABLED"
	envOTelExporter = "OTEL_TRACES_EXPORTER"
)

// traces reads where spans go; nowhere unless there is an endpoint.
func (r *settingReader) traces() trace.Config {
	if strings.EqualFold(r.text(envOTelDisabled, ""), "true") || r.oneOf(envOTelExporter, "otlp", "none") == "none" {
		return trace.Config{}
	}
	c := trace.Config{Endpoint: r.address(envOTLPTraces + "ENDPOINT")}
	if base := r.address(envOTLP + "ENDPOINT"); c.Endpoint == "" && base != "" {
		c.Endpoint = base + "/v1/traces"
	}
	if c.Endpoint == "" {
		return trace.Config{}
	}
	r.oneOf(r.otlp("PROTOCOL"), "http/protobuf")
	c.Headers = r.headers(r.otlp("HEADERS"))
	name := r.otlp("TIMEOUT")
	ms, err := strconv.Atoi(r.text(name, "10000"))
	if err != nil || ms <= 0 {
		r.fail(name, "is not a number of milliseconds, expected one such as 10000")
	}
	c.Timeout = time.Duration(ms) * time.Millisecond
	return c
}

// otlp is the name of a setting: that for traces alone if it is set.
func (r *settingReader) otlp(name string) string {
	if own := envOTLPTraces + name; r.text(own, "") != "" || r.text(own+"_FILE", "") != "" {
		return own
	}
	return envOTLP + name
}

const headerList pattern = `^[^=,]+=[^,]*(,[^=,]+=[^,]*)*$`

// headers reads "name=value,name=value"; values are escaped as in a URL. They may be
// secret.
func (r *settingReader) headers(name string) map[string]string {
	const want = "name=value, with commas between several and the values escaped as in a URL"
	all := make(map[string]string)
	for _, item := range list(r.secret(name, headerList, want)) {
		key, value, _ := strings.Cut(item, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if err != nil {
			r.fail(name, "is not what it should be, expected "+want)
		}
		all[strings.TrimSpace(key)] = value
	}
	return all
}

// watchedCore is the core with each answer in a span.
type watchedCore struct {
	*bot.Core

	handler bot.Handler
}

// Handle implements [bot.Handler].
func (c watchedCore) Handle(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	return c.handler.Handle(ctx, in)
}

// What requests are called in spans: the method of the API, and no other part of the
// address, since Telegram's has a token in it and Slack's response_url is a secret itself.
var (
	telegramMethod = regexp.MustCompile(`^/.*bot[^/]+/([A-Za-z]+)$`)
	slackMethod    = regexp.MustCompile(`^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+$`)
)

func telegramCall(r *http.Request) string {
	if m := telegramMethod.FindStringSubmatch(r.URL.Path); m != nil {
		return telegram.Network + " " + m[1]
	}
	return telegram.Network
}

func slackCall(r *http.Request) string {
	if name := path.Base(r.URL.Path); slackMethod.MatchString(name) {
		return slack.Network + " " + name
	}
	return slack.Network + " response_url"
}
