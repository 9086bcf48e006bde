package lang

import (
	"encoding/binary"

	"suhbat/facts/flat"
)

// Index is the words of all languages with the names of things among them.
//
// It can lie ready in the program: hash tables as bytes, in the order in which they
// are looked at. A start then makes no table and fills none, and the system loads
// those of their pages that a question touches. Nothing can be added to what is laid
// out so.
type Index struct {
	Stems    *Stems
	Names    *Lexicon
	Lexicons []*Lexicon // of the packs of a set, in their order
}

// nameAll adds an empty lexicon of names to the others.
func (x *Index) nameAll() {
	x.Names = x.Stems.Lexicon(Endings{}, nil)
	x.Names.ofNames = true
	for _, l := range x.Lexicons {
		l.names = x.Names
	}
}

// Code writes an index over the packs of a set that comes from its flat form, or fills
// it with what lies ready. That this was made from the same packs and names is for the
// caller to know; of what lies ready, as of the program itself, only the sizes are
// checked.
func (x *Index) Code(c *flat.Coder, s *Set) {
	concepts := flat.NewRefs(c, s.all)
	if c.Reading() {
		x.Stems = new(Stems)
		for _, p := range s.Packs {
			x.Lexicons = append(x.Lexicons, x.Stems.Lexicon(p.Endings, nil))
		}
		x.nameAll() // last, as [Set.Index] does: their order gives lexicons their bits
	}
	x.Stems.lay(c)
	x.Names.lay(c, concepts)
	for _, l := range x.Lexicons {
		l.lay(c, concepts)
	}
}

func (s *Stems) lay(c *flat.Coder) {
	s.table.lay(c)
	var all []byte
	for id := range s.words {
		for _, bits := range s.usesOf(int32(id)) {
			all = binary.LittleEndian.AppendUint32(all, bits)
		}
	}
	raw(c, &s.laidUses, all)
	if s.laidUses.len() != int(allUses)*s.laid.ends.len() {
		c.Fail()
	}
	flat.Slice(c, &s.ofNames, flat.Int)
}

func (l *Lexicon) lay(c *flat.Coder, concepts *flat.Refs[Concept]) {
	l.spelt.lay(c)
	l.phrases.lay(c, concepts)
}

// laidTable is a [table] that lies ready.
type laidTable struct {
	slots ints // by place: a hash and the number that belongs to it
	ends  ints // by number: where its word ends in text, and the next one begins
	text  string
}

func (t *table) lay(c *flat.Coder) {
	var slots, ends, text []byte
	for _, s := range t.slots {
		slots = binary.LittleEndian.AppendUint32(slots, s.hash)
		slots = binary.LittleEndian.AppendUint32(slots, uint32(s.number))
	}
	for _, w := range t.words {
		text = append(text, w...)
		ends = binary.LittleEndian.AppendUint32(ends, uint32(len(text)))
	}
	raw(c, &t.laid.slots, slots)
	raw(c, &t.laid.ends, ends)
	raw(c, &t.laid.text, text)
	if n := t.laid.slots.len(); n&(n-1) != 0 || n/2 < t.laid.ends.len() {
		c.Fail()
	}
}

// places is the number of places.
func (t *table) places() int { return len(t.slots) + t.laid.slots.len()/2 }

// place returns what is in a place.
func (t *table) place(at uint32) slot {
	if t.laid.slots == "" {
		return t.slots[at]
	}
	return slot{t.laid.slots.at(2 * int(at)), int32(t.laid.slots.at(2*int(at) + 1))}
}

// len is the number of words.
func (t *table) len() int { return len(t.words) + t.laid.ends.len() }

// word returns the word with a number.
func (t *table) word(n int32) string {
	if t.laid.slots == "" {
		return t.words[n]
	}
	begin := uint32(0)
	if n > 0 {
		begin = t.laid.ends.at(int(n) - 1)
	}
	return t.laid.text[begin:t.laid.ends.at(int(n))]
}

// branchInts is how many numbers a branch takes: its node, its stem, where it leads.
const branchInts = 3

func (t *tree) lay(c *flat.Coder, concepts *flat.Refs[Concept]) {
	var branches, means []byte
	for _, b := range t.branches {
		for _, n := range []int32{b.node, b.stem, b.to} {
			branches = binary.LittleEndian.AppendUint32(branches, uint32(n))
		}
	}
	for _, set := range t.means {
		means = binary.LittleEndian.AppendUint32(means, uint32(set))
	}
	raw(c, &t.laidBranches, branches)
	raw(c, &t.laidMeans, means)
	flat.Slice(c, &t.sets, func(c *flat.Coder, set *[]Meaning) {
		flat.Slice(c, set, func(c *flat.Coder, m *Meaning) {
			concepts.Code(c, &m.Concept)
			flat.Int(c, &m.Thing)
		})
	})
	if n := t.laidBranches.len() / branchInts; n&(n-1) != 0 || n < t.laidMeans.len() || len(t.sets) == 0 {
		c.Fail()
	}
}

// laidNext is [tree.next] in what lies ready.
func (t *tree) laidNext(node, stem int32) int32 {
	mask := uint32(t.laidBranches.len()/branchInts - 1)
	for at := t.hash(node, stem) & mask; ; at = (at + 1) & mask {
		b := t.laidBranches[branchInts*intSize*at:]
		to := int32(b.at(2))
		if to == 0 || int32(b.at(0)) == node && int32(b.at(1)) == stem {
			return to
		}
	}
}

// ints are numbers of 32 bits, the lowest byte first.
type ints string

const intSize = 4

func (s ints) len() int { return len(s) / intSize }

func (s ints) at(i int) uint32 {
	b := s[intSize*i : intSize*i+intSize] // the compiler makes one load of the next line
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// raw writes what was made, or has what lies ready take its place.
func raw[S ~string](c *flat.Coder, ready *S, made []byte) {
	s := string(made)
	if flat.Raw(c, &s); c.Reading() {
		*ready = S(s)
	}
}
