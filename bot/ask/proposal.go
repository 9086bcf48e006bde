package ask

import (
	"slices"
	"strings"
	"unicode/utf8"

	"suhbat/facts"
)

// Some things are known only because somebody proposed them, such as a permanent
// secretariat. They have no name among the facts, so the words of the question are
// looked for in the texts of the proposals, and each of them has to stand there.

// proposed is the property of what somebody proposed.
const proposed facts.ID = "proposed"

// beside lists the relations that a question about a proposal may use: whether the
// thing exists, where it is, who had the idea.
var beside = []string{"propose", "initiative", "headquarters", "venue", "host", "have", "make", "hold", "launch", "create", "status", "about"}

// tryProposal answers a question about what is known only as a proposal: "who
// proposed a permanent secretariat?" and "where was it proposed to open one?" by the
// proposal, any other by saying that this is all that is known.
func (e *Engine) tryProposal(p *parse) (Result, bool) {
	property := e.store.Property(proposed)
	if property == nil {
		return Result{}, false
	}
	words := p.topical[:0]
	defer func() { p.topical = words }()
	var by *facts.Entity
	told, named, when := false, false, false
	for i := range p.atoms {
		switch a := &p.atoms[i]; {
		case a.kind == aFiller, a.kind == aChat, a.kind == aUnit, a.is("in"), a.is("from"), a.is("and"), a.is("verify"), a.is("now"), a.is("condition"), a.kind == aTag && a.concept.ID == "opening":
		case a.kind == aWh:
			when = when || a.concept.ID != "who" && a.concept.ID != "which" && a.concept.ID != "what" && a.concept.ID != "where"
		case a.kind == aType && a.concept.ID == string(countryType):
		case a.kind == aEntity && a.entities[0].Type.ID == platformType:
		case a.kind == aEntity && a.entities[0].Type.ID == countryType && by == nil:
			by = a.entities[0]
		case a.kind == aRel && slices.Contains(beside, a.concept.ID):
			told = told || a.concept.ID == "propose" || a.concept.ID == "initiative"
		case a.kind == aUnknown, a.kind == aUncovered, a.kind == aTag, a.kind == aEntity && isPlace(a.entities[0]):
			words = p.wordsOf(words, a)
			named = named || a.kind != aEntity
		default:
			return Result{}, false
		}
	}
	if !named {
		return Result{}, false
	}
	var all []*facts.Fact
	for _, x := range e.store.With(property) {
		if p.v.tells(x, words) && (by == nil || by == x.Subject) {
			all = append(all, x)
		}
	}
	f := Form{Act: Find, Property: property, Ask: SubjectRole, Words: strings.Join(words, " "), WordsIn: p.v.pack.Code}
	switch {
	case len(all) == 0:
		return Result{}, false
	case told && !when:
		return Result{Form: f, Kind: Statements, Facts: all}, true
	default:
		return Result{Form: f, Why: NotStated, Nearby: all}, true
	}
}

// tells reports whether the text of a fact has every word, in a form of the language:
// a secretary is no secretariat.
func (v *voice) tells(x *facts.Fact, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool {
		return !slices.ContainsFunc(v.texts().words[x], func(w string) bool { return v.bends(w, word) })
	})
}

// bends reports whether two words are one with different endings of the language.
func (v *voice) bends(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && (i < len(a) && !utf8.RuneStart(a[i]) || i < len(b) && !utf8.RuneStart(b[i])) {
		i--
	}
	ending := func(tail string) bool { return tail == "" || v.lex.IsEnding(tail) }
	tailA, tailB := a[i:], b[i:]
	if utf8.RuneCountInString(a[:i]) >= stemRunes && softens(tailA, tailB) {
		_, sizeA := utf8.DecodeRuneInString(tailA)
		_, sizeB := utf8.DecodeRuneInString(tailB)
		tailA, tailB = tailA[sizeA:], tailB[sizeB:]
	}
	return a == b || utf8.RuneCountInString(a[:i]) >= stemRunes && ending(tailA) && ending(tailB)
}

// softened holds the consonants that become others before an ending that begins with a
// vowel: «хатшылық», «хатшылығы».
var softened = map[rune]rune{'к': 'г', 'п': 'б', 'k': 'g', 'p': 'b', 'q': 'g'}

// softens reports whether two tails begin with one consonant, as it is at the end of a
// word and before a vowel.
func softens(a, b string) bool {
	x, _ := utf8.DecodeRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	return softened[x] == y && y != utf8.RuneError || softened[y] == x && x != utf8.RuneError
}
