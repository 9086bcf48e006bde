package app

import (
	"net/http"
	"testing"
)

// TestCallNames: what a span is called shows the method of the API and no secret, be it
// the token in Telegram's addresses or Slack's response_url.
func TestCallNames(t *testing.T) {
	for _, tt := range []struct {
		call    func(*http.Request) string
		address string
		want    string
	}{
		{telegramCall, "https://api.telegram.org/bot123:ABC-def/sendMessage", "telegram sendMessage"},
		{telegramCall, "http://localhost:8081/own/bot123:ABC/getMe", "telegram getMe"},
		{telegramCall, "https://api.telegram.org/file/bot123:ABC/photos/secret.jpg", "telegram"},
		{telegramCall, "https://api.telegram.org/bot123:ABC", "telegram"},
		{telegramCall, "https://api.telegram.org/bot123:ABC/send%2fx?y=z", "telegram"},
		{slackCall, "https://slack.com/api/chat.postMessage", "slack chat.postMessage"},
		{slackCall, "https://slack.com/api/oauth.v2.access", "slack oauth.v2.access"},
		{slackCall, "https://hooks.slack.com/commands/T1/2/secretWORD", "slack response_url"},
		{slackCall, "https://hooks.slack.com/actions/T1/2/sEcReT123", "slack response_url"},
		{slackCall, "https://hooks.slack.com/", "slack response_url"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tt.address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.call(r); got != tt.want {
			t.Errorf("%s is called %q, want %q", tt.address, got, tt.want)
		}
	}
}
