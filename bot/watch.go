package bot

import "context"

// Watch follows a piece of work that somebody waits for, such as answering an update:
// it is told when the work begins, and returns the context to do it in and what to
// call, once, at its end. Rooms that do such work take one, so that whoever measures
// need not be known to them. What is a name of the kind of work, such as "update"; it
// never says whose. A nil Watch watches nothing.
type Watch func(ctx context.Context, network, what string) (context.Context, func())

// Begin begins to watch.
func (w Watch) Begin(ctx context.Context, network, what string) (context.Context, func()) {
	if w == nil {
		return ctx, func() {}
	}
	return w(ctx, network, what)
}
