package telegram

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
)

// Options are what a [Messenger] needs.
type Options struct {
	// Token is the bot's own. API is the base address of the Bot API; empty for
	// Telegram's.
	Token, API string
	// HTTP makes the requests; nil for a client with time-outs.
	HTTP tgbotapi.HTTPClient
	// Limit says whose turn it is; nil for a limiter of this process at
	// [DefaultRate].
	Limit Limiter
	// Chats learns which places take messages; nil for nobody.
	Chats bot.Chats
	// Now says when that was.
	Now func() time.Time
}

// Messenger sends to Telegram: reminders by [Messenger.Send], and the answers to what
// comes in. It is safe for many goroutines.
type Messenger struct {
	client *client
	limit  Limiter
	chats  bot.Chats
	now    func() time.Time
	// inline is true if the bot answers inline queries: getMe says so.
	inline atomic.Bool
}

// NewMessenger returns a Messenger. It asks the server nothing.
func NewMessenger(o Options) (*Messenger, error) {
	if o.Now == nil {
		return nil, errors.New("telegram: Options.Now is nil, expected a clock")
	}
	c, err := newClient(o.API, o.Token, o.HTTP)
	if err != nil {
		return nil, err
	}
	m := &Messenger{client: c, limit: o.Limit, chats: o.Chats, now: o.Now}
	if m.limit == nil {
		m.limit = NewLimiter(DefaultRate)
	}
	return m, nil
}

// Network implements [bot.Messenger].
func (*Messenger) Network() string { return Network }

// Send implements [bot.Messenger]. The receipt is the ids of the messages with spaces
// between. If a later part of a long message could not be sent, the receipt names
// those before, and the failure is [bot.Uncertain]: it is not to be sent again as a
// whole. Telegram shows a message to a whole chat, so one for a single user is
// refused but in the chat with that user.
func (m *Messenger) Send(ctx context.Context, out bot.Outgoing) (receipt string, err error) {
	if out.OnlyTo != "" && out.OnlyTo != out.To.Chat {
		return "", &bot.SendError{Failure: bot.Refused, Err: errors.New("telegram: a message in a group cannot be for one user only")}
	}
	parts := m.renderer().reply(out.Message, out.Buttons, bot.Prompt{})
	if len(parts) == 0 {
		return "", &bot.SendError{Failure: bot.Refused, Err: errors.New("telegram: the message says nothing")}
	}
	t := target{to: out.To, replyTo: out.ReplyTo, edit: out.Edit, silent: out.Silent}
	ids, err := m.send(ctx, out.Lane, t, parts...)
	if err != nil && len(ids) > 0 {
		err = &bot.SendError{Failure: bot.Uncertain, Err: err}
	}
	return strings.Join(ids, " "), err
}

func (m *Messenger) renderer() renderer { return renderer{inline: m.inline.Load()} }

// The action of a chat is shown for five seconds or until a message comes
// (core.telegram.org/bots/api#sendchataction).
const (
	typingAfter = 300 * time.Millisecond
	typingEvery = 4500 * time.Millisecond
)

// typing shows that the bot is typing, after 300 ms and until stop is called or a
// call fails: it is a courtesy. It returns at once; stop waits until no call is under
// way.
func (m *Messenger) typing(ctx context.Context, at bot.Address) (stop func()) {
	enough, idle := make(chan struct{}), make(chan struct{})
	timer := time.AfterFunc(typingAfter, func() {
		defer close(idle)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go func() {
			select {
			case <-enough:
				cancel()
			case <-ctx.Done():
			}
		}()
		params := tgbotapi.Params{"chat_id": at.Chat, "action": "typing"}
		params.AddNonEmpty("message_thread_id", at.Thread)
		for ctx.Err() == nil && m.client.call(ctx, "sendChatAction", params, nil) == nil {
			sleep(ctx, typingEvery)
		}
	})
	return sync.OnceFunc(func() {
		if !timer.Stop() {
			close(enough)
			<-idle
		}
	})
}
