package telegram

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
	"suhbat/bot/bottest"
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

// TestWrite: a reply that many get is sent to each of them as it would be to one alone.
func TestWrite(t *testing.T) {
	for _, r := range bottest.Replies() {
		for _, p := range (renderer{inline: true}).reply(r.Reply.Message, r.Reply.Buttons, r.Reply.Prompt) {
			written := p
			written.write()
			for _, to := range []target{{to: bot.Address{Chat: "1"}}, {to: bot.Address{Chat: "-2", Thread: "3"}, replyTo: "4"}, {to: bot.Address{Chat: "5"}, edit: "6"}} {
				method, want := sentAs(t, p, to)
				again, got := sentAs(t, written, to)
				if again != method || !maps.EqualFunc(got, want, slices.Equal) {
					t.Errorf("%s\ngot  %s %v\nwant %s %v", r.Name, again, got, method, want)
				}
			}
		}
	}
}

// sentAs is the method that sends a part, with its parameters.
func sentAs(t *testing.T, p part, to target) (string, url.Values) {
	t.Helper()
	method, params, err := p.request(&to)
	if err != nil {
		t.Fatal(err)
	}
	values, err := url.ParseQuery(string(appendForm(p.form, params)))
	if err != nil {
		t.Fatal(err)
	}
	return method, values
}
