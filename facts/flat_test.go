package facts_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"suhbat/facts"
	"suhbat/facts/data"
	"suhbat/facts/flat"
)

// TestFlattened compares the form in which the program carries the facts with the
// files that curators edit.
func TestFlattened(t *testing.T) {
	want, err := facts.Flatten(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(filepath.Join("data", "facts.flat"), []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if data.Flat != want {
		t.Error("facts/data/facts.flat is not made of the YAML files beside it: run go generate ./... and add it to your change")
	}
	if again, err := facts.Flatten(data.FS); err != nil || again != want {
		t.Errorf("the same facts gave another form, %v", err)
	}
}

// TestRestore: what comes back is what Load reads.
func TestRestore(t *testing.T) {
	want, err := facts.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	flattened, err := facts.Flatten(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	got, err := facts.Restore(flattened, data.FS)
	if err != nil {
		t.Fatal(err)
	}
	if got.Sum == "" || want.Sum != "" {
		t.Errorf("the sums are %q and %q: only the flat form has one", got.Sum, want.Sum)
	}
	want.Sum = got.Sum
	a, b := reflect.ValueOf(*got), reflect.ValueOf(*want)
	for i := range a.NumField() {
		kind := a.Type().Field(i)
		if kind.IsExported() && !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			t.Errorf("the restored %s are not those of the files", kind.Name)
		}
	}
	for _, f := range got.Facts {
		if got.Fact(f.ID) != f || !slices.Contains(got.Of(f.Subject, f.Property), f) {
			t.Errorf("%s is not indexed", f.ID)
		}
	}
	other := fstest.MapFS{"other.yaml": {Data: []byte("facts: []")}}
	if _, err := facts.Restore(flattened, other); !errors.Is(err, flat.ErrStale) {
		t.Errorf("with other files: got %v, want %v", err, flat.ErrStale)
	}
}

// FuzzRestore: a broken form is an error, never a panic.
func FuzzRestore(f *testing.F) {
	files := fstest.MapFS{}
	flattened, err := facts.Flatten(good(f))
	if err != nil {
		f.Fatal(err)
	}
	sum, err := flat.Sum(files)
	if err != nil {
		f.Fatal(err)
	}
	_, rest, _ := strings.Cut(flattened, "\n")
	_, rest, _ = strings.Cut(rest, "\n")
	head := flat.Write(sum, func(*flat.Coder) {})
	head = strings.TrimSuffix(head, "\x00")
	f.Add([]byte(rest))
	f.Add([]byte(rest[:len(rest)/2]))
	f.Fuzz(func(_ *testing.T, body []byte) {
		s, err := facts.Restore(head+string(body), files)
		if err != nil {
			return
		}
		for _, x := range s.Facts {
			_ = facts.Statement(x)
		}
	})
}
