// Command telegram measures bots beside one another: it plays a Bot API server, starts
// each bot as a process of its own, has many people write to it, and counts updates a
// second, processor time, memory, and what came out of order. Every bot has its turn in
// every round, so that they share what else the machine does.
//
//	go test -c -o /tmp/peer/suhbat-echo ./cmd/suhbat
//	(cd .tools/peer/telegram && go build -o /tmp/peer/runner main.go && cp echo.js /tmp/peer)
//	cd /tmp/peer && npm install grammy @grammyjs/runner
//	taskset -c 0 ./runner -on 1 ./suhbat-echo "node echo.js"
//
// A bot gets the server's address in BASE and its token in TOKEN. With -questions the
// texts are real ones, for a whole program that is started by a script; -file has them, one
// a line.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

var (
	count     = flag.Int("n", 5000, "updates")
	chats     = flag.Int("chats", 200, "people")
	rounds    = flag.Int("rounds", 5, "rounds")
	processor = flag.String("on", "1", "the processors of the bots")
	questions = flag.Bool("questions", false, "real questions in the place of texts to repeat")
	file      = flag.String("file", "", "a file of such questions, one a line")
)

const (
	token     = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	batch     = 100 // updates in one answer, as Telegram gives
	firstID   = 100_000
	firstChat = 1000
	patience  = time.Minute
)

var asked = []string{
	"who chaired in 2022?", "when was resolution 1325 adopted?", "Кто председательствовал в 2023 году?", "what are the four pillars?",
	"who abstained on 2467?", "2024-yilda kim raislik qildi?", "and in 2021?", "who is Kaha Imnadze?",
}

// server gives out the updates and takes the answers of one run.
type server struct {
	pid  int
	done chan struct{}

	mu          sync.Mutex
	sent        int
	began, last time.Time
	cpu         [2]float64 // of the bot when it began and ended, in seconds
	lastOf      map[string]int
	disorder    int
}

func text(i int) string {
	if *questions {
		return asked[i%len(asked)]
	}
	return fmt.Sprintf("seq %d what is the mass of the moon?", i)
}

func update(i int) string {
	chat := firstChat + i%*chats
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"Ann","username":"ann%d","language_code":"en"},`+
		`"chat":{"id":%d,"first_name":"Ann","username":"ann%d","type":"private"},"date":%d,"text":%q}}`,
		firstID+i, 10+i, chat, chat, chat, chat, time.Now().Unix(), text(i))
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := params(r)
	w.Header().Set("Content-Type", "application/json")
	switch strings.ToLower(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]) {
	case "getme":
		fmt.Fprint(w, `{"ok":true,"result":{"id":123456789,"is_bot":true,"first_name":"Echo","username":"EchoBot"}}`)
	case "getupdates":
		fmt.Fprintf(w, `{"ok":true,"result":[%s]}`, strings.Join(s.updates(r, given), ","))
	case "sendmessage":
		id := s.take(given["chat_id"], given["text"])
		fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"chat":{"id":%s,"type":"private"},"date":%d,"text":%q}}`, id, given["chat_id"], time.Now().Unix(), given["text"])
	default:
		fmt.Fprint(w, `{"ok":true,"result":true}`)
	}
}

// updates waits for the first answer before it gives more than one update: until then
// programs load what they need.
func (s *server) updates(r *http.Request, given map[string]string) (all []string) {
	offset, _ := strconv.Atoi(given["offset"])
	next := max(offset-firstID, 0)
	if next == 0 {
		return []string{update(0)}
	}
	for !s.begin() {
		time.Sleep(time.Millisecond)
	}
	if next >= *count {
		select {
		case <-r.Context().Done():
		case <-s.done:
		case <-time.After(time.Second):
		}
	}
	for i := next; i < min(next+batch, *count); i++ {
		all = append(all, update(i))
	}
	return all
}

func (s *server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sent > 0 && s.began.IsZero() {
		s.began, s.cpu[0] = time.Now(), seconds(s.pid)
	}
	return s.sent > 0
}

func (s *server) take(chat, said string) (id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var n int
	if _, err := fmt.Sscanf(said, "seq %d", &n); err == nil {
		if n < s.lastOf[chat] {
			s.disorder++
		}
		s.lastOf[chat] = n
	}
	if s.sent++; s.sent == *count {
		s.last, s.cpu[1] = time.Now(), seconds(s.pid)
		close(s.done)
	}
	return s.sent
}

// params reads a form or JSON.
func params(r *http.Request) map[string]string {
	given := make(map[string]string)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var all map[string]json.RawMessage
		_ = json.NewDecoder(r.Body).Decode(&all)
		for name, raw := range all {
			var s string
			if json.Unmarshal(raw, &s) != nil {
				s = string(raw)
			}
			given[name] = s
		}
		return given
	}
	_ = r.ParseForm()
	for name := range r.Form {
		given[name] = r.Form.Get(name)
	}
	return given
}

// seconds is the processor time that a process has had.
func seconds(pid int) float64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := append(strings.Fields(rest), slices.Repeat([]string{"0"}, 13)...)
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}

// peak is the most memory that a process has had, in megabytes.
func peak(pid int) float64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	var kilobytes float64
	if _, after, ok := strings.Cut(string(b), "VmHWM:"); ok {
		_, _ = fmt.Sscan(after, &kilobytes)
	}
	return kilobytes / 1000
}

// result is what one run has shown.
type result struct{ perSecond, micros, memory, disorder float64 }

func run(bot string) (result, error) {
	s := &server{done: make(chan struct{}), lastOf: make(map[string]int)}
	web := httptest.NewServer(s)
	defer web.Close()
	cmd := exec.Command("taskset", append([]string{"-c", *processor}, strings.Fields(bot)...)...)
	cmd.Env = append(os.Environ(), "BASE="+web.URL, "TOKEN="+token, "NODE_ENV=production")
	if err := cmd.Start(); err != nil {
		return result{}, err
	}
	s.mu.Lock()
	s.pid = cmd.Process.Pid
	s.mu.Unlock()
	var err error
	select {
	case <-s.done:
	case <-time.After(patience):
		err = fmt.Errorf("%s: not all is answered", bot)
	}
	memory := peak(cmd.Process.Pid)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	n := float64(*count)
	return result{n / s.last.Sub(s.began).Seconds(), (s.cpu[1] - s.cpu[0]) / n * 1e6, memory, float64(s.disorder)}, err
}

func main() {
	flag.Parse()
	if *file != "" {
		b, err := os.ReadFile(*file)
		if err != nil {
			log.Fatal(err)
		}
		asked, *questions = strings.Split(strings.TrimSpace(string(b)), "\n"), true
	}
	all := make(map[string][]result)
	for range *rounds {
		for _, bot := range flag.Args() {
			r, err := run(bot)
			if err != nil {
				log.Print(err)
				continue
			}
			all[bot] = append(all[bot], r)
		}
	}
	fmt.Printf("%-40s %10s %8s %6s %s\n", "medians", "updates/s", "µs each", "MB", "out of order")
	for _, bot := range flag.Args() {
		median := func(of func(result) float64) float64 {
			var values []float64
			for _, r := range all[bot] {
				values = append(values, of(r))
			}
			slices.Sort(values)
			if len(values) == 0 {
				return 0
			}
			return values[len(values)/2]
		}
		fmt.Printf("%-40s %10.0f %8.0f %6.0f %.0f\n", bot, median(func(r result) float64 { return r.perSecond }), median(func(r result) float64 { return r.micros }),
			median(func(r result) float64 { return r.memory }), median(func(r result) float64 { return r.disorder }))
	}
}
