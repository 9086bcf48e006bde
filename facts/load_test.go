package facts_test

import (
	"errors"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"suhbat/facts"
	"suhbat/facts/data"
	"suhbat/facts/factstest"
)

var update = flag.Bool("update", false, "rewrite the expected findings and schema.json")

// findingsFile is the part of a broken case that holds the expected findings.
const findingsFile = "findings"

// TestBroken loads each folder of testdata/broken and expects exactly the
// findings that stand there. A case says Alone when it does without the files of
// good.txtar, and unquote when it has bytes that no text file should hold.
func TestBroken(t *testing.T) {
	cases, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil || len(cases) < 30 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive := parseArchive(t, path)
			fsys := fstest.MapFS{}
			if !strings.Contains(string(archive.Comment), "Alone") {
				fsys = good(t)
			}
			unquote := strings.NewReplacer()
			if strings.Contains(string(archive.Comment), "unquote") {
				unquote = strings.NewReplacer(`\x00`, "\x00", `\xff`, "\xff", `\xfe`, "\xfe", `\xef\xbb\xbf`, "\xef\xbb\xbf")
			}
			want := ""
			for _, f := range archive.Files {
				if f.Name == findingsFile {
					want = string(f.Data)
					continue
				}
				fsys[f.Name] = mapFile([]byte(unquote.Replace(string(f.Data))))
			}
			got := facts.Check(fsys).Error() + "\n"
			if *update {
				rewrite(t, path, archive, got)
				return
			}
			if got != want {
				t.Errorf("%s\ngot:\n%s\nwant:\n%s", archive.Comment, got, want)
			}
		})
	}
}

// good returns the files that load without a finding.
func good(t testing.TB) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range parseArchive(t, "testdata/good.txtar").Files {
		fsys[f.Name] = mapFile(f.Data)
	}
	return fsys
}

func parseArchive(t testing.TB, path string) *txtar.Archive {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return archive
}

// rewrite puts the findings into a case.
func rewrite(t *testing.T, path string, archive *txtar.Archive, findings string) {
	t.Helper()
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == findingsFile })
	archive.Files = append(archive.Files, txtar.File{Name: findingsFile, Data: []byte(findings)})
	rewriteFile(t, path, txtar.Format(archive))
}

func rewriteFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func mapFile(content []byte) *fstest.MapFile { return &fstest.MapFile{Data: content} }

func TestLoad(t *testing.T) {
	s, err := facts.Load(good(t))
	if err != nil {
		t.Fatal(err)
	}
	f := s.Fact("talks-day")
	switch {
	case f == nil || f.Subject != s.Entity("talks") || f.Property != s.Property("held-on"):
		t.Fatalf("talks-day is %+v", f)
	case f.Value != facts.Value(facts.Date{Year: 2021, Month: 2, Day: 3}):
		t.Errorf("its value is %v", f.Value)
	case f.Pos != facts.Pos{File: "facts.yaml", Line: 2, Col: 5}:
		t.Errorf("it is at %v", f.Pos)
	case f.References[0].Source != s.Source("page"):
		t.Errorf("its source is %v", f.References[0].Source)
	}
	if got := s.Fact("talks-chair-2021").Value; got != facts.Value(facts.Ref{Entity: s.Entity("kazakhstan")}) {
		t.Errorf("the chair is %v", got)
	}
	if got := s.Fact("vote-7").Value; got != facts.Value(facts.Quantity{Number: 15, Unit: "votes"}) {
		t.Errorf("the vote is %v", got)
	}
	if got := s.Entity("kazakhstan").Names["ru"].Form("loc"); got != "Казахстане" {
		t.Errorf("in Kazakhstan is %q", got)
	}
	if about := s.Type("event").About; len(about) != 2 || about[1] != s.Property("venue") {
		t.Errorf("about an event: %v", about)
	}
	if said := s.Fact("aida-said").Value.(facts.Text); said.Original != "en" || !said.Draft["ru"] || said.In["ru"] == "" {
		t.Errorf("what was said is %+v", said)
	}
}

// TestCuratedData is what a curator sees in red after a mistake.
func TestCuratedData(t *testing.T) {
	if found := facts.Check(data.FS); len(found) > 0 {
		t.Fatalf("%d findings:\n%v", len(found), found)
	}
}

// TestEmbedsEveryFile fails for a data file that is too deep to be embedded.
func TestEmbedsEveryFile(t *testing.T) {
	onDisk, embedded := yamlFiles(t, os.DirFS("data")), yamlFiles(t, data.FS)
	if !slices.Equal(onDisk, embedded) {
		t.Errorf("on disk %v, embedded %v", onDisk, embedded)
	}
}

func yamlFiles(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var paths []string
	err := fs.WalkDir(fsys, ".", func(p string, _ fs.DirEntry, err error) error {
		if filepath.Ext(p) == ".yaml" {
			paths = append(paths, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// unreadable is a folder one file of which cannot be read.
type unreadable struct {
	fs.FS
	path string
}

func (u unreadable) Open(name string) (fs.File, error) {
	if name == u.path {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return u.FS.Open(name)
}

func TestFolderErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		fsys fs.FS
		want string
	}{
		{"none", nil, "there is no folder of facts, expected a folder with the facts in .yaml files"},
		{"missing", os.DirFS("testdata/missing"), "the folder of facts cannot be read: no such file or directory, expected a folder with readable .yaml files"},
		{"empty", fstest.MapFS{}, "the folder of facts has no .yaml file, expected a folder with the facts in .yaml files"},
		{"no YAML", fstest.MapFS{"README.md": {}}, "the folder of facts has no .yaml file, expected a folder with the facts in .yaml files"},
		{"forbidden", unreadable{good(t), "facts.yaml"}, "facts.yaml: the file cannot be read: permission denied, expected a folder with readable .yaml files"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := facts.Load(c.fsys)
			if s != nil || err == nil || err.Error() != c.want {
				t.Errorf("got %v, %v\nwant %s", s, err, c.want)
			}
			if _, ok := errors.AsType[facts.Findings](err); !ok {
				t.Errorf("the error is a %T", err)
			}
		})
	}
}

// TestGrown checks that what benchmarks and the engine's tests grow can be loaded.
func TestGrown(t *testing.T) {
	const times = 3
	grown, err := factstest.Grow(data.FS, times)
	if err != nil {
		t.Fatal(err)
	}
	small, err := facts.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	large, err := facts.Load(grown)
	if err != nil {
		t.Fatal(err)
	}
	if len(large.Facts) != times*len(small.Facts) || len(large.Entities) != times*len(small.Entities) {
		t.Errorf("%d facts and %d entities grew to %d and %d",
			len(small.Facts), len(small.Entities), len(large.Facts), len(large.Entities))
	}
}

// FuzzLoad loads one strange file beside good ones.
func FuzzLoad(f *testing.F) {
	seeds := 0
	cases, _ := filepath.Glob("testdata/broken/*.txtar")
	for _, path := range append(cases, "testdata/good.txtar") {
		for _, file := range parseArchive(f, path).Files {
			f.Add(file.Data)
			seeds++
		}
	}
	if seeds < len(cases) || seeds == 0 {
		f.Fatalf("only %d seeds", seeds)
	}
	base := good(f)
	f.Fuzz(func(t *testing.T, content []byte) {
		fsys := maps.Clone(base)
		fsys["x.yaml"] = mapFile(content)
		s, err := facts.Load(fsys)
		if (s == nil) == (err == nil) {
			t.Fatalf("a store %v and an error %v", s != nil, err)
		}
		found := facts.Check(fsys)
		if again := facts.Check(fsys); !slices.Equal(found, again) {
			t.Fatalf("once %v\nthen %v", found, again)
		}
		for _, one := range found {
			if one.What == "" || one.Want == "" || one.Pos.File == "" || one.Pos.Line < 1 || one.Pos.Col < 1 {
				t.Errorf("a finding without its place or words: %+v", one)
			}
		}
	})
}
