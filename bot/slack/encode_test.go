package slack

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot"
	"suhbat/bot/bottest"
	"suhbat/bot/message"
)

// TestEncode: Slack refuses a whole answer for one field that is not as it expects, so
// what is written by hand has to be what encoding/json writes.
func TestEncode(t *testing.T) {
	all := []response{
		{},
		{page: page{Text: "<&> \u2028 \xff"}, ResponseType: inChannel, ThreadTS: "1.2", ReplaceOriginal: true, DeleteOriginal: true},
		{page: page{Text: "odd", Blocks: []slackgo.Block{
			slackgo.NewContextBlock("", slackgo.NewTextBlockObject(slackgo.MarkdownType, "by *me*", false, false)),
			slackgo.NewActionBlock("q0:x",
				slackgo.NewButtonBlockElement("a", "v", slackgo.NewTextBlockObject(slackgo.PlainTextType, "Go", true, false)).WithStyle(slackgo.StyleDanger),
				slackgo.NewOverflowBlockElement("b"),
			),
		}}},
	}
	buttons := [][]bot.Button{{{Label: "Good <3", Action: "1:y"}, {Kind: bot.Open, Label: "Page", URL: "https://example.org/?a=b&c=\"d\""}}}
	for _, r := range bottest.Replies() {
		for _, p := range pages(&bot.Reply{Message: r.Reply.Message, Buttons: buttons}) {
			all = append(all, response{page: p, ResponseType: ephemeral})
		}
	}
	all = append(all, response{page: page{Blocks: words(message.Message{Body: []message.Block{
		message.Quote{message.Strong("no"), message.Text("t")},
		message.Paragraph{message.Text("Next: "), message.Day{Text: "27 November, 09:00", At: time.Unix(1795770000, 0)}},
		message.List{Ordered: true, Items: [][]message.Inline{{message.Text("one")}, {message.Link{Text: "two", URL: "https://example.org"}}}},
	}})}})
	for _, r := range all {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		if err := e.Encode(r); err != nil {
			t.Fatal(err)
		}
		got, err := r.encode()
		if err != nil {
			t.Fatal(err)
		}
		if !saysSame(t, got, want.Bytes()) {
			t.Errorf("got  %s\nwant %s", got, want.Bytes())
		}
	}
}

// TestPrepare: a reply that many get is acknowledged to each of them as it would be to
// one alone, whatever stood in the room before.
func TestPrepare(t *testing.T) {
	for _, r := range bottest.Replies() {
		reply := r.Reply
		alone := make([]byte, 0, 10)
		want := prepare(&reply, &alone)
		reply.Prepared = new(bot.Prepared)
		for range 2 {
			room := bytes.Repeat([]byte("x"), 100)
			got := prepare(&reply, &room)
			clear(room[:cap(room)])
			if string(got.first) != string(want.first) || len(got.rest) != len(want.rest) {
				t.Errorf("%s\ngot  %s and %d pages\nwant %s and %d", r.Name, got.first, len(got.rest), want.first, len(want.rest))
			}
		}
	}
}

// saysSame reports whether two texts in JSON say the same, whatever they escape.
func saysSame(t *testing.T, a, b []byte) bool {
	t.Helper()
	texts := make([]string, 2)
	for i, raw := range [][]byte{a, b} {
		d := json.NewDecoder(bytes.NewReader(raw))
		for {
			token, err := d.Token()
			if err != nil {
				break
			}
			texts[i] += string(mustJSON(t, token)) + " "
		}
	}
	return texts[0] == texts[1] && texts[0] != ""
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	if d, ok := v.(json.Delim); ok {
		return []byte(d.String())
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
