// Package terminal is the adapter for people, and scripts, at a command line.
//
// In a terminal it edits lines, remembers them and colours the answers. Anywhere
// else it speaks the transcript format, in which the tests of the bot are
// written, so that a transcript can be given to it and compared with what comes
// out:
//
//	# A comment.
//	> who chaired in 2022?
//	< In 2022 Turkmenistan chaired the Dialogue. [1]
//	<
//	< [1] …
//
// Start at [Terminal.Run].
package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/term"
	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
)

// Network is the name of this adapter in a [bot.Address].
const Network = "terminal"

// Terminal is one conversation at a command line.
type Terminal struct {
	// Handler replies to each line.
	Handler bot.Handler
	In      io.Reader
	Out     io.Writer
	// Lang is the language that the user chose, Hint the one of the machine's
	// settings; either may be und.
	Lang, Hint language.Tag
	// Now says when a line was typed.
	Now func() time.Time
	// Colour allows colours, where Out is a terminal.
	Colour bool
	// History is the file that remembers the lines typed at a terminal; empty for
	// none.
	History string

	asked   int
	choices []message.Choice // of the last reply
}

// IsTerminal reports whether a person is at the other end of stream, which is an
// io.Reader or an io.Writer.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Run replies to lines until they end, ctx is done, or someone types /quit. Its
// error is that of reading, of writing or of the Handler.
func (t *Terminal) Run(ctx context.Context) error {
	if IsTerminal(t.In) && IsTerminal(t.Out) {
		return t.edit(ctx)
	}
	return t.transcript(ctx)
}

// reply asks the Handler.
func (t *Terminal) reply(ctx context.Context, line string) (bot.Reply, error) {
	in := t.incoming(line)
	reply, err := t.Handler.Handle(ctx, in)
	if err != nil {
		return bot.Reply{}, fmt.Errorf("question %s: %w", in.ID, err)
	}
	t.choices = reply.Message.Choices
	return reply, nil
}

// incoming makes of a line what it is: the number of a choice, a command, or
// words to answer.
func (t *Terminal) incoming(line string) bot.Incoming {
	t.asked++
	in := bot.Incoming{
		ID: strconv.Itoa(t.asked), Kind: bot.Ask, From: bot.Address{Network: Network, Chat: "here"}, User: "you",
		Private: true, Text: line, LangHint: t.Hint, Lang: t.Lang, At: t.Now(),
	}
	typed := strings.TrimSpace(line)
	if c, ok := t.choice(typed); ok {
		in.Kind, in.Text, in.Payload = bot.Press, "", c.Value
	} else if strings.HasPrefix(typed, "/") {
		in.Kind, in.Text = bot.Command, typed
	}
	return in
}

// choice returns the choice of the last reply that typed is the number of.
func (t *Terminal) choice(typed string) (message.Choice, bool) {
	n, err := strconv.Atoi(typed)
	if err != nil || n < 1 || n > len(t.choices) {
		return message.Choice{}, false
	}
	return t.choices[n-1], true
}

// leaves reports whether the line ends the conversation.
func leaves(line string) bool {
	switch strings.TrimSpace(line) {
	case "/quit", "/exit":
		return true
	default:
		return false
	}
}
