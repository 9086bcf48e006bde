package wire_test

import (
	"testing"

	"suhbat/bot/wire"
)

// TestRoundTrip: a conversation that comes back changed answers another question.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	var w wire.Writer
	w.Text("")
	w.Int(0)
	w.Int(-3)
	w.Text("қалай?")
	w.Data(nil)
	w.Flags(true, false, true)
	w.Int(1 << 40)
	w.Flags(false)
	w.Text("")
	r := wire.Reader{Bytes: w.Bytes()}
	var a, b, c bool
	if r.Text() != "" || r.Int() != 0 {
		t.Error("what was nothing is something")
	}
	first, text, none := r.Int(), r.Text(), r.Data()
	r.Flags(&a, &b, &c)
	last := r.Int()
	if r.Int() != 0 || r.Text() != "" {
		t.Error("what was nothing is something at the end")
	}
	if first != -3 || text != "қалай?" || len(none) != 0 || !a || b || !c || last != 1<<40 || r.Broken || len(r.Bytes) != 0 {
		t.Errorf("got %d %q %q %v %v %v %d, broken %v, %d bytes left", first, text, none, a, b, c, last, r.Broken, len(r.Bytes))
	}
}

// FuzzReader: a damaged row of a database must not bring the program down, nor fill
// its memory.
func FuzzReader(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("\x00\x05\x02\x00\xff\xff\xff\x7f"))
	f.Add([]byte("\x02\x04ab\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := wire.Reader{Bytes: data}
		for range 4 {
			if n := r.Len(); n > 256 {
				t.Errorf("%d things in %d bytes", n, len(data))
			}
			if s := r.Text(); len(s) > len(data) {
				t.Errorf("%d bytes out of %d", len(s), len(data))
			}
			if r.Int(); r.Broken && len(r.Bytes) > 0 {
				t.Error("it goes on reading what is broken")
			}
		}
	})
}
