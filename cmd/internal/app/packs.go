package app

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
)

func newPacks(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "packs",
		Short: "check, compare and try the language packs",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPacksCheck(o), newPacksCoverage(o), newPacksTry(o))
	return cmd
}

// packsFolder is the folder of packs named by args, or the built-in one.
func packsFolder(cmd *cobra.Command, args []string) (fs.FS, string, error) {
	switch len(args) {
	case 0:
		return packs.FS, "", nil
	case 1:
		if err := checkFolder(args[0]); err != nil {
			return nil, "", fmt.Errorf("packs: %w", err)
		}
		return os.DirFS(args[0]), args[0], nil
	default:
		return nil, "", usagef("%s takes one folder, got %d%s", cmd.CommandPath(), len(args), seeHelp(cmd))
	}
}

func newPacksCheck(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "check [DIR]",
		Short: "report all that is wrong with the language packs",
		Long: `check reads every language pack of a folder, or the built-in ones, asks all their
examples, compares them with English, and writes what is wrong or missing, each as
file:line:col: what is wrong, what was expected. The exit code is 1 if there is
anything.`,
		Example: "  suhbat packs check bot/lang/packs",
		RunE: func(cmd *cobra.Command, args []string) error {
			fsys, dir, err := packsFolder(cmd, args)
			if err != nil {
				return err
			}
			return o.checkPacks(fsys, dir)
		},
	}
}

// packFaultsError says only how many were found: what they are stands in the
// output.
type packFaultsError int

func (n packFaultsError) Error() string {
	return fmt.Sprintf("the language packs have %d faults", int(n))
}

func (o *options) checkPacks(fsys fs.FS, dir string) error {
	set, err := lang.Load(fsys)
	found := flat(err)
	if err == nil {
		store, err := o.store()
		if err != nil {
			return err
		}
		_, err = ask.New(store, set)
		found = flat(err)
		for _, f := range set.Missing() {
			found = append(found, f)
		}
	}
	w := o.process.Out
	for _, e := range found {
		if f, ok := errors.AsType[lang.Finding](e); ok && dir != "" {
			f.File = path.Join(dir, f.File)
			e = f
		}
		if _, err := fmt.Fprintln(w, e); err != nil {
			return err
		}
	}
	if len(found) > 0 {
		return packFaultsError(len(found))
	}
	examples := 0
	for _, p := range set.Packs {
		examples += len(p.Examples)
	}
	_, err = fmt.Fprintf(w, "nothing wrong: %d languages, %d examples\n", len(set.Packs), examples)
	return err
}

// flat lists the errors that err joins.
func flat(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, flat(e)...)
	}
	return out
}

func newPacksCoverage(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "coverage [DIR]",
		Short: "show which kinds of questions each language has examples of",
		Long: `coverage writes a table: the kinds of questions that any pack shows in its
examples, and how many examples of each kind each language has. Below it stand the
numbers of words and examples, and which packs await a native reader.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			fsys, _, err := packsFolder(cmd, args)
			if err != nil {
				return err
			}
			set, err := lang.Load(fsys)
			if err != nil {
				return fmt.Errorf("the language packs cannot be used:\n%w", err)
			}
			return coverage(o.process.Out, set)
		},
	}
}

// coverage writes the table of kinds and languages.
func coverage(w io.Writer, set *lang.Set) error {
	counts := make(map[string]map[string]int) // by kind and language
	for _, p := range set.Packs {
		for _, x := range p.Examples {
			kind := ask.KindOf(x.Form)
			if counts[kind] == nil {
				counts[kind] = make(map[string]int)
			}
			counts[kind][p.Code]++
		}
	}
	kinds := make([]string, 0, len(counts))
	for kind := range counts {
		kinds = append(kinds, kind)
	}
	slices.SortFunc(kinds, func(a, b string) int { return cmp.Or(len(counts[b])-len(counts[a]), cmp.Compare(a, b)) })
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name string, cell func(p *lang.Pack) string) {
		cells := []string{name}
		for _, p := range set.Packs {
			cells = append(cells, cell(p))
		}
		_, _ = fmt.Fprintln(t, strings.Join(cells, "\t")) // Flush reports what went wrong
	}
	row("kind of question", func(p *lang.Pack) string { return p.Code })
	for _, kind := range kinds {
		row(kind, func(p *lang.Pack) string {
			if n := counts[kind][p.Code]; n > 0 {
				return strconv.Itoa(n)
			}
			return "–"
		})
	}
	row("examples", func(p *lang.Pack) string { return strconv.Itoa(len(p.Examples)) })
	row("phrases of the vocabulary", func(p *lang.Pack) string { return strconv.Itoa(len(p.Words)) })
	row("reviewed by a native reader", func(p *lang.Pack) string {
		if p.Draft {
			return "no"
		}
		return "yes"
	})
	return t.Flush()
}

func newPacksTry(o *options) *cobra.Command {
	var speaks tongue
	cmd := &cobra.Command{
		Use:   "try --lang LANGUAGE",
		Short: "ask all that a language pack can ask, for a native reader to skim",
		Long: `try puts every fact into each question that the language has a sentence for, asks
it, and writes question and reply as a transcript. A question that is not answered
is marked.`,
		Example: "  suhbat packs try --lang ru | less",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			parts, err := o.build()
			if err != nil {
				return err
			}
			if speaks.code == "" {
				return usagef("packs try needs --lang, one of %s", strings.Join(parts.set.Codes(), ", "))
			}
			tag, err := speaks.tag(parts.set.Codes())
			if err != nil {
				return err
			}
			return o.try(parts, tag.String())
		},
	}
	speaks.addTo(cmd)
	return cmd
}

// try asks what the pack of a language can ask about each fact.
func (o *options) try(parts *parts, code string) error {
	engine, err := ask.New(parts.store, parts.set)
	if err != nil {
		return err
	}
	pack := parts.set.Pack(code)
	today := facts.On(o.process.Now())
	asked := make(map[string]bool)
	for _, x := range parts.store.Facts {
		for _, f := range ask.Forms(x) {
			text := say.Question(pack, f)
			if text == "" || asked[text] {
				continue
			}
			asked[text] = true
			a := engine.Ask(ask.Question{Text: text, Lang: code, Today: today})
			if err := tried(o.process.Out, text, &a, pack); err != nil {
				return err
			}
		}
	}
	return nil
}

func tried(w io.Writer, text string, a *ask.Answer, pack *lang.Pack) error {
	reply := say.Answer(pack, a)
	reply.Notes, reply.Choices = nil, nil // the words are what is to be read
	mark := ""
	if a.Outcome != ask.Answered {
		mark = "# Not answered: " + cmp.Or(string(a.Outcome), "not understood") + ".\n"
	}
	answer := strings.ReplaceAll(strings.TrimSpace(message.Plain(reply)), "\n", "\n< ")
	_, err := fmt.Fprintf(w, "%s> %s\n< %s\n\n", mark, text, answer)
	return err
}
