package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"suhbat/scheduler"
)

// deliveryColumns are the columns of a delivery, in the order of [deliveryArgs] and
// [scanDelivery].
var deliveryColumns = strings.Fields(`key event year channel lead topic due_at not_after wall zone print state reason note
	wake_at post epoch owner intent_at lease_until tries sent_at receipt body_hash lang version`)

func deliveryArgs(d *scheduler.Delivery) []any {
	return []any{
		encode(d.Key), encode(string(d.Event)), d.Year, encode(d.Channel), d.Lead, encode(d.Topic), micros(d.DueAt), micros(d.NotAfter),
		encode(d.Wall), encode(d.Zone), encode(d.Print), encode(string(d.State)), encode(string(d.Reason)), encode(d.Note),
		micros(d.WakeAt), encode(d.Post), d.Epoch, encode(d.Owner), micros(d.IntentAt), micros(d.LeaseUntil), d.Tries,
		micros(d.SentAt), encode(d.Receipt), encode(d.BodyHash), encode(d.Lang), d.Version,
	}
}

func scanDelivery(rows *sql.Rows) (d scheduler.Delivery, err error) {
	err = rows.Scan(text{&d.Key}, text{(*string)(&d.Event)}, &d.Year, text{&d.Channel}, &d.Lead, text{&d.Topic}, instant{&d.DueAt}, instant{&d.NotAfter},
		text{&d.Wall}, text{&d.Zone}, text{&d.Print}, text{(*string)(&d.State)}, text{(*string)(&d.Reason)}, text{&d.Note},
		instant{&d.WakeAt}, text{&d.Post}, &d.Epoch, text{&d.Owner}, instant{&d.IntentAt}, instant{&d.LeaseUntil}, &d.Tries,
		instant{&d.SentAt}, text{&d.Receipt}, text{&d.BodyHash}, text{&d.Lang}, &d.Version)
	return d, err
}

// Select returns deliveries; see [scheduler.Deliveries].
func (s *Store) Select(ctx context.Context, q scheduler.Query) ([]scheduler.Delivery, error) {
	if q.Keys == nil {
		return s.selectDeliveries(ctx, &q, nil)
	}
	keys := slices.Clone(q.Keys)
	slices.Sort(keys)
	var all []scheduler.Delivery
	for some := range slices.Chunk(slices.Compact(keys), asked) {
		found, err := s.selectDeliveries(ctx, &q, some)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b scheduler.Delivery) int {
		return cmp.Or(b2i(a.WakeAt.IsZero())-b2i(b.WakeAt.IsZero()), a.WakeAt.Compare(b.WakeAt), strings.Compare(a.Key, b.Key))
	})
	if q.Limit > 0 && len(all) > q.Limit {
		all = all[:q.Limit]
	}
	return all, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// selectDeliveries runs one query, which names at most [asked] keys; nil names none.
func (s *Store) selectDeliveries(ctx context.Context, q *scheduler.Query, keys []string) ([]scheduler.Delivery, error) {
	query, args := deliveryQuery(q, keys)
	var all []scheduler.Delivery
	err := s.reminders.rows(ctx, "read deliveries", query, args, func(rows *sql.Rows) error {
		d, err := scanDelivery(rows)
		all = append(all, d)
		return err
	})
	return all, err
}

// deliveryQuery writes the statement of a query. There are few that differ, since each
// is prepared once.
func deliveryQuery(q *scheduler.Query, keys []string) (string, []any) {
	var where []string
	var args []any
	add := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, condition+" ?"+strconv.Itoa(len(args)))
	}
	if q.Channel != "" {
		add("channel =", encode(q.Channel))
	}
	if q.Post != "" {
		add("post <> '' AND post =", encode(q.Post)) // the first is that of the index
	}
	if keys != nil {
		where = append(where, "key IN ("+places(len(args)+1, asked)+")")
		args = append(args, make([]any, asked)...)
		for i, key := range keys {
			args[len(args)-asked+i] = encode(key)
		}
	}
	if len(q.States) > 0 {
		where = append(where, "state IN ("+places(len(args)+1, len(q.States))+")")
		for _, state := range q.States {
			args = append(args, string(state))
		}
	}
	if !q.From.IsZero() {
		add("due_at >=", micros(q.From))
	}
	if !q.Until.IsZero() {
		add("due_at <=", micros(q.Until))
	}
	order := "CASE WHEN wake_at = 0 THEN 1 ELSE 0 END, wake_at, key"
	if q.Open {
		where, order = append(where, "wake_at > 0"), "wake_at, key"
	}
	query := "SELECT " + strings.Join(deliveryColumns, ", ") + " FROM deliveries"
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	query += " ORDER BY " + order
	if q.Limit > 0 && keys == nil {
		args = append(args, q.Limit)
		query += " LIMIT ?" + strconv.Itoa(len(args))
	}
	return query, args
}

var (
	insertDeliverySQL = "INSERT INTO deliveries (" + strings.Join(deliveryColumns, ", ") + ") VALUES (" +
		places(1, len(deliveryColumns)) + ") ON CONFLICT (key) DO NOTHING"
	updateDeliverySQL = "UPDATE deliveries SET " + assignments(deliveryColumns[1:], 2) +
		" WHERE key = ?1 AND version = ?" + strconv.Itoa(len(deliveryColumns)) + " - 1"
)

const (
	insertCursorSQL = `INSERT INTO cursors (channel, until, print, version) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (channel) DO NOTHING`
	updateCursorSQL = `UPDATE cursors SET until = ?2, print = ?3, version = ?4 WHERE channel = ?1 AND version = ?4 - 1`
)

// assignments lists columns with their places from the first on: "a = ?2, b = ?3".
func assignments(columns []string, first int) string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = column + " = ?" + strconv.Itoa(first+i)
	}
	return strings.Join(list, ", ")
}

// errStale takes a [Store.Swap] back, which then is tried alone and fails alone.
var errStale = errors.New("somebody else was quicker")

// Swap changes deliveries and a cursor, all or none; see [scheduler.Deliveries].
func (s *Store) Swap(ctx context.Context, rows []scheduler.Delivery, c *scheduler.Cursor) (bool, error) {
	late := false
	err := s.reminders.writer.write(ctx, "change deliveries", func(t *tx) error {
		late = false
		for i := range rows {
			d := rows[i]
			d.Version++
			err := t.swap(insertDeliverySQL, updateDeliverySQL, d.Version, deliveryArgs(&d))
			if late = errors.Is(err, errStale) && i == 0; late { // so nothing is to be taken back
				return nil
			}
			if err != nil {
				return err
			}
		}
		if c == nil {
			return nil
		}
		return t.swap(insertCursorSQL, updateCursorSQL, c.Version+1,
			[]any{encode(c.Channel), micros(c.Until), encode(c.Print), c.Version + 1})
	})
	if errors.Is(err, errStale) {
		return false, nil
	}
	return err == nil && !late, err
}

// swap writes one row that has a version: the first is a new row.
func (t *tx) swap(insert, update string, version int64, args []any) error {
	query := update
	if version == 1 {
		query = insert
	}
	changed, err := t.exec(query, args...)
	if err == nil && changed == 0 {
		err = errStale
	}
	return err
}

// Cursor returns how far a channel is planned; see [scheduler.Deliveries].
func (s *Store) Cursor(ctx context.Context, channel string) (scheduler.Cursor, error) {
	c := scheduler.Cursor{Channel: channel}
	err := s.reminders.get(ctx, "read how far a channel is planned", `SELECT until, print, version FROM cursors WHERE channel = ?1`,
		[]any{encode(channel)}, instant{&c.Until}, text{&c.Print}, &c.Version)
	return c, err
}

// Wakes returns which channels have to be looked at; see [scheduler.Deliveries].
func (s *Store) Wakes(ctx context.Context, until time.Time) ([]scheduler.Wake, error) {
	var all []scheduler.Wake
	err := s.reminders.rows(ctx, "read which channels have to be looked at", `SELECT channel, MIN(wake_at) FROM deliveries
		WHERE wake_at > 0 AND wake_at <= ?1 GROUP BY channel ORDER BY 2, 1`, []any{micros(until)}, func(rows *sql.Rows) error {
		var w scheduler.Wake
		err := rows.Scan(text{&w.Channel}, instant{&w.At})
		all = append(all, w)
		return err
	})
	return all, err
}

// text scans what [encode] has written.
type text struct{ to *string }

// Scan implements [sql.Scanner].
func (t text) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("got a %T, expected a text", v)
	}
	*t.to = decode(s)
	return nil
}

// instant scans what [micros] has written.
type instant struct{ to *time.Time }

// Scan implements [sql.Scanner].
func (i instant) Scan(v any) error {
	us, ok := v.(int64)
	if !ok {
		return fmt.Errorf("got a %T, expected microseconds", v)
	}
	*i.to = moment(us)
	return nil
}
