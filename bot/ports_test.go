package bot_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
)

// shelf keeps what a core gives it, as a database would: what one core kept, the
// next one finds.
type shelf struct {
	mu        sync.Mutex
	talks     map[bot.Address][]byte
	chosen    map[bot.Address]bot.Preference
	notes     []bot.Note
	reminders *reminders
	broken    bool
}

var errBroken = errors.New("the database is gone")

func newShelf() *shelf {
	return &shelf{talks: make(map[bot.Address][]byte), chosen: make(map[bot.Address]bot.Preference), reminders: newReminders()}
}

func (s *shelf) lock() (unlock func(), err error) {
	s.mu.Lock()
	if s.broken {
		err = errBroken
	}
	return s.mu.Unlock, err
}

func (s *shelf) Talk(_ context.Context, at bot.Address) ([]byte, error) {
	unlock, err := s.lock()
	defer unlock()
	return s.talks[at], err
}

func (s *shelf) KeepTalk(_ context.Context, at bot.Address, state []byte, _ time.Time) error {
	unlock, err := s.lock()
	defer unlock()
	s.talks[at] = slices.Clone(state)
	return err
}

func (s *shelf) Preference(_ context.Context, owner bot.Address) (bot.Preference, error) {
	unlock, err := s.lock()
	defer unlock()
	return s.chosen[owner], err
}

func (s *shelf) SetPreference(_ context.Context, owner bot.Address, p bot.Preference) error {
	unlock, err := s.lock()
	defer unlock()
	s.chosen[owner] = p
	return err
}

func (s *shelf) Forget(_ context.Context, owner bot.Address) error {
	unlock, err := s.lock()
	defer unlock()
	delete(s.chosen, owner)
	return err
}

func (s *shelf) Note(_ context.Context, n bot.Note) error {
	unlock, err := s.lock()
	defer unlock()
	s.notes = append([]bot.Note{n}, s.notes...)
	return err
}

func (s *shelf) Notes(_ context.Context, most int) ([]bot.Note, error) {
	unlock, err := s.lock()
	defer unlock()
	return s.notes[:min(most, len(s.notes))], err
}

// admins lets one user of each place change its settings.
type admins string

func (a admins) MayConfigure(_ context.Context, _ bot.Address, user string) (bool, error) {
	if user == "broken" {
		return false, errBroken
	}
	return user == string(a), nil
}

// network is where the tests of commands and buttons happen.
const network = "test"

// ports returns ports that keep everything on the shelf.
func (s *shelf) ports() bot.Ports {
	return bot.Ports{
		Talks: s, Preferences: s, Notebook: s, Reminders: s.reminders,
		Admins: map[string]bot.Admins{network: admins("chief")}, Operators: []string{network + ":operator"},
	}
}

// with returns a core that keeps everything on the shelf.
func (s *shelf) core(tb testing.TB, options ...bot.Option) *bot.Core {
	tb.Helper()
	store, set := parts()
	c, err := bot.New(store, set, append(options, bot.WithPorts(s.ports()), indexed)...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// shared is a core for tests that have a place of their own, see [at], and look at
// replies alone: to build one takes a while.
var shared = sync.OnceValue(func() *bot.Core {
	store, set := parts()
	c, err := bot.New(store, set, bot.WithPorts(newShelf().ports()), indexed)
	if err != nil {
		panic(err)
	}
	return c
})

// at is what a user types in a private conversation of that name.
func at(chat, text string) bot.Incoming {
	in := private(text)
	in.From.Chat = chat
	return in
}

// private is what a user types, or presses, in a conversation with the bot alone.
func private(text string) bot.Incoming {
	return bot.Incoming{
		Kind: bot.Ask, From: bot.Address{Network: network, Chat: "7"}, Private: true, User: "reader", Text: text, At: today,
	}
}

// group is what a user types in a group.
func group(user, text string) bot.Incoming {
	return bot.Incoming{Kind: bot.Ask, From: bot.Address{Network: network, Chat: "-100", Thread: "3"}, User: user, Text: text, At: today}
}

// pressing is the press of a button by whoever in is from.
func pressing(in bot.Incoming, b bot.Button) bot.Incoming {
	in.Kind, in.Payload, in.Text = bot.Press, b.Action, b.Label
	return in
}
