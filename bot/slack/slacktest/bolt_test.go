package slacktest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"suhbat/bot/slack/slacktest"
)

// TestBolt runs an app on Slack's own library against the fake, on sockets. Where
// `npm install` was not run in .tools/peer/bolt, it has nothing to run.
func TestBolt(t *testing.T) {
	for _, socketMode := range []bool{false, true} {
		t.Run(fmt.Sprintf("socket mode %v", socketMode), func(t *testing.T) { testBolt(t, socketMode) })
	}
}

func testBolt(t *testing.T, socketMode bool) {
	const events = "/slack/events" // Bolt has one address for everything
	s := slacktest.New(t, slacktest.Config{SocketMode: socketMode, CommandPath: events, EventPath: events, InteractionPath: events})
	s.Listen()
	w := s.Workspace("Almaty")
	aigul := w.AddUser(slacktest.Profile{Name: "Aigul"})
	ch := w.AddChannel("general", aigul).Invite()
	address, version := startBolt(t, s, w.Token(), socketMode)
	t.Logf("Bolt for JavaScript %s, socket mode: %v", version, socketMode)
	if socketMode {
		s.AwaitConnections(1)
	} else {
		s.ConnectURL(address)
		if ok, a := s.Verify(); !ok {
			t.Errorf("url_verification: %+v", a)
		}
		for name, twist := range map[string]slacktest.Twist{"forged": slacktest.Forged, "stale": slacktest.Aged(6 * 60e9), "tampered": slacktest.Tampered} {
			if a := w.Admin().Slash(ch, "/wps", "x", twist).Last(); a.Status != http.StatusUnauthorized {
				t.Errorf("%s: Bolt answered %d", name, a.Status)
			}
		}
	}
	useBolt(t, s, aigul, ch)
}

// useBolt does what a user can do.
func useBolt(t *testing.T, s *slacktest.Slack, aigul *slacktest.User, ch *slacktest.Channel) {
	aigul.Slash(ch, "/wps", "who & when")
	private := aigul.Await(ch, "the acknowledgement's message", slacktest.ByApp)
	if private.Text != "You asked: who &amp; when" || private.OnlyTo != aigul.ID {
		t.Errorf("slash command: %+v", private)
	}
	aigul.Press(private, "Share")
	saying := func(text string) func(slacktest.Message) bool {
		return func(m slacktest.Message) bool { return m.Text == text && m.BotID != "" && m.OnlyTo == "" }
	}
	aigul.Await(ch, "the shared message", saying("shared"))
	if slices.ContainsFunc(aigul.Sees(ch), func(m slacktest.Message) bool { return m.TS == private.TS }) {
		t.Error("the private message was not deleted")
	}
	aigul.Slash(ch, "/later", "")
	aigul.Await(ch, "what came by the response URL", saying("later"))
	m := aigul.Mention(ch, "hello")
	if reply := aigul.Await(ch, "the reply to a mention", saying("in the thread")); reply.ThreadTS != m.TS {
		t.Errorf("reply in thread %s, want %s", reply.ThreadTS, m.TS)
	}
	aigul.OpenHome("home")
	s.Await("the App Home", func() bool { _, ok := aigul.Home(); return ok })
	aigul.GlobalShortcut("ask")
	s.Await("the modal", func() bool { _, ok := aigul.Modal(); return ok })
	aigul.Submit(map[string]string{"text": "bad"})
	if aigul.FieldErrors()["why"] != "no" {
		t.Errorf("field errors: %v", aigul.FieldErrors())
	}
	aigul.Submit(map[string]string{"text": "good"})
	if _, open := aigul.Modal(); open {
		t.Error("the modal stays open")
	}
}

func startBolt(t *testing.T, s *slacktest.Slack, token string, socketMode bool) (address, version string) {
	dir := filepath.Join("..", "..", "..", ".tools", "peer", "bolt")
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		t.Skip("run npm install in .tools/peer/bolt for this")
	}
	cmd := exec.CommandContext(t.Context(), "node", "app.cjs")
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.Env = append(os.Environ(), "TOKEN="+token, "SIGNING_SECRET="+slacktest.SigningSecret, "API_URL="+s.URL())
	if socketMode {
		cmd.Env = append(cmd.Env, "APP_TOKEN="+slacktest.AppToken)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var up struct {
			Version string
			Port    int
		}
		if json.Unmarshal(lines.Bytes(), &up) == nil && up.Version != "" {
			return fmt.Sprintf("http://127.0.0.1:%d", up.Port), up.Version
		}
		t.Log(lines.Text())
	}
	t.Fatal("Bolt did not start")
	return "", ""
}
