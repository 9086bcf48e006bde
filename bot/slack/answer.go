package slack

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
)

// appName is what the app's windows are called.
const appName = "Suhbat"

// How far an answer may be repeated when it is uncertain whether it arrived.
const (
	repeatWithin = time.Minute
	findAfter    = 5 * time.Second // history is a little late
	maxTries     = 5               // of what certainly did not arrive
	maxWait      = 2 * time.Minute
)

// carryOut does what an arrival wants. How far an earlier run came with it is p.
func (s *Slack) carryOut(ctx context.Context, a *arrival, p bot.Progress) {
	if a.errand == removed {
		s.remove(ctx, a)
		return
	}
	s.people.lookUp(ctx, a.in.From.Space, a.user)
	switch a.errand {
	case joined:
		s.enter(ctx, a.in.From)
		s.converse(ctx, a, p)
	case answerAll, followUp:
		s.converse(ctx, a, p)
	case answerOne:
		r, err := s.ask(ctx, a)
		s.toOne(ctx, a, outcome{r, err})
	case pressed:
		s.press(ctx, a, p)
	case submitted: // its window has closed since, but the words count
		if _, err := s.ask(ctx, a); err != nil {
			s.failed(a, err)
		}
	case corrected:
		s.correct(ctx, a, p)
	case greeted:
		if s.isNew(ctx, a) {
			s.converse(ctx, a, p)
		}
	case homeTab:
		s.publish(ctx, a)
	case nothing, removed:
	}
}

func (s *Slack) failed(a *arrival, err error) {
	s.log.Error("something that came in could not be answered", slog.String("id", a.in.ID), slog.Any("error", withoutURL(err)))
}

// words returns the adapter's words in a language.
func (s *Slack) words(lang language.Tag) Words { return s.config.Words(lang).complete() }

// say makes a message of one line.
func say(text string, lang language.Tag) message.Message {
	return message.Message{Lang: lang, Body: []message.Block{message.Paragraph{message.Text(text)}}}
}

// orSorry is the reply, or an apology that one person sees if there is none.
func (s *Slack) orSorry(a *arrival, o outcome) bot.Reply {
	if o.err == nil {
		return o.reply
	}
	s.stats.Failures.Add(1)
	s.failed(a, o.err)
	return bot.Reply{Message: say(s.words(a.in.LangHint).Failed, a.in.LangHint), OnlyAsker: true}
}

// withToast puts what a network would show for a moment into the message.
func withToast(r *bot.Reply) *bot.Reply {
	if r.Toast == "" {
		return r
	}
	to := *r
	to.Prepared = nil
	to.Message.Body = append([]message.Block{message.Paragraph{message.Text(r.Toast)}}, r.Message.Body...)
	return &to
}

// converse answers where everybody reads along.
func (s *Slack) converse(ctx context.Context, a *arrival, p bot.Progress) {
	reply, err := s.ask(ctx, a)
	if a.errand == followUp && (err != nil || reply.Outcome == bot.NotUnderstood || reply.Outcome == bot.Chat || reply.Outcome == "") {
		return // people speak among themselves there
	}
	r := s.orSorry(a, outcome{reply, err})
	s.post(ctx, a, &r, p)
}

// correct answers a question that has new words in the place of its first answer, all
// parts of it. One that had no answer, or none that can be found, still has none.
func (s *Slack) correct(ctx context.Context, a *arrival, p bot.Progress) {
	over, err := s.answerTo(ctx, a)
	if err != nil {
		s.log.Info("the answer to a question with new words is not found", slog.String("id", a.in.ID), slog.Any("error", withoutURL(err)))
	}
	if len(over) == 0 {
		return
	}
	reply, err := s.ask(ctx, a)
	if err != nil {
		s.failed(a, err) // the sorry would stand where an answer was
		return
	}
	s.postOver(ctx, a, &reply, p, over)
}

// answerTo returns the ts of each part of the answer that a corrected question had
// first, as far as they are found; none if there is no answer.
func (s *Slack) answerTo(ctx context.Context, a *arrival) (parts []string, err error) {
	d := delivery{to: a.in.From, channel: a.channel, key: partOf(a.before, 0)}
	first, err := s.findMessage(ctx, &d, timeOf(a.in.MessageID))
	if first == nil {
		return nil, err
	}
	parts = []string{first.Timestamp}
	for i := 1; i < partsIn(first); i++ {
		d.key = partOf(a.before, i)
		ts, found, err := s.find(ctx, &d, timeOf(first.Timestamp))
		if !found {
			return parts, err
		}
		parts = append(parts, ts)
	}
	return parts, nil
}

// partOf is the key of a part of the answer to something that came in.
func partOf(id string, part int) string { return id + "#" + strconv.Itoa(part) }

// timeOf is when a message was posted: its ts is seconds since 1970, with a fraction
// that makes it unique.
func timeOf(ts string) time.Time {
	seconds, _, _ := strings.Cut(ts, ".")
	n, _ := strconv.ParseInt(seconds, 10, 64) // 1970 if it is none, which only takes longer
	return time.Unix(n, 0)
}

// isNew reports whether nothing was ever said in a conversation with the bot. Where
// that cannot be known, nobody is greeted.
func (s *Slack) isNew(ctx context.Context, a *arrival) bool {
	messages, _, err := s.history(ctx, &delivery{to: a.in.From, channel: a.channel}, "0", "")
	return err == nil && len(messages) == 0
}

// post posts a reply to the conversation of an arrival, each part written down before
// it is sent.
func (s *Slack) post(ctx context.Context, a *arrival, r *bot.Reply, p bot.Progress) {
	s.postOver(ctx, a, r, p, nil)
}

// postOver posts a reply, its parts in the place of those of an earlier answer if there
// is one. What is left of that is deleted.
func (s *Slack) postOver(ctx context.Context, a *arrival, r *bot.Reply, p bot.Progress, over []string) {
	if a.undone != 0 {
		return
	}
	r = s.withForm(withToast(r))
	if a.in.Private {
		r = unshared(r)
	}
	all := pages(r)
	for i, page := range all {
		if p.Begun && i < p.Part {
			continue
		}
		d := delivery{to: a.in.From, page: page, channel: a.channel, key: partOf(a.in.ID, i), parts: len(all), wait: true}
		if r.OnlyAsker && !a.in.Private {
			d.onlyTo = a.user
		}
		if len(over) > 0 {
			d.key, d.onlyTo = partOf(a.before, i), "" // so that it is found the next time, too
		}
		if i < len(over) {
			d.edit = over[i]
		} else if p.Begun && i == p.Part && s.arrived(ctx, &d, a, p) {
			continue
		}
		if !s.sending(ctx, a, i) {
			return
		}
		if err := s.deliverAnswer(ctx, &d); err != nil {
			s.stats.Lost.Add(1)
			s.failed(a, err)
			s.leave(ctx, a.in.From, err)
			return
		}
	}
	if len(all) > 0 && len(all) < len(over) {
		s.withdraw(ctx, a, over[len(all):])
	}
}

// withdraw deletes messages of ours.
func (s *Slack) withdraw(ctx context.Context, a *arrival, all []string) {
	at := delivery{to: a.in.From, channel: a.channel}
	for _, ts := range all {
		err := s.call(ctx, a.in.From.Space, func(c *slackgo.Client) error {
			_, _, err := c.DeleteMessageContext(ctx, at.at(), ts)
			return err
		})
		if err != nil && wordOf(err) != "message_not_found" {
			s.failed(a, err)
		}
	}
}

// sending writes down that a part is about to be sent. It waits for a database that
// cannot be reached.
func (s *Slack) sending(ctx context.Context, a *arrival, part int) bool {
	for {
		err := s.ports.Inbox.Sending(ctx, a.in.ID, part, s.now())
		switch {
		case err == nil:
			return true
		case errors.Is(err, bot.ErrFinished):
			return false
		case errors.Is(err, bot.ErrTaken):
			a.undone = elsewhere
			return false
		}
		s.failed(a, err)
		if errors.Is(err, bot.ErrAway) && sleep(ctx, awayFor) == nil {
			continue
		}
		if ctx.Err() != nil {
			a.undone = tooLate
		}
		return false
	}
}

// arrived says what to do with a part that an earlier run was about to send: it is
// looked for, and where that is not possible it is sent once more, if it is still
// fresh.
func (s *Slack) arrived(ctx context.Context, d *delivery, a *arrival, p bot.Progress) bool {
	if d.onlyTo == "" {
		if _, found, err := s.find(ctx, d, a.at); err == nil {
			return found
		}
	}
	if p.Tries > 1 || s.now().Sub(a.at) > repeatWithin {
		return true
	}
	s.stats.Repeated.Add(1)
	return false
}

// deliverAnswer sends a part for which somebody waits, again if it certainly did not
// arrive, and once more if that cannot be found out.
func (s *Slack) deliverAnswer(ctx context.Context, d *delivery) error {
	doubted := false
	for try, wait := 1, time.Second; ; try, wait = try+1, 2*wait {
		since := s.now()
		_, err := s.deliver(ctx, d)
		var failed *bot.SendError
		if !errors.As(err, &failed) {
			return err // which is nil
		}
		switch failed.Failure {
		case bot.Busy:
			wait = max(failed.After, time.Second)
		case bot.NotSent:
		case bot.Uncertain:
			if doubted || sleep(ctx, findAfter) != nil {
				return err
			}
			doubted = true
			if _, found, findErr := s.find(ctx, d, since); d.onlyTo == "" && findErr == nil && found {
				return nil
			}
			s.stats.Repeated.Add(1)
			continue
		default:
			return err
		}
		if try == maxTries || wait > maxWait || sleep(ctx, wait) != nil {
			return err
		}
	}
}

// leave notes that a place takes no more messages.
func (s *Slack) leave(ctx context.Context, at bot.Address, err error) {
	var failed *bot.SendError
	if s.ports.Chats == nil || !errors.As(err, &failed) || failed.Failure != bot.Gone {
		return
	}
	if err := s.ports.Chats.Leave(ctx, at.Place(), failed.Err.Error(), s.now()); err != nil {
		s.log.Error("a place that takes no messages is not noted", slog.Any("error", err))
	}
}

// enter notes that a place takes messages.
func (s *Slack) enter(ctx context.Context, at bot.Address) {
	if s.ports.Chats == nil {
		return
	}
	if err := s.ports.Chats.Enter(ctx, at.Place(), s.now()); err != nil {
		s.log.Error("a place that takes messages is not noted", slog.Any("error", err))
	}
}

// formKind is a button that opens the form of a prompt.
const formKind bot.ButtonKind = "slack form"

// withForm adds a button for a prompt: only what was pressed may open a form.
func (s *Slack) withForm(r *bot.Reply) *bot.Reply {
	if r.Prompt.Action == "" {
		return r
	}
	to := *r
	to.Prepared = nil
	label := orElse(r.Prompt.Placeholder, s.words(r.Message.Lang).Ask)
	to.Buttons = append([][]bot.Button{{{Kind: formKind, Label: label, Action: r.Prompt.Action}}}, r.Buttons...)
	return &to
}

// toOne sends a reply that one person sees.
func (s *Slack) toOne(ctx context.Context, a *arrival, o outcome) {
	r := s.orSorry(a, o)
	if r.Prompt.Action != "" && s.openForm(ctx, a, &r) == nil {
		return
	}
	s.respond(ctx, a, pages(s.withForm(withToast(&r))), reaction{})
}

// openForm opens the form of a prompt, which has to happen within three seconds of
// what it follows.
func (s *Slack) openForm(ctx context.Context, a *arrival, r *bot.Reply) error {
	return s.open(ctx, a, s.form(r, a))
}

// open opens a window, on top of the one that is open if there is one.
func (s *Slack) open(ctx context.Context, a *arrival, v slackgo.ModalViewRequest) error {
	err := errors.New("no trigger")
	if a.trigger != "" {
		err = s.call(ctx, a.in.From.Space, func(c *slackgo.Client) (err error) {
			if a.press.view.Type == string(slackgo.VTModal) {
				_, err = c.PushViewContext(ctx, a.trigger, v)
			} else {
				_, err = c.OpenViewContext(ctx, a.trigger, v)
			}
			return err
		})
	}
	if err != nil {
		s.log.Warn("a window did not open", slog.String("id", a.in.ID), slog.Any("error", err))
	}
	return err
}
