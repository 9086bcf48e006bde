package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
)

// script is a server that answers one call after another as it is told, and then
// with success.
type script struct {
	mu      sync.Mutex
	answers []string
	calls   []call
}

type call struct {
	method string
	params url.Values
	at     time.Time
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call{path.Base(r.URL.Path), r.PostForm, time.Now()})
	if len(s.answers) > 0 {
		next := s.answers[0]
		s.answers = s.answers[1:]
		if next != "" {
			fmt.Fprint(w, next)
			return
		}
	}
	id := r.PostForm.Get("message_id")
	if id == "" {
		id = strconv.Itoa(100 + len(s.calls))
	}
	fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%s,"date":1,"chat":{"id":5}}}`, id)
}

// seen writes the calls with some of their parameters.
func (s *script) seen(params ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, c := range s.calls {
		line := c.method
		for _, p := range params {
			line += " " + p + "=" + c.params.Get(p)
		}
		all = append(all, line)
	}
	return strings.Join(all, "\n")
}

func refusal(code int, description, parameters string) string {
	return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q,"parameters":{%s}}`, code, description, parameters)
}

var (
	badGateway = `<html>502`
	serverDown = refusal(500, "Internal Server Error", "")
	tooFast    = refusal(429, "Too Many Requests: retry after 7", `"retry_after":7`)
)

// register notes what Chats is told.
type register struct {
	told []string
	err  error
}

func (r *register) Active(context.Context, bot.Address) (bool, error) { return true, r.err }

func (r *register) Leave(_ context.Context, at bot.Address, why string, _ time.Time) error {
	r.told = append(r.told, fmt.Sprint("leave ", at, " ", why))
	return r.err
}

func (r *register) Enter(context.Context, bot.Address, time.Time) error { return r.err }

func (r *register) Move(_ context.Context, from, to bot.Address) error {
	r.told = append(r.told, fmt.Sprint("move ", from, " ", to))
	return r.err
}

func testMessenger(t *testing.T, s *script, chats bot.Chats) *Messenger {
	t.Helper()
	m, err := NewMessenger(Options{Token: testToken, HTTP: inProcess{s}, Chats: chats, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func outgoing(text string) bot.Outgoing {
	return bot.Outgoing{
		To: bot.Address{Network: Network, Chat: "-5", Thread: "9"}, Lane: bot.Reminders,
		Message: message.Message{Body: []message.Block{message.Paragraph{message.Strong(text)}}},
	}
}

func TestSend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		out := outgoing("Hello")
		out.Silent, out.ReplyTo, out.Buttons = true, "8", [][]bot.Button{{{Label: "Stop these", Action: "1s"}}}
		receipt, err := testMessenger(t, s, nil).Send(t.Context(), out)
		if receipt != "101" || err != nil {
			t.Errorf("got %q, %v", receipt, err)
		}
		want := url.Values{
			"chat_id": {"-5"}, "message_thread_id": {"9"}, "text": {"Hello"}, "entities": {`[{"type":"bold","offset":0,"length":5}]`},
			"disable_notification": {"true"}, "link_preview_options": {`{"is_disabled":true}`},
			"reply_parameters": {`{"message_id":8,"allow_sending_without_reply":true}`},
			"reply_markup":     {`{"inline_keyboard":[[{"text":"Stop these","callback_data":"1s"}]]}`},
		}
		if got := s.calls[0]; got.method != "sendMessage" || got.params.Encode() != want.Encode() {
			t.Errorf("got  %s %v\nwant %v", got.method, got.params, want)
		}
	})
}

// TestSendLong checks that of a long message the first part replies and the last
// bears the buttons, and that a chat gets one a second.
func TestSendLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		out := outgoing(strings.Repeat("word ", 2000))
		out.ReplyTo, out.Buttons = "8", [][]bot.Button{{{Label: "Stop", Action: "1s"}}}
		receipt, err := testMessenger(t, s, nil).Send(t.Context(), out)
		if receipt != "101 102 103" || err != nil {
			t.Errorf("got %q, %v", receipt, err)
		}
		for i, c := range s.calls {
			if c.params.Has("reply_parameters") != (i == 0) || c.params.Has("reply_markup") != (i == 2) {
				t.Errorf("part %d: %v", i, c.params)
			}
			if i > 0 && c.at.Sub(s.calls[i-1].at) < time.Second {
				t.Errorf("part %d came after %v", i, c.at.Sub(s.calls[i-1].at))
			}
		}
	})
}

// TestAttempts checks what is done about each kind of refusal, for an answer (which
// is sent again) and for a reminder (which is not).
func TestAttempts(t *testing.T) {
	gone := refusal(403, "Forbidden: bot was kicked from the group chat", "")
	upgraded := refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", `"migrate_to_chat_id":-1007`)
	noTopic := refusal(400, "Bad Request: message thread not found", "")
	noMessage := refusal(400, "Bad Request: message to edit not found", "")
	same := refusal(400, "Bad Request: message is not modified: specified new message content is the same", "")
	tests := []struct {
		name            string
		answers         []string
		edit            bool
		answer, remind  string // the ids or the failure, and how many calls
		params, seen    string
		told            string
		least, mostTime time.Duration // for the answer
	}{
		{name: "not modified", answers: []string{same}, edit: true, answer: "[3] 1", remind: "[3] 1"},
		{name: "no topic", answers: []string{noTopic}, answer: "[102] 2", remind: "[102] 2", params: "message_thread_id", seen: "sendMessage message_thread_id=9\nsendMessage message_thread_id="},
		{name: "no topic at all", answers: []string{noTopic, noTopic}, answer: "refused 2", remind: "refused 2"},
		{name: "nothing to edit", answers: []string{noMessage}, edit: true, answer: "[102] 2", remind: "[102] 2", params: "reply_parameters", seen: "editMessageText reply_parameters=\nsendMessage reply_parameters=" + `{"message_id":8,"allow_sending_without_reply":true}`},
		{name: "kicked", answers: []string{gone}, answer: "gone 1", remind: "gone 1", told: "leave {telegram  -5 } Forbidden: bot was kicked from the group chat"},
		{name: "supergroup", answers: []string{upgraded}, answer: "[102] 2", remind: "[102] 2", params: "chat_id", seen: "sendMessage chat_id=-5\nsendMessage chat_id=-1007", told: "move {telegram  -5 } {telegram  -1007 }"},
		{name: "moves in circles", answers: []string{upgraded, upgraded}, answer: "moved 2", remind: "moved 2", told: "move {telegram  -5 } {telegram  -1007 }"},
		{name: "too fast", answers: []string{tooFast}, answer: "[102] 2", remind: "busy 1", least: 7 * time.Second, mostTime: 9 * time.Second},
		{name: "too fast for long", answers: slices.Repeat([]string{tooFast}, 20), answer: "[121] 21", remind: "busy 1", least: 140 * time.Second, mostTime: 180 * time.Second},
		{name: "gateway once", answers: []string{badGateway}, answer: "[102] 2", remind: "uncertain 1", least: time.Second, mostTime: 4 * time.Second},
		{name: "gateway three times", answers: []string{badGateway, serverDown, badGateway}, answer: "uncertain 3", remind: "uncertain 1", mostTime: time.Minute},
		{name: "edit is uncertain", answers: []string{badGateway}, edit: true, answer: "[3] 2", remind: "[3] 2"},
		{name: "our mistake", answers: []string{refusal(400, "Bad Request: BUTTON_DATA_INVALID", "")}, answer: "refused 1", remind: "refused 1"},
		{name: "token", answers: slices.Repeat([]string{refusal(401, "Unauthorized", "")}, 99), answer: "not sent 6", remind: "not sent 1", mostTime: time.Minute},
	}
	for _, tt := range tests {
		for _, lane := range []bot.Lane{bot.Answers, bot.Reminders} {
			t.Run(fmt.Sprint(tt.name, " ", lane), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s, chats := &script{answers: slices.Clone(tt.answers)}, &register{}
					to := target{to: outgoing("").To, replyTo: "8", again: lane == bot.Answers}
					if tt.edit {
						to.edit = "3"
					}
					start := time.Now()
					ids, err := testMessenger(t, s, chats).send(t.Context(), lane, to, part{text: "x", first: true})
					got, want := fmt.Sprint(ids), tt.answer
					if lane == bot.Reminders {
						want = tt.remind
					}
					if se, ok := errors.AsType[*bot.SendError](err); ok {
						got = string(se.Failure)
						if se.Failure == bot.Uncertain {
							got = "uncertain"
						}
					}
					if got = fmt.Sprint(got, " ", len(s.calls)); got != want {
						t.Errorf("got %s, want %s (%v)", got, want, err)
					}
					if tt.seen != "" && s.seen(tt.params) != tt.seen {
						t.Errorf("got  %s\nwant %s", s.seen(tt.params), tt.seen)
					}
					if got := strings.Join(chats.told, "; "); got != tt.told {
						t.Errorf("told %q, want %q", got, tt.told)
					}
					if took := time.Since(start); lane == bot.Answers && tt.mostTime > 0 && (took < tt.least || took > tt.mostTime) {
						t.Errorf("took %v", took)
					}
				})
			})
		}
	}
}

// TestBusyIsShared checks that nobody sends while the server wants nothing.
func TestBusyIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []string{tooFast}}
		m := testMessenger(t, s, nil)
		start := time.Now()
		_, err := m.Send(t.Context(), outgoing("first"))
		var se *bot.SendError
		if !errors.As(err, &se) || se.Failure != bot.Busy || se.After != 7*time.Second {
			t.Errorf("got %v", err)
		}
		other := outgoing("second")
		other.To.Chat, other.To.Thread = "6", ""
		if _, err := m.Send(t.Context(), other); err != nil || time.Since(start) < 7*time.Second {
			t.Errorf("another chat: %v after %v", err, time.Since(start))
		}
	})
}

// TestCannotNote checks that what could not be noted is not swallowed: a group would
// go on under its old address, or get messages that it does not take.
func TestCannotNote(t *testing.T) {
	full := errors.New("disk full")
	for answer, want := range map[string]bot.Failure{
		refusal(403, "Forbidden: bot was blocked by the user", ""): bot.Gone,
		refusal(400, "Bad Request", `"migrate_to_chat_id":-1007`):  bot.Moved,
	} {
		s := &script{answers: []string{answer}}
		_, err := testMessenger(t, s, &register{err: full}).Send(t.Context(), outgoing("x"))
		var se *bot.SendError
		if !errors.As(err, &se) || se.Failure != want || !errors.Is(err, full) || len(s.calls) != 1 {
			t.Errorf("got %v after %d calls, want %q", err, len(s.calls), want)
		}
	}
}

// TestSendHalf checks that a message of which a part is out is not sent again as a
// whole.
func TestSendHalf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []string{"", refusal(400, "Bad Request: something", "")}}
		receipt, err := testMessenger(t, s, nil).Send(t.Context(), outgoing(strings.Repeat("word ", 1000)))
		var se *bot.SendError
		if receipt != "101" || !errors.As(err, &se) || se.Failure != bot.Uncertain {
			t.Errorf("got %q, %v", receipt, err)
		}
	})
}

// TestSendNothing checks what never leaves.
func TestSendNothing(t *testing.T) {
	for name, change := range map[string]func(*bot.Outgoing){
		"no words":         func(o *bot.Outgoing) { o.Message = message.Message{} },
		"chat":             func(o *bot.Outgoing) { o.To.Chat = "C0123" },
		"no chat":          func(o *bot.Outgoing) { o.To.Chat = "" },
		"no name":          func(o *bot.Outgoing) { o.To.Chat = "@" },
		"topic":            func(o *bot.Outgoing) { o.To.Thread = "1.5" },
		"reply":            func(o *bot.Outgoing) { o.ReplyTo = "x" },
		"edit":             func(o *bot.Outgoing) { o.Edit = "x" },
		"for one in group": func(o *bot.Outgoing) { o.OnlyTo = "77" },
	} {
		s := &script{}
		out := outgoing("x")
		change(&out)
		_, err := testMessenger(t, s, nil).Send(t.Context(), out)
		var se *bot.SendError
		if !errors.As(err, &se) || se.Failure != bot.Refused || len(s.calls) > 0 {
			t.Errorf("%s: got %v after %d calls", name, err, len(s.calls))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := &script{}
	_, err := testMessenger(t, s, nil).Send(ctx, outgoing("x"))
	var se *bot.SendError
	if !errors.As(err, &se) || se.Failure != bot.NotSent || len(s.calls) > 0 {
		t.Errorf("cancelled: got %v after %d calls", err, len(s.calls))
	}
	if _, err := NewMessenger(Options{Token: testToken}); err == nil {
		t.Error("a Messenger without a clock")
	}
}

func TestRelabel(t *testing.T) {
	s := &script{}
	m := testMessenger(t, s, nil)
	to := target{to: outgoing("").To, edit: "3", relabel: true}
	p := m.renderer().relabelled(nil, [][]bot.Button{{{Label: "Thanks", Action: "1t"}}})
	if ids, err := m.send(t.Context(), bot.Answers, to, p); err != nil || !slices.Equal(ids, []string{"3"}) {
		t.Errorf("got %v, %v", ids, err)
	}
	if want := `editMessageReplyMarkup text= message_id=3 reply_markup={"inline_keyboard":[[{"text":"Thanks","callback_data":"1t"}]]}`; s.seen("text", "message_id", "reply_markup") != want {
		t.Errorf("got %s", s.seen("text", "message_id", "reply_markup"))
	}
	to.edit = ""
	if _, err := m.send(t.Context(), bot.Answers, to, p); err == nil {
		t.Error("buttons of no message")
	}
}

// TestPromptIsNew checks that a prompt is a new message, since no edit opens the
// field, and that it opens for whoever asked.
func TestPromptIsNew(t *testing.T) {
	synctest.Test(t, testPromptIsNew)
}

func testPromptIsNew(t *testing.T) {
	s := &script{}
	m := testMessenger(t, s, nil)
	to := target{to: outgoing("").To, edit: "3"}
	p := part{text: "A word?", first: true, markup: forceReply{ForceReply: true}}
	want := `sendMessage {"force_reply":true}` + "\n" + `sendMessage {"force_reply":true,"selective":true}`
	for _, replyTo := range []string{"", "8"} {
		to.replyTo = replyTo
		if _, err := m.send(t.Context(), bot.Answers, to, p); err != nil {
			t.Error(err)
		}
	}
	if got := strings.ReplaceAll(s.seen("reply_markup"), "reply_markup=", ""); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{}
		m := testMessenger(t, s, nil)
		quick := m.typing(t.Context(), outgoing("").To)
		time.Sleep(299 * time.Millisecond)
		quick()
		quick()
		time.Sleep(time.Minute)
		if len(s.calls) > 0 {
			t.Error("typing was shown for a quick answer")
		}
		slow := m.typing(t.Context(), outgoing("").To)
		time.Sleep(10 * time.Second)
		slow()
		slow()
		time.Sleep(time.Minute)
		want := strings.TrimSpace(strings.Repeat("sendChatAction chat_id=-5 message_thread_id=9 action=typing\n", 3))
		if got := s.seen("chat_id", "message_thread_id", "action"); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		s.answers = slices.Repeat([]string{tooFast}, 9)
		again := m.typing(t.Context(), outgoing("").To)
		time.Sleep(time.Minute)
		again()
		if len(s.calls) != 4 {
			t.Errorf("%d calls: typing goes on although it fails", len(s.calls))
		}
	})
}
