package ask

import (
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"suhbat/bot/lang"
)

// What the languages say of a word by itself: the same whatever question it stands in,
// and questions are made of the same few hundred words.

// seen is a word as it was typed, with all that the languages say of it. It never
// changes, so that any number of questions may share it.
type seen struct {
	typed    string // as it stands in the text
	folded   string
	spelling string
	heads    []lang.Head
	keys     []lang.Key // of all languages, one behind the other
	fits     []fit      // by language, in the order of the voices
}

// fit is how a word fits a language.
type fit struct {
	mark           int16
	from, to       uint16 // its keys
	known, foreign bool
}

// keysIn are the ways in which a language reads the word, as [lang.Lexicon.Choose]
// gives them.
func (s *seen) keysIn(v *voice) []lang.Key {
	f := &s.fits[v.at]
	return s.keys[f.from:f.to]
}

// memoSets is how many sets of two words are kept, a power of two.
const memoSets = 8192

// maxSeen is how long a word may be that is kept, in bytes.
const maxSeen = 64

// memo keeps the words that were seen last. Only words that a language knows are kept:
// names, numbers and whatever else people write of themselves leave no trace. A word is
// in the set that its hash says, and drives out the older one of the two that are
// there.
//
// The zero memo is empty.
type memo struct {
	sets [memoSets][2]atomic.Pointer[seen]
}

// memoSeed makes the places of words hard to guess.
var memoSeed = maphash.MakeSeed()

// get returns what is kept of a word, or nil. Another word is never mistaken for it.
func (m *memo) get(word string) *seen {
	set := &m.sets[maphash.String(memoSeed, word)%memoSets]
	for i := range set {
		if s := set[i].Load(); s != nil && s.typed == word {
			return s
		}
	}
	return nil
}

func (m *memo) put(s *seen) {
	set := &m.sets[maphash.String(memoSeed, s.typed)%memoSets]
	if last := set[0].Load(); last != nil {
		set[1].Store(last)
	}
	set[0].Store(s)
}

// see finds out all about a word, given its folded form and its heads.
func (e *Engine) see(typed, folded string, heads []lang.Head) *seen {
	s := &seen{typed: strings.Clone(typed), heads: slices.Clone(heads), fits: make([]fit, len(e.voices))}
	s.folded, s.spelling = s.typed, s.typed // most words are typed as they are folded
	if folded != typed {
		s.folded, s.spelling = strings.Clone(folded), lang.Spelling(s.typed)
	}
	known := false
	for i, v := range e.voices {
		f := &s.fits[i]
		*f = v.fit(folded, s.spelling, heads)
		f.from = uint16(len(s.keys))
		s.keys = v.lex.Choose(s.keys, folded, heads)
		f.to = uint16(len(s.keys))
		known = known || f.known
	}
	if known && len(typed) <= maxSeen && len(s.keys) <= math.MaxUint16 {
		e.words.put(s)
	}
	return s
}

// fit says how well a folded word fits the language, by itself or without what is
// written onto it.
func (v *voice) fit(folded, spelling string, heads []lang.Head) (f fit) {
	mark, known := v.lex.Mark(folded, spelling, heads)
	if !known {
		mark, known = v.beforeClitic(folded, spelling, heads)
	}
	f.mark, f.known = int16(mark), known
	f.foreign = v.pack.Foreign(spelling)
	return f
}

// cutUp makes the tokens of a text, or takes them from the attempt before.
func (p *parse) cutUp(text string) {
	if p.said == "" || p.said != text {
		p.tokens = lang.Cut(p.tokens[:0], text)
		p.said, p.cut = text, p.cut[:0]
		for i := range p.tokens {
			p.addTyped(&p.tokens[i], text)
		}
		p.whole = len(p.cut)
		return
	}
	p.tokens, p.cut = p.tokens[:0], p.cut[:p.whole]
	for i := range p.cut {
		p.tokens = append(p.tokens, p.cut[i].token)
	}
}

// cutWord is a word of the text with what the languages say of it.
type cutWord struct {
	token lang.Token
	typed string // its spelling
	heads []lang.Head
	slips []lang.Slip
	// mended is true once slips has been filled.
	mended bool
	// seen is all that is known of it, or nil if it begins with no stem.
	seen *seen
	// space is for heads that no other question shares.
	space []lang.Head
}

// place returns the place for one more word, in the space of one that was there.
func (p *parse) place(t *lang.Token) *cutWord {
	n := len(p.cut)
	t.Word = n
	if n < cap(p.cut) {
		p.cut = p.cut[:n+1]
	} else {
		p.cut = append(p.cut, cutWord{})
	}
	w := &p.cut[n]
	w.typed, w.heads, w.mended, w.slips, w.seen = "", nil, false, w.slips[:0], nil
	return w
}

// addTyped keeps a word as it stands in the text, folds its token and notes how it is
// spelt.
func (p *parse) addTyped(t *lang.Token, text string) {
	w, typed := p.place(t), text[t.Start:t.End]
	s := p.e.words.get(typed)
	if s == nil {
		if t.Text == "" {
			t.Text = lang.Folded(typed)
		}
		if w.space = p.e.index.Stems.Heads(w.space[:0], t.Text); len(w.space) > 0 {
			s = p.e.see(typed, t.Text, w.space)
		}
	}
	switch {
	case s != nil:
		t.Text, w.typed, w.heads, w.seen = s.folded, s.spelling, s.heads, s
	case typed == t.Text:
		w.typed = typed
	default:
		w.typed = lang.Spelling(typed)
	}
	w.token = *t
}

// addWord keeps a part of a word with its heads.
func (p *parse) addWord(t *lang.Token) {
	w := p.place(t)
	w.token = *t
	w.space = p.e.index.Stems.Heads(w.space[:0], t.Text)
	w.heads = w.space
}

// keysOf appends the ways in which the language reads a word, or what is left of it.
func (p *parse) keysOf(dst []lang.Key, word string, w *cutWord) []lang.Key {
	if w.seen != nil && len(word) == len(w.seen.folded) {
		return append(dst, w.seen.keysIn(p.v)...)
	}
	return p.v.lex.Choose(dst, word, w.heads)
}
