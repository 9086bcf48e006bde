package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"suhbat/bot/ask"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
)

// FactPayload is what stands behind /start in a link that opens the bot with a
// fact: t.me/bot?start=fact_dialogue-chair-2022. Where the network allows no more
// than 64 characters, the digest of a longer id does the same.
func FactPayload(id facts.ID) string {
	const most = 64 // core.telegram.org/bots/features#deep-linking
	if s := factPrefix + string(id); len(s) <= most {
		return s
	}
	return digestPrefix + digest(string(id))
}

const (
	factPrefix   = "fact_"
	digestPrefix = "f_"
)

// start greets, or does what the payload of a link says: it shows a fact, or takes
// the language that the link is made for.
func (t *turn) start(ctx context.Context, payload string) (Reply, error) {
	if f := t.linked(payload); f != nil {
		return t.fact(f), nil
	}
	if p := t.set.Pack(payload); p != nil {
		if err := t.speak(ctx, p.Code); err != nil {
			return Reply{}, err
		}
	}
	r := t.chat(t.pack.Phrase("start", nil), t.pack.Phrase("start-more", nil), t.howToSubscribe())
	t.offer(&r, t.popular(startQuestions))
	r.Buttons = [][]Button{{t.runs("help"), t.runs("language")}}
	return r, nil
}

// startQuestions is how many questions /start offers.
const startQuestions = 3

// linked returns the fact that a payload names, or nil.
func (t *turn) linked(payload string) *facts.Fact {
	if id, ok := strings.CutPrefix(payload, factPrefix); ok {
		return t.store.Fact(facts.ID(id))
	}
	if name, ok := strings.CutPrefix(payload, digestPrefix); ok {
		return t.byDigest[name]
	}
	return nil
}

// fact shows one fact.
func (t *turn) fact(f *facts.Fact) Reply {
	r := t.listed(say.Facts(t.pack, "", []*facts.Fact{f}), []*facts.Fact{f})
	r.Buttons = t.feedbackRows(r.Facts, "")
	forms := ask.Forms(f)
	t.remember(&ask.Answer{Outcome: ask.Answered, Lang: t.pack.Code, Results: []ask.Result{{Form: forms[0]}}}, nil)
	return r
}

// help says what can be asked, and which commands there are.
func (t *turn) help(context.Context, string) (Reply, error) {
	r := t.chat(t.pack.Phrase("chat-help", nil), t.pack.Phrase("commands", nil))
	var list message.List
	for i := range t.commands {
		if x := &t.commands[i]; x.helps && t.has(x) {
			list.Items = append(list.Items, []message.Inline{message.Text(t.onNetwork("/"+x.name) + " — " + commandLabel(t.pack, x.name))})
		}
	}
	r.Message.Body = append(r.Message.Body, list)
	r.Edit = t.in.Kind == Press
	r.Buttons = [][]Button{
		{t.runs("chairs"), t.runs("pillars")},
		{t.runs("resolutions"), t.runs("timeline")},
		append([]Button{t.runs("upcoming")}, t.settingButtons()...),
	}
	return r, nil
}

// runs is a button that does the same as a command.
func (t *turn) runs(name string) Button {
	return action{verb: doRun, arg: name}.button(commandLabel(t.pack, name))
}

// back is a button that leads to /help, or elsewhere.
func (t *turn) back(name string) []Button {
	return []Button{action{verb: doRun, arg: name}.button("‹ " + t.pack.Phrase("button-back", nil))}
}

// popular offers questions that are known to be answered, at most so many.
func (t *turn) popular(most int) []message.Choice {
	choices := say.Choices(t.pack, t.lists.popular)
	return choices[:min(most, len(choices))]
}

// example is a question that is known to be answered.
func (t *turn) example() string {
	if choices := t.popular(1); len(choices) > 0 {
		return choices[0].Value
	}
	return ""
}

// member greets a group or a channel that the bot was added to, in two lines.
func (t *turn) member() Reply {
	switch {
	case t.in.Private:
		return Reply{}
	case t.in.Payload == Added:
		second := cmp.Or(t.howToSubscribe(), t.pack.Phrase("added-settings", nil))
		return t.chat(t.pack.Phrase("added", fill("question", t.example())), second)
	case t.in.Payload == Posting:
		return t.chat(t.pack.Phrase("added-channel", fill("question", t.example())), t.howToSubscribeChannel(t.in.Text))
	default:
		return Reply{}
	}
}

// howToSubscribe says how reminders begin, where there are any.
func (t *turn) howToSubscribe() string {
	if t.ports.Reminders == nil {
		return ""
	}
	return t.pack.Phrase("remind-how", nil)
}

// howToSubscribeChannel says how reminders begin in a channel, where no command is heard.
// One without a name needs one first; an example would be somebody else's.
func (t *turn) howToSubscribeChannel(name string) string {
	if t.ports.Reminders == nil {
		return ""
	}
	if !isChannel(name) {
		name = "@…"
	}
	return t.pack.Phrase("remind-how-channel", fill("channel", name))
}

// home is the bot's own page: what is coming, questions to begin with, settings.
func (t *turn) home(ctx context.Context) (Reply, error) {
	reminders, err := t.reminderState(ctx)
	if err != nil {
		return Reply{}, err
	}
	all := t.coming()
	r := t.ahead(t.pack.Phrase("upcoming", nil), all[:min(len(all), pageSize)])
	first := []message.Block{message.Paragraph{message.Text(t.pack.Phrase("start", nil))}}
	if reminders != "" {
		first = append(first, message.Paragraph{message.Text(reminders)})
	}
	r.Message.Body = slices.Insert(r.Message.Body, 0, first...)
	r.Message.Choices = t.popular(startQuestions)
	r.Buttons = append(t.calendarLink(), append([]Button{t.runs("settings")}, t.settingButtons()...), []Button{t.runs("help"), t.runs("privacy")})
	return r, nil
}

// flooded says that not everything can be answered. What was said before still counts.
func (t *turn) flooded() Reply {
	r := t.chat(t.pack.Phrase("flooded", nil))
	t.next = nil
	return r
}

// unreadable says that the bot reads text. In a group it was hardly meant for it.
func (t *turn) unreadable() Reply {
	if !t.in.Private {
		return Reply{}
	}
	r := t.chat(t.pack.Phrase("text-only", nil))
	t.next = nil // what was said before still counts
	return r
}
