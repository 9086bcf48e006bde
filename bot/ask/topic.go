package ask

import (
	"slices"
	"strings"
	"unicode/utf8"

	"suhbat/bot/lang"
	"suhbat/facts"
)

// Some questions describe a text: "which resolution created the post of Special
// Representative?", "what did she say about the Middle East?". When no other
// reading fits, the words that have no place are looked for in the texts
// themselves. Such a question is answered only when every one of its words
// stands in what the facts say of one resolution, or of what one person said; so
// this, too, uses every word or declines.

// textIndex finds facts by the beginnings of the words of their texts.
type textIndex struct {
	facts map[string][]*facts.Fact // by the beginning of a word
	words map[*facts.Fact][]string
}

// stemRunes is the length of a word's beginning by which texts are indexed;
// maxTail how many letters of two forms of a word may differ after it.
const (
	stemRunes = 4
	maxTail   = 3
	keyRunes  = 3 // a word of four letters may bend in its last one
)

// newTextIndex indexes the texts that a question may describe, in a language.
func newTextIndex(s *facts.Store, pack *lang.Pack) *textIndex {
	x := &textIndex{facts: make(map[string][]*facts.Fact), words: make(map[*facts.Fact][]string)}
	for _, id := range []facts.ID{"significance", "summary", "said", "theme", "discussed", "outcome", "wording", proposed} {
		for _, f := range s.With(s.Property(id)) {
			x.words[f] = textWords(f, pack)
			for _, word := range x.words[f] {
				key := beginning(word)
				if all := x.facts[key]; len(all) == 0 || all[len(all)-1] != f {
					x.facts[key] = append(all, f)
				}
			}
		}
	}
	return x
}

func beginning(word string) string {
	n := 0
	for i := range word {
		if n == keyRunes {
			return word[:i]
		}
		n++
	}
	return word
}

// textWords are the words of a fact's text in a language, or in the letters that
// the pack writes its language in.
func textWords(f *facts.Fact, pack *lang.Pack) []string {
	text, _ := f.Value.(facts.Text)
	in, ok := text.In[facts.Lang(pack.Code)]
	if !ok && pack.Base != "" {
		in = pack.Rewrite(text.In[facts.Lang(pack.Base)])
	}
	var words []string
	for _, t := range lang.Tokens(nil, in) {
		words = append(words, t.Text)
	}
	return words
}

// with returns the facts whose text has the word, in whatever form.
func (v *voice) with(word string) []*facts.Fact {
	var out []*facts.Fact
	for _, f := range v.texts().facts[beginning(word)] {
		if v.says(f, word) {
			out = append(out, f)
		}
	}
	return out
}

// says reports whether the text of a fact has the word, in whatever form.
func (v *voice) says(f *facts.Fact, word string) bool {
	return slices.ContainsFunc(v.texts().words[f], func(w string) bool { return v.sameWord(w, word) })
}

// sameWord reports whether two words are forms of one: alike but for their tails,
// or for endings of the language.
func (v *voice) sameWord(a, b string) bool {
	const least = stemRunes - 1 // bytes that any two forms have in common, which sorts most words out at once
	if a != b && (len(a) < least || len(b) < least || a[:least] != b[:least]) {
		return false
	}
	return sameWord(a, b) || v.shortForms(a, b) || utf8.RuneCountInString(a) >= stemRunes && v.extends(b, a) ||
		utf8.RuneCountInString(b) >= stemRunes && v.extends(a, b)
}

// shortForms reports whether two words of four letters or so are alike but for an ending
// of one letter: «роль» and «роли».
func (v *voice) shortForms(a, b string) bool {
	if utf8.RuneCountInString(a) != stemRunes || utf8.RuneCountInString(b) != stemRunes {
		return false
	}
	_, x := utf8.DecodeLastRuneInString(a)
	_, y := utf8.DecodeLastRuneInString(b)
	x, y = len(a)-x, len(b)-y
	return a[:x] == b[:y] && v.lex.IsEnding(a[x:]) && v.lex.IsEnding(b[y:])
}

// extends reports whether a word is another one with an ending.
func (v *voice) extends(long, short string) bool {
	tail, ok := strings.CutPrefix(long, short)
	return ok && v.lex.IsEnding(tail)
}

// sameWord reports whether two words are forms of one: alike but for their
// tails.
func sameWord(a, b string) bool {
	if a == b {
		return true
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && i < len(a) && !utf8.RuneStart(a[i]) {
		i--
	}
	return utf8.RuneCountInString(a[:i]) >= stemRunes &&
		utf8.RuneCountInString(a[i:]) <= maxTail && utf8.RuneCountInString(b[i:]) <= maxTail
}

// topic composes a question about a text, if it is one.
func (p *parse) topic() (Form, bool) {
	words := p.topical[:0]
	defer func() { p.topical = words }()
	f := Form{Act: Find}
	w := &p.e.world.known
	for i := range p.atoms {
		a := &p.atoms[i]
		switch {
		case a.kind == aFiller, a.kind == aChat, a.is("in"), a.is("by"), a.is("list"), a.is("and"), a.is("verify") && p.names(personType):
		case a.kind == aWh && (a.concept.ID == "which" || a.concept.ID == "what"):
		case a.kind == aType && a.concept.ID == string(resolutionType) && f.Property == nil && w.significance != nil:
			f.Property, f.Ask, f.Want = w.significance, SubjectRole, p.e.store.Type(resolutionType)
		case a.kind == aType && p.ofEvents(a) && f.Property == nil && w.significance != nil:
			f.Property, f.Ask, f.Want = w.significance, SubjectRole, p.e.store.Type(eventType)
		case a.kind == aType && a.concept.ID == string(componentType) && f.Property == nil && w.wording != nil:
			f.Property, f.Ask, f.Want = w.wording, SubjectRole, p.e.store.Type(componentType)
		case a.kind == aRel && a.concept.ID == "found-act" && f.Property == nil && w.significance != nil:
			f.Property, f.Ask, f.Want = w.significance, SubjectRole, p.e.store.Type(resolutionType)
		case a.kind == aRel && (a.concept.ID == "say" || a.concept.ID == "about") && f.Property == nil && w.said != nil && (p.names(personType) || p.names(positionType)):
			f.Property, f.Ask = w.said, ValueRole
		case a.kind == aRel && (a.concept.ID == "say" || a.concept.ID == "speech") && !a.asks && f.Property == nil && w.said != nil && p.asksSpeaker():
			f.Property, f.Ask, f.Want = w.said, SubjectRole, p.e.store.Type(personType)
		case a.kind == aWh && a.concept.ID == "who" && p.asksSpeaker():
		case a.kind == aEntity && len(a.entities) == 1 && a.entities[0].Type.ID == personType && f.Subject.IsZero():
			f.Subject = Term{Entity: a.entities[0]}
		case a.kind == aRel && slices.Contains(tellsOf, a.concept.ID) && f.Property == nil && w.summary != nil && p.names(resolutionType):
			f.Property, f.Ask = w.summary, ValueRole
		case a.kind == aEntity && len(a.entities) == 1 && a.entities[0].Type.ID == resolutionType && f.Subject.IsZero() && (f.Property == nil || f.Property == w.summary):
			f.Subject = Term{Entity: a.entities[0]}
		case a.kind == aEntity && a.entities[0].Type.ID == positionType && f.Subject.IsZero() && p.speaker(a) != nil:
			f.Subject = Term{Entity: p.speaker(a)}
		case a.kind == aRel && slices.Contains(scenery, a.concept.ID):
		case a.kind == aWh, a.kind == aOp, a.kind == aBlocked:
			return Form{}, false
		default:
			words = p.wordsOf(words, a)
		}
	}
	said := f.Property != nil && (f.Property == w.said && f.Ask == ValueRole || f.Property == w.summary) // what one person said, or one resolution
	if f.Property == nil || len(words) < minTopic && !(len(words) == 1 && (said || utf8.RuneCountInString(words[0]) >= telling || len(p.odd) > 0 && utf8.RuneCountInString(words[0]) >= stemRunes)) || said == f.Subject.IsZero() {
		return Form{}, false
	}
	f.Words, f.WordsIn = strings.Join(words, " "), p.v.pack.Code
	if f.Want != nil && f.Want.ID == eventType && (p.mentions("launch") && p.mentions("chair") && !p.opened(f) || p.onlyWhere(words)) {
		return Form{}, false
	}
	return f, true
}

// mentions reports whether the question has a relation.
func (p *parse) mentions(rel string) bool {
	return some(p.atoms, func(a *atom) bool { return a.kind == aRel && a.concept.ID == rel })
}

// opened reports whether what the texts say is that something began: "which event started
// K's chairmanship?" is not about the one that summed it up.
func (p *parse) opened(f Form) bool {
	return slices.ContainsFunc(p.e.findTopic(f).Facts, func(x *facts.Fact) bool {
		return slices.ContainsFunc(p.v.texts().words[x], p.begins)
	})
}

// begins reports whether a word says that something began, or was opened.
func (p *parse) begins(word string) bool {
	return slices.ContainsFunc(p.v.lex.Longest([][]lang.Key{p.v.lex.Keys(nil, word)}).Meanings, func(m lang.Meaning) bool {
		return m.Concept != nil && (m.Concept.ID == "launch" || m.Concept.ID == "opening-speech" || m.Concept.ID == "create")
	})
}

// onlyWhere reports whether nothing but a place or a chairmanship is looked for where no
// question word stands: "were there forums in A?" does not ask for texts about A.
func (p *parse) onlyWhere(words []string) bool {
	return !hasKin(p.atoms, kinWh) && (p.mentions("chair") || some(p.atoms, func(a *atom) bool {
		return a.kind == aEntity && len(a.entities) == 1 && isPlace(a.entities[0]) && a.to-a.from == len(words)
	}))
}

// asksSpeaker reports whether the question asks who spoke, and names nobody: "who
// spoke about the Middle East?".
func (p *parse) asksSpeaker() bool {
	return some(p.atoms, func(a *atom) bool { return a.kind == aWh && a.concept.ID == "who" }) &&
		!some(p.atoms, func(a *atom) bool { return a.kind == aEntity })
}

// ofEvents reports whether a noun is one for events.
func (p *parse) ofEvents(a *atom) bool {
	return len(a.concept.Of) > 0 && facts.ID(a.concept.Of[0]) == eventType
}

// names reports whether the question names a thing of a type.
func (p *parse) names(t facts.ID) bool {
	return some(p.atoms, func(a *atom) bool { return a.kind == aEntity && a.entities[0].Type.ID == t })
}

// speaker is the one person in an office whose words the facts give, or nil.
func (p *parse) speaker(a *atom) *facts.Entity {
	w := &p.e.world.known
	var found *facts.Entity
	for _, office := range a.entities {
		for _, held := range p.e.store.Naming(office, w.role) {
			if len(p.e.store.Of(held.Subject, w.said)) == 0 || held.Subject == found {
				continue
			}
			if found != nil {
				return nil
			}
			found = held.Subject
		}
	}
	return found
}

// minTopic is the number of words that single out a text. One is too few, unless it
// is as long as telling, in letters, or looked for in what one person said.
const (
	minTopic = 2
	telling  = 7
)

// tellsOf lists the relations by which a question asks what a resolution says about
// something.
var tellsOf = []string{"say", "about", "summary", "discuss", "speech"}

// scenery lists the relations that a question about a text may use freely: they
// say no more than that the text says so.
var scenery = []string{"adopt", "create", "launch", "significance", "summary", "about", "found-act", "say", "theme", "discuss", "purpose", "make"}

// wordsOf appends the folded words of an atom to out.
func (p *parse) wordsOf(out []string, a *atom) []string {
	for i := range p.tokens[a.from:a.to] {
		out = append(out, p.tokens[a.from+i].Text)
	}
	return out
}

// findTopic executes a form that [parse.topic] composed: the resolutions whose
// texts have every word, or the statements that do.
func (e *Engine) findTopic(f Form) Result {
	i := slices.IndexFunc(e.voices, func(v *voice) bool { return v.pack.Code == f.WordsIn })
	if i < 0 {
		return Result{Form: f, Why: NotStated}
	}
	v := e.voices[i]
	var subjects map[*facts.Entity]int
	var hits []*facts.Fact
	words := strings.Fields(f.Words)
	alone := len(words) == 1
	for n, word := range words {
		with := v.with(word)
		next := make(map[*facts.Entity]int)
		for _, x := range with {
			if !e.topical(x, &f) || alone && !v.tells(x, words) {
				continue
			}
			if n == 0 || subjects[x.Subject] == n {
				next[x.Subject] = n + 1
			}
			if !slices.Contains(hits, x) {
				hits = append(hits, x)
			}
		}
		subjects = next
	}
	r := Result{Form: f, Kind: Statements}
	for _, x := range hits {
		if subjects[x.Subject] == len(words) && (f.Ask == SubjectRole && f.Property != e.world.known.said || v.hasAll(x, words)) {
			r.Facts = append(r.Facts, x)
		}
	}
	if len(subjects) != 1 || len(r.Facts) == 0 {
		return Result{Form: f, Why: NotStated}
	}
	return r
}

// topical reports whether a fact may answer: it speaks of one of the listed
// resolutions, or gives the words of the person.
func (e *Engine) topical(x *facts.Fact, f *Form) bool {
	if f.Subject.Entity != nil {
		return x.Subject == f.Subject.Entity && (x.Property == f.Property || f.Property == e.world.known.summary && x.Property == e.world.known.significance)
	}
	return x.Subject.Type == f.Want
}

// hasAll reports whether one text has every word.
func (v *voice) hasAll(x *facts.Fact, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !v.says(x, w) })
}
