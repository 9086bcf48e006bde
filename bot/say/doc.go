// Package say puts answers into words: whole sentences in the reader's language,
// each with the sources that it rests on. It is pure; what the words are is data
// of the language packs, what they say comes from facts alone.
//
// Start at [Answer]. statement.go turns facts into sentences, question.go turns
// logical forms back into questions, gap.go says what is not known.
package say
