package lang

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"
)

// Set is every language that the program speaks.
type Set struct {
	// Packs are the languages, the most usual first: of two in which a question may
	// be read, it is the one that counts.
	Packs    []*Pack
	Concepts map[string]*Concept
	// Wordless are concepts that a language may do without words for.
	Wordless map[string]bool

	// Sum is the [flat.Sum] of the files, if the set comes from their flat form.
	Sum string

	// all are the concepts that words stand for, in the order of the flat form.
	all []*Concept
	// words returns the words of the packs; nil if they are in the packs themselves.
	words func() (*vocabulary, error)
}

// Pack is one language.
type Pack struct {
	Code  string       // BCP 47, as the facts write it: "en", "uz"
	Tag   language.Tag // the same
	Name  string       // what its speakers call it
	Draft bool         // true until a native reader has reviewed it
	// Script is the ISO 15924 name of the letters: "Latn", "Cyrl".
	Script string
	// Forms are the forms of a name that a sentence may ask for.
	Forms []string
	// Endings are what may follow a stem.
	Endings Endings
	// Clitics are words that are written onto the word before them: Uzbek -mi.
	Clitics []string
	// Glued is true where endings may stand behind a number or an abbreviation,
	// after a hyphen or without one: "2022-де".
	Glued bool
	// Postpositions is true where "before" and "after" stand behind what they
	// govern.
	Postpositions bool
	// Base is the language whose pack this one was made from, in other letters.
	Base string
	// Words are what the lexicon is made of.
	Words []Word
	// Readings are other ways to read what was typed.
	Readings []Reading
	Frames   map[string]*Frame
	Phrases  map[string]Template
	Examples []Example
	Grammar  Grammar
	dates    dates
	and      string
	names    nameRule
	cases    cases
	ordinals map[string]string // last digits by class, see [Pack.Ordinal]
	letters  Reading           // from the letters of Base
	alphabet alphabet
	kept     *sync.Map // see [Pack.Kept]
}

// Kept returns what [Pack.Keep] was told of a thing, or nil.
func (p *Pack) Kept(thing any) any {
	if p.kept == nil {
		return nil
	}
	value, _ := p.kept.Load(thing)
	return value
}

// Keep is for who speaks the language: what is said of a thing that does not change
// need not be made twice. It may be called by many goroutines; what was kept first is
// as good as what was kept last.
func (p *Pack) Keep(thing, value any) {
	if p.kept != nil {
		p.kept.Store(thing, value)
	}
}

// Word is a phrase and what it stands for.
type Word struct {
	Phrase  string
	Concept *Concept
	// Spelt is the phrase with the letters of the language, if they are others.
	Spelt string
}

// Frame says how one property is stated and asked about.
type Frame struct {
	// Says states the property of a subject.
	Says Template
	// Announced states it where the source spoke before the day; without it, Says
	// does, with a remark.
	Announced Template
	// None says that the subject has no value, where the facts are complete.
	None Template
	// Asks are the questions about it, by what is asked: "value", "subject",
	// "time", "check".
	Asks map[string]Template
	// Title introduces a list of statements.
	Title Template
	// Counts says how many there are.
	Counts Template
}

// Example is a question with the logical form that it must have, or "-" if it
// must be declined.
type Example struct {
	Text, Form string
	Line       int
	File       string
}

// Finding is something wrong in a language pack.
type Finding struct {
	File       string
	Line, Col  int
	What, Want string
}

// Error writes f as compilers do.
func (f Finding) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s, expected %s", f.File, f.Line, f.Col, f.What, f.Want)
}

// Load reads concepts.yaml and every other pack of fsys. The error joins all
// findings, each a [Finding].
func Load(fsys fs.FS) (*Set, error) {
	common, err := loadConcepts(fsys)
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("language packs: %w", err)
	}
	files = slices.DeleteFunc(files, func(f string) bool { return f == conceptsFile || strings.Contains(f, ".words.") })
	if len(files) == 0 {
		return nil, errors.New("no language packs, expected files such as en.yaml")
	}
	packs := make([][]*Pack, len(files))
	failures := make([]error, len(files))
	var wg sync.WaitGroup
	for i, file := range files {
		wg.Go(func() { packs[i], failures[i] = loadPack(fsys, file, common.concepts) })
	}
	wg.Wait()
	if err := errors.Join(failures...); err != nil {
		return nil, err
	}
	set := &Set{Packs: slices.Concat(packs...), Concepts: common.concepts, Wordless: common.wordless}
	slices.SortStableFunc(set.Packs, func(a, b *Pack) int { return common.place(a.Code) - common.place(b.Code) })
	return set, nil
}

// Pack returns the pack of a language, or nil.
func (s *Set) Pack(code string) *Pack {
	for _, p := range s.Packs {
		if p.Code == code {
			return p
		}
	}
	return nil
}

// Codes lists the languages, sorted.
func (s *Set) Codes() []string {
	var out []string
	for _, p := range s.Packs {
		out = append(out, p.Code)
	}
	return out
}

const conceptsFile = "concepts.yaml"

// common is what all packs share.
type common struct {
	concepts map[string]*Concept
	wordless map[string]bool
	order    []string
}

// place is the place of a language in the order, the last for one that has none.
func (c *common) place(code string) int {
	if i := slices.Index(c.order, code); i >= 0 {
		return i
	}
	return len(c.order)
}

func loadConcepts(fsys fs.FS) (*common, error) {
	data, err := fs.ReadFile(fsys, conceptsFile)
	if err != nil {
		return nil, fmt.Errorf("language packs: %w", err)
	}
	var file struct {
		Filler, Unit, Light, Weak, Tag, Op, Chat, Uncovered, Wordless, Order []string
		Wh, Type, Relation                                                   map[string][]string
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", conceptsFile, err)
	}
	c := &common{wordless: make(map[string]bool, len(file.Wordless)), order: file.Order}
	for _, id := range file.Wordless {
		c.wordless[id] = true
	}
	out := make(map[string]*Concept, 256)
	c.concepts = out
	add := func(kind Kind, id string, of []string) {
		out[id] = &Concept{ID: id, Kind: kind, Of: of, Light: slices.Contains(file.Light, id), Weak: 1 + slices.Index(file.Weak, id)}
	}
	for kind, ids := range map[Kind][]string{
		Filler: file.Filler, Unit: file.Unit, Tag: file.Tag, Op: file.Op, Chat: file.Chat, Uncovered: file.Uncovered,
	} {
		for _, id := range ids {
			add(kind, id, nil)
		}
	}
	for kind, all := range map[Kind]map[string][]string{Wh: file.Wh, TypeNoun: file.Type, Relation: file.Relation} {
		for id, of := range all {
			add(kind, id, of)
		}
	}
	return c, nil
}

// bytesPerWord is about how many bytes of a pack there are for each phrase of its
// vocabulary: room made in advance need not grow.
const bytesPerWord = 24

// loadPack reads a file: a language, and the same language in other letters.
func loadPack(fsys fs.FS, file string, concepts map[string]*Concept) ([]*Pack, error) {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("language packs: %w", err)
	}
	var doc packFile
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r := reader{file: file, concepts: concepts, size: len(data) / bytesPerWord, pack: &Pack{Code: strings.TrimSuffix(path.Base(file), ".yaml"), kept: new(sync.Map)}}
	r.read(&doc)
	packs := []*Pack{r.pack}
	for _, also := range doc.Also {
		packs = append(packs, r.rewrite(&doc, also))
	}
	if len(r.findings) > 0 {
		return nil, errors.Join(r.findings...)
	}
	return packs, nil
}
