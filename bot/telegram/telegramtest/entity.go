package telegramtest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Entity is a MessageEntity; offset and length count UTF-16 code units.
type Entity struct {
	Type     string `json:"type"`
	Offset   int    `json:"offset"`
	Length   int    `json:"length"`
	URL      string `json:"url,omitempty"`
	Language string `json:"language,omitempty"`
}

// longest is how many UTF-16 code units a message may have.
const longest = 4096

func lenUTF16(text string) int {
	n := 0
	for _, r := range text {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// cutUTF16 returns the part of a text that an entity speaks of.
func cutUTF16(text string, offset, length int) string {
	units := utf16.Encode([]rune(text))
	if offset < 0 || length < 0 || offset+length > len(units) {
		return ""
	}
	return string(utf16.Decode(units[offset : offset+length]))
}

// readText reads and checks a text with entities, as the official server does.
func (c *call) readText(text, parseMode string, entities []Entity) (string, []Entity, error) {
	switch {
	case parseMode != "":
		c.tb.Errorf("telegramtest: the fake does not implement parse_mode")
		return "", nil, badRequest("the fake does not implement parse_mode")
	case !utf8.ValidString(text):
		return "", nil, badRequest("text must be encoded in UTF-8")
	}
	if err := checkEntities(text, entities); err != nil {
		return "", nil, err
	}
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	switch n := lenUTF16(text); {
	case strings.TrimSpace(text) == "":
		return "", nil, badRequest("message text is empty")
	case n > longest:
		return "", nil, badRequest("message is too long")
	default:
		return text, clip(entities, n), nil
	}
}

// clip takes from entities what the end of the text took with it.
func clip(entities []Entity, n int) []Entity {
	var kept []Entity
	for _, e := range entities {
		e.Length = min(e.Length, n-e.Offset)
		if e.Length > 0 {
			kept = append(kept, e)
		}
	}
	return kept
}

// checkEntities checks that entities lie in the text and cut no character.
func checkEntities(text string, entities []Entity) error {
	units := utf16.Encode([]rune(text))
	for _, e := range entities {
		end := e.Offset + e.Length
		switch {
		case e.Offset < 0 || e.Length <= 0 || e.Offset >= len(units) || end > len(units):
			return badRequest("entity beginning at UTF-16 offset %d ends after the end of the text at UTF-16 offset %d", e.Offset, end)
		case inside(units, e.Offset):
			return badRequest("entity begins in a middle of a UTF-16 symbol at byte offset %d", e.Offset)
		case inside(units, end):
			return badRequest("entity ends in a middle of a UTF-16 symbol at byte offset %d", end)
		case e.Type == "text_link" && e.URL == "":
			return badRequest("can't parse entities: text_link without url")
		}
	}
	return nil
}

// inside reports whether a place is between the two halves of a character.
func inside(units []uint16, at int) bool {
	return at < len(units) && units[at] >= 0xDC00 && units[at] <= 0xDFFF
}

var (
	command = regexp.MustCompile(`/[A-Za-z0-9_]{1,64}(@[A-Za-z0-9_]{3,32})?`)
	mention = regexp.MustCompile(`@[A-Za-z0-9_]{5,32}`)
	link    = regexp.MustCompile(`https?://[^\s<>"]+`)
)

// detect finds the entities that Telegram sees in a text by itself.
func detect(text string) []Entity {
	var found []Entity
	taken := make([]bool, len(text)+1)
	mark := func(kind string, expr *regexp.Regexp, beside string) {
		for _, at := range expr.FindAllStringIndex(text, -1) {
			if taken[at[0]] || !alone(text, at[0], at[1], beside) {
				continue
			}
			for i := at[0]; i < at[1]; i++ {
				taken[i] = true
			}
			found = append(found, Entity{Type: kind, Offset: lenUTF16(text[:at[0]]), Length: lenUTF16(text[at[0]:at[1]])})
		}
	}
	mark("url", link, "")
	mark("bot_command", command, "/<>")
	mark("mention", mention, "@")
	return sorted(found)
}

// alone reports whether what lies from start to end touches no word and none of
// the characters beside.
func alone(text string, start, end int, beside string) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	touches := func(r rune) bool {
		return r != utf8.RuneError && (r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(beside, r))
	}
	return !touches(before) && !touches(after)
}
