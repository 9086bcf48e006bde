package ask

import "suhbat/facts"

// happened answers "what happened in 2015?" for a time in which the facts know of no
// event: by what began or was adopted then. A day that comes round has no place among
// these, since it is of every year.
func (e *Engine) happened(f *Form) []*facts.Fact {
	event := e.store.Type(eventType)
	if event == nil || f.Property != event.When || f.Ask != SubjectRole || f.Time.IsZero() || !f.Subject.IsZero() || !f.Value.IsZero() ||
		f.Want != nil || f.Pick.Kind != NoPick || f.Of != nil || f.At != nil || f.Country != nil {
		return nil
	}
	var out []*facts.Fact
	for _, x := range e.store.Entities {
		for _, day := range e.world.dates(x) {
			if day.Property.ID == observed || e.world.fit(day, f.Time) != Inside {
				continue
			}
			out = append(out, day)
		}
	}
	return byTime(out, e.world)
}

// observed is the property of a day that comes round every year.
const observed facts.ID = "observed-on"
