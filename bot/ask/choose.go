package ask

import (
	"slices"

	"suhbat/facts"
)

// candidate is a form and how far-fetched it is.
type candidate struct {
	form Form
	cost int
}

// best chooses among candidates: the least far-fetched of those that the facts
// answer, or else of those that they do not. Two readings that are equally good
// and answer differently make the question ambiguous.
func (c *clause) best(all []candidate) (Form, []Form, problem) {
	if len(all) == 0 {
		return Form{}, nil, problem{reason: NoParse}
	}
	var room [4]*candidate
	chosen := room[:0]
	first := &c.p.result
	beside := -1 // the first unanswered reading that has something to say beside
	for i := range all {
		cand := &all[i]
		if len(chosen) > 0 && cand.cost > chosen[0].cost || cand.cost > all[0].cost+farFetched {
			break
		}
		r := c.p.e.resolve(&cand.form, c.p.q.Today)
		switch {
		case r.Kind == Missing:
			if beside < 0 && len(r.Nearby) > 0 {
				beside = i
			}
		case len(chosen) == 0:
			chosen = append(chosen, cand)
			c.p.form, *first = Form{}, r
		case sameFacts(first.Facts, r.Facts), cand.form.Act != About && tells(&chosen[0].form, first, &r):
		case len(chosen) == 1 && tells(&cand.form, &r, first):
			chosen[0], *first = cand, r
		default:
			chosen = append(chosen, cand)
		}
	}
	switch len(chosen) {
	case 0:
		return all[max(beside, 0)].form, nil, problem{}
	case 1:
		c.p.form = chosen[0].form
		return chosen[0].form, nil, problem{}
	}
	var choices []Form
	for _, cand := range chosen {
		choices = append(choices, cand.form)
	}
	return Form{}, choices, problem{}
}

// candidate adds a reading to the others, which stand by their costs; of two that cost
// the same, the first comes first.
func (p *parse) candidate(f *Form, cost int) {
	at := len(p.candidates)
	for at > 0 && p.candidates[at-1].cost > cost {
		at--
	}
	p.candidates = slices.Insert(p.candidates, at, candidate{*f, cost})
}

// tells reports whether a form asks for a profile that says all that the other
// reading says: then there is nothing to choose.
func tells(f *Form, profile, other *Result) bool {
	return f.Act == About && !slices.ContainsFunc(other.Facts, func(x *facts.Fact) bool { return !slices.Contains(profile.Facts, x) })
}

// farFetched is how much dearer than the plainest reading another one may be and
// still be taken because the plainest has no answer: another property that the
// same word may stand for, but not another distribution of the things.
const farFetched = 2

func sameFacts(a, b []*facts.Fact) bool {
	if len(a) != len(b) {
		return false
	}
	for _, f := range a {
		if !slices.Contains(b, f) {
			return false
		}
	}
	return true
}
