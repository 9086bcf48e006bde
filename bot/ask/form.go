package ask

import (
	"strconv"
	"strings"

	"suhbat/facts"
)

// Act is what a question wants done with the facts.
type Act string

// The acts. The zero Act is no question at all.
const (
	Find    Act = "find"    // the value, the subject, the time … of a property
	Count   Act = "count"   // how many there are
	Check   Act = "check"   // yes or no
	About   Act = "about"   // what there is to say of a thing
	Naming  Act = "name"    // what an abbreviation stands for
	Earlier Act = "earlier" // which of two came first
	Elapsed Act = "elapsed" // the time between two days
	Recur   Act = "recur"   // an anniversary
	Cite    Act = "source"  // where an answer can be read
	Why     Act = "why"     // a reason; only its presupposition is checked
)

// Role is a place of a statement that a question may ask for.
type Role string

// The roles.
const (
	NoRole      Role = ""
	SubjectRole Role = "subject"
	ValueRole   Role = "value"
	TimeRole    Role = "time"
	OfRole      Role = "of"
	CountryRole Role = "country"
	// AspectRole asks for a qualifier of the value, such as the votes against.
	AspectRole Role = "aspect"
)

// Form is a question in logical form: which statement it is about, what of it is
// known, and what is asked. It prints as, for example,
// "find value: chaired-by(dialogue, ?, in 2022)".
type Form struct {
	Act      Act
	Property *facts.Property
	// Aspect is the qualifier that the word speaks of: "against" for a vote.
	Aspect string
	Ask    Role
	// Want narrows what is asked to entities of a type; Gender to women or men.
	Want   *facts.Type
	Gender string
	// Unit is the precision asked for, "year", or the unit of an elapsed time.
	Unit           string
	Subject, Value Term
	Time           Span
	Of, At         *facts.Entity
	// From is who gave something that the value received.
	From    *facts.Entity
	Country *facts.Entity
	Pick    Pick
	// Not turns a check of unanimity round; every other negation is declined.
	Not bool
	// Many is how many there should be by the question's own words: "the four
	// pillars".
	Many int
	// Points are the two days of Elapsed and Earlier; a zero second Point means
	// today.
	Points [2]Point
	// More are further days of Earlier: "which of the three came first".
	More *[2]Point
	// Inner is the question whose source or reason is asked for.
	Inner *Form
	// Number is the value of a quantity that is known: the meeting's.
	Number int
	// Words are words of a text that is described by them, in the language
	// WordsIn.
	Words, WordsIn string
	// Regional narrows what is asked to countries of Central Asia.
	Regional bool
	// WantOf narrows what is asked to what belongs to a body: "which UN bodies".
	WantOf *facts.Entity
	// Past is true when the question is about what was, whether or not it still is.
	Past bool
	// Loose is true when the subject is all that the facts know of a description
	// that others may answer to.
	Loose bool
	// Listed is true when the question speaks of resolutions without saying that it
	// means those of the agenda, as the answer does.
	Listed bool
	// Assumed is true when the subject was not named but is what such a question
	// is usually about.
	Assumed bool
	// Chosen is true when the subject is one of those that the answer before listed: what
	// "and the first?" means then is the first of these.
	Chosen bool
}

// Term is a place that is free (zero), an entity, or a class of entities.
type Term struct {
	Entity *facts.Entity
	Class  *Class
}

// IsZero reports whether the place is free.
func (t Term) IsZero() bool { return t.Entity == nil && t.Class == nil }

// Class is a description that several entities may answer to.
type Class struct {
	Type  *facts.Type
	Kind  string          // the noun: "conference"
	Tags  []string        // describing words
	Place []*facts.Entity // cities, regions and countries
	Part  *facts.Entity   // the platform that it belongs to
	Of    []*facts.Entity // other things it belongs to
	Time  Span
	Nth   int // 1 for the first; -1 for the last, -2 for the one before it
	// Regional is true for countries of Central Asia: the members of the Dialogue.
	Regional bool
	// Body is true for resolutions of a body that the noun names: "UN resolutions".
	Body bool
	// Any is true for whatever took place under a platform: nothing singles out
	// the best known of its events then. It is true too where plans of every kind
	// are listed, with those on gender equality.
	Any bool
}

// Point is a day in a comparison: the date under Property of Entity, or Date.
type Point struct {
	Property *facts.Property
	Entity   *facts.Entity
	Date     facts.Date
}

// IsZero reports whether p is no day.
func (p Point) IsZero() bool { return p == Point{} }

// Pick chooses among several values by their order in time.
type Pick struct {
	Kind PickKind
	N    int           // for Nth, from 1; how many, with All
	All  bool          // for Before and After: all of them, not the next; for Nth and Last: N of them
	Of   *facts.Entity // for Before, After and Within
	To   *facts.Entity // for Within: the other end
	Time facts.Date    // for Before and After, in place of Of
	Next bool          // for Before and After: nothing may lie in between, as with who took over
	// Years is how many years lie between, for Before and After: "two years after A".
	Years int
}

// PickKind is how a [Pick] chooses.
type PickKind string

// The kinds of picks.
const (
	NoPick PickKind = ""
	Nth    PickKind = "nth"
	Last   PickKind = "last"
	Before PickKind = "before"
	After  PickKind = "after"
	Within PickKind = "between"
	Next   PickKind = "next" // the next anniversary
)

// String writes the form for people who want to know how they were understood.
func (f *Form) String() string {
	var b strings.Builder
	f.write(&b)
	return b.String()
}

func (f *Form) write(b *strings.Builder) {
	if f.Act == "" {
		return
	}
	b.WriteString(string(f.Act))
	switch f.Act {
	case Cite, Why:
		b.WriteString(" of ")
		if f.Inner != nil {
			f.Inner.write(b)
		}
		return
	case Earlier, Elapsed:
		f.writePoints(b)
		return
	default:
	}
	if f.Ask != NoRole {
		b.WriteString(" " + string(f.Ask))
	}
	if f.Unit != "" {
		b.WriteString(" (" + f.Unit + ")")
	}
	if f.Want != nil {
		b.WriteString(" " + string(f.Want.ID))
	}
	if f.Regional {
		b.WriteString(" of central asia")
	}
	if f.WantOf != nil {
		b.WriteString(" of " + string(f.WantOf.ID))
	}
	b.WriteString(": ")
	f.writeStatement(b)
	f.writePick(b)
}

func (f *Form) writePoints(b *strings.Builder) {
	if f.Unit != "" {
		b.WriteString(" (" + f.Unit + ")")
	}
	b.WriteString(": ")
	for i := range f.days() {
		p := f.Day(i)
		if i > 0 {
			b.WriteString(" / ")
		}
		switch {
		case p.Property != nil:
			b.WriteString(string(p.Property.ID) + "(" + string(p.Entity.ID) + ")")
		case !p.Date.IsZero():
			b.WriteString(p.Date.String())
		default:
			b.WriteString("today")
		}
	}
}

// Day returns the n-th of the days that a form compares.
func (f *Form) Day(n int) Point {
	if n < len(f.Points) {
		return f.Points[n]
	}
	return f.More[n-len(f.Points)]
}

// days is how many days a form compares, today among them.
func (f *Form) days() int {
	n := len(f.Points)
	if f.More != nil {
		for n < len(f.Points)+len(f.More) && !f.Day(n).IsZero() {
			n++
		}
	}
	return n
}

// compare puts the days into the form that it compares.
func (f *Form) compare(points []Point) {
	if n := copy(f.Points[:], points); n < len(points) {
		f.More = new([2]Point)
		copy(f.More[:], points[n:])
	}
}

func (f *Form) writeStatement(b *strings.Builder) {
	if f.Property != nil {
		b.WriteString(string(f.Property.ID))
		if f.Aspect != "" {
			b.WriteString("." + f.Aspect)
		}
		b.WriteString("(")
	}
	if f.Not {
		b.WriteString("not ")
	}
	f.Subject.write(b, f.Ask == SubjectRole)
	if f.Property != nil {
		b.WriteString(", ")
		f.Value.write(b, f.Ask == ValueRole || f.Ask == AspectRole)
	}
	if f.Ask == TimeRole {
		b.WriteString(", time ?")
	}
	if !f.Time.IsZero() {
		b.WriteString(", " + f.Time.String())
	}
	if f.Number > 0 {
		b.WriteString(", " + strconv.Itoa(f.Number))
	}
	if f.Words != "" {
		b.WriteString(", " + strconv.Quote(f.Words))
	}
	for _, q := range []struct {
		key string
		e   *facts.Entity
	}{{"of", f.Of}, {"at", f.At}, {"country", f.Country}, {"from", f.From}} {
		if q.e != nil {
			b.WriteString(", " + q.key + " " + string(q.e.ID))
		}
	}
	if f.Property != nil {
		b.WriteString(")")
	}
}

func (f *Form) writePick(b *strings.Builder) {
	switch f.Pick.Kind {
	case NoPick:
	case Nth:
		if f.Pick.All {
			b.WriteString(" first")
		}
		b.WriteString(" #" + strconv.Itoa(f.Pick.N))
	default:
		b.WriteString(" " + string(f.Pick.Kind))
		if f.Pick.All {
			b.WriteString(" all")
		}
		if f.Pick.Years > 0 {
			b.WriteString(" " + strconv.Itoa(f.Pick.Years) + " years")
		}
		if f.Pick.Of != nil {
			b.WriteString(" " + string(f.Pick.Of.ID))
		}
		if f.Pick.To != nil {
			b.WriteString(" " + string(f.Pick.To.ID))
		}
		if !f.Pick.Time.IsZero() {
			b.WriteString(" " + f.Pick.Time.String())
		}
		if f.Pick.N > 0 {
			b.WriteString(" #" + strconv.Itoa(f.Pick.N))
		}
	}
}

func (t Term) write(b *strings.Builder, asked bool) {
	switch {
	case t.Entity != nil:
		b.WriteString(string(t.Entity.ID))
	case t.Class != nil:
		if asked {
			b.WriteString("?")
		}
		t.Class.write(b)
	default:
		b.WriteString("?")
	}
}

func (c *Class) write(b *strings.Builder) {
	b.WriteString("[" + string(c.Type.ID))
	if c.Kind != "" && c.Kind != string(c.Type.ID) {
		b.WriteString(" " + c.Kind)
	}
	if c.Regional {
		b.WriteString(" central-asia")
	}
	for _, t := range c.Tags {
		b.WriteString(" " + t)
	}
	for _, e := range c.Place {
		b.WriteString(" in " + string(e.ID))
	}
	for _, e := range c.Of {
		b.WriteString(" of " + string(e.ID))
	}
	if c.Part != nil {
		b.WriteString(" of " + string(c.Part.ID))
	}
	if !c.Time.IsZero() {
		b.WriteString(" " + c.Time.String())
	}
	if c.Nth != 0 {
		b.WriteString(" #" + strconv.Itoa(c.Nth))
	}
	b.WriteString("]")
}
