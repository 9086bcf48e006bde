package storetest

import (
	"context"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Link is the way from a process to a server, through a proxy that can break it. Make it by
// [Proxy].
type Link struct {
	to       string
	listener net.Listener

	mu    sync.Mutex
	conns map[net.Conn]bool
	cut   chan struct{} // closed while nothing is cut
	delay time.Duration
}

// Proxy starts a proxy for the server at an address; it ends with the test.
func Proxy(tb testing.TB, to string) *Link {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	l := &Link{to: to, listener: listener, conns: make(map[net.Conn]bool), cut: make(chan struct{})}
	close(l.cut)
	go l.serve()
	tb.Cleanup(func() {
		_ = listener.Close()
		l.Mend()
		l.Reset()
	})
	return l
}

// URL is that of a database, through the proxy.
func (l *Link) URL(of string) string {
	u, err := url.Parse(of)
	if err != nil {
		panic(err) // it is one of ours
	}
	u.Host = l.listener.Addr().String()
	return u.String()
}

// Cut lets nothing through any more, and nobody notices: connections stay open, as they do
// when a cable is pulled.
func (l *Link) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.cut:
		l.cut = make(chan struct{})
	default:
	}
}

// Mend lets everything through again, what was held up first.
func (l *Link) Mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.cut:
	default:
		close(l.cut)
	}
}

// Reset breaks all connections.
func (l *Link) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		_ = c.Close()
	}
}

// Delay holds up each piece that goes either way for so long.
func (l *Link) Delay(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay = d
}

func (l *Link) serve() {
	for {
		in, err := l.listener.Accept()
		if err != nil {
			return
		}
		go l.connect(in)
	}
}

func (l *Link) connect(in net.Conn) {
	l.pass()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := new(net.Dialer).DialContext(ctx, "tcp", l.to)
	if err != nil {
		_ = in.Close()
		return
	}
	l.mu.Lock()
	l.conns[in], l.conns[out] = true, true
	l.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { l.copy(out, in) })
	both.Go(func() { l.copy(in, out) })
	both.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, in)
	delete(l.conns, out)
}

// copy carries bytes one way until either end is closed, and then closes both.
func (l *Link) copy(to, from net.Conn) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			l.pass()
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// pass waits as long as nothing goes through.
func (l *Link) pass() {
	l.mu.Lock()
	cut, delay := l.cut, l.delay
	l.mu.Unlock()
	<-cut
	time.Sleep(delay)
}
