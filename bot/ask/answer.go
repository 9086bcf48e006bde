package ask

import (
	"slices"

	"suhbat/facts"
)

// Outcome is what came of a question.
type Outcome string

// The outcomes. The zero Outcome is the safe one: nothing was understood.
const (
	NotUnderstood Outcome = ""
	Answered      Outcome = "answered"
	Unknown       Outcome = "unknown"
	Ambiguous     Outcome = "ambiguous"
	Chat          Outcome = "chat"
)

// Reason says why a question was not answered.
type Reason string

// The reasons.
const (
	NoReason    Reason = ""
	NoWords     Reason = "no-words"      // nothing that could be a question
	TooLong     Reason = "too-long"      // longer than [MaxText]
	OddWord     Reason = "odd-word"      // a word that no reading uses
	OffTopic    Reason = "off-topic"     // a word for what the facts do not hold
	Negated     Reason = "negated"       // a negation that is not understood
	NoParse     Reason = "no-parse"      // all words known, no question found
	Unsupported Reason = "unsupported"   // "only", "more than" …
	NoThing     Reason = "no-thing"      // a description that nothing answers to
	NoLast      Reason = "no-last"       // "source?" with nothing before it
	Unlisted    Reason = "unlisted"      // of all resolutions of a body
	NoNumber    Reason = "no-resolution" // a resolution that the facts do not hold
)

// Answer is what the facts say to a question.
type Answer struct {
	Outcome Outcome
	// Lang is the language to answer in.
	Lang string
	// Results are the answers to the parts of the question, in its order.
	Results []Result
	// Near are questions that can be answered, when this one could not.
	Near []Form
	// named are the things that a question named that was not understood.
	named []*facts.Entity
	// Choices are the readings of an ambiguous question.
	Choices []Form
	// Reason and Words say why it was not answered, and which words were in the
	// way.
	Reason Reason
	Words  []string
	// Misread lists words that were read as others.
	Misread []Correction
	// Reading names another way in which the text was read: "keyboard".
	Reading string
	// Follows is true for a fragment that was read by the answer before it.
	Follows bool
	// Read is the text as it was read then.
	Read string
	// Chat is the concept of a greeting, of thanks, of a call for help.
	Chat string
	// Trace shows the words and what each was taken for.
	Trace []Word
}

// Correction is a word that was read as another one.
type Correction struct{ Typed, Read string }

// Word is a piece of the question and its meaning, for [Answer.Trace].
type Word struct{ Text, Meaning string }

// Kind is what sort of thing a [Result] says.
type Kind string

// The kinds of results. Each but Missing asserts something of its Facts.
const (
	Missing    Kind = ""            // the facts do not say
	Statements Kind = "statements"  // what each fact states
	Total      Kind = "total"       // how many
	Yes        Kind = "yes"         //
	No         Kind = "no"          // and what is true instead
	Disputed   Kind = "disputed"    // sources disagree
	Nobody     Kind = "nobody"      // the facts are complete and there is none
	First      Kind = "earlier"     // which of two came first
	Years      Kind = "elapsed"     // time between two days
	Returns    Kind = "anniversary" //
	Profile    Kind = "about"       // what there is to say of a thing
	Named      Kind = "name"        // what an abbreviation stands for
	Sources    Kind = "source"      // where it can be read
	Instead    Kind = "instead"     // the question assumed something false
)

// Result is the answer to one form.
type Result struct {
	Form  Form
	Kind  Kind
	Facts []*facts.Fact
	// Nearby are facts that do not answer the question but lie beside it.
	Nearby []*facts.Fact
	// Entities are what was asked for, when it is things: the countries counted.
	Entities []*facts.Entity
	// N is the number of a Total.
	N int
	// Listed is how many resolutions the agenda lists, if the answer speaks of these
	// though the question did not say so.
	Listed int
	// Closed says how complete the facts are about this, if they are.
	Closed facts.Completeness
	// IsClosed is true when Closed holds.
	IsClosed bool
	// Open is true when the answer is the first or last that the facts name, and
	// there may be others.
	Open bool
	// Ahead is true when the time that was asked about is not over.
	Ahead bool
	// From and To are the days of an Elapsed or Recur answer.
	From, To facts.Date
	// Short and Long are an abbreviation and what it stands for.
	Short, Long string
	// Why says why the facts do not answer.
	Why Gap
}

// Gap is why the facts do not answer a question that was understood.
type Gap string

// The gaps.
const (
	NoGap       Gap = ""
	NotStated   Gap = "not-stated"   // there is no such fact
	NotYet      Gap = "not-yet"      // nothing is known of that time
	NotComplete Gap = "not-complete" // the facts do not claim to be complete
	NotExact    Gap = "not-exact"    // the date is not known that exactly
	NoReasonWhy Gap = "no-reason"    // a why
	NoSuch      Gap = "no-such"      // nothing answers to the description
)

// All yields the facts that the answer rests on, those that it tells beside a
// gap among them.
func (a *Answer) All(yield func(*facts.Fact) bool) {
	for i := range a.Results {
		for _, list := range [][]*facts.Fact{a.Results[i].Facts, a.Results[i].Nearby} {
			for _, f := range list {
				if !yield(f) {
					return
				}
			}
		}
	}
}

// Facts returns the ids of all facts that the answer rests on, each once.
func (a *Answer) Facts() []facts.ID {
	var out []facts.ID
	for f := range a.All {
		if !slices.Contains(out, f.ID) {
			out = append(out, f.ID)
		}
	}
	return out
}

// Sources returns where these facts can be read, each once.
func (a *Answer) Sources() []*facts.Source {
	var out []*facts.Source
	for f := range a.All {
		for _, r := range f.References {
			if !slices.Contains(out, r.Source) {
				out = append(out, r.Source)
			}
		}
	}
	return out
}

// rank orders the answers to different readings of one text.
func (a *Answer) rank() int {
	switch a.Outcome {
	case Answered, Chat:
		return 100
	case Ambiguous:
		return 90
	case Unknown:
		return 80
	default:
		odd, guessed := 5*len(a.Words), len(a.Misread)
		if a.Reason != OddWord && odd > 0 {
			odd, guessed = len(a.Words), 5*guessed // words that are known, if not wanted
		}
		return 50 - min(49, odd+guessed)
	}
}

// done reports whether no other reading can be better.
func (a *Answer) done() bool { return a.Outcome != NotUnderstood }
