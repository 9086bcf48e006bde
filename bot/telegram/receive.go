package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"suhbat/bot"
)

// noProgress is that of an update that nobody has looked at.
var noProgress bot.Progress

// maxWaiting is how many questions of one chat may wait for their answers, of which
// a chat gets one a second. Nobody waits for more than that: the first that is too
// many is told so, the others are counted and passed over.
const maxWaiting = 1000

// acknowledgedAfter is how long the press of a button waits for the word that the core
// has for it, while others of the chat are answered first. Then the waiting that the
// button shows is ended without a word.
const acknowledgedAfter = 4 * time.Second

// name is how the inbox knows an update.
func name(id int64) string { return strconv.FormatInt(id, 10) }

// accept puts an update into the queue of its chat. When nothing is left to do for
// it, done is called, unless it is nil.
func (t *Telegram) accept(ctx context.Context, id int64, raw []byte, so bot.Progress, done func()) {
	if done == nil {
		done = func() {}
	}
	if !t.inWork.begin(id, done) { // it was fetched again before Telegram forgot it
		return
	}
	t.stats.Updates.Add(1)
	u, err := decode(raw)
	if err != nil {
		t.poison(ctx, id, err)
		t.finish(ctx, id)
		done()
		return
	}
	in := t.meaning(ctx, id, u)
	if in.Kind == "" && !u.moves() { // others of a busy group would wait behind it
		t.finish(ctx, id)
		done()
		return
	}
	order := u.order()
	waiting := t.queue.waiting(order)
	if waiting >= maxWaiting {
		t.stats.Flooded.Add(1)
	}
	if waiting > maxWaiting {
		t.finish(ctx, id)
		done()
		return
	}
	work, over := t.cfg.Watch.Begin(t.working, Network, "update")
	if q := u.CallbackQuery; q != nil {
		late := time.AfterFunc(acknowledgedAfter, func() { t.acknowledge(t.working, q, "") })
		answered := done
		done = func() { late.Stop(); answered() }
	}
	if waiting == maxWaiting && in.Kind != "" {
		in.Kind, in.Text, in.Payload = bot.Flooded, "", ""
	}
	t.queue.put(order, func() {
		defer over()
		if t.answer(work, id, u, in, so) {
			t.finish(work, id)
		} else {
			t.inWork.end(id)
		}
		done()
	})
}

// meaning is what an update says to the core; the zero Incoming is nothing.
func (t *Telegram) meaning(ctx context.Context, id int64, u *apiUpdate) (in bot.Incoming) {
	defer func() {
		if r := recover(); r != nil {
			t.panicked(ctx, id, r)
			in = bot.Incoming{}
		}
	}()
	if in, meant := t.incoming(u); meant {
		return in
	}
	return bot.Incoming{}
}

// panicked notes that an update met a mistake of ours. It is passed over: the others
// are not to suffer for it.
func (t *Telegram) panicked(ctx context.Context, id int64, r any) {
	t.stats.Failures.Add(1)
	t.log.ErrorContext(ctx, "panic while answering; the update is passed over", slog.Int64("update", id), slog.String("panic", fmt.Sprintf("%T", r)), slog.String("stack", string(debug.Stack())))
}

// inWork are the updates that are being answered, and what to call when they are not any
// more. The zero inWork has none.
type inWork struct {
	mu  sync.Mutex
	ids map[int64][]func()
}

// begin marks an update as being worked on. If it is already, begin reports false, and
// done is called when it is not any more.
func (w *inWork) begin(id int64, done func()) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if waiting, busy := w.ids[id]; busy {
		w.ids[id] = append(waiting, done)
		return false
	}
	if w.ids == nil {
		w.ids = make(map[int64][]func())
	}
	w.ids[id] = nil
	return true
}

func (w *inWork) end(id int64) {
	w.mu.Lock()
	waiting := w.ids[id]
	delete(w.ids, id)
	w.mu.Unlock()
	for _, done := range waiting {
		done()
	}
}

// finish notes that nothing is left to do for an update.
func (t *Telegram) finish(ctx context.Context, id int64) {
	if err := t.inbox.Finish(ctx, name(id), t.cfg.Now()); err != nil {
		t.log.ErrorContext(ctx, "an update is answered, but that could not be noted; after a restart it may be answered again", slog.Int64("update", id), slog.Any("error", err))
	}
	t.inWork.end(id)
}

// poison counts an update that cannot be read. It is passed over: brought again, it
// would be the same.
func (t *Telegram) poison(ctx context.Context, id int64, err error) {
	t.stats.Poison.Add(1)
	t.log.WarnContext(ctx, "an update could not be read and is passed over", slog.Int64("update", id), slog.Any("error", err))
}

// answer answers an update, whose meaning is in. It reports false if the program stops
// before that is done.
func (t *Telegram) answer(ctx context.Context, id int64, u *apiUpdate, in bot.Incoming, so bot.Progress) (finished bool) {
	defer func() {
		if r := recover(); r != nil {
			t.panicked(ctx, id, r)
			finished = true
		}
	}()
	t.housekeeping(ctx, u)
	again := t.albums.again(u.Message)
	if in.Kind == "" || again && in.Kind == bot.Unreadable {
		return true
	}
	in.At = t.cfg.Now()
	if q := u.CallbackQuery; q != nil {
		defer t.acknowledge(ctx, q, "") // whatever becomes of it
	}
	reply, err := t.handle(ctx, in)
	if err != nil {
		t.stats.Failures.Add(1)
		t.log.ErrorContext(ctx, "an update could not be answered", slog.Int64("update", id), slog.Any("error", err))
		return ctx.Err() == nil
	}
	d := delivery{t: t, id: name(id), u: u, in: in, so: so}
	return d.deliver(ctx, &reply)
}

// maxAsked is how often the core is asked when it fails: the database may be busy, and
// a question is not to be lost to that. While the database is away, a question waits.
const maxAsked = 3

// handle asks the core, and shows that the bot is typing if that takes long.
func (t *Telegram) handle(ctx context.Context, in bot.Incoming) (reply bot.Reply, err error) {
	if in.Kind == bot.Ask || in.Kind == bot.Command {
		defer t.out.typing(ctx, in.From)()
	}
	wait := backOff{most: 5 * time.Second}
	for asked := 1; ; asked++ {
		reply, err = t.core.Handle(ctx, in)
		away := errors.Is(err, bot.ErrAway)
		if err == nil || asked >= maxAsked && !away || pause(ctx, wait.next()) != nil {
			return reply, err
		}
	}
}

// housekeeping keeps up with where the bot may speak.
func (t *Telegram) housekeeping(ctx context.Context, u *apiUpdate) {
	var err error
	now := t.cfg.Now()
	switch m := u.message(); {
	case u.MyChatMember != nil:
		chat := chatAddress(u.MyChatMember.Chat.ID, 0)
		if present(u.MyChatMember.NewChatMember.Status) {
			err = t.chats.Enter(ctx, chat, now)
		} else {
			err = t.chats.Leave(ctx, chat, u.MyChatMember.NewChatMember.Status, now)
		}
	case m != nil && m.MigrateToChatID != 0:
		err = t.chats.Move(ctx, chatAddress(m.Chat.ID, 0), chatAddress(m.MigrateToChatID, 0))
	case m != nil && m.MigrateFromChatID != 0:
		err = t.chats.Move(ctx, chatAddress(m.MigrateFromChatID, 0), chatAddress(m.Chat.ID, 0))
	case m != nil && m.Chat.IsPrivate() && u.isStart():
		err = t.chats.Enter(ctx, chatAddress(m.Chat.ID, 0), now)
	}
	if err != nil {
		t.log.ErrorContext(ctx, "where the bot may speak could not be noted", slog.Any("error", err))
	}
}
