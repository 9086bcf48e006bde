package ask

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"suhbat/facts/fold"
)

// How words are written: capitals, and the letters that folding takes away.

// spell writes what words were read as in the letters of the language.
func (a *attempt) spell(misread []Correction) {
	for i := range misread {
		c := &misread[i]
		c.Read = a.voice.lex.Spelt(c.Read)
		if k := strings.IndexFunc(c.Typed, fold.IsApostrophe); k >= 0 { // the kind that the asker types
			mark, _ := utf8.DecodeRuneInString(c.Typed[k:])
			c.Read = strings.ReplaceAll(c.Read, "'", string(mark))
		}
		if first, size := utf8.DecodeRuneInString(c.Read); capitalised(c.Typed) {
			c.Read = string(unicode.ToUpper(first)) + c.Read[size:]
		}
	}
}

// capitalised reports whether a word begins with a capital.
func capitalised(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(first)
}

// capitals reports whether a word is written in capitals, as an abbreviation is.
func capitals(word string) bool { return word == strings.ToUpper(word) }
