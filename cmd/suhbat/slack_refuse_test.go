package main

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"suhbat/bot/slack/slacktest"
)

// TestSlackForged: what Slack has not signed, or not now, is answered by 401 alone;
// two secrets count while one is rotated.
func TestSlackForged(t *testing.T) {
	t.Parallel()
	s := newSlackService(t, slacktest.Config{}, map[string]string{
		"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_SIGNING_SECRET": slacktest.NextSigningSecret + ", " + slacktest.SigningSecret,
	})
	_, aigul, general := s.people()
	s.run()
	for name, twist := range map[string]slacktest.Twist{
		"forged": slacktest.Forged, "unsigned": slacktest.Unsigned, "stale": slacktest.Aged(6 * time.Minute), "early": slacktest.Aged(-6 * time.Minute), "tampered": slacktest.Tampered,
	} {
		if a := aigul.Slash(general, "/wps", "who chaired in 2022?", twist).Last(); a.Status != http.StatusUnauthorized || strings.TrimSpace(string(a.Body)) != "unauthorized" {
			t.Errorf("%s: got %d %s", name, a.Status, a.Body)
		}
	}
	if ok, a := s.Verify(); !ok {
		t.Errorf("url_verification: %+v", a)
	}
	if ok, _ := s.Verify(slacktest.Forged); ok {
		t.Error("a forged url_verification is answered")
	}
	if a := s.CheckSSL(); a.Status != http.StatusOK {
		t.Errorf("ssl_check: %+v", a)
	}
	aigul.Slash(general, "/wps", "who chaired in 2022?")
	aigul.Await(general, "the answer", contains("Turkmenistan"))
	s.RotateSigningSecret()
	aigul.Slash(general, "/wps", "who chaired in 2023?")
	aigul.Await(general, "the answer with the next secret", contains("Kazakhstan"))
	s.Settle()
	s.stop()
}

// TestSlackRefuses: settings that are wrong, missing or at odds are said in a line, at
// once.
func TestSlackRefuses(t *testing.T) {
	t.Parallel()
	many := map[string]string{
		"SLACK_CLIENT_ID": slacktest.ClientID, "SLACK_CLIENT_SECRET": slacktest.ClientSecret, "SLACK_SIGNING_SECRET": slacktest.SigningSecret,
		"SUHBAT_ENCRYPTION_KEY": strings.Repeat("ab", 32), "SUHBAT_PUBLIC_URL": "https://suhbat.example",
	}
	but := func(name, value string) map[string]string {
		env := maps.Clone(many)
		env[name] = value
		return env
	}
	one := map[string]string{"SLACK_BOT_TOKEN": slacktest.BotToken}
	for _, tt := range []struct {
		name string
		env  map[string]string
		code int
		want string
	}{
		{"a token alone", one, 2, "SLACK_SIGNING_SECRET or SLACK_APP_TOKEN is missing"},
		{"a signing secret alone", map[string]string{"SLACK_SIGNING_SECRET": slacktest.SigningSecret}, 2, "SLACK_BOT_TOKEN or SLACK_CLIENT_ID is missing"},
		{"a token of a user", map[string]string{"SLACK_BOT_TOKEN": "xoxp-" + slacktest.Mark}, 2, "SLACK_BOT_TOKEN is not what it should be"},
		{"a bot token for an app token", map[string]string{"SLACK_BOT_TOKEN": slacktest.BotToken, "SLACK_APP_TOKEN": slacktest.BotToken}, 2, "SLACK_APP_TOKEN is not what it should be"},
		{"one and many", but("SLACK_BOT_TOKEN", slacktest.BotToken), 2, "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are set"},
		{"no client secret", but("SLACK_CLIENT_SECRET", ""), 2, "SLACK_CLIENT_SECRET"},
		{"no key", but("SUHBAT_ENCRYPTION_KEY", ""), 2, "SUHBAT_ENCRYPTION_KEY is missing"},
		{"a short key", but("SUHBAT_ENCRYPTION_KEY", "hello"), 2, "SUHBAT_ENCRYPTION_KEY is not 32 random bytes"},
		{"no public address", but("SUHBAT_PUBLIC_URL", ""), 2, "SUHBAT_PUBLIC_URL is missing"},
		{"an address that is none", but("SLACK_API_URL", "slack"), 2, "SLACK_API_URL"},
		{"a command without a slash", but("SLACK_COMMAND", "wps"), 2, "SLACK_COMMAND"},
		{"a file that is missing", map[string]string{"SLACK_BOT_TOKEN_FILE": "missing"}, 2, "SLACK_BOT_TOKEN_FILE cannot be read"},
		{"a webhook without a bot", but("TELEGRAM_WEBHOOK_SECRET", "secret"), 2, "TELEGRAM_WEBHOOK_SECRET is set, but TELEGRAM_BOT_TOKEN is not"},
		{"a token that Slack does not know", map[string]string{"SLACK_BOT_TOKEN": "xoxb-" + slacktest.Mark + "-9", "SLACK_SIGNING_SECRET": "s"}, 1, "SLACK_BOT_TOKEN"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSlackService(t, slacktest.Config{}, tt.env)
			if s.env["SLACK_API_URL"] == "" {
				delete(s.env, "SLACK_API_URL")
			}
			s.start()
			_ = s.cmd.Wait()
			out := s.out.String()
			last := out[strings.LastIndex(strings.TrimSpace(out), "\n")+1:]
			if got := s.cmd.ProcessState.ExitCode(); got != tt.code || !strings.Contains(last, tt.want) {
				t.Errorf("exit code %d, last line %q; want %d and %q", got, last, tt.code, tt.want)
			}
			if tt.code == 2 && strings.Count(out, "\n") != 1 {
				t.Errorf("it says more than a line:\n%s", out)
			}
		})
	}
}
