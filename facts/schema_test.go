package facts_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"suhbat/facts"
	"suhbat/facts/data"
)

const schemaFile = "schema.json"

// TestSchemaIsPublished compares the file that curators' editors read.
func TestSchemaIsPublished(t *testing.T) {
	if *update {
		if err := os.WriteFile(schemaFile, facts.Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil || !bytes.Equal(got, facts.Schema()) {
		t.Errorf("%s is out of date (%v): run go test ./facts -update", schemaFile, err)
	}
}

// TestDataMatchSchema validates what the loader takes; every file also names the
// schema in its first line, by the way from where it lies.
func TestDataMatchSchema(t *testing.T) {
	s := compileSchema(t)
	for name, fsys := range map[string]fs.FS{"data": data.FS, "good": good(t)} {
		for _, p := range yamlFiles(t, fsys) {
			content, err := fs.ReadFile(fsys, p)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(plain(t, content)); err != nil {
				t.Errorf("%s: %v", p, err)
			}
			line, _, _ := strings.Cut(string(content), "\n")
			up := strings.Repeat("../", 1+strings.Count(p, "/"))
			if want := "# yaml-language-server: $schema=" + up + schemaFile; name == "data" && line != want {
				t.Errorf("%s begins with %q, expected %q", p, line, want)
			}
		}
	}
}

// TestSchemaRefuses shows an editor's red lines: what the loader would find in one
// item.
func TestSchemaRefuses(t *testing.T) {
	s := compileSchema(t)
	for _, content := range []string{
		"facts: {}",
		"fact: []",
		"{}",
		"facts: [{id: x}]",
		"entities: [{id: X, type: city, names: {en: X}}]",
		"entities: [{id: x, type: city, names: {en: X}, colour: red}]",
		"entities: [{id: x, type: city, names: {}}]",
		"sources: [{id: x, publisher: 7, title: B}]",
		"sources: [{id: x, publisher: A, title: B, url: example.org}]",
		"sources: [{id: x, publisher: A, title: B, date: 2023-1-1}]",
		"facts: [{id: x, subject: y, property: z, value: true, references: [{source: a}]}]",
		"facts: [{id: x, subject: y, property: z, value: 2021, references: []}]",
		"facts: [{id: x, subject: y, property: z, value: {number: 0, unit: votes}, references: [{source: a}]}]",
		"facts: [{id: x, subject: y, property: z, value: 2021, qualifiers: {ordinal: 0}, references: [{source: a}]}]",
	} {
		if s.Validate(plain(t, []byte(content))) == nil {
			t.Errorf("the schema takes %s", content)
		}
		fsys := good(t)
		fsys["x.yaml"] = mapFile([]byte(content))
		if len(facts.Check(fsys)) == 0 {
			t.Errorf("the loader takes %s", content)
		}
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(facts.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schemaFile, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain reads YAML as an editor does: YAML 1.2 knows no dates, so that they are
// text.
func plain(t *testing.T, content []byte) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(content, &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(n *yaml.Node) any
	walk = func(n *yaml.Node) any {
		switch n.Kind {
		case yaml.MappingNode:
			m := map[string]any{}
			for i := 0; i+1 < len(n.Content); i += 2 {
				m[n.Content[i].Value] = walk(n.Content[i+1])
			}
			return m
		case yaml.SequenceNode:
			list := []any{}
			for _, c := range n.Content {
				list = append(list, walk(c))
			}
			return list
		default:
		}
		if n.Tag == "!!timestamp" {
			return n.Value
		}
		var v any
		if err := n.Decode(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	return walk(doc.Content[0])
}
