package ask

import (
	"suhbat/bot/lang"
	"suhbat/facts"
)

// parse is the working space of one attempt, used again and again.
type parse struct {
	e      *Engine
	v      *voice
	q      Question
	text   string
	tokens []lang.Token
	// said is the text that cut was last, into the words whose heads and slips
	// are known: they are the same for every language that it is tried in.
	said  string
	cut   []cutWord
	whole int // how many words of cut are the text's own
	// ranked is the space of [Engine.rank].
	ranked  []ranked
	keys    []lang.Key
	words   [][]lang.Key
	atoms   []atom
	known   []*facts.Entity // backing for atom.entities
	misread []Correction
	odd     []string
	// form and result are the reading that was chosen last: what it was tried
	// with need not be looked up again.
	form   Form
	result Result
	// tried counts the clauses that were composed.
	tried int
	// candidates are the readings of the clause at hand, clauses all that the question
	// was divided into, and made their forms.
	candidates []candidate
	clauses    []*clause
	made       []Form
	// topical are the words that may describe a text.
	topical []string
}

// newClause returns an empty clause in the space of one of the question before.
func (p *parse) newClause() *clause {
	n := len(p.clauses)
	if n == cap(p.clauses) {
		p.clauses = append(p.clauses, new(clause))
		return p.clauses[n]
	}
	p.clauses = p.clauses[:n+1]
	if p.clauses[n] == nil {
		p.clauses[n] = new(clause)
	}
	*p.clauses[n] = clause{}
	return p.clauses[n]
}

// one returns a form as the only one of a question's part, in a piece of memory that
// the question keeps for its forms.
func (p *parse) one(f Form) []Form {
	n := len(p.made)
	p.made = append(p.made, f)
	return p.made[n : n+1 : n+1]
}
