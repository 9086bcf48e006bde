package lang

import (
	"maps"
	"strings"
	"unicode/utf8"

	"suhbat/facts/fold"
)

// Reading is another way to read what was typed: with the other keyboard
// layout, or in the letters of another script.
type Reading struct {
	// Name says what it is: "keyboard" or "letters".
	Name string
	// table maps groups of typed letters to letters of the language.
	table map[string]string
	// longest is the length of the longest group that begins with a byte.
	longest []int
}

// readingFile is a reading in a pack: pairs of typed and meant letters.
type readingFile struct {
	Name  string
	From  string            // letters of one keyboard …
	To    string            // … and of the other, in the same order
	Table map[string]string // groups of letters
}

func (f readingFile) reading() Reading {
	r := Reading{Name: f.Name, table: make(map[string]string, len(f.Table)+len(f.From))}
	to := []rune(f.To)
	for i, from := range []rune(f.From) {
		if i < len(to) {
			r.table[string(from)] = string(to[i])
		}
	}
	maps.Copy(r.table, f.Table)
	r.longest = longestGroups(r.table)
	return r
}

// longestGroups returns the length of the longest group that begins with each byte.
func longestGroups(table map[string]string) []int {
	longest := make([]int, 256)
	for from := range table {
		if from != "" {
			longest[from[0]] = max(longest[from[0]], len(from))
		}
	}
	return longest
}

// Read returns text as it was meant, the longest groups of letters first.
// Characters that are in no group stay.
func (r Reading) Read(text string) string {
	var b strings.Builder
	b.Grow(2 * len(text))
	for i := 0; i < len(text); {
		n := r.group(text[i:])
		if n > 0 {
			b.WriteString(r.table[text[i:i+n]])
			i += n
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		b.WriteString(text[i : i+size])
		i += size
	}
	return b.String()
}

// group returns the length of the longest group that s starts with.
func (r Reading) group(s string) int {
	if s == "" || len(r.longest) == 0 {
		return 0
	}
	for n := min(r.longest[s[0]], len(s)); n > 0; n-- {
		if _, ok := r.table[s[:n]]; ok {
			return n
		}
	}
	return 0
}

// nameFile and nameRule say how the words of a name bend.
type nameFile struct {
	Strip   string // endings of the form in which names are listed
	Min     int    // letters of the shortest stem
	Endings string
}

type nameRule struct {
	strip []string
	min   int
}

func (f nameFile) rule() nameRule { return nameRule{strings.Fields(f.Strip), max(f.Min, minBend)} }

// Namer turns names into phrases, one after the other.
type Namer struct {
	pack     *Pack
	tokens   []Token
	key, own []byte
}

// Namer returns what makes phrases of names in the language.
func (p *Pack) Namer() *Namer { return &Namer{pack: p} }

// Phrase returns a name as a phrase for a lexicon, its words with endings cut off
// where the language bends them; and the same phrase as it is spelt.
func (n *Namer) Phrase(name string) (phrase, spelt string) {
	p := n.pack
	name = fold.Composed(name)
	n.tokens = Tokens(n.tokens[:0], name)
	key, own := n.key[:0], n.own[:0]
	for i := range n.tokens {
		t := &n.tokens[i]
		if i > 0 && p.Glued && p.IsGlued(&n.tokens[i-1], t) {
			continue // the ending of an abbreviation, as in "BMG-niň"
		}
		if len(key) > 0 {
			key, own = append(key, ' '), append(own, ' ')
		}
		key, own = p.names.add(key, t.Text), p.names.add(own, Spelling(name[t.Start:t.End]))
	}
	n.key, n.own = key, own
	if phrase = string(key); string(own) == phrase {
		return phrase, phrase
	}
	return phrase, string(own)
}

// add appends a word of a name as a stem.
func (r nameRule) add(dst []byte, word string) []byte {
	stem, bent := r.stem(word)
	if dst = append(dst, stem...); bent {
		dst = append(dst, bend...)
	}
	return dst
}

// IsGlued reports whether t is an ending that a hyphen ties to the word before it.
func (p *Pack) IsGlued(before, t *Token) bool {
	if !t.Hyphen || t.Number >= 0 || before.Number >= 0 || before.Date != [3]int{} {
		return false
	}
	return p.Endings.Has(t.Text)
}

// stem cuts the ending off a word of a name, and reports whether others may take
// its place.
func (r nameRule) stem(word string) (stem string, bends bool) {
	if utf8.RuneCountInString(word) < r.min+1 || isNumber(word) {
		return word, false
	}
	for _, ending := range r.strip {
		if head, ok := strings.CutSuffix(word, ending); ok && utf8.RuneCountInString(head) >= r.min {
			return head, true
		}
	}
	return word, true
}

func isNumber(s string) bool { return number(s) >= 0 }
