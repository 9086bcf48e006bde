package wire_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"suhbat/bot/wire"
)

// FuzzAppendJSON: a network would refuse an answer whose text is quoted otherwise, or
// show it with other letters.
func FuzzAppendJSON(f *testing.F) {
	for _, s := range []string{"", "who?", `a "b" \`, "қалай\n\t\r\b\f\x00\x1f\x7f", "<&>", "\xff\xc3", "\u2028\u2029\ufffd", "😀"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(s); err != nil {
			t.Fatal(err)
		}
		if got := wire.AppendJSON([]byte("x"), s); string(got)+"\n" != "x"+want.String() {
			t.Errorf("got %s, want %s", got[1:], want.String())
		}
	})
}
