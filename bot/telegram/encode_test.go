package telegram

import (
	"bytes"
	"encoding/json"
	"net/url"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// asJSON is what encoding/json makes of a value.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// FuzzEncode: what is written by hand is what the libraries write, or Telegram would
// refuse answers with certain words in them.
func FuzzEncode(f *testing.F) {
	f.Add("who?", "https://example.org/?a=b&c=d", 3, true)
	f.Add(`"қалай" + \ / ~ _ - . * ' ( ) %`, "", -1, false)
	f.Add("\x00\xff\u2028<&>😀", "\n", 1<<40, true)
	f.Fuzz(func(t *testing.T, text, more string, n int, yes bool) {
		params := tgbotapi.Params{"text": text, "more": more, text: more, "": text}
		values := make(url.Values)
		for key, value := range params {
			values.Set(key, value)
		}
		if got := appendForm(nil, params); string(got) != values.Encode() {
			t.Errorf("got %s, want %s", got, values.Encode())
		}
		entities := []entity{{text, n, 2 * n, more}, {more, 0, 0, ""}}
		for i := range entities {
			if got, want := appendEntities(nil, entities[:i]), asJSON(t, entities[:i]); string(got) != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		rows := [][]apiButton{{{Text: text, CallbackData: more}, {Text: more, URL: text}}, {}, {{SwitchInline: &switchInline{text, yes, !yes, yes}}}}
		for i := range rows {
			k := keyboard{rows[:i]}
			if got, want := appendKeyboard(nil, k), asJSON(t, k); string(got) != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	})
}
