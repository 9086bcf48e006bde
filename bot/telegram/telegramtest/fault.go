package telegramtest

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Effect is what befalls a request. It may call next, which handles the request,
// once, or not at all.
type Effect func(ctx context.Context, next func() Answer) Answer

// What a bot is told when it may not write to somebody.
const (
	Blocked     = "Forbidden: bot was blocked by the user"
	Deactivated = "Forbidden: user is deactivated"
	Kicked      = "Forbidden: bot was kicked from the supergroup chat"
	NotMember   = "Forbidden: bot is not a member of the supergroup chat"
	NotFound    = "Bad Request: chat not found"
)

// Refuse answers with an error of the Bot API.
func Refuse(code int, description string) Effect {
	return func(context.Context, func() Answer) Answer {
		return (&apiError{code: code, description: description}).answer()
	}
}

// Flood answers 429: too many requests, retry after some seconds.
func Flood(seconds int) Effect {
	return func(context.Context, func() Answer) Answer { return flood(seconds).answer() }
}

func flood(seconds int) *apiError {
	return &apiError{
		code:        http.StatusTooManyRequests,
		description: "Too Many Requests: retry after " + strconv.Itoa(seconds),
		parameters:  object{"retry_after": seconds},
	}
}

// BadGateway answers with the page of a gateway, which is not JSON.
func BadGateway() Effect {
	const page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
	return func(context.Context, func() Answer) Answer {
		return Answer{Status: http.StatusBadGateway, Type: "text/html", Body: []byte(page)}
	}
}

// InternalError answers 500.
func InternalError() Effect { return Refuse(http.StatusInternalServerError, "Internal Server Error") }

// Reset breaks the connection before the request is handled.
func Reset() Effect {
	return func(context.Context, func() Answer) Answer { return Answer{Reset: true} }
}

// ResetAfter handles the request and then breaks the connection: a message is
// delivered, but the bot sees an error.
func ResetAfter() Effect {
	return func(_ context.Context, next func() Answer) Answer {
		next()
		return Answer{Reset: true}
	}
}

// Hang never answers, nor handles the request.
func Hang() Effect {
	return func(ctx context.Context, _ func() Answer) Answer {
		<-ctx.Done()
		return Answer{Reset: true}
	}
}

// HangAfter handles the request and never answers.
func HangAfter() Effect {
	return func(ctx context.Context, next func() Answer) Answer {
		next()
		<-ctx.Done()
		return Answer{Reset: true}
	}
}

// Slow takes its time before it handles the request. If the client goes meanwhile,
// the request is not handled.
func Slow(d time.Duration) Effect {
	return func(ctx context.Context, next func() Answer) Answer {
		if !sleep(ctx, d) {
			return Answer{Reset: true}
		}
		return next()
	}
}

// SlowAfter handles the request at once and answers late.
func SlowAfter(d time.Duration) Effect {
	return func(ctx context.Context, next func() Answer) Answer {
		answer := next()
		if !sleep(ctx, d) {
			return Answer{Reset: true}
		}
		return answer
	}
}

// Cut handles the request and breaks the connection in the middle of the answer.
func Cut() Effect {
	return func(_ context.Context, next func() Answer) Answer {
		answer := next()
		answer.Cut = true
		return answer
	}
}

// Truncated handles the request and answers with the first half of the JSON, as
// if that were all.
func Truncated() Effect {
	return func(_ context.Context, next func() Answer) Answer {
		answer := next()
		answer.Body = answer.Body[:len(answer.Body)/2]
		return answer
	}
}

// Huge handles the request and blows up the answer to some bytes of JSON.
func Huge(size int) Effect {
	return func(_ context.Context, next func() Answer) Answer {
		answer := next()
		answer.Body = append(bytes.Repeat([]byte(" "), max(0, size-len(answer.Body))), answer.Body...)
		return answer
	}
}

// Fault is an effect on some requests.
type Fault struct {
	Method string // "" is any
	Chat   int64  // 0 is any
	Skip   int    // how many requests go well first
	Times  int    // how many then do not; 0 is one, less than 0 all
	Effect Effect
}

// scripted is a fault and how often it has met a request that fits.
type scripted struct {
	Fault
	seen int
}

// Script has faults befall the requests that fit. The first that fits counts.
func (s *Server) Script(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		if f.Times == 0 {
			f.Times = 1
		}
		s.faults = append(s.faults, &scripted{Fault: f})
	}
}

// ClearFaults ends all faults of [Server.Script] and [Server.OnRequest].
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.onRequest = nil, nil
}

// OnRequest asks f about each request that no fault of [Server.Script] befalls.
// A nil effect lets it pass.
func (s *Server) OnRequest(f func(Request) Effect) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onRequest = f
}

// effect finds the fault for a request; s.mu is held.
func (s *Server) effect(r *Request) Effect {
	for _, f := range s.faults {
		if f.Method != "" && !strings.EqualFold(f.Method, r.Method) {
			continue
		}
		if f.Chat != 0 && f.Chat != r.Int("chat_id") {
			continue
		}
		f.seen++
		if f.seen > f.Skip && (f.Times < 0 || f.seen <= f.Skip+f.Times) {
			return f.Effect
		}
	}
	return nil
}
