package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts/fold"
)

// mayConfigure reports whether the user may change the settings of the place.
func (t *turn) mayConfigure(ctx context.Context) (bool, error) {
	if t.in.Private {
		return true, nil
	}
	admins := t.ports.Admins[t.in.From.Network]
	if admins == nil {
		return false, nil
	}
	may, err := admins.MayConfigure(ctx, t.owner, t.in.User)
	if err != nil {
		return false, fmt.Errorf("bot: who may change settings: %w", err)
	}
	return may, nil
}

// refused says that somebody else has to change the settings.
func (t *turn) refused() Reply { return t.notice("not-allowed") }

// notice is a word for the user alone: for a moment where a button was pressed.
func (t *turn) notice(phrase string) Reply { return t.noticeOf(t.pack.Phrase(phrase, nil)) }

func (t *turn) noticeOf(text string) Reply {
	if t.in.Kind == Press {
		return Reply{Outcome: Chat, Toast: text}
	}
	r := t.chat(text)
	r.OnlyAsker = !t.in.Private
	return r
}

// settings shows what is set, with buttons to change it.
func (t *turn) settings(ctx context.Context, _ string) (Reply, error) {
	reminders, err := t.reminderState(ctx)
	if err != nil {
		return Reply{}, err
	}
	r := t.personal(t.chat(t.chosenLanguage(), reminders))
	r.Buttons = [][]Button{t.settingButtons(), {t.runs("privacy"), t.runs("delete")}, t.back("help")}
	return r, nil
}

// settingButtons lead to what can be chosen.
func (t *turn) settingButtons() []Button {
	row := []Button{t.runs("language")}
	if t.ports.Reminders != nil {
		row = append(row, t.runs("subscribe"))
	}
	return row
}

// personal is a reply that is nobody else's business. A button shows it in place.
func (t *turn) personal(r Reply) Reply {
	r.OnlyAsker, r.Edit = !t.in.Private, t.in.Kind == Press
	return r
}

// chosenLanguage says which language was chosen.
func (t *turn) chosenLanguage() string {
	return t.pack.Phrase("setting-language", fill("language", t.tongue(t.preference.Lang)))
}

// tongue is what the speakers of a language call it, or the word for none.
func (t *turn) tongue(code string) string {
	if p := t.set.Pack(code); p != nil {
		return p.Name
	}
	return t.pack.Part("language-auto", nil)
}

// language offers the languages by their own names, or takes the one behind the
// command.
func (t *turn) language(ctx context.Context, arg string) (Reply, error) {
	if strings.EqualFold(arg, automatic) {
		return t.choose(ctx, automatic)
	}
	for _, p := range t.set.Packs {
		if strings.EqualFold(arg, p.Code) || fold.Name(arg) == fold.Name(p.Name) {
			return t.choose(ctx, p.Code)
		}
	}
	return t.languages(), nil
}

// languages shows a button for every language. Where there are no buttons, the
// codes can be typed.
func (t *turn) languages() Reply {
	codes := append(t.set.Codes(), automatic)
	r := t.personal(t.chat(t.chosenLanguage(), t.pack.Phrase("language-choose", nil), "/language "+strings.Join(codes, " · ")))
	var row []Button
	for _, p := range t.set.Packs {
		row = append(row, t.speaks(p.Code))
		if len(row) == perRow {
			r.Buttons, row = append(r.Buttons, row), nil
		}
	}
	r.Buttons = append(r.Buttons, append(row, t.speaks(automatic)), t.back("settings"))
	return r
}

// perRow is how many languages stand in a row of buttons.
const perRow = 2

// speaks is the button of a language, marked if it is the one.
func (t *turn) speaks(code string) Button {
	label := lang.Capital(t.tongue(code))
	if code == t.preference.Lang || code == automatic && t.preference.Lang == "" {
		label = "✓ " + label
	}
	return action{verb: doSpeak, arg: code}.button(label)
}

// choose takes a language for the place, if the user may choose it.
func (t *turn) choose(ctx context.Context, code string) (Reply, error) {
	if code != automatic && t.set.Pack(code) == nil {
		return t.notice(oldMenu), nil
	}
	may, err := t.mayConfigure(ctx)
	if err != nil {
		return Reply{}, err
	}
	if !may {
		return t.refused(), nil
	}
	if code == automatic {
		code = ""
	}
	if err := t.use(ctx, code); err != nil {
		return Reply{}, err
	}
	if t.in.Kind != Press {
		return t.personal(t.chat(t.chosenLanguage())), nil
	}
	r := t.languages()
	r.Toast = t.chosenLanguage()
	return r, nil
}

// speak takes the language of a link, where the user may.
func (t *turn) speak(ctx context.Context, code string) error {
	may, err := t.mayConfigure(ctx)
	if err != nil || !may {
		return err
	}
	return t.use(ctx, code)
}

// use keeps a language and speaks it from now on; an empty one is that of each
// question.
func (t *turn) use(ctx context.Context, code string) error {
	t.preference.Lang, t.lang = code, code
	if err := t.ports.Preferences.SetPreference(ctx, t.owner, t.preference); err != nil {
		return fmt.Errorf("bot: keeping what was chosen: %w", err)
	}
	t.pack = t.set.Pack(t.engine.Fallback(t.asking("")))
	return nil
}

// stop has the bot not speak unasked: it ends the reminders of the place.
func (t *turn) stop(ctx context.Context, _ string) (Reply, error) {
	if t.ports.Reminders == nil {
		return t.chat(t.pack.Phrase("stopped", nil)), nil
	}
	s, err := t.subscriptionOf(ctx, "")
	if err != nil {
		return Reply{}, err
	}
	lines := []string{t.pack.Phrase("stopped", nil)}
	if s.on {
		lines = append(lines, t.pack.Phrase("remind-how", nil))
		switch may, err := s.may(ctx); {
		case err != nil:
			return Reply{}, err
		case !may:
			return s.refuse(), nil
		}
		if err := s.end(ctx); err != nil {
			return Reply{}, err
		}
	}
	return t.chat(lines...), nil
}

// cancel leaves whatever was begun.
func (t *turn) cancel(context.Context, string) (Reply, error) {
	return t.chat(t.pack.Phrase("cancelled", nil)), nil
}

// privacy says what is kept, and for how long.
func (t *turn) privacy(context.Context, string) (Reply, error) {
	r := t.personal(t.chat(t.pack.Phrase("privacy", nil)))
	var list message.List
	keys := []string{"privacy-talk", "privacy-choice", "privacy-message", "privacy-ids", "privacy-notes", "privacy-logs"}
	if t.ports.Reminders != nil {
		keys = slices.Insert(keys, 2, "privacy-reminders")
	}
	if t.replies != nil {
		keys = slices.Insert(keys, len(keys)-1, "privacy-replies")
	}
	for _, key := range keys {
		list.Items = append(list.Items, []message.Inline{message.Text(t.pack.Phrase(key, nil))})
	}
	r.Message.Body = append(r.Message.Body, list)
	r.Buttons = [][]Button{{t.runs("delete")}, t.back("help")}
	return r, nil
}

// deletion asks whether to delete what is kept, or does it.
func (t *turn) deletion(ctx context.Context, arg string) (Reply, error) {
	if arg == yes {
		return t.forget(ctx)
	}
	r := t.personal(t.chat(t.pack.Phrase("delete-ask", nil)))
	r.Buttons = [][]Button{{
		action{verb: doForget, arg: yes}.button(commandLabel(t.pack, "delete")),
		action{verb: doForget, arg: no}.button(t.pack.Phrase("button-keep", nil)),
	}}
	return r, nil
}

// forget deletes all that is kept of the place.
func (t *turn) forget(ctx context.Context) (Reply, error) {
	may, err := t.mayConfigure(ctx)
	if err != nil {
		return Reply{}, err
	}
	if !may {
		return t.refused(), nil
	}
	if t.ports.Reminders != nil { // before Forget, so that nothing is planned for a place that nobody knows
		if err := t.ports.Reminders.StopReminders(ctx, t.posts()); err != nil {
			return Reply{}, fmt.Errorf("bot: ending reminders: %w", err)
		}
	}
	if err := t.ports.Preferences.Forget(ctx, t.owner); err != nil {
		return Reply{}, fmt.Errorf("bot: forgetting a place: %w", err)
	}
	if err := t.ports.Talks.KeepTalk(ctx, t.in.From, nil, t.in.At); err != nil {
		return Reply{}, fmt.Errorf("bot: forgetting a conversation: %w", err)
	}
	r := t.personal(t.chat(t.pack.Phrase("deleted", nil)))
	t.next = nil
	return r, nil
}

// about says what the bot is, what it rests on, and whose words it speaks.
func (t *turn) about(context.Context, string) (Reply, error) {
	r := t.chat()
	r.Message = say.Answer(t.pack, &ask.Answer{Outcome: ask.Chat, Chat: "who-are-you", Lang: t.pack.Code})
	counts := t.pack.Phrase("about-counts", func(place, _ string) lang.Filled {
		n := len(t.store.Sources)
		if place == "n" {
			n = len(t.store.Facts)
		}
		return lang.Filled{Text: strconv.Itoa(n), Class: t.pack.Plural(n)}
	})
	lines := []string{counts}
	if t.version != "" {
		lines = append(lines, t.pack.Phrase("about-version", fill("version", t.version)))
	}
	for _, line := range lines {
		r.Message.Body = append(r.Message.Body, message.Paragraph{message.Text(line)})
	}
	r.Edit = t.in.Kind == Press
	r.Buttons = [][]Button{{t.runs("sources"), t.runs("privacy")}, t.back("help")}
	return r, nil
}
