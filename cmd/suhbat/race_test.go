//go:build race

package main

// raced is true where the race detector watches, which makes a start of the program
// many times slower.
const raced = true
