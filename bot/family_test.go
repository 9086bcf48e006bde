package bot_test

import (
	"bufio"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/facts"
)

// TestFamilies asks one question in every language: what a person is told must not
// depend on the language in which it is asked, so the same facts must answer it.
func TestFamilies(t *testing.T) {
	t.Parallel()
	_, set := parts()
	c := core(t)
	english := readFamilies(t, lang.Measure)
	if len(english) < 60 {
		t.Fatalf("only %d families", len(english))
	}
	want := make([][]facts.ID, len(english))
	for i, q := range english {
		if want[i] = answering(t, c, q, lang.Measure); len(want[i]) == 0 {
			t.Errorf("en:%d: %q is answered by no fact", i+1, q)
		}
	}
	for _, pack := range set.Packs {
		t.Run(pack.Code, func(t *testing.T) {
			t.Parallel()
			questions := readFamilies(t, cmp.Or(pack.Base, pack.Code))
			if len(questions) != len(english) {
				t.Fatalf("%d questions, want %d", len(questions), len(english))
			}
			for i, q := range questions {
				q = pack.Rewrite(q)
				if got := answering(t, c, q, pack.Code); !slices.Equal(got, want[i]) {
					t.Errorf("%s:%d: %q is answered by %v, want %v", pack.Code, i+1, q, got, want[i])
				}
			}
		})
	}
}

// answering returns the sorted ids of the facts that answer a question, which must
// be answered in its language.
func answering(t *testing.T, c *bot.Core, text, code string) []facts.ID {
	t.Helper()
	r, err := c.Handle(t.Context(), bot.Incoming{Kind: bot.Ask, From: bot.Address{Chat: text}, Text: text, At: today})
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcome != bot.Answered && r.Outcome != bot.Unknown || r.Message.Lang.String() != code {
		t.Errorf("%q is %s in %s, want an answer in %s", text, r.Outcome, r.Message.Lang, code)
	}
	ids := slices.Clone(r.Facts)
	slices.Sort(ids)
	return ids
}

// readFamilies returns the questions of a language.
func readFamilies(t *testing.T, code string) []string {
	t.Helper()
	return readLines(t, filepath.Join("testdata", "families", code+".txt"))
}

// readLines returns the lines of a file but comments and blank ones.
func readLines(t *testing.T, path string) []string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}
