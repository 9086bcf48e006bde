package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"suhbat/cmd/internal/store"
)

const aboutStoreCopy = `copy moves what a secretariat keeps in one file to a PostgreSQL server, which several
replicas can share. Stop serve first, and let nothing use the server's database, which
has to be empty: it is made by whoever runs the server, its tables are made here. Either
all is copied, and counted, or nothing is; then start serve with the new
SUHBAT_DATABASE_URL. The file stays as it is.

It exits with 0 if all is there, 1 if nothing was copied and 2 for a wrong option.`

// newStore is what an operator does to the database as a whole.
func newStore(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "store",
		Short: "copy what is kept to another database",
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newStoreCopy(o))
	return cmd
}

func newStoreCopy(o *options) *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:     "copy --from sqlite:FILE [--to postgres://…]",
		Short:   "copy a SQLite file to a PostgreSQL server",
		Long:    aboutStoreCopy,
		Example: "  SUHBAT_DATABASE_URL=postgres://suhbat:…@db.example.org/suhbat suhbat store copy --from sqlite:suhbat.db",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			reader := settingReader{getenv: o.process.Getenv}
			if to == "" {
				to = reader.secret(envDatabase, `.`, "the URL of a server")
			}
			if reader.err != nil {
				return reader.err
			}
			if from == "" || to == "" {
				return usagef("store copy wants --from, and --to or %s%s", envDatabase, seeHelp(cmd))
			}
			return o.copyStore(ctx, from, to)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the `URL` of the file: sqlite:suhbat.db")
	cmd.Flags().StringVar(&to, "to", "", "the `URL` of the server (default: "+envDatabase+", which keeps a password from those who can list processes)")
	return cmd
}

// copyStore copies, shows how far it is on a terminal, and says what was copied.
func (o *options) copyStore(ctx context.Context, from, to string) error {
	bar := newBar(o.process.Err)
	copied, err := store.Copy(ctx, from, to, store.Options{Now: o.process.Now}, bar.show)
	bar.end()
	if errors.Is(err, store.ErrURL) {
		return usagef("store copy: %s", err)
	}
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(o.process.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	var all int64
	for _, c := range copied {
		_, _ = fmt.Fprintf(w, "%d\t  %s\n", c.Rows, c.Table)
		all += c.Rows
	}
	_, _ = fmt.Fprintf(w, "%d\t  rows are there and were counted\n", all)
	return w.Flush()
}

// bar shows how far something is, on a terminal only. Its nil value shows nothing.
type bar struct{ *progressbar.ProgressBar }

func newBar(to io.Writer) *bar {
	if !isTerminal(to) {
		return nil
	}
	return &bar{progressbar.NewOptions64(-1, progressbar.OptionSetWriter(to), progressbar.OptionSetDescription("copying rows"),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(50*time.Millisecond), progressbar.OptionClearOnFinish())}
}

func (b *bar) show(done, all int64) {
	if b == nil {
		return
	}
	b.ChangeMax64(max(all, 1))
	_ = b.Set64(done) // a terminal that went away is no reason to stop
}

func (b *bar) end() {
	if b != nil {
		_ = b.Finish()
	}
}
