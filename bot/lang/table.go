package lang

// table numbers words from 0. It is a hash table with open addressing: a place for
// each hash, and the next free one where two have the same. The hashes are those of
// [hashOn], so that all beginnings of a word are hashed in one go.
type table struct {
	slots []slot // as many as a power of two
	words []string
	laid  laidTable // takes the place of both, see laid.go
}

// slot is a place of a table; the number counts from 1, and 0 is a free place.
type slot struct {
	hash   uint32
	number int32
}

// newTable returns a table with the given words, each of them once, and room for
// some more.
func newTable(words []string, more int) table {
	t := table{words: words}
	t.grow(len(words) + more)
	return t
}

// grow makes room for about n words.
func (t *table) grow(n int) {
	size := 16
	for size < 2*n {
		size *= 2
	}
	t.slots = make([]slot, size)
	for i, w := range t.words {
		t.put(hashOn(fnvOffset, w), int32(i))
	}
}

// put notes a word that the table has no place for yet.
func (t *table) put(hash uint32, number int32) {
	mask := uint32(len(t.slots) - 1)
	at := hash & mask
	for t.slots[at].number != 0 {
		at = (at + 1) & mask
	}
	t.slots[at] = slot{hash, number + 1}
}

// find returns the number of a word with the given hash.
func (t *table) find(hash uint32, word string) (number int32, ok bool) {
	if t.laid.tags != "" {
		return t.laid.find(hash, word)
	}
	if len(t.slots) == 0 {
		return 0, false
	}
	mask := uint32(len(t.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		s := t.slots[at]
		if s.number == 0 {
			return 0, false
		}
		if s.hash == hash && t.words[s.number-1] == word {
			return s.number - 1, true
		}
	}
}

// len is the number of words.
func (t *table) len() int { return len(t.words) + t.laid.ends.len() }

// word returns the word with a number.
func (t *table) word(n int32) string {
	if t.laid.tags != "" {
		return t.laid.word(uint32(n))
	}
	return t.words[n]
}

// has reports whether the table has a word.
func (t *table) has(word string) bool {
	_, ok := t.find(hashOn(fnvOffset, word), word)
	return ok
}

// number returns the number of a word, made at need.
func (t *table) number(word string) int32 {
	hash := hashOn(fnvOffset, word)
	if n, ok := t.find(hash, word); ok {
		return n
	}
	if 2*len(t.words) >= len(t.slots) {
		t.grow(max(len(t.words)+1, len(t.slots)))
	}
	n := int32(len(t.words))
	t.words = append(t.words, word)
	t.put(hash, n)
	return n
}
