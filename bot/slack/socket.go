package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
)

// How sockets are kept open. Slack allows ten for an app, sends each thing to one of
// them, and closes each now and then (docs.slack.dev/apis/events-api/using-socket-mode);
// with two there is one open while the other is made anew.
const (
	sockets     = 2
	openEvery   = time.Second      // for all of them together
	steady      = 30 * time.Second // a socket that lasted longer may be replaced at once
	maxBackOff  = time.Minute
	pingEvery   = 20 * time.Second
	silentFor   = time.Minute // until a socket counts as dead
	closeWithin = 3 * time.Second
	lingerFor   = 15 * time.Second // Slack closes ten seconds after it has said so
	maxFrame    = 4 << 20          // bytes
)

// Why Slack closes a socket.
const (
	reasonDisabled = "link_disabled"
	reasonTooMany  = "too_many_websockets"
	reasonWarning  = "warning"
	reasonRefresh  = "refresh_requested"
)

var errDisabled = errors.New("socket Mode is switched off for this app (link_disabled): switch it on at api.slack.com/apps under Socket Mode, or unset SLACK_APP_TOKEN to use HTTP")

// listen keeps the sockets open until ctx ends, or until Slack will not have them.
// The library's client opens a new one the moment that the last has closed, whatever
// the reason, thousands of times a second if it has to.
func (s *Slack) listen(ctx context.Context) error {
	if s.config.AppToken == "" {
		<-ctx.Done()
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	var opened pace
	for range sockets {
		group.Go(func() {
			if err := s.keepSocket(ctx, &opened); err != nil {
				cancel(err)
			}
		})
	}
	group.Wait()
	s.lingering.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// keepSocket opens one socket after another. It returns an error if there is no sense
// in that.
func (s *Slack) keepSocket(ctx context.Context, opened *pace) error {
	for wait := time.Duration(0); ; {
		if sleep(ctx, jitter(wait)+opened.reserve("", openEvery, s.now())) != nil {
			return nil //nolint:nilerr // it is the end, and no failure
		}
		began := s.now()
		reason, err := s.socket(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // it was closed because of that
		}
		if advice := hopeless(err, "SLACK_APP_TOKEN"); advice != nil {
			return advice
		}
		if reason == reasonDisabled {
			return errDisabled
		}
		wait = backOff(wait, s.now().Sub(began), reason, err)
		s.log.Info("a socket was closed", slog.String("reason", reason), slog.Any("error", withoutURL(err)), slog.Duration("again_in", wait))
	}
}

// backOff is how long to wait before the next socket.
func backOff(last, lasted time.Duration, reason string, err error) time.Duration {
	if limited, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
		return max(limited.RetryAfter, openEvery)
	}
	switch {
	case reason == reasonTooMany:
		return maxBackOff
	case lasted >= steady:
		return 0
	default:
		return min(max(2*last, openEvery), maxBackOff)
	}
}

// jitter lengthens a wait by up to a quarter, so that many programs do not come back
// at once.
func jitter(d time.Duration) time.Duration {
	if d < 4 {
		return d
	}
	return d + rand.N(d/4)
}

// frame is what comes through a socket.
type frame struct {
	Type       string          `json:"type"`
	EnvelopeID string          `json:"envelope_id"`
	Reason     string          `json:"reason"`
	Payload    json.RawMessage `json:"payload"`
}

// connection is an open socket.
type connection struct {
	slack *Slack
	conn  *websocket.Conn
	write sync.Mutex
	alive *time.Timer // closes it when nothing has come for too long
	busy  sync.WaitGroup
	live  bool // something has come
}

// socket opens a socket and serves it until Slack ends it, for a reason that it may
// give. A socket that Slack is going to close is served as long as it is open, while
// the caller opens the next one.
func (s *Slack) socket(ctx context.Context) (reason string, err error) {
	_, address, err := s.api("").StartSocketModeContext(ctx)
	if err != nil {
		return "", err
	}
	if u, err := url.Parse(address); err != nil || (u.Scheme != "wss" && u.Scheme != "ws") {
		return "", errors.New("apps.connections.open names no address of a socket")
	}
	conn, resp, err := s.dialer.DialContext(ctx, address, nil)
	if err != nil {
		return "", errors.New("the socket was not opened") // an error of the library holds its address, which lets in
	}
	resp.Body.Close() //nolint:errcheck // it has none
	conn.SetReadLimit(maxFrame)
	c := &connection{slack: s, conn: conn, alive: time.AfterFunc(silentFor, func() { conn.Close() })} //nolint:errcheck // it is dead
	stop := context.AfterFunc(ctx, c.hangUp)
	end := func() {
		stop()
		c.close()
	}
	reason, err = c.serve(ctx)
	if !isWarning(reason) {
		end()
		return reason, err
	}
	s.lingering.Go(func() {
		defer end()
		defer time.AfterFunc(lingerFor, c.hangUp).Stop()
		for why, err := reason, error(nil); err == nil && isWarning(why); {
			why, err = c.serve(ctx)
		}
	})
	return reason, nil
}

// isWarning reports whether Slack will close a socket and has not yet.
func isWarning(reason string) bool { return reason == reasonWarning || reason == reasonRefresh }

// hangUp reads no more; what was read may be acknowledged still.
func (c *connection) hangUp() {
	c.conn.SetReadDeadline(time.Unix(1, 0)) //nolint:errcheck // then it is closed already
}

// close ends a socket when what came through it has been acknowledged.
func (c *connection) close() {
	timer := time.AfterFunc(closeWithin, func() { c.conn.Close() }) //nolint:errcheck // it is the end of it
	c.busy.Wait()
	timer.Stop()
	c.alive.Stop()
	c.conn.Close() //nolint:errcheck // it is the end of it
	if c.live {
		c.slack.countSocket(-1)
	}
}

// serve reads what comes until the socket is closed.
func (c *connection) serve(ctx context.Context) (reason string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go c.ping(ctx)
	pong := c.conn.PongHandler()
	c.conn.SetPongHandler(func(data string) error { c.alive.Reset(silentFor); return pong(data) })
	ping := c.conn.PingHandler()
	c.conn.SetPingHandler(func(data string) error { c.alive.Reset(silentFor); return ping(data) })
	for {
		_, raw, err := c.conn.ReadMessage()
		if err != nil {
			return "", fmt.Errorf("socket: %w", err)
		}
		c.alive.Reset(silentFor)
		var f frame
		if json.Unmarshal(raw, &f) != nil {
			continue
		}
		if f.Type == "disconnect" {
			return f.Reason, nil
		}
		if !c.live {
			c.live = true
			c.slack.countSocket(+1)
		}
		c.take(ctx, &f)
	}
}

func (s *Slack) countSocket(n int) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.sockets += n
	s.stats.Opened.Add(int64(max(n, 0)))
}

// ping asks for a sign of life.
func (c *connection) ping(ctx context.Context) {
	for sleep(ctx, pingEvery) == nil {
		c.conn.WriteControl(websocket.PingMessage, nil, time.Time{}) //nolint:errcheck // silence will tell
	}
}

// take takes in one frame. Events keep their order; what may take its time does not
// hold them up.
func (c *connection) take(ctx context.Context, f *frame) {
	var what form
	raw := []byte(f.Payload)
	switch f.Type {
	case "events_api":
		c.answer(ctx, f.EnvelopeID, event, raw)
		return
	case "slash_commands":
		what, raw = command, fields(raw)
	case "interactive":
		what = interaction
	default:
		return
	}
	c.busy.Go(func() { c.answer(context.WithoutCancel(ctx), f.EnvelopeID, what, raw) })
}

// fields turns the JSON of a slash command into the form that it is over HTTP.
func fields(raw []byte) []byte {
	var object map[string]any
	if json.Unmarshal(raw, &object) != nil {
		return nil
	}
	values := make(url.Values, len(object))
	for name, value := range object {
		if value != nil {
			values.Set(name, fmt.Sprint(value))
		}
	}
	return []byte(values.Encode())
}

// answer acknowledges an envelope once what is in it is safe.
func (c *connection) answer(ctx context.Context, envelope string, f form, raw []byte) {
	err := c.slack.receive(ctx, f, raw, func(body []byte) { c.acknowledge(envelope, body) })
	if err != nil {
		c.slack.log.Error("an envelope was not taken in", slog.Any("error", err))
	}
}

func (c *connection) acknowledge(envelope string, payload []byte) {
	if envelope == "" {
		return // there is nothing to name
	}
	ack := struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload,omitempty"`
	}{envelope, payload}
	c.write.Lock()
	defer c.write.Unlock()
	if err := c.conn.WriteJSON(ack); err != nil {
		c.slack.log.Warn("an envelope was not acknowledged", slog.Any("error", err))
	}
}
