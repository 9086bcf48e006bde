//go:build !race

package scheduler_test

// raceEnabled is true under -race, where everything takes ten times as long.
const raceEnabled = false
