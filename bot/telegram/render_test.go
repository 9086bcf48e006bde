package telegram

import (
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rivo/uniseg"

	"suhbat/bot"
	"suhbat/bot/bottest"
	"suhbat/bot/message"
)

var adapter = bottest.Adapter{Limit: maxText, Length: utf16Len, Render: func(t *testing.T, r bot.Reply) []bottest.Part {
	var parts []bottest.Part
	rendered := renderer{inline: true}.reply(r.Message, r.Buttons, r.Prompt)
	checkParts(t, r.Message, rendered)
	for _, p := range rendered {
		out := bottest.Part{Text: p.text}
		for _, e := range p.entities {
			if e.Type == "text_link" {
				out.Links = append(out.Links, e.URL)
			}
		}
		if k, ok := p.markup.(keyboard); ok {
			for _, b := range slices.Concat(k.Rows...) {
				out.Buttons = append(out.Buttons, b.Text)
			}
		}
		parts = append(parts, out)
	}
	return parts
}}

func TestAdapter(t *testing.T) { bottest.Run(t, adapter) }

// checkParts checks what the server demands, and that the text is the reference
// rendering but for addresses and choices.
func checkParts(t *testing.T, m message.Message, parts []part) {
	t.Helper()
	m.Choices = unpressed(m.Choices, nil)
	short := m
	short.Notes = withoutAddresses(m.Notes)
	if !saidBy(parts, short, m.Notes) && !saidBy(parts, m, m.Notes) {
		t.Errorf("%d parts say something else than the message: %+v", len(parts), parts)
	}
	for i, p := range parts {
		if p.first != (i == 0) || (p.markup != nil && i < len(parts)-1) {
			t.Errorf("part %d: first %v, markup %v", i, p.first, p.markup)
		}
		checkEntities(t, p)
	}
}

// saidBy reports whether parts are the pieces of a message with these notes.
func saidBy(parts []part, m message.Message, notes []message.Note) bool {
	n := 0
	for _, piece := range message.Split(m, maxText, utf16Len) {
		piece.Notes = slices.Clone(piece.Notes)
		for i, note := range piece.Notes {
			if note != (message.Note{}) {
				piece.Notes[i] = notes[i]
			}
		}
		said := message.Plain(piece)
		if said == "" {
			continue
		}
		if n == len(parts) || parts[n].text != said && parts[n].text != message.Plain(withoutLinks(piece)) {
			return false
		}
		n++
	}
	return n == len(parts)
}

// withoutLinks returns a message without those addresses that are links.
func withoutLinks(m message.Message) message.Message {
	plain := func(line []message.Inline) []message.Inline {
		line = slices.Clone(line)
		for i, in := range line {
			if l, ok := in.(message.Link); ok && linkable(l.URL) && strings.TrimSpace(message.Clean(l.Text)) != "" {
				line[i] = message.Text(l.Text)
			}
		}
		return line
	}
	body := slices.Clone(m.Body)
	for i, b := range body {
		switch b := b.(type) {
		case message.Paragraph:
			body[i] = message.Paragraph(plain(b))
		case message.Quote:
			body[i] = message.Quote(plain(b))
		case message.List:
			b.Items = slices.Clone(b.Items)
			for j, item := range b.Items {
				b.Items[j] = plain(item)
			}
			body[i] = b
		}
	}
	m.Body, m.Notes = body, withoutAddresses(m.Notes)
	return m
}

// checkEntities checks that the server takes the entities as they are meant: in
// bounds, one inside another or apart, around whole characters.
func checkEntities(t *testing.T, p part) {
	t.Helper()
	units := utf16.Encode([]rune(p.text))
	if n := len(units); n == 0 || n > maxText {
		t.Errorf("%d units", n)
	}
	if len(p.entities) > maxEntities {
		t.Errorf("%d entities", len(p.entities))
	}
	var open []entity
	for _, e := range p.entities {
		if e.Length <= 0 || e.Offset < 0 || e.Offset+e.Length > len(units) {
			t.Fatalf("%+v of %d units", e, len(units))
		}
		text := string(utf16.Decode(units[e.Offset : e.Offset+e.Length]))
		if strings.ContainsRune(text, '\ufffd') && !strings.ContainsRune(p.text, '\ufffd') {
			t.Errorf("%+v cuts a character", e)
		}
		if strings.TrimSpace(text) != text {
			t.Errorf("%+v is around %q", e, text)
		}
		for len(open) > 0 && open[len(open)-1].Offset+open[len(open)-1].Length <= e.Offset {
			open = open[:len(open)-1]
		}
		if len(open) > 0 && open[len(open)-1].Offset+open[len(open)-1].Length < e.Offset+e.Length {
			t.Errorf("%+v overlaps %+v", e, open[len(open)-1])
		}
		open = append(open, e)
	}
}

// TestRenderProperty renders random messages made of hostile texts.
func TestRenderProperty(t *testing.T) {
	r := rand.New(rand.NewPCG(1325, 2000))
	for range 300 {
		var data []byte
		for range 1 + r.IntN(20) {
			s := bottest.Hostile[r.IntN(len(bottest.Hostile))]
			data = append(data, byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), byte(min(len(s), 255)))
			data = append(data, s...)
		}
		checkParts(t, bottest.Build(data), renderer{}.reply(bottest.Build(data), nil, bot.Prompt{}))
		if t.Failed() {
			t.Fatalf("data %q", data)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, seed := range bottest.Hostile {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = data[:min(len(data), 1000)] // more is slow, and no different
		m := bottest.Build(data)
		checkParts(t, m, renderer{}.reply(m, nil, bot.Prompt{}))
	})
}

// TestGraphemes checks that no part begins in the middle of a character.
func TestGraphemes(t *testing.T) {
	family := "👩\u200d👩\u200d👧\u200d👦"
	m := message.Message{Body: []message.Block{message.Paragraph{message.Strong(strings.Repeat(family, 2000))}}}
	n := 0
	for _, p := range (renderer{}).reply(m, nil, bot.Prompt{}) {
		n += uniseg.GraphemeClusterCount(p.text)
		if strings.ReplaceAll(p.text, family, "") != "" {
			t.Errorf("a family is torn apart")
		}
	}
	if n != 2000 {
		t.Errorf("%d characters, want 2000", n)
	}
}

func TestRender(t *testing.T) {
	m := message.Message{
		Body: []message.Block{
			message.Paragraph{message.Text("🕊 In "), message.Strong("2022 "), message.Text("Turkmenistan"), message.Cite(1)},
			message.Quote{message.Text("see "), message.Link{Text: "here", URL: "https://b.example"}},
		},
		Notes: []message.Note{{Publisher: "nCa", Title: "Women", URL: "https://a.example"}},
	}
	parts := renderer{}.reply(m, nil, bot.Prompt{})
	if len(parts) != 1 {
		t.Fatalf("%d parts", len(parts))
	}
	if want := "🕊 In 2022 Turkmenistan [1]\n\n“see here”\n\n[1] nCa: Women."; parts[0].text != want {
		t.Errorf("got %q, want %q", parts[0].text, want)
	}
	want := []entity{
		{"bold", 6, 4, ""},
		{"text_link", 24, 3, "https://a.example"},
		{"blockquote", 29, 10, ""},
		{"text_link", 34, 4, "https://b.example"},
		{"text_link", 50, 5, "https://a.example"},
	}
	if !slices.Equal(parts[0].entities, want) {
		t.Errorf("got %+v\nwant %+v", parts[0].entities, want)
	}
}

// TestKeyboard checks that a button that the server would refuse does not take the
// message with it.
func TestKeyboard(t *testing.T) {
	choices := []message.Choice{{Label: "One", Value: "1a"}, {Label: "Long", Value: strings.Repeat("x", 65)}, {Label: "Кто?", Value: "кто?"}, {Label: "Twice", Value: "1t"}}
	const asked = `[{"text":"One","callback_data":"1:c1.B_hjB7Q"}],[{"text":"Long","callback_data":"1:c2.fXClJUk"}],[{"text":"Кто?","callback_data":"1:c3.LnN4th4"}],`
	buttons := [][]bot.Button{
		{{Label: "Twice", Action: "1t"}, {Label: "", Action: "1b"}, {Label: "No action"}},
		{{Kind: bot.Open, Label: "Page", URL: "https://example.org"}, {Kind: bot.Open, Label: "Script", URL: "javascript:x"}},
		{{Kind: bot.Share, Label: "Share", Action: "who chaired in 2022?"}},
	}
	tests := []struct {
		r    renderer
		want string
	}{
		{renderer{inline: true}, `{"inline_keyboard":[` + asked + `[{"text":"Twice","callback_data":"1t"}],[{"text":"Page","url":"https://example.org"}],` +
			`[{"text":"Share","switch_inline_query_chosen_chat":{"query":"who chaired in 2022?","allow_user_chats":true,"allow_group_chats":true,"allow_channel_chats":true}}]]}`},
		{renderer{}, `{"inline_keyboard":[` + asked + `[{"text":"Twice","callback_data":"1t"}],[{"text":"Page","url":"https://example.org"}]]}`},
	}
	for _, tt := range tests {
		got, err := json.Marshal(tt.r.keyboard(choices, buttons))
		if err != nil || string(got) != tt.want {
			t.Errorf("got  %s, %v\nwant %s", got, err, tt.want)
		}
	}
	m := message.Message{Body: []message.Block{message.Paragraph{message.Text("Which?")}}, Choices: choices}
	if got, want := (renderer{}).reply(m, buttons, bot.Prompt{})[0].text, "Which?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPrompt checks that the field for a word opens, with the choices in the text.
func TestPrompt(t *testing.T) {
	m := message.Message{Body: []message.Block{message.Paragraph{message.Text("A word?")}}, Choices: []message.Choice{{Label: "None", Value: "1n"}}}
	parts := renderer{}.reply(m, [][]bot.Button{{{Label: "Cancel", Action: "1c"}}}, bot.Prompt{Placeholder: strings.Repeat("🕊", 40), Action: "1w"})
	got, err := json.Marshal(parts[0].markup)
	if want := `{"force_reply":true,"input_field_placeholder":"` + strings.Repeat("🕊", 31) + `…"}`; string(got) != want || err != nil {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	if want := "A word?\n\n1) None"; parts[0].text != want {
		t.Errorf("got %q, want %q", parts[0].text, want)
	}
}

func TestLinkable(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.org/a?b=c#d": true, "http://xn--e1afmkfd.xn--p1ai": true, "https://пример.рф/путь": true,
		"": false, "example.org": false, "javascript:alert(1)": false, "https://localhost": false, "https://a b.org": false,
		"https://user:pw@example.org": false, "https://example.org/\u202egro": false, "tg://resolve?domain=x": false, "https://.": false,
		"https://a..org": false, "https://example.org/%zz": false, "https://example.org/" + strings.Repeat("a", maxURL): false,
	} {
		if got := linkable(address); got != want {
			t.Errorf("%.80q: %v", address, got)
		}
	}
}

// FuzzPlainAddress: an address that looks plain is one that the library reads as such.
func FuzzPlainAddress(f *testing.F) {
	f.Add("https://example.org/a/b?c=d&e=f#g:h+i~j")
	f.Add("http://.a.b-c_d.")
	f.Add("https://a.b?c.d#e")
	f.Fuzz(func(t *testing.T, address string) {
		u, err := url.Parse(address)
		if plainAddress(address) && (err != nil || u.Host == "" || u.User != nil || !strings.Contains(strings.Trim(u.Hostname(), "."), ".") || strings.Contains(u.Hostname(), "..")) {
			t.Errorf("%q is read as %#v, %v", address, u, err)
		}
	})
}

// TestReadable: on a telephone the buttons of a row are equally wide, so a long label
// beside others would end in the middle of a word.
func TestReadable(t *testing.T) {
	row := func(labels ...string) (buttons []bot.Button) {
		for _, label := range labels {
			buttons = append(buttons, bot.Button{Label: label, Action: "1x"})
		}
		return buttons
	}
	tests := []struct {
		row  []bot.Button
		want string
	}{
		{row("👍", "👎", "Поделиться"), "👍 | 👎 | Поделиться"},
		{row("Time", "Time zone"), "Time | Time zone"},
		{row("Asia/Ashgabat (UTC+5)", "Europe/London (UTC+0)"), "Asia/Ashgabat (UTC+5) | Europe/London (UTC+0)"},
		{row("Язык ответов", "Напоминания о годовщинах"), "Язык ответов / Напоминания о годовщинах"},
		{row("Coming anniversaries", "Language of answers", "Anniversary reminders"), "Coming anniversaries | Language of answers / Anniversary reminders"},
	}
	for _, tt := range tests {
		var rows []string
		for _, r := range (renderer{}).keyboard(nil, [][]bot.Button{tt.row}).Rows {
			var labels []string
			for _, b := range r {
				labels = append(labels, b.Text)
			}
			rows = append(rows, strings.Join(labels, " | "))
		}
		if got := strings.Join(rows, " / "); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
