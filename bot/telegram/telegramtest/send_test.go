package telegramtest_test

import (
	"slices"
	"strings"
	"testing"

	"suhbat/bot/telegram/telegramtest"
)

func keyboard(buttons ...params) params { return params{"inline_keyboard": [][]params{buttons}} }

func TestSendMessage(t *testing.T) {
	_, b, ann, chat := start(t)
	asked := ann.Say("Where?")
	b.ok("sendMessage", params{
		"chat_id": chat.ID, "text": "Almaty 🏔 (source)", "disable_notification": true,
		"entities":             []params{{"type": "bold", "offset": 0, "length": 6}, {"type": "text_link", "offset": 11, "length": 6, "url": "https://example.org"}},
		"link_preview_options": params{"is_disabled": true},
		"reply_parameters":     params{"message_id": asked.ID},
		"reply_markup":         keyboard(params{"text": "More", "callback_data": "m"}, params{"text": "Open", "url": "https://example.org"}),
	})
	got := chat.AwaitBot(1)
	if got.Part(got.Entities[1]) != "source" || got.Preview || !got.Silent || got.ReplyTo != asked.ID || got.Edited() {
		t.Errorf("got %+v", got)
	}
	if !slices.Equal(got.Labels(), []string{"More", "Open"}) {
		t.Errorf("buttons: %q", got.Labels())
	}
}

func TestSendRefused(t *testing.T) {
	_, b, ann, chat := start(t, telegramtest.Lax())
	ann.Say("what was said")
	with := func(name string, value any) params {
		p := text(chat, "ab 🏔 c")
		p[name] = value
		return p
	}
	entity := func(offset, length int) any {
		return []params{{"type": "bold", "offset": offset, "length": length}}
	}
	for _, tt := range []struct {
		p    params
		want string
	}{
		{params{"chat_id": 5, "text": "x"}, "Bad Request: chat not found"},
		{params{"chat_id": "@nobody", "text": "x"}, "Bad Request: chat not found"},
		{text(chat, " \n"), "Bad Request: message text is empty"},
		{text(chat, strings.Repeat("🏔", 2049)), "Bad Request: message is too long"},
		{with("entities", entity(4, 1)), "begins in a middle of a UTF-16 symbol"},
		{with("entities", entity(0, 4)), "ends in a middle of a UTF-16 symbol"},
		{with("entities", entity(5, 3)), "ends after the end of the text"},
		{with("message_thread_id", 3), "Bad Request: message thread not found"},
		{with("reply_parameters", params{"message_id": 99}), "message to be replied not found"},
		{with("reply_parameters", params{"message_id": 1, "quote": "not said"}), "QUOTE_TEXT_INVALID"},
		{with("reply_markup", keyboard(params{"text": "x", "callback_data": strings.Repeat("d", 65)})), "Bad Request: BUTTON_DATA_INVALID"},
		{with("reply_markup", keyboard(params{"text": "x"})), "Text buttons are unallowed"},
		{with("reply_markup", keyboard(params{"text": "", "callback_data": "x"})), "Text must be non-empty"},
		{with("reply_markup", keyboard(params{"text": "x", "url": "no url"})), "BUTTON_URL_INVALID"},
	} {
		b.refused("sendMessage", tt.p, tt.want)
	}
	if n := len(chat.FromBot()); n != 0 {
		t.Errorf("%d messages came through", n)
	}
	b.ok("sendMessage", text(chat, strings.Repeat("🏔", 2048)))
	b.ok("sendMessage", with("reply_parameters", params{"message_id": 99, "allow_sending_without_reply": true}))
	b.ok("sendMessage", with("reply_markup", params{"force_reply": true}))
	if !chat.AwaitBot(3).Force {
		t.Error("force_reply is lost")
	}
}

func TestEditAndDelete(t *testing.T) {
	_, b, ann, chat := start(t)
	theirs := ann.Say("mine")
	var sent struct {
		ID int `json:"message_id"`
	}
	more := keyboard(params{"text": "More", "callback_data": "m"})
	b.ok("sendMessage", params{"chat_id": chat.ID, "text": "one", "reply_markup": more}, &sent)
	edit := func(text string, id int, markup any) params {
		p := params{"chat_id": chat.ID, "message_id": id, "text": text}
		if markup != nil {
			p["reply_markup"] = markup
		}
		return p
	}
	b.refused("editMessageText", edit("one", sent.ID, more), "Bad Request: message is not modified: ")
	b.refused("editMessageText", edit("two", 99, nil), "Bad Request: message to edit not found")
	b.refused("editMessageText", edit("two", theirs.ID, nil), "message can't be edited")
	b.ok("editMessageText", edit("two", sent.ID, nil))
	if got := chat.Message(sent.ID); got.Text != "two" || !got.Edited() || got.Buttons != nil {
		t.Errorf("got %+v", got)
	}
	b.ok("editMessageReplyMarkup", params{"chat_id": chat.ID, "message_id": sent.ID, "reply_markup": more})
	b.refused("editMessageReplyMarkup", params{"chat_id": chat.ID, "message_id": sent.ID, "reply_markup": more}, "message is not modified")
	b.ok("deleteMessage", params{"chat_id": chat.ID, "message_id": sent.ID})
	b.refused("deleteMessage", params{"chat_id": chat.ID, "message_id": sent.ID}, "message to delete not found")
	b.ok("deleteMessages", params{"chat_id": chat.ID, "message_ids": []int{theirs.ID, 99}})
	if n := len(chat.Messages()); n != 0 {
		t.Errorf("%d messages left", n)
	}
}

func TestForms(t *testing.T) {
	s, b, _, chat := start(t)
	for _, p := range []func() (string, string){urlForm, multipartForm} {
		kind, body := p()
		if got := post(t, s, "sendMessage", kind, body); !strings.Contains(got, `"ok":true`) {
			t.Errorf("%s: %s", kind, got)
		}
	}
	b.ok("sendMessage?chat_id=5000000001", params{"text": "by the query"})
	if got := chat.AwaitBot(3); got.Text != "by the query" {
		t.Errorf("got %q", got.Text)
	}
	if got := s.Requests("sendmessage"); len(got) != 3 || got[0].Params["text"] != "hi" || got[0].Int("chat_id") != 5000000001 || !got[0].OK() {
		t.Errorf("requests: %+v", got)
	}
}

func TestActionsAndReactions(t *testing.T) {
	_, b, ann, chat := start(t, telegramtest.Lax())
	asked := ann.Say("hello")
	b.ok("sendChatAction", params{"chat_id": chat.ID, "action": "typing"})
	b.refused("sendChatAction", params{"chat_id": chat.ID, "action": "sleeping"}, "wrong parameter action in request")
	if got := chat.Actions(); len(got) != 1 || got[0].Action != "typing" {
		t.Errorf("got %v", got)
	}
	b.ok("setMessageReaction", params{"chat_id": chat.ID, "message_id": asked.ID, "reaction": []params{{"type": "emoji", "emoji": "👀"}}})
	b.refused("setMessageReaction", params{"chat_id": chat.ID, "message_id": asked.ID, "reaction": []params{{"type": "emoji", "emoji": "🧮"}}}, "REACTION_INVALID")
	if got := chat.Message(asked.ID).Reaction; !slices.Equal(got, []string{"👀"}) {
		t.Errorf("got %v", got)
	}
}
