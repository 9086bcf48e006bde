package ask

import (
	"slices"

	"suhbat/bot/lang"
)

// Words that only tell whose events are meant: "the members of", "under A's chairmanship".

// dropMembers reads "where did the members of the Dialogue meet" as "where did the
// Dialogue meet". It reports whether there was a word to leave out.
func (c *clause) dropMembers() bool {
	if len(c.rels) != 1 || !c.mentions("member") || len(c.light) == 0 ||
		!slices.ContainsFunc(c.things, func(t thing) bool { return t.class == nil && t.typ().ID == platformType }) {
		return false
	}
	c.rels = nil
	return true
}

// underChair reads "the closing conference of Kyrgyzstan's chairmanship" as that
// of the year when Kyrgyzstan chaired. It reports whether there was such a year
// to put in place of the words.
func (c *clause) underChair() bool {
	w := c.p.e.world
	if !c.mentions("chair") || (c.mentions("end") || c.mentions("outcome")) && c.anyAsked() || c.wh == nil && c.unit == "" || len(c.spans) > 0 || w.known.chairedBy == nil {
		return false
	}
	if c.wh != nil && c.wh.ID == "how-many" && c.hasAux() && c.onlyRels("chair") {
		return false // "how many events did K chair": those that it chaired itself
	}
	event := slices.ContainsFunc(c.things, func(t thing) bool { return t.typ().ID == eventType })
	i := slices.IndexFunc(c.things, func(t thing) bool { return t.class == nil && t.typ().ID == countryType })
	if !event || i < 0 || w.known.chairedBy.Default == nil {
		return false
	}
	for _, f := range w.store.Of(w.known.chairedBy.Default, w.known.chairedBy) {
		if sameValue(f, c.things[i].entities[0]) {
			c.spans = append(c.spans, In(factDate(f)))
			c.things = slices.Delete(c.things, i, i+1)
			c.rels = slices.DeleteFunc(c.rels, func(r *lang.Concept) bool { return r.ID == "chair" })
			return true
		}
	}
	return false
}
