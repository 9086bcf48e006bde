package lang

// alphabet is the set of letters with which a language is written, as far as its
// words show them. It holds the Latin and Cyrillic blocks of Unicode.
type alphabet [0x530]bool

func (a *alphabet) add(text string) {
	for _, r := range text {
		if int(r) < len(a) {
			a[r] = true
		}
	}
}

// Foreign reports whether a word, as [Spelling] gives it, has a letter that the
// language has not.
func (p *Pack) Foreign(word string) bool {
	for _, r := range word {
		if int(r) >= len(p.alphabet) || !p.alphabet[r] {
			return true
		}
	}
	return false
}
