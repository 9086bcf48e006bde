package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	// baseURL is where Telegram's own servers are.
	baseURL = "https://api.telegram.org"
	// callTimeout bounds a call whose context has no deadline of its own.
	callTimeout = 30 * time.Second
	// maxBody bounds a response in bytes; a hundred updates are far below.
	maxBody = 16 << 20
)

// client calls methods of the Bot API. The library makes the request and reads the
// answer; what it lacks is here: a context, time-outs, a bound on the response, and
// errors that never hold the token.
type client struct {
	api    *tgbotapi.BotAPI // a pointer, so that no %+v of a client prints its token
	secret *strings.Replacer
}

// newClient returns a client for the API at a base address, Telegram's if empty. It
// asks the server nothing. A nil inner is a client with time-outs, as [newHTTP]
// makes it.
func newClient(base, token string, inner tgbotapi.HTTPClient) (*client, error) {
	if !regexp.MustCompile(tokenForm).MatchString(token) {
		return nil, errors.New("telegram: the token is not of the form that @BotFather gives: digits, a colon, then letters, digits, - and _")
	}
	if base == "" {
		base = baseURL
	}
	if u, err := url.Parse(base); err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return nil, fmt.Errorf("telegram: the base address of the API is %q, expected one like %s", base, baseURL)
	}
	if inner == nil {
		inner = newHTTP()
	}
	api := &tgbotapi.BotAPI{Token: token, Client: inner} // NewBotAPIWithClient would call getMe
	api.SetAPIEndpoint(strings.ReplaceAll(strings.TrimRight(base, "/"), "%", "%%") + "/bot%s/%s")
	return &client{api: api, secret: redaction(token)}, nil
}

// tokenForm is compiled with a client, not at the start of every command.
const tokenForm = `^[0-9]+:[A-Za-z0-9_-]+$`

// direct makes requests without what an [http.Client] does around them: no cookies,
// and no redirects, which would carry the token elsewhere.
type direct struct{ *http.Transport }

// Do implements [tgbotapi.HTTPClient].
func (d direct) Do(r *http.Request) (*http.Response, error) { return d.RoundTrip(r) }

// newHTTP returns an HTTP client for many calls at once to one server.
func newHTTP() direct { return direct{newTransport()} }

// watched is direct, with something around its transport.
type watched struct {
	direct

	around http.RoundTripper
}

// Do implements [tgbotapi.HTTPClient].
func (w watched) Do(r *http.Request) (*http.Response, error) { return w.around.RoundTrip(r) }

// wrapped is newHTTP with something around it.
func wrapped(around func(http.RoundTripper) http.RoundTripper) tgbotapi.HTTPClient {
	d := newHTTP()
	return watched{d, around(d.Transport)}
}

// newTransport makes the connections. How long an answer may take is the caller's to
// say; [client.done] always does.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		IdleConnTimeout:     90 * time.Second,
		MaxIdleConns:        128,
		MaxIdleConnsPerHost: 128,  // the usual 2 opens a connection for nearly every call
		DisableCompression:  true, // answers are short
		ForceAttemptHTTP2:   true,
		// All calls share one connection then, which may be dead without a word.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	}
}

// call calls a method and decodes its result, unless result is nil. Its error is an
// [apiError] if the server answered, else a [callError].
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	body, err := c.done(ctx, method, params, nil)
	if err != nil || result == nil {
		return err
	}
	return c.read(method, body, result)
}

// done calls a method and returns what the server says when it has done it: an object
// that begins with [okPrefix]. The parameters are params and those of a form that was
// written before. Its error is that of call.
func (c *client) done(ctx context.Context, method string, params tgbotapi.Params, form []byte) (body []byte, err error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTimeout)
		defer cancel()
	}
	once := &ctxClient{ctx: ctx, inner: c.api.Client, method: method, form: appendForm(form, params)}
	api := *c.api // a copy for the context of this call
	api.Client = once
	if _, err = api.MakeRequest(method, nil); err != nil {
		return nil, c.failed(method, err, once.unsent())
	}
	return once.body, nil
}

// read decodes the result in what done has returned.
func (c *client) read(method string, body []byte, result any) error {
	answer := struct {
		Result any `json:"result"`
	}{result}
	if err := json.Unmarshal(body, &answer); err != nil {
		return c.failed(method, fmt.Errorf("%w: %w", errResult, err), false)
	}
	return nil
}

// errResult says that the server has done what it was asked to, and then told of it in
// another way than expected.
var errResult = errors.New("the result is not as expected")

// setJSON adds a value as JSON, unless that is null: v5's AddInterface sends the
// literal null for a nil slice.
func setJSON(params tgbotapi.Params, key string, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("telegram: parameter %s: %w", key, err)
	}
	if string(b) != "null" {
		params[key] = string(b)
	}
	return nil
}

// okPrefix begins what the server says when it has done what it was asked to
// (json_query_success of tdlib/telegram-bot-api). Whoever writes that otherwise is
// understood all the same, a little later.
const okPrefix = `{"ok":true,`

// ctxClient makes one request under a context, and answers for what is not JSON.
type ctxClient struct {
	ctx    context.Context // the library knows none; this lives for one call
	inner  tgbotapi.HTTPClient
	method string
	form   []byte // the parameters
	// asked and got say whether a connection was asked for, and given.
	asked, got atomic.Bool
	body       []byte // of the answer
}

// unsent reports whether no connection was had, and nothing can have been sent.
func (c *ctxClient) unsent() bool { return c.asked.Load() && !c.got.Load() }

// Do implements [tgbotapi.HTTPClient]. It fills in the form, and of a good answer the
// library sees that it is good, and no more: it would read all of it three times over,
// where the caller mostly wants one number.
func (c *ctxClient) Do(req *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { c.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { c.got.Store(true) },
	}
	req = req.WithContext(httptrace.WithClientTrace(c.ctx, trace))
	if len(c.form) > 0 {
		req.ContentLength = int64(len(c.form))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(c.form)), nil }
		req.Body, _ = req.GetBody()
	}
	resp, err := c.inner.Do(req)
	if err != nil {
		return nil, err
	}
	c.body, err = readBody(resp)
	err = errors.Join(err, resp.Body.Close())
	switch {
	case len(c.body) > 0 && c.body[0] != '{':
		return nil, notJSON(c.method, resp)
	case err != nil:
		return nil, err
	case bytes.HasPrefix(c.body, []byte(okPrefix)):
		resp.Body = io.NopCloser(strings.NewReader(`{"ok":true}`))
	default:
		resp.Body = io.NopCloser(bytes.NewReader(c.body))
	}
	return resp, nil
}

// readBody reads a response, of which no more than maxBody bytes.
func readBody(resp *http.Response) ([]byte, error) {
	n := resp.ContentLength
	if n <= 0 || n > maxBody { // it is not said, or cannot be true
		return io.ReadAll(io.LimitReader(resp.Body, maxBody))
	}
	body := make([]byte, n)
	read, err := io.ReadFull(resp.Body, body)
	return body[:read], err
}

// notJSON is the error for a page of a gateway, or of anything else that is not the
// API.
func notJSON(method string, resp *http.Response) error {
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return &apiError{
		Method: method, Code: resp.StatusCode, NotAPI: true, RetryAfter: retryAfter(seconds),
		Description: http.StatusText(resp.StatusCode) + ", and no JSON",
	}
}
