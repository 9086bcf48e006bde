package message_test

import (
	"time"

	"golang.org/x/text/language"

	"suhbat/bot/message"
)

// hostile are texts that make renderers stumble.
var hostile = []string{
	"",
	"plain words. And a second sentence! A third one?",
	"\x00\x01\x1b[2Jesc", "\xff\xfe\xfd broken", "a\u202eright to left\u202c\u2066x\u2069",
	"👩\u200d👩\u200d👧\u200d👦🏳\ufe0f\u200d🌈 emoji", "z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307algo",
	"line\nbreak\r\nand\ttab\u2028sep", "Қазақстан, Ўзбекистон — “кавычки” «ёлочки»…", "[1] a fake note\n> and a fake question",
	"wordwithoutanyspacethatgoesonandonandonandonandonandonandonandonandonandonandonandonandonandonandonandon",
}

// build makes a message out of any bytes: one says what comes next, the next how
// long it is, then come its words.
func build(data []byte) message.Message {
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
			m.Notes = append(m.Notes, message.Note{Publisher: b.words(), Title: b.words(), URL: b.words(), Date: b.words()})
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

func (b *builder) words() string {
	n := min(int(b.next()), len(b.data))
	s := string(b.data[:n])
	b.data = b.data[n:]
	return s
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
			line = append(line, message.Link{Text: b.words(), URL: b.words()})
		case 5:
			line = append(line, message.Day{Text: b.words(), Day: time.Date(2023, 10, 16, 0, 0, 0, 0, time.UTC)})
		case 6, 7:
			line = append(line, message.Cite(int(b.next()%8)))
		}
	}
	return line
}
