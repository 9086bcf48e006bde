package telegramtest

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Limits are how many messages a bot may send. Telegram publishes no exact rule,
// so there are two models: [Strict] and [Lenient].
type Limits struct {
	PerSecond  int           // for the whole bot
	Burst      int           // 0: PerSecond holds in any second; else a bucket of that size, filled at PerSecond
	PerChat    time.Duration // the shortest time between two messages to one chat, 0 for any
	PerGroup   int           // in any minute to one group, 0 for any number
	RetryAfter int           // for how many seconds an offence blocks everything
	Tolerance  time.Duration // by how much sends may come too early
}

// Strict allows 30 messages in any second, one a second to a chat and 20 a minute
// to a group. An offence blocks everything for three seconds.
func Strict() Limits {
	return Limits{PerSecond: 30, PerChat: time.Second, PerGroup: 20, RetryAfter: 3}
}

// Lenient is a bucket of 60 messages that fills with 30 a second.
func Lenient() Limits { return Limits{PerSecond: 30, Burst: 60, RetryAfter: 3} }

// Limit has the server refuse what goes beyond l by a 429.
func (s *Server) Limit(l Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limiter = &limiter{Limits: l, tokens: float64(l.Burst), filled: time.Now(), chats: make(map[int64][]time.Time)}
}

// Unlimit takes back [Server.Limit].
func (s *Server) Unlimit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limiter = nil
}

// limiter holds what was sent lately.
type limiter struct {
	Limits
	sent    []time.Time
	chats   map[int64][]time.Time // of the last minute
	tokens  float64
	filled  time.Time
	blocked time.Time // until then everything is refused
}

// limit refuses a send that goes beyond the limits; s.mu is held.
func (s *Server) limit(c *call) error {
	if s.limiter == nil || !strings.HasPrefix(c.method, "send") || c.method == "sendChatAction" {
		return nil
	}
	l, now, chat := s.limiter, time.Now(), c.number("chat_id")
	if now.Before(l.blocked) {
		return flood(seconds(l.blocked.Sub(now)))
	}
	l.forget(now, chat)
	if wait := l.wait(now, chat); wait > 0 {
		wait = max(wait, time.Duration(l.RetryAfter)*time.Second)
		l.blocked = now.Add(time.Duration(l.RetryAfter) * time.Second)
		return flood(seconds(wait))
	}
	l.sent = append(l.sent, now)
	l.chats[chat] = append(l.chats[chat], now)
	l.tokens--
	return nil
}

func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }

// forget drops what is too old to count, and fills the bucket.
func (l *limiter) forget(now time.Time, chat int64) {
	older := func(age time.Duration) func(time.Time) bool {
		return func(t time.Time) bool { return now.Sub(t) >= age-l.Tolerance }
	}
	l.sent = slices.DeleteFunc(l.sent, older(time.Second))
	l.chats[chat] = slices.DeleteFunc(l.chats[chat], older(time.Minute))
	l.tokens = min(float64(l.Burst), l.tokens+now.Sub(l.filled).Seconds()*float64(l.PerSecond))
	l.filled = now
}

// wait returns how much too early a send is.
func (l *limiter) wait(now time.Time, chat int64) time.Duration {
	lately := l.chats[chat]
	switch {
	case l.Burst > 0 && l.tokens < 1:
		return time.Duration((1 - l.tokens) / float64(l.PerSecond) * float64(time.Second))
	case l.Burst == 0 && l.PerSecond > 0 && len(l.sent) >= l.PerSecond:
		return l.sent[0].Add(time.Second).Sub(now)
	case len(lately) > 0 && now.Sub(lately[len(lately)-1]) < l.PerChat-l.Tolerance:
		return lately[len(lately)-1].Add(l.PerChat).Sub(now)
	case chat < 0 && l.PerGroup > 0 && len(lately) >= l.PerGroup:
		return lately[0].Add(time.Minute).Sub(now)
	default:
		return 0
	}
}
