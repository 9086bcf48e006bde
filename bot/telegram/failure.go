package telegram

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
)

// apiError is what the server answered instead of a result
// (core.telegram.org/bots/api#making-requests).
type apiError struct {
	Method      string
	Code        int
	Description string
	// RetryAfter is how long to send nothing; 0 for no such wish.
	RetryAfter time.Duration
	// MigrateTo is the id of the supergroup that the group has become; 0 for none.
	MigrateTo int64
	// NotAPI is true if it was not the API that answered, but a gateway before it.
	NotAPI bool
}

func (e *apiError) Error() string {
	return fmt.Sprintf("telegram: %s: %d: %s", e.Method, e.Code, e.Description)
}

// says reports whether the description holds one of some texts, in any case.
func (e *apiError) says(texts ...string) bool {
	description := strings.ToLower(e.Description)
	for _, t := range texts {
		if strings.Contains(description, strings.ToLower(t)) {
			return true
		}
	}
	return false
}

// callError is a call without an answer. Its text holds no token, and nothing that
// it unwraps to does.
type callError struct {
	method, text string
	cause        error
	// unsent is true if nothing reached the server.
	unsent bool
}

func (e *callError) Error() string { return "telegram: " + e.method + ": " + e.text }

// Unwrap returns the cause.
func (e *callError) Unwrap() error { return e.cause }

// failed makes an error of ours out of one of the library's or of the network's.
func (c *client) failed(method string, err error, unsent bool) error {
	var theirs *tgbotapi.Error
	var ours *apiError
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &theirs):
		return &apiError{
			Method: method, Code: theirs.Code, Description: c.secret.Replace(theirs.Message),
			RetryAfter: retryAfter(theirs.RetryAfter), MigrateTo: theirs.MigrateToChatID,
		}
	}
	if ue := (*url.Error)(nil); errors.As(err, &ue) {
		err = ue.Err // its own text would be the address, with the token in it
	}
	text := c.secret.Replace(err.Error())
	for err != nil && c.secret.Replace(err.Error()) != err.Error() {
		err = errors.Unwrap(err)
	}
	return &callError{method: method, text: text, cause: err, unsent: unsent}
}

// longestWait bounds what the server may ask for: hours are known, days are not.
const longestWait = 24 * time.Hour

// retryAfter reads for how many seconds to send nothing, whatever the number is.
func retryAfter(seconds int) time.Duration {
	return time.Duration(min(max(seconds, 0), int(longestWait/time.Second))) * time.Second
}

// redaction returns what takes a token out of a text: the whole of it, as it is or
// escaped for an address, and its secret half wherever that stands alone.
func redaction(token string) *strings.Replacer {
	id, secret, _ := strings.Cut(token, ":")
	const hidden = "<token>"
	pairs := make([]string, 0, 10)
	for _, colon := range []string{":", "%3A", "%3a", `\u003a`} {
		pairs = append(pairs, id+colon+secret, hidden)
	}
	return strings.NewReplacer(append(pairs, secret, hidden)...)
}

// gone are descriptions of a place that takes no messages any more and answers 400
// or 403 (Client.cpp of tdlib/telegram-bot-api).
var gone = []string{
	"chat not found", "user not found", "PEER_ID_INVALID", "CHANNEL_PRIVATE", "group chat was deactivated", "the group chat was deleted",
	"user is deactivated", "bot was kicked", "bot is not a member", "have no rights to send a message", "not enough rights to send text messages",
	"CHAT_WRITE_FORBIDDEN", "CHAT_RESTRICTED", "need administrator rights in the channel chat",
}

// failure says what became of something that was sent with this error; nil for nil.
func failure(err error, to bot.Address) *bot.SendError {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*bot.SendError](err); ok {
		return e
	}
	e := &bot.SendError{Failure: bot.Uncertain, Err: err}
	var answer *apiError
	switch {
	case !errors.As(err, &answer):
		if neverSent(err) {
			e.Failure = bot.NotSent
		}
	case answer.MigrateTo != 0:
		e.Failure, e.To = bot.Moved, moved(to, answer.MigrateTo)
	case answer.Code == http.StatusTooManyRequests:
		e.Failure, e.After = bot.Busy, cmp.Or(answer.RetryAfter, time.Second)
	case answer.Code < 400 || answer.Code >= 500 || answer.NotAPI:
		// It may have gone through before something broke.
	case answer.Code == http.StatusUnauthorized, answer.Code == http.StatusNotFound:
		e.Failure = bot.NotSent // the token: an operator will see to it
	case answer.Code == http.StatusForbidden, answer.Code == http.StatusBadRequest && answer.says(gone...):
		e.Failure = bot.Gone
	default:
		e.Failure = bot.Refused
	}
	return e
}

// moved is an address in the supergroup that a group has become.
func moved(from bot.Address, id int64) bot.Address {
	from.Chat, from.Thread = strconv.FormatInt(id, 10), ""
	return from
}

// neverSent reports whether a call failed before anything reached the server.
func neverSent(err error) bool {
	var call *callError
	if errors.As(err, &call) && call.unsent {
		return true
	}
	var op *net.OpError
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	return (errors.As(err, &op) && op.Op == "dial") || errors.As(err, &dns) || errors.As(err, &cert)
}
