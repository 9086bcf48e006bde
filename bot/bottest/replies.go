package bottest

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
)

// Hostile are texts that make renderers stumble.
var Hostile = []string{
	"plain words. And a second sentence! A third one?",
	"<b>bold</b> & &amp; <!channel> <https://evil.example|click> @everyone <@U123>",
	"*bold* _italic_ ~strike~ `code` ```pre``` [text](https://evil.example) ||spoiler|| \\*",
	"\x00\x01\x1b[2Jesc", "\xff\xfe\xfd broken", "a\u202eright to left\u202c\u2066x\u2069",
	"👩\u200d👩\u200d👧\u200d👦🏳\ufe0f\u200d🌈 emoji 𝔘𝔫𝔦", "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307algo",
	"line\nbreak\r\nand\ttab\u2028sep", "Қазақстан, Ўзбекистон — “кавычки” «ёлочки»…", "[1] a fake note\n> and a fake question\n- and an item",
	"/start /ask@bot @admin #tag $CASH name@example.org +998901234567 https://bare.example/a_b*c",
	"wordwithoutanyspacethatgoesonandonandonandonandonandonandonandonandonandonandonandonandonandonandonandonandon",
	" \u00a0 ",
}

// Named is a reply and what is special about it.
type Named struct {
	Name  string
	Reply bot.Reply
}

// Replies are what each adapter has to render.
func Replies() []Named {
	all := []Named{
		{"nothing", bot.Reply{}},
		{"all blocks and inlines", everything()},
		{"choices", bot.Reply{Message: message.Message{
			Body: []message.Block{say("Which one?")},
			Choices: []message.Choice{
				{Label: "Who chaired in 2022?", Value: "1a"},
				{},
				{Label: "Кто председательствовал в 2023 году?", Value: strings.Repeat("кто ", 40)},
				{Label: strings.Repeat("a long label ", 30), Value: "1b"},
			},
		}}},
		{"buttons", bot.Reply{Message: message.Message{Body: []message.Block{say("Here.")}}, Buttons: [][]bot.Button{
			{{Label: "‹ 2/7", Action: "1p2"}, {Label: "›", Action: "1p3"}},
			{{Kind: bot.Open, Label: "The <source> & more", URL: "https://example.org/?a=1&b=2"}},
		}}},
		{"long paragraph", long(message.Paragraph{message.Text(strings.Repeat("A sentence of the answer follows. ", 700)), message.Cite(1)})},
		{"long quote", long(message.Quote{message.Text(strings.Repeat("слово за словом ", 900)), message.Cite(2)})},
		{"long word", long(message.Paragraph{message.Strong(strings.Repeat("👩\u200d👩\u200d👧\u200d👦", 1500))})},
		{"long list", long(many(400))},
		{"many notes", notes(150)},
		{"long links", long(message.Paragraph{message.Link{Text: "here", URL: "https://example.org/" + strings.Repeat("a", 6000)}})},
	}
	for i, h := range Hostile {
		all = append(all, Named{fmt.Sprintf("hostile %d", i), hostile(h)})
	}
	return all
}

func say(s string) message.Block { return message.Paragraph{message.Text(s)} }

// sources are notes with and without each of their fields.
var sources = []message.Note{
	{Publisher: "News Central Asia (nCa)", Date: "17 October 2023", Title: "Dialogue of Women", URL: "https://example.org/a?b=c&d=e"},
	{Publisher: "UN", URL: "https://example.org/publisher"},
	{URL: "https://example.org/address"},
	{Title: "Why?", Date: "2020"},
}

func everything() bot.Reply {
	m := message.Message{
		Lang: language.English,
		Body: []message.Block{
			message.Paragraph{
				message.Text("In 2022 "), message.Strong("Turkmenistan"), message.Text(" chaired"), message.Cite(1), message.Cite(2), message.Text(", see "),
				message.Link{Text: "the page", URL: "https://example.org/page"},
				message.Text(" or "),
				message.Link{URL: "https://example.org/bare"},
				message.Text(" on "),
				message.Day{Text: "16 October 2023", Day: time.Date(2023, 10, 16, 0, 0, 0, 0, time.UTC)},
				message.Text(":"),
			},
			message.List{Items: [][]message.Inline{{message.Text("one "), message.Cite(3)}, {}, {message.Strong("two")}}},
			message.List{Ordered: true, First: 9, Items: [][]message.Inline{{message.Text("nine")}, {message.Text("ten"), message.Cite(4)}}},
			message.Quote{message.Text("Peace "), message.Strong("needs"), message.Text(" women"), message.Cite(1)},
			message.Paragraph{},
			message.Paragraph{message.Text(" ")},
			message.Quote{},
			message.Paragraph{message.Strong(" spaced "), message.Text(" end. ")},
		},
		Notes: sources,
	}
	return bot.Reply{Message: m}
}

func many(items int) message.List {
	l := message.List{Ordered: true}
	for i := range items {
		l.Items = append(l.Items, []message.Inline{message.Strong(fmt.Sprint("thing ", i)), message.Text(" happened then and there"), message.Cite(1 + i%4)})
	}
	return l
}

func long(b message.Block) bot.Reply {
	return bot.Reply{
		Message: message.Message{Body: []message.Block{say("First."), b, say("Last.")}, Notes: sources, Choices: []message.Choice{{Label: "More", Value: "1m"}}},
		Buttons: [][]bot.Button{{{Label: "Stop", Action: "1s"}}},
	}
}

func notes(n int) bot.Reply {
	var m message.Message
	var line message.Paragraph
	for i := range n {
		line = append(line, message.Text(fmt.Sprint(" w", i)), message.Cite(i+1))
		m.Notes = append(m.Notes, message.Note{Title: fmt.Sprint("T", i), URL: fmt.Sprint("https://e.org/", i)})
	}
	m.Body = []message.Block{line}
	return bot.Reply{Message: m}
}

// hostile puts a text wherever there is room for one.
func hostile(h string) bot.Reply {
	line := []message.Inline{
		message.Text(h), message.Strong(h),
		message.Link{Text: h, URL: "https://example.org/ok"},
		message.Link{Text: "script", URL: "javascript:alert(1)"},
		message.Link{Text: "odd", URL: h},
		message.Day{Text: h},
		message.Cite(1),
	}
	return bot.Reply{
		Message: message.Message{
			Body:    []message.Block{message.Paragraph(line), message.Quote(line), message.List{Items: [][]message.Inline{line, line}}},
			Notes:   []message.Note{{Publisher: h, Title: h, URL: h, Date: h}},
			Choices: []message.Choice{{Label: "a" + h, Value: "1x"}, {Label: "b" + h, Value: h}},
		},
		Buttons: [][]bot.Button{{{Label: "c" + h, Action: "1y"}}},
	}
}

// Build makes a message out of any bytes: one says what comes next, the next how
// long it is, then come its words.
func Build(data []byte) message.Message {
	b := builder{data}
	m := message.Message{Lang: language.Russian}
	for len(b.data) > 0 {
		switch b.next() % 8 {
		case 0, 1, 2:
			m.Body = append(m.Body, message.Paragraph(b.line()))
		case 3:
			m.Body = append(m.Body, message.Quote(b.line()))
		case 4, 5:
			l := message.List{Ordered: b.next()%2 == 0, First: int(b.next() % 20)}
			for range b.next() % 6 {
				l.Items = append(l.Items, b.line())
			}
			m.Body = append(m.Body, l)
		case 6:
			m.Notes = append(m.Notes, message.Note{Publisher: b.words(), Title: b.words(), URL: b.address(), Date: b.words()})
		case 7:
			m.Choices = append(m.Choices, message.Choice{Label: b.words(), Value: b.words()})
		}
	}
	return m
}

type builder struct{ data []byte }

// next takes a byte, or 0 when there is none left.
func (b *builder) next() byte {
	if len(b.data) == 0 {
		return 0
	}
	c := b.data[0]
	b.data = b.data[1:]
	return c
}

// words takes some words, now and then very many.
func (b *builder) words() string {
	times := 1
	if b.next()%16 == 15 {
		times = 60
	}
	n := min(int(b.next()), len(b.data))
	s := string(b.data[:n])
	b.data = b.data[n:]
	return strings.Repeat(s, times)
}

// address takes an address, good or not.
func (b *builder) address() string {
	if b.next()%2 == 0 {
		return fmt.Sprintf("https://example.org/%x", b.next())
	}
	return b.words()
}

func (b *builder) line() []message.Inline {
	var line []message.Inline
	for range b.next() % 8 {
		switch b.next() % 8 {
		case 0, 1, 2:
			line = append(line, message.Text(b.words()))
		case 3:
			line = append(line, message.Strong(b.words()))
		case 4:
			line = append(line, message.Link{Text: b.words(), URL: b.address()})
		case 5:
			line = append(line, message.Day{Text: b.words(), Day: time.Date(2023, 10, 16, 0, 0, 0, 0, time.UTC)})
		case 6, 7:
			line = append(line, message.Cite(int(b.next()%8)))
		}
	}
	return line
}
