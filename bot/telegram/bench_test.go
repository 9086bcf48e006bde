package telegram

import (
	"testing"

	"suhbat/bot"
	"suhbat/bot/message"
)

// BenchmarkRender is what the adapter does with a reply, up to the form that is sent:
// two lines, a list and three sources.
func BenchmarkRender(b *testing.B) {
	source := func(title string) message.Note {
		return message.Note{Publisher: "Совет Безопасности ООН", Date: "31 октября 2000 года", Title: title, URL: "https://docs.un.org/ru/S/RES/1325(2000)"}
	}
	m := message.Message{
		Body: []message.Block{
			message.Paragraph{message.Strong("Резолюция 1325"), message.Text(" была принята 31 октября 2000 года."), message.Cite(1), message.Cite(2)},
			message.List{Items: [][]message.Inline{
				{message.Text("Участие, the word of the agenda"), message.Cite(1)}, {message.Text("Защита, the second of its pillars"), message.Cite(3)},
			}},
			message.Paragraph{message.Text("Заседание Совета Безопасности, 4213-е, шло два дня.")},
		},
		Notes: []message.Note{source("Резолюция 1325 (2000)"), source("Отчёт о заседании"), source("Women and peace and security")},
	}
	buttons := [][]bot.Button{{
		{Label: "👍", Action: "1+abcdefgh"}, {Label: "👎", Action: "1-abcdefgh"}, {Kind: bot.Share, Label: "Поделиться", Action: "Когда принята резолюция 1325?"},
	}}
	to := target{to: bot.Address{Network: Network, Chat: "123456789"}}
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range (renderer{inline: true}).reply(m, buttons, bot.Prompt{}) {
			_, params, err := p.request(&to)
			if err != nil {
				b.Fatal(err)
			}
			if len(appendForm(nil, params)) == 0 {
				b.Fatal("nothing is sent")
			}
		}
	}
}
