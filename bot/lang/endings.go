package lang

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"suhbat/facts/flat"
)

// Endings are what may follow the stems of a language. Where a language puts them
// one behind the other there are tens of thousands, all made of a few hundred: they
// are kept as an automaton that reads an ending byte by byte, and equal rests of
// endings are one and the same state.
//
// The zero Endings is a language without any.
type Endings struct {
	states string // each: 1 if an ending may stop here, the number of its edges, the edges
	// longest is the length of the longest ending in bytes.
	longest int
	// letters are those that the endings are written with.
	letters string
	// clash keeps what follows a vowel in harmony with it.
	clash clash
}

// clash says behind which last vowels of a stem an ending does not begin with which
// vowels, where vowels are in harmony. Folded letters, none if the language has no
// such rule.
type clash struct{ After, Not string }

// An edge of a state is a byte and where the next state begins, in three bytes.
const (
	stateSize = 2
	edgeSize  = 4
)

// EndingsOf returns the endings of a list.
func EndingsOf(list []string) Endings { return chained([][][]string{{list}}) }

// chained returns the endings of chains of slots: of every slot one may be taken, in
// their order.
func chained(chains [][][]string) Endings {
	a := automaton{same: make(map[string]int), unions: make(map[[2]int]int)}
	end := a.state(true, nil)
	all, longest := end, 0
	for _, chain := range chains {
		from, length := end, 0
		for _, slot := range slices.Backward(chain) {
			then, most := from, 0
			for _, e := range slot {
				from, most = a.union(from, a.before(e, then)), max(most, len(e))
			}
			length += most
		}
		all, longest = a.union(all, from), max(longest, length)
	}
	return Endings{states: a.laidOut(all), longest: longest}
}

// Has reports whether s is an ending; no ending is none.
func (e Endings) Has(s string) bool {
	if s == "" || len(s) > e.longest {
		return false
	}
	at := 0
	for i := range len(s) {
		edges := e.states[at+stateSize : at+stateSize+edgeSize*int(e.states[at+1])]
		for len(edges) > 0 && edges[0] != s[i] {
			edges = edges[edgeSize:]
		}
		if len(edges) == 0 {
			return false
		}
		at = target(edges)
	}
	return e.states[at] == 1
}

// written reports whether an ending, as it was typed, has only letters that the
// language writes endings with: «тін» is Kazakh, «тин» is Kazakh without its own letters.
func (e Endings) written(typed string) bool {
	for _, r := range typed {
		if !strings.ContainsRune(e.letters, r) {
			return false
		}
	}
	return true
}

// clashes reports whether a stem and its ending, both folded, are not in harmony:
// «бол-ду» is Kyrgyz, «бол-ды» is not, though it is made of Kyrgyz parts.
func (e Endings) clashes(stem, ending string) bool {
	if e.clash.Not == "" {
		return false
	}
	for _, r := range ending {
		if strings.ContainsRune(e.clash.Not, r) {
			break
		}
		if strings.ContainsRune(vowels, r) {
			return false
		}
	}
	for stem != "" {
		r, size := utf8.DecodeLastRuneInString(stem)
		if strings.ContainsRune(vowels, r) {
			return strings.ContainsRune(e.clash.After, r)
		}
		stem = stem[:len(stem)-size]
	}
	return false
}

// vowels are the folded vowels of the Cyrillic letters.
const vowels = "аеиоуыэюя"

// target is where the first of some edges leads.
func target(edges string) int { return int(edges[1])<<16 | int(edges[2])<<8 | int(edges[3]) }

// codeEndings writes or fills the endings of a language.
func codeEndings(c *flat.Coder, e *Endings) {
	flat.Text(c, &e.states)
	flat.Int(c, &e.longest)
	flat.Text(c, &e.letters)
	flat.Text(c, &e.clash.After)
	flat.Text(c, &e.clash.Not)
	if c.Reading() && !e.sound() {
		*e = Endings{}
		c.Fail()
	}
}

// sound reports whether every state is whole, and every edge leads to one.
func (e Endings) sound() bool {
	begins := make([]bool, len(e.states))
	for at := 0; at < len(e.states); at += stateSize + edgeSize*int(e.states[at+1]) {
		if begins[at] = true; at+1 >= len(e.states) || at+stateSize+edgeSize*int(e.states[at+1]) > len(e.states) {
			return false
		}
	}
	for at, is := range begins {
		if !is {
			continue
		}
		edges := e.states[at+stateSize : at+stateSize+edgeSize*int(e.states[at+1])]
		for ; len(edges) > 0; edges = edges[edgeSize:] {
			if to := target(edges); to >= len(begins) || !begins[to] {
				return false
			}
		}
	}
	return len(e.states) > 0 || e.longest <= 0
}

// automaton is an automaton that is being made. States that read the same are made
// once.
type automaton struct {
	states []state
	same   map[string]int
	unions map[[2]int]int
}

type state struct {
	stop  bool
	edges []edge // sorted by their bytes
}

type edge struct {
	by byte
	to int
}

// state returns the number of a state.
func (a *automaton) state(stop bool, edges []edge) int {
	key := make([]byte, 1, 1+5*len(edges))
	if stop {
		key[0] = 1
	}
	for _, e := range edges {
		key = binary.LittleEndian.AppendUint32(append(key, e.by), uint32(e.to))
	}
	n, ok := a.same[string(key)]
	if !ok {
		n = len(a.states)
		a.same[string(key)] = n
		a.states = append(a.states, state{stop, edges})
	}
	return n
}

// before returns the state that reads s and then goes on from a state.
func (a *automaton) before(s string, then int) int {
	for i := len(s) - 1; i >= 0; i-- {
		then = a.state(false, []edge{{s[i], then}})
	}
	return then
}

// union returns the state that reads what either state reads.
func (a *automaton) union(one, other int) int {
	if one == other {
		return one
	}
	key := [2]int{min(one, other), max(one, other)}
	if n, ok := a.unions[key]; ok {
		return n
	}
	x, y := a.states[one], a.states[other]
	to := make(map[byte]int, len(x.edges)+len(y.edges))
	for _, e := range x.edges {
		to[e.by] = e.to
	}
	for _, e := range y.edges {
		if also, ok := to[e.by]; ok {
			e.to = a.union(also, e.to)
		}
		to[e.by] = e.to
	}
	edges := make([]edge, 0, len(to))
	for _, by := range slices.Sorted(maps.Keys(to)) {
		edges = append(edges, edge{by, to[by]})
	}
	n := a.state(x.stop || y.stop, edges)
	a.unions[key] = n
	return n
}

// laidOut lays the states that are come upon from the first one out, one behind
// the other.
func (a *automaton) laidOut(first int) string {
	order, begins, size := []int{first}, map[int]int{first: 0}, 0
	for i := 0; i < len(order); i++ {
		edges := a.states[order[i]].edges
		begins[order[i]] = size
		size += stateSize + edgeSize*len(edges)
		for _, e := range edges {
			if _, ok := begins[e.to]; !ok {
				begins[e.to] = -1 // to be known when its turn has come
				order = append(order, e.to)
			}
		}
	}
	out := make([]byte, 0, size)
	for _, n := range order {
		s, stop := a.states[n], byte(0)
		if s.stop {
			stop = 1
		}
		out = append(out, stop, byte(len(s.edges)))
		for _, e := range s.edges {
			at := begins[e.to]
			out = append(out, e.by, byte(at>>16), byte(at>>8), byte(at))
		}
	}
	return string(out)
}
