package ask

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"suhbat/bot/lang"
	"suhbat/facts"
	"suhbat/facts/fold"
)

// Engine answers questions from one store in the languages of a set. It is safe
// for use by many goroutines at once.
type Engine struct {
	store   *facts.Store
	set     *lang.Set
	voices  []*voice
	numbers map[int]*facts.Entity // resolutions by number
	world   *world
	index   *lang.Index
	words   memo
	scratch sync.Pool
}

// voice is one language over one store.
type voice struct {
	at     int // its place among the voices
	pack   *lang.Pack
	lex    *lang.Lexicon
	things []*facts.Entity   // by Meaning.Thing-1
	texts  func() *textIndex // made when a question first describes a text
	// listed are the words of names, by *facts.Entity, as far as they were asked for.
	listed sync.Map
}

// New builds an engine. It fails if an example of a language pack is not
// understood as the pack says. [Restore] does the same in less time.
func New(store *facts.Store, set *lang.Set) (*Engine, error) {
	return build(store, set, (*Engine).lexicons)
}

// build builds an engine whose index is made by makeIndex.
func build(store *facts.Store, set *lang.Set, makeIndex func(*Engine) error) (*Engine, error) {
	if store == nil || set == nil || len(set.Packs) == 0 {
		return nil, errors.New("ask: no facts or no language packs")
	}
	e := &Engine{store: store, set: set, numbers: make(map[int]*facts.Entity)}
	for _, x := range store.Entities {
		if x.Number > 0 {
			e.numbers[x.Number] = x
		}
	}
	e.voices = make([]*voice, len(set.Packs))
	for i, p := range set.Packs {
		e.voices[i] = &voice{at: i, pack: p, things: store.Entities, texts: sync.OnceValue(func() *textIndex { return newTextIndex(store, p) })}
	}
	if err := makeIndex(e); err != nil {
		return nil, err
	}
	for i, v := range e.voices {
		v.lex = e.index.Lexicons[i]
	}
	e.world = newWorld(store)
	e.scratch.New = func() any { return new(parse) }
	return e, e.examples()
}

// each does something for every voice, side by side.
func (e *Engine) each(do func(i int, v *voice)) {
	var wg sync.WaitGroup
	for i, v := range e.voices {
		wg.Go(func() { do(i, v) })
	}
	wg.Wait()
}

// lexicons puts the names of all things, in every language that the program speaks,
// beside the words of each language, since people mix them.
func (e *Engine) lexicons() error {
	var index *lang.Index
	var failed error
	var wg sync.WaitGroup
	wg.Go(func() { index, failed = e.set.Index() })
	names := make([][]name, len(e.voices))
	e.each(func(i int, v *voice) { names[i] = namesIn(e.store, v.pack) })
	if wg.Wait(); failed != nil {
		return fmt.Errorf("ask: %w", failed)
	}
	size := 0
	for _, list := range names {
		size += len(list)
	}
	index.Names.Grow(size)
	for _, list := range names {
		for _, n := range list {
			index.Names.Add(n.phrase, lang.Meaning{Thing: n.thing})
		}
	}
	for i, list := range names {
		for _, n := range list {
			index.Lexicons[i].Spell(n.phrase, n.spelt)
		}
	}
	e.index = index
	return nil
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
	out := make([]name, 0, 8*len(store.Entities))
	code, base := facts.Lang(p.Code), facts.Lang(p.Base)
	namer := p.Namer()
	add := func(text string, thing int) {
		if text != "" {
			phrase, spelt := namer.Phrase(text)
			out = append(out, name{phrase, spelt, thing})
		}
	}
	for i, x := range store.Entities {
		text := x.Names[code].Text
		if text == "" && p.Base != "" {
			text = p.Rewrite(x.Names[base].Text)
		}
		add(text, i+1)
		if bare, _, ok := strings.Cut(text, " ("); ok && strings.HasSuffix(text, ")") {
			add(bare, i+1)
		}
		for _, alias := range x.Aliases[code] {
			add(alias, i+1)
		}
		if p.Base != "" {
			for _, alias := range x.Aliases[base] {
				add(p.Rewrite(alias), i+1)
			}
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
	if len(text) > MaxText && utf8.RuneCountInString(text) > MaxText {
		return Answer{Outcome: NotUnderstood, Lang: e.Fallback(q), Reason: TooLong}
	}
	p, _ := e.scratch.Get().(*parse)
	defer e.scratch.Put(p)
	p.e, p.q, p.said, p.made = e, q, "", p.made[:0]
	best := Answer{Reason: NoWords}
	var closest attempt
	covered := false
	var spelt *voice // the first language that knows all the words as they were typed
	for attempt := range e.attempts(p, text, q) {
		if attempt.typos && (covered || spelt != nil && spelt != attempt.voice && attempt.reading == "") {
			continue // it was spelt right: nobody asks another thing by mistake
		}
		a := e.try(p, attempt)
		if attempt.plain() && spelt == nil && a.Reason != OddWord {
			spelt = attempt.voice
		}
		covered = covered || attempt.plain() && a.Reason == OffTopic
		if better := a.rank() > best.rank() && (a.done() || attempt.reading == "" || a.rank() >= best.rank()+muchBetter); better || best.Lang == "" {
			best, closest = a, attempt
		}
		if best.done() || attempt.plain() && a.Reason == Negated {
			break // what is a "not" in one language is nothing else in another
		}
	}
	if best.Lang == "" {
		best.Lang = e.Fallback(q)
	}
	if best.done() {
		closest.spell(best.Misread)
	}
	if best.Reading == "" {
		best.Lang = p.likeliest(best.Lang)
	}
	if len(best.named) > 0 {
		best.Near = e.near(best.named)
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
	return strings.TrimFunc(fold.Composed(text), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
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

// plain reports whether the text is read just as it was typed.
func (a *attempt) plain() bool { return a.reading == "" && !a.typos }

// attempts yields the ways to read text, the plainest first: as typed in each
// language of its script, with its typing errors corrected, then with the other
// keyboard or in other letters. Ways that cannot lead anywhere are left out: a
// language that lacks words of the text, but for the best one, whose reply says
// which; and other letters for a text that makes sense as it is.
func (e *Engine) attempts(p *parse, text string, q Question) func(yield func(attempt) bool) {
	return func(yield func(attempt) bool) {
		script, mixed := scriptOf(text)
		all := e.rank(p, text, script, mixed, q)
		written := func(v *voice) bool { return script == "" || mixed || v.pack.Script == script }
		for i, r := range all {
			if written(r.voice) && (i == 0 || r.known+maxClitics >= r.words) && !yield(attempt{voice: r.voice, text: text}) {
				return
			}
		}
		garbled := script != "" && 2*all[0].known <= all[0].words
		if garbled && !e.otherLetters(all, text, script, false, yield) || q.exact {
			return
		}
		for i, r := range all {
			if i < maxMended && written(r.voice) && script != "" && !yield(attempt{voice: r.voice, text: text, typos: true}) {
				return
			}
		}
		if garbled {
			e.otherLetters(all, text, script, true, yield)
		}
	}
}

const (
	maxClitics = 2 // words that may be parts of others
	maxMended  = 2 // languages in which misspelt words are corrected
)

// otherLetters yields the readings of the languages of another script. It reports
// whether more is wanted.
func (e *Engine) otherLetters(all []ranked, text, script string, typos bool, yield func(attempt) bool) bool {
	for _, x := range all {
		if x.voice.pack.Script == script {
			continue
		}
		for _, r := range x.voice.pack.Readings {
			if !yield(attempt{voice: x.voice, text: r.Read(strings.ToLower(text)), reading: r.Name, typos: typos}) {
				return false
			}
		}
	}
	return true
}

// otherScript is the mark of a language of another script: it comes last.
const otherScript = -1000

// ranked is a language with how well a text fits it.
type ranked struct {
	voice *voice
	// words are the words of the text, known how many of them the language knows,
	// names among them.
	words, known int
	mark         int
}

// rank returns the languages, the likeliest one of the text first: the one that
// knows the most of its words, and by the letters with which they are spelt. In
// doubt it is the asker's own, then the usual one.
func (e *Engine) rank(p *parse, text, script string, mixed bool, q Question) []ranked {
	p.cutUp(text)
	p.ranked = p.ranked[:0]
	for _, v := range e.voices {
		r := ranked{voice: v}
		if script == "" || mixed || v.pack.Script == script {
			p.rate(&r)
		} else {
			r.mark = otherScript
		}
		r.mark *= 3
		switch {
		case q.Lang != "" && (v.pack.Code == q.Lang || v.pack.Base == q.Lang):
			r.mark += 2
		case q.Hint != "" && (v.pack.Code == q.Hint || v.pack.Base == q.Hint):
			r.mark++
		}
		p.ranked = append(p.ranked, r)
	}
	for i := 1; i < len(p.ranked); i++ { // a handful: insertion keeps equals as they were
		for k := i; k > 0 && p.ranked[k].mark > p.ranked[k-1].mark; k-- {
			p.ranked[k], p.ranked[k-1] = p.ranked[k-1], p.ranked[k]
		}
	}
	return p.ranked
}

// scriptOf returns the script of most letters of s, "Latn", "Cyrl" or neither, and
// whether there are words in the other one.
func scriptOf(s string) (script string, mixed bool) {
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
		return "", false
	case cyrillic >= latin:
		return "Cyrl", latin > 1
	default:
		return "Latn", cyrillic > 1
	}
}
