package telegram

import (
	"context"
	"sync"

	"suhbat/bot"
)

// orders runs jobs: those of one order one after the other, as they were put in, and
// different orders side by side. The zero orders is ready.
type orders struct {
	mu     sync.Mutex
	lines  map[bot.Address][]func() // waiting behind the one that runs
	wg     sync.WaitGroup           // of orders that have jobs
	length int
	// idle are goroutines that wait for an order. Their stacks have grown already,
	// which new ones pay for with a tenth of an answer.
	idle []chan start
	// ended is true when no goroutine is to wait any more.
	ended bool
}

// start is an order and its first job.
type start struct {
	order bot.Address
	job   func()
}

// maxIdle is how many goroutines may wait for an order.
const maxIdle = 64

// put adds a job.
func (q *orders) put(order bot.Address, job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.length++
	waiting, busy := q.lines[order]
	if busy {
		q.lines[order] = append(waiting, job)
		return
	}
	if q.lines == nil {
		q.lines = make(map[bot.Address][]func())
	}
	q.lines[order] = nil
	q.wg.Add(1)
	if last := len(q.idle) - 1; last >= 0 {
		q.idle[last] <- start{order, job} // it has room for one
		q.idle = q.idle[:last]
		return
	}
	go q.work(start{order, job})
}

// work does the jobs of one order after another.
func (q *orders) work(first start) {
	more := make(chan start, 1)
	for ok := true; ok; first, ok = <-more {
		for job := first.job; job != nil; job = q.next(first.order) {
			job()
		}
		if !q.wait(more) {
			return
		}
	}
}

// wait has a goroutine wait for an order; it reports false if there is no need.
func (q *orders) wait(more chan start) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	defer q.wg.Done()
	if q.ended || len(q.idle) >= maxIdle {
		return false
	}
	q.idle = append(q.idle, more)
	return true
}

func (q *orders) next(order bot.Address) func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.length--
	waiting := q.lines[order]
	if len(waiting) == 0 {
		delete(q.lines, order)
		return nil
	}
	q.lines[order] = waiting[1:]
	return waiting[0]
}

// len is how many jobs run or wait.
func (q *orders) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.length
}

// waiting is how many jobs of an order wait behind the one that runs.
func (q *orders) waiting(order bot.Address) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.lines[order])
}

// drain waits until all is done, or until ctx is; it reports whether all is. No
// goroutine waits for an order from then on.
func (q *orders) drain(ctx context.Context) bool {
	q.mu.Lock()
	q.ended = true
	for _, more := range q.idle {
		close(more)
	}
	q.idle = nil
	q.mu.Unlock()
	done := make(chan struct{})
	go func() {
		q.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}
