// Package web is what the program shows over HTTP: whether it is alive and ready,
// its metrics, and the doors that the adapters have for their networks. Start with
// [Handler]; [Serve] runs it.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Check is something that has to be well before questions can be answered.
type Check struct {
	Name  string
	Ready func(ctx context.Context) error
}

// Site is what to show.
type Site struct {
	// Ready are looked at for /readyz.
	Ready []Check
	// Metrics are shown at /metrics.
	Metrics prometheus.Gatherer
	// Doors are the handlers of others, by the pattern of [http.ServeMux].
	Doors map[string]http.Handler
	Log   *slog.Logger
}

// Handler answers /healthz (200 while the program runs), /readyz (200 once all is
// ready, else 503 with a line for each check that is not), /metrics, and what the
// doors are for.
func Handler(s Site) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", s.ready)
	if s.Metrics != nil {
		mux.Handle("GET /metrics", promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{}))
	}
	for pattern, door := range s.Doors {
		mux.Handle(pattern, door)
	}
	return s.guarded(mux)
}

// ready does not say why something is not: that is in the log, for who runs the
// program.
func (s *Site) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	var waiting []string
	for _, c := range s.Ready {
		if err := c.Ready(ctx); err != nil {
			waiting = append(waiting, c.Name)
			s.Log.DebugContext(r.Context(), "not ready", slog.String("check", c.Name), slog.Any("error", err))
		}
	}
	if len(waiting) > 0 {
		say(w, http.StatusServiceUnavailable, "not ready: "+strings.Join(waiting, ", "))
		return
	}
	say(w, http.StatusOK, "ready")
}

func say(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = fmt.Fprintln(w, text)
}

// noSniff is made once for all answers.
var noSniff = []string{"nosniff"}

// guarded keeps a panic to the request that it happened in.
func (s *Site) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.Log.ErrorContext(r.Context(), "panic while serving", slog.String("path", r.URL.Path), slog.String("panic", fmt.Sprintf("%T", p)))
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		w.Header()["X-Content-Type-Options"] = noSniff
		next.ServeHTTP(w, r)
	})
}

// The bounds of a connection: whoever is slower than that holds nothing up.
const (
	readHeader = 5 * time.Second
	readAll    = 15 * time.Second
	writeAll   = 30 * time.Second
	idle       = 2 * time.Minute
	maxHeader  = 32 << 10
)

// Serve answers on a listener until ctx is done, and for as long as linger beyond that:
// whoever sends requests has to notice first that no more are to come here. Then it lets
// those finish that have begun, for as long as drain.
func Serve(ctx context.Context, l net.Listener, h http.Handler, linger, drain time.Duration) error {
	server := &http.Server{
		Handler: lingering(ctx, h), ReadHeaderTimeout: readHeader, ReadTimeout: readAll, WriteTimeout: writeAll,
		IdleTimeout: idle, MaxHeaderBytes: maxHeader,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("web: %w", err)
	case <-ctx.Done():
	}
	timer := time.NewTimer(linger)
	defer timer.Stop()
	select {
	case err := <-failed:
		return fmt.Errorf("web: %w", err)
	case <-timer.C:
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := server.Shutdown(stop); err != nil {
		_ = server.Close()
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("web: %w", err)
	}
	return nil
}

// lingering ends each connection with the next answer, once ctx is done: the next
// request then goes elsewhere, and none meets a connection that was just closed.
func lingering(ctx context.Context, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ctx.Err() != nil {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
