package telegramtest_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"suhbat/bot/telegram/telegramtest"
)

func TestInline(t *testing.T) {
	_, b, ann, chat := start(t, telegramtest.Lax())
	q := ann.Inline("1325", "")
	var query struct{ ID, Query string }
	if err := json.Unmarshal(b.poll(nil)[0]["inline_query"], &query); err != nil || query.Query != "1325" || query.ID != q.ID {
		t.Errorf("got %+v, %v", query, err)
	}
	article := func(id string) params {
		return params{
			"type": "article", "id": id, "title": "1325", "input_message_content": params{"message_text": "adopted " + id},
			"reply_markup": keyboard(params{"text": "More", "callback_data": "m"}),
		}
	}
	answer := func(results ...params) params {
		return params{"inline_query_id": q.ID, "results": results, "cache_time": 60, "next_offset": "20"}
	}
	many := make([]params, 51)
	for i := range many {
		many[i] = article(strconv.Itoa(i))
	}
	b.refused("answerInlineQuery", answer(many...), "RESULTS_TOO_MUCH")
	b.refused("answerInlineQuery", answer(article("a"), article("a")), "RESULT_ID_DUPLICATE")
	b.refused("answerInlineQuery", answer(article(strings.Repeat("a", 65))), "RESULT_ID_INVALID")
	with := answer(article("a"), article("b"))
	with["button"] = params{"text": "Open", "start_parameter": "not valid"}
	b.refused("answerInlineQuery", with, "START_PARAM_INVALID")
	with["button"] = params{"text": "Open", "start_parameter": "inline"}
	b.ok("answerInlineQuery", with)
	b.refused("answerInlineQuery", with, "query is too old")
	got := q.Await()
	if len(got.Results) != 2 || got.Cache != time.Minute || got.Next != "20" || got.Label != "Open" || got.Start != "inline" {
		t.Errorf("got %+v", got)
	}
	m := q.Choose("b", chat)
	ann.Press(m, "More")
	if got := b.kinds(); got != "inline_query chosen_inline_result message callback_query" {
		t.Errorf("got %q", got)
	}
	b.ok("editMessageText", params{"inline_message_id": "AQAAAD" + q.ID + "b", "text": "adopted in 2000"})
	if got := chat.Message(m.ID).Text; got != "adopted in 2000" {
		t.Errorf("got %q", got)
	}
}

func TestCommands(t *testing.T) {
	s, b, ann, chat := start(t, telegramtest.Lax())
	set := func(name string, scope params, language string) params {
		p := params{"commands": []params{{"command": name, "description": "About " + name}}, "language_code": language}
		if scope != nil {
			p["scope"] = scope
		}
		return p
	}
	b.ok("setMyCommands", set("help", nil, ""))
	b.ok("setMyCommands", set("private", params{"type": "all_private_chats"}, "en"))
	b.ok("setMyCommands", set("here", params{"type": "chat", "chat_id": chat.ID}, "ru"))
	b.refused("setMyCommands", set("Help!", nil, ""), "BOT_COMMAND_INVALID")
	b.refused("setMyCommands", set("help", nil, "english"), "invalid language code specified")
	b.refused("setMyCommands", set("help", params{"type": "chat", "chat_id": 5}, ""), "chat not found")
	b.refused("setMyCommands", params{"commands": []params{{"command": "x", "description": ""}}}, "BOT_COMMAND_DESCRIPTION_INVALID")
	var got []telegramtest.Command
	b.ok("getMyCommands", params{"scope": params{"type": "all_private_chats"}, "language_code": "en"}, &got)
	if len(got) != 1 || got[0].Name != "private" {
		t.Errorf("got %v", got)
	}
	if got := ann.Menu(chat); len(got) != 1 || got[0].Name != "private" {
		t.Errorf("in private: %v", got)
	}
	if got := ann.Menu(s.NewGroup("Readers", ann)); len(got) != 1 || got[0].Name != "help" {
		t.Errorf("in a group: %v", got)
	}
	b.ok("deleteMyCommands", nil)
	if got := s.Commands("default", ""); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}

func TestProfile(t *testing.T) {
	s, b, _, _ := start(t, telegramtest.Lax())
	b.ok("setMyName", params{"name": "Сұхбат", "language_code": "kk"})
	b.ok("setMyDescription", params{"description": "Facts"})
	b.ok("setMyShortDescription", params{"short_description": "Facts", "language_code": "en"})
	b.refused("setMyShortDescription", params{"short_description": strings.Repeat("x", 121)}, "BOT_SHORT_DESCRIPTION_INVALID")
	var got map[string]string
	b.ok("getMyName", params{"language_code": "kk"}, &got)
	b.ok("getMyDescription", params{"language_code": "ru"}, &got)
	b.ok("getMyShortDescription", nil, &got)
	if got["name"] != "Сұхбат" || got["description"] != "Facts" || got["short_description"] != "" {
		t.Errorf("got %q", got)
	}
	b.ok("setMyDescription", params{"description": ""})
	if got := s.ProfileText("description", ""); got != "" {
		t.Errorf("got %q", got)
	}
	b.ok("setChatMenuButton", params{"menu_button": params{"type": "commands"}})
	b.ok("getChatMenuButton", nil, &struct{ Type *string }{})
}

func TestChatInfo(t *testing.T) {
	s, b, ann, chat := start(t)
	bob := s.NewUser("Bob", "")
	group := s.NewSupergroup("Readers", ann, bob)
	ann.AddBot(group)
	var info struct{ Title, Type, Status string }
	b.ok("getChat", params{"chat_id": group.ID}, &info)
	if info.Title != "Readers" || info.Type != "supergroup" {
		t.Errorf("got %+v", info)
	}
	group.Promote(bob, true)
	for id, want := range map[int64]string{ann.ID: "creator", bob.ID: "administrator", s.NewUser("Eve", "").ID: "left", telegramtest.BotID: "member"} {
		b.ok("getChatMember", params{"chat_id": group.ID, "user_id": id}, &info)
		if info.Status != want {
			t.Errorf("%d: got %q, want %q", id, info.Status, want)
		}
	}
	b.refused("getChatMember", params{"chat_id": group.ID, "user_id": 7}, "PARTICIPANT_ID_INVALID")
	var admins []struct{ Status string }
	b.ok("getChatAdministrators", params{"chat_id": group.ID}, &admins)
	if len(admins) != 2 {
		t.Errorf("got %v", admins)
	}
	b.refused("getChatAdministrators", params{"chat_id": chat.ID}, "there are no administrators in the private chat")
	b.ok("leaveChat", params{"chat_id": group.ID})
	if got := group.BotStatus(); got != "left" {
		t.Errorf("got %q", got)
	}
}
