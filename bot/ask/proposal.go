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
var beside = []string{"propose", "initiative", "headquarters", "venue", "host", "have", "hold", "launch", "create", "status", "about"}

// tryProposal answers a question about what is known only as a proposal: "who
// proposed a permanent secretariat?" by who did, any other by saying that this is
// all that is known.
func (e *Engine) tryProposal(p *parse) (Result, bool) {
	property := e.store.Property(proposed)
	if property == nil {
		return Result{}, false
	}
	var words []string
	var by *facts.Entity
	who, told, named := false, false, false
	for i := range p.atoms {
		switch a := &p.atoms[i]; {
		case a.kind == aFiller, a.kind == aChat, a.kind == aUnit, a.is("in"), a.is("verify"), a.is("now"), a.is("condition"):
		case a.kind == aWh:
			who = who || a.concept.ID == "who" || a.concept.ID == "which"
		case a.kind == aType && a.concept.ID == string(countryType):
		case a.kind == aEntity && a.entities[0].Type.ID == platformType:
		case a.kind == aEntity && a.entities[0].Type.ID == countryType && by == nil:
			by = a.entities[0]
		case a.kind == aRel && slices.Contains(beside, a.concept.ID):
			told = told || a.concept.ID == "propose" || a.concept.ID == "initiative"
			who = who || a.asks
		case a.kind == aUnknown, a.kind == aUncovered, a.kind == aTag, a.kind == aEntity && isPlace(a.entities[0]):
			words = p.wordsOf(words, a)
			named = named || a.kind != aEntity
		default:
			return Result{}, false
		}
	}
	var all []*facts.Fact
	for _, x := range e.store.With(property) {
		if named && p.v.tells(x, words) && (by == nil || by == x.Subject) {
			all = append(all, x)
		}
	}
	f := Form{Act: Find, Property: property, Ask: SubjectRole, Words: strings.Join(words, " "), WordsIn: p.v.pack.Code}
	switch {
	case len(all) == 0:
		return Result{}, false
	case told && (who || by != nil):
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
	return a == b || utf8.RuneCountInString(a[:i]) >= stemRunes && ending(a[i:]) && ending(b[i:])
}
