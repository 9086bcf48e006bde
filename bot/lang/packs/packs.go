// Package packs holds the language packs: what words mean and how things are
// said, as YAML that translators edit. concepts.yaml names the concepts that all
// languages share; each other file is one language, named by its BCP 47 tag.
//
// Start at docs/translators.md; package lang reads these files.
package packs

import "embed"

// FS holds the files.
//
//go:embed *.yaml
var FS embed.FS
