package store

import (
	"bytes"
	"context"
	"sync"
	"time"

	"suhbat/bot"
)

// talkLasts is how long what a conversation remembers is kept.
const talkLasts = 30 * time.Minute

// talks holds what is queued to be written, so that it can be read at once.
type talks struct {
	mu    sync.Mutex
	fresh map[bot.Address]*[]byte
}

func (f *talks) get(at bot.Address) ([]byte, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if state := f.fresh[at]; state != nil {
		return bytes.Clone(*state), true
	}
	return nil, false
}

// put returns a function that takes the state out again, unless a newer one is there.
func (f *talks) put(at bot.Address, state *[]byte) (done func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fresh == nil {
		f.fresh = make(map[bot.Address]*[]byte)
	}
	f.fresh[at] = state
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.fresh[at] == state {
			delete(f.fresh, at)
		}
	}
}

// Talk returns what a conversation remembers; see [bot.Talks].
func (s *Store) Talk(ctx context.Context, at bot.Address) ([]byte, error) {
	if state, ok := s.talks.get(at); ok {
		return state, nil
	}
	state, known, age := s.said.get(at)
	if known {
		return bytes.Clone(state), nil
	}
	err := s.get(ctx, "read a conversation", `SELECT state FROM talks
		WHERE network = ?1 AND space = ?2 AND chat = ?3 AND thread = ?4`, address(at), &state)
	if err == nil {
		s.said.read(at, bytes.Clone(state), age)
	}
	return state, err
}

const keepTalkSQL = `INSERT INTO talks (network, space, chat, thread, state, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
	ON CONFLICT (network, space, chat, thread) DO UPDATE SET state = excluded.state, at = excluded.at`

// A row without a state would still say who spoke with the bot, and when.
const dropTalkSQL = "DELETE FROM talks WHERE network = ?1 AND space = ?2 AND chat = ?3 AND thread = ?4"

// KeepTalk keeps what a conversation remembers; see [bot.Talks]. It returns before that
// is committed.
func (s *Store) KeepTalk(ctx context.Context, at bot.Address, state []byte, now time.Time) error {
	state = bytes.Clone(state)
	_, _, age := s.said.get(at)
	done := s.talks.put(at, &state)
	return s.writer.soon(ctx, "keep a conversation", func(t *tx) error {
		if len(state) == 0 {
			_, err := t.exec(dropTalkSQL, address(at)...)
			return err
		}
		_, err := t.exec(keepTalkSQL, append(address(at), blob(state), stamp(now))...)
		return err
	}, func() {
		s.said.wrote(at, state, age)
		done()
	})
}
