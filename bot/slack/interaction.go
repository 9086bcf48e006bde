package slack

import (
	"encoding/json"
	"strings"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot"
)

// payload is what an interaction sends, as far as it is used here
// (docs.slack.dev/reference/interaction-payloads).
type payload struct {
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	Team        named  `json:"team"`
	Enterprise  named  `json:"enterprise"`
	IsOrg       bool   `json:"is_enterprise_install"`
	Channel     named  `json:"channel"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	User        struct {
		ID     string `json:"id"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	Container struct {
		Type        string `json:"type"`
		MessageTS   string `json:"message_ts"`
		ThreadTS    string `json:"thread_ts"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		TS       string          `json:"ts"`
		ThreadTS string          `json:"thread_ts"`
		Text     string          `json:"text"`
		Blocks   json.RawMessage `json:"blocks"`
	} `json:"message"`
	View    view `json:"view"`
	Actions []struct {
		ActionID string `json:"action_id"`
		BlockID  string `json:"block_id"`
		Value    string `json:"value"`
		ActionTS string `json:"action_ts"`
		Channel  string `json:"selected_conversation"`
		Text     struct {
			Text string `json:"text"`
		} `json:"text"`
	} `json:"actions"`
}

type named struct {
	ID string `json:"id"`
}

type view struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Hash     string `json:"hash"`
	Callback string `json:"callback_id"`
	Metadata string `json:"private_metadata"`
	State    struct {
		Values map[string]map[string]struct {
			Value string `json:"value"`
		} `json:"values"`
	} `json:"state"`
}

// press is where a button was pressed.
type press struct {
	// ephemeral is true if one person alone sees its message, shared if the button
	// is the one that changes that.
	ephemeral, share bool
	choice, form     bool   // if the button offers a choice, or opens a form
	label            string // of the button
	text             string // of the message, as Slack keeps it
	blocks           json.RawMessage
	question         string // that the message answers, if the button's row says so
	view             view   // empty if it stood under a message
}

// checkClaim is the callback_id of the shortcut that looks a message up.
const checkClaim = "check_claim"

// decodeInteraction reads an interaction. One that is not for us comes back with no
// errand.
func (s *Slack) decodeInteraction(raw []byte) *arrival {
	var p payload
	if json.Unmarshal(raw, &p) != nil {
		return &arrival{}
	}
	a := &arrival{
		home:    home{enterprise: p.Enterprise.ID, team: orElse(p.Team.ID, p.User.TeamID), org: p.IsOrg},
		trigger: p.TriggerID,
		answer:  answerURL{url: p.ResponseURL},
	}
	a.in.ID = "interaction:" + p.TriggerID
	switch {
	case p.User.ID == "":
	case p.Type == "block_actions" && len(p.Actions) > 0:
		a.decodePress(&p)
	case p.Type == "message_action" && p.CallbackID == checkClaim:
		a.errand = answerOne
		a.place(p.Channel.ID, onlyUser(p.User.ID), p.User.ID)
		a.in.Kind, a.in.Text, a.in.MessageID = bot.Claim, typed(p.Message.Text, ""), p.Message.TS
	case p.Type == "view_submission" && p.View.Callback == promptForm:
		a.decodeForm(&p)
	}
	return a
}

func (a *arrival) decodePress(p *payload) {
	act := p.Actions[0]
	if strings.HasPrefix(act.ActionID, actionOpen) {
		return // the browser has opened the page by itself
	}
	a.errand = pressed
	if p.TriggerID == "" {
		a.in.ID = "interaction:" + p.User.ID + ":" + act.ActionTS
	}
	a.press = press{
		ephemeral: p.Container.IsEphemeral,
		share:     strings.HasPrefix(act.ActionID, actionShare),
		choice:    strings.HasPrefix(act.ActionID, actionPick),
		form:      strings.HasPrefix(act.ActionID, actionForm),
		label:     act.Text.Text,
		text:      p.Message.Text, blocks: p.Message.Blocks, question: question(act.BlockID), view: p.View,
	}
	a.in.MessageID = p.Container.MessageTS
	switch {
	case p.View.ID != "":
		a.placeInView(&p.View, act.Channel, p.User.ID)
	case a.press.ephemeral:
		a.place(p.Channel.ID, onlyUser(p.User.ID), p.User.ID)
	case isDirect(p.Channel.ID):
		a.place(p.Channel.ID, orElse(p.Container.ThreadTS, p.Message.ThreadTS), p.User.ID)
	default:
		thread := orElse(p.Container.ThreadTS, orElse(p.Message.ThreadTS, p.Container.MessageTS))
		a.place(p.Channel.ID, thread, p.User.ID)
	}
	a.in.Kind, a.in.Payload = bot.Press, act.Value
	if a.press.share || act.ActionID == actionAsk {
		a.in.Kind, a.in.Text, a.in.Payload = bot.Ask, act.Value, ""
	}
	if act.ActionID == actionChannel {
		a.in.Kind, a.in.Text, a.in.Payload = bot.Command, "/settings", ""
	}
}

// placeInView says what a view is about: the channel that is chosen in it, or that it
// remembers, or else the user.
func (a *arrival) placeInView(v *view, chosen, user string) {
	var m memo
	if chosen == "" && json.Unmarshal([]byte(v.Metadata), &m) == nil {
		chosen = m.Chat
	}
	if chosen == "" || isDirect(chosen) || chosen == user {
		a.place(user, "", user)
		return
	}
	a.place(chosen, onlyUser(user), user)
}

// promptForm is the callback_id of the modal that a [bot.Prompt] opens, promptField
// that of its one field.
const (
	promptForm  = "prompt"
	promptField = "words"
)

// memo is what a modal remembers, in its private_metadata: the channel that it is about,
// and what its form is for.
type memo struct {
	Action string `json:"action,omitempty"`
	Chat   string `json:"chat"` // a channel
	Thread string `json:"thread,omitempty"`
}

func (a *arrival) decodeForm(p *payload) {
	var m memo
	if json.Unmarshal([]byte(p.View.Metadata), &m) != nil || m.Action == "" || m.Chat == "" {
		return
	}
	a.errand = submitted
	a.in.ID = "form:" + p.View.ID + ":" + p.View.Hash
	a.place(m.Chat, m.Thread, p.User.ID)
	a.in.Kind, a.in.Payload = bot.Press, m.Action
	a.in.Text = strings.TrimSpace(p.View.State.Values[promptField][promptField].Value)
}

// form is the modal for a prompt.
func (s *Slack) form(r *bot.Reply, a *arrival) slackgo.ModalViewRequest {
	w := s.words(r.Message.Lang)
	field := slackgo.NewPlainTextInputBlockElement(nil, promptField)
	if hint := clamp(r.Prompt.Placeholder, maxHint); hint != "" {
		field.Placeholder = slackgo.NewTextBlockObject(slackgo.PlainTextType, hint, false, false)
	}
	field.Multiline, field.MaxLength = true, maxTyped
	label := slackgo.NewTextBlockObject(slackgo.PlainTextType, clamp(orElse(r.Prompt.Placeholder, w.Ask), maxHint), false, false)
	remembered, _ := json.Marshal(memo{r.Prompt.Action, a.channel, a.in.From.Thread}) //nolint:errchkjson // strings cannot fail
	v := s.modal(r, a, w.Send)
	v.CallbackID, v.PrivateMetadata = promptForm, string(remembered)
	v.Blocks.BlockSet = append(v.Blocks.BlockSet, slackgo.NewInputBlock(promptField, label, nil, field))
	return v
}

// maxTyped is how many characters a form takes.
const maxTyped = 1000

// modal shows a message in a window of its own; with a name for it there is a button
// that sends what was typed.
func (s *Slack) modal(r *bot.Reply, a *arrival, send string) slackgo.ModalViewRequest {
	text := func(t string) *slackgo.TextBlockObject {
		return slackgo.NewTextBlockObject(slackgo.PlainTextType, clamp(t, maxTitle), false, false)
	}
	v := slackgo.ModalViewRequest{Type: slackgo.VTModal, Title: text(appName), Close: text(s.words(r.Message.Lang).Close)}
	if send != "" {
		v.Submit = text(send)
	}
	if !a.in.Private {
		remembered, _ := json.Marshal(memo{Chat: a.in.From.Chat}) //nolint:errchkjson // strings cannot fail
		v.PrivateMetadata = string(remembered)
	}
	v.Blocks.BlockSet = s.viewBlocks(r, maxHome-1)
	return v
}

// viewBlocks renders a reply for a view, which is one page.
func (*Slack) viewBlocks(r *bot.Reply, most int) []slackgo.Block {
	blocks := words(r.Message)
	if r.Toast != "" {
		toast := bot.Reply{Message: say(r.Toast, r.Message.Lang)}
		blocks = append(words(toast.Message), blocks...)
	}
	blocks = append(blocks, choices(r.Message.Choices)...)
	blocks = append(blocks, buttonRows(r.Buttons)...)
	return blocks[:min(len(blocks), most)]
}
