package message

import (
	"testing"
	"unicode"
)

// TestPlainRune: what is let through at a glance is what a closer look lets through,
// or a character that turns a line around could reach a reader.
func TestPlainRune(t *testing.T) {
	t.Parallel()
	for r := range unicode.MaxRune + 1 {
		if plainRune(r) && cleanRune(r) != r {
			t.Errorf("%U", r)
		}
	}
}
