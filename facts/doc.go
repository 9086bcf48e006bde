// Package facts is the room of what the program knows: entities with their
// names, sourced statements about them, and the checks that keep both honest.
// It knows no question, no network and no clock.
//
// Start at [Load], which reads every YAML file of a folder into a [Store] or
// says, by file, line and column, all that is wrong with them ([Findings]).
// A [Fact] links a subject [Entity] by a [Property] to a [Value], and carries
// its [Reference] list; a [Date] is only as exact as its source. The facts
// themselves lie in the package data beneath; each key of the files is
// described in one table, from which both the loader and the JSON Schema for
// editors ([Schema]) are made: see the records in keys.go.
//
// [Store.Occurrences] is the arithmetic of anniversaries; [List] and [Show]
// print facts for a curator.
package facts
