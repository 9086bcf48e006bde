package ask

import (
	"slices"

	"suhbat/facts"
)

// A question may be several: "who hosted and who chaired it?", "when and where
// was it held?", "who chaired in 2021 and 2022?". Division cuts at a
// conjunction, a comma between two of a kind, or the end of a sentence. Two of a
// kind share everything else; two clauses borrow from each other what they lack.
// Either every part is understood, or none is answered.

// joinEither puts the two things of "did K chair, or Y?" side by side, and what asks
// for a yes or no behind both: «Täjigistanmy ýa Türkmenistan başlyklyk etdi?».
func (p *parse) joinEither() {
	or := indexOf(p.atoms, func(a *atom) bool { return a.is("or") })
	if or < 1 || hasKin(p.atoms, kinWh) {
		return
	}
	l, r := or-1, skip(p.atoms, or+1)
	for l >= 0 && p.atoms[l].kind != aEntity && p.idleBetween(&p.atoms[l]) {
		l--
	}
	if l < 0 || r >= len(p.atoms) || p.atoms[l].kind != aEntity || p.atoms[r].kind != aEntity || p.atoms[l].entities[0].Type != p.atoms[r].entities[0].Type {
		return
	}
	ask := indexOf(p.atoms, func(a *atom) bool { return a.is("verify") })
	end := skip(p.atoms, r+1)
	last := end == len(p.atoms) || p.atoms[end].is("verify") && skip(p.atoms, end+1) == len(p.atoms)
	if ask < 0 && l == or-1 || l < skipBack(p.atoms, or-1) && !p.atoms[l+1].is("verify") && !last {
		return
	}
	out := append(slices.Clone(p.atoms[:l+1]), p.atoms[or], p.atoms[r])
	out = append(append(out, p.atoms[l+1:or]...), p.atoms[r+1:]...)
	if ask >= 0 {
		verify := p.atoms[ask]
		out = append(slices.DeleteFunc(out, func(a atom) bool { return a.is("verify") }), verify)
	}
	p.atoms = append(p.atoms[:0], out...)
}

// idleBetween reports whether an atom may stand between a thing and the "or" behind it.
func (p *parse) idleBetween(a *atom) bool {
	return a.kind == aFiller || a.is("verify") || a.kind == aRel && !a.asks
}

// divide returns the forms of the parts of atoms, or nil.
func (p *parse) divide(atoms []atom, depth int) []Form {
	if some(atoms, func(a *atom) bool { return a.is("earlier") || a.is("later") }) {
		return nil // a comparison is one question
	}
	if plain, choices := alternatives(atoms); plain != nil {
		if forms := p.among(plain, choices, depth, atoms[len(plain)].brk == ','); forms != nil {
			return forms
		}
	}
	for k := len(atoms) - 1; k > 0; k-- {
		a := &atoms[k]
		and := a.is("and") || a.is("or")
		if !and && a.brk != ',' && a.brk != '?' {
			continue
		}
		left, right := k-1, k
		if and {
			right = k + 1
		}
		if and && p.byWhat(atoms, k) {
			continue
		}
		if forms := p.twins(atoms, skipBack(atoms, left), skip(atoms, right), k, and, depth); forms != nil && !(a.is("or") && profiles(forms)) {
			return forms
		}
		if and {
			if forms := p.askedTwins(atoms, skipBack(atoms, left), skip(atoms, right), depth); forms != nil {
				return forms
			}
		}
		if !and && a.brk == ',' && subordinate(atoms) && !p.v.pack.Postpositions {
			continue
		}
		if forms := p.halves(atoms[:left+1], atoms[min(right, len(atoms)):], depth); forms != nil && !(a.is("or") && profiles(forms)) {
			return forms
		}
	}
	return nil
}

// byWhat reports whether "and" at k also means "with" and stands between what is asked for
// and the verb, as in ky «кайсы иш-чара менен аяктады»: it joins no second question.
func (p *parse) byWhat(atoms []atom, k int) bool {
	return p.v.pack.Postpositions && atoms[k-1].kind == aType && asked(atoms, k-1) && !some(atoms[k+1:], func(a *atom) bool { return a.kind != aRel && a.kind != aFiller })
}

// profiles reports whether the forms ask for no more than what is known of things:
// "was it in A or in B" does not.
func profiles(forms []Form) bool {
	return !slices.ContainsFunc(forms, func(f Form) bool { return f.Act != About })
}

// alternatives finds the answers that a question proposes: "who chaired in 2022,
// A or B?". It returns the question without them.
func alternatives(atoms []atom) (plain []atom, choices []*facts.Entity) {
	if len(atoms) == 0 || !hasKin(atoms, kinWh) {
		return nil, nil
	}
	atoms = slices.DeleteFunc(slices.Clone(atoms), func(a atom) bool { return a.is("verify") }) // "Täjigistanmy ýa Türkmenistanmy?"
	for k := 2; k < len(atoms)-1; k++ {
		l, r := skipBack(atoms, k-1), skip(atoms, k+1)
		if !atoms[k].is("or") || l < 1 || r != len(atoms)-1 || atoms[l].kind != aEntity || atoms[r].kind != aEntity {
			continue
		}
		if first := skipBack(atoms, l-1) + 1; !some(atoms[:first], func(a *atom) bool { return a.kind == aOrd || a.is("last") }) {
			return atoms[:first:first], append(slices.Clone(atoms[l].entities), atoms[r].entities...)
		}
	}
	return nil, nil
}

// among answers a question that proposes its answers, if one of them is right. It
// has to say what it is about, or else have a comma before them.
func (p *parse) among(plain []atom, choices []*facts.Entity, depth int, comma bool) []Form {
	forms, _, bad := p.forms(plain, depth+1)
	if bad.bad() || len(forms) != 1 || forms[0].Act != Find || forms[0].Ask != ValueRole || forms[0].Assumed && !comma {
		return nil
	}
	for _, x := range p.e.resolve(&forms[0], p.q.Today).Facts {
		if slices.ContainsFunc(choices, func(e *facts.Entity) bool { return sameValue(x, e) }) {
			return forms
		}
	}
	return nil
}

// subordinate reports whether a clause hangs on another one by "when" or
// "where": it narrows the other and is no question of its own.
func subordinate(atoms []atom) bool {
	for i := 1; i < len(atoms); i++ {
		a := &atoms[i]
		if a.kind == aWh && a.brk == ',' && (a.concept.ID == "when" || a.concept.ID == "where" || a.concept.ID == "which") {
			return true
		}
	}
	return false
}

func skip(atoms []atom, i int) int {
	for i < len(atoms) && (atoms[i].kind == aFiller || atoms[i].is("in")) {
		i++
	}
	return i
}

func skipBack(atoms []atom, i int) int {
	for i >= 0 && atoms[i].kind == aFiller {
		i--
	}
	return i
}

// twins reads two atoms of a kind as two questions that share the rest.
func (p *parse) twins(atoms []atom, l, r, k int, and bool, depth int) []Form {
	if l < 0 || r >= len(atoms) || kin(&atoms[l]) != kin(&atoms[r]) || kin(&atoms[l]) == 0 {
		return nil
	}
	if p.v.pack.Postpositions && atoms[l].asks != atoms[r].asks {
		return nil // "қашан қабылданды және не туралы": each has its own question word
	}
	without := func(drop int) []atom {
		out := make([]atom, 0, len(atoms))
		for i := range atoms {
			if i == drop || and && i == k {
				continue
			}
			out = append(out, atoms[i])
			if i == r && drop == l {
				out[len(out)-1].brk = atoms[l].brk // it stands where the other stood
			}
		}
		return out
	}
	return p.both(without(r), without(l), depth)
}

// The groups of kinds of atoms that may be joined.
const (
	kinWh = iota + 1
	kinRel
	kinEntity
	kinType
	kinTime
	kinOrder
)

// kin is the group of an atom, or 0.
func kin(a *atom) int {
	switch a.kind {
	case aWh:
		return kinWh
	case aRel, aUnit:
		return kinRel
	case aEntity:
		return kinEntity
	case aType:
		return kinType
	case aDate, aSpan:
		return kinTime
	case aOrder:
		return kinOrder
	default:
		return 0
	}
}

// loans are what one clause may borrow from the other, the least first.
var loans = [][]int{
	{kinEntity, kinType},
	{kinEntity, kinType, kinTime},
	{kinTime},
	{kinRel},
	{kinRel, kinEntity, kinType},
	{kinWh},
	{kinWh, kinRel},
	{kinWh, kinRel, kinEntity, kinType},
}

// halves reads two clauses. What the second lacks it takes from the first, and
// the other way round.
func (p *parse) halves(left, right []atom, depth int) []Form {
	if len(left) == 0 || len(right) == 0 {
		return nil
	}
	named := hasKin(left, kinEntity) || hasKin(left, kinType) || hasKin(right, kinEntity) || hasKin(right, kinType)
	if forms := p.both(left, right, depth); forms != nil && !(named && assumed(forms)) {
		return forms
	}
	anaphor := some(right, func(a *atom) bool { return a.is("pronoun") || a.is("person-pronoun") })
	for _, kinds := range loans {
		described := hasKin(left, kinType) && slices.Contains(kinds, kinType)
		if (anaphor || described) && hasKin(left, kinTime) && !hasKin(right, kinTime) && !slices.Contains(kinds, kinTime) {
			continue // "… in 2021, and who was its chairperson" is about 2021; so is "the debate of 2021, and who presided"
		}
		if forms := p.both(left, borrow(right, left, kinds), depth); forms != nil && !(named && assumed(forms)) {
			return forms
		}
		if forms := p.both(borrow(left, right, kinds), right, depth); forms != nil && !(named && assumed(forms)) {
			return forms
		}
	}
	return nil
}

// assumed reports whether a form speaks of what nobody named: beside a part that
// names something, it is that which is meant.
func assumed(forms []Form) bool {
	return slices.ContainsFunc(forms, func(f Form) bool { return f.Assumed })
}

// borrow returns atoms with those of the given kinds that stand in from, if
// atoms has none of the kind.
func borrow(atoms, from []atom, kinds []int) []atom {
	own := func(a atom) bool {
		return kin(&a) > kinWh || a.kind == aWh && (a.concept.ID == "when" || a.concept.ID == "where")
	}
	if !slices.ContainsFunc(atoms, own) {
		return nil // "and what was it?" says too little of its own; "and when?" does not
	}
	if slices.Contains(kinds, kinWh) && !slices.Contains(kinds, kinRel) && !hasKin(atoms, kinRel) {
		return nil // "…, A or B" does not ask who A is
	}
	out := make([]atom, 0, len(atoms)+len(from))
	for i := range from {
		k := kin(&from[i])
		if k == kinType && hasKin(atoms, kinWh) && asked(from, i) {
			continue // it asks its own question: "which country …, and who …"
		}
		if k == 0 && describing(&from[i]) && slices.Contains(kinds, kinType) && !hasKin(atoms, kinType) {
			out = append(out, from[i]) // what describes a noun goes with it
		}
		for _, want := range kinds {
			if k == want && !hasKin(atoms, k) {
				out = append(out, from[i])
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, atoms...)
}

// describing reports whether an atom describes a noun.
func describing(a *atom) bool {
	return a.kind == aTag || a.kind == aOrd || a.kind == aNum || a.is("last")
}

// asked reports whether the noun at i stands behind a question word.
func asked(atoms []atom, i int) bool {
	k := skipBack(atoms, i-1)
	return k >= 0 && atoms[k].kind == aWh
}

func hasKin(atoms []atom, k int) bool {
	for i := range atoms {
		if kin(&atoms[i]) == k {
			return true
		}
	}
	return false
}

// both composes two parts, or nothing.
func (p *parse) both(a, b []atom, depth int) []Form {
	if a == nil || b == nil {
		return nil
	}
	first, choices, bad := p.forms(a, depth+1)
	if bad.bad() || len(choices) > 0 {
		return nil
	}
	second, choices, bad := p.forms(b, depth+1)
	if bad.bad() || len(choices) > 0 {
		return nil
	}
	if bareOf(first, a) != bareOf(second, b) {
		return nil // "…, A or B" names what may be the answer and asks for no profile
	}
	if compared(first) || compared(second) {
		return nil // "which came last, A, B or C" is not answered by pairs
	}
	for _, f := range second {
		if !slices.Contains(first, f) { // "what is he known for, what is his post?" asks one thing
			first = append(first, f)
		}
	}
	return first
}

// bareOf reports whether a part is a mere thing, with no question word of its own.
func bareOf(forms []Form, atoms []atom) bool {
	return !hasKin(atoms, kinWh) && slices.ContainsFunc(forms, func(f Form) bool { return f.Act == About })
}

// compared reports whether a form compares two days.
func compared(forms []Form) bool {
	return slices.ContainsFunc(forms, func(f Form) bool { return f.Act == Earlier || f.Act == Elapsed && !f.Points[1].IsZero() })
}
