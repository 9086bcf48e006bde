package facts

import (
	"io/fs"

	"go.yaml.in/yaml/v4"
)

// file is what one data file holds: its items, filled but for the names of other
// items, which the [linker] resolves once all files are read.
type file struct {
	path     string
	findings Findings
	// unread is true when the file could not be understood as a whole, so that
	// its items may be missing.
	unread bool

	languages  []languages
	types      []*typeDraft
	properties []*propertyDraft
	entities   []*entityDraft
	sources    []*sourceDraft
	facts      []*factDraft
	translated []*translationDraft

	// What is resolved and compared once all files are read.
	typeLinks     []link[Type]
	propertyLinks []link[Property]
	entityLinks   []link[Entity]
	sourceLinks   []link[Source]
	langs         []langUse
	texts         []textUse
	nameUses      []nameUse
}

// mark is a place in a file.
type mark struct{ line, col int }

func markOf(n *yaml.Node) mark { return mark{n.Line, n.Column} }

// link is an item's id where another item mentions it; into receives the item
// unless it is nil.
type link[T any] struct {
	id   ID
	at   mark
	into **T
}

// langUse is a language tag as a key of a file.
type langUse struct {
	lang Lang
	at   mark
}

// textUse is a text that must stand in every text language.
type textUse struct {
	in map[Lang]string
	at mark
	// note is true for a note, which only those who keep the facts read.
	note bool
}

// nameUse is a name or an alias in the form in which names are compared.
type nameUse struct {
	entity *entityDraft
	lang   Lang
	text   string
	folded string
	at     mark
}

// languages is the content of the key of that name.
type languages struct {
	names, texts, notes []Lang
	at                  mark
}

// The drafts add to each item the places that checks across items speak of.
type (
	typeDraft struct {
		Type
		idAt mark
	}
	propertyDraft struct {
		Property
		idAt       mark
		completeAt []mark
	}
	entityDraft struct {
		Entity
		idAt, namesAt mark
	}
	sourceDraft struct {
		Source
		idAt mark
	}
	factDraft struct {
		Fact
		scalar string // a value that the property's range shows to be a date or an entity
		idAt   mark
		at     struct{ subject, value, until, ordinal, disputed, anniversary mark }
	}
)

// pos returns the place of m in the file.
func (f *file) pos(m mark) Pos { return Pos{f.path, m.line, m.col} }

// find notes something wrong.
func (f *file) find(at mark, what, want string) {
	f.findings = append(f.findings, Finding{f.pos(at), what, want})
}

// readFile reads one file as far as that is possible without the others.
func readFile(fsys fs.FS, path string) *file {
	f := &file{path: path}
	data, err := fs.ReadFile(fsys, path)
	if err != nil {
		f.findings, f.unread = Findings{unreadable(path, err)}, true
		return f
	}
	root := f.parse(data)
	if root == nil {
		f.unread = true
		return f
	}
	f.read(root)
	return f
}

// read reads the items of a parsed file.
func (f *file) read(root *yaml.Node) {
	if root.Kind == yaml.MappingNode && !knowsAny(root) {
		f.find(markOf(root), "none of the file's keys is known", oneOf(fileRecord.keys()))
		return
	}
	fileRecord.read(f, root, f)
}

// knowsAny reports whether a file has one of the keys of a data file.
func knowsAny(root *yaml.Node) bool {
	for k := range pairs(root) {
		if fileRecord.index(k.Value) >= 0 {
			return true
		}
	}
	return false
}
