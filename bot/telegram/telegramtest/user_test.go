package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"suhbat/bot/telegram/telegramtest"
)

func TestPrivacyMode(t *testing.T) {
	s, b, ann, _ := start(t)
	bob := s.NewUser("Bob", "ru")
	group := s.NewGroup("Readers", ann, bob)
	ann.AddBot(group)
	b.kinds()
	b.ok("sendMessage", text(group, "hello"))
	mine := group.AwaitBot(1)
	for _, tt := range []struct {
		text string
		opts []telegramtest.SendOption
		want bool
	}{
		{text: "hello all"},
		{text: "/ask something", want: true},
		{text: "/ask@SuhbatTestBot something", want: true},
		{text: "/ask@suhbattestbot something", want: true},
		{text: "/ask@OtherBot something"},
		{text: "not a/command"},
		{text: "well, @SuhbatTestBot, who?", want: true},
		{text: "@SuhbatTestBotFan, who?"},
		{text: "a reply", opts: []telegramtest.SendOption{telegramtest.Reply(mine)}, want: true},
	} {
		bob.Send(group, tt.text, tt.opts...)
		if got := b.kinds() == "message"; got != tt.want {
			t.Errorf("%q seen: %v, want %v", tt.text, got, tt.want)
		}
	}
	ann.PromoteBot(group)
	bob.Send(group, "hello all")
	if got := b.kinds(); got != "my_chat_member message" {
		t.Errorf("an administrator got %q", got)
	}
}

func TestPrivacyOff(t *testing.T) {
	s, b, ann, _ := start(t, telegramtest.WithPrivacyOff())
	group := s.NewGroup("Readers", ann)
	ann.AddBot(group)
	ann.Send(group, "hello all")
	if got := b.kinds(); got != "my_chat_member message message" {
		t.Errorf("got %q", got)
	}
}

func TestDetect(t *testing.T) {
	_, _, ann, _ := start(t)
	for text, want := range map[string]string{
		"/start abc":               "[bot_command 0 6]",
		"🏔 /ask@SuhbatTestBot, hi": "[bot_command 3 18]",
		"see /a and /b":            "[bot_command 4 2] [bot_command 11 2]",
		"x/y a//b me@example.org":  "",
		"@someone https://a.org/b": "[mention 0 8] [url 9 15]",
		"@ab":                      "",
	} {
		got := ""
		for _, e := range ann.Say(text).Entities {
			got += fmt.Sprintf(" [%s %d %d]", e.Type, e.Offset, e.Length)
		}
		if got != "" {
			got = got[1:]
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestCallback(t *testing.T) {
	s, b, ann, chat := start(t, telegramtest.Lax())
	b.ok("sendMessage", params{"chat_id": chat.ID, "text": "page 1", "reply_markup": keyboard(params{"text": "Next", "callback_data": "p:2"})})
	cb := ann.Press(chat.AwaitBot(1), "Next")
	var query struct {
		ID, Data string
		Message  struct {
			ID int `json:"message_id"`
		}
	}
	if err := json.Unmarshal(b.poll(nil)[0]["callback_query"], &query); err != nil || query.Data != "p:2" || query.ID != cb.ID || query.Message.ID != 1 {
		t.Errorf("got %+v, %v", query, err)
	}
	b.refused("answerCallbackQuery", params{"callback_query_id": "1"}, "query is too old")
	b.refused("answerCallbackQuery", params{"callback_query_id": cb.ID, "text": fmt.Sprintf("%201d", 1)}, "MESSAGE_TOO_LONG")
	b.ok("answerCallbackQuery", params{"callback_query_id": cb.ID, "text": "old", "show_alert": true})
	b.refused("answerCallbackQuery", params{"callback_query_id": cb.ID}, "query is too old")
	if got := cb.Await(); got.Text != "old" || !got.Alert || len(s.Callbacks()) != 1 {
		t.Errorf("got %+v", got)
	}
	ann.PressData(chat.AwaitBot(1), "hostile")
	if got := len(b.poll(nil)); got != 2 {
		t.Errorf("%d updates", got)
	}
}

func TestMembership(t *testing.T) {
	s, b, ann, chat := start(t)
	group := s.NewGroup("Readers", ann)
	b.refused("sendMessage", text(group, "x"), "Forbidden: bot is not a member of the group chat")
	ann.AddBot(group)
	if got := b.kinds(); got != "my_chat_member message" {
		t.Errorf("added: %q", got)
	}
	b.ok("sendMessage", text(group, "x"))
	group.Mute()
	b.refused("sendMessage", text(group, "x"), "not enough rights to send text messages to the chat")
	ann.RemoveBot(group)
	if got := b.kinds(); got != "my_chat_member message" {
		t.Errorf("removed: %q", got)
	}
	b.refused("sendMessage", text(group, "x"), "Forbidden: bot was kicked from the group chat")
	ann.Block()
	b.refused("sendMessage", text(chat, "x"), telegramtest.Blocked)
	ann.Unblock()
	b.ok("sendMessage", text(chat, "x"))
	if got := b.kinds(); got != "my_chat_member my_chat_member" {
		t.Errorf("blocked and unblocked: %q", got)
	}
	ann.Deactivate()
	b.refused("sendMessage", text(chat, "x"), telegramtest.Deactivated)
	b.refused("sendMessage", text(s.NewUser("Bob", "").Private(), "x"), "Forbidden: bot can't initiate conversation with a user")
	left := s.NewSupergroup("Left", ann)
	ann.AddBot(left)
	b.ok("leaveChat", params{"chat_id": left.ID})
	b.refused("sendMessage", text(left, "x"), telegramtest.NotMember)
	left.Delete()
	b.refused("sendMessage", text(left, "x"), "the group chat was deleted")
}

func TestMigrate(t *testing.T) {
	s, b, ann, _ := start(t)
	group := s.NewGroup("Readers", ann)
	ann.AddBot(group)
	b.kinds()
	super := group.Migrate()
	if got := b.kinds(); got != "message message" {
		t.Errorf("got %q", got)
	}
	got := b.refused("sendMessage", text(group, "x"), "Bad Request: group chat was upgraded to a supergroup chat")
	if got.Parameters.MigrateTo != super.ID {
		t.Errorf("migrate_to_chat_id: %d, want %d", got.Parameters.MigrateTo, super.ID)
	}
	b.ok("sendMessage", text(super, "x"))
}

func TestTopics(t *testing.T) {
	s, b, ann, _ := start(t)
	forum := s.NewForum("Forum", ann)
	ann.AddBot(forum)
	topic := forum.NewTopic("Facts")
	b.kinds()
	asked := ann.Send(forum, "/ask who?", telegramtest.InTopic(topic))
	var got struct {
		Thread int  `json:"message_thread_id"`
		Topic  bool `json:"is_topic_message"`
		Reply  struct {
			ID int `json:"message_id"`
		} `json:"reply_to_message"`
	}
	if err := json.Unmarshal(b.poll(nil)[0]["message"], &got); err != nil || got.Thread != topic || !got.Topic || got.Reply.ID != topic {
		t.Errorf("got %+v, %v", got, err)
	}
	b.ok("sendMessage", params{"chat_id": forum.ID, "text": "they", "message_thread_id": topic, "reply_parameters": params{"message_id": asked.ID}})
	if m := forum.AwaitBot(1); m.ThreadID != topic || m.ReplyTo != asked.ID {
		t.Errorf("got %+v", m)
	}
	b.ok("sendChatAction", params{"chat_id": forum.ID, "action": "typing", "message_thread_id": topic})
	forum.CloseTopic(topic)
	b.refused("sendMessage", params{"chat_id": forum.ID, "text": "they", "message_thread_id": topic}, "TOPIC_CLOSED")
	forum.DeleteTopic(topic)
	b.refused("sendMessage", params{"chat_id": forum.ID, "text": "they", "message_thread_id": topic}, "Bad Request: message thread not found")

	plain := s.NewSupergroup("Plain", ann)
	ann.AddBot(plain)
	first := ann.Send(plain, "/ask who?")
	if got := ann.Send(plain, "/ask when?", telegramtest.Reply(first)).ThreadID; got != first.ID {
		t.Errorf("a reply outside of forums has thread %d, want %d", got, first.ID)
	}
}

func TestChannelsAndMedia(t *testing.T) {
	s, b, ann, chat := start(t)
	channel := s.NewChannel("News", ann)
	ann.AddBot(channel)
	post := ann.Send(channel, "post")
	ann.Edit(post, "post, corrected")
	ann.SendPhoto(chat, "/ask this")
	ann.SendVoice(chat)
	ann.SendMedia(chat, "sticker", params{"file_id": "x"})
	ann.Edit(ann.Say("who"), "who?")
	if got, want := b.kinds(), "my_chat_member channel_post edited_channel_post message message message message edited_message"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.ok("sendMessage", text(channel, "hello"))
	ann.Remove(post)
	if n := len(channel.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestOddMessages(t *testing.T) {
	s, b, ann, chat := start(t)
	group := s.NewSupergroup("Readers", ann)
	ann.PromoteBot(group)
	b.kinds()
	ann.Send(group, "/settings", telegramtest.Anonymous())
	ann.Say("forwarded", telegramtest.With("forward_origin", params{"type": "hidden_user", "sender_user_name": "Eve", "date": 1}))
	b.ok("sendMessage", params{"chat_id": chat.ID, "text": "page 1", "reply_markup": keyboard(params{"text": "Next", "callback_data": "n"})})
	page := chat.AwaitBot(1)
	ann.Remove(page)
	ann.PressData(page, "n")
	updates := b.poll(nil)
	for i, want := range []string{`"username":"GroupAnonymousBot"`, `"forward_origin":{`, `"message":{"chat":`} {
		got := string(updates[i]["message"]) + string(updates[i]["callback_query"])
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	s.AwaitReceived("getUpdates", 1)
}
