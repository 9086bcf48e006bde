// Package app is the program: its options, its wiring and one file for each
// subcommand. [Main] is all of it; a test may start it as main does, with a
// [Process] of its own.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"suhbat/bot/message"
)

// The exit codes of the program.
const (
	exitOK    = 0
	exitWrong = 1 // something wrong was found, or something failed
	exitUsage = 2 // wrong options, arguments or settings; nothing was started
)

// Process is what the program may touch of the process that it runs in.
type Process struct {
	Args     []string // without the program's name
	In       io.Reader
	Out, Err io.Writer
	Getenv   func(string) string
	// Now is the only clock of the program.
	Now func() time.Time
}

// Main runs the program and returns its exit code.
func Main(p Process) int {
	return p.run(context.Background())
}

func (p Process) run(ctx context.Context) int {
	root := newRoot(&p)
	root.SetArgs(p.Args)
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		_, _ = fmt.Fprintln(p.Err, "suhbat: "+message.Clean(line)) // there is nowhere else to say it
	}
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	return exitWrong
}

// usageError is a mistake in the options, the arguments or the settings.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// usagef makes a usageError, which is always one line.
func usagef(format string, args ...any) error {
	return &usageError{message.Clean(fmt.Sprintf(format, args...))}
}

const about = `Suhbat answers questions on the Women, Peace and Security agenda and on the
Dialogue of Women of Central Asia. Every answer names its source, and what the
facts do not say it does not say either.

Without a subcommand it talks to you, if you are at a terminal.`

const exampleUse = `  suhbat ask who chaired the Dialogue in 2022?
  suhbat ask --lang ru --json "кто председательствовал в 2022 году?"
  suhbat chat < questions.txt
  suhbat upcoming --days 60`

// newRoot builds the command line.
func newRoot(p *Process) *cobra.Command {
	o := &options{process: p}
	chat := newChat(o)
	root := &cobra.Command{
		Use:               "suhbat",
		Short:             "sourced answers on Women, Peace and Security and the Dialogue of Women of Central Asia",
		Long:              about,
		Example:           exampleUse,
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              noArgs,
		DisableAutoGenTag: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if isTerminal(p.In) {
				return chat.RunE(cmd, args)
			}
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().StringVar(&o.facts, "facts", p.Getenv(envFacts),
		"a `DIR` with facts in place of the built-in ones (or "+envFacts+")")
	root.AddCommand(chat, newAsk(o), newExplain(o), newUpcoming(o), newFacts(o), newPacks(o), newServe(o), newDeliveries(o), newStore(o), newHealth(o), newVersion())
	root.SetHelpCommand(newHelp(root))
	addCompletion(root)
	return root
}

// newHelp replaces the library's command, which takes any argument.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "show how a command is used",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return usagef("there is no command %q%s", strings.Join(args, " "), seeHelp(root))
			}
			return cmd.Help()
		},
	}
}

// addCompletion adds the library's command in our words and with our exit codes.
func addCompletion(root *cobra.Command) {
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	root.InitDefaultCompletionCmd("completion")
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" {
			continue
		}
		cmd.Short = "write a script that completes commands in your shell"
		cmd.Args = noArgs // which is looked at only if there is something to run
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		for _, shell := range cmd.Commands() {
			shell.Args = noArgs
		}
	}
}

// flagError says what is wrong with an option, without the words of strconv.
func flagError(cmd *cobra.Command, err error) error {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		flag := invalid.GetFlag()
		return usagef("--%s: %q is not of the type %s%s", flag.Name, invalid.GetValue(), flag.Value.Type(), seeHelp(cmd))
	}
	return usagef("%s%s", err, seeHelp(cmd))
}

// noArgs allows no arguments, and takes one for a misspelt subcommand where
// there are any.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if !cmd.HasAvailableSubCommands() {
		return usagef("%s takes no arguments, got %q%s", cmd.CommandPath(), args[0], seeHelp(cmd))
	}
	guess := ""
	cmd.SuggestionsMinimumDistance = 2 // letters that may be wrong
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		guess = ", did you mean " + strings.Join(near, " or ") + "?"
	}
	return usagef("unknown command %q%s%s", args[0], guess, seeHelp(cmd))
}

func seeHelp(cmd *cobra.Command) string { return " (see " + cmd.CommandPath() + " --help)" }
