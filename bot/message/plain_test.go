package message_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"suhbat/bot/message"
)

func ExamplePlain() {
	m := message.Message{
		Lang: language.English,
		Body: []message.Block{
			message.Paragraph{message.Text("In 2022 "), message.Strong("Turkmenistan"), message.Text(" chaired the Dialogue"), message.Cite(1), message.Text(".")},
		},
		Notes:   []message.Note{{Publisher: "News Central Asia (nCa)", Date: "17 October 2023", Title: "Dialogue of Women", URL: "https://example.org/a"}},
		Choices: []message.Choice{{Label: "Who chaired in 2023?"}, {Label: "And in 2021?"}},
	}
	fmt.Println(message.Plain(m))
	// Output:
	// In 2022 Turkmenistan chaired the Dialogue [1].
	//
	// [1] News Central Asia (nCa), 17 October 2023: Dialogue of Women. https://example.org/a
	//
	// 1) Who chaired in 2023?
	// 2) And in 2021?
}

func TestPlain(t *testing.T) {
	para := func(in ...message.Inline) message.Block { return message.Paragraph(in) }
	items := [][]message.Inline{{message.Text("prevention")}, {}, {message.Text("relief"), message.Cite(2)}}
	tests := []struct {
		name string
		give message.Message
		want string
	}{
		{"nothing", message.Message{}, ""},
		{"blank blocks leave no gap", message.Message{Body: []message.Block{para(), para(message.Text(" ")), para(message.Text("a")), message.Quote{}}}, "a"},
		{"paragraphs", message.Message{Body: []message.Block{para(message.Text("a")), para(message.Text("b"))}}, "a\n\nb"},
		{"list", message.Message{Body: []message.Block{para(message.Text("These:")), message.List{Items: items}, para(message.Text("End."))}}, "These:\n- prevention\n- relief [2]\n\nEnd."},
		{"ordered list", message.Message{Body: []message.Block{message.List{Ordered: true, First: 9, Items: items}}}, "9. prevention\n11. relief [2]"},
		{"list after a quote", message.Message{Body: []message.Block{message.Quote{message.Text("so")}, message.List{Items: items[:1]}}}, "“so”\n\n- prevention"},
		{"link", message.Message{Body: []message.Block{para(message.Link{"page", "https://a.b"}, message.Text(" "), message.Link{"", "https://c.d"}, message.Text(" "), message.Link{"name", ""})}}, "page (https://a.b) https://c.d name"},
		{"day", message.Message{Body: []message.Block{para(message.Text("on "), message.Day{Text: "16 October 2023", Day: time.Date(2023, 10, 16, 0, 0, 0, 0, time.UTC)})}}, "on 16 October 2023"},
		{"citations", message.Message{Body: []message.Block{para(message.Cite(1), message.Text(" a"), message.Cite(1), message.Cite(2), message.Text(" ("), message.Cite(3), message.Text(")"))}}, "[1] a [1][2] ([3])"},
		{"notes", message.Message{Notes: []message.Note{{Publisher: "P"}, {}, {Title: "Why?", URL: "u"}, {Date: "2020", Title: "T"}}}, "[1] P\n[3] Why? u\n[4] 2020: T."},
		{"choices", message.Message{Choices: []message.Choice{{}, {Label: "b", Value: "x"}}}, "2) b"},
		{"line breaks are spaces", message.Message{Body: []message.Block{para(message.Text("a\n> b\r\nc\u2028d"))}}, "a > b  c d"},
		{"escape sequences", message.Message{Body: []message.Block{para(message.Text("\x1b[31mred\x00\x07\u009b"))}}, "[31mred"},
		{"direction", message.Message{Body: []message.Block{para(message.Text("\u202eabc\u2066\u200f\ufeff"))}}, "abc"},
		{"broken UTF-8", message.Message{Body: []message.Block{para(message.Text("a\xffb"))}}, "a\ufffdb"},
		{"joiners stay", message.Message{Body: []message.Block{para(message.Text("👩\u200d⚖\ufe0f"))}}, "👩\u200d⚖\ufe0f"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := message.Plain(tt.give); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestStyled(t *testing.T) {
	in := func(tag string) func(string) string {
		return func(s string) string { return "<" + tag + ">" + s + "</" + tag + ">" }
	}
	m := message.Message{
		Body:    []message.Block{message.Paragraph{message.Strong("A"), message.Strong(""), message.Cite(1), message.Cite(2), message.Text("\x1b.")}},
		Notes:   []message.Note{{Title: "T"}},
		Choices: []message.Choice{{Label: "C"}},
	}
	got := message.Styled(m, message.Style{Strong: in("b"), Cite: in("c"), Note: in("n"), Choice: in("o")})
	if want := "<b>A</b> <c>[1]</c><c>[2]</c>.\n\n<n>[1] T.</n>\n\n<o>1) C</o>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzPlain(f *testing.F) {
	for _, seed := range hostile {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		checkPlain(t, message.Plain(build(data)))
	})
}

// checkPlain checks what holds for every rendering.
func checkPlain(t *testing.T, got string) {
	t.Helper()
	if !utf8.ValidString(got) {
		t.Errorf("not UTF-8: %q", got)
	}
	for _, r := range got {
		if (r != '\n' && unicode.Is(unicode.Cc, r)) || unicode.Is(unicode.Bidi_Control, r) {
			t.Errorf("%U in %q", r, got)
		}
	}
	if strings.Contains(got, "\n\n\n") || strings.Contains(got, " \n") || strings.TrimSpace(got) != got {
		t.Errorf("stray space: %q", got)
	}
}
