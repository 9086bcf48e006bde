package telegram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/language"

	"suhbat/bot"
)

// allowedUpdates is the list of updateKinds as a parameter. It is always sent:
// without one the server goes by what another program asked for before.
var allowedUpdates = mustJSON(updateKinds)

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a constant of ours
	}
	return string(b)
}

// updateID reads the one thing that every update has. The server writes it first, so
// the rest mostly need not be looked at.
func updateID(raw []byte) (int64, bool) {
	if rest, ok := bytes.CutPrefix(raw, []byte(`{"update_id":`)); ok {
		if end := bytes.IndexByte(rest, ','); end > 0 {
			if id, err := strconv.ParseInt(string(rest[:end]), 10, 64); err == nil {
				return id, true
			}
		}
	}
	var u struct {
		ID *int64 `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &u); err != nil || u.ID == nil {
		return 0, false
	}
	return *u.ID, true
}

// decode reads an update. Kinds that the bot does not ask for are no error.
func decode(raw []byte) (*apiUpdate, error) {
	u := new(apiUpdate)
	if err := json.Unmarshal(raw, u); err != nil {
		return nil, fmt.Errorf("an update of another shape than expected: %w", shapeOnly(err))
	}
	return u, nil
}

// shapeOnly drops from an error what somebody may have written.
func shapeOnly(err error) error {
	if e, ok := err.(*json.UnmarshalTypeError); ok { //nolint:errorlint // it comes as it is
		return fmt.Errorf("a %s in %s", e.Value, e.Field)
	}
	return fmt.Errorf("%T", err)
}

// orderOf is the conversation that an update belongs to: what must be answered in
// the order in which it came. An inline query belongs to its user.
func orderOf(raw []byte) bot.Address {
	u, err := decode(raw)
	if err != nil {
		return bot.Address{}
	}
	return u.order()
}

func (u *apiUpdate) order() bot.Address {
	switch m := u.message(); {
	case m != nil:
		return chatAddress(m.Chat.ID, 0)
	case u.MyChatMember != nil:
		return chatAddress(u.MyChatMember.Chat.ID, 0)
	case u.InlineQuery != nil && u.InlineQuery.From != nil:
		return inlineAddress(u.InlineQuery.From.ID)
	case u.CallbackQuery != nil && u.CallbackQuery.From != nil:
		return chatAddress(u.CallbackQuery.From.ID, 0)
	default:
		return bot.Address{}
	}
}

// inlineAddress is where somebody asks by inline queries: beside the chat with the
// bot, so that neither is taken for a follow-up of the other.
func inlineAddress(user int64) bot.Address {
	a := chatAddress(user, 0)
	a.Thread = "inline"
	return a
}

// moves reports whether an update changes where the bot may speak.
func (u *apiUpdate) moves() bool {
	m := u.message()
	return u.MyChatMember != nil || m != nil && (m.MigrateToChatID != 0 || m.MigrateFromChatID != 0)
}

// message is the message that an update is about, or nil: the one that was written,
// or the one whose button was pressed.
func (u *apiUpdate) message() *apiMessage {
	m := u.Message
	switch {
	case u.EditedMessage != nil:
		m = u.EditedMessage
	case u.ChannelPost != nil:
		m = u.ChannelPost
	case u.CallbackQuery != nil:
		m = u.CallbackQuery.Message
	}
	if m == nil || m.Chat == nil {
		return nil
	}
	return m
}

// incoming makes of an update what the core understands. It reports false for what
// is not meant for the bot.
func (t *Telegram) incoming(u *apiUpdate) (in bot.Incoming, ok bool) {
	switch {
	case u.CallbackQuery != nil:
		in, ok = t.pressed(u.CallbackQuery)
	case u.InlineQuery != nil:
		in, ok = inlineAsked(u.InlineQuery)
	case u.MyChatMember != nil:
		in, ok = membership(u.MyChatMember)
	case u.EditedMessage != nil:
		in, ok = t.written(u.EditedMessage)
		in.Kind = bot.Edit
		ok = ok && in.Text != ""
	case u.Message != nil:
		in, ok = t.written(u.Message)
	}
	in.ID = Network + ":" + strconv.Itoa(u.UpdateID)
	return in, ok
}

// from fills in who said it and where.
func from(user *apiUser, chat *apiChat, topic int) bot.Incoming {
	in := bot.Incoming{From: chatAddress(chat.ID, topic), Private: chat.IsPrivate()}
	in.Owner = in.From.Place()
	if user != nil {
		in.User = strconv.FormatInt(user.ID, 10)
		in.LangHint = tag(user.LanguageCode)
	}
	return in
}

// tag reads the language of somebody's app; anything odd is no hint.
func tag(code string) language.Tag {
	t, err := language.Parse(code)
	if err != nil {
		return language.Und
	}
	return t
}

// pressed is a button that was pressed. Under a message that came by way of an
// inline query the bot knows no chat: it can only say a word to the user.
func (t *Telegram) pressed(q *apiCallback) (bot.Incoming, bool) {
	if q.From == nil {
		return bot.Incoming{}, false
	}
	chat, topic, message := &apiChat{}, 0, ""
	chat.ID, chat.Type = q.From.ID, "private"
	if m := q.Message; m != nil && m.Chat != nil {
		chat, topic, message = m.Chat, m.topic(), strconv.Itoa(m.MessageID)
	}
	in := from(q.From, chat, topic)
	in.Kind, in.Payload, in.Text, in.MessageID = bot.Press, q.Data, label(q), message
	return in, true
}

// label is what stands on the button that was pressed.
func label(q *apiCallback) string {
	if q.Message == nil || q.Message.ReplyMarkup == nil {
		return ""
	}
	for _, row := range q.Message.ReplyMarkup.InlineKeyboard {
		for _, b := range row {
			if b.CallbackData != nil && *b.CallbackData == q.Data {
				return b.Text
			}
		}
	}
	return ""
}

// inlineAsked is a question typed after the bot's name in any chat. It belongs to the
// user's own settings.
func inlineAsked(q *apiInlineQuery) (bot.Incoming, bool) {
	if q.From == nil {
		return bot.Incoming{}, false
	}
	chat := &apiChat{}
	chat.ID, chat.Type = q.From.ID, "private"
	in := from(q.From, chat, 0)
	in.From = inlineAddress(q.From.ID)
	in.Kind, in.Text = bot.Inline, q.Query
	return in, true
}

// membership is the bot's coming and going. In a private chat that is the user's
// blocking it, which needs no words.
func membership(m *apiChatMember) (bot.Incoming, bool) {
	in := from(&m.From, &m.Chat, 0)
	in.Kind, in.Payload = bot.Member, bot.Removed
	was, is := present(m.OldChatMember.Status), present(m.NewChatMember.Status)
	switch {
	case is && m.Chat.IsChannel():
		in.Payload = bot.Posting
		if m.Chat.UserName != "" {
			in.Text = "@" + m.Chat.UserName
		}
	case is:
		in.Payload = bot.Added
	}
	mute := m.Chat.IsChannel() && m.NewChatMember.CanPost != nil && !*m.NewChatMember.CanPost
	return in, was != is && !m.Chat.IsPrivate() && !mute
}

// written is a message. In a private chat every one is for the bot; in a group
// commands of its own, replies to it and mentions are, and nothing else.
func (t *Telegram) written(m *apiMessage) (bot.Incoming, bool) {
	if m.Chat == nil || m.Chat.IsChannel() || !person(m) || t.fromSelf(m) || service(m) {
		return bot.Incoming{}, false
	}
	in := from(m.From, m.Chat, m.topic())
	in.MessageID = strconv.Itoa(m.MessageID)
	self := t.self.Load()
	if reply := m.ReplyToMessage; reply != nil && reply.From != nil && reply.From.ID == self.id && reply.TopicCreated == nil {
		in.ReplyTo = strconv.Itoa(reply.MessageID)
	}
	said := words(m)
	command, addressed := said.command()
	switch {
	case command && addressed != "" && !strings.EqualFold(addressed, self.name):
		return in, false // another bot's
	case command:
		in.Kind, in.Text, in.Addressed = bot.Command, said.withoutAddress(), addressed != ""
		return in, in.Private || addressed != "" || in.ReplyTo != "" || t.core.IsCommand(in.Text)
	}
	text, mentioned := said.withoutMention(self)
	in.Kind, in.Text = bot.Ask, strings.TrimSpace(text)
	switch {
	case in.Text == "" && mentioned:
		in.Kind, in.Text = bot.Command, "/help"
	case in.Text == "" && in.Private:
		in.Kind = bot.Unreadable
	}
	return in, in.Private || in.ReplyTo != "" || mentioned
}

// person reports whether somebody wrote the message: a user, an admin of a group who
// writes in the group's name, or the owner of a channel who writes in its name; not
// another bot, nor a channel whose posts are forwarded here.
func person(m *apiMessage) bool {
	switch {
	case m.IsAutomaticForward:
		return false
	case m.SenderChat != nil:
		return true
	default:
		return m.From != nil && !m.From.IsBot
	}
}

// fromSelf reports whether the message is an answer of the bot's that somebody sent by
// way of an inline query.
func (t *Telegram) fromSelf(m *apiMessage) bool {
	return m.ViaBot != nil && m.ViaBot.ID == t.self.Load().id
}

// service reports whether the message only says that something happened in the chat.
func service(m *apiMessage) bool {
	return m.NewChatMembers != nil || m.LeftChatMember != nil || m.NewChatTitle != "" || m.NewChatPhoto != nil || m.DeleteChatPhoto ||
		m.GroupChatCreated || m.SuperGroupChatCreated || m.MigrateToChatID != 0 || m.MigrateFromChatID != 0 || m.PinnedMessage != nil ||
		m.TopicCreated != nil || m.TopicEdited != nil || m.TopicClosed != nil || m.TopicReopened != nil || m.MessageAutoDeleteTimerChanged != nil ||
		m.WriteAccess != nil || m.BackgroundSet != nil || m.GiftSent != nil || m.ConnectedWebsite != "" || m.SuccessfulPayment != nil
}

// said is a text with the entities that Telegram found in it, in UTF-16 units.
type said struct {
	text     string
	entities []entityIn
}

// entityIn is an entity as it arrives.
type entityIn struct {
	kind           string
	offset, length int
	user           int64
}

// words are those of a message, or of the caption of a picture.
func words(m *apiMessage) said {
	s, entities := said{text: m.Text}, m.Entities
	if m.Text == "" {
		s.text, entities = m.Caption, m.CaptionEntities
	}
	for _, e := range entities {
		in := entityIn{kind: e.Type, offset: e.Offset, length: e.Length}
		if e.User != nil {
			in.user = e.User.ID
		}
		s.entities = append(s.entities, in)
	}
	return s
}

// cut returns the bytes of the text that an entity covers; ok is false if it does
// not lie in the text.
func (s said) cut(e entityIn) (start, end int, ok bool) {
	start, end, at := -1, -1, 0
	for i, r := range s.text {
		if at == e.offset {
			start = i
		}
		if at == e.offset+e.length {
			end = i
		}
		at += utf16.RuneLen(r)
	}
	if at == e.offset+e.length {
		end = len(s.text)
	}
	return start, end, start >= 0 && end > start
}

// command reports whether the text begins with a command, and to which bot it is
// addressed, if it is.
func (s said) command() (is bool, addressed string) {
	if !strings.HasPrefix(s.text, "/") {
		return false, ""
	}
	_, addressed, _ = strings.Cut(s.text[:s.firstWord()], "@")
	return true, addressed
}

// firstWord is where the first word ends.
func (s said) firstWord() int {
	if end := strings.IndexFunc(s.text, unicode.IsSpace); end >= 0 {
		return end
	}
	return len(s.text)
}

// withoutAddress drops the bot's name from a command: "/help@SuhbatBot".
func (s said) withoutAddress() string {
	end := s.firstWord()
	name, _, _ := strings.Cut(s.text[:end], "@")
	return name + s.text[end:]
}

// withoutMention drops the mentions of the bot, and reports whether there was one.
func (s said) withoutMention(self *self) (text string, mentioned bool) {
	text = s.text
	for _, e := range slices.Backward(s.entities) { // from the end: the places before stay right
		start, end, ok := s.cut(e)
		if !ok || end > len(text) {
			continue
		}
		byName := e.kind == "mention" && strings.EqualFold(s.text[start:end], "@"+self.name)
		if byName || e.kind == "text_mention" && e.user == self.id {
			text, mentioned = text[:start]+text[end:], true
		}
	}
	return text, mentioned
}

// isStart reports whether somebody opened the chat with /start.
func (u *apiUpdate) isStart() bool {
	return u.Message != nil && (u.Message.Text == "/start" || strings.HasPrefix(u.Message.Text, "/start ") || strings.HasPrefix(u.Message.Text, "/start@"))
}
