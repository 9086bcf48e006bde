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
	slices.SortStableFunc(all, func(a, b candidate) int { return a.cost - b.cost })
	var chosen []candidate
	var first Result
	beside := -1 // the first unanswered reading that has something to say beside
	for i, cand := range all {
		if len(chosen) > 0 && cand.cost > chosen[0].cost || cand.cost > all[0].cost+farFetched {
			break
		}
		r := c.p.e.resolve(cand.form, c.p.q.Today)
		switch {
		case r.Kind == Missing:
			if beside < 0 && len(r.Nearby) > 0 {
				beside = i
			}
		case len(chosen) == 0:
			chosen, first = append(chosen, cand), r
		case sameFacts(first.Facts, r.Facts), cand.form.Act != About && tells(chosen[0].form, &first, &r):
		case len(chosen) == 1 && tells(cand.form, &r, &first):
			chosen, first = []candidate{cand}, r
		default:
			chosen = append(chosen, cand)
		}
	}
	switch len(chosen) {
	case 0:
		return all[max(beside, 0)].form, nil, problem{}
	case 1:
		c.p.form, c.p.result = chosen[0].form, first
		return chosen[0].form, nil, problem{}
	}
	var choices []Form
	for _, cand := range chosen {
		choices = append(choices, cand.form)
	}
	return Form{}, choices, problem{}
}

// tells reports whether a form asks for a profile that says all that the other
// reading says: then there is nothing to choose.
func tells(f Form, profile, other *Result) bool {
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
