package lang

import "fmt"

// vocabulary is the words of all languages of a set, ready to be looked up.
type vocabulary struct {
	stems    *Stems
	lexicons []*Lexicon // of the packs, in their order
}

// vocabulary returns the words of the packs, anew at each call: they may be added to.
func (s *Set) vocabulary() (*vocabulary, error) {
	if s.words == nil {
		return newVocabulary(s.Packs), nil
	}
	return s.words()
}

func newVocabulary(packs []*Pack) *vocabulary {
	size := 0
	for _, p := range packs {
		size += len(p.Words) / 2 // many phrases share their stems
	}
	v := &vocabulary{stems: NewStems(size)}
	for _, p := range packs {
		l := v.stems.Lexicon(p.Endings, nil)
		for _, w := range p.Words {
			l.Add(w.Phrase, Meaning{Concept: w.Concept})
			l.Spell(w.Phrase, w.Spelt)
		}
		v.lexicons = append(v.lexicons, l)
	}
	return v
}

// Index returns the words of the packs with an empty lexicon of names, which the
// caller fills. The caller may say how its names are spelt in a language by
// [Lexicon.Spell].
func (s *Set) Index() (*Index, error) {
	if len(s.Packs) >= maxLexicons {
		return nil, fmt.Errorf("language packs: there are %d, expected fewer than %d", len(s.Packs), maxLexicons)
	}
	v, err := s.vocabulary()
	if err != nil {
		return nil, fmt.Errorf("language packs: %w", err)
	}
	x := &Index{Stems: v.stems, Lexicons: v.lexicons}
	x.nameAll()
	return x, nil
}

// Proven returns the set without the examples of its packs, for facts that they
// are known to hold for.
func (s *Set) Proven() *Set {
	out := &Set{Concepts: s.Concepts, Wordless: s.Wordless, Sum: s.Sum, all: s.all, words: s.vocabulary}
	for _, p := range s.Packs {
		c := *p
		c.Examples = nil
		out.Packs = append(out.Packs, &c)
	}
	return out
}
