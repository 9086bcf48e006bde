package ask_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/facts"
	"suhbat/facts/data"
)

// today is the day of all questions.
var today = facts.Date{Year: 2026, Month: 11, Day: 23}

// program is the engine over the facts and the languages of the program.
type program struct {
	store  *facts.Store
	set    *lang.Set
	engine *ask.Engine
}

// whole builds the program once for all tests.
var whole = sync.OnceValues(func() (program, error) {
	store, err := facts.Load(data.FS)
	if err != nil {
		return program{}, err
	}
	set, err := lang.Load(packs.FS)
	if err != nil {
		return program{}, err
	}
	e, err := ask.New(store, set)
	return program{store, set, e}, err
})

func load(tb testing.TB) program {
	tb.Helper()
	p, err := whole()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// asked is a question of the transcripts.
type asked struct{ lang, file, text string }

// readTalks reads the questions of all transcripts once.
var readTalks = sync.OnceValues(func() ([]asked, error) {
	files, err := filepath.Glob("../testdata/talk/*/*.txt")
	if err != nil {
		return nil, err
	}
	var out []asked
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		if name == "commands" {
			continue // which are no questions
		}
		for line := range strings.Lines(string(content)) {
			if text, ok := strings.CutPrefix(line, "> "); ok {
				out = append(out, asked{filepath.Base(filepath.Dir(file)), name, strings.TrimSpace(text)})
			}
		}
	}
	return out, nil
})

// talks returns the questions of the transcripts, those of the files given by
// name excepted.
func talks(tb testing.TB, except ...string) []asked {
	tb.Helper()
	all, err := readTalks()
	if err != nil || len(all) == 0 {
		tb.Fatalf("%d questions in the transcripts, %v", len(all), err)
	}
	var out []asked
	for i, q := range all {
		if i%sampled == 0 && !slices.Contains(except, q.file) {
			out = append(out, q)
		}
	}
	return out
}

// ask asks one question.
func (p program) ask(text string) ask.Answer {
	return p.engine.Ask(ask.Question{Text: text, Today: today})
}

// gist is what an answer asserts: the kind and the facts of each part. It is
// empty if it asserts nothing.
func gist(a *ask.Answer) string {
	if a.Outcome != ask.Answered {
		return ""
	}
	var b strings.Builder
	for i := range a.Results {
		r := &a.Results[i]
		b.WriteString(string(r.Kind))
		for _, f := range r.Facts {
			b.WriteString(" " + string(f.ID))
		}
		b.WriteString("; ")
	}
	return b.String()
}
