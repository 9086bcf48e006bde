package ask_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"suhbat/bot/ask"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
)

// FuzzAsk: whatever arrives, the bot must not crash, must say the same twice, and
// must rest what it asserts on facts that the store holds and whose sources the
// reader sees.
func FuzzAsk(f *testing.F) {
	p := load(f)
	for i, q := range talks(f) {
		if i%5 == 0 {
			f.Add(q.text, q.lang)
		}
	}
	for _, text := range badTexts() {
		f.Add(text, "")
	}
	f.Fuzz(func(t *testing.T, text, code string) {
		q := ask.Question{Text: text, Lang: code, Today: today, Trace: true}
		a := p.engine.Ask(q)
		if err := p.sound(&a, text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		again := p.engine.Ask(q)
		if was, is := p.whole(&a), p.whole(&again); was != is {
			t.Errorf("%q has two answers:\n%s\n\n%s", text, was, is)
		}
	})
}

// whole writes all that there is to an answer.
func (p program) whole(a *ask.Answer) string {
	var forms []string
	for i := range a.Results {
		forms = append(forms, a.Results[i].Form.String())
	}
	for _, f := range slices.Concat(a.Near, a.Choices) {
		forms = append(forms, f.String())
	}
	return fmt.Sprint(a.Outcome, a.Lang, a.Reason, a.Words, a.Misread, a.Read, a.Chat, a.Trace, forms, gist(a), a.Facts(), "\n",
		message.Plain(say.Answer(p.set.Pack(a.Lang), a)))
}

// TestSound holds every question of the transcripts to the same rules as
// [FuzzAsk]. A question that follows from the one before it is asked after it.
func TestSound(t *testing.T) {
	t.Parallel()
	p := load(t)
	var last []ask.Form
	for _, q := range talks(t) {
		a := p.engine.Ask(ask.Question{Text: q.text, Today: today, Last: last})
		if err := p.sound(&a, q.text); err != nil {
			t.Errorf("%q: %v", q.text, err)
		}
		if a.Outcome == ask.Answered {
			last = nil
			for i := range a.Results {
				last = append(last, a.Results[i].Form)
			}
		}
	}
}

// maxWords bounds the words of a reply's trace: more would mean that the work
// grows with the length of what is sent.
const maxWords = 64

// sound says what is wrong with an answer.
func (p program) sound(a *ask.Answer, text string) error {
	switch {
	case p.set.Pack(a.Lang) == nil:
		return fmt.Errorf("there is no language %q", a.Lang)
	case a.Outcome == ask.NotUnderstood && a.Reason == ask.NoReason:
		return errors.New("it is not understood without a reason")
	case a.Outcome == ask.NotUnderstood && len(a.Results) > 0:
		return errors.New("it is not understood and has results")
	case a.Outcome == ask.Chat && a.Chat == "":
		return errors.New("it is talk without a subject")
	case len(a.Trace) > maxWords:
		return fmt.Errorf("%d words were read", len(a.Trace))
	case utf8.RuneCountInString(text) > 2*ask.MaxText && a.Outcome != ask.NotUnderstood:
		return fmt.Errorf("a text of %d characters is %s", utf8.RuneCountInString(text), a.Outcome)
	}
	for i := range a.Results {
		if err := p.soundResult(a, &a.Results[i]); err != nil {
			return err
		}
	}
	return p.soundReply(a, text)
}

// soundResult checks one part: what it asserts rests on facts with references.
func (p program) soundResult(a *ask.Answer, r *ask.Result) error {
	form := r.Form.String()
	switch {
	case (r.Kind == ask.Missing) != (len(r.Facts) == 0):
		return fmt.Errorf("%s is %q with %d facts", form, r.Kind, len(r.Facts))
	case r.Kind == ask.Missing && a.Outcome == ask.Answered:
		return fmt.Errorf("%s is missing in an answer", form)
	case r.Kind == ask.Missing && r.Why == ask.NoGap:
		return fmt.Errorf("%s is missing for no reason", form)
	case r.Kind == ask.Total && (r.N <= 0 || !r.IsClosed):
		return fmt.Errorf("%s is counted as %d, complete: %v", form, r.N, r.IsClosed)
	case form == "":
		return errors.New("a result has no form")
	}
	for _, list := range [][]*facts.Fact{r.Facts, r.Nearby} {
		for _, f := range list {
			if p.store.Fact(f.ID) != f || len(f.References) == 0 {
				return fmt.Errorf("%s rests on %s, with %d references", form, f.ID, len(f.References))
			}
		}
	}
	return nil
}

// soundReply checks the words: they say something, and every source that they
// cite stands below them.
func (p program) soundReply(a *ask.Answer, asked string) error {
	m := say.Answer(p.set.Pack(a.Lang), a)
	text := message.Plain(m)
	switch {
	case strings.TrimSpace(text) == "":
		return errors.New("the reply is empty")
	case !utf8.ValidString(text):
		return fmt.Errorf("the reply is no UTF-8: %q", text)
	case a.Outcome == ask.Answered && len(m.Notes) == 0:
		return fmt.Errorf("the reply names no source: %s", text)
	case strings.ContainsAny(text, "{}") && !strings.ContainsAny(asked, "{}"): // a reply may quote the question
		return fmt.Errorf("the reply has a place that was not filled: %s", text)
	}
	cited := make(map[int]bool)
	for _, n := range citations(m) {
		if n < 1 || n > len(m.Notes) {
			return fmt.Errorf("the reply cites [%d] of %d notes", n, len(m.Notes))
		}
		cited[n] = true
	}
	for i, n := range m.Notes {
		if !cited[i+1] || n.Publisher == "" || n.Date == "" {
			return fmt.Errorf("note %d, cited: %v, is %+v", i+1, cited[i+1], n)
		}
	}
	return nil
}

// citations lists the numbers of the notes that a message cites.
func citations(m message.Message) []int {
	var out []int
	take := func(line []message.Inline) {
		for _, in := range line {
			if n, ok := in.(message.Cite); ok {
				out = append(out, int(n))
			}
		}
	}
	for _, b := range m.Body {
		switch b := b.(type) {
		case message.Paragraph:
			take(b)
		case message.Quote:
			take(b)
		case message.List:
			for _, item := range b.Items {
				take(item)
			}
		}
	}
	return out
}
