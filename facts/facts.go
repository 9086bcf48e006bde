package facts

import (
	"maps"
	"slices"
)

// ID names an entity, a fact, a source or a property: lower-case words and
// digits joined by hyphens, such as "almaty-2023" or "dialogue-chair-2022". A
// reader may see it, so it says what it stands for.
type ID string

// Lang is a BCP 47 tag as the data files write it: "en", "ru", "uz-Cyrl".
type Lang string

// Type is the class of an entity: country, person, event, resolution, … It
// says which properties an answer about the entity draws on.
type Type struct {
	ID ID
	// When is the property that "when?" asks about an entity of this type;
	// empty if there is none. Where is the same for "where?".
	When, Where *Property
	// About lists what "tell me about it" says, in order.
	About []*Property
}

// Entity is a thing that facts speak about.
type Entity struct {
	ID   ID
	Type *Type
	// Kinds says what sort of event, organisation, … this is, in the words of
	// the language packs: "conference", "forum", "debate".
	Kinds []string
	// Names holds one name for each language; Aliases what else people call it.
	Names   map[Lang]Name
	Aliases map[Lang][]string
	// Hint tells entities apart that share a name; it is shown beside the name
	// when a question could mean either.
	Hint map[Lang]string
	// Of are the wider things that this one belongs to: the country of a
	// parliament, the office of a position.
	Of []*Entity
	// Tags are descriptive words (in the language packs' terms) that may stand
	// beside the noun without changing what it means: "women", "annual".
	Tags []string
	// Gender is the grammatical gender of a person's name, "f" or "m".
	Gender string
	// Number is the number that people call it by: 1325 for a resolution.
	Number int
	// Prominent marks the entity that a bare noun means: "the conference".
	Prominent bool
	// Pos is where the entity is written.
	Pos Pos

	place uint32 // among all of its store, from 1
}

// Name is what an entity is called in one language.
type Name struct {
	// Text is the name as it stands alone, in the nominative.
	Text string
	// Forms holds the name as a sentence needs it, by the form's key in the
	// language pack: "the" in English, "gen", "dat", "acc", "ins" and "loc" in
	// Russian. A missing form is the same as Text.
	Forms map[string]string
	// Draft is true until a native reader has reviewed the name.
	Draft bool
}

// Form returns the name in the given form, or as it stands alone.
func (n Name) Form(form string) string {
	if s, ok := n.Forms[form]; ok {
		return s
	}
	return n.Text
}

// Property is a kind of statement: what it may be said of, what its value may
// be, and how complete the facts are about it.
type Property struct {
	ID ID
	// Domain and Range list the types of the subject and of the value. Range
	// may also hold "date", "quantity" and "text".
	Domain, Range []ID
	// Single says how many values a subject may have.
	Single Single
	// Complete says for which subjects and years the facts are all there are.
	Complete []Completeness
	// Default is the subject that a question means when it names none.
	Default *Entity
	// None is the property whose fact shows that this one has no value, as a
	// unanimous vote shows that nobody abstained.
	None *Property
	// Pos is where the property is written.
	Pos Pos

	place uint32 // among all of its store, from 1
}

// Single says how many values of a property a subject may have.
type Single string

// The zero Single allows any number of values.
const (
	Many     Single = ""
	Always   Single = "always" // one for ever
	EachYear Single = "year"   // one a year
)

// Completeness says that the facts name every value there is: of Subject, or of
// every subject when it is nil, from the year From to the year To, or for ever
// when they are zero; as of the day AsOf.
type Completeness struct {
	Subject  *Entity
	From, To int
	AsOf     Date
}

// Closed reports whether the facts are complete about subject in the given
// year; year 0 asks about all years together, for which only a completeness
// without years, or none wider than the facts, can speak.
func (p *Property) Closed(subject *Entity, year int) (Completeness, bool) {
	for _, c := range p.Complete {
		if c.Subject != nil && c.Subject != subject {
			continue
		}
		if c.From == 0 || year == 0 || (c.From <= year && year <= c.To) {
			return c, true
		}
	}
	return Completeness{}, false
}

// Fact is one sourced statement.
type Fact struct {
	ID         ID
	Subject    *Entity
	Property   *Property
	Value      Value
	Qualifiers Qualifiers
	References []Reference
	// Disputed is true where sources disagree: the other values stand beside
	// this one, each with its own source, and an answer shows them all.
	Disputed bool
	// Anniversary is set on a fact whose day is remembered each year.
	Anniversary *Anniversary
	// Note is for readers: what the source does not say, what is inferred.
	Note Text
	// Pos is where the fact is written.
	Pos Pos
}

// Value is what a fact says about its subject: a [Date], a [Quantity], a [Ref]
// or a [Text].
//
//sumtype:decl
type Value interface{ isValue() }

// Ref is a value that is itself an entity.
type Ref struct{ *Entity }

// Quantity is a number with its unit, such as 15 votes.
type Quantity struct {
	Number int
	// Unit names what is counted, as the language packs call it.
	Unit string
	// MoreThan is true when the source says only that there are more.
	MoreThan bool
}

// Text is a value in words, by language.
type Text struct {
	In map[Lang]string
	// Original is the language of the source's own words; the others are
	// translations. Empty if the words are ours.
	Original Lang
	// Draft lists languages that no native reader has reviewed.
	Draft map[Lang]bool
}

func (Date) isValue()     {}
func (Quantity) isValue() {}
func (Ref) isValue()      {}
func (Text) isValue()     {}

// IsZero reports whether t says nothing in any language.
func (t Text) IsZero() bool { return len(t.In) == 0 }

// Languages returns the languages that t is written in, sorted.
func (t Text) Languages() []Lang { return slices.Sorted(maps.Keys(t.In)) }

// Qualifiers narrow a statement: when, where in an order, on whose behalf.
type Qualifiers struct {
	// Time is when the statement held, or, for a role, the day of the source
	// that says so. Until is the end of a period.
	Time, Until Date
	// AsOf is the day on which a count was right.
	AsOf Date
	// Ordinal is the place in an order, from 1.
	Ordinal int
	// Of is the body on whose behalf a role is held.
	Of *Entity
	// At is the occasion.
	At *Entity
	// Country is the country that a participant stands for.
	Country *Entity
	// For, Against and Abstentions complete a vote's [Quantity].
	Against, Abstentions int
	// Replaces is who held the place before, where a source says so.
	Replaces *Entity
	// Capacity says as what someone took part.
	Capacity Text
	// Announced is true when the source spoke before the day.
	Announced bool
	// Derived is true when the value is counted from other facts.
	Derived bool
}

// Reference says where a statement can be read.
type Reference struct {
	Source *Source
	// Quote is the source's own words, at most [MaxQuote] words.
	Quote string
	// Supports narrows what the quotation bears out, such as "year" when the
	// source gives only the year of a date; empty for all of it.
	Supports string
}

// MaxQuote is the greatest number of words in a quotation.
const MaxQuote = 25

// Source is a published page.
type Source struct {
	ID        ID
	Publisher string
	Title     string
	URL       string // empty where the page was seen without an address
	Date      Date   // of publication; zero where the page bears none
	Lang      Lang   // the language of the page
	Checked   Date   // when a curator last read it
	Note      string
	Pos       Pos
}

// Anniversary says how the day of a fact is remembered.
type Anniversary struct {
	Topic  string // wps, dialogue, observances
	Weight int    // from 1 to 3: of several on one day, the greatest comes first
	Title  Text   // what the day is, without its year
	Leap   Leap   // how a 29 February is remembered in common years
	// With are things that belong to the day, Beside the facts about them.
	With   []*Entity
	Beside []*Fact
}

// Leap says when a fact of 29 February is remembered in years that have none.
type Leap string

// The zero Leap is the day before.
const (
	DayBefore Leap = ""
	DayAfter  Leap = "day-after"  // 1 March
	LeapYears Leap = "leap-years" // not at all
)
