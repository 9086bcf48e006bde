package ask_test

import (
	"slices"
	"strings"
	"testing"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/facts"
)

// TestEveryProperty: a fact under a property without a frame is told as raw words
// and ids, and cannot be offered.
func TestEveryProperty(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, pack := range p.set.Packs {
		for _, property := range p.store.Properties {
			frame := pack.Frames[string(property.ID)]
			if frame == nil || frame.Says.IsZero() {
				t.Errorf("%s has no frame with `says` for %s", pack.Code, property.ID)
				continue
			}
			if len(frame.Asks) == 0 && !slices.Contains(unasked, property.ID) {
				t.Errorf("%s has no question about %s", pack.Code, property.ID)
			}
		}
		for id := range pack.Frames {
			if !slices.ContainsFunc(p.store.Properties, func(x *facts.Property) bool { return string(x.ID) == id }) {
				t.Errorf("%s has a frame for %s, which is no property", pack.Code, id)
			}
		}
	}
}

// unasked are properties that no question is offered about: what they say is told
// with something else.
var unasked = []facts.ID{"part-of", "wording"}

// TestEveryKind: a kind of question that one language has an example of, and another
// has not, was never shown to work in that one.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	p := load(t)
	shown := make(map[string][]string) // the languages by kind
	for _, pack := range p.set.Packs {
		for _, x := range pack.Examples {
			kind := ask.KindOf(x.Form)
			if !slices.Contains(shown[kind], pack.Code) {
				shown[kind] = append(shown[kind], pack.Code)
			}
		}
	}
	if len(shown) < 70 {
		t.Errorf("the examples are of %d kinds only", len(shown))
	}
	for kind, languages := range shown {
		if len(languages) < len(p.set.Packs) {
			t.Errorf("%q has examples in %v only", kind, languages)
		}
	}
}

// TestEveryConcept: a concept that leads to a property or a type that the facts
// lack makes its words useless; one that is misspelt does so in silence.
func TestEveryConcept(t *testing.T) {
	t.Parallel()
	p := load(t)
	beside := []string{"name", "manner", "time", "number", "place", "duration", "reason"}
	for id, c := range p.set.Concepts {
		if c.Kind == lang.Tag || c.Kind == lang.Op {
			continue
		}
		for _, of := range c.Of {
			name, _, _ := strings.Cut(of, ".")
			if !slices.Contains(beside, name) && p.store.Property(facts.ID(name)) == nil && p.store.Type(facts.ID(name)) == nil {
				t.Errorf("the concept %s leads to %s, which is neither a property nor a type", id, of)
			}
		}
	}
	for _, property := range p.store.Properties {
		reached := false
		for _, c := range p.set.Concepts {
			reached = reached || slices.ContainsFunc(c.Of, func(of string) bool {
				name, _, _ := strings.Cut(of, ".")
				return name == string(property.ID)
			})
		}
		if implied := []string{"listed-in", "part-of", "component"}; !reached && !slices.Contains(implied, string(property.ID)) {
			t.Errorf("no word leads to the property %s", property.ID)
		}
	}
}

// TestFailingExample: a pack whose example is understood in another way must not
// be used; its words have come to mean something else.
func TestFailingExample(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, tt := range []struct{ text, form, want string }{
		{"who chaired in 2022?", "find value: chaired-by(dialogue, ?, in 2022)", ""},
		{"who chaired in 2022?", "find value: chaired-by(dialogue, ?, in 2023)", `is understood as "find value: chaired-by(dialogue, ?, in 2022)"`},
		{"who chaired in 2022?", "-", "is understood as"},
		{"who danced in 2022?", "-", ""},
		{"who danced in 2022?", "find value: chaired-by(dialogue, ?, in 2022)", `is understood as "-"`},
		{"when was the moon landing?", "find time: held-on(moon-landing, ?, time ?)", ""}, // of other facts
	} {
		pack := *p.set.Pack("en")
		pack.Examples = []lang.Example{{Text: tt.text, Form: tt.form, File: "en.yaml", Line: 7}}
		_, err := ask.New(p.store, &lang.Set{Packs: []*lang.Pack{&pack}, Concepts: p.set.Concepts})
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%q as %q: %v", tt.text, tt.form, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "en.yaml:7:1: ")):
			t.Errorf("%q as %q: got %v, want en.yaml:7:1: … %s", tt.text, tt.form, err, tt.want)
		}
	}
}

// TestNew: without facts or languages there is no engine, and that is said at
// once.
func TestNew(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, bad := range []struct {
		name string
		run  func() (*ask.Engine, error)
	}{
		{"no facts", func() (*ask.Engine, error) { return ask.New(nil, p.set) }},
		{"no languages", func() (*ask.Engine, error) { return ask.New(p.store, nil) }},
		{"no packs", func() (*ask.Engine, error) { return ask.New(p.store, &lang.Set{}) }},
	} {
		if e, err := bad.run(); e != nil || err == nil {
			t.Errorf("%s: got %v, %v", bad.name, e, err)
		}
	}
}
