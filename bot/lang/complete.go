package lang

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Measure is the code of the pack that all others are measured by: what it can
// say or understand, a speaker of another language may expect.
const Measure = "en"

// The least number of examples of a pack, and of those among them that must be
// declined.
const (
	minExamples = 20
	minDeclined = 1
)

// Missing says what packs lack that the measure has: words for a concept, a
// phrase, a sentence or a question of a property, a place of a sentence.
func (s *Set) Missing() []Finding {
	measure := s.Pack(Measure)
	if measure == nil {
		return nil
	}
	var out []Finding
	for _, p := range s.Packs {
		c := completeness{pack: p, measure: measure}
		c.concepts(s.Wordless)
		c.phrases()
		c.frames()
		c.examples()
		out = append(out, c.found...)
	}
	return out
}

// completeness compares one pack with the measure.
type completeness struct {
	pack, measure *Pack
	found         []Finding
}

func (c *completeness) miss(what, want string) {
	c.found = append(c.found, Finding{File: c.pack.Code + ".yaml", Line: 1, Col: 1, What: what, Want: want})
}

// concepts finds those without words: each makes a kind of question impossible.
func (c *completeness) concepts(wordless map[string]bool) {
	have := conceptsOf(c.pack)
	for _, id := range slices.Sorted(maps.Keys(conceptsOf(c.measure))) {
		if !have[id] && !wordless[id] {
			c.miss("no word for the concept "+id, "words for it under `words`")
		}
	}
}

// conceptsOf lists what a pack has words for, the endings of numbers excepted:
// not every language writes them.
func conceptsOf(p *Pack) map[string]bool {
	out := make(map[string]bool)
	for _, w := range p.Words {
		if w.Concept.Kind != Suffix {
			out[w.Concept.ID] = true
		}
	}
	return out
}

// phrases finds those that are missing, and those that nobody uses.
func (c *completeness) phrases() {
	for _, key := range slices.Sorted(maps.Keys(c.measure.Phrases)) {
		if c.pack.Phrases[key].IsZero() {
			c.miss("no phrase "+key, "it under `phrases`")
		}
		c.places("the phrase "+key, c.pack.Phrases[key], c.measure.Phrases[key])
	}
	for _, key := range slices.Sorted(maps.Keys(c.pack.Phrases)) {
		if c.measure.Phrases[key].IsZero() && !strings.HasPrefix(key, "gap-") {
			c.miss("a phrase "+key+" that nobody uses", "only phrases that "+Measure+".yaml has")
		}
	}
}

// frames finds properties that cannot be stated or asked about.
func (c *completeness) frames() {
	for _, id := range slices.Sorted(maps.Keys(c.measure.Frames)) {
		want, got := c.measure.Frames[id], c.pack.Frames[id]
		if got == nil {
			c.miss("no frame for the property "+id, "it under `frames`")
			continue
		}
		for _, x := range []struct {
			what      string
			got, want Template
		}{{"says", got.Says, want.Says}, {"none", got.None, want.None}, {"title", got.Title, want.Title}, {"counts", got.Counts, want.Counts}} {
			if x.got.IsZero() && !x.want.IsZero() {
				c.miss(fmt.Sprintf("the frame %s has no %s", id, x.what), "a sentence")
			}
		}
		for _, role := range slices.Sorted(maps.Keys(want.Asks)) {
			if got.Asks[role].IsZero() {
				c.miss(fmt.Sprintf("the frame %s has no question for %s", id, role), "it under `asks`")
			}
		}
		c.places("the frame "+id+", says", got.Says, want.Says)
		c.places("the frame "+id+", counts", got.Counts, want.Counts)
	}
}

// otherwise are places that may go by other names, or stand in a sentence
// already: a thing by its type, the time of a question inside the question.
var otherwise = []string{"subject", "value", "sort", "at", "of", "country", "unanimous", "morethan"}

// places finds places of a sentence that were forgotten: what leaves out a place
// leaves out what it says, such as the year.
func (c *completeness) places(what string, got, want Template) {
	have := placesOf(got)
	for _, name := range slices.Sorted(maps.Keys(placesOf(want))) {
		if !have[name] && !got.IsZero() && !have["question"] && !slices.Contains(otherwise, name) {
			c.miss("in "+what+" there is no place {"+name+"}", "what "+Measure+".yaml says there")
		}
	}
}

func placesOf(t Template) map[string]bool {
	out := make(map[string]bool)
	t.Places(func(place, _ string, _ []string) { out[place] = true })
	return out
}

// examples finds a pack that shows too little of what it understands and must
// decline.
func (c *completeness) examples() {
	declined := 0
	for _, x := range c.pack.Examples {
		if x.Form == "-" {
			declined++
		}
	}
	if len(c.pack.Examples) < minExamples || declined < minDeclined {
		c.miss(fmt.Sprintf("%d examples, %d of them declined", len(c.pack.Examples), declined),
			fmt.Sprintf("at least %d, and %d declined", minExamples, minDeclined))
	}
}
