package slack

import (
	"slices"
	"strings"
	"time"

	"suhbat/bot"
)

// form says in which form something comes in, over HTTP and through a
// socket alike. It is the first byte of what is kept in the inbox.
type form byte

const (
	command     form = 'c' // a slash command: fields of a form
	event       form = 'e' // an event: JSON
	interaction form = 'i' // a button, a shortcut, a modal: JSON
	welcome     form = 'w' // somebody has added the app: our own JSON
)

// name is what an arrival is called while it is watched.
func (f form) name() string {
	switch f {
	case command:
		return "command"
	case event:
		return "event"
	case interaction:
		return "interaction"
	case welcome:
		return "welcome"
	default:
		return "arrival"
	}
}

// errand says what an arrival wants of us.
type errand int

const (
	nothing   errand = iota // it is not for us
	answerAll               // a question in a conversation; answer there
	followUp                // a message in a thread where the bot was asked; answer only what is a question
	answerOne               // a question whose answer one person sees
	pressed                 // a button was pressed
	submitted               // a modal was sent
	corrected               // a question has new words; change its answer
	greeted                 // somebody looks at the conversation with the bot; greet once
	homeTab                 // the bot's own page was opened
	joined                  // the bot was put into a channel
	removed                 // the app was removed from a workspace, or its token revoked
)

// arrival is one thing that came in.
type arrival struct {
	errand  errand
	in      bot.Incoming // without a time and a language
	home    home
	channel string // where the answer goes
	user    string // as Slack calls the one who asks
	trigger string // opens a modal within three seconds
	answer  answerURL
	press   press
	removal removal
	// before is the id that a corrected question came in under first.
	before string
	// undone is why it was not answered; nothing if it was.
	undone undone
	form   form
	raw    []byte
	at     time.Time
	// watched ends what watch has begun.
	watched func()
}

// undone says why an arrival was not answered.
type undone int

const (
	tooLate   undone = iota + 1 // there was no time left; it is tried again
	elsewhere                   // another replica answers it
)

// order is what the arrivals that must follow one another have in common.
func (a *arrival) order() string {
	f := a.in.From
	return f.Space + " " + f.Chat + " " + f.Thread
}

// home is a workspace as Slack describes it with everything that comes in.
type home struct {
	enterprise, team string
	// org is true if the organisation has installed the app, not the workspace.
	org bool
	bot string // the bot's user there, if Slack said so
}

// space is the [bot.Address.Space] of a workspace.
func (h home) space() string {
	if h.org && h.enterprise != "" {
		return h.enterprise + "/" + h.team
	}
	return h.team
}

// keysOf returns under which enterprise and team the installation of a space is kept.
// That of a workspace has no enterprise, that of an organisation no team.
func keysOf(space string) (enterprise, team string) {
	if enterprise, _, ok := strings.Cut(space, "/"); ok {
		return enterprise, ""
	}
	return "", space
}

// address is a place in a workspace.
func address(space, chat, thread string) bot.Address {
	return bot.Address{Network: Network, Space: space, Chat: chat, Thread: thread}
}

// onlyUser is the thread of a conversation that nobody but user sees. In a channel
// many have one, and what one of them asked must not show in what another is told.
func onlyUser(user string) string { return "@" + user }

// isDirect reports whether a channel is one person's conversation with another, or
// with the bot.
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

// place fills in where an arrival came from. In private that is the user's own place,
// be it in a direct message, in a slash command or on the bot's own page: so they have
// the same settings, and can be forgotten together.
func (a *arrival) place(channel, thread, user string) {
	a.channel, a.user = channel, user
	if isDirect(channel) {
		channel = user
	}
	a.in.From, a.in.Private = address(a.home.space(), channel, thread), channel == user
	a.in.Posts = a.in.From.Place()
	a.in.User = userOf(a.home.team, user)
}

// userOf is the [bot.Incoming.User] of a user, unlike anybody's in another workspace.
func userOf(team, user string) string { return team + "/" + user }

// slackUser is what Slack calls a [bot.Incoming.User].
func slackUser(user string) string { return user[strings.LastIndexByte(user, '/')+1:] }

// body is an arrival as the inbox keeps it.
func (a *arrival) body() []byte { return append([]byte{byte(a.form)}, a.raw...) }

// typed fills in what was typed: a sub-command if it is one, else a question.
func (s *Slack) typed(a *arrival, text string) {
	a.in.Kind, a.in.Text = bot.Ask, text
	word, rest, _ := strings.Cut(text, " ")
	name, slashed := strings.CutPrefix(strings.ToLower(word), "/")
	rest = strings.TrimSpace(rest)
	switch {
	case name == "":
		a.in.Kind, a.in.Text = bot.Command, "/help"
	case name == "ask" && rest != "":
		a.in.Text = rest
	case (slashed || rest == "" || slices.Contains(s.config.Commands, name)) && s.handler.IsCommand("/"+name):
		a.in.Kind, a.in.Text = bot.Command, strings.TrimSpace("/"+name+" "+rest)
	}
}
