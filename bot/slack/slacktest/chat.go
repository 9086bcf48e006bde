package slacktest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Message is a message of a channel.
type Message struct {
	Channel, TS, ThreadTS string
	User                  string // who wrote it; the bot's user for the app's own
	BotID                 string // empty for a person's
	Text                  string
	Blocks                []object
	Attachments           []object
	Metadata              *Metadata
	// OnlyTo is the user that an ephemeral message is visible to.
	OnlyTo string
	// ClientMsgID is what the app sent as client_msg_id.
	ClientMsgID string
	// Edits counts how often it was changed.
	Edits   int
	edited  string // when that was, a ts
	Deleted bool
	At      time.Time

	// chosen is what stands in the menus, by user and action ID.
	chosen choices
	// failed marks a notice of Slack itself that an app did not answer.
	failed bool
}

// Metadata is what an app attaches to a message, unseen.
type Metadata struct {
	EventType    string `json:"event_type"`
	EventPayload object `json:"event_payload"`
}

// maxText is where Slack refuses a text (docs: "truncated" above 40,000; the error
// is msg_too_long).
const maxText = 40_000

// content reads what a message says out of the arguments.
func (s *Slack) content(c *call, m *Message) error {
	m.Text, m.ThreadTS, m.ClientMsgID = c.arg("text"), c.arg("thread_ts"), c.arg("client_msg_id")
	var err error
	if m.Blocks, err = s.blocks(c, "blocks", "invalid_blocks"); err != nil {
		return err
	}
	if a := c.arg("attachments"); a != "" {
		if json.Unmarshal([]byte(a), &m.Attachments) != nil {
			return fail("invalid_attachments")
		}
	}
	if raw := c.arg("metadata"); raw != "" {
		m.Metadata = new(Metadata)
		if json.Unmarshal([]byte(raw), m.Metadata) != nil || m.Metadata.EventType == "" || m.Metadata.EventPayload == nil {
			return fail("invalid_metadata_format")
		}
	}
	switch {
	case strings.TrimSpace(m.Text) == "" && len(m.Blocks) == 0 && len(m.Attachments) == 0:
		return fail("no_text")
	case utf8.RuneCountInString(m.Text) > maxText:
		return s.violation(c.Method, "msg_too_long", finding{"/text", "longer than 40,000 characters"})
	}
	return nil
}

// blocks reads and checks an argument with blocks.
func (s *Slack) blocks(c *call, name, code string) ([]object, error) {
	raw := c.arg(name)
	if raw == "" {
		return nil, nil
	}
	return s.checkBlocks(c.Method, code, []byte(raw))
}

// target finds the channel that a call wants to write to.
func (s *Slack) target(c *call) (*Channel, error) {
	ch := s.lookup(c)
	switch {
	case ch == nil:
		return nil, fail("channel_not_found")
	case ch.archived:
		return nil, fail("is_archived")
	case ch.with != nil && ch.with.gone:
		return nil, fail("user_disabled")
	case !ch.has(c.w.BotUser) && ch.Private:
		return nil, fail("channel_not_found")
	case !ch.has(c.w.BotUser) && c.need("chat:write.public") != nil:
		return nil, fail("not_in_channel")
	}
	return ch, nil
}

// lookup finds a channel of the caller's workspace by ID, by "#name" or, for a
// direct message, by the user's ID.
func (s *Slack) lookup(c *call) *Channel {
	name := c.arg("channel")
	for _, ch := range s.channels {
		if !slices.Contains(ch.teams, c.w) {
			continue
		}
		if ch.ID == name || (ch.with != nil && ch.with.ID == name) || (ch.Name != "" && "#"+ch.Name == name) {
			return ch
		}
	}
	return nil
}

func (s *Slack) chatPostMessage(c *call) (object, error) {
	ch, err := s.target(c)
	if err != nil {
		return nil, err
	}
	m := s.botMessage(c.w, ch)
	if err := s.content(c, m); err != nil {
		return nil, err
	}
	if m.ThreadTS != "" && ch.find(m.ThreadTS) == nil {
		return nil, fail("cannot_reply_to_message")
	}
	s.add(ch, m)
	return object{"channel": ch.ID, "ts": m.TS, "message": s.messageObject(m, true)}, nil
}

func (s *Slack) botMessage(w *Workspace, ch *Channel) *Message {
	return &Message{Channel: ch.ID, TS: s.ts(), User: w.BotUser, BotID: w.BotID, At: s.cfg.Now()}
}

// add puts a message into its channel and tells the apps that listen.
func (s *Slack) add(ch *Channel, m *Message) {
	ch.messages = append(ch.messages, m)
	if m.OnlyTo == "" {
		s.tell(ch, m, "")
	}
}

func (s *Slack) chatPostEphemeral(c *call) (object, error) {
	ch, err := s.target(c)
	if err != nil {
		return nil, err
	}
	m := s.botMessage(c.w, ch)
	if err := s.content(c, m); err != nil {
		return nil, err
	}
	if m.OnlyTo = c.arg("user"); !ch.has(m.OnlyTo) {
		return nil, fail("user_not_in_channel")
	}
	s.add(ch, m)
	return object{"message_ts": m.TS}, nil
}

// own finds a message that the caller wants to change, by its ts.
func (s *Slack) own(c *call, refused string) (*Channel, *Message, error) {
	ch := s.lookup(c)
	if ch == nil {
		return nil, nil, fail("channel_not_found")
	}
	m := ch.find(c.arg("ts"))
	switch {
	case m == nil || m.OnlyTo != "": // an ephemeral message is changed by its response URL only
		return nil, nil, fail("message_not_found")
	case m.BotID != c.w.BotID:
		return nil, nil, fail(refused)
	case ch.archived:
		return nil, nil, fail("is_archived")
	}
	return ch, m, nil
}

func (s *Slack) chatUpdate(c *call) (object, error) {
	ch, m, err := s.own(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	next := &Message{}
	if err := s.content(c, next); err != nil {
		return nil, err
	}
	before := *m
	if !c.Args.Has("blocks") { // so says chat.update: an empty list removes them
		next.Blocks = m.Blocks
	}
	if !c.Args.Has("attachments") {
		next.Attachments = m.Attachments
	}
	rewrite(m, next)
	s.tellChanged(ch, m, &before)
	return object{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": s.messageObject(m, true)}, nil
}

// rewrite makes a message say what another one says.
func rewrite(m, next *Message) {
	m.Text, m.Blocks, m.Attachments = next.Text, next.Blocks, next.Attachments
	if next.Metadata != nil {
		m.Metadata = next.Metadata
	}
	m.Edits++
	m.chosen = nil
}

func (s *Slack) chatDelete(c *call) (object, error) {
	ch, m, err := s.own(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	m.Deleted = true
	s.tellDeleted(ch, m)
	return object{"channel": ch.ID, "ts": m.TS}, nil
}

func (s *Slack) chatGetPermalink(c *call) (object, error) {
	ch := s.lookup(c)
	if ch == nil {
		return nil, fail("channel_not_found")
	}
	m := ch.find(c.arg("message_ts"))
	if m == nil {
		return nil, fail("message_not_found")
	}
	link := "https://" + c.w.domain() + ".slack.com/archives/" + ch.ID + "/p" + strings.ReplaceAll(m.TS, ".", "")
	return object{"channel": ch.ID, "permalink": link}, nil
}

// find returns the message with a ts, unless it was deleted.
func (ch *Channel) find(ts string) *Message {
	for _, m := range ch.messages {
		if m.TS == ts && !m.Deleted {
			return m
		}
	}
	return nil
}

// messageObject is a message as methods and events give it. Without all, it has the
// type of its metadata only.
func (s *Slack) messageObject(m *Message, all bool) object {
	o := object{"type": "message", "ts": m.TS, "user": m.User, "text": m.Text}
	if m.BotID != "" {
		o["bot_id"], o["app_id"] = m.BotID, AppID
		o["bot_profile"] = object{"id": m.BotID, "app_id": AppID, "name": "Suhbat", "deleted": false}
	}
	set(o, "client_msg_id", m.ClientMsgID)
	set(o, "thread_ts", m.ThreadTS)
	if len(m.Blocks) > 0 {
		o["blocks"] = m.Blocks
	}
	if len(m.Attachments) > 0 {
		o["attachments"] = m.Attachments
	}
	if m.Metadata != nil {
		o["metadata"] = object{"event_type": m.Metadata.EventType}
		if all {
			o["metadata"] = m.Metadata
		}
	}
	if m.Edits > 0 {
		o["edited"] = object{"user": m.User, "ts": or(m.edited, m.TS)}
	}
	return o
}

func set(o object, name, value string) {
	if value != "" {
		o[name] = value
	}
}
