package facts

import "go.yaml.in/yaml/v4"

// The texts of facts stand beside them in the languages of those who keep the
// facts. The other languages have a file each, so that a native reader finds all
// the words of one language in one place:
//
//	translations:
//	  - lang: kk
//	    review: draft
//	    values: {dialogue-kind: бейресми алаң}

// translationDraft is the texts of one language.
type translationDraft struct {
	lang  Lang
	draft bool
	texts []translatedText
}

// translatedText is a text of a fact in one more language.
type translatedText struct {
	fact ID
	part string // one of translatedParts
	text string
	at   mark
}

// The parts of a fact that are texts.
const (
	inValue    = "values"
	inCapacity = "capacities"
	inTitle    = "titles"
)

var translationRecord = record[translationDraft]{"a translation", []field[translationDraft]{
	{
		key: "lang", doc: "The language of the texts.", must: true, form: def("language"),
		read: func(f *file, n *yaml.Node, t *translationDraft) {
			t.lang = f.lang(n)
			f.langs = append(f.langs, langUse{t.lang, markOf(n)})
		},
	},
	{
		key: "review", doc: "draft: no native reader has reviewed the texts.", form: enum(reviews),
		read: func(f *file, n *yaml.Node, t *translationDraft) { t.draft = f.choice(n, reviews) == draft },
	},
	translatedField(inValue, "Values by the id of their fact."),
	translatedField(inCapacity, "Capacities by the id of their fact."),
	translatedField(inTitle, "Titles of anniversaries by the id of their fact."),
}}

// translatedField makes a mapping from ids of facts to texts.
func translatedField(part, doc string) field[translationDraft] {
	form := schema{"type": "object", "propertyNames": def("id"), "additionalProperties": def("words")}
	return field[translationDraft]{key: part, doc: doc, form: form, read: func(f *file, n *yaml.Node, t *translationDraft) {
		if n.Kind != yaml.MappingNode {
			f.find(markOf(n), "found "+describe(n), "a text for each id of a fact")
			return
		}
		seen := make(map[string]bool, len(n.Content)/2)
		for k, v := range pairs(n) {
			if seen[k.Value] {
				f.duplicateKey(k)
				continue
			}
			seen[k.Value] = true
			t.texts = append(t.texts, translatedText{f.id(k, "the id of a fact"), part, f.text(v, "a text"), markOf(k)})
		}
	}}
}

// translate puts the texts of one language beside the others.
func (l *linker) translate(f *file, t *translationDraft) {
	for _, x := range t.texts {
		fact := l.store.facts[x.fact]
		if fact == nil {
			unknown(l, f.pos(x.at), "fact", x.fact, l.store.facts)
			continue
		}
		text := fact.part(x.part)
		switch {
		case text.In == nil:
			l.find(f.pos(x.at), "the fact "+string(x.fact)+" has no text under "+x.part, "a fact that has one")
		case text.In[t.lang] != "":
			l.find(f.pos(x.at), "a second text in "+string(t.lang)+" for "+string(x.fact), "each text once in a language")
		default:
			fact.say(x.part, text.with(t.lang, x.text, t.draft))
		}
	}
}

// part returns one of the texts of a fact.
func (f *Fact) part(name string) Text {
	switch name {
	case inCapacity:
		return f.Qualifiers.Capacity
	case inTitle:
		if f.Anniversary == nil {
			return Text{}
		}
		return f.Anniversary.Title
	default:
		t, _ := f.Value.(Text)
		return t
	}
}

// say replaces one of the texts of a fact.
func (f *Fact) say(part string, t Text) {
	switch part {
	case inCapacity:
		f.Qualifiers.Capacity = t
	case inTitle:
		f.Anniversary.Title = t
	default:
		f.Value = t
	}
}

// with returns t in one more language. The words go into the map that t has: what
// checks the text reads it there.
func (t Text) with(lang Lang, words string, draft bool) Text {
	t.In[lang] = words
	if draft {
		if t.Draft == nil {
			t.Draft = make(map[Lang]bool)
		}
		t.Draft[lang] = true
	}
	return t
}
