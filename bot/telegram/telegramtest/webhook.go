package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// webhook is where updates are pushed to.
type webhook struct {
	url         string
	secret      string
	connections int
	flying      int
	lastError   string
	failed      time.Time
	cancel      context.CancelFunc
}

// secretToken is what Telegram accepts as a secret.
var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{0,256}$`)

func (c *call) setWebhook() (any, error) {
	address := c.text("url")
	if address == "" {
		return c.deleteWebhook()
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return nil, badRequest("bad webhook: invalid HTTP URL specified")
	case u.Scheme != "https" && !loopback(u.Hostname()):
		return nil, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	case !secretToken.MatchString(c.text("secret_token")):
		return nil, badRequest("secret token contains unallowed characters")
	case time.Since(c.hookSet) < time.Second:
		return nil, flood(1)
	}
	c.hookSet = time.Now()
	if err := c.allow(); err != nil {
		return nil, err
	}
	c.endWebhook()
	c.queue.takeOver()
	if c.flag("drop_pending_updates") {
		c.queue.updates = nil
	}
	ctx, cancel := context.WithCancel(c.Server.ctx)
	c.hook = &webhook{url: address, secret: c.text("secret_token"), connections: int(c.number("max_connections")), cancel: cancel}
	if c.hook.connections < 1 || c.hook.connections > 100 {
		c.hook.connections = 40
	}
	hook := c.hook
	c.work.Go(func() { c.deliver(ctx, hook) })
	return true, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

func (c *call) deleteWebhook() (any, error) {
	c.endWebhook()
	if c.flag("drop_pending_updates") {
		c.queue.updates = nil
	}
	return true, nil
}

func (c *call) endWebhook() {
	if c.hook != nil {
		c.hook.cancel()
		c.hook = nil
	}
	for _, u := range c.queue.updates {
		u.flying = false
	}
}

func (c *call) getWebhookInfo() (any, error) {
	c.queue.expire()
	info := object{"url": "", "has_custom_certificate": false, "pending_update_count": len(c.queue.updates)}
	if len(c.queue.allowed) > 0 {
		info["allowed_updates"] = c.queue.allowed
	}
	if c.hook != nil {
		info["url"], info["max_connections"] = c.hook.url, c.hook.connections
		if c.hook.lastError != "" {
			info["last_error_date"], info["last_error_message"] = c.hook.failed.Unix(), c.hook.lastError
		}
	}
	return info, nil
}

// deliver pushes updates until ctx ends: those of one chat one after the other,
// those of several at the same time.
func (s *Server) deliver(ctx context.Context, hook *webhook) {
	for {
		s.mu.Lock()
		changed := s.changed
		for u := s.ready(hook); u != nil; u = s.ready(hook) {
			u.flying = true
			hook.flying++
			s.work.Go(func() { s.deliverOne(ctx, hook, u) })
		}
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// ready returns an update that may be pushed now, or nil.
func (s *Server) ready(hook *webhook) *update {
	s.queue.expire()
	if s.hook != hook || hook.flying >= hook.connections {
		return nil
	}
	busy := make(map[int64]bool)
	for _, u := range s.queue.updates {
		if !u.flying && !busy[u.order] {
			return u
		}
		busy[u.order] = true
	}
	return nil
}

// deliverOne pushes an update again and again until the bot takes it.
func (s *Server) deliverOne(ctx context.Context, hook *webhook, u *update) {
	for delay := time.Second; ; delay = min(2*delay, time.Minute) {
		wait, err := s.post(ctx, hook, u)
		s.mu.Lock()
		if err == nil || s.hook != hook {
			hook.flying--
			if s.hook == hook {
				s.queue.remove(u)
			}
			s.notify()
			s.mu.Unlock()
			return
		}
		hook.lastError, hook.failed = err.Error(), time.Now()
		s.notify()
		s.mu.Unlock()
		if wait < 0 {
			wait = delay
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

func (q *queue) remove(u *update) {
	for i, other := range q.updates {
		if other == u {
			q.updates = append(q.updates[:i:i], q.updates[i+1:]...)
			return
		}
	}
}

// wrongResponse is how getWebhookInfo speaks of a status that is no success.
const wrongResponse = "Wrong response from the webhook: "

// post pushes an update once. On an error it returns how long the bot wants it to
// wait, -1 if it does not say.
func (s *Server) post(ctx context.Context, hook *webhook, u *update) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	s.mu.Lock()
	body := u.json()
	s.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.url, bytes.NewReader(body))
	if err != nil {
		return -1, err
	}
	r.Header.Set("Content-Type", "application/json")
	if hook.secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", hook.secret)
	}
	resp, err := s.webhooks.Do(r)
	if err != nil {
		return -1, err
	}
	reply, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return -1, err
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return retryAfter(resp), errors.New(wrongResponse + resp.Status)
	}
	s.callBack(ctx, reply)
	return 0, nil
}

func retryAfter(resp *http.Response) time.Duration {
	n, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	switch {
	case err == nil:
		return time.Duration(min(max(0, n), 3600)) * time.Second
	case resp.StatusCode == http.StatusGone:
		return time.Hour
	default:
		return -1
	}
}

// callBack calls the method that the reply to a webhook may hold.
func (s *Server) callBack(ctx context.Context, reply []byte) {
	p := make(params)
	if !json.Valid(reply) || p.readJSON(reply) != nil || !p.has("method") {
		return
	}
	name := strings.ToLower(p.text("method"))
	method, ok := methodNames[name]
	if !ok || strings.HasPrefix(name, "get") || method == "setWebhook" || method == "deleteWebhook" || method == "close" || method == "logOut" {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.violate(p.text("method"), "not a method for the reply to a webhook")
		return
	}
	delete(p, "method")
	s.handle(ctx, method, p, true)
}

// sleep waits, and reports whether ctx lasted.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
