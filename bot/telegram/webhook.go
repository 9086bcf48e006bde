package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	// WebhookPath is where updates are posted to.
	WebhookPath = "/telegram/webhook"
	// secretHeader carries the secret that was given to setWebhook
	// (core.telegram.org/bots/api#setwebhook).
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	maxUpdate    = 1 << 20 // bytes; a real one has a few thousand
	// maxOpen is how many updates may be open at once. More are refused, and
	// Telegram brings them again.
	maxOpen = 5000
)

// Webhook takes updates that Telegram posts. It answers 200 once an update is safe
// in the inbox, so that a crash loses none.
func (t *Telegram) Webhook() http.Handler { return http.HandlerFunc(t.serveUpdate) }

func (t *Telegram) serveUpdate(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "updates are posted", http.StatusMethodNotAllowed)
		return
	}
	if !t.secret(r.Header.Get(secretHeader)) {
		t.stats.Forged.Add(1)
		t.log.WarnContext(r.Context(), "an update without the right secret was refused", slog.String("from", r.RemoteAddr))
		http.Error(w, "the secret token is missing or wrong", http.StatusUnauthorized)
		return
	}
	if t.Ready() != nil {
		notNow(w)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil {
		code := http.StatusBadRequest
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			code = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "the update could not be read", code)
		return
	}
	if err := t.receive(r.Context(), body); err != nil {
		t.log.ErrorContext(r.Context(), "an update could not be kept; Telegram will bring it again", slog.Any("error", err))
		notNow(w)
	}
}

// notNow asks Telegram to bring the update again in five seconds.
func notNow(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	http.Error(w, "not now", http.StatusServiceUnavailable)
}

// secret compares in constant time, so that guessing letter by letter teaches
// nothing.
func (t *Telegram) secret(given string) bool {
	want := t.cfg.WebhookSecret
	return want != "" && subtle.ConstantTimeCompare([]byte(given), []byte(want)) == 1
}

// errFull is why an update is refused for now.
var errFull = errors.New("too many updates wait for their answers")

// receive keeps an update and has it answered.
func (t *Telegram) receive(ctx context.Context, raw []byte) error {
	id, ok := updateID(raw)
	if !ok {
		t.poison(ctx, 0, errors.New("no update_id"))
		return nil // it would be the same the next time
	}
	t.heard(t.cfg.Now())
	if t.queue.len() >= maxOpen {
		return errFull
	}
	fresh, err := t.inbox.Keep(ctx, name(id), orderOf(raw), raw, t.cfg.Now())
	switch {
	case err != nil:
		return err
	case !fresh:
		t.stats.Duplicates.Add(1)
		return nil
	}
	t.accept(ctx, id, raw, noProgress, nil)
	return nil
}

// setWebhook tells Telegram where to post. Without a public address that is left to
// whoever runs the bot.
func (t *Telegram) setWebhook(ctx context.Context) error {
	if t.cfg.PublicURL == "" {
		t.log.WarnContext(ctx, "SUHBAT_PUBLIC_URL is not set: setWebhook has to be called by hand, with "+WebhookPath+" and the secret")
		return nil
	}
	params := tgbotapi.Params{
		"url":             t.cfg.PublicURL + WebhookPath,
		"secret_token":    t.cfg.WebhookSecret,
		"allowed_updates": allowedUpdates,
		"max_connections": "40",
	}
	return t.untilHeard(ctx, "setWebhook", params, nil)
}

// untilHeard calls a method until Telegram has taken it, or refuses it for good.
func (t *Telegram) untilHeard(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	retry := backOff{most: 30 * time.Second}
	for {
		err := t.client.call(ctx, method, params, result)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		if errors.Is(err, errResult) {
			return err // it would be the same the next time
		}
		wait := retry.next()
		if api, ok := errors.AsType[*apiError](err); ok {
			if api.Code < http.StatusInternalServerError && api.Code != http.StatusTooManyRequests {
				return err
			}
			wait = max(wait, api.RetryAfter)
		}
		t.log.WarnContext(ctx, "a call was not taken by Telegram", slog.String("method", method), slog.Any("error", err))
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}
