package slack

import "sync/atomic"

// Stats counts what happened since the start.
type Stats struct {
	Commands   atomic.Int64 // slash commands
	Events     atomic.Int64 // messages, mentions and the like that were for the bot
	Presses    atomic.Int64 // buttons, forms and shortcuts
	Duplicates atomic.Int64 // that Slack had delivered before
	Refused    atomic.Int64 // requests without a good signature
	Late       atomic.Int64 // commands that were acknowledged without their answer
	Answers    atomic.Int64 // messages that were sent
	Repeated   atomic.Int64 // that may have been sent before: a crash or a lost connection came between
	Lost       atomic.Int64 // answers that could not be sent
	Failures   atomic.Int64 // of ours, while answering
	Opened     atomic.Int64 // sockets
}

// Stats returns the counters.
func (s *Slack) Stats() *Stats { return &s.stats }

// Sockets is how many sockets are open.
func (s *Slack) Sockets() int {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	return s.state.sockets
}

// count counts an arrival.
func (s *Slack) count(f form) {
	switch f {
	case command:
		s.stats.Commands.Add(1)
	case event:
		s.stats.Events.Add(1)
	case interaction:
		s.stats.Presses.Add(1)
	case welcome:
	}
}
