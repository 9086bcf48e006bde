package store

import (
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"
)

// mark begins a text that is written down in hexadecimal digits. It is a control
// character that no network uses in its ids.
const mark = "\x01"

// encode makes a text of any bytes one that every database takes: PostgreSQL refuses
// zero bytes and invalid UTF-8. What is plain text, which is nearly all there is, stays
// readable.
func encode(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 && !strings.HasPrefix(s, mark) {
		return s
	}
	return mark + hex.EncodeToString([]byte(s))
}

// decode undoes [encode].
func decode(s string) string {
	digits, ok := strings.CutPrefix(s, mark)
	if !ok {
		return s
	}
	b, err := hex.DecodeString(digits)
	if err != nil {
		return s
	}
	return string(b)
}

// blob is b, or no bytes in place of nil, which would be NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// micros is a time as it is written down; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// moment undoes [micros].
func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// stamp is the time of something that happened: never 0, which says that it has not.
func stamp(t time.Time) int64 { return max(t.UnixMicro(), 1) }
