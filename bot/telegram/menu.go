package telegram

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
)

// botCommand is a BotCommand (core.telegram.org/bots/api#botcommand).
type botCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// scopes are the BotCommandScopes with menus of their own
// (core.telegram.org/bots/api#botcommandscope).
var scopes = []struct {
	kind string
	in   bot.Scope
}{
	{"all_private_chats", bot.InPrivate},
	{"all_group_chats", bot.InGroups},
	{"all_chat_administrators", bot.ToAdmins},
}

// syncMenus gives Telegram the menus and descriptions in every language, where they
// are not what they should be. It is a courtesy: a failure is logged, and answering
// goes on, as do the menus of other languages.
func (t *Telegram) syncMenus(ctx context.Context) {
	// The menu without a language is for users of any other one.
	menus := []languageMenu{{"", t.core.Menu(t.core.Languages()[0])}}
	for _, tag := range t.core.Languages() {
		base, _ := tag.Base()
		code := base.String()
		if !slices.ContainsFunc(menus, func(m languageMenu) bool { return m.code == code }) {
			menus = append(menus, languageMenu{code, t.core.Menu(tag)})
		}
	}
	for _, m := range menus {
		err := t.syncMenu(ctx, m)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			t.log.WarnContext(ctx, "the menus could not be brought up to date", slog.String("language", m.code), slog.Any("error", err))
		}
	}
}

// languageMenu is a menu for the users of a language, by its ISO 639-1 code, or for
// all others.
type languageMenu struct {
	code string
	bot.Menu
}

// syncMenu does all that can be done for one language: its errors are of the rest.
func (t *Telegram) syncMenu(ctx context.Context, m languageMenu) error {
	var errs []error
	for _, scope := range scopes {
		errs = append(errs, t.syncCommands(ctx, m.code, scope.kind, m.Commands[scope.in]))
	}
	for _, x := range []struct {
		method, get, field, text string
	}{
		{"setMyDescription", "getMyDescription", "description", m.Description},
		{"setMyShortDescription", "getMyShortDescription", "short_description", m.Short},
	} {
		errs = append(errs, t.syncText(ctx, m.code, x.get, x.method, x.field, x.text))
	}
	return errors.Join(errs...)
}

// syncCommands sets the commands of a scope unless they are set already.
func (t *Telegram) syncCommands(ctx context.Context, code, scope string, items []bot.MenuItem) error {
	want := make([]botCommand, 0, len(items))
	for _, c := range items {
		want = append(want, botCommand{c.Command, c.Description})
	}
	params := tgbotapi.Params{"scope": `{"type":"` + scope + `"}`}
	if code != "" {
		params["language_code"] = code
	}
	var have []botCommand
	// What the server cannot say may be anything, and is set.
	if err := t.untilHeard(ctx, "getMyCommands", params, &have); ctx.Err() != nil || err == nil && slices.Equal(have, want) {
		return ctx.Err()
	}
	if err := setJSON(params, "commands", want); err != nil {
		return err
	}
	return t.untilHeard(ctx, "setMyCommands", params, nil)
}

// syncText sets one of the bot's texts unless it is set already. Its name is left to
// whoever made it.
func (t *Telegram) syncText(ctx context.Context, code, get, set, field, text string) error {
	params := make(tgbotapi.Params)
	if code != "" {
		params["language_code"] = code
	}
	var have map[string]string
	if err := t.untilHeard(ctx, get, params, &have); ctx.Err() != nil || err == nil && have[field] == text {
		return ctx.Err()
	}
	params[field] = text
	return t.untilHeard(ctx, set, params, nil)
}
