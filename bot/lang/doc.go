// Package lang knows languages, and only from data: what words mean and how
// things are said. A language is one YAML file in package packs; this package
// holds the one engine that reads them all, so that adding a language needs no
// Go.
//
// Start at [Load], which reads the packs; a [Pack] has a [Lexicon] for
// understanding and frames, forms and phrases for answering. [Tokens] cuts a
// question into words.
package lang
