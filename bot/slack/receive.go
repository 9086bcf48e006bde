package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"sync"
	"time"

	"suhbat/bot"
)

// Slack waits three seconds for an acknowledgement
// (docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response).
const (
	ackWithin  = 2500 * time.Millisecond
	workWithin = 5 * time.Minute
)

// errFull asks Slack to come back later.
var errFull = errors.New("too much is waiting, or the program is about to end")

// decode reads what came in.
func (s *Slack) decode(f form, raw []byte) *arrival {
	var a *arrival
	switch f {
	case command:
		fields, err := url.ParseQuery(string(raw))
		if err != nil {
			return &arrival{}
		}
		a = s.decodeCommand(fields)
	case event:
		a = s.decodeEvent(raw)
	case interaction:
		a = s.decodeInteraction(raw)
	case welcome:
		a = decodeWelcome(raw)
	default:
		return &arrival{}
	}
	a.at = s.now()
	a.answer.begin(a.at)
	a.form, a.raw = f, raw
	return a
}

// acknowledge tells Slack that something has come in, with a body or, if that is nil,
// without one.
type acknowledge func(body []byte)

// receive takes in something that certainly comes from Slack and acknowledges it, once
// it is safe. After an error it is not acknowledged, and Slack delivers it again.
func (s *Slack) receive(ctx context.Context, f form, raw []byte, ack acknowledge) error {
	a := s.decode(f, raw)
	if a.errand == nothing || a.errand == followUp && !s.goesOn(ctx, a) {
		ack(nil)
		return nil
	}
	if !s.begin() {
		return errFull
	}
	s.count(f)
	if f == command {
		s.atOnce(ctx, a, ack)
		return nil
	}
	fresh, err := s.ports.Inbox.Keep(ctx, a.in.ID, a.in.From, a.body(), a.at)
	if err != nil {
		s.end()
		return fmt.Errorf("inbox: %w", err)
	}
	switch {
	case !fresh:
		s.stats.Duplicates.Add(1)
		s.end()
		ack(nil)
	case a.errand == submitted:
		ack(s.submit(ctx, a))
	default:
		s.queue(a, bot.Progress{})
		ack(nil)
	}
	return nil
}

// goesOn reports whether a message stands in a thread where the bot was asked. After
// a start that is known of those conversations that the core remembers.
func (s *Slack) goesOn(ctx context.Context, a *arrival) bool {
	if _, known := s.threads.get(a.order(), false); known || s.ports.Talks == nil {
		return known
	}
	talk, err := s.ports.Talks.Talk(ctx, a.in.From)
	if err != nil {
		s.log.Error("whether the bot was asked in a thread is not known", slog.Any("error", err))
	}
	return len(talk) > 0
}

// queue has an arrival that is kept answered in its turn. It was counted by begin.
func (s *Slack) queue(a *arrival, p bot.Progress) {
	if a.errand == answerAll && !a.in.Private {
		s.threads.keep(a.order(), a.at, maxThreads) // before somebody goes on
	}
	turn := s.turns.take(a.order())
	go func() {
		defer s.end()
		defer turn.end()
		ctx, cancel := context.WithTimeout(context.Background(), workWithin)
		defer cancel()
		if turn.wait(ctx) != nil {
			return // the next start tries it again
		}
		s.carryOut(ctx, a, p)
		s.finish(ctx, a)
	}()
}

// finish marks an arrival as answered.
func (s *Slack) finish(ctx context.Context, a *arrival) {
	if err := s.ports.Inbox.Finish(ctx, a.in.ID, s.now()); err != nil {
		s.log.Error("something that was answered may be answered again", slog.String("id", a.in.ID), slog.Any("error", err))
	}
}

// replay answers what an earlier run had taken in and not answered.
func (s *Slack) replay(ctx context.Context) error {
	kept, err := s.ports.Inbox.Kept(ctx)
	if err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	ids := make([]string, len(kept))
	for i, k := range kept {
		ids[i] = k.ID
	}
	progress, err := s.ports.Inbox.Progress(ctx, ids)
	if err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	for _, k := range kept {
		s.again(ctx, k, progress[k.ID])
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.replayed = true
	return nil
}

// again queues something that the inbox holds.
func (s *Slack) again(ctx context.Context, k bot.Kept, p bot.Progress) {
	a := &arrival{}
	if len(k.Body) > 0 {
		a = s.decode(form(k.Body[0]), k.Body[1:])
	}
	a.in.ID, a.at = k.ID, k.At
	a.answer.begin(k.At)
	if a.errand == nothing || p.Done {
		s.finish(ctx, a)
		return
	}
	if s.begin() {
		s.queue(a, p)
	}
}

// ask hands an arrival to the handler. A panic of the handler is an error: it must
// not take the other conversations with it, at each start anew.
func (s *Slack) ask(ctx context.Context, a *arrival) (r bot.Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("the handler panicked", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			err = errors.New("the handler panicked")
		}
	}()
	who := s.people.known(a.in.From.Space, a.user)
	a.in.LangHint = who.locale
	a.in.At = a.at.In(s.config.Zone)
	if who.zone != nil {
		a.in.At = a.at.In(who.zone)
	}
	s.people.saw(a.in.From, a.user, a.at)
	return s.handler.Handle(ctx, a.in)
}

// outcome is what the handler said.
type outcome struct {
	reply bot.Reply
	err   error
}

// atOnce answers a slash command in its acknowledgement. If that takes too long, the
// command goes into the inbox, is acknowledged without an answer, and gets that by its
// response_url.
func (s *Slack) atOnce(ctx context.Context, a *arrival, ack acknowledge) {
	var mu sync.Mutex // held while it is acknowledged
	acknowledged := false
	late := time.AfterFunc(ackWithin, func() {
		mu.Lock()
		defer mu.Unlock()
		if acknowledged {
			return
		}
		acknowledged = true
		s.stats.Late.Add(1)
		if _, err := s.ports.Inbox.Keep(context.WithoutCancel(ctx), a.in.ID, a.in.From, a.body(), a.at); err != nil {
			s.log.Error("a slow command is not safe", slog.Any("error", err))
		}
		ack(nil)
	})
	o := s.inTurn(ctx, a)
	late.Stop()
	mu.Lock()
	defer mu.Unlock()
	if !acknowledged {
		acknowledged = true
		ack(s.inAck(ctx, a, o))
		return
	}
	s.rest(ctx, func(ctx context.Context) {
		s.toOne(ctx, a, o)
		s.finish(ctx, a)
	})
}

// inTurn asks the handler when those before are answered. It is done for Slack, even
// if Slack has hung up.
func (s *Slack) inTurn(ctx context.Context, a *arrival) (o outcome) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workWithin)
	defer cancel()
	turn := s.turns.take(a.order())
	defer turn.end()
	if o.err = turn.wait(ctx); o.err == nil {
		o.reply, o.err = s.ask(ctx, a)
	}
	return o
}

// inAck puts the answer to a slash command into its acknowledgement; what does not
// fit goes to the response_url. It ends what begin has begun.
func (s *Slack) inAck(ctx context.Context, a *arrival, o outcome) []byte {
	r := s.orSorry(a, o)
	if r.Prompt.Action != "" && a.trigger != "" {
		s.rest(ctx, func(ctx context.Context) {
			if s.openForm(ctx, a, &r) != nil {
				s.respond(ctx, a, pages(s.withForm(withToast(&r))), reaction{})
			}
		})
		return nil
	}
	all := pages(withToast(&r))
	if len(all) == 0 {
		s.end()
		return nil
	}
	ack, err := json.Marshal(response{page: all[0], ResponseType: ephemeral})
	if err != nil || len(ack) > maxAck { // a socket drops what is larger
		ack = nil
	} else {
		all = all[1:]
	}
	if len(all) == 0 {
		s.end()
		return ack
	}
	s.rest(ctx, func(ctx context.Context) { s.respond(ctx, a, all, reaction{}) })
	return ack
}

// maxAck is how many bytes an acknowledgement may have
// (docs.slack.dev/apis/events-api/using-socket-mode#acknowledge).
const maxAck = 19_000

// rest does what is left of an arrival after its acknowledgement.
func (s *Slack) rest(ctx context.Context, do func(context.Context)) {
	go func() {
		defer s.end()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workWithin)
		defer cancel()
		do(ctx)
	}()
}
