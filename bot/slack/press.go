package slack

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot"
	"suhbat/bot/message"
)

// press answers a button.
func (s *Slack) press(ctx context.Context, a *arrival, p bot.Progress) {
	if a.press.form {
		label := message.Message{Lang: s.people.known(a.in.From.Space, a.user).locale}
		s.openForm(ctx, a, &bot.Reply{Message: label, Prompt: bot.Prompt{Placeholder: a.press.label, Action: a.in.Payload}}) //nolint:errcheck // it is logged
		return
	}
	reply, err := s.ask(ctx, a)
	r := s.orSorry(a, outcome{reply, err})
	switch {
	case err != nil:
		s.respond(ctx, a, pages(&r), reaction{})
	case a.press.view.ID != "":
		s.inView(ctx, a, &r)
	case a.press.share:
		s.share(ctx, a, &r, p)
	default:
		s.underMessage(ctx, a, &r, p)
	}
}

// underMessage answers a button that stood under a message.
func (s *Slack) underMessage(ctx context.Context, a *arrival, r *bot.Reply, p bot.Progress) {
	if r.Toast != "" {
		s.respond(ctx, a, pages(&bot.Reply{Message: say(r.Toast, r.Message.Lang)}), reaction{})
		r.Toast = ""
	}
	switch {
	case r.Prompt.Action != "" && s.openForm(ctx, a, r) == nil:
	case r.Relabel:
		s.relabel(ctx, a, r)
	case r.Edit:
		s.respond(ctx, a, pages(r), reaction{replace: true, public: !a.press.ephemeral})
	case a.press.ephemeral:
		s.respond(ctx, a, pages(s.withForm(r)), reaction{replace: a.press.choice})
	case r.OnlyAsker:
		s.respond(ctx, a, pages(s.withForm(r)), reaction{})
	default:
		s.post(ctx, a, r, p)
	}
}

// relabel changes the buttons under a message. Of one that only one person sees,
// Slack shows nothing: it is made anew from the question that it answers, and can be
// shared as before.
func (s *Slack) relabel(ctx context.Context, a *arrival, r *bot.Reply) {
	if len(r.Message.Body) > 0 || a.press.ephemeral {
		m, buttons := r.Message, r.Buttons
		if len(m.Body) == 0 {
			again := *a
			again.in.Kind, again.in.Text, again.in.Payload = bot.Ask, a.press.question, ""
			if again.in.Text == "" {
				return
			}
			reply, err := s.ask(ctx, &again)
			if err != nil {
				s.failed(a, err)
				return
			}
			m, buttons = reply.Message, append(buttonsThat(isLasting, reply.Buttons), r.Buttons...)
		}
		s.respond(ctx, a, pages(&bot.Reply{Message: m, Buttons: buttons}), reaction{replace: true, public: !a.press.ephemeral})
		return
	}
	kept, ok := withoutButtons(a.press.blocks)
	if !ok {
		return
	}
	s.respond(ctx, a, []page{{Text: a.press.text, Blocks: append(kept, buttonRows(r.Buttons)...)}}, reaction{replace: true, public: true})
}

// asIs is a block as Slack sent it.
type asIs struct{ json.RawMessage }

func (asIs) BlockType() slackgo.MessageBlockType { return "" }

func (asIs) ID() string { return "" }

// withoutButtons returns the blocks of a message but for its buttons; those of its
// choices stay, and those that last: of what all see, one person's verdict takes nothing
// from the others.
func withoutButtons(raw json.RawMessage) ([]slackgo.Block, bool) {
	var all []json.RawMessage
	if json.Unmarshal(raw, &all) != nil || len(all) == 0 {
		return nil, false
	}
	var kept []slackgo.Block
	for _, b := range all {
		var row rowAsIs
		switch {
		case json.Unmarshal(b, &row) != nil || row.Type != slackgo.MBTAction:
			kept = append(kept, asIs{b})
		case row.keepLasting():
			kept = append(kept, &row)
		}
	}
	return kept, true
}

// rowAsIs is a row of buttons as Slack sent it.
type rowAsIs struct {
	Type     slackgo.MessageBlockType `json:"type"`
	Block    string                   `json:"block_id,omitempty"`
	Elements []json.RawMessage        `json:"elements"`
}

func (r *rowAsIs) BlockType() slackgo.MessageBlockType { return r.Type }

func (r *rowAsIs) ID() string { return r.Block }

// keepLasting takes all other buttons away, and reports whether any is left.
func (r *rowAsIs) keepLasting() bool {
	r.Elements = slices.DeleteFunc(r.Elements, func(raw json.RawMessage) bool {
		var b struct {
			ActionID string `json:"action_id"`
		}
		return json.Unmarshal(raw, &b) != nil || !slices.ContainsFunc([]string{actionPick, actionShare, actionCite}, func(s string) bool { return strings.HasPrefix(b.ActionID, s) })
	})
	return len(r.Elements) > 0
}

// inView answers a button on the bot's own page or in a window of the bot.
func (s *Slack) inView(ctx context.Context, a *arrival, r *bot.Reply) {
	isHome := a.press.view.Type == string(slackgo.VTHomeTab)
	switch {
	case r.Prompt.Action != "":
		s.openForm(ctx, a, r) //nolint:errcheck // it is logged
	case r.Edit && isHome:
		s.show(ctx, a, r)
	case r.Edit:
		s.update(ctx, a, s.modal(r, a, ""))
	case len(r.Message.Body) > 0 || r.Toast != "":
		s.open(ctx, a, s.modal(r, a, "")) //nolint:errcheck // it is logged
	}
}

func (s *Slack) update(ctx context.Context, a *arrival, v slackgo.ModalViewRequest) {
	err := s.call(ctx, a.in.From.Space, func(c *slackgo.Client) error {
		_, err := c.UpdateViewContext(ctx, v, "", a.press.view.Hash, a.press.view.ID)
		return err
	})
	if err != nil {
		s.failed(a, err)
	}
}

// publish makes the bot's own page.
func (s *Slack) publish(ctx context.Context, a *arrival) {
	r, err := s.ask(ctx, a)
	if err != nil {
		r = s.orSorry(a, outcome{r, err})
	}
	s.show(ctx, a, &r)
}

// show shows a reply on the user's page of the bot, between a field for a question and
// one for a channel.
func (s *Slack) show(ctx context.Context, a *arrival, r *bot.Reply) {
	label := slackgo.NewTextBlockObject(slackgo.PlainTextType, clamp(s.words(r.Message.Lang).Ask, maxLabel), false, false)
	field := slackgo.NewPlainTextInputBlockElement(nil, actionAsk)
	field.MaxLength = maxTyped
	field.DispatchActionConfig = &slackgo.DispatchActionConfig{TriggerActionsOn: []string{"on_enter_pressed"}}
	input := slackgo.NewInputBlock("", label, nil, field)
	input.DispatchAction = true
	v := slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab}
	v.Blocks.BlockSet = append(append([]slackgo.Block{input}, s.viewBlocks(s.withForm(r), maxHome-2)...), s.channelField(r))
	err := s.call(ctx, a.in.From.Space, func(c *slackgo.Client) error {
		_, err := c.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: a.user, View: v})
		return err
	})
	if err != nil {
		s.failed(a, err)
	}
}

// channelField is where somebody chooses the channel whose settings are to be shown.
func (s *Slack) channelField(r *bot.Reply) slackgo.Block {
	label := slackgo.NewTextBlockObject(slackgo.PlainTextType, clamp(s.words(r.Message.Lang).Channel, maxLabel), false, false)
	field := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeConversations, nil, actionChannel)
	field.Filter = &slackgo.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
	input := slackgo.NewInputBlock("", label, nil, field)
	input.DispatchAction = true
	return input
}

// submit answers a form in its acknowledgement: the form becomes the answer, or
// closes.
func (s *Slack) submit(ctx context.Context, a *arrival) []byte {
	defer s.over(a)
	turn := s.turns.take(a.order())
	defer turn.end()
	waiting, cancel := context.WithTimeout(ctx, ackWithin)
	defer cancel()
	o := outcome{err: turn.wait(waiting)}
	if o.err == nil {
		o.reply, o.err = s.ask(waiting, a)
	}
	s.finish(context.WithoutCancel(ctx), a)
	r := s.orSorry(a, o)
	if len(r.Message.Body) == 0 && r.Toast == "" {
		return nil
	}
	ack, err := json.Marshal(struct {
		Action string                   `json:"response_action"`
		View   slackgo.ModalViewRequest `json:"view"`
	}{"update", s.modal(&r, a, "")})
	if err != nil {
		s.failed(a, err)
		return nil
	}
	return ack
}
