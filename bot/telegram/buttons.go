package telegram

import (
	"slices"
	"strings"
	"unicode/utf8"

	"suhbat/bot"
	"suhbat/bot/message"
)

// Limits of what stands under a message. Labels and the number of buttons are
// bounded by what a phone shows; the rest is of core.telegram.org/bots/api.
const (
	maxLabel       = 128
	lineOfLabels   = 42 // characters beside one another
	maxButtons     = 100
	maxPlaceholder = 64
	maxQuery       = 256
)

// keyboard renders a row for each choice that can be a button, then the buttons. One
// that the server would refuse is left out, since it would refuse the message.
func (r renderer) keyboard(choices []message.Choice, buttons [][]bot.Button) keyboard {
	rows := make([][]bot.Button, 0, len(choices)+len(buttons))
	for i, c := range choices {
		if pressable(c) && !offered(c, buttons) {
			rows = append(rows, []bot.Button{{Label: c.Label, Action: bot.ChoiceAction(i+1, c)}})
		}
	}
	k := keyboard{Rows: [][]apiButton{}}
	left := maxButtons
	for _, row := range append(rows, buttons...) {
		var out []apiButton
		for _, b := range row {
			if ab, ok := r.button(b); ok && left > 0 {
				out = append(out, ab)
				left--
			}
		}
		k.Rows = append(k.Rows, readable(out)...)
	}
	return k
}

// readable are rows of the same buttons of which a telephone shows the labels: all of a
// row are equally wide, and a label that is too long is cut off.
func readable(row []apiButton) [][]apiButton {
	n := len(row)
	for n > 1 && slices.ContainsFunc(row, func(b apiButton) bool { return utf8.RuneCountInString(b.Text) > lineOfLabels/n }) {
		n--
	}
	return slices.Collect(slices.Chunk(row, max(n, 1)))
}

// relabelled is the part that changes the buttons under a message, and nothing else of
// it: for a target with relabel.
func (r renderer) relabelled(choices []message.Choice, buttons [][]bot.Button) part {
	return part{first: true, markup: r.keyboard(choices, buttons)}
}

// button renders one button, unless the server would refuse it.
func (r renderer) button(b bot.Button) (apiButton, bool) {
	out := apiButton{Text: shorten(b.Label, maxLabel)}
	ok := out.Text != ""
	switch b.Kind {
	case bot.Open:
		out.URL, ok = b.URL, ok && linkable(b.URL)
	case bot.Share:
		query := shorten(b.Action, maxQuery)
		out.SwitchInline, ok = &switchInline{query, true, true, true}, ok && r.inline
	case bot.Cite: // each source is a link in the answer, and the row is full
		ok = false
	case bot.Act:
		out.CallbackData, ok = b.Action, ok && isAction(b.Action)
	}
	return out, ok
}

// isAction reports whether s can come back from a button.
func isAction(s string) bool {
	notASCII := func(r rune) bool { return r < ' ' || r > '~' }
	return s != "" && len(s) <= bot.MaxAction && !strings.ContainsFunc(s, notASCII)
}

// pressable reports whether a choice can be a button.
func pressable(c message.Choice) bool {
	return c.Value != "" && strings.TrimSpace(message.Clean(c.Label)) != ""
}

// offered reports whether a choice is one of the buttons anyway.
func offered(c message.Choice, buttons [][]bot.Button) bool {
	return c.Value != "" && slices.ContainsFunc(buttons, func(row []bot.Button) bool {
		return slices.ContainsFunc(row, func(b bot.Button) bool { return b.Kind == bot.Act && b.Action == c.Value })
	})
}

// unpressed returns the choices under their numbers, without those that are buttons.
func unpressed(choices []message.Choice, buttons [][]bot.Button) []message.Choice {
	left := slices.Clone(choices)
	for i, c := range left {
		if i < maxButtons && (pressable(c) || offered(c, buttons)) {
			left[i] = message.Choice{}
		}
	}
	return left
}
