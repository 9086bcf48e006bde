package bot

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/facts"
	"suhbat/facts/fold"
)

// turn is one [Incoming] with what is known of its place.
type turn struct {
	*Core
	in    Incoming
	owner Address
	// preference is what was chosen for the place, lang the language that results, or
	// empty where none was chosen.
	preference Preference
	lang       string
	// pack has the words of menus.
	pack *lang.Pack
	// base is what was remembered before this turn, and how it was kept. again is
	// true if the turn was handled before, old if a later one was.
	base       memory
	kept       []byte
	again, old bool
	// next is what is to be remembered; nil changes nothing.
	next *memory
}

// begin finds out what is known of the place of in.
func (c *Core) begin(ctx context.Context, in Incoming) (*turn, error) {
	t := &turn{Core: c, in: in, owner: in.Owner}
	if t.owner == (Address{}) {
		t.owner = in.From.Place()
	}
	var err error
	if t.preference, err = c.ports.Preferences.Preference(ctx, t.owner); err != nil {
		return nil, fmt.Errorf("bot: what was chosen: %w", err)
	}
	t.lang = cmp.Or(t.preference.Lang, c.code(in.Lang))
	if in.Kind != Inline {
		if err := t.recall(ctx); err != nil {
			return nil, err
		}
	}
	t.pack = c.set.Pack(c.engine.Fallback(t.asking("")))
	return t, nil
}

// recall finds out what was said before.
func (t *turn) recall(ctx context.Context) error {
	k, err := t.Core.recall(ctx, t.in.From)
	if err != nil {
		return err
	}
	t.again = t.in.ID != "" && t.in.ID == k.id
	edited := t.in.Kind == Edit
	t.old = edited && !t.again && (t.in.MessageID == "" || t.in.MessageID != k.message)
	t.kept = k.now
	if t.again || edited && !t.old {
		t.kept = k.before
	}
	t.kept = fresh(t.kept, t.in.At)
	t.base = remembered(t.kept)
	return nil
}

// asking is a question at this place, without what was answered before.
func (t *turn) asking(text string) ask.Question {
	return ask.Question{Text: text, Lang: t.lang, Hint: cmp.Or(t.base.lang, t.code(t.in.LangHint)), Today: facts.On(t.in.At)}
}

// reply does what the kind of the [Incoming] asks for.
func (t *turn) reply(ctx context.Context) (Reply, error) {
	switch t.in.Kind {
	case Member:
		return t.member(), nil
	case Home:
		return t.home(ctx)
	case Flooded:
		return t.flooded(), nil
	case Inline:
		return t.inline(), nil
	case Unreadable:
		return t.unreadable(), nil
	case Claim:
		return t.claim(ctx)
	case Press:
		if isAction(t.in.Payload) {
			return t.press(ctx)
		}
	case Ask, Command, Edit:
	}
	return t.said(ctx)
}

// said replies to words: a command, a word for the curators, or a question.
func (t *turn) said(ctx context.Context) (Reply, error) {
	if t.in.Payload == "" {
		if name, arg, ok := cutCommand(t.in.Text); ok {
			return t.runCommand(ctx, name, arg)
		}
		if t.reporting() {
			return t.report(ctx, t.base.report, t.in.Text)
		}
	}
	return t.question(ctx, t.chosen())
}

// chosen is the text of the question: that of a choice if a button was pressed, or
// if its number or its words were typed.
func (t *turn) chosen() string {
	in, choices := &t.in, t.base.choices
	if in.Payload != "" {
		return in.Payload
	}
	if len(choices) == 0 {
		return in.Text
	}
	n, err := strconv.Atoi(strings.TrimSpace(in.Text))
	if err != nil {
		n = t.engine.Ordinal(t.asking(in.Text))
	}
	if 1 <= n && n <= len(choices) {
		return choices[n-1].Value
	}
	typed := fold.Name(in.Text)
	for _, choice := range choices {
		if fold.Name(choice.Label) == typed {
			return choice.Value
		}
	}
	return in.Text
}

// question answers a question.
func (t *turn) question(ctx context.Context, text string) (Reply, error) {
	q := t.asking(text)
	var space [keySize]byte
	key := t.key(space[:0], &q)
	if x := t.replies.get(key); x != nil {
		return t.repeat(x), nil
	}
	q.Last, _ = t.engine.Kept(t.base.last) // what cannot be read is forgotten
	a := t.engine.Ask(q)
	t.pack = t.set.Pack(a.Lang)
	r := t.told(&a)
	t.remember(&a, r.Message.Choices)
	if a.Outcome == ask.Answered {
		r.Buttons = t.feedbackRows(r.Facts, t.shared(&a, text))
		if key != nil {
			t.replies.put(key, replied{reply: r, pack: t.pack, last: t.next.last})
		}
	}
	t.noteUnanswered(ctx, &a, text)
	return r, nil
}

// claim looks up what somebody has said. Who asks for that wants to know about these
// words: neither do they command the bot, nor is "it" what the asker has spoken of.
func (t *turn) claim(ctx context.Context) (Reply, error) {
	if strings.TrimSpace(t.in.Text) == "" {
		return t.chat(t.pack.Phrase("text-only", nil)), nil
	}
	t.base.last, t.base.choices = nil, nil
	return t.question(ctx, t.in.Text)
}

// remember keeps the forms of an answer, and of a question that was understood
// though the facts do not answer it: "who opened it?" does not go back to the one
// before. What was not understood leaves what was there.
func (t *turn) remember(a *ask.Answer, choices []message.Choice) {
	var last []byte
	if a.Outcome == ask.Answered || a.Outcome == ask.Unknown && len(a.Results) > 0 {
		forms := make([]ask.Form, len(a.Results))
		for i := range a.Results {
			forms[i] = a.Results[i].Form
		}
		last = ask.Keep(forms)
	}
	t.follow(a.Lang, last, choices)
}

// chat is a reply of one line that asserts nothing, and asks for nothing.
func (t *turn) chat(lines ...string) Reply {
	r := Reply{Outcome: Chat, Message: message.Message{Lang: t.pack.Tag}}
	for _, line := range lines {
		if line != "" {
			r.Message.Body = append(r.Message.Body, message.Paragraph{message.Text(t.onNetwork(line))})
		}
	}
	if t.in.Kind != Press { // and a language only if somebody has chosen or suggested one
		t.remember(&ask.Answer{Outcome: ask.Chat, Lang: cmp.Or(t.base.lang, t.lang, t.code(t.in.LangHint))}, nil)
	}
	return r
}

// offer adds choices to a reply, and remembers them.
func (t *turn) offer(r *Reply, choices []message.Choice) {
	r.Message.Choices = choices
	if t.next == nil {
		next := t.base
		t.next = &next
	}
	t.next.choices = choices
}

// keep writes down what is to be remembered. The edit of an older message leaves
// the conversation where it is.
func (t *turn) keep(ctx context.Context) error {
	if t.next == nil || t.old {
		return nil
	}
	k := talk{id: t.in.ID, message: t.in.MessageID, now: t.next.keep(t.in.At), before: t.kept}
	if err := t.ports.Talks.KeepTalk(ctx, t.in.From, k.keep(), t.in.At); err != nil {
		return fmt.Errorf("bot: keeping a conversation: %w", err)
	}
	return nil
}

// fill fills one place of a phrase.
func fill(place, text string) lang.FillFunc {
	return func(p, _ string) lang.Filled {
		if p == place {
			return lang.Filled{Text: text}
		}
		return lang.Filled{}
	}
}
