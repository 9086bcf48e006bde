package main

import (
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

// mailed is how many chats TestMailingBesideQuestions writes to. Thirty take a second.
var mailed = flag.Int("mailing", 0, "how many chats to mail to while people ask, such as 3000")

const (
	askers    = 50
	askEvery  = 100 * time.Millisecond // one of them
	patience  = time.Second            // of the slowest of a hundred askers
	everySend = time.Second / 30
)

// TestMailingBesideQuestions: on the day of an anniversary nobody who asks waits for
// the three thousand who are reminded. It is for whoever changes how turns are taken,
// and takes its time:
//
//	go test ./cmd/suhbat -run MailingBeside -mailing 3000 -v
func TestMailingBesideQuestions(t *testing.T) {
	if *mailed == 0 {
		t.Skip("-mailing says to how many chats")
	}
	fake := telegramtest.New(t)
	web := httptest.NewServer(fake)
	t.Cleanup(web.Close)
	t.Cleanup(fake.Close)
	fake.Limit(telegramtest.Strict())
	chats := make([]string, *mailed)
	for i := range chats {
		chats[i] = strconv.FormatInt(fake.NewUser("Ann", "en").Open().ID, 10)
	}
	people := make([]*telegramtest.User, askers)
	for i := range people {
		people[i] = fake.NewUser("Ben", "en")
		people[i].Open()
	}
	cmd := exec.Command("suhbat-mailing")
	cmd.Env = append(os.Environ(), "BASE="+web.URL, "TOKEN="+telegramtest.Token, "CHATS="+strings.Join(chats, ","), "QUESTIONS=yes")
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	err := askUntil(ended, people)
	took := time.Since(began)
	if err != nil {
		t.Fatal(err)
	}
	waits := waited(t, people)
	refused := 0
	for _, r := range fake.Requests("sendMessage") {
		if !r.OK() {
			refused++
		}
	}
	p99 := waits[len(waits)*99/100]
	t.Logf("%d reminders and %d answers in %v, at best %v; answers waited %v (median), %v (p99), %v (longest); %d messages were refused",
		len(chats), len(waits), took, time.Duration(len(chats)+len(waits))*everySend, waits[len(waits)/2], p99, waits[len(waits)-1], refused)
	if p99 >= patience {
		t.Errorf("the slowest of a hundred waited %v", p99)
	}
	if refused > 0 {
		t.Errorf("%d messages were refused", refused)
	}
}

// askUntil has people ask in turn until something ends.
func askUntil(ended <-chan error, people []*telegramtest.User) error {
	ticker := time.NewTicker(askEvery)
	defer ticker.Stop()
	for i := 0; ; i++ {
		select {
		case err := <-ended:
			return err
		case <-ticker.C:
			people[i%len(people)].Say("What is question " + strconv.Itoa(i) + "?")
		}
	}
}

// waited is how long people waited for their answers, the shortest time first. What was
// asked in the last moment has none.
func waited(t *testing.T, people []*telegramtest.User) (all []time.Duration) {
	t.Helper()
	for _, who := range people {
		asked := make(map[string]time.Time)
		for _, m := range who.Private().Messages() {
			if !m.Bot {
				asked[m.Text] = m.Date
			} else if at, ok := asked[m.Text]; ok {
				all = append(all, m.Date.Sub(at))
				delete(asked, m.Text)
			}
		}
		if len(asked) > 2 {
			t.Errorf("%d questions of one have no answer", len(asked))
		}
	}
	if len(all) == 0 {
		t.Fatal("nobody got an answer")
	}
	slices.Sort(all)
	return all
}
