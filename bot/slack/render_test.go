package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/bottest"
	"suhbat/bot/message"
)

// limit is one of Block Kit's, for what stands at a key of an object of a type.
type limit struct {
	kind, key string
	least     int
	most      int
}

// limits are those of docs.slack.dev/reference/block-kit, in code points for a string
// and in elements for a list.
var limits = []limit{
	{"rich_text", "elements", 1, 1000},
	{"rich_text_section", "elements", 1, 1000},
	{"rich_text_list", "elements", 1, 1000},
	{"rich_text_quote", "elements", 1, 1000},
	{"text", "text", 1, 12000},
	{"link", "url", 1, 3000},
	{"actions", "elements", 1, 25},
	{"actions", "block_id", 0, 255},
	{"button", "action_id", 1, 255},
	{"button", "value", 0, 2000},
	{"button", "url", 0, 3000},
	{"plain_text", "text", 1, 3000},
	{"mrkdwn", "text", 1, 3000},
	{"context", "elements", 1, 10},
	{"plain_text_input", "action_id", 1, 255},
	{"modal", "private_metadata", 0, 3000},
	{"modal", "callback_id", 0, 255},
	{"modal", "blocks", 1, 100},
	{"home", "blocks", 1, 100},
}

// nested are limits of a text object at a key.
var nested = []limit{
	{"button", "text", 1, 75},
	{"modal", "title", 1, 24},
	{"modal", "submit", 0, 24},
	{"modal", "close", 0, 24},
	{"input", "label", 1, 2000},
	{"plain_text_input", "placeholder", 0, 150},
}

// broken returns what Slack would refuse in something that is sent to it.
func broken(raw []byte) (wrong []string) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return []string{err.Error()}
	}
	if !utf8.Valid(raw) {
		wrong = append(wrong, "not UTF-8")
	}
	walk(v, &wrong)
	return wrong
}

func walk(v any, wrong *[]string) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			walk(element, wrong)
		}
	case map[string]any:
		kind, _ := v["type"].(string)
		for _, l := range limits {
			if l.kind == kind {
				l.check(v[l.key], wrong)
			}
		}
		for _, l := range nested {
			if text, ok := v[l.key].(map[string]any); l.kind == kind && ok {
				l.check(text["text"], wrong)
			}
		}
		if blocks, ok := v["blocks"].([]any); ok {
			if kind == "" && len(blocks) > maxBlocks {
				*wrong = append(*wrong, fmt.Sprintf("%d blocks", len(blocks)))
			}
			same(blocks, "block_id", wrong)
		}
		if kind == "actions" {
			same(v["elements"].([]any), "action_id", wrong)
		}
		for _, element := range v {
			walk(element, wrong)
		}
	}
}

// same finds ids that are there twice.
func same(all []any, key string, wrong *[]string) {
	seen := make(map[any]bool)
	for _, v := range all {
		if id := v.(map[string]any)[key]; id != nil && id != "" {
			if seen[id] {
				*wrong = append(*wrong, fmt.Sprintf("%s %v twice", key, id))
			}
			seen[id] = true
		}
	}
}

func (l limit) check(v any, wrong *[]string) {
	n := 0
	switch v := v.(type) {
	case string:
		n = utf8.RuneCountInString(v)
	case []any:
		n = len(v)
	}
	if n < l.least || n > l.most {
		*wrong = append(*wrong, fmt.Sprintf("%s.%s has %d, %d to %d are allowed", l.kind, l.key, n, l.least, l.most))
	}
}

// checkPages checks what holds for every rendering, and returns all words of it.
func checkPages(t *testing.T, all []page) string {
	t.Helper()
	var words strings.Builder
	for _, p := range all {
		raw, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range broken(raw) {
			t.Errorf("%s in %s", wrong, raw)
		}
		if n := utf8.RuneCountInString(p.Text); n > 4000 || n == 0 && len(p.Blocks) > 0 {
			t.Errorf("the text has %d characters", n)
		}
		if strings.ContainsAny(p.Text, "<>") {
			t.Errorf("the text is not escaped: %q", p.Text)
		}
		words.WriteString(p.Text)
	}
	return words.String()
}

func TestRender(t *testing.T) {
	day := time.Date(2023, 10, 16, 0, 0, 0, 0, time.UTC)
	r := bot.Reply{
		Message: message.Message{
			Lang: language.English,
			Body: []message.Block{
				message.Paragraph{message.Text("On "), message.Day{Text: "16 October 2023", Day: day}, message.Text(" "), message.Strong("Turkmenistan"), message.Text(" chaired"), message.Cite(1), message.Text(".")},
				message.Paragraph{message.Text("See "), message.Link{Text: "the page", URL: "https://a.b/c"}},
				message.List{Ordered: true, First: 3, Items: [][]message.Inline{{message.Text("three")}, {}, {message.Text("five")}}},
				message.List{Items: [][]message.Inline{{message.Text("a")}, {message.Text("b")}}},
				message.Quote{message.Text("so")},
			},
			Notes:   []message.Note{{Publisher: "nCa", Date: "17 October 2023", Title: "Dialogue", URL: "https://n.c/a"}},
			Choices: []message.Choice{{Label: "And in 2023?", Value: "who chaired in 2023?"}},
		},
		Buttons: [][]bot.Button{{{Kind: bot.Share, Label: "Share", Action: "who chaired?"}, {Kind: bot.Open, Label: "Source", URL: "https://n.c/a"}}, {{Label: "👍", Action: "1:helpful"}}},
	}
	all := pages(&r)
	checkPages(t, all)
	got, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"text":"On 16 October 2023 Turkmenistan chaired [1].\n\nSee the page (https://a.b/c)\n3. three\n5. five\n\n- a\n- b\n\n“so”\n\n[1] nCa, 17 October 2023: Dialogue. https://n.c/a\n\n1) And in 2023?",` +
		`"blocks":[{"type":"rich_text","elements":[` +
		`{"type":"rich_text_section","elements":[{"type":"text","text":"On "},{"type":"text","text":"16 October 2023"},{"type":"text","text":" "},{"type":"text","text":"Turkmenistan","style":{"bold":true}},{"type":"text","text":" chaired"},{"type":"text","text":" "},{"type":"link","url":"https://n.c/a","text":"[1]"},{"type":"text","text":"."},{"type":"text","text":"\n"}]},` +
		`{"type":"rich_text_section","elements":[{"type":"text","text":"See "},{"type":"link","url":"https://a.b/c","text":"the page"},{"type":"text","text":"\n"}]},` +
		`{"type":"rich_text_section","elements":[{"type":"text","text":"3. "},{"type":"text","text":"three"},{"type":"text","text":"\n"}]},` +
		`{"type":"rich_text_section","elements":[{"type":"text","text":"5. "},{"type":"text","text":"five"}]},` +
		`{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"b"}]}]},` +
		`{"type":"rich_text_quote","elements":[{"type":"text","text":"so"}]}]},` +
		`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"[1] nCa, 17 October 2023: "},{"type":"link","url":"https://n.c/a","text":"Dialogue"}]}]},` +
		`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"And in 2023?","emoji":false},"action_id":"choice.0","value":"who chaired in 2023?"}]},` +
		`{"type":"actions","block_id":"q0:who chaired?","elements":[{"type":"button","text":{"type":"plain_text","text":"Share","emoji":false},"action_id":"share.0.0","value":"who chaired?"},{"type":"button","text":{"type":"plain_text","text":"Source","emoji":false},"action_id":"open.0.1","url":"https://n.c/a"}]},` +
		`{"type":"actions","block_id":"q1:who chaired?","elements":[{"type":"button","text":{"type":"plain_text","text":"👍","emoji":false},"action_id":"act.1.0","value":"1:helpful"}]}]}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestDayStaysTheSame: a calendar day is the same for readers in every zone, so Slack
// must not compute with it.
func TestDayStaysTheSame(t *testing.T) {
	m := message.Message{Lang: language.English, Body: []message.Block{message.Paragraph{message.Day{Text: "16 October", Day: time.Unix(0, 0)}}}}
	raw, _ := json.Marshal(words(m))
	if strings.Contains(string(raw), `"date"`) || !strings.Contains(string(raw), "16 October") {
		t.Errorf("got %s", raw)
	}
}

// TestManyChoices checks that no choice is lost where there are more than fit.
func TestManyChoices(t *testing.T) {
	var m message.Message
	for i := range 1400 {
		m.Choices = append(m.Choices, message.Choice{Label: fmt.Sprint("choice ", i)})
	}
	m.Choices[3].Label = strings.Repeat("long ", 30)
	all := pages(&bot.Reply{Message: m})
	checkPages(t, all)
	n := 0
	for _, p := range all {
		raw, _ := json.Marshal(p)
		n += strings.Count(string(raw), `"type":"button"`)
	}
	if n != len(m.Choices) {
		t.Errorf("got %d of %d buttons", n, len(m.Choices))
	}
}

func FuzzRender(f *testing.F) {
	hostile := []string{
		"<!channel> <@U1> &amp; *bold* _it_ `code` ~x~", "@everyone @channel", "\x00\x1b[31m\u202e", "a\xffb", strings.Repeat("&<>", 700),
		strings.Repeat("ә", 5000), "http://a|b>c", "", " ", "\n\n> quoted\n• list", "👩‍⚖️" + strings.Repeat("\u0301", 900),
	}
	for i, h := range hostile {
		f.Add(h, hostile[(i+1)%len(hostile)], "https://a.b/"+h, byte(i), byte(i*40))
	}
	f.Fuzz(func(t *testing.T, a, b, url string, shape, many byte) {
		if len(a)+len(b) > 500 {
			many %= 8 // long texts and many of them only take long
		}
		checkPages(t, pages(build(a, b, url, shape, many)))
	})
}

// build makes a reply of what a fuzzer found.
func build(a, b, url string, shape, many byte) *bot.Reply {
	line := []message.Inline{message.Text(a), message.Strong(b), message.Cite(1), message.Link{Text: b, URL: url}, message.Day{Text: a, Day: time.Unix(1e9, 0)}, message.Cite(many)}
	r := &bot.Reply{Message: message.Message{Lang: language.English, Notes: []message.Note{{Publisher: a, Title: b, URL: url, Date: a}}}}
	blocks := []message.Block{message.Paragraph(line), message.Quote(line), message.List{Ordered: shape&1 > 0, First: int(many), Items: [][]message.Inline{line, {}, line}}}
	for i := range 1 + int(many)%4 {
		r.Message.Body = append(r.Message.Body, blocks[(int(shape)+i)%3])
	}
	for range int(many) {
		r.Message.Choices = append(r.Message.Choices, message.Choice{Label: b, Value: a})
	}
	row := []bot.Button{{Kind: bot.Share, Label: a, Action: b}, {Kind: bot.Open, Label: b, URL: url}, {Label: a, Action: a}}
	r.Buttons = slices.Repeat([][]bot.Button{row}, int(shape)%70)
	return r
}

// TestHostileText checks that words from facts or from readers can call nobody.
func TestHostileText(t *testing.T) {
	const evil = "<!channel> <@U1> <https://evil.example|nCa> *bold*"
	raw, _ := json.Marshal(pages(&bot.Reply{Message: say(evil, language.English)}))
	var all []struct {
		Text   string `json:"text"`
		Blocks []struct {
			Elements []struct {
				Elements []struct{ Type, Text string } `json:"elements"`
			} `json:"elements"`
		} `json:"blocks"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if got := all[0].Blocks[0].Elements[0].Elements[0]; got.Type != "text" || got.Text != evil {
		t.Errorf("in the blocks: got %+v", got)
	}
	if got := all[0].Text; got != escape(evil) {
		t.Errorf("in the text: got %q", got)
	}
}

// TestAdapter is the suite that every adapter passes, on what the blocks show and on
// what a screen reader is given.
func TestAdapter(t *testing.T) {
	render := func(read func(page) bottest.Part) func(*testing.T, bot.Reply) []bottest.Part {
		return func(t *testing.T, r bot.Reply) (parts []bottest.Part) {
			all := pages(&r)
			checkPages(t, all)
			for _, p := range all {
				parts = append(parts, read(p))
			}
			return parts
		}
	}
	t.Run("blocks", func(t *testing.T) {
		bottest.Run(t, bottest.Adapter{Render: render(readBlocks), Limit: 12000, Length: utf8.RuneCountInString})
	})
	t.Run("text", func(t *testing.T) {
		bottest.Run(t, bottest.Adapter{Render: render(readText), Limit: 4000, Length: utf8.RuneCountInString, NoButtons: true})
	})
}

func readText(p page) bottest.Part { return bottest.Part{Text: unescaper.Replace(p.Text)} }

// readBlocks reads the blocks as Slack shows them.
func readBlocks(p page) (part bottest.Part) {
	raw, _ := json.Marshal(p.Blocks)
	var blocks []map[string]any
	json.Unmarshal(raw, &blocks)
	for _, b := range blocks {
		read(b, &part)
	}
	return part
}

func read(v map[string]any, part *bottest.Part) {
	kind, _ := v["type"].(string)
	text, _ := v["text"].(string)
	switch kind {
	case "text":
		part.Text += text
	case "link":
		part.Text += text
		part.Links = append(part.Links, v["url"].(string))
	case "date":
		part.Text += v["fallback"].(string)
	case "button":
		part.Buttons = append(part.Buttons, v["text"].(map[string]any)["text"].(string))
	}
	all, _ := v["elements"].([]any)
	for i, e := range all {
		if kind == "rich_text_list" && v["style"] == "ordered" {
			part.Text += strconv.Itoa(i+1) + ". "
		}
		if kind == "rich_text_quote" && i == 0 {
			part.Text += "“"
		}
		if kind == "rich_text_list" && v["style"] == "bullet" {
			part.Text += "- "
		}
		read(e.(map[string]any), part)
		if kind == "rich_text_list" {
			part.Text += "\n"
		}
	}
	if kind == "rich_text_quote" {
		part.Text += "”"
	}
	if strings.HasPrefix(kind, "rich_text") {
		part.Text += "\n"
	}
}

// TestMoment: when a post comes is said by the clocks of the channel, and shown on the
// reader's own; a day of the past is the same day for everybody.
func TestMoment(t *testing.T) {
	at := time.Unix(1795770000, 0)
	m := message.Message{Body: []message.Block{message.Paragraph{message.Day{Text: "27 November, 09:00", At: at}, message.Day{Text: ", 16 October", Day: at}}}}
	got := mustJSON(t, words(m))
	want := `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"27 November, 09:00"},{"type":"text","text":" ("},` +
		`{"type":"date","timestamp":1795770000,"format":"{date_short_pretty} {time}","fallback":"27 November, 09:00"},{"type":"text","text":")"},{"type":"text","text":", 16 October"}]}]}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
