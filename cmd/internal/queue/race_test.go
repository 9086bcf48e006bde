//go:build race

package queue_test

// raced is true under -race, where everything takes ten times as long.
const raced = true
