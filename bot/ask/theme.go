package ask

import (
	"slices"

	"suhbat/facts"
)

// tryTheme reads "when was the conference on sustainable development?": an event that is
// told from all others by words of its theme, and asked for its day or its place.
func (e *Engine) tryTheme(p *parse) (Result, bool) {
	event := e.store.Type(eventType)
	if event == nil || event.When == nil || event.Where == nil {
		return Result{}, false
	}
	f := Form{Act: Find}
	var words, tags []string
	var named []*facts.Entity
	noun := false
	for i := range p.atoms {
		switch a := &p.atoms[i]; {
		case a.kind == aWh && a.concept.ID == "when" && f.Property == nil:
			f.Property, f.Ask = event.When, TimeRole
		case a.kind == aWh && a.concept.ID == "where" && f.Property == nil:
			f.Property, f.Ask = event.Where, ValueRole
		case a.kind == aFiller, a.kind == aChat, a.is("in"), a.is("and"):
		case a.kind == aType && p.ofEvents(a) && !noun:
			noun = true
		case a.kind == aEntity && a.entities[0].Type == event && !noun: // "the online conference on …"
			noun, named = true, a.entities
		case a.kind == aRel && (a.concept.ID == "hold" || a.concept.ID == "about" || a.concept.ID == "theme"):
		case a.kind == aTag && !noun:
			tags = append(tags, a.concept.ID)
		case a.kind == aUnknown, a.kind == aTag, a.kind == aRel && (len(words) > 0 || a.concept.ID == "role"):
			words = p.wordsOf(words, a)
		default:
			return Result{}, false
		}
	}
	if f.Property == nil || !noun || len(words) < minTopic {
		return Result{}, false
	}
	held := e.themed(p.v, words)
	if held == nil || slices.ContainsFunc(tags, func(t string) bool { return !slices.Contains(held.Tags, t) && !slices.Contains(held.Kinds, t) }) || named != nil && !slices.Contains(named, held) {
		return Result{}, false
	}
	f.Subject = Term{Entity: held}
	r := e.resolve(&f, p.q.Today)
	return r, r.Kind != Missing
}

// themed is the one event whose theme has every word, or nil.
func (e *Engine) themed(v *voice, words []string) *facts.Entity {
	theme := e.store.Property("theme")
	if theme == nil {
		return nil
	}
	var found *facts.Entity
	for _, x := range e.store.With(theme) {
		if slices.ContainsFunc(words, func(w string) bool { return !v.says(x, w) }) {
			continue
		}
		if found != nil && found != x.Subject {
			return nil
		}
		found = x.Subject
	}
	return found
}
