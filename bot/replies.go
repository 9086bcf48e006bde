package bot

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sync/atomic"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
)

// People ask the same: the examples that the bot itself shows, and on an anniversary
// what everybody wants to know that day. A reply to a question depends on its text, the
// languages that are expected, the day and what was answered before, and on nothing
// else; so it is put together once.

// replied is a reply that was given, and all that it depends on. It never changes: any
// number of turns may share it.
type replied struct {
	key   string
	reply Reply
	pack  *lang.Pack
	last  []byte // what a conversation remembers of it
}

// The bounds of what is remembered: a power of two of sets, some kilobytes for each reply,
// and the longest question in bytes. keySize is room for most keys.
const (
	replySets  = 128
	replyWays  = 4 // replies in a set: of a hundred, hardly one drives out another
	maxReplied = 200
	keySize    = 256
)

// replies holds the replies that were given last. Only answers are kept: every word
// that matters in their questions is one that the languages or the facts know, so that
// nothing is kept that people write of themselves. A reply is in the set that the hash
// of its key says, and drives out the oldest one of those that are there.
type replies struct {
	seed maphash.Seed // makes the places hard to guess
	sets [replySets][replyWays]atomic.Pointer[replied]
}

// WithReplies has the core remember the replies that it gave last, for a process that
// answers many people. It costs two megabytes, or six where all answers are long.
func WithReplies() Option {
	return func(c *Core) { c.replies = &replies{seed: maphash.MakeSeed()} }
}

// get returns what was replied, or nil. Another question is never mistaken for it.
func (r *replies) get(key []byte) *replied {
	if key == nil {
		return nil
	}
	set := &r.sets[maphash.Bytes(r.seed, key)%replySets]
	for i := range set {
		if x := set[i].Load(); x != nil && x.key == string(key) {
			return x
		}
	}
	return nil
}

// put remembers a reply, from now on as it is: whoever adds something to one of its
// lists gets a list of their own.
func (r *replies) put(key []byte, x replied) {
	x.key = string(key)
	x.reply.Prepared = new(Prepared) // not for the first who asks: most are alone in that
	x.reply.Message.Body = slices.Clip(x.reply.Message.Body)
	x.reply.Message.Notes = slices.Clip(x.reply.Message.Notes)
	set := &r.sets[maphash.Bytes(r.seed, key)%replySets]
	for i, next := 0, &x; i < len(set) && next != nil; i++ {
		next = set[i].Swap(next)
	}
}

// key is all that the reply to a question depends on, or nil if that is not to be
// remembered.
func (t *turn) key(dst []byte, q *ask.Question) []byte {
	if t.replies == nil || len(q.Text) > maxReplied {
		return nil
	}
	for _, n := range [...]int{q.Today.Year, int(q.Today.Month), q.Today.Day, len(q.Lang), len(q.Hint), len(q.Text)} {
		dst = binary.AppendVarint(dst, int64(n))
	}
	dst = append(append(append(dst, q.Lang...), q.Hint...), q.Text...)
	return append(dst, t.base.last...)
}

// repeat gives a reply again, as if the question had been looked up.
func (t *turn) repeat(x *replied) Reply {
	t.pack = x.pack
	t.follow(x.pack.Code, x.last, x.reply.Message.Choices)
	return x.reply
}

// follow keeps what is remembered after a turn: the forms of an answer, if there are
// some, or those from before.
func (t *turn) follow(lang string, last []byte, choices []message.Choice) {
	m := memory{last: t.base.last, turns: t.base.turns + 1, lang: lang, choices: choices}
	if m.turns > maxTurns {
		m.last = nil
	}
	if last != nil {
		m.last, m.turns = last, 0
	}
	if t.base.report != "" && t.base.who != digest(t.in.User) { // it is somebody else who is about to report
		m.report, m.who = t.base.report, t.base.who
	}
	t.next = &m
}
