package bot

import (
	"context"
	"strings"

	"suhbat/bot/lang"
	"suhbat/bot/message"
)

// Deciding settles what only a person can: what is to become of a post of reminders
// of which nobody knows whether it arrived. An attempt to send it is named as the notice
// about it names it; an error says in words why it cannot be.
type Deciding interface {
	// Resend sends it again, though it may have arrived.
	Resend(ctx context.Context, attempt string) error
	// Skip leaves it unsent.
	Skip(ctx context.Context, attempt string) error
}

// The letters of what is decided about a post; its name follows.
const (
	opResend = 'r'
	opSkip   = 's'
)

// NoticeWords makes a notice to those who run the bot: of a kind, which the phrases
// name, about a place, for a reason in words.
func NoticeWords(p *lang.Pack, kind, place, reason string) message.Message {
	text := p.Phrase("notice-"+kind, fill("place", place))
	body := []message.Block{message.Paragraph{message.Text(text)}}
	if reason != "" {
		body = append(body, message.Paragraph{message.Text(reason)})
	}
	return message.Message{Lang: p.Tag, Body: body}
}

// NoticeButtons stand below a notice about a post that a person has to decide on.
func NoticeButtons(p *lang.Pack, post string) [][]Button {
	decide := func(op rune, label string) Button {
		return action{verb: doDecide, arg: string(op) + post}.button(p.Phrase(label, nil))
	}
	return [][]Button{{decide(opResend, "button-resend"), decide(opSkip, "button-skip")}}
}

// decide does what somebody who runs the bot has decided about a post, and takes the
// buttons away.
func (t *turn) decide(ctx context.Context, arg string) (Reply, error) {
	op, post := rune(arg[0]), arg[1:]
	switch {
	case !t.operates():
		return t.refused(), nil
	case t.ports.Posts == nil, post == "", !strings.ContainsRune(string([]rune{opResend, opSkip}), op):
		return t.notice(oldMenu), nil
	}
	do, done := t.ports.Posts.Resend, "notice-resent"
	if op == opSkip {
		do, done = t.ports.Posts.Skip, "notice-skipped"
	}
	if err := do(ctx, post); err != nil { // whoever runs the bot is to read why
		const most = 120 // characters, as a toast holds
		return t.noticeOf(t.pack.Phrase("notice-not-done", fill("reason", clip(err.Error(), most)))), nil
	}
	return Reply{Outcome: Chat, Toast: t.pack.Phrase(done, nil), Relabel: true}, nil
}
