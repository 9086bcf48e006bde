// Package flat keeps values in one compact string. It is how the program carries
// its facts and languages: reading them back takes a hundredth of the time that
// reading the YAML takes, and their texts stay where they lie in the program.
//
// A type is described once, for both ways: a function hands each of its fields to
// a [Coder], which writes it or fills it. So what is written and what is read
// cannot disagree. Start at [Write] and [Read]; [Sum] tells whether the files that
// the string was made from are still the same.
package flat

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"
)

// magic begins every string; its number changes with the form.
const magic = "suhbat flat 1\n"

// Write returns the string of what do hands to the coder. The sum of the files that
// it is made from stands in it.
func Write(sum string, do func(*Coder)) string {
	c := Coder{numbers: make(map[string]int)}
	do(&c)
	table := Coder{}
	Words(&table, &c.texts)
	return magic + sum + "\n" + string(table.out) + string(c.out)
}

// Errors of [Read].
var (
	// ErrStale says that the string was made from other files.
	ErrStale = errors.New("made from other files")
	// ErrBroken says that the string is not what Write returned.
	ErrBroken = errors.New("broken")
)

// Read fills what do hands to the coder from a string that [Write] made from files
// with the given sum.
func Read(data, sum string, do func(*Coder)) error {
	rest, ok := strings.CutPrefix(data, magic)
	if !ok {
		return fmt.Errorf("flat: no or another header: %w", ErrStale)
	}
	made, rest, _ := strings.Cut(rest, "\n")
	if made != sum {
		return fmt.Errorf("flat: %w", ErrStale)
	}
	return readAll(rest, func(c *Coder) {
		Words(c, &c.texts)
		do(c)
	})
}

// readAll reads all of a string.
func readAll(data string, do func(*Coder)) error {
	c := Coder{reading: true, data: data}
	do(&c)
	if len(c.data) > 0 {
		c.Fail()
	}
	return c.err
}

// Sum is a checksum of all files of fsys and their names. Two different sets of
// files have the same one by an accident of one in four thousand million.
func Sum(fsys fs.FS) (string, error) {
	h := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	buffer := make([]byte, 8<<10)
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := fsys.Open(path)
		if err != nil {
			return err
		}
		n, err := io.CopyBuffer(h, f, buffer)
		_, _ = fmt.Fprintf(h, "\x00%s\x00%d\x00", path, n) // a hash takes everything
		return errors.Join(err, f.Close())
	})
	if err != nil {
		return "", fmt.Errorf("flat: %w", err)
	}
	return fmt.Sprintf("%08x", h.Sum32()), nil
}
