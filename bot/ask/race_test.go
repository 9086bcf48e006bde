//go:build race

package ask_test

// sampled is every how many questions of the transcripts the tests ask. Under -race
// everything takes ten times as long, and no question races with itself: the checks ask
// all of them without it, too.
const sampled = 8
