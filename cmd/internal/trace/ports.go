package trace

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"suhbat/bot"
)

// Watch makes a span of each piece of work that an adapter or the scheduler does; nil
// if there is no Tracer. Nothing of what comes from outside is taken for its parent.
func (t *Tracer) Watch() bot.Watch {
	if t == nil {
		return nil
	}
	return func(ctx context.Context, network, what string) (context.Context, func()) {
		ctx, span := t.tracer.Start(ctx, network+" "+what, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindConsumer),
			trace.WithAttributes(attribute.String("suhbat.network", network)))
		return ctx, func() { span.End() }
	}
}

// Handler makes a span of each answer that h works out.
func (t *Tracer) Handler(h bot.Handler) bot.Handler {
	if t == nil {
		return h
	}
	return &handler{t, h}
}

type handler struct {
	*Tracer

	inner bot.Handler
}

// Handle implements [bot.Handler].
func (h *handler) Handle(ctx context.Context, in bot.Incoming) (bot.Reply, error) {
	ctx, span := h.tracer.Start(ctx, "answer", trace.WithAttributes(attribute.String("suhbat.kind", string(in.Kind))))
	defer span.End()
	reply, err := h.inner.Handle(ctx, in)
	span.SetAttributes(attribute.String("suhbat.outcome", string(reply.Outcome)))
	note(span, err)
	return reply, err
}

// Messenger makes a span of each post that m sends without having been asked. What it
// returns is a [bot.Finder] if m is one.
func (t *Tracer) Messenger(m bot.Messenger) bot.Messenger {
	if t == nil {
		return m
	}
	sends := messenger{t, m}
	if f, ok := m.(bot.Finder); ok {
		return struct {
			messenger
			bot.Finder
		}{sends, f}
	}
	return sends
}

type messenger struct {
	tracer *Tracer
	bot.Messenger
}

// Send implements [bot.Messenger].
func (m messenger) Send(ctx context.Context, out bot.Outgoing) (string, error) {
	ctx, span := m.tracer.tracer.Start(ctx, "send", trace.WithAttributes(attribute.String("suhbat.post", out.Key)))
	defer span.End()
	receipt, err := m.Messenger.Send(ctx, out)
	note(span, err)
	return receipt, err
}

// note says of a span what kind of error there was, and nothing that it tells.
func note(span trace.Span, err error) {
	if err == nil {
		return
	}
	kind := fmt.Sprintf("%T", err)
	if failed, ok := errors.AsType[*bot.SendError](err); ok {
		if kind = string(failed.Failure); failed.Failure == bot.Uncertain {
			kind = "uncertain"
		}
	}
	span.SetAttributes(attribute.String("error.type", kind))
	span.SetStatus(codes.Error, "")
}

// Transport returns what makes a span of each request that belongs to a piece of work;
// what nobody waits for, such as a poll, has none. It is nil if there is no Tracer.
// Method names a request without anything secret: the path of a request may hold a
// token, and is shown nowhere.
func (t *Tracer) Transport(method func(*http.Request) string) func(http.RoundTripper) http.RoundTripper {
	if t == nil {
		return nil
	}
	return func(inner http.RoundTripper) http.RoundTripper { return &transport{t, method, inner} }
}

type transport struct {
	tracer *Tracer
	method func(*http.Request) string
	inner  http.RoundTripper
}

// RoundTrip implements [http.RoundTripper]. The span ends with the head of the response.
func (r *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !trace.SpanContextFromContext(req.Context()).IsValid() {
		return r.inner.RoundTrip(req)
	}
	ctx, span := r.tracer.tracer.Start(req.Context(), r.method(req), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("http.request.method", req.Method), attribute.String("server.address", req.URL.Hostname())))
	defer span.End()
	resp, err := r.inner.RoundTrip(req.WithContext(ctx))
	note(span, err)
	if err == nil {
		span.SetAttributes(attribute.Int("http.response.status_code", resp.StatusCode))
		if resp.StatusCode >= http.StatusBadRequest {
			span.SetStatus(codes.Error, "")
		}
	}
	return resp, err
}

// CloseIdleConnections lets an [http.Client] close those of the inner transport.
func (r *transport) CloseIdleConnections() {
	if c, ok := r.inner.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// Log adds to each line in which trace it was written.
func (t *Tracer) Log(h slog.Handler) slog.Handler {
	if t == nil {
		return h
	}
	return logs{h}
}

type logs struct{ slog.Handler }

// Handle implements [slog.Handler].
func (l logs) Handle(ctx context.Context, r slog.Record) error {
	if s := trace.SpanContextFromContext(ctx); s.IsValid() {
		r.AddAttrs(slog.String("trace_id", s.TraceID().String()), slog.String("span_id", s.SpanID().String()))
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (l logs) WithAttrs(attrs []slog.Attr) slog.Handler { return logs{l.Handler.WithAttrs(attrs)} }

// WithGroup implements [slog.Handler].
func (l logs) WithGroup(name string) slog.Handler { return logs{l.Handler.WithGroup(name)} }
