package bot_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/facts"
)

// TestVerdicts: what a reader thinks is noted with the facts and the day, and with
// nothing of who it was; the buttons go.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	row := handle(t, c, private("Who chaired in 2022?")).Buttons[0]
	if len(row) != 4 || row[0].Label != "👍" || row[1].Name != "Not helpful" || row[2].Kind != bot.Cite || row[3].Kind != bot.Share {
		t.Fatalf("below an answer stands %+v", row)
	}
	for i, want := range []bot.Verdict{bot.Helpful, bot.Unhelpful} {
		r := handle(t, c, pressing(private(""), row[i]))
		note := bot.Note{Verdict: want, Fact: "dialogue-chair-2022", Lang: "en", Day: "2026-11-23"}
		if len(s.notes) != i+1 || s.notes[0] != note {
			t.Errorf("noted is %+v", s.notes)
		}
		if r.Toast == "" || !r.Relabel || len(r.Message.Body) > 0 || len(r.Buttons) != i {
			t.Errorf("%s is answered with %q and %+v", want, r.Toast, r.Buttons)
		}
	}
}

// TestCite: a button shows what the sources say, in their own words, to the one who
// wants to know, and changes nothing of the conversation.
func TestCite(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	in := bot.Incoming{From: bot.Address{Chat: "-5"}, Lang: language.English, Text: "Who chaired in 2022?", At: today}
	row := handle(t, c, in).Buttons[0]
	r := handle(t, c, pressing(in, row[2]))
	if said := message.Plain(r.Message); !r.OnlyAsker || !slices.Equal(r.Facts, []facts.ID{"dialogue-chair-2022"}) || !strings.Contains(said, "“In previous years, Uzbekistan (2021) and Turkmenistan (2022) presided over the Dialogue.” [1]") {
		t.Errorf("got %+v\n%s", r, said)
	}
	in.Text = "and in 2023?"
	if r := handle(t, c, in); r.Outcome != bot.Answered {
		t.Errorf("the conversation goes on with %s", r.Outcome)
	}
	if r := handle(t, c, pressing(in, bot.Button{Action: "1:qAAAAAAA"})); r.Toast == "" {
		t.Errorf("a fact that is gone: %+v", r)
	}
}

// TestReport: an error report is the next thing that the same person writes, or
// what a form brings along; it names the fact and nobody.
func TestReport(t *testing.T) {
	t.Parallel()
	const words = "It was Kazakhstan, I think."
	s := newShelf()
	c := s.core(t)
	for _, tt := range []struct {
		name  string
		after func(r bot.Reply) bot.Reply
		want  bool
	}{
		{"in private", func(bot.Reply) bot.Reply { return handle(t, c, private(words)) }, true},
		{"by a form", func(r bot.Reply) bot.Reply {
			return handle(t, c, pressing(private(""), bot.Button{Action: r.Prompt.Action, Label: words}))
		}, true},
		{"cancelled", func(bot.Reply) bot.Reply {
			handle(t, c, private("/cancel"))
			return handle(t, c, private(words))
		}, false},
		{"after another button", func(bot.Reply) bot.Reply {
			handle(t, c, pressing(private(""), bot.Button{Action: "1:rhelp"}))
			return handle(t, c, private(words))
		}, false},
		{"after another command", func(bot.Reply) bot.Reply {
			handle(t, c, private("/chairs"))
			return handle(t, c, private(words))
		}, false},
		{"by somebody else", func(bot.Reply) bot.Reply {
			in := private(words)
			in.User = "other"
			return handle(t, c, in)
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.notes = nil
			r := handle(t, c, private("Who chaired in 2022?"))
			r = handle(t, c, pressing(private(""), r.Buttons[0][1]))
			r = handle(t, c, pressing(private(""), r.Buttons[0][0]))
			if r.Prompt.Placeholder == "" || r.Prompt.Action == "" || len(r.Message.Body) == 0 {
				t.Fatalf("it is asked for by %+v", r)
			}
			tt.after(r)
			note := bot.Note{Verdict: bot.Error, Fact: "dialogue-chair-2022", Text: words, Lang: "en", Day: "2026-11-23"}
			if got := slices.Contains(s.notes, note); got != tt.want {
				t.Errorf("noted: %v, want %v: %+v", got, tt.want, s.notes)
			}
			if r := handle(t, c, private("source?")); tt.want && r.Outcome != bot.Answered {
				t.Errorf("afterwards the source is %s", r.Outcome)
			}
		})
	}
}

// TestReportForm: where a form is opened, whoever closes it and asks the next question
// gets an answer, and no curator gets the question.
func TestReportForm(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t, bot.WithForms(here.Network))
	r := handle(t, c, private("Who chaired in 2022?"))
	form := handle(t, c, pressing(private(""), bot.Button{Action: strings.Replace(r.Buttons[0][1].Action, "1:-", "1:e", 1)}))
	if said := message.Plain(form.Message); form.Prompt.Action == "" || !strings.Contains(said, "Turkmenistan") || strings.Contains(said, "cancel") {
		t.Errorf("the form says %q", said)
	}
	if r := handle(t, c, private("Who chaired in 2023?")); r.Outcome != bot.Answered || len(s.notes) > 0 {
		t.Errorf("the next question is %s, noted is %+v", r.Outcome, s.notes)
	}
	handle(t, c, pressing(private(""), bot.Button{Action: form.Prompt.Action, Label: "It was Kazakhstan."}))
	if len(s.notes) != 1 || s.notes[0].Verdict != bot.Error || s.notes[0].Fact != "dialogue-chair-2022" {
		t.Errorf("noted is %+v", s.notes)
	}
}

// TestReportInGroup: in a group others go on talking; only a reply of whoever
// pressed the button is the report.
func TestReportInGroup(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	r := handle(t, c, group("reader", "Who chaired in 2022?"))
	report := strings.Replace(r.Buttons[0][1].Action, "1:-", "1:e", 1)
	handle(t, c, pressing(group("reader", ""), bot.Button{Action: report}))
	if r := handle(t, c, group("other", "Who chaired in 2023?")); r.Outcome != bot.Answered {
		t.Errorf("another one's question is %s", r.Outcome)
	}
	in := group("reader", "The source says 2021.")
	in.ReplyTo = "99"
	handle(t, c, in)
	if len(s.notes) != 1 || s.notes[0].Verdict != bot.Error || s.notes[0].Text != in.Text {
		t.Errorf("noted is %+v", s.notes)
	}
}

// TestUnanswered: curators learn what people miss, once each, and at no length that
// could hold a letter.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	for i, text := range []string{
		"Who chaired in 2022?", "hello", "?", "source?", strings.Repeat("long ", 300), "/nonsense",
		"What is the salary of Imnadze?", "What is the salary of Imnadze?",
	} {
		in := private(text)
		in.ID = strings.Repeat("i", min(i, 6)) // the last one comes twice
		handle(t, c, in)
	}
	want := bot.Note{Verdict: bot.Unanswered, Text: "What is the salary of Imnadze?", Lang: "en", Day: "2026-11-23"}
	if len(s.notes) != 1 || s.notes[0] != want {
		t.Errorf("noted is %+v", s.notes)
	}
	report := pressing(private(""), bot.Button{Action: "1:w" + strings.TrimPrefix(handle(t, c, private("Who chaired in 2022?")).Buttons[0][0].Action, "1:+")})
	report.Text = strings.Repeat("қ", 2000)
	if handle(t, c, report); utf8.RuneCountInString(s.notes[0].Text) != bot.MaxNote {
		t.Errorf("a note of %d characters", utf8.RuneCountInString(s.notes[0].Text))
	}
	s.broken = true
	if _, err := c.Handle(t.Context(), report); err == nil {
		t.Error("a report that was lost is thanked for")
	}
}

// TestFeedbackCommand: only those who run the bot read what others wrote.
func TestFeedbackCommand(t *testing.T) {
	t.Parallel()
	s := newShelf()
	c := s.core(t)
	operator := private("/feedback")
	operator.User = "operator"
	if got := message.Plain(handle(t, c, operator).Message); !strings.Contains(got, "—") {
		t.Errorf("without notes it says %s", got)
	}
	handle(t, c, private("What is the salary of Imnadze?"))
	if got := message.Plain(handle(t, c, operator).Message); !strings.Contains(got, "2026-11-23 ❓ en · What is the salary of Imnadze?") {
		t.Errorf("an operator reads %s", got)
	}
	operator.Kind, operator.Payload = bot.Press, "1:rfeedback"
	operator.User = "reader"
	for _, in := range []bot.Incoming{private("/feedback"), operator} {
		if got := message.Plain(handle(t, c, in).Message); strings.Contains(got, "salary") || !strings.Contains(got, "/help") {
			t.Errorf("a reader reads %s", got)
		}
	}
}
