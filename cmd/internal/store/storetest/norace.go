//go:build !race

package storetest

// raced is true under -race, where everything takes ten times as long.
const raced = false
