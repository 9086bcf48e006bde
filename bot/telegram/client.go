package telegram

import (
	"bufio"
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
	// pollTimeout is the longest that the server lets a poll of updates wait: it
	// clamps what is longer (Client.cpp of tdlib/telegram-bot-api).
	pollTimeout = 50 * time.Second
	// peekSize is room for a first look at a response; what is long is read past it.
	peekSize = 512
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
	if !tokenForm.MatchString(token) {
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

var tokenForm = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)

// direct makes requests without what an [http.Client] does around them: no cookies,
// and no redirects, which would carry the token elsewhere.
type direct struct{ *http.Transport }

// Do implements [tgbotapi.HTTPClient].
func (d direct) Do(r *http.Request) (*http.Response, error) { return d.RoundTrip(r) }

// newHTTP returns an HTTP client for many calls at once to one server. A half-open
// connection ends by a time-out of its own.
func newHTTP() tgbotapi.HTTPClient {
	return direct{&http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: pollTimeout + 20*time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConns:          128,
		MaxIdleConnsPerHost:   128, // the usual 2 opens a connection for nearly every call
		ForceAttemptHTTP2:     true,
		// All calls share one connection then, which may be dead without a word.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 10 * time.Second},
	}}
}

// call calls a method and decodes its result, unless result is nil. Its error is an
// [apiError] if the server answered, else a [callError].
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTimeout)
		defer cancel()
	}
	once := &ctxClient{ctx: ctx, inner: c.api.Client, method: method}
	api := *c.api // a copy for the context of this call
	api.Client = once
	resp, err := api.MakeRequest(method, params)
	if err != nil {
		return c.failed(method, err, once.unsent())
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(resp.Result, result); err != nil {
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

// ctxClient makes one request under a context, and answers for what is not JSON.
type ctxClient struct {
	ctx    context.Context // the library knows none; this lives for one call
	inner  tgbotapi.HTTPClient
	method string
	// asked and got say whether a connection was asked for, and given.
	asked, got atomic.Bool
}

// unsent reports whether no connection was had, and nothing can have been sent.
func (c *ctxClient) unsent() bool { return c.asked.Load() && !c.got.Load() }

// Do implements [tgbotapi.HTTPClient].
func (c *ctxClient) Do(req *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { c.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { c.got.Store(true) },
	}
	resp, err := c.inner.Do(req.WithContext(httptrace.WithClientTrace(c.ctx, trace)))
	if err != nil {
		return nil, err
	}
	body := bufio.NewReaderSize(io.LimitReader(resp.Body, maxBody), peekSize)
	if first, err := body.Peek(1); err == nil && first[0] != '{' {
		return nil, errors.Join(notJSON(c.method, resp), resp.Body.Close())
	}
	resp.Body = readCloser{body, resp.Body}
	return resp, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// notJSON is the error for a page of a gateway, or of anything else that is not the
// API.
func notJSON(method string, resp *http.Response) error {
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return &apiError{
		Method: method, Code: resp.StatusCode, NotAPI: true, RetryAfter: time.Duration(max(seconds, 0)) * time.Second,
		Description: http.StatusText(resp.StatusCode) + ", and no JSON",
	}
}
