package slacktest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"syscall"
)

// inProcess is a RoundTripper that calls a handler. It blocks on nothing but
// channels, so it works in a bubble of testing/synctest, and it gives up when the
// request's context ends. A handler that panics with http.ErrAbortHandler loses the
// connection, as it does behind a server.
type inProcess struct{ handler http.Handler }

// errReset is what a lost connection looks like to a client.
var errReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	in, err := received(ctx, r)
	if err != nil {
		return nil, err
	}
	done := make(chan *http.Response, 1)
	go func() { done <- t.serve(in) }() //nolint:bodyclose // the client closes it
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case res := <-done:
		if res == nil {
			return nil, errReset
		}
		res.Request = r
		return res, nil
	}
}

// received is a request as the handler sees it.
func received(ctx context.Context, r *http.Request) (*http.Request, error) {
	in := r.Clone(ctx)
	in.RequestURI, in.RemoteAddr = r.URL.RequestURI(), "192.0.2.1:1234"
	in.Host = or(r.Host, r.URL.Host)
	in.Body = http.NoBody
	if r.Body == nil {
		return in, nil
	}
	body, err := io.ReadAll(r.Body)
	if err := errors.Join(err, r.Body.Close()); err != nil {
		return nil, err
	}
	in.Body, in.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return in, nil
}

// serve returns what the handler wrote; nil if it broke off before it wrote, and a
// body that breaks off if it did so later.
func (t inProcess) serve(r *http.Request) (res *http.Response) {
	w := httptest.NewRecorder()
	defer func() {
		switch p := recover(); p {
		case nil:
			res = w.Result()
		case http.ErrAbortHandler:
			if w.Body.Len() > 0 {
				res = w.Result()
				res.Body = io.NopCloser(io.MultiReader(w.Body, brokenReader{}))
			}
		default:
			panic(p)
		}
	}()
	t.handler.ServeHTTP(w, r)
	return nil // the deferred function says what
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// pipes is a listener whose connections lie in memory.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "slack.com", Net: "pipe"} }

func (p *pipes) dial(ctx context.Context) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.done:
		return nil, errReset
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Dial connects to Slack without a network, whatever the address. A websocket
// dialer is given it for plain connections and, since there is no TLS to shake hands
// about, for those with TLS as well; an http.Transport likewise.
func (s *Slack) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	s.mu.Lock()
	if s.sockets.memory == nil {
		s.sockets.memory = newPipes()
		srv := &http.Server{Handler: s, ReadHeaderTimeout: triggerLife}
		s.sockets.server = srv
		s.wg.Go(func() { _ = srv.Serve(s.sockets.memory) }) // it ends with close
	}
	p := s.sockets.memory
	s.mu.Unlock()
	return p.dial(ctx)
}
