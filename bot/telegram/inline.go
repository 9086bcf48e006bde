package telegram

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
	"suhbat/bot/message"
)

const (
	// maxResults is how many results one answer may hold, and inlineCache how long
	// Telegram may give it to whoever asks the same
	// (core.telegram.org/bots/api#answerinlinequery).
	maxResults  = 50
	inlineCache = 10 * time.Minute
	// maxOpenLabel is a length that fits above the results on a phone.
	maxOpenLabel = 64
	// maxToast is the longest text of an answer to a callback in UTF-16 units.
	maxToast = 200
	// hurry is how long it makes sense to try to answer an inline query or a pressed
	// button, and how long the ones behind it may wait for that.
	hurry = 8 * time.Second
)

// article is an InlineQueryResultArticle
// (core.telegram.org/bots/api#inlinequeryresultarticle).
type article struct {
	Type        string      `json:"type"`
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty"`
	Content     textContent `json:"input_message_content"`
}

// textContent is an InputTextMessageContent
// (core.telegram.org/bots/api#inputtextmessagecontent).
type textContent struct {
	Text     string      `json:"message_text"`
	Entities []entity    `json:"entities,omitempty"`
	Preview  linkPreview `json:"link_preview_options"`
}

// openButton stands above the results and opens the chat with the bot
// (core.telegram.org/bots/api#inlinequeryresultsbutton).
type openButton struct {
	Text  string `json:"text"`
	Start string `json:"start_parameter"`
}

// answerInline answers an inline query. One that is too old is not worth an error:
// Telegram waits for some seconds only, and asks anew with each letter.
func (t *Telegram) answerInline(ctx context.Context, query string, r *bot.Reply) {
	results := make([]article, 0, len(r.Results))
	for _, x := range r.Results[:min(len(r.Results), maxResults)] {
		x.Message.Choices = nil // there is nobody to press them
		parts := t.out.renderer().reply(x.Message, nil, bot.Prompt{})
		if len(parts) != 1 {
			continue // it can only be one message
		}
		results = append(results, article{
			Type: "article", ID: x.ID, Title: message.Clean(x.Title), Description: message.Clean(x.Description),
			Content: textContent{parts[0].text, parts[0].entities, linkPreview{IsDisabled: true}},
		})
	}
	params := tgbotapi.Params{
		"inline_query_id": query,
		"cache_time":      strconv.Itoa(int(inlineCache / time.Second)),
		"is_personal":     strconv.FormatBool(r.Personal),
	}
	err := setJSON(params, "results", results)
	if err == nil && r.Toast != "" {
		err = setJSON(params, "button", openButton{shorten(r.Toast, maxOpenLabel), "inline"})
	}
	if err == nil {
		soon, cancel := context.WithTimeout(ctx, hurry)
		defer cancel()
		err = t.hurried(soon, "answerInlineQuery", params)
	}
	if err != nil && ctx.Err() == nil {
		t.log.InfoContext(ctx, "an inline query was not answered", slog.Any("error", err))
	}
}

// acknowledge stops the waiting that a pressed button shows, once, with a word if
// there is one. It fails for a press of long ago, which nobody waits for any more.
func (t *Telegram) acknowledge(ctx context.Context, q *apiCallback, toast string) {
	if !q.acknowledged.CompareAndSwap(false, true) {
		return
	}
	params := tgbotapi.Params{"callback_query_id": q.ID}
	if toast != "" {
		params["text"] = shorten(message.Clean(toast), maxToast)
	}
	soon, cancel := context.WithTimeout(ctx, hurry)
	defer cancel()
	if err := t.hurried(soon, "answerCallbackQuery", params); err != nil && ctx.Err() == nil {
		t.log.InfoContext(ctx, "the press of a button was not acknowledged", slog.Any("error", err))
	}
}

// hurried calls a method that may as well be called twice, again if the server has not
// refused it, until the time of ctx is over.
func (t *Telegram) hurried(ctx context.Context, method string, params tgbotapi.Params) error {
	for wait := hurry / 20; ; wait *= 2 {
		try, cancel := context.WithTimeout(ctx, hurry/2)
		err := t.client.call(try, method, params, nil)
		cancel()
		if api, ok := errors.AsType[*apiError](err); ok {
			if !api.NotAPI && api.Code < http.StatusInternalServerError && api.Code != http.StatusTooManyRequests {
				return err
			}
			wait = max(wait, api.RetryAfter)
		}
		if err == nil || !sleep(ctx, wait) {
			return err
		}
	}
}
