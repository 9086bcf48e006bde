package slack

import (
	"strings"
	"unicode/utf8"
)

// escaper makes text safe wherever Slack reads its own markup: no character but
// these three begins a mention, a link or a date
// (docs.slack.dev/messaging/formatting-message-text#escaping).
var (
	escaper   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	unescaper = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")
)

func escape(s string) string { return escaper.Replace(s) }

// typed returns what a person typed, from the text of a message: mentions of the
// bot are left out, other mentions, channels, links and dates become the words that
// people see, and the three escaped characters themselves again.
func typed(text, botUser string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "<")
		b.WriteString(before)
		if !found {
			break
		}
		inside, after, closed := strings.Cut(rest, ">")
		if !closed {
			b.WriteString("<" + rest)
			break
		}
		b.WriteString(seen(inside, botUser))
		text = after
	}
	return strings.TrimSpace(unescaper.Replace(b.String()))
}

// seen returns what people see in the place of <inside>.
func seen(inside, botUser string) string {
	target, label, labelled := strings.Cut(inside, "|")
	switch {
	case target == "":
		return ""
	case target[0] == '@' && target[1:] == botUser:
		return ""
	case target[0] == '@', target[0] == '#':
		return target[:1] + strings.TrimPrefix(orElse(label, target[1:]), target[:1])
	case target[0] == '!' && labelled:
		return label
	case target[0] == '!':
		name, _, _ := strings.Cut(target[1:], "^")
		return "@" + name
	default:
		return orElse(label, target)
	}
}

// orElse returns the first of the two that is not empty.
func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// mentions reports whether a message names a user.
func mentions(text, user string) bool {
	return user != "" && (strings.Contains(text, "<@"+user+">") || strings.Contains(text, "<@"+user+"|"))
}

// clamp shortens s to a number of code points, which is what Slack's limits count;
// what was shortened ends in an ellipsis.
func clamp(s string, most int) string {
	if len(s) <= most || utf8.RuneCountInString(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n++; n == most {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}
