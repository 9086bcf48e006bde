package bot

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"suhbat/bot/lang"
)

// command is one of the bot's commands: what is typed behind a slash, or pressed in
// a menu.
type command struct {
	name string
	// menus lists where it stands in the menu of commands.
	menus []Scope
	// helps is true where /help tells of it, with the phrase "command-" and its name.
	helps bool
	// reminds is true for what there is only with [Ports.Reminders].
	reminds bool
	run     func(t *turn, ctx context.Context, arg string) (Reply, error)
}

// Scope is where a menu of commands is shown.
type Scope string

// The scopes of a menu.
const (
	InPrivate Scope = "private" // in a conversation with the bot alone
	InGroups  Scope = "groups"  // to everybody in a group
	ToAdmins  Scope = "admins"  // to those who may change the settings of a group
)

var (
	anywhere  = []Scope{InPrivate, InGroups, ToAdmins}
	inPrivate = []Scope{InPrivate, ToAdmins}
)

// commands lists them in the order in which menus and /help show them.
func commands() []command {
	return []command{
		{name: "ask", menus: []Scope{InGroups, ToAdmins}, helps: true, run: (*turn).ask},
		{name: "chairs", menus: anywhere, helps: true, run: (*turn).chairs},
		{name: "pillars", menus: anywhere, helps: true, run: (*turn).pillars},
		{name: "resolutions", menus: anywhere, helps: true, run: (*turn).resolutions},
		{name: "timeline", menus: anywhere, helps: true, run: (*turn).timeline},
		{name: "upcoming", menus: anywhere, helps: true, run: (*turn).upcoming},
		{name: "language", menus: inPrivate, helps: true, run: (*turn).language},
		{name: "subscribe", menus: inPrivate, helps: true, reminds: true, run: (*turn).subscribe},
		{name: "unsubscribe", helps: true, reminds: true, run: (*turn).unsubscribe},
		{name: "settings", menus: inPrivate, helps: true, run: (*turn).settings},
		{name: "sources", helps: true, run: (*turn).sources},
		{name: "about", helps: true, run: (*turn).about},
		{name: "privacy", helps: true, run: (*turn).privacy},
		{name: "delete", helps: true, run: (*turn).deletion},
		{name: "stop", helps: true, run: (*turn).stop},
		{name: "help", menus: anywhere, helps: true, run: (*turn).help},
		{name: "start", run: (*turn).start},
		{name: "cancel", run: (*turn).cancel},
		{name: "feedback", run: (*turn).feedback},
	}
}

// Menu is what a network may know of the bot before anybody says a word, in one
// language. Its lengths keep the limits of the Bot API (core.telegram.org/bots/api,
// setMyCommands, setMyDescription and so on), which are the narrowest.
type Menu struct {
	Lang language.Tag
	// Name is at most 64 characters long, Short at most 120, Description at most 512.
	Name, Short, Description string
	// Commands are those to show at a place, at most ten.
	Commands map[Scope][]MenuItem
}

// MenuItem is one command of a [Menu]: without its slash, and what it does.
type MenuItem struct{ Command, Description string }

// Languages lists those that the bot speaks, the most usual first.
func (c *Core) Languages() []language.Tag {
	out := make([]language.Tag, 0, len(c.set.Packs))
	for _, p := range c.set.Packs {
		out = append(out, p.Tag)
	}
	return out
}

// Menu returns the menu in a language, or in the one that is used where nothing is
// known of the reader.
func (c *Core) Menu(tag language.Tag) Menu {
	p := c.packOf(c.code(tag))
	m := Menu{
		Lang: p.Tag, Name: p.Phrase("bot-name", nil), Short: p.Phrase("bot-short", nil),
		Description: p.Phrase("chat-who-are-you", nil), Commands: make(map[Scope][]MenuItem),
	}
	for i := range c.commands {
		x := &c.commands[i]
		if !c.has(x) {
			continue
		}
		for _, scope := range x.menus {
			m.Commands[scope] = append(m.Commands[scope], MenuItem{x.name, commandLabel(p, x.name)})
		}
	}
	return m
}

// has reports whether a command is of any use.
func (c *Core) has(x *command) bool { return !x.reminds || c.ports.Reminders != nil }

// commandLabel says what a command does; it is the label of its button, too.
func commandLabel(p *lang.Pack, name string) string { return p.Phrase("command-"+name, nil) }

// IsCommand reports whether a text begins with one of the bot's commands: in a group,
// others are other bots' and pass unheard.
func (c *Core) IsCommand(text string) bool {
	name, _, ok := cutCommand(text)
	return ok && c.command(name) != nil
}

// command returns the command of that name, or nil.
func (c *Core) command(name string) *command {
	i := slices.IndexFunc(c.commands, func(x command) bool { return x.name == name })
	if i < 0 {
		return nil
	}
	return &c.commands[i]
}

// cutCommand parts "/ask@Bot who chaired?" into "ask" and "who chaired?". A text
// that only begins with a slash, such as "/1325", is no command.
func cutCommand(text string) (name, arg string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "/")
	if !ok {
		return "", "", false
	}
	end := strings.IndexFunc(rest, isSpace)
	if end < 0 {
		end = len(rest)
	}
	name, arg = rest[:end], strings.TrimSpace(rest[end:])
	name, _, _ = strings.Cut(name, "@")
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r != '_' && (r|0x20 < 'a' || 'z' < r|0x20) }) {
		return "", "", false
	}
	return strings.ToLower(name), arg, true
}

func isSpace(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\u00a0' }

// onNetwork writes the commands in a line as the network wants them.
func (t *turn) onNetwork(line string) string {
	prefix := t.prefixes[t.in.From.Network]
	if prefix == "" || !strings.Contains(line, "/") {
		return line
	}
	for i := range t.commands {
		line = strings.ReplaceAll(line, "/"+t.commands[i].name, prefix+t.commands[i].name)
	}
	return line
}

// runCommand does what a command asks.
func (t *turn) runCommand(ctx context.Context, name, arg string) (Reply, error) {
	x := t.command(name)
	if x == nil || x.name == "feedback" && !t.operates() {
		if t.overheard() {
			return Reply{}, nil
		}
		return t.chat(t.pack.Phrase("no-command", nil)), nil
	}
	return x.run(t, ctx, arg)
}

// overheard reports whether a command that is none of ours was hardly meant for us:
// in a group, every bot hears the commands that name no bot.
func (t *turn) overheard() bool {
	name, _, _ := strings.Cut(strings.TrimSpace(t.in.Text), " ")
	return !t.in.Private && t.in.Kind != Press && !t.in.Addressed && !strings.Contains(name, "@")
}

// ask answers the question behind /ask, or says how to write one.
func (t *turn) ask(ctx context.Context, arg string) (Reply, error) {
	if arg == "" {
		return t.chat(t.pack.Phrase("ask-how", fill("question", t.example()))), nil
	}
	return t.question(ctx, arg)
}
