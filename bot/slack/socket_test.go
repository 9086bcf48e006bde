package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"suhbat/bot"
)

const testAppToken = "xapp-1-the-token-of-the-app"

// pipes is a listener whose connections never leave the program.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// exchange is Slack's side of the sockets: serve has each for as long as it likes.
func exchange(t *testing.T, h handle, serve func(n int, c *websocket.Conn), change ...func(*Config, *Ports)) *bench {
	t.Helper()
	b := start(t, h, append([]func(*Config, *Ports){func(c *Config, _ *Ports) { c.AppToken, c.SigningSecrets = testAppToken, nil }}, change...)...)
	b.api.answer("apps.connections.open", `{"ok":true,"url":"ws://socket.example/?ticket=secret-of-the-url"}`)
	p := &pipes{make(chan net.Conn), make(chan struct{})}
	b.dialer = &websocket.Dialer{NetDialContext: p.dial}
	var mu sync.Mutex
	n := 0
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		mu.Lock()
		mine := n
		n++
		mu.Unlock()
		serve(mine, c)
	})}
	go server.Serve(p)
	t.Cleanup(func() { server.Close() })
	return b
}

// run runs an adapter until the test has seen enough, and returns what Run did.
func (b *bench) run(t *testing.T, enough func()) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { result <- b.Run(ctx) }()
	enough()
	cancel()
	return <-result
}

func hello(c *websocket.Conn) { c.WriteJSON(map[string]string{"type": "hello"}) }

// open keeps a socket open until the other side leaves.
func open(c *websocket.Conn, acks chan<- string) {
	for {
		_, raw, err := c.ReadMessage()
		if err != nil {
			return
		}
		acks <- string(raw)
	}
}

// wait reads what comes and returns a func that waits for the end of it.
func wait(c *websocket.Conn, acks chan<- string) func() {
	done := make(chan struct{})
	go func() {
		open(c, acks)
		close(done)
	}()
	return func() { <-done }
}

func drop(c chan string) {
	for range c {
	}
}

// TestSocketStorm checks that a Slack which closes each socket at once is not asked
// for new ones all the time, for whichever reason it closes them.
func TestSocketStorm(t *testing.T) {
	tests := []struct {
		reason string
		within time.Duration
		most   int
	}{
		{"too_many_websockets", 10 * time.Minute, 22},
		{"refresh_requested", 10 * time.Minute, 40},
		{"", 10 * time.Minute, 40},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			b := exchange(t, echo, func(_ int, c *websocket.Conn) {
				if tt.reason != "" {
					c.WriteJSON(map[string]string{"type": "disconnect", "reason": tt.reason})
				}
			})
			if err := b.run(t, func() { time.Sleep(tt.within) }); err != nil {
				t.Error(err)
			}
			if n := len(b.api.of("apps.connections.open")); n > tt.most || n < 4 {
				t.Errorf("%q: slack was asked for %d sockets in %v", tt.reason, n, tt.within)
			}
		})
	}
}

// TestSocketHopeless checks that where no socket will ever open the program says why
// and what to do, instead of trying for ever.
func TestSocketHopeless(t *testing.T) {
	// The last one is said by a socket, all others when one is to be opened.
	for _, reason := range []string{"missing_scope", "invalid_auth", "not_allowed_token_type", "account_inactive", reasonDisabled, ""} {
		said := orElse(reason, reasonDisabled)
		synctest.Test(t, func(t *testing.T) {
			b := exchange(t, echo, func(_ int, c *websocket.Conn) {
				c.WriteJSON(map[string]string{"type": "disconnect", "reason": reasonDisabled})
			})
			if reason != "" {
				b.api.answer("apps.connections.open", `{"ok":false,"error":"`+reason+`"}`)
			}
			err := b.Run(t.Context())
			if err == nil || !strings.Contains(err.Error(), "SLACK_APP_TOKEN") || !strings.Contains(err.Error(), said) {
				t.Errorf("%s: got %v", reason, err)
			}
			if ready := b.Ready(); ready == nil || !strings.Contains(ready.Error(), said) {
				t.Errorf("%s: ready: %v", reason, ready)
			}
			if n := len(b.api.of("apps.connections.open")); n > sockets {
				t.Errorf("%s: slack was asked %d times", reason, n)
			}
		})
	}
}

// TestSocketReady checks that the program counts as ready while there is a socket,
// and that one stays while the other is made anew.
func TestSocketReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		conns := make(map[int]*websocket.Conn)
		b := exchange(t, echo, func(n int, c *websocket.Conn) {
			hello(c)
			mu.Lock()
			conns[n] = c
			mu.Unlock()
			acks := make(chan string)
			go drop(acks)
			open(c, acks)
			close(acks)
		})
		if b.Ready() == nil {
			t.Error("it is ready before it runs")
		}
		if err := b.run(t, func() {
			time.Sleep(time.Hour) // pings keep it alive
			if err := b.Ready(); err != nil || len(conns) != sockets {
				t.Errorf("after an hour: %v, %d sockets were opened", err, len(conns))
			}
			conns[0].WriteJSON(map[string]string{"type": "disconnect", "reason": "warning"})
			synctest.Wait()
			if err := b.Ready(); err != nil {
				t.Errorf("while one is replaced: %v", err)
			}
			time.Sleep(2 * time.Second)
			if len(conns) != sockets+1 {
				t.Errorf("it was not replaced: %d", len(conns))
			}
			b.api.answer("apps.connections.open", `{"ok":false,"error":"internal_error"}`)
			for _, c := range conns {
				c.Close()
			}
			time.Sleep(time.Minute)
			if b.Ready() == nil {
				t.Error("it is ready without a socket")
			}
		}); err != nil {
			t.Error(err)
		}
	})
}

// TestSocketSilence checks that a connection which has died without a word is noticed.
func TestSocketSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan struct{})
		b := exchange(t, echo, func(_ int, c *websocket.Conn) {
			hello(c)
			<-done // reads nothing: no ping is answered
		})
		if err := b.run(t, func() {
			time.Sleep(3 * time.Minute)
			if n := len(b.api.of("apps.connections.open")); n < 2*sockets {
				t.Errorf("slack was asked for %d sockets", n)
			}
			close(done)
		}); err != nil {
			t.Error(err)
		}
	})
}

// TestSocketEnvelopes checks the three kinds of envelopes: each is acknowledged once
// it is safe, and a command with its answer.
func TestSocketEnvelopes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		acks := make(chan string, 10)
		events := `{"type":"events_api","envelope_id":"e1","payload":` + eventJSON("Ev1", mention("1.1", testAsked)) + `}`
		commands := `{"type":"slash_commands","envelope_id":"e2","accepts_response_payload":true,"payload":{"team_id":"T1","channel_id":"C1","user_id":"U1","command":"/wps","text":"` + testAsked +
			`","is_enterprise_install":false,"enterprise_id":null,"response_url":"` + testURL + `","trigger_id":"t2"}}`
		interactive := `{"type":"interactive","envelope_id":"e3","payload":` + pressedJSON("t3", "act.0.0", "", "1x") + `}`
		b := exchange(t, echo, func(n int, c *websocket.Conn) {
			hello(c)
			if n == 0 {
				defer wait(c, acks)() // a pipe holds nothing: somebody has to read while this writes
				for _, envelope := range []string{"no JSON", `{"type":"unheard_of"}`, `{"type":"events_api","payload":{}}`, events, commands, interactive, strings.Replace(events, "e1", "e4", 1)} {
					c.WriteMessage(websocket.TextMessage, []byte(envelope))
				}
				return
			}
			open(c, acks)
		})
		if err := b.run(t, func() { time.Sleep(time.Second * 3) }); err != nil {
			t.Error(err)
		}
		b.drained(t)
		got := make(map[string]string)
		if len(acks) != 4 {
			t.Fatalf("got %d acknowledgements: %s", len(acks), b.log)
		}
		for range 4 {
			var ack struct {
				EnvelopeID string          `json:"envelope_id"`
				Payload    json.RawMessage `json:"payload"`
			}
			if err := json.Unmarshal([]byte(<-acks), &ack); err != nil {
				t.Fatal(err)
			}
			got[ack.EnvelopeID] = string(ack.Payload)
		}
		if len(got) != 4 || got["e1"] != "" || got["e3"] != "" || asResponse(t, []byte(got["e2"])).Text != "ask: "+testAsked {
			t.Errorf("got %v", got)
		}
		if posts, pressed := b.api.of("chat.postMessage"), b.api.of("response_url"); len(posts) != 1 || len(pressed) != 1 {
			t.Errorf("got %d posts and %d responses", len(posts), len(pressed))
		}
	})
}

// TestSocketInboxFirst checks that an event which could not be kept is not
// acknowledged: Slack sends it again.
func TestSocketInboxFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		acks := make(chan string, 10)
		b := exchange(t, echo, func(n int, c *websocket.Conn) {
			hello(c)
			if n == 0 {
				c.WriteMessage(websocket.TextMessage, []byte(`{"type":"events_api","envelope_id":"e1","payload":`+eventJSON("Ev1", mention("1.1", "x"))+`}`))
			}
			open(c, acks)
		}, func(_ *Config, p *Ports) { p.Inbox = brokenInbox{newMemory()} })
		if err := b.run(t, func() { time.Sleep(5 * time.Second) }); err != nil {
			t.Error(err)
		}
		if len(acks) > 0 {
			t.Errorf("acknowledged: %s", <-acks)
		}
	})
}

// TestSocketEndsWell checks that a command which is being answered when the program
// ends is acknowledged still.
func TestSocketEndsWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		acks := make(chan string, 10)
		b := exchange(t, func(in bot.Incoming) (bot.Reply, error) {
			time.Sleep(time.Second)
			return echo(in)
		}, func(n int, c *websocket.Conn) {
			hello(c)
			if n == 0 {
				c.WriteMessage(websocket.TextMessage, []byte(`{"type":"slash_commands","envelope_id":"e1","payload":{"team_id":"T1","channel_id":"C1","user_id":"U1","text":"x"}}`))
			}
			open(c, acks)
		})
		if err := b.run(t, func() { time.Sleep(time.Second / 2) }); err != nil {
			t.Error(err)
		}
		if len(acks) != 1 || !strings.Contains(<-acks, "ask: x") {
			t.Error("it was not acknowledged")
		}
	})
}

func TestBackOff(t *testing.T) {
	var wait time.Duration
	var waits []time.Duration
	for range 9 {
		wait = backOff(wait, time.Second, "", nil)
		waits = append(waits, wait/time.Second)
	}
	if got := fmt.Sprint(waits); got != "[1ns 2ns 4ns 8ns 16ns 32ns 1m0s 1m0s 1m0s]" && waits[0] != 1 || waits[8] != 60 {
		t.Errorf("got %v", waits)
	}
	if got := backOff(maxBackOff, time.Hour, "warning", nil); got != 0 {
		t.Errorf("a socket that lasted is replaced after %v", got)
	}
	for range 100 {
		if d := jitter(time.Minute); d < time.Minute || d > 75*time.Second {
			t.Errorf("got %v", d)
		}
	}
}

// TestTokenCheck checks what the one workspace's token is told apart by: a wrong one
// ends the program with advice, a Slack that does not answer makes it wait.
func TestTokenCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, echo)
		b.api.answer("auth.test", `{"ok":false,"error":"invalid_auth"}`)
		if err := b.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "SLACK_BOT_TOKEN") {
			t.Errorf("got %v", err)
		}
		slow := start(t, echo)
		n := 0
		slow.api.do("auth.test", func(call) (*http.Response, error) {
			if n++; n < 4 {
				return nil, errors.New("no route to host")
			}
			return respondWith(http.StatusOK, `{"ok":true,"user_id":"UBOT","team_id":"T1"}`), nil
		})
		if err := slow.run(t, func() {
			time.Sleep(2 * time.Second)
			if slow.Ready() == nil {
				t.Error("it is ready and knows no token")
			}
			time.Sleep(10 * time.Second)
			if err := slow.Ready(); err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Error(err)
		}
	})
}
