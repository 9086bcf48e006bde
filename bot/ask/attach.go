package ask

import (
	"slices"
	"strings"
	"unicode/utf8"

	"suhbat/bot/lang"
	"suhbat/facts"
	"suhbat/facts/fold"
)

// Some languages write onto a word what others write beside it: a question
// particle ("qildimi"), a postposition ("2022-yilgacha"), the ending of an
// abbreviation or of a number ("БҰҰ-ның", "2022-де"). Detaching gives each its
// own token, or none where it says nothing.

// detach prepares the tokens for the look-up.
func (p *parse) detach() {
	pack := p.v.pack
	if pack.Glued {
		p.dropEndings()
	}
	if len(pack.Clitics) == 0 {
		return
	}
	for i := 0; i < len(p.tokens) && len(p.tokens) < maxTokens; i++ {
		t := &p.tokens[i]
		if t.Number >= 0 || p.knows(t.Text, &p.cut[t.Word]) {
			continue
		}
		head, tail := p.clitic(t.Text)
		if tail == "" {
			continue
		}
		after := lang.Token{Text: tail, Start: t.End, End: t.End, Number: -1}
		t.Text = head
		p.addWord(t)
		p.addWord(&after)
		p.tokens = slices.Insert(p.tokens, i+1, after)
	}
}

// knows reports whether a word by itself has a meaning.
func (p *parse) knows(word string, w *cutWord) bool {
	if w.seen != nil && len(word) == len(w.seen.folded) {
		return len(w.seen.keysIn(p.v)) > 0
	}
	start := len(p.keys)
	p.keys = p.v.lex.Choose(p.keys, word, w.heads)
	known := len(p.keys) > start
	p.keys = p.keys[:start]
	return known
}

// uses reports whether a word stands in any phrase.
func (p *parse) uses(word string) bool {
	start := len(p.keys)
	p.keys = p.v.lex.Keys(p.keys, word)
	used := len(p.keys) > start
	p.keys = p.keys[:start]
	return used
}

// clitic cuts a clitic off a word, if something that is used stays: the word
// itself, or a word with another clitic, which is cut off next.
func (p *parse) clitic(word string) (head, tail string) {
	for _, c := range p.v.pack.Clitics {
		if head, ok := strings.CutSuffix(word, c); ok && head != "" {
			if p.uses(head) {
				return head, c
			}
			if _, more := p.clitic(head); more != "" {
				return head, c
			}
		}
	}
	return word, ""
}

// dropEndings joins an ending behind a hyphen to the abbreviation before it, but
// leaves a phrase of two such words as it is: "hem-de".
func (p *parse) dropEndings() {
	kept := p.tokens[:0]
	for _, t := range p.tokens {
		if n := len(kept); n > 0 && p.v.pack.IsGlued(&kept[n-1], &t) && !p.phrased(kept[n-1].Text, t.Text) {
			kept[n-1].End = t.End
			continue
		}
		kept = append(kept, t)
	}
	p.tokens = kept
}

// phrased reports whether two words in a row are a phrase.
func (p *parse) phrased(a, b string) bool {
	return p.v.lex.Longest([][]lang.Key{p.v.lex.Keys(nil, a), p.v.lex.Keys(nil, b)}).Len > 1
}

// endsNumber reports whether token i is an ending that is written onto the number
// or the date before it.
func (p *parse) endsNumber(i int) bool {
	t := &p.tokens[i]
	if !p.v.pack.Glued || !t.Glued || t.Number >= 0 || i == 0 || !p.v.lex.IsEnding(t.Text) {
		return false
	}
	return p.tokens[i-1].Number >= 0 || p.tokens[i-1].Date != [3]int{}
}

// bareName is the name of e as it was typed, without an ending that is written onto
// it: "UNRCCA-ның", "CEDAWning".
func (p *parse) bareName(e *facts.Entity, a *atom) string {
	name := strings.TrimSuffix(strings.TrimSuffix(p.phrase(a), "'s"), "’s")
	if !p.v.pack.Glued {
		return name
	}
	if i := strings.LastIndexFunc(name, fold.IsHyphen); i > 0 {
		if _, size := utf8.DecodeRuneInString(name[i:]); p.v.lex.IsEnding(fold.String(name[i+size:])) {
			return name[:i]
		}
	}
	known := withoutEnding(e, name)
	if tail, ok := strings.CutPrefix(fold.Name(name), fold.Name(known)); ok && known != "" && tail != "" && p.v.lex.IsEnding(tail) {
		return known
	}
	return name
}

// hyphenOrdinals marks numbers that a hyphen ties to the noun behind them: where
// endings stand behind numbers, this is how one writes an ordinal, as in
// "3-komponent", "22-yil".
func (p *parse) hyphenOrdinals() {
	if !p.v.pack.Glued {
		return
	}
	for i := 1; i < len(p.atoms); i++ {
		a, n := &p.atoms[i], &p.atoms[i-1]
		if n.kind == aNum && a.glued && p.tokens[a.from].Hyphen && (a.kind == aType || a.kind == aUnit || a.kind == aRel) {
			n.ordinal = true
		}
	}
}
