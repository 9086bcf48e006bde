package app

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"suhbat/facts"
)

func newFacts(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "facts",
		Short: "check, list and show the facts",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newFactsCheck(o), newFactsList(o), newFactsShow(o), newFactsSchema(o))
	return cmd
}

func newFactsCheck(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "report all that is wrong with a folder of facts",
		Long: `check reads every YAML file of a folder, or the built-in facts, and writes what is
wrong with them, each as file:line:col: what is wrong, what was expected. The exit
code is 1 if there is anything.`,
		Example: "  suhbat facts check facts/data",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("facts check takes one folder, got %d%s", len(args), seeHelp(cmd))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			checked := *o
			if len(args) == 1 {
				checked.facts = args[0]
			}
			return checked.check(o.process.Out)
		},
	}
}

// faultsError says only how many were found: what they are stands in the output.
type faultsError int

func (n faultsError) Error() string { return fmt.Sprintf("the facts have %d faults", int(n)) }

// check writes all findings. That there is no such folder is one of them.
func (o *options) check(w io.Writer) error {
	if o.facts != "" {
		if err := checkFolder(o.facts); err != nil {
			return fmt.Errorf("facts: %w", err)
		}
	}
	fsys, err := o.folder()
	if err != nil {
		return err
	}
	store, err := facts.Load(fsys)
	if err == nil {
		_, err = fmt.Fprintf(w, "nothing wrong: %d facts on %d things from %d sources\n",
			len(store.Facts), len(store.Entities), len(store.Sources))
		return err
	}
	found, ok := errors.AsType[facts.Findings](inFolder(o.facts, err))
	if !ok {
		return err
	}
	if _, err := fmt.Fprintln(w, found.Error()); err != nil {
		return err
	}
	return faultsError(len(found))
}

func newFactsList(o *options) *cobra.Command {
	return &cobra.Command{
		Use:     "list [WORD…]",
		Short:   "list the facts, or those with all of the words, one a line",
		Example: "  suhbat facts list almaty 2023",
		RunE: func(_ *cobra.Command, args []string) error {
			store, err := o.store()
			if err != nil {
				return err
			}
			return facts.List(o.process.Out, store, facts.Containing(args...))
		},
	}
}

func newFactsShow(o *options) *cobra.Command {
	return &cobra.Command{
		Use:     "show ID",
		Short:   "show a fact, a thing or a source with all there is about it",
		Example: "  suhbat facts show dialogue-chair-2022",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("facts show takes one id, got %d%s", len(args), seeHelp(cmd))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			store, err := o.store()
			if err != nil {
				return err
			}
			return facts.Show(o.process.Out, store, facts.ID(args[0]))
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			store, err := o.store()
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			ids := make([]string, len(store.Facts))
			for i, f := range store.Facts {
				ids[i] = string(f.ID)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func newFactsSchema(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "write the JSON Schema of the files, for editors",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := o.process.Out.Write(facts.Schema())
			return err
		},
	}
}
