// Package data holds the curated facts, embedded in the program: the types and
// properties (properties.yaml), the pages that everything rests on
// (sources.yaml), what facts speak about (entities) and the facts themselves
// (facts).
//
// To correct or add something, start at a file in facts that is near to it; the
// first line of each file lets an editor complete and check what is typed.
// Package facts reads the files and says what is wrong with them.
//
// The file facts.flat is made of all of them, so that the program starts quickly:
// after a change, make it anew by go generate ./... in the folder of the
// repository. Until then the program reads the YAML, which is slower and as right.
package data

import (
	"embed"
	"io/fs"
)

//go:generate go test suhbat/facts -count 1 -run ^TestFlattened$ -update

//go:embed *.yaml */*.yaml
var files embed.FS

// FS holds the YAML files as they lie in this folder.
var FS fs.FS = files

// Flat is what facts.Flatten makes of the files.
//
//go:embed facts.flat
var Flat string
