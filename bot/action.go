package bot

import (
	"encoding/base64"
	"hash/fnv"
	"strconv"
	"strings"

	"suhbat/bot/message"
	"suhbat/facts"
)

// An action is what a button says when it is pressed. It holds all that is needed
// to reply, since a button may be pressed a year after it was shown:
//
//	1:c2.aB3dE6g    the second choice, whose words have that digest
//	1:rhelp         a command, in the place of the message with the button
//	1:ptimeline.2   the second page of a list
//	1:lkk           a language; 1:lauto for that of the question
//	1:+aB3dE6g…     the answer was helpful, which rested on the facts with these
//	                digests; 1:-… it was not; 1:e… one of them is wrong; 1:w… how it is
//	1:qaB3dE6g…     what the sources of these facts say
//	1:dyes          delete what is kept of this place; 1:dno do not
//	1:st10:00       reminders: what is set, and to what; 1:st@name shows the choice,
//	                of another place than this one (reminderpage.go)
//	1:orpost-3b     send a post of reminders again; 1:ospost-3b do not (notice.go)
//
// The first character is the version of the syntax. What an old version means is
// nobody's guess: whoever presses it is told that the menu is old.
type action struct {
	verb verb
	arg  string
	n    int
}

// verb says what an action does.
type verb byte

const (
	doChoose    verb = 'c'
	doRun       verb = 'r'
	doPage      verb = 'p'
	doSpeak     verb = 'l'
	doPraise    verb = '+'
	doBlame     verb = '-'
	doReport    verb = 'e' // asks for words
	doReportAs  verb = 'w' // brings them
	doCite      verb = 'q'
	doForget    verb = 'd'
	doRemind    verb = 's'
	doDecide    verb = 'o'
	verbs            = "crpl+-ewqdso"
	actionStart      = "1:"
)

// The arguments of doForget and of doSpeak that are no language.
const (
	yes       = "yes"
	no        = "no"
	automatic = "auto"
)

// String writes the action as a [Button] carries it.
func (a action) String() string {
	s := actionStart + string(rune(a.verb)) + a.arg
	switch a.verb {
	case doChoose:
		return actionStart + string(rune(a.verb)) + strconv.Itoa(a.n) + "." + a.arg
	case doPage:
		return s + "." + strconv.Itoa(a.n)
	default:
		return s
	}
}

// button makes a button of the action.
func (a action) button(label string) Button { return Button{Label: label, Action: a.String()} }

// isAction reports whether the payload of a [Press] is an action of some version,
// not the words of a choice.
func isAction(payload string) bool {
	if len(payload) < len(actionStart) || payload[1] != ':' {
		return false
	}
	return !strings.ContainsFunc(payload, func(r rune) bool { return r <= ' ' || r > '~' })
}

// parseAction reads an action. It reports false for one of another version, and for
// whatever never was one.
func parseAction(s string) (action, bool) {
	rest, ok := strings.CutPrefix(s, actionStart)
	if !ok || len(s) > MaxAction || !isAction(s) || rest == "" || strings.IndexByte(verbs, rest[0]) < 0 {
		return action{}, false
	}
	a := action{verb: verb(rest[0]), arg: rest[1:]}
	number := ""
	switch a.verb {
	case doChoose:
		number, a.arg, ok = strings.Cut(a.arg, ".")
	case doPage:
		a.arg, number, ok = strings.Cut(a.arg, ".")
	default:
	}
	if number != "" {
		a.n, _ = strconv.Atoi(number)
	}
	if !ok || a.arg == "" || a.String() != s {
		return action{}, false
	}
	return a, true
}

// ChoiceAction is the action of a button for the n-th choice of a message, from 1.
// Whoever presses it is to bring the button's label along as [Incoming.Text]: where
// that is the whole of the choice, the button works for ever; a label that was
// shortened works as long as the conversation is remembered.
func ChoiceAction(n int, c message.Choice) string {
	return action{verb: doChoose, arg: digest(c.Value), n: n}.String()
}

// digestBytes is the length of a digest before it is written in letters: among
// forty thousand facts the odds that two share one are less than one in a thousand.
const digestBytes = 5

// digestLen is the length of a digest in characters.
var digestLen = base64.RawURLEncoding.EncodedLen(digestBytes)

// maxDigests is how many facts an action can name.
var maxDigests = (MaxAction - len(actionStart) - 1) / digestLen

// digest is a short name of a text that stays the same for ever: the first 40 bits
// of its FNV-1a hash, in the letters of base64url.
func digest(text string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:digestBytes])
}

// digests names the first few of some facts.
func digests(ids []facts.ID) string {
	var b strings.Builder
	for _, id := range ids[:min(len(ids), maxDigests)] {
		b.WriteString(digest(string(id)))
	}
	return b.String()
}

// digested returns the facts that digests name, those that are gone left out.
func (c *Core) digested(names string) []*facts.Fact {
	var out []*facts.Fact
	for ; len(names) >= digestLen; names = names[digestLen:] {
		if f := c.byDigest[names[:digestLen]]; f != nil {
			out = append(out, f)
		}
	}
	return out
}

// indexDigests maps digests to facts. A digest that two facts share names neither.
func indexDigests(store *facts.Store) map[string]*facts.Fact {
	out := make(map[string]*facts.Fact, len(store.Facts))
	for _, f := range store.Facts {
		name := digest(string(f.ID))
		if _, taken := out[name]; taken {
			f = nil
		}
		out[name] = f
	}
	return out
}
