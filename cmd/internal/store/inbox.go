package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
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

// Nobody's is what belongs to no replica that lives.
const nobodys = "inbox.replica NOT IN (SELECT id FROM replicas)"

var keepSQL = overBefore("?9", `INSERT INTO inbox (network, id, seq, space, chat, thread, body, at, replica)
	VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10)
	ON CONFLICT (network, id) DO UPDATE SET seq = excluded.seq, space = excluded.space, chat = excluded.chat,
		thread = excluded.thread, body = excluded.body, at = excluded.at, replica = excluded.replica, finished = 0,
		part = CASE WHEN OVER THEN 0 ELSE inbox.part END, tries = CASE WHEN OVER THEN 0 ELSE inbox.tries END
	WHERE OVER OR inbox.body IS NULL AND inbox.finished = 0 AND inbox.tries > 0
	RETURNING tries = 0`)

// Keep writes down something that came in; see [bot.Inbox].
func (i *Inbox) Keep(ctx context.Context, id string, order bot.Address, body []byte, now time.Time) (bool, error) {
	var fresh bool
	err := i.store.writer.write(ctx, "keep what came in", func(t *tx) error {
		_, err := t.row(keepSQL, []any{
			encode(i.network), encode(id), i.store.inboxes.next(now), encode(order.Space),
			encode(order.Chat), encode(order.Thread), blob(body), stamp(now), stamp(now.Add(-idLasts)), i.store.replica.id(),
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
	err := i.store.rows(ctx, "read what was kept", `SELECT id, space, chat, thread, body, at, seq FROM inbox
		WHERE network = ?1 AND body IS NOT NULL ORDER BY seq`, []any{encode(i.network)}, func(rows *sql.Rows) error {
		k, _, err := i.scan(rows)
		kept = append(kept, k)
		return err
	})
	return kept, err
}

func (i *Inbox) scan(rows *sql.Rows) (k bot.Kept, seq int64, err error) {
	k.Order.Network = i.network
	var at int64
	err = rows.Scan(&k.ID, &k.Order.Space, &k.Order.Chat, &k.Order.Thread, &k.Body, &at, &seq)
	for _, text := range []*string{&k.ID, &k.Order.Space, &k.Order.Chat, &k.Order.Thread} {
		*text = decode(*text)
	}
	k.At = time.UnixMicro(at).UTC()
	return k, seq, err
}

const (
	orphansSQL = "SELECT COUNT(*) FROM inbox WHERE network = ?1 AND body IS NOT NULL AND " + nobodys
	adoptSQL   = `UPDATE inbox SET replica = ?2 WHERE network = ?1 AND body IS NOT NULL AND ` + nobodys + `
		AND EXISTS (SELECT 1 FROM replicas WHERE id = ?2) RETURNING id, space, chat, thread, body, at, seq`
)

// Adopt makes what nobody answers this replica's; see [bot.Inbox].
func (i *Inbox) Adopt(ctx context.Context) ([]bot.Kept, error) {
	var orphans int
	if err := i.store.get(ctx, "look for what nobody answers", orphansSQL, []any{encode(i.network)}, &orphans); err != nil || orphans == 0 {
		return nil, err
	}
	type numbered struct {
		bot.Kept
		seq int64
	}
	var all []numbered
	err := i.store.writer.write(ctx, "take over what nobody answers", func(t *tx) error {
		all = nil
		return t.rows(adoptSQL, []any{encode(i.network), i.store.replica.id()}, func(rows *sql.Rows) error {
			k, seq, err := i.scan(rows)
			all = append(all, numbered{k, seq})
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b numbered) int { return cmp.Compare(a.seq, b.seq) })
	kept := make([]bot.Kept, len(all))
	for n := range all {
		kept[n] = all[n].Kept
	}
	return kept, nil
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
		args[0], args[1] = encode(i.network), stamp(i.store.Now().Add(-idLasts))
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

var (
	sendingSQL = overBefore("?5", `INSERT INTO inbox (network, id, at, part, tries, replica)
	SELECT CAST(?1 AS text), CAST(?2 AS text), CAST(?3 AS bigint), CAST(?4 AS bigint), 1, CAST(?6 AS text)
		WHERE EXISTS (SELECT 1 FROM replicas WHERE id = ?6)
	ON CONFLICT (network, id) DO UPDATE SET
		tries = CASE WHEN OVER THEN 1 WHEN inbox.part = excluded.part THEN inbox.tries + 1 ELSE 1 END,
		at = CASE WHEN OVER THEN excluded.at ELSE inbox.at END,
		part = excluded.part, replica = excluded.replica, finished = 0
	WHERE (inbox.finished = 0 OR OVER) AND (inbox.replica = excluded.replica OR `+nobodys+`)`)
	refusedSQL = "SELECT finished, replica FROM inbox WHERE network = ?1 AND id = ?2"
)

// Sending notes that a part is about to be sent; see [bot.Inbox]. It fails unless it is
// certain, before and after, that the other replicas take this one for alive: what they
// take over is not to be sent beside them.
func (i *Inbox) Sending(ctx context.Context, id string, part int, now time.Time) error {
	if err := i.store.replica.proved(); err != nil {
		return err
	}
	var why error
	err := i.store.writer.brief(ctx, "note what is about to be sent", func(t *tx) error {
		why = nil
		me := i.store.replica.id()
		changed, err := t.exec(sendingSQL, encode(i.network), encode(id), stamp(now), part, stamp(now.Add(-idLasts)), me)
		if err != nil || changed > 0 {
			return err
		}
		why, err = i.refused(t, id, me)
		return err
	})
	if err == nil {
		err = why
	}
	if err == nil {
		err = i.store.replica.proved()
	}
	return err
}

// errBuried is why nothing may be sent for a moment.
var errBuried = awayError{errors.New("store: the other replicas take this one for dead")}

// refused says why nothing is to be sent for an id.
func (i *Inbox) refused(t *tx, id, me string) (why, err error) {
	var finished int64
	var owner string
	found, err := t.row(refusedSQL, []any{encode(i.network), encode(id)}, &finished, &owner)
	switch {
	case err != nil:
		return nil, err
	case found && finished > 0:
		return bot.ErrFinished, nil
	case !found || owner == me:
		return errBuried, nil
	default:
		return bot.ErrTaken, nil
	}
}

const unsentSQL = `UPDATE inbox SET tries = tries - 1
	WHERE network = ?1 AND id = ?2 AND part = ?3 AND tries > 1 AND finished = 0`

// Unsent notes that a part was not sent; see [bot.Inbox]. It returns before that is
// committed.
func (i *Inbox) Unsent(ctx context.Context, id string, part int) error {
	return i.store.writer.soon(ctx, "note what was not sent", func(t *tx) error {
		_, err := t.exec(unsentSQL, encode(i.network), encode(id), part)
		return err
	}, nil)
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
