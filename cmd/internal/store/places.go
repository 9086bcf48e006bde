package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"suhbat/bot"
)

// address is the arguments that name an address.
func address(a bot.Address) []any {
	return append(place(a), encode(a.Thread))
}

// place is the arguments that name an address without its thread.
func place(a bot.Address) []any {
	return append(make([]any, 0, 6), encode(a.Network), encode(a.Space), encode(a.Chat))
}

// Preference returns what was chosen for a place; see [bot.Preferences].
func (s *Store) Preference(ctx context.Context, owner bot.Address) (bot.Preference, error) {
	owner = owner.Place()
	p, known, age := s.chosen.get(owner)
	if known {
		return p, nil
	}
	err := s.get(ctx, "read what was chosen", `SELECT lang, zone FROM preferences
		WHERE network = ?1 AND space = ?2 AND chat = ?3 AND thread = ''`, place(owner), &p.Lang, &p.Zone)
	p = bot.Preference{Lang: decode(p.Lang), Zone: decode(p.Zone)}
	if err == nil {
		s.chosen.read(owner, p, age)
	}
	return p, err
}

// SetPreference keeps what was chosen for a place; see [bot.Preferences].
func (s *Store) SetPreference(ctx context.Context, owner bot.Address, p bot.Preference) error {
	defer s.chosen.changed()
	return s.writer.write(ctx, "keep what was chosen", func(t *tx) error {
		_, err := t.exec(`INSERT INTO preferences (network, space, chat, thread, lang, zone, at)
			VALUES (?1, ?2, ?3, '', ?4, ?5, ?6)
			ON CONFLICT (network, space, chat, thread)
			DO UPDATE SET lang = excluded.lang, zone = excluded.zone, at = excluded.at`,
			append(place(owner), encode(p.Lang), encode(p.Zone), stamp(s.Now()))...)
		return err
	})
}

// ofPlace are the tables with rows of a place. The inbox is another matter: there an
// id stays known.
var ofPlace = []string{"talks", "preferences", "gone", "subscriptions"}

var forgetSQL = each(
	`DELETE FROM TABLE WHERE network = ?1 AND space = ?2 AND chat = ?3`,
	`UPDATE inbox SET body = NULL, space = '', chat = '', thread = ''
		WHERE network = ?1 AND space = ?2 AND chat = ?3 AND body IS NOT NULL`)

// Forget deletes all that is kept of a place; see [bot.Preferences].
func (s *Store) Forget(ctx context.Context, owner bot.Address) error {
	defer s.said.changed()
	defer s.chosen.changed()
	return s.writer.write(ctx, "forget a place", func(t *tx) error {
		if err := t.forgetReminders(owner); err != nil {
			return err
		}
		return t.all(forgetSQL, place(owner)...)
	})
}

// Leave notes that a place takes no messages; see [bot.Chats].
func (s *Store) Leave(ctx context.Context, at bot.Address, why string, now time.Time) error {
	return s.writer.write(ctx, "note a place that takes no messages", func(t *tx) error {
		_, err := t.exec(`INSERT INTO gone (network, space, chat, thread, why, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
			ON CONFLICT (network, space, chat, thread) DO UPDATE SET why = excluded.why, at = excluded.at`,
			append(address(at), encode(why), stamp(now))...)
		return err
	})
}

// Enter notes that a place takes messages; see [bot.Chats]. If a thread does, its
// place does. A power cut may take it back: the next message notes it again.
func (s *Store) Enter(ctx context.Context, at bot.Address, _ time.Time) error {
	return s.writer.brief(ctx, "note a place that takes messages", func(t *tx) error {
		_, err := t.exec(`DELETE FROM gone WHERE network = ?1 AND space = ?2 AND chat = ?3
			AND (?4 = '' OR thread = ?4 OR thread = '')`, address(at)...)
		return err
	})
}

// Active reports whether a place takes messages; see [bot.Chats].
func (s *Store) Active(ctx context.Context, at bot.Address) (bool, error) {
	var gone int
	err := s.get(ctx, "read whether a place takes messages", `SELECT COUNT(*) FROM gone
		WHERE network = ?1 AND space = ?2 AND chat = ?3 AND (thread = ?4 OR thread = '')`, address(at), &gone)
	return err == nil && gone == 0, err
}

var moveSQL = each(
	// Where both have a row of the same thread, the older one goes first.
	`DELETE FROM TABLE AS old WHERE old.network = ?4 AND old.space = ?5 AND old.chat = ?6 AND EXISTS
		(SELECT 1 FROM TABLE AS new WHERE new.network = ?1 AND new.space = ?2 AND new.chat = ?3
			AND new.thread = old.thread AND new.at > old.at)`,
	`DELETE FROM TABLE AS old WHERE old.network = ?1 AND old.space = ?2 AND old.chat = ?3 AND EXISTS
		(SELECT 1 FROM TABLE AS new WHERE new.network = ?4 AND new.space = ?5 AND new.chat = ?6
			AND new.thread = old.thread)`,
	`UPDATE TABLE SET network = ?4, space = ?5, chat = ?6 WHERE network = ?1 AND space = ?2 AND chat = ?3`,
	`UPDATE inbox SET space = ?5, chat = ?6
		WHERE network = ?1 AND network = ?4 AND space = ?2 AND chat = ?3 AND body IS NOT NULL`)

// Move gives everything that is kept of a place another address; see [bot.Chats].
// Threads keep their names, and subscriptions their ids, by which their deliveries are
// known. Doing it again changes nothing.
func (s *Store) Move(ctx context.Context, from, to bot.Address) error {
	defer s.said.changed()
	defer s.chosen.changed()
	if from.Place() == to.Place() {
		return nil
	}
	return s.writer.write(ctx, "move a place", func(t *tx) error {
		return t.all(moveSQL, append(place(from), place(to)...)...)
	})
}

// each returns statements for every table [ofPlace]; those that name no TABLE once.
func each(statements ...string) []string {
	var list []string
	for _, statement := range statements {
		if !strings.Contains(statement, "TABLE") {
			list = append(list, statement)
			continue
		}
		for _, table := range ofPlace {
			list = append(list, strings.ReplaceAll(statement, "TABLE", table))
		}
	}
	return slices.Clip(list)
}
