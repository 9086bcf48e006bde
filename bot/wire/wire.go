// Package wire writes texts and numbers as bytes and reads them again, in the same
// order: what is kept for half an hour needs no names of fields, and is read on the
// way of every question. Begin with a version; whoever finds another one forgets.
//
// [AppendJSON] is for what goes to a network in JSON and is written by hand, because it
// is a good part of the work of an answer.
package wire

import "encoding/binary"

// Writer appends values to Bytes. The zero Writer is ready for use.
type Writer struct{ Bytes []byte }

// NewWriter returns a Writer with room for so many bytes.
func NewWriter(size int) Writer { return Writer{Bytes: make([]byte, 0, size)} }

// Int appends a number.
func (w *Writer) Int(n int64) { w.Bytes = binary.AppendVarint(w.Bytes, n) }

// Text appends a text, behind its length.
func (w *Writer) Text(s string) {
	w.Bytes = binary.AppendUvarint(w.Bytes, uint64(len(s)))
	w.Bytes = append(w.Bytes, s...)
}

// Data appends bytes as a text.
func (w *Writer) Data(b []byte) {
	w.Bytes = binary.AppendUvarint(w.Bytes, uint64(len(b)))
	w.Bytes = append(w.Bytes, b...)
}

// Flags appends truths, at most 63.
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
}

// Int takes a number.
func (r *Reader) Int() int64 {
	n, size := binary.Varint(r.Bytes)
	if size <= 0 {
		r.fail()
		return 0
	}
	r.Bytes = r.Bytes[size:]
	return n
}

// Len takes a number that counts things yet to come, each of a byte or more.
func (r *Reader) Len() int {
	n := r.Int()
	if n < 0 || n > int64(len(r.Bytes)) {
		r.fail()
		return 0
	}
	return int(n)
}

// Text takes a text.
func (r *Reader) Text() string { return string(r.Data()) }

// Data takes bytes; they are those of the Reader.
func (r *Reader) Data() []byte {
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

func (r *Reader) fail() { r.Bytes, r.Broken = nil, true }
