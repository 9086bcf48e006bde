package store

import (
	"context"
	"log/slog"
	"time"
)

// every is how often what is too old is deleted.
const every = 5 * time.Minute

// deliveryLasts is how long what became of a reminder is known: longer than the year
// that its key names, so that nothing is sent twice.
const deliveryLasts = 400 * 24 * time.Hour

// pruned are the statements that delete what is too old, each some rows at a time, so
// that others get their turn between.
var pruned = []struct {
	query string
	arg   func(now time.Time) any
}{
	{
		overBefore("?1", `DELETE FROM inbox WHERE (network, id) IN (SELECT network, id FROM inbox WHERE OVER LIMIT 500)`),
		func(now time.Time) any { return stamp(now.Add(-idLasts)) },
	},
	{
		`DELETE FROM talks WHERE (network, space, chat, thread) IN
			(SELECT network, space, chat, thread FROM talks WHERE at < ?1 LIMIT 500)`,
		func(now time.Time) any { return stamp(now.Add(-talkLasts)) },
	},
	{
		`DELETE FROM notes WHERE id IN (SELECT id FROM notes WHERE day < ?1 LIMIT 500)`,
		func(now time.Time) any { return now.Add(-noteLasts).UTC().Format(time.DateOnly) },
	},
	{
		`DELETE FROM deliveries WHERE key IN (SELECT key FROM deliveries WHERE due_at < ?1 AND wake_at = 0 LIMIT 500)`,
		func(now time.Time) any { return stamp(now.Add(-deliveryLasts)) },
	},
	{
		`DELETE FROM told WHERE until <= ?1`,
		func(now time.Time) any { return stamp(now) },
	},
	{
		`DELETE FROM states WHERE expires <= ?1`,
		func(now time.Time) any { return stamp(now) },
	},
}

// keepHouse prunes every few minutes, the first time at once if it is to, until ctx is
// done.
func (s *Store) keepHouse(ctx context.Context, log *slog.Logger, prune bool) {
	defer close(s.stopped)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		if err := s.setClock(ctx); err != nil && ctx.Err() == nil {
			log.Error("the clock of the database could not be read", slog.Any("error", err))
		}
		if prune {
			if err := s.Prune(ctx, s.Now()); err != nil && ctx.Err() == nil {
				log.Error("what is too old could not be deleted", slog.Any("error", err))
			}
		}
		prune = true
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// Prune deletes what is too old. The store does it by itself; this is for an operator,
// or a test, who does not want to wait.
func (s *Store) Prune(ctx context.Context, now time.Time) error {
	s.pruning.Lock() // two checkpoints at once refuse each other
	defer s.pruning.Unlock()
	s.said.changed() // what is too old is not to be remembered either
	for _, p := range pruned {
		for more := true; more; {
			var err error
			if more, err = s.prune(ctx, p.query, p.arg(now)); err != nil {
				return err
			}
		}
	}
	if err := s.pruneSlots(ctx); err != nil {
		return err
	}
	return s.tidy(ctx)
}

// prune deletes some rows and reports whether there may be more.
func (s *Store) prune(ctx context.Context, query string, arg any) (more bool, err error) {
	var changed int64
	err = s.writer.write(ctx, "delete what is too old", func(t *tx) (err error) {
		changed, err = t.exec(query, arg)
		return err
	})
	return err == nil && changed >= 500, err
}

// tidy leaves nothing of what was deleted behind, as far as the database can.
func (s *Store) tidy(ctx context.Context) error {
	if s.kind.tidy() == "" {
		return nil
	}
	if _, err := s.writes.ExecContext(ctx, s.kind.tidy()); err != nil {
		return s.failed("tidy up", err)
	}
	return nil
}
