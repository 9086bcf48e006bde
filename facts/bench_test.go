package facts_test

import (
	"io/fs"
	"testing"

	"suhbat/facts"
	"suhbat/facts/data"
	"suhbat/facts/factstest"
)

// BenchmarkLoad is the facts' share of the program's start: at most 30 ms.
func BenchmarkLoad(b *testing.B) { benchmarkLoad(b, data.FS) }

// BenchmarkRestore is what the built-in facts cost in its place.
func BenchmarkRestore(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := facts.Restore(data.Flat, data.FS); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoadHundredfold must stay under three seconds.
func BenchmarkLoadHundredfold(b *testing.B) {
	grown, err := factstest.Grow(data.FS, 100)
	if err != nil {
		b.Fatal(err)
	}
	benchmarkLoad(b, grown)
}

func benchmarkLoad(b *testing.B, fsys fs.FS) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := facts.Load(fsys); err != nil {
			b.Fatal(err)
		}
	}
}
