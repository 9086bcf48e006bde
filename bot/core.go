package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/say"
	"suhbat/facts"
	"suhbat/facts/flat"
)

// Core answers questions and does what commands and buttons ask. It remembers, for
// each address, the last answer and the choices that were offered, so that
// "source?" and "2" mean something.
//
// The way of an [Incoming]: turn.go tells what it is and what is known of its place;
// command.go and action.go know what commands and buttons there are; start.go,
// page.go, settings.go, subscribe.go, reminderpage.go, feedback.go and inline.go do
// what they ask. memory.go keeps conversations, replies.go what many ask.
type Core struct {
	engine  *ask.Engine
	store   *facts.Store
	set     *lang.Set
	ports   Ports
	replies *replies // that were given; nil if none are remembered
	version string
	// calendar is the public address below which the calendars are, if there is one.
	calendar string
	// prefixes say how commands are written, by network.
	prefixes map[string]string
	// forms are the networks on which a [Prompt] opens a form of its own.
	forms    map[string]bool
	commands []command
	lists    lists
	byDigest map[string]*facts.Fact
	index    string
}

var _ Handler = (*Core)(nil)

// Option changes what [New] builds.
type Option func(*Core)

// WithPorts has the core keep what it keeps elsewhere.
func WithPorts(p Ports) Option { return func(c *Core) { c.ports = p } }

// WithVersion has /about say which version of the program runs.
func WithVersion(version string) Option { return func(c *Core) { c.version = version } }

// WithIndex has the core start quickly by an index that [ask.Flatten] made of the same
// facts and languages. If they are others, it is not used.
func WithIndex(index string) Option { return func(c *Core) { c.index = index } }

// WithCalendar has the bot link to the calendar of each language, at
// /calendar/{lang}.ics below a public address such as "https://bot.example".
func WithCalendar(url string) Option {
	return func(c *Core) { c.calendar = strings.TrimSuffix(url, "/") }
}

// WithPrefix has the bot write its commands as a network wants them: with "/wps ",
// "/help" becomes "/wps help".
func WithPrefix(network, prefix string) Option {
	return func(c *Core) {
		if c.prefixes == nil {
			c.prefixes = make(map[string]string)
		}
		c.prefixes[network] = prefix
	}
}

// WithForms says that a network opens a form for a [Prompt]. What its users type then is
// no reply to it: who closes the form asks the next question.
func WithForms(network string) Option {
	return func(c *Core) {
		if c.forms == nil {
			c.forms = make(map[string]bool)
		}
		c.forms[network] = true
	}
}

// New returns a core that answers from store in the languages of set.
func New(store *facts.Store, set *lang.Set, options ...Option) (*Core, error) {
	c := &Core{store: store, set: set, commands: commands()}
	for _, option := range options {
		option(c)
	}
	var err error
	if c.engine, err = ask.Restore(c.index, store, set); errors.Is(err, flat.ErrStale) {
		c.engine, err = ask.New(store, set)
	}
	if err != nil {
		return nil, fmt.Errorf("bot: %w", err)
	}
	c.byDigest = indexDigests(store)
	if c.ports.Talks == nil {
		c.ports.Talks = &talksInMemory{all: make(map[Address]talkInMemory)}
	}
	if c.ports.Preferences == nil {
		c.ports.Preferences = &preferencesInMemory{all: make(map[Address]Preference)}
	}
	c.lists = c.findLists()
	return c, nil
}

// Handle replies to what comes in.
func (c *Core) Handle(ctx context.Context, in Incoming) (Reply, error) {
	t, err := c.begin(ctx, in)
	if err != nil {
		return Reply{}, err
	}
	r, err := t.reply(ctx)
	if err != nil {
		return Reply{}, err
	}
	return r, t.keep(ctx)
}

// code is the code of the pack for a language, or of the language's base.
func (c *Core) code(t language.Tag) string {
	if t == language.Und {
		return ""
	}
	if code := t.String(); c.set.Pack(code) != nil {
		return code
	}
	base, _ := t.Base()
	return base.String()
}

// packOf returns a pack, or the one that is used where nothing is known.
func (c *Core) packOf(code string) *lang.Pack {
	return c.set.Pack(c.engine.Fallback(ask.Question{Lang: code}))
}

// Phrase returns one of the phrases that the language packs have for an adapter's own
// words, such as "slack-send", in a language or the one that is used in its place.
func (c *Core) Phrase(tag language.Tag, key string) string {
	return c.packOf(c.code(tag)).Phrase(key, nil)
}

// told puts an answer into words.
func (c *Core) told(a *ask.Answer) Reply {
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
