package facts

import (
	"cmp"
	"slices"
	"strings"
)

// Finding is one thing that is wrong with the data files.
type Finding struct {
	// Pos is the offending place; its Line is 0 where the whole file or folder
	// is meant, and its File empty where there is none.
	Pos Pos
	// What says what is wrong, Want what was expected in its place.
	What, Want string
}

// String writes "file:line:col: what, expected want".
func (f Finding) String() string {
	s := f.What
	if f.Want != "" {
		s += ", expected " + f.Want
	}
	switch {
	case f.Pos.File == "":
		return s
	case f.Pos.Line == 0:
		return f.Pos.File + ": " + s
	default:
		return f.Pos.String() + ": " + s
	}
}

// Findings are all that is wrong with a folder, by file, line and column. As an
// error it prints one finding a line.
type Findings []Finding //nolint:errname // it is a list first: Check returns it as one

// Error implements error.
func (fs Findings) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// sort puts the findings in the order of their places and drops repetitions.
func (fs Findings) sort() Findings {
	slices.SortFunc(fs, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
			strings.Compare(a.What, b.What),
			strings.Compare(a.Want, b.Want),
		)
	})
	return slices.Compact(fs)
}
