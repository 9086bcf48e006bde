package main

import (
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"suhbat/cmd/internal/app"
	"suhbat/facts"
	"suhbat/facts/data"
)

var update = flag.Bool("update", false, "rewrite the answers in the documents; read the difference before you keep it")

// document is a Markdown file.
type document struct {
	path  string // from the top of the repository
	lines []string
	// fences are its blocks of code, prose all other lines.
	fences []fence
	prose  []string
}

// fence is a block of code.
type fence struct {
	info       string // what stands behind the opening marks: "sh", "yaml broken.yaml"
	first, end int    // its lines, without the marks
}

// documents reads README.md and all of docs.
func documents(t *testing.T) []*document {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil || len(paths) < 3 {
		t.Fatalf("found %d documents: %v", len(paths), err)
	}
	docs := []*document{readDocument(t, "README.md")}
	for _, p := range paths {
		docs = append(docs, readDocument(t, "docs/"+filepath.Base(p)))
	}
	return docs
}

func readDocument(t *testing.T, name string) *document {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(repository, name))
	if err != nil {
		t.Fatal(err)
	}
	d := &document{path: name, lines: strings.Split(string(content), "\n")}
	open := false
	for i, line := range d.lines {
		info, mark := strings.CutPrefix(line, "```")
		switch {
		case mark && !open:
			d.fences = append(d.fences, fence{info: info, first: i + 1})
			open = true
		case mark:
			d.fences[len(d.fences)-1].end = i
			open = false
		case !open:
			d.prose = append(d.prose, line)
		}
	}
	if open {
		t.Fatalf("%s: a block of code is not closed", name)
	}
	return d
}

// text returns what stands in a fence.
func (d *document) text(f fence) string {
	return strings.Join(d.lines[f.first:f.end], "\n") + "\n"
}

// spans are the pieces of code in the prose, each on one line.
func (d *document) spans() []string {
	var out []string
	for _, m := range code.FindAllStringSubmatch(strings.Join(d.prose, "\n"), -1) {
		out = append(out, strings.Join(strings.Fields(m[1]), " "))
	}
	return out
}

var (
	code = regexp.MustCompile("`([^`]+)`")
	link = regexp.MustCompile(`\]\(([^)]+)\)`)
	// filePath matches what can only be the path or the name of a file of ours.
	filePath = regexp.MustCompile(`^\.?[A-Za-z][\w.-]*(/[\w.*-]+)*$`)
	file     = regexp.MustCompile(`\.(go|md|yaml|json|txt|mod)$`)
)

// notFiles are written with a slash, or are made by whoever follows the text.
var notFiles = []string{"net/http", "facts/data/facts/practice.yaml", "bot/lang/packs/uz.yaml"}

// TestDocumentsNameFiles checks that every path in the prose exists.
func TestDocumentsNameFiles(t *testing.T) {
	have := repositoryFiles(t)
	for _, d := range documents(t) {
		for _, name := range d.spans() {
			if !filePath.MatchString(name) || !strings.Contains(name, "/") && !file.MatchString(name) || slices.Contains(notFiles, name) {
				continue
			}
			if !have[name] {
				t.Errorf("%s names %s, which is not there", d.path, name)
			}
		}
	}
}

// repositoryFiles lists files and folders by their path.
func repositoryFiles(t *testing.T) map[string]bool {
	t.Helper()
	have := make(map[string]bool)
	err := fs.WalkDir(os.DirFS(repository), ".", func(p string, d fs.DirEntry, err error) error {
		if d.IsDir() && (d.Name() == ".git" || d.Name() == ".scratch") {
			return fs.SkipDir
		}
		have[p] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return have
}

// TestDocumentsLink checks links to other files and to headings.
func TestDocumentsLink(t *testing.T) {
	anchors := make(map[string]bool)
	docs := documents(t)
	for _, d := range docs {
		for _, line := range d.prose {
			if heading := strings.TrimLeft(line, "#"); heading != line {
				anchors[d.path+"#"+slug(heading)] = true
			}
		}
	}
	have := repositoryFiles(t)
	for _, d := range docs {
		for _, target := range link.FindAllStringSubmatch(strings.Join(d.prose, "\n"), -1) {
			name, anchor, _ := strings.Cut(target[1], "#")
			if strings.HasPrefix(name, "https:") {
				continue
			}
			to := d.path
			if name != "" {
				to = path.Join(path.Dir(d.path), name)
			}
			if !have[to] || anchor != "" && !anchors[to+"#"+anchor] {
				t.Errorf("%s links to %s, which is not there", d.path, target[1])
			}
		}
	}
}

// slug makes of a heading what links to it are made of.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-':
			return unicode.ToLower(r)
		default:
			return -1
		}
	}, strings.TrimSpace(heading))
}

// goRun begins a command that a reader is asked to type.
const goRun = "go run ./cmd/suhbat"

// TestDocumentsCommands runs the commands in blocks, and looks whether those in
// the prose would be accepted.
func TestDocumentsCommands(t *testing.T) {
	docs := documents(t)
	t.Chdir(repository)
	for _, d := range docs {
		for _, f := range d.fences {
			if f.info != "sh" {
				continue
			}
			for line := range strings.Lines(d.text(f)) {
				before, _, piped := strings.Cut(line, " | ")
				in := ""
				if piped {
					in = strings.Join(words(before)[1:], " ")
				}
				if _, args, ok := strings.Cut(line, goRun); ok {
					runs(t, d.path, in, words(args))
				}
			}
		}
		for _, span := range d.spans() {
			if args, ok := strings.CutPrefix(span, goRun); ok {
				args, _, _ = strings.Cut(args, "<")
				all := words(args)
				if len(all) > 0 && all[0][0] != '-' {
					runs(t, d.path, "", []string{"help", all[0]}) // --help alone would take any word
				}
				runs(t, d.path, "", append(all, "--help"))
			}
		}
	}
}

// runs fails the test if the program does.
func runs(t *testing.T, from, in string, args []string) {
	t.Helper()
	var out, errs strings.Builder
	code := app.Main(app.Process{
		Args: args, In: strings.NewReader(in), Out: &out, Err: &errs,
		Getenv: func(string) string { return "" },
		Now:    func() time.Time { return written },
	})
	if code != 0 || out.Len() == 0 {
		t.Errorf("%s: %q: exit code %d, %q", from, args, code, errs.String())
	}
}

// written is the day on which the conversations in the documents take place.
var written = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// words splits a command as a shell would that knows quotes only.
func words(command string) []string {
	var out []string
	for _, w := range regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`).FindAllString(command, -1) {
		if q := w[0]; q == '"' || q == '\'' {
			w = w[1 : len(w)-1]
		}
		out = append(out, w)
	}
	return out
}

// moreThan is how the README counts the facts.
var moreThan = regexp.MustCompile(`(?i)more than (\d+)\s+(facts|things|sources)`)

// TestDocumentsCount keeps round numbers true and not too modest.
func TestDocumentsCount(t *testing.T) {
	store, err := facts.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]int{"facts": len(store.Facts), "things": len(store.Entities), "sources": len(store.Sources)}
	prose := strings.Join(strings.Fields(strings.Join(readDocument(t, "README.md").prose, " ")), " ")
	prose = strings.ReplaceAll(strings.ReplaceAll(prose, "about more", "more"), "from more", "more")
	found := moreThan.FindAllStringSubmatch(prose, -1)
	if len(found) != len(have) {
		t.Fatalf("README.md counts %d kinds of items, expected %d", len(found), len(have))
	}
	for _, f := range found {
		told, err := strconv.Atoi(f[1])
		if n := have[f[2]]; err != nil || n <= told || n > told+told/4 {
			t.Errorf("README.md tells of more than %d %s; there are %d", told, f[2], n)
		}
	}
}
