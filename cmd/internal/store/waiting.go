package store

import (
	"context"
	"time"
)

// Waiting counts what was written down and is not finished, and tells when the oldest of
// it came; for metrics.
func (i *Inbox) Waiting(ctx context.Context) (n int, oldest time.Time, err error) {
	var at int64
	err = i.store.get(ctx, "count what was kept", `SELECT COUNT(*), COALESCE(MIN(at), 0) FROM inbox
		WHERE network = ?1 AND body IS NOT NULL`, []any{encode(i.network)}, &n, &at)
	if at != 0 {
		oldest = time.UnixMicro(at).UTC()
	}
	return n, oldest, err
}
