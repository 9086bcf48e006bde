package slacktest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// The reasons that Slack gives when it ends a connection of Socket Mode.
const (
	Warning           = "warning"           // in about ten seconds
	RefreshRequested  = "refresh_requested" // soon: connect anew
	LinkDisabled      = "link_disabled"     // Socket Mode was turned off
	TooManyWebsockets = "too_many_websockets"
)

// maxSockets is how many connections one app may have.
const maxSockets = 10

// pingEvery is how often Slack pings; clients take a longer silence for the end.
const pingEvery = 10 * time.Second

// grace is how long a connection stays up after a warning.
const grace = 10 * time.Second

// sockets are the connections of Socket Mode.
type sockets struct {
	open    []*socket
	ever    bool // there was one
	next    int
	tickets map[string]bool
	waiting map[string]chan json.RawMessage
	refuse  string
	deaf    int // envelopes whose acknowledgement is to be overheard
	memory  *pipes
	server  *http.Server
}

type socket struct {
	conn    *websocket.Conn
	out     chan []byte
	done    chan struct{}
	once    sync.Once
	leaving bool
}

func (k *socket) close() {
	k.once.Do(func() {
		close(k.done)
		_ = k.conn.Close() // it is over either way
	})
}

func (s *Slack) connectionsOpen(*call) (object, error) {
	if !s.cfg.SocketMode {
		return nil, fail("not_allowed")
	}
	if s.sockets.tickets == nil {
		s.sockets.tickets = make(map[string]bool)
	}
	ticket := s.id(Mark + "-ticket-")
	s.sockets.tickets[ticket] = true
	return object{"url": strings.Replace(s.host("wss-primary.slack.com"), "http", "ws", 1) + "/link/" + ticket}, nil
}

// serveSocket is one connection of Socket Mode.
func (s *Slack) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	good := s.sockets.tickets[r.PathValue("ticket")]
	delete(s.sockets.tickets, r.PathValue("ticket")) // it works once
	s.mu.Unlock()
	if !good {
		http.Error(w, "invalid ticket", http.StatusUnauthorized)
		return
	}
	conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	k := &socket{conn: conn, out: make(chan []byte, 100), done: make(chan struct{})}
	s.wg.Go(func() { k.write(s.ctx) })
	s.welcome(k)
	s.listen(k)
}

// welcome takes a connection in, or turns it away.
func (s *Slack) welcome(k *socket) {
	s.locked(func() {
		refused := s.sockets.refuse
		if refused == "" && len(s.sockets.open) >= maxSockets {
			refused = TooManyWebsockets
		}
		if refused != "" {
			k.send(goodbye(refused))
			k.out <- nil
			return
		}
		s.sockets.open, s.sockets.ever = append(s.sockets.open, k), true
		k.send(object{
			"type": "hello", "num_connections": len(s.sockets.open), "connection_info": object{"app_id": AppID},
			"debug_info": object{"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
		})
	})
}

func goodbye(reason string) object {
	return object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-1"}}
}

// send queues what is to be written; a client that does not read loses it.
func (k *socket) send(o object) {
	select {
	case k.out <- encode(o):
	default:
	}
}

// write writes what is queued, and pings. A nil ends the connection.
func (k *socket) write(ctx context.Context) {
	defer k.close()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		var err error
		select {
		case data := <-k.out:
			if data == nil {
				return
			}
			err = k.conn.WriteMessage(websocket.TextMessage, data)
		case <-ping.C:
			err = k.conn.WriteMessage(websocket.PingMessage, []byte("Ping from applink-1"))
		case <-k.done:
			return
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// listen reads acknowledgements until the connection ends.
func (s *Slack) listen(k *socket) {
	defer s.locked(func() {
		s.sockets.open = slices.DeleteFunc(s.sockets.open, func(o *socket) bool { return o == k })
	})
	defer k.close()
	for {
		_, data, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		s.locked(func() {
			if err := json.Unmarshal(data, &ack); err != nil || ack.ID == "" {
				_ = s.violation("socket", "invalid_acknowledgement", finding{"/envelope_id", "is missing"})
				return
			}
			s.heard(ack.ID, ack.Payload)
		})
	}
}

func (s *Slack) heard(id string, payload json.RawMessage) {
	wait := s.sockets.waiting[id]
	if wait == nil {
		return // it comes too late
	}
	if s.sockets.deaf > 0 {
		s.sockets.deaf--
		return
	}
	delete(s.sockets.waiting, id)
	wait <- payload
}

// Overhear makes Slack lose the next n acknowledgements of Socket Mode.
func (s *Slack) Overhear(n int) { s.locked(func() { s.sockets.deaf = n }) }

// tryEnvelope delivers over one of the connections.
func (s *Slack) tryEnvelope(ctx context.Context, d *Delivery, n int) Attempt {
	why := ""
	if n > 0 {
		why = d.reason()
	}
	var k *socket
	var wait chan json.RawMessage
	s.locked(func() {
		if k = s.pick(); k == nil {
			return
		}
		id := s.id("envelope-")
		wait = make(chan json.RawMessage, 1)
		if s.sockets.waiting == nil {
			s.sockets.waiting = make(map[string]chan json.RawMessage)
		}
		s.sockets.waiting[id] = wait
		e := object{"envelope_id": id, "type": d.Kind, "payload": json.RawMessage(d.payload), "accepts_response_payload": d.Kind != "events_api"}
		if d.Kind == "events_api" {
			e["retry_attempt"], e["retry_reason"] = n, why
		}
		for range d.out.Copies {
			k.send(e)
		}
	})
	if k == nil {
		return Attempt{Err: errDown}
	}
	select {
	case payload := <-wait:
		return Attempt{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: payload}
	case <-k.done:
		return Attempt{Err: errReset}
	case <-ctx.Done():
		return Attempt{Err: ctx.Err()}
	}
}

// pick takes the connections in turn; one that is about to end only if there is no
// other.
func (s *Slack) pick() *socket {
	n := len(s.sockets.open)
	for i := range n {
		if k := s.sockets.open[(s.sockets.next+i)%n]; !k.leaving {
			s.sockets.next += i + 1
			return k
		}
	}
	if n > 0 {
		return s.sockets.open[0]
	}
	return nil
}

// Connections returns how many connections of Socket Mode are open.
func (s *Slack) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets.open)
}

// AwaitConnections waits until that many connections are open.
func (s *Slack) AwaitConnections(n int) {
	s.tb.Helper()
	s.Await("the connections of Socket Mode", func() bool { return s.Connections() == n })
}

// Disconnect tells all connections that they end, and why. After a [Warning] or a
// [RefreshRequested] they stay up for ten seconds more.
func (s *Slack) Disconnect(reason string) {
	var open []*socket
	s.locked(func() {
		open = slices.Clone(s.sockets.open)
		for _, k := range open {
			k.leaving = true
			k.send(goodbye(reason))
		}
	})
	for _, k := range open {
		s.wg.Go(func() { s.part(k, reason) })
	}
}

func (s *Slack) part(k *socket, reason string) {
	if reason == Warning || reason == RefreshRequested {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-k.done:
		case <-s.ctx.Done():
		}
	}
	select {
	case k.out <- nil:
	case <-k.done:
	}
}

// DropConnections ends all connections without a word.
func (s *Slack) DropConnections() {
	s.mu.Lock()
	open := slices.Clone(s.sockets.open)
	s.mu.Unlock()
	for _, k := range open {
		k.close()
	}
}

// RefuseConnections turns every new connection away with a reason, from now on;
// with "" it takes them again.
func (s *Slack) RefuseConnections(reason string) { s.locked(func() { s.sockets.refuse = reason }) }

func (s *Slack) closeSockets() {
	s.DropConnections()
	s.mu.Lock()
	srv, memory := s.sockets.server, s.sockets.memory
	s.mu.Unlock()
	if srv != nil {
		_ = memory.Close() // both are in memory and cannot fail
		_ = srv.Close()
	}
}
