package message_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"suhbat/bot/message"
)

func utf16Len(s string) int { return len(utf16.Encode([]rune(s))) }

var lengths = []func(string) int{func(s string) int { return len(s) }, utf8.RuneCountInString, utf16Len}

func text(s string) []message.Inline { return []message.Inline{message.Text(s)} }

func ExampleSplit() {
	m := message.Message{
		Body: []message.Block{
			message.Paragraph{message.Text("The first meeting was held in 2020."), message.Cite(1)},
			message.Paragraph{message.Text("The second was held in 2021."), message.Cite(2)},
		},
		Notes: []message.Note{{Publisher: "First", URL: "https://a.example"}, {Publisher: "Second", URL: "https://b.example"}},
	}
	for _, part := range message.Split(m, 80, utf8.RuneCountInString) {
		fmt.Println(message.Plain(part))
		fmt.Println("---")
	}
	// Output:
	// The first meeting was held in 2020. [1]
	//
	// [1] First https://a.example
	// ---
	// The second was held in 2021. [2]
	//
	// [2] Second https://b.example
	// ---
}

func TestSplitPlaces(t *testing.T) {
	long := func(s string, n int) string { return strings.TrimSpace(strings.Repeat(s+" ", n)) }
	tests := []struct {
		name string
		body []message.Block
		want []string
	}{
		{"fits", []message.Block{message.Paragraph(text("a")), message.Paragraph(text("b"))}, []string{"a\n\nb"}},
		{
			"between blocks",
			[]message.Block{message.Paragraph(text(long("one", 10))), message.Paragraph(text(long("two", 10)))},
			[]string{long("one", 10), long("two", 10)},
		},
		{
			"between items, numbers go on",
			[]message.Block{message.List{Ordered: true, Items: [][]message.Inline{text(long("one", 7)), text(long("two", 7)), text(long("six", 7))}}},
			[]string{"1. " + long("one", 7) + "\n2. " + long("two", 7), "3. " + long("six", 7)},
		},
		{
			"inside an item",
			[]message.Block{message.List{Items: [][]message.Inline{text(long("one", 10) + ". " + long("Two", 10) + "."), text("end")}}},
			[]string{"- " + long("one", 10) + ".", long("Two", 10) + ".\n- end"},
		},
		{
			"between sentences",
			[]message.Block{message.Paragraph(text(long("One", 5) + ". " + long("Two", 9) + ". " + long("Six", 3) + "."))},
			[]string{long("One", 5) + ". " + long("Two", 9) + ".", long("Six", 3) + "."},
		},
		{
			"a citation stays with its sentence",
			[]message.Block{message.Paragraph{message.Text(long("One", 14) + "."), message.Cite(1), message.Text(" " + long("Two", 5) + ".")}},
			[]string{long("One", 14) + ". [1]", long("Two", 5) + "."},
		},
		{
			"between words",
			[]message.Block{message.Quote(text(long("one", 20)))},
			[]string{"“" + long("one", 15) + "”", "“" + long("one", 5) + "”"},
		},
		{
			"between characters",
			[]message.Block{message.Paragraph(text(strings.Repeat("🏳\ufe0f\u200d🌈", 20)))},
			[]string{strings.Repeat("🏳\ufe0f\u200d🌈", 16), strings.Repeat("🏳\ufe0f\u200d🌈", 4)},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, part := range message.Split(message.Message{Body: tt.body}, message.MinLimit, utf8.RuneCountInString) {
				got = append(got, message.Plain(part))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestSplitLongNote(t *testing.T) {
	m := message.Message{
		Body:    []message.Block{message.Paragraph{message.Text("So."), message.Cite(1), message.Cite(2)}},
		Notes:   []message.Note{{Publisher: strings.Repeat("word ", 40)}, {Publisher: "P"}},
		Choices: []message.Choice{{Label: strings.Repeat("long ", 40), Value: "whole"}},
	}
	parts := message.Split(m, message.MinLimit, utf8.RuneCountInString)
	if got, want := message.Plain(parts[0]), "So. [1][2]\n\n[1]"+strings.Repeat(" word", 8)+"\n\n[2] P"; got != want {
		t.Errorf("first part: got %q, want %q", got, want)
	}
	last := parts[len(parts)-1]
	if got := last.Choices[0]; got.Value != "whole" || !strings.HasSuffix(got.Label, "…") {
		t.Errorf("choice: got %q", got)
	}
	checkSplit(t, m, message.MinLimit, utf8.RuneCountInString)
}

// TestSplitProperty checks random messages made of hostile texts.
func TestSplitProperty(t *testing.T) {
	r := rand.New(rand.NewPCG(1325, 2000))
	for range 2000 {
		var data []byte
		for range 1 + r.IntN(12) {
			s := strings.Repeat(hostile[r.IntN(len(hostile))], 1+r.IntN(3))
			data = append(data, byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), byte(min(len(s), 255)))
			data = append(data, s...)
		}
		checkSplit(t, build(data), message.MinLimit+r.IntN(200), lengths[r.IntN(len(lengths))])
		if t.Failed() {
			t.Fatalf("data %q", data)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for i, seed := range hostile {
		f.Add([]byte(seed), uint8(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, limit uint8) {
		checkSplit(t, build(data), int(limit), lengths[int(limit)%len(lengths)])
	})
}

// checkSplit checks that no part is too long and that nothing is lost.
func checkSplit(t *testing.T, m message.Message, limit int, length func(string) int) {
	t.Helper()
	parts := message.Split(m, limit, length)
	limit = max(limit, message.MinLimit)
	var got string
	for _, p := range parts {
		plain := message.Plain(p)
		checkPlain(t, plain)
		if n := length(plain); n > limit {
			t.Errorf("part of %d, limit %d: %q", n, limit, plain)
		}
		if p.Lang != m.Lang {
			t.Errorf("language %v became %v", m.Lang, p.Lang)
		}
		got += allWords(p)
	}
	if want := allWords(m); !strings.HasPrefix(got, want) {
		t.Errorf("words lost:\ngot  %q\nwant %q", got, want)
	}
	checkNotes(t, m, parts)
	checkChoices(t, m, parts)
}

// checkNotes checks that each note stands in each part that cites it, and all
// notes in some part, unless they became words.
func checkNotes(t *testing.T, m message.Message, parts []message.Message) {
	t.Helper()
	seen := make([]bool, len(m.Notes)+1)
	for _, p := range parts {
		for i, n := range p.Notes {
			if n != (message.Note{}) && n != m.Notes[i] {
				t.Errorf("note %d is %q, want %q", i+1, n, m.Notes[i])
			}
			seen[i+1] = seen[i+1] || n == m.Notes[i]
		}
	}
	body := ""
	for _, p := range parts {
		body += allWords(p)
	}
	for i, n := range m.Notes {
		spelled := message.Plain(message.Message{Notes: append(make([]message.Note, i), n)})
		if n != (message.Note{}) && !seen[i+1] && !strings.Contains(message.Clean(body), spelled) {
			t.Errorf("note %d is lost: %q", i+1, n)
		}
	}
	for _, p := range parts {
		for _, c := range cites(p) {
			if c < 1 || c > len(m.Notes) || !seen[c] {
				continue
			}
			if len(p.Notes) < c || p.Notes[c-1] != m.Notes[c-1] {
				t.Errorf("note %d is not with its citation", c)
			}
		}
	}
}

func checkChoices(t *testing.T, m message.Message, parts []message.Message) {
	t.Helper()
	got := make([]message.Choice, len(m.Choices))
	for _, p := range parts {
		for i, c := range p.Choices {
			if c != (message.Choice{}) {
				got[i] = c
			}
		}
	}
	for i, c := range m.Choices {
		if got[i].Value != c.Value || !strings.HasPrefix(c.Label, strings.TrimSuffix(got[i].Label, "…")) {
			t.Errorf("choice %d is %q, want %q", i+1, got[i], c)
		}
	}
}

// eachInline calls f with all inlines of m in order.
func eachInline(m message.Message, f func(message.Inline)) {
	for _, b := range m.Body {
		lines := [][]message.Inline{}
		switch b := b.(type) {
		case message.Paragraph:
			lines = append(lines, b)
		case message.Quote:
			lines = append(lines, b)
		case message.List:
			lines = b.Items
		}
		for _, l := range lines {
			for _, in := range l {
				f(in)
			}
		}
	}
}

// allWords returns the words of the body, links spelled out.
func allWords(m message.Message) string {
	var b strings.Builder
	eachInline(m, func(in message.Inline) {
		switch in := in.(type) {
		case message.Text:
			b.WriteString(string(in))
		case message.Strong:
			b.WriteString(string(in))
		case message.Day:
			b.WriteString(in.Text)
		case message.Link:
			switch {
			case in.URL == "" || in.URL == in.Text:
				b.WriteString(in.Text)
			case in.Text == "":
				b.WriteString(in.URL)
			default:
				b.WriteString(in.Text + " (" + in.URL + ")")
			}
		case message.Cite:
			fmt.Fprintf(&b, "[%d]", in)
		}
	})
	return b.String()
}

func cites(m message.Message) []int {
	var all []int
	eachInline(m, func(in message.Inline) {
		if c, ok := in.(message.Cite); ok {
			all = append(all, int(c))
		}
	})
	return all
}
