// Package fold brings names and questions to one comparable form: NFC, lower
// case, one apostrophe, one hyphen, ё as е, no invisible characters. Letters that
// many people have no key for become the ones that they type instead: қ к, ӯ у,
// oʻ o, ş s. It is the ground that both the facts and the language packs stand on:
// two spellings are the same word exactly when they fold to the same string.
//
// Start at [String]; [Name] folds a whole name for comparison.
package fold

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// String folds s letter by letter and keeps its spaces and punctuation. It is
// idempotent, and never returns invalid UTF-8.
func String(s string) string {
	if plain(s) {
		return s
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, " ")
	}
	simple := composed(s)
	if !simple {
		s = norm.NFC.String(s)
	}
	out := string(letters(make([]byte, 0, 128), s)) // most names are shorter
	if !simple && !norm.NFC.IsNormalString(out) {   // lower-casing İ leaves a combining dot
		return String(norm.NFC.String(out))
	}
	return out
}

// Composed returns s in NFC, mostly at a glance.
func Composed(s string) string {
	if composed(s) {
		return s
	}
	return norm.NFC.String(s)
}

// letters appends the folded letters of s to dst.
func letters(dst []byte, s string) []byte {
	last := ' '
	for i, r := range s {
		f := Rune(r)
		if f < 0 || f == '\'' && unicode.IsLetter(last) && (r == turned || silent(s[i+utf8.RuneLen(r):])) {
			continue
		}
		last = f
		dst = utf8.AppendRune(dst, f)
	}
	return dst
}

// turned is the mark of Uzbek oʻ and gʻ and of nothing else.
const turned = 'ʻ'

// clitics are what English writes after an apostrophe at the end of a word.
var clitics = []string{"s", "t", "d", "m", "re", "ve", "ll"}

// silent reports whether an apostrophe before rest only marks a letter, as in
// Uzbek oʻ and aʼzo, so that half of all people leave it out. In English it parts
// two words.
func silent(rest string) bool {
	word := make([]rune, 0, 16)
	for _, r := range rest {
		if Rune(r) < 0 { // what nobody sees parts no words
			continue
		}
		if len(word) == 0 && IsApostrophe(r) || !unicode.IsLetter(r) && !IsApostrophe(r) {
			break
		}
		word = append(word, r)
	}
	return len(word) > 0 && !slices.ContainsFunc(clitics, func(c string) bool { return strings.EqualFold(c, string(word)) })
}

// composed reports whether s is in NFC for sure, before and after folding: it
// has no combining marks, nor letters that fold to one.
func composed(s string) bool {
	for _, r := range s {
		if (r >= 0x0300 && r < 0x0400) || r == 'İ' || r > 0x052f && (r < 0x2010 || r > 0x2122) {
			return false
		}
	}
	return true
}

// plain reports whether s is folded already, which then costs no allocation: it
// has only the small letters of English and Russian, digits and punctuation.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < utf8.RuneSelf:
			if c < ' ' || c == 0x7f || ('A' <= c && c <= 'Z') || c == '`' || c == '\'' {
				return false
			}
		case i+1 < len(s) && (c == 0xd0 && 0xb0 <= s[i+1] && s[i+1] <= 0xbf || c == 0xd1 && 0x80 <= s[i+1] && s[i+1] <= 0x8f):
			i++ // а to п, р to я
		default:
			return false
		}
	}
	return true
}

// Rune folds one character of an NFC string; it returns -1 for a character that
// a reader cannot see.
func Rune(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == ' ':
		return r
	case 'A' <= r && r <= 'Z':
		return r + ('a' - 'A')
	case r == 'ё' || r == 'Ё':
		return 'е'
	case 'а' <= r && r <= 'я':
		return r
	case 'А' <= r && r <= 'Я':
		return r + ('а' - 'А')
	case IsApostrophe(r):
		return '\''
	case IsHyphen(r):
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case r == utf8.RuneError || unicode.IsControl(r):
		return ' '
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), r == '\u0301':
		return -1 // marks of direction, joiners, stress marks in textbooks
	default:
		return plainLetter(unicode.ToLower(r))
	}
}

// plainLetter returns the letter that people type for one that their keyboard
// lacks.
func plainLetter(r rune) rune {
	switch r {
	case 'қ':
		return 'к'
	case 'ғ':
		return 'г'
	case 'ң':
		return 'н'
	case 'ө':
		return 'о'
	case 'ұ', 'ү', 'ӯ', 'ў':
		return 'у'
	case 'һ', 'ҳ':
		return 'х'
	case 'і', 'ӣ':
		return 'и'
	case 'ә':
		return 'а'
	case 'ҷ':
		return 'ч'
	case 'ä':
		return 'a'
	case 'ç':
		return 'c'
	case 'ž':
		return 'z'
	case 'ň':
		return 'n'
	case 'ö':
		return 'o'
	case 'ş':
		return 's'
	case 'ü':
		return 'u'
	case 'ý':
		return 'y'
	}
	return r
}

// IsApostrophe reports whether people type r as an apostrophe, in any of the
// spellings of Uzbek oʻ and gʻ among them.
func IsApostrophe(r rune) bool {
	switch r {
	case '\'', '‘', '’', 'ʻ', 'ʼ', 'ʹ', '`', '´', '′', '‛', '＇':
		return true
	}
	return false
}

// IsHyphen reports whether r is a hyphen or a dash.
func IsHyphen(r rune) bool {
	switch r {
	case '-', '‐', '‑', '‒', '–', '—', '―', '−', '﹣', '－':
		return true
	}
	return false
}

// Name folds a name for comparison: letters and digits as [String] gives them,
// everything else as a single space.
func Name(s string) string {
	s = String(s)
	out := make([]byte, 0, 128) // most names are shorter
	space := false
	for _, r := range s {
		if !inName(r) {
			space = len(out) > 0
			continue
		}
		if space {
			out = append(out, ' ')
			space = false
		}
		out = utf8.AppendRune(out, r)
	}
	if string(out) == s { // there was nothing to drop
		return s
	}
	return string(out)
}

// inName reports whether a folded character tells names apart.
func inName(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'а' <= r && r <= 'я', '0' <= r && r <= '9':
		return true
	case r < utf8.RuneSelf:
		return false
	default:
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
	}
}
