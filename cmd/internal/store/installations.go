package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// PutInstallation keeps what an adapter has to know of a workspace that has installed
// its app, in place of what was there. Enterprise or team may be empty. Meta is JSON
// for people and programs to read, such as app id, the bot's user id and scopes; what
// is secret is in sealed, and is opened by the adapter alone. Expires is when that has
// to be renewed; zero for never.
func (s *Store) PutInstallation(ctx context.Context, enterprise, team, meta string, sealed []byte, expires time.Time) error {
	return s.writer.write(ctx, "keep an installation", func(t *tx) error {
		_, err := t.exec(`INSERT INTO installations (enterprise, team, meta, sealed, expires) VALUES (?1, ?2, ?3, ?4, ?5)
			ON CONFLICT (enterprise, team)
			DO UPDATE SET meta = excluded.meta, sealed = excluded.sealed, expires = excluded.expires`,
			encode(enterprise), encode(team), encode(meta), blob(sealed), micros(expires))
		return err
	})
}

// Installation returns what PutInstallation has kept; sealed is nil if there is nothing.
func (s *Store) Installation(ctx context.Context, enterprise, team string) (meta string, sealed []byte, expires time.Time, err error) {
	var us int64
	err = s.get(ctx, "read an installation", "SELECT meta, sealed, expires FROM installations WHERE enterprise = ?1 AND team = ?2",
		[]any{encode(enterprise), encode(team)}, &meta, &sealed, &us)
	return decode(meta), sealed, moment(us), err
}

// Installations calls each for every installation, those that expire first before the
// others, and stops at its first error. Each may not call the store.
func (s *Store) Installations(ctx context.Context, each func(enterprise, team, meta string, sealed []byte, expires time.Time) error) error {
	return s.rows(ctx, "read the installations", `SELECT enterprise, team, meta, sealed, expires FROM installations
		ORDER BY CASE WHEN expires = 0 THEN 1 ELSE 0 END, expires, enterprise, team`, nil, func(rows *sql.Rows) error {
		var enterprise, team, meta string
		var sealed []byte
		var us int64
		if err := rows.Scan(&enterprise, &team, &meta, &sealed, &us); err != nil {
			return err
		}
		return each(decode(enterprise), decode(team), decode(meta), sealed, moment(us))
	})
}

// DeleteInstallation deletes what is kept of a workspace, if anything is.
func (s *Store) DeleteInstallation(ctx context.Context, enterprise, team string) error {
	return s.writer.write(ctx, "delete an installation", func(t *tx) error {
		_, err := t.exec("DELETE FROM installations WHERE enterprise = ?1 AND team = ?2", encode(enterprise), encode(team))
		return err
	})
}

var errStateTaken = errors.New("store: keep an OAuth state: there is one of that name: expected a random one")

// PutState keeps data under the state of an OAuth flow, or under a hash of it, until it
// is taken or expires. A state that is there already is an error.
func (s *Store) PutState(ctx context.Context, state string, data []byte, expires time.Time) error {
	var changed int64
	err := s.writer.write(ctx, "keep an OAuth state", func(t *tx) (err error) {
		changed, err = t.exec(`INSERT INTO states (state, data, expires) VALUES (?1, ?2, ?3)
			ON CONFLICT (state) DO NOTHING`, encode(state), blob(data), micros(expires))
		return err
	})
	if err == nil && changed == 0 {
		return errStateTaken
	}
	return err
}

// TakeState returns the data of a state, once: it is deleted before this returns. It
// reports false for one that is unknown, was taken before or has expired.
func (s *Store) TakeState(ctx context.Context, state string, now time.Time) (data []byte, ok bool, err error) {
	var taken []byte
	var found bool
	var expires int64
	err = s.writer.write(ctx, "take an OAuth state", func(t *tx) (err error) {
		found, err = t.row("DELETE FROM states WHERE state = ?1 RETURNING data, expires",
			[]any{encode(state)}, &taken, &expires)
		return err
	})
	if err != nil || !found || expires <= micros(now) {
		return nil, false, err
	}
	return taken, true, nil
}
