package telegram

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"suhbat/bot"
)

// delivery brings one reply to where the question came from.
type delivery struct {
	t  *Telegram
	id string // of the update
	u  *apiUpdate
	in bot.Incoming
	so bot.Progress
}

// deliver reports false if the program stops before all is sent.
func (d *delivery) deliver(ctx context.Context, r *bot.Reply) bool {
	if q := d.u.InlineQuery; q != nil {
		d.t.answerInline(ctx, q.ID, r)
		return true
	}
	if q := d.u.CallbackQuery; q != nil {
		d.t.acknowledge(ctx, q, r.Toast)
	}
	replaces := d.replaces(r)
	switch {
	case r.Relabel:
		return d.relabel(ctx, r, replaces)
	case len(r.Message.Body) == 0:
		return true
	case replaces != "":
		if done, finished := d.edit(ctx, r, replaces); done {
			return finished
		}
	}
	return d.send(ctx, r)
}

// replaces is the message of ours that the reply takes the place of: the one that
// the button is under, or the answer to the question that was edited.
func (d *delivery) replaces(r *bot.Reply) string {
	switch {
	case d.in.Kind == bot.Press && (r.Edit || r.Relabel):
		return d.in.MessageID
	case d.in.Kind == bot.Edit:
		return d.t.answers.of(d.in.From, d.in.MessageID)
	default:
		return ""
	}
}

// edit puts the reply in the place of a message. It reports done as false when that
// message is gone, or has not room for it, and the reply has to be sent anew.
func (d *delivery) edit(ctx context.Context, r *bot.Reply, message string) (done, finished bool) {
	parts := d.render(r)
	if len(parts) != 1 {
		return false, false
	}
	_, err := d.retry(ctx, target{to: d.in.From, edit: message, again: true}, parts[0])
	if sent, is := errors.AsType[*bot.SendError](err); is && sent.Failure == bot.Refused {
		return false, false
	}
	return true, err == nil || ctx.Err() == nil
}

// relabel changes the buttons under a message.
func (d *delivery) relabel(ctx context.Context, r *bot.Reply, message string) (finished bool) {
	if message == "" {
		return true
	}
	_, err := d.retry(ctx, target{to: d.in.From, edit: message, relabel: true, again: true}, d.t.out.renderer().relabelled(r.Message.Choices, r.Buttons))
	return err == nil || ctx.Err() == nil
}

func (d *delivery) render(r *bot.Reply) []part {
	out := d.t.out.renderer()
	name := Network
	if out.inline {
		name = Network + " inline"
	}
	return bot.Prepare(r.Prepared, name, func() []part {
		parts := out.reply(r.Message, r.Buttons, r.Prompt)
		if r.Prepared != nil {
			for i := range parts {
				parts[i].write()
			}
		}
		return parts
	})
}

// maxInDoubt is how often a part is sent of which nobody knows whether it arrived: once,
// and twice more. A program that dies at each start would else say it again at each.
const maxInDoubt = 3

// first is the part to begin with: the one that was not sent before a crash, or may not
// have been.
func (d *delivery) first(ctx context.Context) int {
	switch {
	case !d.so.Begun:
		return 0
	case d.so.Tries >= maxInDoubt:
		d.t.log.WarnContext(ctx, "an answer may have arrived, and is not sent again", slog.String("update", d.id), slog.Int("times", d.so.Tries))
		return d.so.Part + 1
	default:
		d.t.stats.Repeated.Add(1)
		return d.so.Part
	}
}

// send sends the parts of a reply.
func (d *delivery) send(ctx context.Context, r *bot.Reply) bool {
	parts := d.render(r)
	for i := d.first(ctx); i < len(parts); i++ {
		to := target{
			to: d.in.From, replyTo: d.replyTo(i), again: true,
			ready:  func(ctx context.Context) error { return d.sending(ctx, i) },
			unsent: func(ctx context.Context) { d.unsent(ctx, i) },
		}
		ids, err := d.retry(ctx, to, parts[i])
		if errors.Is(err, bot.ErrFinished) {
			return true
		}
		if err != nil {
			if ctx.Err() != nil {
				return false
			}
			d.t.stats.Lost.Add(1)
			d.t.log.WarnContext(ctx, "an answer could not be sent", slog.String("update", d.id), slog.Any("error", err))
			return true
		}
		if len(parts) == 1 && len(ids) > 0 { // several cannot be edited as one
			d.t.answers.keep(d.in.From, d.in.MessageID, ids[0])
		}
	}
	d.t.stats.Answers.Add(1)
	return true
}

// sending notes that a part is about to be sent, so that a crash does not repeat what
// went before.
func (d *delivery) sending(ctx context.Context, part int) error {
	err := d.t.inbox.Sending(ctx, d.id, part, d.t.cfg.Now())
	if err != nil && !errors.Is(err, bot.ErrFinished) && !errors.Is(err, bot.ErrTaken) && ctx.Err() == nil {
		d.t.log.ErrorContext(ctx, "an answer waits, because it could not be noted that it is about to be sent", slog.String("update", d.id), slog.Any("error", err))
	}
	return err
}

// unsent notes that a part was not sent. It does so even if the program stops.
func (d *delivery) unsent(ctx context.Context, part int) {
	if err := d.t.inbox.Unsent(context.WithoutCancel(ctx), d.id, part); err != nil {
		d.t.log.ErrorContext(ctx, "an answer that was not sent counts as one that may have been", slog.String("update", d.id), slog.Any("error", err))
	}
}

// replyTo is the message that a part answers: in a group, the first part shows
// whose question it was, or under which message the button was pressed.
func (d *delivery) replyTo(part int) string {
	if part > 0 || d.in.Private || d.in.Kind == bot.Member {
		return ""
	}
	return d.in.MessageID
}

// retry sends until it is sent, or it is known that it never will be: as long as
// Telegram cannot be reached, the question waits.
func (d *delivery) retry(ctx context.Context, to target, p part) (ids []string, err error) {
	wait := backOff{most: 30 * time.Second}
	for {
		ids, err = d.t.out.send(ctx, bot.Answers, to, p)
		failure, ok := errors.AsType[*bot.SendError](err)
		switch {
		case !ok, errors.Is(err, bot.ErrFinished):
			return ids, err
		case failure.Failure == bot.Busy:
			_ = pause(ctx, max(failure.After, wait.next()))
		case failure.Failure == bot.NotSent:
			_ = pause(ctx, wait.next())
		default:
			return ids, err
		}
		if ctx.Err() != nil {
			return ids, err
		}
	}
}
