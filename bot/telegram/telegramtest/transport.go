package telegramtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"syscall"
)

// Client returns a client that reaches s in this process, whatever the host of
// the URL. Its requests wait on channels only, so that time passes in a bubble
// of testing/synctest.
func (s *Server) Client() *http.Client { return &http.Client{Transport: s.Transport()} }

// Transport is the transport of [Server.Client].
func (s *Server) Transport() http.RoundTripper { return Transport(s) }

// URL is a base for requests by [Server.Client].
const URL = "http://api.telegram.test"

// Transport returns a transport that has requests answered by h, in this process.
// A request ends when its context does. A handler that panics with
// [http.ErrAbortHandler] resets the connection: before the header it is an error,
// after it a body that breaks off.
func Transport(h http.Handler) http.RoundTripper { return transport{h} }

type transport struct{ handler http.Handler }

// RoundTrip serves one request in a goroutine of its own.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readAll(r.Body)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(r.Context())
	inner := r.Clone(ctx)
	inner.Body = io.NopCloser(bytes.NewReader(body))
	inner.RequestURI = r.URL.RequestURI()
	inner.RemoteAddr = "192.0.2.1:1234"
	if inner.Host == "" {
		inner.Host = r.URL.Host
	}
	done := make(chan *recorder, 1)
	go func() {
		defer cancel()
		w := &recorder{header: make(http.Header)}
		defer func() { done <- w }()
		defer w.recover()
		t.handler.ServeHTTP(w, inner)
	}()
	select {
	case w := <-done:
		return w.response(r)
	case <-r.Context().Done():
		cancel()
		return nil, context.Cause(r.Context())
	}
}

func readAll(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(body)
	if closed := body.Close(); err == nil {
		err = closed
	}
	return data, err
}

// recorder is the response of a handler.
type recorder struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	aborted bool
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// recover turns the panic that breaks a connection into a mark.
func (w *recorder) recover() {
	switch what := recover(); what {
	case nil:
	case http.ErrAbortHandler:
		w.aborted = true
	default:
		panic(what)
	}
}

func (w *recorder) response(r *http.Request) (*http.Response, error) {
	if w.aborted && w.status == 0 {
		return nil, fmt.Errorf("read: %w", syscall.ECONNRESET)
	}
	w.WriteHeader(http.StatusOK)
	var body io.Reader = &w.body
	length := int64(w.body.Len())
	if w.aborted {
		body = io.MultiReader(body, broken{})
		if n, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64); err == nil {
			length = n
		}
	}
	return &http.Response{
		Status:     strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(body), ContentLength: length, Request: r,
	}, nil
}

// broken is the end of a body that breaks off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
