// Package ask turns a question into logical forms, and these into an answer from
// the facts. It is pure: no clock, no network, no learned model, no score that
// passes for a verdict.
//
// The way of a question, a file for each step:
//
//	engine.go    the ways to read a text: as typed, misspelt, with the other keyboard;
//	             reply.go the language of the reply, spell.go how words are written
//	try.go       one reading through to its answer; parse.go the space that it works in
//	atom.go      words and names become atoms; attach.go parts what is written together
//	reduce.go    numbers become terms; dates.go, dayof.go and countyears.go do the same
//	             for dates, orders.go for "before" and "after", behind.go where
//	             postpositions stand behind them
//	unpack.go    phrases that ask and name a relation at once come apart
//	clause.go    atoms sorted by what they do; noun.go nouns; describing words find what
//	             they describe; whether.go tells what asks for a yes or no
//	compose.go   the search for a form; path.go finds the properties, fill.go puts
//	             things into their places, modify.go lets the rest describe them,
//	             role.go and wh.go find what is asked for, choose.go the likeliest form
//	sequence.go  who came before, after, between
//	granted.go   what a question takes for granted
//	divide.go    two questions in one; askedtwins.go several nouns asked for at once
//	tenure.go    words that mean another kind of question: "how long has A led it?";
//	             underchair.go words that only tell whose events are meant
//	special.go   anniversaries, elapsed time; earlier.go which came first; handover.go
//	             who gave to whom; capital.go capitals in place of their countries; topic.go questions about a text, theme.go about an event by its theme,
//	             proposal.go about a proposal; bare.go a mere name
//	follow.go    what goes on from the question before; substitute.go what it replaces,
//	             known.go a noun that it has made certain, then.go what "then" means,
//	             stepson.go what "after that" goes on from,
//	             remark.go what is asked about the answer itself
//	resolve.go   a form is executed on the facts: match.go finds the facts, check.go
//	             and checkvote.go say yes or no, pick.go chooses by order, days.go counts time,
//	             happened.go says what a time without events had; world.go,
//	             class.go and whole.go know what belongs to what
//	near.go      what else could have been asked
//
// The licence to answer: every word of the question has a place in the form,
// every number is bound, what is asked for is of the type that the question word
// wants, and what the question presupposes holds. A question without that
// licence is declined; no similarity can stand in for it.
//
// Start at [Engine.Ask]. The words themselves are data: see package lang.
package ask
