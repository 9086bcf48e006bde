package ask

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"suhbat/facts"
	"suhbat/facts/fold"
)

// names says what an abbreviation of e stands for: the name that the facts write
// before the abbreviation in brackets, or else one whose words begin with its
// letters. The names in the language of the question come first. Long is empty
// where no name does; a guess would be worse.
func names(e *facts.Entity, typed string, own facts.Lang) (short, long string) {
	codes := slices.Sorted(maps.Keys(e.Names))
	if i := slices.Index(codes, own); i > 0 {
		codes = slices.Insert(slices.Delete(codes, i, i+1), 0, own)
	}
	for _, usual := range []bool{true, false} { // its name in a language, then what else it is called
		for _, code := range codes {
			all := append([]string{e.Names[code].Text}, e.Aliases[code]...)
			known := all
			if usual {
				known = all[:1]
			}
			i := slices.IndexFunc(known, func(n string) bool { return fold.Name(n) == fold.Name(typed) || bracketed(n, typed) })
			if i < 0 {
				continue
			}
			if fold.Name(known[i]) == fold.Name(typed) {
				typed = known[i] // CEDAW, however it was typed
			}
			if long := expansion(all, typed); long != "" {
				return typed, long
			}
			if short, long := fullest(e, all); long != "" && !isAbbreviation(typed) {
				return short, long
			}
		}
	}
	for _, code := range codes {
		if name := e.Names[code]; bracketed(name.Forms["the"], typed) && !strings.Contains(name.Text, "(") {
			return typed, name.Text
		}
	}
	return "", ""
}

// withoutEnding returns the longest of the names of e that typed begins with, so
// without an ending that is written onto it: "UNRCCA-ның" asks about UNRCCA.
func withoutEnding(e *facts.Entity, typed string) string {
	best, folded := "", fold.Name(typed)
	longer := func(name string) bool {
		return (len(name) > len(best) || len(name) == len(best) && name < best) && strings.HasPrefix(folded, fold.Name(name))
	}
	for code, n := range e.Names {
		if longer(n.Text) {
			best = n.Text
		}
		for _, name := range e.Aliases[code] {
			if longer(name) {
				best = name
			}
		}
	}
	if best == "" {
		return typed
	}
	return best
}

// bracketed reports whether a name gives the abbreviation in brackets.
func bracketed(name, short string) bool {
	_, rest, ok := strings.Cut(name, "(")
	inside, _, closed := strings.Cut(rest, ")")
	return ok && closed && fold.Name(inside) == fold.Name(short)
}

// expansion finds the name that an abbreviation shortens: its own name, or the
// alias with the fewest words.
func expansion(all []string, short string) string {
	best := ""
	if isAbbreviation(short) && initials(all[0], short) {
		return all[0]
	}
	for _, n := range all {
		if bracketed(n, short) {
			before, _, _ := strings.Cut(n, " (")
			return before
		}
		if isAbbreviation(short) && initials(n, short) && (best == "" || fuller(n, best)) {
			best = n
		}
	}
	return best
}

// fuller reports whether a is the better spelling of what an abbreviation stands
// for: a name is written with a capital, and the shorter one is the usual one.
func fuller(a, b string) bool {
	first, _ := utf8.DecodeRuneInString(a)
	second, _ := utf8.DecodeRuneInString(b)
	if unicode.IsUpper(first) != unicode.IsUpper(second) {
		return unicode.IsUpper(first)
	}
	return len(strings.Fields(a)) < len(strings.Fields(b))
}

// isAbbreviation reports whether s is one word of capitals.
func isAbbreviation(s string) bool {
	return utf8.RuneCountInString(s) > 1 && !strings.ContainsAny(s, " -") &&
		strings.IndexFunc(s, func(r rune) bool { return !unicode.IsUpper(r) }) < 0
}

// initials reports whether the letters of short are, in order, first letters of
// words of name, the first word's and the last word's among them.
func initials(name, short string) bool {
	words := strings.Fields(fold.Name(name))
	letters := []rune(fold.String(short))
	if len(words) < len(letters) || len(letters) == 0 {
		return false
	}
	k := 0
	for i, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		hit := k < len(letters) && first == letters[k]
		if hit {
			k++
		}
		if !hit && (i == 0 || i == len(words)-1) {
			return false
		}
	}
	return k == len(letters)
}

// fullest returns the longest of the names of a body, which is its official one,
// beside its usual name.
func fullest(e *facts.Entity, all []string) (short, long string) {
	if e.Type.ID != organisation {
		return "", ""
	}
	short = all[0]
	for _, n := range all {
		if utf8.RuneCountInString(n) > utf8.RuneCountInString(long) {
			long = n
		}
	}
	return short, long
}
