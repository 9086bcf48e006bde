package slacktest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Outbound is a request to the app as it is about to leave. A [Twist] changes it.
type Outbound struct {
	Path   string
	Header http.Header
	Body   []byte
	// At and Secret are what it is signed with; Sign makes the signature, or none if
	// it is nil.
	At     time.Time
	Secret string
	Sign   func(secret string, at time.Time, body []byte) string
	// Copies is how often it is sent at once.
	Copies int
}

// Twist makes a request to the app strange.
type Twist func(*Outbound)

// Forged puts another signature of the same form on a request.
func Forged(o *Outbound) {
	o.Sign = func(secret string, at time.Time, body []byte) string { return Sign(secret+"?", at, body) }
}

// Unsigned leaves the signature and its time away.
func Unsigned(o *Outbound) { o.Sign = nil }

// Twice sends a request twice at the same time.
func Twice(o *Outbound) { o.Copies = 2 }

// SignedWith signs with another secret.
func SignedWith(secret string) Twist { return func(o *Outbound) { o.Secret = secret } }

// Aged is signed that long ago, or in the future if it is negative.
func Aged(by time.Duration) Twist { return func(o *Outbound) { o.At = o.At.Add(-by) } }

// Tampered changes the body after the signature was made.
func Tampered(o *Outbound) {
	original := o.Body
	o.Sign = func(secret string, at time.Time, _ []byte) string { return Sign(secret, at, original) }
	o.Body = append(bytes.Clone(o.Body), ' ')
}

// WithBody sends other bytes, rightly signed.
func WithBody(body []byte) Twist { return func(o *Outbound) { o.Body = body } }

// Oversized makes the body that many bytes long, rightly signed.
func Oversized(n int) Twist {
	return func(o *Outbound) { o.Body = append(o.Body, bytes.Repeat([]byte{' '}, max(0, n-len(o.Body)))...) }
}

// Broken sends the first half of the body, rightly signed.
func Broken(o *Outbound) { o.Body = o.Body[:len(o.Body)/2] }

// Twist makes all deliveries of an event strange from now on, or of all events if it
// is ""; without twists it ends that. A slash command is the event of its name, an
// interaction that of its type, "block_actions".
func (s *Slack) Twist(event string, twists ...Twist) {
	s.locked(func() {
		if s.twists == nil {
			s.twists = make(map[string][]Twist)
		}
		s.twists[event] = twists
	})
}

// Sign is the signature of Slack, version 0: docs.slack.dev/authentication/verifying-requests-from-slack.
func Sign(secret string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + strconv.FormatInt(at.Unix(), 10) + ":"))
	mac.Write(body)
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// RotateSigningSecret signs with [NextSigningSecret] from now on.
func (s *Slack) RotateSigningSecret() { s.locked(func() { s.secret = NextSigningSecret }) }

// Attempt is one try to deliver something.
type Attempt struct {
	At   time.Time
	Took time.Duration
	// Status is zero if there was no answer; then Err says why. Over Socket Mode an
	// acknowledgement counts as 200.
	Status int
	Header http.Header
	Body   []byte
	Err    error
}

// Acked reports whether the app acknowledged in time.
func (a Attempt) Acked() bool { return a.Err == nil && a.Status >= 200 && a.Status < 300 }

// Delivery is something that Slack tells the app.
type Delivery struct {
	// Kind is the envelope's type over Socket Mode: "events_api", "slash_commands" or
	// "interactive". Event is the type of the event, EventID its ID.
	Kind, Event, EventID string

	s        *Slack
	out      Outbound
	payload  []byte // over Socket Mode
	twists   []Twist
	attempts []Attempt
	tried    chan struct{} // closed after the first try
	done     chan struct{}
}

// Attempts returns the tries so far.
func (d *Delivery) Attempts() []Attempt {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return append([]Attempt(nil), d.attempts...)
}

// Last is the newest try, the zero Attempt if there is none.
func (d *Delivery) Last() Attempt {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.lastLocked()
}

// lastLocked is Last for those who hold the lock.
func (d *Delivery) lastLocked() Attempt {
	if len(d.attempts) == 0 {
		return Attempt{}
	}
	return d.attempts[len(d.attempts)-1]
}

// Done is closed when Slack tries no more.
func (d *Delivery) Done() <-chan struct{} { return d.done }

// Deliveries returns all that was told to the app, or those of some events.
func (s *Slack) Deliveries(events ...string) []*Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*Delivery
	for _, d := range s.deliveries {
		if len(events) == 0 || slices.Contains(events, d.Event) {
			out = append(out, d)
		}
	}
	return out
}

// ackTime is how long an app has to acknowledge, and retries are the waits before
// an event is sent again: docs.slack.dev/apis/events-api, "Retries".
const ackTime = 3 * time.Second

var retries = []time.Duration{0, time.Minute, 5 * time.Minute}

// errDown is what Slack sees where there is no app.
var errDown = errors.New("no app is connected")

// queue notes a delivery; run delivers it. The caller holds the lock.
func (s *Slack) queue(d *Delivery) *Delivery {
	d.s, d.tried, d.done = s, make(chan struct{}), make(chan struct{})
	d.out.At, d.out.Secret, d.out.Sign, d.out.Copies = s.cfg.Now(), s.secret, Sign, 1
	for _, twist := range slices.Concat(s.twists[""], s.twists[d.Event], d.twists) {
		twist(&d.out)
	}
	s.deliveries = append(s.deliveries, d)
	s.pending++
	return d
}

// run tries until the app acknowledges or no retry is left.
func (d *Delivery) run(waits []time.Duration) {
	defer d.s.locked(func() { d.s.pending--; close(d.done) })
	for n := 0; ; n++ {
		a := d.try(n)
		if a.Acked() || n == len(waits) || a.Header.Get("X-Slack-No-Retry") == "1" {
			return
		}
		timer := time.NewTimer(waits[n])
		select {
		case <-timer.C:
		case <-d.s.ctx.Done():
			timer.Stop()
			return
		}
	}
}

// Redeliver sends something again that was sent before, as if Slack had not seen
// the acknowledgement, and waits for the end of it.
func (s *Slack) Redeliver(d *Delivery) Attempt {
	return d.try(max(1, len(d.Attempts())))
}

// try delivers once; n counts the tries before.
func (d *Delivery) try(n int) Attempt {
	ctx, cancel := context.WithTimeout(d.s.ctx, ackTime)
	defer cancel()
	start := d.s.cfg.Now()
	var a Attempt
	if d.s.cfg.SocketMode {
		a = d.s.tryEnvelope(ctx, d, n)
	} else {
		for range d.out.Copies - 1 {
			d.s.wg.Go(func() { d.copy(n) })
		}
		a = d.s.post(ctx, d.request(n))
	}
	a.At, a.Took = start, d.s.cfg.Now().Sub(start)
	d.s.locked(func() {
		if d.attempts = append(d.attempts, a); len(d.attempts) == 1 {
			close(d.tried)
		}
	})
	return a
}

// copy delivers beside the try that counts.
func (d *Delivery) copy(n int) {
	ctx, cancel := context.WithTimeout(d.s.ctx, ackTime)
	defer cancel()
	d.s.post(ctx, d.request(n))
}

// reason says why something comes again, as X-Slack-Retry-Reason does.
func (d *Delivery) reason() string {
	last := d.Last()
	switch {
	case last.Acked():
		return "unknown_error"
	case errors.Is(last.Err, context.DeadlineExceeded):
		return "http_timeout"
	case last.Err != nil:
		return "connection_failed"
	default:
		return "http_error"
	}
}

// request is what is sent for the n-th retry: signed anew, with the time of now.
func (d *Delivery) request(n int) *Outbound {
	o := d.out
	o.Header = o.Header.Clone()
	if n > 0 {
		o.At = o.At.Add(d.s.cfg.Now().Sub(d.first()))
		o.Header.Set("X-Slack-Retry-Num", strconv.Itoa(n))
		o.Header.Set("X-Slack-Retry-Reason", d.reason())
	}
	if o.Sign != nil {
		o.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(o.At.Unix(), 10))
		o.Header.Set("X-Slack-Signature", o.Sign(o.Secret, o.At, o.Body))
	}
	return &o
}

func (d *Delivery) first() time.Time {
	if all := d.Attempts(); len(all) > 0 {
		return all[0].At
	}
	return d.s.cfg.Now()
}

// post sends a request to the app.
func (s *Slack) post(ctx context.Context, o *Outbound) Attempt {
	app := s.connected.Load()
	if app == nil {
		return Attempt{Err: errDown}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, app.url+o.Path, bytes.NewReader(o.Body))
	if err != nil {
		return Attempt{Err: err}
	}
	req.Header = o.Header
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	res, err := app.RoundTrip(req)
	if err != nil {
		return Attempt{Err: err}
	}
	defer func() { _ = res.Body.Close() }() // all that matters was read
	body, err := io.ReadAll(res.Body)
	return Attempt{Status: res.StatusCode, Header: res.Header, Body: body, Err: err}
}
