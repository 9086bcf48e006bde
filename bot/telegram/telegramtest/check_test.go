package telegramtest_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

func TestViolations(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, tt := range []struct{ method, body, want string }{
		{"sendMessage", `{"chat_id":5000000001,"text":"x"}`, ""},
		{"sendMessage", `{"chat_id":"@name","text":"x","reply_markup":{"force_reply":true,"selective":true}}`, ""},
		{"sendMessage", `{"chat_id":5000000001}`, "text is missing"},
		{"sendMessage", `{"chat_id":5000000001,"text":5}`, "text is 5, want a string"},
		{"sendMessage", `{"chat_id":true,"text":"x"}`, "chat_id is true, want an integer"},
		{"sendMessage", `{"chat_id":5000000001,"text":"x","disable_notification":"true"}`, "disable_notification is a string, want B"},
		{"sendMessage", `{"chat_id":5000000001,"text":"x","entities":null}`, "entities is null"},
		{"sendMessage", `{"chat_id":5000000001,"text":"x","reply_to_message_id":1}`, "unknown parameter reply_to_message_id"},
		{"sendMessage", `{"chat_id":5000000001,"text":"` + long + `"}`, "text has 5000 characters, at most 4096 are allowed"},
		{"sendMessage", `{"chat_id":5000000001,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"x","callback":"y"}]]}}`, "reply_markup.inline_keyboard[0][0] has no field callback (InlineKeyboardButton)"},
		{"sendMessage", `{"chat_id":5000000001,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"` + long + `"}]]}}`, "reply_markup.inline_keyboard[0][0].callback_data has 5000 bytes, at most 64 are allowed"},
		{"sendMessage", `{"chat_id":5000000001,"text":"x","link_preview_options":{"is_disabled":null}}`, "link_preview_options.is_disabled is null"},
		{"answerInlineQuery", `{"inline_query_id":"1","results":[{"type":"article","id":"1","title":"x"}]}`, "results[0].input_message_content is missing"},
		{"setMyCommands", `{"commands":[],"scope":{"type":"chat"}}`, "scope.chat_id is missing"},
		{"setMyCommands", `{"commands":{}}`, "commands is {}, want a list"},
		{"getUpdates", `{"offset":1.5}`, "offset is 1.5, want an integer"},
	} {
		s := telegramtest.New(t, telegramtest.Lax())
		s.NewUser("Ann", "").Open()
		post(t, s, tt.method, "application/json", tt.body)
		got := ""
		for _, v := range s.Violations() {
			got += v.What
		}
		if got != tt.want {
			t.Errorf("%s %.100s:\ngot  %q\nwant %q", tt.method, tt.body, got, tt.want)
		}
	}
}

func TestViolationsOfForms(t *testing.T) {
	for body, want := range map[string]string{
		"chat_id=5000000001&text=null&disable_notification=true": "",
		"chat_id=5000000001&text=x&disable_notification=maybe":   `sendMessage: disable_notification is "maybe", want B`,
		"chat_id=5000000001&text=x&entities=null":                "sendMessage: entities is null",
		"chat_id=5000000001&text=x&message_thread_id=":           `sendMessage: message_thread_id is "", want I`,
	} {
		s := telegramtest.New(t, telegramtest.Lax())
		s.NewUser("Ann", "").Open()
		post(t, s, "sendMessage", "application/x-www-form-urlencoded", body)
		got := ""
		for _, v := range s.Violations() {
			got += v.String()
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

// silent is a test that remembers whether it failed.
type silent struct {
	testing.TB
	errors []string
	after  []func()
}

func (s *silent) Helper()          {}
func (s *silent) Cleanup(f func()) { s.after = append(s.after, f) }
func (s *silent) Errorf(format string, _ ...any) {
	s.errors = append(s.errors, format)
}

func (s *silent) Fatalf(format string, _ ...any) {
	s.errors = append(s.errors, format)
	runtime.Goexit()
}

func TestNewFailsTheTest(t *testing.T) {
	tb := &silent{TB: t}
	s := telegramtest.New(tb)
	b := newBot(t, s)
	b.refused("sendPoll", params{"chat_id": 1, "question": "x", "options": []params{}}, "the fake does not implement sendPoll")
	if len(tb.errors) != 1 {
		t.Fatalf("got %q", tb.errors)
	}
	b.call("getMe", params{"x": 1})
	for _, f := range tb.after {
		f()
	}
	if len(tb.errors) != 2 {
		t.Errorf("got %q", tb.errors)
	}
}

func TestPatience(t *testing.T) {
	bubble(func(t *testing.T) {
		tb := &silent{TB: t}
		s := telegramtest.New(tb, telegramtest.WithPatience(time.Minute))
		done := make(chan struct{})
		at := time.Now()
		go func() {
			defer close(done)
			s.AwaitAnswered("sendMessage", 1)
		}()
		<-done
		if took := time.Since(at); took != time.Minute || len(tb.errors) != 1 {
			t.Errorf("failed after %s with %q", took, tb.errors)
		}
	})(t)
}

func TestWithoutCheck(t *testing.T) {
	s := telegramtest.New(t, telegramtest.WithoutCheck())
	newBot(t, s).ok("getMe", params{"x": 1})
}
