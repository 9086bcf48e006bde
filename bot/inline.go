package bot

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rivo/uniseg"

	"suhbat/bot/ask"
	"suhbat/bot/message"
	"suhbat/bot/say"
)

// maxTitle is the greatest number of characters of a [Result.Title] or
// Description: a line or two on a telephone.
const maxTitle = 120

// inline answers what is typed in another conversation, by answers alone: what the
// bot does not know is nothing to pass on. Without words it offers what people ask.
// Nothing of it is remembered.
func (t *turn) inline() Reply {
	q := t.asking(t.in.Text)
	if strings.TrimSpace(q.Text) == "" {
		r := Reply{Outcome: Answered, Personal: true}
		t.suggest(&r, t.lists.popular)
		r.Toast = t.pack.Phrase("button-open", nil)
		return r
	}
	a := t.engine.Ask(q)
	t.pack = t.set.Pack(a.Lang)
	r := Reply{Outcome: outcome(a.Outcome), Personal: t.lang != "", Toast: t.pack.Phrase("button-open", nil)}
	if a.Outcome == ask.Answered {
		told := t.told(&a)
		first := firstSentence(told.Message)
		var source string
		if len(told.Message.Notes) > 0 {
			source = told.Message.Notes[0].Publisher
		}
		t.result(&r, told, clip(first, maxTitle), clip(source, maxTitle))
		r.Understood = told.Understood
	} else {
		t.suggest(&r, slices.Concat(a.Choices, a.Near))
	}
	r.Personal = r.Personal || len(r.Results) > 0 && t.hinted(q, a.Lang)
	return r
}

// hinted reports whether somebody whose app speaks another language would be answered
// in another one: a number is a word of all of them.
func (t *turn) hinted(q ask.Question, code string) bool {
	for _, q.Hint = range append(t.set.Codes(), "") {
		if t.engine.Ask(q).Lang != code {
			return true
		}
	}
	return false
}

// suggest adds the answers to forms, each below its question.
func (t *turn) suggest(r *Reply, forms []ask.Form) {
	q := t.asking("")
	q.Lang = t.pack.Code
	for _, f := range forms {
		question := say.Question(t.pack, f)
		a := t.engine.Resolve(q, f)
		if question == "" || a.Outcome != ask.Answered {
			continue
		}
		told := t.told(&a)
		t.result(r, told, clip(question, maxTitle), clip(firstSentence(told.Message), maxTitle))
	}
}

// result adds one result, if it is not there yet.
func (t *turn) result(r *Reply, told Reply, title, description string) {
	id := digest(cmp.Or(told.Understood, title) + "\n" + told.Message.Lang.String())
	if slices.ContainsFunc(r.Results, func(x Result) bool { return x.ID == id }) {
		return
	}
	told.Message.Choices = nil
	r.Results = append(r.Results, Result{ID: id, Title: title, Description: description, Message: told.Message})
	for _, f := range told.Facts {
		if !slices.Contains(r.Facts, f) {
			r.Facts = append(r.Facts, f)
		}
	}
	for _, s := range told.Sources {
		if !slices.Contains(r.Sources, s) {
			r.Sources = append(r.Sources, s)
		}
	}
}

// firstSentence returns the first sentence of a message, without citations and
// sources.
func firstSentence(m message.Message) string {
	if len(m.Body) == 0 {
		return ""
	}
	bare := message.Message{Body: m.Body[:min(2, len(m.Body))]}
	text := message.Styled(bare, message.Style{Cite: func(string) string { return "" }})
	line, rest, _ := strings.Cut(text, "\n")
	line = strings.TrimPrefix(line, "- ") // of a list, such as what is known of a person
	first, _, _ := uniseg.FirstSentenceInString(line, -1)
	if first = strings.TrimSpace(first); strings.HasSuffix(first, ":") { // "Sources disagree:"
		item, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
		first += " " + strings.TrimPrefix(item, "- ")
	}
	return strings.TrimSpace(first)
}
