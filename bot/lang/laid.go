package lang

import (
	"encoding/binary"
	"slices"

	"suhbat/facts/flat"
)

// Index is the words of all languages with the names of things among them.
//
// It can lie ready in the program: tables as bytes, in the order in which they are
// looked at. A start then makes no table and fills none, and the system loads those of
// their pages that a question touches. They are packed tightly: of what a question
// costs, a good part is waiting for memory that is not at hand. Nothing can be added
// to what is laid out so.
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
	var all []uint32
	for id := range s.words {
		u := s.usesOf(int32(id))
		all = append(all, u[:]...)
	}
	layInts(c, &s.laidUses, all)
	if s.laidUses.len() != int(allUses)*s.laid.ends.len() {
		c.Fail()
	}
	if !c.Reading() {
		s.once.Do(s.indexTypos)
	}
	s.typos.lay(c)
}

func (x *typoIndex) lay(c *flat.Coder) {
	layInts(c, &x.starts, x.starts.all())
	flat.Raw(c, &x.tags)
	layInts(c, &x.stems, x.stems.all())
	if x.starts.len() != 1<<typoBits+1 || x.stems.len() != len(x.tags) {
		c.Fail()
	}
}

func (l *Lexicon) lay(c *flat.Coder, concepts *flat.Refs[Concept]) {
	l.spelt.lay(c)
	l.phrases.lay(c, concepts)
}

// laidTable is a [table] that lies ready. Most of what is looked up in it is not there,
// and its tags alone tell that.
type laidTable struct {
	tags    string // by place: a part of the hash, or 0 for a free place
	numbers ints   // by place: what is there
	ends    ints   // by number: where its word ends in text, and the next one begins
	text    string
}

// tag is the part of a hash that a place shows; it is never 0.
func tag(hash uint32) byte { return byte(max(hash>>24, 1)) }

func (t *table) lay(c *flat.Coder) {
	var tags []byte
	var numbers, ends []uint32
	for _, s := range t.slots {
		if s.number == 0 {
			tags, numbers = append(tags, 0), append(numbers, 0)
			continue
		}
		tags, numbers = append(tags, tag(s.hash)), append(numbers, uint32(s.number-1))
	}
	var text []byte
	for _, w := range t.words {
		text = append(text, w...)
		ends = append(ends, uint32(len(text)))
	}
	raw(c, &t.laid.tags, tags)
	layInts(c, &t.laid.numbers, numbers)
	layInts(c, &t.laid.ends, ends)
	raw(c, &t.laid.text, text)
	if n := len(t.laid.tags); c.Reading() && (n&(n-1) != 0 || t.laid.numbers.len() != n || n < t.laid.ends.len()) {
		c.Fail()
	}
}

// find is [table.find].
func (t *laidTable) find(hash uint32, word string) (number int32, ok bool) {
	mask, want := uint32(len(t.tags)-1), tag(hash)
	for at := hash & mask; t.tags[at] != 0; at = (at + 1) & mask {
		if t.tags[at] != want {
			continue
		}
		if n := t.numbers.at(int(at)); t.word(n) == word {
			return int32(n), true
		}
	}
	return 0, false
}

// word returns the word with a number.
func (t *laidTable) word(n uint32) string {
	begin := uint32(0)
	if n > 0 {
		begin = t.ends.at(int(n) - 1)
	}
	return t.text[begin:t.ends.at(int(n))]
}

// laidTree is a [tree] that lies ready. Its nodes are numbered anew: those that stand
// under one node follow one another, sorted by their stems. Only under the root there
// are too many to search, and a hash table finds them.
type laidTree struct {
	roots ints // by place: a node under the root, or 0 for a free place
	stems ints // by node: the stem that leads to it
	first ints // by node: the first of those under it; those of the next node begin behind its last
	means ints // by node: which set of meanings it has
}

func (t *tree) lay(c *flat.Coder, concepts *flat.Refs[Concept]) {
	var roots, stems, first, means []uint32
	if !c.Reading() {
		stems, first, means = t.numbered()
		roots = hashed(stems[1:first[1]])
	}
	layInts(c, &t.laid.roots, roots)
	layInts(c, &t.laid.stems, stems)
	layInts(c, &t.laid.first, first)
	layInts(c, &t.laid.means, means)
	flat.Slice(c, &t.sets, func(c *flat.Coder, set *[]Meaning) {
		flat.Slice(c, set, func(c *flat.Coder, m *Meaning) {
			concepts.Code(c, &m.Concept)
			flat.Int(c, &m.Thing)
		})
	})
	x := &t.laid
	if n := x.roots.len(); c.Reading() && (n == 0 || n&(n-1) != 0 || x.stems.len() != x.means.len() || x.first.len() != x.means.len()+1 || len(t.sets) == 0) {
		c.Fail()
	}
}

// numbered returns the nodes of a tree in the order of [laidTree].
func (t *tree) numbered() (stems, first, means []uint32) {
	under := make([][]branch, len(t.means))
	for _, b := range t.branches {
		if b.to != 0 {
			under[b.node] = append(under[b.node], b)
		}
	}
	nodes := []int32{0}
	stems = []uint32{0}
	for i := 0; i < len(nodes); i++ {
		all := under[nodes[i]]
		slices.SortFunc(all, func(a, b branch) int { return int(a.stem - b.stem) })
		first = append(first, uint32(len(nodes)))
		for _, b := range all {
			nodes, stems = append(nodes, b.to), append(stems, uint32(b.stem))
		}
		means = append(means, uint32(t.means[nodes[i]]))
	}
	return stems, append(first, uint32(len(nodes))), means
}

// hashed returns a hash table of the nodes under the root, whose stems are given.
func hashed(stems []uint32) []uint32 {
	size := 16
	for size < 2*len(stems) {
		size *= 2
	}
	places := make([]uint32, size)
	for i, stem := range stems {
		at := rootHash(stem) & uint32(size-1)
		for places[at] != 0 {
			at = (at + 1) & uint32(size-1)
		}
		places[at] = uint32(i + 1)
	}
	return places
}

// rootHash is where the search for a node under the root begins, but for the size of
// the table.
func rootHash(stem uint32) uint32 {
	h := stem * 2654435761
	return h ^ h>>15
}

// next is [tree.next].
func (t *laidTree) next(node int32, stem uint32) int32 {
	if node == 0 {
		return t.root(stem)
	}
	low, end := t.first.at(int(node)), t.first.at(int(node)+1)
	for high := end; low < high; {
		if mid := (low + high) / 2; t.stems.at(int(mid)) < stem {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low < end && t.stems.at(int(low)) == stem {
		return int32(low)
	}
	return 0
}

func (t *laidTree) root(stem uint32) int32 {
	mask := uint32(t.roots.len() - 1)
	for at := rootHash(stem) & mask; ; at = (at + 1) & mask {
		if node := t.roots.at(int(at)); node == 0 || t.stems.at(int(node)) == stem {
			return int32(node)
		}
	}
}

// ints are numbers that lie ready, the lowest byte first: of 16 bits each if none is
// greater, else of 32.
type ints struct {
	bytes string
	wide  bool
}

// narrowInt is the greatest number of 16 bits.
const narrowInt = 1<<16 - 1

// intsOf lays numbers out.
func intsOf(all []uint32) ints {
	wide := len(all) > 0 && slices.Max(all) > narrowInt
	var out []byte
	for _, n := range all {
		if wide {
			out = binary.LittleEndian.AppendUint32(out, n)
		} else {
			out = binary.LittleEndian.AppendUint16(out, uint16(n))
		}
	}
	return ints{string(out), wide}
}

// layInts writes numbers, or has what lies ready take their place.
func layInts(c *flat.Coder, ready *ints, made []uint32) {
	var s ints
	if !c.Reading() {
		s = intsOf(made)
	}
	flat.Bool(c, &s.wide)
	if flat.Raw(c, &s.bytes); c.Reading() {
		*ready = s
	}
}

func (s ints) len() int {
	if s.wide {
		return len(s.bytes) / 4
	}
	return len(s.bytes) / 2
}

// all returns the numbers.
func (s ints) all() []uint32 {
	out := make([]uint32, s.len())
	for i := range out {
		out[i] = s.at(i)
	}
	return out
}

func (s ints) at(i int) uint32 {
	if s.wide {
		b := s.bytes[4*i : 4*i+4] // the compiler makes one load of the next line
		return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	}
	b := s.bytes[2*i : 2*i+2]
	return uint32(b[0]) | uint32(b[1])<<8
}

// raw writes what was made, or has what lies ready take its place.
func raw(c *flat.Coder, ready *string, made []byte) {
	s := string(made)
	if flat.Raw(c, &s); c.Reading() {
		*ready = s
	}
}
