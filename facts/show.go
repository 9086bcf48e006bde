package facts

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// fact writes a fact with its qualifiers, the versions beside it and where it can
// be read.
func (p *printer) fact(s *Store, f *Fact) {
	p.line("Fact " + string(f.ID) + " (" + f.Pos.String() + ")")
	p.line(Statement(f))
	if t, ok := f.Value.(Text); ok {
		p.text("value", t)
	}
	p.qualifiers(f.Qualifiers)
	p.text("note", f.Note)
	if a := f.Anniversary; a != nil {
		p.row("anniversary", a.Title.printed()+" (topic "+a.Topic+", weight "+strconv.Itoa(a.Weight)+")")
	}
	if f.Disputed {
		p.section("Sources disagree; the other versions", slices.DeleteFunc(
			slices.Clone(s.Of(f.Subject, f.Property)), func(o *Fact) bool { return o == f || !o.Disputed }))
	}
	for _, r := range f.References {
		p.title("Source " + string(r.Source.ID))
		p.page(r.Source)
		if r.Quote != "" {
			p.row("quotation", "“"+r.Quote+"”")
		}
		if r.Supports != "" {
			p.row("supports", "only the "+r.Supports)
		}
	}
}

// qualifiers writes what narrows a statement.
func (p *printer) qualifiers(q Qualifiers) {
	p.row("time", longDate(q.Time))
	p.row("until", longDate(q.Until))
	p.row("as of", longDate(q.AsOf))
	if q.Ordinal > 0 {
		p.row("place", strconv.Itoa(q.Ordinal))
	}
	p.mention("on behalf of", q.Of)
	p.mention("at", q.At)
	p.mention("for the country", q.Country)
	if q.Against > 0 || q.Abstentions > 0 {
		p.row("vote", strconv.Itoa(q.Against)+" against, "+strconv.Itoa(q.Abstentions)+" abstained")
	}
	p.mention("replaces", q.Replaces)
	p.text("capacity", q.Capacity)
	if q.Announced {
		p.row("announced", "the source spoke before the day")
	}
	if q.Derived {
		p.row("derived", "counted from other facts")
	}
}

// mention writes a labelled entity unless there is none.
func (p *printer) mention(label string, e *Entity) {
	if e != nil {
		p.row(label, e.Label()+" ["+string(e.ID)+"]")
	}
}

// text writes a text in all its languages.
func (p *printer) text(label string, t Text) {
	for _, lang := range t.Languages() {
		mark := ""
		switch {
		case t.Draft[lang]:
			mark = " [draft translation]"
		case t.Original == lang:
			mark = " [the source's own words]"
		}
		p.row(label+" "+string(lang), t.In[lang]+mark)
	}
}

// page writes a source's particulars.
func (p *printer) page(x *Source) {
	p.row("publisher", x.Publisher)
	p.row("title", x.Title)
	p.row("published", longDate(x.Date))
	p.row("address", x.URL)
	p.row("language", string(x.Lang))
	p.row("checked", longDate(x.Checked))
	p.row("about the page", x.Note)
}

// source writes a source and what rests on it.
func (p *printer) source(s *Store, x *Source) {
	p.line("Source " + string(x.ID) + " (" + x.Pos.String() + ")")
	p.page(x)
	p.section("Facts that rest on it", slices.DeleteFunc(slices.Clone(s.Facts), func(f *Fact) bool {
		return !slices.ContainsFunc(f.References, func(r Reference) bool { return r.Source == x })
	}))
}

// entity writes an entity's names and the facts about it.
func (p *printer) entity(s *Store, e *Entity) {
	p.line("Entity " + string(e.ID) + " (" + e.Pos.String() + ")")
	kind := string(e.Type.ID)
	if len(e.Kinds) > 0 {
		kind += ": " + strings.Join(e.Kinds, ", ")
	}
	p.row("type", kind)
	for _, of := range e.Of {
		p.mention("of", of)
	}
	p.row("tags", strings.Join(e.Tags, ", "))
	p.row("gender", e.Gender)
	if e.Number > 0 {
		p.row("number", strconv.Itoa(e.Number))
	}
	if e.Prominent {
		p.row("prominent", "the bare noun means it")
	}
	p.row("hint", inEnglish(e.Hint))
	p.title("Names")
	for _, lang := range languagesOf(e, s.Languages) {
		name := e.Names[lang].Text
		if e.Names[lang].Draft {
			name += " [draft]"
		}
		if also := e.Aliases[lang]; len(also) > 0 {
			name += "; also " + strings.Join(also, ", ")
		}
		p.row(string(lang), name)
	}
	p.section("Facts about it", s.About(e))
	p.section("Facts that name it", slices.DeleteFunc(slices.Clone(s.Facts), func(f *Fact) bool {
		return !f.names(e)
	}))
}

// names reports whether a fact names e otherwise than as its subject.
func (f *Fact) names(e *Entity) bool {
	if ref, ok := f.Value.(Ref); ok && ref.Entity == e {
		return true
	}
	q := f.Qualifiers
	return slices.Contains([]*Entity{q.Of, q.At, q.Country, q.Replaces}, e)
}

// languagesOf lists the languages in which an entity has a name or an alias: the
// usual ones first, then the others by their tags.
func languagesOf(e *Entity, usual []Lang) []Lang {
	langs := slices.DeleteFunc(slices.Clone(usual), func(l Lang) bool { _, ok := e.Names[l]; return !ok })
	for _, more := range [][]Lang{slices.Sorted(maps.Keys(e.Names)), slices.Sorted(maps.Keys(e.Aliases))} {
		for _, lang := range more {
			if !slices.Contains(langs, lang) {
				langs = append(langs, lang)
			}
		}
	}
	return langs
}
