package facts

import (
	"slices"
	"strconv"
)

// check looks for what only all files together show.
func (l *linker) check() {
	if len(l.store.Facts) == 0 && !l.unread && len(l.findings) == 0 {
		l.find(Pos{}, "the folder holds no facts", "at least one file with the key facts")
	}
	l.languages()
	for _, f := range l.files {
		l.wordsOf(f)
		for _, p := range f.properties {
			l.complete(f, p)
		}
		for _, d := range f.facts {
			l.fact(f, d)
		}
	}
	l.sharedNames()
	l.versions()
}

// languages settles which languages names and texts must stand in.
func (l *linker) languages() {
	var first *languages
	for _, f := range l.files {
		for i := range f.languages {
			langs := &f.languages[i]
			if first != nil {
				l.find(f.pos(langs.at), "the languages are named twice", "the key languages in one file only")
				continue
			}
			first = langs
			l.store.Languages, l.store.TextLanguages, l.noteLanguages = langs.names, langs.texts, langs.notes
			if langs.notes == nil {
				l.noteLanguages = langs.texts
			}
		}
	}
	if first == nil && !l.unread {
		l.find(Pos{}, "no file says which languages there are",
			"the key languages with names and texts in one file, such as about.yaml")
	}
}

// wordsOf notes names and texts that lack a language, and languages that nobody
// knows.
func (l *linker) wordsOf(f *file) {
	s := l.store
	if len(s.Languages) == 0 {
		return
	}
	for _, u := range f.langs {
		if !s.speaks(u.lang) {
			l.find(f.pos(u.at), `unknown language "`+string(u.lang)+`"`, oneOf(langWords(s.Languages)))
		}
	}
	for _, e := range f.entities {
		if e.Names == nil {
			continue
		}
		missing := lacking(s.Languages, func(lang Lang) bool { _, ok := e.Names[lang]; return ok })
		l.missing(f.pos(e.namesAt), "no name in ", missing)
	}
	for _, u := range f.texts {
		langs := s.TextLanguages
		if u.note {
			langs = l.noteLanguages
		}
		missing := lacking(langs, func(lang Lang) bool { _, ok := u.in[lang]; return ok })
		l.missing(f.pos(u.at), "no text in ", missing)
	}
}

// missing notes the languages in which something is not written.
func (l *linker) missing(at Pos, what string, langs []string) {
	if len(langs) > 0 {
		l.find(at, what+orList(langs), "the words in every language that about.yaml lists")
	}
}

// lacking returns the languages that has denies.
func lacking(langs []Lang, has func(Lang) bool) []string {
	var missing []string
	for _, lang := range langs {
		if !has(lang) {
			missing = append(missing, string(lang))
		}
	}
	return missing
}

func langWords(langs []Lang) []string {
	return lacking(langs, func(Lang) bool { return false })
}

// speaks reports whether the facts may be written in lang: in one of the
// languages, or in another script of one.
func (s *Store) speaks(lang Lang) bool {
	base := lang
	if i := slices.Index([]byte(lang), '-'); i >= 0 {
		base = lang[:i]
	}
	return slices.Contains(s.Languages, lang) || slices.Contains(s.Languages, base) ||
		slices.Contains(s.TextLanguages, lang)
}

// complete notes a completeness without sense.
func (l *linker) complete(f *file, p *propertyDraft) {
	for i, c := range p.Complete {
		at := f.pos(p.completeAt[i])
		switch {
		case (c.From == 0) != (c.To == 0):
			l.find(at, "a completeness with only one of from and to", "both or none")
		case c.From > c.To:
			l.find(at, "from "+strconv.Itoa(c.From)+" lies after to "+strconv.Itoa(c.To), "the earlier year first")
		case !l.unread && !l.claims(&p.Property, c):
			l.find(at, "a completeness without facts: none under "+string(p.ID)+" for it to speak of",
				"a subject and years that have facts")
		}
	}
}

// claims reports whether there are facts that c calls complete.
func (l *linker) claims(p *Property, c Completeness) bool {
	return slices.ContainsFunc(l.store.With(p), func(f *Fact) bool {
		year := f.Qualifiers.Time.Year
		return (c.Subject == nil || c.Subject == f.Subject) &&
			(c.From == 0 || year == 0 || c.From <= year && year <= c.To)
	})
}

// fact notes what is wrong with a fact by itself.
func (l *linker) fact(f *file, d *factDraft) {
	if d.Subject != nil && d.Subject.Type != nil && d.Property != nil && !slices.Contains(d.Property.Domain, d.Subject.Type.ID) {
		domain := make([]string, len(d.Property.Domain))
		for i, id := range d.Property.Domain {
			domain[i] = string(id)
		}
		l.find(f.pos(d.at.subject), "the subject is "+withArticle(string(d.Subject.Type.ID)),
			"the id of "+withArticle(orList(domain))+" (the domain of "+string(d.Property.ID)+")")
	}
	start := d.when()
	if until := d.Qualifiers.Until; !until.IsZero() && !start.IsZero() && until.Before(start) {
		l.find(f.pos(d.at.until), "until "+until.String()+" lies before "+start.String(), "the end after the beginning")
	}
	if d.Anniversary != nil && d.Value != nil {
		if day := d.day(); day.Month == 0 {
			l.find(f.pos(d.at.anniversary), "an anniversary of a fact without a day", "a value or a time as YYYY-MM-DD, or YYYY-MM where only the month is known")
		}
	}
}

// when returns when a statement begins to hold: its time, or a value that is a
// date.
func (f *Fact) when() Date {
	if !f.Qualifiers.Time.IsZero() {
		return f.Qualifiers.Time
	}
	d, _ := f.Value.(Date)
	return d
}

// day returns the date that an anniversary of the fact remembers: a value that is
// a date, or its time.
func (f *Fact) day() Date {
	if d, ok := f.Value.(Date); ok {
		return d
	}
	return f.Qualifiers.Time
}

// group is what versions compares: the facts about one subject under one
// property, in one year where the property has one value a year.
type group struct {
	subjectKey
	year int
}

// subjectKey is a property of a subject.
type subjectKey struct {
	property *Property
	subject  *Entity
}

// versions notes second values where there can be only one, disputes without a
// second version, and equal places in an order.
func (l *linker) versions() {
	type ordinalKey struct {
		subjectKey
		ordinal int
	}
	single := make(map[group][]*factDraft)
	ordinals := make(map[ordinalKey]*factDraft)
	for _, f := range l.files {
		for _, d := range f.facts {
			if d.Subject == nil || d.Property == nil {
				continue
			}
			key := subjectKey{d.Property, d.Subject}
			if d.Property.Single != Many {
				g := group{key, 0}
				if d.Property.Single == EachYear {
					g.year = d.when().Year
				}
				single[g] = append(single[g], d)
			}
			if d.Disputed {
				l.disputed(f, d)
				continue
			}
			if n := d.Qualifiers.Ordinal; n > 0 {
				if first, taken := ordinals[ordinalKey{key, n}]; taken {
					l.find(f.pos(d.at.ordinal), "the ordinal "+strconv.Itoa(n)+" is taken by "+string(first.ID),
						"another place in the order")
					continue
				}
				ordinals[ordinalKey{key, n}] = d
			}
		}
	}
	for _, ds := range single {
		l.oneValue(ds)
	}
}

// oneValue notes all but the first of several values, unless all are disputed.
func (l *linker) oneValue(ds []*factDraft) {
	if !slices.ContainsFunc(ds, func(d *factDraft) bool { return !d.Disputed }) {
		return
	}
	for _, d := range ds[1:] {
		p, year := d.Property, ""
		if p.Single == EachYear {
			year = " in one year"
		}
		l.find(d.valuePos(), "a second value of "+string(p.ID)+" for "+string(d.Subject.ID)+year+", after "+string(ds[0].ID),
			"one value, or disputed: true on all")
	}
}

// valuePos returns where the value stands, or the fact where it has none.
func (d *factDraft) valuePos() Pos {
	if d.at.value == (mark{}) {
		return d.Pos
	}
	return Pos{d.Pos.File, d.at.value.line, d.at.value.col}
}

// disputed notes a dispute of one.
func (l *linker) disputed(f *file, d *factDraft) {
	others := l.store.Of(d.Subject, d.Property)
	if !l.unread && !slices.ContainsFunc(others, func(o *Fact) bool { return o.Disputed && o != &d.Fact }) {
		l.find(f.pos(d.at.disputed), "a disputed fact without another version",
			"a second fact about "+string(d.Subject.ID)+" and "+string(d.Property.ID)+" that is disputed: true")
	}
}

// sharedNames notes entities that have a name in common and no hint to tell them
// apart.
func (l *linker) sharedNames() {
	type nameKey struct {
		lang   Lang
		folded string
	}
	type pair struct{ one, other *entityDraft }
	count := 0
	for _, f := range l.files {
		count += len(f.nameUses)
	}
	first := make(map[nameKey]*nameUse, count)
	told := make(map[pair]bool)
	tell := func(u, other *nameUse) {
		if len(u.entity.Hint) > 0 || told[pair{u.entity, other.entity}] {
			return
		}
		told[pair{u.entity, other.entity}] = true
		l.find(Pos{u.entity.Pos.File, u.at.line, u.at.col},
			`the name "`+u.text+`" (`+string(u.lang)+") is also one of "+string(other.entity.ID),
			"a hint on both, or different names")
	}
	for _, f := range l.files {
		for i := range f.nameUses {
			u := &f.nameUses[i]
			key := nameKey{u.lang, u.folded}
			before, taken := first[key]
			if !taken {
				first[key] = u
				continue
			}
			if before.entity != u.entity {
				tell(u, before)
				tell(before, u)
			}
		}
	}
}
