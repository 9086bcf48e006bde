package telegram

import (
	"bytes"
	"encoding/json"
)

// The server always writes its answers in the same way, and what is wanted of most of
// them comes first. What is here finds that without reading the rest. Of an answer that
// is written otherwise it says so, and encoding/json reads it.

// updatesIn cuts the list in an answer to getUpdates into its updates. It does not look
// into them.
func updatesIn(body []byte) (all []json.RawMessage, ok bool) {
	rest, ok := bytes.CutPrefix(body, []byte(okPrefix+`"result":[`))
	if !ok || string(rest) == "]}" {
		return nil, ok
	}
	for ok {
		n := objectLen(rest)
		if n == 0 {
			break
		}
		all, rest = append(all, rest[:n:n]), rest[n:]
		if string(rest) == "]}" {
			return all, true
		}
		rest, ok = bytes.CutPrefix(rest, []byte(","))
	}
	return nil, false
}

// messageIn returns the id of the message in an answer to a method that sends one.
func messageIn(body []byte) (id string, ok bool) {
	rest, ok := bytes.CutPrefix(body, []byte(okPrefix+`"result":{"message_id":`))
	end := bytes.IndexAny(rest, ",}")
	if !ok || end < 1 {
		return "", false
	}
	for _, c := range rest[:end] {
		if c < '0' || c > '9' {
			return "", false
		}
	}
	return string(rest[:end]), true
}

// objectLen is how many bytes the object has that b begins with, 0 if it is none or
// does not end.
func objectLen(b []byte) int {
	if len(b) == 0 || b[0] != '{' {
		return 0
	}
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"':
			n := stringLen(b[i:])
			if n == 0 {
				return 0
			}
			i += n - 1
		}
	}
	return 0
}

// stringLen is how many bytes the string has that b begins with, its quotes included,
// 0 if it does not end.
func stringLen(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}
