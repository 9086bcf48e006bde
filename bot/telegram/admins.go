package telegram

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
)

// anonymousAdmin is the user that an admin of a group writes as who chose to stay
// anonymous; nobody else can (core.telegram.org/bots/api#message, sender_chat).
const anonymousAdmin = "1087968824"

// adminsLast is how long an answer about an admin is believed.
const adminsLast = time.Minute

// admins remembers who is an admin of what. The zero admins are ready.
type admins struct {
	mu    sync.Mutex
	known map[member]verdict
}

type member struct{ chat, user string }

type verdict struct {
	admin bool
	until time.Time
}

var _ bot.Admins = (*Telegram)(nil)

// MayConfigure reports whether a user may change the settings of a chat: in a private
// one the user alone, elsewhere its admins (getChatMember).
func (t *Telegram) MayConfigure(ctx context.Context, at bot.Address, user string) (bool, error) {
	switch {
	case user == "":
		return false, nil
	case at.Chat == user, user == anonymousAdmin:
		return true, nil
	}
	who := member{at.Chat, user}
	now := t.cfg.Now()
	if v, ok := t.admins.get(who, now); ok {
		return v, nil
	}
	var got struct {
		Status string `json:"status"`
	}
	err := t.client.call(ctx, "getChatMember", tgbotapi.Params{"chat_id": at.Chat, "user_id": user}, &got)
	if api, ok := errors.AsType[*apiError](err); ok && api.Code == http.StatusBadRequest {
		return false, nil // no member of it, or no such chat
	}
	if err != nil {
		return false, err
	}
	admin := got.Status == "creator" || got.Status == "administrator"
	t.admins.set(who, verdict{admin, now.Add(adminsLast)}, now)
	return admin, nil
}

func (a *admins) get(who member, now time.Time) (admin, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	v, ok := a.known[who]
	return v.admin, ok && now.Before(v.until)
}

func (a *admins) set(who member, v verdict, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for k, old := range a.known {
		if !now.Before(old.until) {
			delete(a.known, k)
		}
	}
	if a.known == nil {
		a.known = make(map[member]verdict)
	}
	a.known[who] = v
}

// present reports whether a member with this status is in the chat
// (core.telegram.org/bots/api#chatmember).
func present(status string) bool {
	return status != "left" && status != "kicked"
}

// chatAddress is the address of a chat, or of a topic in it.
func chatAddress(chat int64, topic int) bot.Address {
	a := bot.Address{Network: Network, Chat: strconv.FormatInt(chat, 10)}
	if topic != 0 {
		a.Thread = strconv.Itoa(topic)
	}
	return a
}
