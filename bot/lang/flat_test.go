package lang_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/facts/flat"
)

var update = flag.Bool("update", false, "rewrite packs/packs.flat")

// TestFlattened compares the form in which the program carries the packs with the
// files that translators edit.
func TestFlattened(t *testing.T) {
	want, err := lang.Flatten(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(filepath.Join("packs", "packs.flat"), []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if packs.Flat != want {
		t.Error("bot/lang/packs/packs.flat is not made of the YAML files beside it: run go generate ./... and add it to your change")
	}
	if again, err := lang.Flatten(packs.FS); err != nil || again != want {
		t.Errorf("the same packs gave another form, %v", err)
	}
}

// TestRestore: what comes back is what Load reads, and its lexicons know what is in
// the packs.
func TestRestore(t *testing.T) {
	want := languages(t)
	flattened, err := lang.Flatten(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	got, err := lang.Restore(flattened, packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Concepts, want.Concepts) || !reflect.DeepEqual(got.Wordless, want.Wordless) || len(got.Packs) != len(want.Packs) {
		t.Fatal("the concepts or the languages are others")
	}
	index, err := got.Index()
	if err != nil {
		t.Fatal(err)
	}
	wanted, err := want.Index()
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range want.Packs {
		bare := *p
		bare.Words = nil
		if !reflect.DeepEqual(got.Packs[i], &bare) {
			t.Errorf("the restored pack %s is not that of the file", p.Code)
		}
		for _, w := range p.Words {
			words := strings.Fields(w.Phrase)
			for k := range words {
				words[k] = strings.TrimSuffix(words[k], "~")
			}
			a, b := longest(index.Lexicons[i], words), longest(wanted.Lexicons[i], words)
			if a.Len != len(words) || a.Len != b.Len || !reflect.DeepEqual(a.Meanings, b.Meanings) {
				t.Errorf("in %s, %q is %v, not %v", p.Code, w.Phrase, a, b)
			}
		}
	}
	other := fstest.MapFS{"en.yaml": {Data: []byte("name: English")}}
	if _, err := lang.Restore(flattened, other); !errors.Is(err, flat.ErrStale) {
		t.Errorf("with other files: got %v, want %v", err, flat.ErrStale)
	}
}

// longest finds words in a lexicon.
func longest(l *lang.Lexicon, words []string) lang.Match {
	keys := make([][]lang.Key, len(words))
	for i, w := range words {
		keys[i] = l.Keys(nil, w)
	}
	return l.Longest(keys)
}

// FuzzRestore: a broken form is an error, never a panic, neither at once nor when
// the words are looked up.
func FuzzRestore(f *testing.F) {
	files := fstest.MapFS{}
	sum, err := flat.Sum(files)
	if err != nil {
		f.Fatal(err)
	}
	flattened, err := lang.Flatten(packFiles(sound))
	if err != nil {
		f.Fatal(err)
	}
	_, rest, _ := strings.Cut(flattened, "\n")
	_, rest, _ = strings.Cut(rest, "\n")
	head := strings.TrimSuffix(flat.Write(sum, func(*flat.Coder) {}), "\x00")
	f.Add([]byte(rest))
	f.Add([]byte(rest[:len(rest)/2]))
	f.Fuzz(func(_ *testing.T, body []byte) {
		s, err := lang.Restore(head+string(body), files)
		if err != nil {
			return
		}
		index, err := s.Index()
		if err != nil {
			return
		}
		for i, l := range index.Lexicons {
			longest(l, []string{"chair", "chairs", "host"})
			l.Correct(nil, "presidnet")
			s.Packs[i].Inflect("Almaty", "gen")
			s.Packs[i].Date(2023, 10, 16, "in")
		}
	})
}
