package slacktest

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// bucket holds what may be called at once; it fills up with time.
type bucket struct {
	left float64
	at   time.Time
}

// special is the tier of methods whose limit Slack describes by words: hundreds a
// minute. Posting is limited by its channel instead.
const special = 5

// perMinute are the calls of one method that each tier allows a workspace in a
// minute (docs.slack.dev/apis/web-api/rate-limits), and burst those at once.
// Slack says "short bursts" of tier 1 without a number.
var (
	perMinute = [...]float64{1: 1, 2: 20, 3: 50, 4: 100, special: 600}
	burst     = [...]float64{1: 5, 2: 20, 3: 50, 4: 100, special: 600}
)

// postBurst is how many messages one channel takes at once before it is one a
// second.
const postBurst = 3

// limited returns how long the caller has to wait, or zero.
func (s *Slack) limited(c *call, m method) time.Duration {
	if s.cfg.Unlimited {
		return 0
	}
	team := ""
	if c.w != nil {
		team = c.w.ID
	}
	switch {
	case c.Method == "chat.postMessage":
		return s.take("post "+team+" "+c.arg("channel"), 1, postBurst)
	case s.cfg.Distributed && (c.Method == "conversations.history" || c.Method == "conversations.replies"):
		return s.take(c.Method+" "+team, 1./60, 1)
	default:
		return s.take(c.Method+" "+team, perMinute[m.tier]/60, burst[m.tier])
	}
}

// take takes one out of a bucket that fills at so many a second up to most.
func (s *Slack) take(name string, rate, most float64) time.Duration {
	now := s.cfg.Now()
	b := s.buckets[name]
	if b == nil {
		b = &bucket{left: most, at: now}
		s.buckets[name] = b
	}
	b.left = min(most, b.left+now.Sub(b.at).Seconds()*rate)
	b.at = now
	if b.left >= 1-1e-9 {
		b.left--
		return 0
	}
	return time.Duration(math.Ceil((1-b.left)/rate)) * time.Second
}

// tooMany writes a 429. Retry-After is in whole seconds.
func tooMany(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	writeJSON(w, http.StatusTooManyRequests, object{"ok": false, "error": "ratelimited"})
}
