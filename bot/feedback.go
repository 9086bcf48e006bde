package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"suhbat/bot/ask"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
)

// MaxNote is the greatest number of characters of a [Note.Text]; longer ones are
// cut.
const MaxNote = 500

// maxShared is the greatest number of characters of a question that passes an
// answer on: that of an inline query (core.telegram.org/bots/api#inlinequery).
const maxShared = 256

// feedbackRows are the buttons below an answer, in one row: whether it helped, where
// that is kept, what its sources say, and to pass it on by a question that gives it
// again, if there is one.
func (t *turn) feedbackRows(ids []facts.ID, question string) [][]Button {
	var row []Button
	names := digests(ids)
	if t.ports.Notebook != nil && names != "" {
		for _, b := range []struct {
			verb        verb
			label, name string
		}{{doPraise, "👍", "button-helpful"}, {doBlame, "👎", "button-unhelpful"}} {
			row = append(row, Button{Label: b.label, Name: t.pack.Phrase(b.name, nil), Action: action{verb: b.verb, arg: names}.String()})
		}
	}
	if names != "" {
		row = append(row, Button{Kind: Cite, Label: t.pack.Phrase("button-source", nil), Action: action{verb: doCite, arg: names}.String()})
	}
	if question != "" {
		row = append(row, Button{Kind: Share, Label: t.pack.Phrase("button-share", nil), Action: question})
	}
	if len(row) == 0 {
		return nil
	}
	return [][]Button{row}
}

// shared is a question that gives the answer again, without the conversation
// before it; or nothing.
func (t *turn) shared(a *ask.Answer, text string) string {
	if a.Follows {
		text = ""
		if len(a.Results) == 1 {
			text = say.Question(t.set.Pack(a.Lang), a.Results[0].Form)
		}
	}
	if utf8.RuneCountInString(text) > maxShared || len(a.Results) > 0 && a.Results[0].Form.Act == ask.Cite {
		return ""
	}
	return strings.TrimSpace(message.Clean(text))
}

// cite shows what the sources of facts say, to the one who asks.
func (t *turn) cite(names string) Reply {
	all := t.digested(names)
	if len(all) == 0 {
		return t.notice(oldMenu)
	}
	r := t.listed(say.Sources(t.pack, all), all)
	r.OnlyAsker = !t.in.Private
	return r
}

// note writes something down for the curators. Nothing in it says who it was, and
// of the time only the day is kept.
func (t *turn) note(ctx context.Context, n Note) error {
	if t.ports.Notebook == nil || t.again {
		return nil // there is nothing to keep it in, or it was kept before
	}
	n.Text, n.Day = clip(n.Text, MaxNote), facts.On(t.in.At).String()
	if n.Lang == "" {
		n.Lang = t.pack.Code
	}
	if err := t.ports.Notebook.Note(ctx, n); err != nil {
		return fmt.Errorf("bot: noting for the curators: %w", err)
	}
	return nil
}

// clip returns at most so many characters of a text.
func clip(text string, most int) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	n := 0
	for i := range text {
		if n == most {
			return text[:i]
		}
		n++
	}
	return text
}

// noteUnanswered notes a question that the facts do not answer. What is no question
// at all, and a text that is too long to be one, are nobody's business.
func (t *turn) noteUnanswered(ctx context.Context, a *ask.Answer, text string) {
	switch {
	case a.Outcome != ask.Unknown && a.Outcome != ask.NotUnderstood:
	case a.Reason == ask.NoWords, a.Reason == ask.TooLong, a.Reason == ask.NoLast:
	case t.in.Kind == Claim: // its author has said it to others
	default:
		// Whoever asked gets the reply all the same.
		_ = t.note(ctx, Note{Verdict: Unanswered, Text: text, Lang: a.Lang})
	}
}

// about what the digests of an action name, for a [Note.Fact].
func (t *turn) named(names string) string {
	var ids []string
	for _, f := range t.digested(names) {
		ids = append(ids, string(f.ID))
	}
	return strings.Join(ids, " ")
}

// praise notes that an answer was helpful, and takes the buttons away.
func (t *turn) praise(ctx context.Context, names string) (Reply, error) {
	return t.judged(ctx, Helpful, names)
}

// blame notes that it was not, and leaves a button to say why.
func (t *turn) blame(ctx context.Context, names string) (Reply, error) {
	r, err := t.judged(ctx, Unhelpful, names)
	if r.Relabel {
		r.Buttons = [][]Button{{action{verb: doReport, arg: names}.button(t.pack.Phrase("button-report", nil))}}
	}
	return r, err
}

func (t *turn) judged(ctx context.Context, v Verdict, names string) (Reply, error) {
	about := t.named(names)
	if about == "" {
		return t.notice(oldMenu), nil
	}
	if err := t.note(ctx, Note{Verdict: v, Fact: about}); err != nil {
		return Reply{}, err
	}
	return Reply{Outcome: Chat, Toast: t.pack.Phrase("thanks", nil), Relabel: true}, nil
}

// askReport asks what is wrong with the facts that the digests name, and states them.
func (t *turn) askReport(names string) Reply {
	all := t.digested(names)
	if len(all) == 0 {
		return t.notice(oldMenu)
	}
	phrase, form := "report-ask", t.forms[t.in.From.Network]
	if form {
		phrase = "report-form"
	}
	r := t.chat()
	r.Message = say.Facts(t.pack, t.onNetwork(t.pack.Phrase(phrase, nil)), all)
	r.OnlyAsker = !t.in.Private
	r.Prompt = Prompt{Placeholder: t.pack.Phrase("report-field", nil), Action: action{verb: doReportAs, arg: names}.String()}
	if form {
		return r
	}
	next := t.base
	next.report, next.who = names, digest(t.in.User)
	t.next = &next
	return r
}

// reporting reports whether the words that came in are those that were asked for:
// the next ones of the same user; in a group, in reply to the bot.
func (t *turn) reporting() bool {
	return t.base.report != "" && t.base.who == digest(t.in.User) && !t.old && (t.in.Private || t.in.ReplyTo != "")
}

// report keeps a word on facts that are said to be wrong.
func (t *turn) report(ctx context.Context, names, text string) (Reply, error) {
	about := t.named(names)
	switch {
	case about == "":
		return t.notice(oldMenu), nil
	case strings.TrimSpace(text) == "":
		return t.askReport(names), nil
	}
	if err := t.note(ctx, Note{Verdict: Error, Fact: about, Text: text}); err != nil {
		return Reply{}, err
	}
	r := t.chat(t.pack.Phrase("reported", nil))
	r.OnlyAsker = !t.in.Private
	next := t.base
	next.report, next.who = "", ""
	t.next = &next
	return r, nil
}

// operates reports whether the user runs the bot.
func (t *turn) operates() bool { return slices.Contains(t.ports.Operators, t.user()) }

// user names the user as [Ports.Operators] does.
func (t *turn) user() string { return t.in.From.Network + ":" + t.in.User }

// maxNotes is how many notes /feedback shows.
const maxNotes = 20

// signs stand for the verdicts.
var signs = map[Verdict]string{Helpful: "👍", Unhelpful: "👎", Error: "⚠️", Unanswered: "❓"}

// feedback shows the newest notes to those who run the bot.
func (t *turn) feedback(ctx context.Context, _ string) (Reply, error) {
	r := t.chat(commandLabel(t.pack, "feedback"))
	r.OnlyAsker = !t.in.Private
	if t.ports.Notebook == nil {
		return r, nil
	}
	notes, err := t.ports.Notebook.Notes(ctx, maxNotes)
	if err != nil {
		return Reply{}, fmt.Errorf("bot: reading what was noted: %w", err)
	}
	var list message.List
	for _, n := range notes {
		words := []string{n.Day, signs[n.Verdict], n.Lang}
		for _, s := range []string{n.Fact, n.Text} {
			if s != "" {
				words = append(words, "·", s)
			}
		}
		list.Items = append(list.Items, []message.Inline{message.Text(strings.Join(words, " "))})
	}
	if len(list.Items) == 0 {
		list.Items = [][]message.Inline{{message.Text("—")}}
	}
	r.Message.Body = append(r.Message.Body, list)
	return r, nil
}
