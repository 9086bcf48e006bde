package slacktest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"time"
)

// Fault answers a request in place of Slack. Serve is what Slack would have done; a
// fault that calls it breaks after the fact, one that does not before it. Any
// function of this form will do.
type Fault func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc)

// script says which requests a fault meets.
type script struct {
	method string
	left   int // negative: always
	when   func(Request) bool
	fault  Fault
}

// ResponseURL is the method of requests to a response URL.
const ResponseURL = "response_url"

// Break lets the next call of a method run into a fault. Faults of one method follow
// one another; the method "" is any. A response URL is the method [ResponseURL].
func (s *Slack) Break(method string, f Fault) { s.BreakTimes(method, 1, f) }

// BreakTimes is Break for several calls, or for all from now on if times is
// negative.
func (s *Slack) BreakTimes(method string, times int, f Fault) {
	s.locked(func() { s.scripts = append(s.scripts, &script{method: method, left: times, fault: f}) })
}

// BreakIf lets every call that when picks run into a fault.
func (s *Slack) BreakIf(method string, when func(Request) bool, f Fault) {
	s.locked(func() { s.scripts = append(s.scripts, &script{method: method, left: -1, when: when, fault: f}) })
}

// Mend takes all faults away.
func (s *Slack) Mend() { s.locked(func() { s.scripts = nil }) }

// broken serves a request by the next fault that is meant for it, if any.
func (s *Slack) broken(c Request, w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	if f := s.nextFault(c); f != nil {
		f(w, r, serve)
		return
	}
	serve(w, r)
}

func (s *Slack) nextFault(c Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, sc := range s.scripts {
		if (sc.method != "" && sc.method != c.Method) || (sc.when != nil && !sc.when(c)) {
			continue
		}
		if sc.left--; sc.left == 0 {
			s.scripts = slices.Delete(s.scripts, i, i+1)
		}
		return sc.fault
	}
	return nil
}

// LostBefore loses the connection before Slack did anything.
func LostBefore(http.ResponseWriter, *http.Request, http.HandlerFunc) { panic(http.ErrAbortHandler) }

// LostAfter loses the connection when Slack has done all of it: the message stands,
// and the app does not know.
func LostAfter(_ http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	serve(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// HangBefore never answers and does nothing; it ends when the client gives up.
func HangBefore(_ http.ResponseWriter, r *http.Request, _ http.HandlerFunc) { <-r.Context().Done() }

// HangAfter does all of it and never answers.
func HangAfter(_ http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	serve(httptest.NewRecorder(), r)
	<-r.Context().Done()
}

// HalfOpen does all of it and sends half of the answer, no more and no end.
func HalfOpen(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	writeHalf(w, r, serve)
	_ = http.NewResponseController(w).Flush() // it is about to break anyway
	<-r.Context().Done()
	panic(http.ErrAbortHandler)
}

// CutOff does all of it, sends half of the answer and loses the connection.
func CutOff(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	writeHalf(w, r, serve)
	_ = http.NewResponseController(w).Flush() // it is about to break anyway
	panic(http.ErrAbortHandler)
}

// writeHalf announces the whole answer and writes half of it.
func writeHalf(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	rec := httptest.NewRecorder()
	serve(rec, r)
	w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
	w.Header().Set("Content-Length", strconv.Itoa(rec.Body.Len()))
	_, _ = w.Write(rec.Body.Bytes()[:rec.Body.Len()/2]) // it is about to break anyway
}

// Truncated does all of it and answers with JSON that ends too early, as if that
// were all.
func Truncated(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
	rec := httptest.NewRecorder()
	serve(rec, r)
	write(w, http.StatusOK, "application/json; charset=utf-8", rec.Body.String()[:rec.Body.Len()/2])
}

// HTML answers 200 with a page, as a proxy in between does, and does nothing.
func HTML(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
	write(w, http.StatusOK, "text/html; charset=utf-8", "<!DOCTYPE html><title>Slack</title><p>Server Error")
}

// StatusBefore answers with a status of 500 or more and does nothing.
func StatusBefore(status int) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		write(w, status, "text/html", http.StatusText(status))
	}
}

// StatusAfter does all of it and answers with a status of 500 or more.
func StatusAfter(status int) Fault {
	return func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
		serve(httptest.NewRecorder(), r)
		write(w, status, "text/html", http.StatusText(status))
	}
}

// Busy answers 429 with a Retry-After, or without one if it is zero.
func Busy(wait time.Duration) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) {
		if wait > 0 {
			tooMany(w, wait)
			return
		}
		writeJSON(w, http.StatusTooManyRequests, object{"ok": false, "error": "ratelimited"})
	}
}

// Slow does all of it at once and answers later.
func Slow(by time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
		rec := httptest.NewRecorder()
		serve(rec, r)
		t := time.NewTimer(by)
		defer t.Stop()
		select {
		case <-t.C:
			write(w, rec.Code, rec.Header().Get("Content-Type"), rec.Body.String())
		case <-r.Context().Done():
		}
	}
}

// Refuse answers with an error code of the Web API and does nothing.
func Refuse(code string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.HandlerFunc) { writeResult(w, nil, fail(code)) }
}

// RefuseAfter does all of it and answers with an error code nevertheless, as
// "internal_error", "fatal_error" and "request_timeout" may.
func RefuseAfter(code string) Fault {
	return func(w http.ResponseWriter, r *http.Request, serve http.HandlerFunc) {
		serve(httptest.NewRecorder(), r)
		writeResult(w, nil, fail(code))
	}
}

func write(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // a client that hung up is none of Slack's business
}
