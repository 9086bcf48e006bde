package app

import (
	"context"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"

	"suhbat/bot/terminal"
)

const aboutChat = `At a terminal, chat edits lines (arrow keys, Ctrl-A, Ctrl-E, …), remembers them
and takes the number of a choice for the choice. /help shows what can be asked;
/quit, Ctrl-C or Ctrl-D leave.

The lines you type are kept in $XDG_STATE_HOME/suhbat/history (by default under
~/.local/state), which only you may read; not so one that begins with a space,
and none with --no-history.

From a pipe or a file, chat reads one question a line, with or without "> " before
it. Blank lines, comments after # and lines that begin with < are passed over. What
it writes can be read by it again.`

func newChat(o *options) *cobra.Command {
	var when moment
	var in tongue
	var forget bool
	cmd := &cobra.Command{
		Use:     "chat",
		Short:   "talk: questions from the terminal, or from a file",
		Long:    aboutChat,
		Example: "  suhbat chat\n  suhbat chat < talk.txt",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.chat(cmd.Context(), when, in, forget)
		},
	}
	when.addTo(cmd)
	in.addTo(cmd)
	cmd.Flags().BoolVar(&forget, "no-history", false, "neither read nor keep the lines typed")
	return cmd
}

func (o *options) chat(ctx context.Context, when moment, in tongue, forget bool) error {
	now, err := when.clock(o.process)
	if err != nil {
		return err
	}
	parts, err := o.build()
	if err != nil {
		return err
	}
	tag, err := in.tag(parts.set.Codes())
	if err != nil {
		return err
	}
	p := o.process
	talk := terminal.Terminal{
		Handler: parts.core, In: p.In, Out: p.Out, Lang: tag, Now: now,
		Colour: p.Getenv(envNoColor) == "" && p.Getenv(envTerm) != "dumb",
	}
	if isTerminal(p.In) {
		talk.Hint = locale(p.Getenv)
		if !forget {
			talk.History = historyFile(p.Getenv)
		}
		var stop context.CancelFunc
		ctx, stop = signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
	}
	return talk.Run(ctx)
}

// historyFile returns where typed lines are kept, or nothing if there is no home.
func historyFile(getenv func(string) string) string {
	state := getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home := getenv("HOME")
		if !filepath.IsAbs(home) {
			return ""
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "suhbat", "history")
}

// locale returns the language of the environment's settings, or und.
func locale(getenv func(string) string) language.Tag {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value, _, _ := strings.Cut(getenv(name), ".")
		if value == "" || value == "C" || value == "POSIX" {
			continue
		}
		if tag, err := language.Parse(strings.ReplaceAll(value, "_", "-")); err == nil {
			return tag
		}
	}
	return language.Und
}
