package ask

import "suhbat/facts"

// Forms lists the plain questions that a fact answers: for its value or its day,
// for its subject, whether it is so, and what there is to say of its subject.
func Forms(x *facts.Fact) []Form {
	subject := Term{Entity: x.Subject}
	find := Form{Act: Find, Property: x.Property, Subject: subject, Ask: ValueRole}
	if d, ok := x.Value.(facts.Date); ok {
		find.Ask = TimeRole
		return []Form{find, {Act: Check, Property: x.Property, Subject: subject, Time: In(d)}}
	}
	forms := []Form{find, {Act: About, Subject: subject}}
	ref, ok := x.Value.(facts.Ref)
	if !ok {
		return forms
	}
	value := Term{Entity: ref.Entity}
	return append(forms,
		Form{Act: Find, Property: x.Property, Value: value, Ask: SubjectRole},
		Form{Act: Check, Property: x.Property, Subject: subject, Value: value})
}
