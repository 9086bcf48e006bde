// Package ask turns a question into logical forms, and these into an answer from
// the facts. It is pure: no clock, no network, no learned model, no score that
// passes for a verdict.
//
// The way of a question, a file for each step:
//
//	engine.go    the ways to read a text: as typed, misspelt, with the other keyboard
//	atom.go      words and names become atoms
//	reduce.go    numbers, dates and orders become terms
//	compose.go   terms fill the places of a property: candidates for a form
//	describe.go  "the conference in Dushanbe in September" becomes an entity
//	resolve.go   a form is executed on the facts
//	near.go      what else could have been asked
//
// The licence to answer: every word of the question has a place in the form,
// every number is bound, what is asked for is of the type that the question word
// wants, and what the question presupposes holds. A question without that
// licence is declined; no similarity can stand in for it.
//
// Start at [Engine.Ask]. The words themselves are data: see package lang.
package ask
