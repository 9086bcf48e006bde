//go:build unix

package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// upstream stands for a replica behind the proxy.
type upstream struct {
	server       *httptest.Server
	ready, drops atomic.Bool
	checks       atomic.Int64 // of its health
	posts        atomic.Int64
}

func newUpstream(t *testing.T, ready bool) *upstream {
	t.Helper()
	u := &upstream{}
	u.ready.Store(ready)
	u.server = httptest.NewServer(u)
	t.Cleanup(u.server.Close)
	return u
}

func (u *upstream) address() string { return u.server.Listener.Addr().String() }

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/readyz" {
		u.checks.Add(1)
		if !u.ready.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	u.posts.Add(1)
	if u.drops.Load() {
		panic(http.ErrAbortHandler) // the connection ends without an answer
	}
}

// TestProxy runs the proxy as it is deployed: it shows only what is public, sends to
// replicas that are ready, goes around one that is gone, and never sends a POST twice
// that has reached a replica.
func TestProxy(t *testing.T) {
	caddy, err := exec.LookPath("caddy")
	if err != nil {
		t.Skip("caddy is not installed")
	}
	t.Parallel()
	good, drops, starting := newUpstream(t, true), newUpstream(t, true), newUpstream(t, false)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	site := "http://" + free.Addr().String()
	_ = free.Close()
	file, err := filepath.Abs(filepath.Join(repository, "deploy", "Caddyfile"))
	if err != nil {
		t.Fatal(err)
	}
	var log output
	cmd := exec.CommandContext(t.Context(), caddy, "run", "--adapter", "caddyfile", "--config", file)
	cmd.Env = []string{"HOME=" + t.TempDir(), "SITE_ADDRESS=" + site, "REPLICAS=" + good.address() + " " + drops.address() + " " + starting.address()}
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	ask := func(method, path, body string) int {
		r, _ := http.NewRequestWithContext(t.Context(), method, site+path, strings.NewReader(body))
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			return 0
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	for deadline := time.Now().Add(20 * time.Second); ask(http.MethodGet, "/", "") == 0 || starting.checks.Load() < 2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the proxy does not start:\n%s", &log)
		}
	}
	for path, want := range map[string]int{"/metrics": 404, "/readyz": 404, "/": 404, "/slack/install": 200, "/calendar/en.ics": 200} {
		if got := ask(http.MethodGet, path, ""); got != want {
			t.Errorf("GET %s is %d, want %d", path, got, want)
		}
	}
	good.posts.Store(0)
	drops.posts.Store(0)
	drops.drops.Store(true)
	const posts = 20
	failed := 0
	for range posts {
		if ask(http.MethodPost, "/slack/commands", "text=x") != http.StatusOK {
			failed++
		}
	}
	if starting.posts.Load() > 0 {
		t.Error("a replica that is not ready gets requests")
	}
	if all := good.posts.Load() + drops.posts.Load(); all != posts || failed != int(drops.posts.Load()) || failed == 0 {
		t.Errorf("%d posts became %d, of which %d failed: a replica that dropped them got %d", posts, all, failed, drops.posts.Load())
	}
	drops.server.Close() // a replica that is gone
	for i := range posts {
		if got := ask(http.MethodPost, "/telegram/webhook", "{}"); got != http.StatusOK {
			t.Errorf("post %d is %d while a replica is gone", i, got)
		}
	}
	if got := ask(http.MethodPost, "/slack/events", strings.Repeat("x", 2<<20)); got == http.StatusOK {
		t.Error("a body of two megabytes is taken")
	}
}
