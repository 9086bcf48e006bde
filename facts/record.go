package facts

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// record describes one kind of mapping in the data files: its keys drive both
// the loader and the JSON Schema, so that the two cannot disagree.
type record[T any] struct {
	what   string // with its article: "an entity"
	fields []field[T]
}

// field is one key of a record.
type field[T any] struct {
	key  string
	doc  string // for a curator's editor
	must bool   // it may not be missing
	form schema // what JSON Schema can say of the value
	read func(f *file, n *yaml.Node, into *T)
}

// required returns the field as one that may not be missing.
func (fd field[T]) required() field[T] {
	fd.must = true
	return fd
}

// keys returns the record's keys in their usual order.
func (rec *record[T]) keys() []string {
	keys := make([]string, len(rec.fields))
	for i, fd := range rec.fields {
		keys[i] = fd.key
	}
	return keys
}

// index returns the place of a key among the fields, or -1.
func (rec *record[T]) index(key string) int {
	for i := range rec.fields {
		if rec.fields[i].key == key {
			return i
		}
	}
	return -1
}

// read fills into from a mapping and notes keys that are unknown, written twice
// or missing. It reports whether n is a mapping at all.
func (rec *record[T]) read(f *file, n *yaml.Node, into *T) bool {
	if n.Kind != yaml.MappingNode {
		f.find(markOf(n), "found "+describe(n), rec.what+", a mapping of "+strings.Join(rec.keys(), ", "))
		return false
	}
	var seen uint64 // a bit for each field
	for k, v := range pairs(n) {
		i := rec.index(k.Value)
		switch {
		case k.Kind != yaml.ScalarNode:
			f.find(markOf(k), "the key is "+describe(k), oneOf(rec.keys()))
		case i < 0:
			f.unknownKey(k, rec.what, rec.keys())
		case seen&(1<<i) != 0:
			f.duplicateKey(k)
		default:
			seen |= 1 << i
			rec.fields[i].read(f, v, into)
		}
	}
	for i, fd := range rec.fields {
		if fd.must && seen&(1<<i) == 0 {
			f.find(markOf(n), rec.what+` without "`+fd.key+`"`, `the key "`+fd.key+`": `+strings.TrimSuffix(fd.doc, "."))
		}
	}
	return true
}

// list reads the items of a list of at least least; what says in the plural what
// they are.
func (f *file) list(n *yaml.Node, what string, least int, each func(i int, item *yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		f.find(markOf(n), "found "+describe(n), "a list of "+what)
		return
	}
	if len(n.Content) < least {
		f.find(markOf(n), "an empty list", "a list of "+what)
	}
	for i, item := range n.Content {
		each(i, item)
	}
}

// unknownKey notes a key that a record does not have.
func (f *file) unknownKey(k *yaml.Node, what string, keys []string) {
	near := nearest(k.Value, values(keys))
	f.find(markOf(k), `unknown key "`+k.Value+`" in `+what, oneOf(keys)+perhaps(near))
}

// duplicateKey notes a key that a mapping has already.
func (f *file) duplicateKey(k *yaml.Node) {
	f.find(markOf(k), `the key "`+k.Value+`" stands twice`, "each key once")
}

// oneOf words a choice of keys or words.
func oneOf(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return "one of " + strings.Join(words, ", ")
}

// describe says what a node is, for a message.
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Tag == "!!null":
		return "nothing"
	case n.Tag == "!!int", n.Tag == "!!float":
		return "the number " + n.Value
	case n.Tag == "!!bool":
		return "the yes-or-no value " + n.Value
	default:
		return `the text "` + shorten(n.Value) + `"`
	}
}

// shorten cuts a long text for a message.
func shorten(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
