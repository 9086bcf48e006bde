package lang

import (
	"slices"
	"strings"

	"suhbat/facts/fold"
)

// Grammar is what words show about a sentence beside what they stand for: who
// acts, when, and how many. A list that a language leaves out tells nothing, and
// then a question that depends on it is declined.
type Grammar struct {
	// Past, Present and Future are words that say when: "did", "is", "will".
	// PastEndings are endings of a verb that do.
	Past, PastEndings, Present, Future []string
	// Definite are words before a noun that mean a certain one: "the".
	Definite []string
	// Plural are endings of nouns and question words that mean several.
	Plural []string
	// Helpers are words behind which an active verb has its agent: "does".
	Helpers []string
	// Doing are the helpers that never stand without another verb: "did".
	Doing []string
	// Of are words between a deed and who does it, or between who does it and to
	// whom: "with the support of A", "a supporter of B".
	Of []string
	// Doers are endings of nouns for who does something: "supporter".
	Doers []string
	// Participles are endings of a verb that describes who acts: "supporting".
	Participles []string
	// Into are words before what something becomes a part of: "into".
	Into []string
	// Active are endings of verbs that stand in no need of a helper. Passive are
	// those of verbs beside which who acts has one of the endings Agent; Oblique
	// are the endings of nouns for whoever does not act. PluralVerbs are endings of
	// active verbs of several.
	Active, Passive, Agent, Oblique, PluralVerbs []string
	// Accusers are question words for whom something is done to.
	Accusers []string
	// Decades are endings behind a year that make ten years of it: "2010s".
	Decades []string
	// Directly are words beside one of order that leave nothing between: "right after".
	Directly []string
}

// grammarFile is a grammar in a pack: words and endings with spaces between.
type grammarFile struct {
	Past        string
	PastEndings string `yaml:"past-endings"`
	Present     string
	Future      string
	Plural      string
	Definite    string
	Helpers     string
	Doing       string
	Of          string
	Doers       string
	Participles string
	Active      string
	Passive     string
	Agent       string
	Oblique     string
	Into        string
	PluralVerbs string `yaml:"plural-verbs"`
	Accusers    string
	Decades     string
	Directly    string
}

func (f grammarFile) grammar() Grammar {
	list := func(s string) []string { return strings.Fields(fold.String(s)) }
	return Grammar{
		Past: list(f.Past), PastEndings: list(f.PastEndings), Present: list(f.Present), Future: list(f.Future), Plural: list(f.Plural), Definite: list(f.Definite),
		Helpers: list(f.Helpers), Doing: list(f.Doing), Of: list(f.Of), Doers: list(f.Doers), Participles: list(f.Participles), Active: list(f.Active), Passive: list(f.Passive),
		Agent: list(f.Agent), Oblique: list(f.Oblique), PluralVerbs: list(f.PluralVerbs), Into: list(f.Into), Accusers: list(f.Accusers),
		Decades: list(f.Decades), Directly: list(f.Directly),
	}
}

// each returns the grammar with all of its lists rewritten.
func (f grammarFile) each(do func(string) string) grammarFile {
	for _, list := range []*string{
		&f.Past, &f.PastEndings, &f.Present, &f.Future, &f.Plural, &f.Definite, &f.Helpers, &f.Doing, &f.Of, &f.Doers, &f.Participles,
		&f.Active, &f.Passive, &f.Agent, &f.Oblique, &f.Into, &f.PluralVerbs, &f.Accusers, &f.Decades, &f.Directly,
	} {
		*list = do(*list)
	}
	return f
}

// lists returns all lists of the grammar.
func (g *Grammar) lists() []*[]string {
	return []*[]string{
		&g.Past, &g.PastEndings, &g.Present, &g.Future, &g.Definite, &g.Plural, &g.Helpers, &g.Doing, &g.Of, &g.Doers,
		&g.Participles, &g.Into, &g.Active, &g.Passive, &g.Agent, &g.Oblique, &g.PluralVerbs, &g.Accusers, &g.Decades, &g.Directly,
	}
}

// EndsIn reports whether a folded word has one of the endings.
func EndsIn(word string, endings []string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(word, e) })
}
