// Package wire writes texts and numbers as bytes and reads them again, in the same
// order: what is kept for half an hour needs no names of fields, and is read on the
// way of every question. Begin with a version; whoever finds another one forgets.
//
// Most of what is kept is nothing: a question has two or three of the thirty things that
// one may have. So values that are zero are counted, and a row of them takes two bytes.
//
// [AppendJSON] is for what goes to a network in JSON and is written by hand, because it
// is a good part of the work of an answer.
package wire

import "encoding/binary"

// Writer writes values. The zero Writer is ready for use.
type Writer struct {
	bytes []byte
	zeros uint64 // how many values came last that were zero, and are not written yet
}

// NewWriter returns a Writer with room for so many bytes.
func NewWriter(size int) Writer { return Writer{bytes: make([]byte, 0, size)} }

// Bytes returns all that was written; nothing is to be added then.
func (w *Writer) Bytes() []byte {
	w.next(false)
	return w.bytes
}

// next reports whether a value has to be written, and not only counted.
func (w *Writer) next(zero bool) bool {
	if zero {
		w.zeros++
		return false
	}
	if w.zeros > 0 {
		w.bytes = binary.AppendUvarint(append(w.bytes, 0), w.zeros)
		w.zeros = 0
	}
	return true
}

// Int writes a number.
func (w *Writer) Int(n int64) {
	if w.next(n == 0) {
		w.bytes = binary.AppendVarint(w.bytes, n)
	}
}

// Text writes a text, behind its length.
func (w *Writer) Text(s string) {
	if w.next(s == "") {
		w.bytes = append(binary.AppendUvarint(w.bytes, uint64(len(s))), s...)
	}
}

// Data writes bytes as a text.
func (w *Writer) Data(b []byte) {
	if w.next(len(b) == 0) {
		w.bytes = append(binary.AppendUvarint(w.bytes, uint64(len(b))), b...)
	}
}

// Flags writes truths, at most 63.
func (w *Writer) Flags(all ...bool) {
	var bits int64
	for i, b := range all {
		if b {
			bits |= 1 << i
		}
	}
	w.Int(bits)
}

// Reader takes values from Bytes in the order in which they were written. Once
// Broken is true, something was read that nobody wrote, and every value is zero.
type Reader struct {
	Bytes  []byte
	Broken bool
	zeros  uint64 // how many values come next that are zero
}

// next reports whether a value has to be read, because it is not zero.
func (r *Reader) next() bool {
	if r.zeros > 0 {
		r.zeros--
		return false
	}
	if len(r.Bytes) == 0 || r.Bytes[0] != 0 {
		return true
	}
	n, size := binary.Uvarint(r.Bytes[1:])
	if size <= 0 || n == 0 {
		r.fail()
		return false
	}
	r.Bytes, r.zeros = r.Bytes[1+size:], n-1
	return false
}

// Int takes a number.
func (r *Reader) Int() int64 {
	if !r.next() {
		return 0
	}
	n, size := binary.Varint(r.Bytes)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.Bytes = r.Bytes[size:]
	return n
}

// maxLen is the greatest number of things in a list: more is damage, which is not to
// fill the memory.
const maxLen = 256

// Len takes a number that counts things yet to come.
func (r *Reader) Len() int {
	n := r.Int()
	if n < 0 || n > maxLen {
		r.fail()
		return 0
	}
	return int(n)
}

// Text takes a text.
func (r *Reader) Text() string { return string(r.Data()) }

// Data takes bytes; they are those of the Reader.
func (r *Reader) Data() []byte {
	if !r.next() {
		return nil
	}
	n, size := binary.Uvarint(r.Bytes)
	if size <= 0 || n > uint64(len(r.Bytes)-size) {
		r.fail()
		return nil
	}
	data := r.Bytes[size : size+int(n)]
	r.Bytes = r.Bytes[size+int(n):]
	return data
}

// Flags takes as many truths as there are pointers.
func (r *Reader) Flags(all ...*bool) {
	bits := r.Int()
	for i, b := range all {
		*b = bits&(1<<i) != 0
	}
}

func (r *Reader) fail() { *r = Reader{Broken: true} }
