package scheduler_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"suhbat/scheduler"
)

// skew is by how much a clock may be wrong, and how long a step may take.
const skew = 12 * time.Second

// verdict is what the oracle thinks of one reminder to one chat.
type verdict struct {
	must  []expected // settings that were in force all the time that it was due
	may   []expected // settings that asked for it at some time
	times []time.Time
	again []time.Time // when somebody wanted it sent again
}

// judge compares what arrived with what should have.
func (w *world) judge() []string {
	j := judge{w: w, all: days(w.years), verdicts: make(map[string]*verdict)}
	for chat, history := range w.history {
		if to, gone := w.moved[chat]; !gone || to == chat {
			j.expect(chat, history)
		}
	}
	for _, m := range w.messages {
		chat := w.nowAt(m.chat)
		for _, key := range m.keys {
			v := j.verdict(chat + " " + short(key))
			v.times = append(v.times, m.at)
			v.again = append(v.again, w.resent[key]...)
		}
	}
	j.compare()
	j.liveness()
	return j.found
}

// short is a key without its channel.
func short(key string) string {
	event, rest, _ := strings.Cut(key, "|")
	year, rest, _ := strings.Cut(rest, "|")
	return event + "|" + year + rest[strings.LastIndex(rest, "|"):]
}

type judge struct {
	w        *world
	all      []civil
	verdicts map[string]*verdict
	found    []string

	telegramTwice, slackTwice, silent, known, unsure, delivered int
}

func (j *judge) problem(format string, args ...any) {
	if len(j.found) < 20 {
		j.found = append(j.found, fmt.Sprintf(format, args...))
	}
}

func (j *judge) verdict(name string) *verdict {
	v := j.verdicts[name]
	if v == nil {
		v = new(verdict)
		j.verdicts[name] = v
	}
	return v
}

// expect notes what a chat's settings ask for.
func (j *judge) expect(chat string, history []setting) {
	for i, s := range history {
		to := j.w.end
		if i+1 < len(history) {
			to = history[i+1].from
		}
		if s.off {
			continue
		}
		for _, x := range asks(j.all, s.sub, s.from, to) {
			if x.until.Before(s.from.Add(-skew)) || x.due.After(to.Add(skew)) {
				continue
			}
			v := j.verdict(chat + " " + x.key)
			v.may = append(v.may, x)
			if x.due.After(s.from.Add(skew)) && x.until.Add(time.Hour).Before(to) {
				v.must = append(v.must, x)
			}
		}
	}
}

// compare judges each reminder.
func (j *judge) compare() {
	rows := j.rows()
	for name, v := range j.verdicts {
		if n := len(v.times); n > 1 {
			if !j.w.again && j.telegramTwice+j.slackTwice < 3 {
				j.problem("%s arrived at %v; sent again by somebody at %v", name, v.times, v.again)
			}
			if strings.HasPrefix(name, "slack") {
				j.slackTwice++
			} else {
				j.telegramTwice++
			}
		}
		if len(v.times) > 0 {
			j.delivered++
			j.rightTime(name, v)
			continue
		}
		if len(v.must) == 0 {
			continue
		}
		excused, why := j.excuse(v, rows[name])
		if excused == scheduler.Uncertain {
			j.unsure++
		}
		if why != "" {
			j.silent++
			if j.silent < 5 {
				j.problem("%s was due %s and never arrived: %s", name, v.must[0].due.Format(time.RFC3339), why)
			}
			continue
		}
		j.known++
	}
}

// rightTime checks that a reminder arrived while a setting asked for it.
func (j *judge) rightTime(name string, v *verdict) {
	for _, at := range v.times {
		ok := slices.ContainsFunc(v.may, func(x expected) bool {
			return !at.Before(x.due.Add(-skew)) && !at.After(x.until.Add(skew+j.w.pause+20*time.Second))
		})
		ok = ok || slices.ContainsFunc(v.again, func(said time.Time) bool {
			return at.After(said) && at.Before(said.Add(2*time.Hour+skew+2*j.w.pause+20*time.Second))
		})
		if !ok {
			j.problem("%s arrived at %s, and was due %v", name, at.Format(time.RFC3339), v.may)
		}
	}
}

// rows returns the rows of the store by the name of their verdict.
func (j *judge) rows() map[string][]scheduler.Delivery {
	all, _ := j.w.store.Select(context.Background(), scheduler.Query{})
	out := make(map[string][]scheduler.Delivery, len(all))
	for _, d := range all {
		name := j.w.nowAt(chatName(simChatOf(d.Channel))) + " " + short(d.Key)
		out[name] = append(out[name], d)
	}
	return out
}

// excuse says why a reminder that did not arrive should have; nothing if the program
// knows that it may not have, and had a reason.
func (j *judge) excuse(v *verdict, rows []scheduler.Delivery) (as scheduler.State, why string) {
	if len(rows) == 0 {
		return "", "there is no row"
	}
	for _, d := range rows {
		switch d.State { //nolint:exhaustive // the others are no excuse
		case scheduler.Uncertain, scheduler.Failed:
			return d.State, ""
		case scheduler.Skipped:
			if d.Reason == scheduler.Late && (j.wasDown(v.must[0]) || j.w.seek || len(j.w.resent[d.Key]) > 0) || d.Reason == scheduler.ByAdmin && j.w.declined[d.Key] {
				return d.State, ""
			}
		case scheduler.Sent:
			return "", "it is marked as sent"
		}
	}
	return "", fmt.Sprintf("it is %s, %s, %s", rows[0].State, rows[0].Reason, rows[0].Note)
}

// wasDown reports whether no process was up in a good part of the time in which a
// reminder was of use.
func (j *judge) wasDown(x expected) bool {
	return slices.ContainsFunc(j.w.spans, func(s span) bool { return s.from.Before(x.until) && s.to.After(x.due) })
}

// liveness checks that nothing is left over once nothing bad happens any more.
func (j *judge) liveness() {
	late := j.w.end.Add(-15 * time.Minute)
	all, _ := j.w.store.Select(context.Background(), scheduler.Query{})
	posts := make(map[string]scheduler.State)
	uncertain := make(map[string]bool)
	for _, d := range all {
		if (d.State == scheduler.Planned || d.State == scheduler.Sending) && d.WakeAt.Before(late) {
			j.problem("%s is %s since %s", d.Key, d.State, d.WakeAt.Format(time.RFC3339))
		}
		if d.State == scheduler.Uncertain {
			uncertain[d.Post] = true
			if !d.WakeAt.IsZero() && d.WakeAt.Before(late) {
				j.problem("%s should have been looked up at %s", d.Key, d.WakeAt.Format(time.RFC3339))
			}
		}
		if d.State == scheduler.Sending || d.State == scheduler.Uncertain || d.State == scheduler.Sent {
			if before, ok := posts[d.Post]; ok && before != d.State {
				j.problem("the post %s is %s and %s", d.Post, before, d.State)
			}
			posts[d.Post] = d.State
		}
	}
	if most := j.w.window + j.w.timeouts; len(uncertain) > most {
		j.problem("%d posts are uncertain, and %d crashes and time-outs account for them", len(uncertain), most)
	}
	j.w.result = result{
		delivered: j.delivered, telegramTwice: j.telegramTwice, slackTwice: j.slackTwice, silent: j.silent, known: j.known,
		uncertain: len(uncertain),
	}
	if j.telegramTwice > 0 && (!j.w.again || j.telegramTwice > 3*(j.w.window+j.w.timeouts)) {
		j.problem("%d reminders arrived twice on Telegram", j.telegramTwice)
	}
	if j.slackTwice > 0 {
		j.problem("%d reminders arrived twice on Slack", j.slackTwice)
	}
	if j.w.again && j.unsure > 0 {
		j.problem("%d reminders were lost, though twice is better than not at all", j.unsure)
	}
}

// result is what a run comes to, in reminders.
type result struct{ delivered, telegramTwice, slackTwice, silent, known, uncertain int }
