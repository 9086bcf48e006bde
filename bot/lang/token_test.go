package lang_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"suhbat/bot/lang"
)

// write shows tokens as the tests expect them: a word as it is, a number as =n, a
// date as its parts, with what stands before it: a mark, + for no space, ' for an
// apostrophe.
func write(tokens []lang.Token) string {
	var out []string
	for _, t := range tokens {
		s := ""
		if t.Break != 0 {
			s += string(t.Break)
		}
		if t.Glued {
			s += "+"
		}
		if t.Apostrophe {
			s += "'"
		}
		switch {
		case t.Date != [3]int{}:
			s += fmt.Sprint(t.Date)
		case t.Number >= 0:
			s += fmt.Sprintf("=%d", t.Number)
		default:
			s += t.Text
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

// TestTokens: a question cut wrongly loses a word or a number, and the answer
// would be to another question.
func TestTokens(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{" \t\n", ""},
		{"?!… —", ""},
		{"Who chaired in 2022?", "who chaired in =2022"},
		{"who   CHAIRED", "who chaired"},
		{"Kazakhstan's chair", "kazakhstan's chair"},
		{"Kazakhstan’s chair", "kazakhstan's chair"},
		{"the states' chair", "the states chair"},
		{"Oʻzbekiston oʼzbek o`zbek", "ozbekiston ozbek ozbek"},
		{"'Dialogue'", "dialogue"},
		{"in '22", "in '=22"},
		{"in ’22", "in '=22"},
		{"резолюция №1325", "резолюция ,=1325"},
		{"в 2022-м году", "в =2022 +м году"},
		{"в 2022м", "в =2022 +м"},
		{"the 1st and 22nd", "the =1 +st and =22 +nd"},
		{"2000-2010", "=2000 +=2010"},
		{"2000 - 2010", "=2000 -=2010"},
		{"Диалог — это", "диалог -это"},
		{"peace-building", "peace +building"},
		{"женщин-лидеров", "женщин +лидеров"},
		{"Ещё ёлка", "еще елка"},
		{"one, two; three. four? five", "one ,two ?three ?four ?five"},
		{"a (b) c", "a ,b ,c"},
		{"S/RES/1325", "s ,res ,=1325"},
		{"16.10.2023", "[2023 10 16]"},
		{"on 2023-10-16, then", "on [2023 10 16] ,then"},
		{"16/10/2023", "[2023 10 16]"},
		{"1.2.2023", "[2023 2 1]"},
		{"99.99.2023", "[2023 99 99]"}, // no such day: the engine says so
		{"2023-10", "=2023 +=10"},
		{"бiрiншi Диалoг", "биринши диалог"}, // Latin letters that look alike
		{"UNRCCAга", "unrccaга"},             // an ending behind a name in other letters
		{"12.04.22", "=12 ?=4 ?=22"},
		{"999999999", "=999999999"},
		{"9999999999", "9999999999"}, // too great to be anything
		{"007", "=7"},
		{"a1b2", "a +=1 +b +=2"},
		{"x\u200by", "x +y"},
		{"\u202ewho\u202c", "who"},
		{"👩‍👩‍👧 who", ",who"},
		{"а\u0301дрес", "адрес"}, // a stress mark is not a letter
		{"١٣٢٥", "١٣٢٥"},         // other digits are words that nobody knows
	} {
		if got := write(lang.Tokens(nil, norm.NFC.String(tt.text))); got != tt.want {
			t.Errorf("%q\n got %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

// TestTokensAppend: tokens are appended, so that one buffer serves many questions.
func TestTokensAppend(t *testing.T) {
	t.Parallel()
	buffer := lang.Tokens(nil, "one")
	if got := write(lang.Tokens(buffer, " two")); got != "one two" {
		t.Errorf("got %q", got)
	}
}

// FuzzTokens: a token that lies outside the text, or out of order, would make a
// reply quote words that nobody wrote, or crash.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{
		"", "who chaired in '22?", "16.10.2023", "2023-10-16-17", "в 2022-м", "o'", "'", "a'b'c", "1'2", "\xff", "٣", "9999999999999999999",
		"1.2.3.4", "99/99/9999", "👩‍👩‍👧", "\u0301\u0301", "a\u202eb", "…?!", "-–—", "0-0-0",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = norm.NFC.String(strings.ToValidUTF8(s, " "))
		end := 0
		for i, tok := range lang.Tokens(nil, s) {
			switch {
			case tok.Start < end || tok.End <= tok.Start || tok.End > len(s):
				t.Fatalf("token %d of %q lies at %d:%d, after %d", i, s, tok.Start, tok.End, end)
			case !utf8.ValidString(tok.Text):
				t.Fatalf("token %d of %q is no UTF-8: %q", i, s, tok.Text)
			case tok.Number >= 0 && tok.Date != [3]int{}:
				t.Fatalf("token %d of %q is a number and a date", i, s)
			case i == 0 && tok.Glued:
				t.Fatalf("the first token of %q hangs on nothing", s)
			}
			end = tok.End
		}
	})
}
