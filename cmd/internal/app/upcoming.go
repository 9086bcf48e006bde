package app

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"

	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
)

// defaultDays is how far ahead upcoming looks.
const defaultDays = 30

// anniversary is an occurrence as upcoming --json writes it.
type anniversary struct {
	Fact      facts.ID        `json:"fact"`
	Date      string          `json:"date"` // YYYY-MM-DD, YYYY-MM or YYYY, by Precision
	Precision facts.Precision `json:"precision"`
	Years     int             `json:"years"`
	Title     string          `json:"title"`
}

func newUpcoming(o *options) *cobra.Command {
	var from string
	var days int
	var in tongue
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "upcoming",
		Short:   "list the anniversaries ahead",
		Example: "  suhbat upcoming --from 2026-10-01 --days 60 --lang ru",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			first, last, err := window(from, days, o.process)
			if err != nil {
				return err
			}
			pack, err := in.pack()
			if err != nil {
				return err
			}
			store, err := o.store()
			if err != nil {
				return err
			}
			all := anniversaries(store, first, last, pack)
			if asJSON {
				e := newEncoder(o.process.Out)
				e.SetIndent("", "  ")
				return e.Encode(all)
			}
			return listAnniversaries(o.process.Out, pack, all)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the first `DATE`, as YYYY-MM-DD (default: today)")
	cmd.Flags().IntVar(&days, "days", defaultDays, "how many days to look ahead of it")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a JSON array")
	in.addTo(cmd)
	return cmd
}

// window returns the first and the last day to list.
func window(from string, days int, p *Process) (first, last facts.Date, err error) {
	first = facts.On(p.Now())
	if from != "" {
		if first, err = facts.ParseDate(from); err != nil {
			return first, last, usagef("--from: %s", err)
		}
	}
	const most = 400 * 366 // the calendar repeats itself after 400 years
	if days < 0 || days > most {
		return first, last, usagef("--days: %d is out of range, expected 0 to %d", days, most)
	}
	return first, facts.On(first.Time().AddDate(0, 0, days)), nil
}

// pack returns the language that was chosen, English by default.
func (t *tongue) pack() (*lang.Pack, error) {
	set, _, err := loadLanguages()
	if err != nil {
		return nil, err
	}
	tag, err := t.tag(set.Codes())
	if err != nil {
		return nil, err
	}
	if t.code == "" {
		tag = language.English
	}
	return set.Pack(tag.String()), nil
}

func anniversaries(store *facts.Store, first, last facts.Date, pack *lang.Pack) []anniversary {
	all := []anniversary{}
	for _, o := range store.Occurrences(first, last) {
		all = append(all, anniversary{o.Fact.ID, o.Day.String(), o.Day.Precision(), o.Years, say.Title(pack, o.Fact)})
	}
	return all
}

// listAnniversaries writes a line each: the day, how many years, what it is.
func listAnniversaries(w io.Writer, pack *lang.Pack, all []anniversary) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) // its errors come from Flush
	for _, a := range all {
		years := pack.Part("years", func(string, string) lang.Filled {
			return lang.Filled{Text: strconv.Itoa(a.Years), Class: pack.Plural(a.Years)}
		})
		_, _ = fmt.Fprintln(t, a.Date+"\t"+years+"\t"+message.Clean(a.Title))
	}
	return t.Flush()
}
