package telegram

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"suhbat/bot/message"
)

// utf16Len returns the length of s as the API counts: in UTF-16 units. s is UTF-8, as
// all is that was cleaned.
func utf16Len(s string) int {
	n := len(s)
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return i + wideLen(s[i:])
		}
	}
	return n
}

// wideLen counts characters, and twice those that take four bytes.
func wideLen(s string) (n int) {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 0xf0:
			n += 2
		case c < 0x80, c >= 0xc0:
			n++
		}
	}
	return n
}

// trim takes the spaces at the ends of a line away, and spans of nothing.
func trim(line []span) []span {
	out := line[:0]
	for _, s := range line {
		if len(out) == 0 {
			s.text = strings.TrimLeftFunc(s.text, unicode.IsSpace)
		}
		if s.text != "" {
			out = append(out, s)
		}
	}
	for len(out) > 0 {
		last := &out[len(out)-1]
		if last.text = strings.TrimRightFunc(last.text, unicode.IsSpace); last.text != "" {
			break
		}
		out = out[:len(out)-1]
	}
	return out
}

// wantsSpace reports whether a citation has to be set off from the character before
// it.
func wantsSpace(last rune) bool {
	return !unicode.IsSpace(last) && !unicode.Is(unicode.Ps, last) && last != ']'
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// linkable reports whether the server takes an address for a link: it refuses the
// whole message for one that it does not.
func linkable(address string) bool {
	if plainAddress(address) {
		return true
	}
	if address != message.Clean(address) || strings.ContainsFunc(address, unicode.IsSpace) || len(address) > maxURL {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.User == nil &&
		strings.Contains(strings.Trim(u.Hostname(), "."), ".") && !strings.Contains(u.Hostname(), "..")
}

// plainAddress reports whether an address is linkable at a glance, as nearly all are:
// one of letters, digits and the usual marks, whose host has a dot inside. Of others it
// says nothing.
func plainAddress(address string) bool {
	rest, ok := strings.CutPrefix(address, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(address, "http://")
	}
	host, path, _ := strings.Cut(rest, "/")
	if !ok || len(address) > maxURL || !strings.Contains(strings.Trim(host, "."), ".") || strings.Contains(host, "..") {
		return false
	}
	for i := range len(host) {
		if c := host[i]; c != '.' && c != '-' && !asItIs[c] {
			return false
		}
	}
	for i := range len(path) {
		if c := path[i]; !asItIs[c] && strings.IndexByte("/?#=&+:();,!@", c) < 0 {
			return false
		}
	}
	return true
}

// maxURL bounds an address in bytes.
const maxURL = 2048

// shorten cleans a label and cuts it off behind a grapheme, so that it has at most
// limit UTF-16 units.
func shorten(label string, limit int) string {
	label = strings.TrimSpace(message.Clean(label))
	if utf16Len(label) <= limit {
		return label
	}
	kept, rest, state := 0, label, -1
	for units := 0; ; {
		var g string
		g, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if units += utf16Len(g); units >= limit {
			return strings.TrimSpace(label[:kept]) + "…"
		}
		kept += len(g)
	}
}
