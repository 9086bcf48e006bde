package store

import (
	"sync"

	"suhbat/bot"
)

// recent remembers what was read or written of places lately: each question asks for
// the same again, and no other process writes to the file. The zero recent remembers
// nothing yet; where other processes write, it is off and never does.
type recent[T any] struct {
	off bool

	mu  sync.Mutex
	all map[bot.Address]T
	// age counts the changes: what was read before one is not remembered after it.
	age int
}

// maxRecent is how many places are remembered, some hundred bytes each.
const maxRecent = 10_000

func (c *recent[T]) get(at bot.Address) (v T, ok bool, age int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok = c.all[at]
	return v, ok, c.age
}

// read remembers what was read when the changes were age, unless something was written
// meanwhile.
func (c *recent[T]) read(at bot.Address, v T, age int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.all[at]; !known && age == c.age {
		c.put(at, v)
	}
}

// wrote remembers what was written when the changes were age.
func (c *recent[T]) wrote(at bot.Address, v T, age int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if age == c.age {
		c.put(at, v)
	}
}

// put expects the lock to be held.
func (c *recent[T]) put(at bot.Address, v T) {
	if c.off {
		return
	}
	if c.all == nil || len(c.all) >= maxRecent {
		c.all = make(map[bot.Address]T)
	}
	c.all[at] = v
}

// changed forgets everything. It is called when a change is committed, or may be.
func (c *recent[T]) changed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.age++
	c.all = nil
}
