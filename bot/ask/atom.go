package ask

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// atomKind is what an atom is, once words have been looked up and reduced.
type atomKind int

const (
	aUnknown atomKind = iota
	aFiller
	aWh
	aUnit
	aType
	aRel
	aTag
	aOp
	aChat
	aUncovered
	aNum     // a number, not yet bound
	aOrd     // an ordinal
	aMonth   // the name of a month
	aEntity  // a thing
	aDate    // a date: span.Said
	aSpan    // a stretch of time
	aSuffix  // the ending of a number
	aOrder   // before or after a thing: entities
	aBlocked // a reduction went wrong: "30 February"
)

// atom is a phrase of the question and what it stands for.
type atom struct {
	kind     atomKind
	concept  *lang.Concept
	entities []*facts.Entity // of aEntity and aOrder: what the name may mean
	alt      *lang.Concept   // another meaning of the same word
	n        int             // of aNum, aOrd, aMonth; of aOp what the op says
	years    int             // of aOp and aOrder: how many years lie between
	from, to int             // tokens
	span     Span            // of aDate and aSpan
	ordinal  bool            // of aNum: "2nd"
	quoted   bool            // of aNum: '22
	glued    bool            // no space before it
	brk      rune            // the mark before it
	year     bool            // of aNum: the words around it say that it is a year
	res      bool            // … or a resolution
	asks     bool            // of aRel, aOp and aOrder: a question word is part of the phrase
	bound    bool            // of aEntity: it is what was spoken of before
}

// is reports whether the atom is an op of the given name.
func (a *atom) is(op string) bool { return a.kind == aOp && a.concept.ID == op }

// may reports whether the atom can be read as an op of the given name: some words
// are two, such as tg "то", which is before and until.
func (a *atom) may(op string) bool {
	return a.is(op) || a.kind == aOp && a.alt != nil && a.alt.ID == op
}

// read cuts the text and looks its words up. It reports whether every word is
// known.
func (p *parse) read(a attempt) bool {
	p.v, p.text = a.voice, a.text
	p.cutUp(a.text)
	p.keys, p.words, p.atoms = p.keys[:0], p.words[:0], p.atoms[:0]
	p.known, p.misread, p.odd = p.known[:0], p.misread[:0], p.odd[:0]
	if len(p.tokens) > maxTokens {
		p.tokens = p.tokens[:maxTokens]
		p.odd = append(p.odd, p.tokens[maxTokens-1].Text)
		return false
	}
	p.detach()
	for i := range p.tokens {
		p.lookUp(i, a.typos)
	}
	p.split()
	for i := 0; i < len(p.tokens); {
		i += p.atom(i)
	}
	return len(p.odd) == 0
}

// lookUp finds the stems of a token, those of its correction if it has none.
func (p *parse) lookUp(i int, typos bool) {
	t := &p.tokens[i]
	start := len(p.keys)
	w := &p.cut[t.Word]
	p.keys = p.keysOf(p.keys, t.Text, w)
	if len(p.keys) == start && typos && t.Number < 0 {
		if !w.mended {
			w.slips, w.mended = p.e.index.Stems.Slips(w.slips, t.Text), true
		}
		var meant string
		p.keys, meant = p.v.lex.Mend(p.keys, t.Text, w.slips, w.heads)
		if len(p.keys) > start {
			p.keys = p.negations(p.keys, start)
			p.misread = append(p.misread, Correction{p.text[t.Start:t.End], meant})
		}
	}
	t.Keys = [2]int{start, len(p.keys)}
}

// negations leaves only the keys from start that mean "not", if there are any:
// a slip that may stand for a negated word must not be read as the plain one.
func (p *parse) negations(keys []lang.Key, start int) []lang.Key {
	plain := func(k lang.Key) bool {
		return !slices.ContainsFunc(p.v.lex.Longest([][]lang.Key{{k}}).Meanings, func(m lang.Meaning) bool {
			return m.Concept != nil && m.Concept.ID == "not"
		})
	}
	if !slices.ContainsFunc(keys[start:], func(k lang.Key) bool { return !plain(k) }) {
		return keys
	}
	return append(keys[:start], slices.DeleteFunc(keys[start:], plain)...)
}

// split gives each token its part of the keys; the keys may have moved while
// they grew.
func (p *parse) split() {
	for i := range p.tokens {
		k := p.tokens[i].Keys
		p.words = append(p.words, p.keys[k[0]:k[1]:k[1]])
	}
}

// atom appends the atom that starts at token i and returns how many tokens it
// takes.
func (p *parse) atom(i int) int {
	t := &p.tokens[i]
	m := p.longest(i)
	if n := i + m.Len; m.Len > 1 && p.tokens[n-1].Number >= 0 && p.yearNoun(n) {
		m = p.v.lex.Longest(p.words[i : n-1]) // "1325-rezolyutsiya 2000-yilda" is not "1325-rezolyutsiya (2000)"
	}
	if m.Len > 1 && i > 0 && isYear(p.tokens[i-1].Number) && p.yearNoun(i) && slices.ContainsFunc(m.Meanings, isElapsed) {
		m = p.v.lex.Longest(p.words[i : i+1]) // uz "2023-yilda oʻtgan" took place then, and no year has passed
	}
	a := atom{from: i, to: i + 1, glued: t.Glued, brk: t.Break, quoted: t.Apostrophe}
	switch {
	case t.Date != [3]int{}:
		d := facts.Date{Year: t.Date[0], Month: time.Month(t.Date[1]), Day: t.Date[2]}
		a.kind, a.span = aDate, In(d)
		if !d.Valid() {
			a.kind = aBlocked
		}
	case p.endsNumber(i):
		a.kind = aSuffix
	case m.Len > 1 || (m.Len == 1 && t.Number < 0):
		a.to = i + m.Len
		p.mean(&a, m.Meanings)
		a.asks = (a.kind == aRel || a.kind == aOp || a.is("successor") || a.is("predecessor")) && m.Len > 1 && p.asksIn(i, m.Len)
	case t.Number >= 0:
		a.kind, a.n = aNum, t.Number
	default:
		p.odd = append(p.odd, p.text[t.Start:t.End])
	}
	p.atoms = append(p.atoms, a)
	return a.to - a.from
}

// isElapsed reports whether a meaning is that time has passed.
func isElapsed(m lang.Meaning) bool { return m.Concept != nil && m.Concept.ID == "elapsed" }

// longest finds the longest phrase from token i on. A longer name that begins
// within it keeps its words: "the post of" and "chair of the Senate", not "the
// post of chair" and "of the Senate". Of two names that are as long it is the first.
func (p *parse) longest(i int) lang.Match {
	m := p.v.lex.Longest(p.words[i:])
	for k := 1; k < m.Len; k++ {
		if n := p.v.lex.Longest(p.words[i+k:]); n.Len > m.Len-k && n.Len > 1 && named(n.Meanings) && (n.Len > m.Len || !named(m.Meanings)) {
			if short := p.v.lex.Longest(p.words[i : i+k]); short.Len > 0 && !idle(short.Meanings) {
				return short
			}
		}
	}
	return m
}

// named reports whether a phrase is the name of a thing.
func named(all []lang.Meaning) bool {
	return slices.ContainsFunc(all, func(m lang.Meaning) bool { return m.Thing > 0 })
}

// idle reports whether a phrase says nothing by itself.
func idle(all []lang.Meaning) bool {
	return slices.ContainsFunc(all, func(m lang.Meaning) bool { return m.Concept != nil && m.Concept.Kind == lang.Filler })
}

// yearNoun reports whether token i is the word "year".
func (p *parse) yearNoun(i int) bool {
	if i >= len(p.words) {
		return false
	}
	return slices.ContainsFunc(p.v.lex.Longest(p.words[i:i+1]).Meanings, func(m lang.Meaning) bool {
		return m.Concept != nil && m.Concept.Kind == lang.Unit && m.Concept.ID == "year"
	})
}

// asksIn reports whether one of the n words from token i is a question word by
// itself, as in "which years": then the phrase asks.
func (p *parse) asksIn(i, n int) bool {
	for k := i; k < i+n; k++ {
		for _, m := range p.v.lex.Longest(p.words[k : k+1]).Meanings {
			if m.Concept != nil && m.Concept.Kind == lang.Wh {
				return true
			}
		}
	}
	return false
}

// mean fills an atom with the meanings of its phrase: all the things that bear
// the name, or else the concept. A name that is also a common word keeps the
// word as its other meaning.
func (p *parse) mean(a *atom, meanings []lang.Meaning) {
	start := len(p.known)
	for _, m := range meanings {
		switch {
		case m.Thing > 0:
			p.known = append(p.known, p.v.things[m.Thing-1])
		case a.concept == nil:
			a.concept = m.Concept
		default:
			a.alt = m.Concept
		}
	}
	if c := a.concept; c != nil && (c.Kind == lang.Uncovered || (c.ID == "pronoun" || c.ID == "person-pronoun") && !capitals(p.phrase(a))) {
		p.known = p.known[:start] // a real word that a name merely resembles: uz "unga" is no UNGA
	}
	if len(p.known) > start {
		a.kind, a.entities, a.alt, a.concept = aEntity, p.known[start:len(p.known):len(p.known)], a.concept, nil
		return
	}
	a.kind, a.n = kindOf(a.concept), a.concept.N
}

func kindOf(c *lang.Concept) atomKind {
	switch c.Kind {
	case lang.Filler:
		return aFiller
	case lang.Wh:
		return aWh
	case lang.Unit:
		return aUnit
	case lang.TypeNoun:
		return aType
	case lang.Relation:
		return aRel
	case lang.Tag:
		return aTag
	case lang.Op:
		return aOp
	case lang.Chat:
		return aChat
	case lang.Uncovered:
		return aUncovered
	case lang.Number:
		return aNum
	case lang.Ordinal:
		return aOrd
	case lang.Month:
		return aMonth
	case lang.Suffix:
		return aSuffix
	default:
		return aUnknown
	}
}

// phrase returns the words of an atom as they were typed.
func (p *parse) phrase(a *atom) string {
	if a.from >= len(p.tokens) || a.to > len(p.tokens) || a.to <= a.from {
		return ""
	}
	return p.text[p.tokens[a.from].Start:p.tokens[a.to-1].End]
}

// trace describes the atoms for [Answer.Trace].
func (p *parse) trace() []Word {
	out := make([]Word, 0, len(p.atoms))
	for i := range p.atoms {
		a := &p.atoms[i]
		out = append(out, Word{p.phrase(a), a.String()})
	}
	return out
}

// String names the meaning of an atom.
func (a *atom) String() string {
	switch a.kind {
	case aEntity, aOrder:
		ids := make([]string, len(a.entities))
		for i, e := range a.entities {
			ids[i] = string(e.ID)
		}
		out := strings.Join(ids, "|")
		if a.concept != nil {
			out = a.concept.ID + " " + out
		}
		return out
	case aDate, aSpan:
		return a.span.String()
	case aNum, aOrd:
		return "number " + strconv.Itoa(a.n)
	case aUnknown:
		return "?"
	case aBlocked:
		return "no such date"
	default:
		if a.concept == nil {
			return ""
		}
		return string(a.concept.Kind) + " " + a.concept.ID
	}
}
