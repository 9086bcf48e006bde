package bot_test

import (
	"bufio"
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/bot/message"
	"suhbat/facts"
	"suhbat/facts/data"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata/talk; read the difference before you keep it")

// today is the day of all conversations: "how old is it" has an answer on a day
// only.
var today = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// parts loads the facts and the languages of the program once for all tests.
var parts = sync.OnceValues(func() (*facts.Store, *lang.Set) {
	store, err := facts.Load(data.FS)
	if err != nil {
		panic(err)
	}
	set, err := lang.Load(packs.FS)
	if err != nil {
		panic(err)
	}
	return store, set
})

// indexed has a core start as the program does.
var indexed = bot.WithIndex(packs.Index)

// core returns a core as the service has it, which remembers nothing yet.
func core(tb testing.TB) *bot.Core {
	tb.Helper()
	return made(tb, indexed, bot.WithReplies())
}

func made(tb testing.TB, options ...bot.Option) *bot.Core {
	tb.Helper()
	store, set := parts()
	c, err := bot.New(store, set, options...)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// turn is a question of a transcript with what stands above it and the answer
// below it.
type turn struct {
	line     int
	above    []string // blank lines and comments
	question string
	answer   []string // without "< "
}

// declinedMark begins a comment above a question that must not be answered, in a
// file of questions that are.
const declinedMark = "# Declined"

// TestTalk holds the conversations in testdata/talk, which are what the bot
// promises: each question with the whole reply, as `suhbat serve` gives it. When
// wording or facts change, `go test ./bot -run TestTalk -update` writes the new
// replies; whoever keeps them answers for each. What is asked again is replied to from
// memory, and in the same way.
func TestTalk(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/talk/*/*.txt")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d transcripts, %v", len(files), err)
	}
	_, set := parts()
	c := core(t)
	questions := make(map[string]int) // by language
	for _, file := range files {
		code := filepath.Base(filepath.Dir(file))
		if set.Pack(code) == nil {
			t.Errorf("%s: there is no language %q", file, code)
		}
		turns := readTalk(t, file)
		questions[code] += len(turns)
		t.Run(code+"/"+strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			talk(t, c, file, code, turns)
		})
	}
	for _, p := range set.Packs {
		want := 250
		if p.Base != "" { // the same words in other letters
			want = 60
		}
		if questions[p.Code] < want {
			t.Errorf("%d questions in %s, want %d or more", questions[p.Code], p.Code, want)
		}
	}
}

// talk holds one conversation.
func talk(t *testing.T, c *bot.Core, file, code string, turns []turn) {
	t.Helper()
	said := func(x *turn, at string) bot.Reply {
		r, err := c.Handle(t.Context(), bot.Incoming{Kind: bot.Ask, From: bot.Address{Chat: at}, Private: true, Text: x.question, At: today})
		if err != nil {
			t.Fatalf("%s:%d: %v", file, x.line, err)
		}
		return r
	}
	for i := range turns {
		x := &turns[i]
		r, again := said(x, file), said(x, file+" again")
		if r.Prepared, again.Prepared = nil, nil; !reflect.DeepEqual(again, r) {
			t.Errorf("%s:%d: %q is answered otherwise when somebody asks it again:\n%s\n\nfirst:\n%s", file, x.line, x.question, message.Plain(again.Message), message.Plain(r.Message))
		}
		if want := outcomes(file, x.above); !strings.Contains(want, string(r.Outcome)) {
			t.Errorf("%s:%d: %q is %s, want %s:\n%s", file, x.line, x.question, r.Outcome, want, message.Plain(r.Message))
		}
		if r.Outcome == bot.Answered && (len(r.Facts) == 0 || len(r.Message.Notes) == 0) {
			t.Errorf("%s:%d: %q is answered without a fact or a source", file, x.line, x.question)
		}
		if got := r.Message.Lang.String(); got != code {
			t.Errorf("%s:%d: %q is answered in %s", file, x.line, x.question, got)
		}
		answer := strings.Split(message.Plain(r.Message), "\n")
		if got, want := strings.Join(answer, "\n"), strings.Join(x.answer, "\n"); got != want && !*update {
			t.Errorf("%s:%d: %q\ngot:\n%s\n\nwant:\n%s", file, x.line, x.question, got, want)
		}
		x.answer = answer
	}
	if *update {
		writeTalk(t, file, turns)
	}
}

// outcomes lists the outcomes that a question may have, by the file that it
// stands in and the comment above it.
func outcomes(file string, above []string) string {
	const declined = string(bot.Unknown + " " + bot.NotUnderstood + " " + bot.Ambiguous)
	for _, line := range above {
		if strings.HasPrefix(line, declinedMark) {
			return declined
		}
	}
	switch strings.TrimSuffix(filepath.Base(file), ".txt") {
	case "nearmiss":
		return declined
	case "badinput":
		return string(bot.NotUnderstood)
	case "smalltalk":
		return string(bot.Chat)
	case "commands":
		return string(bot.Chat + " " + bot.Answered)
	default:
		return string(bot.Answered)
	}
}

// readTalk reads a transcript.
func readTalk(t *testing.T, file string) []turn {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var turns []turn
	var above []string
	lines := bufio.NewScanner(bytes.NewReader(content))
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		question, asked := strings.CutPrefix(line, "> ")
		answer, answered := strings.CutPrefix(line, "<")
		switch {
		case asked:
			turns = append(turns, turn{line: n, above: above, question: question})
			above = nil
		case answered && len(turns) > 0 && above == nil:
			last := &turns[len(turns)-1]
			last.answer = append(last.answer, strings.TrimPrefix(answer, " "))
		case line == "" || strings.HasPrefix(line, "#"):
			above = append(above, line)
		default:
			t.Fatalf("%s:%d: %q is no comment, no question and no answer to one", file, n, line)
		}
	}
	if len(turns) == 0 {
		t.Fatalf("%s asks nothing", file)
	}
	return turns
}

// writeTalk writes a transcript with a blank line between the turns.
func writeTalk(t *testing.T, file string, turns []turn) {
	t.Helper()
	var b strings.Builder
	for i, x := range turns {
		if i > 0 && (len(x.above) == 0 || x.above[0] != "") {
			b.WriteByte('\n')
		}
		for _, line := range x.above {
			b.WriteString(line + "\n")
		}
		b.WriteString("> " + x.question + "\n")
		for _, line := range x.answer {
			b.WriteString(strings.TrimSuffix("< "+line, " ") + "\n")
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
