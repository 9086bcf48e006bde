package slacktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object.
type object = map[string]any

// failure is an error of the Web API: {"ok":false,"error":code} and more fields.
type failure struct {
	code string
	more object
}

func (f *failure) Error() string { return f.code }

func fail(code string) error { return &failure{code: code} }

// Request is one call of the Web API, or of a response URL (Method "response_url").
type Request struct {
	Method string
	// Args are the arguments; what JSON does not give as a string is JSON.
	Args url.Values
	// Token is that of the header or of the form.
	Token string
	// InHeader is true if it stood in the header.
	InHeader bool
	At       time.Time
	// Status is that of the answer, Error the code of an ok:false. What a fault did
	// with the answer on its way is not in them.
	Status int
	Error  string
}

// call is a request that is being answered.
type call struct {
	Request
	token *token
	w     *Workspace
	basic [2]string // client ID and secret of the header
}

func (c *call) arg(name string) string { return c.Args.Get(name) }

func (c *call) flag(name string) bool {
	on, err := strconv.ParseBool(c.arg(name))
	return err == nil && on
}

// number returns a numeric argument, or what stands in for it.
func (c *call) number(name string, missing int) int {
	n, err := strconv.Atoi(c.arg(name))
	if err != nil {
		return missing
	}
	return n
}

// read takes the arguments out of a form, a query or a JSON body.
func read(r *http.Request) (*call, error) {
	c := &call{Request: Request{Args: r.URL.Query()}}
	c.Args.Del("token") // Slack takes none from a query
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		c.Token, c.InHeader = bearer, true
	}
	c.basic[0], c.basic[1], _ = r.BasicAuth()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	switch kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind {
	case "application/json":
		err = c.readJSON(body)
	case "multipart/form-data":
		err = c.readMultipart(body, params["boundary"])
	default:
		err = c.readForm(body)
	}
	if c.Token == "" {
		c.Token = c.arg("token")
	}
	c.Args.Del("token")
	return c, err
}

func (c *call) readForm(body []byte) error {
	form, err := url.ParseQuery(string(body))
	maps.Copy(c.Args, form)
	if err != nil {
		return fail("invalid_form_data")
	}
	return nil
}

func (c *call) readMultipart(body []byte, boundary string) error {
	r := &http.Request{Method: http.MethodPost, Body: io.NopCloser(bytes.NewReader(body)), Header: http.Header{
		"Content-Type": {mime.FormatMediaType("multipart/form-data", map[string]string{"boundary": boundary})},
	}}
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		return fail("invalid_form_data")
	}
	maps.Copy(c.Args, r.PostForm)
	return nil
}

func (c *call) readJSON(body []byte) error {
	if len(body) == 0 {
		return nil // a method without arguments
	}
	var args map[string]json.RawMessage
	if err := json.Unmarshal(body, &args); err != nil {
		return fail("invalid_json")
	}
	for name, raw := range args {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			text = string(raw)
		}
		if text != "null" {
			c.Args.Set(name, text)
		}
	}
	return nil
}

// serveMethod answers a call of the Web API.
func (s *Slack) serveMethod(w http.ResponseWriter, r *http.Request) {
	c, err := read(r)
	if c == nil {
		return // the client hung up
	}
	c.Method, c.At = r.PathValue("method"), s.cfg.Now()
	if c.Method == "auth.test" || c.Method == "chat.postMessage" {
		w.Header().Set("X-Accepted-Oauth-Scopes", methods[c.Method].scope)
	}
	s.broken(c.Request, w, r, func(w http.ResponseWriter, _ *http.Request) {
		s.locked(func() { s.answer(w, c, err) })
	})
}

// answer does what a call asks for and writes the answer down.
func (s *Slack) answer(w http.ResponseWriter, c *call, err error) {
	var result object
	m, known := methods[c.Method]
	switch {
	case err != nil:
	case !known:
		err = fail("unknown_method")
	default:
		if err = s.authorize(c, m); err == nil {
			if wait := s.limited(c, m); wait > 0 {
				c.Status, c.Error = http.StatusTooManyRequests, "ratelimited"
				s.requests = append(s.requests, c.Request)
				tooMany(w, wait)
				return
			}
			result, err = m.serve(s, c)
		}
	}
	if c.token != nil {
		w.Header().Set("X-Oauth-Scopes", strings.Join(c.token.scopes, ","))
	}
	c.Status, c.Error = http.StatusOK, codeOf(err)
	s.requests = append(s.requests, c.Request)
	writeResult(w, result, err)
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// writeResult writes what Slack writes, which is a 200 whatever happened.
func writeResult(w http.ResponseWriter, result object, err error) {
	if result == nil {
		result = object{}
	}
	result["ok"] = err == nil
	if err != nil {
		result["error"] = err.Error()
		if f, ok := errors.AsType[*failure](err); ok {
			maps.Copy(result, f.more)
		}
	}
	writeJSON(w, http.StatusOK, result)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(encode(v)) // a client that hung up is none of Slack's business
}

// encode writes JSON as Slack does: <, > and & stay what they are.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("slacktest: " + err.Error()) // all that it is given can be encoded
	}
	return bytes.TrimSpace(b.Bytes())
}

// Requests returns the calls of some methods, or of all, in order.
func (s *Slack) Requests(methods ...string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if len(methods) == 0 || slices.Contains(methods, r.Method) {
			out = append(out, r)
		}
	}
	return out
}
