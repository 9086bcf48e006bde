package telegramtest

import (
	"maps"
	"strconv"
	"time"
)

// SendOption changes what a user sends.
type SendOption func(*Message)

// Reply makes it a reply to a message.
func Reply(to Message) SendOption { return func(m *Message) { m.ReplyTo = to.ID } }

// InTopic sends it to a topic of a forum.
func InTopic(id int) SendOption { return func(m *Message) { m.ThreadID = id } }

// Entities gives the message further entities, such as bold text.
func Entities(entities ...Entity) SendOption {
	return func(m *Message) { m.Entities = append(m.Entities, entities...) }
}

// With adds any other field of the Bot API to the message, forward_origin for
// instance.
func With(field string, value any) SendOption {
	return func(m *Message) {
		extra := maps.Clone(m.extra)
		if extra == nil {
			extra = object{}
		}
		extra[field] = value
		m.extra = extra
	}
}

// Anonymous sends it as an administrator does who stays anonymous: from a bot that
// stands for all of them, in the name of the group.
func Anonymous() SendOption { return func(m *Message) { m.anonymous = true } }

// Send has the user write to a chat, which starts a private chat with the bot.
// Commands, mentions and links become entities, as in Telegram. In a channel it
// posts.
func (u *User) Send(c *Chat, text string, opts ...SendOption) Message {
	return u.send(c, &Message{Text: text, Entities: detect(text)}, opts)
}

// Say is Send to the private chat with the bot.
func (u *User) Say(text string, opts ...SendOption) Message { return u.Send(u.private, text, opts...) }

// SendPhoto sends a photo with a caption, which may be empty.
func (u *User) SendPhoto(c *Chat, caption string, opts ...SendOption) Message {
	photo := object{"file_id": "AgACAgIAAxkBAAIB", "file_unique_id": "AQADAgAT", "width": 90, "height": 60, "file_size": 1200}
	return u.send(c, &Message{Text: caption, Entities: detect(caption), media: object{"photo": []object{photo}}}, opts)
}

// SendVoice sends a voice message.
func (u *User) SendVoice(c *Chat, opts ...SendOption) Message {
	voice := object{"file_id": "AwACAgIAAxkBAAIC", "file_unique_id": "AgADAgAT", "duration": 3, "mime_type": "audio/ogg"}
	return u.send(c, &Message{media: object{"voice": voice}}, opts)
}

// SendMedia sends a message of any other kind: the field of the Bot API that it
// fills, such as "sticker", and the content of that.
func (u *User) SendMedia(c *Chat, field string, content map[string]any, opts ...SendOption) Message {
	return u.send(c, &Message{media: object{field: content}}, opts)
}

func (u *User) send(c *Chat, m *Message, opts []SendOption) Message {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, opt := range opts {
		opt(m)
	}
	m.From, m.Entities = u, sorted(m.Entities)
	switch {
	case c.Kind == Private:
		u.started = true
	case m.ThreadID != 0:
		m.topic = true
		if m.ReplyTo == 0 {
			m.ReplyTo = m.ThreadID // the real server does so, too
		}
	case m.ReplyTo != 0 && c.Kind == Supergroup:
		c.thread(m)
	}
	c.announce(c.add(m))
	return *m
}

// thread gives a reply in a supergroup the thread that the real server gives it:
// the topic, or outside of forums the first message replied to, which is no topic
// that the bot could send to.
func (c *Chat) thread(m *Message) {
	to := c.byID[m.ReplyTo]
	switch {
	case to == nil:
	case to.ThreadID != 0:
		m.ThreadID, m.topic = to.ThreadID, to.topic
	case !c.Forum:
		m.ThreadID = to.ID
	}
}

// Edit has the user change the text of a message.
func (u *User) Edit(m Message, text string) Message {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	old := m.Chat.byID[m.ID]
	if old == nil || old.Deleted {
		s.misuse("no message %d to edit", m.ID)
		return m
	}
	old.Text, old.Entities, old.EditedAt = text, detect(text), time.Now()
	m.Chat.tell("edited_message", old)
	s.notify()
	return *old
}

// Remove has a user delete a message. No bot is told.
func (u *User) Remove(m Message) {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	if old := m.Chat.byID[m.ID]; old != nil {
		old.Deleted = true
	}
	u.server.notify()
}

// React has the user react to a message with an emoji, "" for none. The bot is
// told if it asked for message_reaction.
func (u *User) React(m Message, emoji string) {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	reaction := []object{}
	if emoji != "" {
		reaction = append(reaction, object{"type": "emoji", "emoji": emoji})
	}
	u.server.push("message_reaction", m.Chat.ID, object{
		"chat": m.Chat.json(), "message_id": m.ID, "user": u.json(), "date": time.Now().Unix(),
		"old_reaction": []object{}, "new_reaction": reaction,
	}, LifeOfMessage)
}

// Callback is a button that a user pressed, and what the bot answered.
type Callback struct {
	ID       string
	Data     string
	Answered bool
	Text     string
	Alert    bool
	URL      string

	at     time.Time
	server *Server
}

// Press has the user press a button of a message, found by its label or its data.
// Pressing one without data, a link for instance, tells the bot nothing.
func (u *User) Press(m Message, name string) *Callback {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	now := m.Chat.byID[m.ID]
	if now == nil || now.Deleted {
		s.misuse("no message %d to press a button of", m.ID)
		return &Callback{server: s}
	}
	b, ok := now.Button(name)
	if !ok {
		s.misuse("message %d has no button %q, but %q", m.ID, name, now.Labels())
		return &Callback{server: s}
	}
	return u.press(now, b.Data)
}

// PressData has the user send callback data that the message need not have, as an
// old or a hostile client does. Of a deleted message the bot learns only the id.
func (u *User) PressData(m Message, data string) *Callback {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	now := m.Chat.byID[m.ID]
	if now == nil {
		u.server.misuse("no message %d", m.ID)
		return &Callback{server: u.server}
	}
	return u.press(now, data)
}

func (u *User) press(m *Message, data string) *Callback {
	s := u.server
	s.lastQuery++
	cb := &Callback{ID: strconv.FormatInt(4_000_000_000+s.lastQuery, 10), Data: data, at: time.Now(), server: s}
	if data == "" {
		return cb
	}
	s.callbacks[cb.ID] = cb
	query := object{"id": cb.ID, "from": u.json(), "chat_instance": strconv.FormatInt(m.Chat.ID*7, 10), "data": data}
	switch {
	case m.inlineID != "":
		query["inline_message_id"] = m.inlineID
	case m.Deleted:
		query["message"] = object{"chat": m.Chat.json(), "message_id": m.ID, "date": 0}
	default:
		query["message"] = wire(m, true)
	}
	s.push("callback_query", m.Chat.ID, query, LifeOfCallback)
	return cb
}

// Await waits until the bot has answered, and returns the answer.
func (cb *Callback) Await() Callback {
	cb.server.tb.Helper()
	var now Callback
	cb.server.await("an answer to the callback "+cb.Data, func() bool {
		cb.server.mu.Lock()
		defer cb.server.mu.Unlock()
		now = *cb
		return now.Answered
	})
	return now
}

// Callbacks returns all callbacks that the bot has answered, by their ids.
func (s *Server) Callbacks() map[string]Callback {
	s.mu.Lock()
	defer s.mu.Unlock()
	answered := make(map[string]Callback)
	for id, cb := range maps.All(s.callbacks) {
		if cb.Answered {
			answered[id] = *cb
		}
	}
	return answered
}

const tooOld = "query is too old and response timeout expired or query ID is invalid"

func (c *call) answerCallbackQuery() (any, error) {
	cb := c.callbacks[c.text("callback_query_id")]
	switch {
	case cb == nil || cb.Answered || time.Since(cb.at) > LifeOfCallback:
		return nil, badRequest(tooOld)
	case lenUTF16(c.text("text")) > 200:
		return nil, badRequest("MESSAGE_TOO_LONG")
	}
	cb.Answered = true
	cb.Text, cb.Alert, cb.URL = c.text("text"), c.flag("show_alert"), c.text("url")
	return true, nil
}
