package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
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
		a = s.decodeCommand(string(raw))
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
// without one. It keeps nothing of the body.
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
	ctx = s.watch(ctx, a)
	if f == command {
		s.atOnce(ctx, a, ack)
		return nil
	}
	fresh, err := s.keep(ctx, a)
	switch {
	case errors.Is(err, errSlow):
		return err
	case err != nil:
		s.over(a)
		return fmt.Errorf("inbox: %w", err)
	}
	switch {
	case !fresh:
		s.stats.Duplicates.Add(1)
		s.over(a)
		ack(nil)
	case a.errand == submitted:
		ack(s.submit(ctx, a))
	default:
		s.queue(ctx, a, bot.Progress{})
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

// watch has an arrival that was counted by begin watched until over is called.
func (s *Slack) watch(ctx context.Context, a *arrival) context.Context {
	ctx, a.watched = s.config.Watch.Begin(ctx, Network, a.form.name())
	return ctx
}

// over ends what begin and watch have begun.
func (s *Slack) over(a *arrival) {
	a.watched()
	s.end()
}

// queue has an arrival that is kept answered in its turn, even if Slack hangs up. It
// was counted by begin.
func (s *Slack) queue(ctx context.Context, a *arrival, p bot.Progress) {
	if a.errand == answerAll && !a.in.Private {
		s.threads.keep(a.order(), a.at, maxThreads) // before somebody goes on
	}
	turn := s.turns.take(a.order())
	go func() {
		defer s.over(a)
		defer turn.end()
		for s.inQueue(ctx, turn, a, p) {
			a.undone, p = 0, s.progress(a)
		}
	}()
}

// inQueue answers an arrival when its turn has come; it reports whether that has to be
// tried again.
func (s *Slack) inQueue(ctx context.Context, turn turn, a *arrival, p bot.Progress) (again bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workWithin)
	defer cancel()
	if turn.wait(ctx) != nil {
		return true
	}
	s.carryOut(ctx, a, p)
	if a.undone == 0 {
		s.finish(ctx, a)
	}
	return a.undone == tooLate
}

// progress is how far the answer to an arrival is, as far as that can be known.
func (s *Slack) progress(a *arrival) bot.Progress {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	far, err := s.ports.Inbox.Progress(ctx, []string{a.in.ID})
	if err != nil {
		s.log.Error("how far an answer is cannot be read", slog.String("id", a.in.ID), slog.Any("error", err))
	}
	return far[a.in.ID]
}

// finish marks an arrival as answered.
func (s *Slack) finish(ctx context.Context, a *arrival) {
	if err := s.ports.Inbox.Finish(ctx, a.in.ID, s.now()); err != nil {
		s.log.Error("something that was answered may be answered again", slog.String("id", a.in.ID), slog.Any("error", err))
	}
}

// adoptEvery is how often to look for what a replica that has died had taken in.
const adoptEvery = 3 * time.Second

// keepAdopting answers what an earlier run had taken in and not answered and then, until
// ctx ends, what other replicas leave behind.
func (s *Slack) keepAdopting(ctx context.Context) error {
	if err := s.adopt(ctx); err != nil {
		return err
	}
	s.state.mu.Lock()
	s.state.replayed = true
	s.state.mu.Unlock()
	if s.ports.Locks == nil {
		return nil
	}
	for sleep(ctx, adoptEvery) == nil {
		if err := s.adopt(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("what other replicas may have left is not known", slog.Any("error", err))
		}
	}
	return nil
}

// adopt answers what a process that has ended had taken in and not answered.
func (s *Slack) adopt(ctx context.Context) error {
	kept, err := s.ports.Inbox.Adopt(ctx)
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
		s.queue(s.watch(ctx, a), a, p)
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
	for {
		r, err = s.handler.Handle(ctx, a.in)
		if !errors.Is(err, bot.ErrAway) {
			return r, err
		}
		if sleep(ctx, awayFor) != nil {
			a.undone = tooLate // and not answered by an apology
			return r, err
		}
	}
}

// awayFor is how long to wait for a database that cannot be reached.
const awayFor = time.Second

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
		s.keepSafe(ctx, a)
		ack(nil)
	})
	o := s.inTurn(ctx, a)
	late.Stop()
	mu.Lock()
	defer mu.Unlock()
	if !acknowledged {
		acknowledged = true
		room := acks.Get().(*[]byte)
		body := s.inAck(ctx, a, o, room)
		ack(body)
		acks.Put(room)
		return
	}
	s.rest(ctx, a, func(ctx context.Context) {
		s.toOne(ctx, a, o)
		s.finish(ctx, a)
	})
}

// acks are for acknowledgements that are being written.
var acks = sync.Pool{New: func() any { b := make([]byte, 0, usualAck); return &b }}

// usualAck is how many bytes most acknowledgements have at most.
const usualAck = 8 << 10

// keepSafe writes a command down before it is acknowledged without all of its answer.
// After a crash all of that is sent: what one person sees twice does no harm.
func (s *Slack) keepSafe(ctx context.Context, a *arrival) {
	if _, err := s.ports.Inbox.Keep(context.WithoutCancel(ctx), a.in.ID, a.in.From, a.body(), a.at); err != nil {
		s.log.Error("a command whose answer goes on is not safe", slog.Any("error", err))
	}
}

// inTurn asks the handler when those before are answered. It is done for Slack, even
// if Slack has hung up.
func (s *Slack) inTurn(ctx context.Context, a *arrival) (o outcome) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workWithin)
	defer cancel()
	turn := s.turns.take(a.order())
	defer turn.end()
	if a.in.Kind == bot.Command {
		s.people.await(a.in.From.Space, a.user)
	}
	if o.err = turn.wait(ctx); o.err == nil {
		o.reply, o.err = s.ask(ctx, a)
	}
	return o
}

// inAck puts the answer to a slash command into its acknowledgement, which it writes
// into room; what does not fit goes to the response_url. It ends what begin has begun.
func (s *Slack) inAck(ctx context.Context, a *arrival, o outcome, room *[]byte) []byte {
	r := s.orSorry(a, o)
	if r.Prompt.Action != "" && a.trigger != "" {
		s.rest(ctx, a, func(ctx context.Context) {
			if s.openForm(ctx, a, &r) != nil {
				s.respond(ctx, a, pages(s.withForm(withToast(&r))), reaction{})
			}
		})
		return nil
	}
	ready := prepare(withToast(&r), room)
	all := ready.rest
	if len(ready.first) == 0 && len(all) == 0 {
		s.over(a)
		return nil
	}
	var ack []byte
	if len(ready.first) > 0 {
		end := response{ResponseType: ephemeral}
		ack = end.end(append((*room)[:0], ready.first...))
		*room = ack
	}
	if len(all) == 0 {
		s.over(a)
		return ack
	}
	s.keepSafe(ctx, a)
	s.rest(ctx, a, func(ctx context.Context) {
		s.respond(ctx, a, all, reaction{})
		s.finish(ctx, a)
	})
	return ack
}

// maxAck is how many bytes an acknowledgement may have
// (docs.slack.dev/apis/events-api/using-socket-mode#acknowledge).
const maxAck = 19_000

// prepared is a reply as an acknowledgement begins with it, and the pages behind that: all
// of them if the first does not fit.
type prepared struct {
	first []byte
	rest  []page
}

// prepare renders a reply, once for all who get the same, and else in room.
func prepare(r *bot.Reply, room *[]byte) prepared {
	return bot.Prepare(r.Prepared, Network, func() prepared {
		all := pages(r)
		if len(all) == 0 {
			return prepared{}
		}
		first, err := all[0].appendTo((*room)[:0])
		if err != nil || len(first) > maxAck-maxEnd { // a socket drops what is larger
			return prepared{rest: all}
		}
		*room = first
		if r.Prepared != nil {
			first = bytes.Clone(first)
		}
		return prepared{first, all[1:]}
	})
}

// rest does what is left of an arrival after its acknowledgement.
func (s *Slack) rest(ctx context.Context, a *arrival, do func(context.Context)) {
	go func() {
		defer s.over(a)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workWithin)
		defer cancel()
		do(ctx)
	}()
}
