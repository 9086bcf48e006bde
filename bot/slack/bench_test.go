package slack

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/facts"
	"suhbat/facts/data"
)

// BenchmarkSlashCommand measures a signed slash command from the request to the
// written acknowledgement: with an answer that is always the same, and with a real
// question, which the core answers from all facts.
func BenchmarkSlashCommand(b *testing.B) {
	for name, h := range map[string]Core{"fixed": handle(echo), "real": realCore(b)} {
		b.Run(name, func(b *testing.B) {
			s := startCore(b, h)
			body := slash(testAsked)
			if w := s.post(pathCommands, body); !strings.Contains(w.Body.String(), "2022") {
				b.Fatalf("got %s", w.Body)
			}
			seconds := strconv.FormatInt(s.now().Unix(), 10)
			signed := sign(testSecret, seconds, body)
			b.ReportAllocs()
			began := cpuTime(b)
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, pathCommands, strings.NewReader(body))
				r.Header.Set(headerTime, seconds)
				r.Header.Set(headerSignature, signed)
				s.mux.ServeHTTP(httptest.NewRecorder(), r)
			}
			b.ReportMetric(float64((cpuTime(b)-began).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// BenchmarkEvent measures a signed event until it is kept, acknowledged and found to
// need no answer.
func BenchmarkEvent(b *testing.B) {
	s := start(b, func(bot.Incoming) (bot.Reply, error) { return bot.Reply{}, nil })
	b.ReportAllocs()
	began := cpuTime(b)
	for i := 0; b.Loop(); i++ {
		s.post(pathEvents, eventJSON("Ev1", direct("1."+strconv.Itoa(i), testAsked)))
	}
	b.ReportMetric(float64((cpuTime(b)-began).Microseconds())/float64(b.N), "cpu-µs/op")
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

func realCore(b *testing.B) Core {
	b.Helper()
	store, err := facts.Load(data.FS)
	if err != nil {
		b.Fatal(err)
	}
	set, err := lang.Load(packs.FS)
	if err != nil {
		b.Fatal(err)
	}
	core, err := bot.New(store, set)
	if err != nil {
		b.Fatal(err)
	}
	return core
}
