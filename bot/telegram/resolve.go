package telegram

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
)

// namesLast is how long it is believed which chat has a name.
const namesLast = 10 * time.Minute

// names remembers which chats have which names. The zero names are ready.
type names struct {
	mu    sync.Mutex
	known map[string]named
}

type named struct {
	id    string
	until time.Time
}

var _ bot.Resolver = (*Telegram)(nil)

// Resolve returns the address by number of a chat that is addressed by its @name
// (getChat): a chat has one number, and as many names as somebody gives it.
func (t *Telegram) Resolve(ctx context.Context, at bot.Address) (bot.Address, error) {
	if !strings.HasPrefix(at.Chat, "@") {
		return at, nil
	}
	now := t.cfg.Now()
	if id, ok := t.names.get(at.Chat, now); ok {
		at.Chat = id
		return at, nil
	}
	var chat struct {
		ID int64 `json:"id"`
	}
	if err := t.client.call(ctx, "getChat", tgbotapi.Params{"chat_id": at.Chat}, &chat); err != nil {
		return at, err
	}
	id := strconv.FormatInt(chat.ID, 10)
	t.names.set(at.Chat, named{id, now.Add(namesLast)})
	at.Chat = id
	return at, nil
}

func (n *names) get(name string, now time.Time) (id string, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	found, ok := n.known[name]
	return found.id, ok && now.Before(found.until)
}

func (n *names) set(name string, is named) {
	const most = 1000
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) > most {
		n.known = make(map[string]named)
	}
	n.known[name] = is
}
