package ask_test

import (
	"slices"
	"strings"
	"testing"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/say"
	"suhbat/facts"
)

// TestOffered: a question that the bot offers must be answered when it is asked,
// in every language; a button that leads to "I did not understand" is worse than
// none.
func TestOffered(t *testing.T) {
	t.Parallel()
	p := load(t)
	tried := make(map[string]bool)
	for _, q := range talks(t) {
		a := p.ask(q.text)
		for _, f := range slices.Concat(a.Near, a.Choices) {
			for _, pack := range p.set.Packs {
				text := say.Question(pack, f)
				if text == "" || tried[text] {
					continue
				}
				tried[text] = true
				if b := p.engine.Ask(ask.Question{Text: text, Lang: pack.Code, Today: today}); b.Outcome != ask.Answered {
					t.Errorf("%q offers %q (%s), which is %s %s %q", q.text, text, f.String(), b.Outcome, b.Reason, b.Words)
				}
			}
		}
	}
	if len(tried)*sampled < 50 {
		t.Errorf("only %d questions were offered", len(tried))
	}
}

// likewise lists properties whose question is also another one, which may be
// answered in its place.
var likewise = map[facts.ID]string{
	"kind": "“what is it?” asks for all that is known of it",
	"head": "who headed a body may be told by the roles of people, too",
}

// perProperty is how many facts of each property are asked about.
const perProperty = 4

// TestFrames: what a language pack can ask about a property is understood as just
// that, in every language: the words of the frames and those of the vocabulary
// are one language.
func TestFrames(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, pack := range p.set.Packs {
		t.Run(pack.Code, func(t *testing.T) {
			t.Parallel()
			tried := 0
			for _, property := range p.store.Properties {
				seen := make(map[string]bool)
				for _, x := range sample(p.store.With(property), perProperty) {
					for _, f := range ask.Forms(x) {
						text := say.Question(pack, f)
						if text == "" || seen[text] {
							continue
						}
						seen[text] = true
						tried++
						understood(t, p, pack, f, x, text)
					}
				}
			}
			if tried*sampled < 150 {
				t.Errorf("only %d questions were asked", tried)
			}
		})
	}
}

// sample returns n of the facts, spread over all of them.
func sample(all []*facts.Fact, n int) []*facts.Fact {
	var out []*facts.Fact
	step := max(1, len(all)/n)
	for i := 0; i < len(all); i += step {
		out = append(out, all[i])
	}
	return out
}

// understood asks text and reports whether the answer has the fact x in it, or,
// for what is asked of a thing, whether it is about the thing.
func understood(t *testing.T, p program, pack *lang.Pack, f ask.Form, x *facts.Fact, text string) {
	t.Helper()
	a := p.engine.Ask(ask.Question{Text: text, Lang: pack.Code, Today: today})
	about := f.Act == ask.About
	for i := range a.Results {
		r := &a.Results[i]
		same := r.Form.Subject.Entity == x.Subject || r.Form.Value.Entity == x.Subject || r.Form.Of == x.Subject
		if slices.Contains(r.Facts, x) || same && (about || likewise[x.Property.ID] != "") {
			return
		}
	}
	if about && a.Outcome != ask.NotUnderstood && len(p.store.About(x.Subject)) == 0 {
		return
	}
	forms := make([]string, 0, len(a.Results))
	for i := range a.Results {
		forms = append(forms, a.Results[i].Form.String())
	}
	t.Errorf("%s is asked as %q and is %s %s %q: %s", f.String(), text, a.Outcome, a.Reason, a.Words, strings.Join(forms, "; "))
}
