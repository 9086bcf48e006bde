package flat

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// Coder writes values to a string or fills them from one. After the first fault in
// a string all further values are zero, so that only [Read] has to look for it.
type Coder struct {
	reading bool
	texts   []string // each text once
	// What is written.
	out     []byte
	numbers map[string]int // of the texts
	// What is still to be read, and how many texts have come up.
	data string
	used int
	err  error
}

// Reading reports whether values are filled, not written.
func (c *Coder) Reading() bool { return c.reading }

// Fail notes that what was read makes no sense.
func (c *Coder) Fail() {
	if c.err == nil {
		c.err = fmt.Errorf("flat: %w", ErrBroken)
	}
	c.data = ""
}

func (c *Coder) write(n uint64) { c.out = binary.AppendUvarint(c.out, n) }

func (c *Coder) uint() uint64 {
	var n uint64
	for i := 0; i < len(c.data) && i < binary.MaxVarintLen64; i++ {
		b := c.data[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			c.data = c.data[i+1:]
			return n
		}
	}
	c.Fail()
	return 0
}

// Words codes texts of which each stands at one place only.
func Words(c *Coder, words *[]string) {
	n := c.Len(len(*words))
	if !c.reading {
		for _, w := range *words {
			c.write(uint64(len(w)))
		}
		for _, w := range *words {
			c.out = append(c.out, w...)
		}
		return
	}
	begin := c.data // the lengths are read twice, which is cheaper than to keep them
	total := 0
	for range n {
		total += c.Below(len(c.data)+1, 0)
	}
	if total > len(c.data) {
		c.Fail()
		return
	}
	texts, rest := c.data[:total], c.data[total:]
	c.data = begin
	*words = make([]string, n)
	for i := range *words {
		size := c.Below(len(texts)+1, 0)
		(*words)[i], texts = texts[:size], texts[size:]
	}
	c.data = rest
}

// Raw codes bytes that stay where they lie, such as a table that is looked things up
// in as it is.
func Raw(c *Coder, s *string) {
	n := c.Len(len(*s))
	switch {
	case !c.reading:
		c.out = append(c.out, *s...)
	case n > len(c.data):
		c.Fail()
	default:
		*s, c.data = c.data[:n], c.data[n:]
	}
}

// Len codes the number of things that follow, each of at least a byte: a broken
// string cannot make the program ask for more memory than it is long.
func (c *Coder) Len(n int) int { return c.Below(len(c.data)+1, n) }

// Below codes a number from 0 that is below limit when it is read.
func (c *Coder) Below(limit, n int) int {
	if !c.reading {
		c.write(uint64(n))
		return n
	}
	if u := c.uint(); u < uint64(max(limit, 0)) {
		return int(u)
	}
	c.Fail()
	return 0
}

// Int codes a number.
func (c *Coder) Int(n int) int {
	if !c.reading {
		c.out = binary.AppendVarint(c.out, int64(n))
		return n
	}
	u := c.uint()
	return int(u>>1) ^ -int(u&1)
}

// Int codes a number.
func Int[N ~int | ~int32 | ~uint8](c *Coder, n *N) { *n = N(c.Int(int(*n))) }

// Bool codes a yes or no.
func Bool(c *Coder, b *bool) {
	n := 0
	if *b {
		n = 1
	}
	*b = c.Below(2, n) == 1
}

// Text codes a text: 0 for one that has not come up yet, or else how many of them
// ago it first did.
func Text[S ~string](c *Coder, s *S) {
	if !c.reading {
		n, ok := c.numbers[string(*s)]
		if !ok {
			n = len(c.texts)
			c.numbers[string(*s)] = n
			c.texts = append(c.texts, string(*s))
			c.write(0)
			return
		}
		c.write(uint64(len(c.texts) - n))
		return
	}
	n := c.used - c.Below(c.used+1, 0)
	if n == c.used {
		c.used++
	}
	if *s = ""; n < len(c.texts) {
		*s = S(c.texts[n])
	} else {
		c.Fail()
	}
}

// Later codes what need not be read at once. It returns a function that reads it,
// as often as it is called. A text in it is one of [Words].
func (c *Coder) Later(do func(*Coder)) (read func(func(*Coder)) error) {
	if !c.reading {
		var part Coder
		do(&part)
		c.write(uint64(len(part.out)))
		c.out = append(c.out, part.out...)
		return nil
	}
	n := c.Len(0)
	if n > len(c.data) {
		c.Fail()
		n = 0
	}
	part := c.data[:n]
	c.data = c.data[n:]
	return func(do func(*Coder)) error { return readAll(part, do) }
}

// Slice codes a slice by its elements; nil stays nil.
func Slice[T any](c *Coder, s *[]T, each func(*Coder, *T)) {
	n := 0
	if !c.reading && *s != nil {
		n = len(*s) + 1
	}
	if n = c.Len(n); n == 0 {
		*s = nil
		return
	}
	if c.reading {
		*s = make([]T, n-1)
	}
	for i := range *s {
		each(c, &(*s)[i])
	}
}

// Map codes a map by its values, sorted by their keys; nil stays nil.
func Map[K ~string, V any](c *Coder, m *map[K]V, each func(*Coder, *V)) {
	n := 0
	if !c.reading && *m != nil {
		n = len(*m) + 1
	}
	if n = c.Len(n); n == 0 {
		*m = nil
		return
	}
	if !c.reading {
		for _, k := range slices.Sorted(maps.Keys(*m)) {
			v := (*m)[k]
			Text(c, &k)
			each(c, &v)
		}
		return
	}
	*m = make(map[K]V, n-1)
	for range n - 1 {
		var k K
		var v V
		Text(c, &k)
		each(c, &v)
		(*m)[k] = v
	}
}

// Refs are things that others refer to, each by its place.
type Refs[T any] struct {
	all     []*T
	numbers map[*T]int // for writing
}

// NewRefs numbers the things.
func NewRefs[T any](c *Coder, all []*T) *Refs[T] {
	r := Refs[T]{all: all}
	if !c.reading {
		r.numbers = make(map[*T]int, len(all))
		for i, x := range all {
			r.numbers[x] = i
		}
	}
	return &r
}

// Code codes a reference, which may be nil.
func (r *Refs[T]) Code(c *Coder, x **T) {
	n := 0
	if !c.reading && *x != nil {
		n = r.numbers[*x] + 1
	}
	if n = c.Below(len(r.all)+1, n); c.reading {
		*x = nil
		if n > 0 {
			*x = r.all[n-1]
		}
	}
}

// Must codes a reference that is never nil.
func (r *Refs[T]) Must(c *Coder, x **T) {
	if r.Code(c, x); *x == nil {
		c.Fail()
	}
}
