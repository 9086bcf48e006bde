// Package packs holds the language packs: what words mean and how things are
// said, as YAML that translators edit. concepts.yaml names the concepts that all
// languages share; each other file is one language, named by its BCP 47 tag.
//
// Start at docs/translators.md; package lang reads these files.
//
// The file packs.flat is made of all of them, so that the program starts quickly:
// after a change, make it anew by go generate ./... in the folder of the
// repository. Until then the program reads the YAML, which is slower and as right.
// The same holds for index.flat, which has the words and the names of the facts ready
// to be looked up, and is made of the packs and of the facts.
package packs

import "embed"

//go:generate go test suhbat/bot/lang -count 1 -run ^TestFlattened$ -update
//go:generate go test suhbat/bot/ask -count 1 -run ^TestFlattened$ -update

// FS holds the files.
//
//go:embed *.yaml
var FS embed.FS

// Flat is what lang.Flatten makes of the files.
//
//go:embed packs.flat
var Flat string

// Index is what ask.Flatten makes of the files and of those of the facts.
//
//go:embed index.flat
var Index string
