package telegramtest

import (
	"slices"
	"time"
)

// AddBot has the user add the bot to a chat: as an administrator of a channel, as
// a member of any other.
func (u *User) AddBot(c *Chat) {
	if c.Kind == Channel {
		u.setBot(c, "administrator")
		return
	}
	u.setBot(c, "member")
}

// PromoteBot makes the bot an administrator.
func (u *User) PromoteBot(c *Chat) { u.setBot(c, "administrator") }

// RemoveBot has the user throw the bot out of a chat.
func (u *User) RemoveBot(c *Chat) { u.setBot(c, "kicked") }

// Block has the user block the bot.
func (u *User) Block() {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.blocked = true
	u.private.botChanged(u, "kicked")
}

// Unblock takes back [User.Block].
func (u *User) Unblock() {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.blocked = false
	u.private.botChanged(u, "member")
}

// Deactivate deletes the account of the user.
func (u *User) Deactivate() {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.gone = true
}

// Join makes the user a member of a chat.
func (u *User) Join(c *Chat) {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	if !slices.Contains(c.members, u) {
		c.members = append(c.members, u)
	}
}

// Promote makes a member an administrator of a chat, or takes that back.
func (c *Chat) Promote(u *User, admin bool) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.admins[u.ID] = admin
}

// Delete deletes the chat for all.
func (c *Chat) Delete() {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	c.gone = true
}

func (u *User) setBot(c *Chat, status string) {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	was := c.bot
	if was == status {
		return
	}
	in := func(status string) bool { return status == "member" || status == "administrator" }
	var service object
	switch {
	case c.Kind == Channel:
	case in(status) && !in(was):
		service = object{"new_chat_members": []object{u.server.botUser()}, "new_chat_member": u.server.botUser(), "new_chat_participant": u.server.botUser()}
	case !in(status) && in(was):
		service = object{"left_chat_member": u.server.botUser(), "left_chat_participant": u.server.botUser()}
	}
	c.botChanged(u, status)
	if service != nil {
		c.announce(c.add(&Message{From: u, service: service}))
	}
	c.server.notify()
}

// botChanged sets the status of the bot and tells it; s.mu is held.
func (c *Chat) botChanged(by *User, status string) {
	was := c.bot
	c.bot = status
	c.server.push("my_chat_member", c.ID, object{
		"chat": c.json(), "from": by.json(), "date": time.Now().Unix(),
		"old_chat_member": c.botMember(was), "new_chat_member": c.botMember(status),
	}, LifeOfMessage)
}

func (c *Chat) botMember(status string) object {
	o := object{"user": c.server.botUser(), "status": status}
	switch status {
	case "administrator":
		for _, right := range []string{"can_be_edited", "is_anonymous"} {
			o[right] = false
		}
		for _, right := range []string{
			"can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
			"can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
		} {
			o[right] = true
		}
		if c.Kind == Channel {
			o["can_post_messages"], o["can_edit_messages"] = true, true
		}
	case "kicked":
		o["until_date"] = 0
	}
	return o
}

// Migrate turns a group into a supergroup, which it returns. Sends to the group
// are refused from then on.
func (c *Chat) Migrate() *Chat {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.Kind != Group || c.moved != nil {
		s.misuse("chat %d is no group", c.ID)
		return c
	}
	super := s.newChat(c.ID-1_000_000_000_000, Supergroup, c.Title)
	super.members, super.owner, super.bot, super.admins = c.members, c.owner, c.bot, c.admins
	c.moved = super
	c.announce(c.add(&Message{From: c.owner, service: object{"migrate_to_chat_id": super.ID}}))
	super.announce(super.add(&Message{From: c.owner, service: object{"migrate_from_chat_id": c.ID}}))
	return super
}
