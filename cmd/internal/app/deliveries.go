package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"suhbat/cmd/internal/store"
	"suhbat/scheduler"
)

const aboutDeliveries = `deliveries shows and decides what becomes of reminders. It opens the database of
serve (SUHBAT_DATABASE_URL), and may do so while serve runs: what is decided here
serve finds within a minute. docs/reminders.md says what the states mean.`

func newDeliveries(o *options) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "deliveries",
		Short:   "show reminders; send one again or leave it out",
		Long:    aboutDeliveries,
		Example: "  suhbat deliveries list --state uncertain\n  suhbat deliveries resend 'resolution-1325-adopted|2026|telegram:-1001234567890|0'",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDeliveriesList(o),
		keyCommand(o, "why", "say what is known of a reminder", (*reminders).why),
		keyCommand(o, "resend", "plan a reminder again, with all that belong to its post", (*reminders).resend),
		keyCommand(o, "skip", "leave a reminder out, with all that belong to its post", (*reminders).skip))
	return cmd
}

// keyCommand is a subcommand about one reminder.
func keyCommand(o *options, name, short string, do func(*reminders, context.Context, io.Writer, string) error) *cobra.Command {
	return &cobra.Command{
		Use:   name + " KEY",
		Short: short,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("%s takes the key of a reminder, as deliveries list shows it, in quotes; got %d arguments%s", cmd.CommandPath(), len(args), seeHelp(cmd))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.decide(cmd.Context(), func(r *reminders) error { return do(r, cmd.Context(), o.process.Out, args[0]) })
		},
	}
}

// listPast is how far back the list goes.
const listPast = 30 * 24 * time.Hour

func newDeliveriesList(o *options) *cobra.Command {
	var channel, state string
	var most int
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the reminders of the last 30 days and those to come",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			q := scheduler.Query{Channel: channel, From: o.process.Now().Add(-listPast)}
			if state != "" {
				q.States = []scheduler.State{scheduler.State(state)}
				if !slices.Contains(scheduler.States, q.States[0]) {
					return usagef("--state: %q is no state, expected one of %s", state, joinStates())
				}
			}
			if most < 1 {
				return usagef("--most: %d is no number of lines, expected 1 or more", most)
			}
			return o.decide(cmd.Context(), func(r *reminders) error { return r.list(cmd.Context(), o.process.Out, q, most) })
		},
	}
	cmd.Flags().StringVar(&channel, "channel", "", "only those of a `CHANNEL`, such as telegram:-1001234567890")
	cmd.Flags().StringVar(&state, "state", "", "only those in a `STATE`: "+joinStates())
	cmd.Flags().IntVar(&most, "most", 200, "how many to list")
	return cmd
}

func joinStates() string {
	names := make([]string, len(scheduler.States))
	for i, s := range scheduler.States {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// decide opens the database beside whoever uses it.
func (o *options) decide(ctx context.Context, do func(*reminders) error) (err error) {
	parts, err := o.loadParts()
	if err != nil {
		return err
	}
	reader := settingReader{getenv: o.process.Getenv}
	database := reader.database()
	if reader.err != nil {
		return reader.err
	}
	db, err := openStore(ctx, database, store.Options{Now: o.process.Now, Beside: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r, err := newReminders(ctx, parts, o.process.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	r.planner.Deliveries, r.planner.Subscriptions = db, db
	r.sender = &scheduler.Sender{Planner: r.planner, Owner: owner()}
	return do(r)
}

func (r *reminders) list(ctx context.Context, w io.Writer, q scheduler.Query, most int) error {
	rows, err := r.planner.Deliveries.Select(ctx, q)
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b scheduler.Delivery) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), strings.Compare(a.Key, b.Key))
	})
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "DUE\tZONE\tSTATE\tWHY\tKEY") // Flush says what went wrong
	for i := range min(len(rows), most) {
		d := &rows[i]
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", d.Wall, d.Zone, d.State, cmp.Or(string(d.Reason), "-"), d.Key)
	}
	if more := len(rows) - most; more > 0 {
		_, _ = fmt.Fprintf(table, "and %d more (--most)\n", more)
	}
	return table.Flush()
}

// why says what is known of a reminder.
func (r *reminders) why(ctx context.Context, w io.Writer, key string) error {
	rows, err := r.planner.Deliveries.Select(ctx, scheduler.Query{Keys: []string{key}})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("there is no reminder %q: suhbat deliveries list shows those that there are", key)
	}
	d := &rows[0]
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name, value string) {
		if value != "" {
			_, _ = fmt.Fprintf(table, "%s\t%s\n", name, value)
		}
	}
	line("state", string(d.State))
	line("reason", string(d.Reason))
	line("note", d.Note)
	line("about", fmt.Sprintf("%s, %d, %d days ahead", d.Event, d.Year, d.Lead))
	line("channel", d.Channel)
	line("due", fmt.Sprintf("%s %s (%s)", d.Wall, d.Zone, d.DueAt.Format(time.RFC3339)))
	line("of use until", instant(d.NotAfter))
	line("looked at next", instant(d.WakeAt))
	line("post", d.Post)
	line("last intent", instant(d.IntentAt))
	line("sent", instant(d.SentAt))
	line("message", d.Receipt)
	if d.Epoch > 0 {
		line("intents", fmt.Sprintf("%d, the last by %s", d.Epoch, d.Owner))
	}
	if err := r.whySubscription(ctx, line, d.Channel); err != nil {
		return err
	}
	return table.Flush()
}

// whySubscription says what is known of who wants it.
func (r *reminders) whySubscription(ctx context.Context, line func(name, value string), channel string) error {
	sub, ok, err := r.planner.Subscriptions.Subscription(ctx, channel)
	switch {
	case err != nil:
		return err
	case !ok:
		line("subscription", "none any more")
		return nil
	}
	line("subscription", fmt.Sprintf("%s %s, %s, to %s", sub.At, sub.Zone, sub.Lang, scheduler.IDOf(sub.To)))
	line("paused", sub.Paused)
	return nil
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func (r *reminders) resend(ctx context.Context, w io.Writer, key string) error {
	rows, err := r.sender.Resend(ctx, key)
	return told(w, "planned again, and sent within a minute of its time while serve runs", rows, err)
}

func (r *reminders) skip(ctx context.Context, w io.Writer, key string) error {
	rows, err := r.sender.Skip(ctx, key)
	return told(w, "left out", rows, err)
}

// told lists what was decided.
func told(w io.Writer, what string, rows []scheduler.Delivery, err error) error {
	if err != nil {
		return err
	}
	for i := range rows {
		if _, err := fmt.Fprintf(w, "%s: %s\n", rows[i].Key, what); err != nil {
			return err
		}
	}
	return nil
}
