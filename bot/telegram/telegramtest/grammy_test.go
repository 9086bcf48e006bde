package telegramtest_test

import (
	"bytes"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

var grammy = flag.String("grammy", "", "a copy of .tools/peer/grammy after npm install")

// TestGrammY has a bot on grammY, which knows the real server, serve the users of
// the fake one.
func TestGrammY(t *testing.T) {
	if *grammy == "" {
		t.Skip("-grammy names no folder")
	}
	s := telegramtest.New(t)
	log := startGrammY(t, s)
	ann := s.NewUser("Ann", "en")
	chat := ann.Private()

	ann.Say("/start deep_link")
	if got := chat.AwaitBot(1).Text; got != "Hello, Ann: deep_link" {
		t.Errorf("a command: %q", got)
	}
	if got := ann.Menu(chat); len(got) != 1 || got[0].Name != "start" {
		t.Errorf("the menu: %v", got)
	}

	ann.Say("/page@SuhbatTestBot")
	cb := ann.Press(chat.AwaitBot(2), "Next")
	if got := cb.Await().Text; got != "page 2" {
		t.Errorf("the callback: %q", got)
	}
	if got := chat.AwaitBot(2); got.Text != "page 2" || !got.Edited() || got.Buttons[0][0].Data != "p:3" {
		t.Errorf("edited in place: %+v", got)
	}

	q := ann.Inline("1325", "").Await()
	if len(q.Results) != 1 || q.Results[0].Text != "fact about 1325" || q.Start != "inline" {
		t.Errorf("inline: %+v", q)
	}

	asked := ann.Say("one")
	chat.AwaitBot(3)
	ann.Edit(asked, "two")
	if got := chat.AwaitBot(4); got.Text != "edited: two" || got.ReplyTo != asked.ID {
		t.Errorf("an edited message: %+v", got)
	}

	forum := s.NewForum("Forum", ann)
	ann.AddBot(forum)
	topic := forum.NewTopic("Facts")
	ann.Send(forum, "@SuhbatTestBot?", telegramtest.InTopic(topic))
	if got := forum.AwaitBot(1); got.ThreadID != topic {
		t.Errorf("a topic: %+v", got)
	}

	s.Script(telegramtest.Fault{Method: "sendMessage", Effect: telegramtest.Flood(1)})
	if took := elapsed(func() { ann.Say("flood"); chat.AwaitBot(5) }); took < time.Second {
		t.Errorf("a 429 was not waited for: %s", took)
	}
	s.Script(telegramtest.Fault{Method: "sendMessage", Effect: telegramtest.InternalError()})
	ann.Say("after a 500")
	if took := elapsed(func() { chat.AwaitBot(6) }); took < time.Second {
		t.Errorf("a 500 was not waited for: %s", took)
	}
	s.ResetUpdateIDs(5)
	ann.Say("after a reset of ids")
	chat.AwaitBot(7)
	s.AwaitConfirmed()

	if got := log.String(); !strings.Contains(got, "started SuhbatTestBot\nmy_chat_member member\n") || strings.Contains(got, "error") {
		t.Errorf("log:\n%s", got)
	}
	// A second poller ends grammY, which takes a 409 for an error that lasts.
	newBot(t, s).poll(params{"timeout": 1})
	for range 100 {
		if strings.Contains(log.String(), "stopped") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if !strings.Contains(log.String(), "409: Conflict: terminated by other getUpdates request") {
		t.Error("grammY polls on after a 409")
	}
	t.Logf("%d requests; grammY said:\n%s", len(s.Requests()), log)
}

// journal is what a program writes, which may be read meanwhile.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

func startGrammY(t *testing.T, s *telegramtest.Server) *journal {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	t.Cleanup(s.Close)
	log := new(journal)
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join(*grammy, "run.js"))
	cmd.Env = append(os.Environ(), "TOKEN="+telegramtest.Token, "BASE="+server.URL)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() }) // killed by the context
	return log
}
