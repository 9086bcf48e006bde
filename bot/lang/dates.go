package lang

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// dates says how a language writes dates: templates by precision and form, and
// the names of the months in each form.
type dates struct {
	months    [13]map[string]string
	templates map[string]Template // "day", "day.in", "month.since", …
}

// datePrecisions are the kinds of dates a pack must write.
var datePrecisions = []string{"day", "month", "year"}

func (r *reader) dates(f *packFile) {
	d := &r.pack.dates
	if len(f.Months) != len(d.months)-1 {
		r.wrong(&yaml.Node{}, fmt.Sprintf("%d months", len(f.Months)), "twelve")
	}
	for i, forms := range f.Months {
		if i+1 < len(d.months) {
			d.months[i+1] = forms
		}
	}
	d.templates = make(map[string]Template, len(f.Dates))
	for key, s := range f.Dates {
		t, err := ParseTemplate(s)
		if err != nil {
			r.wrong(&yaml.Node{}, fmt.Sprintf("date %s: %v", key, err), "a pattern such as \"{d} {month} {y}\"")
		}
		d.templates[key] = t
	}
	for _, precision := range datePrecisions {
		for _, form := range []string{"", ".in", ".since"} {
			if _, ok := d.templates[precision+form]; !ok {
				r.wrong(&yaml.Node{}, "the date "+precision+form+" is missing", "day, month and year, each also with .in and .since")
			}
		}
	}
}

// Date writes a date; month and day may be zero. The form is "" as it stands
// alone, "in" for "in 2022", "since" for "since 2022".
func (p *Pack) Date(year, month, day int, form string) string {
	precision := "day"
	switch {
	case month == 0:
		precision = "year"
	case day == 0:
		precision = "month"
	}
	key := append(make([]byte, 0, 16), precision...)
	if form != "" {
		key = append(append(key, '.'), form...)
	}
	t := p.dates.templates[string(key)]
	number := func(n int) Filled { return Filled{Text: strconv.Itoa(n)} }
	if strings.Contains(t.text, "|") { // only then does the class choose words
		number = func(n int) Filled { return Filled{Text: strconv.Itoa(n), Class: p.Ordinal(n)} }
	}
	return string(t.Append(make([]byte, 0, 32), func(place, form string) Filled {
		switch place {
		case "d":
			return number(day)
		case "y":
			return number(year)
		default:
			return Filled{Text: p.month(month, form)}
		}
	}))
}

// month returns a month's name in a form, or as it stands alone.
func (p *Pack) month(month int, form string) string {
	if month < 1 || month >= len(p.dates.months) {
		return ""
	}
	if s, ok := p.dates.months[month][form]; ok {
		return s
	}
	return p.dates.months[month]["nom"]
}

// And joins words as an enumeration: "a, b and c".
func (p *Pack) And(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + p.and + " " + words[last]
}

// Plural returns the CLDR plural class of n: "one", "few", "many", "other".
func (p *Pack) Plural(n int) string {
	return className(plural.Cardinal.MatchPlural(p.Tag, n, 0, 0, 0, 0))
}

// Ordinal returns the CLDR class of the ordinal number n: "one" for 1st and 21st
// in English. Where CLDR is coarser than the language, the pack lists the last
// digits of each class: in Turkmen 30-njy and 2010-njy, but 20-nji and 2000-nji.
func (p *Pack) Ordinal(n int) string {
	text := strconv.Itoa(n)
	for class, digits := range p.ordinals {
		for d := range strings.FieldsSeq(digits) {
			if strings.HasSuffix(text, d) {
				return class
			}
		}
	}
	if len(p.ordinals) > 0 {
		return className(plural.Other)
	}
	return className(plural.Ordinal.MatchPlural(p.Tag, n, 0, 0, 0, 0))
}

// pluralSamples are numbers that between them show every class of whole numbers
// of the languages that CLDR describes.
var pluralSamples = []int{0, 1, 2, 3, 5, 6, 11, 21, 22, 100, 1000000}

// PluralClasses lists the plural classes that whole numbers have in a language.
func PluralClasses(tag language.Tag) []string {
	var out []string
	seen := make(map[string]bool)
	for _, n := range pluralSamples {
		c := className(plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0))
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	return out
}

func className(f plural.Form) string {
	switch f {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	default:
		return "other"
	}
}

// Phrase fills one of the pack's phrases as a sentence; an unknown one is a bug
// and shows its key.
func (p *Pack) Phrase(key string, fill FillFunc) string {
	t, ok := p.Phrases[key]
	switch {
	case !ok:
		return Capital(key)
	case t.plain():
		return Capital(t.text)
	}
	return t.Fill(orEmpty(fill))
}

// Part is Phrase for a part of a sentence: its first letter stays as it is.
func (p *Pack) Part(key string, fill FillFunc) string {
	t, ok := p.Phrases[key]
	switch {
	case !ok:
		return key
	case t.plain():
		return t.text
	}
	return string(t.Append(make([]byte, 0, 160), orEmpty(fill)))
}

// orEmpty is fill, or leaves all places empty if there is none.
func orEmpty(fill FillFunc) FillFunc {
	if fill == nil {
		return func(string, string) Filled { return Filled{} }
	}
	return fill
}
