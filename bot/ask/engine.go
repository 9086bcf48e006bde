package ask

import (
	"errors"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// Engine answers questions from one store in the languages of a set. It is safe
// for use by many goroutines at once.
type Engine struct {
	store   *facts.Store
	set     *lang.Set
	voices  []*voice
	numbers map[int]*facts.Entity // resolutions by number
	world   *world
	stems   *lang.Stems
	scripts map[string]int // how many languages are written in it
	scratch sync.Pool
}

// voice is one language over one store.
type voice struct {
	pack   *lang.Pack
	lex    *lang.Lexicon
	things []*facts.Entity // by Meaning.Thing-1
	texts  textIndex
}

// New builds an engine. It fails if an example of a language pack is not
// understood as the pack says.
func New(store *facts.Store, set *lang.Set) (*Engine, error) {
	if store == nil || set == nil || len(set.Packs) == 0 {
		return nil, errors.New("ask: no facts or no language packs")
	}
	e := &Engine{store: store, set: set, numbers: make(map[int]*facts.Entity), scripts: make(map[string]int)}
	for _, x := range store.Entities {
		if x.Number > 0 {
			e.numbers[x.Number] = x
		}
	}
	e.voices = make([]*voice, len(set.Packs))
	names := make([][]name, len(set.Packs))
	each := func(do func(i int, p *lang.Pack)) {
		var wg sync.WaitGroup
		for i, pack := range set.Packs {
			wg.Go(func() { do(i, pack) })
		}
		wg.Wait()
	}
	each(func(i int, p *lang.Pack) { names[i] = namesIn(store, p) })
	e.lexicons(names)
	each(func(i int, p *lang.Pack) { e.voices[i].texts = e.textIndex(p) })
	e.world = newWorld(store)
	e.scratch.New = func() any { return new(parse) }
	return e, e.examples()
}

// lexicons builds the lexicon of each language: its words, and the names of all
// things in every language that the program speaks, since people mix them.
func (e *Engine) lexicons(names [][]name) {
	e.stems = lang.NewStems()
	shared := e.stems.Lexicon(nil, nil)
	for _, list := range names {
		for _, n := range list {
			shared.Add(n.phrase, lang.Meaning{Thing: n.thing})
		}
	}
	for i, pack := range e.set.Packs {
		lex := e.stems.Lexicon(pack.Endings, shared)
		for _, w := range pack.Words {
			lex.Add(w.Phrase, lang.Meaning{Concept: w.Concept})
			lex.Spell(w.Phrase, w.Spelt)
		}
		for _, n := range names[i] {
			lex.Spell(n.phrase, n.spelt)
		}
		e.scripts[pack.Script]++
		e.voices[i] = &voice{pack: pack, lex: lex, things: e.store.Entities}
	}
}

// textIndex indexes the texts that a question may describe.
func (e *Engine) textIndex(p *lang.Pack) textIndex {
	return newTextIndex(e.store, facts.Lang(p.Code),
		e.store.Property("significance"), e.store.Property("summary"), e.store.Property("said"))
}

// name is a phrase that stands for a thing.
type name struct {
	phrase string
	spelt  string // with the letters of the language
	thing  int    // its place among the store's entities, from 1
}

// namesIn lists the names of all things in a language, those with an
// abbreviation in brackets also without it.
func namesIn(store *facts.Store, p *lang.Pack) []name {
	out := make([]name, 0, 4*len(store.Entities))
	code := facts.Lang(p.Code)
	add := func(text string, thing int) {
		if text != "" {
			phrase, spelt := p.NamePhrase(text)
			out = append(out, name{phrase, spelt, thing})
		}
	}
	for i, x := range store.Entities {
		text := x.Names[code].Text
		if text == "" && p.Base != "" {
			text = p.Rewrite(x.Names[facts.Lang(p.Base)].Text)
		}
		add(text, i+1)
		if bare, _, ok := strings.Cut(text, " ("); ok && strings.HasSuffix(text, ")") {
			add(bare, i+1)
		}
		for _, alias := range x.Aliases[code] {
			add(alias, i+1)
		}
	}
	return out
}

// Question is what somebody asks.
type Question struct {
	Text string
	// Lang is the language that the asker chose, or empty.
	Lang string
	// Hint is the language that the asker's device suggests, or empty.
	Hint string
	// Today is the day on which the question is asked.
	Today facts.Date
	// exact leaves misspelt words as they are.
	exact bool
	// Trace asks for [Answer.Trace].
	Trace bool
	// Last are the forms of the answer before this one in the conversation.
	Last []Form
}

// MaxText is the greatest number of runes of a question; nobody asks a fact in
// more, and a bounded question is answered in bounded time.
const MaxText = 600

// muchBetter is by how much a question that nobody understands must be less odd
// with the other keyboard than as it was typed.
const muchBetter = 10

// maxTokens bounds the words of a question.
const maxTokens = 64

// Ask understands and answers a question. It is a pure function of the store,
// the packs and q.
func (e *Engine) Ask(q Question) Answer {
	text := clean(q.Text)
	if utf8.RuneCountInString(text) > MaxText {
		return Answer{Outcome: NotUnderstood, Lang: e.Fallback(q), Reason: TooLong}
	}
	p, _ := e.scratch.Get().(*parse)
	defer e.scratch.Put(p)
	p.e, p.q, p.said = e, q, ""
	best := Answer{Reason: NoWords}
	var closest attempt
	for attempt := range e.attempts(p, text, q) {
		a := e.try(p, attempt, q)
		if better := a.rank() > best.rank() && (a.done() || attempt.reading == "" || a.rank() >= best.rank()+muchBetter); better || best.Lang == "" {
			best, closest = a, attempt
		}
		if best.done() {
			break
		}
	}
	if best.Lang == "" {
		best.Lang = e.Fallback(q)
	}
	if best.Reason == OddWord || best.Reason == OffTopic {
		best.Near = e.without(p, closest, best.Near)
	}
	if p := e.set.Pack(q.Lang); p != nil && e.set.Pack(best.Lang).Base != q.Lang {
		best.Lang = q.Lang // but in the letters of the question
	}
	return best
}

// clean makes text valid NFC and drops what no reader sees.
func clean(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, " ")
	}
	if !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

// Fallback is the language of a reply to something that has no words.
func (e *Engine) Fallback(q Question) string {
	for _, code := range []string{q.Lang, q.Hint} {
		if code != "" && e.set.Pack(code) != nil {
			return code
		}
	}
	if e.set.Pack("en") != nil {
		return "en"
	}
	return e.set.Packs[0].Code
}

// attempt is one way to read a text.
type attempt struct {
	voice *voice
	text  string
	// reading names the other way in which the text was read, or is empty.
	reading string
	// typos is true when misspelt words are corrected.
	typos bool
}

// attempts yields the ways to read text, the plainest first: as typed in each
// language of its script, with its typing errors corrected, then with the other
// keyboard or in other letters.
func (e *Engine) attempts(p *parse, text string, q Question) func(yield func(attempt) bool) {
	script := scriptOf(text)
	return func(yield func(attempt) bool) {
		voices := e.order(p, text, q)
		for _, v := range voices {
			if (script == "" || v.pack.Script == script) && !yield(attempt{voice: v, text: text}) {
				return
			}
		}
		for _, typos := range []bool{false, true} {
			if typos && q.exact {
				return
			}
			if typos {
				for _, v := range voices {
					if v.pack.Script == script && !yield(attempt{voice: v, text: text, typos: true}) {
						return
					}
				}
			}
			for _, v := range voices {
				if v.pack.Script == script || script == "" {
					continue
				}
				for _, r := range v.pack.Readings {
					if !yield(attempt{voice: v, text: r.Read(strings.ToLower(text)), reading: r.Name, typos: typos}) {
						return
					}
				}
			}
		}
	}
}

// order returns the voices, the likeliest language of the text first: the one that
// knows the most of its words, and by the letters with which they are spelt. In
// doubt it is the asker's own, then the usual one.
func (e *Engine) order(p *parse, text string, q Question) []*voice {
	script := scriptOf(text)
	if n := e.scripts[script]; script != "" && n < 2 && q.Lang == "" && q.Hint == "" {
		return e.voices // there is no choice
	}
	p.cutUp(text)
	p.spell()
	p.ordered = append(p.ordered[:0], e.voices...)
	p.marks = p.marks[:0]
	for i, v := range p.ordered {
		mark := 0
		if script == "" || v.pack.Script == script {
			mark = p.markOf(v)
		}
		mark = mark*8 + (len(p.ordered)-i)/2 // the order of the packs decides last
		switch {
		case v.pack.Code == q.Lang || v.pack.Base == q.Lang && q.Lang != "":
			mark += 7
		case v.pack.Code == q.Hint || v.pack.Base == q.Hint && q.Hint != "":
			mark += 5
		}
		p.marks = append(p.marks, mark)
	}
	for i := 1; i < len(p.ordered); i++ { // a handful: insertion keeps equals as they were
		for k := i; k > 0 && p.marks[k] > p.marks[k-1]; k-- {
			p.marks[k], p.marks[k-1] = p.marks[k-1], p.marks[k]
			p.ordered[k], p.ordered[k-1] = p.ordered[k-1], p.ordered[k]
		}
	}
	return p.ordered
}

// markOf is how well the words of the text fit a language.
func (p *parse) markOf(v *voice) int {
	sum := 0
	for i := range p.cut[:p.whole] {
		w := &p.cut[i]
		if w.token.Number < 0 {
			sum += v.lex.Mark(w.token.Text, w.typed, w.heads)
		}
	}
	return sum
}

// scriptOf returns the script of most letters of s: "Latn", "Cyrl" or neither.
func scriptOf(s string) string {
	latin, cyrillic := 0, 0
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if 'a' <= r|0x20 && r|0x20 <= 'z' {
				latin++
			}
		case 0x400 <= r && r < 0x530:
			cyrillic++
		case unicode.Is(unicode.Latin, r):
			latin++
		}
	}
	switch {
	case latin == 0 && cyrillic == 0:
		return ""
	case cyrillic >= latin:
		return "Cyrl"
	default:
		return "Latn"
	}
}
