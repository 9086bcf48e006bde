package ask_test

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v4"

	"suhbat/bot/ask"
	"suhbat/facts"
	"suhbat/facts/data"
)

// TestDeletedFacts: what the facts no longer say, the bot must no longer say. A
// third of the facts is taken away, then the next; every question that rested on
// them alone must be declined, or be answered by another fact that says it too.
func TestDeletedFacts(t *testing.T) {
	t.Parallel()
	p := load(t)
	const thirds = 3
	for third := range thirds {
		gone := make(map[string]bool)
		for i, f := range p.store.Facts {
			if i%thirds == third && !f.Disputed { // of two versions neither may stand alone
				gone[string(f.ID)] = true
			}
		}
		engine := without(t, p, gone)
		tried, changed := 0, 0
		for _, q := range talks(t, "order", "counts", "yesno") {
			was := p.ask(q.text)
			if gist(&was) == "" || !restsOn(&was, gone) {
				continue
			}
			tried++
			is := engine.Ask(ask.Question{Text: q.text, Today: today})
			if is.Outcome != ask.Answered {
				continue
			}
			changed++
			for f := range is.All {
				if gone[string(f.ID)] {
					t.Errorf("%q is answered by %s, which is gone", q.text, f.ID)
				}
			}
			if sameForms(&was, &is) && single(&was) {
				t.Errorf("%q rested on %s and is now answered by %s", q.text, gist(&was), gist(&is))
			}
		}
		if tried < 50 || changed > tried/2 {
			t.Errorf("%d questions rested on what is gone, %d of them are still answered", tried, changed)
		}
	}
}

// restsOn reports whether every fact of an answer is among those that are gone.
func restsOn(a *ask.Answer, gone map[string]bool) bool {
	for f := range a.All {
		if !gone[string(f.ID)] {
			return false
		}
	}
	return true
}

// sameForms reports whether two answers are to the same forms.
func sameForms(a, b *ask.Answer) bool {
	return slices.EqualFunc(a.Results, b.Results, func(x, y ask.Result) bool { return x.Form.String() == y.Form.String() })
}

// single reports whether the answer is one fact of a property that has but one
// value, so that no other fact can stand in for it.
func single(a *ask.Answer) bool {
	return len(a.Results) == 1 && len(a.Results[0].Facts) == 1 &&
		a.Results[0].Facts[0].Property.Single == facts.Always && a.Results[0].Form.Act == ask.Find
}

// without returns an engine over the facts that are left.
func without(t *testing.T, p program, gone map[string]bool) *ask.Engine {
	t.Helper()
	store, err := facts.Load(filter(t, data.FS, gone))
	if err != nil {
		t.Fatal(err)
	}
	set := p.set.Proven() // the examples speak of the facts as they are
	e, err := ask.New(store, set)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// filter copies YAML files without the facts that are gone.
func filter(t *testing.T, fsys fs.FS, gone map[string]bool) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(fsys, path)
		if err != nil {
			return err
		}
		var tree yaml.Node
		if err := yaml.Unmarshal(content, &tree); err != nil {
			return err
		}
		if drop(&tree, gone) {
			if content, err = yaml.Marshal(&tree); err != nil {
				return err
			}
		}
		out[path] = &fstest.MapFile{Data: content}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// drop removes facts from the list under "facts", or their texts from the
// translations, and reports whether the file has either.
func drop(tree *yaml.Node, gone map[string]bool) bool {
	if len(tree.Content) == 0 {
		return false
	}
	top := tree.Content[0].Content
	for i := 0; i+1 < len(top); i += 2 {
		switch list := top[i+1]; top[i].Value {
		case "facts":
			list.Content = slices.DeleteFunc(list.Content, func(f *yaml.Node) bool {
				return len(f.Content) > 1 && gone[f.Content[1].Value] // id comes first
			})
			return true
		case "translations":
			for _, texts := range list.Content {
				dropTexts(texts, gone)
			}
			return true
		}
	}
	return false
}

// dropTexts removes the texts of facts that are gone from one language.
func dropTexts(texts *yaml.Node, gone map[string]bool) {
	for _, part := range texts.Content {
		if part.Kind != yaml.MappingNode {
			continue
		}
		var kept []*yaml.Node
		for pair := range slices.Chunk(part.Content, 2) {
			if !gone[pair[0].Value] {
				kept = append(kept, pair...)
			}
		}
		part.Content = kept
	}
}
