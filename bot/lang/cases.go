package lang

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"suhbat/facts/fold"
)

// Where a language puts its cases behind a name by rule, the pack holds the rules
// and the facts need no forms. The Turkic languages choose among the shapes of an
// ending by the last vowel of the name (harmony) and by its last letter: kk
// "Ташкент" has "Ташкенттің", "Алматы" has "Алматының". A rule therefore names the
// endings of the name that it is for, and what it adds by the class of the last
// vowel. The first rule that fits counts.

// casesFile is the key `cases` of a pack.
type casesFile struct {
	// Harmony lists the vowels of each class; a name without any vowel of these
	// has the class "any".
	Harmony map[string]string
	// Letters says how the last letter of an abbreviation, or the last digit of a
	// number, is read, where its name ends otherwise: {М: эм, "5": бес}.
	Letters map[string]string
	Forms   map[string][]caseRule
}

// caseRule adds one ending.
type caseRule struct {
	// After lists endings of the name, a space apart; every name if empty.
	After string
	// Compound keeps the rule for names of several words, whose last one has an
	// ending of possession in the Turkic languages.
	Compound bool
	// Drop is cut off the name first.
	Drop string
	// Add is the ending by class of harmony; "any" is for the others.
	Add map[string]string
}

// cases are the rules of a pack, ready for use.
type cases struct {
	class   map[rune]string
	letters map[string]string
	forms   map[string][]caseRule
}

func (r *reader) cases(f *casesFile) cases {
	c := cases{class: make(map[rune]string), letters: f.Letters, forms: f.Forms}
	for class, vowels := range f.Harmony {
		for _, v := range vowels {
			c.class[v] = class
		}
	}
	for form, rules := range f.Forms {
		for _, rule := range rules {
			if len(rule.Add) == 0 {
				r.wrong(&yaml.Node{}, "a rule of the case "+form+" adds nothing", "add: {any: …}, or an ending for each class of harmony")
			}
			for class := range rule.Add {
				if _, ok := f.Harmony[class]; !ok && class != anyClass {
					r.wrong(&yaml.Node{}, fmt.Sprintf("the case %s names the class %q", form, class), "any, or a class that harmony lists")
				}
			}
		}
	}
	return c
}

// anyClass is the class of a name whose vowels decide nothing.
const anyClass = "any"

// HasForm reports whether the pack has rules for a form of names.
func (p *Pack) HasForm(form string) bool { return len(p.cases.forms[form]) > 0 }

// Ends reports whether a word has an ending of a form.
func (p *Pack) Ends(word, form string) bool {
	word = fold.String(word)
	for _, rule := range p.cases.forms[form] {
		for _, ending := range rule.Add {
			if strings.HasSuffix(word, fold.String(ending)) {
				return true
			}
		}
	}
	return false
}

// Inflect puts a name into a form by the rules of the pack; without rules for the
// form the name stays as it is. What stands in brackets at the end of the name
// stays behind it.
func (p *Pack) Inflect(name, form string) string {
	rules := p.cases.forms[form]
	if len(rules) == 0 || name == "" {
		return name
	}
	base, tail := name, ""
	if i := strings.LastIndex(name, " ("); i > 0 && strings.HasSuffix(name, ")") {
		base, tail = name[:i], name[i:]
	}
	sound, joint := p.cases.sound(base)
	for _, rule := range rules {
		if rule.fits(base, sound) {
			cut := strings.TrimSuffix(base, rule.Drop)
			if len(cut) < len(base) {
				sound = strings.TrimSuffix(sound, rule.Drop)
			}
			return cut + joint + rule.ending(p.cases.classOf(sound)) + tail
		}
	}
	return name
}

// EndsAs reports whether a folded word ends as names do in a form.
func (p *Pack) EndsAs(word, form string) bool {
	for _, rule := range p.cases.forms[form] {
		for _, ending := range rule.Add {
			if strings.HasSuffix(word, fold.String(ending)) {
				return true
			}
		}
	}
	return false
}

// sound is how the last word of a name is heard, and what stands between the name
// and an ending: a hyphen behind an abbreviation or a number.
func (c *cases) sound(name string) (sound, joint string) {
	word := name[strings.LastIndexAny(name, " -")+1:]
	letters := strings.TrimRightFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	last, size := utf8.DecodeLastRuneInString(letters)
	short := utf8.RuneCountInString(letters) > 1 && letters == strings.ToUpper(letters)
	if short || unicode.IsDigit(last) {
		if read, ok := c.letters[letters[len(letters)-size:]]; ok {
			return read, "-"
		}
		return strings.ToLower(letters), "-"
	}
	return strings.ToLower(letters), ""
}

// fits reports whether a rule is for a name.
func (r *caseRule) fits(name, sound string) bool {
	if r.Compound && !strings.Contains(name, " ") {
		return false
	}
	if r.After == "" {
		return true
	}
	for e := range strings.FieldsSeq(r.After) {
		if strings.HasSuffix(sound, e) {
			return true
		}
	}
	return false
}

// classOf is the class of the last vowel of a word.
func (c *cases) classOf(sound string) string {
	for len(sound) > 0 {
		r, size := utf8.DecodeLastRuneInString(sound)
		if class, ok := c.class[r]; ok {
			return class
		}
		sound = sound[:len(sound)-size]
	}
	return anyClass
}

func (r *caseRule) ending(class string) string {
	if e, ok := r.Add[class]; ok {
		return e
	}
	return r.Add[anyClass]
}
