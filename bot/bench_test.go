package bot_test

import (
	"testing"

	"suhbat/bot"
)

// BenchmarkHandle is a plain question of a conversation, from its text to the
// finished message, with what was said before and what will be remembered: looked up,
// and replied to from memory.
func BenchmarkHandle(b *testing.B) {
	for name, c := range map[string]*bot.Core{"asked": made(b, indexed), "repeated": core(b)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				say(b, c, here, 0, "Who chaired in 2022?")
				say(b, c, here, 0, "and in 2023?")
				say(b, c, bot.Address{Chat: "ru"}, 0, "Кто воздержался по резолюции 2467?")
			}
		})
	}
}
