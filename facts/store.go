package facts

import "strconv"

// Pos is a place in a data file: line and column count from 1, the column in
// runes.
type Pos struct {
	File      string
	Line, Col int
}

// String writes p as compilers do: file:line:col.
func (p Pos) String() string {
	return p.File + ":" + strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Col)
}

// Store is a checked, indexed set of facts. It never changes after Load, so any
// number of goroutines may read it.
type Store struct {
	// All of each kind, in the order of the files (sorted by name) and of their
	// lines.
	Types      []*Type
	Properties []*Property
	Entities   []*Entity
	Sources    []*Source
	Facts      []*Fact
	// Languages lists the languages in which every name must stand, TextLanguages
	// those in which every text must.
	Languages, TextLanguages []Lang
	// Sum is the [flat.Sum] of the files, if the store comes from their flat form.
	Sum string

	types      map[ID]*Type
	properties map[ID]*Property
	entities   map[ID]*Entity
	sources    map[ID]*Source
	facts      map[ID]*Fact
	bySubject  map[pair][]*Fact
	byValue    map[pair][]*Fact
	byProperty map[*Property][]*Fact
	about      map[*Entity][]*Fact
	ofType     map[*Type][]*Entity
	remembered []*Fact // those with an anniversary
}

// pair is a property and an entity by their places in the store: most of what a
// question looks up is looked up by both, and a number is found the fastest.
type pair uint64

// pairOf returns a pair that has no facts if either is nil or of another store.
func pairOf(p *Property, e *Entity) pair {
	if p == nil || e == nil {
		return 0
	}
	return pair(p.place)<<32 | pair(e.place)
}

// Type returns the type with the given id, or nil.
func (s *Store) Type(id ID) *Type { return s.types[id] }

// Property returns the property with the given id, or nil.
func (s *Store) Property(id ID) *Property { return s.properties[id] }

// Entity returns the entity with the given id, or nil.
func (s *Store) Entity(id ID) *Entity { return s.entities[id] }

// Source returns the source with the given id, or nil.
func (s *Store) Source(id ID) *Source { return s.sources[id] }

// Fact returns the fact with the given id, or nil.
func (s *Store) Fact(id ID) *Fact { return s.facts[id] }

// Of returns what the facts say about subject under property, in file order.
func (s *Store) Of(subject *Entity, property *Property) []*Fact {
	return s.bySubject[pairOf(property, subject)]
}

// Naming returns the facts under property whose value is the entity value.
func (s *Store) Naming(value *Entity, property *Property) []*Fact {
	return s.byValue[pairOf(property, value)]
}

// With returns all facts under property, in file order.
func (s *Store) With(property *Property) []*Fact { return s.byProperty[property] }

// About returns all facts whose subject is e, in file order.
func (s *Store) About(e *Entity) []*Fact { return s.about[e] }

// OfType returns all entities of a type, in file order.
func (s *Store) OfType(t *Type) []*Entity { return s.ofType[t] }

// indexIDs builds the look-up tables by id.
func (s *Store) indexIDs() {
	s.types = byID(s.Types, func(t *Type) ID { return t.ID })
	s.properties = byID(s.Properties, func(p *Property) ID { return p.ID })
	s.entities = byID(s.Entities, func(e *Entity) ID { return e.ID })
	s.sources = byID(s.Sources, func(x *Source) ID { return x.ID })
	s.facts = byID(s.Facts, func(f *Fact) ID { return f.ID })
}

// indexFacts builds the other look-up tables, once the items know one another.
func (s *Store) indexFacts() {
	for i, p := range s.Properties {
		p.place = uint32(i + 1)
	}
	for i, e := range s.Entities {
		e.place = uint32(i + 1)
	}
	s.bySubject = make(map[pair][]*Fact, len(s.Facts))
	s.byValue = make(map[pair][]*Fact)
	s.byProperty = make(map[*Property][]*Fact, len(s.Properties))
	s.about = make(map[*Entity][]*Fact, len(s.Entities))
	s.ofType = make(map[*Type][]*Entity, len(s.Types))
	for _, e := range s.Entities {
		s.ofType[e.Type] = append(s.ofType[e.Type], e)
	}
	for _, f := range s.Facts {
		of := pairOf(f.Property, f.Subject)
		s.bySubject[of] = append(s.bySubject[of], f)
		s.byProperty[f.Property] = append(s.byProperty[f.Property], f)
		s.about[f.Subject] = append(s.about[f.Subject], f)
		if f.Anniversary != nil {
			s.remembered = append(s.remembered, f)
		}
		if ref, ok := f.Value.(Ref); ok {
			naming := pairOf(f.Property, ref.Entity)
			s.byValue[naming] = append(s.byValue[naming], f)
		}
	}
	for _, f := range s.remembered {
		for _, e := range f.Anniversary.With {
			f.Anniversary.Beside = append(f.Anniversary.Beside, s.about[e]...)
		}
	}
}

// byID maps items by their ids; where two have the same, which is a finding, the
// first one counts.
func byID[T any](all []T, id func(T) ID) map[ID]T {
	m := make(map[ID]T, len(all))
	for _, x := range all {
		if _, taken := m[id(x)]; !taken {
			m[id(x)] = x
		}
	}
	return m
}
