// Package factstest makes large stores of facts out of small ones, for tests and
// benchmarks only. Start at [Grow].
package factstest

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing/fstest" //nolint:depguard // this package is for tests only

	"go.yaml.in/yaml/v4"
)

// Grow returns the data files under fsys with n times as many entities and facts.
// The first of the n are the files as they are. The copies have ids, names and
// numbers of their own, speak of one another's entities, rest on the same sources,
// and are never what a bare noun means. The error is that of reading or of YAML.
func Grow(fsys fs.FS, n int) (fs.FS, error) {
	grown := fstest.MapFS{}
	paths, err := files(fsys)
	if err != nil {
		return nil, err
	}
	trees := make(map[string]*yaml.Node, len(paths))
	ids := make(map[string]bool) // of entities
	for _, p := range paths {
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return nil, err
		}
		grown[p] = &fstest.MapFile{Data: data}
		var tree yaml.Node
		if err := yaml.Unmarshal(data, &tree); err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		trees[p] = &tree
		for _, e := range list(&tree, "entities") {
			ids[get(e, "id").Value] = true
		}
	}
	for _, p := range paths {
		t, err := newTemplate(trees[p], ids)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		for i := 1; i < n && t.text != ""; i++ {
			grown[path.Join("grown", strconv.Itoa(i), p)] = &fstest.MapFile{Data: t.copy(i)}
		}
	}
	return grown, nil
}

// files lists the YAML files by name.
func files(fsys fs.FS) (paths []string, err error) {
	err = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(p) == ".yaml" {
			paths = append(paths, p)
		}
		return err
	})
	return paths, err
}

// What stands in a template where the copies differ; no word looks like it.
const (
	idMark     = "zzcopyzz"
	nameMark   = "Zzcopyzz"
	numberMark = "zznumber"
)

// template is the text of a file's entities and facts with marks in it.
type template struct {
	text    string
	numbers []int
}

// newTemplate marks the entities and facts of a file; the text is empty where it
// has none.
func newTemplate(tree *yaml.Node, ids map[string]bool) (*template, error) {
	var t template
	out := &yaml.Node{Kind: yaml.MappingNode}
	add := func(key string, mark func(item *yaml.Node, ids map[string]bool)) {
		items := list(tree, key)
		for _, item := range items {
			mark(item, ids)
		}
		if len(items) > 0 {
			out.Content = append(out.Content,
				&yaml.Node{Kind: yaml.ScalarNode, Value: key},
				&yaml.Node{Kind: yaml.SequenceNode, Content: items})
		}
	}
	add("entities", t.entity)
	add("facts", t.fact)
	add("translations", t.translation)
	if len(out.Content) == 0 {
		return &t, nil
	}
	text, err := yaml.Dump(out, yaml.WithLineWidth(-1))
	t.text = string(text)
	return &t, err
}

// copy returns the file of the i-th copy.
func (t *template) copy(i int) []byte {
	word := letters(i)
	pairs := []string{idMark, word, nameMark, strings.ToUpper(word[:1]) + word[1:]}
	for k, n := range t.numbers {
		const apart = 10_000 // more than any resolution has
		pairs = append(pairs, mark(k), strconv.Itoa(n+i*apart))
	}
	return []byte(strings.NewReplacer(pairs...).Replace(t.text))
}

// mark stands for the k-th number.
func mark(k int) string { return numberMark + strconv.Itoa(k) + "zz" }

// letters writes i as a word: a name must not gain a number, which a question
// could mean, nor look like an abbreviation in the facts.
func letters(i int) string {
	word := []byte("xx")
	for ; i > 0; i /= 26 {
		word = append(word, byte('a'+i%26))
	}
	return string(word)
}

// entity marks an entity's id, names, number and mentions.
func (t *template) entity(e *yaml.Node, ids map[string]bool) {
	rename(get(e, "id"), ids)
	for _, name := range values(get(e, "names")) {
		if name.Kind == yaml.ScalarNode {
			name.Value += " " + nameMark
			continue
		}
		for i := 0; i+1 < len(name.Content); i += 2 {
			if name.Content[i].Value != "review" {
				name.Content[i+1].Value += " " + nameMark
			}
		}
	}
	for _, aliases := range values(get(e, "aliases")) {
		for _, alias := range aliases.Content {
			alias.Value += " " + nameMark
		}
	}
	for _, of := range get(e, "of").Content {
		rename(of, ids)
	}
	if number := get(e, "number"); number.Value != "" {
		n, _ := strconv.Atoi(number.Value)
		number.Tag, number.Value = "", mark(len(t.numbers))
		t.numbers = append(t.numbers, n)
	}
	if prominent := get(e, "prominent"); prominent.Value != "" {
		prominent.Value = "false"
	}
}

// fact marks a fact's id and the entities that it mentions.
func (*template) fact(f *yaml.Node, ids map[string]bool) {
	get(f, "id").Value += "-" + idMark
	rename(get(f, "subject"), ids)
	rename(get(f, "value"), ids)
	qualifiers := get(f, "qualifiers")
	for _, key := range []string{"of", "at", "country", "replaces"} {
		rename(get(qualifiers, key), ids)
	}
}

// translation marks the ids of the facts whose texts it holds.
func (*template) translation(texts *yaml.Node, _ map[string]bool) {
	for _, part := range []string{"values", "capacities", "titles"} {
		all := get(texts, part)
		for i := 0; i < len(all.Content); i += 2 {
			all.Content[i].Value += "-" + idMark
		}
	}
}

// rename marks an entity's id, and leaves everything else as it is.
func rename(n *yaml.Node, ids map[string]bool) {
	if n.Kind == yaml.ScalarNode && ids[n.Value] {
		n.Value += "-" + idMark
	}
}

// list returns the items of a file's key.
func list(tree *yaml.Node, key string) []*yaml.Node {
	if len(tree.Content) == 0 {
		return nil
	}
	return get(tree.Content[0], key).Content
}

// get returns the value of a mapping's key, or an empty node.
func get(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return &yaml.Node{}
}

// values returns the values of a mapping.
func values(n *yaml.Node) []*yaml.Node {
	var vs []*yaml.Node
	for i := 1; i < len(n.Content); i += 2 {
		vs = append(vs, n.Content[i])
	}
	return vs
}
