package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"suhbat/cmd/internal/web"
)

// get asks a site once.
func get(t *testing.T, s web.Site, path string) (code int, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	web.Handler(s).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// TestReady: a load balancer must send nobody to a replica that cannot answer, and
// must not learn more than which part is missing.
func TestReady(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := web.Site{Log: log, Ready: []web.Check{
		{Name: "store", Ready: func(context.Context) error { return nil }},
		{Name: "telegram", Ready: func(context.Context) error { return errors.New("no token yet") }},
	}}
	code, body := get(t, s, "/readyz")
	if code != http.StatusServiceUnavailable || !strings.Contains(body, "telegram") || strings.Contains(body, "store") {
		t.Errorf("one of two is ready: %d %q", code, body)
	}
	if strings.Contains(body, "no token yet") || !strings.Contains(logged.String(), "no token yet") {
		t.Errorf("the reason belongs into the log alone: %q, log %q", body, &logged)
	}
	s.Ready = s.Ready[:1]
	if code, _ := get(t, s, "/readyz"); code != http.StatusOK {
		t.Errorf("all are ready: %d", code)
	}
	if code, _ := get(t, web.Site{}, "/healthz"); code != http.StatusOK {
		t.Errorf("alive: %d", code)
	}
}

// TestDoors: a network must reach its adapter, and one request that fails must not
// take the program with it.
func TestDoors(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "suhbat_test_total"}, func() float64 { return 7 }))
	s := web.Site{Log: slog.New(slog.DiscardHandler), Metrics: registry, Doors: map[string]http.Handler{
		"/door":  http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "in") }),
		"/panic": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret words") }),
	}}
	for _, tt := range []struct {
		path, want string
		code       int
	}{
		{"/door", "in", http.StatusOK},
		{"/panic", "", http.StatusInternalServerError},
		{"/nowhere", "404", http.StatusNotFound},
		{"/metrics", "suhbat_test_total 7", http.StatusOK},
	} {
		if code, body := get(t, s, tt.path); code != tt.code || !strings.Contains(body, tt.want) {
			t.Errorf("%s: %d %q, want %d with %q", tt.path, code, body, tt.code, tt.want)
		}
	}
}

// TestServe: a request that has begun is answered although the program stops.
func TestServe(t *testing.T) {
	t.Parallel()
	begun, finish := make(chan struct{}), make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-finish
		_, _ = io.WriteString(w, "whole")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- web.Serve(ctx, l, h, 0, 10*time.Second) }()
	got := make(chan string, 1)
	go func() {
		r, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			got <- err.Error()
			return
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		got <- string(body)
	}()
	<-begun
	stop()
	close(finish)
	if body := <-got; body != "whole" {
		t.Errorf("the request got %q", body)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// TestServeLingers: for a while after the program was told to stop, requests are taken
// as before, since whoever sends them does not know yet; none comes by an old connection.
func TestServeLingers(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	served := make(chan error, 1)
	const linger = 300 * time.Millisecond
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "taken") })
	go func() { served <- web.Serve(ctx, l, h, linger, 10*time.Second) }()
	client := &http.Client{Transport: &http.Transport{}}
	begun := time.Now()
	for i := range 10 {
		r, err := client.Get("http://" + l.Addr().String())
		if err != nil {
			t.Fatalf("request %d: %v", i, err)
		}
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
		if r.Close != (i > 0) {
			t.Errorf("request %d: that it was the last of its connection is %v", i, r.Close)
		}
		if i == 0 {
			stop()
			begun = time.Now()
		}
		time.Sleep(linger / 20)
	}
	if err := <-served; err != nil || time.Since(begun) < linger {
		t.Errorf("it ended after %v with %v", time.Since(begun), err)
	}
}
