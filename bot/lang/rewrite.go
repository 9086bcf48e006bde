package lang

import (
	"maps"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"
)

// A language that is written in two scripts has one pack. The key `also` says how
// its letters become those of the other script, and the pack in that script is
// made from the first one, letter by letter, so that the two can never say
// different things.

// alsoFile is a further script of a language.
type alsoFile struct {
	Code, Name, Script string
	// Table maps groups of letters, or whole words that are spelt in a way of
	// their own, to the other script; the longest group counts.
	Table map[string]string
}

// rewrite makes the pack of the same language in other letters.
func (r *reader) rewrite(f *packFile, also alsoFile) *Pack {
	letters := readingFile{Name: "letters", Table: also.Table}.reading()
	other := *f
	other.Name, other.Script, other.And = also.Name, also.Script, letters.rewrite(f.And)
	other.Readings, other.Also = nil, nil
	other.Clitics, other.Suffixes, other.Names.Strip = letters.rewrite(f.Clitics), letters.rewrite(f.Suffixes), letters.rewrite(f.Names.Strip)
	other.Grammar = f.Grammar.each(letters.rewrite)
	other.Endings = letters.node(f.Endings, letters.rewrite)
	other.Words, other.Numbers, other.Ordinals = eachNode(f.Words, &letters), eachNode(f.Numbers, &letters), eachNode(f.Ordinals, &letters)
	other.MonthsAs = nil
	for _, n := range f.MonthsAs {
		other.MonthsAs = append(other.MonthsAs, letters.node(n, letters.rewrite))
	}
	other.Months = nil
	for _, forms := range f.Months {
		other.Months = append(other.Months, eachString(forms, letters.rewrite))
	}
	other.Shared = nil
	for _, s := range f.Shared {
		other.Shared = append(other.Shared, letters.rewrite(s))
	}
	other.Dates = eachString(f.Dates, letters.sentence)
	other.Phrases = make(map[string]yaml.Node, len(f.Phrases))
	for key, n := range f.Phrases {
		other.Phrases[key] = letters.node(n, letters.sentence)
	}
	other.Frames = letters.frames(f.Frames)
	other.Cases = letters.cases(f.Cases)
	other.Examples = nil
	for _, n := range f.Examples {
		if len(n.Content) == 2 {
			pair := n
			pair.Content = []*yaml.Node{n.Content[0], n.Content[1]}
			question := letters.node(*n.Content[0], letters.rewrite)
			pair.Content[0] = &question
			other.Examples = append(other.Examples, pair)
		}
	}
	pack := &Pack{Code: also.Code, Base: r.pack.Code, letters: letters, kept: new(sync.Map)}
	inner := reader{file: r.file, concepts: r.concepts, size: r.size, pack: pack}
	inner.read(&other)
	r.findings = append(r.findings, inner.findings...)
	return pack
}

func eachNode[K comparable](m map[K]yaml.Node, letters *Reading) map[K]yaml.Node {
	out := make(map[K]yaml.Node, len(m))
	for key, n := range m {
		out[key] = letters.node(n, letters.rewrite)
	}
	return out
}

func eachString(m map[string]string, do func(string) string) map[string]string {
	out := maps.Clone(m)
	for key, s := range out {
		out[key] = do(s)
	}
	return out
}

// node rewrites the scalars of a node.
func (r Reading) node(n yaml.Node, do func(string) string) yaml.Node {
	if n.Kind == yaml.ScalarNode {
		n.Value = do(n.Value)
	}
	content := make([]*yaml.Node, len(n.Content))
	for i, c := range n.Content {
		inner := r.node(*c, do)
		content[i] = &inner
	}
	n.Content = content
	return n
}

func (r Reading) frames(all map[string]frameFile) map[string]frameFile {
	out := make(map[string]frameFile, len(all))
	for id, f := range all {
		g := frameFile{
			Says: r.node(f.Says, r.sentence), Announced: r.node(f.Announced, r.sentence), None: r.node(f.None, r.sentence),
			Title: r.node(f.Title, r.sentence), Counts: r.node(f.Counts, r.sentence), Asks: make(map[string]yaml.Node, len(f.Asks)),
		}
		for role, n := range f.Asks {
			g.Asks[role] = r.node(n, r.sentence)
		}
		out[id] = g
	}
	return out
}

func (r Reading) cases(f casesFile) casesFile {
	out := casesFile{Harmony: eachString(f.Harmony, r.rewrite), Letters: make(map[string]string), Forms: make(map[string][]caseRule)}
	for letter, read := range f.Letters {
		out.Letters[r.rewrite(letter)] = r.rewrite(read)
	}
	for form, rules := range f.Forms {
		for _, rule := range rules {
			rule.After, rule.Drop, rule.Add = r.rewrite(rule.After), r.rewrite(rule.Drop), eachString(rule.Add, r.rewrite)
			out.Forms[form] = append(out.Forms[form], rule)
		}
	}
	return out
}

// sentence rewrites a template: its words, but not the names of its places.
func (r Reading) sentence(s string) string {
	var b strings.Builder
	for s != "" {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(r.rewrite(before))
		if !ok {
			break
		}
		inner, after, _ := strings.Cut(rest, "}")
		place, options, _ := strings.Cut(inner, "|")
		b.WriteString("{" + place)
		for option := range strings.SplitSeq(options, "|") {
			if class, text, ok := strings.Cut(option, ":"); ok {
				b.WriteString("|" + class + ":" + r.rewrite(text))
			}
		}
		b.WriteString("}")
		s = after
	}
	return b.String()
}

// rewrite returns text in the other letters, with the capitals of the first.
func (r Reading) rewrite(text string) string {
	var b strings.Builder
	b.Grow(2 * len(text))
	lower := strings.ToLower(text)
	if len(lower) != len(text) { // a capital of another length, such as İ: its own case is lost
		text = lower
	}
	for i := 0; i < len(text); {
		if n := command(text[i:]); n > 0 && (i == 0 || text[i-1] == ' ') {
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		n := r.group(lower[i:])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(text[i:])
			b.WriteString(text[i : i+n])
			i += n
			continue
		}
		b.WriteString(capitals(r.table[lower[i:i+n]], text[i:i+n], text[i+n:]))
		i += n
	}
	return b.String()
}

// command returns the length of a command such as "/help" at the beginning of s: it
// is typed as it is in every language and in all letters.
func command(s string) int {
	if s == "" || s[0] != '/' {
		return 0
	}
	n := 1
	for n < len(s) && 'a' <= s[n] && s[n] <= 'z' {
		n++
	}
	return n
}

// capitals writes s with the capitals of what it stands for: all of them within a
// word of capitals, else the first letter's.
func capitals(s, typed, rest string) string {
	first, _ := utf8.DecodeRuneInString(typed)
	if !unicode.IsUpper(first) {
		return s
	}
	last, _ := utf8.DecodeLastRuneInString(typed)
	next, _ := utf8.DecodeRuneInString(rest)
	if utf8.RuneCountInString(typed) > 1 && unicode.IsUpper(last) || unicode.IsUpper(next) {
		return strings.ToUpper(s)
	}
	return Capital(s)
}

// Rewrite returns words of the pack's base language in the letters of the pack;
// another pack leaves them as they are.
func (p *Pack) Rewrite(text string) string {
	if p.Base == "" {
		return text
	}
	return p.letters.rewrite(text)
}

// Language returns the pack's language without its script.
func (p *Pack) Language() language.Base {
	base, _ := p.Tag.Base()
	return base
}
