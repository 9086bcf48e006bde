package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
)

// echo is a Handler that says what came in and offers two choices.
type echo struct{ got []bot.Incoming }

func (e *echo) Handle(_ context.Context, in bot.Incoming) (bot.Reply, error) {
	e.got = append(e.got, in)
	if in.Text == "fail" {
		return bot.Reply{}, errors.New("broken")
	}
	return bot.Reply{
		Outcome: bot.Chat,
		Message: message.Message{
			Body:    []message.Block{message.Paragraph{message.Strong(string(in.Kind)), message.Text(" " + in.Text + in.Payload)}},
			Choices: []message.Choice{{Label: "One", Value: "first"}, {Label: "Two", Value: "second"}},
		},
	}, nil
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func run(t *testing.T, in io.Reader) (string, *echo, error) {
	t.Helper()
	var out bytes.Buffer
	e := &echo{}
	term := &Terminal{Handler: e, In: in, Out: &out, Lang: language.Russian, Now: func() time.Time { return noon }}
	err := term.Run(t.Context())
	return out.String(), e, err
}

func TestTranscript(t *testing.T) {
	in := "# a comment\n\n> first question\n< an old answer\n<\n\nsecond \x1b[31mquestion\r\n2\n/help\n/quit\nnever\n"
	want := strings.Join([]string{
		"> first question", "< ask first question", "<", "< 1) One", "< 2) Two", "",
		"> second [31mquestion", "< ask second [31mquestion", "<", "< 1) One", "< 2) Two", "",
		"> 2", "< press second", "<", "< 1) One", "< 2) Two", "",
		"> /help", "< command /help", "<", "< 1) One", "< 2) Two", "",
	}, "\n")
	got, e, err := run(t, strings.NewReader(in))
	if err != nil || got != want {
		t.Errorf("error %v, got\n%s\nwant\n%s", err, got, want)
	}
	if first := e.got[0]; first.Lang != language.Russian || !first.At.Equal(noon) || first.From != e.got[3].From || first.ID == e.got[1].ID {
		t.Errorf("incoming: %+v", first)
	}
}

// TestTranscriptIsItsOwnInput checks that what comes out asks the same again.
func TestTranscriptIsItsOwnInput(t *testing.T) {
	once, _, err := run(t, strings.NewReader("a\nb\n# c\n2\n"))
	if err != nil {
		t.Fatal(err)
	}
	twice, _, err := run(t, strings.NewReader(once))
	if err != nil || once != twice {
		t.Errorf("error %v, got\n%s\nwant\n%s", err, twice, once)
	}
}

func TestTranscriptErrors(t *testing.T) {
	tests := []struct {
		name string
		in   io.Reader
		want string
	}{
		{"handler", strings.NewReader("a\nfail\n"), "question 2: broken"},
		{"reader", iotest.ErrReader(errors.New("torn")), "reading questions: torn"},
		{"long line", strings.NewReader("a\n" + strings.Repeat("x", MaxLine+1)), "line 2 is longer than 1048576 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, _, err := run(t, tt.in); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// typed runs a conversation in which the keys are pressed one after another.
func typed(t *testing.T, colour bool, history, keys string) string {
	t.Helper()
	var out bytes.Buffer
	term := &Terminal{
		Handler: &echo{}, In: iotest.OneByteReader(strings.NewReader(keys)), Out: &out,
		Now: func() time.Time { return noon }, Colour: colour, History: history,
	}
	if err := term.talk(t.Context(), func() (int, int) { return 40, 24 }); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTalk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state", "history")
	const up, ctrlC = "\x1b[A", "\x03"
	out := typed(t, false, file, "what?\r\r 2\r"+ctrlC)
	for _, want := range []string{"command /start\r\n", "ask what?\r\n", "press second\r\n", "\r\n1) One\r\n2) Two\r\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %q", want, out)
		}
	}
	if !strings.HasSuffix(out, "\r\n\x1b[?2004l") {
		t.Errorf("the shell's prompt would not begin a line: %q", out)
	}
	out = typed(t, false, file, up+"\r/quit\r")
	if !strings.Contains(out, "ask what?") {
		t.Errorf("the history is lost: %q", out)
	}
	data, err := os.ReadFile(file)
	if err != nil || string(data) != "what?\n/quit\n" {
		t.Errorf("history file: %q, %v", data, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("history file: %v, %v", info.Mode(), err)
	}
}

func TestTalkColours(t *testing.T) {
	if out := typed(t, true, "", "a\r/quit\r"); !strings.Contains(out, "\x1b[1mask\x1b[0m a") {
		t.Errorf("not coloured: %q", out)
	}
	if out := typed(t, false, "", "a\r/quit\r"); strings.Contains(out, "\x1b[1m") {
		t.Errorf("coloured: %q", out)
	}
}

// TestTalkStops checks that a signal ends a conversation that waits for a key.
func TestTalkStops(t *testing.T) {
	in, keys := io.Pipe()
	defer keys.Close()
	ctx, cancel := context.WithCancel(t.Context())
	term := &Terminal{Handler: &echo{}, In: in, Out: io.Discard, Now: func() time.Time { return noon }}
	time.AfterFunc(10*time.Millisecond, cancel)
	if err := term.talk(ctx, func() (int, int) { return 80, 24 }); err != nil {
		t.Error(err)
	}
}

func TestHistory(t *testing.T) {
	h := openHistory("")
	for range 2 * maxHistory {
		h.Add("a")
		h.Add("a")
		h.Add(" secret")
		h.Add("b")
	}
	if h.Len() != maxHistory || h.At(0) != "b" || h.At(1) != "a" {
		t.Errorf("%d lines, %q, %q", h.Len(), h.At(0), h.At(1))
	}
}

func TestWrap(t *testing.T) {
	tests := []struct{ give, want string }{
		{"", ""},
		{"short", "short"},
		{"one two three four", "one two\nthree\nfour"},
		{"\x1b[1mone\x1b[0m two three", "\x1b[1mone\x1b[0m two\nthree"},
		{"https://example.org/long a b", "https://example.org/long\na b"},
		{"один два три", "один два\nтри"},
	}
	for _, tt := range tests {
		if got := wrap(tt.give, 10); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.give, got, tt.want)
		}
	}
}
