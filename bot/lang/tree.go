package lang

import "slices"

// tree holds phrases: a way from its root over the stems of a phrase ends at the
// node of the phrase. The root is 0, and nodes are numbered as they are made.
type tree struct {
	branches []branch    // a hash table with open addressing
	means    []int32     // by node: which set of meanings it has
	sets     [][]Meaning // the first one is empty
	unions   map[addition]int32
	laid     laidTree // takes the place of the first two, see laid.go
}

// branch leads from a node over a stem to the next one; no branch leads to the root.
type branch struct{ node, stem, to int32 }

// addition is a set of meanings with one more.
type addition struct {
	set  int32
	more Meaning
}

func newTree() tree { return tree{means: make([]int32, 1), sets: make([][]Meaning, 1)} }

// hash is where the search for a branch begins, but for the size of the table.
func (t *tree) hash(node, stem int32) uint32 {
	h := uint32(node)*2654435761 ^ uint32(stem)*2246822519
	return h ^ h>>15
}

// next returns where a branch leads, or 0.
func (t *tree) next(node, stem int32) int32 {
	if t.laid.means.bytes != "" {
		return t.laid.next(node, uint32(stem))
	}
	if len(t.branches) == 0 {
		return 0
	}
	mask := uint32(len(t.branches) - 1)
	for at := t.hash(node, stem) & mask; ; at = (at + 1) & mask {
		if b := &t.branches[at]; b.to == 0 || b.node == node && b.stem == stem {
			return b.to
		}
	}
}

// grow returns where a branch leads, made at need.
func (t *tree) grow(node, stem int32) int32 {
	if to := t.next(node, stem); to != 0 {
		return to
	}
	to := int32(len(t.means))
	t.means = append(t.means, 0)
	t.reserve(len(t.means))
	t.put(branch{node, stem, to})
	return to
}

// reserve makes room for the branches of n nodes.
func (t *tree) reserve(n int) {
	if 3*n < 2*len(t.branches) {
		return
	}
	size := 16
	for 2*size <= 3*n {
		size *= 2
	}
	old := t.branches
	t.branches = make([]branch, size)
	for _, b := range old {
		if b.to != 0 {
			t.put(b)
		}
	}
}

func (t *tree) put(b branch) {
	mask := uint32(len(t.branches) - 1)
	at := t.hash(b.node, b.stem) & mask
	for t.branches[at].to != 0 {
		at = (at + 1) & mask
	}
	t.branches[at] = b
}

// meanings are what the phrase of a node stands for.
func (t *tree) meanings(node int32) []Meaning {
	if t.laid.means.bytes != "" {
		return t.sets[t.laid.means.at(int(node))]
	}
	return t.sets[t.means[node]]
}

// mean gives a node a meaning. Nodes that mean the same share a set.
func (t *tree) mean(node int32, m Meaning) {
	set := t.means[node]
	if slices.Contains(t.sets[set], m) {
		return
	}
	key := addition{set, m}
	to, ok := t.unions[key]
	if !ok {
		to = int32(len(t.sets))
		t.sets = append(t.sets, append(slices.Clip(t.sets[set]), m))
		if t.unions == nil {
			t.unions = make(map[addition]int32)
		}
		t.unions[key] = to
	}
	t.means[node] = to
}
