package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"suhbat/bot"
	"suhbat/scheduler"
)

// subscriptionColumns are the columns of a subscription, in the order of
// [subscriptionArgs] and [scanSubscription].
var subscriptionColumns = strings.Fields(`id network space chat thread origin at wall zone lang topics ahead
	quiet_from quiet_to weekend round_only asked_by paused`)

func subscriptionArgs(s *scheduler.Subscription) ([]any, error) {
	topics, err := json.Marshal(s.Topics)
	if err != nil {
		return nil, err
	}
	ahead, err := json.Marshal(s.Ahead)
	if err != nil {
		return nil, err
	}
	args := append([]any{encode(s.ID)}, address(s.To)...)
	return append(args, encode(string(s.Origin)), micros(s.Since), encode(s.At), encode(s.Zone), encode(s.Lang), string(topics), string(ahead),
		encode(s.QuietFrom), encode(s.QuietTo), encode(string(s.Weekend)), b2i(s.RoundOnly), encode(s.By), encode(s.Paused)), nil
}

func scanSubscription(rows *sql.Rows) (s scheduler.Subscription, err error) {
	var topics, ahead string
	var roundOnly int
	err = rows.Scan(text{&s.ID}, text{&s.To.Network}, text{&s.To.Space}, text{&s.To.Chat}, text{&s.To.Thread},
		text{(*string)(&s.Origin)}, instant{&s.Since}, text{&s.At}, text{&s.Zone}, text{&s.Lang}, &topics, &ahead,
		text{&s.QuietFrom}, text{&s.QuietTo}, text{(*string)(&s.Weekend)}, &roundOnly, text{&s.By}, text{&s.Paused})
	if err != nil {
		return s, err
	}
	s.RoundOnly = roundOnly != 0
	if err := json.Unmarshal([]byte(topics), &s.Topics); err != nil {
		return s, fmt.Errorf("the topics of %s: %w", s.ID, err)
	}
	if err := json.Unmarshal([]byte(ahead), &s.Ahead); err != nil {
		return s, fmt.Errorf("the days ahead of %s: %w", s.ID, err)
	}
	return s, nil
}

var selectSubscriptionSQL = "SELECT " + strings.Join(subscriptionColumns, ", ") + " FROM subscriptions"

// Subscriptions returns all of them; see [scheduler.Subscriptions].
func (s *Store) Subscriptions(ctx context.Context) ([]scheduler.Subscription, error) {
	return s.subscriptions(ctx, " ORDER BY id")
}

// Subscription returns the one with an ID; see [scheduler.Subscriptions].
func (s *Store) Subscription(ctx context.Context, id string) (scheduler.Subscription, bool, error) {
	return s.subscription(ctx, " WHERE id = ?1", encode(id))
}

// SubscriptionAt returns the one of an address; see [scheduler.Subscriptions].
func (s *Store) SubscriptionAt(ctx context.Context, to bot.Address) (scheduler.Subscription, bool, error) {
	return s.subscription(ctx, " WHERE network = ?1 AND space = ?2 AND chat = ?3 AND thread = ?4", address(to)...)
}

func (s *Store) subscription(ctx context.Context, which string, args ...any) (scheduler.Subscription, bool, error) {
	all, err := s.subscriptions(ctx, which, args...)
	if err != nil || len(all) == 0 {
		return scheduler.Subscription{}, false, err
	}
	return all[0], true, nil
}

func (s *Store) subscriptions(ctx context.Context, which string, args ...any) ([]scheduler.Subscription, error) {
	var all []scheduler.Subscription
	err := s.reminders.rows(ctx, "read subscriptions", selectSubscriptionSQL+which, args, func(rows *sql.Rows) error {
		sub, err := scanSubscription(rows)
		all = append(all, sub)
		return err
	})
	return all, err
}

var putSubscriptionSQL = "INSERT INTO subscriptions (" + strings.Join(subscriptionColumns, ", ") + ") VALUES (" +
	places(1, len(subscriptionColumns)) + ") ON CONFLICT (id) DO UPDATE SET " + assignments(subscriptionColumns[1:], 2)

// PutSubscription writes one down; see [scheduler.Subscriptions]. There is one for each
// address, so another one of the same address ends.
func (s *Store) PutSubscription(ctx context.Context, sub scheduler.Subscription) error {
	args, err := subscriptionArgs(&sub)
	if err != nil {
		return fmt.Errorf("store: write a subscription: %w", err)
	}
	return s.reminders.writer.write(ctx, "write a subscription", func(t *tx) error {
		_, err := t.exec(`DELETE FROM subscriptions
			WHERE id <> ?1 AND network = ?2 AND space = ?3 AND chat = ?4 AND thread = ?5`, args[:5]...)
		if err != nil {
			return err
		}
		_, err = t.exec(putSubscriptionSQL, args...)
		return err
	})
}

// DeleteSubscription ends one; see [scheduler.Subscriptions].
func (s *Store) DeleteSubscription(ctx context.Context, id string) error {
	return s.reminders.writer.write(ctx, "end a subscription", func(t *tx) error {
		_, err := t.exec(`DELETE FROM subscriptions WHERE id = ?1`, encode(id))
		return err
	})
}

// forgetReminders deletes what is known of the reminders of a place, those that were
// sent too: nothing of it is owed again, since whoever subscribes anew is owed what is
// due from then on.
func (t *tx) forgetReminders(owner bot.Address) error {
	id := encode(scheduler.IDOf(owner.Place()))
	for _, table := range []string{"deliveries", "cursors"} {
		_, err := t.exec(`DELETE FROM `+table+` WHERE channel = ?4 OR substr(channel, 1, length(?4) + 1) = ?4 || '/'
			OR channel IN (SELECT id FROM subscriptions WHERE network = ?1 AND space = ?2 AND chat = ?3)`,
			append(place(owner), id)...)
		if err != nil {
			return err
		}
	}
	return nil
}
