package facts_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"suhbat/facts"
)

// TestPrint compares what a curator reads with testdata/print.txtar, whose parts
// are named after what was asked for.
func TestPrint(t *testing.T) {
	s := printedStore(t)
	const golden = "testdata/print.txtar"
	archive := parseArchive(t, golden)
	for i, part := range archive.Files {
		var out bytes.Buffer
		command, rest, _ := strings.Cut(part.Name, " ")
		var err error
		switch command {
		case "list":
			err = facts.List(&out, s, facts.Containing(strings.Fields(rest)...))
		case "show":
			err = facts.Show(&out, s, facts.ID(rest))
		default:
			t.Fatalf("unknown part %q", part.Name)
		}
		if err != nil {
			out.WriteString("error: " + err.Error() + "\n")
		}
		if *update {
			archive.Files[i].Data = out.Bytes()
		} else if out.String() != string(part.Data) {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", part.Name, out.String(), part.Data)
		}
	}
	if *update {
		rewriteFile(t, golden, txtar.Format(archive))
	}
}

// full is a writer that cannot take anything.
type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestPrintReportsWriteErrors(t *testing.T) {
	s := printedStore(t)
	if err := facts.List(full{}, s); !errors.Is(err, errFull) {
		t.Errorf("List returned %v", err)
	}
	if err := facts.Show(full{}, s, "talks"); !errors.Is(err, errFull) {
		t.Errorf("Show returned %v", err)
	}
}

// printedStore is the good one with a dispute in it.
func printedStore(t *testing.T) *facts.Store {
	t.Helper()
	fsys := good(t)
	for _, f := range parseArchive(t, "testdata/disputed.txtar").Files {
		fsys[f.Name] = mapFile(f.Data)
	}
	s, err := facts.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
