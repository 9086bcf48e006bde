package telegramtest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Message is a message as a user sees it.
type Message struct {
	ID       int
	Chat     *Chat
	From     *User // nil if it is the bot's or a channel's
	Bot      bool  // the bot sent it
	Text     string
	Entities []Entity
	Buttons  [][]Button
	ThreadID int
	ReplyTo  int // the id of the message, 0 if it is no reply
	Date     time.Time
	EditedAt time.Time // zero if it was never edited
	Deleted  bool
	Silent   bool
	Preview  bool     // links may show a preview
	Force    bool     // it asks for a reply (force_reply)
	Reaction []string // of the bot

	media   object // photo, voice and so on
	extra   object // of With
	service object
	topic   bool // is_topic_message

	anonymous bool
	inlineID  string
	markup    object // the inline keyboard as it came
}

// Button is a button of an inline keyboard.
type Button struct {
	Text   string  `json:"text"`
	Data   string  `json:"callback_data"`
	URL    string  `json:"url"`
	Query  *string `json:"switch_inline_query"`
	Here   *string `json:"switch_inline_query_current_chat"`
	Chosen any     `json:"switch_inline_query_chosen_chat"`
	Copy   any     `json:"copy_text"`
	WebApp any     `json:"web_app"`
	Login  any     `json:"login_url"`
	Game   any     `json:"callback_game"`
	Pay    bool    `json:"pay"`
}

// Edited reports whether the message was edited.
func (m Message) Edited() bool { return !m.EditedAt.IsZero() }

// Service reports whether the message is one of Telegram itself, such as that of
// a new member.
func (m Message) Service() bool { return m.service != nil }

// Labels returns what stands on the buttons, row by row.
func (m Message) Labels() []string {
	var labels []string
	for _, row := range m.Buttons {
		for _, b := range row {
			labels = append(labels, b.Text)
		}
	}
	return labels
}

// Button finds a button by what stands on it or by its data.
func (m Message) Button(name string) (Button, bool) {
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Text == name || (b.Data != "" && b.Data == name) {
				return b, true
			}
		}
	}
	return Button{}, false
}

// Part returns the text under an entity.
func (m Message) Part(e Entity) string { return cutUTF16(m.Text, e.Offset, e.Length) }

// add gives a message its id, chat and date and keeps it; s.mu is held.
func (c *Chat) add(m *Message) *Message {
	c.lastID++
	m.ID, m.Chat, m.Date = c.lastID, c, time.Now()
	c.messages = append(c.messages, m)
	c.byID[m.ID] = m
	if m.Bot {
		c.sent++
	}
	c.server.notify()
	return m
}

// announce tells the bot of a message, if it may see it; s.mu is held.
func (c *Chat) announce(m *Message) { c.tell("message", m) }

func (c *Chat) tell(kind string, m *Message) {
	if c.bot != "member" && c.bot != "administrator" && m.service["left_chat_member"] == nil {
		return
	}
	if !c.sees(m) {
		return
	}
	if c.Kind == Channel {
		kind = strings.Replace(kind, "message", "channel_post", 1)
	}
	c.server.push(kind, c.ID, wire(m, true), LifeOfMessage)
}

// sees applies privacy mode: in groups the bot sees commands that are meant for
// it or for nobody in particular, replies to it, and where it is mentioned.
func (c *Chat) sees(m *Message) bool {
	s := c.server
	if c.Kind == Private || c.Kind == Channel || s.seesAll || c.bot == "administrator" || m.service != nil || m.inlineID != "" {
		return true
	}
	if to := c.byID[m.ReplyTo]; to != nil && to.Bot {
		return true
	}
	for _, e := range m.Entities {
		_, name, named := strings.Cut(m.Part(e), "@")
		switch {
		case named && strings.EqualFold(name, s.username) && (e.Type == "mention" || e.Type == "bot_command"):
			return true
		case e.Type == "bot_command" && !named && e.Offset == 0:
			return true
		}
	}
	return false
}

// Messages returns what a user sees in the chat: all that was not deleted.
func (c *Chat) Messages() []Message {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	var seen []Message
	for _, m := range c.messages {
		if !m.Deleted {
			seen = append(seen, *m)
		}
	}
	return seen
}

// FromBot returns the messages of the bot that were not deleted.
func (c *Chat) FromBot() []Message {
	return slices.DeleteFunc(c.Messages(), func(m Message) bool { return !m.Bot })
}

// Message returns a message by its id as it is now.
func (c *Chat) Message(id int) Message {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if m := c.byID[id]; m != nil {
		return *m
	}
	return Message{}
}

// AwaitBot waits until there are n messages of the bot, and returns the last of
// these. It ends the test if they do not come.
func (c *Chat) AwaitBot(n int) Message {
	c.server.tb.Helper()
	var sent []Message
	c.server.await("a message of the bot", func() bool {
		if c.countSent() < n {
			return false
		}
		sent = c.FromBot()
		return len(sent) >= n
	})
	return sent[n-1]
}

func (c *Chat) countSent() int {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.sent
}

// AwaitMessage waits for a message that fits, and returns it. It ends the test if
// none comes.
func (c *Chat) AwaitMessage(fits func(Message) bool) Message {
	c.server.tb.Helper()
	var found Message
	c.server.await("a message that fits", func() bool {
		all := c.Messages()
		i := slices.IndexFunc(all, fits)
		if i >= 0 {
			found = all[i]
		}
		return i >= 0
	})
	return found
}

// wire is the message as the bot gets it; deep adds the message it replies to.
func wire(m *Message, deep bool) object {
	o := object{"message_id": m.ID, "chat": m.Chat.json(), "date": m.Date.Unix()}
	switch {
	case m.Bot && m.Chat.Kind != Channel:
		o["from"] = m.Chat.server.botUser()
	case m.anonymous:
		o["from"] = object{"id": 1087968824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}
		o["sender_chat"] = m.Chat.json()
	case m.From != nil && m.Chat.Kind != Channel:
		o["from"] = m.From.json()
	case m.Chat.Kind == Channel:
		o["sender_chat"] = m.Chat.json()
	}
	maps.Copy(o, m.service)
	maps.Copy(o, m.media)
	maps.Copy(o, m.extra)
	addText(o, m)
	if m.ThreadID != 0 {
		o["message_thread_id"] = m.ThreadID
	}
	if m.topic {
		o["is_topic_message"] = true
	}
	if !m.EditedAt.IsZero() {
		o["edit_date"] = m.EditedAt.Unix()
	}
	if m.markup != nil {
		o["reply_markup"] = m.markup
	}
	if m.inlineID != "" {
		o["via_bot"] = m.Chat.server.botUser()
	}
	if to := m.Chat.byID[m.ReplyTo]; deep && to != nil {
		o["reply_to_message"] = wire(to, false)
	}
	return o
}

func addText(o object, m *Message) {
	text, entities := "text", "entities"
	if m.media != nil {
		text, entities = "caption", "caption_entities"
	}
	setText(o, text, m.Text)
	if len(m.Entities) > 0 {
		o[entities] = m.Entities
	}
}
