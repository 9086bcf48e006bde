package slack

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot"
)

// failures are what Slack's errors mean for something that was to be sent
// (docs.slack.dev/reference/methods/chat.postMessage#errors). Those that are not
// listed are our mistakes.
var failures = map[string]bot.Failure{
	"account_inactive":        bot.Gone,
	"app_uninstalled":         bot.Gone,
	"cannot_dm_bot":           bot.Gone,
	"channel_not_found":       bot.Gone,
	"expired_url":             bot.Gone,
	"is_archived":             bot.Gone,
	"is_inactive":             bot.Gone,
	"messages_tab_disabled":   bot.Gone,
	"not_in_channel":          bot.Gone,
	"restricted_action":       bot.Gone,
	"team_access_not_granted": bot.Gone,
	"team_not_found":          bot.Gone,
	"token_revoked":           bot.Gone,
	"used_url":                bot.Gone,
	"user_disabled":           bot.Gone,
	"user_not_found":          bot.Gone,
	"user_not_in_channel":     bot.Gone,

	"accesslimited":      bot.NotSent,
	"invalid_auth":       bot.NotSent, // the token: an operator will see to it
	"not_authed":         bot.NotSent,
	"org_login_required": bot.NotSent,
	"team_added_to_org":  bot.NotSent, // until Slack has moved the workspace
	"token_expired":      bot.NotSent,

	"message_limit_exceeded": bot.Busy,
	"rate_limited":           bot.Busy,
	"ratelimited":            bot.Busy,

	"duplicate_channel_not_found": bot.Uncertain,
	"duplicate_message_not_found": bot.Uncertain,
	"fatal_error":                 bot.Uncertain,
	"internal_error":              bot.Uncertain,
	"request_timeout":             bot.Uncertain,
	"service_unavailable":         bot.Uncertain,
}

// takenBack reports whether an error says that a token was good once and is so no more.
// If it was kept for a workspace, that has removed the app; if it stands in the settings,
// it says nothing of the places that it was for.
func takenBack(err error) bool {
	return slices.Contains([]string{"account_inactive", "token_revoked", "app_uninstalled", "team_access_not_granted"}, wordOf(err))
}

// busyFor is how long to wait where Slack does not say it.
const busyFor = 30 * time.Second

// slackError is an error that Slack names with a word.
type slackError string

func (e slackError) Error() string { return "slack says " + string(e) }

// wordOf returns the word by which Slack names an error, if it is one of Slack's.
func wordOf(err error) string {
	if e, ok := errors.AsType[slackgo.SlackErrorResponse](err); ok {
		return e.Err
	}
	e, _ := errors.AsType[slackError](err)
	return string(e)
}

// sendError says what became of something whose sending failed with err.
func sendError(err error) *bot.SendError {
	if e, ok := errors.AsType[*bot.SendError](err); ok {
		return e
	}
	e := &bot.SendError{Err: withoutURL(err)}
	if limited, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
		e.Failure, e.After = bot.Busy, limited.RetryAfter
		return e
	}
	if status, ok := errors.AsType[slackgo.StatusCodeError](err); ok {
		e.Failure, e.After = statusFailure(status.Code)
		return e
	}
	if word := wordOf(err); word != "" {
		failure, known := failures[word]
		if !known {
			failure = bot.Refused
		}
		if e.Failure = failure; failure == bot.Busy {
			e.After = busyFor
		}
		return e
	}
	if neverLeft(err) {
		e.Failure = bot.NotSent
	}
	return e
}

// statusFailure says what a status means that is not 200: what stands between us and
// Slack may have taken a request along before it failed, or not.
func statusFailure(code int) (bot.Failure, time.Duration) {
	switch {
	case code == http.StatusTooManyRequests:
		return bot.Busy, busyFor
	case code >= http.StatusInternalServerError, code == http.StatusRequestTimeout, code < http.StatusMultipleChoices:
		return bot.Uncertain, 0
	case code == http.StatusNotFound, code == http.StatusGone:
		return bot.Gone, 0
	default:
		return bot.Refused, 0
	}
}

// statusError is sendError for an answer of a response_url.
func statusError(resp *http.Response) *bot.SendError {
	e := &bot.SendError{Err: fmt.Errorf("response_url: %s", resp.Status)}
	e.Failure, e.After = statusFailure(resp.StatusCode)
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds >= 0 {
		e.After = time.Duration(seconds) * time.Second
	}
	return e
}

// neverLeft reports whether a request failed before a byte of it was sent: no
// address, no connection, no handshake.
func neverLeft(err error) bool {
	if e, ok := errors.AsType[*net.OpError](err); ok && (e.Op == "dial" || e.Op == "socks connect" || e.Op == "proxyconnect") {
		return true
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	_, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok
}

// withoutURL takes out of an error the address that was called: a response_url or
// the address of a socket lets whoever reads it speak for the bot.
func withoutURL(err error) error {
	e, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err
	}
	if e.Timeout() && !errors.Is(e.Err, context.Canceled) {
		return fmt.Errorf("%s: %w", e.Op, errTimeout{e.Err})
	}
	return fmt.Errorf("%s: %w", e.Op, e.Err)
}

// errTimeout is a timeout whose words hold no address.
type errTimeout struct{ cause error }

func (errTimeout) Error() string   { return "no answer in time" }
func (e errTimeout) Unwrap() error { return e.cause }

// hopeless returns advice if Slack will refuse a token however often it is tried,
// else nil. The setting that holds it is named.
func hopeless(err error, setting string) error {
	switch word := wordOf(err); word {
	case "invalid_auth", "not_authed":
		return fmt.Errorf("%s is not a token that Slack knows (%s): copy it again from api.slack.com/apps", setting, word)
	case reasonDisabled:
		return errDisabled
	case "account_inactive", "token_revoked", "team_access_not_granted":
		return fmt.Errorf("%s is not valid any more (%s): install the app into the workspace again", setting, word)
	case "not_allowed_token_type":
		return fmt.Errorf("%s holds a token of the wrong kind (%s): the bot's begins with xoxb-, the app's with xapp-", setting, word)
	case "missing_scope", "no_permission":
		return fmt.Errorf("%s has not the scope that it needs (%s): a bot's are in deploy/slack/manifest.yaml, an app-level token needs connections:write", setting, word)
	default:
		return nil
	}
}

// maxAnswer is how many bytes of an answer of Slack's are read.
const maxAnswer = 8 << 20

// capped is a transport whose answers end.
type capped struct{ http.RoundTripper }

func (c capped) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = cappedBody{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	}
	return resp, err
}

type cappedBody struct {
	io.Reader
	io.Closer
}
