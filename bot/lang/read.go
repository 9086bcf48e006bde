package lang

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"

	"suhbat/facts/fold"
)

// packFile is a language pack as translators write it; docs/translators.md
// explains each key.
type packFile struct {
	Name          string
	Review        string
	Script        string
	Forms         []string
	Endings       yaml.Node
	Clash         clash
	Clitics       string
	Glued         bool
	Shortest      int
	Postpositions bool
	Cases         casesFile
	OrdinalsAs    map[string]string `yaml:"ordinal-classes"`
	Also          []alsoFile
	Names         nameFile
	Grammar       grammarFile
	And           string
	Readings      []readingFile
	Numbers       map[int]yaml.Node
	Ordinals      map[int]yaml.Node
	Suffixes      string
	Months        []map[string]string
	MonthsAs      []yaml.Node `yaml:"month-words"`
	Dates         map[string]string
	Words         map[string]yaml.Node
	Shared        []string
	Frames        map[string]frameFile
	Phrases       map[string]yaml.Node
	Examples      []yaml.Node
}

type frameFile struct {
	Says      yaml.Node
	Announced yaml.Node
	None      yaml.Node
	Title     yaml.Node
	Counts    yaml.Node
	Asks      map[string]yaml.Node
}

// reader turns a file into a pack and collects what is wrong with it.
type reader struct {
	file     string
	concepts map[string]*Concept
	pack     *Pack
	findings []error
	// shortest is the length of the shortest stem that may take endings.
	shortest int
	// size is about the number of words.
	size    int
	scratch []byte
}

func (r *reader) wrong(n *yaml.Node, what, want string) {
	r.findings = append(r.findings, Finding{File: r.file, Line: max(1, n.Line), Col: max(1, n.Column), What: what, Want: want})
}

func (r *reader) read(f *packFile) {
	p := r.pack
	r.shortest = minBend
	if f.Shortest > 0 {
		r.shortest = f.Shortest
	}
	tag, err := language.Parse(p.Code)
	if err != nil {
		r.wrong(&yaml.Node{}, fmt.Sprintf("%q is not a language", p.Code), "a file named by a BCP 47 tag, such as en.yaml")
	}
	p.Tag, p.Name, p.Draft, p.Script = tag, f.Name, f.Review != "done", f.Script
	p.Forms, p.Endings, p.and = f.Forms, r.endings(&f.Endings), f.And
	p.Endings.clash = clash{fold.String(f.Clash.After), fold.String(f.Clash.Not)}
	p.Clitics, p.Glued, p.Postpositions = folded(strings.Fields(f.Clitics)), f.Glued, f.Postpositions
	p.names, p.Grammar = f.Names.rule(), f.Grammar.grammar()
	p.cases = r.cases(&f.Cases)
	p.ordinals = f.OrdinalsAs
	if f.Name == "" || f.And == "" || f.Script == "" {
		r.wrong(&yaml.Node{}, "name, and, or script is missing", "all three")
	}
	for _, reading := range f.Readings {
		p.Readings = append(p.Readings, reading.reading())
	}
	r.words(f)
	r.dates(f)
	r.frames(f)
	for i := range f.Examples {
		r.example(&f.Examples[i])
	}
}

// words fills the vocabulary in a fixed order.
func (r *reader) words(f *packFile) {
	r.pack.Words = make([]Word, 0, r.size)
	seen := make(map[string]*Concept, r.size)
	shared := make(map[string]bool)
	for _, s := range f.Shared {
		shared[fold.String(strings.TrimSuffix(s, bend))] = true
	}
	for _, id := range sortedKeys(f.Words) {
		n := f.Words[id]
		concept := r.concepts[id]
		if concept == nil {
			r.wrong(&n, fmt.Sprintf("%q is not a concept", id), "one that concepts.yaml lists")
			continue
		}
		r.phrases(&n, concept, seen, shared)
	}
	for _, x := range sortedKeys(f.Numbers) {
		n := f.Numbers[x]
		r.phrases(&n, &Concept{ID: strconv.Itoa(x), Kind: Number, N: x}, seen, shared)
	}
	for _, x := range sortedKeys(f.Ordinals) {
		n := f.Ordinals[x]
		r.phrases(&n, &Concept{ID: "#" + strconv.Itoa(x), Kind: Ordinal, N: x}, seen, shared)
	}
	for i := range f.MonthsAs {
		r.phrases(&f.MonthsAs[i], &Concept{ID: "month-" + strconv.Itoa(i+1), Kind: Month, N: i + 1}, seen, shared)
	}
	suffix := &Concept{ID: "suffix", Kind: Suffix}
	for _, s := range folded(strings.Fields(f.Suffixes)) {
		r.pack.Words = append(r.pack.Words, Word{Phrase: s, Concept: suffix})
	}
}

// minBend is the length of the shortest stem that may take endings, unless a pack
// says otherwise: a shorter one would swallow other words.
const minBend = 3

// phrases reads one concept's words: a list, or one string with commas.
func (r *reader) phrases(n *yaml.Node, c *Concept, seen map[string]*Concept, shared map[string]bool) {
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = n.Content
	}
	for _, item := range items {
		if item.Kind != yaml.ScalarNode {
			r.wrong(item, "this is not a word", "words with commas between them")
			continue
		}
		for word := range strings.SplitSeq(item.Value, ",") {
			r.phrase(item, strings.TrimSpace(word), c, seen, shared)
		}
	}
}

func (r *reader) phrase(n *yaml.Node, phrase string, c *Concept, seen map[string]*Concept, shared map[string]bool) {
	if phrase == "" {
		return
	}
	spelt := Spelling(phrase)
	key := r.key(n, phrase)
	bare := strings.TrimSuffix(key, bend)
	if other := seen[bare]; other != nil && other != c && !shared[bare] {
		r.wrong(n, fmt.Sprintf("%q stands for %s and for %s", phrase, other.ID, c.ID), "one concept, or the word in the list `shared`")
	}
	seen[bare] = c
	r.pack.alphabet.add(spelt)
	if spelt == key {
		spelt = ""
	}
	r.pack.Words = append(r.pack.Words, Word{key, c, spelt})
}

// key is a phrase as the lexicon has it. Most are written so in the pack, and then
// cost no memory.
func (r *reader) key(n *yaml.Node, phrase string) string {
	key := r.scratch[:0]
	for part := range strings.FieldsSeq(phrase) {
		stem, bends := strings.CutSuffix(part, bend)
		folded := fold.String(stem)
		if strings.Contains(stem, bend) {
			r.wrong(n, fmt.Sprintf("in %q the %s stands inside a word, where nothing can match it", part, bend), "it at the end of a word, or the words written out")
		}
		if bends && utf8.RuneCountInString(folded) < r.shortest {
			r.wrong(n, fmt.Sprintf("the stem %q is too short to take endings", stem), fmt.Sprintf("%d letters or more, or the words written out", r.shortest))
		}
		if len(key) > 0 {
			key = append(key, ' ')
		}
		key = append(key, strings.ReplaceAll(folded, "-", " ")...)
		if bends {
			key = append(key, bend...)
		}
	}
	if r.scratch = key; string(key) == phrase {
		return phrase
	}
	return string(key)
}

// endings reads what may follow a stem: a list of endings or, where a language
// puts them one behind the other, a list of such chains, each a list of slots. Of
// every slot one ending may be taken, in their order.
func (r *reader) endings(n *yaml.Node) Endings {
	chains := [][]*yaml.Node{{n}}
	if n.Kind == yaml.SequenceNode {
		chains = chains[:0]
		for _, c := range n.Content {
			chain := []*yaml.Node{c}
			if c.Kind == yaml.SequenceNode {
				chain = c.Content
			}
			chains = append(chains, chain)
		}
	}
	all := make([][][]string, len(chains))
	var letters strings.Builder
	for i, chain := range chains {
		count := 1
		for _, slot := range chain {
			letters.WriteString(slot.Value)
			one := folded(strings.Fields(slot.Value))
			all[i] = append(all[i], one)
			if count *= 1 + len(one); count > maxEndings {
				r.wrong(slot, "the slots make too many endings", fmt.Sprintf("at most %d", maxEndings))
				return Endings{}
			}
		}
	}
	e := chained(all)
	e.letters = distinct(Spelling(letters.String()))
	return e
}

// distinct returns each letter of s once.
func distinct(s string) string {
	letters := []rune(s)
	slices.Sort(letters)
	return strings.TrimSpace(string(slices.Compact(letters)))
}

// maxEndings bounds the endings of one chain.
const maxEndings = 50_000

// folded folds each of the words.
func folded(words []string) []string {
	for i, w := range words {
		words[i] = fold.String(w)
	}
	return words
}

func (r *reader) template(n *yaml.Node) Template {
	if n.Kind == 0 {
		return Template{}
	}
	t, err := ParseTemplate(n.Value)
	if err != nil {
		r.wrong(n, err.Error(), "a sentence with places, as docs/translators.md shows")
	}
	t.Places(func(place, form string, classes []string) { r.place(n, place, form, classes) })
	return t
}

// place checks that a choice names every plural class of the language.
func (r *reader) place(n *yaml.Node, place, form string, classes []string) {
	if form != "" && !slices.Contains(r.pack.Forms, form) && !slices.Contains(knownForms, form) {
		r.wrong(n, fmt.Sprintf("{%s.%s} asks for a form that the language has not", place, form), strings.Join(r.pack.Forms, ", "))
	}
	if place != "n" || len(classes) == 0 {
		return
	}
	for _, class := range PluralClasses(r.pack.Tag) {
		if !slices.Contains(classes, class) {
			r.wrong(n, fmt.Sprintf("the plural form %q is missing", class), strings.Join(PluralClasses(r.pack.Tag), ", "))
		}
	}
}

// knownForms are the forms of dates and numbers.
var knownForms = []string{"in", "since", "yearly", "began"}

func (r *reader) frames(f *packFile) {
	p := r.pack
	p.Frames = make(map[string]*Frame, len(f.Frames))
	for id, ff := range f.Frames {
		fr := &Frame{
			Says: r.template(&ff.Says), Announced: r.template(&ff.Announced), None: r.template(&ff.None),
			Title: r.template(&ff.Title), Counts: r.template(&ff.Counts),
		}
		fr.Asks = make(map[string]Template, len(ff.Asks))
		for role := range ff.Asks {
			n := ff.Asks[role]
			fr.Asks[role] = r.template(&n)
		}
		p.Frames[id] = fr
	}
	p.Phrases = make(map[string]Template, len(f.Phrases))
	for id := range f.Phrases {
		n := f.Phrases[id]
		p.Phrases[id] = r.template(&n)
	}
}

// example reads `"question": form`.
func (r *reader) example(n *yaml.Node) {
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		r.wrong(n, "this is not an example", "question: logical form")
		return
	}
	r.pack.Examples = append(r.pack.Examples,
		Example{Text: n.Content[0].Value, Form: n.Content[1].Value, Line: n.Content[0].Line, File: r.file})
}

func sortedKeys[K int | string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
