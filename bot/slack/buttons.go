package slack

import (
	"strconv"
	"strings"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot"
	"suhbat/bot/message"
)

// choices renders choices as buttons. Those that are too long for a button stand in
// a list of their own as well.
func choices(all []message.Choice) []slackgo.Block {
	var rows []slackgo.Block
	var row []button
	var long writer
	for i, c := range all {
		label := strings.TrimSpace(message.Clean(c.Label))
		if label == "" {
			continue
		}
		if length(label) > maxLabel {
			label = strconv.Itoa(i+1) + ") " + label
			long.section([]run{plain(label)})
		}
		if value := orElse(c.Value, c.Label); length(value) <= maxValue {
			row = append(row, newButton("choice."+strconv.Itoa(i), label, value, ""))
		}
		if len(row) == maxRow {
			rows, row = append(rows, newActions("", row)), nil
		}
	}
	if row != nil {
		rows = append(rows, newActions("", row))
	}
	return append(long.blocks(nil), rows...)
}

// buttonRows renders the buttons, a block for each row. The first block carries the
// question that gives the answer again, if there is one: Slack shows no program a
// message that only one person sees, so its buttons are changed by making it anew.
func buttonRows(rows [][]bot.Button) []slackgo.Block {
	var blocks []slackgo.Block
	id := questionID(rows)
	for y, row := range rows {
		elements := make([]button, 0, len(row))
		for x, b := range row {
			if e, ok := actionButton(b, strconv.Itoa(y)+"."+strconv.Itoa(x)); ok && len(elements) < maxRow {
				elements = append(elements, e)
			}
		}
		if len(elements) > 0 {
			blocks = append(blocks, newActions(id, elements))
			id = moreID(id, y)
		}
	}
	return blocks
}

const asked = "q" // then digits, a colon and the question

// actions is a row of buttons
// (docs.slack.dev/reference/block-kit/blocks/actions-block). The library's own is
// written by a method of its own and then checked once more, at twice the cost.
type actions struct {
	Type     slackgo.MessageBlockType `json:"type"`
	BlockID  string                   `json:"block_id,omitempty"`
	Elements []button                 `json:"elements"`
}

func newActions(id string, elements []button) *actions {
	return &actions{Type: slackgo.MBTAction, BlockID: id, Elements: elements}
}

// BlockType is "actions".
func (a *actions) BlockType() slackgo.MessageBlockType { return a.Type }

// ID is the block_id.
func (a *actions) ID() string { return a.BlockID }

// questionID is a block_id that holds the question which the buttons' message
// answers.
func questionID(rows [][]bot.Button) string {
	for _, row := range rows {
		for _, b := range row {
			if id := asked + "0:" + b.Action; b.Kind == bot.Share && length(id) <= maxBlockID-3 {
				return id
			}
		}
	}
	return ""
}

// moreID is the id of the next row, for each row's is its own.
func moreID(id string, y int) string {
	if _, question, ok := strings.Cut(id, ":"); ok {
		return asked + strconv.Itoa(y+1) + ":" + question
	}
	return ""
}

// question returns what [questionID] put into a block_id.
func question(id string) string {
	number, q, ok := strings.Cut(id, ":")
	if !ok || !strings.HasPrefix(number, asked) {
		return ""
	}
	return q
}

// The beginnings of an action_id, each with a number behind it.
const (
	actionOpen  = "open."
	actionPress = "act."
	actionShare = "share."
	actionCite  = "cite."
	actionPick  = "choice."
	actionForm  = "form."
	actionAsk   = "ask" // the field on the bot's own page

	actionChannel = "channel" // the other one there
)

// actionButton renders one button, unless Slack would refuse it.
func actionButton(b bot.Button, number string) (to button, ok bool) {
	label := strings.TrimSpace(message.Clean(b.Label + " " + b.Name))
	switch {
	case label == "":
		return button{}, false
	case b.URL != "" && isPage(b.URL):
		return newButton(actionOpen+number, label, "", b.URL), true
	case b.Action == "" || length(b.Action) > maxValue:
		return button{}, false
	case b.Kind == formKind:
		return newButton(actionForm+number, label, b.Action, ""), true
	case b.Kind == bot.Share:
		return newButton(actionShare+number, label, b.Action, ""), true
	case b.Kind == bot.Cite:
		return newButton(actionCite+number, label, b.Action, ""), true
	default:
		return newButton(actionPress+number, label, b.Action, ""), true
	}
}

// button is a button
// (docs.slack.dev/reference/block-kit/block-elements/button-element).
type button struct {
	Type     slackgo.MessageElementType `json:"type"`
	Text     label                      `json:"text"`
	ActionID string                     `json:"action_id"`
	URL      string                     `json:"url,omitempty"`
	Value    string                     `json:"value,omitempty"`
}

// label is the text of a button, in which Slack is to make no picture of ":a:".
type label struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji bool   `json:"emoji"`
}

func newButton(id, text, value, url string) button {
	return button{Type: slackgo.METButton, Text: label{Type: slackgo.PlainTextType, Text: clamp(text, maxLabel)}, ActionID: id, URL: url, Value: value}
}
