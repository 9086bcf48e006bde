package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// The addresses that Slack calls.
const (
	pathCommands     = "/slack/commands"
	pathEvents       = "/slack/events"
	pathInteractions = "/slack/interactions"
)

// Register mounts what Slack and browsers call: commands, events and interactions
// unless they come through sockets, and the pages of an installation where there may
// be many workspaces.
func (s *Slack) Register(mux *http.ServeMux) {
	for pattern, h := range s.Routes() {
		mux.Handle(pattern, h)
	}
}

// Routes returns the handlers by the patterns of [http.ServeMux].
func (s *Slack) Routes() map[string]http.Handler {
	routes := make(map[string]http.Handler)
	if s.config.AppToken == "" {
		routes["POST "+pathCommands] = s.signed(command)
		routes["POST "+pathEvents] = s.signed(event)
		routes["POST "+pathInteractions] = s.signed(interaction)
	}
	if s.install != nil {
		routes["GET "+pathInstall] = http.HandlerFunc(s.install.begin)
		routes["GET "+pathCallback] = http.HandlerFunc(s.install.finish)
	}
	return routes
}

// refusalEvery is how often a line says that a request was refused for the same reason,
// and how many there have been: anybody can make thousands of them.
const refusalEvery = time.Second

// signed serves one of the three addresses.
func (s *Slack) signed(f form) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := s.verifier.body(r, s.now())
		switch {
		case err == nil:
			s.serve(w, r, f, raw)
		case f == command && isCertificateCheck(raw):
			// Slack looks whether the certificate is good, and wants nothing else.
		case errors.Is(err, errTooLarge):
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		default:
			s.stats.Refused.Add(1)
			if s.pace.reserveFree("refused: "+err.Error(), refusalEvery, s.now()) == 0 {
				s.log.Warn("a request was refused", slog.String("path", r.URL.Path), slog.Any("reason", err), slog.Int64("refused", s.stats.Refused.Load()))
			}
			http.Error(w, "unauthorized", http.StatusUnauthorized)
		}
	})
}

// serve answers a request whose signature is right.
func (s *Slack) serve(w http.ResponseWriter, r *http.Request, f form, raw []byte) {
	switch {
	case f == command && isCertificateCheck(raw):
		return
	case f == event:
		if challenge := challengeIn(raw); challenge != "" {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("X-Content-Type-Options", "nosniff")
			w.Write([]byte(challenge)) //nolint:errcheck // Slack is gone
			return
		}
	case f == interaction:
		fields, err := url.ParseQuery(string(raw))
		if err != nil || fields.Get("payload") == "" {
			http.Error(w, "the field payload is missing", http.StatusBadRequest)
			return
		}
		raw = []byte(fields.Get("payload"))
	}
	err := s.receive(r.Context(), f, raw, func(body []byte) { acknowledgeHTTP(w, body) })
	if err != nil {
		s.log.Error("a request was not taken in", slog.String("path", r.URL.Path), slog.Any("error", err))
		http.Error(w, "try again", http.StatusServiceUnavailable)
	}
}

// isJSON is made once for all answers.
var isJSON = []string{"application/json; charset=utf-8"}

// acknowledgeHTTP answers a request at once, though its handler may go on: an answer
// whose length is known is complete when it is flushed.
func acknowledgeHTTP(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if body != nil {
		w.Header()["Content-Type"] = isJSON
	}
	w.WriteHeader(http.StatusOK)
	w.Write(body)                         //nolint:errcheck // Slack is gone
	http.NewResponseController(w).Flush() //nolint:errcheck // Slack is gone
}

// isCertificateCheck reports whether Slack only looks at the certificate
// (docs.slack.dev/interactivity/implementing-slash-commands#ssl).
func isCertificateCheck(raw []byte) bool {
	if !bytes.Contains(raw, []byte("ssl_check=1")) {
		return false
	}
	fields, err := url.ParseQuery(string(raw))
	return err == nil && fields.Get("ssl_check") == "1" && fields.Get("command") == ""
}

// challengeIn returns what Slack wants to hear when an address is entered for events.
func challengeIn(raw []byte) string {
	if !bytes.Contains(raw, []byte("url_verification")) {
		return ""
	}
	var o outer
	if json.Unmarshal(raw, &o) != nil || o.Type != "url_verification" {
		return ""
	}
	return o.Challenge
}
