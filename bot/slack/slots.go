package slack

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"suhbat/bot"
)

// laneWaits is how long what nobody waits for lets answers go first.
const laneWaits = time.Minute

// slot waits for a second of a channel in this process. Answers stand in line for it; anything else
// takes one that nobody stands in line for, so that answers overtake it.
func (s *Slack) slot(ctx context.Context, d *delivery) error {
	key, until := d.to.Space+" "+d.at(), s.now().Add(laneWaits)
	for d.lane != bot.Answers && s.now().Before(until) {
		wait := s.pace.reserveFree(key, channelEvery, s.now())
		if wait == 0 {
			return ctx.Err()
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
	return sleep(ctx, s.pace.reserve(key, channelEvery, s.now()))
}

// busy is why something is not sent while Slack has asked to wait.
func busy(after time.Duration) error {
	return &bot.SendError{Failure: bot.Busy, After: after, Err: errors.New("slack has asked to wait")}
}

func notSent(err error) error {
	if err == nil {
		return nil
	}
	return &bot.SendError{Failure: bot.NotSent, Err: err}
}

// ownSlot waits for a slot of a process that is alone. Its errors are
// [bot.SendError]s.
func (s *Slack) ownSlot(ctx context.Context, d *delivery) error {
	closed := s.pace.closed(d.to.Space, s.now())
	if closed > 0 && !d.wait {
		return busy(closed)
	}
	if err := sleep(ctx, closed); err != nil {
		return notSent(err)
	}
	return notSent(s.slot(ctx, d))
}

// The channels that several replicas share have a little more than a second, since
// requests take differently long to arrive.
const (
	sharedEvery = channelEvery + 50*time.Millisecond
	// answersAhead is how long a line answers may stand in.
	answersAhead = time.Minute
)

// sharedSlot waits for a slot that no other replica has. As in slot, answers stand in
// line, and anything else takes a second that is free now, unless that takes too long.
func (s *Slack) sharedSlot(ctx context.Context, d *delivery) error {
	space := bot.Limit{Name: spaceLimit(d.to.Space)}
	channel := bot.Limit{Name: space.Name + " " + d.at(), Most: 1, Window: sharedEvery}
	for patience := s.now().Add(laneWaits); ; {
		ahead := answersAhead
		if d.lane != bot.Answers && s.now().Before(patience) {
			ahead = 0
		}
		slot, err := s.ports.Slots.Reserve(ctx, ahead, space, channel)
		switch {
		case err != nil && !d.wait:
			return notSent(err)
		case err != nil:
			slot.Wait = awayFor
		case slot.OK:
			return notSent(sleep(ctx, slot.Wait))
		case slot.By == space.Name && !d.wait:
			return busy(slot.Wait)
		}
		if err := sleep(ctx, max(slot.Wait, time.Millisecond)); err != nil {
			return notSent(err)
		}
	}
}

func spaceLimit(space string) string { return Network + ":" + space }

// shut lets nothing through to a space for a while, because Slack said so.
func (s *Slack) shut(ctx context.Context, space string, d time.Duration) {
	s.pace.shut(space, s.now().Add(d), s.now())
	if s.ports.Slots == nil {
		return
	}
	if err := s.ports.Slots.Delay(ctx, spaceLimit(space), d); err != nil {
		s.log.Warn("other replicas do not hear that Slack has asked to wait", slog.Any("error", err))
	}
}
