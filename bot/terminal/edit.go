package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"suhbat/bot"
)

// edit talks to a person. The terminal is in raw mode while it does, and as it
// was before when it returns, whatever happens. Ctrl-C and Ctrl-D leave.
func (t *Terminal) edit(ctx context.Context) error {
	in, _ := t.In.(*os.File)
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return fmt.Errorf("preparing the terminal: %w", err)
	}
	defer func() { _ = term.Restore(int(in.Fd()), before) }()
	size := func() (width, height int) {
		if w, h, err := term.GetSize(int(in.Fd())); err == nil && w > 0 && h > 0 {
			return w, h
		}
		return 80, 24
	}
	return t.talk(ctx, size)
}

// talk is the conversation with a person, in a terminal that sends every key as
// it is pressed.
func (t *Terminal) talk(ctx context.Context, size func() (width, height int)) error {
	look := plainLook
	if t.Colour {
		look = colours
	}
	screen := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{t.In, t.Out}, look.prompt)
	remembered := openHistory(t.History)
	screen.History = remembered
	screen.SetBracketedPasteMode(true)
	defer screen.SetBracketedPasteMode(false)
	if err := t.greet(ctx, screen, look, size); err != nil {
		return err
	}
	for {
		line, err := readLine(ctx, screen, size)
		switch {
		case errors.Is(err, io.EOF), ctx.Err() != nil:
			_, err := t.Out.Write([]byte("\r\n")) // the shell's prompt begins a line
			return err
		case err != nil:
			return fmt.Errorf("reading a line: %w", err)
		case leaves(line):
			return nil
		case blank(line):
			continue
		}
		reply, err := t.reply(ctx, line)
		if err != nil {
			return err
		}
		if err := show(screen, look, size, reply); err != nil {
			return err
		}
	}
}

// greet shows what the core says to a newcomer, and how to leave.
func (t *Terminal) greet(ctx context.Context, screen io.Writer, look look, size func() (int, int)) error {
	reply, err := t.reply(ctx, "/start")
	if err != nil {
		return err
	}
	if reply.Outcome != bot.Chat {
		t.choices = nil
		return nil
	}
	return show(screen, look, size, reply)
}

// show writes a reply between empty lines.
func show(screen io.Writer, look look, size func() (int, int), reply bot.Reply) error {
	width, _ := size()
	if _, err := fmt.Fprintf(screen, "\n%s\n\n", look.render(reply.Message, width)); err != nil {
		return fmt.Errorf("writing an answer: %w", err)
	}
	return nil
}

// readLine reads a line, or returns at once when ctx is done: the terminal has
// to be restored even though a read cannot be called off.
func readLine(ctx context.Context, screen *term.Terminal, size func() (int, int)) (string, error) {
	type result struct {
		line string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		_ = screen.SetSize(size()) // it may have been resized meanwhile; a size too small keeps the old one
		line, err := screen.ReadLine()
		if errors.Is(err, term.ErrPasteIndicator) {
			err = nil // a pasted line is a line
		}
		done <- result{line, err}
	}()
	select {
	case r := <-done:
		return r.line, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
