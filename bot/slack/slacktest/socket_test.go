package slacktest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"suhbat/bot/slack/slacktest"
)

// dial opens one connection of Socket Mode without a network.
func dial(t *testing.T, w *world) *websocket.Conn {
	t.Helper()
	open := call(t, w.Slack, "apps.connections.open", slacktest.AppToken)
	address, _ := open["url"].(string)
	d := &websocket.Dialer{NetDialContext: w.Dial, NetDialTLSContext: w.Dial}
	conn, res, err := d.DialContext(t.Context(), address, nil)
	if err != nil {
		t.Fatalf("%v: %v", open, err)
	}
	res.Body.Close()
	t.Cleanup(func() { conn.Close() })
	return conn
}

func next(t *testing.T, conn *websocket.Conn) map[string]any {
	t.Helper()
	var m map[string]any
	if err := conn.ReadJSON(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

func socketMode(t *testing.T, f func(t *testing.T, w *world)) {
	inBubble(t, slacktest.Config{SocketMode: true, Patience: time.Hour}, f)
}

func TestSocketHelloAckAndRedelivery(t *testing.T) {
	socketMode(t, func(t *testing.T, w *world) {
		conn := dial(t, w)
		if m := next(t, conn); m["type"] != "hello" {
			t.Fatalf("first came %v", m)
		}
		w.aigul.Say(w.aigul.IM(), "hi")
		first := next(t, conn)
		again := next(t, conn) // not acknowledged: it comes again after three seconds
		if first["type"] != "events_api" || again["retry_attempt"] != 1.0 || again["retry_reason"] != "http_timeout" || first["envelope_id"] == again["envelope_id"] {
			t.Errorf("first %v, again %v", first, again)
		}
		conn.WriteJSON(map[string]any{"envelope_id": again["envelope_id"]})
		w.Settle()
		if d := w.Deliveries("message")[0]; len(d.Attempts()) != 2 || !d.Last().Acked() {
			t.Errorf("attempts %+v", d.Attempts())
		}
	})
}

func TestSocketSlashIsAnsweredInTheAck(t *testing.T) {
	socketMode(t, func(t *testing.T, w *world) {
		conn := dial(t, w)
		next(t, conn)
		go func() {
			e := next(t, conn)
			conn.WriteJSON(map[string]any{"envelope_id": e["envelope_id"], "payload": map[string]any{"text": "Turkmenistan"}})
		}()
		w.aigul.Slash(w.general, "/wps", "who")
		if seen := w.aigul.Sees(w.general); len(seen) != 1 || seen[0].Text != "Turkmenistan" {
			t.Errorf("she sees %v", seen)
		}
	})
}

func TestSocketDisconnects(t *testing.T) {
	socketMode(t, func(t *testing.T, w *world) {
		for reason, after := range map[string]time.Duration{
			slacktest.Warning: 10 * time.Second, slacktest.RefreshRequested: 10 * time.Second, slacktest.LinkDisabled: 0,
		} {
			conn := dial(t, w)
			next(t, conn)
			w.Disconnect(reason)
			start := time.Now()
			if m := next(t, conn); m["type"] != "disconnect" || m["reason"] != reason {
				t.Errorf("%s: got %v", reason, m)
			}
			if _, _, err := conn.ReadMessage(); err == nil || time.Since(start) != after {
				t.Errorf("%s: %v after %v", reason, err, time.Since(start))
			}
			w.AwaitConnections(0)
		}
		w.RefuseConnections(slacktest.TooManyWebsockets)
		conn := dial(t, w)
		if m := next(t, conn); m["reason"] != slacktest.TooManyWebsockets {
			t.Errorf("refused: %v", m)
		}
	})
}

func TestSocketAckIsOverheard(t *testing.T) {
	socketMode(t, func(t *testing.T, w *world) {
		conn := dial(t, w)
		next(t, conn)
		w.Overhear(1)
		w.aigul.Say(w.aigul.IM(), "hi")
		for range 2 {
			e := next(t, conn)
			conn.WriteJSON(map[string]any{"envelope_id": e["envelope_id"]})
		}
		w.Settle()
		if d := w.Deliveries("message")[0]; len(d.Attempts()) != 2 {
			t.Errorf("an event whose acknowledgement was lost came %d times", len(d.Attempts()))
		}
	})
}

func TestSocketDropBeforeAck(t *testing.T) {
	socketMode(t, func(t *testing.T, w *world) {
		first := dial(t, w)
		next(t, first)
		w.aigul.Say(w.aigul.IM(), "hi")
		next(t, first)
		w.DropConnections()
		w.AwaitConnections(0)
		second := dial(t, w)
		next(t, second)
		e := next(t, second) // at the retry after a minute
		second.WriteJSON(map[string]any{"envelope_id": e["envelope_id"]})
		w.Settle()
		if !w.Deliveries("message")[0].Last().Acked() {
			t.Error("the event was lost with the connection")
		}
	})
}

func TestSocketsTakeTurns(t *testing.T) {
	socketMode(t, func(t *testing.T, w *world) {
		a := dial(t, w)
		next(t, a) // before the second one is counted
		b := dial(t, w)
		if m := next(t, b); m["num_connections"] != 2.0 {
			t.Errorf("hello: %v", m)
		}
		for _, conn := range []*websocket.Conn{a, b, a} {
			w.aigul.Say(w.aigul.IM(), "hi")
			e := next(t, conn)
			conn.WriteJSON(map[string]any{"envelope_id": e["envelope_id"]})
			w.Settle()
		}
	})
}

func TestSocketTicketWorksOnce(t *testing.T) {
	socketMode(t, func(t *testing.T, w *world) {
		open := call(t, w.Slack, "apps.connections.open", slacktest.AppToken)
		address, _ := open["url"].(string)
		d := &websocket.Dialer{NetDialContext: w.Dial, NetDialTLSContext: w.Dial}
		for _, want := range []bool{true, false} {
			conn, res, err := d.DialContext(t.Context(), address, nil)
			if (err == nil) != want {
				t.Errorf("good: %v, got %v", want, err)
			}
			if conn != nil {
				conn.Close()
			}
			res.Body.Close()
		}
		wantError(t, call(t, w.Slack, "apps.connections.open", w.w.Token()), "not_allowed_token_type")
	})
}

// TestSlackGoSocketMode checks that slack-go's own client gets on with the fake, on
// a socket.
func TestSlackGoSocketMode(t *testing.T) {
	s := slacktest.New(t, slacktest.Config{SocketMode: true})
	srv := s.Listen()
	w := s.Workspace("Almaty")
	aigul := w.AddUser(slacktest.Profile{Name: "Aigul"})
	ch := w.AddChannel("general", aigul)
	api := slack.New(w.Token(), slack.OptionAppLevelToken(slacktest.AppToken), slack.OptionAPIURL(s.URL()), slack.OptionHTTPClient(srv.Client()))
	client := socketmode.New(api)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go client.RunContext(ctx)
	go func() {
		for e := range client.Events {
			if e.Type == socketmode.EventTypeSlashCommand {
				client.Ack(*e.Request, map[string]any{"text": "Turkmenistan"})
			}
		}
	}()
	s.AwaitConnections(1)
	aigul.Slash(ch, "/wps", "who")
	if seen := aigul.Sees(ch); len(seen) != 1 || seen[0].Text != "Turkmenistan" {
		t.Errorf("she sees %v", seen)
	}
}

// TestSlackGoSocketModeInABubble is the same without a network, on a clock of its
// own, for an hour: long enough for a client that misses its pings to give up.
func TestSlackGoSocketModeInABubble(t *testing.T) {
	socketMode(t, func(t *testing.T, w *world) {
		api := slack.New(w.w.Token(), slack.OptionAppLevelToken(slacktest.AppToken), slack.OptionAPIURL(w.URL()), slack.OptionHTTPClient(w.Client()))
		client := socketmode.New(api, socketmode.OptionDialer(&websocket.Dialer{NetDialContext: w.Dial, NetDialTLSContext: w.Dial}))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); client.RunContext(ctx) }()
		go func() {
			for {
				select {
				case e := <-client.Events:
					if e.Type == socketmode.EventTypeEventsAPI {
						client.AckCtx(ctx, e.Request.EnvelopeID, nil)
					}
				case <-ctx.Done():
					return
				}
			}
		}()
		w.AwaitConnections(1)
		time.Sleep(time.Hour)
		w.aigul.Say(w.aigul.IM(), "hi")
		w.Settle()
		if d := w.Deliveries("message")[0]; len(d.Attempts()) != 1 || len(w.Requests("apps.connections.open")) != 1 {
			t.Errorf("%d attempts, %d connections", len(d.Attempts()), len(w.Requests("apps.connections.open")))
		}
		cancel()
		<-ended
	})
}

// TestConnectURL checks the way of a command through two sockets.
func TestConnectURL(t *testing.T) {
	s := slacktest.New(t, slacktest.Config{})
	s.Listen()
	w := s.Workspace("Almaty")
	ch := w.AddChannel("general")
	a := &app{answer: says(`{"text":"hi"}`)}
	srv := newServer(t, a)
	s.ConnectURL(srv)
	w.Admin().Slash(ch, "/wps", "x")
	if seen := w.Admin().Sees(ch); len(seen) != 1 || seen[0].Text != "hi" {
		t.Errorf("seen %v", seen)
	}
	if got := a.all(); len(got) != 1 || !got[0].genuine {
		t.Errorf("got %v", got)
	}
}

// TestMark checks that every secret that leaves the fake can be found in a log.
func TestMark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, slacktest.Config{Rotation: true})
		w.aigul.Slash(w.general, "/wps", "x")
		secrets := []string{w.w.Token(), w.w.RefreshToken(), slacktest.AppToken, slacktest.SigningSecret, slacktest.ClientSecret}
		for _, s := range secrets {
			if !containsMark(s) {
				t.Errorf("%q has no mark", s)
			}
		}
	})
}
