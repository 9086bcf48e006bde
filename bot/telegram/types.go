package telegram

import (
	"encoding/json"
	"fmt"
	"sync/atomic"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// The types here add to those of the library what it does not know of today's API.
// A field that both have is taken from here: encoding/json prefers the shallower
// one.

// apiUpdate is something that happened (core.telegram.org/bots/api#update). At most
// one of its parts is there.
type apiUpdate struct {
	tgbotapi.Update
	Message       *apiMessage     `json:"message"`
	EditedMessage *apiMessage     `json:"edited_message"`
	ChannelPost   *apiMessage     `json:"channel_post"`
	CallbackQuery *apiCallback    `json:"callback_query"`
	InlineQuery   *apiInlineQuery `json:"inline_query"`
	MyChatMember  *apiChatMember  `json:"my_chat_member"`
}

// updateKinds are the kinds of updates that the bot asks for, as allowed_updates.
var updateKinds = []string{
	"message", "edited_message", "channel_post", "callback_query", "inline_query", "chosen_inline_result", "my_chat_member",
}

// kindOf returns the kind of an update as it came: the name of its one field beside
// the id, known to the bot or not.
func kindOf(update json.RawMessage) (string, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(update, &fields); err != nil {
		return "", fmt.Errorf("telegram: update: %w", err)
	}
	for name := range fields {
		if name != "update_id" {
			return name, nil
		}
	}
	return "", nil
}

// apiMessage is a message that arrives, or that was sent
// (core.telegram.org/bots/api#message). A Date of 0 means that it is too old for its
// content to be known.
type apiMessage struct {
	tgbotapi.Message
	From           *apiUser    `json:"from"`
	Chat           *apiChat    `json:"chat"`
	ReplyToMessage *apiMessage `json:"reply_to_message"`
	// ThreadID is the topic of a forum, or a thread of replies where IsTopic is
	// false.
	ThreadID int  `json:"message_thread_id"`
	IsTopic  bool `json:"is_topic_message"`
	// Quote is the part of ReplyToMessage or of ExternalReply that is meant.
	Quote *struct {
		Text string `json:"text"`
	} `json:"quote"`
	// ExternalReply is the message of another chat or topic that this replies to.
	ExternalReply *struct {
		Chat      *apiChat `json:"chat"`
		MessageID int      `json:"message_id"`
	} `json:"external_reply"`
	TopicCreated  *struct{} `json:"forum_topic_created"`
	TopicEdited   *struct{} `json:"forum_topic_edited"`
	TopicClosed   *struct{} `json:"forum_topic_closed"`
	TopicReopened *struct{} `json:"forum_topic_reopened"`
	// What else happens in a private chat without anybody's saying a word.
	WriteAccess   *struct{} `json:"write_access_allowed"`
	BackgroundSet *struct{} `json:"chat_background_set"`
	GiftSent      *struct{} `json:"gift"`
}

// topic returns the topic of a forum that the message is in, or 0.
func (m *apiMessage) topic() int {
	if !m.IsTopic {
		return 0
	}
	return m.ThreadID
}

// apiChat is a chat (core.telegram.org/bots/api#chat).
type apiChat struct {
	tgbotapi.Chat
	IsForum bool `json:"is_forum"`
}

// apiUser is a user or a bot (core.telegram.org/bots/api#user). The library knows
// its language_code.
type apiUser struct {
	tgbotapi.User
	IsPremium bool `json:"is_premium"`
}

// apiCallback is the press of a button (core.telegram.org/bots/api#callbackquery).
type apiCallback struct {
	tgbotapi.CallbackQuery
	From    *apiUser    `json:"from"`
	Message *apiMessage `json:"message"`

	acknowledged atomic.Bool
}

// apiInlineQuery is a question typed after the bot's name in any chat
// (core.telegram.org/bots/api#inlinequery).
type apiInlineQuery struct {
	tgbotapi.InlineQuery
	From *apiUser `json:"from"`
}

// apiChatMember says how the bot's place in a chat changed
// (core.telegram.org/bots/api#chatmemberupdated).
type apiChatMember struct {
	tgbotapi.ChatMemberUpdated
	Chat          apiChat `json:"chat"`
	From          apiUser `json:"from"`
	NewChatMember struct {
		Status string `json:"status"`
		// CanPost is the right of an admin to post in a channel; nil where nothing is
		// said of it.
		CanPost *bool `json:"can_post_messages"`
	} `json:"new_chat_member"`
}

// apiButton is a button under a message; it has one of the fields after Text
// (core.telegram.org/bots/api#inlinekeyboardbutton).
type apiButton struct {
	Text         string        `json:"text"`
	CallbackData string        `json:"callback_data,omitempty"`
	URL          string        `json:"url,omitempty"`
	SwitchInline *switchInline `json:"switch_inline_query_chosen_chat,omitempty"`
}

// switchInline lets the user choose a chat and types Query there, after the bot's
// name (core.telegram.org/bots/api#switchinlinequerychosenchat).
type switchInline struct {
	Query         string `json:"query"`
	AllowUsers    bool   `json:"allow_user_chats"`
	AllowGroups   bool   `json:"allow_group_chats"`
	AllowChannels bool   `json:"allow_channel_chats"`
}

// keyboard is rows of buttons (core.telegram.org/bots/api#inlinekeyboardmarkup).
type keyboard struct {
	Rows [][]apiButton `json:"inline_keyboard"`
}

// forceReply opens the field for a reply
// (core.telegram.org/bots/api#forcereply). Selective keeps it from all but those whom
// the message replies to.
type forceReply struct {
	ForceReply  bool   `json:"force_reply"`
	Placeholder string `json:"input_field_placeholder,omitempty"`
	Selective   bool   `json:"selective,omitempty"`
}

// linkPreview switches the preview of links off
// (core.telegram.org/bots/api#linkpreviewoptions).
type linkPreview struct {
	IsDisabled bool `json:"is_disabled"`
}

// replyParameters names the message to reply to
// (core.telegram.org/bots/api#replyparameters).
type replyParameters struct {
	MessageID    int  `json:"message_id"`
	AllowMissing bool `json:"allow_sending_without_reply"`
}
