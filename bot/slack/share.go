package slack

import (
	"context"
	"strconv"
	"time"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot"
)

// share posts an answer for everybody, says who wanted that, and takes the private
// copy away. The response_url may post where the bot is no member. If it is not certain
// that the post is there, and that cannot be found out, the private copy stays and the
// one who shares is told: a person sees whether to press once more.
func (s *Slack) share(ctx context.Context, a *arrival, r *bot.Reply, p bot.Progress) {
	all := s.sharedPages(a, r)
	if len(all) == 0 || a.undone != 0 {
		return
	}
	shared, err := s.wasShared(a), error(nil)
	if p.Begun && !shared {
		shared, err = s.isShared(ctx, a, a.at)
	}
	switch {
	case err != nil:
		s.notShared(ctx, a, r, err)
		return
	case shared:
		s.takeAway(ctx, a)
		return
	}
	if !p.Begun && s.sharesElsewhere(ctx, a) || !s.sending(ctx, a, 0) {
		return
	}
	for i, page := range all {
		if err := s.sharePart(ctx, a, i, page, i == len(all)-1); err != nil {
			s.notShared(ctx, a, r, err)
			return
		}
	}
	s.shared.keep(a.shareKey(), s.now(), maxShares)
	s.takeAway(ctx, a)
}

// sharedPages renders what is shared. The last page says by whom, in a block whose id
// is a mark: what a response_url posts has no metadata.
func (s *Slack) sharedPages(a *arrival, r *bot.Reply) []page {
	all := pages(unshared(r))
	if len(all) == 0 {
		return nil
	}
	by := escape(s.words(r.Message.Lang).SharedBy) + " <@" + a.user + ">"
	mark := markBlock + markOf(s.marks[0], a.inPublic(), a.lastPart())
	last := all[len(all)-1]
	last.Text += "\n\n" + by
	last.Blocks = append(last.Blocks, slackgo.NewContextBlock(mark, slackgo.NewTextBlockObject(slackgo.MarkdownType, by, false, false)))
	return append(all[:len(all)-1], last.cut()...)
}

// lastPart is the key of the last part of what is shared.
func (a *arrival) lastPart() string { return a.in.ID + "#last" }

// sharePart posts a part. If it may be there or not, the channel's history is asked
// about the last one, which is posted once more if it is not.
func (s *Slack) sharePart(ctx context.Context, a *arrival, part int, p page, last bool) error {
	since := s.now()
	err := s.respondPart(ctx, a, part, p, reaction{public: true})
	if err == nil || !last || sendError(err).Failure != bot.Uncertain || sleep(ctx, findAfter) != nil {
		return err
	}
	switch found, findErr := s.isShared(ctx, a, since); {
	case findErr != nil:
		return err
	case found:
		return nil
	}
	s.stats.Repeated.Add(1)
	return s.deliverAnswer(ctx, &delivery{to: a.inPublic(), page: p, channel: a.channel, key: a.lastPart(), wait: true})
}

// isShared reports whether the last part stands in the channel, as far as that can be
// known.
func (s *Slack) isShared(ctx context.Context, a *arrival, since time.Time) (bool, error) {
	_, found, err := s.find(ctx, &delivery{to: a.inPublic(), channel: a.channel, key: a.lastPart()}, since)
	return found, err
}

// notShared tells the one who shares that the answer may not be there.
func (s *Slack) notShared(ctx context.Context, a *arrival, r *bot.Reply, err error) {
	s.stats.Lost.Add(1)
	s.failed(a, err)
	s.respond(ctx, a, pages(&bot.Reply{Message: say(s.words(r.Message.Lang).Failed, r.Message.Lang)}), reaction{})
}

// maxShares is how many shared answers are remembered.
const maxShares = 1000

// shareKey names what is shared: who presses twice sends two presses, each with a
// trigger of its own.
func (a *arrival) shareKey() string {
	return a.in.From.Space + " " + a.channel + " " + a.user + " " + a.in.MessageID + " " + a.in.Text
}

// wasShared reports whether the same person has shared the same answer just now.
func (s *Slack) wasShared(a *arrival) bool {
	at, ok := s.shared.get(a.shareKey(), false)
	return ok && a.in.MessageID != "" && s.now().Sub(at) < repeatWithin
}

// twiceWithin is how far apart the two presses of an impatient person are at most.
const twiceWithin = 5 * time.Second

// sharesElsewhere reports whether another replica shares the same just now, for the two
// presses of one person may reach two of them. Each takes this stretch of time and the
// next, so that the second press finds one taken.
func (s *Slack) sharesElsewhere(ctx context.Context, a *arrival) bool {
	if s.ports.Locks == nil || a.in.MessageID == "" {
		return false
	}
	now := s.now()
	for i := range int64(2) {
		stretch := strconv.FormatInt(now.UnixNano()/int64(twiceWithin)+i, 10)
		id := "share:" + markOf(s.marks[0], a.inPublic(), a.shareKey()+" "+stretch)
		fresh, err := s.ports.Inbox.Keep(ctx, id, a.in.From, nil, now)
		if err != nil { // rather is it shared twice than not at all
			s.failed(a, err)
			return false
		}
		if !fresh && i == 0 {
			return true
		}
		if err := s.ports.Inbox.Finish(ctx, id, now); err != nil {
			s.failed(a, err)
		}
	}
	return false
}

// takeAway deletes the private copy of what is shared.
func (s *Slack) takeAway(ctx context.Context, a *arrival) {
	if !a.press.ephemeral {
		return
	}
	if err := s.callURL(ctx, a, response{DeleteOriginal: true}); err != nil {
		s.failed(a, err)
	}
}

// unshared takes away what shares a reply: where it is shared, or with nobody to share it
// with.
func unshared(r *bot.Reply) *bot.Reply {
	to := *r
	to.Prepared = nil
	to.Buttons = buttonsThat(func(b bot.Button) bool { return !isShare(b) }, r.Buttons)
	return &to
}

func isShare(b bot.Button) bool { return b.Kind == bot.Share }

// isLasting reports whether a button stays when it is said whether the answer helped.
func isLasting(b bot.Button) bool { return b.Kind == bot.Share || b.Kind == bot.Cite }

// buttonsThat keeps some of the buttons.
func buttonsThat(keep func(bot.Button) bool, rows [][]bot.Button) [][]bot.Button {
	to := make([][]bot.Button, 0, len(rows))
	for _, row := range rows {
		var kept []bot.Button
		for _, b := range row {
			if keep(b) {
				kept = append(kept, b)
			}
		}
		to = append(to, kept)
	}
	return to
}
