package scheduler

import (
	"time"

	"suhbat/facts"
)

// Transitions lists the changes of state that there are, and who makes them.
func Transitions() (moves, by []string) {
	for _, t := range transitions {
		moves, by = append(moves, string(t.from)+" → "+string(t.to)), append(by, t.by)
	}
	return moves, by
}

// SetPlace puts another rule in the place of [wall], so that the simulation can show
// that it would notice.
func (p *Planner) SetPlace(place func(day facts.Date, at int, zone *time.Location) time.Time) {
	p.place = func(day facts.Date, at minute, zone *time.Location) time.Time { return place(day, int(at), zone) }
}

// SetReconcile sets when an uncertain post is looked up.
func (s *Sender) SetReconcile(d time.Duration) { s.reconcile = d }
