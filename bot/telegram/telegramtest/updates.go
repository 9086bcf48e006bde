package telegramtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// firstUpdate is the id of the first update.
const firstUpdate = 100_001

// How long an update waits to be fetched.
const (
	LifeOfMessage  = 24 * time.Hour
	LifeOfCallback = 150 * time.Second
	LifeOfInline   = 30 * time.Second
	LifeOfChosen   = 10 * time.Minute
)

// longestPoll is what the server makes of a longer timeout.
const longestPoll = 50 * time.Second

// notByDefault are the updates that a bot does not get unless it asks for them.
var notByDefault = []string{"chat_member", "message_reaction", "message_reaction_count"}

// update is an update that waits to be fetched.
type update struct {
	id      int64
	order   int64  // updates of one order are pushed one after the other
	body    []byte // the update without its id
	expires time.Time
	flying  bool // it is on its way to the webhook
}

// queue holds the updates that the bot has not confirmed.
type queue struct {
	updates  []*update
	next     int64
	allowed  []string // nil is the default
	poll     chan struct{}
	conflict time.Time // of the next 409 that is not delayed
	offset   int64
	started  time.Time
}

// wants reports whether the bot gets updates of a kind.
func (q *queue) wants(kind string) bool {
	if len(q.allowed) == 0 {
		return !slices.Contains(notByDefault, kind)
	}
	return slices.Contains(q.allowed, kind)
}

// push queues an update unless the bot does not want its kind; s.mu is held.
func (s *Server) push(kind string, order int64, content any, life time.Duration) {
	if !s.queue.wants(kind) {
		return
	}
	body, err := json.Marshal(object{kind: content})
	if err != nil {
		s.misuse("update: %v", err)
		return
	}
	s.pushBody(order, body, life)
}

func (s *Server) pushBody(order int64, body []byte, life time.Duration) {
	s.queue.updates = append(s.queue.updates, &update{
		id: s.queue.next, order: order, body: body, expires: time.Now().Add(life),
	})
	s.queue.next++
	s.notify()
}

// PushRaw queues an update as it is, with an id of its own in front:
// `{"message":"no object"}`, say, which no reader of the Bot API expects. It
// returns the id.
func (s *Server) PushRaw(body string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pushBody(0, []byte(body), LifeOfMessage)
	return s.queue.next - 1
}

// ResetUpdateIDs has the ids of updates go on at next, as Telegram does after a
// week without any. Updates that wait get new ids, too.
func (s *Server) ResetUpdateIDs(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.next = next
	for _, u := range s.queue.updates {
		u.id = s.queue.next
		s.queue.next++
	}
	s.notify()
}

// Pending returns the number of updates that the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.expire()
	return len(s.queue.updates)
}

// AwaitConfirmed waits until the bot has confirmed all updates.
func (s *Server) AwaitConfirmed() {
	s.tb.Helper()
	s.await("all updates to be confirmed", func() bool { return s.Pending() == 0 })
}

// json returns the update as the bot reads it.
func (u *update) json() json.RawMessage {
	if len(u.body) < 2 || u.body[0] != '{' {
		return u.body
	}
	id := append([]byte(`{"update_id":`), strconv.FormatInt(u.id, 10)...)
	if u.body[1] != '}' {
		id = append(id, ',')
	}
	return append(id, u.body[1:]...)
}

// expire drops what has waited too long.
func (q *queue) expire() {
	now := time.Now()
	q.updates = slices.DeleteFunc(q.updates, func(u *update) bool { return !u.flying && now.After(u.expires) })
}

// from confirms what lies below offset and returns what lies from there. An
// offset far from all ids confirms nothing and starts at the first update.
func (q *queue) from(offset int64, limit int) []*update {
	q.expire()
	switch {
	case offset < 0:
		q.updates = q.updates[max(0, len(q.updates)+int(offset)):]
	case offset > 0 && offset <= q.next+10:
		q.updates = slices.DeleteFunc(q.updates, func(u *update) bool { return u.id < offset })
	}
	return q.updates[:min(limit, len(q.updates))]
}

func conflict(text string) error {
	return &apiError{code: http.StatusConflict, description: "Conflict: " + text}
}

// takeOver makes way for a new poll or a webhook; s.mu is held.
func (q *queue) takeOver() {
	if q.poll != nil {
		close(q.poll)
		q.poll = nil
	}
}

// allow remembers the kinds of updates that the bot asks for.
func (c *call) allow() error {
	if !c.has("allowed_updates") {
		return nil
	}
	var kinds []string
	if err := c.decode("allowed_updates", &kinds); err != nil {
		return err
	}
	c.queue.allowed = kinds
	return nil
}

// getUpdates answers a poll; it takes s.mu itself.
func (s *Server) getUpdates(c *call) (any, error) {
	s.mu.Lock()
	if s.hook != nil {
		s.mu.Unlock()
		return nil, s.delayed(c, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"))
	}
	if err := c.allow(); err != nil {
		s.mu.Unlock()
		return nil, err
	}
	s.queue.takeOver()
	mine := make(chan struct{})
	s.queue.poll = mine
	limit, timeout := s.pollTerms(c)
	s.mu.Unlock()

	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		found, taken := s.fetch(mine, c.number("offset"), limit)
		s.mu.Unlock()
		if taken {
			return nil, s.delayed(c, s.terminated())
		}
		if len(found) > 0 || timeout == 0 {
			return found, nil
		}
		select {
		case <-changed:
		case <-mine:
		case <-timer.C:
			timeout = 0
		case <-c.ctx.Done():
			return nil, c.ctx.Err()
		}
	}
}

// pollTerms returns how many updates a poll may bring and how long it may last.
func (s *Server) pollTerms(c *call) (limit int, timeout time.Duration) {
	limit = int(c.number("limit"))
	if limit < 1 || limit > 100 {
		limit = 100
	}
	timeout = min(max(0, time.Duration(c.number("timeout"))*time.Second), longestPoll)
	now, offset := time.Now(), c.number("offset")
	if s.hammer && offset == s.queue.offset {
		if now.Sub(s.queue.started) < 3*time.Second {
			timeout = max(timeout, 3*time.Second)
		}
		if now.Sub(s.queue.started) < time.Second/2 {
			limit = 1
		}
	}
	s.queue.offset, s.queue.started = offset, now
	return limit, timeout
}

// fetch returns updates for the poll that owns mine, or that another has taken over.
func (s *Server) fetch(mine chan struct{}, offset int64, limit int) (found []json.RawMessage, taken bool) {
	if s.queue.poll != mine {
		return nil, true
	}
	found = []json.RawMessage{}
	pending := len(s.queue.updates)
	for _, u := range s.queue.from(offset, limit) {
		found = append(found, u.json())
	}
	if len(s.queue.updates) != pending {
		s.notify()
	}
	return found, false
}

// terminated says who ended a poll.
func (s *Server) terminated() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook != nil {
		return conflict("terminated by setWebhook request")
	}
	return conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
}

// delayed has a client wait for its 409 if it got another less than three
// seconds ago.
func (s *Server) delayed(c *call, err error) error {
	s.mu.Lock()
	now := time.Now()
	wait := now.Before(s.queue.conflict)
	if !wait {
		s.queue.conflict = now.Add(3 * time.Second)
	}
	s.mu.Unlock()
	if wait && !sleep(c.ctx, 3*time.Second) {
		return c.ctx.Err()
	}
	return err
}
