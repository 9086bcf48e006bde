package facts

import (
	"fmt"
	"io/fs"

	"suhbat/facts/flat"
)

// Flatten returns the facts of fsys, which must be without a finding, in the form
// that [Restore] reads.
func Flatten(fsys fs.FS) (string, error) {
	s, err := Load(fsys)
	if err != nil {
		return "", err
	}
	sum, err := flat.Sum(fsys)
	if err != nil {
		return "", fmt.Errorf("facts: %w", err)
	}
	return flat.Write(sum, s.code), nil
}

// Restore returns the facts that [Flatten] made of the files of fsys. They are
// checked already. The error is a [flat.ErrStale] if the files have changed since.
func Restore(flattened string, fsys fs.FS) (*Store, error) {
	sum, err := flat.Sum(fsys)
	if err != nil {
		return nil, fmt.Errorf("facts: %w", err)
	}
	s := Store{Sum: sum}
	if err := flat.Read(flattened, sum, s.code); err != nil {
		return nil, fmt.Errorf("facts: %w", err)
	}
	s.indexIDs()
	s.indexFacts()
	return &s, nil
}

// refs are what items refer to.
type refs struct {
	types      *flat.Refs[Type]
	properties *flat.Refs[Property]
	entities   *flat.Refs[Entity]
	sources    *flat.Refs[Source]
}

// code writes or fills a store: how many items of each kind there are, then each.
func (s *Store) code(c *flat.Coder) {
	room(c, &s.Types)
	room(c, &s.Properties)
	room(c, &s.Entities)
	room(c, &s.Sources)
	room(c, &s.Facts)
	r := &refs{flat.NewRefs(c, s.Types), flat.NewRefs(c, s.Properties), flat.NewRefs(c, s.Entities), flat.NewRefs(c, s.Sources)}
	flat.Slice(c, &s.Languages, flat.Text)
	flat.Slice(c, &s.TextLanguages, flat.Text)
	for _, t := range s.Types {
		r.typ(c, t)
	}
	for _, p := range s.Properties {
		r.property(c, p)
	}
	for _, e := range s.Entities {
		r.entity(c, e)
	}
	for _, x := range s.Sources {
		source(c, x)
	}
	for _, f := range s.Facts {
		r.fact(c, f)
	}
}

// room codes how many items there are, and makes room for them.
func room[T any](c *flat.Coder, all *[]*T) {
	n := c.Len(len(*all))
	if !c.Reading() {
		return
	}
	slab := make([]T, n)
	*all = make([]*T, n)
	for i := range slab {
		(*all)[i] = &slab[i]
	}
}

func (r *refs) typ(c *flat.Coder, t *Type) {
	flat.Text(c, &t.ID)
	r.properties.Code(c, &t.When)
	r.properties.Code(c, &t.Where)
	flat.Slice(c, &t.About, r.properties.Must)
}

func (r *refs) property(c *flat.Coder, p *Property) {
	flat.Text(c, &p.ID)
	flat.Slice(c, &p.Domain, flat.Text)
	flat.Slice(c, &p.Range, flat.Text)
	flat.Text(c, &p.Single)
	flat.Slice(c, &p.Complete, func(c *flat.Coder, x *Completeness) {
		r.entities.Code(c, &x.Subject)
		flat.Int(c, &x.From)
		flat.Int(c, &x.To)
		date(c, &x.AsOf)
	})
	r.entities.Code(c, &p.Default)
	r.properties.Code(c, &p.None)
	pos(c, &p.Pos)
}

func (r *refs) entity(c *flat.Coder, e *Entity) {
	flat.Text(c, &e.ID)
	r.types.Must(c, &e.Type)
	flat.Slice(c, &e.Kinds, flat.Text)
	flat.Map(c, &e.Names, func(c *flat.Coder, n *Name) {
		flat.Text(c, &n.Text)
		flat.Map(c, &n.Forms, flat.Text)
		flat.Bool(c, &n.Draft)
	})
	flat.Map(c, &e.Aliases, func(c *flat.Coder, all *[]string) { flat.Slice(c, all, flat.Text) })
	flat.Map(c, &e.Hint, flat.Text)
	flat.Slice(c, &e.Of, r.entities.Must)
	flat.Slice(c, &e.Tags, flat.Text)
	flat.Text(c, &e.Gender)
	flat.Int(c, &e.Number)
	flat.Bool(c, &e.Prominent)
	pos(c, &e.Pos)
}

func source(c *flat.Coder, s *Source) {
	flat.Text(c, &s.ID)
	flat.Text(c, &s.Publisher)
	flat.Text(c, &s.Title)
	flat.Text(c, &s.URL)
	date(c, &s.Date)
	flat.Text(c, &s.Lang)
	date(c, &s.Checked)
	flat.Text(c, &s.Note)
	pos(c, &s.Pos)
}

func (r *refs) fact(c *flat.Coder, f *Fact) {
	flat.Text(c, &f.ID)
	r.entities.Must(c, &f.Subject)
	r.properties.Must(c, &f.Property)
	r.value(c, &f.Value)
	r.qualifiers(c, &f.Qualifiers)
	flat.Slice(c, &f.References, func(c *flat.Coder, x *Reference) {
		r.sources.Must(c, &x.Source)
		flat.Text(c, &x.Quote)
		flat.Text(c, &x.Supports)
	})
	flat.Bool(c, &f.Disputed)
	remembered := f.Anniversary != nil
	if flat.Bool(c, &remembered); remembered {
		if c.Reading() {
			f.Anniversary = new(Anniversary)
		}
		flat.Text(c, &f.Anniversary.Topic)
		flat.Int(c, &f.Anniversary.Weight)
		text(c, &f.Anniversary.Title)
		flat.Text(c, &f.Anniversary.Leap)
		flat.Slice(c, &f.Anniversary.With, r.entities.Must)
	}
	text(c, &f.Note)
	pos(c, &f.Pos)
}

func (r *refs) qualifiers(c *flat.Coder, q *Qualifiers) {
	date(c, &q.Time)
	date(c, &q.Until)
	date(c, &q.AsOf)
	flat.Int(c, &q.Ordinal)
	r.entities.Code(c, &q.Of)
	r.entities.Code(c, &q.At)
	r.entities.Code(c, &q.Country)
	flat.Int(c, &q.Against)
	flat.Int(c, &q.Abstentions)
	r.entities.Code(c, &q.Replaces)
	text(c, &q.Capacity)
	flat.Bool(c, &q.Announced)
	flat.Bool(c, &q.Derived)
}

// value codes which kind of value there is, then the value.
func (r *refs) value(c *flat.Coder, v *Value) {
	kinds := []func(){
		func() { one(c, v, date) },
		func() { one(c, v, quantity) },
		func() { one(c, v, func(c *flat.Coder, x *Ref) { r.entities.Must(c, &x.Entity) }) },
		func() { one(c, v, text) },
	}
	kind := 0
	switch (*v).(type) {
	case Date:
	case Quantity:
		kind = 1
	case Ref:
		kind = 2
	case Text:
		kind = 3
	}
	kinds[c.Below(len(kinds), kind)]()
}

// one codes a value of a kind.
func one[T Value](c *flat.Coder, v *Value, each func(*flat.Coder, *T)) {
	x, _ := (*v).(T)
	each(c, &x)
	*v = x
}

func quantity(c *flat.Coder, q *Quantity) {
	flat.Int(c, &q.Number)
	flat.Text(c, &q.Unit)
	flat.Bool(c, &q.MoreThan)
}

func text(c *flat.Coder, t *Text) {
	flat.Map(c, &t.In, flat.Text)
	flat.Text(c, &t.Original)
	flat.Map(c, &t.Draft, flat.Bool)
}

func date(c *flat.Coder, d *Date) {
	flat.Int(c, &d.Year)
	flat.Int(c, &d.Month)
	flat.Int(c, &d.Day)
}

func pos(c *flat.Coder, p *Pos) {
	flat.Text(c, &p.File)
	flat.Int(c, &p.Line)
	flat.Int(c, &p.Col)
}
