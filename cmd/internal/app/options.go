package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"

	"suhbat/bot/terminal"
	"suhbat/facts"
	"suhbat/facts/data"
)

// The settings that come from the environment.
const (
	envFacts   = "SUHBAT_FACTS"
	envNoColor = "NO_COLOR" // see no-color.org
	envTerm    = "TERM"
)

// options are what all subcommands share.
type options struct {
	process *Process
	facts   string // a folder, or empty for the embedded facts
}

// store loads the facts.
func (o *options) store() (*facts.Store, error) {
	store, _, err := o.load()
	return store, err
}

// load loads the facts and reports whether they come from the form that is made of
// the built-in ones: it stands only for files that have not changed since.
func (o *options) load() (store *facts.Store, proven bool, err error) {
	fsys, err := o.folder()
	if err != nil {
		return nil, false, err
	}
	if o.facts == "" {
		if store, err := facts.Restore(data.Flat, fsys); err == nil {
			return store, true, nil
		}
	}
	if store, err = facts.Load(fsys); err != nil {
		return nil, false, fmt.Errorf("the facts cannot be used:\n%w", inFolder(o.facts, err))
	}
	return store, false, nil
}

// folder returns the files of the facts. That the folder exists is checked here,
// so that a wrong setting is one clear line.
func (o *options) folder() (fs.FS, error) {
	if o.facts == "" {
		return data.FS, nil
	}
	if err := checkFolder(o.facts); err != nil {
		return nil, usagef("--facts or %s: %s", envFacts, err)
	}
	return os.DirFS(o.facts), nil
}

func checkFolder(dir string) error {
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %q", dir)
	case err != nil:
		return err
	case !info.IsDir():
		return fmt.Errorf("%q is not a folder", dir)
	default:
		return nil
	}
}

// inFolder puts the folder before the files that findings name, so that an editor
// finds them.
func inFolder(dir string, err error) error {
	found, ok := errors.AsType[facts.Findings](err)
	if !ok || dir == "" {
		return err
	}
	for i, f := range found {
		if f.Pos.File == "" {
			found[i].Pos.File = dir
		} else {
			found[i].Pos.File = path.Join(dir, f.Pos.File)
		}
	}
	return found
}

// moment is the time at which something is asked: --at, or now.
type moment struct{ at string }

func (m *moment) addTo(cmd *cobra.Command) {
	cmd.Flags().StringVar(&m.at, "at", "", "the `TIME` to answer at, as RFC 3339 (default: now)")
}

// clock returns the clock that the answers go by.
func (m *moment) clock(p *Process) (func() time.Time, error) {
	if m.at == "" {
		return p.Now, nil
	}
	at, err := time.Parse(time.RFC3339, m.at)
	if err != nil {
		return nil, usagef("--at: %q is not a time, expected RFC 3339, such as 2026-10-31T09:00:00+05:00", m.at)
	}
	return func() time.Time { return at }, nil
}

// tongue is the language that the user chose by --lang.
type tongue struct{ code string }

func (t *tongue) addTo(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.code, "lang", "", "the `LANGUAGE` to answer in, such as en or ru (default: that of the question)")
	_ = cmd.RegisterFlagCompletionFunc("lang", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		codes, err := languages()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return codes, cobra.ShellCompDirectiveNoFileComp
	})
}

// tag returns the language, or und if none was chosen.
func (t *tongue) tag(known []string) (language.Tag, error) {
	if t.code == "" {
		return language.Und, nil
	}
	if tag, ok := find(known, t.code); ok {
		return tag, nil
	}
	return language.Und, usagef("--lang: %q is no language of mine, expected one of %s", t.code, strings.Join(known, ", "))
}

// find returns the language with the given code, in whatever case.
func find(known []string, code string) (language.Tag, bool) {
	for _, k := range known {
		if strings.EqualFold(k, code) {
			return language.Make(k), true
		}
	}
	return language.Und, false
}

func isTerminal(stream any) bool { return terminal.IsTerminal(stream) }
