package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object on its way to the bot.
type object = map[string]any

// Request is a request of the bot and what it got.
type Request struct {
	Method   string            // as the Bot API spells it
	Params   map[string]string // strings as they are, everything else as JSON
	At       time.Time
	Answered time.Time // zero while it is not answered
	Status   int       // 0 if the connection broke
	Response string
	Pushed   bool // it came in the reply to a webhook
}

// Int returns a parameter as a number, 0 if it is none.
func (r Request) Int(name string) int64 {
	n, err := strconv.ParseInt(r.Params[name], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// OK reports whether the request succeeded.
func (r Request) OK() bool { return r.Status == http.StatusOK }

func (r Request) is(methods []string) bool {
	return len(methods) == 0 || slices.ContainsFunc(methods, func(m string) bool { return strings.EqualFold(m, r.Method) })
}

// Answer is what goes back to the bot.
type Answer struct {
	Status int
	Type   string // the Content-Type, JSON if empty
	Body   []byte
	Cut    bool // half of the body, then the connection breaks
	Reset  bool // no answer: the connection breaks
}

// apiError is a refusal of the Bot API.
type apiError struct {
	code        int
	description string
	parameters  object
}

func (e *apiError) Error() string { return e.description }

// badRequest is the most common refusal.
func badRequest(format string, args ...any) error {
	return &apiError{code: http.StatusBadRequest, description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(text string) error {
	return &apiError{code: http.StatusForbidden, description: "Forbidden: " + text}
}

func (e *apiError) answer() Answer {
	body := object{"ok": false, "error_code": e.code, "description": e.description}
	if e.parameters != nil {
		body["parameters"] = e.parameters
	}
	return jsonAnswer(e.code, body)
}

func jsonAnswer(status int, body any) Answer {
	data, err := json.Marshal(body)
	if err != nil {
		return Answer{Status: http.StatusInternalServerError, Body: []byte(err.Error())}
	}
	return Answer{Status: status, Body: data}
}

// ServeHTTP answers one request of a bot.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	method, err := s.route(r.URL.Path)
	if err != nil {
		write(w, asAnswer(nil, err))
		return
	}
	params, err := readParams(r)
	if err != nil {
		write(w, asAnswer(nil, badRequest("%v", err)))
		return
	}
	write(w, s.handle(ctx, method, params, false))
}

// route takes the method out of a path /bot<token>/<method>.
func (s *Server) route(path string) (string, error) {
	rest, ok := strings.CutPrefix(path, "/bot")
	token, method, found := strings.Cut(rest, "/")
	switch {
	case !ok || !found:
		return "", &apiError{code: http.StatusNotFound, description: "Not Found"}
	case token != s.token:
		return "", &apiError{code: http.StatusUnauthorized, description: "Unauthorized"}
	}
	name, known := methodNames[strings.ToLower(method)]
	if !known {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.violate(method, "no such method")
		return "", &apiError{code: http.StatusNotFound, description: "Not Found: method not found"}
	}
	return name, nil
}

// handle records, checks and answers a request, by way of limits and faults.
func (s *Server) handle(ctx context.Context, method string, params params, pushed bool) Answer {
	s.mu.Lock()
	record := &Request{Method: method, Params: params.texts(), At: time.Now(), Pushed: pushed}
	s.requests = append(s.requests, record)
	s.received[method]++
	if s.check {
		for _, what := range api.check(method, params) {
			s.violate(method, what)
		}
	}
	effect := s.effect(record)
	hook := s.onRequest
	s.notify()
	s.mu.Unlock()

	if effect == nil && hook != nil {
		effect = hook(*record)
	}
	next := func() Answer { return s.perform(ctx, method, params) }
	var answer Answer
	if effect == nil {
		answer = next()
	} else {
		answer = effect(ctx, next)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	record.Answered = time.Now()
	s.answered[method]++
	if !answer.Reset {
		record.Status, record.Response = answer.Status, string(answer.Body)
	}
	s.notify()
	return answer
}

// call is a request that a method answers.
type call struct {
	*Server
	ctx context.Context
	params
	method string
}

// perform runs the method.
func (s *Server) perform(ctx context.Context, method string, params params) Answer {
	c := &call{Server: s, ctx: ctx, params: params, method: method}
	if method == "getUpdates" {
		return asAnswer(s.getUpdates(c))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	run, ok := s.methods[method]
	if !ok {
		s.tb.Errorf("telegramtest: the fake does not implement %s", method)
		return asAnswer(nil, badRequest("the fake does not implement %s", method))
	}
	if err := s.limit(c); err != nil {
		return asAnswer(nil, err)
	}
	defer s.notify()
	return asAnswer(run(c))
}

func asAnswer(result any, err error) Answer {
	if err == nil {
		return jsonAnswer(http.StatusOK, object{"ok": true, "result": result})
	}
	if refusal, ok := errors.AsType[*apiError](err); ok {
		return refusal.answer()
	}
	return Answer{Reset: true} // the client has gone
}

// write sends an answer, or breaks the connection.
func write(w http.ResponseWriter, a Answer) {
	if a.Reset {
		reset(w)
	}
	kind := a.Type
	if kind == "" {
		kind = "application/json"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.Status)
	body := a.Body
	if a.Cut {
		body = body[:len(body)/2]
	}
	_, err := w.Write(body)
	if err == nil && a.Cut {
		err = errors.Join(http.NewResponseController(w).Flush(), errors.New("cut"))
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

// reset breaks a connection as hard as it can.
func reset(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // best effort: without it the peer sees an end of file
			}
			_ = conn.Close() // it is broken on purpose
		}
	}
	panic(http.ErrAbortHandler)
}
