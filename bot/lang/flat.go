package lang

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"golang.org/x/text/language"

	"suhbat/facts/flat"
)

// Flatten returns the language packs of fsys in the form that [Restore] reads.
func Flatten(fsys fs.FS) (string, error) {
	s, err := Load(fsys)
	if err != nil {
		return "", err
	}
	sum, err := flat.Sum(fsys)
	if err != nil {
		return "", fmt.Errorf("language packs: %w", err)
	}
	return flat.Write(sum, s.code), nil
}

// Restore returns the language packs that [Flatten] made of the files of fsys,
// except for their [Pack.Words], which are in their lexicons alone. The error is a
// [flat.ErrStale] if the files have changed since.
func Restore(flattened string, fsys fs.FS) (*Set, error) {
	sum, err := flat.Sum(fsys)
	if err != nil {
		return nil, fmt.Errorf("language packs: %w", err)
	}
	s := Set{Sum: sum}
	if err := flat.Read(flattened, sum, s.code); err != nil {
		return nil, fmt.Errorf("language packs: %w", err)
	}
	return &s, nil
}

// code writes or fills a set.
func (s *Set) code(c *flat.Coder) {
	var v *vocabulary
	var all []*Concept // those that the packs share, then those of their numbers
	if !c.Reading() {
		v = newVocabulary(s.Packs)
		all = v.concepts(s.Concepts)
	}
	flat.Slice(c, &all, func(c *flat.Coder, x **Concept) {
		if c.Reading() {
			*x = new(Concept)
		}
		codeConcept(c, *x)
	})
	s.all = all
	concepts := flat.NewRefs(c, all)
	flat.Map(c, &s.Concepts, concepts.Must)
	flat.Map(c, &s.Wordless, flat.Bool)
	flat.Slice(c, &s.Packs, func(c *flat.Coder, p **Pack) {
		if c.Reading() {
			*p = &Pack{kept: new(sync.Map)}
		}
		(*p).code(c)
	})
	read := c.Later(func(c *flat.Coder) { v.code(c, s.Packs, concepts) })
	packs := s.Packs
	s.words = func() (*vocabulary, error) {
		v := new(vocabulary)
		err := read(func(c *flat.Coder) { v.code(c, packs, concepts) })
		return v, err
	}
}

// concepts lists those that the packs share, and those that only words have.
func (v *vocabulary) concepts(shared map[string]*Concept) []*Concept {
	var all []*Concept
	listed := make(map[*Concept]bool)
	add := func(x *Concept) {
		if !listed[x] {
			listed[x] = true
			all = append(all, x)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(shared)) {
		add(shared[id])
	}
	for _, l := range v.lexicons {
		for _, set := range l.phrases.sets {
			for _, m := range set {
				add(m.Concept)
			}
		}
	}
	return all
}

func codeConcept(c *flat.Coder, x *Concept) {
	flat.Text(c, &x.ID)
	flat.Text(c, &x.Kind)
	flat.Slice(c, &x.Of, flat.Text)
	flat.Int(c, &x.N)
	flat.Bool(c, &x.Light)
	flat.Int(c, &x.Weak)
}

func (p *Pack) code(c *flat.Coder) {
	flat.Text(c, &p.Code)
	if c.Reading() {
		tag, err := language.Parse(p.Code)
		if p.Tag = tag; err != nil {
			c.Fail()
		}
	}
	flat.Text(c, &p.Name)
	flat.Bool(c, &p.Draft)
	flat.Text(c, &p.Script)
	flat.Slice(c, &p.Forms, flat.Text)
	codeEndings(c, &p.Endings)
	flat.Slice(c, &p.Clitics, flat.Text)
	flat.Bool(c, &p.Glued)
	flat.Bool(c, &p.Postpositions)
	flat.Text(c, &p.Base)
	flat.Slice(c, &p.Readings, codeReading)
	flat.Map(c, &p.Frames, func(c *flat.Coder, f **Frame) {
		if c.Reading() {
			*f = new(Frame)
		}
		(*f).code(c)
	})
	flat.Map(c, &p.Phrases, codeTemplate)
	flat.Slice(c, &p.Examples, func(c *flat.Coder, x *Example) {
		flat.Text(c, &x.Text)
		flat.Text(c, &x.Form)
		flat.Int(c, &x.Line)
		flat.Text(c, &x.File)
	})
	for _, list := range p.Grammar.lists() {
		flat.Slice(c, list, flat.Text)
	}
	for i := range p.dates.months {
		flat.Map(c, &p.dates.months[i], flat.Text)
	}
	flat.Map(c, &p.dates.templates, codeTemplate)
	flat.Text(c, &p.and)
	flat.Slice(c, &p.names.strip, flat.Text)
	flat.Int(c, &p.names.min)
	codeCases(c, &p.cases)
	flat.Map(c, &p.ordinals, flat.Text)
	codeReading(c, &p.letters)
	p.alphabet.code(c)
}

func codeTemplate(c *flat.Coder, t *Template) { flat.Text(c, &t.text) }

func (f *Frame) code(c *flat.Coder) {
	for _, t := range []*Template{&f.Says, &f.Announced, &f.None, &f.Title, &f.Counts} {
		codeTemplate(c, t)
	}
	flat.Map(c, &f.Asks, codeTemplate)
}

func codeReading(c *flat.Coder, r *Reading) {
	flat.Text(c, &r.Name)
	flat.Map(c, &r.table, flat.Text)
	if c.Reading() && r.table != nil {
		r.longest = longestGroups(r.table)
	}
}

func codeCases(c *flat.Coder, x *cases) {
	class := make(map[string]string, len(x.class))
	for vowel, is := range x.class {
		class[string(vowel)] = is
	}
	flat.Map(c, &class, flat.Text)
	if c.Reading() {
		x.class = make(map[rune]string, len(class))
		for vowel, is := range class {
			for _, r := range vowel {
				x.class[r] = is
			}
		}
	}
	flat.Map(c, &x.letters, flat.Text)
	flat.Map(c, &x.forms, func(c *flat.Coder, rules *[]caseRule) {
		flat.Slice(c, rules, func(c *flat.Coder, rule *caseRule) {
			flat.Text(c, &rule.After)
			flat.Bool(c, &rule.Compound)
			flat.Text(c, &rule.Drop)
			flat.Map(c, &rule.Add, flat.Text)
		})
	})
}

func (a *alphabet) code(c *flat.Coder) {
	var letters []rune
	for r, has := range a {
		if has {
			letters = append(letters, rune(r))
		}
	}
	text := string(letters)
	if flat.Text(c, &text); c.Reading() {
		a.add(text)
	}
}

func (v *vocabulary) code(c *flat.Coder, packs []*Pack, concepts *flat.Refs[Concept]) {
	if c.Reading() {
		v.stems = NewStems(0)
	}
	flat.Words(c, &v.stems.words)
	if c.Reading() {
		v.stems.grow(len(v.stems.words))
		v.stems.uses = make([]uses, len(v.stems.words), len(v.stems.slots)/2) // names will be added
	}
	for i, p := range packs {
		if c.Reading() {
			v.lexicons = append(v.lexicons, v.stems.Lexicon(p.Endings, nil))
		}
		l := v.lexicons[i]
		l.codeUses(c)
		l.phrases.code(c, len(v.stems.words), concepts)
		for _, b := range l.phrases.branches {
			if c.Reading() && b.to != 0 && b.node == 0 {
				l.use(b.stem, begins)
			}
		}
		if flat.Words(c, &l.spelt.words); c.Reading() {
			l.spelt.grow(len(l.spelt.words))
		}
	}
}

// codeUses codes the stems that a lexicon uses, each by its distance from the one
// before.
func (l *Lexicon) codeUses(c *flat.Coder) {
	var used []int
	for id := range l.stems.uses {
		if l.waysOf(id) != 0 {
			used = append(used, id)
		}
	}
	n := c.Len(len(used))
	id := -1
	for i := range n {
		step := 0
		if !c.Reading() {
			step = used[i] - id - 1
		}
		id += 1 + c.Below(len(l.stems.words)-id-1, step)
		if id >= len(l.stems.uses) {
			c.Fail()
			return
		}
		ways := c.Int(l.waysOf(id))
		for how := range codedUses {
			if ways&(1<<how) != 0 {
				l.stems.uses[id][how] |= l.bit
			}
		}
	}
}

// codedUses are the ways of which each stem's are written; in which phrases it stands
// tells whether one begins with it.
const codedUses = begins

// waysOf returns the ways in which a lexicon uses a stem as one number, a bit for each.
func (l *Lexicon) waysOf(id int) (ways int) {
	for how := range codedUses {
		if l.stems.uses[id][how]&l.bit != 0 {
			ways |= 1 << how
		}
	}
	return ways
}

// code codes the nodes of a tree, each by the node before it on its phrases, the
// stem between the two, and what the phrase means. Nodes and stems are numbered as
// they are come upon, so the differences are small, and most stay the same when a
// word is put in.
func (t *tree) code(c *flat.Coder, stems int, concepts *flat.Refs[Concept]) {
	flat.Slice(c, &t.sets, func(c *flat.Coder, set *[]Meaning) {
		flat.Slice(c, set, func(c *flat.Coder, m *Meaning) { concepts.Must(c, &m.Concept) })
	})
	n := c.Len(len(t.means))
	if len(t.sets) == 0 || n == 0 {
		c.Fail()
		*t = newTree()
		return
	}
	var to []branch // by the node that a branch leads to
	if c.Reading() {
		t.means = make([]int32, n)
		t.reserve(n)
	} else {
		to = make([]branch, n)
		for _, b := range t.branches {
			to[b.to] = b
		}
	}
	free := 0 // the stem behind all that have been come upon
	for i := 1; i < n; i++ {
		var b branch
		up, back := 0, 0
		if !c.Reading() {
			if b = to[i]; b.node > 0 {
				up = i - int(b.node)
			}
			back = free - int(b.stem)
		}
		up, back = c.Below(i, up), c.Int(back)
		stem := free - back
		if stem < 0 || stem >= stems {
			c.Fail()
			return
		}
		free = max(free, stem+1)
		if t.means[i] = int32(c.Below(len(t.sets), int(t.means[i]))); c.Reading() {
			b = branch{0, int32(stem), int32(i)}
			if up > 0 {
				b.node = int32(i - up)
			}
			t.put(b)
		}
	}
}
