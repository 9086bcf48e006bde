package telegramtest

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

func sorted(entities []Entity) []Entity {
	slices.SortStableFunc(entities, func(a, b Entity) int { return cmp.Compare(a.Offset, b.Offset) })
	return entities
}

func (c *call) sendMessage() (any, error) {
	chat, err := c.writable()
	if err != nil {
		return nil, err
	}
	m := &Message{Bot: true, Silent: c.flag("disable_notification")}
	if err := c.readContent(m); err != nil {
		return nil, err
	}
	if m.ThreadID, err = c.thread(chat); err != nil {
		return nil, err
	}
	if m.ReplyTo, err = c.replyTo(chat); err != nil {
		return nil, err
	}
	if to := chat.byID[m.ReplyTo]; to != nil && m.ThreadID == 0 && to.topic {
		m.ThreadID = to.ThreadID
	}
	m.topic = m.ThreadID != 0
	return wire(chat.add(m), true), nil
}

// readContent reads text, link preview and buttons.
func (c *call) readContent(m *Message) error {
	var entities []Entity
	if err := c.decode("entities", &entities); err != nil {
		return err
	}
	var err error
	if m.Text, m.Entities, err = c.readText(c.text("text"), c.text("parse_mode"), entities); err != nil {
		return err
	}
	var preview struct {
		Disabled bool `json:"is_disabled"`
	}
	if err := c.decode("link_preview_options", &preview); err != nil {
		return err
	}
	m.Preview = !preview.Disabled
	return c.readMarkup(m, true)
}

// replyTo checks reply_parameters and returns the id of the message, if it exists.
func (c *call) replyTo(chat *Chat) (int, error) {
	var reply struct {
		ID      int    `json:"message_id"`
		Without bool   `json:"allow_sending_without_reply"`
		Quote   string `json:"quote"`
	}
	if err := c.decode("reply_parameters", &reply); err != nil || reply.ID == 0 {
		return 0, err
	}
	to := chat.byID[reply.ID]
	switch {
	case to != nil && !to.Deleted && !strings.Contains(to.Text, reply.Quote):
		return 0, badRequest("QUOTE_TEXT_INVALID")
	case to != nil && !to.Deleted:
		return reply.ID, nil
	case reply.Without:
		return 0, nil
	default:
		return 0, badRequest("message to be replied not found")
	}
}

// own finds a message of the bot that a call wants to edit.
func (c *call) own(what string) (*Message, error) {
	if id := c.text("inline_message_id"); id != "" {
		if m := c.inlined[id]; m != nil {
			return m, nil
		}
		return nil, badRequest("MESSAGE_ID_INVALID")
	}
	chat, err := c.writable()
	if err != nil {
		return nil, err
	}
	m := chat.byID[int(c.number("message_id"))]
	switch {
	case m == nil || m.Deleted:
		return nil, badRequest("message to %s not found", what)
	case !m.Bot:
		return nil, badRequest("message can't be %sed", what)
	default:
		return m, nil
	}
}

const notModified = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"

func (c *call) editMessageText() (any, error) {
	m, err := c.own("edit")
	if err != nil {
		return nil, err
	}
	edited := *m
	if err := c.readContent(&edited); err != nil {
		return nil, err
	}
	return c.edited(m, edited)
}

func (c *call) editMessageReplyMarkup() (any, error) {
	m, err := c.own("edit")
	if err != nil {
		return nil, err
	}
	edited := *m
	if err := c.readMarkup(&edited, false); err != nil {
		return nil, err
	}
	return c.edited(m, edited)
}

// edited replaces a message by its edition, which must differ.
func (c *call) edited(m *Message, edited Message) (any, error) {
	if m.Text == edited.Text && slices.Equal(m.Entities, edited.Entities) && sameJSON(m.markup, edited.markup) {
		return nil, badRequest(notModified)
	}
	edited.EditedAt = time.Now()
	*m = edited
	if m.inlineID != "" {
		return true, nil
	}
	return wire(m, true), nil
}

func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

func (c *call) deleteMessage() (any, error) {
	chat, err := c.writable()
	if err != nil {
		return nil, err
	}
	return true, chat.erase(int(c.number("message_id")))
}

func (c *call) deleteMessages() (any, error) {
	chat, err := c.writable()
	if err != nil {
		return nil, err
	}
	var ids []int
	if err := c.decode("message_ids", &ids); err != nil {
		return nil, err
	}
	if len(ids) < 1 || len(ids) > 100 {
		return nil, badRequest("message identifiers are not specified")
	}
	for _, id := range ids {
		_ = chat.erase(id) // those that cannot be deleted are skipped
	}
	return true, nil
}

// erase deletes a message of the bot, or any if the bot is an administrator.
func (c *Chat) erase(id int) error {
	m := c.byID[id]
	switch {
	case m == nil || m.Deleted:
		return badRequest("message to delete not found")
	case !m.Bot && c.Kind != Private && c.bot != "administrator":
		return badRequest("message can't be deleted")
	case time.Since(m.Date) > 48*time.Hour:
		return badRequest("message can't be deleted for everyone")
	}
	m.Deleted = true
	return nil
}

// actionNames are what sendChatAction may show.
var actionNames = []string{
	"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
	"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}

func (c *call) sendChatAction() (any, error) {
	chat, err := c.writable()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(actionNames, c.text("action")) {
		return nil, badRequest("wrong parameter action in request")
	}
	thread, err := c.thread(chat)
	if err != nil {
		return nil, err
	}
	chat.actions = append(chat.actions, Action{Action: c.text("action"), ThreadID: thread, At: time.Now()})
	return true, nil
}
