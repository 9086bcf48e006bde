package telegram

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

// TestGatewaySaysNotFound: a page of a gateway, whatever its status, does not end the
// program, which would be silent then until somebody starts it again; and it is
// logged.
func TestGatewaySaysNotFound(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"getMe", "getUpdates"} {
		for _, status := range []int{401, 404, 409, 502} {
			t.Run(method+" "+strconv.Itoa(status), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					w.Script(telegramtest.Fault{Method: method, Times: 3, Effect: page(status)})
					w.run()
					defer func() { _ = w.stop() }()
					ann := w.NewUser("Ann", "en")
					ann.Say("who?")
					time.Sleep(30 * time.Second)
					if n := len(ann.Open().FromBot()); n != 1 {
						t.Errorf("%d answers", n)
					}
					if !strings.Contains(w.logs.String(), strconv.Itoa(status)) {
						t.Error("the log does not tell")
					}
				})
			})
		}
	}
}

// TestNobody: an answer that does not say who the bot is, is none: without its name it
// would be deaf in groups for good.
func TestNobody(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"ok":true}`, `{"ok":true,"result":null}`, `{"ok":true,"result":{"id":0}}`, `{"ok":true,"result":{"id":7}}`} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.Script(telegramtest.Fault{Method: "getMe", Times: 2, Effect: func(context.Context, func() telegramtest.Answer) telegramtest.Answer {
					return telegramtest.Answer{Status: http.StatusOK, Type: "application/json", Body: []byte(body)}
				}})
				w.run()
				defer func() { _ = w.stop() }()
				time.Sleep(10 * time.Second)
				if self := w.tg.self.Load(); self == nil || self.id == 0 || self.name == "" {
					t.Errorf("the bot is %+v", self)
				}
				if !strings.Contains(w.logs.String(), "does not say who the bot is") {
					t.Error("the log does not tell")
				}
			})
		})
	}
}

// page is a gateway's page instead of an answer.
func page(status int) telegramtest.Effect {
	return func(context.Context, func() telegramtest.Answer) telegramtest.Answer {
		return telegramtest.Answer{Status: status, Type: "text/html", Body: []byte("<html>")}
	}
}

// TestSlowAnswerHoldsUpNobody: while one answer hangs, hundreds of others must not
// wait for it.
func TestSlowAnswerHoldsUpNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Unlimited = true
		w.run()
		defer func() { _ = w.stop() }()
		time.Sleep(time.Second)
		w.Script(telegramtest.Fault{Method: "sendMessage", Times: 1, Effect: telegramtest.Hang()})
		w.NewUser("Ann", "en").Say("who?")
		time.Sleep(time.Second)
		const many = 300
		var all []*telegramtest.Chat
		for i := range many {
			u := w.NewUser(strconv.Itoa(i), "en")
			all = append(all, u.Open())
			u.Say("and me?")
		}
		time.Sleep(6 * time.Second)
		answered := 0
		for _, chat := range all {
			answered += len(chat.FromBot())
		}
		if answered != many {
			t.Errorf("%d of %d are answered after six seconds", answered, many)
		}
	})
}

// TestPollingIsMeasured: a server that gives the same again and again, because it
// heeds no offset, is not asked thousands of times a second.
func TestPollingIsMeasured(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var polls atomic.Int64
		w.cfg.HTTP = &http.Client{Transport: telegramtest.Transport(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/getUpdates") {
				polls.Add(1)
				_, _ = rw.Write([]byte(`{"ok":true,"result":[{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"text":"who?"}}]}`))
				return
			}
			w.ServeHTTP(rw, r)
		}))}
		w.cfg.APIURL = telegramtest.URL
		w.run()
		time.Sleep(time.Minute)
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		if n := polls.Load(); n > 100 {
			t.Errorf("%d polls in a minute", n)
		}
	})
}

// TestStopsWithoutTelegram: SIGTERM ends the program in order, also before Telegram
// was ever reached, with and without a webhook: an orchestrator takes an error for a
// crash.
func TestStopsWithoutTelegram(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, secret, method string
		effect               telegramtest.Effect
	}{
		{"getMe fails", "", "getMe", telegramtest.BadGateway()},
		{"getMe hangs", "secret", "getMe", telegramtest.Hang()},
		{"getUpdates hangs", "", "getUpdates", telegramtest.Hang()},
		{"setWebhook fails", "secret", "setWebhook", telegramtest.BadGateway()},
		{"setWebhook hangs", "secret", "setWebhook", telegramtest.Hang()},
		{"everything hangs", "", "", telegramtest.Hang()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.cfg.WebhookSecret, w.cfg.PublicURL = tt.secret, "https://suhbat.example.org"
				w.Script(telegramtest.Fault{Method: tt.method, Effect: tt.effect})
				w.run()
				time.Sleep(10 * time.Second)
				start := time.Now()
				if err := w.stop(); err != nil {
					t.Errorf("it ended with %v", err)
				}
				if took := time.Since(start); took >= 5*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// TestWebhookTakesNothingTooEarly: an update that is posted before what was left over
// is taken up would be answered before it, and one that is posted while the program
// stops is not waited for: both are refused, and Telegram brings them again.
func TestWebhookTakesNothingTooEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.cfg.WebhookSecret = "secret"
		post := func() int {
			body := `{"update_id":7,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"text":"who?"}}`
			r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, WebhookPath, strings.NewReader(body))
			r.Header.Set(secretHeader, "secret")
			rec := httptest.NewRecorder()
			w.tg.Webhook().ServeHTTP(rec, r)
			return rec.Code
		}
		w.Script(telegramtest.Fault{Method: "getMe", Times: 1, Effect: telegramtest.Slow(time.Second)})
		w.run()
		if code := post(); code != http.StatusServiceUnavailable {
			t.Errorf("before it is ready it answers %d", code)
		}
		time.Sleep(5 * time.Second)
		if code := post(); code != http.StatusOK || !w.tg.LastHeard().Equal(time.Now()) {
			t.Errorf("a good update is answered by %d, and Telegram was heard %v", code, w.tg.LastHeard())
		}
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		if code := post(); code != http.StatusServiceUnavailable {
			t.Errorf("after the end it answers %d", code)
		}
	})
}
