package facts

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// values walks a slice.
func values[S ~string](words []S) iter.Seq[S] { return slices.Values(words) }

// text reads a text for readers: not empty, and without characters that cannot
// be seen. It returns "" after a finding.
func (f *file) text(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!timestamp" {
		want := what
		if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
			want += " (in quotes if it is meant as text)"
		}
		f.find(markOf(n), "found "+describe(n), want)
		return ""
	}
	s := n.Value
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		s = strings.TrimRight(s, "\n") // a block's last line break means nothing
	}
	switch {
	case strings.TrimSpace(s) == "":
		f.find(markOf(n), "an empty text", what)
		return ""
	case strings.TrimSpace(s) != s:
		f.find(markOf(n), "a text that begins or ends with a space", what+" without it")
	}
	if r, bad := hidden(s); bad {
		f.find(markOf(n), "an invisible or control character "+codePoint(r)+" in a text", what+" without it")
		return ""
	}
	return s
}

// hidden returns the first character of s that a reader cannot see: control and
// format characters, direction marks, parts of broken text.
func hidden(s string) (rune, bool) {
	for _, r := range s {
		switch {
		case r >= ' ' && r < 0x7f, r > 0xa0 && r < 0x600 && r != 0xad:
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp), r == utf8.RuneError:
			return r, true
		}
	}
	return 0, false
}

// codePoint writes a character as U+202E.
func codePoint(r rune) string {
	s := strings.ToUpper(strconv.FormatInt(int64(r), 16))
	return "U+" + strings.Repeat("0", max(0, 4-len(s))) + s
}

// id reads an id or "" after a finding.
func (f *file) id(n *yaml.Node, what string) ID {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		f.find(markOf(n), "found "+describe(n), what)
		return ""
	}
	if !isID(n.Value) || n.Tag != "!!str" {
		f.find(markOf(n), `"`+shorten(n.Value)+`" is not spelled as an id`,
			"lower-case words of a-z and 0-9 joined by hyphens, such as almaty-2023")
	}
	return ID(n.Value)
}

// isID reports whether s is spelled as an id: words of a–z and 0–9 joined by
// single hyphens, at least one letter.
func isID(s string) bool {
	letter, hyphen := false, true // as after a hyphen, none may follow at the start
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z':
			letter = true
		case '0' <= c && c <= '9':
		case c == '-' && !hyphen:
		default:
			return false
		}
		hyphen = c == '-'
	}
	return letter && !hyphen
}

// date reads a date or the zero Date after a finding.
func (f *file) date(n *yaml.Node) Date {
	if n.Kind != yaml.ScalarNode {
		f.find(markOf(n), "found "+describe(n), dateForm)
		return Date{}
	}
	return f.dateOf(n.Value, markOf(n))
}

// dateForm is how the files write a date.
const dateForm = "a date as YYYY, YYYY-MM or YYYY-MM-DD"

// dateOf is [file.date] for a scalar's text.
func (f *file) dateOf(s string, at mark) Date {
	d, wellFormed := splitDate(s)
	switch {
	case !wellFormed:
		f.find(at, `"`+shorten(s)+`" is not a date`, dateForm)
	case !d.Valid():
		f.find(at, s+" is not a day of the calendar", "a day that there was")
	default:
		return d
	}
	return Date{}
}

// number reads a whole number from least to most.
func (f *file) number(n *yaml.Node, least, most int) int {
	want := "a whole number from " + strconv.Itoa(least)
	if most < maxNumber {
		want += " to " + strconv.Itoa(most)
	}
	v, err := strconv.Atoi(n.Value)
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag != "!!int" || err != nil || strconv.Itoa(v) != n.Value:
		f.find(markOf(n), "found "+describe(n), want)
	case v < least || v > most:
		f.find(markOf(n), n.Value+" is out of range", want)
	default:
		return v
	}
	return 0
}

// maxNumber bounds every number of the files.
const maxNumber = 1 << 31

// yesNo reads true or false.
func (f *file) yesNo(n *yaml.Node) bool {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Value != "true" && n.Value != "false" {
		f.find(markOf(n), "found "+describe(n), "true or false")
	}
	return n.Value == "true"
}

// choice reads one of a few words.
func (f *file) choice(n *yaml.Node, words []string) string {
	if n.Kind != yaml.ScalarNode {
		f.find(markOf(n), "found "+describe(n), orList(words))
		return ""
	}
	if !slices.Contains(words, n.Value) {
		f.find(markOf(n), `unknown word "`+shorten(n.Value)+`"`, orList(words))
		return ""
	}
	return n.Value
}

// address reads the address of a page.
func (f *file) address(n *yaml.Node) string {
	const want = "an address that begins with https:// or http://"
	s := f.text(n, want)
	if s == "" {
		return ""
	}
	host, ok := strings.CutPrefix(s, "https://")
	if !ok {
		host, ok = strings.CutPrefix(s, "http://")
	}
	host, _, _ = strings.Cut(host, "/")
	if !ok || host == "" || strings.ContainsAny(s, " <>\"\\^`{|}") {
		f.find(markOf(n), `"`+shorten(s)+`" is not the address of a page`, want)
		return ""
	}
	return s
}

// lang reads a language tag.
func (f *file) lang(n *yaml.Node) Lang {
	if n.Kind != yaml.ScalarNode || !isLang(n.Value) {
		f.find(markOf(n), "found "+describe(n), "a language tag such as en, ru or uz-Cyrl")
		return ""
	}
	return Lang(n.Value)
}

// isLang reports whether s is spelled as a language tag: two or three small
// letters, then perhaps a script or a country.
func isLang(s string) bool {
	base, rest, more := strings.Cut(s, "-")
	if len(base) < 2 || len(base) > 3 || strings.Trim(base, "abcdefghijklmnopqrstuvwxyz") != "" {
		return false
	}
	return !more || len(rest) >= 2 && len(rest) <= 4 && strings.IndexFunc(rest, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r)
	}) < 0
}
