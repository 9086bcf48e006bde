package main

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.yaml.in/yaml/v4"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/bot/message"
	"suhbat/bot/terminal"
	"suhbat/facts"
	"suhbat/facts/data"
)

// copied returns the files of fsys in memory, so that a test may add to them.
func copied(t *testing.T, fsys fs.FS) fstest.MapFS {
	t.Helper()
	out := make(fstest.MapFS)
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(fsys, p)
		out[p] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// core answers from the facts and the languages of two folders.
func core(t *testing.T, store, languages fs.FS) *bot.Core {
	t.Helper()
	s, err := facts.Load(store)
	if err != nil {
		t.Fatal(err)
	}
	set, err := lang.Load(languages)
	if err != nil {
		t.Fatal(err)
	}
	c, err := bot.New(s, set)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// conversations asks all questions of a document again; with -update the answers
// are written into it.
func conversations(t *testing.T, d *document, c *bot.Core) {
	t.Helper()
	for _, f := range slices.Backward(d.fences) {
		if f.info != "text" || !strings.HasPrefix(d.text(f), "> ") {
			continue
		}
		var out strings.Builder
		talk := terminal.Terminal{
			Handler: c, In: strings.NewReader(d.text(f)), Out: &out,
			Now: func() time.Time { return written },
		}
		if err := talk.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		switch got := out.String(); {
		case *update:
			d.lines = slices.Replace(d.lines, f.first, f.end, strings.Split(strings.TrimSuffix(got, "\n"), "\n")...)
		case got != d.text(f):
			t.Errorf("%s:%d: the answers are others now (go test ./cmd/suhbat -update):\n%s", d.path, f.first+1, got)
		}
	}
	if *update {
		if err := os.WriteFile(filepath.Join(repository, d.path), []byte(strings.Join(d.lines, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadmeConversations(t *testing.T) {
	conversations(t, readDocument(t, "README.md"), core(t, data.FS, packs.FS))
}

// TestArchitectureForms asks the questions whose logical forms the page shows.
func TestArchitectureForms(t *testing.T) {
	c := core(t, data.FS, packs.FS)
	row := regexp.MustCompile("^\\| (.+\\?) \\| `(.+)` \\|$")
	found := 0
	for _, line := range readDocument(t, "docs/architecture.md").prose {
		m := row.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		found++
		r, err := c.Handle(t.Context(), bot.Incoming{Text: m[1], At: written})
		if err != nil || r.Understood != m[2] {
			t.Errorf("%q is understood as %q (%v), the page says %q", m[1], r.Understood, err, m[2])
		}
	}
	if found == 0 {
		t.Error("the page shows no logical forms")
	}
}

// TestCuratorsExamples adds the examples of the page to the facts: the sound ones
// must do, the broken one must be found out as the page says.
func TestCuratorsExamples(t *testing.T) {
	d := readDocument(t, "docs/curators.md")
	sound := copied(t, data.FS)
	for i, f := range d.fences {
		example := &fstest.MapFile{Data: []byte(d.text(f))}
		switch name, named := strings.CutPrefix(f.info, "yaml "); {
		case named:
			broken := copied(t, data.FS)
			broken[name] = example
			if got, want := facts.Check(broken).Error()+"\n", d.text(d.fences[i+1]); got != want {
				t.Errorf("%s:%d: the findings are\n%s", d.path, f.first, got)
			}
		case f.info == "yaml":
			sound["facts/example"+strconv.Itoa(i)+".yaml"] = example
		}
	}
	if found := facts.Check(sound); len(found) > 0 {
		t.Fatal(found)
	}
	conversations(t, d, core(t, sound, packs.FS))
}

// tables are the keys in the first column of a page's tables, by heading.
func tables(d *document) map[string][]string {
	key := regexp.MustCompile("^\\| (?:\\*\\*)?`([^`]+)`(?:\\*\\*)? \\|")
	out := make(map[string][]string)
	heading := ""
	for _, line := range d.prose {
		if after := strings.TrimLeft(line, "#"); after != line {
			heading = strings.TrimSpace(after)
		}
		if m := key.FindStringSubmatch(line); m != nil {
			out[heading] = append(out[heading], m[1])
		}
	}
	return out
}

// sameKeys compares the keys that a page explains with those that there are.
func sameKeys(t *testing.T, d *document, heading string, want []string) {
	t.Helper()
	got := slices.Sorted(slices.Values(tables(d)[heading]))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %q explains %v, expected %v", d.path, heading, got, want)
	}
}

// described is what a test needs of a JSON Schema.
type described struct {
	Properties map[string]any       `json:"properties"`
	AnyOf      []described          `json:"anyOf"`
	Defs       map[string]described `json:"$defs"`
}

// TestCuratorsKeys compares the page with the schema, which is made from what the
// loader reads.
func TestCuratorsKeys(t *testing.T) {
	d := readDocument(t, "docs/curators.md")
	var schema described
	if err := json.Unmarshal(facts.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	headings := map[string]string{
		"languages": "Languages", "type": "A type", "property": "A property", "completeness": "A completeness", "source": "A source",
		"entity": "An entity", "fact": "A fact", "qualifiers": "Qualifiers", "text": "A text", "reference": "A reference",
		"anniversary": "An anniversary", "name": "A name", "translation": "A translation", "value": "A quantity",
	}
	sameKeys(t, d, "A file", slices.Collect(maps.Keys(schema.Properties)))
	for name, def := range schema.Defs {
		for _, x := range append(def.AnyOf, def) {
			if len(x.Properties) > 0 {
				sameKeys(t, d, headings[name], slices.Collect(maps.Keys(x.Properties)))
			}
		}
	}
}

// TestTranslatorsExamples follows the page: it adds a synonym and a language.
func TestTranslatorsExamples(t *testing.T) {
	const question = "who captained the Dialogue in 2022?"
	d := readDocument(t, "docs/translators.md")
	before, err := core(t, data.FS, packs.FS).Handle(t.Context(), bot.Incoming{Text: question, At: written})
	if err != nil || before.Outcome != bot.NotUnderstood {
		t.Errorf("%q without the synonym: %s, %v: %s", question, before.Outcome, err, message.Plain(before.Message))
	}
	languages := copied(t, packs.FS)
	en := string(languages["en.yaml"].Data)
	if strings.Count(en, "\n  chair: ") != 1 {
		t.Fatal("en.yaml has no line for the concept chair")
	}
	languages["en.yaml"].Data = []byte(strings.Replace(en, "\n  chair: ", "\n  chair: captain~, ", 1))
	for _, f := range d.fences {
		name, named := strings.CutPrefix(f.info, "yaml ")
		if named {
			languages[name] = &fstest.MapFile{Data: []byte(d.text(f))}
		}
		var example yaml.Node
		if err := yaml.Unmarshal([]byte(d.text(f)), &example); err != nil && strings.HasPrefix(f.info, "yaml") {
			t.Errorf("%s:%d: %v", d.path, f.first, err)
		}
	}
	conversations(t, d, core(t, data.FS, languages))
}

// TestTranslatorsKeys compares the page with the keys of the packs.
func TestTranslatorsKeys(t *testing.T) {
	d := readDocument(t, "docs/translators.md")
	for heading, name := range map[string]string{"Concepts": "concepts.yaml", "Every key of a pack": "en.yaml"} {
		content, err := fs.ReadFile(packs.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		var keys map[string]yaml.Node
		if err := yaml.Unmarshal(content, &keys); err != nil {
			t.Fatal(err)
		}
		sameKeys(t, d, heading, slices.Collect(maps.Keys(keys)))
	}
}

// TestTranslatorsPlaces checks that every place of the packs' sentences is
// explained.
func TestTranslatorsPlaces(t *testing.T) {
	set, err := lang.Load(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	known := tables(readDocument(t, "docs/translators.md"))["Templates"]
	for _, p := range set.Packs {
		check := func(where string, tpl lang.Template) {
			tpl.Places(func(place, _ string, _ []string) {
				if !slices.Contains(known, place) {
					t.Errorf("%s, %s: the place {%s} is not explained", p.Code, where, place)
				}
			})
		}
		for id, f := range p.Frames {
			for _, tpl := range append(slices.Collect(maps.Values(f.Asks)), f.Says, f.None, f.Title, f.Counts) {
				check(id, tpl)
			}
		}
		for key, tpl := range p.Phrases {
			check(key, tpl)
		}
	}
}
