package facts

import (
	"maps"
	"slices"
)

// linker puts the items of all files together: it declares their ids, resolves
// the mentions of one another, and then looks for what only the whole shows.
type linker struct {
	files    []*file
	store    *Store
	findings Findings
	// unread is true when a file could not be read: what seems to be missing may
	// then stand there, and is not worth a finding.
	unread bool
	// suggestions counts the searches for near ids, which would take long in a
	// large folder with many unknown ones.
	suggestions int
	// noteLanguages are those in which every note must stand.
	noteLanguages []Lang
}

// maxSuggestions is the number of unknown ids for which near ones are sought.
const maxSuggestions = 100

func newLinker(files []*file) *linker {
	l := &linker{files: files, store: &Store{}}
	for _, f := range files {
		l.unread = l.unread || f.unread
	}
	return l
}

// find notes something wrong.
func (l *linker) find(at Pos, what, want string) {
	l.findings = append(l.findings, Finding{at, what, want})
}

// link declares and resolves.
func (l *linker) link() {
	s := l.store
	s.Types = declare(l, "type", func(f *file) []*typeDraft { return f.types },
		func(t *typeDraft) (*Type, ID, mark) { return &t.Type, t.ID, t.idAt })
	s.Properties = declare(l, "property", func(f *file) []*propertyDraft { return f.properties },
		func(p *propertyDraft) (*Property, ID, mark) { return &p.Property, p.ID, p.idAt })
	s.Entities = declare(l, "entity", func(f *file) []*entityDraft { return f.entities },
		func(e *entityDraft) (*Entity, ID, mark) { return &e.Entity, e.ID, e.idAt })
	s.Sources = declare(l, "source", func(f *file) []*sourceDraft { return f.sources },
		func(x *sourceDraft) (*Source, ID, mark) { return &x.Source, x.ID, x.idAt })
	s.Facts = declare(l, "fact", func(f *file) []*factDraft { return f.facts },
		func(d *factDraft) (*Fact, ID, mark) { return &d.Fact, d.ID, d.idAt })
	s.indexIDs()
	for _, f := range l.files {
		resolve(l, f, "type", s.types, f.typeLinks)
		resolve(l, f, "property", s.properties, f.propertyLinks)
		resolve(l, f, "entity", s.entities, f.entityLinks)
		resolve(l, f, "source", s.sources, f.sourceLinks)
		for _, d := range f.facts {
			l.value(f, d)
		}
	}
	for _, f := range l.files {
		for _, t := range f.translated {
			l.translate(f, t)
		}
	}
	s.indexFacts()
}

// declare lists the items of one kind in the order of the files and notes ids
// that two of them have.
func declare[D, T any](l *linker, kind string, drafts func(*file) []*D, parts func(*D) (*T, ID, mark)) []*T {
	var all []*T
	first := make(map[ID]Pos)
	for _, f := range l.files {
		for _, draft := range drafts(f) {
			item, id, at := parts(draft)
			all = append(all, item)
			if before, taken := first[id]; taken && id != "" {
				l.find(f.pos(at), kind+` "`+string(id)+`" is already at `+before.String(), "another id")
				continue
			}
			first[id] = f.pos(at)
		}
	}
	return all
}

// resolve gives each mention of an item the item.
func resolve[T any](l *linker, f *file, kind string, known map[ID]*T, links []link[T]) {
	for _, k := range links {
		item, ok := known[k.id]
		switch {
		case !ok:
			unknown(l, f.pos(k.at), kind, k.id, known)
		case k.into != nil:
			*k.into = item
		}
	}
}

// unknown notes an id that no item has.
func unknown[T any](l *linker, at Pos, kind string, id ID, known map[ID]*T) {
	if l.unread {
		return
	}
	var near []string
	if l.suggestions++; l.suggestions <= maxSuggestions {
		near = nearest(string(id), maps.Keys(known))
	}
	l.find(at, "unknown "+kind+` "`+string(id)+`"`, "the id of "+withArticle(kind)+perhaps(near))
}

// value settles what a fact's value is, and whether its property allows that.
func (l *linker) value(f *file, d *factDraft) {
	if d.Property == nil {
		return
	}
	switch d.Value.(type) {
	case Quantity:
		l.inRange(f, d, isQuantity, "a quantity")
	case Text:
		l.inRange(f, d, isText, "a text")
	case nil:
		if d.scalar != "" {
			l.scalar(f, d)
		}
	default: // scalar makes dates and references only later
	}
}

// scalar settles whether a value is a date or an entity.
func (l *linker) scalar(f *file, d *factDraft) {
	at := f.pos(d.at.value)
	_, dateLike := splitDate(d.scalar)
	entity, known := l.store.entities[ID(d.scalar)]
	takesDate := slices.Contains(d.Property.Range, isDate)
	switch {
	case known:
		d.Value = Ref{entity}
		if entity.Type != nil {
			l.inRange(f, d, entity.Type.ID, withArticle(string(entity.Type.ID)))
		}
	case dateLike && takesDate, takesDate && len(d.Property.Range) == 1:
		if date := f.dateOf(d.scalar, d.at.value); !date.IsZero() {
			d.Value = date
		}
	case dateLike:
		l.inRange(f, d, isDate, "a date")
	case slices.ContainsFunc(d.Property.Range, func(id ID) bool { return !slices.Contains(literals, id) }):
		unknown(l, at, "entity", ID(d.scalar), l.store.entities)
	default:
		l.find(at, `found "`+shorten(d.scalar)+`"`, rangeOf(d.Property))
	}
}

// inRange notes a value whose kind the property does not allow.
func (l *linker) inRange(f *file, d *factDraft, kind ID, found string) {
	if !slices.Contains(d.Property.Range, kind) {
		l.find(f.pos(d.at.value), "the value is "+found, rangeOf(d.Property))
	}
}

// rangeOf says how a value of p is written.
func rangeOf(p *Property) string {
	var forms, types []string
	for _, id := range p.Range {
		switch id {
		case isDate:
			forms = append(forms, dateForm)
		case isQuantity:
			forms = append(forms, "a quantity as {number: …, unit: …}")
		case isText:
			forms = append(forms, "a text as {text: {en: …, ru: …}}")
		default:
			types = append(types, string(id))
		}
	}
	if len(types) > 0 {
		forms = append([]string{"the id of " + withArticle(orList(types))}, forms...)
	}
	return orList(forms) + " (the range of " + string(p.ID) + ")"
}

// withArticle puts a or an before a word.
func withArticle(word string) string {
	if word != "" && slices.Contains([]byte("aeiou"), word[0]) {
		return "an " + word
	}
	return "a " + word
}
