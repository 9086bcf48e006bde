package flat_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"suhbat/facts/flat"
)

// thing has a field of each kind that a coder knows.
type thing struct {
	Name   string
	Number int
	Yes    bool
	Words  []string
	By     map[string][]int
	None   []string
	Empty  map[string]bool
	Next   *thing
	later  []string
}

func sample() []*thing {
	one := &thing{Name: "one", Number: -3, Yes: true, Words: []string{"a", "a", ""}, By: map[string][]int{"y": {1}, "x": nil}, later: []string{"p", ""}}
	return []*thing{one, {Name: "two", Number: 1 << 40, Empty: map[string]bool{}, Next: one, Words: []string{}}}
}

// code describes things, as a room does its own types.
func code(c *flat.Coder, all *[]*thing) {
	n := c.Len(len(*all))
	if c.Reading() {
		*all = make([]*thing, n)
		for i := range *all {
			(*all)[i] = new(thing)
		}
	}
	refs := flat.NewRefs(c, *all)
	for _, x := range *all {
		flat.Text(c, &x.Name)
		flat.Int(c, &x.Number)
		flat.Bool(c, &x.Yes)
		flat.Slice(c, &x.Words, flat.Text)
		flat.Map(c, &x.By, func(c *flat.Coder, s *[]int) { flat.Slice(c, s, flat.Int) })
		flat.Slice(c, &x.None, flat.Text)
		flat.Map(c, &x.Empty, flat.Bool)
		refs.Code(c, &x.Next)
		if read := c.Later(func(c *flat.Coder) { flat.Words(c, &x.later) }); read != nil {
			if err := read(func(c *flat.Coder) { flat.Words(c, &x.later) }); err != nil {
				c.Fail()
			}
		}
	}
}

func TestRoundTrip(t *testing.T) {
	want := sample()
	written := flat.Write("sum", func(c *flat.Coder) { code(c, &want) })
	if again := flat.Write("sum", func(c *flat.Coder) { code(c, &want) }); again != written {
		t.Error("the same things were written otherwise")
	}
	var got []*thing
	if err := flat.Read(written, "sum", func(c *flat.Coder) { code(c, &got) }); err != nil {
		t.Fatal(err)
	}
	want[1].later = []string{}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestBroken: every part of a string, and every changed byte, is an error or gives
// things; nothing panics.
func TestBroken(t *testing.T) {
	all := sample()
	written := flat.Write("sum", func(c *flat.Coder) { code(c, &all) })
	read := func(s, sum string) error {
		var got []*thing
		return flat.Read(s, sum, func(c *flat.Coder) { code(c, &got) })
	}
	if err := read(written, "other"); !errors.Is(err, flat.ErrStale) {
		t.Errorf("with another sum: got %v", err)
	}
	head := strings.Index(written, "sum\n") + len("sum\n")
	for i := range written {
		if err := read(written[:i], "sum"); err == nil {
			t.Errorf("the first %d bytes were read", i)
		}
		if i < head {
			continue
		}
		for _, b := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			_ = read(written[:i]+string(rune(b))+written[i+1:], "sum")
		}
	}
	if err := read(written+"x", "sum"); !errors.Is(err, flat.ErrBroken) {
		t.Errorf("with a byte more: got %v", err)
	}
}

// TestSum: names, contents and where one file ends all count.
func TestSum(t *testing.T) {
	sums := make(map[string]string)
	for _, files := range []map[string]string{
		{"a": "x", "b": "y"}, {"a": "xy", "b": ""}, {"a": "x", "c": "y"}, {"a": "x"}, {"d/a": "x"}, {},
	} {
		fsys := fstest.MapFS{}
		for name, content := range files {
			fsys[name] = &fstest.MapFile{Data: []byte(content)}
		}
		sum, err := flat.Sum(fsys)
		if err != nil {
			t.Fatal(err)
		}
		if other, taken := sums[sum]; taken {
			t.Errorf("%v and %s have the sum %s", files, other, sum)
		}
		sums[sum] = fmt.Sprint(files)
	}
}
