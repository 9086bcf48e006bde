package telegram

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// backlog is the part of the server's queue that was fetched and is not answered
// yet. Telegram forgets every update below the offset of the next getUpdates, so
// the offset may only be that of the oldest update in here. The backlog is not for
// concurrent use.
type backlog struct {
	open []fetched // in the server's order
	last int64     // the id that the server gave last; 0 before the first
}

// fetched is an update that is not finished.
type fetched struct {
	id   int64
	raw  json.RawMessage
	from time.Time // when it was fetched
}

// offset is what to ask the server for next: everything from the lowest update that
// is not finished, in whatever order they came. The server's ids usually grow, but
// after a quiet week they begin anywhere, also lower; so once nothing is open the last
// list counts, not the greatest id.
func (w *backlog) offset() int64 {
	switch {
	case len(w.open) > 0:
		return lowest(w.open)
	case w.last > 0:
		return w.last + 1
	default:
		return 0
	}
}

// add takes in what the server gave and returns what of it is new.
func (w *backlog) add(all []fetched) (fresh []fetched) {
	for _, u := range all {
		w.last = u.id
		if !w.has(u.id) {
			w.open = append(w.open, u)
			fresh = append(fresh, u)
		}
	}
	return fresh
}

// lowest is the lowest id of some updates.
func lowest(all []fetched) int64 {
	return slices.MinFunc(all, func(a, b fetched) int { return cmp.Compare(a.id, b.id) }).id
}

func (w *backlog) has(id int64) bool {
	return slices.ContainsFunc(w.open, func(u fetched) bool { return u.id == id })
}

// finish takes an update out.
func (w *backlog) finish(id int64) {
	w.open = slices.DeleteFunc(w.open, func(u fetched) bool { return u.id == id })
}

// since returns the updates that were fetched before t.
func (w *backlog) since(t time.Time) []fetched {
	var out []fetched
	for _, u := range w.open {
		if u.from.Before(t) {
			out = append(out, u)
		}
	}
	return out
}
