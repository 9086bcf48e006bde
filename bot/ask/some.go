package ask

// Like the functions of package slices that take a predicate, but they lend it each
// element instead of copying it: the atoms and things of a question are looked through
// many times, and they are large.

// some reports whether one of all is so.
func some[T any](all []T, is func(*T) bool) bool { return indexOf(all, is) >= 0 }

// indexOf returns the place of the first of all that is so, or -1.
func indexOf[T any](all []T, is func(*T) bool) int {
	for i := range all {
		if is(&all[i]) {
			return i
		}
	}
	return -1
}
