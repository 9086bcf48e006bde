package ask

import (
	"errors"
	"time"

	"suhbat/bot/wire"
	"suhbat/facts"
)

// keptVersion is the version of what [Keep] writes. Whoever adds a field to [Form],
// or to what it is made of, writes and reads it here and raises the version.
const keptVersion = 3

// bytesPerForm is about how long a form is.
const bytesPerForm = 50

// maxInner is how deep forms stand in one another: the source of a reason of a
// question.
const maxInner = 4

// Keep writes forms down, with ids in place of what they name, so that they outlast
// the process and the facts.
func Keep(forms []Form) []byte {
	k := keeper{wire.NewWriter(bytesPerForm * (1 + len(forms)))}
	k.Int(keptVersion)
	k.Int(int64(len(forms)))
	for i := range forms {
		k.form(&forms[i])
	}
	return k.Bytes()
}

// Kept reads what [Keep] wrote. A form that names something that the facts do not
// hold any more is forgotten.
func (e *Engine) Kept(data []byte) ([]Form, error) {
	r := recaller{Reader: wire.Reader{Bytes: data}, store: e.store}
	if r.Int() != keptVersion {
		return nil, errors.New("ask: forms of another version")
	}
	var out []Form
	for range r.Len() {
		r.gone = false
		f := r.form(maxInner)
		if r.Broken {
			return nil, errors.New("ask: these are no forms")
		}
		if !r.gone {
			out = append(out, *f)
		}
	}
	return out, nil
}

// keeper writes what forms are made of.
type keeper struct{ wire.Writer }

func (k *keeper) form(f *Form) {
	k.Text(string(f.Act))
	k.Text(idOf(f.Property))
	k.Text(f.Aspect)
	k.Text(string(f.Ask))
	k.Text(idOf(f.Want))
	k.Text(f.Gender)
	k.Text(f.Unit)
	k.term(f.Subject)
	k.term(f.Value)
	k.span(f.Time)
	for _, e := range []*facts.Entity{f.Of, f.At, f.From, f.Country, f.WantOf} {
		k.Text(idOf(e))
	}
	k.pick(f.Pick)
	k.Int(int64(f.Many))
	k.Int(int64(f.Number))
	k.Text(f.Words)
	k.Text(f.WordsIn)
	hasPoints := f.Points != [2]Point{}
	k.Flags(f.Not, f.Regional, f.Past, f.Loose, f.Listed, f.Assumed, hasPoints, f.Inner != nil)
	k.Flags(f.More != nil, f.Chosen)
	if hasPoints {
		k.point(f.Points[0])
		k.point(f.Points[1])
	}
	if f.More != nil {
		k.point(f.More[0])
		k.point(f.More[1])
	}
	if f.Inner != nil {
		k.form(f.Inner)
	}
}

func (k *keeper) term(t Term) {
	k.Flags(t.Class != nil)
	if t.Class == nil {
		k.Text(idOf(t.Entity))
		return
	}
	c := t.Class
	k.Text(idOf(c.Type))
	k.Text(c.Kind)
	k.Int(int64(len(c.Tags)))
	for _, tag := range c.Tags {
		k.Text(tag)
	}
	k.entities(c.Place)
	k.Text(idOf(c.Part))
	k.entities(c.Of)
	k.span(c.Time)
	k.Int(int64(c.Nth))
	k.Flags(c.Regional, c.Body, c.Any)
}

func (k *keeper) entities(all []*facts.Entity) {
	k.Int(int64(len(all)))
	for _, e := range all {
		k.Text(idOf(e))
	}
}

func (k *keeper) span(s Span) {
	k.Flags(!s.IsZero())
	if !s.IsZero() {
		for _, d := range []facts.Date{s.First, s.Last, s.Said, s.Since} {
			k.date(d)
		}
	}
}

func (k *keeper) date(d facts.Date) {
	k.Int(int64(d.Year))
	k.Int(int64(d.Month))
	k.Int(int64(d.Day))
}

func (k *keeper) pick(p Pick) {
	k.Text(string(p.Kind))
	k.Int(int64(p.N))
	k.Text(idOf(p.Of))
	k.Text(idOf(p.To))
	k.date(p.Time)
	k.Int(int64(p.Years))
	k.Flags(p.All, p.Next)
}

func (k *keeper) point(p Point) {
	k.Text(idOf(p.Property))
	k.Text(idOf(p.Entity))
	k.date(p.Date)
}

// idOf returns the id of what a form names, or nothing.
func idOf[T facts.Entity | facts.Property | facts.Type](x *T) string {
	if x == nil {
		return ""
	}
	switch x := any(x).(type) {
	case *facts.Entity:
		return string(x.ID)
	case *facts.Property:
		return string(x.ID)
	case *facts.Type:
		return string(x.ID)
	default:
		return ""
	}
}

// recaller reads what a keeper wrote.
type recaller struct {
	wire.Reader
	store *facts.Store
	// gone is true once something was named that the facts do not hold.
	gone bool
}

// find takes an id and looks it up; no id is nothing.
func find[T any](r *recaller, in func(facts.ID) *T) *T {
	id := facts.ID(r.Text())
	if id == "" {
		return nil
	}
	x := in(id)
	r.gone = r.gone || x == nil
	return x
}

func (r *recaller) entity() *facts.Entity     { return find(r, r.store.Entity) }
func (r *recaller) property() *facts.Property { return find(r, r.store.Property) }
func (r *recaller) kind() *facts.Type         { return find(r, r.store.Type) }

// form takes a form that holds at most so many others inside one another.
func (r *recaller) form(inner int) *Form {
	f := Form{Act: Act(r.Text()), Property: r.property(), Aspect: r.Text(), Ask: Role(r.Text()), Want: r.kind(), Gender: r.Text(), Unit: r.Text()}
	f.Subject, f.Value = r.term(), r.term()
	f.Time = r.span()
	f.Of, f.At, f.From, f.Country, f.WantOf = r.entity(), r.entity(), r.entity(), r.entity(), r.entity()
	f.Pick = r.pick()
	f.Many, f.Number = int(r.Int()), int(r.Int())
	f.Words, f.WordsIn = r.Text(), r.Text()
	var hasPoints, hasInner, hasMore bool
	r.Flags(&f.Not, &f.Regional, &f.Past, &f.Loose, &f.Listed, &f.Assumed, &hasPoints, &hasInner)
	r.Flags(&hasMore, &f.Chosen)
	if hasPoints {
		f.Points = [2]Point{r.point(), r.point()}
	}
	if hasMore {
		f.More = &[2]Point{r.point(), r.point()}
	}
	if hasInner && inner > 0 {
		f.Inner = r.form(inner - 1)
	}
	r.gone = r.gone || !f.sound()
	return &f
}

// sound reports whether a form has what its act rests on: nothing that was kept may
// ever bring the program down.
func (f *Form) sound() bool {
	switch f.Act {
	case Find, Count, Check:
		return f.Property != nil
	case About, Naming:
		return f.Subject.Entity != nil
	case Earlier, Elapsed:
		return !f.Points[0].IsZero()
	case Cite, Why:
		return f.Inner != nil
	case Recur:
		return true
	default:
		return false
	}
}

func (r *recaller) term() Term {
	var isClass bool
	if r.Flags(&isClass); !isClass {
		return Term{Entity: r.entity()}
	}
	c := Class{Type: r.kind(), Kind: r.Text()}
	for range r.Len() {
		c.Tags = append(c.Tags, r.Text())
	}
	c.Place, c.Part, c.Of = r.entities(), r.entity(), r.entities()
	c.Time, c.Nth = r.span(), int(r.Int())
	r.Flags(&c.Regional, &c.Body, &c.Any)
	r.gone = r.gone || c.Type == nil
	return Term{Class: &c}
}

func (r *recaller) entities() []*facts.Entity {
	var out []*facts.Entity
	for range r.Len() {
		out = append(out, r.entity())
	}
	return out
}

func (r *recaller) span() Span {
	var limited bool
	if r.Flags(&limited); !limited {
		return Span{}
	}
	return Span{First: r.date(), Last: r.date(), Said: r.date(), Since: r.date()}
}

func (r *recaller) date() facts.Date {
	return facts.Date{Year: int(r.Int()), Month: time.Month(r.Int()), Day: int(r.Int())}
}

func (r *recaller) pick() Pick {
	p := Pick{Kind: PickKind(r.Text()), N: int(r.Int()), Of: r.entity(), To: r.entity(), Time: r.date(), Years: int(r.Int())}
	r.Flags(&p.All, &p.Next)
	return p
}

func (r *recaller) point() Point {
	p := Point{Property: r.property(), Entity: r.entity(), Date: r.date()}
	r.gone = r.gone || (p.Property == nil) != (p.Entity == nil)
	return p
}
