package trace

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	pb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// client sends spans as opentelemetry.io/docs/specs/otlp/#otlphttp asks for. The
// library's own client (otlptracehttp) brings all of gRPC into the program, a third
// more of its size, and is not used for that.
type client struct {
	config  Config
	http    *http.Client
	failing atomic.Bool
}

// Start implements otlptrace.Client.
func (*client) Start(context.Context) error { return nil }

// Stop implements otlptrace.Client.
func (c *client) Stop(context.Context) error {
	c.http.CloseIdleConnections()
	return nil
}

// UploadTraces implements otlptrace.Client. Spans that the collector does not take in
// time are lost; the log says when that begins and ends.
func (c *client) UploadTraces(ctx context.Context, spans []*pb.ResourceSpans) error {
	// On the wire, ExportTraceServiceRequest is the same; its package is the one with gRPC.
	body, err := proto.Marshal(&pb.TracesData{ResourceSpans: spans})
	if err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	err = c.upload(ctx, body)
	switch was := c.failing.Swap(err != nil); {
	case err != nil && !was:
		c.config.Log.WarnContext(ctx, "the collector takes no spans; they are lost", slog.Any("error", err))
	case err == nil && was:
		c.config.Log.InfoContext(ctx, "the collector takes spans again")
	}
	return err
}

// upload posts until the collector answers that it has them, or refuses them for good.
func (c *client) upload(ctx context.Context, body []byte) error {
	for wait := time.Second; ; wait *= 2 {
		again, err := c.post(ctx, body)
		if err == nil || !again {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return err
		case <-timer.C:
		}
	}
}

// post reports whether it may be tried again after an error. The statuses for that are
// those of opentelemetry.io/docs/specs/otlp/#retryable-response-codes.
func (c *client) post(ctx context.Context, body []byte) (again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.Endpoint, bytes.NewReader(body))
	if err != nil {
		return false, fmt.Errorf("trace: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	for name, value := range c.config.Headers {
		r.Header.Set(name, value)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return true, fmt.Errorf("trace: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		again = true
	}
	if resp.StatusCode/100 != 2 {
		return again, fmt.Errorf("trace: the collector answers %s, expected 200 OK", resp.Status)
	}
	return false, nil
}
