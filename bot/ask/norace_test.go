//go:build !race

package ask_test

const sampled = 1
