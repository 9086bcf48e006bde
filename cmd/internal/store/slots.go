package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"suhbat/bot"
)

var _ bot.Slots = (*Store)(nil)

// errAlone is why a database of one process has no slots: that process keeps to limits
// by itself.
var errAlone = errors.New("store: slots are for databases that several processes share")

// flightLasts is how long something counts as being on its way whose end nobody tells:
// longer than any call of a network.
const flightLasts = 40 * time.Second

// Reserve implements [bot.Slots] by the clock of the server.
func (s *Store) Reserve(ctx context.Context, ahead time.Duration, limits ...bot.Limit) (slot bot.Slot, err error) {
	if s.slots == nil {
		return slot, errAlone
	}
	var names []string
	var most []int32
	var windows []int64
	var flights bot.Limit
	for _, l := range limits {
		if l.Flights {
			flights = l
			continue
		}
		names, most, windows = append(names, encode(l.Name)), append(most, int32(l.Most)), append(windows, micro(l.Window)) //nolint:gosec // it is a few dozen at most
	}
	var us int64
	var by sql.NullString
	var flight sql.NullInt64
	err = s.slots.QueryRowContext(ctx, "SELECT ok, wait, held, flight FROM reserve_slot($1, $2, $3, $4, $5, $6, $7)",
		names, most, windows, ahead.Microseconds(), flightsOf(flights), flights.Most, flightLasts.Microseconds()).Scan(&slot.OK, &us, &by, &flight)
	if err != nil {
		return bot.Slot{}, s.failed("reserve a slot", err)
	}
	slot.Wait, slot.By, slot.Flight = time.Duration(us)*time.Microsecond, decode(by.String), flight.Int64
	return slot, nil
}

// flightsOf names the flights of a limit together with their window, which then need not
// be told when they land.
func flightsOf(l bot.Limit) string {
	if !l.Flights {
		return ""
	}
	return strconv.FormatInt(micro(l.Window), 10) + " " + encode(l.Name)
}

// micro is a time in microseconds, rather too long than too short.
func micro(d time.Duration) int64 { return (d + time.Microsecond - 1).Microseconds() }

// Landed implements [bot.Slots].
func (s *Store) Landed(ctx context.Context, flights ...int64) error {
	if s.slots == nil {
		return errAlone
	}
	_, err := s.slots.ExecContext(ctx, "UPDATE flights SET until = "+serverNow+" + CAST(split_part(name, ' ', 1) AS bigint) WHERE id = ANY($1)", flights)
	if err != nil {
		return s.failed("note what was answered", err)
	}
	return nil
}

// Delay implements [bot.Slots].
func (s *Store) Delay(ctx context.Context, limit string, d time.Duration) error {
	if s.slots == nil {
		return errAlone
	}
	_, err := s.slots.ExecContext(ctx, "INSERT INTO slots (name, closed) VALUES ($1, "+serverNow+" + $2)"+
		" ON CONFLICT (name) DO UPDATE SET closed = GREATEST(slots.closed, excluded.closed)", encode(limit), d.Microseconds())
	if err != nil {
		return s.failed("delay what is sent", err)
	}
	return nil
}

// slotsLast is how long it is known what was sent under a limit: longer than any window.
const slotsLast = 10 * time.Minute

// pruneSlots forgets limits under which nothing was sent for long.
func (s *Store) pruneSlots(ctx context.Context) error {
	if s.slots == nil {
		return nil
	}
	if _, err := s.slots.ExecContext(ctx, "DELETE FROM flights WHERE until < "+serverNow); err != nil {
		return s.failed("forget what was answered", err)
	}
	_, err := s.slots.ExecContext(ctx, "DELETE FROM slots WHERE GREATEST(closed, COALESCE(taken[cardinality(taken)], 0)) < "+serverNow+" - $1", slotsLast.Microseconds())
	if err != nil {
		return s.failed("forget slots", err)
	}
	return nil
}
