package telegramtest

import (
	"slices"
	"strconv"
	"time"
)

// Kind is the type of a chat.
type Kind string

// The types of chats.
const (
	Private    Kind = "private"
	Group      Kind = "group"
	Supergroup Kind = "supergroup"
	Channel    Kind = "channel"
)

// User is a person who uses Telegram. [Server.NewUser] makes one.
type User struct {
	ID        int64
	FirstName string
	LastName  string
	Username  string
	Language  string // of the client, "" if it does not say

	server  *Server
	private *Chat
	started bool // has ever written to the bot
	blocked bool
	gone    bool
}

// Chat is a chat of any kind.
type Chat struct {
	ID       int64
	Kind     Kind
	Title    string
	Username string
	Forum    bool

	server   *Server
	user     *User // of a private chat
	members  []*User
	admins   map[int64]bool
	owner    *User
	bot      string // the status of the bot
	muted    bool
	gone     bool
	moved    *Chat // the supergroup that it became
	messages []*Message
	byID     map[int]*Message
	lastID   int
	sent     int // messages of the bot
	topics   map[int]*Topic
	actions  []Action
}

// Topic is a topic of a forum.
type Topic struct {
	ID     int
	Name   string
	Closed bool
}

// Action is what sendChatAction showed.
type Action struct {
	Action   string
	ThreadID int
	At       time.Time
}

// NewUser makes a user whose client speaks a language, which may be "". The user
// has not written to the bot yet.
func (s *Server) NewUser(name, language string) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastUser++
	u := &User{ID: s.lastUser, FirstName: name, Language: language, server: s}
	u.private = s.newChat(u.ID, Private, "")
	u.private.user, u.private.bot = u, "member"
	u.private.members = []*User{u}
	s.users[u.ID] = u
	return u
}

func (s *Server) newChat(id int64, kind Kind, title string) *Chat {
	c := &Chat{
		ID: id, Kind: kind, Title: title, server: s, bot: "left",
		admins: make(map[int64]bool), byID: make(map[int]*Message), topics: make(map[int]*Topic),
	}
	s.chats[id] = c
	return c
}

// Private returns the chat of the user with the bot.
func (u *User) Private() *Chat { return u.private }

// Open lets the bot write to the user, as if they had pressed "start" long ago.
// It returns the private chat.
func (u *User) Open() *Chat {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.started = true
	return u.private
}

// NewGroup makes a group without the bot. The first member owns it.
func (s *Server) NewGroup(title string, members ...*User) *Chat {
	return s.newShared(Group, title, members)
}

// NewSupergroup makes a supergroup without the bot. The first member owns it.
func (s *Server) NewSupergroup(title string, members ...*User) *Chat {
	return s.newShared(Supergroup, title, members)
}

// NewForum makes a supergroup with topics and without the bot. The first member owns it.
func (s *Server) NewForum(title string, members ...*User) *Chat {
	c := s.newShared(Supergroup, title, members)
	c.Forum = true
	return c
}

// NewChannel makes a channel without the bot.
func (s *Server) NewChannel(title string, owner *User) *Chat {
	return s.newShared(Channel, title, []*User{owner})
}

func (s *Server) newShared(kind Kind, title string, members []*User) *Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastGroup++
	id := -s.lastGroup
	if kind != Group {
		id -= 1_000_000_000_000
	}
	c := s.newChat(id, kind, title)
	c.members = slices.Clone(members)
	if len(members) > 0 {
		c.owner = members[0]
		c.admins[c.owner.ID] = true
	}
	return c
}

// NewTopic opens a topic of a forum and returns its message_thread_id.
func (c *Chat) NewTopic(name string) int {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	m := c.add(&Message{From: c.owner, service: object{"forum_topic_created": object{"name": name, "icon_color": 7322096}}})
	m.ThreadID, m.topic = m.ID, true
	c.topics[m.ID] = &Topic{ID: m.ID, Name: name}
	c.announce(m)
	return m.ID
}

// CloseTopic closes a topic: nobody but administrators writes there.
func (c *Chat) CloseTopic(id int) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if t := c.topics[id]; t != nil {
		t.Closed = true
	}
}

// DeleteTopic deletes a topic.
func (c *Chat) DeleteTopic(id int) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	delete(c.topics, id)
}

// Mute takes from the bot the right to send to the chat.
func (c *Chat) Mute() {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.muted = true
}

// Actions returns what the bot showed by sendChatAction.
func (c *Chat) Actions() []Action {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return slices.Clone(c.actions)
}

// reachable says why the bot may not write to the chat; s.mu is held.
func (c *Chat) reachable() error {
	switch {
	case c.moved != nil:
		return &apiError{
			code:        400,
			description: "Bad Request: group chat was upgraded to a supergroup chat",
			parameters:  object{"migrate_to_chat_id": c.moved.ID},
		}
	case c.gone:
		return forbidden("the group chat was deleted")
	case c.user != nil && c.user.gone:
		return forbidden("user is deactivated")
	case c.user != nil && c.user.blocked:
		return forbidden("bot was blocked by the user")
	case c.user != nil && !c.user.started:
		return forbidden("bot can't initiate conversation with a user")
	case c.bot == "kicked":
		return forbidden("bot was kicked from the " + string(c.Kind) + " chat")
	case c.bot == "left":
		return forbidden("bot is not a member of the " + string(c.Kind) + " chat")
	case c.muted:
		return badRequest("not enough rights to send text messages to the chat")
	default:
		return nil
	}
}

// chat finds the chat that a call names.
func (c *call) chat() (*Chat, error) {
	name := c.text("chat_id")
	if name == "" {
		return nil, badRequest("chat_id is empty")
	}
	id, err := strconv.ParseInt(name, 10, 64)
	if err == nil {
		if chat := c.chats[id]; chat != nil {
			return chat, nil
		}
	}
	for _, chat := range c.chats {
		if name[0] == '@' && chat.Username != "" && chat.Username == name[1:] {
			return chat, nil
		}
	}
	return nil, badRequest("chat not found")
}

// writable finds the chat that a call names and checks that the bot may write there.
func (c *call) writable() (*Chat, error) {
	chat, err := c.chat()
	if err != nil {
		return nil, err
	}
	return chat, chat.reachable()
}

// thread checks message_thread_id.
func (c *call) thread(chat *Chat) (int, error) {
	if !c.has("message_thread_id") {
		return 0, nil
	}
	id := int(c.number("message_thread_id"))
	topic := chat.topics[id]
	switch {
	case topic == nil:
		return 0, badRequest("message thread not found")
	case topic.Closed && chat.bot != "administrator":
		return 0, badRequest("TOPIC_CLOSED")
	}
	return id, nil
}

func (s *Server) botUser() object {
	return object{"id": int64(BotID), "is_bot": true, "first_name": "Suhbat", "username": s.username}
}

func (u *User) json() object {
	o := object{"id": u.ID, "is_bot": false, "first_name": u.FirstName}
	setText(o, "last_name", u.LastName)
	setText(o, "username", u.Username)
	setText(o, "language_code", u.Language)
	return o
}

func (c *Chat) json() object {
	o := object{"id": c.ID, "type": string(c.Kind)}
	if c.user != nil {
		setText(o, "first_name", c.user.FirstName)
		setText(o, "last_name", c.user.LastName)
		setText(o, "username", c.user.Username)
	}
	setText(o, "title", c.Title)
	setText(o, "username", c.Username)
	if c.Forum {
		o["is_forum"] = true
	}
	return o
}

func setText(o object, name, text string) {
	if text != "" {
		o[name] = text
	}
}
