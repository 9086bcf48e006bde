package lang

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Template is a sentence with places to fill:
//
//	{value}          what the place holds, as it stands alone
//	{value.gen}      the same in another form, such as a case
//	{n|one:# day|other:# days}   words chosen by the place: by the plural class
//	                 of a number, by "f", "m" or "pl" for names; # is the place
//	[ in {time}]     left out as a whole when a place inside it is empty
//
// The zero Template is empty.
type Template struct{ text string }

// Filled is what a place of a template holds.
type Filled struct {
	Text string
	// Class picks among the words of a place: a plural class such as "one", or
	// "f", "m", "pl".
	Class string
}

// FillFunc returns what a place holds in a form; no text leaves it empty.
type FillFunc func(place, form string) Filled

// ParseTemplate checks that s is a template.
func ParseTemplate(s string) (Template, error) {
	inside := false
	for rest := s; rest != ""; {
		switch c := rest[0]; {
		case c == '{':
			inner, after, closed := strings.Cut(rest[1:], "}")
			if !closed {
				return Template{}, fmt.Errorf("a place is not closed, expected %q", "}")
			}
			if err := checkPlace(inner); err != nil {
				return Template{}, err
			}
			rest = after
			continue
		case c == '[' && !inside, c == ']' && inside:
			inside = c == '['
		case strings.IndexByte("}[]", c) >= 0:
			return Template{}, fmt.Errorf("%q is out of place, expected {place} and [optional part]", string(c))
		}
		rest = rest[1:]
	}
	if inside {
		return Template{}, fmt.Errorf("an optional part is not closed, expected %q", "]")
	}
	return Template{s}, nil
}

// checkPlace checks what stands in the braces of a place.
func checkPlace(inner string) error {
	p := parsePlace(inner)
	if p.name == "" {
		return errors.New("a place has no name, expected {name}")
	}
	for option := range p.options() {
		if !strings.Contains(option, ":") {
			return fmt.Errorf("%q is not a choice, expected class:words", option)
		}
	}
	return nil
}

// place is what stands in the braces of a place.
type place struct {
	name, form string
	choices    string // class:words, with | between
}

func parsePlace(inner string) place {
	p, _ := cutPlace(inner + "}")
	return p
}

// cutPlace reads a place up to its closing brace, and returns what stands behind that.
func cutPlace(text string) (p place, rest string) {
	nameEnds, formEnds, end := -1, -1, 0
	for ; end < len(text) && text[end] != '}'; end++ {
		switch c := text[end]; {
		case formEnds >= 0: // a choice may have any letters
		case c == '|':
			formEnds = end
		case c == '.' && nameEnds < 0:
			nameEnds = end
		}
	}
	if formEnds >= 0 {
		p.choices = text[formEnds+1 : end]
	} else {
		formEnds = end
	}
	if nameEnds >= 0 {
		p.form = text[nameEnds+1 : formEnds]
	} else {
		nameEnds = formEnds
	}
	p.name = text[:nameEnds]
	return p, text[min(end+1, len(text)):]
}

// options yields the choices of a place.
func (p *place) options() iter.Seq[string] {
	if p.choices == "" {
		return func(func(string) bool) {}
	}
	return strings.SplitSeq(p.choices, "|")
}

// Append fills the template and appends it to dst.
func (t Template) Append(dst []byte, fill FillFunc) []byte {
	dst, _, _ = appendParts(dst, t.text, fill)
	return dst
}

// Fill fills the template and capitalises its first letter.
func (t Template) Fill(fill FillFunc) string {
	return capitalised(t.Append(make([]byte, 0, 160), fill))
}

// FillWhole is [Template.Fill] for a sentence that makes no sense with an empty
// place; it reports whether there is none outside of optional parts.
func (t Template) FillWhole(fill FillFunc) (text string, whole bool) {
	dst, _, whole := appendParts(make([]byte, 0, 160), t.text, fill)
	return capitalised(dst), whole
}

// Places calls yield with each place and form of the template.
func (t Template) Places(yield func(place, form string, classes []string)) {
	for _, rest, ok := strings.Cut(t.text, "{"); ok; _, rest, ok = strings.Cut(rest, "{") {
		var p place
		p, rest = cutPlace(rest)
		var classes []string
		for option := range p.options() {
			class, _, _ := strings.Cut(option, ":")
			classes = append(classes, class)
		}
		yield(p.name, p.form, classes)
	}
}

// Has reports whether the template has a place of the given name.
func (t Template) Has(name string) bool {
	for _, rest, ok := strings.Cut(t.text, "{"); ok; _, rest, ok = strings.Cut(rest, "{") {
		if after, ok := strings.CutPrefix(rest, name); ok && after != "" && strings.IndexByte(".|}", after[0]) >= 0 {
			return true
		}
	}
	return false
}

// plain reports whether the template has neither places nor optional parts.
func (t Template) plain() bool {
	return strings.IndexByte(t.text, '{') < 0 && strings.IndexByte(t.text, '[') < 0
}

// IsZero reports whether the template says nothing.
func (t Template) IsZero() bool { return t.text == "" }

// appendParts fills a text up to its end or to that of an optional part. It returns
// what stands behind that, and whether every place was filled.
func appendParts(dst []byte, text string, fill FillFunc) (out []byte, rest string, whole bool) {
	whole = true
	for {
		i := 0
		for i < len(text) && text[i] != '{' && text[i] != '[' && text[i] != ']' {
			i++
		}
		dst = append(dst, text[:i]...)
		if i == len(text) {
			return dst, "", whole
		}
		switch rest = text[i+1:]; text[i] {
		case ']':
			return dst, rest, whole
		case '[':
			start := len(dst)
			var filled bool
			if dst, rest, filled = appendParts(dst, rest, fill); !filled {
				dst = dst[:start]
			}
		default:
			var p place
			p, rest = cutPlace(rest)
			if f := fill(p.name, p.form); f.Text != "" {
				dst = append(dst, p.words(f)...)
			} else {
				whole = false
			}
		}
		text = rest
	}
}

// words returns what a filled place says: its text, or the words chosen for it.
func (p *place) words(f Filled) string {
	if p.choices == "" {
		return f.Text
	}
	var chosen string
	for rest, more := p.choices, true; more; {
		var option string
		option, rest, more = strings.Cut(rest, "|")
		class, text, _ := strings.Cut(option, ":")
		if chosen = text; class == f.Class {
			break
		}
	}
	return strings.ReplaceAll(chosen, "#", f.Text)
}

// capitalised is [Capital] for a text that is being made: most begin with a letter
// whose capital is as long.
func capitalised(b []byte) string {
	r, size := utf8.DecodeRune(b)
	if u := unicode.ToUpper(r); u != r && utf8.RuneLen(u) == size {
		utf8.EncodeRune(b, u)
		return string(b)
	}
	return Capital(string(b))
}

// Capital returns s with its first letter in upper case, behind any opening
// quotation mark.
func Capital(s string) string {
	for i, r := range s {
		if unicode.IsLetter(r) {
			if u := unicode.ToUpper(r); u != r {
				return s[:i] + string(u) + s[i+utf8.RuneLen(r):]
			}
			return s
		}
		if unicode.IsDigit(r) || unicode.IsSpace(r) {
			return s
		}
	}
	return s
}
