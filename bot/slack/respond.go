package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"suhbat/bot"
)

// A response_url may be called five times within half an hour
// (docs.slack.dev/interactivity/handling-user-interaction#message_responses).
const (
	urlUses  = 5
	urlLasts = 30 * time.Minute
)

// answerURL is where an interaction may be answered.
type answerURL struct {
	url   string
	left  int
	until time.Time
}

func (u *answerURL) begin(at time.Time) { u.left, u.until = urlUses, at.Add(urlLasts) }

// take uses it once, if it may still be used.
func (u *answerURL) take(now time.Time) bool {
	if u.url == "" || u.left == 0 || !now.Before(u.until) {
		return false
	}
	u.left--
	return true
}

// The values of response_type.
const (
	ephemeral = "ephemeral"
	inChannel = "in_channel"
)

// response is what an acknowledgement or a response_url takes.
type response struct {
	page

	ResponseType    string `json:"response_type,omitempty"`
	ThreadTS        string `json:"thread_ts,omitempty"`
	ReplaceOriginal bool   `json:"replace_original"`
	DeleteOriginal  bool   `json:"delete_original,omitempty"`
}

// reaction is how an interaction is answered: with a message of its own that one
// person sees, unless it says otherwise.
type reaction struct{ public, replace bool }

// respond answers through the response_url, or by posting where that cannot be used.
// It reports whether all of it was sent; why not is in the log.
func (s *Slack) respond(ctx context.Context, a *arrival, all []page, how reaction) bool {
	if a.undone != 0 {
		return false
	}
	for i, p := range all {
		if err := s.respondPart(ctx, a, i, p, how); err != nil {
			s.stats.Lost.Add(1)
			s.failed(a, err)
			return false
		}
	}
	return true
}

// respondPart is respond for one part.
func (s *Slack) respondPart(ctx context.Context, a *arrival, part int, p page, how reaction) error {
	r := response{page: p, ResponseType: ephemeral, ReplaceOriginal: how.replace && part == 0}
	if how.public {
		r.ResponseType = inChannel
	}
	thread := a.in.From.Thread
	if how.public {
		thread = a.inPublic().Thread
	}
	if !r.ReplaceOriginal && thread != onlyUser(a.user) {
		r.ThreadTS = thread
	}
	err := s.callURL(ctx, a, r)
	if !isOver(err) {
		return err
	}
	d := delivery{to: a.in.From, page: p, channel: a.channel, key: partOf(a.in.ID, part), wait: true}
	if how.public {
		d.to = a.inPublic()
	} else {
		d.onlyTo = a.user
	}
	return s.deliverAnswer(ctx, &d)
}

// inPublic is where everybody sees the answer to an arrival. What stands in a thread is
// shared with its channel.
func (a *arrival) inPublic() bot.Address {
	to := a.in.From
	if to.Thread == onlyUser(a.user) || a.press.share && !a.in.Private {
		to.Thread = ""
	}
	return to
}

var errNoURL = errors.New("there is no response_url that may be used")

// isOver reports whether an error means that the response_url cannot be used, or not any
// more: Slack counts what an earlier run has used of it, too.
func isOver(err error) bool {
	failed, ok := errors.AsType[*bot.SendError](err)
	return errors.Is(err, errNoURL) || ok && failed.Failure == bot.Gone
}

// callURL calls the response_url of an arrival, again where it certainly had no
// effect.
func (s *Slack) callURL(ctx context.Context, a *arrival, r response) error {
	if !s.mayCall(a.answer.url) {
		return errNoURL
	}
	body, err := r.encode()
	if err != nil {
		return err
	}
	err = errNoURL
	for wait := time.Second; a.answer.take(s.now()); wait *= 2 {
		err = s.callOnce(ctx, a.answer.url, body)
		var failed *bot.SendError
		if !errors.As(err, &failed) {
			return err // which is nil
		}
		switch {
		case failed.Failure == bot.Busy:
			wait = max(failed.After, time.Second)
		case failed.Failure == bot.Uncertain && r.ResponseType != inChannel:
			// a private answer that comes twice does no harm
		case failed.Failure != bot.NotSent:
			return err
		}
		if wait > maxWait || a.answer.left == 0 || sleep(ctx, wait) != nil {
			return err
		}
	}
	return err
}

func (s *Slack) callOnce(ctx context.Context, to string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return &bot.SendError{Failure: bot.Refused, Err: errNoURL}
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := s.client.Do(req)
	if err != nil {
		return sendError(err)
	}
	defer resp.Body.Close()            //nolint:errcheck // it was read
	said, err := io.ReadAll(resp.Body) // which is capped
	if resp.StatusCode == http.StatusOK && err == nil {
		return refusal(said)
	}
	return statusError(resp)
}

// refusal reads what a response_url says with a status of 200: "ok", or JSON.
func refusal(said []byte) error {
	var answer struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(said, &answer) == nil && answer.OK != nil && !*answer.OK {
		return sendError(slackError(answer.Error))
	}
	return nil
}

// slackHosts are where a response_url may point. Slack signs them with the request,
// yet an address that comes from outside is called with care.
var slackHosts = []string{"hooks.slack.com", "slack.com", "hooks.slack-gov.com", "slack-gov.com"}

// mayCall reports whether an address is Slack's, or that of the API in use.
func (s *Slack) mayCall(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Host == "" {
		return false
	}
	if u.Scheme == "https" && slices.Contains(slackHosts, strings.ToLower(u.Host)) {
		return true
	}
	base, err := url.Parse(s.config.API)
	return err == nil && u.Scheme == base.Scheme && u.Host == base.Host
}
