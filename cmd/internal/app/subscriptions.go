package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"time"

	"suhbat/facts"
	"suhbat/scheduler"
)

// operatorFile is the file of SUHBAT_SUBSCRIPTIONS.
type operatorFile struct {
	name  string // empty for none
	seen  []byte // what was read last
	first []scheduler.Subscription
}

// file reads the operator's file for the first time; without one there are no
// subscriptions of the operator's. Everything that is wrong with it is said.
func (r *reminders) file(name string) (*operatorFile, error) {
	f := &operatorFile{name: name}
	if name == "" {
		return f, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, usagef("%s cannot be read: %v", envSubscriptions, err)
	}
	subs, found := r.registry.Parse(name, data)
	if len(found) > 0 {
		return nil, &usageError{envSubscriptions + " cannot be used:\n" + found.Error()}
	}
	f.seen, f.first = data, subs
	return f, nil
}

// lookEvery is how often the operator's file is looked at. It is read and compared:
// that works with every way in which editors and container platforms replace a file,
// and costs nothing.
const lookEvery = 2 * time.Second

// watchAsOne is watch for one of several replicas: whose files differ does not matter as
// long as one of them is read. One without a file leaves that to others.
func (r *reminders) watchAsOne(ctx context.Context, f *operatorFile) {
	if f.name == "" {
		return
	}
	for {
		held, release, err := r.locks.Lock(ctx, "subscriptions")
		if err != nil {
			return // the program stops
		}
		f.seen = nil // another replica's may have held until now
		r.watch(held, f)
		release()
	}
}

// watch takes over the operator's file whenever it has changed, until ctx is done.
func (r *reminders) watch(ctx context.Context, f *operatorFile) {
	if f.name == "" {
		return
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	missing := false
	for {
		data, err := os.ReadFile(f.name)
		switch {
		case err != nil && !missing:
			missing = true
			r.log.ErrorContext(ctx, "the operator's subscriptions cannot be read; the old ones stay", slog.Any("error", err))
		case err == nil:
			missing = false
			r.reload(ctx, f, data)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// reload makes what is in the file hold, if it is something new and nothing is wrong
// with it.
func (r *reminders) reload(ctx context.Context, f *operatorFile, data []byte) {
	if bytes.Equal(data, f.seen) {
		return
	}
	f.seen = data
	err := r.registry.Load(ctx, f.name, data)
	if found, ok := errors.AsType[facts.Findings](err); ok {
		for _, one := range found {
			r.log.ErrorContext(ctx, "the operator's subscriptions are wrong; the old ones stay", slog.String("finding", one.String()))
		}
		return
	}
	if err == nil {
		err = r.queue.Look(ctx)
	}
	if err != nil {
		f.seen = nil // once more, in a moment
		r.log.ErrorContext(ctx, "the operator's subscriptions could not be taken over", slog.Any("error", err))
		return
	}
	r.log.InfoContext(ctx, "the operator's subscriptions were taken over")
	subs, _ := r.registry.Parse(f.name, data)
	r.unserved(ctx, subs)
}
