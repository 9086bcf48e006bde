package app

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// reader reads settings that are given.
func reader(env map[string]string) *settingReader {
	return &settingReader{getenv: func(name string) string { return env[name] }}
}

// TestDatabaseFromFile: the address of the database has a password in it, so an operator
// may keep it in a file.
func TestDatabaseFromFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("postgres://suhbat:secret@db/suhbat\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := reader(map[string]string{"SUHBAT_DATABASE_URL_FILE": file})
	if got := r.database(); got != "postgres://suhbat:secret@db/suhbat" || r.err != nil {
		t.Errorf("got %q, %v", got, r.err)
	}
	r = reader(map[string]string{"SUHBAT_DATABASE_URL_FILE": file, "SUHBAT_DATABASE_URL": "sqlite:x.db"})
	if r.database(); r.err == nil {
		t.Error("two addresses are taken")
	}
}

// times matches what a log line says of when it was written.
var times = regexp.MustCompile(`"time":"[^"]*",|time=\S* `)

// TestLog: whoever collects logs may want lines of JSON, and only those that matter.
func TestLog(t *testing.T) {
	for _, tt := range []struct{ as, level, want string }{
		{"", "", "level=INFO msg=one\nlevel=WARN msg=two\n"},
		{"json", "warn", `{"level":"WARN","msg":"two"}` + "\n"},
		{"text", "debug", "level=DEBUG msg=zero\nlevel=INFO msg=one\nlevel=WARN msg=two\n"},
		{"json", "error", ""},
	} {
		r := reader(map[string]string{"SUHBAT_LOG": tt.as, "SUHBAT_LOG_LEVEL": tt.level})
		s := settings{log: r.oneOf(envLog, "text", "json"), level: r.level()}
		var out strings.Builder
		log := newLog(&out, &s)
		log.DebugContext(t.Context(), "zero")
		log.InfoContext(t.Context(), "one")
		log.WarnContext(t.Context(), "two")
		if got := times.ReplaceAllString(out.String(), ""); got != tt.want || r.err != nil {
			t.Errorf("%q %q: got %q, want %q, %v", tt.as, tt.level, got, tt.want, r.err)
		}
	}
	if r := reader(map[string]string{"SUHBAT_LOG_LEVEL": "loud"}); r.level() != slog.LevelInfo || r.err == nil {
		t.Error("the level \"loud\" is taken")
	}
}

// TestTraceSettings: the settings are those that OpenTelemetry has for every program.
func TestTraceSettings(t *testing.T) {
	for _, tt := range []struct {
		env      string // name=value, with spaces between
		endpoint string
		timeout  time.Duration
		key      string
		wrong    string // the setting that is named
	}{
		{env: ""},
		{env: "OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_SERVICE_NAME=x"},
		{env: "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318/", endpoint: "http://c:4318/v1/traces", timeout: 10 * time.Second},
		{env: "OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4318 OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://d/x", endpoint: "http://d/x", timeout: 10 * time.Second},
		{
			env:      "OTEL_EXPORTER_OTLP_ENDPOINT=https://c OTEL_EXPORTER_OTLP_HEADERS=a=b,key=c%20d OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=50 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
			endpoint: "https://c/v1/traces", timeout: 50 * time.Millisecond, key: "c d",
		},
		{env: "OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_TRACES_EXPORTER=none"},
		{env: "OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_SDK_DISABLED=true"},
		{env: "OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_EXPORTER_OTLP_PROTOCOL=grpc", wrong: "OTEL_EXPORTER_OTLP_PROTOCOL"},
		{env: "OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_EXPORTER_OTLP_TRACES_HEADERS=secret", wrong: "OTEL_EXPORTER_OTLP_TRACES_HEADERS"},
		{env: "OTEL_EXPORTER_OTLP_ENDPOINT=http://c OTEL_EXPORTER_OTLP_TIMEOUT=5s", wrong: "OTEL_EXPORTER_OTLP_TIMEOUT"},
		{env: "OTEL_EXPORTER_OTLP_ENDPOINT=c:4317", wrong: "OTEL_EXPORTER_OTLP_ENDPOINT"},
		{env: "OTEL_TRACES_EXPORTER=console", wrong: "OTEL_TRACES_EXPORTER"},
	} {
		env := make(map[string]string)
		for pair := range strings.FieldsSeq(tt.env) {
			name, value, _ := strings.Cut(pair, "=")
			env[name] = value
		}
		r := reader(env)
		c := r.traces()
		if tt.wrong != "" {
			if r.err == nil || !strings.HasPrefix(r.err.Error(), tt.wrong+" ") || strings.Contains(r.err.Error(), "secret") {
				t.Errorf("%s: got %v, want an error that begins with %s", tt.env, r.err, tt.wrong)
			}
			continue
		}
		if r.err != nil || c.Endpoint != tt.endpoint || c.Timeout != tt.timeout || c.Headers["key"] != tt.key {
			t.Errorf("%s: got %+v, %v", tt.env, c, r.err)
		}
	}
}

// TestHealthServing: a container is healthy if the program in it is ready, wherever it
// listens, and not if another copy of the program would be.
func TestHealthServing(t *testing.T) {
	ready := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			t.Errorf("%s is asked for", r.URL)
		}
		w.WriteHeader(ready)
		_, _ = io.WriteString(w, "not ready: telegram")
	}))
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	ask := func(listen string) (code int, out, errs string) {
		var o, e strings.Builder
		code = Main(Process{Args: []string{"health", "--serving"}, Out: &o, Err: &e, Now: time.Now, Getenv: func(name string) string {
			return map[string]string{"SUHBAT_LISTEN": listen}[name]
		}})
		return code, o.String(), e.String()
	}
	for _, listen := range []string{":" + port, "0.0.0.0:" + port, "127.0.0.1:" + port} {
		if code, out, errs := ask(listen); code != exitOK || out != "healthy\n" {
			t.Errorf("%s: %d %q %q", listen, code, out, errs)
		}
	}
	ready = http.StatusServiceUnavailable
	if code, _, errs := ask(":" + port); code != exitWrong || !strings.Contains(errs, "not ready: telegram") {
		t.Errorf("not ready: %d %q", code, errs)
	}
	server.Close()
	if code, _, _ := ask(":" + port); code != exitWrong {
		t.Errorf("nobody serves: %d", code)
	}
	if code, _, _ := ask("nowhere"); code == exitOK {
		t.Error("a wrong address is healthy")
	}
}
