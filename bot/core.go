package bot

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
	"suhbat/facts/fold"
)

// Core answers questions. It remembers, for each address, the last answer and
// the choices that were offered, so that "source?" and "2" mean something.
type Core struct {
	engine *ask.Engine
	set    *lang.Set

	mu    sync.Mutex
	talks map[Address]talk
}

var _ Handler = (*Core)(nil)

// talk is what a conversation remembers.
type talk struct {
	last    []ask.Form
	turns   int // since last was answered
	lang    string
	choices []message.Choice
	at      time.Time
}

// The bounds of what is remembered: an answer is forgotten after ten turns, a
// conversation after half an hour, and all of them when there are too many at
// once.
const (
	maxTurns  = 10
	talkLasts = 30 * time.Minute
	maxTalks  = 10_000
)

// New returns a core that answers from store in the languages of set.
func New(store *facts.Store, set *lang.Set) (*Core, error) {
	engine, err := ask.New(store, set)
	if err != nil {
		return nil, fmt.Errorf("bot: %w", err)
	}
	return &Core{engine: engine, set: set, talks: make(map[Address]talk)}, nil
}

// Handle answers one question.
func (c *Core) Handle(_ context.Context, in Incoming) (Reply, error) {
	t := c.recall(in.From, in.At)
	q := ask.Question{
		Lang:  code(in.Lang),
		Hint:  cmp.Or(t.lang, code(in.LangHint)),
		Today: facts.On(in.At),
		Last:  t.last,
	}
	q.Text = c.chosen(in, q, t.choices)
	a := c.answer(q)
	r := c.reply(&a)
	c.remember(in.From, &a, r.Message.Choices, in.At)
	return r, nil
}

// answer asks the engine, or says what a command is for.
func (c *Core) answer(q ask.Question) ask.Answer {
	if said, ok := commands[strings.TrimSpace(q.Text)]; ok {
		return ask.Answer{Outcome: ask.Chat, Chat: said, Lang: c.engine.Fallback(q)}
	}
	return c.engine.Ask(q)
}

// commands are what the networks' own commands ask, in words that every pack
// knows as a concept of small talk.
var commands = map[string]string{"/start": "greeting", "/help": "help", "/about": "who-are-you"}

// chosen is the text of the question: that of a choice if a button was pressed, or
// if its number or its words were typed.
func (c *Core) chosen(in Incoming, q ask.Question, choices []message.Choice) string {
	if in.Payload != "" {
		return in.Payload
	}
	if len(choices) == 0 {
		return in.Text
	}
	n, err := strconv.Atoi(strings.TrimSpace(in.Text))
	if err != nil {
		q.Text = in.Text
		n = c.engine.Ordinal(q)
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

// code is a tag's language as the packs are named, or empty.
func code(t language.Tag) string {
	if t == language.Und {
		return ""
	}
	base, _ := t.Base()
	return base.String()
}

// reply puts an answer into words.
func (c *Core) reply(a *ask.Answer) Reply {
	r := Reply{Message: say.Answer(c.set.Pack(a.Lang), a), Outcome: outcome(a.Outcome)}
	forms := make([]string, 0, len(a.Results))
	for i := range a.Results {
		forms = append(forms, a.Results[i].Form.String())
	}
	r.Understood = strings.Join(forms, "; ")
	r.Facts = a.Facts()
	r.Sources = a.Sources()
	return r
}

func outcome(o ask.Outcome) Outcome {
	if o == ask.NotUnderstood {
		return NotUnderstood
	}
	return Outcome(o)
}

// recall returns what is remembered of an address, if it is fresh.
func (c *Core) recall(from Address, now time.Time) talk {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.talks[from]
	if now.Sub(t.at) > talkLasts {
		return talk{}
	}
	return t
}

// remember keeps the forms of an answer, and of a question that was understood
// though the facts do not answer it: "who opened it?" does not go back to the one
// before. What was not understood leaves what was there.
func (c *Core) remember(from Address, a *ask.Answer, choices []message.Choice, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.talks) >= maxTalks {
		clear(c.talks)
	}
	t := c.talks[from]
	t.at, t.choices, t.lang = now, choices, a.Lang
	if t.turns++; t.turns > maxTurns {
		t.last = nil
	}
	if a.Outcome == ask.Answered || a.Outcome == ask.Unknown && len(a.Results) > 0 {
		t.last, t.turns = t.last[:0:0], 0
		for i := range a.Results {
			t.last = append(t.last, a.Results[i].Form)
		}
	}
	c.talks[from] = t
}
