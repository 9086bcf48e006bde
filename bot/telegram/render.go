package telegram

import (
	"slices"
	"strconv"
	"strings"

	"suhbat/bot"
	"suhbat/bot/message"
)

const (
	// maxText is the longest text of a message in UTF-16 units, and maxEntities how
	// many entities of it are heeded (core.telegram.org/bots/api#sendmessage,
	// limits.tginfo.me).
	maxText     = 4096
	maxEntities = 100
)

// part is one message to send: a piece of what is said.
type part struct {
	text     string
	entities []entity
	// first is true for the part that replies, or takes the place of another
	// message.
	first bool
	// markup stands under the last part: a [keyboard], a [forceReply], or nothing.
	markup any
	// form is all of that but a force_reply, written down for any number of requests;
	// nil if it is to be written for each.
	form []byte
}

// entity marks a stretch of text, in UTF-16 units
// (core.telegram.org/bots/api#messageentity).
type entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
	URL    string `json:"url,omitempty"`
}

// renderer turns what is said into what is sent.
type renderer struct {
	// inline is true if the bot answers inline queries. Share buttons are left out
	// else: the server would refuse the message.
	inline bool
}

// reply renders a message with what stands under it. The text says the same as
// [message.Plain], but for addresses that are links, and choices that are buttons. A
// prompt stands in the place of buttons, since a message has either. Nothing to say
// is no part.
func (r renderer) reply(m message.Message, buttons [][]bot.Button, prompt bot.Prompt) []part {
	var markup any
	if prompt != (bot.Prompt{}) {
		markup = forceReply{ForceReply: true, Placeholder: shorten(prompt.Placeholder, maxPlaceholder)}
	} else {
		if k := r.keyboard(m.Choices, buttons); len(k.Rows) > 0 {
			markup = k
		}
		m.Choices = unpressed(m.Choices, buttons)
	}
	parts := splitParts(m)
	if len(parts) > 0 {
		parts[0].first = true
		parts[len(parts)-1].markup = markup
	}
	return parts
}

// splitParts renders a message as one part if there is room for it, as there nearly
// always is, and else as several.
func splitParts(m message.Message) (parts []part) {
	if whole := piecePart(m); whole.text != "" && utf16Len(whole.text) <= maxText {
		return []part{whole}
	}
	short := m
	short.Notes = withoutAddresses(m.Notes)
	if parts, fit := pieceParts(message.Split(short, maxText, utf16Len), m.Notes); fit {
		return parts
	}
	parts, _ = pieceParts(message.Split(m, maxText, utf16Len), m.Notes)
	return parts
}

// withoutAddresses returns notes as a reader sees them, where addresses are links.
func withoutAddresses(notes []message.Note) []message.Note {
	notes = slices.Clone(notes)
	for i, n := range notes {
		if linkable(n.URL) && strings.TrimSpace(message.Clean(n.Title+n.Publisher+n.Date)) != "" {
			notes[i].URL = ""
		}
	}
	return notes
}

// pieceParts renders pieces, with the notes that they are pieces of. It reports whether
// all are short enough: of a message with very many links, addresses are shown.
func pieceParts(pieces []message.Message, notes []message.Note) (parts []part, fit bool) {
	fit = true
	for _, piece := range pieces {
		piece.Notes = slices.Clone(piece.Notes)
		for i, n := range piece.Notes {
			if n != (message.Note{}) {
				piece.Notes[i] = notes[i]
			}
		}
		if p := piecePart(piece); p.text != "" {
			parts = append(parts, p)
			fit = fit && utf16Len(p.text) <= maxText
		}
	}
	return parts, fit
}

// piecePart renders a piece that is short enough. If it has more links than the
// server heeds, the citations go without first, since their notes are links too;
// then all links show their addresses.
func piecePart(m message.Message) part {
	for _, links := range []linking{allLinks, noCites, noLinks} {
		w := writer{notes: m.Notes, linking: links, entities: make([]entity, 0, 2+2*len(m.Notes)), spans: make([]span, 0, usualSpans)}
		w.text.Grow(usualText)
		w.message(m)
		if len(w.entities) <= maxEntities || links == noLinks {
			return part{text: w.text.String(), entities: w.entities[:min(len(w.entities), maxEntities)]}
		}
	}
	panic("unreachable: the last way always fits")
}

// Most lines have no more spans, and most messages no more bytes.
const (
	usualSpans = 12
	usualText  = 1024
)

// linking says what becomes a link instead of an address that is spelled out.
type linking int

const (
	allLinks linking = iota
	noCites
	noLinks
)

// span is a stretch of a line under one entity, or none.
type span struct {
	text, kind, url string
}

// writer renders a message. Its lines and the gaps between them are those of
// [message.Plain].
type writer struct {
	notes    []message.Note
	linking  linking
	text     strings.Builder
	units    int // of UTF-16, in text
	entities []entity
	spans    []span // room for those of one line
	// gap is true when the next line begins a group.
	gap bool
	// afterParagraph is true when the last block written was a paragraph.
	afterParagraph bool
}

func (w *writer) message(m message.Message) {
	for _, b := range m.Body {
		w.block(b)
	}
	w.gap = true
	for i, n := range m.Notes {
		if n != (message.Note{}) {
			w.line("", w.note(i+1, n), "", "")
		}
	}
	w.gap = true
	for i, c := range m.Choices {
		if c != (message.Choice{}) {
			w.line("", append(w.spans[:0], span{text: strconv.Itoa(i+1) + ") "}, span{text: strings.TrimSpace(message.Clean(c.Label))}), "", "")
		}
	}
}

func (w *writer) block(b message.Block) {
	before := w.units
	switch b := b.(type) {
	case message.Paragraph:
		w.gap = true
		w.line("", w.inlines(b), "", "")
	case message.Quote:
		w.gap = true
		w.line("“", w.inlines(b), "”", "blockquote")
	case message.List:
		w.gap = !w.afterParagraph
		w.items(b)
	}
	if w.units > before {
		_, w.afterParagraph = b.(message.Paragraph)
	}
}

func (w *writer) items(l message.List) {
	for i, item := range l.Items {
		mark := "- "
		if l.Ordered {
			mark = strconv.Itoa(max(l.First, 1)+i) + ". "
		}
		w.line(mark, w.inlines(item), "", "")
	}
}

// line writes one line between what stands before and after it, if it says anything, the
// whole of it under an entity of the given kind, if any.
func (w *writer) line(before string, line []span, after, kind string) {
	line = trim(line)
	if len(line) == 0 {
		return
	}
	if w.units > 0 {
		w.write("\n")
		if w.gap {
			w.write("\n")
		}
	}
	w.gap = false
	start, outer := w.units, len(w.entities)
	if kind != "" {
		w.entities = append(w.entities, entity{Type: kind, Offset: start})
	}
	w.write(before)
	for i := range line {
		w.span(&line[i])
	}
	w.write(after)
	if kind != "" {
		w.entities[outer].Length = w.units - start
	}
}

// span writes a span, its entity without the spaces around it.
func (w *writer) span(s *span) {
	start := w.units
	w.write(s.text)
	if s.kind == "" {
		return
	}
	length, inner := w.units-start, strings.TrimSpace(s.text)
	if inner == "" {
		return
	}
	if len(inner) < len(s.text) {
		start += utf16Len(s.text[:strings.Index(s.text, inner)])
		length = utf16Len(inner)
	}
	w.entities = append(w.entities, entity{Type: s.kind, Offset: start, Length: length, URL: s.url})
}

func (w *writer) write(s string) {
	w.text.WriteString(s)
	w.units += utf16Len(s)
}

// inlines renders one line. It is there until the next one is rendered.
func (w *writer) inlines(line []message.Inline) []span {
	spans := w.spans[:0]
	last := ' ' // the character before, as a reader sees it
	for _, in := range line {
		if _, ok := in.(message.Cite); ok && wantsSpace(last) {
			spans = append(spans, span{text: " "})
		}
		if s := w.inline(in); s.text != "" {
			spans = append(spans, s)
			last = lastRune(s.text)
		}
	}
	w.spans = spans
	return spans
}

func (w *writer) inline(in message.Inline) span {
	switch in := in.(type) {
	case message.Text:
		return span{text: message.Clean(string(in))}
	case message.Strong:
		return span{text: message.Clean(string(in)), kind: "bold"}
	case message.Day:
		return span{text: message.Clean(in.Text)}
	case message.Link:
		return w.link(in)
	case message.Cite:
		return w.cite(int(in))
	default:
		return span{}
	}
}

// link renders words that lead somewhere, the address beside them if it cannot be
// one that they lead to.
func (w *writer) link(l message.Link) span {
	text, address := message.Clean(l.Text), message.Clean(l.URL)
	switch {
	case w.links(l.URL) && strings.TrimSpace(text) != "":
		return span{text, "text_link", l.URL}
	case l.Text == "" || l.Text == l.URL || l.URL == "":
		return span{text: max(text, address)}
	default:
		return span{text: text + " (" + address + ")"}
	}
}

// cite renders a citation, a link to its source.
func (w *writer) cite(number int) span {
	s := span{text: bracketed(number)}
	if w.linking != allLinks || number < 1 || number > len(w.notes) {
		return s
	}
	if address := w.notes[number-1].URL; linkable(address) {
		s.kind, s.url = "text_link", address
	}
	return s
}

// note renders a source as "[1] Publisher, Date: Title. URL". Where the address can
// be a link, it is that of the title, or else of the words before.
func (w *writer) note(number int, n message.Note) []span {
	who, title := span{text: message.Clean(n.Publisher)}, span{text: message.Clean(n.Title)}
	if n.Date != "" {
		who.text = strings.TrimPrefix(who.text+", "+message.Clean(n.Date), ", ")
	}
	address := span{text: message.Clean(n.URL)}
	if w.links(n.URL) {
		link := &address
		switch {
		case strings.TrimSpace(title.text) != "":
			link, address.text = &title, ""
		case strings.TrimSpace(who.text) != "":
			link, address.text = &who, ""
		}
		link.kind, link.url = "text_link", n.URL
	}
	var colon, stop string
	if who.text != "" && title.text != "" {
		colon = ":"
	}
	if !strings.ContainsRune(".!?…", lastRune(title.text)) {
		stop = "."
	}
	line := append(w.spans[:0], span{text: bracketed(number)})
	for _, s := range []struct {
		words span
		after string
	}{{who, colon}, {title, stop}, {address, ""}} {
		if s.words.text != "" {
			line = append(line, span{text: " "}, s.words, span{text: s.after})
		}
	}
	w.spans = line
	return line
}

// bracketed is how the text shows the number of a source.
func bracketed(number int) string {
	const few = "[1][2][3][4][5][6][7][8][9]"
	if at := (number - 1) * len("[1]"); 0 <= at && at < len(few) {
		return few[at : at+len("[1]")]
	}
	return "[" + strconv.Itoa(number) + "]"
}

// links reports whether an address is to be a link.
func (w *writer) links(address string) bool { return w.linking != noLinks && linkable(address) }
