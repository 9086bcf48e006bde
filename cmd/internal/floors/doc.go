// Package floors holds one test: that the rooms of the project import downwards
// only. See floors_test.go for the picture, and docs/architecture.md for the
// words to it.
package floors
