package ask_test

import (
	"testing"

	"suhbat/bot/ask"
)

// TestAfterNotNext: who chaired two years later did chair after, so the answer
// shows the years in between; who took over is next or nobody.
func TestAfterNotNext(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, tt := range []struct {
		text  string
		kind  ask.Kind
		facts int
	}{
		{"Did Turkmenistan chair after Uzbekistan?", ask.Yes, 1},
		{"Did Kazakhstan chair after Uzbekistan?", ask.Statements, 3},
		{"Did Uzbekistan chair after Kazakhstan?", ask.No, 3},
		{"Did Uzbekistan hand over the chairmanship to Kazakhstan?", ask.No, 1},
	} {
		a := p.ask(tt.text)
		if len(a.Results) != 1 || a.Results[0].Kind != tt.kind || len(a.Results[0].Facts) != tt.facts {
			t.Errorf("%q: %s", tt.text, gist(&a))
		}
	}
}

// TestNotAsked: what the facts say beside the question is no answer to it.
func TestNotAsked(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, text := range []string{
		"Who are the next two chairs after Kazakhstan?",
		"Which country does Espayeva represent?",
		"Какие две страны председательствовали после Казахстана?",
	} {
		if a := p.ask(text); a.Outcome == ask.Answered {
			t.Errorf("%q: %s", text, gist(&a))
		}
	}
}
