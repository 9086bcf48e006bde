package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"suhbat/bot"
)

// idLasts is how long a finished id is known at least. Telegram delivers nothing again
// after a day, and may begin with lower ids after a week without an update
// (core.telegram.org/bots/api#update); Slack tries again for an hour
// (docs.slack.dev/apis/events-api).
const idLasts = 24 * time.Hour

// Inbox is the [bot.Inbox] of a network.
type Inbox struct {
	store   *Store
	network string
}

// Inbox returns the inbox of a network, such as "telegram".
func (s *Store) Inbox(network string) *Inbox {
	return &Inbox{store: s, network: network}
}

// inboxes numbers what is kept, in the order in which it comes.
type inboxes struct {
	mu   sync.Mutex
	last int64
}

// start goes on behind the highest number that was given before.
func (n *inboxes) start(ctx context.Context, s *Store) error {
	return s.get(ctx, "open the inboxes", "SELECT COALESCE(MAX(seq), 0) FROM inbox", nil, &n.last)
}

// next is the time in microseconds, or more if that was given already: several
// processes then agree as far as their clocks do.
func (n *inboxes) next(now time.Time) int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last = max(n.last+1, now.UnixMicro())
	return n.last
}

// A row is over if what it says is too old to mean the same id: it was finished more
// than [idLasts] ago, or it was left behind by a crash and has no body.
const over = "inbox.body IS NULL AND inbox.at < %s AND inbox.finished < %s"

var keepSQL = overBefore("?9", `INSERT INTO inbox (network, id, seq, space, chat, thread, body, at)
	VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
	ON CONFLICT (network, id) DO UPDATE SET seq = excluded.seq, space = excluded.space, chat = excluded.chat,
		thread = excluded.thread, body = excluded.body, at = excluded.at, finished = 0,
		part = CASE WHEN OVER THEN 0 ELSE inbox.part END, tries = CASE WHEN OVER THEN 0 ELSE inbox.tries END
	WHERE OVER OR inbox.body IS NULL AND inbox.finished = 0 AND inbox.tries > 0
	RETURNING tries = 0`)

// Keep writes down something that came in; see [bot.Inbox].
func (i *Inbox) Keep(ctx context.Context, id string, order bot.Address, body []byte, now time.Time) (bool, error) {
	var fresh bool
	err := i.store.writer.write(ctx, "keep what came in", func(t *tx) error {
		_, err := t.row(keepSQL, []any{
			encode(i.network), encode(id), i.store.inboxes.next(now), encode(order.Space),
			encode(order.Chat), encode(order.Thread), blob(body), stamp(now), stamp(now.Add(-idLasts)),
		}, &fresh)
		return err
	})
	return fresh, err
}

// Kept returns what is not finished; see [bot.Inbox].
func (i *Inbox) Kept(ctx context.Context) ([]bot.Kept, error) {
	if err := i.store.writer.settle(ctx); err != nil {
		return nil, err
	}
	var kept []bot.Kept
	err := i.store.rows(ctx, "read what was kept", `SELECT id, space, chat, thread, body, at FROM inbox
		WHERE network = ?1 AND body IS NOT NULL ORDER BY seq`, []any{encode(i.network)}, func(rows *sql.Rows) error {
		k := bot.Kept{Order: bot.Address{Network: i.network}}
		var at int64
		if err := rows.Scan(&k.ID, &k.Order.Space, &k.Order.Chat, &k.Order.Thread, &k.Body, &at); err != nil {
			return err
		}
		for _, text := range []*string{&k.ID, &k.Order.Space, &k.Order.Chat, &k.Order.Thread} {
			*text = decode(*text)
		}
		k.At = time.UnixMicro(at).UTC()
		kept = append(kept, k)
		return nil
	})
	return kept, err
}

// asked is how many ids a statement asks for at once; what is left of its places
// stays empty.
const asked = 50

var progressSQL = overBefore("?2", `SELECT id, part, tries, finished FROM inbox
	WHERE network = ?1 AND NOT (OVER) AND id IN (`+places(3, asked)+`)`)

// Progress returns how far answers are; see [bot.Inbox].
func (i *Inbox) Progress(ctx context.Context, ids []string) (map[string]bot.Progress, error) {
	if err := i.store.writer.settle(ctx); err != nil {
		return nil, err
	}
	far := make(map[string]bot.Progress, len(ids))
	for some := range slices.Chunk(ids, asked) {
		args := make([]any, 2+asked)
		args[0], args[1] = encode(i.network), stamp(i.store.now().Add(-idLasts))
		for n, id := range some {
			args[2+n] = encode(id)
		}
		err := i.store.rows(ctx, "read how far answers are", progressSQL, args, func(rows *sql.Rows) error {
			id, p, err := progress(rows)
			far[id] = p
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return far, nil
}

func progress(rows *sql.Rows) (id string, p bot.Progress, err error) {
	var part, tries int
	var finished int64
	err = rows.Scan(&id, &part, &tries, &finished)
	switch {
	case finished > 0:
		p.Done = true
	case tries > 0:
		p = bot.Progress{Begun: true, Part: part, Tries: tries}
	}
	return decode(id), p, err
}

var sendingSQL = overBefore("?5", `INSERT INTO inbox (network, id, at, part, tries) VALUES (?1, ?2, ?3, ?4, 1)
	ON CONFLICT (network, id) DO UPDATE SET
		tries = CASE WHEN OVER THEN 1 WHEN inbox.part = excluded.part THEN inbox.tries + 1 ELSE 1 END,
		at = CASE WHEN OVER THEN excluded.at ELSE inbox.at END,
		part = excluded.part, finished = 0
	WHERE inbox.finished = 0 OR OVER`)

// Sending notes that a part is about to be sent; see [bot.Inbox].
func (i *Inbox) Sending(ctx context.Context, id string, part int, now time.Time) error {
	var changed int64
	err := i.store.writer.brief(ctx, "note what is about to be sent", func(t *tx) (err error) {
		changed, err = t.exec(sendingSQL, encode(i.network), encode(id), stamp(now), part, stamp(now.Add(-idLasts)))
		return err
	})
	if err == nil && changed == 0 {
		return bot.ErrFinished
	}
	return err
}

const finishSQL = `INSERT INTO inbox (network, id, at, finished) VALUES (?1, ?2, ?3, ?3)
	ON CONFLICT (network, id) DO UPDATE SET finished = excluded.finished, body = NULL, space = '', chat = '', thread = ''`

// Finish notes that nothing is left to do; see [bot.Inbox]. It returns before that is
// committed, and does it even if ctx is done.
func (i *Inbox) Finish(ctx context.Context, id string, now time.Time) error {
	return i.store.writer.soon(ctx, "note what is finished", func(t *tx) error {
		_, err := t.exec(finishSQL, encode(i.network), encode(id), stamp(now))
		return err
	}, nil)
}

// overBefore puts the condition [over] into a statement, with the place of the time.
func overBefore(place, query string) string {
	return strings.ReplaceAll(query, "OVER", "("+strings.ReplaceAll(over, "%s", place)+")")
}

// places lists count places from the first on: "?3, ?4".
func places(first, count int) string {
	list := make([]string, count)
	for n := range list {
		list[n] = "?" + strconv.Itoa(first+n)
	}
	return strings.Join(list, ", ")
}
