package lang

// Kind is what sort of thing a concept is; see concepts.yaml.
type Kind string

// The kinds of concepts.
const (
	Filler    Kind = "filler"
	Wh        Kind = "wh"
	Unit      Kind = "unit"
	TypeNoun  Kind = "type"
	Relation  Kind = "relation"
	Tag       Kind = "tag"
	Op        Kind = "op"
	Chat      Kind = "chat"
	Uncovered Kind = "uncovered"
	Number    Kind = "number"
	Ordinal   Kind = "ordinal"
	Month     Kind = "month"
	Suffix    Kind = "suffix" // the ending of a number: "1325-й", "1st"
)

// Concept is what a word stands for, the same in every language.
type Concept struct {
	ID   string
	Kind Kind
	// Of lists the types of facts that a wh-word or a noun covers, or the
	// properties that a relation may stand for, the likeliest first.
	Of []string
	// N is the value of a number, an ordinal (1 for first) or a month.
	N int
	// Light is true for a relation that adds nothing beside another one.
	Light bool
	// Weak is above 0 for a relation that may only set the scene for another one;
	// of two, the lower yields.
	Weak int
}

// String returns the concept's id.
func (c *Concept) String() string { return c.ID }
