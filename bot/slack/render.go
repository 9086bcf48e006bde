package slack

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot"
	"suhbat/bot/message"
)

// The limits of Block Kit that a rendering may meet, in code points
// (docs.slack.dev/reference/block-kit/blocks).
const (
	maxText    = 3900 // of a message's own text: beyond 4,000 Slack advises against it
	maxBlocks  = 50   // of a message
	maxHome    = 100  // blocks of a view
	maxRow     = 25   // elements of an actions block
	maxLabel   = 75   // text of a button
	maxValue   = 2000 // of a button
	maxURL     = 3000
	maxBlockID = 255
	maxTitle   = 24  // title and submit of a modal
	maxHint    = 150 // placeholder of an input
)

// page is one message as Slack takes it. Text is the whole of it in words, which is
// what screen readers and notifications read in place of the blocks
// (docs.slack.dev/reference/methods/chat.postMessage#accessibility).
type page struct {
	Text   string          `json:"text"`
	Blocks []slackgo.Block `json:"blocks,omitempty"`
}

// pages renders a reply as one message or several.
func pages(r *bot.Reply) []page {
	text := escape(message.Plain(r.Message)) // to write it down is most of the work, so it is done once
	parts := []message.Message{r.Message}
	if length(text) > maxText {
		parts = message.Split(r.Message, maxText, func(s string) int { return length(escape(s)) })
	}
	to := make([]page, 0, len(parts))
	for i, part := range parts {
		if len(parts) > 1 {
			text = escape(message.Plain(part))
		}
		p := page{Text: text, Blocks: words(part)}
		if part.Choices != nil {
			p.Blocks = append(p.Blocks, choices(part.Choices)...)
		}
		if i == len(parts)-1 {
			p.Blocks = append(p.Blocks, buttonRows(r.Buttons)...)
		}
		to = append(to, p.cut()...)
	}
	return to
}

// length is how Slack counts: in code points.
func length(s string) int { return utf8.RuneCountInString(s) }

// cut divides a page with too many blocks; those behind the first hold blocks alone,
// and the ellipsis that Slack wants for a text.
func (p page) cut() []page {
	if p.Text == "" && len(p.Blocks) == 0 {
		return nil
	}
	all := []page{p}
	for last := &all[0]; len(last.Blocks) > maxBlocks; last = &all[len(all)-1] {
		rest := page{Text: "…", Blocks: last.Blocks[maxBlocks:]}
		last.Blocks = last.Blocks[:maxBlocks:maxBlocks]
		all = append(all, rest)
	}
	return all
}

// words renders the body and the notes of a message. All of it is rich text, whose
// strings Slack shows as they are: in its older markup nothing protects a text from
// an asterisk in it.
func words(m message.Message) []slackgo.Block {
	w := writer{message: &m}
	for _, b := range m.Body {
		w.block(b)
	}
	blocks := w.blocks(nil)
	for i, n := range m.Notes {
		if n != (message.Note{}) {
			w.note(i+1, n)
		}
	}
	return w.blocks(blocks)
}

// writer collects the elements of a rich text.
type writer struct {
	message  *message.Message
	elements []slackgo.RichTextElement
	// passages and runs are where the next ones have room: an answer has a dozen, and to
	// make them one by one would take longer than to write them.
	passages []passage
	runs     []run
}

// richText is a rich_text block
// (docs.slack.dev/reference/block-kit/blocks/rich-text-block). What it is made of are
// values, where the library's own types are a pointer each.
type richText struct {
	Type     slackgo.MessageBlockType  `json:"type"`
	Elements []slackgo.RichTextElement `json:"elements"`
}

// BlockType is "rich_text".
func (b *richText) BlockType() slackgo.MessageBlockType { return b.Type }

// ID is the block_id, which a rich text has none of.
func (*richText) ID() string { return "" }

// passage is a rich_text_section or a rich_text_quote.
type passage struct {
	Type     slackgo.RichTextElementType `json:"type"`
	Elements []run                       `json:"elements"`
}

// RichTextElementType says which of the two it is.
func (p *passage) RichTextElementType() slackgo.RichTextElementType { return p.Type }

// run is a text, a link or a moment, and empty if there is nothing to show.
type run struct {
	Type  slackgo.RichTextSectionElementType `json:"type"`
	URL   string                             `json:"url,omitempty"`
	Text  string                             `json:"text,omitempty"`
	Style *slackgo.RichTextSectionTextStyle  `json:"style,omitempty"`
	// The rest is for a moment on the reader's clock: seconds since 1970, how to show it,
	// and what to show where that cannot be.
	Timestamp int64  `json:"timestamp,omitempty"`
	Format    string `json:"format,omitempty"`
	Fallback  string `json:"fallback,omitempty"`
}

// list is a rich_text_list
// (docs.slack.dev/reference/block-kit/blocks/rich-text-block#rich_text_list).
type list struct {
	Type     slackgo.RichTextElementType     `json:"type"`
	Style    slackgo.RichTextListElementType `json:"style"`
	Elements []passage                       `json:"elements"`
}

// RichTextElementType is "rich_text_list".
func (l *list) RichTextElementType() slackgo.RichTextElementType { return l.Type }

// blocks appends what was written to blocks and begins anew.
func (w *writer) blocks(blocks []slackgo.Block) []slackgo.Block {
	if len(w.elements) == 0 {
		return blocks
	}
	blocks = append(blocks, &richText{slackgo.MBTRichText, w.elements})
	w.elements = nil
	return blocks
}

// usualRuns and usualPassages are how many an answer with its sources has at most, as
// a rule.
const (
	usualRuns     = 24
	usualPassages = 6
)

// room returns a line that is empty and has room for so many runs.
func (w *writer) room(n int) []run {
	if cap(w.runs)-len(w.runs) < n {
		w.runs = make([]run, 0, max(n, usualRuns))
	}
	from := len(w.runs)
	w.runs = w.runs[:from+n]
	return w.runs[from : from : from+n]
}

// add adds a passage, if it shows anything.
func (w *writer) add(kind slackgo.RichTextElementType, line []run) {
	if line == nil {
		return
	}
	if len(w.passages) == cap(w.passages) {
		w.passages = make([]passage, 0, usualPassages)
	}
	w.passages = append(w.passages, passage{kind, line})
	if w.elements == nil {
		w.elements = make([]slackgo.RichTextElement, 0, usualPassages)
	}
	w.elements = append(w.elements, &w.passages[len(w.passages)-1])
}

func (w *writer) block(b message.Block) {
	switch b := b.(type) {
	case message.Paragraph:
		w.section(w.line(b))
	case message.Quote:
		w.add(slackgo.RTEQuote, w.line(b))
	case message.List:
		w.list(b)
	}
}

// section adds a paragraph. Slack puts no space between two of them, hence the
// line break.
func (w *writer) section(line []run) {
	if line == nil {
		return
	}
	if n := len(w.elements); n > 0 {
		if before, ok := w.elements[n-1].(*passage); ok && before.Type == slackgo.RTESection {
			before.Elements = append(before.Elements, plain("\n"))
		}
	}
	w.add(slackgo.RTESection, line)
}

// list adds a list. An item without words takes its number with it. Slack's own
// numbers begin at 1 and leave none out; where ours do not, they are written.
func (w *writer) list(l message.List) {
	items := make([][]run, 0, len(l.Items))
	first, gaps := max(l.First, 1), l.Ordered && l.First > 1
	for _, item := range l.Items {
		line := w.line(item)
		gaps = gaps || l.Ordered && line == nil
		items = append(items, line)
	}
	to := &list{Type: slackgo.RTEList, Style: slackgo.RTEListBullet}
	if l.Ordered {
		to.Style = slackgo.RTEListOrdered
	}
	for i, line := range items {
		switch {
		case line == nil:
		case gaps:
			w.section(append([]run{plain(strconv.Itoa(first+i) + ". ")}, line...))
		default:
			to.Elements = append(to.Elements, passage{slackgo.RTESection, line})
		}
	}
	if len(to.Elements) > 0 {
		w.elements = append(w.elements, to)
	}
}

// line renders inlines; one that shows nothing is nil.
func (w *writer) line(inlines []message.Inline) []run {
	line := w.room(len(inlines) + 2)
	last, blank := ' ', true // the character before, as a reader sees it
	for _, in := range inlines {
		if _, ok := in.(message.Cite); ok && setOff(last) {
			line = append(line, plain(" "))
		}
		r, text := w.inline(in)
		if text == "" {
			continue
		}
		line = append(line, r)
		if day, ok := in.(message.Day); ok && day.At.Unix() > 0 {
			line = append(line, plain(" ("), moment(day), plain(")"))
		}
		last, _ = utf8.DecodeLastRuneInString(text)
		blank = blank && strings.TrimSpace(text) == ""
	}
	if blank {
		return nil
	}
	return line
}

// setOff reports whether a citation needs a space behind this character.
func setOff(last rune) bool {
	return !unicode.IsSpace(last) && !unicode.Is(unicode.Ps, last) && last != ']'
}

// bold is how what is strong looks.
var bold = &slackgo.RichTextSectionTextStyle{Bold: true}

// inline renders one inline and returns what of it a reader sees, nothing if there
// is nothing to show.
func (w *writer) inline(in message.Inline) (r run, text string) {
	switch in := in.(type) {
	case message.Text:
		text = message.Clean(string(in))
		return plain(text), text
	case message.Strong:
		text = message.Clean(string(in))
		return run{Type: slackgo.RTSEText, Text: text, Style: bold}, text
	case message.Link:
		text = message.Clean(orElse(in.Text, in.URL))
		return link(in.URL, text), text
	case message.Day: // Slack would show it in the reader's zone, where 16 October may be the 15th
		text = message.Clean(in.Text)
		return plain(text), text
	case message.Cite:
		text = "[" + strconv.Itoa(int(in)) + "]"
		if n := int(in); n >= 1 && n <= len(w.message.Notes) {
			return cite(w.message.Notes[n-1].URL, text), text
		}
		return plain(text), text
	default:
		return run{}, ""
	}
}

// moment shows a moment on the reader's own clock and in the reader's own language, which
// Slack knows (docs.slack.dev/messaging/formatting-message-text#date-formatting).
func moment(d message.Day) run {
	return run{Type: slackgo.RTSEDate, Timestamp: d.At.Unix(), Format: "{date_short_pretty} {time}", Fallback: message.Clean(d.Text)}
}

func plain(text string) run { return run{Type: slackgo.RTSEText, Text: text} }

// link makes text lead to a page. An address that Slack would not take for one is
// shown in words.
func link(url, text string) run {
	if isPage(url) {
		return run{Type: slackgo.RTSELink, URL: url, Text: text}
	}
	if address := message.Clean(url); address != "" && address != text {
		text += " (" + address + ")"
	}
	return plain(text)
}

// cite is the mark of a source, which leads to it where that can be.
func cite(url, text string) run {
	if !isPage(url) {
		return plain(text)
	}
	return run{Type: slackgo.RTSELink, URL: url, Text: text}
}

// isPage reports whether Slack takes url for a link to a page.
func isPage(url string) bool {
	https, http := strings.HasPrefix(url, "https://"), strings.HasPrefix(url, "http://")
	if !https && !http || len(url) > maxURL {
		return false
	}
	for i := range len(url) {
		switch c := url[i]; {
		case c <= ' ' || c == '<' || c == '>' || c == '|':
			return false
		case c > '~':
			return message.Clean(url) == url && !strings.ContainsAny(url[i:], " <>|")
		}
	}
	return true
}

// note adds a source as "[1] Publisher, Date: Title", its title a link.
func (w *writer) note(number int, n message.Note) {
	who := message.Clean(n.Publisher)
	if n.Date != "" {
		who = strings.TrimPrefix(who+", "+message.Clean(n.Date), ", ")
	}
	title, space, end := message.Clean(orElse(n.Title, n.URL)), "", ""
	if who != "" {
		space = " "
	}
	switch {
	case title != "" && who != "":
		end = ": "
	case title != "":
		end = " "
	}
	line := append(w.room(3), plain("["+strconv.Itoa(number)+"]"+space+who+end)) // and a line break
	if title != "" {
		line = append(line, link(n.URL, title))
	}
	w.section(line)
}
