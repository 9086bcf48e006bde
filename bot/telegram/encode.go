package telegram

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot/wire"
)

// What is sent with every answer is written by hand here: encoding/json and net/url
// take a tenth of an answer's time for it. Tests compare the two.

// appendForm appends parameters as a form, as [net/url.Values.Encode] does, behind what
// is there. That itself stays as it is, for others have it.
func appendForm(form []byte, params tgbotapi.Params) []byte {
	keys, size := make([]string, 0, 8), 0
	for key, value := range params {
		keys, size = append(keys, key), size+len("=&")+queryLen(key)+queryLen(value)
	}
	slices.Sort(keys)
	dst := append(make([]byte, 0, len(form)+size), form...)
	for _, key := range keys {
		if len(dst) > 0 {
			dst = append(dst, '&')
		}
		dst = append(appendQuery(dst, key), '=')
		dst = appendQuery(dst, params[key])
	}
	return dst
}

// queryLen is how many bytes appendQuery appends.
func queryLen(s string) int {
	n := 0
	for i := range len(s) {
		n += int(inQuery[s[i]])
	}
	return n
}

// appendQuery appends a text as [net/url.QueryEscape] does.
func appendQuery(dst []byte, s string) []byte {
	const digits = "0123456789ABCDEF"
	n := len(dst)
	size := queryLen(s)
	dst = slices.Grow(dst, size)[:n+size]
	for i := range len(s) {
		switch c := s[i]; {
		case asItIs[c]:
			dst[n] = c
			n++
		case c == ' ':
			dst[n] = '+'
			n++
		default:
			to := dst[n : n+3 : n+3]
			to[0], to[1], to[2] = '%', digits[c>>4], digits[c&15]
			n += 3
		}
	}
	return dst
}

// inQuery is how many bytes stand for each.
var inQuery = func() (all [256]uint8) {
	for c := range all {
		all[c] = uint8(len(url.QueryEscape(string([]byte{byte(c)}))))
	}
	return all
}()

// asItIs has the bytes that a form takes as they are.
var asItIs = func() (is [256]bool) {
	for c := range is {
		is[c] = 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-_.~", byte(c)) >= 0
	}
	return is
}()

// appendEntities appends entities as JSON.
func appendEntities(dst []byte, all []entity) []byte {
	size := len("[]")
	for _, e := range all {
		size += usualEntity + len(e.URL)
	}
	dst = slices.Grow(dst, size)
	dst = append(dst, '[')
	for i, e := range all {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"type":`...)
		dst = wire.AppendJSON(dst, e.Type)
		dst = append(dst, `,"offset":`...)
		dst = strconv.AppendInt(dst, int64(e.Offset), 10)
		dst = append(dst, `,"length":`...)
		dst = strconv.AppendInt(dst, int64(e.Length), 10)
		dst = append(appendField(dst, "url", e.URL), '}')
	}
	return append(dst, ']')
}

// usualEntity is about how many bytes an entity has without its address, usualButton a
// button with what it holds.
const (
	usualEntity = 64
	usualButton = 160
)

// appendKeyboard appends rows of buttons as JSON.
func appendKeyboard(dst []byte, k keyboard) []byte {
	size := usualButton
	for _, row := range k.Rows {
		size += len(row) * usualButton
	}
	dst = slices.Grow(dst, size)
	dst = append(dst, `{"inline_keyboard":[`...)
	for y, row := range k.Rows {
		if y > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '[')
		for x, b := range row {
			if x > 0 {
				dst = append(dst, ',')
			}
			dst = appendButton(dst, b)
		}
		dst = append(dst, ']')
	}
	return append(dst, "]}"...)
}

func appendButton(dst []byte, b apiButton) []byte {
	dst = append(dst, `{"text":`...)
	dst = wire.AppendJSON(dst, b.Text)
	dst = appendField(dst, "callback_data", b.CallbackData)
	dst = appendField(dst, "url", b.URL)
	if s := b.SwitchInline; s != nil {
		dst = append(dst, `,"switch_inline_query_chosen_chat":{"query":`...)
		dst = wire.AppendJSON(dst, s.Query)
		dst = append(dst, `,"allow_user_chats":`...)
		dst = strconv.AppendBool(dst, s.AllowUsers)
		dst = append(dst, `,"allow_group_chats":`...)
		dst = strconv.AppendBool(dst, s.AllowGroups)
		dst = append(dst, `,"allow_channel_chats":`...)
		dst = append(strconv.AppendBool(dst, s.AllowChannels), '}')
	}
	return append(dst, '}')
}

// appendField appends one more field of an object, unless it is empty.
func appendField(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(append(dst, `,"`...), name...)
	return wire.AppendJSON(append(dst, `":`...), value)
}
