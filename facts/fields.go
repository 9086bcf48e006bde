package facts

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// The constructors below make the fields that several records have: each pairs
// how a value is read with what the JSON Schema says of it.

// items makes a key of a file: a list of records, each handed to add with its
// place.
func items[T any](key, doc string, rec *record[T], name string, add func(f *file, item *T, at Pos)) field[file] {
	return field[file]{key: key, doc: doc, form: listOf(def(name), 0), read: func(f *file, n *yaml.Node, _ *file) {
		f.list(n, key, 0, func(_ int, item *yaml.Node) {
			one := new(T)
			if rec.read(f, item, one) {
				add(f, one, f.pos(markOf(item)))
			}
		})
	}}
}

// idField makes the id of an item.
func idField[T any](doc string, into func(*T) (*ID, *mark)) field[T] {
	return field[T]{key: "id", doc: doc, must: true, form: def("id"), read: func(f *file, n *yaml.Node, x *T) {
		id, at := into(x)
		*id, *at = f.id(n, "an id"), markOf(n)
	}}
}

// marked makes a field whose place is remembered.
func marked[T any](fd field[T], at func(*T) *mark) field[T] {
	read := fd.read
	fd.read = func(f *file, n *yaml.Node, x *T) {
		*at(x) = markOf(n)
		read(f, n, x)
	}
	return fd
}

// addLink notes the mention of another item.
func addLink[T any](f *file, n *yaml.Node, want string, links *[]link[T], into **T) {
	if id := f.id(n, want); id != "" {
		*links = append(*links, link[T]{id, markOf(n), into})
	}
}

// linkList reads a list of mentions.
func linkList[T any](f *file, n *yaml.Node, what string, links *[]link[T]) []*T {
	all := slots[*T](n)
	f.list(n, what, 0, func(i int, item *yaml.Node) { addLink(f, item, "an id", links, &all[i]) })
	return all
}

// typeField makes a mention of a type; the next three do the same for the other
// kinds.
func typeField[T any](key, doc string, into func(*T) **Type) field[T] {
	return field[T]{key: key, doc: doc, form: def("id"), read: func(f *file, n *yaml.Node, x *T) {
		addLink(f, n, "the id of a type", &f.typeLinks, into(x))
	}}
}

func propertyField[T any](key, doc string, into func(*T) **Property) field[T] {
	return field[T]{key: key, doc: doc, form: def("id"), read: func(f *file, n *yaml.Node, x *T) {
		addLink(f, n, "the id of a property", &f.propertyLinks, into(x))
	}}
}

func entityField[T any](key, doc string, into func(*T) **Entity) field[T] {
	return field[T]{key: key, doc: doc, form: def("id"), read: func(f *file, n *yaml.Node, x *T) {
		addLink(f, n, "the id of an entity", &f.entityLinks, into(x))
	}}
}

func sourceField[T any](key, doc string, into func(*T) **Source) field[T] {
	return field[T]{key: key, doc: doc, form: def("id"), read: func(f *file, n *yaml.Node, x *T) {
		addLink(f, n, "the id of a source", &f.sourceLinks, into(x))
	}}
}

// The values that are not entities, as a property's range names them.
const (
	isDate     ID = "date"
	isQuantity ID = "quantity"
	isText     ID = "text"
)

var literals = []ID{isDate, isQuantity, isText}

// typesField makes a list of ids of types, which are linked for their check
// only; besides are further words that may stand there.
func typesField[T any](key, doc string, besides []ID, into func(*T) *[]ID) field[T] {
	return field[T]{key: key, doc: doc, form: listOf(def("id"), 1), read: func(f *file, n *yaml.Node, x *T) {
		f.list(n, "ids of types", 1, func(_ int, item *yaml.Node) {
			id := f.id(item, "the id of a type")
			*into(x) = append(*into(x), id)
			if id != "" && !slices.Contains(besides, id) {
				f.typeLinks = append(f.typeLinks, link[Type]{id: id, at: markOf(item)})
			}
		})
	}}
}

func textField[T any](key, doc string, into func(*T) *string) field[T] {
	return field[T]{key: key, doc: doc, form: def("words"), read: func(f *file, n *yaml.Node, x *T) {
		*into(x) = f.text(n, "a text")
	}}
}

// formFields makes the fields of a name's forms.
func formFields() []field[Name] {
	fields := make([]field[Name], len(nameForms))
	for i, form := range nameForms {
		fields[i] = field[Name]{
			key: form, doc: "The name in the form " + form + "; the text itself if left out.",
			form: def("words"),
			read: func(f *file, n *yaml.Node, name *Name) {
				if name.Forms == nil {
					name.Forms = make(map[string]string, len(nameForms))
				}
				name.Forms[form] = f.text(n, "a name")
			},
		}
	}
	return fields
}

// wordingField makes a text in several languages.
func wordingField[T any](key, doc string, into func(*T) *Text) field[T] {
	form := schema{"anyOf": []schema{def("translations"), def("text")}}
	return field[T]{key: key, doc: doc, form: form, read: func(f *file, n *yaml.Node, x *T) {
		*into(x) = f.words(n)
	}}
}

// noteField makes a text that stands in the languages of notes.
func noteField[T any](key, doc string, into func(*T) *Text) field[T] {
	fd := wordingField(key, doc, into)
	words := fd.read
	fd.read = func(f *file, n *yaml.Node, x *T) {
		before := len(f.texts)
		words(f, n, x)
		for i := before; i < len(f.texts); i++ {
			f.texts[i].note = true
		}
	}
	return fd
}

// wordField makes a word of the language packs, spelled like an id; wordsField a
// list of them.
func wordField[T any](key, doc string, into func(*T) *string) field[T] {
	return field[T]{key: key, doc: doc, form: def("id"), read: func(f *file, n *yaml.Node, x *T) {
		*into(x) = string(f.id(n, "a word"))
	}}
}

func wordsField[T any](key, doc string, into func(*T) *[]string) field[T] {
	return field[T]{key: key, doc: doc, form: listOf(def("id"), 0), read: func(f *file, n *yaml.Node, x *T) {
		f.list(n, "words", 0, func(_ int, item *yaml.Node) {
			*into(x) = append(*into(x), string(f.id(item, "a word")))
		})
	}}
}

func choiceField[T any, S ~string](key, doc string, words []string, into func(*T) *S) field[T] {
	return field[T]{key: key, doc: doc, form: enum(words), read: func(f *file, n *yaml.Node, x *T) {
		*into(x) = S(f.choice(n, words))
	}}
}

func dateField[T any](key, doc string, into func(*T) *Date) field[T] {
	return field[T]{key: key, doc: doc, form: def("date"), read: func(f *file, n *yaml.Node, x *T) {
		*into(x) = f.date(n)
	}}
}

func numberField[T any](key, doc string, least, most int, into func(*T) *int) field[T] {
	form := schema{"type": "integer", "minimum": least}
	if most < maxNumber {
		form["maximum"] = most
	}
	return field[T]{key: key, doc: doc, form: form, read: func(f *file, n *yaml.Node, x *T) {
		*into(x) = f.number(n, least, most)
	}}
}

func yesField[T any](key, doc string, into func(*T) *bool) field[T] {
	return field[T]{key: key, doc: doc, form: schema{"type": "boolean"}, read: func(f *file, n *yaml.Node, x *T) {
		*into(x) = f.yesNo(n)
	}}
}

// langsField makes a list of languages.
func langsField[T any](key, doc string, into func(*T) *[]Lang) field[T] {
	return field[T]{key: key, doc: doc, form: listOf(def("language"), 1), read: func(f *file, n *yaml.Node, x *T) {
		f.list(n, "languages", 1, func(_ int, item *yaml.Node) {
			if lang := f.lang(item); lang != "" {
				*into(x) = append(*into(x), lang)
			}
		})
	}}
}
