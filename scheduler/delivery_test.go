package scheduler

import (
	"strings"
	"testing"
	"time"
)

// TestTransitions: what may follow what, written a second time. A change too many
// here is a message that is sent twice.
func TestTransitions(t *testing.T) {
	want := map[State]string{
		absent:    "planned",
		Planned:   "planned sending sent skipped",
		Sending:   "planned sent uncertain failed",
		Sent:      "",
		Uncertain: "planned sent uncertain failed skipped",
		Failed:    "planned sent",
		Skipped:   "planned sent",
	}
	for from, to := range want {
		for _, state := range States {
			d := Delivery{Key: "k", State: from, WakeAt: time.Unix(1, 0), Note: "before"}
			err := d.become(state, Retry)
			may := strings.Contains(" "+to+" ", " "+string(state)+" ")
			switch {
			case (err == nil) != may:
				t.Errorf("%q to %q: %v", from, state, err)
			case err == nil && (d.State != state || d.Reason != Retry || !d.WakeAt.IsZero() || d.Note != ""):
				t.Errorf("%q to %q: something of the state before is left: %+v", from, state, d)
			case err != nil && (d.State != from || !strings.Contains(err.Error(), "k is "+string(from))):
				t.Errorf("%q to %q: %v", from, state, err)
			}
		}
	}
	for _, tr := range transitions {
		if tr.by == "" || tr.why == "" {
			t.Errorf("%q to %q: nobody says who does it and why", tr.from, tr.to)
		}
	}
}
