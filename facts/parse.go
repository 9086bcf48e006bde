package facts

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// maxDepth is how deeply the lists and mappings of a file may nest: a few more
// than the format needs, so that a hostile file costs nothing.
const maxDepth = 24

// parse returns the one document of a file, or nil and a finding.
func (f *file) parse(data []byte) *yaml.Node {
	if !f.plainText(data) {
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		f.find(mark{1, 1}, err.Error(), "readable YAML")
		return nil
	}
	var doc, next yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF):
		f.find(mark{1, 1}, "the file is empty", oneOf(fileRecord.keys()))
		return nil
	case err != nil:
		f.syntax(err)
		return nil
	}
	switch err := loader.Load(&next); {
	case err == nil:
		f.find(markOf(&next), "a second document begins here", "one document in a file, without ---")
		return nil
	case !errors.Is(err, io.EOF):
		f.syntax(err)
		return nil
	}
	if !f.plainYAML(&doc) {
		return nil
	}
	return doc.Content[0]
}

// plainText reports whether data is UTF-8 without a byte-order mark, NUL bytes
// or tabs in the indentation, and notes each line that is not.
func (f *file) plainText(data []byte) bool {
	marks := []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"}
	for _, bom := range marks {
		if bytes.HasPrefix(data, []byte(bom)) {
			f.find(mark{1, 1}, "the file begins with a byte-order mark", "UTF-8 without one")
			return false
		}
	}
	before := len(f.findings)
	if !utf8.Valid(data) || bytes.ContainsAny(data, "\t\x00") {
		number := 0
		for line := range bytes.Lines(data) {
			number++
			f.plainLine(number, line)
		}
	}
	return len(f.findings) == before
}

// plainLine is plainText for one line.
func (f *file) plainLine(number int, line []byte) {
	indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	if i := bytes.IndexByte(indent, '\t'); i >= 0 {
		f.find(mark{number, i + 1}, "a tab in the indentation", "spaces")
	}
	if before, _, found := bytes.Cut(line, []byte{0}); found {
		f.find(mark{number, utf8.RuneCount(before) + 1}, "a NUL byte", "text in UTF-8")
	}
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && size == 1 {
			f.find(mark{number, utf8.RuneCount(line[:i]) + 1}, "bytes that are not UTF-8", "text in UTF-8")
			return
		}
		i += size
	}
}

// plainYAML reports whether the tree does without anchors, aliases and tags,
// which the data files have no use for and which can make a short file a long
// one, and notes each of them.
func (f *file) plainYAML(n *yaml.Node) bool {
	ok := true
	refuse := func(what string) {
		f.find(markOf(n), what, "the value itself, written out")
		ok = false
	}
	switch {
	case n.Kind == yaml.AliasNode:
		refuse("the alias *" + n.Value)
	case n.Anchor != "":
		refuse("the anchor &" + n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		refuse("the tag " + n.Tag)
	}
	for _, c := range n.Content {
		ok = f.plainYAML(c) && ok
	}
	return ok
}

// syntaxHints says, for what the YAML library reports, what a curator most
// likely has to do.
var syntaxHints = []struct{ found, want string }{
	{"mapping values are not allowed", `one key on a line, and quotes round a text with ": " in it`},
	{"did not find expected ',' or", "a comma or the closing bracket; quotes round a text with a comma or a bracket in it"},
	{"cannot start any token", "quotes round a text that begins with @, ` or %"},
	{"end of stream", "the closing quote"},
	{"did not find expected '-'", "every item of a list indented alike"},
	{"did not find expected key", "every key of a mapping indented alike, and the rest of a quoted text inside its quotes"},
	{"did not find expected node content", "a value"},
	{"could not find expected ':'", `a colon and a space after the key`},
	{"unknown anchor", "quotes round a text that begins with *"},
	{"depth", "lists and mappings as the format has them, not so deeply nested"},
}

// syntax notes an error of the YAML library.
func (f *file) syntax(err error) {
	at, msg := mark{1, 1}, err.Error()
	if le, ok := errors.AsType[*yaml.LoadError](err); ok {
		msg = le.Message
		if le.Mark.Line > 0 {
			at = mark{le.Mark.Line, max(le.Mark.Column, 1)}
		}
	}
	want := "readable YAML"
	for _, h := range syntaxHints {
		if strings.Contains(msg, h.found) {
			want = h.want
			break
		}
	}
	f.find(at, "not readable as YAML ("+msg+")", want)
}

// pairs walks the keys and values of a mapping.
func pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(k, v *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}
