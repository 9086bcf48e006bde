package bot

import (
	"context"
	"strconv"
)

// press does what a button says. Whoever presses one is always told something.
func (t *turn) press(ctx context.Context) (Reply, error) {
	if t.base.report != "" && t.base.who == digest(t.in.User) { // whoever presses something else reports no more
		next := t.base
		next.report, next.who = "", ""
		t.next = &next
	}
	a, ok := parseAction(t.in.Payload)
	if !ok {
		return t.notice(oldMenu), nil
	}
	switch a.verb {
	case doChoose:
		if text, ok := t.choice(a.arg); ok {
			return t.question(ctx, text)
		}
	case doRun:
		if x := t.command(a.arg); x != nil {
			return t.runCommand(ctx, a.arg, "")
		}
	case doPage:
		switch a.arg {
		case "timeline", "upcoming", "sources":
			return t.runCommand(ctx, a.arg, strconv.Itoa(a.n))
		}
	case doSpeak:
		return t.choose(ctx, a.arg)
	case doPraise:
		return t.praise(ctx, a.arg)
	case doBlame:
		return t.blame(ctx, a.arg)
	case doRemind:
		return t.pressReminders(ctx, a.arg)
	case doDecide:
		return t.decide(ctx, a.arg)
	case doCite:
		return t.cite(a.arg), nil
	case doReport:
		return t.askReport(a.arg), nil
	case doReportAs:
		return t.report(ctx, a.arg, t.in.Text)
	case doForget:
		if a.arg == yes {
			return t.forget(ctx)
		}
		return t.personal(t.chat(t.pack.Phrase("kept", nil))), nil
	}
	return t.notice(oldMenu), nil
}

// choice returns the choice whose words have that digest: the label of the button,
// which works for ever, or one that is remembered.
func (t *turn) choice(name string) (string, bool) {
	if digest(t.in.Text) == name {
		return t.in.Text, true
	}
	for _, choice := range t.base.choices {
		if digest(choice.Value) == name {
			return choice.Value, true
		}
	}
	return "", false
}
