// Package trace shows, as OpenTelemetry spans, where the time goes between an update, a
// command or a reminder and what was sent for it. Spans go to a collector by OTLP over
// HTTP; without one there is no [Tracer], and the methods of a nil one change nothing.
// Start at [New]; ports.go has what is put around the ports of other rooms, and
// export.go sends.
//
// A span never holds what somebody wrote, who it was or where, nor a token: names of
// methods, kinds, outcomes and types of errors are all there is.
package trace

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Config says where spans go.
type Config struct {
	// Endpoint is where the collector takes spans, such as
	// http://collector:4318/v1/traces; empty for no tracing.
	Endpoint string
	// Headers go with each request; they may be secret.
	Headers map[string]string
	// Timeout bounds a request and its repetitions.
	Timeout time.Duration
	// Version is that of the program.
	Version string
	Log     *slog.Logger
}

// Tracer makes spans. A nil Tracer makes none.
type Tracer struct {
	log      *slog.Logger
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// New returns a Tracer, nil without an endpoint. The library itself reads how much is
// sampled, how spans are batched and what is said of the resource from the environment
// (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables).
func New(ctx context.Context, c Config) (*Tracer, error) {
	if c.Endpoint == "" {
		return nil, nil //nolint:nilnil // a nil Tracer is one that makes no spans
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { // the library has one for all
		c.Log.DebugContext(ctx, "tracing", slog.Any("error", err))
	}))
	ours := []attribute.KeyValue{attribute.String("service.name", "suhbat"), attribute.String("service.version", c.Version)}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithHost(), resource.WithAttributes(ours...), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("trace: OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	exporter, err := otlptrace.New(ctx, &client{config: c, http: &http.Client{CheckRedirect: stay}})
	if err != nil {
		return nil, fmt.Errorf("trace: %w", err)
	}
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(about))
	return &Tracer{log: c.Log, provider: provider, tracer: provider.Tracer("suhbat")}, nil
}

// stay keeps headers, which may be secret, from going elsewhere.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// closing is how long a collector may take for what is left when the program ends: one
// that does not answer must not hold it up.
const closing = time.Second

// Close sends what is left, even if ctx is done.
func (t *Tracer) Close(ctx context.Context) {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		t.log.WarnContext(ctx, "what was left of the spans is lost", slog.Any("error", err))
	}
}
