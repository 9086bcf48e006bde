package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes s safe to show inside a line: white space of any kind, line breaks
// included, becomes a space; control characters and characters that change the
// direction of text or show nothing are dropped, but for the two joiners that
// scripts and emoji need; what is not UTF-8 becomes U+FFFD. A text can hence
// neither move the cursor, nor begin a new line, nor turn its neighbours around.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	return strings.Map(cleanRune, s)
}

// isClean finds in one pass the common case that nothing has to change.
func isClean(s string) bool {
	plain := 0 // nearly all of most texts
	for plain < len(s) && ' ' <= s[plain] && s[plain] <= '~' {
		plain++
	}
	s = s[plain:]
	for i, r := range s {
		if ' ' <= r && r <= '~' || plainRune(r) {
			continue
		}
		if r == utf8.RuneError {
			if _, width := utf8.DecodeRuneInString(s[i:]); width == 1 {
				return false
			}
		}
		if cleanRune(r) != r {
			return false
		}
	}
	return true
}

// plainRune reports at a glance that r stays: it is a letter of the languages, an accent,
// a dash or a quotation mark. Of others it says nothing.
func plainRune(r rune) bool {
	return 'А' <= r && r <= 'ӿ' || 'À' <= r && r <= 'ɏ' || '\u2010' <= r && r <= '\u2027' || r == '«' || r == '»'
}

// cleanRune returns what stands for r in a clean text, or -1 for nothing.
func cleanRune(r rune) rune {
	const nonJoiner, joiner = '\u200c', '\u200d'
	switch {
	case ' ' <= r && r <= '~':
		return r
	case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f':
		return ' ' // not for the spaces that keep a number in one piece
	case unicode.Is(unicode.Cc, r):
		return -1
	case r == joiner, r == nonJoiner, unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return r
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Bidi_Control, r):
		return -1
	default:
		return r
	}
}
