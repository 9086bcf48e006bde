package terminal

import (
	"testing"

	"suhbat/bot"
	"suhbat/bot/bottest"
)

// TestAdapter checks what is read at a screen, in colours or not.
func TestAdapter(t *testing.T) {
	for name, l := range map[string]look{"plain": plainLook, "colours": colours} {
		t.Run(name, func(t *testing.T) {
			bottest.Run(t, bottest.Adapter{NoButtons: true, Render: func(_ *testing.T, r bot.Reply) []bottest.Part {
				text := escape().ReplaceAllString(l.render(r.Message, 80), "")
				if text == "" {
					return nil
				}
				return []bottest.Part{{Text: text}}
			}})
		})
	}
}
