// Command slack sends signed requests to Slack apps, in turn, and measures what they
// take: requests a second, how long one lasts, and processor time. It plays Slack's Web
// API at 127.0.0.1:3199 for what they call. An app is NAME=ADDRESS=FILE, where the file
// holds the number of its process:
//
//	(cd .tools/peer/slack && go build -o /tmp/peer/load main.go)
//	taskset -c 1 /tmp/peer/load bolt=http://127.0.0.1:3102/slack/events=bolt.pid suhbat=http://127.0.0.1:8080/slack/commands=suhbat.pid
//
// -rate 1000 sends so many a second, and counts how long one lasts from when it was due;
// -event sends mentions, each in a channel of its own, in the place of slash commands;
// -file has the questions, one a line, in the place of a single one.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	secret = "8f742231b10e8888abcd99yyyzzz85a5"
	api    = "127.0.0.1:3199"
	people = 200
)

var (
	rate    = flag.Int("rate", 0, "requests a second; 0 for as many as -c connections can")
	open    = flag.Int("c", 32, "connections, without a rate")
	lasting = flag.Duration("d", 5*time.Second, "how long each has its turn")
	rounds  = flag.Int("rounds", 3, "rounds")
	events  = flag.Bool("event", false, "events in the place of slash commands")
	file    = flag.String("file", "", "a file of questions, one a line")
)

var posted, failed, sent atomic.Int64

// play answers the calls of the apps.
func play(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]; {
	case method == "users.info":
		io.WriteString(w, `{"ok":true,"user":{"id":"U1","name":"steve","locale":"en-US","tz":"Asia/Almaty","profile":{"display_name":"Steve"}}}`)
	case method == "auth.test":
		io.WriteString(w, `{"ok":true,"user_id":"U1","user":"suhbat","bot_id":"B1","team_id":"T0001","url":"https://x.slack.com/","team":"x"}`)
	case strings.HasPrefix(method, "chat."):
		fmt.Fprintf(w, `{"ok":true,"channel":"C1","ts":"17000%08d.000100","message_ts":"1700000000.000100"}`, posted.Add(1))
	default:
		io.WriteString(w, `{"ok":true}`)
	}
}

// started makes the ids of one run unlike those of another.
var started = strconv.FormatInt(time.Now().UnixNano()%1e9, 36)

// questions are what is asked, one after another.
var questions = []string{"who chaired in 2022?"}

func body(i int64) (text, kind string) {
	question := questions[i%int64(len(questions))]
	if !*events {
		return fmt.Sprintf("token=t&team_id=T0001&team_domain=example&channel_id=C2147483705&channel_name=test&user_id=U%07d&user_name=Steve&command=%%2Fwps"+
			"&text=%s&api_app_id=A1&is_enterprise_install=false&response_url=https%%3A%%2F%%2Fhooks.slack.com%%2Fcommands%%2F1%%2F5&trigger_id=%s%d",
			i%people, url.QueryEscape(question), started, i), "application/x-www-form-urlencoded"
	}
	now := time.Now().Unix()
	return fmt.Sprintf(`{"token":"t","team_id":"T0001","api_app_id":"A1","event":{"type":"app_mention","user":"U%07d","text":%q,`+
		`"ts":"%d.%06d","channel":"C%s%d","event_ts":"%[3]d.%06[4]d"},"type":"event_callback","event_id":"Ev%[5]s%[6]d","event_time":%[3]d,`+
		`"authorizations":[{"team_id":"T0001","user_id":"U1","is_bot":true}]}`, i%people, "<@U1> "+question, now, i%1e6, strings.ToUpper(started), i), "application/json"
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConns: 512, MaxIdleConnsPerHost: 512}, Timeout: 20 * time.Second}

// send sends one request and waits for the answer.
func send(address string) {
	text, kind := body(sent.Add(1))
	at := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	io.WriteString(mac, "v0:"+at+":"+text)
	r, err := http.NewRequest(http.MethodPost, address, bytes.NewReader([]byte(text)))
	if err != nil {
		log.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", at)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	resp, err := client.Do(r)
	if err != nil {
		failed.Add(1)
		return
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		failed.Add(1)
	}
}

// loop sends as many as the connections can; it returns how long each took.
func loop(address string) (all []time.Duration) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	end := time.Now().Add(*lasting)
	for range *open {
		wg.Go(func() {
			for began := time.Now(); began.Before(end); began = time.Now() {
				send(address)
				mu.Lock()
				all = append(all, time.Since(began))
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return all
}

// steady sends so many a second, whatever becomes of them.
func steady(address string) []time.Duration {
	var wg sync.WaitGroup
	began := time.Now()
	all := make([]time.Duration, int(lasting.Seconds()*float64(*rate)))
	for i := range all {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(*rate))
		time.Sleep(time.Until(due))
		wg.Go(func() {
			send(address)
			all[i] = time.Since(due)
		})
	}
	wg.Wait()
	return all
}

// seconds is the processor time that a process has had.
func seconds(pid string) float64 {
	b, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		log.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}

func measure(name, address, pid string) {
	before, messages, began := seconds(pid), posted.Load(), time.Now()
	failed.Store(0)
	do := loop
	if *rate > 0 {
		do = steady
	}
	all := do(address)
	took := time.Since(began)
	for last := int64(-1); last != posted.Load(); time.Sleep(time.Second) { // what is answered later
		last = posted.Load()
	}
	slices.Sort(all)
	n := len(all)
	fmt.Printf("%-12s %8.0f %10v %10v %8.0f %8d %8d\n", name, float64(n)/took.Seconds(), all[n/2].Round(10*time.Microsecond), all[n*99/100].Round(10*time.Microsecond),
		(seconds(pid)-before)/float64(n)*1e6, posted.Load()-messages, failed.Load())
}

func main() {
	flag.Parse()
	if *file != "" {
		b, err := os.ReadFile(*file)
		if err != nil {
			log.Fatal(err)
		}
		questions = strings.Split(strings.TrimSpace(string(b)), "\n")
	}
	go func() { log.Fatal(http.ListenAndServe(api, http.HandlerFunc(play))) }()
	fmt.Printf("%-12s %8s %10s %10s %8s %8s %8s\n", "app", "req/s", "median", "p99", "µs each", "posted", "failed")
	for range *rounds {
		for _, app := range flag.Args() {
			parts := strings.Split(app, "=")
			if len(parts) != 3 {
				log.Fatalf("%s is not NAME=ADDRESS=FILE", app)
			}
			pid, err := os.ReadFile(parts[2])
			if err != nil {
				log.Fatal(err)
			}
			measure(parts[0], parts[1], strings.TrimSpace(string(pid)))
		}
	}
}
