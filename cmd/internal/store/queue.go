package store

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

const (
	// linger is how long operations that nobody waits for may stay uncommitted; in
	// most cases they share the transaction of the next one that somebody waits for.
	linger = 10 * time.Millisecond
	// pause is the time between two tries to write them when the disk takes nothing.
	pause = time.Second
	// maxBatch is how many operations a transaction holds, maxQueue how many may wait
	// before nobody is spared the waiting.
	maxBatch = 512
	maxQueue = 8192
)

// op is an operation that is to be written.
type op struct {
	what string // for an error: what could not be done
	// do may run more than once, each time after all that it did was rolled back.
	do   func(*tx) error
	done chan error // of one place; nil if nobody waits
	then func()     // if nobody waits: runs when it is written or given up; may be nil
	// ctx is that of whoever waits: if it ends before the operation's turn has come,
	// nothing is done. nil if it is done in any case; gone is why it was not.
	ctx  context.Context
	gone error
	// brief is true if nothing is lost when a power cut takes it back.
	brief bool
}

// left reports whether nobody wants an operation any more.
func (o *op) left() bool {
	if o.ctx != nil {
		o.gone = o.ctx.Err()
	}
	return o.gone != nil
}

// wait returns what became of an operation.
func (o *op) wait(ctx context.Context) error {
	select {
	case err := <-o.done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("store: %s: it may still be written: %w", o.what, ctx.Err())
	}
}

// queue is what waits to be written, in the order in which it came.
type queue struct {
	wake chan struct{} // of one place: look again

	mu     sync.Mutex
	ops    []*op
	spare  []*op // the array of the last batch, to be used again
	urgent int   // how many of ops somebody waits for
	silent int   // how many that nobody waits for are not committed yet
	broken bool  // some of the last batch came back
	closed bool
	stats  Stats
}

// push appends an operation; false means that the queue is closed.
func (q *queue) push(o *op) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	if o.done == nil && len(q.ops) >= maxQueue {
		o.done = make(chan error, 1)
	}
	q.ops = append(q.ops, o)
	if o.done != nil {
		q.urgent++
	} else {
		q.silent++
	}
	if o.done != nil || len(q.ops) == 1 || len(q.ops) == maxBatch {
		q.signal()
	}
	return true
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// unsafe says whether something that nobody waits for is not committed yet.
func (q *queue) unsafe() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.silent > 0
}

// next waits for a batch. It returns nothing when the queue is closed and empty.
func (q *queue) next() []*op {
	timer := time.NewTimer(linger)
	defer timer.Stop()
	for {
		wait, ready := q.look()
		if ready {
			// The first who waits wakes this goroutine, and on a busy processor the others
			// who are about to write come a few microseconds later.
			runtime.Gosched()
			return q.take()
		}
		if wait == 0 {
			<-q.wake
			continue
		}
		timer.Reset(wait)
		select {
		case <-q.wake: // somebody waits now, or the first of those came for whom nobody does
		case <-timer.C:
			return q.take()
		}
	}
}

// look says whether there is a batch to write at once, or else how long to wait for
// one; 0 means until something comes.
func (q *queue) look() (wait time.Duration, ready bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.urgent > 0 || q.closed:
		return 0, true
	case len(q.ops) == 0:
		return 0, false
	case q.broken:
		return pause, false
	default:
		return linger, len(q.ops) >= maxBatch
	}
}

// take removes a batch from the front.
func (q *queue) take() []*op {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.ops), maxBatch)
	batch := append(q.spare[:0], q.ops[:n]...)
	rest := copy(q.ops, q.ops[n:])
	clear(q.ops[rest:])
	q.ops = q.ops[:rest]
	for _, o := range batch {
		if o.done != nil {
			q.urgent--
		}
	}
	return batch
}

// end says what became of a batch: what is left of it goes back to the front, for
// another try. Of a closed queue there is none; it returns how many were lost.
func (q *queue) end(batch, left []*op) (lost int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stats.Batches++
	q.stats.Writes += int64(len(batch) - len(left))
	q.broken = len(left) > 0
	if q.closed {
		lost, left = len(left), nil
	}
	for _, o := range batch {
		if o.done == nil {
			q.silent--
		}
	}
	q.silent += len(left)
	if len(left) > 0 {
		q.ops = append(left, q.ops...)
	}
	clear(batch)
	q.spare = batch[:0]
	return lost
}

// close lets nothing in any more.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.signal()
}

func (q *queue) isClosed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}
