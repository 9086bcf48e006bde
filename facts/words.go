package facts

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"suhbat/facts/fold"
)

// byLang reads a mapping whose keys are languages.
func (f *file) byLang(n *yaml.Node, what string, each func(lang Lang, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		f.find(markOf(n), "found "+describe(n), what+" by language, such as {en: …, ru: …}")
		return
	}
	seen := make([]Lang, 0, len(n.Content)/2)
	for k, v := range pairs(n) {
		lang := f.lang(k)
		switch {
		case lang == "":
		case slices.Contains(seen, lang):
			f.duplicateKey(k)
		default:
			seen = append(seen, lang)
			f.langs = append(f.langs, langUse{lang, markOf(k)})
			each(lang, v)
		}
	}
}

// translations reads one text in several languages.
func (f *file) translations(n *yaml.Node) map[Lang]string {
	in := make(map[Lang]string, len(n.Content)/2)
	f.byLang(n, "a text", func(lang Lang, v *yaml.Node) {
		in[lang] = f.text(v, "a text")
	})
	if n.Kind == yaml.MappingNode {
		f.texts = append(f.texts, textUse{in: in, at: markOf(n)})
	}
	return in
}

// words reads a text that stands either as its languages alone, or with the key
// text and what is to be said about them.
func (f *file) words(n *yaml.Node) Text {
	for k := range pairs(n) {
		if n.Kind == yaml.MappingNode && k.Value == "text" {
			return f.markedText(n)
		}
	}
	return Text{In: f.translations(n)}
}

// markedText reads a text with its original language and its drafts.
func (f *file) markedText(n *yaml.Node) Text {
	var t Text
	if !textRecord.read(f, n, &t) {
		return t
	}
	for k, v := range pairs(n) {
		if k.Value == "original" && t.Original != "" && t.In[t.Original] == "" {
			f.find(markOf(v), "the original language "+string(t.Original)+" is not among the texts",
				"one of the languages of the text")
		}
	}
	for lang := range t.Draft {
		if _, ok := t.In[lang]; !ok {
			f.find(markOf(n), "review names "+string(lang)+", which is not among the texts",
				"languages of the text")
		}
	}
	return t
}

// draftLangs reads which languages of a text await a review.
func (f *file) draftLangs(n *yaml.Node) map[Lang]bool {
	drafts := make(map[Lang]bool)
	f.byLang(n, "the word draft", func(lang Lang, v *yaml.Node) {
		drafts[lang] = f.choice(v, reviews) == draft
	})
	return drafts
}

// draft marks words that no native reader has seen yet.
const draft = "draft"

var reviews = []string{draft}

// nameForms are the forms in which a sentence may need a name, and cases those
// of them that stand all or not at all.
var (
	cases     = []string{"gen", "dat", "acc", "ins", "loc"}
	nameForms = append([]string{"the", "abl", "izo"}, cases...)
)

// names reads an entity's names.
func (f *file) names(n *yaml.Node, e *entityDraft) {
	e.namesAt = markOf(n)
	if n.Kind == yaml.MappingNode {
		e.Names = make(map[Lang]Name, len(n.Content)/2)
	}
	f.byLang(n, "a name", func(lang Lang, v *yaml.Node) {
		name, at := f.name(v)
		e.Names[lang] = name
		f.called(e, lang, name.Text, at)
	})
}

// name reads one name, a text alone or a mapping with its forms.
func (f *file) name(n *yaml.Node) (name Name, at mark) {
	if n.Kind != yaml.MappingNode {
		return Name{Text: f.text(n, "a name")}, markOf(n)
	}
	nameRecord.read(f, n, &name)
	missing := slices.DeleteFunc(slices.Clone(cases), func(form string) bool { return name.Forms[form] != "" })
	if len(missing) > 0 && len(missing) < len(cases) {
		f.find(markOf(n), "a name with some cases but without "+strings.Join(missing, ", "), "all of "+strings.Join(cases, ", "))
	}
	return name, markOf(n)
}

// aliases reads what else people call an entity.
func (f *file) aliases(n *yaml.Node, e *entityDraft) {
	e.Aliases = make(map[Lang][]string, len(n.Content)/2)
	f.byLang(n, "a list of aliases", func(lang Lang, v *yaml.Node) {
		f.list(v, "aliases", 1, func(_ int, item *yaml.Node) {
			alias := f.text(item, "an alias")
			e.Aliases[lang] = append(e.Aliases[lang], alias)
			f.called(e, lang, alias, markOf(item))
		})
	})
}

// called remembers a name for the search for entities that share one.
func (f *file) called(e *entityDraft, lang Lang, text string, at mark) {
	if text == "" {
		return
	}
	f.nameUses = append(f.nameUses, nameUse{e, lang, text, fold.Name(text), at})
}
