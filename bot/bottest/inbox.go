package bottest

import (
	"context"
	"slices"
	"sync"
	"time"

	"suhbat/bot"
)

// Inbox is a [bot.Inbox] in memory. A test that plays a crash gives it to the next
// adapter. The zero Inbox is empty.
type Inbox struct {
	mu    sync.Mutex
	rows  map[string]*row
	order []string
	// Broken, if it is set, is the error of everything.
	broken error
}

type row struct {
	kept     bot.Kept
	progress bot.Progress
	owner    *Replica // nil for none
}

var _ bot.Inbox = (*Inbox)(nil)

// Break makes everything fail with err, or work again with nil.
func (i *Inbox) Break(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.broken = err
}

// row returns the row of an id, and whether it is new.
func (i *Inbox) row(id string) (r *row, fresh bool) {
	if i.rows == nil {
		i.rows = make(map[string]*row)
	}
	if r := i.rows[id]; r != nil {
		return r, false
	}
	r = new(row)
	i.rows[id] = r
	i.order = append(i.order, id)
	return r, true
}

// Keep implements [bot.Inbox].
func (i *Inbox) Keep(_ context.Context, id string, order bot.Address, body []byte, now time.Time) (bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.broken != nil {
		return false, i.broken
	}
	r, fresh := i.row(id)
	if !r.progress.Done && r.kept.Body == nil {
		r.kept = bot.Kept{ID: id, Order: order, Body: slices.Clone(body), At: now}
	}
	return fresh, nil
}

// Kept implements [bot.Inbox].
func (i *Inbox) Kept(context.Context) ([]bot.Kept, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	var all []bot.Kept
	for _, id := range i.order {
		if k := i.rows[id].kept; k.Body != nil {
			all = append(all, k)
		}
	}
	return all, i.broken
}

// Adopt implements [bot.Inbox] for a process that is alone.
func (i *Inbox) Adopt(ctx context.Context) ([]bot.Kept, error) { return i.Kept(ctx) }

// Progress implements [bot.Inbox].
func (i *Inbox) Progress(_ context.Context, ids []string) (map[string]bot.Progress, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	all := make(map[string]bot.Progress)
	for _, id := range ids {
		if r := i.rows[id]; r != nil {
			all[id] = r.progress
		}
	}
	return all, i.broken
}

// Sending implements [bot.Inbox].
func (i *Inbox) Sending(_ context.Context, id string, part int, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.broken != nil {
		return i.broken
	}
	r, _ := i.row(id)
	switch {
	case r.progress.Done:
		return bot.ErrFinished
	case r.progress.Begun && r.progress.Part == part:
		r.progress.Tries++
	default:
		r.progress = bot.Progress{Begun: true, Part: part, Tries: 1}
	}
	return nil
}

// Unsent implements [bot.Inbox].
func (i *Inbox) Unsent(_ context.Context, id string, part int) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if r := i.rows[id]; r != nil && r.progress.Begun && r.progress.Part == part && r.progress.Tries > 1 {
		r.progress.Tries--
	}
	return i.broken
}

// Finish implements [bot.Inbox].
func (i *Inbox) Finish(_ context.Context, id string, _ time.Time) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.broken != nil {
		return i.broken
	}
	r, _ := i.row(id)
	r.progress, r.kept.Body = bot.Progress{Done: true}, nil
	return nil
}

// Finished is how many ids are done with.
func (i *Inbox) Finished() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	n := 0
	for _, r := range i.rows {
		if r.progress.Done {
			n++
		}
	}
	return n
}

// Chats is a [bot.Chats] in memory. The zero Chats has heard of none, and takes all
// for active.
type Chats struct {
	mu    sync.Mutex
	left  map[bot.Address]string
	moved map[bot.Address]bot.Address
}

var _ bot.Chats = (*Chats)(nil)

// Leave implements [bot.Chats].
func (c *Chats) Leave(_ context.Context, at bot.Address, why string, _ time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left == nil {
		c.left = make(map[bot.Address]string)
	}
	c.left[at.Place()] = why
	return nil
}

// Enter implements [bot.Chats].
func (c *Chats) Enter(_ context.Context, at bot.Address, _ time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.left, at.Place())
	return nil
}

// Active implements [bot.Chats].
func (c *Chats) Active(_ context.Context, at bot.Address) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, left := c.left[at.Place()]
	return !left, nil
}

// Move implements [bot.Chats].
func (c *Chats) Move(_ context.Context, from, to bot.Address) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.moved == nil {
		c.moved = make(map[bot.Address]bot.Address)
	}
	c.moved[from.Place()] = to.Place()
	return nil
}

// Moved returns where a place has moved to; the zero Address for nowhere.
func (c *Chats) Moved(from bot.Address) bot.Address {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved[from.Place()]
}
