package telegramtest

import (
	"encoding/json"
	"net/url"
	"strings"
)

// maxButtons is how many buttons a message may have.
const maxButtons = 100

// readMarkup reads reply_markup. An edit without one takes the buttons away.
func (c *call) readMarkup(m *Message, otherKinds bool) error {
	m.Buttons, m.markup, m.Force = nil, nil, false
	if !c.has("reply_markup") {
		return nil
	}
	var markup struct {
		Inline [][]json.RawMessage `json:"inline_keyboard"`
		Force  bool                `json:"force_reply"`
	}
	if err := c.decode("reply_markup", &markup); err != nil {
		return err
	}
	if markup.Inline == nil {
		if !otherKinds {
			return badRequest("object expected as reply markup")
		}
		m.Force = markup.Force
		return nil
	}
	buttons, err := readButtons(markup.Inline)
	if err != nil || len(buttons) == 0 {
		return err
	}
	m.Buttons, m.markup = buttons, object{"inline_keyboard": markup.Inline}
	return nil
}

func readButtons(raw [][]json.RawMessage) ([][]Button, error) {
	var rows [][]Button
	n := 0
	for _, rawRow := range raw {
		var row []Button
		for _, rawButton := range rawRow {
			var b Button
			if json.Unmarshal(rawButton, &b) != nil {
				return nil, badRequest("can't parse inline keyboard button: Field has a wrong type")
			}
			if err := b.check(); err != nil {
				return nil, err
			}
			row = append(row, b)
			n++
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if n > maxButtons {
		return nil, badRequest("reply markup is too long")
	}
	return rows, nil
}

// check refuses what no client could show.
func (b Button) check() error {
	does := 0
	for _, given := range []bool{
		b.Data != "", b.URL != "", b.Query != nil, b.Here != nil, b.Chosen != nil,
		b.Copy != nil, b.WebApp != nil, b.Login != nil, b.Game != nil, b.Pay,
	} {
		if given {
			does++
		}
	}
	switch {
	case strings.TrimSpace(b.Text) == "":
		return badRequest("can't parse inline keyboard button: Text must be non-empty")
	case does == 0:
		return badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case does > 1:
		return badRequest("can't parse inline keyboard button: exactly one optional field must be used")
	case len(b.Data) > 64:
		return badRequest("BUTTON_DATA_INVALID")
	case b.URL != "" && !validURL(b.URL):
		return badRequest("BUTTON_URL_INVALID")
	default:
		return nil
	}
}

func validURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && ((u.Scheme == "tg") || ((u.Scheme == "http" || u.Scheme == "https") && strings.Contains(u.Host, ".")))
}
