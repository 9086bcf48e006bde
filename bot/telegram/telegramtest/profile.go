package telegramtest

import (
	"encoding/json"
	"slices"
	"strings"
)

// textKey is a text of the profile in a language.
type textKey struct {
	field    string
	language string
}

// profile are the texts of the profile: field, longest, and the word for it in
// errors.
var profile = map[string]struct {
	field string
	most  int
}{
	"Name":             {"name", 64},
	"Description":      {"description", 512},
	"ShortDescription": {"short_description", 120},
}

// setText answers setMyName and its like.
func (c *call) setText() (any, error) {
	p := profile[strings.TrimPrefix(c.method, "setMy")]
	text, language := c.text(p.field), c.text("language_code")
	switch {
	case !languageCode.MatchString(language):
		return nil, badRequest("invalid language code specified")
	case lenUTF16(text) > p.most:
		return nil, badRequest("BOT_%s_INVALID", strings.ToUpper(p.field))
	case text == "":
		delete(c.profiles, textKey{p.field, language})
	default:
		c.profiles[textKey{p.field, language}] = text
	}
	return true, nil
}

// getText answers getMyName and its like. What is not set in a language is what is
// set without one.
func (c *call) getText() (any, error) {
	p := profile[strings.TrimPrefix(c.method, "getMy")]
	text := c.profiles[textKey{p.field, c.text("language_code")}]
	if text == "" {
		text = c.profiles[textKey{p.field, ""}]
	}
	if text == "" && p.field == "name" {
		text = "Suhbat"
	}
	return object{p.field: text}, nil
}

// ProfileText returns the "name", "description" or "short_description" set for a
// language, "" for the text without one.
func (s *Server) ProfileText(field, language string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.profiles[textKey{field, language}]
}

func (c *call) getMe() (any, error) {
	me := c.botUser()
	me["can_join_groups"], me["can_read_all_group_messages"] = true, c.seesAll
	me["supports_inline_queries"], me["can_connect_to_business"], me["has_main_web_app"] = !c.noInline, false, false
	return me, nil
}

func (c *call) setChatMenuButton() (any, error) {
	var button struct {
		Type   string          `json:"type"`
		Text   string          `json:"text"`
		WebApp json.RawMessage `json:"web_app"`
	}
	if err := c.decode("menu_button", &button); err != nil {
		return nil, err
	}
	switch button.Type {
	case "", "default", "commands":
		c.buttons[c.number("chat_id")] = object{"type": button.Type}
	case "web_app":
		c.buttons[c.number("chat_id")] = object{"type": button.Type, "text": button.Text, "web_app": button.WebApp}
	default:
		return nil, badRequest("can't parse MenuButton: unsupported type specified")
	}
	return true, nil
}

func (c *call) getChatMenuButton() (any, error) {
	if b := c.buttons[c.number("chat_id")]; b != nil && b["type"] != "" {
		return b, nil
	}
	return object{"type": "default"}, nil
}

func (c *call) getChat() (any, error) {
	chat, err := c.visible()
	if err != nil {
		return nil, err
	}
	o := chat.json()
	o["accent_color_id"], o["max_reaction_count"] = 0, 11
	o["accepted_gift_types"] = object{"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false}
	return o, nil
}

// visible finds a chat that the bot may ask about.
func (c *call) visible() (*Chat, error) {
	chat, err := c.chat()
	if err != nil {
		return nil, err
	}
	if chat.Kind == Private {
		if !chat.user.started {
			return nil, badRequest("chat not found")
		}
		return chat, nil
	}
	if chat.muted {
		return chat, nil
	}
	return chat, chat.reachable()
}

func (c *call) getChatMember() (any, error) {
	chat, err := c.visible()
	if err != nil {
		return nil, err
	}
	id := c.number("user_id")
	if id == BotID {
		return chat.botMember(chat.bot), nil
	}
	u := c.users[id]
	if u == nil {
		return nil, badRequest("PARTICIPANT_ID_INVALID")
	}
	return chat.member(u), nil
}

func (c *Chat) member(u *User) object {
	status := "left"
	switch {
	case u == c.owner:
		return object{"user": u.json(), "status": "creator", "is_anonymous": false}
	case c.admins[u.ID]:
		status = "administrator"
	case slices.Contains(c.members, u):
		status = "member"
	}
	return object{"user": u.json(), "status": status}
}

func (c *call) getChatAdministrators() (any, error) {
	chat, err := c.visible()
	if err != nil {
		return nil, err
	}
	if chat.Kind == Private {
		return nil, badRequest("there are no administrators in the private chat")
	}
	admins := []object{}
	for _, u := range chat.members {
		if chat.admins[u.ID] {
			admins = append(admins, chat.member(u))
		}
	}
	if chat.bot == "administrator" {
		admins = append(admins, chat.botMember(chat.bot))
	}
	return admins, nil
}

func (c *call) leaveChat() (any, error) {
	chat, err := c.writable()
	switch {
	case err != nil:
		return nil, err
	case chat.Kind == Private:
		return nil, badRequest("chat member status can't be changed in private chats")
	}
	chat.bot = "left"
	return true, nil
}

// BotStatus returns the status of the bot in the chat: "member", "left" and so on.
func (c *Chat) BotStatus() string {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.bot
}

// reactions are the emoji that a bot may react with.
const reactions = "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"

func (c *call) setMessageReaction() (any, error) {
	chat, err := c.writable()
	if err != nil {
		return nil, err
	}
	m := chat.byID[int(c.number("message_id"))]
	if m == nil || m.Deleted {
		return nil, badRequest("message to react not found")
	}
	var given []struct {
		Type  string `json:"type"`
		Emoji string `json:"emoji"`
	}
	if err := c.decode("reaction", &given); err != nil {
		return nil, err
	}
	if len(given) > 1 {
		return nil, badRequest("REACTIONS_TOO_MANY")
	}
	var emoji []string
	for _, r := range given {
		if r.Type != "emoji" || !slices.Contains(strings.Fields(reactions), r.Emoji) {
			return nil, badRequest("REACTION_INVALID")
		}
		emoji = append(emoji, r.Emoji)
	}
	m.Reaction = emoji
	return true, nil
}
