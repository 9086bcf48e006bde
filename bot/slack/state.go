package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// state is what [Slack.Ready] and [Slack.Drain] are about.
type state struct {
	mu       sync.Mutex
	replayed bool
	fatal    error
	token    error // why the token of the one workspace is not known to be good
	sockets  int   // how many are open
	pending  int   // arrivals that are not answered yet
	draining bool
}

// Ready returns why the adapter cannot do its work, nil if it can.
func (s *Slack) Ready() error {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	switch {
	case s.state.fatal != nil:
		return fmt.Errorf("slack: %w", s.state.fatal)
	case s.state.draining:
		return errors.New("slack: draining")
	case s.state.token != nil:
		return fmt.Errorf("slack: %w", s.state.token)
	case !s.state.replayed:
		return errors.New("slack: what was left unanswered is still being read")
	case s.config.AppToken != "" && s.state.sockets == 0:
		return errors.New("slack: no socket is open")
	}
	return nil
}

// Drain takes nothing in any more and returns when all that had come in is answered,
// or when ctx ends. What is then unanswered stays in the inbox.
func (s *Slack) Drain(ctx context.Context) error {
	s.state.mu.Lock()
	s.state.draining = true
	s.state.mu.Unlock()
	done := make(chan struct{})
	go func() {
		s.work.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("slack: drain: %w", ctx.Err())
	}
}

func (s *state) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fatal == nil {
		s.fatal = err
	}
}

func (s *state) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fatal
}

func (s *state) checked(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = err
}

// begin counts one more arrival, if there is room for it.
func (s *Slack) begin() bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	if s.state.draining || s.state.pending >= maxPending {
		return false
	}
	s.state.pending++
	s.work.Add(1)
	return true
}

// end counts it off.
func (s *Slack) end() {
	s.state.mu.Lock()
	s.state.pending--
	s.state.mu.Unlock()
	s.work.Done()
}
