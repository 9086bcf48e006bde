package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"suhbat/facts/fold"
)

// Token is one word, number or mark of a question.
type Token struct {
	// Text is the folded word.
	Text string
	// Start and End are byte offsets into the text that was cut.
	Start, End int
	// Number is the value of a token made of digits, or -1.
	Number int
	// Glued is true when nothing but a hyphen or an apostrophe stands between
	// this token and the one before it, as in "2022-м".
	Glued bool
	// Hyphen is true when a hyphen stands between this token and the one before.
	Hyphen bool
	// Break is the strongest mark before the token: 0, ',', '-' or '?' (which
	// stands for the end of any sentence).
	Break rune
	// Apostrophe is true for digits after an apostrophe: '22.
	Apostrophe bool
	// Date is the year, month and day of a token such as 16.10.2023 or
	// 2023-10-16, or zero.
	Date [3]int
	// Keys and Word are free for the caller: where the token's keys lie, and what
	// it knows of the word.
	Keys [2]int
	Word int
}

// maxDigits keeps numbers inside an int; longer ones are words without meaning.
const maxDigits = 9

// Tokens appends the tokens of text, which must be valid UTF-8 in NFC, to dst.
func Tokens(dst []Token, text string) []Token {
	n := len(dst)
	dst = Cut(dst, text)
	for i := n; i < len(dst); i++ {
		if t := &dst[i]; t.Text == "" {
			t.Text = Folded(text[t.Start:t.End])
		}
	}
	return dst
}

// Folded is the word of a token as it is compared.
func Folded(word string) string { return unmix(fold.String(word)) }

// Cut is [Tokens] without the folded forms of words, for who knows them already; those
// of numbers are there.
func Cut(dst []Token, text string) []Token {
	c := cutter{text: text}
	for c.pos < len(text) {
		if text[c.pos] == ' ' { // most marks, for the cost of a look
			c.pos++
			c.gap, c.apostrophe = true, false
			continue
		}
		r, size := utf8.DecodeRuneInString(text[c.pos:])
		switch {
		case isLetter(r) || (unicode.IsLetter(r) || unicode.IsDigit(r)) && !fold.IsApostrophe(r):
			dst = append(dst, c.word(dst))
		default:
			c.mark(r, size)
		}
	}
	return dst
}

func isWord(r rune) bool {
	return isLetter(r) || (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !fold.IsApostrophe(r)
}

// isLetter reports whether r is a letter of English or Russian, without the cost of
// asking about all that there are.
func isLetter(r rune) bool {
	return 'a' <= r|0x20 && r|0x20 <= 'z' || 'А' <= r && r <= 'я'
}

// letters returns where the letters of English and Russian that text has from start on
// end; most words have no others.
func letters(text string, start int) int {
	end := start
	for end < len(text) {
		switch b := text[end]; {
		case 'a' <= b|0x20 && b|0x20 <= 'z':
			end++
		case (b == 0xd0 && end+1 < len(text) && text[end+1] >= 0x90 || b == 0xd1 && end+1 < len(text) && text[end+1] < 0x90):
			end += 2 // А to я
		default:
			return end
		}
	}
	return end
}

// cutter walks over a text.
type cutter struct {
	text string
	pos  int
	// between is the strongest mark since the last token, gap whether white space
	// stood there, apostrophe whether the last mark was one.
	between    rune
	gap        bool
	apostrophe bool
}

// mark notes a character that belongs to no word.
func (c *cutter) mark(r rune, size int) {
	c.pos += size
	c.apostrophe = false
	switch {
	case unicode.IsSpace(r):
		c.gap = true
	case fold.IsApostrophe(r):
		c.apostrophe = true
	case fold.IsHyphen(r):
		if c.between == 0 {
			c.between = '-'
		}
	case r == ',' || r == ':' || r == '(' || r == ')' || r == '/':
		if c.between != '?' {
			c.between = ','
		}
	case r == '?' || r == '.' || r == '!' || r == ';' || r == '\n' || r == '…':
		c.between = '?'
	case unicode.Is(unicode.Cf, r):
	case strings.ContainsRune(quotes, r):
		c.gap = true // they set a name apart, no clause
	default:
		if c.between == 0 {
			c.between = ','
		}
	}
}

// quotes are the marks around names.
const quotes = "«»„“”\"‹›"

// word reads the word at c.pos: letters with apostrophes inside, or digits.
func (c *cutter) word(before []Token) Token {
	start := c.pos
	first, _ := utf8.DecodeRuneInString(c.text[start:])
	digits := unicode.IsDigit(first)
	end := start
	if !digits {
		end = letters(c.text, start)
	}
	for end < len(c.text) {
		r, size := utf8.DecodeRuneInString(c.text[end:])
		if digits && !unicode.IsDigit(r) || !digits && unicode.IsDigit(r) {
			break
		}
		if !isWord(r) && !c.inner(r, end+size) {
			break
		}
		end += size
	}
	var date [3]int
	if digits {
		if d, n := numericDate(c.text[start:]); n > 0 {
			date, end = d, start+n
		}
	}
	t := Token{Start: start, End: end, Number: -1, Break: c.between, Date: date}
	if digits {
		t.Text = Folded(c.text[start:end])
	}
	if digits && date == [3]int{} {
		t.Number = number(t.Text)
		t.Apostrophe = c.apostrophe
	}
	if len(before) > 0 && !c.gap && (c.between == 0 || c.between == '-') {
		t.Glued, t.Hyphen = true, c.between == '-'
	}
	if t.Glued && t.Break == '-' {
		t.Break = 0
	}
	c.pos, c.between, c.gap, c.apostrophe = end, 0, false, false
	return t
}

// twins are letters of the two scripts that look alike, once they are folded.
var twins = []struct{ latin, cyrillic rune }{
	{'a', 'а'}, {'c', 'с'}, {'e', 'е'}, {'i', 'и'}, {'k', 'к'}, {'m', 'м'}, {'o', 'о'}, {'p', 'р'}, {'t', 'т'}, {'x', 'х'}, {'y', 'у'},
}

// unmix returns a folded word with all its letters in the script of most of them:
// who has no key for «і» types a Latin i. A name in Latin letters with an ending in
// Cyrillic ones, "UNRCCAга", is as it should be.
func unmix(word string) string {
	latin, cyrillic, name := 0, 0, 0
	for _, r := range word {
		switch {
		case 'a' <= r && r <= 'z':
			latin++
			if cyrillic > 0 {
				name = -1
			}
		case 0x400 <= r && r < 0x530:
			if cyrillic++; name == 0 {
				name = latin
			}
		}
	}
	if latin == 0 || cyrillic == 0 || name > 1 && cyrillic > 1 {
		return word
	}
	return strings.Map(func(r rune) rune {
		for _, t := range twins {
			if cyrillic >= latin && r == t.latin {
				return t.cyrillic
			}
			if cyrillic < latin && r == t.cyrillic {
				return t.latin
			}
		}
		return r
	}, word)
}

// inner reports whether an apostrophe stands inside a word, with a letter after
// it, or ends one, as in "states'".
func (c *cutter) inner(r rune, next int) bool {
	if !fold.IsApostrophe(r) || next > len(c.text) {
		return false
	}
	after, _ := utf8.DecodeRuneInString(c.text[next:])
	return unicode.IsLetter(after) && !fold.IsApostrophe(after)
}

// number returns the value of a string of digits, or -1.
func number(s string) int {
	if len(s) > maxDigits {
		return -1
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// numericDate reads a date in digits at the start of s: ISO 8601, or day, month
// and year as they are written all over the region. It returns the length of
// the date, or 0.
func numericDate(s string) (date [3]int, length int) {
	var part, width [3]int
	i := 0
	var sep byte
	for k := range part {
		start := i
		for i < len(s) && '0' <= s[i] && s[i] <= '9' {
			part[k] = part[k]*10 + int(s[i]-'0')
			if i++; i-start > len("2023") {
				return date, 0
			}
		}
		width[k] = i - start
		if width[k] == 0 {
			return date, 0
		}
		if k == len(part)-1 {
			break
		}
		if i >= len(s) || (k > 0 && s[i] != sep) || (s[i] != '.' && s[i] != '-' && s[i] != '/') {
			return date, 0
		}
		sep = s[i]
		i++
	}
	switch {
	case sep == '-' && width == [3]int{4, 2, 2}:
		return part, i
	case width[0] <= 2 && width[1] <= 2 && width[2] == 4:
		return [3]int{part[2], part[1], part[0]}, i
	default:
		return date, 0
	}
}
