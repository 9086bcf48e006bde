package telegram

import (
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/bot/bottest"
	"suhbat/bot/telegram/telegramtest"
)

// TestResolve: a channel has one subscription, whether it is named or numbered.
func TestResolve(t *testing.T) {
	t.Parallel()
	asked := 0
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.FormValue("chat_id") != "@women_peace" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`)
			return
		}
		_, _ = io.WriteString(w, `{"ok":true,"result":{"id":-1001234567890,"type":"channel","title":"Women"}}`)
	})
	now := time.Unix(0, 0)
	tg, err := New(Config{
		Token: telegramtest.Token, APIURL: telegramtest.URL, HTTP: &http.Client{Transport: telegramtest.Transport(server)},
		Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	}, new(parrot), new(bottest.Inbox), new(bottest.Chats))
	if err != nil {
		t.Fatal(err)
	}
	at := func(chat string) bot.Address { return bot.Address{Network: Network, Chat: chat} }
	for _, tt := range []struct {
		chat, want string
		after      time.Duration
		asked      int
	}{
		{"-5", "-5", 0, 0},
		{"@women_peace", "-1001234567890", 0, 1},
		{"@women_peace", "-1001234567890", namesLast - 1, 1},
		{"@women_peace", "-1001234567890", namesLast, 2}, // the name may be another's by now
		{"@nobody_here", "", 0, 3},
	} {
		now = time.Unix(0, 0).Add(tt.after)
		got, err := tg.Resolve(t.Context(), at(tt.chat))
		if (err == nil) != (tt.want != "") || tt.want != "" && got != at(tt.want) || asked != tt.asked {
			t.Errorf("%s is %v, %v after asking %d times, want %s after %d", tt.chat, got, err, asked, tt.want, tt.asked)
		}
	}
}
