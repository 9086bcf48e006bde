package lang

import (
	"errors"
	"fmt"
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
type Template struct{ parts []part }

// part is a literal, a place, or an optional group of parts.
type part struct {
	literal  string
	place    string
	form     string
	choices  []choice
	optional []part
}

type choice struct{ class, text string }

// Filled is what a place of a template holds.
type Filled struct {
	Text string
	// Class picks among the words of a place: a plural class such as "one", or
	// "f", "m", "pl".
	Class string
}

// FillFunc returns what a place holds in a form; no text leaves it empty.
type FillFunc func(place, form string) Filled

// ParseTemplate reads a template.
func ParseTemplate(s string) (Template, error) {
	p := templateParser{rest: s}
	parts, err := p.parts(false)
	if err != nil {
		return Template{}, err
	}
	return Template{parts}, nil
}

type templateParser struct{ rest string }

func (p *templateParser) parts(inside bool) ([]part, error) {
	size := 3 // words, a place, words
	if !inside {
		size = 1 + 2*strings.Count(p.rest, "{")
	}
	out := make([]part, 0, size)
	for p.rest != "" {
		i := strings.IndexAny(p.rest, "{}[]")
		if i < 0 {
			i = len(p.rest)
		}
		if i > 0 {
			out = append(out, part{literal: p.rest[:i]})
			p.rest = p.rest[i:]
			continue
		}
		switch c := p.rest[0]; {
		case c == '{':
			place, err := p.place()
			if err != nil {
				return nil, err
			}
			out = append(out, place)
		case c == '[' && !inside:
			p.rest = p.rest[1:]
			group, err := p.parts(true)
			if err != nil {
				return nil, err
			}
			out = append(out, part{optional: group})
		case c == ']' && inside:
			p.rest = p.rest[1:]
			return out, nil
		default:
			return nil, fmt.Errorf("%q is out of place, expected {place} and [optional part]", string(c))
		}
	}
	if inside {
		return nil, fmt.Errorf("an optional part is not closed, expected %q", "]")
	}
	return out, nil
}

func (p *templateParser) place() (part, error) {
	end := strings.IndexByte(p.rest, '}')
	if end < 0 {
		return part{}, fmt.Errorf("a place is not closed, expected %q", "}")
	}
	inner := p.rest[1:end]
	p.rest = p.rest[end+1:]
	name, words, _ := strings.Cut(inner, "|")
	var out part
	out.place, out.form, _ = strings.Cut(name, ".")
	if out.place == "" {
		return part{}, errors.New("a place has no name, expected {name}")
	}
	if words == "" {
		return out, nil
	}
	for option := range strings.SplitSeq(words, "|") {
		class, text, ok := strings.Cut(option, ":")
		if !ok {
			return part{}, fmt.Errorf("%q is not a choice, expected class:words", option)
		}
		out.choices = append(out.choices, choice{class, text})
	}
	return out, nil
}

// Append fills the template and appends it to dst.
func (t Template) Append(dst []byte, fill FillFunc) []byte {
	dst, _ = appendParts(dst, t.parts, fill)
	return dst
}

// Fill fills the template and capitalises its first letter.
func (t Template) Fill(fill FillFunc) string {
	return Capital(string(t.Append(make([]byte, 0, 160), fill)))
}

// FillWhole is [Template.Fill] for a sentence that makes no sense with an empty
// place; it reports whether there is none outside of optional parts.
func (t Template) FillWhole(fill FillFunc) (text string, whole bool) {
	dst, whole := appendParts(make([]byte, 0, 160), t.parts, fill)
	return Capital(string(dst)), whole
}

// Places calls yield with each place and form of the template.
func (t Template) Places(yield func(place, form string, classes []string)) { places(t.parts, yield) }

func places(parts []part, yield func(place, form string, classes []string)) {
	for _, p := range parts {
		switch {
		case p.optional != nil:
			places(p.optional, yield)
		case p.place != "":
			var classes []string
			for _, c := range p.choices {
				classes = append(classes, c.class)
			}
			yield(p.place, p.form, classes)
		}
	}
}

// IsZero reports whether the template says nothing.
func (t Template) IsZero() bool { return len(t.parts) == 0 }

// appendParts reports whether every place was filled.
func appendParts(dst []byte, parts []part, fill FillFunc) ([]byte, bool) {
	whole := true
	for i := range parts {
		p := &parts[i]
		switch {
		case p.optional != nil:
			start := len(dst)
			out, ok := appendParts(dst, p.optional, fill)
			if !ok {
				out = out[:start]
			}
			dst = out
		case p.place != "":
			f := fill(p.place, p.form)
			if f.Text == "" {
				whole = false
				continue
			}
			dst = append(dst, p.words(f)...)
		default:
			dst = append(dst, p.literal...)
		}
	}
	return dst, whole
}

// words returns what a filled place says: its text, or the words chosen for it.
func (p *part) words(f Filled) string {
	if len(p.choices) == 0 {
		return f.Text
	}
	chosen := p.choices[len(p.choices)-1].text
	for _, c := range p.choices {
		if c.class == f.Class {
			chosen = c.text
			break
		}
	}
	return strings.ReplaceAll(chosen, "#", f.Text)
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
