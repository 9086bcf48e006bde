package ask

import "suhbat/facts"

// The ids of types that questions treat in a way of their own.
const (
	agendaType     facts.ID = "agenda"
	resolutionType facts.ID = "resolution"
	eventType      facts.ID = "event"
	countryType    facts.ID = "country"
	personType     facts.ID = "person"
	positionType   facts.ID = "position"
	platformType   facts.ID = "platform"
	organisation   facts.ID = "organisation"
	planType       facts.ID = "plan"
	cityType       facts.ID = "city"
	regionType     facts.ID = "region"
	componentType  facts.ID = "component"
	groupType      facts.ID = "group"
)

// genderEquality is the tag of plans of another kind.
const genderEquality = "gender-equality"

// strictKinds are the kinds of events that are never called anything else; a
// conference may be a forum, a meeting, a gathering.
var strictKinds = []string{debateKind, "visit", "round-table", "deputies"}

// debateKind is the kind of the yearly debates.
const debateKind = "debate"

// anyMeeting is the kind that a list, or the last of all, takes in every event by:
// a conference is a meeting, too.
const anyMeeting = "meeting"

// grandKinds are the kinds that an event of a strict kind is never called.
var grandKinds = []string{"conference", "forum"}
